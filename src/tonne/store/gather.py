"""Many callers at once: those who come while the books are busy are served in one commit.

A commit costs much the same for one request as for many. So whoever finds the worker free is
served at once, and those who come meanwhile are served together when it is done. Nobody waits
for company, and every request is still decided on its own.

The work is done in the thread of the callers' event loop. To hand it to another thread and back
takes four wake-ups, which cost more than the work of a small batch.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Request = TypeVar("Request")
Answer = TypeVar("Answer")

Work = Callable[[Sequence[Request]], Sequence[Answer]]
"""Answers requests in order, each decided on its own, in one database transaction."""

BATCH_MAX = 200
"""While a batch is served its event loop does nothing else, so it should not take too long."""


class Gather(Generic[Request, Answer]):
    """Takes the requests of many tasks of one event loop to one worker.

    A process that has other things to do meanwhile gives it a loop of its own, in a thread.
    """

    def __init__(self, work: Work[Request, Answer], *, batch_max: int = BATCH_MAX) -> None:
        """Serve with this worker, at most ``batch_max`` requests to a commit."""
        self._work = work
        self._waiting: deque[tuple[Request, asyncio.Future[Answer]]] = deque()
        self._serving: asyncio.Task[None] | None = None
        self._batch_max = batch_max

    async def ask(self, request: Request) -> Answer:
        """The answer to a request once it is committed, or the error in which its work ended.

        A caller who stops waiting does not know whether it was committed; asking again with the
        same idempotency key tells.
        """
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._serving is None:
            self._serving = asyncio.create_task(self._serve())
        return await answer

    async def _serve(self) -> None:
        """Take what waits, again and again, until nothing does."""
        while self._waiting:
            count = min(len(self._waiting), self._batch_max)
            batch = [self._waiting.popleft() for _ in range(count)]
            outcomes = self._outcomes([request for request, _ in batch])
            for (_, waiting), outcome in zip(batch, outcomes, strict=True):
                if waiting.done():
                    continue  # The caller has gone.
                if isinstance(outcome, _Failed):
                    waiting.set_exception(outcome.error)
                else:
                    waiting.set_result(outcome)
            # Those who were answered may come again, and others have come meanwhile.
            await asyncio.sleep(0)
        self._serving = None

    def _outcomes(self, requests: Sequence[Request]) -> "Sequence[Answer | _Failed]":
        """What came of each request; what fails in company is tried alone."""
        try:
            answers = self._work(requests)
        except Exception as error:  # noqa: BLE001  whose request it was, is told of it
            if len(requests) == 1:
                return [_Failed(error)]
            return [each for request in requests for each in self._outcomes([request])]
        assert len(answers) == len(requests), "each request has an answer"
        return answers


class _Failed:
    """The error in which a request's work ended."""

    def __init__(self, error: Exception) -> None:
        self.error = error
