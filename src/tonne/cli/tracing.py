"""Traces of who saw or did what, kept in the order in which they come, many in one insert.

Who was let in is answered once their trace is kept: so each waits, and all who wait at one time
wait for the same commit.
"""

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from tonne.signin import Trace, Trail

TOGETHER_MAX = 500


class _Waiting(NamedTuple):
    """A trace, and who waits until it is kept."""

    trace: Trace
    loop: asyncio.AbstractEventLoop
    kept: "asyncio.Future[None]"


@contextmanager
def keeping(trail: Trail) -> Iterator[Callable[[Trace], Awaitable[None]]]:
    """What keeps a trace in a trail, and returns when it is kept."""
    waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
    thread = threading.Thread(target=_keep, args=(trail, waiting), daemon=True)
    thread.start()

    async def keep(trace: Trace) -> None:
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[None] = loop.create_future()
        waiting.put(_Waiting(trace, loop, kept))
        await kept

    try:
        yield keep
    finally:
        waiting.put(None)
        thread.join()


def _keep(trail: Trail, waiting: "queue.SimpleQueue[_Waiting | None]") -> None:
    going = True
    while going:
        found = [waiting.get()]
        with suppress(queue.Empty):
            while len(found) < TOGETHER_MAX:
                found.append(waiting.get_nowait())
        going = None not in found
        batch = [each for each in found if each is not None]
        if batch:
            _answer(batch, _added(trail, [each.trace for each in batch]))


def _added(trail: Trail, traces: Sequence[Trace]) -> Exception | None:
    """Why traces could not be kept, if so."""
    try:
        trail.add(traces)
    except Exception as fault:  # noqa: BLE001  told to each who waits
        return fault
    return None


def _answer(batch: Sequence[_Waiting], fault: Exception | None) -> None:
    for each in batch:
        with suppress(RuntimeError):  # Nobody waits any more where all has stopped.
            each.loop.call_soon_threadsafe(_tell, each.kept, fault)


def _tell(kept: "asyncio.Future[None]", fault: Exception | None) -> None:
    if kept.done():
        return  # Who waited has gone away.
    if fault is None:
        kept.set_result(None)
    else:
        kept.set_exception(ConnectionError(f"{type(fault).__name__}: {fault}"))
