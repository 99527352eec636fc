"""The past, lived again: real operators, real years, our own operations.

Every year runs on its own dates: accounts are opened and the cap is issued on 1 January, units
are allocated by the law's day, then the year before is reported, verified, surrendered for and
closed. Who sold to whom is not published, so an operator that surrendered more than it was given
obtains the rest from those who have more than they surrender. No unit is invented, and no figure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from tonne import compliance, supply
from tonne.mrv import EmissionsReport, Opinion
from tonne.operations import (
    Answer,
    Books,
    Opening,
    Scheme,
    SurrenderOrder,
    allocate,
    close_year,
    end_periods,
    exclude,
    found,
    issue,
    open_accounts,
    report,
    surrender,
    surrendered,
    verify,
)
from tonne.quantity import Tonnes
from tonne.registry import DayRules
from tonne.simulation.course import Progress, Run, noon
from tonne.simulation.exchange import Exchange
from tonne.simulation.history import History, Kind, Operator, Total
from tonne.simulation.lived import Replay, YearReplayed, keep_refused, rows_of
from tonne.simulation.scope import kinds, unit_of, years_to_read
from tonne.simulation.trades import may_trade, obtain, trade_year

VERIFIER = "as published"
NO_YEAR = "the log has no such year of this operator"
NO_FIGURE = "the log has no figure of this year and no word why"


def replay(
    run: Run,
    scheme: Scheme,
    history: History,
    *,
    years: Iterable[int],
    progress: Progress = lambda _what, _count: None,
    market_seed: int | None = None,
    open_year: bool = False,
) -> Replay:
    """Live the years in order, each on its own dates; ``run`` commits every step.

    With a seed units are not moved between operators without a word, but traded on an exchange.
    ``open_year`` is whether the year after the last is reported and verified too, where it is
    told: then everybody knows what they owe for it, and nobody has surrendered.
    """
    this = Replay(run=run, scheme=scheme, history=history, progress=progress)
    this.names |= {
        each.account_id: f"{each.registry}-{each.operator_id}" for each in history.operators
    }
    lived = sorted(years)
    told = years_to_read(scheme, lived)
    if market_seed is not None:
        this.exchange = Exchange(
            run=run, scheme=scheme, seed=market_seed, progress=progress, refused=this.refused
        )
        may_trade(this, this.exchange, lived)
    for year in told:
        if year in lived or history.rows.get(year):
            _begin(this, year)
            _allocate(this, year)
        if year > lived[0]:
            _settle(this, year - 1)
        if year in lived and this.exchange is not None:
            trade_year(this, this.exchange, year)
    if told[-1] == lived[-1]:
        _settle(this, lived[-1])
    elif open_year:
        _report(this, told[-1])
    return this


def _begin(this: Replay, year: int) -> None:
    """On 1 January: the accounts of whoever takes part for the first time, and the cap."""
    day = date(year, 1, 1)
    rules = this.scheme.on(day)
    this.run(lambda books: found(books, this.scheme, desk=noon("administrator", day)))
    new = [each for each in _operators(this, year, rules) if each.account_id not in this.accounts]
    openings = [_opening(each, rules) for each in new]
    opened = this.run(
        lambda books: open_accounts(
            books,
            this.scheme,
            openings,
            key=f"replay/{year}/open",
            desk=noon("administrator", day),
        )
    )
    this.accounts |= {
        each.account_id: account.number for each, account in zip(new, opened, strict=True)
    }
    this.progress(f"{year}: accounts opened", len(new))
    limit = supply.cap(year, this.scheme.supply)
    for kind in kinds(rules):
        count, unit = limit.of(kind), unit_of(this.scheme, kind, year)

        def issuance(books: Books, unit: str = unit, count: int = count) -> None:
            issue(
                books,
                this.scheme,
                year=year,
                unit=unit,
                count=count,
                key=f"replay/{year}/issue/{unit}",
                desk=noon("authority", day),
            )

        this.run(issuance)
        this.progress(f"{year}: units issued", count)


def _allocate(this: Replay, year: int) -> None:
    """By the law's day: every operator is given what the table says."""
    day = supply.allocate_by(year, this.scheme.supply)
    for kind in kinds(this.scheme.on(day)):
        table = [
            supply.Allocation(operator=this.names[row.account_id], year=year, count=row.allocated)
            for row in rows_of(this, year, kind)
            if row.allocated
        ]

        def allocation(
            books: Books, kind: Kind = kind, table: list[supply.Allocation] = table
        ) -> int:
            receipts = allocate(
                books,
                this.scheme,
                table,
                unit=unit_of(this.scheme, kind, year),
                kind=kind,
                key=f"replay/{year}/allocate/{kind}",
                desk=noon("authority", day),
            )
            return len(receipts)

        if table:
            this.progress(f"{year}: allocations", this.run(allocation))


