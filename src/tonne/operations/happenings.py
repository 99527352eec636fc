"""What happened to proposals and in trades, in order, as those concerned are told of it meanwhile.

Nothing is kept for it: what happened is what was said, and its number is its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import msgspec

from tonne import people
from tonne.ledger import Span
from tonne.market import Side
from tonne.operations.books import Books, Spoken
from tonne.operations.engine_words import BookTrade
from tonne.operations.heard import subject_of
from tonne.operations.people import accounts_of, mandates_on, person
from tonne.operations.proposal_book import topic_of
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.people import LifeEvent, LifeState, ProposalWord, Proposed
from tonne.quantity import Price
from tonne.refusal import refuse_if_any

__all__ = ["Happening", "Level", "TradeMade", "happened"]

_as_trade = msgspec.json.Decoder(BookTrade).decode


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


class TradeMade(NamedTuple):
    """A trade of one's own; who was on the other side is not told."""

    number: int
    at: datetime
    scheme: str
    instrument: str
    trade: int
    """Its number in the book."""

    price: Price
    units: int
    """How many."""

    sides: tuple[tuple[str, Side], ...]
    """Accounts of one's own, and whether each bought or sold."""


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
    books: Books,
    scheme: Scheme,
    by: str,
    *,
    after: int,
    upto: int,
    limit: int,
    desk: Desk,
    trades: bool = False,
    made: Span | None = None,
    newest: bool = False,
) -> list[Happening | TradeMade]:
    """What happened to the proposals that a person sees, between two numbers, in either order.

    Staff see all; others what is on the accounts that are theirs now, and what they proposed. With
    ``trades`` they are told the trades of these accounts too: of staff none but their own. With
    ``made`` they are told what happened in that stretch of time.
    """
    who, law = person(books, by), mandates_on(scheme, desk.day)
    refuse_if_any(people.acting_refusals(who))
    everything = law.sees_all(who)
    own = [
        each.account
        for each in (accounts_of(books, by) if trades or not everything else ())
        if not any(people.seeing_refusals(who, each, law))
    ]
    states = books.states_page(
        topic_of(scheme),
        accounts=None if everything else own,
        about=by,
        after=after,
        upto=upto,
        made=made,
        newest=newest,
        limit=limit,
    )
    found: list[Happening | TradeMade] = [_happening(scheme, each) for each in states]
    if trades and own:
        begin = subject_of(scheme, "")
        traded = books.own_trades_page(
            begin, own, after=after, upto=upto, made=made, newest=newest, limit=limit
        )
        found += [_trade(scheme, each, own) for each in traded]
    return sorted(found, key=lambda each: each.number, reverse=newest)[:limit]


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


def _trade(scheme: Scheme, spoken: Spoken, own: Sequence[str]) -> TradeMade:
    code = spoken.word.subject.removeprefix(subject_of(scheme, ""))
    traded = _as_trade(spoken.word.body).traded
    instrument = scheme.instruments.instrument(code, on=spoken.day)
    sides: tuple[tuple[str, Side], ...] = ((traded.buyer, "buy"), (traded.seller, "sell"))
    return TradeMade(
        number=spoken.number,
        at=traded.at,
        scheme=scheme.name,
        instrument=code,
        trade=traded.trade_id,
        price=instrument.price(traded.price),
        units=traded.qty * instrument.lot,
        sides=tuple(each for each in sides if each[0] in own),
    )
