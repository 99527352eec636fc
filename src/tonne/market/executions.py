"""What a book answers: every change of an order, in the words of FIX for execution reports.

A new order is answered by `Accepted` or `Rejected`; what then becomes of it follows. The same
messages are always answered by the same events, in the same order.
"""

from datetime import date, datetime
from typing import ClassVar, Literal

from msgspec import Struct

from tonne.market.instrument_rules import TradingPhase
from tonne.market.orders import Side
from tonne.refusal import Refusal

OrdStatus = Literal["new", "partially_filled", "filled", "canceled", "expired", "rejected"]

Reason = Literal[
    "requested",
    "mass_cancel",
    "immediate_or_cancel",  # what did not trade at once
    "no_match",  # a market order found nothing more to trade with
    "cash",  # its money does not suffice for another lot
    "self_trade",
    "out_of_band",  # the band of a new day lies elsewhere
    "fill_or_kill",  # a stop that could not be filled when it was triggered
    "minimum",  # a stop of which less than its minimum could be filled
]


class _OfOrder(Struct, frozen=True, kw_only=True, gc=False):
    """Something became of one order."""

    at: datetime
    order_id: int
    owner: str
    cl_ord_id: str


class Accepted(_OfOrder, frozen=True, kw_only=True, gc=False):
    """A new order is taken, under a number of the book's."""

    exec_type: ClassVar[str] = "new"


class Triggered(_OfOrder, frozen=True, kw_only=True, gc=False):
    """A stop was reached by a trade and comes to the book."""

    exec_type: ClassVar[str] = "triggered"


class Amended(_OfOrder, frozen=True, kw_only=True, gc=False):
    """An order was changed as asked; these are its terms now."""

    exec_type: ClassVar[str] = "replaced"

    order_qty: int
    leaves_qty: int
    price: int | None
    stop_px: int | None
    in_place: bool
    """Whether it kept its priority."""


class Restated(_OfOrder, frozen=True, kw_only=True, gc=False):
    """An order became smaller, since it met another of its owner."""

    exec_type: ClassVar[str] = "restated"

    order_qty: int
    leaves_qty: int


class Cancelled(_OfOrder, frozen=True, kw_only=True, gc=False):
    """What was left of an order trades no more."""

    exec_type: ClassVar[str] = "canceled"

    qty: int
    cum_qty: int
    reason: Reason


class Expired(_OfOrder, frozen=True, kw_only=True, gc=False):
    """The time of an order is over, or that of its instrument."""

    exec_type: ClassVar[str] = "expired"

    qty: int
    cum_qty: int


class Traded(Struct, frozen=True, kw_only=True, gc=False):
    """Two orders met, at the price of the one that rested or at the price of the call."""

    exec_type: ClassVar[str] = "trade"

    at: datetime
    trade_id: int
    price: int
    qty: int
    buy_order: int
    sell_order: int
    buyer: str
    """The account that gets the units and pays."""

    seller: str
    aggressor: Side | None
    """Who came to the other; nobody in a call."""

    buy_leaves: int
    sell_leaves: int


class Rejected(Struct, frozen=True, kw_only=True, gc=False):
    """What was asked is not done, for all these reasons; nothing changed."""

    exec_type: ClassVar[str] = "rejected"

    at: datetime
    owner: str
    cl_ord_id: str
    order_id: int
    refusals: tuple[Refusal, ...]


class Uncrossed(Struct, frozen=True, kw_only=True, gc=False):
    """A call found its price; the trades at it follow. A surplus below nothing is of sellers."""

    exec_type: ClassVar[str] = "uncrossed"

    at: datetime
    price: int
    qty: int
    surplus: int


class PhaseChanged(Struct, frozen=True, kw_only=True, gc=False):
    """The book is in another phase, or in another day."""

    exec_type: ClassVar[str] = "phase_changed"

    at: datetime
    phase: TradingPhase
    day: date | None


Event = (
    Accepted
    | Triggered
    | Amended
    | Restated
    | Cancelled
    | Expired
    | Traded
    | Rejected
    | Uncrossed
    | PhaseChanged
)


def ord_status(*, cum_qty: int, leaves_qty: int) -> OrdStatus:
    """How an order stands that is neither cancelled nor expired.

    >>> ord_status(cum_qty=3, leaves_qty=7)
    'partially_filled'
    """
    if not leaves_qty:
        return "filled"
    return "partially_filled" if cum_qty else "new"
