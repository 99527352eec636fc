"""What the market says in public: candles, average price, best bid and offer, settlement price.

All trades given at once are of one instrument and in the order in which they were made. Prices
are in ticks and quantities in lots; what lies between ticks is a fraction.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from typing import ClassVar, Literal, Protocol

from msgspec import Struct

from tonne.market.watch_rules import SettlementMethod, WatchRules
from tonne.refusal import Refusal, refuse_if_any


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSettlementPrice(Refusal):
    """A day has a settlement price by a method of the law, or by the day before."""

    number: ClassVar[int] = 8650
    remedy: ClassVar[str] = "Say a price for the day before the first."

    day: date

    def __str__(self) -> str:
        return f"Neither trades nor quotes nor the day before give a price for {self.day}."


class MadeTrade(Protocol):
    """What is asked of a trade, wherever it was made: a trade of the book has all of it."""

    @property
    def trade_id(self) -> int:
        """Its number."""

    @property
    def at(self) -> datetime:
        """When it was made."""

    @property
    def price(self) -> int:
        """In ticks."""

    @property
    def qty(self) -> int:
        """In lots."""

    @property
    def buyer(self) -> str:
        """The account that gets the units."""

    @property
    def seller(self) -> str:
        """The account that gives them."""


class Candle(Struct, frozen=True, kw_only=True):
    """The trades of a stretch of time: first, highest, lowest and last price, and how many lots."""

    start: datetime
    open: int
    high: int
    low: int
    close: int
    volume: int
    turnover: int
    """Price times quantity, summed: in ticks."""

    trades: int


class DepthLevel(Struct, frozen=True):
    """All that rests at one price."""

    price: int
    qty: int
    orders: int


class Depth(Struct, frozen=True, kw_only=True):
    """What rests in a book at a moment, the best price first on both sides."""

    bids: tuple[DepthLevel, ...] = ()
    offers: tuple[DepthLevel, ...] = ()

    @property
    def bid(self) -> DepthLevel | None:
        """The highest price at which somebody would buy."""
        return self.bids[0] if self.bids else None

    @property
    def offer(self) -> DepthLevel | None:
        """The lowest price at which somebody would sell."""
        return self.offers[0] if self.offers else None

    @property
    def middle(self) -> Fraction | None:
        """Half way between the best bid and offer; nothing where one of them lacks."""
        if self.bid is None or self.offer is None:
            return None
        return Fraction(self.bid.price + self.offer.price, 2)


class SettlementPrice(Struct, frozen=True, kw_only=True):
    """The price of a day at which positions are valued, and by which method it was found."""

    day: date
    price: int
    method: SettlementMethod | Literal["day_before"]
    trades: tuple[int, ...] = ()
    """The trades that made it."""


def candles(
    trades: Iterable[MadeTrade], *, since: datetime, every: timedelta
) -> tuple[Candle, ...]:
    """One for each stretch of time in which there was a trade, reckoned from ``since``."""
    grouped = groupby(trades, key=lambda trade: (trade.at - since) // every)
    return tuple(_candle(list(made), since + place * every) for place, made in grouped)


def average_price(trades: Iterable[MadeTrade]) -> Fraction | None:
    """The price of a lot, each trade weighed by its lots; nothing where none was made."""
    volume = turnover = 0
    for trade in trades:
        volume += trade.qty
        turnover += trade.price * trade.qty
    return Fraction(turnover, volume) if volume else None


def depth(
    orders: Iterable[tuple[Literal["buy", "sell"], int, int]], *, levels: int | None = None
) -> Depth:
    """What rests, by price, out of side, price and quantity of each order; so many levels of it."""
    found: dict[str, dict[int, tuple[int, int]]] = {"buy": {}, "sell": {}}
    for side, price, qty in orders:
        before, count = found[side].get(price, (0, 0))
        found[side][price] = before + qty, count + 1
    bids, offers = (
        tuple(
            DepthLevel(price, *found[side][price])
            for price in sorted(found[side], reverse=side == "buy")[:levels]
        )
        for side in ("buy", "sell")
    )
    return Depth(bids=bids, offers=offers)


def settlement_price(
    trades: Sequence[MadeTrade],
    closing: Depth,
    rules: WatchRules,
    *,
    close: datetime,
    before: int | None,
) -> SettlementPrice:
    """The settlement price of the day of a close, by the first named method that finds one.

    ``before`` is that of the day before. Half a tick is rounded up.
    """
    clause = rules.settlement_price.on(close.date())
    law = clause.value
    start = close - timedelta(minutes=law.closing_minutes)
    late = trades[bisect_right(trades, start, key=lambda trade: trade.at) :]
    for method in law.methods:
        made = {"last_trade": trades[-1:], "closing_average": late, "last_quotes": ()}[method]
        found = closing.middle if method == "last_quotes" else average_price(made)
        counted = trades if method == "last_trade" else made
        if method != "last_quotes" and sum(trade.qty for trade in counted) < law.qty_min:
            continue
        if found is not None:
            return SettlementPrice(
                day=close.date(),
                price=(found + Fraction(1, 2)).__floor__(),
                method=method,
                trades=tuple(trade.trade_id for trade in made),
            )
    if before is None:
        refuse_if_any([NoSettlementPrice(reference=clause.reference, day=close.date())])
    assert before is not None, "it was refused"
    return SettlementPrice(day=close.date(), price=before, method="day_before")


def _candle(trades: Sequence[MadeTrade], start: datetime) -> Candle:
    prices = [trade.price for trade in trades]
    return Candle(
        start=start,
        open=prices[0],
        high=max(prices),
        low=min(prices),
        close=prices[-1],
        volume=sum(trade.qty for trade in trades),
        turnover=sum(trade.price * trade.qty for trade in trades),
        trades=len(trades),
    )
