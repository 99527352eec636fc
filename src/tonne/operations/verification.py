"""Reports of emissions that wait for a verifier, and what verifiers said of those of an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tonne.mrv import EmissionsReport
from tonne.operations.books import Books
from tonne.operations.control import seen_by_staff
from tonne.operations.people import look_at, person
from tonne.operations.proposal_book import proposal
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.wishes_of_emissions import Judgement, Word, spoken_of, word_topic, words_of
from tonne.registry import HoldingAccount

__all__ = ["Said", "WaitingReport", "last_report", "said_of", "waiting"]

REFUSED: Judgement = "not_verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReport:
    """The last report of an operator's year, of which no figure stands and nobody said anything."""

    account: HoldingAccount
    report: EmissionsReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a verifier said of a report, and who it was."""

    word: Word
    by: str
    """The verifier's name."""

    person: str
    """The verifier, by their code."""

    day: date
    at: datetime
    entry: int
    """Its number in the journal: that of the figure, if one came of it."""


def waiting(
    books: Books, scheme: Scheme, year: int, *, by: str, desk: Desk
) -> Sequence[WaitingReport]:
    """The reports of a year that wait for a verifier, for the registry's staff; or 1202, 1203."""
    seen_by_staff(books, scheme, by=by, desk=desk)
    last = dict(books.reports(scheme.name, [year]))
    figured = {number for number, _ in books.figures(scheme.name, [year])}
    topic = word_topic(scheme, year)
    refused = {each.subject for each in books.matters(topic, states=[REFUSED])}
    open_ = {
        number
        for number, report in last.items()
        if number not in figured
        and not (number in refused and words_of(books, scheme, number, year)[-1].is_of(report))
    }
    accounts = books.accounts(scheme=scheme.name, operated=True) if open_ else ()
    return [
        WaitingReport(account=each, report=last[each.number])
        for each in accounts
        if each.number in open_
    ]


def last_report(
    books: Books, scheme: Scheme, account: str, year: int, *, by: str, desk: Desk
) -> EmissionsReport | None:
    """The last report of a year, for a person who may see the account; 1202 or 1203 for others."""
    look_at(books, scheme, account, by=by, desk=desk)
    found = [each for _, each in books.reports(scheme.name, [year], account=account)]
    return found[-1] if found else None


def said_of(books: Books, scheme: Scheme, account: str, year: int) -> list[Said]:
    """What verifiers said of the reports of a year, the last at the end."""
    found = []
    for spoken, word in spoken_of(books, scheme, account, year):
        who = person(books, proposal(books, scheme, word.proposal).by)
        said = Said(
            word=word, by=who.name, person=who.code, day=spoken.day, at=spoken.at,
            entry=spoken.entry,
        )  # fmt: skip
        found.append(said)
    return found
