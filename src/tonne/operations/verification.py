"""Reports of emissions that wait for a verifier, and what verifiers said of those of an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tonne import people
from tonne.mrv import EmissionsReport
from tonne.operations.accounts import the_account
from tonne.operations.books import Books
from tonne.operations.control import seen_by_staff
from tonne.operations.own import OwnAccount
from tonne.operations.people import ACCOUNT, mandates_on, people_of, person, read_reports
from tonne.operations.proposal_book import proposal
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.wishes_of_emissions import Judgement, Word, spoken_of, word_topic, words_of
from tonne.people import AccountPeople
from tonne.registry import HoldingAccount

__all__ = ["Said", "WaitingReport", "judged_account", "last_report", "said_of", "waiting"]

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
    """The reports of a year that wait for a verifier; 1202 or 1225 for who is none, nor staff.

    Staff see all of them, a verifier those of the operators that appointed them.
    """
    mine = _theirs(books, scheme, year, by=by, desk=desk)
    last = dict(books.reports(scheme.name, [year]))
    figured = {number for number, _ in books.figures(scheme.name, [year])}
    topic = word_topic(scheme, year)
    refused = {each.subject for each in books.matters(topic, states=[REFUSED])}
    open_ = {
        number
        for number, report in last.items()
        if number not in figured
        and (mine is None or number in mine)
        and not (number in refused and words_of(books, scheme, number, year)[-1].is_of(report))
    }
    accounts = books.accounts(scheme=scheme.name, operated=True) if open_ else ()
    return [
        WaitingReport(account=each, report=last[each.number])
        for each in accounts
        if each.number in open_
    ]


def _theirs(
    books: Books, scheme: Scheme, year: int, *, by: str, desk: Desk
) -> frozenset[str] | None:
    """The accounts that appointed a verifier for a year; nothing for staff, who see all."""
    who, law = person(books, by), mandates_on(scheme, desk.day)
    if not law.verifies(who):
        seen_by_staff(books, scheme, by=by, desk=desk)
        return None
    found = (people_of(books, each) for each in books.subjects(ACCOUNT, by))
    return frozenset(
        each.account for each in found if not any(people.reading_refusals(who, each, year, law))
    )


def judged_account(books: Books, scheme: Scheme, number: str, *, by: str, desk: Desk) -> OwnAccount:
    """An account as those see it who judge its reports: by its name, and nothing that it holds.

    For those who may see a report of it; 1202, 1203 or 9127 for any other.
    """
    read_reports(books, scheme, number, by=by, desk=desk)
    day = scheme.on(desk.day)
    account = the_account(books, scheme, number, day)
    kinds = day.kinds
    return OwnAccount(
        account=account,
        kind=kinds[account.kind].name if account.kind in kinds else account.kind,
        people=AccountPeople(account=number), holdings=(), duty=None, steps=(),
    )  # fmt: skip


def last_report(
    books: Books, scheme: Scheme, account: str, year: int, *, by: str, desk: Desk
) -> EmissionsReport | None:
    """The last report of a year, for a person who may see it; 1202, 1203 or 9127 for others."""
    read_reports(books, scheme, account, year, by=by, desk=desk)
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
