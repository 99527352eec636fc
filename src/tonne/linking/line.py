"""The log's own copy of who holds which serials: for each series the whole line, tile by tile.

A line is kept as the books keep theirs (decision 0008): by the ends of its tiles, each tile
beginning where the one before it ends. So no number is in two places, and none is nowhere.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tonne.ledger import LAST_NUMBER, Block
from tonne.linking.proposal import Place


class Tile(NamedTuple):
    """Numbers that lie together: who holds them (nobody yet: ""), as what, in which place."""

    series: str
    first: int
    last: int
    holder: str = ""
    unit: str = ""
    place: Place = "unissued"

    @property
    def block(self) -> Block:
        """The numbers."""
        return Block(self.series, self.first, self.last)

    def __str__(self) -> str:
        if not self.holder:
            return "not issued"
        place = "" if self.place == "held" else f", {self.place}"
        return f"{self.holder} as {self.unit}{place}"


class Move(NamedTuple):
    """Numbers that change their holder, their kind or their place."""

    block: Block
    holder: str
    unit: str
    place: Place


Line = tuple[Tile, ...]
"""The tiles of a series, in order. Of the whole line, or of as much as is looked at."""


def whole_series(series: str) -> Line:
    """A line of which nothing is issued."""
    return (Tile(series, 1, LAST_NUMBER),)


def cover(line: Sequence[Tile], block: Block) -> Line:
    """The tiles over a block, cut at its edges.

    >>> [(t.first, t.last) for t in cover(whole_series("AT"), Block("AT", 5, 9))]
    [(5, 9)]
    """
    found: list[Tile] = []
    for place in range(bisect_left(line, block.first, key=lambda tile: tile.last), len(line)):
        tile = line[place]
        if tile.first > block.last:
            break
        found.append(
            tile._replace(first=max(tile.first, block.first), last=min(tile.last, block.last))
        )
    return tuple(found)


def moved(line: Sequence[Tile], move: Move) -> Line:
    """The line after a move: the same numbers, cut at the edges of what was moved.

    Neighbours that have become alike are joined.
    """
    block = move.block
    first = bisect_left(line, block.first, key=lambda tile: tile.last)
    last = bisect_left(line, block.last, key=lambda tile: tile.last)
    below, above = line[first], line[last]
    middle = [Tile(block.series, block.first, block.last, move.holder, move.unit, move.place)]
    if below.first < block.first:
        middle.insert(0, below._replace(last=block.first - 1))
    if above.last > block.last:
        middle.append(above._replace(first=block.last + 1))
    before, after = max(first - 1, 0), last + 2
    middle = joined([*line[before:first], *middle, *line[last + 1 : after]])
    return (*line[:before], *middle, *line[after:])


def is_whole(line: Sequence[Tile]) -> bool:
    """Whether the tiles reach from the first number to the last without overlap or gap."""
    reached = 0
    for tile in line:
        if tile.first != reached + 1 or tile.last < tile.first:
            return False
        reached = tile.last
    return reached == LAST_NUMBER


def joined(tiles: Iterable[Tile]) -> list[Tile]:
    """The same line in as few tiles as can be."""
    found: list[Tile] = []
    for tile in tiles:
        if found and found[-1][3:] == tile[3:]:
            found[-1] = found[-1]._replace(last=tile.last)
        else:
            found.append(tile)
    return found
