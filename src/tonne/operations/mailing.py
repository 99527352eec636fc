"""What people are written about: a proposal that waits for them, and what became of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import msgspec

from tonne import people
from tonne.operations.books import Books
from tonne.operations.people import everybody, mandates_on, people_of, person
from tonne.operations.proposal_book import proposal, topic_of
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.people import Decided, Person, Proposal, ProposalWord, Proposed

NewsKind = Literal["waits", "completed", "rejected"]
_SETTLED = timedelta(seconds=10)
"""What is younger is read the next time: a lower number may be committed a little later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that a person is written."""

    key: str
    kind: NewsKind
    to: Person
    proposal: Proposal


def news_of_proposals(
    books: Books, scheme: Scheme, *, after: int | None, desk: Desk
) -> tuple[int, list[News]]:
    """What people are written of what was said of proposals, and how far that was read.

    Who has read nothing yet begins with what comes: of what is past nobody is written.
    """
    topic = topic_of(scheme)
    if after is None:
        said = books.words(topic, last=True)
        return max((each.number for each in said), default=0), []
    found: list[News] = []
    upto = after
    for each in books.words(topic, after=after):
        if each.at > desk.at - _SETTLED:
            break
        upto = each.number
        word = msgspec.json.decode(each.word.body, type=ProposalWord)
        standing = proposal(books, scheme, each.word.subject)
        key = f"{scheme.name} {standing.code} {each.number}"
        found += _news(books, scheme, key, word, standing, desk=desk)
    return upto, found


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
    if word.becomes == "awaiting_approval":
        for who in _deciders(books, scheme, standing, desk=desk):
            yield News(key=f"{key} {who.code}", kind="waits", to=who, proposal=standing)
    elif word.becomes in {"completed", "rejected"} and isinstance(word, Decided):
        kind: NewsKind = "completed" if word.becomes == "completed" else "rejected"
        yield News(key=key, kind=kind, to=person(books, standing.by), proposal=standing)


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
