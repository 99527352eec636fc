"""From the bytes of an .xlsx or .csv file to its sheets; nothing is trusted, nothing is guessed.

This is the border where the binary numbers of a spreadsheet become exact: 12.1 in a cell is the
decimal 12.1, as a person sees it.
"""

import csv
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import ClassVar

from tonne.mrv import Cell, Sheet
from tonne.refusal import Refusal, Refused

BYTES_MAX = 50_000_000
CELLS_MAX = 5_000_000
UNPACKED_MAX = 200_000_000
_PLACE = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["'][^>]*(?<!/)>"""
)
_LINE_END = re.compile(r"\r\n?|\n")
_FORMULA_ERROR = re.compile(rb"""(<(?:\w+:)?c\b[^>]*?\b)t\s*=\s*["']e["']""")
# What a damaged archive makes the archive's reader raise.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError,
    LookupError,
)  # fmt: skip
REFERENCE = "Form of a report file"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEmpty(Refusal):
    """A file has something in it."""

    number: ClassVar[int] = 5900
    remedy: ClassVar[str] = "Choose the right file, or send it again."

    file: str

    def __str__(self) -> str:
        return f"File {self.file!r} is empty."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTooLarge(Refusal):
    """A file is no larger than can be read with care."""

    number: ClassVar[int] = 5901
    remedy: ClassVar[str] = "Take out what is not needed, or split the file."

    file: str
    size: int
    limit: int
    what: str

    def __str__(self) -> str:
        return f"File {self.file!r} has {self.size:,} {self.what}; {self.limit:,} are read at most."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKindUnknown(Refusal):
    """A file of reports is a workbook (.xlsx) or comma-separated text (.csv)."""

    number: ClassVar[int] = 5902
    remedy: ClassVar[str] = "Save the table as .xlsx or as .csv in UTF-8."

    file: str

    def __str__(self) -> str:
        return f"File {self.file!r} is neither .xlsx nor .csv."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNotText(Refusal):
    """Comma-separated text is in UTF-8."""

    number: ClassVar[int] = 5903
    remedy: ClassVar[str] = "Save the file as CSV UTF-8, without special characters if need be."

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"File {self.file!r} is not UTF-8 text: line {self.line}, {self.why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookBroken(Refusal):
    """A workbook is whole and can be opened."""

    number: ClassVar[int] = 5904
    remedy: ClassVar[str] = "Open the file in a spreadsheet program, save it anew and send that."

    file: str
    why: str

    def __str__(self) -> str:
        return f"File {self.file!r} is no workbook that can be read: {self.why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCutShort(Refusal):
    """The last line of a text file has its end, so that nothing was cut off from it."""

    number: ClassVar[int] = 5905
    remedy: ClassVar[str] = "Send the whole file; if it is whole, end its last line and save it."

    file: str
    line: int

    def __str__(self) -> str:
        return f"File {self.file!r} may be cut short: line {self.line}, its last, has no end."


def sheets(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file by its name's ending, or :class:`~tonne.refusal.Refused`.

    Rows are counted from the very first, as a person sees them; a sheet without any cell is
    left out.
    """
    if not content:
        raise Refused([FileEmpty(reference=REFERENCE, file=name)])
    _not_above(name, len(content), BYTES_MAX, "bytes")
    if name.lower().endswith(".csv"):
        return [_csv(name, content)]
    if name.lower().endswith(".xlsx"):
        return _xlsx(name, content)
    raise Refused([FileKindUnknown(reference=REFERENCE, file=name)])


def _csv(name: str, content: bytes) -> Sheet:
    """One sheet; the delimiter is the comma or the semicolon, by the first line that has one."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise _not_text(name, line, f"byte {content[fault.start]:#04x}") from fault
    nul = text.find("\0")
    if nul >= 0:
        raise _not_text(name, text.count("\n", 0, nul) + 1, "byte 0x00")
    if not text.strip():
        raise Refused([FileEmpty(reference=REFERENCE, file=name)])
    first = next((line for line in text.splitlines() if line.strip(",; \t")), "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    _not_above(name, text.count(delimiter) + text.count("\n"), CELLS_MAX, "cells")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as fault:
        raise _not_text(name, reader.line_num, str(fault)) from fault
    body = text.rstrip("\t ")
    if not body.endswith(("\n", "\r")):
        line = len(_LINE_END.findall(body)) + 1
        raise Refused([FileCutShort(reference=REFERENCE, file=name, line=line)])
    return Sheet(name=name, rows=rows)


def _xlsx(name: str, content: bytes) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  heavy

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_repacked(name, content)))
        tables = {
            title: workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for title in workbook.sheet_names
        }
    except (*_BROKEN, CalamineError) as fault:
        why = str(fault).partition("\n")[0] or type(fault).__name__
        raise Refused([WorkbookBroken(reference=REFERENCE, file=name, why=why)]) from fault
    found = [
        Sheet(name=title, rows=[[_cell(cell) for cell in row] for row in rows])
        for title, rows in tables.items()
        if rows
    ]
    if not found:
        raise Refused([FileEmpty(reference=REFERENCE, file=name)])
    return found


def _repacked(name: str, content: bytes) -> bytes:
    """The workbook packed anew, from parts whose sizes and sums have been checked.

    The reader drops the error of a formula, which would leave its cell empty; here it is made
    a text, so that the table can refuse it.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        parts = {part.filename: part for part in source.infolist()}
        unpacked = sum(part.file_size for part in parts.values())
        _not_above(name, unpacked, UNPACKED_MAX, "bytes when unpacked")
        for path, part in parts.items():
            text = source.read(part)
            if path.endswith(".xml"):
                _not_above(name, _extent(text), CELLS_MAX, "cells from the first to the last")
                text = _FORMULA_ERROR.sub(rb'\1t="str"', text)
            target.writestr(path, text)
    return packed.getvalue()


def _extent(sheet: bytes) -> int:
    """How many cells a sheet spans: one stray cell far out makes it immense."""
    places = {(place[1].upper(), int(place[2])) for place in _PLACE.finditer(sheet)}
    if not places:
        return 0
    letters = max((column for column, _ in places), key=lambda column: (len(column), column))
    width = 0
    for letter in letters:
        width = width * 26 + letter - ord("A") + 1
    return width * max(row for _, row in places)


def _cell(cell: object) -> Cell:
    """A cell as the table takes it; the binary number becomes the decimal that a person sees."""
    if isinstance(cell, str | bool):
        return cell
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    if isinstance(cell, time | timedelta):
        return str(cell)
    exact = Decimal(repr(cell))
    whole = exact.is_finite() and exact == exact.to_integral_value()
    return Decimal(int(exact)) if whole else exact


def _not_above(name: str, size: int, limit: int, what: str) -> None:
    if size > limit:
        raise Refused(
            [FileTooLarge(reference=REFERENCE, file=name, size=size, limit=limit, what=what)]
        )


def _not_text(name: str, line: int, why: str) -> Refused:
    return Refused([FileNotText(reference=REFERENCE, file=name, line=line, why=why)])
