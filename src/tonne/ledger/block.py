"""Serial numbers: a block is first to last in one series, and blocks split and join."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

LAST_NUMBER = 2**63 - 1
"""The end of every series' number line: the largest integer PostgreSQL's ``bigint`` holds."""


class Block(Struct, frozen=True, order=True):
    """The serial numbers ``first`` to ``last`` of a series, both included.

    >>> Block("EU", 1, 10).count
    10
    """

    series: str
    first: int
    last: int

    def __post_init__(self) -> None:
        assert 0 < self.first <= self.last <= LAST_NUMBER, "a block runs from first to last"

    @property
    def count(self) -> int:
        """How many units the block is."""
        return self.last - self.first + 1

    def __contains__(self, other: "Block") -> bool:
        return self.series == other.series and self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        return f"{self.series}-{self.first}-{self.last}"


class Lot(NamedTuple):
    """A block in somebody's hands, and the transaction by which it came there.

    A plain tuple, since a batch handles hundreds of thousands. ``wave`` orders the movements of
    one batch that touch the same numbers: what came in by wave 0 goes on in wave 1.
    """

    series: str
    first: int
    last: int
    since: int
    wave: int = 0

    @property
    def units(self) -> int:
        """How many units the lot is."""
        return self.last - self.first + 1

    @property
    def block(self) -> Block:
        """The serial numbers of the lot."""
        return Block(self.series, self.first, self.last)


def split(block: Block, piece: Block) -> tuple[Block, ...]:
    """The block cut at the edges of a piece of it: up to three blocks, in order.

    >>> [str(part) for part in split(Block("EU", 1, 10), Block("EU", 4, 6))]
    ['EU-1-3', 'EU-4-6', 'EU-7-10']
    """
    assert piece in block, "only a piece of a block is cut from it"
    parts = (
        (block.first, piece.first - 1),
        (piece.first, piece.last),
        (piece.last + 1, block.last),
    )
    return tuple(Block(block.series, first, last) for first, last in parts if first <= last)


def join(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same numbers in as few blocks as can be, in order.

    >>> [str(part) for part in join([Block("EU", 4, 6), Block("EU", 1, 3), Block("EU", 8, 9)])]
    ['EU-1-6', 'EU-8-9']
    """
    joined: list[Block] = []
    for block in sorted(blocks):
        before = joined[-1] if joined else None
        if before is None or before.series != block.series or before.last + 1 < block.first:
            joined.append(block)
            continue
        assert before.last < block.first, "no number is in two blocks"
        joined[-1] = Block(before.series, before.first, block.last)
    return tuple(joined)
