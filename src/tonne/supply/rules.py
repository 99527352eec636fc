"""The shape of the law of supply: what ``supply.toml`` of a scheme must say.

The law of a year is the law in force on its last day, so a clause that starts within a year counts
for the whole of it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tonne.quantity import Rounding
from tonne.rulebook import Clause, Dated, MonthDay

OperatorKind = Literal["installation", "aircraft"]
"""Installations and aircraft operators have caps of their own."""

RoundingName = Literal["half_up", "half_even", "floor", "ceiling"]
"""How the law says that a part of a unit becomes whole."""

AllocationMethod = Literal["table", "grandfathering", "benchmarking"]
"""How it is found what an operator is given: laid down one by one, by its past, by its output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRule:
    """How many units there are for a year.

    * ``table``: ``amount``, every year until the next clause.
    * ``linear``: ``amount`` in the year of the clause, then less each year by ``factor`` times
      ``reference_amount``. A clause that leaves ``amount`` out goes on from the year before it.
    * ``stepwise``: a share of ``reference_amount``, one of ``steps`` for each year from the clause.
    """

    method: Literal["table", "linear", "stepwise"]
    rounding: RoundingName
    amount: int | None = None
    reference_amount: int | None = None
    """What factor and steps are a share of; it stays the same."""

    factor: Decimal | None = None
    steps: tuple[Decimal, ...] | None = None

    aviation_reference_amount: int | None = None
    """Past emissions of aircraft operators; left out where they are not covered."""

    aviation_share: Decimal | None = None
    aviation_rounding: RoundingName | None = None

    def __post_init__(self) -> None:
        needed: dict[str, tuple[object, ...]] = {
            "table": (self.amount,),
            "linear": (self.reference_amount, self.factor),
            "stepwise": (self.reference_amount, self.steps or None),
        }
        if None in needed[self.method]:
            raise ValueError(f"a {self.method} cap lacks a figure: {self}")
        aviation = (self.aviation_reference_amount, self.aviation_share, self.aviation_rounding)
        if None in aviation and any(each is not None for each in aviation):
            raise ValueError(f"a cap on aviation has a reference, a share and a rounding: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """What is granted for a product."""

    product: str
    unit: str
    """What one of it is, such as ``t``."""

    value: Decimal
    """Units for one of it."""

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError(f"a benchmark is not less than nothing: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRule:
    """What is given away, to whom, and what is kept back."""

    method: AllocationMethod
    rounding: RoundingName
    """For one operator's share where the method computes it."""

    free_share_min: Decimal
    """Share of the cap that must be given free; what is auctioned is the rest at most."""

    free_share_max: Decimal
    """Share of the cap that may be given free, reserve included."""

    new_entrant_reserve: int
    """Units of the year kept for those who come later."""

    closure: Literal["stops_next_year", "pro_rata", "keeps"]
    """What an operator that closes is still given."""

    correction_factor: Decimal | None = None
    """Benchmarking: makes the sum fit the cap, one factor for all."""

    aviation_free_share: Decimal | None = None

    baseline: Literal["mean", "highest"] | None = None
    """Grandfathering: what past years come to, the mean of them or the highest.

    Left out where a baseline of one year is laid down for each operator.
    """

    baseline_years: tuple[int, ...] | None = None
    """Grandfathering: the past years that count; any where none are named."""

    benchmarks: tuple[Benchmark, ...] | None = None
    """Benchmarking: what is granted for each product."""

    def __post_init__(self) -> None:
        if not 0 <= self.free_share_min <= self.free_share_max <= 1:
            raise ValueError(f"shares are between 0 and 1, the least first: {self}")
        if self.new_entrant_reserve < 0:
            raise ValueError(f"a reserve is not less than nothing: {self}")
        if self.method == "benchmarking" and self.correction_factor is None:
            raise ValueError(f"benchmarking has a correction factor, if only 1: {self}")
        products = [each.product for each in self.benchmarks or ()]
        if len(set(products)) < len(products):
            raise ValueError(f"a product has one benchmark: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRules:
    """How many units there are, and who is given them."""

    cap: Dated[CapRule]
    allocation: Dated[AllocationRule]
    allocation_deadline: Dated[MonthDay]
    """The day of the year itself by which the units of the year are given."""


def allocation_law(year: int, rules: SupplyRules) -> Clause[AllocationRule]:
    """The law of allocation for the units of a year."""
    return rules.allocation.on(year_end(year))


def allocate_by(year: int, rules: SupplyRules) -> date:
    """The last day on which the units of a year are to be given."""
    return rules.allocation_deadline.on(year_end(year)).value.in_year(year)


def year_end(year: int) -> date:
    """The day on which the law of a year is read."""
    return date(year, 12, 31)


def rounding(name: RoundingName) -> Rounding:
    """The rounding of that name."""
    return Rounding[name.upper()]
