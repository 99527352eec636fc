"""What happened to proposals, in order, as those concerned are told of it while it happens.

Nothing is kept for it: what happened is what was said, and its number is its place.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import msgspec

from tonne import people
from tonne.operations.books import Books, Spoken
from tonne.operations.people import accounts_of, mandates_on, person
from tonne.operations.proposal_book import topic_of
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.people import LifeEvent, LifeState, ProposalWord, Proposed
from tonne.refusal import refuse_if_any

__all__ = ["Happening", "Level", "happened"]


class Happening(NamedTuple):
    """An event in the life of a proposal."""

    number: int
    """Its place in the order of all."""

    at: datetime
    scheme: str
    proposal: str
    event: LifeEvent
    state: LifeState
    account: str
    """On which account, or nobody's."""

    by: str
    """Who did it, or nobody where its time had come."""


@dataclass(slots=True)
class Level:
    """Up to which number nothing can come in between any more.

    Numbers are given before what they number is kept, so one may appear below another that has
    been seen. Who goes by numbers goes no further than this. It serves one caller at a time.
    """

    number: int = 0
    _next: tuple[int, int] | None = None

    def rise(self, books: Books) -> int:
        """The level, as far as it is known now."""
        last, mark, over = books.latest_word()
        if self._next is not None and over >= self._next[1]:
            self.number, self._next = max(self.number, self._next[0]), None
        if over >= mark:
            self.number = max(self.number, last)
        elif self._next is None:
            self._next = last, mark
        return self.number


def happened(
    books: Books, scheme: Scheme, by: str, *, after: int, upto: int, limit: int, desk: Desk
) -> list[Happening]:
    """What happened to the proposals that a person sees, between two numbers, the oldest first.

    Staff see all; others what is on the accounts that are theirs now, and what they proposed.
    """
    who, law = person(books, by), mandates_on(scheme, desk.day)
    refuse_if_any(people.acting_refusals(who))
    accounts = None
    if not law.sees_all(who):
        accounts = [
            each.account
            for each in accounts_of(books, by)
            if not any(people.seeing_refusals(who, each, law))
        ]
    found = books.states_page(
        topic_of(scheme), accounts=accounts, about=by, after=after, upto=upto, limit=limit
    )
    return [_happening(scheme, each) for each in found]


def _happening(scheme: Scheme, spoken: Spoken) -> Happening:
    word: Proposed | people.Decided = msgspec.json.decode(spoken.word.body, type=ProposalWord)
    return Happening(
        number=spoken.number,
        at=spoken.at,
        scheme=scheme.name,
        proposal=spoken.word.subject,
        event="propose" if isinstance(word, Proposed) else word.event,
        state=word.becomes,
        account=spoken.word.account,
        by=word.by,
    )