def _settle(this: Replay, year: int) -> None:
    """In the year after: report, verify, obtain what is missing, surrender, close."""
    _report(this, year)
    deadline = compliance.surrender_by(year, this.scheme.compliance)
    for kind in kinds(this.scheme.on(date(year, 12, 31))):
        _surrender(this, year, kind, deadline)
    _exclude(this, year, deadline)
    outcomes = this.run(
        lambda books: close_year(
            books,
            this.scheme,
            year,
            key=f"replay/{year}/close",
            desk=noon("authority", deadline),
        )
    )
    by_account = {number: account_id for account_id, number in this.accounts.items()}
    for number, outcome in outcomes.items():
        this.statuses[by_account[number], year] = outcome.status
        this.balances[by_account[number], year] = "B" if outcome.missing else "A"
    this.progress(f"{year}: outcomes", len(outcomes))
    this.years.extend(_count(this, year, outcomes))
    ended = compliance.cancel_period_units(date(year + 1, 12, 31), this.scheme.compliance)
    for day in sorted({end.on for end in ended if end.on > deadline}):
        _end_periods(this, day)


def _end_periods(this: Replay, day: date) -> None:
    """On the law's day: what is left of an ended period is cancelled."""
    desk = noon("authority", day)
    answers = this.run(
        lambda books: end_periods(books, this.scheme, key=f"replay/end/{day}", desk=desk)
    )
    keep_refused(this, answers)
    this.progress(f"{day}: cancellations", len(answers))


def _report(this: Replay, year: int) -> None:
    """By 31 March: reports and opinions, of those for whom there is a figure."""
    law = this.scheme.mrv.report_deadline.on(date(year, 1, 1)).value
    desk = noon("operator", law.in_year(year + 1))
    rows = [row for kind in kinds(this.scheme.on(date(year, 12, 31)))
            for row in rows_of(this, year, kind)]  # fmt: skip
    reports = [
        EmissionsReport(
            operator=this.names[row.account_id],
            year=year,
            tonnes=Tonnes(Decimal(row.verified)),
            submitted=desk.day,
            source="as published",
        )
        for row in rows
        if row.verified is not None
    ]
    opinion = Opinion(verifier=VERIFIER, judgement="verified")
    opinions, key = [(each, opinion) for each in reports], f"replay/{year}"
    this.run(lambda books: report(books, this.scheme, reports, key=f"{key}/report", desk=desk))
    this.progress(f"{year}: reports", len(reports))
    this.run(lambda books: verify(books, this.scheme, opinions, key=f"{key}/verify", desk=desk))
    this.progress(f"{year}: figures verified", len(reports))


def _exclude(this: Replay, year: int, day: date) -> None:
    """On the deadline: who owed nothing for the year, because nothing says that they emitted.

    The log sets C where a figure is due and missing, and then says *Not Reported*. A cell that is
    empty without a word has no figure that was due. What is surrendered in such a year counts.
    """
    rows = {row.account_id: row for kind in kinds(this.scheme.on(date(year, 12, 31)))
            for row in rows_of(this, year, kind)}  # fmt: skip
    reasons: dict[str, list[str]] = {NO_YEAR: [], NO_FIGURE: []}
    for each in this.history.operators:
        row = rows.get(each.account_id)
        if row is None or row.flag == "Excluded":
            if each.account_id in this.accounts:
                reasons[NO_YEAR].append(this.names[each.account_id])
        elif row.without_word:
            reasons[NO_FIGURE].append(this.names[each.account_id])

    def exclusions(books: Books) -> None:
        told = partial(exclude, books, this.scheme, year=year, desk=noon("authority", day))
        for place, (reason, names) in enumerate(reasons.items()):
            if names:
                told(names, reason=reason, key=f"replay/{year}/exclude/{place}")

    this.run(exclusions)


