"""What is wrong with a folder of tables: the refusals of the replay format, counted and listed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tonne.refusal import Refusal, Refused

FORMAT = "Replay format, docs/reference/replay-format.md"
FAULTS_LISTED_MAX = 20
"""So many faults of one sort in one column of one file are listed; the rest are counted."""


class Faults:
    """Faults as they are found: a fair sample of each sort, and the number of all."""

    def __init__(self) -> None:
        self.total = 0
        self._listed: list[Refusal] = []
        self._sorts: Counter[tuple[str, object, object]] = Counter()

    def add(self, fault: Refusal) -> None:
        """Count it, and list it unless there are many like it."""
        sort = (fault.code, getattr(fault, "file", None), getattr(fault, "column", None))
        self.total += 1
        self._sorts[sort] += 1
        if self._sorts[sort] <= FAULTS_LISTED_MAX:
            self._listed.append(fault)

    def refuse(self) -> None:
        """Raise those listed, with the number of all; or do nothing if there are none."""
        if not self.total:
            return
        if self.total > len(self._listed):
            more = MoreFaults(listed=len(self._listed), total=self.total, reference=FORMAT)
            self._listed.append(more)
        raise Refused(self._listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMissing(Refusal):
    """A table that the replay needs is not in the folder."""

    number: ClassVar[int] = 4600
    remedy: ClassVar[str] = "Put the file there, plain as .csv or compressed as .csv.gz."

    file: str

    def __str__(self) -> str:
        return f"The folder has no {self.file}, nor {self.file}.gz."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCut(Refusal):
    """A file ends before its end, or its compressed form is damaged."""

    number: ClassVar[int] = 4601
    remedy: ClassVar[str] = "Fetch the file again; a whole file ends its last line with a line end."

    file: str
    row: int

    def __str__(self) -> str:
        return f"{self.file} is cut off or damaged near row {self.row}; the rest was not read."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNotText(Refusal):
    """A file is not in UTF-8."""

    number: ClassVar[int] = 4602
    remedy: ClassVar[str] = "Save the table as text in UTF-8."

    file: str
    row: int
    byte: str

    def __str__(self) -> str:
        return (
            f"{self.file} is not text in UTF-8: byte {self.byte} stands at or after row {self.row};"
            " the rest was not read."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNotTable(Refusal):
    """A file is text, but not a table of comma-separated cells."""

    number: ClassVar[int] = 4603
    remedy: ClassVar[str] = "Save the table with commas between cells and one line for each row."

    file: str
    row: int
    why: str

    def __str__(self) -> str:
        return f"{self.file} is no table at row {self.row}: {self.why}; the rest was not read."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordColumnMissing(Refusal):
    """The first row does not name a column that is needed, or names it twice."""

    number: ClassVar[int] = 4604
    remedy: ClassVar[str] = "Name the column once in the first row, spelt as in the format."

    file: str
    column: str

    def __str__(self) -> str:
        return (
            f"{self.file} does not have exactly one column {self.column}; its rows were not read."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowBroken(Refusal):
    """A row has more or fewer cells than there are columns."""

    number: ClassVar[int] = 4605
    remedy: ClassVar[str] = "Give the row as many cells as the first row; quote cells with commas."

    file: str
    row: int
    cells: int
    columns: int

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.cells} cells stand in {self.columns} columns."


@dataclass(frozen=True, slots=True, kw_only=True)
class CellNotAllowed(Refusal):
    """A cell holds what its column does not allow."""

    number: ClassVar[int] = 4606
    remedy: ClassVar[str] = "Correct the cell."

    file: str
    row: int
    column: str
    value: str
    allowed: str

    def __str__(self) -> str:
        return (
            f"{self.file}, row {self.row}, column {self.column}: "
            f"{self.value!r} stands where only {self.allowed} may."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorTwice(Refusal):
    """Two operators have one account."""

    number: ClassVar[int] = 4607
    remedy: ClassVar[str] = "Keep one row for each account, over both files of operators."

    file: str
    row: int
    account: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: account {self.account} was already given a row."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOperatorUnknown(Refusal):
    """A year is told of an operator that the folder does not describe."""

    number: ClassVar[int] = 4608
    remedy: ClassVar[str] = "Describe the operator in the file of its kind, or correct the account."

    file: str
    row: int
    account: str
    kind: str

    def __str__(self) -> str:
        return (
            f"{self.file}, row {self.row}: the folder describes no {self.kind} "
            f"with the account {self.account!r}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorYearTwice(Refusal):
    """One operator has two rows for one year."""

    number: ClassVar[int] = 4609
    remedy: ClassVar[str] = "Keep one row for each operator and year."

    file: str
    row: int
    account: str
    year: int

    def __str__(self) -> str:
        return (
            f"{self.file}, row {self.row}: "
            f"account {self.account} already has a row for {self.year}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToReplay(Refusal):
    """The folder is in order but has no row for the years asked for."""

    number: ClassVar[int] = 4610
    remedy: ClassVar[str] = "Ask for years that the folder has."

    first: int
    last: int

    def __str__(self) -> str:
        return f"No operator has a row for the years {self.first} to {self.last}."


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsBeforeUnknown(Refusal):
    """A replay begins with a year in which counting begins: what was before is in no table."""

    number: ClassVar[int] = 4612
    remedy: ClassVar[str] = "Begin with the year from which units and tonnes are counted."

    first: int
    since: int

    def __str__(self) -> str:
        return (
            f"A replay cannot begin with {self.first}: units and tonnes are counted since "
            f"{self.since}, and what was missing or left over before {self.first} is not known."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNotTraded(Refusal):
    """A replay on an exchange needs an instrument for every unit that operators surrender."""

    number: ClassVar[int] = 4613
    remedy: ClassVar[str] = "Add one to instruments.toml of the scheme, or replay without --market."

    unit: str
    day: date

    def __str__(self) -> str:
        return f"No instrument of the law delivers {self.unit} on {self.day}."


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreFaults(Refusal):
    """There are more faults than are listed."""

    number: ClassVar[int] = 4611
    remedy: ClassVar[str] = "Mend the faults listed, then read the folder again to see the others."

    listed: int
    total: int

    def __str__(self) -> str:
        return f"{self.total} faults were found; {self.listed} of them are listed."
