"""The books in PostgreSQL: what a batch is decided on, and what it came to."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
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
from tonne.registry import Status
from tonne.store import statements as sql
from tonne.store.columns import digests, plain, texts
from tonne.store.direct import MANY
from tonne.store.loaded import LOTS_MAX, AccountState, Loaded
from tonne.store.public import PublicReading
from tonne.store.wants import Found, Wants, wanted

Row = tuple[Any, ...]

_SEPARATOR = "\x1f"


class PostgresBooks(PublicReading):
    """One operation's view of the books: everything in it stands or falls together."""

    _saves = 0
    """How many batches were written."""

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
                number: _state(found.states, *known[number])
                for number in wants.accounts
                if number in known
            },
            known=found.known,
            numbers=found.numbers,
            positions={key: pile.position() for key, pile in found.piles.items()},
            holds=self._open_holds([each.hold for each in batch if each.hold is not None]),
            linked=found.linked,
        )

    def save(self, posted: Sequence[Posted], stamp: Stamp) -> None:
        """Write a batch into the journal; the database moves the units and checks again."""
        if not posted:
            return
        lines = [
            (line.wave, line.series is None, entry, place, line)
            for entry, each in enumerate(posted, 1)
            for place, line in enumerate(each.lines, 1)
        ]
        lines.sort(key=itemgetter(0, 1))
        runs = [
            place
            for place, (one, next_) in enumerate(pairwise(lines), 1)
            if one[0] != next_[0] or one[1] != next_[1]
        ]
        try:
            moves = [self._step(*line[2:]) for line in lines]
        except KeyError:
            # Something was posted that was not loaded: it may be in the books all the same.
            self._learn((), {each[4].asset for each in lines})
            moves = [self._step(*line[2:]) for line in lines]
        arguments = [
            *_entries(posted),
            *self._stamp(stamp),
            plain([*runs, len(lines)]),
            *[plain(column) for column in zip(*moves, strict=True)],
        ]
        self.direct.later("save", sql.SAVE, arguments)
        if self._saves or len(lines) >= MANY:
            # Who comes again, as in the days of a replay, is likely to come once more.
            self.direct.hurry()
        self._saves += 1

    def _step(self, entry: int, place: int, line: Line) -> Row:
        source, target, asset, units, series, first, last, prior, _ = line
        ids = self.cache.accounts
        row = (entry, place, ids[source][0], ids[target][0], self.cache.assets[asset], units)
        if series is None:
            return (*row, None, None, None, None)
        return (*row, self.cache.series[series], first, last, prior)

    def _read(self, wants: Wants, lots_max: int | None) -> Found:
        assets, series = self.cache.assets, self.cache.series
        known = self.cache.accounts
        ids = {number: known[number][0] for number in wants.accounts if number in known}
        found = Found(wants, {number: code for code, number in series.items()})
        arguments = (
            texts(wants.keys),
            plain(ids.get(number) for number, _ in found.plain),
            plain(assets.get(code) for _, code in found.plain),
            str(found.numbered),
            plain(ids.get(number) for number in wants.accounts),
            None if lots_max is None else str(lots_max),
            plain(ids.get(number) for number, _ in wants.sources),
            plain(series.get(code) for _, code in wants.sources),
            plain(ids.get(number) for number, _, _ in wants.blocks),
            plain(assets.get(code) for _, code, _ in wants.blocks),
            plain(series.get(block.series) for _, _, block in wants.blocks),
            plain(block.first for _, _, block in wants.blocks),
        )
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


def _state(changed: Mapping[int, Status], number: int, opened: AccountState) -> AccountState:
    """The state of an account that may not be open."""
    status = changed.get(number)
    return opened if status is None else opened._replace(status=status)


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
