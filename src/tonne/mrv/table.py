"""A table of reports as a person filled it in: every fault by sheet, row and column, or the rows.

Two tables are understood, told apart by their headings. The emissions table gives a year's whole
tonnes in the column ``verified``; the stream table gives a year's data, one stream a row.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar, Literal

from tonne.mrv.plan import StreamData, Tier
from tonne.mrv.streams import PARAMETERS
from tonne.refusal import Refusal, Refused, refuse_if_any

Cell = str | Decimal | bool | date | None
Value = str | int | Decimal
Reading = Literal["text", "year", "tonnes", "number"]

KEY: dict[str, Reading] = {"operator_id": "text", "year": "year"}
FIGURE: dict[str, Reading] = {"verified": "tonnes"}
STREAM: dict[str, Reading] = {"stream": "text"}
OPTIONAL: dict[str, Reading] = {
    **dict.fromkeys(PARAMETERS, "number"),
    "uncertainty": "number",
    "activity_unit": "text",
    "ef_unit": "text",
    "tier_reason": "text",
    **{f"tier_{parameter}": "text" for parameter in PARAMETERS},
}
"""Columns of a stream table that may be left out, or empty where the approach needs none."""

_EXPECTED: dict[Reading, str] = {
    "text": "text",
    "year": "a year such as 2006",
    "tonnes": "whole tonnes, 0 or more",
    "number": "a number such as 1234.5",
}
FAULTS_MAX = 1000
_SHOWN = 40  # letters of a cell that help to find it again
_DIGITS = 18  # what is longer is a mistake
_PLAIN = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a file, row by row from the very first.

    An empty cell is None or blank; a whole number is a Decimal without a point.
    """

    name: str
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """A row that can be read: whole tonnes of a year, or the data of one stream."""

    row: int
    operator: str
    year: int
    verified: int | None = None
    data: StreamData | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTableEmpty(Refusal):
    """A table has headings and at least one row below them."""

    number: ClassVar[int] = 5800
    remedy: ClassVar[str] = "Give a row of headings and a row for each operator and year."

    sheet: str

    def __str__(self) -> str:
        return f"Sheet {self.sheet!r} has no rows of data."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportColumnMissing(Refusal):
    """Every column that the table needs is there."""

    number: ClassVar[int] = 5801
    remedy: ClassVar[str] = "Add the column with this heading in the first row."

    sheet: str
    row: int
    column: str

    def __str__(self) -> str:
        return f"Sheet {self.sheet!r}, row {self.row}: column {self.column} is missing."


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnUnknown(Refusal):
    """Every column is one that the table knows, once."""

    number: ClassVar[int] = 5802
    remedy: ClassVar[str] = "Correct the heading, or take the column out."

    sheet: str
    cell: str
    found: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"Sheet {self.sheet!r}, cell {self.cell}: column {self.found!r} is unknown or there "
            f"twice; the columns are {', '.join(self.known)}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _CellRefusal(Refusal):
    """A fault of one cell, named as a spreadsheet names it."""

    sheet: str
    row: int
    column: str
    cell: str

    @property
    def place(self) -> str:
        return f"Sheet {self.sheet!r}, row {self.row}, column {self.column} ({self.cell})"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEmpty(_CellRefusal):
    """A cell that the table needs is filled in."""

    number: ClassVar[int] = 5803
    remedy: ClassVar[str] = "Fill in the cell, or take out the row."

    def __str__(self) -> str:
        return f"{self.place} is empty."


@dataclass(frozen=True, slots=True, kw_only=True)
class CellNotReadable(_CellRefusal):
    """A cell holds what its column is for."""

    number: ClassVar[int] = 5804
    remedy: ClassVar[str] = "Write a value as the column asks; a number with a decimal point only."

    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place} is {self.found!r}, not {self.expected}."


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOutside(_CellRefusal):
    """A year is one for which reports are taken."""

    number: ClassVar[int] = 5805
    remedy: ClassVar[str] = "Correct the year."

    year: int
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.place} is {self.year}; reports are taken for {self.first} to {self.last}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOperatorUnknown(_CellRefusal):
    """An operator is one of the scheme's."""

    number: ClassVar[int] = 5806
    remedy: ClassVar[str] = "Correct the operator's identifier, or open its account first."

    operator: str

    def __str__(self) -> str:
        return f"{self.place}: {self.operator!r} is not an operator of the scheme."


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTwice(_CellRefusal):
    """An operator, or its stream, has one row a year."""

    number: ClassVar[int] = 5807
    remedy: ClassVar[str] = "Take out one of the rows, or add them together."

    first: int

    def __str__(self) -> str:
        return f"{self.place}: row {self.first} is for the same operator and year already."


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFaultsMany(Refusal):
    """A table is read on as long as its faults can be mended one by one."""

    number: ClassVar[int] = 5808
    remedy: ClassVar[str] = "Mend these first, or check whether it is the right file."

    sheet: str
    faults: int

    def __str__(self) -> str:
        return f"Sheet {self.sheet!r} has more than {self.faults:,} faults; it was not read on."


