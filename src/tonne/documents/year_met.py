"""How the operators of a scheme met a year, as a report."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from tonne.documents.languages import Language
from tonne.documents.report import Column, Fact, Report, Table
from tonne.documents.words import STATUSES, word
from tonne.operations import Closing, Publication, Scheme
from tonne.quantity import Money


def year_report(
    found: Publication, scheme: Scheme, *, language: Language, day: date, at: datetime
) -> Report:
    """What is public of a closed year, with every operator in the second table."""
    say, title = language.say, scheme.registry.title.on(day).value
    facts = [
        Fact(say("Scheme"), title, "name"),
        Fact(say("Year"), found.year, "year"),
        Fact(say("Names are public from"), found.on, "words"),
        Fact(say("Fingerprint of the law"), scheme.fingerprint, "code"),
    ]
    return Report(
        language=language,
        title=say("Compliance in %(year)s", year=language.year(found.year)),
        subject=title,
        sentence=_sentence(found, language),
        facts=facts,
        tables=(_by_status(found.closings, language), _operators(found, language)),
        source=title,
        at=at,
    )


def operators_of(report: Report) -> Table:
    """The table of such a report that is kept where there is room for one alone."""
    return report.tables[1]


def _sentence(found: Publication, language: Language) -> str:
    if not found.closings:
        return language.say("The year %(year)s is not closed.", year=language.year(found.year))
    short = sum(each.outcome.missing > 0 for each in found.closings)
    facts = {
        "count": language.figure(short),
        "all": language.figure(len(found.closings)),
        "year": language.year(found.year),
    }
    if not short:
        return language.say("Of %(all)s operators none fell short for %(year)s.", **facts)
    return language.say_count(
        "Of %(all)s operators %(count)s fell short for %(year)s.",
        "Of %(all)s operators %(count)s fell short for %(year)s.",
        short,
        **facts,
    )


class _Sum(NamedTuple):
    """Closings added up."""

    operators: int
    verified: int
    surrendered: int
    missing: int
    penalty: Money | None


def _sum(closings: Sequence[Closing]) -> _Sum:
    penalties = [each.outcome.penalty for each in closings]
    return _Sum(
        operators=len(closings),
        verified=sum(each.verified or 0 for each in closings),
        surrendered=sum(each.surrendered for each in closings),
        missing=sum(each.outcome.missing for each in closings),
        penalty=sum(penalties[1:], start=penalties[0]) if penalties else None,
    )


def _by_status(closings: Sequence[Closing], language: Language) -> Table:
    """How many operators stand how."""
    say = language.say
    statuses = [status for status in STATUSES if any(e.outcome.status == status for e in closings)]
    return Table(
        title=say("Summed up"),
        columns=(
            Column(heading=say("How it was met"), kind="words", width=6),
            Column(heading=say("Operators"), kind="count", width=3),
            *_figures(language),
        ),
        rows=[
            (
                word(status, STATUSES, language),
                *_sum([each for each in closings if each.outcome.status == status]),
            )
            for status in statuses
        ],
        sums=[(say("Sum"), *_sum(closings))],
    )


def _operators(found: Publication, language: Language) -> Table:
    say = language.say
    total = _sum(found.closings)
    return Table(
        title=say("Operators"),
        columns=(
            Column(heading=say("Account"), kind="code", width=4),
            Column(heading=say("Operator"), kind="name", width=4),
            Column(heading=say("Name"), kind="name", width=4),
            Column(heading=say("How it was met"), kind="words", width=5),
            *_figures(language),
        ),
        rows=[
            (
                each.account,
                each.outcome.operator,
                found.named.get(each.account),
                word(each.outcome.status, STATUSES, language),
                each.verified,
                each.surrendered,
                each.outcome.missing,
                each.outcome.penalty,
            )
            for each in found.closings
        ],
        sums=[(say("Sum"), None, None, None, *total[1:])],
    )


def _figures(language: Language) -> Iterable[Column]:
    say = language.say
    return (
        Column(heading=say("Verified emissions"), kind="count", width=3),
        Column(heading=say("Units surrendered"), kind="count", width=3),
        Column(heading=say("Units missing"), kind="count", width=3),
        Column(heading=say("Penalty"), kind="count", width=3),
    )
