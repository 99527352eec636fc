"""What is added to the books in PostgreSQL beside the movements; nothing is ever changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tonne.compliance import Notice, Outcome
from tonne.ledger import Asset, Hold, Stamp
from tonne.mrv import EmissionsReport, Figure, SourceStream, StreamData, Tier
from tonne.registry import Dedication, HoldingAccount, account_words
from tonne.store import statements as sql
from tonne.store.columns import Plain, columns, plain, texts
from tonne.store.direct import Direct
from tonne.store.loaded import AccountState
from tonne.store.words import Speaking

_SEPARATOR = "\x1f"


@dataclass(slots=True)
class Cache:
    """Names that never change, by the numbers that the database gave them."""

    accounts: dict[str, tuple[int, AccountState]] = field(default_factory=dict)
    """With the state of an open account of its kind; only the kind never changes."""

    assets: dict[str, int] = field(default_factory=dict)
    series: dict[str, int] = field(default_factory=dict)
    rulebooks: dict[str, int] = field(default_factory=dict)
    holders: dict[tuple[Any, ...], HoldingAccount] = field(default_factory=dict)
    """Accounts as they were told, by their row: nearly always the same as the last time."""


class Adding(Speaking):
    """Additions to the records of the books, and the names that they use."""

    def __init__(
        self, connection: "psycopg.Connection[tuple[Any, ...]]", cache: Cache, direct: Direct
    ) -> None:
        """A view of the books over one connection; the edge commits."""
        self._connection = connection
        self.cache = cache
        self.direct = direct

    def _execute(
        self,
        statement: str,
        arguments: Any = None,  # noqa: ANN401  psycopg's own parameters
    ) -> "psycopg.Cursor[tuple[Any, ...]]":
        self.direct.send()
        # In binary the server writes and we read dates, moments and counts a sixth faster.
        return self._connection.execute(statement, arguments, binary=True)

    def _rows(
        self,
        statement: str,
        arguments: Any = None,  # noqa: ANN401  psycopg's own parameters
    ) -> list[tuple[Any, ...]]:
        return self._execute(statement, arguments).fetchall()

    def known(self, key: str) -> tuple[int, bytes] | None:
        """The number and the digest of the entry with this key, if it stands in the journal."""
        row = self._execute(sql.KNOWN, (key,)).fetchone()
        return None if row is None else (row[0], row[1])

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
        assert because, "nothing is done without law"
        arguments = (
            key,
            digest,
            kind,
            year,
            stamp.day,
            stamp.at,
            self._rulebook(stamp),
            list(because),
        )
        row = self._execute(sql.ENTER, arguments).fetchone()
        assert row is not None, "an entry has a number"
        number: int = row[0]
        return number

    def open_accounts(
        self, entry: int, accounts: Sequence[HoldingAccount], *, scheme: str, sources: Iterable[str]
    ) -> None:
        """Add accounts; those whose numbers are in ``sources`` issue units."""
        of_source = set(sources)
        self._execute(
            sql.OPEN_ACCOUNTS,
            (
                scheme,
                entry,
                texts(each.number for each in accounts),
                texts(each.kind for each in accounts),
                plain(each.number in of_source for each in accounts),
                texts(each.operator for each in accounts),
                texts(each.registry for each in accounts),
                texts(each.name for each in accounts),
                plain(each.opened for each in accounts),
            ),
        )
        pairs = [(word, each.number) for each in accounts for word in account_words(each)]
        if pairs:
            self._execute(sql.ADD_WORDS, columns(pairs))

    def add_assets(self, assets: Sequence[tuple[Asset, str]]) -> None:
        """Add kinds of unit, and from its source the series of each that is the first of it."""
        first: dict[str, str] = {}
        for asset, source in assets:
            if asset.series is not None and asset.series not in self.cache.series:
                first.setdefault(asset.series, source)
        if first:
            self._execute(sql.ADD_SERIES, (list(first), list(first.values())))
        codes, series = [each.code for each, _ in assets], [each.series for each, _ in assets]
        for code, number, of_series, its_number in self._rows(sql.ADD_ASSETS, (codes, series)):
            self.cache.assets[code] = number
            if of_series is not None:
                self.cache.series[of_series] = its_number

    def change_status(self, entry: int, *, account: str, status: str, reason: str) -> None:
        """Add a change of an account's status."""
        self._execute(sql.CHANGE_STATUS, (entry, account, status, reason))

    def add_dedications(self, dedications: Mapping[int, Dedication]) -> None:
        """Add for whom and what for units were cancelled, by transaction."""
        if dedications:
            self._execute(
                sql.ADD_DEDICATIONS,
                (
                    list(dedications),
                    [each.beneficiary for each in dedications.values()],
                    [each.purpose for each in dedications.values()],
                ),
            )

    def add_notice(self, entry: int, notice: Notice) -> None:
        """Add what was found of a nation or a project; its day is that of the entry."""
        names, facts = ([each[place] for each in notice.facts] for place in (0, 1))
        self._execute(sql.ADD_NOTICE, (entry, notice.kind, notice.subject, names, facts))

    def wait_for_posts(self) -> None:
        """Let posts under way finish and no other begin, until the commit."""
        self._execute(sql.WAIT_FOR_POSTS)

    def lock(self, accounts: Sequence[str]) -> None:
        """Keep these accounts as they are until the commit, but for what is done here."""
        self.direct.ask("lock", sql.LOCK, (texts(accounts),))

    def add_holds(self, entry: int, holds: Sequence[Hold]) -> None:
        """Promise units and money."""
        if holds:
            self.direct.later(
                "hold",
                sql.ADD_HOLDS,
                (
                    str(entry),
                    texts(hold.key for hold in holds),
                    texts(hold.account.number for hold in holds),
                    texts(hold.asset.code for hold in holds),
                    plain(hold.count for hold in holds),
                ),
            )

    def end_holds(self, entry: int, keys: Sequence[str]) -> None:
        """Free what was promised under these keys."""
        if keys:
            self.direct.later("end", sql.END_HOLDS, (texts(keys), str(entry)))

    def add_reports(
        self, entry: int, reports: Sequence[tuple[str, EmissionsReport]], *, reference: str
    ) -> None:
        """Add what operators reported, by account number."""
        self._add_emissions(
            entry,
            [
                (number, r.year, "reported", None, r.tonnes.value, r.submitted, False, r.source,
                 reference)
                for number, r in reports
            ],
        )  # fmt: skip

    def add_streams(
        self, entry: int, streams: Sequence[Sequence[tuple[SourceStream, StreamData]]]
    ) -> None:
        """Add what an entry's reports were worked out from: plan and data, report by report."""
        rows = [
            (report, line, plan.stream, plan.name, plan.approach, plan.gas.code, plan.size,
             plan.leaves, _tiers(plan.tiers), data.activity, data.activity_unit, data.ncv, data.ef,
             data.ef_unit, data.of, data.cf, data.carbon_content, data.hours, data.flow,
             data.concentration, data.biomass_fraction, _tiers(data.tiers), data.tier_reason,
             data.uncertainty)
            for report, of_report in enumerate(streams, 1)
            for line, (plan, data) in enumerate(of_report, 1)
        ]  # fmt: skip
        if rows:
            self._execute(sql.ADD_STREAMS, (entry, *columns(rows)))

    def add_figures(self, entry: int, figures: Sequence[tuple[str, Figure]]) -> None:
        """Add figures of a year, by account number; those before them are kept."""
        self._add_emissions(
            entry,
            [
                (number, f.year, f.kind, f.tonnes, None, f.day, f.late, f.note, f.reference)
                for number, f in figures
            ],
        )

    def _add_emissions(self, entry: int, rows: Sequence[tuple[str | Plain, ...]]) -> None:
        if rows:
            self._execute(sql.ADD_EMISSIONS, (entry, *columns(rows)))

    def add_closings(
        self, entry: int, closings: Sequence[tuple[str, Outcome, int | None, int]]
    ) -> None:
        """Add the outcomes of a closed year: account, outcome, tonnes, units of the year."""
        rows = [
            (number, o.year, o.status, verified, surrendered, o.missing, o.excess,
             o.penalty.minor, o.penalty.currency.code, o.extra, o.made_good, o.carried,
             o.published, o.report_missing, _SEPARATOR.join(o.because))
            for number, o, verified, surrendered in closings
        ]  # fmt: skip
        if rows:
            self._execute(sql.ADD_OUTCOMES, (entry, *columns(rows)))

    def _rulebook(self, stamp: Stamp) -> int:
        if stamp.rulebook not in self.cache.rulebooks:
            self._execute(sql.RECORD_RULEBOOK, (stamp.scheme, stamp.rulebook))
            row = self._execute(sql.RULEBOOK, (stamp.rulebook,)).fetchone()
            assert row is not None, "the rulebook was recorded"
            self.cache.rulebooks[stamp.rulebook] = row[0]
        return self.cache.rulebooks[stamp.rulebook]

    def _learn(self, numbers: Iterable[str], assets: Iterable[str]) -> None:
        """Learn the database's numbers of accounts and assets that are not yet in the cache."""
        known = self.cache.accounts
        asked = {
            "accounts": list({number for number in numbers if number not in known}),
            "assets": [code for code in assets if code not in self.cache.assets],
        }
        if not any(asked.values()):
            return
        for what, name, number, kind, opened in self._rows(sql.NAMES, asked):
            if what == "account":
                known[name] = (number, AccountState(kind, "open", opened))
            elif what == "asset":
                self.cache.assets[name] = number
            else:
                self.cache.series[name] = number


def _tiers(tiers: Iterable[Tier]) -> str:
    """Tiers on a line, each with its parameter before it."""
    return _SEPARATOR.join(f"{each.parameter} {each.tier}" for each in tiers)
