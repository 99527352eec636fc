"""What people are written about: proposals, accounts that are frozen, duties that are near."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from tonne import compliance, people
from tonne.operations.accounts import stopped_topic
from tonne.operations.books import Books, Spoken
from tonne.operations.people import FREEZE, everybody, mandates_on, people_of, person
from tonne.operations.positions import positions
from tonne.operations.proposal_book import proposal, topic_of, wish_of
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.wishes_of_emissions import Verify
from tonne.people import Decided, Person, Proposal, ProposalWord, Proposed
from tonne.refusal import Refused
from tonne.rulebook import NotInForce

NewsKind = Literal["waits", "completed", "rejected", "frozen", "owed", "not verified"]
_DAYS_BEFORE = (1, 7, 30)
"""So many days before a duty is due its operator is written, once each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that a person is written."""

    key: str
    kind: NewsKind
    to: Person
    facts: Mapping[str, str]
    """What the letter says of it, as everybody writes it."""


def news_of_proposals(
    books: Books, scheme: Scheme, *, after: int | None, level: int, desk: Desk
) -> tuple[int, list[News]]:
    """What people are written of what was said of proposals, and how far that was read.

    Nothing beyond the level is read: a lower number may still come in. Who has read nothing yet
    begins with what comes: of what is past nobody is written.
    """
    found: list[News] = []
    upto, new = _settled(books, topic_of(scheme), after, level)
    for each in new:
        word = msgspec.json.decode(each.word.body, type=ProposalWord)
        standing = proposal(books, scheme, each.word.subject)
        key = f"{scheme.name} {standing.code} {each.number}"
        found += _news(books, scheme, key, word, standing, desk=desk)
    return upto, found


def news_of_freezes(
    books: Books, scheme: Scheme, *, after: int | None, level: int, desk: Desk
) -> tuple[int, list[News]]:
    """What representatives are written of accounts that were suspended, and how far it was read."""
    del desk
    found: list[News] = []
    upto, new = _settled(books, stopped_topic(scheme), after, level)
    for each in new:
        account = each.word.subject
        key = f"{scheme.name} frozen {account} {each.number}"
        facts = {"account": account, "moment": f"{each.at:%Y-%m-%d %H:%M} UTC"}
        found += (
            News(key=f"{key} {who.code}", kind="frozen", to=who, facts=facts)
            for who in _representatives(books, account)
        )
    return upto, found


def freezes(
    books: Books, scheme: Scheme, *, after: int | None, level: int
) -> tuple[int, list[datetime]]:
    """When accounts of a scheme, or all of it, were frozen since; and how far that was read."""
    upto, found = _settled(books, stopped_topic(scheme), after, level)
    further, of_scheme = _settled(books, FREEZE, after, level)
    whole = (each for each in of_scheme if each.word.subject == scheme.name)
    frozen = (*found, *(each for each in whole if each.word.state == "frozen"))
    return max(upto, further), sorted(each.at for each in frozen)


def administrators(books: Books) -> list[Person]:
    """Who is called when something is unusual: the senior administrators."""
    enrolled = (person(books, each.subject) for each in everybody(books, states=["enrolled"]))
    return [each for each in enrolled if each.position == "senior"]


def news_of_duties(
    books: Books, scheme: Scheme, *, after: int | None, level: int, desk: Desk
) -> tuple[int, list[News]]:
    """What representatives of operators are written who still owe as the law's day comes near.

    What is read is days: that on which the last letters fell due. Where nothing was written on it
    the letters go a little later, and say the day of the law all the same.
    """
    del level
    for year in (desk.day.year - 1, desk.day.year):
        with suppress(Refused, NotInForce):
            by = compliance.surrender_by(year, scheme.compliance)
            left = (by - desk.day).days
            before = min((each for each in _DAYS_BEFORE if 0 <= left <= each), default=None)
            if before is None:
                continue
            mark = (by - timedelta(days=before)).toordinal()
            if after is not None and mark <= after:
                return after, []
            return mark, list(_owing(books, scheme, year, by, before, desk=desk))
    return after or 0, []


def _settled(books: Books, topic: str, after: int | None, level: int) -> tuple[int, list[Spoken]]:
    """How far a topic is read now, and what is new up to there."""
    if after is None:
        return level, []
    new = [each for each in books.words(topic, after=after) if each.number <= level]
    return max([after, *(each.number for each in new)]), new


def _owing(
    books: Books, scheme: Scheme, year: int, by: date, before: int, *, desk: Desk
) -> Iterator[News]:
    """Letters to those whose operators still owe units for a year."""
    found, _ = positions(books, scheme, year, desk.day)
    owed = compliance.still_owed(year, [*found.values()], scheme.compliance)
    for account, count in zip(found, owed, strict=True):
        if count <= 0:
            continue
        key = f"{scheme.name} owed {account} {year} {before}"
        facts = {"account": account, "year": f"{year}", "count": f"{count}", "day": f"{by}"}
        for who in _representatives(books, account):
            yield News(key=f"{key} {who.code}", kind="owed", to=who, facts=facts)


def _representatives(books: Books, account: str) -> list[Person]:
    """Who acts on an account and is neither suspended nor kept out."""
    found = (person(books, code) for code in people_of(books, account).mandates)
    return [each for each in found if each.state == "enrolled"]


def _news(
    books: Books,
    scheme: Scheme,
    key: str,
    word: Proposed | Decided,
    standing: Proposal,
    *,
    desk: Desk,
) -> Iterator[News]:
    if word.becomes != standing.state:
        return  # It has gone on since, and nobody need do anything about it.
    facts = {"proposal": standing.code}
    if word.becomes == "awaiting_approval":
        for who in _deciders(books, scheme, standing, desk=desk):
            yield News(key=f"{key} {who.code}", kind="waits", to=who, facts=facts)
    elif word.becomes in {"completed", "rejected"} and isinstance(word, Decided):
        kind: NewsKind = "completed" if word.becomes == "completed" else "rejected"
        yield News(key=key, kind=kind, to=person(books, standing.by), facts=facts)
    if word.becomes == "completed":
        yield from _of_a_verifier(books, key, wish_of(standing))


def _of_a_verifier(books: Books, key: str, wish: object) -> Iterator[News]:
    """Letters to representatives of whose report a verifier is not satisfied, with the reasons."""
    if not isinstance(wish, Verify) or wish.judgement != "not_verified":
        return
    facts = {"account": wish.account, "year": f"{wish.year}", "tonnes": wish.tonnes}
    facts |= {"comment": wish.comment, "figure": wish.figure or "\u2013"}
    for who in _representatives(books, wish.account):
        yield News(key=f"{key} {who.code}", kind="not verified", to=who, facts=facts)


def _deciders(books: Books, scheme: Scheme, standing: Proposal, *, desk: Desk) -> Iterator[Person]:
    """Who may approve a proposal: they are told that it waits."""
    law = mandates_on(scheme, desk.day)
    at_account = people_of(books, standing.account) if standing.account else None
    if at_account is not None and not standing.staff:
        codes = list(at_account.mandates)  # Staff may decide too, and see it at the desk.
    else:
        codes = [each.subject for each in everybody(books, states=["enrolled"])]
    for code in codes:
        who = person(books, code)
        grounds = people.deciding_refusals(
            who, at_account, standing, "approve", comment="", law=law
        )
        if code != standing.by and not any(grounds):
            yield who
