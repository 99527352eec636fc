"""Trades for tests of market data and surveillance, as a book would tell them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tonne.market import WatchedTrade
from tonne.quantity import Currency, Price

NINE = datetime(2009, 6, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A trade of the book, no more of it than is asked."""

    trade_id: int
    at: datetime
    price: int
    qty: int
    buyer: str = "B"
    seller: str = "S"


def at(minutes: int) -> datetime:
    """So many minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def made(number: int, minutes: int, price: int, qty: int) -> Made:
    """A trade of which it does not matter who made it."""
    return Made(trade_id=number, at=at(minutes), price=price, qty=qty)


def sold(
    number: int,
    minutes: int,
    seller: str,
    buyer: str,
    count: int = 100,
    *,
    price: int = 1_000,
    counter: bool = False,
) -> WatchedTrade:
    """A trade as surveillance sees it: of the book X, or over the counter."""
    return WatchedTrade(
        name=f"D-{number}" if counter else f"X {number}",
        at=at(minutes),
        price=Price(minor=Decimal(price), tick=Decimal(1), currency=Currency("EUR")),
        count=count,
        buyer=buyer,
        seller=seller,
        book=None if counter else "X",
    )
