"""What was published of the past: operators and their years, read from a folder of tables.

The folder's form is described in ``docs/reference/replay-format.md``. A folder with a fault is
refused whole, with every fault that could be found, and nothing is half read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from msgspec import Struct

from tonne.simulation.faults import (
    FORMAT,
    Faults,
    NothingToReplay,
    OperatorTwice,
    OperatorYearTwice,
    RecordOperatorUnknown,
)
from tonne.simulation.table import Table

Kind = Literal["installation", "aircraft"]
Flag = Literal["", "Excluded", "Not Reported"]

COMPLIANCE = "compliance_long"
INSTALLATIONS = "installations"
AIRCRAFT = "aircraft_operators"
TOTALS = "totals_by_year"
REGISTRY_TOTALS = "totals_by_registry_year"
KINDS: Mapping[str, Kind] = {"installation": "installation", "aircraft": "aircraft"}
_Facts = tuple[Kind, str, str, str, str]
"""Kind, identifier, name, activity and country of an operator."""
_Known = Mapping[str, _Facts]
FLAGS: Mapping[str, Flag] = {
    "": "",
    "Excluded": "Excluded",
    "Not Reported": "Not Reported",
}
CODES = {
    code: code for code in ("", *(letter + star for letter in "ABCDEX-" for star in ("", "*")))
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One installation or aircraft operator that has at least one of the years."""

    account_id: str
    kind: Kind
    registry: str
    operator_id: str
    name: str
    activity: str
    country: str


