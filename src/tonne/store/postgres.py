"""The books in PostgreSQL: what a batch is decided on, and what it came to."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
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
from tonne.store.wants import Wants, account_numbers, wanted

Row = tuple[Any, ...]

_SEPARATOR = "\x1f"
_COLUMNS = (
    "transaction", "line", "source", "target", "asset", "count", "series", "first", "last", "prior",
)  # fmt: skip


class _Found:
    """What was read of one giver's asset."""

    __slots__ = ("count", "held", "lots", "queued")

    def __init__(self) -> None:
        self.count = 0
        self.held = 0
        self.lots: dict[Lot, None] = {}
        self.queued: list[int] = []

    def position(self) -> Position:
        """The lots in the order in which they came."""
        lots = sorted(self.lots, key=itemgetter(3, 1))
        here = sum(lot.last - lot.first + 1 for lot in lots)
        return Position(count=self.count + here, held=self.held, lots=tuple(lots))


class PostgresBooks(Checking):
    """One operation's view of the books: everything in it stands or falls together."""

    def load(self, batch: Sequence[Transaction], *, others: Iterable[str] = ()) -> Loaded:
        """What the batch is decided on; the accounts that give are locked, in order."""
        wants = wanted(batch, others)
        self._learn((), {code for _, code in wants.needs})
        rows = self._load_rows(wants, LOTS_MAX)
        piles = self._piles(rows, wants)
        if scarce := [key for key, need in wants.needs.items() if _is_scarce(piles, key, need)]:
            # A holder of many small lots: all of them are read, and the numbers drawn anew.
            again = wants.only(scarce)
            more = self._load_rows(again, None)
            piles.update(self._piles(more, again))
            rows = [row for row in rows if row[0] != "n"] + more
        return Loaded(
            accounts={row[2]: AccountState(row[3], row[4]) for row in rows if row[0] == "a"},
            known={row[2]: (row[5], row[9]) for row in rows if row[0] == "k"},
            numbers=[row[5] for row in rows if row[0] == "n"],
            positions={key: pile.position() for key, pile in piles.items()},
            holds=self._open_holds([each.hold for each in batch if each.hold is not None]),
        )

    def save(self, posted: Sequence[Posted], stamp: Stamp) -> None:
        """Write a batch into the journal; the database moves the units and checks again."""
        if not posted:
            return
        self._learn(
            (number for each in posted for number in account_numbers(each.transaction)),
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

    def _load_rows(self, wants: Wants, lots_max: int | None) -> list[Row]:
        assets, series = self.cache.assets, self.cache.series
        plain_wants = wants.plain()
        arguments = (
            texts(wants.keys),
            texts(number for number, _ in plain_wants),
            plain(assets.get(code) for _, code in plain_wants),
            texts(wants.others),
            lots_max,
            texts(number for number, _ in wants.sources),
            plain(series.get(code) for _, code in wants.sources),
            texts(number for number, _, _ in wants.blocks),
            plain(assets.get(code) for _, code, _ in wants.blocks),
            plain(series.get(block.series) for _, _, block in wants.blocks),
            plain(block.first for _, _, block in wants.blocks),
        )
        rows: list[Row] = self._rows(sql.LOAD, arguments)
        known = self.cache.accounts
        for row in rows:
            if row[0] == "a":
                known[row[2]] = row[5]
        return rows

    def _piles(self, rows: list[Row], wants: Wants) -> dict[Key, _Found]:
        """What was read of each giver's asset; of a source, the numbers not yet issued."""
        keys = {
            "l": wants.plain(),
            "f": wants.plain(),
            "h": wants.plain(),
            "s": [(number, unissued(series)) for number, series in wants.sources],
            "b": [(number, code) for number, code, _ in wants.blocks],
        }
        names = {number: code for code, number in self.cache.series.items()}
        piles: dict[Key, _Found] = {}
        for tag, place, _, _, _, a, b, c, d, _ in rows:
            if tag not in keys:
                continue
            key = keys[tag][place - 1]
            pile = piles.get(key)
            if pile is None:
                pile = piles[key] = _Found()
            if tag == "f":
                pile.count = a
            elif tag == "h":
                pile.held = a
            else:
                pile.lots[Lot(names[d], a, b, c)] = None
                if tag == "l":
                    pile.queued.append(b - a + 1)
        return piles

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


def _is_scarce(piles: Mapping[Key, _Found], key: Key, need: int) -> bool:
    """Whether the lots that were read in order are not enough, though there may be more."""
    pile = piles.get(key)
    if pile is None or len(pile.queued) < LOTS_MAX:
        return False
    return sum(pile.queued) - pile.held < need


def is_transient(error: psycopg.Error) -> bool:
    """Whether the same operation may succeed when it is tried again."""
    return error.sqlstate in {"40001", "40P01", "23505", "TN001"}
