"""Everything that is needed to make a book again that answers as the old one would have."""

from dataclasses import dataclass
from datetime import date

from msgspec import Struct

from tonne.market.instrument_rules import TradingPhase
from tonne.market.ladder import Entry
from tonne.market.orders import NewOrder


class OrderState(Struct, frozen=True, kw_only=True):
    """An order that has not ended, as it stands."""

    order: NewOrder
    """As it was given; what was amended since stands beside it."""

    order_id: int
    price: int
    """Its limit; of a market order the worst price at which it may trade."""

    order_qty: int
    leaves_qty: int
    cash: int | None
    stop_px: int | None
    waiting: bool
    """Whether it is a stop that has not come to the book."""

    priority: int
    """Of two orders at one price the one with the lower number comes first."""

    @property
    def cum_qty(self) -> int:
        """Lots traded."""
        return self.order_qty - self.leaves_qty

    def entry(self) -> Entry:
        """The order, to be put in its place."""
        return Entry(
            order=self.order,
            order_id=self.order_id,
            buy=self.order.side == "buy",
            price=self.price,
            order_qty=self.order_qty,
            leaves=self.leaves_qty,
            cash=self.cash,
            stop_px=self.stop_px,
            waiting=self.waiting,
            priority=self.priority,
        )


def state_of(entry: Entry) -> OrderState:
    """How an order in the book stands."""
    return OrderState(
        order=entry.order,
        order_id=entry.order_id,
        price=entry.price,
        order_qty=entry.order_qty,
        leaves_qty=entry.leaves,
        cash=entry.cash,
        stop_px=entry.stop_px,
        waiting=entry.waiting,
        priority=entry.priority,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookState:
    """A book between two messages."""

    phase: TradingPhase = "closed"
    day: date | None = None
    reference_price: int | None = None
    last_price: int | None = None
    arrivals: int = 0
    """The last number that was given to an order, or to a new place in a queue."""

    trades: int = 0
    """The number of the last trade."""

    orders: tuple[OrderState, ...] = ()
    triggered: tuple[int, ...] = ()
    """Stops that were reached and wait for continuous trading, by number, in their order."""

    names: tuple[tuple[str, str, int], ...] = ()
    """Owner, name and number of every order of the day, and of earlier ones that have not ended."""
