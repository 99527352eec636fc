"""The shape of the law between nations: what ``nations.toml`` of a scheme must say.

A clause applies to the commitment period that begins on its start or later. The figures of all
nations stand together in one table, because they were agreed together.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tonne.compliance.nation_parties import Bubble, Commitment, ForestCap, Withdrawal
from tonne.compliance.rules import RoundingName
from tonne.quantity import GwpSet, Period
from tonne.rulebook import Dated

Criterion = Literal[
    "party", "assigned_amount", "national_system", "registry", "inventory", "supplementary"
]
"""What a nation must show before it may trade, or use credits of projects."""

Track = Literal["1", "2"]
"""Who verifies a project of joint implementation: the host itself, or the supervisory committee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentPeriod:
    """A commitment period, and how the time after it is counted."""

    number: int
    first: date
    last: date
    review_end: date
    """The day set for the end of the expert review of its last year."""

    additional_days: int
    """So many days after it units may still be acquired and retired for the period."""

    def __post_init__(self) -> None:
        if not self.first <= self.last <= self.review_end or self.additional_days < 0:
            raise ValueError("a period is over before its last year is reviewed")

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(first=self.first, last=self.last)

    @property
    def calendar(self) -> range:
        """Its calendar years."""
        return range(self.first.year, self.last.year + 1)

    @property
    def years(self) -> int:
        """How many years it has: the measure of amounts that are told by year."""
        return len(self.calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRule:
    """When a treaty enters into force: so many parties, with such a share of emissions."""

    parties: int
    share: Decimal
    """Of the CO2 that all nations of Annex I emitted in 1990, in per cent."""

    days: int
    """On which day after both are met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityRule:
    """What a nation must show, for what, and from when it counts."""

    trading: tuple[Criterion, ...]
    """For trading, for using credits, and for verifying its own projects (track 1)."""

    track_2: tuple[Criterion, ...]
    """For issuing units of projects that others verify."""

    months: int
    """So long after its first report a nation is eligible, unless it was cleared before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveRule:
    """What a nation may not sell: the lower of two quantities."""

    amount_share: Decimal
    """Of the assigned amount."""

    inventory_share: Decimal
    """Of the last reviewed inventory, for each year of the period."""

    rounding: RoundingName
    units: tuple[str, ...]
    """What counts towards it, held or retired; what is cancelled does not."""

    cure_days: int
    """In so many days a nation brings its holdings back to the level."""

    exempt_tracks: tuple[Track, ...]
    """Projects whose units the host may always transfer for the first time."""

    accounts: tuple[str, ...]
    """Kinds of account in which they count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationRule:
    """What follows for a nation that retired too little."""

    ratio: Decimal
    """Units taken from the next period for each tonne in excess."""

    rounding: RoundingName
    suspends: Literal["transfer", "trade"]
    """Whether selling alone is suspended, or buying too."""

    plan_months: int
    """In so many months the nation hands in a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOverRule:
    """What goes over into the next period, by kind of unit."""

    unlimited: tuple[str, ...]
    limited: tuple[str, ...]
    """Each of them up to the share, on its own."""

    limit_share: Decimal
    """Of the assigned amount."""

    rounding: RoundingName
    never: tuple[str, ...]

    def __post_init__(self) -> None:
        if len({*self.kinds}) != len(self.kinds):
            raise ValueError("a kind of unit is carried over in one way")

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of unit that is valid for the period."""
        return (*self.unlimited, *self.limited, *self.never)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectForestRule:
    """How many units of forestry projects abroad a nation may use."""

    units: tuple[str, ...]
    base_share: Decimal
    """Of base-year emissions, for each year of the period."""

    rounding: RoundingName


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRule:
    """What removals by forests at home are worth."""

    carbon_ratio: tuple[int, ...]
    """Mass of CO2 and mass of the carbon in it: 44 and 12."""

    offset_megatonnes: Decimal
    """Carbon a year of managed forests that may make good a debit of forests cut down."""

    caps: tuple[ForestCap, ...]
    rounding: RoundingName
    cut_and_planted: tuple[int, ...]
    """The land uses that count together: planted since 1990, and cut since."""

    managed: int
    """The land use that the caps are for: forests that are managed."""

    def __post_init__(self) -> None:
        if len(self.carbon_ratio) != 2 or min(self.carbon_ratio) <= 0:  # noqa: PLR2004  two masses
            raise ValueError("a ratio is of two masses")
        if len({each.party for each in self.caps}) != len(self.caps):
            raise ValueError("a nation has one cap")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementRule:
    """What takes the place of temporary units, in which kinds of account, and by when."""

    temporary: tuple[str, ...]
    long_term: tuple[str, ...]
    retired: str
    """Where units lie that have to be replaced."""

    tcer_expiry: str
    lcer_expiry: str
    reversal: str
    report: str
    notice_days: int
    """In so many days after a notice; what expires is replaced by its last day."""

    rounding: Literal["floor", "ceiling"]
    """Of a nation's part of what was set free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NationRules:
    """What nations owe, with which units it is met, and what follows if it is not."""

    entry_into_force: Dated[EntryRule]
    period: Dated[CommitmentPeriod]
    gases: Dated[tuple[str, ...]]
    gwp_set: Dated[Literal["SAR", "AR4", "AR5", "AR6"]]
    """By the day on which the gas was emitted."""

    annex_b: Dated[tuple[Commitment, ...]]
    amount_tolerance: Dated[int]
    """Tonnes by which target and base year may miss an assigned amount, being rounded."""

    bubble: Dated[Bubble]
    withdrawal: Dated[tuple[Withdrawal, ...]]
    eligibility: Dated[EligibilityRule]
    reserve: Dated[ReserveRule]
    supplementarity: Dated[Literal["reported"]]
    """The use of units from abroad is told; no figure limits it."""

    mechanism_units: Dated[tuple[str, ...]]
    """Units that come of projects, wherever they are retired."""

    restoration: Dated[RestorationRule]
    carry_over: Dated[CarryOverRule]
    project_forest: Dated[ProjectForestRule]
    replacement: Dated[ReplacementRule]
    forest: Dated[ForestRule]

    def commitment(self, party: str, on: date) -> Commitment | None:
        """What Annex B says of a nation."""
        found = (each for each in self.annex_b.on(on).value if each.party == party)
        return next(found, None)

    def potentials(self, on: date) -> GwpSet:
        """The set of potentials for what was emitted on that day."""
        return GwpSet(self.gwp_set.on(on).value)
