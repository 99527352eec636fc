"""The shape of the law of buying reductions: ``clocks.toml`` and ``tenders.toml`` of a scheme."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tonne.quantity import Currency, Money
from tonne.rulebook import Dated


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """A price is called that falls until what is offered at it fits the budget."""

    currency: str
    tick: Decimal
    budget: Decimal
    path: tuple[Decimal, ...]
    """Part of the reduction that is reached in each year, the last year all of it."""

    def __post_init__(self) -> None:
        coins = Money.of(self.tick, Currency(self.currency))
        if coins.minor < 1 or coins.amount != self.tick or self.budget <= 0:
            raise ValueError(f"a clock has a budget, and a tick of one coin or more: {self}")
        if not self.path or self.path[-1] != 1 or list(self.path) != sorted(self.path):
            raise ValueError(f"a reduction grows until it is whole: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRules:
    """How a government buys reductions in a descending clock auction."""

    clock: Dated[ClockRule]
    start_price: Dated[Decimal]
    """The price that is called first."""

    step: Dated[Decimal]
    """By how much the price falls from one round to the next."""

    payment: Dated[Literal["at_once", "each_year"]]
    """Whether an incentive is paid whole, or in equal parts for each year of the path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceCeiling:
    """The most that is paid for a unit of a kind of project."""

    kind: str
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderRule:
    """What is sought in a tender, and which proposals win.

    * ``lowest_price``: the cheapest a unit go first.
    * ``most_points``: the best by the points of the jury, and of equal ones the cheapest.

    Every winner is paid its own price. A proposal is taken whole or not at all.
    """

    currency: str
    tick: Decimal
    size_min: int
    """Units that a project delivers at the least."""

    ceilings: tuple[PriceCeiling, ...]
    """Kinds that are not named are not sought."""

    advance_share_max: Decimal
    """Part of the price that may be paid before delivery."""

    choice: Literal["lowest_price", "most_points"]
    over_budget: Literal["stop", "skip"]
    """Whether a proposal that the budget cannot pay ends the awards, or the next one is tried."""

    replacing: Literal["loses_time", "keeps_time_if_less"] | None = None
    """How a proposal is replaced before the close: :data:`~tonne.market.Replacing`; or not."""

    def __post_init__(self) -> None:
        kinds = {each.kind for each in self.ceilings}
        coins = Money.of(self.tick, Currency(self.currency))
        if len(kinds) < len(self.ceilings):
            raise ValueError(f"a kind of project has one ceiling: {self}")
        if coins.minor < 1 or coins.amount != self.tick or self.size_min < 1:
            raise ValueError(f"a project has a unit or more, and a tick a coin or more: {self}")
        if not 0 <= self.advance_share_max <= 1:
            raise ValueError(f"an advance is a part of the price: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderRules:
    """How a government buys units of projects by tender, in two stages."""

    tender: Dated[TenderRule]
    recovery: Dated[Literal["pro_rata", "first"]]
    """How an advance is recovered from what is paid for deliveries."""

    conditions: Dated[tuple[str, ...]]
    """What must have happened before anything is delivered."""

    make_up_days: Dated[int]
    """Within so many days units are made up for that did not come when they were due."""
