"""What the books in PostgreSQL tell."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from tonne.compliance import Notice, NoticeKind
from tonne.ledger import LAST_NUMBER, Asset, Lot, Stamp, Step, Transaction
from tonne.mrv import EmissionsReport, Figure, MonitoringPlan, StreamReport
from tonne.quantity import Tonnes
from tonne.registry import Dedication, HoldingAccount
from tonne.store import statements as sql
from tonne.store import statements_of_one as one
from tonne.store.adding import Adding
from tonne.store.columns import plain, texts
from tonne.store.loaded import Closing, Story
from tonne.store.rows import as_closing, as_holder, as_movement, as_stream


class Reading(Adding):
    """Questions to the books."""

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
        arguments = {
            "scheme": scheme,
            "number": number,
            "operator": operator,
            "operated": operated,
        }
        made = self.cache.holders
        return [
            made.get(row) or made.setdefault(row, as_holder(row))
            for row in self._rows(sql.ACCOUNTS if number is None else one.ACCOUNT, arguments)
        ]

    def assets(self, codes: Sequence[str] | None = None) -> list[Asset]:
        """Every kind of unit in the books, or those of some codes that are."""
        statement = sql.ASSETS if codes is None else sql.ASSETS_NAMED
        rows = self._rows(statement, None if codes is None else {"codes": list(codes)})
        return [Asset(code, series) for code, series in rows]

    def dedications(self, numbers: Sequence[int]) -> dict[int, Dedication]:
        """For whom and what for transactions cancelled units, of those that said it."""
        return {
            number: Dedication(beneficiary=beneficiary, purpose=purpose)
            for number, beneficiary, purpose in self._rows(sql.DEDICATIONS, (list(numbers),))
        }

    def notices(self, scheme: str, kinds: Sequence[NoticeKind]) -> list[Notice]:
        """What was found of nations and projects, of these kinds, in the order of the journal."""
        return [
            Notice(
                kind=kind,
                subject=subject,
                day=day,
                facts=tuple(zip(names, facts, strict=True)),
                entry=entry,
            )
            for entry, kind, subject, day, names, facts in self._rows(
                sql.NOTICES, (scheme, list(kinds))
            )
        ]

    def holdings(self, account: str) -> dict[str, int]:
        """How many units of each kind an account holds."""
        return dict(self._rows(sql.HOLDINGS, {"account": account}))

    def free(
        self, pairs: Sequence[tuple[str, str]], enough: Sequence[int | None] | None = None
    ) -> dict[tuple[str, str], int]:
        """What accounts hold of assets and have not promised, by account and asset."""
        columns = [texts([pair[place] for pair in pairs]) for place in (0, 1)]
        rows = self.direct.ask("free", sql.FREE, [*columns, plain(enough or [None] * len(pairs))])
        return {pair: int(free or 0) for pair, (free,) in zip(pairs, rows, strict=True)}

    def balances(self, scheme: str) -> dict[tuple[str, str], int]:
        """How many of each kind every account of a scheme holds, sources left out."""
        rows = self._rows(sql.BALANCES, (scheme,))
        return {(number, code): count for number, code, count in rows}

    def lots(self, accounts: Sequence[str], asset: str) -> dict[str, list[tuple[Lot, str]]]:
        """The lots of each account in the order they came, with the kind of transaction."""
        found: dict[str, list[tuple[Lot, str]]] = {}
        asked = {"account": accounts[0] if accounts else None, "accounts": list(accounts)}
        statement = one.LOTS if len(accounts) == 1 else sql.LOTS
        for number, series, first, last, since, kind in self._rows(
            statement, asked | {"asset": asset}
        ):
            found.setdefault(number, []).append((Lot(series, first, last, since), kind))
        return found

    def holder(self, series: str, number: int) -> tuple[str, str | None, Lot] | None:
        """Who holds a serial number, as what (None: not issued), and in which lot."""
        row = self._execute(sql.HOLDER, {"series": series, "number": number}).fetchone()
        return None if row is None else (row[0], row[1], Lot(series, row[2], row[3], row[4]))

    def steps(
        self,
        *,
        transaction: int | None = None,
        account: str | None = None,
        series: str | None = None,
        number: int | None = None,
    ) -> list[Step]:
        """The movements that fit, in order: of a transaction, an account, a serial number."""
        arguments = {
            "transaction": transaction,
            "account": account,
            "series": series,
            "number": number,
        }
        statement = sql.STEPS
        if account is not None:
            statement = one.STEPS_OF_ACCOUNT
        elif transaction is not None:
            statement = one.STEPS_OF_TRANSACTION
        return [Step(*row) for row in self._rows(statement, arguments)]

    def story(self, number: int) -> Story | None:
        """A posted transaction with its blocks, and the one that reversed it."""
        if number > LAST_NUMBER:
            return None
        row = self._execute(sql.TRANSACTION, (number,)).fetchone()
        steps = self.steps(transaction=number)
        if row is None or not steps:
            return None
        key, kind, year, because, reverses, reversed_by, *stamp = row
        sources = dict(self._rows(sql.SOURCES, ([s.source for s in steps],)))
        sources |= dict(self._rows(sql.SOURCES, ([s.target for s in steps],)))
        transaction = Transaction(
            key=key,
            kind=kind,
            movements=tuple(as_movement(step, sources) for step in steps),
            because=tuple(because),
            year=year,
            reverses=reverses,
        )
        scheme, rulebook, day, at = stamp
        written = Stamp(scheme=scheme, rulebook=rulebook, day=day, at=at)
        return Story(number, transaction, reversed_by, written)

    def size(self) -> tuple[int, int]:
        """How many transactions and how many movements there are."""
        ((transactions, movements),) = self._rows(sql.SIZE)
        return transactions, movements

    def moved(self, kind: str, asset: str, *, year: int | None = None) -> int:
        """How many units of an asset transactions of a kind have moved, ever or for a year."""
        arguments = {"kind": kind, "asset": asset, "year": year}
        statement = sql.MOVED if year is None else sql.MOVED_FOR_YEAR
        row = self._execute(statement, arguments).fetchone()
        return 0 if row is None or row[0] is None else int(row[0])

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
        entry, from_day = unseen or (None, None)
        arguments = {
            "kind": kind,
            "years": list(years),
            "scheme": scheme,
            "outgoing": outgoing,
            "account": account,
            "asset": asset,
            "by": by,
            "entry": entry,
            "day": from_day,
        }
        statement = one.MOVED[outgoing, asset is not None]
        if account is None:
            statement = sql.MOVED_BY_ACCOUNT
        rows = self._rows(statement, arguments)
        return {(number, year): count for number, year, count in rows}

    def add_exclusions(
        self, entry: int, accounts: Sequence[str], *, year: int, reason: str, reference: str
    ) -> None:
        """Add that these accounts' operators owe nothing for a year."""
        day = date(year, 1, 1)
        self._add_emissions(
            entry,
            [
                (number, year, "excluded", None, None, day, False, reason, reference)
                for number in accounts
            ],
        )

    def closed_on(self, scheme: str) -> dict[str, date]:
        """The day on which each account that is closed was closed, by its number."""
        return dict(self._rows(sql.CLOSED_ON, (scheme,)))

    def exclusions(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> set[tuple[str, int]]:
        """The accounts and years whose operators are excluded."""
        rows = self._emissions(scheme, years, account, "excluded")
        return {(row[0], row[2]) for row in rows}

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
        kinds = ("verified", "determined", "corrected")
        for row in self._emissions(scheme, years, account, *kinds, unseen=unseen):
            number, operator, year, kind, tonnes, _, day, late, note, reference, at, entry = row
            yield (
                number,
                Figure(
                    operator=operator,
                    year=year,
                    kind=kind,
                    tonnes=tonnes,
                    day=day,
                    recorded=at,
                    reference=reference,
                    note=note,
                    late=late,
                    entry=entry,
                ),
            )

    def reports(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> Iterator[tuple[str, EmissionsReport]]:
        """Every report of these years by account number, in the order of the journal."""
        for row in self._emissions(scheme, years, account, "reported"):
            number, operator, year, _, _, exact, day, _, note, _, _, _ = row
            yield (
                number,
                EmissionsReport(
                    operator=operator,
                    year=year,
                    tonnes=Tonnes(Decimal(exact)),
                    submitted=day,
                    source=note,
                ),
            )

    def streams(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> Iterator[tuple[str, StreamReport]]:
        """Every report of these years that has streams, with them, in the order of the journal."""
        arguments = {"scheme": scheme, "years": list(years), "account": account}
        rows = self._rows(sql.STREAMS, arguments)
        for (number, operator, year, exact, day, note, _, _), of_report in groupby(
            rows, key=lambda row: row[:8]
        ):
            pairs = [as_stream(row[8:]) for row in of_report]
            report = EmissionsReport(
                operator=operator, year=year, tonnes=Tonnes(exact), submitted=day, source=note
            )
            plan = MonitoringPlan(operator=operator, streams=tuple(each for each, _ in pairs))
            yield number, StreamReport(report=report, plan=plan, data=tuple(d for _, d in pairs))

    def _emissions(
        self,
        scheme: str,
        years: Sequence[int],
        account: str | None,
        *kinds: str,
        unseen: tuple[int, date] | None = None,
    ) -> list[tuple[Any, ...]]:
        entry, from_day = unseen or (None, None)
        arguments = {
            "scheme": scheme,
            "years": list(years),
            "account": account,
            "kinds": list(kinds),
            "entry": entry,
            "day": from_day,
        }
        return self._rows(sql.EMISSIONS if account is None else one.EMISSIONS, arguments)

    def closings(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> Iterator[Closing]:
        """Every outcome of these years, in the order of the journal."""
        arguments = {"scheme": scheme, "years": list(years), "account": account}
        for row in self._rows(sql.OUTCOMES if account is None else one.OUTCOMES, arguments):
            yield as_closing(row)