def _surrender(this: Replay, year: int, kind: Kind, deadline: date) -> None:
    """By 30 April: obtain what is missing from holders with a surplus, and surrender."""
    unit = unit_of(this.scheme, kind, year)
    rows = rows_of(this, year, kind)
    needs = {this.accounts[row.account_id]: row.surrendered for row in rows}
    desk = noon("operator", deadline)

    def give_up(books: Books) -> list[Answer]:
        orders = [
            SurrenderOrder(
                key=f"replay/{year}/surrender/{number}",
                account=number,
                year=year,
                unit=unit,
                count=count,
            )
            for number, count in needs.items()
            if count
        ]
        return surrender(books, this.scheme, orders, desk=desk)

    obtain(this, year, kind, deadline)
    answers = this.run(give_up)
    keep_refused(this, answers)
    this.progress(f"{year}: surrenders", len(answers))


def _count(
    this: Replay, year: int, outcomes: Mapping[str, compliance.Outcome]
) -> Iterator[YearReplayed]:
    """What the books say of a closed year, by kind and by registry."""
    allocated, verified, given = this.run(lambda books: _sums(books, this, year))
    for kind in kinds(this.scheme.on(date(year, 12, 31))):
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for each in this.history.operators:
            number = this.accounts.get(each.account_id)
            if each.kind == kind and number is not None:
                parts = sums[each.registry]
                parts[0] += allocated.get((number, year), 0)
                parts[1] += verified.get((number, year), 0)
                parts[2] += given.get((number, year), 0)
        for registry, parts in sums.items():
            this.by_registry[registry, kind, year] = _total(parts)
        rows = rows_of(this, year, kind)
        found = [outcomes[this.accounts[row.account_id]] for row in rows]
        if not found:
            continue
        yield YearReplayed(
            year=year,
            kind=kind,
            operators=len(rows),
            total=_total([sum(each[place] for each in sums.values()) for place in range(3)]),
            in_compliance=sum(each.status == "A" for each in found),
            short=sum(each.status == "B" for each in found),
            without_figure=sum(row.verified is None for row in rows),
            units_missing=sum(each.missing for each in found),
            penalty=sum((each.penalty for each in found[1:]), start=found[0].penalty),
        )


def _total(parts: Sequence[int]) -> Total:
    allocated, verified, given = parts
    return Total(allocated=allocated, verified=verified, surrendered=given)


def _sums(books: Books, this: Replay, year: int) -> tuple[dict[tuple[str, int], int], ...]:
    name = this.scheme.name
    allocated = books.moved_by_account("allocate", [year], scheme=name, outgoing=False)
    verified = {(number, year): figure.tonnes for number, figure in books.figures(name, [year])}
    return allocated, verified, surrendered(books, this.scheme, [year])


def _operators(this: Replay, year: int, rules: DayRules) -> Iterator[Operator]:
    """Who takes part in a year, of the kinds that the scheme covers by then."""
    covered, history = kinds(rules), this.history
    here = {row.account_id for row in history.rows.get(year, ())}
    return (each for each in history.operators if each.account_id in here and each.kind in covered)


def _opening(operator: Operator, rules: DayRules) -> Opening:
    kind = "operator" if operator.kind == "installation" else "aircraft_operator"
    assert kind in rules.kinds, "an account is of a kind that the scheme has"
    return Opening(
        kind=kind,
        name=operator.name,
        registry=operator.registry,
        operator=f"{operator.registry}-{operator.operator_id}",
        identifier=int(operator.account_id),
    )
