"""The shape of a scheme's ``links.toml``: which units of other schemes count here, and how many."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tonne.rulebook import Dated

OperatorKind = Literal["installation", "aircraft"]
Per = Literal["installation", "state", "scheme"]
"""Whose use is counted together: one operator's, that of all of a state, or everybody's."""

Base = Literal["allocation", "verified"]
"""What a share is a share of: the units given free, or the tonnes verified, of the same years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Units of another scheme that count here, for emissions from the start of the clause on."""

    unit: str
    """Their kind, such as CER-1."""

    scheme: str
    operators: tuple[OperatorKind, ...]
    rate: Decimal
    """The tonnes for which one of them counts."""

    def __post_init__(self) -> None:
        if self.rate <= 0:
            raise ValueError("a rate is above nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """Units that do not count though their kind does, when they are used from the clause's start.

    Every unit of some kinds, or those of projects that do certain things.
    """

    name: str
    units: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectActivity:
    """What a project does, as bans know it; a project that is not named does nothing banned."""

    project: str
    """Its party and number, such as IN-1."""

    activity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Up to what quantity units of these kinds count together, over the years from first to last.

    A share of something, or a count. Where a state is named it holds for the operators of that
    state; a state of which nothing is said uses none of these units.
    """

    units: tuple[str, ...]
    per: Per
    first_year: int
    last_year: int
    operators: tuple[OperatorKind, ...] = ()
    """Whose use is limited; everybody's, where none are named."""

    state: str | None = None
    share: Decimal | None = None
    of: Base | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        if (self.share is None) == (self.count is None) or (self.share is None) != (
            self.of is None
        ):
            raise ValueError("a quota is a share of something, or a count")
        if self.share is not None and self.share < 0:
            raise ValueError("the share of a quota is none or more")
        if self.first_year > self.last_year:
            raise ValueError("a quota runs from its first year to its last")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRules:
    """Which units of other schemes count here, from when, at what rate, how many, and which not."""

    recognised: Dated[tuple[Recognised, ...]]
    """By the year of the emissions for which they are surrendered."""

    quotas: Dated[tuple[Quota, ...]]
    """By the same year."""

    bans: Dated[tuple[Ban, ...]]
    """By the day on which they are surrendered."""

    activities: Dated[tuple[ProjectActivity, ...]]
    """By the same day."""