def read_reports(
    sheet: Sheet, *, years: range, operators: Collection[str] | None = None, reference: str
) -> list[ReportRow]:
    """All rows of a table, or :class:`~tonne.refusal.Refused` with all its faults.

    ``years`` are those for which reports are taken, ``operators`` those that are known (None:
    any), ``reference`` where the form of the table is laid down.
    """
    filled = [(row, cells) for row, cells in enumerate(sheet.rows, 1) if not _blank(cells)]
    if len(filled) < 2:  # noqa: PLR2004  headings and one row
        raise Refused([ReportTableEmpty(reference=reference, sheet=sheet.name)])
    row, cells = filled[0]
    headings = [_heading(cell) for cell in cells]
    readings = KEY | (FIGURE if "verified" in headings else STREAM | OPTIONAL)
    headed = _heading_refusals(sheet.name, row, headings, readings, reference)
    refuse_if_any(islice(headed, FAULTS_MAX))

    sheet_faults: list[Refusal] = []
    found: list[ReportRow] = []
    first: dict[tuple[Value | None, ...], int] = {}
    for row, cells in filled[1:]:
        line = _Line(sheet=sheet.name, row=row, headings=headings, reference=reference)
        values, faults = line.values(cells, readings)
        faults += line.refusals(values, years=years, operators=operators, first=first)
        sheet_faults += faults
        if not faults:
            found.append(_report_row(row, values))
        if len(sheet_faults) > FAULTS_MAX:
            many = TableFaultsMany(reference=reference, sheet=sheet.name, faults=FAULTS_MAX)
            raise Refused([*sheet_faults[:FAULTS_MAX], many])
    refuse_if_any(sheet_faults)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One row of a sheet, and where its cells are."""

    sheet: str
    row: int
    headings: list[str]
    reference: str

    def values(
        self, cells: Sequence[Cell], readings: dict[str, Reading]
    ) -> tuple[dict[str, Value], list[Refusal]]:
        """What the cells hold, by heading, and the cells that cannot be read."""
        values: dict[str, Value] = {}
        faults: list[Refusal] = []
        width = len(self.headings)
        for at in range(max(width, len(cells))):
            name = self.headings[at] if at < width else ""
            cell = cells[at] if at < len(cells) else None
            if _empty(cell):
                if name and name not in OPTIONAL:
                    faults.append(CellEmpty(**self._place(name, at)))
                continue
            value = _value(cell, readings[name]) if name else None
            if value is not None:
                values[name] = value
                continue
            shown = str(cell)[:_SHOWN]
            expected = _EXPECTED[readings[name]] if name else "empty: its column has no heading"
            faults.append(CellNotReadable(**self._place(name, at), found=shown, expected=expected))
        return values, faults

    def refusals(
        self,
        values: dict[str, Value],
        *,
        years: range,
        operators: Collection[str] | None,
        first: dict[tuple[Value | None, ...], int],
    ) -> Iterator[Refusal]:
        """Operators and years that are not the scheme's, and rows that are there already."""
        operator, year = values.get("operator_id"), values.get("year")
        if operators is not None and operator is not None and operator not in operators:
            yield ReportOperatorUnknown(**self._place("operator_id"), operator=str(operator))
        if isinstance(year, int) and year not in years:
            yield YearOutside(
                **self._place("year"), year=year, first=years.start, last=years.stop - 1
            )
        key = (operator, year, values.get("stream"))
        if operator is None or year is None or ("stream" in self.headings and key[2] is None):
            return
        if first.setdefault(key, self.row) != self.row:
            yield RowTwice(**self._place("operator_id"), first=first[key])

    def _place(self, name: str, at: int | None = None) -> dict[str, Any]:
        at = self.headings.index(name) if at is None else at
        return {
            "reference": self.reference,
            "sheet": self.sheet,
            "row": self.row,
            "column": name or _letters(at),
            "cell": f"{_letters(at)}{self.row}",
        }


def _heading_refusals(
    sheet: str, row: int, headings: list[str], readings: dict[str, Reading], reference: str
) -> Iterator[Refusal]:
    for name in readings:
        if name not in OPTIONAL and name not in headings:
            yield ReportColumnMissing(reference=reference, sheet=sheet, row=row, column=name)
    seen: set[str] = set()
    for at, name in enumerate(headings):
        if name and (name not in readings or name in seen):
            yield ColumnUnknown(
                reference=reference,
                sheet=sheet,
                cell=f"{_letters(at)}{row}",
                found=name[:_SHOWN],
                known=tuple(readings),
            )
        seen.add(name)


def _report_row(row: int, values: dict[str, Any]) -> ReportRow:
    """The row as a record; every value has been read by its column."""
    operator, year = values.pop("operator_id"), values.pop("year")
    if "verified" in values:
        return ReportRow(row=row, operator=operator, year=year, verified=values["verified"])
    tiers = tuple(
        Tier(parameter=parameter, tier=values.pop(f"tier_{parameter}"))
        for parameter in PARAMETERS
        if f"tier_{parameter}" in values
    )
    return ReportRow(row=row, operator=operator, year=year, data=StreamData(tiers=tiers, **values))


def _value(cell: Cell, reading: Reading) -> Value | None:
    """What a cell says, read as its column asks; None if it cannot be."""
    # A spreadsheet writes the error of a formula with a number sign: #REF!, #N/A, #DIV/0!.
    if isinstance(cell, bool | date) or str(cell).startswith("#"):
        return None
    if reading == "text":
        return str(cell).strip()
    found = _number(cell)
    if found is None or reading == "number":
        return found
    if found < 0 or found != found.to_integral_value():
        return None
    return int(found) if reading == "tonnes" or 1000 <= found <= 9999 else None  # noqa: PLR2004  four digits


def _number(cell: Cell) -> Decimal | None:
    if isinstance(cell, Decimal):
        return cell if cell.is_finite() and abs(cell.adjusted()) < _DIGITS else None
    text = str(cell).strip()
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def _heading(cell: Cell) -> str:
    """A heading as it is known: ``Operator ID`` is ``operator_id``."""
    return "" if _empty(cell) else "_".join(str(cell).casefold().split())


def _blank(cells: Iterable[Cell]) -> bool:
    return all(_empty(cell) for cell in cells)


def _empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _letters(at: int) -> str:
    """The letters of a column: A, B, ... Z, AA.

    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    before, letter = divmod(at, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + letter)
