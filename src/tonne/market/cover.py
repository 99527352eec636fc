"""What must be held while an order lives: units to sell, or money to buy at the worst price.

Cover is held before an order comes to the book. Each event says what became of it: so much was used
for a trade, so much is free again, so much stays. The three always make what was held before.
"""

from msgspec import Struct
from msgspec.structs import replace

from tonne.market.executions import Amended, Cancelled, Event, Expired, Restated, Traded
from tonne.market.instrument_rules import Instrument
from tonne.market.order_checks import Conditions
from tonne.market.orders import Amend, NewOrder, Side


class Cover(Struct, frozen=True, kw_only=True):
    """Units of the instrument's kind, and money in minor units."""

    units: int = 0
    money: int = 0

    def __add__(self, other: "Cover") -> "Cover":
        return Cover(units=self.units + other.units, money=self.money + other.money)

    def __sub__(self, other: "Cover") -> "Cover":
        return Cover(units=self.units - other.units, money=self.money - other.money)


class OrderCover(Struct, frozen=True, kw_only=True):
    """What is held for one order."""

    side: Side
    lots: int
    """What is left of the order."""

    price: int | None
    """The worst price in ticks; none where the order says how much money it may spend."""

    held: Cover


class CoverChange(Struct, frozen=True, kw_only=True):
    """What became of what was held."""

    after: OrderCover
    used: Cover
    freed: Cover


def cover_for(order: NewOrder, now: Conditions) -> OrderCover:
    """What must be held before the order comes to the book.

    A market order to buy may cost the edge of the band, or the money that it names. Nothing is held
    of units that may be sold short, and no money where the instrument gives credit.
    """
    buy = order.side == "buy"
    price = now.worst(buy=buy) if order.price is None else order.price
    after = OrderCover(side=order.side, lots=order.order_qty, price=price, held=Cover())
    if buy and order.price is None and order.cash_order_qty is not None:
        money = 0 if now.instrument.credit else order.cash_order_qty
        return replace(after, price=None, held=Cover(money=money))
    return replace(after, held=_held(after, now.instrument))


def more_cover(before: OrderCover, amend: Amend, *, order_qty: int, now: Conditions) -> Cover:
    """What must be held besides before an order is amended; its quantity until now is given."""
    lots = before.lots + (0 if amend.order_qty is None else amend.order_qty - order_qty)
    price = before.price if amend.price is None else amend.price
    more = _held(replace(before, lots=lots, price=price), now.instrument) - before.held
    return Cover(units=max(0, more.units), money=max(0, more.money))


def cover_after(before: OrderCover, event: Event, instrument: Instrument) -> CoverChange:
    """What becomes of the cover of an order that the event is about.

    If it was amended, what more it needs was held before and is a part of ``before``.
    """
    used, after = Cover(), before
    match event:
        case Traded():
            money, units = (
                event.price * event.qty * instrument.tick_value,
                event.qty * instrument.lot,
            )
            used = Cover(money=money) if before.side == "buy" else Cover(units=units)
            left = event.buy_leaves if before.side == "buy" else event.sell_leaves
            after = replace(before, lots=left)
        case Amended():
            price = before.price if event.price is None else event.price
            after = replace(before, lots=event.leaves_qty, price=price)
        case Restated():
            after = replace(before, lots=event.leaves_qty)
        case Cancelled() | Expired():
            after = replace(before, lots=0)
        case _:
            return CoverChange(after=before, used=used, freed=Cover())
    free = instrument.credit if before.side == "buy" else instrument.short
    used = Cover() if free else used
    held = _held(replace(after, held=before.held - used), instrument)
    return CoverChange(after=replace(after, held=held), used=used, freed=before.held - used - held)


def _held(order: OrderCover, instrument: Instrument) -> Cover:
    """What is held for the lots that are left; money that was named stays until they are none."""
    if order.side == "sell":
        return Cover(units=0 if instrument.short else order.lots * instrument.lot)
    if order.price is None:
        return order.held if order.lots else Cover()
    money = order.price * order.lots * instrument.tick_value
    return Cover(money=0 if instrument.credit else money)
