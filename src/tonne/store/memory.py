"""The books in memory: the twin of PostgreSQL, for tests and for what is only tried.

It keeps the same promises by its own code: what the database refuses is refused here.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, get_args

from tonne.compliance import Notice, Outcome
from tonne.ledger import (
    LAST_NUMBER,
    Asset,
    Hold,
    Key,
    Line,
    Lot,
    Position,
    Posted,
    Stamp,
    Step,
    Transaction,
    digest,
    unissued,
)
from tonne.mrv import EmissionsReport, Figure, SourceStream, StreamData
from tonne.registry import Dedication, HoldingAccount, Status
from tonne.store.kept import Change, Emission, Entry, Exclusion, Memory, Opened
from tonne.store.loaded import AccountState, Closing, Loaded
from tonne.store.memory_public import MemoryPublic
from tonne.store.memory_words import MemorySpeaking
from tonne.store.recall import in_order
from tonne.store.undo import NotWhole, Undoing, expect

T = TypeVar("T")


class MemoryStore:
    """The books in memory."""

    def __init__(self) -> None:
        """Empty books."""
        self.memory = Memory()
        self._one_at_a_time = threading.Lock()

    def run(self, operation: "Callable[[MemoryBooks], T]", *, keep: bool = True) -> T:
        """Run an operation whole or not at all; with ``keep=False`` nothing of it remains."""
        with self._one_at_a_time:
            books = MemoryBooks(self.memory)
            try:
                answer = operation(books)
            except BaseException:
                books.undo()
                raise
            if not keep:
                books.undo()
            return answer


class MemoryBooks(MemoryPublic, MemorySpeaking):
    """One operation's view of the books: everything in it stands or falls together."""

    def __init__(self, memory: Memory) -> None:
        """A view that remembers what it changes."""
        MemoryPublic.__init__(self, memory)
        Undoing.__init__(self)

    def load(self, batch: Sequence[Transaction], *, others: Iterable[str] = ()) -> Loaded:
        """What the batch is decided on."""
        memory = self.memory
        movements = [movement for each in batch for movement in each.movements]
        named = {end.number for each in movements for end in (each.source, each.target)}
        known = [(each.key, self.known(each.key)) for each in batch]
        named_holds = {each.hold for each in batch if each.hold is not None}
        open_holds = memory.holds.keys() - memory.ended.keys() if named_holds else set()
        keys = {self._place(each.source.number, each.asset) for each in movements}
        first = memory.last_number + 1
        memory.last_number += len(batch)
        return Loaded(
            accounts={
                number: AccountState(
                    opened.account.kind, opened.account.status, opened.account.opened
                )
                for number in named.union(others)
                if (opened := memory.accounts.get(number)) is not None
            },
            known={key: entry for key, entry in known if entry is not None},
            numbers=range(first, first + len(batch)),
            positions={key: self._position(key) for key in keys},
            holds={key: memory.holds[key] for key in named_holds & open_holds},
            linked=bool(memory.links),
        )

    def save(self, posted: Sequence[Posted], stamp: Stamp) -> None:
        """Write a batch into the journal and move its units."""
        waves: dict[int, list[tuple[int, Line]]] = {}
        for number, transaction, lines in posted:
            self._enter(
                Entry(
                    number,
                    transaction.key,
                    digest(transaction),
                    transaction.kind,
                    transaction.year,
                    transaction.because,
                    stamp,
                    transaction.reverses,
                    transaction.hold,
                )
            )
            self._keep_steps(number, transaction, lines, stamp)
            for line in lines:
                waves.setdefault(line.wave, []).append((number, line))
            if transaction.hold is not None:
                self.end_holds(number, [transaction.hold])
        for wave in sorted(waves):
            self._move_numbered([each for each in waves[wave] if each[1].series is not None])
            self._move_counted([line for _, line in waves[wave] if line.series is None])
        for key in {(line.source, line.asset) for each in posted for line in each.lines}:
            self._cover_holds(key)

    def enter(
        self,
        *,
        key: str,
        digest: bytes,
        kind: str,
        year: int | None,
        because: tuple[str, ...],
        stamp: Stamp,
    ) -> int:
        """A journal entry that moves nothing, and its number."""
        self.memory.last_number += 1
        number = self.memory.last_number
        self._enter(Entry(number, key, digest, kind, year, because, stamp))
        return number

    def open_accounts(
        self, entry: int, accounts: Sequence[HoldingAccount], *, scheme: str, sources: Iterable[str]
    ) -> None:
        """Add accounts; those whose numbers are in ``sources`` issue units."""
        self._expect_entry(entry)
        of_source = set(sources)
        for each in accounts:
            account = replace(each, status="open")
            opened = Opened(account, scheme, each.number in of_source, len(self.memory.accounts))
            self._add(self.memory.accounts, each.number, opened)

    def add_assets(self, assets: Sequence[tuple[Asset, str]]) -> None:
        """Add kinds of unit, and from its source the series of each that is the first of it."""
        memory = self.memory
        for asset, source in assets:
            if asset.series is not None and asset.series not in memory.series:
                expect(
                    source in memory.accounts and memory.accounts[source].is_source,
                    "only a source holds what is not yet issued",
                )
                self._add(memory.series, asset.series, source)
                whole = Lot(asset.series, 1, LAST_NUMBER, 0)
                self._lay((source, unissued(asset.series)), whole)
            self._add(memory.assets, asset.code, asset)

    def change_status(self, entry: int, *, account: str, status: str, reason: str) -> None:
        """Add a change of an account's status."""
        self._expect_entry(entry)
        known: dict[str, Status] = {each: each for each in get_args(Status)}
        expect(status in known, f"no status is called {status}")
        opened = self._account(account)
        change = Change(entry, account, status, reason)
        self._add(self.memory.changes, (entry, account), change)
        changed = replace(opened.account, status=known[status])
        self._put(self.memory.accounts, account, opened._replace(account=changed))

    def add_holds(self, entry: int, holds: Sequence[Hold]) -> None:
        """Promise units and money."""
        self._expect_entry(entry)
        for hold in holds:
            self._account(hold.account.number)
            expect(hold.asset.code in self.memory.assets, "what is promised is in the books")
            key = (hold.account.number, hold.asset.code)
            self._add(self.memory.holds, hold.key, hold)
            self._put(self.memory.promised_by, hold.key, entry)
            self._put(self._inner(self.memory.promised, key), hold.key, hold.count)
        for hold in holds:
            self._cover_holds((hold.account.number, hold.asset.code))

    def end_holds(self, entry: int, keys: Sequence[str]) -> None:
        """Free what was promised under these keys."""
        self._expect_entry(entry)
        for key in keys:
            expect(key in self.memory.holds, f"there is no hold {key}")
            hold = self.memory.holds[key]
            self._add(self.memory.ended, key, entry)
            self._drop(self.memory.promised[hold.account.number, hold.asset.code], key)

    def free(
        self,
        pairs: Sequence[tuple[str, str]],
        enough: Sequence[int | None] | None = None,  # noqa: ARG002  all of it is soon counted
    ) -> dict[tuple[str, str], int]:
        """What accounts hold of assets and have not promised, by account and asset."""
        promised = self.memory.promised
        return {pair: self._count(pair) - sum(promised.get(pair, {}).values()) for pair in pairs}

    def add_reports(
        self, entry: int, reports: Sequence[tuple[str, EmissionsReport]], *, reference: str
    ) -> None:
        """Add what operators reported, by account number."""
        expect(bool(reference), "a report is asked for by the law")
        self._add_emissions(entry, reports)

    def add_streams(
        self, entry: int, streams: Sequence[Sequence[tuple[SourceStream, StreamData]]]
    ) -> None:
        """Add what an entry's reports were worked out from: plan and data, report by report."""
        expect(len(streams) <= self.memory.reporting.get(entry, 0), "streams are of a report")
        for each in streams:
            names = {plan.stream for plan, _ in each}
            expect(len(names) == len(each), "a report tells a stream once")
        self._add(self.memory.streams, entry, [tuple(each) for each in streams])

    def add_figures(self, entry: int, figures: Sequence[tuple[str, Figure]]) -> None:
        """Add figures of a year, by account number; those before them are kept."""
        self._add_emissions(entry, figures)

    def add_exclusions(
        self, entry: int, accounts: Sequence[str], *, year: int, reason: str, reference: str
    ) -> None:
        """Add that these accounts' operators owe nothing for a year."""
        exclusion = Exclusion(year, reason, reference)
        self._add_emissions(entry, [(number, exclusion) for number in accounts])

    def add_closings(
        self, entry: int, closings: Sequence[tuple[str, Outcome, int | None, int]]
    ) -> None:
        """Add the outcomes of a closed year: account, outcome, tonnes, units of the year."""
        self._expect_entry(entry)
        for number, outcome, verified, surrendered in closings:
            self._account(number)
            expect(bool(outcome.because), "nothing is closed without law")
            day = self.memory.entries[entry].stamp.day
            closing = Closing(number, outcome, verified, surrendered, entry, day)
            self._add(self._inner(self.memory.outcomes, outcome.year), (entry, number), closing)

    def add_notice(self, entry: int, notice: Notice) -> None:
        """Add what was found of a nation or a project; its day is that of the entry."""
        self._expect_entry(entry)
        expect(bool(notice.subject), "a notice is of somebody")
        self._add(self.memory.notices, entry, notice)

    def add_dedications(self, dedications: Mapping[int, Dedication]) -> None:
        """Add for whom and what for units were cancelled, by transaction."""
        for entry, dedication in dedications.items():
            self._expect_entry(entry)
            expect(bool(dedication.beneficiary), "a cancellation is dedicated to somebody")
            self._add(self.memory.dedications, entry, dedication)

    # What a batch does to the books.

    def _enter(self, entry: Entry) -> None:
        memory = self.memory
        expect(bool(entry.because), "nothing moves without law")
        expect(bool(entry.stamp.rulebook), "the law that was read has a fingerprint")
        expect(0 < entry.number <= memory.last_number, "a number comes from the books")
        expect(bool(entry.key), "an entry has the caller's key")
        if entry.reverses is not None:
            expect(entry.reverses in memory.entries, "what is reversed stands in the journal")
            expect(entry.reverses < entry.number, "what is reversed came before")
            self._add(memory.reversals, entry.reverses, entry.number)
        self._add(memory.keys, entry.key, entry.number)
        self._add(memory.entries, entry.number, entry)

    def _keep_steps(
        self, number: int, transaction: Transaction, lines: Sequence[Line], stamp: Stamp
    ) -> None:
        kind, year, day, at = transaction.kind, transaction.year, stamp.day, stamp.at
        steps = tuple(
            Step(number, kind, year, day, at, line.source, line.target, line.asset, *line[3:8])
            for line in lines
        )
        self._put(self.memory.steps, number, steps)
        self._append(self._rows(self.memory.kinds, transaction.kind), number)
        for account in {end for line in lines for end in line[:2]}:
            self._append(self._rows(self.memory.moves, account), number)

    def _move_numbered(self, moves: Sequence[tuple[int, Line]]) -> None:
        """Cut all pieces out first, then lay them: those of one wave are taken at once."""
        taken: dict[Key, list[Line]] = {}
        for _, line in moves:
            self._expect_ends(line)
            asset = self.memory.assets[line.asset]
            expect(asset.series == line.series, "the numbers are of the asset's series")
            expect(line.last - line.first + 1 == line.units > 0, "a block is as many as it is")
            taken.setdefault(self._place(line.source, asset), []).append(line)
        for key, lines in taken.items():
            self._cut(key, sorted(lines, key=lambda line: line.first))
        for number, line in moves:
            key = self._place(line.target, self.memory.assets[line.asset])
            assert line.series is not None, "these are numbered"
            self._lay(key, Lot(line.series, line.first, line.last, number))

    def _cut(self, key: Key, lines: Sequence[Line]) -> None:
        """Take pieces, in order of their numbers, out of the lots in which they must lie."""
        held = self.memory.lots.get(key, {})
        lots = iter(sorted(held.values(), key=lambda lot: lot.first))
        lot = next(lots, None)
        for line in lines:
            while lot is not None and lot.last < line.first:
                lot = next(lots, None)
            if lot is None or not (lot.first <= line.first and line.last <= lot.last):
                raise NotWhole("a movement takes numbers that its source does not hold")
            expect(lot.since == line.prior, "a movement says whence its numbers came")
            self._drop(held, lot.last)
            if lot.first < line.first:
                self._lay(key, lot._replace(last=line.first - 1))
            if line.last < lot.last:
                lot = lot._replace(first=line.last + 1)
                self._lay(key, lot)
            else:
                lot = next(lots, None)

    def _lay(self, key: Key, lot: Lot) -> None:
        self._put(self._inner(self.memory.lots, key), lot.last, lot)

    def _move_counted(self, lines: Sequence[Line]) -> None:
        counts = self.memory.counts
        for line in lines:
            self._expect_ends(line)
            expect(self.memory.assets[line.asset].series is None, "only some units are numbered")
            expect(line.units > 0, "a movement moves something")
            for end, units in ((line.source, -line.units), (line.target, line.units)):
                self._put(counts, (end, line.asset), counts.get((end, line.asset), 0) + units)
        for line in lines:
            expect(
                counts[line.source, line.asset] >= 0 or self.memory.accounts[line.source].is_source,
                "only a source holds less than nothing",
            )

    def _cover_holds(self, key: Key) -> None:
        promised = sum(self.memory.promised.get(key, {}).values())
        expect(promised <= max(0, self._count(key)), "what is promised is held")

    def _add_emissions(
        self, entry: int, records: Sequence[tuple[str, EmissionsReport | Figure | Exclusion]]
    ) -> None:
        self._expect_entry(entry)
        if records:
            self._add(self.memory.reporting, entry, len(records))
        for line, (number, record) in enumerate(records):
            self._account(number)
            rows = self._rows(self.memory.emissions, record.year)
            self._append(rows, Emission(entry, line, number, record))

    # What is looked up.

    def _place(self, number: str, asset: Asset) -> Key:
        """Where an account's units lie: a source's are not yet issued."""
        opened = self.memory.accounts.get(number)
        if opened is not None and opened.is_source and asset.series is not None:
            return number, unissued(asset.series)
        return number, asset.code

    def _position(self, key: Key) -> Position:
        lots = tuple(in_order(self.memory.lots.get(key, {}).values()))
        count = self.memory.counts.get(key, 0) + sum(lot.units for lot in lots)
        held = sum(self.memory.promised.get(key, {}).values())
        return Position(count=count, held=held, lots=lots)

    def _account(self, number: str) -> Opened:
        expect(number in self.memory.accounts, f"there is no account {number}")
        return self.memory.accounts[number]

    def _expect_entry(self, entry: int) -> None:
        expect(entry in self.memory.entries, f"there is no entry {entry}")

    def _expect_ends(self, line: Line) -> None:
        self._account(line.source)
        self._account(line.target)
        expect(line.source != line.target, "a movement moves somewhere")
        expect(line.asset in self.memory.assets, f"there is no asset {line.asset}")
