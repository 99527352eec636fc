"""Why the slow order book does not take an order: every rule by itself, and all are told."""

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING

from tonne.market import Amend, NewOrder

if TYPE_CHECKING:
    from slow_book import Slow, SlowBook

FOREVER = 10**12
"""No price is higher, where there is no band."""


def why_not(book: "SlowBook", said: NewOrder) -> Iterator[str]:  # noqa: C901  one rule after the other
    """Every rule about a new order of good terms."""
    low, high = book.band()
    limit, stop = said.price is not None, said.stop_px is not None
    at_once = said.time_in_force == "fill_or_kill"
    if book.phase in {"halted", "closed"}:
        yield {"halted": "TradingHalted", "closed": "MarketClosed"}[book.phase]
    if book.phase == "call" and not stop:
        terms = (at_once, said.post_only, said.min_qty > 0, said.cash_order_qty is not None)
        yield from ["NotInCall"] * sum(terms)
    if said.order_qty < 1:
        yield "OrderOfNothing"
    if said.order_qty > book.instrument.lots_max:
        yield "OrderTooLarge"
    if said.min_qty and said.min_qty > said.order_qty:
        yield "MinimumAboveSize"
    if said.price is not None and not low <= said.price <= high:
        yield "OutOfBand"
    banded = high != FOREVER
    if not limit and said.side == "buy" and said.cash_order_qty is None and not banded:
        yield "MarketOrderUnbounded"
    if said.expire_date is not None and book.day is not None and said.expire_date < book.day:
        yield "OrderExpired"
    last = book.instrument.last_trading_day
    if last is not None and book.day is not None and book.day > last:
        yield "LastTradingDayPassed"
    if (said.owner, said.cl_ord_id) in book.names:
        yield "DuplicateClientOrderId"
    if book.phase == "continuous" and not stop:
        yield from _beside_others(book, said)


def _beside_others(book: "SlowBook", said: NewOrder) -> Iterator[str]:
    order = book.twin().made(said)
    met, fills = bool(book.facing(order)), book.fills(order) if order.left > 0 else 0
    if said.post_only and met:
        yield "PostOnlyWouldTrade"
    if said.price is None and not met:
        yield "NothingToMatch"
    elif said.time_in_force == "fill_or_kill" and fills < said.order_qty:
        yield "FillOrKillNotFillable"
    elif fills < said.min_qty:
        yield "MinimumNotFillable"


def why_not_amend(book: "SlowBook", asked: Amend, order: "Slow", price: int) -> Iterator[str]:
    low, high = book.band()
    if book.phase in {"halted", "closed"}:
        yield {"halted": "TradingHalted", "closed": "MarketClosed"}[book.phase]
    if asked.order_qty is not None and asked.order_qty < 1:
        yield "OrderOfNothing"
    if asked.order_qty is not None and asked.order_qty > book.instrument.lots_max:
        yield "OrderTooLarge"
    if asked.order_qty is not None and asked.order_qty <= order.qty - order.left:
        yield "AmendedBelowFilled"
    if asked.price is not None and not low <= asked.price <= high:
        yield "OutOfBand"
    if asked.price is not None and order.said.price is None:
        yield "OrderTermsDisagree"
    if asked.stop_px is not None and not (order.place == "waiting" and order in book.orders):
        yield "OrderTermsDisagree"
    if order.said.post_only and book.phase == "continuous":
        moved = copy(order)
        moved.price = price
        if book.facing(moved):
            yield "PostOnlyWouldTrade"
