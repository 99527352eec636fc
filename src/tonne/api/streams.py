"""Streams of server-sent events: what is kept is told as it comes, and again from where one was.

Nothing is made for a stream: the name of an event is the number under which it was kept. So who was
cut off comes again with the last number, and misses nothing.
"""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Annotated, Any, NamedTuple

from fastapi import Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from tonne.api.refusals import REFERENCE, CursorUnknown, TooManyStreams
from tonne.api.shape import Shape, Text
from tonne.api.shown import PRIVATE, PUBLIC, is_private
from tonne.refusal import Refused

MEDIA_TYPE = "text/event-stream"
_DIGITS_MAX = 18
_AGAIN_SECONDS = 5


class Told(NamedTuple):
    """An event as it is told."""

    id: int
    event: str
    data: Shape


Look = Callable[[int], tuple[Sequence[Told], bool]]
"""What came after a number, and whether there is more at once."""


@dataclass(slots=True)
class Streams:
    """How long streams last, how often is looked, and how many there may be at one time."""

    seconds_max: float = 600.0
    """After so long a stream ends, and who listens comes again by himself."""

    every: float = 1.0
    heartbeat: float = 15.0
    most: int = 128
    most_of_one: int = 8
    _open: Counter[str] = field(default_factory=Counter)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request, look: Look, after: int) -> Response:
        """The stream of what a look finds, from a number on; refusals are told before it begins."""
        caller = _caller(request)
        found, more = look(after)
        self._enter(caller)
        seconds = 0.0 if request.scope.get("head_alone") else self.seconds_max
        told = self._told(look, after, found, more=more, seconds=seconds)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        given = (PRIVATE if is_private(request) else PUBLIC) | headers
        return _Stream(told, headers=given, over=lambda: self._leave(caller))

    async def _told(
        self, look: Look, after: int, found: Sequence[Told], *, more: bool, seconds: float
    ) -> AsyncIterator[str]:
        began = silent_since = monotonic()
        yield f"retry: {_AGAIN_SECONDS * 1000}\n\n"
        while True:
            for each in found:
                after = max(after, each.id)
                data = json.dumps(each.data.model_dump(mode="json"), ensure_ascii=False)
                yield f"id: {each.id}\nevent: {each.event}\ndata: {data}\n\n"
            now = monotonic()
            if found:
                silent_since = now
            elif now - silent_since >= self.heartbeat:
                silent_since = now
                yield ": still here\n\n"
            if not more:
                if now - began >= seconds:
                    return
                await asyncio.sleep(self.every)
            try:
                found, more = await run_in_threadpool(look, after)
            except (Refused, TimeoutError, ConnectionError):
                return  # Who comes again is told why not.

    def _enter(self, caller: str) -> None:
        with self._one_at_a_time:
            for count, most in (
                (self._open[caller], self.most_of_one),
                (self._open.total(), self.most),
            ):
                if count >= most:
                    no = TooManyStreams(reference=REFERENCE, most=most, seconds=_AGAIN_SECONDS)
                    raise Refused([no])
            self._open[caller] += 1

    def _leave(self, caller: str) -> None:
        with self._one_at_a_time:
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]

    @property
    def open(self) -> int:
        """How many are listened to now."""
        return self._open.total()


class _Stream(StreamingResponse):
    """An answer that goes on; however it ends, its place is free again."""

    def __init__(
        self, told: AsyncIterator[str], *, headers: dict[str, str], over: Callable[[], None]
    ) -> None:
        super().__init__(told, headers=headers, media_type=MEDIA_TYPE)
        self._over = over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._over()


def _caller(request: Request) -> str:
    key = getattr(request.state, "key", None)
    return str(key or (request.client.host if request.client else ""))


def begins_after(
    after: Annotated[
        Text | None,
        Query(
            description="Only what came after the event of this id; 0 tells everything. "
            "What comes from now on, if it is not said.",
            examples=["0"],
        ),
    ] = None,
    last_event_id: Annotated[
        Text | None,
        Header(description="The id of the last event that was heard; browsers say it themselves."),
    ] = None,
) -> int | None:
    """After which event a stream begins; what was heard last counts more than what was asked."""
    said, pointer = last_event_id, "/header/last-event-id"
    if said is None:
        said, pointer = after, "/query/after"
    if said is None:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= _DIGITS_MAX):
        raise Refused([CursorUnknown(reference=REFERENCE, pointer=pointer, cursor=said)])
    return int(said)


def streamed(shape: type[Shape], example: str) -> dict[int | str, dict[str, Any]]:
    """How a stream is described: the events of which it is made."""
    text = f"Events of the web (server-sent): {(shape.__doc__ or '').partition(chr(10))[0]}"
    text_of = {"type": "string"}
    schema = {
        "type": "object",
        "description": "One event; data is JSON.",
        "properties": {"id": text_of, "event": text_of, "data": text_of, "retry": text_of},
    }
    content = {MEDIA_TYPE: {"schema": schema, "example": example}}
    return {200: {"description": text, "content": content}}
