"""The registry of the clean development mechanism, lived again: every real block, by its numbers.

Each day's blocks are issued and cancelled on that day, through our own operations; a year is kept
at a time. What was forwarded to national registries is not published, so every unit is cancelled
out of the pending account in which it was issued.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import groupby
from time import perf_counter
from typing import Literal

from tonne import registry
from tonne.ledger import Total, kind_of
from tonne.operations import (
    Answer,
    Books,
    CreditIssue,
    Desk,
    Receipt,
    Scheme,
    Transfer,
    add_assets,
    found,
    issue_credits,
)
from tonne.registry import DayRules, Role
from tonne.simulation.cdm_history import CdmHistory, CdmRow
from tonne.simulation.course import Progress, Run

VERB = "cancel_voluntarily"
CANCELLED = "cancelled"
Act = Literal["issue", "cancel"]
Row = tuple[date, Act, CdmRow]
"""A row with its day, and whether it was issued or cancelled on it."""


@dataclass(slots=True)
class Tally:
    """Units issued, cancelled and left of one type, period, host or year."""

    issued: int = 0
    cancelled: int = 0

    @property
    def remaining(self) -> int:
        """Units that are not cancelled."""
        return self.issued - self.cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRefused:
    """A published row that our registry refuses, with the reasons."""

    file_row: int
    serial: str
    units: int
    reasons: tuple[str, ...]


@dataclass(slots=True)
class YearDone:
    """What the rows of a year came to."""

    tally: Tally = field(default_factory=Tally)
    blocks: Counter[Act] = field(default_factory=Counter)
    repeated: int = 0
    refused: list[RowRefused] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class CdmReplay:
    """A replay under way, and what it has found so far."""

    run: Run
    scheme: Scheme
    progress: Progress
    units: dict[tuple[str, int, int, int], str] = field(default_factory=dict)
    """The codes of units by party, type, period and project."""

    years: dict[int, YearDone] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CdmReport:
    """What a replay came to, as the books say."""

    rulebook: str
    issued_blocks: int
    cancelled_blocks: int
    repeated: int
    """Rows that stood in the books before, and were answered by their keys."""

    tallies: Mapping[str, Mapping[str, Tally]]
    """By type, period, host and year."""

    refused: tuple[RowRefused, ...]
    difference: int
    """By how many units the books differ from the rows that were recorded: none."""

    transactions: int
    movements: int
    seconds: float

    @property
    def issued_units(self) -> int:
        """All units that were issued."""
        return sum(each.issued for each in self.tallies["type"].values())

    @property
    def cancelled_units(self) -> int:
        """All units that were cancelled."""
        return sum(each.cancelled for each in self.tallies["type"].values())

    @property
    def agrees(self) -> bool:
        """Whether the books hold just what the rows say."""
        return self.difference == 0

    def as_dict(self) -> dict[str, object]:
        """The report as plain values."""
        rows = self.issued_blocks + self.cancelled_blocks
        return {
            "scheme": "kyoto_cp1",
            "issued_blocks": self.issued_blocks,
            "issued_units": self.issued_units,
            "cancelled_blocks": self.cancelled_blocks,
            "cancelled_units": self.cancelled_units,
            "refused": len(self.refused),
            "refusals": [
                {"row": e.file_row, "serial": e.serial, "units": e.units, "reasons": e.reasons}
                for e in self.refused
            ],
            "repeated": self.repeated,
            "remaining_units": self.issued_units - self.cancelled_units,
            "agrees": self.agrees,
            **{
                f"by_{name}": {
                    key: {
                        "issued": each.issued,
                        "cancelled": each.cancelled,
                        "remaining": each.remaining,
                    }
                    for key, each in found.items()
                }
                for name, found in self.tallies.items()
            },
            "transactions": self.transactions,
            "movements": self.movements,
            "seconds": round(self.seconds, 2),
            "transactions_per_second": round(rows / self.seconds),
            "rulebook": self.rulebook,
        }


def replay_cdm(
    run: Run,
    scheme: Scheme,
    history: CdmHistory,
    *,
    progress: Progress = lambda _what, _count: None,
) -> CdmReport:
    """Issue and cancel every block on its own day; ``run`` commits a year at a time."""
    started = perf_counter()
    this = CdmReplay(run=run, scheme=scheme, progress=progress)
    for year, rows in groupby(_in_order(history), key=lambda each: each[0].year):
        lived = list(rows)

        def live(books: Books, lived: list[Row] = lived) -> YearDone:
            return _year(books, this, lived)

        this.years[year] = run(live)
        progress(f"{year}: blocks issued and cancelled", len(lived))
    totals = run(lambda books: books.totals(scheme.name))
    transactions, movements = run(lambda books: books.size())
    years = list(this.years.values())
    tallies = _tallies(totals, {year: each.tally for year, each in this.years.items()})
    wanted = _both(each.tally for each in years)
    standing = _both(tallies["type"].values())
    return CdmReport(
        rulebook=scheme.fingerprint,
        issued_blocks=sum(each.blocks["issue"] for each in years),
        cancelled_blocks=sum(each.blocks["cancel"] for each in years),
        repeated=sum(each.repeated for each in years),
        tallies=tallies,
        refused=tuple(row for each in years for row in each.refused),
        difference=sum(abs(a - b) for a, b in zip(wanted, standing, strict=True)),
        transactions=transactions,
        movements=movements,
        seconds=perf_counter() - started,
    )


def _in_order(history: CdmHistory) -> list[Row]:
    """Every row by its day, on one day issuance first, and in order of time."""
    rows: list[Row] = [
        *((row.at.date(), "issue", row) for row in history.issued),
        *((row.at.date(), "cancel", row) for row in history.cancelled),
    ]
    return sorted(rows, key=lambda each: (each[0], each[1] != "issue", each[2].at))


def _year(books: Books, this: CdmReplay, lived: Sequence[Row]) -> YearDone:
    """All days of a year, each with a batch of what was issued, and then of what was cancelled."""
    own = found(books, this.scheme, desk=_desk("administrator", lived[0][0]))
    rules = this.scheme.on(lived[-1][0])
    codes = dict.fromkeys(_unit(this, row, rules) for _, act, row in lived if act == "issue")
    assets = [registry.told_asset(code, rules) for code in codes]
    add_assets(books, this.scheme, assets, day=rules)
    done = YearDone()
    for day, rows in groupby(lived, key=lambda each: each[0]):
        acts = [(act, row) for _, act, row in rows]
        issued = [row for act, row in acts if act == "issue"]
        cancelled = [row for act, row in acts if act == "cancel"]
        law = this.scheme.on(day)
        answers = issue_credits(
            books,
            this.scheme,
            _issues(this, issued, law),
            desk=_desk("authority", day),
            ready=own,
            then=_cancellations(this, cancelled, own, law),
            verb=VERB,
        )
        done.tally.issued += _kept(done, "issue", issued, answers[: len(issued)])
        done.tally.cancelled += _kept(done, "cancel", cancelled, answers[len(issued) :])
    return done


def _issues(this: CdmReplay, rows: Iterable[CdmRow], day: DayRules) -> list[CreditIssue]:
    return [
        CreditIssue(
            key=f"replay/cdm/issue/{row.serial}",
            unit=_unit(this, row, day),
            count=row.serial.block.count,
            block=row.serial.block,
        )
        for row in rows
    ]


def _cancellations(
    this: CdmReplay, rows: Iterable[CdmRow], own: Mapping[str, str], day: DayRules
) -> list[Transfer]:
    return [
        Transfer(
            key=f"replay/cdm/cancel/{row.serial}/{row.at:%Y-%m-%dT%H:%M:%S.%f}",
            source=own["pending"],
            target=own[CANCELLED],
            unit=_unit(this, row, day),
            count=row.serial.block.count,
            block=row.serial.block,
        )
        for row in rows
    ]


def _unit(this: CdmReplay, row: CdmRow, day: DayRules) -> str:
    serial = row.serial
    kind = (serial.party, serial.type_number, serial.applicable, serial.project)
    if kind not in this.units:
        this.units[kind] = registry.unit_of(serial, day).code
    return this.units[kind]


def _kept(done: YearDone, act: Act, rows: Sequence[CdmRow], answers: Sequence[Answer]) -> int:
    """How many units of the rows stand in the books now; the refused are remembered."""
    units = 0
    for row, answer in zip(rows, answers, strict=True):
        count = row.serial.block.count
        if isinstance(answer, Receipt):
            units += count
            done.blocks[act] += 1
            done.repeated += answer.repeated
        else:
            reasons = tuple(f"[{each.number}] {each}" for each in answer)
            done.refused.append(
                RowRefused(file_row=row.row, serial=str(row.serial), units=count, reasons=reasons)
            )
    return units


def _tallies(totals: Iterable[Total], years: Mapping[int, Tally]) -> dict[str, dict[str, Tally]]:
    """What the books hold by type, period and host; the years as they were recorded."""
    found: dict[str, dict[str, Tally]] = {"type": {}, "period": {}, "host": {}}
    for total in totals:
        kind, _, period = kind_of(total.asset).rpartition("-")
        host = total.asset.partition(" ")[2].partition("-")[0]
        gone = sum(units for name, units in total.held.items() if name.startswith(CANCELLED))
        for name, key in (("type", kind), ("period", period), ("host", host)):
            tally = found[name].setdefault(key, Tally())
            tally.issued += total.issued
            tally.cancelled += gone
    ordered = {name: dict(sorted(each.items())) for name, each in found.items()}
    return ordered | {"year": {str(year): tally for year, tally in sorted(years.items())}}


def _both(tallies: Iterable[Tally]) -> tuple[int, int]:
    every = list(tallies)
    return sum(each.issued for each in every), sum(each.cancelled for each in every)


def _desk(role: Role, day: date) -> Desk:
    """Noon of the day: the simulated clock."""
    return Desk(by=role, day=day, at=datetime.combine(day, time(12), tzinfo=UTC))