class OperatorYear(Struct, frozen=True, kw_only=True):
    """What the log publishes of one operator for one year."""

    account_id: str
    kind: Kind
    registry: str
    year: int
    allocated: int
    verified: int | None
    flag: Flag
    surrendered: int
    published: str
    """The compliance code as printed; a star says that verified emissions were updated later."""

    @property
    def code(self) -> str:
        """The letter of the code, without its star; nothing if no code was published."""
        return self.published.removesuffix("*")

    @property
    def without_word(self) -> bool:
        """Whether there is no figure, and no word that one was due or why not."""
        return self.verified is None and not self.flag

    @property
    def starred(self) -> bool:
        """Whether verified emissions were updated after the code was set."""
        return self.published.endswith("*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Units allocated, tonnes verified and units surrendered of many operators together."""

    allocated: int
    verified: int
    surrendered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that was read; the totals are as published, not added up here, and may be missing."""

    operators: tuple[Operator, ...]
    rows: Mapping[int, tuple[OperatorYear, ...]]
    totals: Mapping[tuple[Kind, int], Total]
    registry_totals: Mapping[tuple[str, Kind, int], Total]


def read(folder: Path, years: range) -> History:
    """The history of those years, or :class:`Refused` with every fault of the folder."""
    faults = Faults()
    known, whole = _known(folder, faults)
    rows, registries = _operator_years(Table(folder, COMPLIANCE, faults), years, known, whole)
    if not faults.total and not any(rows.values()):
        faults.add(NothingToReplay(first=years.start, last=years.stop - 1, reference=FORMAT))
    totals = _totals(Table(folder, TOTALS, faults, needed=False), years)
    by_registry = _totals(Table(folder, REGISTRY_TOTALS, faults, needed=False), years)
    faults.refuse()
    return History(
        operators=tuple(
            Operator(
                account_id=account_id,
                kind=kind,
                registry=registries[account_id],
                operator_id=operator_id,
                name=name,
                activity=activity,
                country=country,
            )
            for account_id, (kind, operator_id, name, activity, country) in known.items()
            if account_id in registries
        ),
        rows={year: tuple(found) for year, found in rows.items()},
        totals={(kind, year): total for (_, kind, year), total in totals.items()},
        registry_totals=by_registry,
    )


def _known(folder: Path, faults: Faults) -> tuple[_Known, frozenset[str]]:
    """Operators by account, and the kinds whose file could be read to its end."""
    known: dict[str, _Facts] = {}
    installations = Table(folder, INSTALLATIONS, faults)
    names = ("account_id", "installation_id", "installation_name", "main_activity", "country")
    for row, (account_id, *facts) in installations.rows(names):
        _enter(known, account_id, ("installation", *facts), row=row, table=installations)
    aircraft = Table(folder, AIRCRAFT, faults, needed=False)
    columns = ("account_id", "aircraft_operator_id", "main_activity", "country")
    for row, (account_id, operator_id, *rest) in aircraft.rows(columns):
        name = f"Aircraft operator {operator_id}"
        _enter(known, account_id, ("aircraft", operator_id, name, *rest), row=row, table=aircraft)
    read_whole = {"installation": installations.whole, "aircraft": aircraft.whole}
    return known, frozenset(kind for kind, whole in read_whole.items() if whole)


def _enter(
    known: dict[str, _Facts],
    account_id: str,
    facts: tuple[str, ...],
    *,
    row: int,
    table: "Table",
) -> None:
    if not account_id:
        table.cell(row, "account_id", account_id, "the number of an account")
    elif account_id in known:
        table.fault(OperatorTwice(file=table.file, row=row, account=account_id, reference=FORMAT))
    known[account_id] = cast("_Facts", facts)


def _operator_years(
    table: "Table", years: range, known: _Known, whole: frozenset[str]
) -> tuple[dict[int, list[OperatorYear]], dict[str, str]]:
    """The rows of each year, and the registry of each account that has one."""
    found: dict[int, list[OperatorYear]] = {year: [] for year in years}
    seen: dict[int, set[str]] = {year: set() for year in years}
    registries: dict[str, str] = {}
    names = (
        "kind",
        "registry",
        "account_id",
        "year",
        "alloc_total",
        "verified",
        "verified_flag",
        "surrendered",
        "compliance_code",
    )
    for row, cells in table.rows(names):
        kind, registry, account_id, text, allocated, verified, flag, surrendered, published = cells
        year = table.year(row, text)
        if year not in found:
            continue
        kind = table.choice(row, "kind", kind, KINDS)
        registry = table.registry(row, registry)
        if kind in whole and (account_id not in known or known[account_id][0] != kind):
            table.fault(
                RecordOperatorUnknown(
                    file=table.file, row=row, account=account_id, kind=kind, reference=FORMAT
                )
            )
        if account_id in seen[year]:
            table.fault(
                OperatorYearTwice(
                    file=table.file, row=row, account=account_id, year=year, reference=FORMAT
                )
            )
        seen[year].add(account_id)
        if registries.setdefault(account_id, registry) != registry:
            table.cell(row, "registry", registry, f"{registries[account_id]!r} as in earlier rows")
        flag = table.choice(row, "verified_flag", flag, FLAGS)
        if flag and verified:
            table.cell(row, "verified_flag", flag, "nothing where verified has a number")
        found[year].append(
            OperatorYear(
                account_id=account_id,
                kind=cast("Kind", kind),
                registry=registry,
                year=year,
                allocated=table.count(row, "alloc_total", allocated),
                verified=table.count(row, "verified", verified) if verified else None,
                flag=cast("Flag", flag),
                surrendered=table.count(row, "surrendered", surrendered),
                published=table.choice(row, "compliance_code", published, CODES),
            )
        )
    return found, registries


def _totals(table: "Table", years: range) -> dict[tuple[str, Kind, int], Total]:
    """Published totals by registry (none in the table of all), kind and year."""
    found: dict[tuple[str, Kind, int], Total] = {}
    names = ["kind", "year", "alloc_total", "verified", "surrendered"]
    if table.name == REGISTRY_TOTALS:
        names.append("registry")
    for row, (kind, text, allocated, verified, surrendered, *place) in table.rows(names):
        year = table.year(row, text)
        table.choice(row, "kind", kind, KINDS)
        registry = table.registry(row, place[0]) if place else ""
        key = (registry, cast("Kind", kind), year)
        if key in found:
            table.cell(row, "year", text, "each year once")
        if year in years:
            found[key] = Total(
                allocated=table.count(row, "alloc_total", allocated),
                verified=table.count(row, "verified", verified),
                surrendered=table.count(row, "surrendered", surrendered),
            )
    return found
