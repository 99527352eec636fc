"""Many callers at once: those who come while the books are busy are served in one commit.

A commit costs much the same for one request as for many. So whoever finds a worker free is served
at once, and the others wait and are served together when a worker is done, by equal shares where
there are more workers: while one waits for the disk, the other decides. Nobody waits for company,
and every request is still decided on its own.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import Generic, TypeVar

Request = TypeVar("Request")
Answer = TypeVar("Answer")

Work = Callable[[Sequence[Request]], Sequence[Answer]]
"""Answers requests in order, each decided on its own, in one database transaction."""

BATCH_MAX = 1_000


class Gather(Generic[Request, Answer]):
    """Takes the requests of many tasks of one event loop to a few workers.

    A worker is used by one thread at a time, so it may own a connection.
    """

    def __init__(
        self, workers: Sequence[Work[Request, Answer]], *, batch_max: int = BATCH_MAX
    ) -> None:
        """Serve with these workers, at most ``batch_max`` requests to a commit."""
        assert workers, "somebody does the work"
        self._free = list(workers)
        self._threads = ThreadPoolExecutor(len(workers), thread_name_prefix="gather")
        self._waiting: deque[tuple[Request, asyncio.Future[Answer]]] = deque()
        self._busy: set[asyncio.Task[None]] = set()
        self._served = 0
        """How many requests are with a worker now."""

        self._workers = len(workers)
        self._batch_max = batch_max

    async def ask(self, request: Request) -> Answer:
        """The answer to a request once it is committed, or the error in which its work ended.

        A caller who stops waiting does not know whether it was committed; asking again with the
        same idempotency key tells.
        """
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._free:
            task = asyncio.create_task(self._serve(self._free.pop()))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)
        return await answer

    def close(self) -> None:
        """End the threads; nobody may be waiting."""
        assert not self._waiting, "nobody is left waiting"
        self._threads.shutdown()

    async def _serve(self, worker: Work[Request, Answer]) -> None:
        """Take what waits, again and again, until nothing does."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            share = ceil((len(self._waiting) + self._served) / self._workers)
            count = min(len(self._waiting), share, self._batch_max)
            batch = [self._waiting.popleft() for _ in range(count)]
            requests = [request for request, _ in batch]
            self._served += count
            outcomes = await loop.run_in_executor(self._threads, _outcomes, worker, requests)
            self._served -= count
            for (_, waiting), outcome in zip(batch, outcomes, strict=True):
                if waiting.done():
                    continue  # The caller has gone.
                if isinstance(outcome, _Failed):
                    waiting.set_exception(outcome.error)
                else:
                    waiting.set_result(outcome)
            # Those who were answered may have come again.
            await asyncio.sleep(0)
        self._free.append(worker)


class _Failed:
    """The error in which a request's work ended."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _outcomes(
    worker: Work[Request, Answer], requests: Sequence[Request]
) -> Sequence[Answer | _Failed]:
    """What came of each request; what fails in company is tried alone."""
    try:
        answers = worker(requests)
    except Exception as error:  # noqa: BLE001  whose request it was, is told of it
        if len(requests) == 1:
            return [_Failed(error)]
        return [each for request in requests for each in _outcomes(worker, [request])]
    assert len(answers) == len(requests), "each request has an answer"
    return answers
