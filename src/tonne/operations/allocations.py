"""An allocation table as a person wrote it: every fault by sheet, row and column, or its rows."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tonne.mrv import Sheet
from tonne.operations.plain_table import (
    CellUnfit,
    ColumnsUnfit,
    FaultsMany,
    Fields,
    Form,
    rows_of,
    whole,
)
from tonne.refusal import Refusal
from tonne.registry import DayRules
from tonne.supply import Allocation, AllocationMethod, OperatorKind, SupplyRules, allocation_law

ALLOCATE, FROM_RESERVE = "allocate", "allocate_reserve"
"""The verbs of allocation: from what may be given free, and from what is kept for new entrants."""

COLUMNS = ("operator_id", "year", "count")
DAYS = ("received", "closed_on")
"""Columns that may be left out: when the reserve was asked, when the operator closed."""

_DIGITS = 18
_OPERATOR_MAX = 200
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationColumns(ColumnsUnfit):
    """An allocation table has its columns, each once, and no other."""

    number: ClassVar[int] = 4451
    remedy: ClassVar[str] = "Put operator_id, year and count into the first row, each once."
    columns: ClassVar[str] = f"{', '.join(COLUMNS)} and perhaps {' and '.join(DAYS)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationCell(CellUnfit):
    """A cell of an allocation table says what its column asks for."""

    number: ClassVar[int] = 4452
    remedy: ClassVar[str] = "Correct the cell, or take out the row."


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationFaultsMany(FaultsMany):
    """An allocation table is read on as long as its faults can be mended one by one."""

    number: ClassVar[int] = 4453
    remedy: ClassVar[str] = "Mend these first, or check whether it is the right file."


FORM = Form(
    reference="Form of an allocation table",
    columns=COLUMNS,
    optional=DAYS,
    wanted={
        "operator_id": "the operator of an account",
        "year": "a year such as 2006",
        "count": "a whole number of units, none or more",
        "received": "a day such as 2026-03-31",
        "closed_on": "a day such as 2026-03-31",
    },
    columns_unfit=AllocationColumns,
    cell_unfit=AllocationCell,
    faults_many=AllocationFaultsMany,
)


def read_allocations(sheets: Iterable[Sheet]) -> list[Allocation]:
    """The rows of all sheets, or :class:`~tonne.refusal.Refused` with every fault of them."""
    return whole(rows_of(sheets, FORM, _row), FORM)


def lawful_method(table: Sequence[Allocation], rules: SupplyRules) -> AllocationMethod:
    """The method by which the law of the table's first year allocates."""
    return allocation_law(table[0].year, rules).value.method if table else "table"


def kind_given(unit: str, day: DayRules) -> OperatorKind:
    """Which operators are given a unit free, and so under whose cap it is."""
    kinds = day.type_of(ALLOCATE, unit).to_kinds
    return "aircraft" if "aircraft_operator" in kinds else "installation"


def written(table: Iterable[Allocation], cell: Callable[[str], str] = str) -> str:
    """The table as a file that is read again; ``cell`` says how a text stands in it."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*COLUMNS, *DAYS])
    for row in table:
        days = ("" if day is None else day.isoformat() for day in (row.received, row.closed_on))
        writer.writerow([cell(row.operator), row.year, row.count, *days])
    return file.getvalue()


def _row(sheet: str, row: int, said: Fields) -> Iterator[Allocation | Refusal]:
    """One row of the table, or what is wrong with its cells."""
    operator, year, count = (said[column] for column in COLUMNS)
    days = {column: _day(said[column]) for column in DAYS if column in said}
    faults = [
        column
        for column, fits in (
            ("operator_id", 0 < len(operator) <= _OPERATOR_MAX),
            ("year", bool(_YEAR.fullmatch(year)) and int(year) > 0),
            ("count", count.isdecimal() and len(count) <= _DIGITS),
        )
        if not fits
    ]
    faults += [column for column, day in days.items() if said[column] and day is None]
    for column in faults:
        yield FORM.wrong_cell(sheet, row, column, said[column])
    if not faults:
        yield Allocation(operator=operator, year=int(year), count=int(count), row=row, **days)


def _day(text: str) -> date | None:
    """The day that is written there, if one is."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-03-31") else None
    except ValueError:
        return None
