"""The shape of the law of compliance: what ``compliance.toml`` of a scheme must say.

The law of a year of emissions is the law in force on the last day of that year, although the
units are surrendered in the year after.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tonne.quantity import Rounding
from tonne.rulebook import Dated, MonthDay

OperatorKind = Literal["installation", "aircraft"]
"""Installations and aircraft operators may surrender different units."""

RoundingName = Literal["half_up", "half_even", "floor", "ceiling"]
"""How the law says that a part of a unit becomes whole."""

Leave = Literal["allowed", "refused"]
"""Whether something may be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyRule:
    """Money for each unit that was not surrendered in time."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"a penalty is not less than nothing: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeGoodRule:
    """How many units are owed later for each one missing now; 0 where the money settles it."""

    ratio: Decimal
    rounding: RoundingName

    def __post_init__(self) -> None:
        if self.ratio < 0:
            raise ValueError(f"a ratio is not less than nothing: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedUnits:
    """The codes of the units that each kind of operator may surrender for the year."""

    installation: tuple[str, ...]
    aircraft: tuple[str, ...]

    def of(self, kind: OperatorKind) -> tuple[str, ...]:
        """The codes for operators of a kind."""
        return self.installation if kind == "installation" else self.aircraft


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodUnits:
    """A trading period, the units that belong to it, and what becomes of those left over."""

    first_year: int
    last_year: int
    units: tuple[str, ...]
    borrowing: bool
    """Whether units of a later period may be surrendered for a year of this one."""

    cancelled_on: date | None = None
    """The day on which what is left is cancelled; left out where it may be banked."""

    def __post_init__(self) -> None:
        if self.first_year > self.last_year:
            raise ValueError(f"a period does not end before it starts: {self}")

    @property
    def banking(self) -> bool:
        """Whether what is left over may be surrendered for a later period."""
        return self.cancelled_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplianceRules:
    """What is owed, when, in what units, and what follows if it is not met."""

    surrender_deadline: Dated[MonthDay]
    """In the year after the emissions."""

    publication_day: Dated[MonthDay]
    """In the year after the emissions."""

    names_published: Dated[bool]
    """Whether operators that surrendered too little are named."""

    penalty: Dated[PenaltyRule]
    make_good: Dated[MakeGoodRule]
    correction_penalised: Dated[bool]
    """Whether tonnes added by the authority after the deadline carry the penalty too."""

    status_test: Dated[Literal["cumulative", "yearly"]]
    """Whether units and tonnes are counted since a year, or each year alone."""

    status_measure: Dated[Literal["emissions", "obligation"]]
    """What surrendered units are held against: the tonnes emitted, or these and what is to be
    made good."""

    cumulative_since: Dated[int]
    """The first year that a cumulative test counts."""

    not_carried: Dated[tuple[str, ...]]
    """Registries whose operators begin the period anew: nothing missing is carried into it."""

    accepted_units: Dated[AcceptedUnits]
    period: Dated[PeriodUnits]
    early_surrender: Dated[Leave]
    """Surrender before the year of the emissions is over."""

    over_surrender: Dated[Leave]
    """Surrender of more than is owed."""

    surrender_order: Dated[Literal["first_in_first_out", "last_in_first_out"]]
    """Which units go first where the operator names none."""

    own_units_first: Dated[bool]
    """Whether units allocated to the operator itself go before units it obtained."""


def surrender_by(year: int, rules: ComplianceRules) -> date:
    """The last day for the units of a year of emissions: a day of the year after."""
    return rules.surrender_deadline.on(year_end(year)).value.in_year(year + 1)


def publish_on(year: int, rules: ComplianceRules) -> date:
    """The day on which compliance with a year is made public: a day of the year after."""
    return rules.publication_day.on(year_end(year)).value.in_year(year + 1)


def counted_since(year: int, rules: ComplianceRules) -> int:
    """The first year whose units and tonnes count in the test of a year."""
    day = year_end(year)
    if rules.status_test.on(day).value == "yearly":
        return year
    return rules.cumulative_since.on(day).value


def begin_anew(year: int, rules: ComplianceRules) -> tuple[str, ...]:
    """The registries whose operators carry nothing into a year, if counting starts anew in it."""
    if counted_since(year, rules) != year:
        return ()
    return rules.not_carried.on(year_end(year)).value


def year_end(year: int) -> date:
    """The day on which the law of a year is read."""
    return date(year, 12, 31)


def rounding(name: RoundingName) -> Rounding:
    """The rounding of that name."""
    return Rounding[name.upper()]
