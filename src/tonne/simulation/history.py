"""What was published of the past: operators and their years, read from a folder of tables.

The folder's form is described in ``docs/reference/replay-format.md``. A folder with a fault is
refused whole, with every fault that could be found, and nothing is half read.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Literal, TextIO, cast

from tonne.refusal import Refusal
from tonne.simulation.faults import (
    FORMAT,
    CellNotAllowed,
    Faults,
    FileCut,
    FileMissing,
    FileNotTable,
    NothingToReplay,
    OperatorTwice,
    OperatorYearTwice,
    RecordColumnMissing,
    RecordNotText,
    RecordOperatorUnknown,
    RowBroken,
)

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
LINE_MAX = 65_536
DIGITS_MAX = 15


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorYear:
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
    rows, registries = _operator_years(_Table(folder, COMPLIANCE, faults), years, known, whole)
    if not faults.total and not any(rows.values()):
        faults.add(NothingToReplay(first=years.start, last=years.stop - 1, reference=FORMAT))
    totals = _totals(_Table(folder, TOTALS, faults, needed=False), years)
    by_registry = _totals(_Table(folder, REGISTRY_TOTALS, faults, needed=False), years)
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
    installations = _Table(folder, INSTALLATIONS, faults)
    names = ("account_id", "installation_id", "installation_name", "main_activity", "country")
    for row, (account_id, *facts) in installations.rows(names):
        _enter(known, account_id, ("installation", *facts), row=row, table=installations)
    aircraft = _Table(folder, AIRCRAFT, faults, needed=False)
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
    table: "_Table",
) -> None:
    if not account_id:
        table.cell(row, "account_id", account_id, "the number of an account")
    elif account_id in known:
        table.fault(OperatorTwice(file=table.file, row=row, account=account_id, reference=FORMAT))
    known[account_id] = cast("_Facts", facts)


def _operator_years(
    table: "_Table", years: range, known: _Known, whole: frozenset[str]
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
            table.cell(row, "registry", registry, f"{registries[account_id]} as in earlier rows")
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


def _totals(table: "_Table", years: range) -> dict[tuple[str, Kind, int], Total]:
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


class _Table:
    """One file of the folder, plain or compressed, and the checks of its cells."""

    def __init__(self, folder: Path, name: str, faults: Faults, *, needed: bool = True) -> None:
        self.name = name
        self.fault = faults.add
        self.path = next(
            (path for end in (".csv", ".csv.gz") if (path := folder / (name + end)).is_file()), None
        )
        self.file = self.path.name if self.path else name + ".csv"
        self.whole = self.path is not None or not needed
        self._years: dict[str, int] = {}
        self._registries: set[str] = set()
        if needed and self.path is None:
            self.fault(FileMissing(file=self.file, reference=FORMAT))

    def rows(self, names: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Each row's number and its cells under those names; the header is row 1."""
        if self.path is None:
            return
        row = 0
        try:
            with _opened(self.path) as text:
                reader = csv.reader(self._lines(text), strict=True)
                header = next(reader, [])
                row = 1
                missing = [name for name in names if header.count(name) != 1]
                for name in missing:
                    self._spoilt(RecordColumnMissing(file=self.file, column=name, reference=FORMAT))
                if missing:
                    return
                pick = itemgetter(*(header.index(name) for name in names))
                width = len(header)
                for row, cells in enumerate(reader, start=2):
                    if len(cells) == width:
                        yield row, pick(cells)
                    elif cells:
                        self.fault(
                            RowBroken(
                                file=self.file,
                                row=row,
                                cells=len(cells),
                                columns=width,
                                reference=FORMAT,
                            )
                        )
        except UnicodeDecodeError as error:
            byte = f"{error.object[error.start]:02x}"
            self._spoilt(RecordNotText(file=self.file, row=row + 1, byte=byte, reference=FORMAT))
        except csv.Error as error:
            self._spoilt(
                FileNotTable(file=self.file, row=row + 1, why=str(error), reference=FORMAT)
            )
        except (EOFError, OSError, zlib.error):
            self._spoilt(FileCut(file=self.file, row=row + 1, reference=FORMAT))

    def _spoilt(self, fault: Refusal) -> None:
        """Note that the file cannot be read to its end, so what it lacks means nothing."""
        self.whole = False
        self.fault(fault)

    def _lines(self, text: TextIO) -> Iterator[str]:
        """Lines of a bearable length, the last of them whole."""
        line = "\n"
        while part := text.readline(LINE_MAX):
            line = part
            if len(line) == LINE_MAX:
                raise csv.Error(f"a line is longer than {LINE_MAX} characters")
            yield line
        if not line.endswith(("\n", "\r")):
            raise EOFError

    def cell(self, row: int, column: str, value: str, allowed: str) -> None:
        """Note a cell that does not hold what its column allows."""
        shown = value if len(value) <= len(allowed) + 40 else value[:40] + "…"
        self.fault(
            CellNotAllowed(
                file=self.file,
                row=row,
                column=column,
                value=shown,
                allowed=allowed,
                reference=FORMAT,
            )
        )

    def count(self, row: int, column: str, text: str) -> int:
        """Whole units or tonnes; nothing counts as none."""
        if text.isdecimal() and text.isascii() and len(text) <= DIGITS_MAX:
            return int(text)
        if text:
            allowed = f"a whole number, not negative, of at most {DIGITS_MAX} digits"
            self.cell(row, column, text, allowed)
        return 0

    def year(self, row: int, text: str) -> int:
        """A year of the last century or of this."""
        if text not in self._years:
            four = len(text) == len("2005") and text.isdecimal() and text.isascii()
            if not (four and text.startswith(("19", "20"))):
                self.cell(row, "year", text, "a year from 1900 to 2099")
                return 0
            self._years[text] = int(text)
        return self._years[text]

    def registry(self, row: int, text: str) -> str:
        """Two capital letters."""
        if text not in self._registries:
            if not (
                len(text) == len("AT") and text.isascii() and text.isalpha() and text.isupper()
            ):
                self.cell(row, "registry", text, "two capital letters")
                return text
            self._registries.add(text)
        return text

    def choice(self, row: int, column: str, text: str, choices: Mapping[str, str]) -> str:
        """One of a few words; the word itself, so that it is kept once and not in every row."""
        found = choices.get(text)
        if found is None:
            self.cell(row, column, text, " or ".join(each or "nothing" for each in choices))
            return text
        return found


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.GzipFile(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")
