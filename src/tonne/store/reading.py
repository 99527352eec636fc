"""What the books in PostgreSQL tell."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, get_args

from tonne.compliance import Notice, NoticeKind, Outcome
from tonne.ledger import Account as LedgerAccount
from tonne.ledger import Asset, Block, Lot, Movement, Stamp, Step, Transaction
from tonne.mrv import (
    EmissionsReport,
    Figure,
    MonitoringPlan,
    Parameter,
    SourceStream,
    StreamData,
    StreamReport,
    Tier,
)
from tonne.quantity import Gas, Money, Tonnes, currency
from tonne.registry import Dedication, HoldingAccount
from tonne.store import statements as sql
from tonne.store.adding import Adding
from tonne.store.columns import plain, texts
from tonne.store.loaded import Closing, Story


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
            for row in self._rows(sql.ACCOUNTS, arguments)
        ]

    def assets(self, codes: Sequence[str] | None = None) -> list[Asset]:
        """Every kind of unit in the books, or those of some codes that are."""
        asked = {"codes": None if codes is None else list(codes)}
        return [Asset(code, series) for code, series in self._rows(sql.ASSETS, asked)]

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
        for number, series, first, last, since, kind in self._rows(
            sql.LOTS, (list(accounts), asset)
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
        return [Step(*row) for row in self._rows(sql.STEPS, arguments)]

    def story(self, number: int) -> Story | None:
        """A posted transaction with its blocks, and the one that reversed it."""
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
            movements=tuple(_movement(step, sources) for step in steps),
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
        row = self._execute(sql.MOVED, arguments).fetchone()
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
        statement = sql.MOVED_BY_ACCOUNT if account is None else sql.MOVED_OF_ACCOUNT
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
            pairs = [_stream(row[8:]) for row in of_report]
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
        return self._rows(sql.EMISSIONS, arguments)

    def closings(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> Iterator[Closing]:
        """Every outcome of these years, in the order of the journal."""
        arguments = {"scheme": scheme, "years": list(years), "account": account}
        for row in self._rows(sql.OUTCOMES, arguments):
            yield as_closing(row)


def as_closing(row: tuple[Any, ...]) -> Closing:
    """An outcome as its row tells it."""
    (number, operator, year, status, verified, surrendered, missing, excess, penalty, money,
     extra, made_good, carried, published, unreported, because, entry, day,
    ) = row  # fmt: skip
    outcome = Outcome(
        operator=operator,
        year=year,
        status=status,
        missing=missing,
        excess=excess,
        penalty=Money(penalty, currency(money, reference="ISO 4217")),
        extra=extra,
        made_good=made_good,
        carried=carried,
        published=published,
        report_missing=unreported,
        because=tuple(because),
    )
    return Closing(number, outcome, verified, surrendered, entry, day)


def as_holder(row: tuple[Any, ...]) -> HoldingAccount:
    """An account as its row tells it."""
    number, kind, status, opened, name, registry, operator = row
    return HoldingAccount(
        number=number,
        kind=kind,
        status=status,
        opened=opened,
        name=name,
        registry=registry,
        operator=operator,
    )


def _movement(step: Step, sources: dict[str, bool]) -> Movement:
    block = None if step.series is None else Block(step.series, step.first, step.last)
    return Movement(
        source=LedgerAccount(step.source, sources[step.source]),
        target=LedgerAccount(step.target, sources[step.target]),
        asset=Asset(step.asset, step.series),
        count=step.units,
        block=block,
    )


def _stream(row: tuple[Any, ...]) -> tuple[SourceStream, StreamData]:
    """What the plan said of a stream, and what was found."""
    stream, name, approach, gas, size, leaves, plan_tiers, *found, tiers, reason, uncertainty = row
    activity, activity_unit, ncv, ef, ef_unit, *others = found
    of, cf, carbon_content, hours, flow, concentration, biomass_fraction = others
    plan = SourceStream(
        stream=stream,
        name=name,
        approach=approach,
        gas=Gas(gas),
        size=size,
        tiers=_tiers(plan_tiers),
        leaves=leaves,
    )
    return plan, StreamData(
        stream=stream,
        activity=activity,
        activity_unit=activity_unit,
        ncv=ncv,
        ef=ef,
        ef_unit=ef_unit,
        of=of,
        cf=cf,
        carbon_content=carbon_content,
        hours=hours,
        flow=flow,
        concentration=concentration,
        biomass_fraction=biomass_fraction,
        tiers=_tiers(tiers),
        tier_reason=reason,
        uncertainty=uncertainty,
    )


def _tiers(told: Sequence[str]) -> tuple[Tier, ...]:
    known: dict[str, Parameter] = {each: each for each in get_args(Parameter)}
    pairs = (each.partition(" ") for each in told)
    return tuple(Tier(parameter=known[parameter], tier=tier) for parameter, _, tier in pairs)
