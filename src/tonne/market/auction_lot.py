"""What an auction sells: an instrument as the law lists it, that is traded on no book."""

from dataclasses import dataclass
from decimal import Decimal

from tonne.quantity import Currency, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionLot:
    """So many units of one kind, sold in auctions and delivered so many days after."""

    code: str
    scheme: str
    unit: str
    """The kind of unit that is delivered."""

    vintage: str | None = None
    """The year or the period of the unit, where that matters."""

    lot: int
    """Bids are for whole lots of so many units."""

    tick: int
    """The least step of the price of a unit, in minor units of the currency."""

    currency: str
    settlement_days: int
    """Working days from the clearing to the settlement; none for at once."""

    def __post_init__(self) -> None:
        if min(self.lot, self.tick) < 1 or self.settlement_days < 0:
            raise ValueError(f"a lot is one unit or more, and a tick one coin or more: {self}")

    @property
    def step(self) -> Decimal:
        """The tick as people write it, such as 0.01."""
        return Money(self.tick, Currency(self.currency)).amount
