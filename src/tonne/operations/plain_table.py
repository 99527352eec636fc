"""Tables of plain columns, read in one way: every fault by sheet, row and column, or all rows.

Which columns there are is said by a form; what is wrong is told by the form's own refusals.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, NamedTuple, TypeVar

from tonne.mrv import Cell, Sheet
from tonne.refusal import Refusal, Refused, refuse_if_any

T = TypeVar("T")
Fields = Mapping[str, str]

FAULTS_MAX = 1000
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsUnfit(Refusal):
    """A table has its columns, each once, and no other."""

    columns: ClassVar[str]
    """Which those are, in words."""

    sheet: str
    found: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.found) or "nothing"
        return f"{self.sheet!r} should have the columns {self.columns}, not {shown}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CellUnfit(Refusal):
    """A cell says what its column asks for."""

    sheet: str
    row: int
    column: str
    found: str
    wanted: str

    def __str__(self) -> str:
        return (
            f"{self.sheet!r}, row {self.row}, column {self.column} "
            f"is {self.found!r}, not {self.wanted}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsMany(Refusal):
    """A table is read on as long as its faults can be mended one by one."""

    faults: int

    def __str__(self) -> str:
        return f"The table has more than {self.faults:,} faults; it was not read on."


class Form(NamedTuple):
    """The columns of a kind of table, what each asks for, and how its faults are told."""

    reference: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    wanted: Mapping[str, str]
    """By column, what a cell of it says, in words."""

    columns_unfit: type[ColumnsUnfit]
    cell_unfit: type[CellUnfit]
    faults_many: type[FaultsMany]

    def fits(self, headings: Sequence[str]) -> bool:
        """Whether these are its columns, each once, perhaps with some that may be left out."""
        more = [each for each in self.optional if each in headings]
        return sorted(headings) == sorted([*self.columns, *more])

    def wrong_columns(self, sheet: str, headings: Sequence[str]) -> Refusal:
        """That a table has other columns."""
        found = tuple(heading[:_SHOWN] for heading in headings[:_SHOWN])
        return self.columns_unfit(reference=self.reference, sheet=sheet, found=found)

    def wrong_cell(self, sheet: str, row: int, column: str, found: str) -> Refusal:
        """That a cell says something else; one without a heading should be empty."""
        return self.cell_unfit(
            reference=self.reference,
            sheet=sheet,
            row=row,
            column=column,
            found=found[:_SHOWN],
            wanted=self.wanted.get(column, "empty"),
        )


def rows_of(
    sheets: Iterable[Sheet], form: Form, row: Callable[[str, int, Fields], Iterator[T | Refusal]]
) -> Iterator[T | Refusal]:
    """The rows of all sheets, each as ``row`` reads it out of its texts; or what is wrong."""
    for sheet in sheets:
        filled = [
            (place, cells) for place, cells in enumerate(sheet.rows, 1) if any(map(_text, cells))
        ]
        headings = [_text(cell).casefold() for cell in filled[0][1]] if filled else []
        while headings and not headings[-1]:
            headings.pop()
        if not form.fits(headings):
            yield form.wrong_columns(sheet.name, headings)
            continue
        for place, cells in filled[1:]:
            texts = [_text(cell) for cell in cells]
            texts += [""] * (len(headings) - len(texts))
            beside = [text for text in texts[len(headings) :] if text]
            for text in beside:
                yield form.wrong_cell(sheet.name, place, "without a heading", text)
            for found in row(sheet.name, place, dict(zip(headings, texts, strict=False))):
                if not beside or isinstance(found, Refusal):
                    yield found


def whole(found: Iterable[T | Refusal], form: Form) -> list[T]:
    """All rows, or :class:`~tonne.refusal.Refused` with every fault of them."""
    rows: list[T] = []
    faults: list[Refusal] = []
    for each in found:
        if isinstance(each, Refusal):
            faults.append(each)
        else:
            rows.append(each)
        if len(faults) > FAULTS_MAX:
            many = form.faults_many(reference=form.reference, faults=FAULTS_MAX)
            raise Refused([*faults[:FAULTS_MAX], many])
    refuse_if_any(faults)
    return rows


def _text(cell: Cell) -> str:
    """What a person sees in a cell."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell).strip()
