"""What is wrong with the tables of issued and cancelled blocks: the refusals of their format."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal

CDM_FORMAT = "Replay format, docs/reference/replay-format.md, blocks of the CDM registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockNotItsTotal(Refusal):
    """A block is as many units as its numbers say."""

    number: ClassVar[int] = 4700
    remedy: ClassVar[str] = "Correct the total, or the first or last number."

    file: str
    row: int
    first: int
    last: int
    total: int

    def __str__(self) -> str:
        return (
            f"{self.file}, row {self.row}: the numbers {self.first} to {self.last} are "
            f"{self.last - self.first + 1:,} units, not {self.total:,}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocksOverlap(Refusal):
    """A number is issued once in the series of its party."""

    number: ClassVar[int] = 4701
    remedy: ClassVar[str] = "Correct the numbers of one of the two rows, or take it out."

    file: str
    row: int
    other: int
    party: str
    issued: int
    """A number that both rows issue."""

    def __str__(self) -> str:
        return (
            f"{self.file}, row {self.row}: number {self.issued} of {self.party} is issued "
            f"in row {self.other} too."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationTwice(Refusal):
    """A transaction of a block is told once."""

    number: ClassVar[int] = 4703
    remedy: ClassVar[str] = "Take one of the two rows out."

    file: str
    row: int
    other: int
    serial: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.serial} was cancelled then in row {self.other}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoBlocks(Refusal):
    """A replay has blocks to issue."""

    number: ClassVar[int] = 4702
    remedy: ClassVar[str] = "Put the rows of the registry's report into the file."

    file: str

    def __str__(self) -> str:
        return f"{self.file} has no row, so there is nothing to replay."
