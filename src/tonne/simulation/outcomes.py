"""Does the replay reproduce what was published? The outcomes of a scheme, held against it.

``outcomes.toml`` in a scheme's folder holds published figures with their day and scope. The same
year may have several official figures; those that are not compared say why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeVar

from tonne.rulebook import load

OUTCOMES = "outcomes.toml"
FIGURES = ("allocated", "verified", "surrendered")

K = TypeVar("K", bound=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Units allocated free of charge, tonnes verified, units surrendered; those published."""

    allocated: int | None = None
    verified: int | None = None
    surrendered: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was published of one kind of operator and one year."""

    kind: Literal["installation", "aircraft"]
    year: int
    figures: Figures
    scope: str
    """Whose figures they are."""

    released: str
    """When they were published, or how old they are."""

    source: str
    compare: Literal["tonne", "no"]
    """Whether a replay must reproduce them to the tonne, or not at all."""

    reason: str | None = None
    """Why they are not compared."""

    verified: bool = True
    """False where a figure was written down from memory and no source was read."""

    def __post_init__(self) -> None:
        if (self.compare == "no") != (self.reason is not None):
            raise ValueError("an outcome that is not compared says why, and no other")
        if self.compare == "tonne" and not self.verified:
            raise ValueError("what was written down from memory is not compared")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFloor:
    """The least share of published codes with which the statuses of all these years agree."""

    first_year: int
    last_year: int
    least: Decimal
    scope: str
    source: str

    def __post_init__(self) -> None:
        if not (0 <= self.least <= 1 and self.first_year <= self.last_year):
            raise ValueError("a share is from 0 to 1, of years in order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What must be known to read a year's figures."""

    year: int
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """All that was published of a scheme and is kept with it."""

    outcome: tuple[Outcome, ...] = ()
    share: tuple[ShareFloor, ...] = ()
    note: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A figure of the replay that is not the published one."""

    what: str
    published: Decimal
    found: Decimal
    source: str

    def __str__(self) -> str:
        return f"{self.what}: published {self.published:,f}, found {self.found:,f} ({self.source})."


def load_outcomes(folder: Path) -> Outcomes:
    """The outcomes of a scheme's folder, none where it has no such file; else every fault of it."""
    file = folder / OUTCOMES
    return load(file, Outcomes) if file.exists() else Outcomes()


def check_outcomes(
    outcomes: Outcomes, years: Mapping[tuple[K, int], tuple[int, int, int]], share: Decimal
) -> list[Deviation]:
    """Where a replay differs from what was published.

    ``years`` are, by kind of operator and year, the units allocated, tonnes verified and units
    surrendered; what the replay does not name of a year that it lived is nothing. The share is
    asked only of a replay that lived just the years for which it is stated.
    """
    lived = {year for _, year in years}
    found = {(str(kind), year): figures for (kind, year), figures in years.items()}
    deviations = [
        deviation
        for outcome in outcomes.outcome
        if outcome.compare == "tonne" and outcome.year in lived
        for deviation in _deviations(outcome, found.get((outcome.kind, outcome.year), (0, 0, 0)))
    ]
    deviations += [
        Deviation(
            what=f"share of codes that agree, {floor.first_year} to {floor.last_year}, at least",
            published=floor.least,
            found=share,
            source=floor.source,
        )
        for floor in outcomes.share
        if lived == {*range(floor.first_year, floor.last_year + 1)} and share < floor.least
    ]
    return deviations


def _deviations(outcome: Outcome, found: tuple[int, int, int]) -> Iterator[Deviation]:
    for name, count in zip(FIGURES, found, strict=True):
        published: int | None = getattr(outcome.figures, name)
        if published is not None and published != count:
            yield Deviation(
                what=f"{outcome.kind} {outcome.year}, {name}",
                published=Decimal(published),
                found=Decimal(count),
                source=f"{outcome.source}; {outcome.released}; {outcome.scope}",
            )
