"""What must be read of the books before a batch can be decided, and what was found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import cast

from tonne.ledger import Block, Key, Lot, Position, Transaction, unissued
from tonne.registry import Status
from tonne.store.loaded import LOTS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """The accounts, keys and lots that a batch is decided on."""

    keys: list[str]
    """The idempotency keys."""

    needs: dict[Key, int]
    """How many of an asset the batch takes from an account, in order of both."""

    sources: list[tuple[str, str]]
    """The accounts that issue, and the series in which they do."""

    blocks: list[tuple[str, str, Block]]
    """The blocks that the caller named: the lots in which they lie are read too."""

    accounts: list[str]
    """Every account that is named."""

    fungible: set[str]
    """The assets that have no numbers."""

    def plain(self) -> tuple[list[Key], int]:
        """The needs that no source meets, those of numbered units first, and how many these are."""
        issuing = {number for number, _ in self.sources}
        plain = [key for key in self.needs if key[0] not in issuing]
        if not self.fungible:
            return plain, len(plain)
        numbered = [key for key in plain if key[1] not in self.fungible]
        return numbered + [key for key in plain if key[1] in self.fungible], len(numbered)

    def only(self, keys: Iterable[Key]) -> "Wants":
        """The same for a few of the needs."""
        few = {key: self.needs[key] for key in keys}
        return Wants(
            keys=self.keys,
            needs=few,
            sources=[],
            blocks=[each for each in self.blocks if (each[0], each[1]) in few],
            accounts=sorted({number for number, _ in few}),
            fungible=self.fungible,
        )


class Found:
    """What was read for a batch, row by row as ``load_books`` tells it."""

    def __init__(self, wants: Wants, series: Mapping[int, str]) -> None:
        """Expect what is wanted; ``series`` are the codes by the database's numbers."""
        self._wants = wants
        self.plain, self.numbered = wants.plain()
        self._series = series
        self.states: dict[int, Status] = {}
        self.known: dict[str, tuple[int, bytes]] = {}
        self.numbers: list[int] = []
        self.linked = False
        self.piles: dict[Key, _Pile] = {}

    def take(self, rows: Iterable[tuple[str | None, ...]]) -> None:
        """Keep every row where it belongs."""
        for tag, place, word, a, b, c in cast("Iterable[tuple[str, ...]]", rows):
            if tag == "a":
                self.states[int(place)] = cast("Status", word)
            elif tag == "n":
                self.numbers = _integers(a or "")
            elif tag == "g":
                self.linked = True
            elif tag == "k":
                self.known[self._wants.keys[int(place) - 1]] = (int(a), bytes.fromhex(word))
            elif tag == "f":
                for where, count in zip(_integers(place), _integers(a), strict=True):
                    self._pile(self.plain[where - 1]).count = count
            elif tag == "h":
                self._pile(self.plain[int(place) - 1]).held = int(a)
            else:
                self._lots(tag, (place, word, a, b, c))

    def is_scarce(self, key: Key, need: int) -> bool:
        """Whether the lots that were read are not enough, though there may be more."""
        pile = self.piles.get(key)
        if pile is None or pile.queued - pile.held >= need:
            return False
        return pile.length == LOTS_MAX

    def _lots(self, tag: str, columns: Sequence[str]) -> None:
        """Lots come as columns."""
        if tag == "l":
            keys: Sequence[Key] = self.plain
        elif tag == "s":
            keys = [(number, unissued(code)) for number, code in self._wants.sources]
        else:
            keys = [(number, code) for number, code, _ in self._wants.blocks]
        codes = self._series
        for place, code, first, last, since in zip(*map(_integers, columns), strict=True):
            pile = self._pile(keys[place - 1])
            pile.lots[Lot(codes[code], first, last, since)] = None
            if tag == "l":
                pile.queued += last - first + 1
                pile.length += 1

    def _pile(self, key: Key) -> "_Pile":
        pile = self.piles.get(key)
        if pile is None:
            pile = self.piles[key] = _Pile()
        return pile


def _integers(array: str) -> list[int]:
    """The numbers of an array as PostgreSQL writes it."""
    inner = array[1:-1]
    return list(map(int, inner.split(","))) if inner else []


class _Pile:
    """What was read of one giver's asset."""

    __slots__ = ("count", "held", "length", "lots", "queued")

    def __init__(self) -> None:
        self.count = 0
        self.held = 0
        self.lots: dict[Lot, None] = {}
        self.length = self.queued = 0
        """How many lots came in order, and how many units they are."""

    def position(self) -> Position:
        """The lots in the order in which they came."""
        lots = sorted(self.lots, key=itemgetter(3, 1)) if len(self.lots) > 1 else list(self.lots)
        here = self.queued
        if len(lots) != self.length:  # Some were named, or are not issued.
            here = sum([lot.last - lot.first + 1 for lot in lots])
        return Position(count=self.count + here, held=self.held, lots=tuple(lots))


def wanted(batch: Sequence[Transaction], others: Iterable[str]) -> Wants:
    """What a batch is decided on."""
    needs: dict[Key, int] = {}
    sources: dict[tuple[str, str], None] = {}
    blocks: list[tuple[str, str, Block]] = []
    fungible: set[str] = set()
    named = set(others)
    for transaction in batch:
        for movement in transaction.movements:
            source, asset = movement.source, movement.asset
            named.add(source.number)
            named.add(movement.target.number)
            key = (source.number, asset.code)
            needs[key] = needs.get(key, 0) + movement.count
            if source.is_source and asset.series is not None:
                sources[source.number, asset.series] = None
            elif movement.block is not None:
                blocks.append((source.number, asset.code, movement.block))
            if asset.series is None:
                fungible.add(asset.code)
    return Wants(
        keys=[each.key for each in batch],
        needs=dict(sorted(needs.items())) if len(needs) > 1 else needs,
        sources=sorted(sources),
        blocks=blocks,
        accounts=list(named),
        fungible=fungible,
    )
