"""What must be held while an order lives: units to sell, or money to buy at the worst price.

It depends on nothing but the order as it stands, so whoever makes a book again finds the same.
"""

from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from tonne.market.book_state import OrderState
from tonne.market.instrument_rules import Instrument
from tonne.market.order_checks import Conditions
from tonne.market.orders import Amend, NewOrder, Side
from tonne.quantity import Rounding, product, whole


class Cover(Struct, frozen=True, kw_only=True):
    """Units of the instrument's kind, and money in minor units."""

    units: int = 0
    money: int = 0


class Charges(Struct, frozen=True, kw_only=True):
    """What a trade costs a side beside its price, at most."""

    fee: int = 0
    """For a lot that is traded alone, in minor units."""

    tax: Decimal = Decimal(0)
    """The share of the price that a buyer pays to the seller on top of it."""

    def beside(self, money: int) -> int:
        """What a lot may cost a buyer beside this price for it."""
        if not self.tax:
            return self.fee
        return self.fee + _tax(self.tax, money)


def cover_for(order: NewOrder, now: Conditions, charges: Charges) -> Cover:
    """What must be held before the order comes to the book.

    A market order to buy may cost the edge of the band, or the money that it names. Nothing is held
    of units that may be sold short, and no money where the instrument gives credit.
    """
    worst = now.worst(buy=order.side == "buy")
    price = worst if order.price is None else order.price
    cash = order.cash_order_qty if order.price is None else None
    return _cover(order.side, order.order_qty, price, cash, now.instrument, charges)


def cover_of(order: OrderState, instrument: Instrument, charges: Charges) -> Cover:
    """What must be held for an order in the book."""
    side, lots = order.order.side, order.leaves_qty
    return _cover(side, lots, order.price, order.cash, instrument, charges)


def cover_amended(
    order: OrderState, amend: Amend, instrument: Instrument, charges: Charges
) -> Cover:
    """What must be held for an order in the book once it is amended."""
    lots, price = order.leaves_qty, order.price
    if amend.order_qty is not None:
        lots = max(0, lots + amend.order_qty - order.order_qty)
    if amend.price is not None:
        price = amend.price
    return _cover(order.order.side, lots, price, order.cash, instrument, charges)


@lru_cache(maxsize=10_000)
def _tax(share: Decimal, money: int) -> int:
    """The tax on a price, at most; there are not many prices."""
    return whole(product(share, Decimal(money)), Rounding.CEILING)


def _cover(  # noqa: PLR0917  an order as it stands
    side: Side,
    lots: int,
    price: int,
    cash: int | None,
    instrument: Instrument,
    charges: Charges,
) -> Cover:
    value = price * instrument.tick_value
    if side == "sell":
        # The fee is taken from what the lot brings, as far as that goes.
        units = 0 if instrument.short else lots * instrument.lot
        return Cover(units=units, money=lots * max(0, charges.fee - value))
    if instrument.credit:
        return Cover()
    if cash is None:
        return Cover(money=lots * (value + charges.beside(value)))
    # Each lot may be a trade of its own, and the tax on each is rounded.
    return Cover(money=cash + charges.beside(cash) + (lots - 1) * (charges.fee + 1))
