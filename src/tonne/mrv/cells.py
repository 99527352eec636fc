"""One cell of a table that a person filled in: what it says, or why it cannot be read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, get_args

from tonne.mrv.approach import Approach
from tonne.mrv.placed import Placed
from tonne.mrv.plan import Size
from tonne.quantity import Gas, NameUnknown, gas
from tonne.refusal import Refusal, Refused

Cell = str | Decimal | bool | date | None
Value = str | int | Decimal | bool | date | Gas
Reading = Literal[
    "text", "year", "count", "tonnes", "number", "day", "yes_or_no", "gas", "approach", "size",
    "tier",
]  # fmt: skip

EXPECTED: dict[Reading, str] = {
    "text": "text",
    "year": "a year such as 2006",
    "count": "a whole number of units, 1 or more",
    "tonnes": "whole tonnes, 0 or more",
    "number": "a number such as 1234.5",
    "day": "a day such as 2026-03-31",
    "yes_or_no": "yes or no",
    "gas": "a greenhouse gas",
    "approach": f"one of {', '.join(get_args(Approach))}",
    "size": f"one of {', '.join(get_args(Size))}",
    "tier": "a tier such as 2 or 2a",
}
"""What a cell holds, by how its column is read."""

SHOWN = 40  # letters of a cell that help to find it again
_DIGITS = 18  # what is longer is a mistake
_PLAIN = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
_TIER = re.compile(r"[1-9][a-z]?")
_TRUTHS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a file, row by row from the very first.

    An empty cell is None or blank; a whole number is a Decimal without a point.
    """

    name: str
    rows: Sequence[Sequence[Cell]]


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
class CellEmpty(Placed):
    """A cell that the table needs is filled in."""

    number: ClassVar[int] = 5803
    remedy: ClassVar[str] = "Fill in the cell, or take out the row."

    def __str__(self) -> str:
        return f"{self.stands} is empty."


@dataclass(frozen=True, slots=True, kw_only=True)
class CellNotReadable(Placed):
    """A cell holds what its column is for."""

    number: ClassVar[int] = 5804
    remedy: ClassVar[str] = "Write a value as the column asks; a number with a decimal point only."

    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.stands} is {self.found!r}, not {self.expected}."


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOutside(Placed):
    """A year is one for which reports are taken."""

    number: ClassVar[int] = 5805
    remedy: ClassVar[str] = "Correct the year."

    year: int
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.stands} is {self.year}; reports are taken for {self.first} to {self.last}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOperatorUnknown(Placed):
    """An operator is one of the scheme's."""

    number: ClassVar[int] = 5806
    remedy: ClassVar[str] = "Correct the operator's identifier, or open its account first."

    operator: str

    def __str__(self) -> str:
        return f"{self.stands}: {self.operator!r} is not an operator of the scheme."


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTwice(Placed):
    """An operator, or its stream, has one row a year."""

    number: ClassVar[int] = 5807
    remedy: ClassVar[str] = "Take out one of the rows, or add them together."

    first: int
    same: str = "operator and year"

    def __str__(self) -> str:
        return f"{self.stands}: row {self.first} is for the same {self.same} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFaultsMany(Refusal):
    """A table is read on as long as its faults can be mended one by one."""

    number: ClassVar[int] = 5808
    remedy: ClassVar[str] = "Mend these first, or check whether it is the right file."

    sheet: str
    faults: int

    def __str__(self) -> str:
        return f"Sheet {self.sheet!r} has more than {self.faults:,} faults; it was not read on."


def value(cell: Cell, reading: Reading) -> Value | None:
    """What a cell says, read as its column asks; None if it cannot be."""
    # A spreadsheet writes the error of a formula with a number sign: #REF!, #N/A, #DIV/0!.
    if isinstance(cell, bool) or str(cell).startswith("#"):
        return cell if isinstance(cell, bool) and reading == "yes_or_no" else None
    if isinstance(cell, date) or reading == "day":
        return _day(cell) if reading == "day" else None
    text = str(cell).strip()
    if reading == "text":
        return text
    if reading in {"yes_or_no", "gas", "approach", "size", "tier"}:
        return _word(text, reading)
    found = _number(cell)
    return found if found is None or reading == "number" else _whole(found, reading)


def expected(cell: Cell, reading: Reading) -> str:
    """What a cell should have said that cannot be read; for a gas, which one may be meant."""
    if reading == "gas":
        try:
            gas(str(cell).strip())
        except Refused as no:
            return meant(no.refusals[0])
    return EXPECTED[reading]


def meant(refusal: Refusal) -> str:
    """What a name that is unknown should have been."""
    assert isinstance(refusal, NameUnknown), "the name of a gas is known or unknown"
    known = f"; known: {', '.join(refusal.known)}" if refusal.known else ""
    return f"{refusal.kind}{known}"


def heading(cell: Cell) -> str:
    """A heading as it is known: ``Operator ID`` is ``operator_id``."""
    return "" if is_empty(cell) else _joined(str(cell))


def is_blank(cells: Iterable[Cell]) -> bool:
    """Whether nothing stands in a row."""
    return all(is_empty(cell) for cell in cells)


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def letters(at: int) -> str:
    """The letters of a column: A, B, ... Z, AA.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    before, letter = divmod(at, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + letter)


def _whole(found: Decimal, reading: Reading) -> int | None:
    """A whole number as its column asks for one: of four digits, above nothing, or not below."""
    if found != found.to_integral_value():
        return None
    least, most = {"year": (1000, 9999), "count": (1, None)}.get(reading, (0, None))
    return int(found) if found >= least and (most is None or found <= most) else None


def _word(text: str, reading: Reading) -> Value | None:
    """A gas, or one of the few words that a column knows."""
    if reading == "gas":
        try:
            return gas(text)
        except Refused:
            return None
    word = _joined(text)
    if reading == "yes_or_no":
        return _TRUTHS.get(word)
    if reading == "tier":
        return word if _TIER.fullmatch(word) else None
    known = get_args(Approach) if reading == "approach" else get_args(Size)
    return word if word in known else None


def _day(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    try:
        return date.fromisoformat(text) if len(text) == len("2026-03-31") else None
    except ValueError:
        return None


def _number(cell: Cell) -> Decimal | None:
    if isinstance(cell, Decimal):
        return cell if cell.is_finite() and abs(cell.adjusted()) < _DIGITS else None
    text = str(cell).strip()
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def _joined(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").split())
