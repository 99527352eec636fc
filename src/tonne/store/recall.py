"""What the books in memory know, and the questions they answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from msgspec import structs

from tonne.compliance import Notice, NoticeKind
from tonne.ledger import (
    Account,
    Asset,
    Block,
    Hold,
    Key,
    Lot,
    Movement,
    Step,
    Transaction,
    kind_of,
    unissued,
)
from tonne.mrv import (
    EmissionsReport,
    Figure,
    MonitoringPlan,
    StreamReport,
)
from tonne.registry import Dedication, HoldingAccount, TradeRecord
from tonne.store.kept import Emission, Exclusion, Memory, Opened
from tonne.store.loaded import Closing, Promised, Story


def in_order(lots: Iterable[Lot]) -> list[Lot]:
    """Lots in the order in which they came, and the lowest numbers first."""
    return sorted(lots, key=lambda lot: (lot.since, lot.first))


class Recall:
    """Questions to the books in memory."""

    def __init__(self, memory: Memory) -> None:
        """A view of what is remembered."""
        self.memory = memory

    def wait_for_posts(self) -> None:
        """Nobody else posts: one operation runs at a time."""

    def lock(self, accounts: Sequence[str]) -> None:
        """Nor does anybody else look."""

    def known(self, key: str) -> tuple[int, bytes] | None:
        """The number and the digest of the entry with this key, if it stands in the journal."""
        number = self.memory.keys.get(key)
        return None if number is None else (number, self.memory.entries[number].digest)

    def accounts(
        self,
        *,
        scheme: str | None = None,
        number: str | None = None,
        operator: str | None = None,
        operated: bool | None = None,
    ) -> list[HoldingAccount]:
        """The accounts that fit, in the order in which they were opened.

        ``operated`` asks for those that belong to an operator, or for those that do not.
        """
        return [
            each.account
            for each in self.memory.accounts.values()
            if scheme in {None, each.scheme}
            and number in {None, each.account.number}
            and operator in {None, each.account.operator}
            and operated in {None, each.account.operator is not None}
        ]

    def assets(self, codes: Sequence[str] | None = None) -> list[Asset]:
        """Every kind of unit in the books, or those of some codes that are."""
        known = self.memory.assets
        return [each for code, each in known.items() if codes is None or code in codes]

    def dedications(self, numbers: Sequence[int]) -> dict[int, Dedication]:
        """For whom and what for transactions cancelled units, of those that said it."""
        told = self.memory.dedications
        return {number: told[number] for number in sorted({*numbers} & told.keys())}

    def notices(self, scheme: str, kinds: Sequence[NoticeKind]) -> list[Notice]:
        """What was found of nations and projects, of these kinds, in the order of the journal."""
        stamps = {entry: self.memory.entries[entry].stamp for entry in sorted(self.memory.notices)}
        return [
            replace(self.memory.notices[entry], day=stamp.day, entry=entry)
            for entry, stamp in stamps.items()
            if stamp.scheme == scheme and self.memory.notices[entry].kind in kinds
        ]

    def trades(self, entries: Sequence[int] | None = None) -> list[tuple[int, TradeRecord]]:
        """What was agreed of trades, in the order of the journal; of all, or of some entries."""
        told = sorted(self.memory.trades)
        return [
            (entry, self.memory.trades[entry, line])
            for entry, line in told
            if entries is None or entry in entries
        ]

    def holds(self, *, key: str | None = None, account: str | None = None) -> list[Promised]:
        """What was promised under a key, or of an account, in the order in which it was."""
        memory = self.memory
        found = [
            Promised(hold, memory.promised_by[hold.key], memory.ended.get(hold.key))
            for hold in memory.holds.values()
            if key in {None, hold.key} and account in {None, hold.account.number}
        ]
        return sorted(found, key=lambda each: (each.entry, each.hold.key))

    def open_holds(self, begin: str) -> list[Hold]:
        """The holds that have not ended and whose keys begin so, by key."""
        memory = self.memory
        keys = sorted(key for key in memory.holds if key.startswith(begin))
        return [memory.holds[key] for key in keys if key not in memory.ended]

    def holdings(self, account: str) -> dict[str, int]:
        """How many units of each kind an account holds."""
        counts = {code: self._count((account, code)) for code in self.memory.assets}
        return {code: count for code, count in counts.items() if count}

    def balances(self, scheme: str) -> dict[tuple[str, str], int]:
        """How many of each kind every account of a scheme holds, sources left out."""
        return {
            (number, code): count
            for number, each in self.memory.accounts.items()
            if each.scheme == scheme and not each.is_source
            for code, count in self.holdings(number).items()
        }

    def lots(self, accounts: Sequence[str], asset: str) -> dict[str, list[tuple[Lot, str]]]:
        """The lots of each account in the order they came, with the kind of transaction."""
        found: dict[str, list[tuple[Lot, str]]] = {}
        for number in accounts:
            lots = in_order(self.memory.lots.get((number, asset), {}).values())
            if lots:
                found[number] = [(lot, self.memory.entries[lot.since].kind) for lot in lots]
        return found

    def holder(self, series: str, number: int) -> tuple[str, str | None, Lot] | None:
        """Who holds a serial number, as what (None: not issued), and in which lot."""
        for (account, code), lots in self.memory.lots.items():
            for lot in lots.values():
                if lot.series == series and lot.first <= number <= lot.last:
                    return account, None if code == unissued(series) else code, lot
        return None

    def steps(
        self,
        *,
        transaction: int | None = None,
        account: str | None = None,
        series: str | None = None,
        number: int | None = None,
    ) -> list[Step]:
        """The movements that fit, in order: of a transaction, an account, a serial number."""
        numbers: Iterable[int]
        if transaction is not None:
            numbers = [transaction] if transaction in self.memory.steps else []
        elif account is not None:
            numbers = sorted(self.memory.moves.get(account, []))
        else:
            numbers = sorted(self.memory.steps)
        return [
            step
            for each in numbers
            for step in self.memory.steps[each]
            if (account is None or account in {step.source, step.target})
            and (series is None or step.series == series)
            and (number is None or (step.series and step.first <= number <= step.last))
        ]

    def story(self, number: int) -> Story | None:
        """A posted transaction with its blocks, and the one that reversed it."""
        steps = self.memory.steps.get(number)
        if not steps:
            return None
        entry = self.memory.entries[number]
        transaction = Transaction(
            key=entry.key,
            kind=entry.kind,
            movements=tuple(_movement(step, self.memory.accounts) for step in steps),
            because=entry.because,
            year=entry.year,
            reverses=entry.reverses,
        )
        return Story(number, transaction, self.memory.reversals.get(number), entry.stamp)

    def size(self) -> tuple[int, int]:
        """How many transactions and how many movements there are."""
        return len(self.memory.steps), sum(map(len, self.memory.steps.values()))

    def moved(self, kind: str, asset: str, *, year: int | None = None) -> int:
        """How many units of an asset transactions of a kind have moved, ever or for a year."""
        return sum(
            step.units
            for number in self.memory.kinds.get(kind, [])
            for step in self.memory.steps[number]
            if step.asset == asset and year in {None, step.year}
        )

    def moved_by_account(
        self,
        kind: str,
        years: Sequence[int],
        *,
        scheme: str,
        outgoing: bool,
        account: str | None = None,
        asset: str | None = None,
        by: date | None = None,
        unseen: tuple[int, date] | None = None,
    ) -> dict[tuple[str, int], int]:
        """By account and year, how many units transactions of a kind took from it or gave it.

        ``asset`` asks for one, or for all of a kind.

        ``by`` leaves out what takes effect after a day; ``unseen`` asks for what came after an
        entry, or takes effect after a day.
        """
        found: dict[tuple[str, int], int] = {}
        for number in self.memory.kinds.get(kind, []):
            for step in self.memory.steps[number]:
                who = step.source if outgoing else step.target
                in_time = by is None or step.day <= by
                new = unseen is None or number > unseen[0] or step.day > unseen[1]
                wanted = step.year in years and asset in {None, step.asset, kind_of(step.asset)}
                fits = in_time and new and wanted
                if fits and self._is_of(who, scheme, account):
                    assert step.year is not None, "it is one of the years"
                    found[who, step.year] = found.get((who, step.year), 0) + step.units
        return found

    def closed_on(self, scheme: str) -> dict[str, date]:
        """The day on which each account that is closed was closed, by its number."""
        return {
            each.account: self.memory.entries[each.entry].stamp.day
            for each in sorted(self.memory.changes.values())
            if each.status == "closed" and self._is_of(each.account, scheme, None)
            and self.memory.accounts[each.account].account.status == "closed"
        }  # fmt: skip

    def exclusions(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> set[tuple[str, int]]:
        """The accounts and years whose operators are excluded."""
        return {
            (each.account, each.record.year)
            for each in self._emissions(scheme, years, account)
            if isinstance(each.record, Exclusion)
        }

    def figures(
        self,
        scheme: str,
        years: Sequence[int],
        *,
        account: str | None = None,
        unseen: tuple[int, date] | None = None,
    ) -> Iterator[tuple[str, Figure]]:
        """Every figure of these years by account number, in the order of the journal.

        ``unseen`` asks for those that came after an entry, or hold from after a day.
        """
        found = []
        for entry, _, number, record in self._emissions(scheme, years, account):
            if not isinstance(record, Figure):
                continue
            if unseen is None or entry > unseen[0] or record.day > unseen[1]:
                at = self.memory.entries[entry].stamp.at
                operator = self._operator(number)
                known = structs.replace(record, operator=operator, recorded=at, entry=entry)
                found.append((number, known))
        return iter(found)

    def reports(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> Iterator[tuple[str, EmissionsReport]]:
        """Every report of these years by account number, in the order of the journal."""
        found = []
        for _, _, number, record in self._emissions(scheme, years, account):
            if isinstance(record, EmissionsReport):
                found.append((number, structs.replace(record, operator=self._operator(number))))
        return iter(found)

    def streams(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> Iterator[tuple[str, StreamReport]]:
        """Every report of these years that has streams, with them, in the order of the journal."""
        for entry, line, number, record in self._emissions(scheme, years, account):
            of_entry = self.memory.streams.get(entry, [])
            pairs = of_entry[line] if line < len(of_entry) else ()
            if isinstance(record, EmissionsReport) and pairs:
                operator = self._operator(number)
                plan = MonitoringPlan(operator=operator, streams=tuple(each for each, _ in pairs))
                report = structs.replace(record, operator=operator)
                data = tuple(each for _, each in pairs)
                yield number, StreamReport(report=report, plan=plan, data=data)

    def closings(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> Iterator[Closing]:
        """Every outcome of these years, in the order of the journal."""
        found = [
            (entry, self.memory.accounts[number].place, closing)
            for year in set(years)
            for (entry, number), closing in self.memory.outcomes.get(year, {}).items()
            if self._is_of(number, scheme, account)
        ]
        found.sort(key=lambda each: each[:2])
        return iter([self._named(closing) for _, _, closing in found])

    def _count(self, key: Key) -> int:
        """How many an account holds; of numbered units, those that are issued."""
        asset = self.memory.assets[key[1]]
        if asset.series is None:
            return self.memory.counts.get(key, 0)
        return sum(lot.units for lot in self.memory.lots.get(key, {}).values())

    def _emissions(
        self, scheme: str, years: Sequence[int], account: str | None
    ) -> Iterable[Emission]:
        found = [
            each
            for year in set(years)
            for each in self.memory.emissions.get(year, [])
            if self._is_of(each.account, scheme, account)
        ]
        return sorted(found, key=lambda each: each[:2])

    def _is_of(self, number: str, scheme: str, account: str | None) -> bool:
        return self.memory.accounts[number].scheme == scheme and account in {None, number}

    def _operator(self, number: str) -> str:
        return self.memory.accounts[number].account.operator or number

    def _named(self, closing: Closing) -> Closing:
        """The outcome under the name that the account's operator has."""
        operator = self._operator(closing.account)
        return closing._replace(outcome=structs.replace(closing.outcome, operator=operator))


def _movement(step: Step, accounts: Mapping[str, Opened]) -> Movement:
    block = None if step.series is None else Block(step.series, step.first, step.last)
    return Movement(
        source=Account(step.source, accounts[step.source].is_source),
        target=Account(step.target, accounts[step.target].is_source),
        asset=Asset(step.asset, step.series),
        count=step.units,
        block=block,
    )
