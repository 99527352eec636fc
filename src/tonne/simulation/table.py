"""A table of a folder, plain or compressed: its rows, and every fault of their cells."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from tonne.refusal import Refusal
from tonne.simulation.faults import (
    FORMAT,
    CellNotAllowed,
    Faults,
    FileCut,
    FileMissing,
    FileNotTable,
    RecordColumnMissing,
    RecordNotText,
    RowBroken,
)

LINE_MAX = 65_536
DIGITS_MAX = 15


class Table:
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

    def registry(self, row: int, text: str, column: str = "registry") -> str:
        """Two capital letters."""
        if text not in self._registries:
            if not (
                len(text) == len("AT") and text.isascii() and text.isalpha() and text.isupper()
            ):
                self.cell(row, column, text, "two capital letters")
                return text
            self._registries.add(text)
        return text

    def choice(self, row: int, column: str, text: str, choices: Mapping[str, str]) -> str:
        """One of a few words; the word itself, so that it is kept once and not in every row."""
        found = choices.get(text)
        if found is None:
            names = [
                repr(each) if each else "nothing"
                for each in sorted(choices, key=lambda each: not each)
            ]
            self.cell(row, column, text, " or ".join(names))
            return text
        return found


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.GzipFile(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")
