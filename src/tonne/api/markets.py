"""What is public of an exchange: what is traded, the trades, the candles; not who traded."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne import market, operations
from tonne.api.described import answers
from tonne.api.narrowed import Made, Sort, between
from tonne.api.shape import Code, Day, Moment, Money, Name, Shape, price
from tonne.api.shown import Page, show, show_list
from tonne.market import Candle, Instrument, Traded
from tonne.operations import Books, Office, Scheme, pages
from tonne.rulebook import NotInForce

_CHUNK = 1_000
"""So many trades are read at once while candles are made."""

From = Annotated[
    Day | None, Query(alias="from", description="The first day; thirty days ago if not said.")
]
Minutes = Annotated[int, Query(description="How long each is.", ge=1, le=1440)]


class InstrumentRow(Shape):
    """What can be traded: so many units of one kind, delivered so many days after the trade."""

    object: Literal["instrument"] = "instrument"
    """What this is."""
    code: str = Field(examples=["EXA-SPOT"])
    """Its code."""
    scheme: str
    """The scheme under whose law it is traded."""
    unit: str
    """The kind of unit that is delivered."""
    vintage: str | None
    """The year or the period of the unit, where that matters."""
    lot: int
    """Units in a lot."""
    tick: Money
    """The least step of a price."""
    settlement_days: int
    """How many working days of the scheme after a trade it is settled."""
    delivery_day: date | None
    """Of a forward: the day on which all its trades are settled."""
    last_trading_day: date | None
    """The last day on which it is traded."""
    time_zone: str
    """Where its trading day begins and ends."""


class TradeRow(Shape):
    """A trade of the book; who bought and who sold is not public."""

    object: Literal["trade"] = "trade"
    """What this is."""
    id: str
    """Its name in lists."""
    trade: int
    """Its number in the book."""
    instrument: str
    """What was traded."""
    at: Moment
    """When it was made."""
    price: Money
    """The price of a unit."""
    count: int
    """How many units."""
    aggressor: Literal["buy", "sell"] | None
    """Which side came to the other; none in a call."""


class CandleRow(Shape):
    """The trades of a stretch of time."""

    object: Literal["candle"] = "candle"
    """What this is."""
    start: Moment
    """When the stretch begins."""
    open: Money
    """The first price."""
    high: Money
    """The highest price."""
    low: Money
    """The lowest price."""
    close: Money
    """The last price."""
    count: int
    """How many units were traded."""
    trades: int
    """How many trades there were."""


def routes(office: Office) -> APIRouter:
    """The addresses of exchanges."""
    router = APIRouter(prefix="/markets/{scheme}/instruments", tags=["markets"])

    @router.get("", operation_id="list_instruments", responses=answers(InstrumentRow, many=True))
    def list_instruments(request: Request, scheme: Name, page: Page) -> Response:
        """List what is traded under the law of today."""
        law = office.scheme(scheme)
        found = {each.code: each for each in law.instruments.instruments.on(_today(office)).value}
        if page.after is not None and page.after not in found:
            raise page.unknown()
        rows = [_instrument(found[code]) for code in sorted(found) if code > (page.after or "")]
        return show_list(request, page, rows, shape=InstrumentRow, cursor=lambda row: row.code)

    @router.get("/{code}", operation_id="get_instrument", responses=answers(InstrumentRow))
    def get_instrument(request: Request, scheme: Name, code: Code) -> Response:
        """Tell what an instrument is."""
        found = office.scheme(scheme).instruments.instrument(code, on=_today(office))
        return show(request, _instrument(found))

    _told(router, office)
    return router


def _told(router: APIRouter, office: Office) -> None:
    @router.get(
        "/{code}/trades", operation_id="list_trades", responses=answers(TradeRow, many=True)
    )
    def list_trades(
        request: Request,
        scheme: Name,
        code: Code,
        page: Page,
        made: Made,
        *,
        sort: Sort = "-created",
    ) -> Response:
        """List the trades of an instrument, the newest first if no other order is asked for."""
        law = office.scheme(scheme)
        floor = Floor(law, code, _today(office))
        after, before = between(page, sort)
        found = office.ask(
            lambda books: pages.trades_page(
                books, law, code, after=after, before=before, newest=sort == "-created", made=made,
                limit=page.more,
            )
        )  # fmt: skip
        rows = [floor.row(each) for each in found]
        return show_list(request, page, rows, shape=TradeRow, cursor=lambda row: row.id)

    @router.get(
        "/{code}/candles", operation_id="list_candles", responses=answers(CandleRow, many=True)
    )
    def list_candles(
        request: Request,
        scheme: Name,
        code: Code,
        *,
        page: Page,
        first: From = None,
        minutes: Minutes = 1440,
    ) -> Response:
        """List the candles of an instrument, the oldest first, where there were trades."""
        law = office.scheme(scheme)
        floor = Floor(law, code, _today(office))
        zone = operations.zone_of(floor.instrument)
        day = first or _today(office) - timedelta(days=30)
        since, every = operations.midnight(day, zone), timedelta(minutes=minutes)
        begin = since if page.after is None else _after(page.after, every, page.unknown())

        def question(books: Books) -> list[Candle]:
            return list(
                _candles(books, law, code, since=since, begin=begin, every=every, limit=page.more)
            )

        rows = [floor.candle(each) for each in office.ask(question)]
        return show_list(
            request, page, rows, shape=CandleRow, cursor=lambda row: row.start.isoformat()
        )


class Floor:
    """An instrument, as it reads what was traded of it."""

    def __init__(self, law: Scheme, code: str, today: date) -> None:
        """The instrument as the law of today has it, or refused."""
        self._law, self._code = law, code
        self.instrument = law.instruments.instrument(code, on=today)
        self._days: dict[date, Instrument] = {today: self.instrument}

    def row(self, each: pages.PublicTrade) -> TradeRow:
        """A trade as the public sees it."""
        traded, instrument = each.traded, self._on(each.day)
        return TradeRow(
            id=str(each.number),
            trade=traded.trade_id,
            instrument=self._code,
            at=traded.at,
            price=price(instrument.price(traded.price)),
            count=traded.qty * instrument.lot,
            aggressor=traded.aggressor,
        )

    def candle(self, each: Candle) -> CandleRow:
        """A candle as the public sees it."""
        on = self.instrument
        return CandleRow(
            start=each.start,
            open=price(on.price(each.open)),
            high=price(on.price(each.high)),
            low=price(on.price(each.low)),
            close=price(on.price(each.close)),
            count=each.volume * on.lot,
            trades=each.trades,
        )

    def _on(self, day: date) -> Instrument:
        """The instrument as it was on a day."""
        if day not in self._days:
            try:
                self._days[day] = self._law.instruments.instrument(self._code, on=day)
            except NotInForce:
                self._days[day] = self.instrument
        return self._days[day]


def _candles(
    books: Books,
    law: Scheme,
    code: str,
    *,
    since: datetime,
    begin: datetime,
    every: timedelta,
    limit: int,
) -> Iterator[Candle]:
    """So many candles from a moment on; of the trades no more are read than they need."""
    after = pages.first_since(books, law, code, begin)
    made: list[Traded] = []
    while limit:
        found = pages.trades_page(books, law, code, after=after, limit=_CHUNK)
        made += [each.traded for each in found]
        over = len(found) < _CHUNK
        candles = market.candles(made, since=since, every=every)
        # The last may not be whole yet.
        whole = candles if over else candles[:-1]
        yield from whole[:limit]
        limit -= min(limit, len(whole))
        if over:
            return
        after = found[-1].number
        made = made[sum(each.trades for each in whole) :]


def _after(text: str, every: timedelta, no: Exception) -> datetime:
    """When the candle after the one of that moment begins, if calendars reach so far."""
    try:
        found = datetime.fromisoformat(text) + every
    except (ValueError, OverflowError):
        raise no from None
    if found.tzinfo is None:
        raise no
    return found


def _today(office: Office) -> date:
    return office.desk("operator").day


def _instrument(each: Instrument) -> InstrumentRow:
    return InstrumentRow(
        code=each.code,
        scheme=each.scheme,
        unit=each.unit,
        vintage=each.vintage,
        lot=each.lot,
        tick=price(each.price(1)),
        settlement_days=each.settlement_days,
        delivery_day=each.delivery_day,
        last_trading_day=each.last_trading_day,
        time_zone=each.time_zone,
    )
