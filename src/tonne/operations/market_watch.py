"""What looks like abuse of the market: one stream of trades, made on books and over the counter.

A trade is of the day of the entry by which it was made, as what moves by it is. Nothing is kept for
it: it is worked out from what was said, and from what accounts hold.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from tonne import market
from tonne.market import (
    Alert,
    DealState,
    Instrument,
    ReferencePrice,
    WatchedOrder,
    WatchedTrade,
)
from tonne.operations.books import Books, Spoken
from tonne.operations.deal_words import DealLife, deal_lives
from tonne.operations.direct_trades import direct_trades
from tonne.operations.engine_words import (
    ALLOCATED,
    FAILED,
    SETTLED,
    TRADE,
    BookTrade,
    Piece,
    as_outcome,
    remember,
)
from tonne.operations.heard import subject_of
from tonne.operations.market_views import OrderStory, TradingDay, trading_days
from tonne.operations.scheme import Scheme
from tonne.quantity import Currency, Price
from tonne.registry import TradeRecord


class _Awaited(NamedTuple):
    """Units that were bought and have not come."""

    buyer: str
    seller: str
    units: int


@dataclass(slots=True, kw_only=True)
class _Waiting:
    """The trades of a book that are made and not settled; asked day by day."""

    lot: int
    told: Iterator[Spoken]
    """What is still to be heard of them."""

    unsettled: dict[Piece, BookTrade] = field(default_factory=dict)
    ahead: Spoken | None = None

    def before(self, day: date) -> Iterator[_Awaited]:
        """Those that waited when a day began."""
        self.ahead = self.ahead or next(self.told, None)
        while self.ahead is not None and self.ahead.day < day:
            remember(self.unsettled, self.ahead.word)
            self.ahead = next(self.told, None)
        for made in self.unsettled.values():
            yield _Awaited(made.traded.buyer, made.traded.seller, made.left * self.lot)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stream:
    """All trades of a kind of unit by their day, as they were made, and those that wait."""

    trades: Sequence[tuple[date, WatchedTrade]]
    books: Sequence[_Waiting]
    deals: Sequence[DealLife]

    def awaited(self, day: date) -> Iterator[_Awaited]:
        """What was made and not settled when a day began; no day is asked before another."""
        for book in self.books:
            yield from book.before(day)
        for life in self.deals:
            deal = life.before(day)
            if deal is not None and deal.state in {DealState.CONFIRMED, DealState.FAILED}:
                yield _Awaited(deal.buyer, deal.seller, deal.left)


def alerts(books: Books, scheme: Scheme, code: str, *, first: date, last: date) -> list[Alert]:
    """What looks like abuse on these days, with the trades, deals and orders that show it.

    It is about the orders of one book, and about all trades of what is delivered there: on this
    book or another, and over the counter.
    """
    instrument = scheme.instruments.instrument(code, on=last)
    owners = {
        each.number: each.operator or each.name for each in books.accounts(scheme=scheme.name)
    }
    stream = _stream(books, scheme, instrument.unit)
    looking = _Watch(
        books=books, scheme=scheme, instrument=instrument, owners=owners, stream=stream
    )
    trading = {each.day: each for each in trading_days(books, scheme, code, last=last)}
    days = {day for day, _ in stream.trades} | trading.keys()
    found: list[Alert] = []
    for day in sorted(each for each in days if first <= each <= last):
        found += looking.on(day, trading.get(day))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watch:
    """Somebody looks at a book, and at all trades of what is delivered there."""

    books: Books
    scheme: Scheme
    instrument: Instrument
    owners: Mapping[str, str]
    stream: _Stream

    def on(self, day: date, trading: TradingDay | None) -> tuple[Alert, ...]:
        """What is seen on a day; days are looked at in their order."""
        trades = [made for on, made in self.stream.trades if on == day]
        began = market.round_began(self.scheme.watch, on=day)
        start = min((made.at - began for made in trades), default=None)
        before = [
            made
            for on, made in self.stream.trades
            if start is not None and on < day and made.at >= start
        ]
        orders = trading.orders.values() if trading else ()
        return market.watch(
            trades,
            self.scheme.watch,
            on=day,
            owners=self.owners,
            countries={owner: number.partition("-")[0] for number, owner in self.owners.items()},
            before=before,
            orders=[_watched(each, self.instrument.lot) for each in orders],
            positions=self._positions(day, trades),
            reference_price=self._reference(trading),
        )

    def _reference(self, trading: TradingDay | None) -> ReferencePrice | None:
        """What prices of a day are held against: those of the book, and of deals for now."""
        if trading is None or trading.reference_price is None:
            return None
        books: set[str | None] = {self.instrument.code}
        if self.instrument.delivery_day is None:
            books.add(None)
        price = self.instrument.price(trading.reference_price)
        return ReferencePrice(price=price, books=frozenset(books))

    def _positions(self, day: date, trades: Iterable[WatchedTrade]) -> dict[str, int]:
        """What those had before a day who trade on it: what they held, and what was on its way.

        They held what they hold now, less what came since. All accounts of an owner count, also
        those that did not trade.
        """
        owners, unit = self.owners, self.instrument.unit
        traded = {owners[side] for made in trades for side in (made.buyer, made.seller)}
        found: Counter[str] = Counter()
        for number in (each for each, owner in owners.items() if owner in traded):
            found[owners[number]] += self.books.holdings(number).get(unit, 0)
            for step in self.books.steps(account=number):
                if step.asset == unit and step.day >= day:
                    came = -step.units if step.source == number else step.units
                    found[owners[number]] -= came
        for awaited in self.stream.awaited(day):
            found[owners[awaited.buyer]] += awaited.units
            found[owners[awaited.seller]] -= awaited.units
        return dict(found)


def _stream(books: Books, scheme: Scheme, unit: str) -> _Stream:
    """All trades of a kind of unit, on the books of all instruments and over the counter."""
    instruments = {
        each.code: each
        for clause in scheme.instruments.instruments.clauses
        for each in clause.value
        if each.unit == unit
    }
    trades: list[tuple[date, WatchedTrade]] = []
    waiting: list[_Waiting] = []
    for instrument in instruments.values():
        told = _told(books, subject_of(scheme, instrument.code))
        trades += _book_trades(told, instrument)
        waiting.append(_Waiting(lot=instrument.lot, told=iter(told)))
    lives = [each for each in deal_lives(books, scheme) if each.deal.unit == unit]
    trades += [made for each in lives for made in _agreed(each)]
    trades += [
        (day, _direct(number, at, record))
        for number, day, at, record in direct_trades(books, scheme)
        if record.unit == unit
    ]
    trades.sort(key=lambda each: (each[1].at, each[1].name))
    return _Stream(trades=trades, books=waiting, deals=lives)


def _told(books: Books, subject: str) -> list[Spoken]:
    """All that was said of the trades of a book."""
    told = [
        spoken
        for topic in (TRADE, ALLOCATED, SETTLED, FAILED)
        for spoken in books.words(topic, subject)
    ]
    return sorted(told, key=lambda each: each.number)


def _book_trades(
    told: Iterable[Spoken], instrument: Instrument
) -> Iterator[tuple[date, WatchedTrade]]:
    """The trades of a book, in units and money."""
    for spoken in told:
        made = as_outcome(spoken.word)
        if isinstance(made, BookTrade):
            traded = made.traded
            yield (
                spoken.day,
                WatchedTrade(
                    name=f"{instrument.code} {traded.trade_id}",
                    at=traded.at,
                    price=instrument.price(traded.price),
                    count=traded.qty * instrument.lot,
                    buyer=traded.buyer,
                    seller=traded.seller,
                    book=instrument.code,
                ),
            )


def _agreed(life: DealLife) -> Iterator[tuple[date, WatchedTrade]]:
    """A deal, once both sides have confirmed it."""
    agreed = life.agreed
    if agreed is None:
        return
    day, deal = agreed
    assert deal.price is not None, "what both have confirmed has a price"
    assert deal.agreed_at is not None, "it was agreed"
    yield (
        day,
        WatchedTrade(
            name=deal.id,
            at=deal.agreed_at,
            price=deal.price,
            count=deal.count,
            buyer=deal.buyer,
            seller=deal.seller,
        ),
    )


def _direct(number: int, at: datetime, record: TradeRecord) -> WatchedTrade:
    """What was agreed elsewhere and settled at once."""
    return WatchedTrade(
        name=f"transaction {number}",
        at=at,
        price=Price(
            minor=record.price,
            tick=record.price or Decimal(1),
            currency=Currency(record.currency),
        ),
        count=record.count,
        buyer=record.buyer,
        seller=record.seller,
    )


def _watched(story: OrderStory, lot: int) -> WatchedOrder:
    return WatchedOrder(
        order_id=story.order_id,
        account=story.order.account,
        side=story.order.side,
        count=story.order_qty * lot,
        at=story.order.at,
        cancelled_at=story.ended if story.status == "canceled" else None,
    )
