"""The books in PostgreSQL: what a batch is decided on, and what it came to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg

from tonne.ledger import (
    Account,
    Asset,
    Hold,
    Key,
    Line,
    Lot,
    Position,
    Posted,
    Stamp,
    Transaction,
    digest,
    unissued,
)
from tonne.store import statements as sql
from tonne.store.check import Checking
from tonne.store.columns import digests, plain, texts
from tonne.store.loaded import LOTS_MAX, AccountState, Loaded

Row = tuple[Any, ...]
Want = tuple[str, str, str | None, int]
"""An account, an asset, and the series and first number of a block that the caller named."""

_SEPARATOR = "\x1f"
_COLUMNS = (
    "transaction", "line", "source", "target", "asset", "count", "series", "first", "last", "prior",
)  # fmt: skip


class PostgresBooks(Checking):
    """One operation's view of the books: everything in it stands or falls together."""

    def load(self, batch: Sequence[Transaction], *, others: Iterable[str] = ()) -> Loaded:
        """What the batch is decided on; the accounts that give are locked, in order."""
        needs = _needs(batch)
        named = {number for each in batch for number in _numbers(each)} | set(others)
        wants: list[Want] = [(number, code, None, 0) for number, code in needs]
        wants += _blocks(batch)
        rows = self._load_rows([each.key for each in batch], wants, named, LOTS_MAX)
        piles = _piles(rows, wants)
        scarce = [key for key, need in needs.items() if _is_scarce(piles, key, need)]
        if scarce:
            again: list[Want] = [(number, code, None, 0) for number, code in scarce]
            again += _blocks(batch)
            more = self._load_rows([each.key for each in batch], again, set(), None)
            piles.update(_piles(more, again))
            rows = [row for row in rows if row[0] != "n"] + more  # Numbers after what was read.
        holds = self._open_holds([each.hold for each in batch if each.hold is not None])
        return Loaded(
            accounts={row[2]: AccountState(row[3], row[4]) for row in rows if row[0] == "a"},
            known={row[2]: (row[5], row[8]) for row in rows if row[0] == "k"},
            numbers=[row[5] for row in rows if row[0] == "n"],
            positions=_positions(piles, needs, batch),
            holds=holds,
        )

    def save(self, posted: Sequence[Posted], stamp: Stamp) -> None:
        """Write a batch into the journal; the database moves the units and checks again."""
        if not posted:
            return
        self._learn(
            (number for each in posted for number in _numbers(each.transaction)),
            {line.asset for each in posted for line in each.lines},
        )
        waves: dict[int, list[Row]] = {}
        for each in posted:
            for place, line in enumerate(each.lines):
                waves.setdefault(line.wave, []).append(self._step(each.number, place, line))
        for wave in sorted(waves):
            columns = map(plain, zip(*waves[wave], strict=True))
            moves: dict[str, object] = dict(zip(_COLUMNS, columns, strict=True))
            if wave == min(waves):
                self._execute(sql.SAVE, moves | _entries(posted) | self._stamp(stamp))
            else:
                self._execute(sql.MOVE, moves)

    def _step(self, number: int, place: int, line: Line) -> Row:
        source, target, asset, units, series, first, last, prior, _ = line
        ids = self.cache.accounts
        row = (number, place + 1, ids[source], ids[target], self.cache.assets[asset], units)
        if series is None:
            return (*row, None, None, None, None)
        return (*row, self.cache.series[series], first, last, prior)

    def _load_rows(
        self,
        keys: list[str],
        wants: list[Want],
        others: set[str],
        lots_max: int | None,
    ) -> list[Row]:
        givers, codes, series, firsts = (list(each) for each in zip(*wants, strict=True))
        arguments = (
            texts(keys),
            texts(givers),
            texts(codes),
            texts(sorted(others)),
            texts(series),
            plain(firsts),
            lots_max,
        )
        rows: list[Row] = self._rows(sql.LOAD, arguments)
        for row in rows:
            if row[0] == "a":
                self.cache.accounts[row[2]] = row[1]
        return rows

    def _open_holds(self, keys: list[str]) -> dict[str, Hold]:
        if not keys:
            return {}
        return {
            key: Hold(
                key=key, account=Account(number, is_source), asset=Asset(code, series), count=n
            )
            for key, number, is_source, code, series, n in self._rows(sql.OPEN_HOLDS, (keys,))
        }

    def _stamp(self, stamp: Stamp) -> dict[str, object]:
        return {"day": stamp.day, "at": stamp.at, "rulebook": self._rulebook(stamp)}


