"""The books in PostgreSQL: what a batch is decided on, and what it came to."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from tonne.ledger import (
    Account,
    Asset,
    Hold,
    Line,
    Posted,
    Stamp,
    Transaction,
    digest,
)
from tonne.store import statements as sql
from tonne.store.check import Checking
from tonne.store.columns import digests, plain, texts
from tonne.store.loaded import LOTS_MAX, Loaded
from tonne.store.wants import Found, Wants, wanted

Row = tuple[Any, ...]

_SEPARATOR = "\x1f"


class PostgresBooks(Checking):
    """One operation's view of the books: everything in it stands or falls together."""

    def load(self, batch: Sequence[Transaction], *, others: Iterable[str] = ()) -> Loaded:
        """What the batch is decided on; the accounts that give are locked, in order."""
        wants = wanted(batch, others)
        self._learn(wants.accounts, {code for _, code in wants.needs})
        found = self._read(wants, LOTS_MAX)
        if scarce := [key for key, need in wants.needs.items() if found.is_scarce(key, need)]:
            # A holder of many small lots: all of them are read, and the numbers drawn anew.
            more = self._read(wants.only(scarce), None)
            found.piles.update(more.piles)
            found.numbers = more.numbers
        known = self.cache.accounts
        return Loaded(
            accounts={
                number: found.states.get(known[number][0]) or known[number][1]
                for number in wants.accounts
                if number in known
            },
            known=found.known,
            numbers=found.numbers,
            positions={key: pile.position() for key, pile in found.piles.items()},
            holds=self._open_holds([each.hold for each in batch if each.hold is not None]),
        )

    def save(self, posted: Sequence[Posted], stamp: Stamp) -> None:
        """Write a batch into the journal; the database moves the units and checks again."""
        if not posted:
            return
        waves: dict[int, list[Row]] = {}
        for each in posted:
            for place, line in enumerate(each.lines):
                waves.setdefault(line.wave, []).append(self._step(each.number, place, line))
        for wave in sorted(waves):
            moves = [plain(column) for column in zip(*waves[wave], strict=True)]
            if wave == min(waves):
                entries = [*_entries(posted), *self._stamp(stamp)]
                self.direct.later("save", sql.SAVE, [*entries, *moves])
            else:
                self._execute(sql.MOVE, moves)

    def _step(self, number: int, place: int, line: Line) -> Row:
        source, target, asset, units, series, first, last, prior, _ = line
        ids = self.cache.accounts
        ends = ids[source][0], ids[target][0]
        row = (number, place + 1, *ends, self.cache.assets[asset], units)
        if series is None:
            return (*row, None, None, None, None)
        return (*row, self.cache.series[series], first, last, prior)

    def _read(self, wants: Wants, lots_max: int | None) -> Found:
        assets, series = self.cache.assets, self.cache.series
        known = self.cache.accounts
        ids = {number: known[number][0] for number in wants.accounts if number in known}
        plain_wants = wants.plain()
        arguments = (
            texts(wants.keys),
            plain(ids.get(number) for number, _ in plain_wants),
            plain(assets.get(code) for _, code in plain_wants),
            plain(ids.get(number) for number in wants.accounts),
            None if lots_max is None else str(lots_max),
            plain(ids.get(number) for number, _ in wants.sources),
            plain(series.get(code) for _, code in wants.sources),
            plain(ids.get(number) for number, _, _ in wants.blocks),
            plain(assets.get(code) for _, code, _ in wants.blocks),
            plain(series.get(block.series) for _, _, block in wants.blocks),
            plain(block.first for _, _, block in wants.blocks),
        )
        found = Found(wants, {str(number): code for code, number in series.items()})
        found.take(self.direct.ask("load", sql.LOAD, arguments))
        return found

    def _open_holds(self, keys: list[str]) -> dict[str, Hold]:
        if not keys:
            return {}
        return {
            key: Hold(
                key=key, account=Account(number, is_source), asset=Asset(code, series), count=n
            )
            for key, number, is_source, code, series, n in self._rows(sql.OPEN_HOLDS, (keys,))
        }

    def _stamp(self, stamp: Stamp) -> tuple[str, str, str]:
        return str(stamp.day), stamp.at.isoformat(), str(self._rulebook(stamp))


def _entries(posted: Sequence[Posted]) -> tuple[str, ...]:
    """The journal's columns for a batch."""
    transactions = [each.transaction for each in posted]
    return (
        plain(each.number for each in posted),
        texts(each.key for each in transactions),
        digests(digest(each) for each in transactions),
        texts(each.kind for each in transactions),
        plain(each.year for each in transactions),
        texts(_SEPARATOR.join(each.because) for each in transactions),
        plain(each.reverses for each in transactions),
        texts(each.hold for each in transactions),
    )


def is_transient(error: psycopg.Error) -> bool:
    """Whether the same operation may succeed when it is tried again."""
    return error.sqlstate in {"40001", "40P01", "23505", "TN001"}
