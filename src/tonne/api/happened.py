"""What happened to proposals: page by page from any place on, and as a stream while it happens."""

import threading
from dataclasses import dataclass, field
from time import sleep
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne import signin
from tonne.api.callers import Callers, Reads, acting
from tonne.api.described import answers
from tonne.api.shape import Moment, Name, Shape
from tonne.api.shown import Page, show_list
from tonne.api.streams import Streams, Told, begins_after, streamed
from tonne.operations import Books, Office, happenings
from tonne.people import LifeEvent, LifeState

_CHUNK = 200
_TRIES, _WAIT_SECONDS = 20, 0.05

After = Annotated[int | None, Depends(begins_after)]


class EventRow(Shape):
    """Something that happened to a proposal."""

    object: Literal["event"] = "event"
    """What this is."""
    id: str = Field(examples=["214"])
    """Its place in the order of all; later ones have higher numbers."""
    type: str = Field(examples=["proposal.approve"])
    """What happened."""
    at: Moment
    """When."""
    scheme: str
    """The scheme in whose registry it happened."""
    proposal: str = Field(examples=["txn_01m808tx00e008000000000000"])
    """The code of the proposal."""
    event: LifeEvent
    """What happened to it."""
    state: LifeState
    """How it stood then."""
    account: str | None
    """On which account, if it is about one."""
    by: str | None
    """The person who did it; none where its time had come."""


@dataclass(slots=True)
class Tide:
    """The level of what is kept, for all who ask: above it something may still come in between."""

    _level: happenings.Level = field(default_factory=happenings.Level)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def rise(self, office: Office) -> int:
        """The level now; at the very first it is waited for a little."""
        for _ in range(_TRIES):
            with self._one_at_a_time:
                found = office.ask(self._level.rise)
            if found:
                break
            if not office.ask(lambda books: books.latest_word())[0]:
                break
            sleep(_WAIT_SECONDS)
        return found

    def now(self, office: Office) -> int:
        """After which number comes what comes from now on; as long as nobody knows, TimeoutError.

        Else who asks for that would be told everything from the beginning.
        """
        found = self.rise(office)
        if not found and office.ask(lambda books: books.latest_word())[0]:
            raise TimeoutError("something is under way for longer than is waited")
        return found


def routes(office: Office, streams: Streams, tide: Tide) -> APIRouter:
    """The addresses of what happened."""
    router = APIRouter(prefix="/schemes/{scheme}/events", tags=["events"])

    def found(
        scheme: str, caller: signin.Key, *, after: int, upto: int, limit: int
    ) -> list[EventRow]:
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books) -> list[happenings.Happening]:
            acting(books, caller)
            return happenings.happened(
                books, law, caller.person, after=after, upto=upto, limit=limit, desk=desk
            )

        return [row_of(each) for each in office.ask(question)]

    @router.get("", operation_id="list_events", responses=answers(EventRow, many=True))
    def list_events(request: Request, scheme: Name, caller: Reads, page: Page) -> Response:
        """List what happened to the proposals that you see, the oldest first."""
        after, upto = page.number() or 0, tide.rise(office)
        rows = found(scheme, caller, after=after, upto=upto, limit=page.more)
        return show_list(request, page, rows, shape=EventRow, cursor=lambda row: row.id)

    @router.get("/stream", operation_id="stream_events", responses=streamed(EventRow, _EXAMPLE))
    def stream_events(request: Request, scheme: Name, caller: Reads, after: After) -> Response:
        """Tell what happens to the proposals that you see, as it happens: so your tasks, too."""
        callers: Callers = request.app.state.callers
        secret = request.headers["authorization"].partition(" ")[2]

        def look(since: int) -> tuple[list[Told], bool]:
            callers.still(secret)
            rows = found(scheme, caller, after=since, upto=tide.rise(office), limit=_CHUNK)
            told = [Told(int(row.id), "proposal", row) for row in rows]
            return told, len(told) == _CHUNK

        found(scheme, caller, after=0, upto=0, limit=1)  # Who may not listen is told so first.
        begin = tide.now(office) if after is None else after
        return streams.answer(request, look, begin)

    return router


def row_of(each: happenings.Happening) -> EventRow:
    """An event as it is told."""
    return EventRow(
        id=str(each.number),
        type=f"proposal.{each.event}",
        at=each.at,
        scheme=each.scheme,
        proposal=each.proposal,
        event=each.event,
        state=each.state,
        account=each.account or None,
        by=each.by or None,
    )


_EXAMPLE = (
    "id: 214\nevent: proposal\ndata: "
    '{"object": "event", "id": "214", "type": "proposal.approve", '
    '"at": "2026-06-01T10:00:00.000Z", "scheme": "example", '
    '"proposal": "txn_01m808tx00e008000000000000", "event": "approve", "state": "delayed", '
    '"account": "XE-120-1-0-97", "by": "usr_01m808tx00e008000000000000"}\n\n'
)
