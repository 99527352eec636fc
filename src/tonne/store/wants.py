"""What must be read of the books before a batch can be decided, and what was found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import cast

from tonne.ledger import Block, Key, Lot, Position, Transaction, unissued
from tonne.registry import Status
from tonne.store.loaded import LOTS_MAX, AccountState


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

    def plain(self) -> list[Key]:
        """The needs that no source meets, as account and asset."""
        issuing = {number for number, _ in self.sources}
        return [key for key in self.needs if key[0] not in issuing]

    def only(self, keys: Iterable[Key]) -> "Wants":
        """The same for a few of the needs."""
        few = {key: self.needs[key] for key in keys}
        return Wants(
            keys=self.keys,
            needs=few,
            sources=[],
            blocks=[each for each in self.blocks if (each[0], each[1]) in few],
            accounts=sorted({number for number, _ in few}),
        )


class Found:
    """What was read for a batch, row by row as ``load_books`` tells it."""

    def __init__(self, wants: Wants, series: Mapping[str, str]) -> None:
        """Expect what is wanted; ``series`` are the codes by the database's numbers."""
        self._keys: dict[str, list[Key]] = {
            "s": [(number, unissued(code)) for number, code in wants.sources],
            "b": [(number, code) for number, code, _ in wants.blocks],
        }
        self._plain = wants.plain()
        self._series = series
        self.states: dict[int, AccountState] = {}
        self.known: dict[str, tuple[int, bytes]] = {}
        self.numbers: list[int] = []
        self.piles: dict[Key, _Pile] = {}

    def take(self, rows: Iterable[tuple[str | None, ...]]) -> None:
        """Keep every row where it belongs."""
        for tag, place, word, more, a, b, c in cast("Iterable[tuple[str, ...]]", rows):
            if tag == "a":
                self.states[int(place)] = AccountState(more, cast("Status", word))
            elif tag == "n":
                self.numbers = [int(each) for each in (word or "").split(",") if each]
            elif tag == "k":
                self.known[word] = (int(place), bytes.fromhex(more))
            else:
                self._lot(tag, int(place) - 1, word, (a, b, c))

    def is_scarce(self, key: Key, need: int) -> bool:
        """Whether the lots that were read in order are not enough, though there may be more."""
        pile = self.piles.get(key)
        if pile is None or len(pile.queued) < LOTS_MAX:
            return False
        return sum(pile.queued) - pile.held < need

    def _lot(self, tag: str, place: int, word: str, counts: tuple[str, str, str]) -> None:
        a, b, c = counts
        key = self._keys.get(tag, self._plain)[place]
        pile = self.piles.get(key)
        if pile is None:
            pile = self.piles[key] = _Pile()
        if tag == "f":
            pile.count = int(a)
        elif tag == "h":
            pile.held = int(a)
        else:
            first, last = int(a), int(b)
            pile.lots[Lot(self._series[word], first, last, int(c))] = None
            if tag == "l":
                pile.queued.append(last - first + 1)


class _Pile:
    """What was read of one giver's asset."""

    __slots__ = ("count", "held", "lots", "queued")

    def __init__(self) -> None:
        self.count = 0
        self.held = 0
        self.lots: dict[Lot, None] = {}
        self.queued: list[int] = []

    def position(self) -> Position:
        """The lots in the order in which they came."""
        lots = sorted(self.lots, key=itemgetter(3, 1)) if len(self.lots) > 1 else list(self.lots)
        here = sum(lot.last - lot.first + 1 for lot in lots)
        return Position(count=self.count + here, held=self.held, lots=tuple(lots))


def wanted(batch: Sequence[Transaction], others: Iterable[str]) -> Wants:
    """What a batch is decided on."""
    needs: dict[Key, int] = {}
    sources: dict[tuple[str, str], None] = {}
    blocks: list[tuple[str, str, Block]] = []
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
    return Wants(
        keys=[each.key for each in batch],
        needs=dict(sorted(needs.items())) if len(needs) > 1 else needs,
        sources=sorted(sources),
        blocks=blocks,
        accounts=list(named),
    )
