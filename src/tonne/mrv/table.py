"""A table as a person filled it in: every fault by sheet, row and column, or the rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tonne.mrv.cells import (
    SHOWN,
    Cell,
    CellEmpty,
    CellNotReadable,
    ColumnUnknown,
    Reading,
    ReportColumnMissing,
    ReportOperatorUnknown,
    ReportTableEmpty,
    RowTwice,
    Sheet,
    TableFaultsMany,
    Value,
    YearOutside,
    expected,
    heading,
    is_blank,
    is_empty,
    letters,
    value,
)
from tonne.refusal import Refusal, refuse_if_any

FAULTS_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The columns of a table: those in which every cell is filled, and those that may be empty."""

    needed: Mapping[str, Reading]
    optional: Mapping[str, Reading] = field(default_factory=dict)
    """A column of these may be left out."""

    key: tuple[str, ...] = ("operator_id", "year")
    """Of what there is one row."""

    @property
    def columns(self) -> dict[str, Reading]:
        """Every column, and how its cells are read."""
        return {**self.needed, **self.optional}


FIGURES = Form(needed={"operator_id": "text", "year": "year", "verified": "tonnes"})
"""The table of verified emissions: whole tonnes by operator and year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """A row of verified emissions."""

    row: int
    operator: str
    year: int
    verified: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a sheet: what its cells hold by heading, and where they stand."""

    sheet: str
    row: int
    headings: Sequence[str]
    values: Mapping[str, Value]

    def text(self, column: str) -> str:
        """What is written there; nothing where the cell is empty."""
        return str(self.values.get(column, ""))

    def place(self, column: str) -> dict[str, Any]:
        """The place of a cell of this row, also in a column that the sheet lacks."""
        cell = (
            f"{letters(self.headings.index(column))}{self.row}" if column in self.headings else ""
        )
        return {"sheet": self.sheet, "row": self.row, "column": column, "cell": cell}


def read_reports(
    sheet: Sheet, *, years: range, operators: Collection[str] | None = None, reference: str
) -> list[ReportRow]:
    """All rows of a table, or :class:`~tonne.refusal.Refused` with all its faults.

    ``years`` are those for which reports are taken, ``operators`` those that are known (None:
    any), ``reference`` where the form of the table is laid down.
    """
    rows, faults = read_rows(sheet, FIGURES, years=years, operators=operators, reference=reference)
    refuse_if_any(faults)
    found = []
    for row in rows:
        year, verified = row.values["year"], row.values["verified"]
        assert isinstance(year, int), "read as a year"
        assert isinstance(verified, int), "read as tonnes"
        found.append(
            ReportRow(row=row.row, operator=row.text("operator_id"), year=year, verified=verified)
        )
    return found


def read_rows(
    sheet: Sheet,
    form: Form,
    *,
    years: range | None = None,
    operators: Collection[str] | None = None,
    reference: str,
) -> tuple[list[Row], list[Refusal]]:
    """The rows that can be read, and every fault of the table."""
    filled = [(row, cells) for row, cells in enumerate(sheet.rows, 1) if not is_blank(cells)]
    if len(filled) < 2:  # noqa: PLR2004  headings and one row
        return [], [ReportTableEmpty(reference=reference, sheet=sheet.name)]
    reader = _Reader(sheet=sheet.name, form=form, row=filled[0][0], reference=reference,
                     headings=[heading(cell) for cell in filled[0][1]])  # fmt: skip
    if headed := list(islice(reader.headed(), FAULTS_MAX)):
        return [], headed
    faults: list[Refusal] = []
    found: list[Row] = []
    first: dict[tuple[Value | None, ...], int] = {}
    for number, cells in filled[1:]:
        row, wrong = reader.read(number, cells)
        wrong += reader.refusals(row, years=years, operators=operators, first=first)
        faults += wrong
        if not wrong:
            found.append(row)
        if len(faults) > FAULTS_MAX:
            many = TableFaultsMany(reference=reference, sheet=sheet.name, faults=FAULTS_MAX)
            return [], [*faults[:FAULTS_MAX], many]
    return found, faults


def has_heading(sheet: Sheet, name: str) -> bool:
    """Whether the first row of a sheet that is not blank has that heading."""
    cells = next((cells for cells in sheet.rows if not is_blank(cells)), ())
    return name in map(heading, cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """A table while it is read, row by row."""

    sheet: str
    form: Form
    row: int
    """The row of the headings."""

    headings: list[str]
    reference: str

    def headed(self) -> Iterator[Refusal]:
        """Columns that are missing, unknown or there twice."""
        for name in self.form.needed:
            if name not in self.headings:
                yield ReportColumnMissing(
                    reference=self.reference, sheet=self.sheet, row=self.row, column=name
                )
        known = self.form.columns
        seen: set[str] = set()
        for at, name in enumerate(self.headings):
            if name and (name not in known or name in seen):
                yield ColumnUnknown(
                    reference=self.reference,
                    sheet=self.sheet,
                    cell=f"{letters(at)}{self.row}",
                    found=name[:SHOWN],
                    known=tuple(known),
                )
            seen.add(name)

    def read(self, number: int, cells: Sequence[Cell]) -> tuple[Row, list[Refusal]]:
        """What the cells of a row hold, and those that cannot be read."""
        values: dict[str, Value] = {}
        faults: list[Refusal] = []
        readings = self.form.columns
        width = len(self.headings)
        for at in range(max(width, len(cells))):
            name = self.headings[at] if at < width else ""
            cell = cells[at] if at < len(cells) else None
            if is_empty(cell):
                if name in self.form.needed:
                    faults.append(CellEmpty(**self._place(at, name, number)))
                continue
            found = value(cell, readings[name]) if name else None
            if found is not None:
                values[name] = found
                continue
            wanted = expected(cell, readings[name]) if name else "empty: its column has no heading"
            shown = str(cell)[:SHOWN]
            place = self._place(at, name, number)
            faults.append(CellNotReadable(**place, found=shown, expected=wanted))
        row = Row(sheet=self.sheet, row=number, headings=self.headings, values=values)
        return row, faults

    def refusals(
        self,
        row: Row,
        *,
        years: range | None,
        operators: Collection[str] | None,
        first: dict[tuple[Value | None, ...], int],
    ) -> Iterator[Refusal]:
        """Operators and years that are not the scheme's, and rows that are there already."""
        operator, year = row.values.get("operator_id"), row.values.get("year")
        if operators is not None and operator is not None and operator not in operators:
            yield ReportOperatorUnknown(
                reference=self.reference, **row.place("operator_id"), operator=str(operator)
            )
        if years is not None and isinstance(year, int) and year not in years:
            yield YearOutside(
                reference=self.reference,
                **row.place("year"),
                year=year,
                first=years.start,
                last=years.stop - 1,
            )
        key = tuple(row.values.get(name) for name in self.form.key)
        if None not in key and first.setdefault(key, row.row) != row.row:
            yield RowTwice(
                reference=self.reference,
                **row.place("operator_id"),
                first=first[key],
                same=_in_words(self.form.key),
            )

    def _place(self, at: int, name: str, number: int) -> dict[str, Any]:
        letter = letters(at)
        return {"reference": self.reference, "sheet": self.sheet, "row": number,
                "column": name or letter, "cell": f"{letter}{number}"}  # fmt: skip


def _in_words(key: Sequence[str]) -> str:
    """The columns of a key in a sentence: ``operator and year``."""
    *others, last = (name.removesuffix("_id").replace("_", " ") for name in key)
    return f"{', '.join(others)} and {last}"
