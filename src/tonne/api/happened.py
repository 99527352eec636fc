"""What happened to proposals and in trades of one's own: page by page, and as a stream."""

import threading
from dataclasses import dataclass, field
from time import sleep
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne import signin
from tonne.api.callers import MARKET, Callers, Reads, acting
from tonne.api.described import answers
from tonne.api.narrowed import Made, Sort, between
from tonne.api.shape import Moment, Name, Shape, price
from tonne.api.shown import Page, show_list
from tonne.api.streams import Streams, Told, begins_after, streamed
from tonne.ledger import Span
from tonne.operations import Books, Office, happenings
from tonne.people import LifeEvent, LifeState

TRADE_MADE = "trade.made"
_CHUNK = 200
_TRIES, _WAIT_SECONDS = 20, 0.05

After = Annotated[int | None, Depends(begins_after)]


class SideTold(Shape):
    """An account of one's own that traded."""

    account: str
    """The account."""
    side: Literal["buy", "sell"]
    """Whether it bought or sold."""


class TradeTold(Shape):
    """A trade of one's own; who was on the other side is not told."""

    trade: int
    """Its number in the book."""
    instrument: str
    """What was traded."""
    last_qty: int
    """How many units."""
    last_px: str
    """For one unit."""
    currency: str
    """The currency of that, by its code of ISO 4217."""
    sides: list[SideTold]
    """The side of one's own; both, if both were."""


class EventRow(Shape):
    """Something that happened to a proposal, or a trade of one's own."""

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
    proposal: str | None = Field(examples=["txn_01m808tx00e008000000000000"])
    """The code of the proposal; none of a trade."""
    event: LifeEvent | None
    """What happened to it."""
    state: LifeState | None
    """How it stood then."""
    trade: TradeTold | None
    """The trade, if it is one."""
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
        scheme: str,
        caller: signin.Key,
        *,
        after: int,
        upto: int,
        limit: int,
        made: Span | None = None,
        newest: bool = False,
    ) -> list[EventRow]:
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books) -> list[happenings.Happening | happenings.TradeMade]:
            acting(books, caller)
            return happenings.happened(
                books, law, caller.person, after=after, upto=upto, limit=limit, desk=desk,
                trades=MARKET in caller.scopes, made=made, newest=newest,
            )  # fmt: skip

        return [row_of(each) for each in office.ask(question)]

    @router.get("", operation_id="list_events", responses=answers(EventRow, many=True))
    def list_events(
        request: Request,
        scheme: Name,
        caller: Reads,
        page: Page,
        made: Made,
        *,
        sort: Sort = "created",
    ) -> Response:
        """List what happened to the proposals that you see.

        With a key that is good for market:read too, your own trades are among it.
        """
        (after, before), upto = between(page, sort), tide.rise(office)
        upto = upto if before is None else max(min(upto, before - 1), 0)
        rows = found(
            scheme, caller, after=after, upto=upto, limit=page.more, made=made,
            newest=sort == "-created",
        )  # fmt: skip
        return show_list(request, page, rows, shape=EventRow, cursor=lambda row: row.id)

    @router.get("/stream", operation_id="stream_events", responses=streamed(EventRow, _EXAMPLE))
    def stream_events(request: Request, scheme: Name, caller: Reads, after: After) -> Response:
        """Tell what happens to the proposals that you see, as it happens: so your tasks, too.

        With a key that is good for market:read too, your own trades are among it.
        """
        callers: Callers = request.app.state.callers
        secret = request.headers["authorization"].partition(" ")[2]

        def look(since: int) -> tuple[list[Told], bool]:
            callers.still(secret)
            rows = found(scheme, caller, after=since, upto=tide.rise(office), limit=_CHUNK)
            told = [Told(int(row.id), row.type.partition(".")[0], row) for row in rows]
            return told, len(told) == _CHUNK

        found(scheme, caller, after=0, upto=0, limit=1)  # Who may not listen is told so first.
        begin = tide.now(office) if after is None else after
        return streams.answer(request, look, begin)

    return router


def type_of(each: happenings.Happening | happenings.TradeMade) -> str:
    """What happened, in a word."""
    return TRADE_MADE if isinstance(each, happenings.TradeMade) else f"proposal.{each.event}"


def row_of(each: happenings.Happening | happenings.TradeMade) -> EventRow:
    """An event as it is told."""
    if isinstance(each, happenings.TradeMade):
        return _trade_row(each)
    return EventRow(
        id=str(each.number),
        type=type_of(each),
        at=each.at,
        scheme=each.scheme,
        proposal=each.proposal,
        event=each.event,
        state=each.state,
        trade=None,
        account=each.account or None,
        by=each.by or None,
    )


def _trade_row(each: happenings.TradeMade) -> EventRow:
    paid = price(each.price)
    return EventRow(
        id=str(each.number),
        type=TRADE_MADE,
        at=each.at,
        scheme=each.scheme,
        proposal=None,
        event=None,
        state=None,
        trade=TradeTold(
            trade=each.trade,
            instrument=each.instrument,
            last_qty=each.units,
            last_px=paid.amount,
            currency=paid.currency,
            sides=[SideTold(account=account, side=side) for account, side in each.sides],
        ),
        account=each.sides[0][0],
        by=None,
    )


_EXAMPLE = (
    "id: 214\nevent: proposal\ndata: "
    '{"object": "event", "id": "214", "type": "proposal.approve", '
    '"at": "2026-06-01T10:00:00.000Z", "scheme": "example", '
    '"proposal": "txn_01m808tx00e008000000000000", "event": "approve", "state": "delayed", '
    '"trade": null, '
    '"account": "XE-120-1-0-97", "by": "usr_01m808tx00e008000000000000"}\n\n'
)
