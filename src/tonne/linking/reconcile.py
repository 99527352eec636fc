"""Reconciliation by serial ranges, not by totals: every differing range is named."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tonne.ledger import Block
from tonne.linking.line import Line, Tile
from tonne.linking.message import Difference, Held


def compare(
    registry: str, lines: Mapping[str, Line], told: Iterable[Held], *, talked: Iterable[Block]
) -> Iterator[Difference]:
    """Every range of which the log and a registry differ, outside what is still talked over.

    They differ where one says that the registry has a number and the other does not, where they
    hold it to be another kind of unit or in another place, such as retired; and where a registry
    tells a number twice.
    """
    by_series: dict[str, list[Held]] = {}
    for held in told:
        by_series.setdefault(held.block.series, []).append(held)
    left_out: dict[str, list[Block]] = {}
    for block in talked:
        left_out.setdefault(block.series, []).append(block)
    for series in sorted({*lines, *by_series}):
        yield from _joined(
            _series(
                registry,
                series,
                lines.get(series, ()),
                by_series.get(series, []),
                left_out.get(series, []),
            )
        )


def _series(
    registry: str, series: str, line: Line, told: Sequence[Held], talked: Sequence[Block]
) -> Iterator[Difference]:
    """The differences of one series, piece by piece between all edges of anything."""
    told_at, talked_at = _Cover([each.block for each in told]), _Cover(talked)
    ends = {tile.last for tile in line} | told_at.ends() | talked_at.ends()
    tiles = iter(line)
    tile = next(tiles, None)
    first = 1
    for last in sorted(ends):
        while tile is not None and tile.last < first:
            tile = next(tiles, None)
        here = [told[place] for place in told_at.over(first)]
        if not talked_at.over(first):
            mine = tile is not None and tile.holder == registry
            agreed = not mine if not here else mine and tile is not None and (
                len(here) == 1 and (here[0].unit, here[0].place) == (tile.unit, tile.place)
            )  # fmt: skip
            if not agreed:
                yield _difference(Block(series, first, last), tile, here)
        first = last + 1


class _Cover:
    """Which of some blocks lie over a number; asked for in rising order of numbers."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._firsts = sorted((block.first, place) for place, block in enumerate(blocks))
        self._blocks = blocks
        self._open: list[int] = []
        self._next = 0

    def ends(self) -> set[int]:
        """The numbers at which something ends: a block, or what lies before it."""
        ends = {block.last for block in self._blocks}
        return ends | {block.first - 1 for block in self._blocks if block.first > 1}

    def over(self, number: int) -> list[int]:
        """The places of the blocks that lie over a number."""
        upto = bisect_right(self._firsts, (number, len(self._blocks)))
        self._open += [place for _, place in self._firsts[self._next : upto]]
        self._next = max(self._next, upto)
        self._open = [place for place in self._open if self._blocks[place].last >= number]
        return self._open


def _difference(block: Block, tile: Tile | None, here: Sequence[Held]) -> Difference:
    registry = " and ".join(
        f"{each.unit} in {each.account}" + ("" if each.place == "held" else f", {each.place}")
        for each in here
    )
    log = "no such series" if tile is None else str(tile)
    account = here[0].account if here else ""
    return Difference(block, log, registry or "not held", account)


def _joined(differences: Iterable[Difference]) -> Iterator[Difference]:
    """Neighbours that differ in the same way, as one range."""
    before: Difference | None = None
    for each in differences:
        if before is not None and (
            before.block.last + 1 == each.block.first and before[1:] == each[1:]
        ):
            block = Block(before.block.series, before.block.first, each.block.last)
            before = before._replace(block=block)
            continue
        if before is not None:
            yield before
        before = each
    if before is not None:
        yield before