def _entries(posted: Sequence[Posted]) -> dict[str, object]:
    """The journal's columns for a batch."""
    transactions = [each.transaction for each in posted]
    return {
        "number": plain(each.number for each in posted),
        "key": texts(each.key for each in transactions),
        "digest": digests(digest(each) for each in transactions),
        "kind": texts(each.kind for each in transactions),
        "year": plain(each.year for each in transactions),
        "because": texts(_SEPARATOR.join(each.because) for each in transactions),
        "reverses": plain(each.reverses for each in transactions),
        "hold": texts(each.hold for each in transactions),
    }


def _needs(batch: Sequence[Transaction]) -> dict[Key, int]:
    """How many of what the batch takes from whom, in order of account and asset."""
    needs: dict[Key, int] = {}
    for transaction in batch:
        for movement in transaction.movements:
            key = (movement.source.number, movement.asset.code)
            needs[key] = needs.get(key, 0) + movement.count
    return dict(sorted(needs.items()))


def _numbers(transaction: Transaction) -> Iterable[str]:
    for movement in transaction.movements:
        yield movement.source.number
        yield movement.target.number


def _blocks(batch: Sequence[Transaction]) -> list[Want]:
    """The blocks that the caller named, so that the lots they lie in are read too."""
    return [
        (movement.source.number, movement.asset.code, movement.block.series, movement.block.first)
        for transaction in batch
        for movement in transaction.movements
        if movement.block is not None
    ]


class _Found:
    """What was read of one giver's asset."""

    __slots__ = ("count", "held", "lots")

    def __init__(self) -> None:
        self.count = 0
        self.held = 0
        self.lots: dict[Lot, None] = {}


def _piles(rows: list[Row], wants: list[Want]) -> dict[Key, _Found]:
    piles: dict[Key, _Found] = {}
    for tag, place, word, _, _, a, b, c, _ in rows:
        if tag not in "hfl":
            continue
        number, code, _, _ = wants[place - 1]
        pile = piles.setdefault((number, code), _Found())
        if tag == "l":
            pile.lots[Lot(word, a, b, c)] = None
        elif tag == "f":
            pile.count = a
        else:
            pile.held = a
    return piles


def _is_scarce(piles: Mapping[Key, _Found], key: Key, need: int) -> bool:
    """Whether the lots that were read at first are not enough, though there may be more."""
    pile = piles.get(key)
    if pile is None or len(pile.lots) < LOTS_MAX:
        return False
    # A lot read for its named block may lie further back than some that were not read.
    front = sorted(pile.lots, key=lambda lot: (lot.since, lot.first))[:LOTS_MAX]
    return sum(lot.last - lot.first + 1 for lot in front) - pile.held < need


def _positions(
    piles: Mapping[Key, _Found], needs: Mapping[Key, int], batch: Sequence[Transaction]
) -> dict[Key, Position]:
    """What the givers hold; a source holds the numbers of its series that are not yet issued."""
    sources = {
        (movement.source.number, movement.asset.code): movement.asset
        for transaction in batch
        for movement in transaction.movements
        if movement.source.is_source
    }
    positions: dict[Key, Position] = {}
    for key in needs:
        pile = piles.get(key)
        if pile is None:
            continue
        lots = tuple(sorted(pile.lots, key=lambda lot: (lot.since, lot.first)))
        here = sum(lot.last - lot.first + 1 for lot in lots)
        asset = sources.get(key)
        if asset is not None and asset.series is not None:
            positions[key[0], unissued(asset.series)] = Position(count=here, lots=lots)
        else:
            positions[key] = Position(count=pile.count + here, held=pile.held, lots=lots)
    return positions


def is_transient(error: psycopg.Error) -> bool:
    """Whether the same operation may succeed when it is tried again."""
    return error.sqlstate in {"40001", "40P01", "23505", "TN001"}
