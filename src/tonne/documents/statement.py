"""The statement of an account as a report."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from tonne.documents.languages import Language, code, name
from tonne.documents.report import Column, Fact, Report, Table, Value
from tonne.documents.words import ACCOUNT_STATUSES, FIGURES, STATUSES, VERBS, word
from tonne.ledger import Block, Step
from tonne.operations import Closing, Scheme, Statement
from tonne.quantity import Money, amount, is_currency


def statement_report(
    found: Statement,
    scheme: Scheme,
    *,
    language: Language,
    day: date,
    at: datetime,
    year: int | None = None,
) -> Report:
    """What the books say of an account, with its movements as the second table."""
    account, say = found.account, language.say
    title = (
        say("Statement of account")
        if year is None
        else say("Statement of account for %(year)s", year=language.year(year))
    )
    facts = [
        Fact(say("Account"), account.number, "code"),
        Fact(say("Holder"), account.name, "name"),
        Fact(say("Operator"), account.operator, "name"),
        Fact(
            say("State of the account"), word(account.status, ACCOUNT_STATUSES, language), "words"
        ),
        Fact(say("Scheme"), scheme.registry.title.on(day).value, "name"),
        Fact(say("Fingerprint of the law"), scheme.fingerprint, "code"),
    ]
    return Report(
        language=language,
        title=title,
        subject=account.name,
        sentence=_sentence(found, language),
        facts=[each for each in facts if each.value is not None],
        tables=(
            _held(found, language),
            _movements(found, language),
            _numbers(found, language),
            _emissions(found, language),
            _closings(found.closings, language),
        ),
        source=scheme.registry.title.on(day).value,
        at=at,
    )


def movements_of(report: Report) -> Table:
    """The table of a statement that is kept where there is room for one alone."""
    return report.tables[1]


def _sentence(found: Statement, language: Language) -> str:
    """What the account holds, in one sentence."""
    held = [
        f"{code(unit)} {language.figure(count)}"
        if not is_currency(unit)
        else f"{code(unit)} {language.count(_money(unit, count).amount)}"
        for unit, count in found.holdings.items()
        if count
    ]
    who = name(found.account.name)
    if not held:
        return language.say("The account of %(who)s holds nothing.", who=who)
    return language.say("The account of %(who)s holds: %(what)s.", who=who, what="; ".join(held))


def _held(found: Statement, language: Language) -> Table:
    """What is held, by unit; units are summed, money is not added to them."""
    say = language.say
    held = {unit: count for unit, count in found.holdings.items() if count}
    units = sum(count for unit, count in held.items() if not is_currency(unit))
    return Table(
        title=say("Held now"),
        columns=(
            Column(heading=say("Unit"), kind="code", width=3),
            Column(heading=say("Held"), kind="count", width=3),
        ),
        rows=[(unit, amount(unit, count)) for unit, count in held.items()],
        sums=[(say("Sum of units"), units)],
    )


def _numbers(found: Statement, language: Language) -> Table:
    say = language.say
    return Table(
        title=say("Serial numbers held now"),
        columns=(
            Column(heading=say("Unit"), kind="code", width=3),
            Column(heading=say("Serial numbers"), kind="code", width=5),
            Column(heading=say("Units"), kind="count", width=3),
        ),
        rows=[(unit, block, block.count) for unit, block in found.blocks],
        sums=[(say("Sum"), None, sum(block.count for _, block in found.blocks))],
    )


def _movements(found: Statement, language: Language) -> Table:
    say, number = language.say, found.account.number
    return Table(
        title=say("Movements"),
        columns=(
            Column(heading=say("Transaction"), kind="code", width=2),
            Column(heading=say("Day"), kind="day", width=2),
            Column(heading=say("What"), kind="words", width=4),
            Column(heading=say("Year"), kind="year", width=1),
            Column(heading=say("Other account"), kind="code", width=4),
            Column(heading=say("Unit"), kind="code", width=3),
            Column(heading=say("Serial numbers"), kind="code", width=5),
            Column(heading=say("In"), kind="count", width=3),
            Column(heading=say("Out"), kind="count", width=3),
        ),
        rows=[_movement(step, number, language) for step in found.steps],
        sums=list(_moved(found.steps, number, language)),
    )


def _movement(step: Step, number: str, language: Language) -> tuple[Value, ...]:
    comes = step.target == number
    units = amount(step.asset, step.units)
    return (
        str(step.transaction),
        step.day,
        word(step.kind, VERBS, language),
        step.year,
        step.source if comes else step.target,
        step.asset,
        None if step.series is None else Block(step.series, step.first, step.last),
        units if comes else None,
        None if comes else units,
    )


def _moved(steps: Iterable[Step], number: str, language: Language) -> Iterator[tuple[Value, ...]]:
    """What came in and went out, by unit."""
    came: Counter[str] = Counter()
    went: Counter[str] = Counter()
    for step in steps:
        (came if step.target == number else went)[step.asset] += step.units
    for unit in sorted(came | went):
        yield (
            language.say("Sum"), None, None, None, None, unit, None,
            amount(unit, came[unit]), amount(unit, went[unit]),
        )  # fmt: skip


def _emissions(found: Statement, language: Language) -> Table:
    say = language.say
    reported = (
        (each.year, say(FIGURES["reported"]), each.submitted, each.source, each.tonnes.whole())
        for each in found.reports
    )
    figures = (
        (each.year, word(each.kind, FIGURES, language), each.day, each.reference, each.tonnes)
        for each in found.figures
    )
    return Table(
        title=say("Emissions"),
        columns=(
            Column(heading=say("Year"), kind="year", width=2),
            Column(heading=say("What"), kind="words", width=4),
            Column(heading=say("Day"), kind="day", width=2),
            Column(heading=say("Rule"), kind="name", width=6),
            Column(heading=say("Tonnes of CO2 equivalent"), kind="count", width=3),
        ),
        rows=[*reported, *figures],
    )


def _closings(closings: Iterable[Closing], language: Language) -> Table:
    say = language.say
    return Table(
        title=say("Years closed"),
        columns=(
            Column(heading=say("Year"), kind="year", width=2),
            Column(heading=say("Day"), kind="day", width=2),
            Column(heading=say("How it was met"), kind="words", width=6),
            Column(heading=say("Verified emissions"), kind="count", width=3),
            Column(heading=say("Units surrendered"), kind="count", width=3),
            Column(heading=say("Units missing"), kind="count", width=3),
            Column(heading=say("Penalty"), kind="count", width=3),
            Column(heading=say("Units to make good"), kind="count", width=3),
        ),
        rows=[
            (
                each.outcome.year,
                each.day,
                word(each.outcome.status, STATUSES, language),
                each.verified,
                each.surrendered,
                each.outcome.missing,
                each.outcome.penalty,
                each.outcome.carried,
            )
            for each in closings
        ],
    )


def _money(unit: str, count: int) -> Money:
    found = amount(unit, count)
    assert isinstance(found, Money), "a currency counts money"
    return found
