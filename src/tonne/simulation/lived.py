"""What a replay knows while it is under way, and what it has found so far."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tonne.operations import Scheme
from tonne.quantity import Money
from tonne.refusal import Refusal
from tonne.simulation.course import Progress, Run
from tonne.simulation.exchange import Exchange
from tonne.simulation.history import History, Kind, OperatorYear, Total


@dataclass(frozen=True, slots=True, kw_only=True)
class YearReplayed:
    """What a year came to, for one kind of operator, as the books say."""

    year: int
    kind: Kind
    operators: int
    total: Total
    in_compliance: int
    short: int
    without_figure: int
    """Operators that have the year, but no verified emissions: not reported, or an empty cell."""

    units_missing: int
    penalty: Money


@dataclass(slots=True, kw_only=True)
class Replay:
    """A replay under way, and what it has found so far."""

    run: Run
    scheme: Scheme
    history: History
    progress: Progress
    names: dict[str, str] = field(default_factory=dict)
    """What operators are called in our books, by the log's account identifier."""

    accounts: dict[str, str] = field(default_factory=dict)
    """Account numbers in our books, by the log's account identifier."""

    statuses: dict[tuple[str, int], str] = field(default_factory=dict)
    balances: dict[tuple[str, int], str] = field(default_factory=dict)
    """A where nothing was missing by the deadline, else B, whatever the status of the year."""

    by_registry: dict[tuple[str, Kind, int], Total] = field(default_factory=dict)
    years: list[YearReplayed] = field(default_factory=list)
    obtained: int = 0
    """Units that operators obtained from others."""

    refused: list[Refusal] = field(default_factory=list)
    exchange: Exchange | None = None
    """Where operators trade; without one, units are moved between them without a word."""


def rows_of(this: Replay, year: int, kind: Kind) -> list[OperatorYear]:
    """What the log publishes of a year, of one kind of operator."""
    return [row for row in this.history.rows.get(year, ()) if row.kind == kind]


def keep_refused(this: Replay, answers: Iterable[object]) -> None:
    """Remember why something was not done."""
    this.refused.extend(each for answer in answers if isinstance(answer, tuple) for each in answer)
