"""What came of a quarter of a market: auction, deals, trades, statements, sums."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct

from tonne import operations
from tonne.ledger import Difference, Total
from tonne.market import Candle, Depth, SettlementPrice
from tonne.operations import (
    Books,
    Scheme,
    auctions,
    deals,
    forwards,
    market_views,
    settlement_views,
)
from tonne.quantity import Currency, Money


class Statement(Struct, frozen=True, kw_only=True):
    """What somebody has at the end, and how much of it is promised."""

    name: str
    account: str
    units: int
    units_held: int
    money: Money
    money_held: Money


class Settlement(Struct, frozen=True, kw_only=True):
    """A trade of the exchange, and what changed hands on the day on which it was settled."""

    instrument: str
    trade: int
    day: date
    status: settlement_views.SettlementStatus
    seller: str
    buyer: str
    units: int
    money: Money
    """The price of the units, without tax and fees."""


class Expiry(Struct, frozen=True, kw_only=True):
    """Orders that rested in the book and expired, so that nothing is held for them any more."""

    at: datetime
    orders: int


class QuarterReport(Struct, frozen=True, kw_only=True):
    """What came of the quarter."""

    instrument: str
    first: date
    last: date

    auction: auctions.Cleared
    deals: tuple[deals.DealStands, ...]
    forward: forwards.ForwardStands
    distributed: dict[str, int]
    weeks: tuple[Candle, ...]
    prices: tuple[SettlementPrice, ...]
    book: Depth
    """As it was when the last day on which they traded was over."""

    expired: tuple[Expiry, ...]
    """When what rested in it did not any more."""

    trades: int
    volume: int
    settlements: tuple[Settlement, ...]
    settled: int
    failed: tuple[operations.FailedTrade, ...]
    alerts: int
    statements: tuple[Statement, ...]
    totals: tuple[Total, ...]
    differences: tuple[Difference, ...]


def settlements_of(
    books: Books, scheme: Scheme, code: str, *, last: date, names: Mapping[str, str]
) -> Iterator[Settlement]:
    """What changed hands for the trades of an instrument; nothing for what others stood in."""
    instrument = scheme.instruments.instrument(code, on=last)
    for each in settlement_views.part_stories(books, scheme, code, last=last):
        traded, units = each.traded, (each.traded.qty - each.left) * instrument.lot
        price = instrument.price(traded.price)
        yield Settlement(
            instrument=code,
            trade=traded.trade_id,
            day=each.due,
            status=each.status,
            seller=names[traded.seller],
            buyer=names[traded.buyer],
            units=units,
            money=price.times(units) if units else Money(0, Currency(instrument.currency)),
        )


def expiries_of(
    books: Books, scheme: Scheme, code: str, *, since: date, last: date
) -> tuple[Expiry, ...]:
    """When the orders expired that rested in a book on or after a day."""
    found = Counter(
        each.ended
        for each in market_views.orders_of(books, scheme, code, account=None, last=last)
        if each.status == "expired" and each.ended is not None and each.order.at.date() >= since
    )
    return tuple(Expiry(at=at, orders=count) for at, count in sorted(found.items()))
