"""An allocation table as a person wrote it: every fault by sheet, row and column, or its rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from tonne.mrv import Cell, Sheet
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.supply import Allocation

COLUMNS = ("operator_id", "year", "count")
DAYS = ("received", "closed_on")
"""Columns that may be left out: when the reserve was asked, when the operator closed."""

REFERENCE = "Form of an allocation table"
FAULTS_MAX = 1000
_SHOWN = 40
_DIGITS = 18
_WANTED = {
    "operator_id": "the operator of an account",
    "year": "a year such as 2006",
    "count": "a whole number of units, none or more",
    "received": "a day such as 2026-03-31",
    "closed_on": "a day such as 2026-03-31",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationColumns(Refusal):
    """An allocation table has its columns, each once, and no other."""

    number: ClassVar[int] = 4451
    remedy: ClassVar[str] = "Put operator_id, year and count into the first row, each once."

    sheet: str
    found: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.found) or "nothing"
        return (
            f"Sheet {self.sheet!r} should have the columns {', '.join(COLUMNS)} and perhaps "
            f"{' and '.join(DAYS)}, not {shown}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationCell(Refusal):
    """A cell of an allocation table says what its column asks for."""

    number: ClassVar[int] = 4452
    remedy: ClassVar[str] = "Correct the cell, or take out the row."

    sheet: str
    row: int
    column: str
    found: str
    wanted: str

    def __str__(self) -> str:
        return (
            f"Sheet {self.sheet!r}, row {self.row}, column {self.column} "
            f"is {self.found!r}, not {self.wanted}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationFaultsMany(Refusal):
    """An allocation table is read on as long as its faults can be mended one by one."""

    number: ClassVar[int] = 4453
    remedy: ClassVar[str] = "Mend these first, or check whether it is the right file."

    faults: int

    def __str__(self) -> str:
        return f"The table has more than {self.faults:,} faults; it was not read on."


def read_allocations(sheets: Iterable[Sheet]) -> list[Allocation]:
    """The rows of all sheets, or :class:`~tonne.refusal.Refused` with every fault of them."""
    rows: list[Allocation] = []
    faults: list[Refusal] = []
    for sheet in sheets:
        for found in _read(sheet):
            if isinstance(found, Allocation):
                rows.append(found)
            else:
                faults.append(found)
            if len(faults) > FAULTS_MAX:
                many = AllocationFaultsMany(reference=REFERENCE, faults=FAULTS_MAX)
                raise Refused([*faults[:FAULTS_MAX], many])
    refuse_if_any(faults)
    return rows


def _read(sheet: Sheet) -> Iterator[Allocation | Refusal]:
    filled = [(row, cells) for row, cells in enumerate(sheet.rows, 1) if any(map(_text, cells))]
    headings = [_text(cell).casefold() for cell in filled[0][1]] if filled else []
    while headings and not headings[-1]:
        headings.pop()
    if sorted(headings) != sorted([*COLUMNS, *(day for day in DAYS if day in headings)]):
        found = tuple(heading[:_SHOWN] for heading in headings[:_SHOWN])
        yield AllocationColumns(reference=REFERENCE, sheet=sheet.name, found=found)
        return
    for row, cells in filled[1:]:
        yield from _row(sheet.name, row, headings, cells)


def _row(
    sheet: str, row: int, headings: Sequence[str], cells: Sequence[Cell]
) -> Iterator[Allocation | Refusal]:
    """One row of the table, or what is wrong with its cells."""
    texts = [_text(cell) for cell in cells]
    texts += [""] * (len(headings) - len(texts))
    operator, year, count = (texts[headings.index(column)] for column in COLUMNS)
    said = {column: texts[headings.index(column)] for column in DAYS if column in headings}
    days = {column: _day(text) for column, text in said.items()}
    faults = [
        (column, text)
        for column, text, fits in (
            ("operator_id", operator, bool(operator)),
            ("year", year, year.isdecimal() and len(year) == 4),  # noqa: PLR2004  four digits
            ("count", count, count.isdecimal() and len(count) <= _DIGITS),
        )
        if not fits
    ]
    faults += [(column, text) for column, text in said.items() if text and days[column] is None]
    faults += [("without a heading", text) for text in texts[len(headings) :] if text]
    for column, text in faults:
        yield AllocationCell(
            reference=REFERENCE,
            sheet=sheet,
            row=row,
            column=column,
            found=text[:_SHOWN],
            wanted=_WANTED.get(column, "empty"),
        )
    if not faults:
        yield Allocation(operator=operator, year=int(year), count=int(count), **days)


def _day(text: str) -> date | None:
    """The day that is written there, if one is."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-03-31") else None
    except ValueError:
        return None


def _text(cell: Cell) -> str:
    """What a person sees in a cell."""
    if cell is None:
        return ""
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell).strip()
