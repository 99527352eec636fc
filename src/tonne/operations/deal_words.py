"""What was said of deals, as it is kept, and how each stands by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import msgspec
from msgspec import Struct

from tonne.ledger import KeptWord
from tonne.market import Deal, DealState, PublicDeal, Said, expired_deals, publication, say_of_deal
from tonne.operations.books import Books, Spoken
from tonne.operations.contract_grounds import AGREED, DealUnknown
from tonne.operations.cures import FailedSide
from tonne.operations.heard import Heard, hear, moment, subject_of
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.quantity import Price
from tonne.refusal import Refused

DEAL = "deal"


class Drawn(Struct, frozen=True, kw_only=True, tag="drawn"):
    """The terms of a deal, as they were when the first word was said."""

    deal: Deal


class Told(Struct, frozen=True, kw_only=True, tag="told"):
    """A word about a deal; if it failed why, and by the fault of which side."""

    said: Said
    why: tuple[str, ...] = ()
    side: FailedSide | None = None


class Lapsed(Struct, frozen=True, kw_only=True, tag="lapsed"):
    """Nobody confirmed it in time."""

    at: datetime


class DealLine(NamedTuple):
    """A word about a deal: on what day, by whom (None: the market), and why it failed."""

    day: date
    word: str
    by: str | None
    price: Price | None
    why: tuple[str, ...] = ()
    settled: int = 0
    """Units that were settled though the rest failed."""

    side: FailedSide | None = None
    """Which side failed, and how that is cured; none if neither did, or no law says how."""


DealBody = Drawn | Told | Lapsed


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLife:
    """A deal as it stood after each word about it, with the day of the word."""

    stood: tuple[tuple[date, Deal], ...]

    @property
    def deal(self) -> Deal:
        """The deal after all that was said."""
        return self.stood[-1][1]

    @property
    def agreed(self) -> tuple[date, Deal] | None:
        """The deal when both sides had confirmed it, and the day; nothing if they have not."""
        return next(((day, deal) for day, deal in self.stood if deal.agreed_at), None)

    def before(self, day: date) -> Deal | None:
        """The deal as it stood when a day began; nothing if there was none."""
        return next((deal for said, deal in reversed(self.stood) if said < day), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DealStands:
    """A deal as it stands, what was said of it, and what settled it."""

    deal: Deal
    words: tuple[tuple[Spoken, DealBody], ...]
    transactions: tuple[int, ...]
    """What settled it: one, or one for each part."""

    @property
    def transaction(self) -> int | None:
        """The transaction that settled it, or the last part of it."""
        over = self.deal.state is DealState.SETTLED
        return self.transactions[-1] if over else None

    @property
    def to_free(self) -> bool:
        """Whether it has lapsed, and what was held for it is held still."""
        over = any(isinstance(body, Lapsed) for _, body in self.words)
        return self.deal.state is DealState.EXPIRED and not over

    @property
    def said(self) -> Iterator[DealLine]:
        """Every word with its day, in order; the terms are those of the deal."""
        for spoken, body in self.words:
            if isinstance(body, Told):
                said = body.said
                yield DealLine(
                    spoken.day, said.word, said.by, said.price, body.why, said.settled, body.side
                )
            elif isinstance(body, Lapsed):
                yield DealLine(spoken.day, "lapse", None, None)


def draw(books: Books, scheme: Scheme, entry: int, draft: Deal, said: Said) -> None:
    """Keep the terms of a deal and the first word about it; by each of them a side finds it."""
    first = ((draft.buyer, Drawn(deal=draft)), (draft.seller, Told(said=said)))
    books.say(
        entry,
        [
            KeptWord(
                DEAL, subject_of(scheme, draft.id), msgspec.json.encode(body).decode(), about=side
            )
            for side, body in first
        ],
    )


def the_deal(books: Books, scheme: Scheme, name: str, *, desk: Desk) -> DealStands:
    """A deal by its name as it stands at that moment, or refused."""
    found = hear(books, scheme, DEAL, DealBody, name).get(name)
    if found is None:
        raise Refused([DealUnknown(reference=AGREED, deal=name, scheme=scheme.name)])
    return _stands(books, scheme, found, desk)


def deals(books: Books, scheme: Scheme, *, desk: Desk) -> tuple[DealStands, ...]:
    """All deals in the order in which they were begun."""
    found = hear(books, scheme, DEAL, DealBody)
    return tuple(_stands(books, scheme, each, desk) for each in found.values())


def published(books: Books, scheme: Scheme, *, desk: Desk) -> tuple[PublicDeal, ...]:
    """What the public knows of deals at that moment: not who, and of a block trade only later."""
    told = (publication(each.deal, scheme.deals) for each in deals(books, scheme, desk=desk))
    now = moment(desk)
    return tuple(each for each in told if each is not None and each.published_at <= now)


def done_under(books: Books, scheme: Scheme, key: str, desk: Desk) -> tuple[DealStands, ...]:
    """The deals about which something was said under a key."""
    return tuple(
        each
        for each in deals(books, scheme, desk=desk)
        if books.known(f"{key}/{each.deal.id}") is not None
    )


def deal_lives(books: Books, scheme: Scheme) -> tuple[DealLife, ...]:
    """All deals as they stood from word to word, in the order in which they were begun."""
    return tuple(_lived(scheme, each) for each in hear(books, scheme, DEAL, DealBody).values())


def _lived(scheme: Scheme, heard: Sequence[Heard]) -> DealLife:
    """A deal word by word, out of all that was said of it."""
    deal: Deal | None = None
    stood: list[tuple[date, Deal]] = []
    for spoken, body in heard:
        assert isinstance(body, DealBody), "words of deals are read as such"
        if isinstance(body, Drawn):
            deal = body.deal
        else:
            assert deal is not None, "a deal is drawn before anything is said of it"
            if isinstance(body, Told):
                deal = say_of_deal(deal, body.said, scheme.deals, scheme.calendar)
            else:
                # It is over for ever, also for who speaks with effect from a day before.
                (deal,) = expired_deals([deal], at=body.at)
        stood.append((spoken.day, deal))
    return DealLife(stood=tuple(stood))


def _stands(books: Books, scheme: Scheme, heard: Sequence[Heard], desk: Desk) -> DealStands:
    """A deal out of all that was said of it."""
    life = _lived(scheme, heard)
    words: list[tuple[Spoken, DealBody]] = []
    keys: list[str] = []
    before: Deal | None = None
    for (spoken, body), (_, deal) in zip(heard, life.stood, strict=True):
        assert isinstance(body, DealBody), "words of deals are read as such"
        words.append((spoken, body))
        if isinstance(body, Told) and (body.said.word == "settle" or body.said.settled):
            assert before is not None, "a deal is drawn before it is settled"
            keys.append(trade_key(scheme, before))
        before = deal
    (deal,) = expired_deals([life.deal], at=moment(desk)) or (life.deal,)
    known = [books.known(key) for key in keys]
    settled = tuple(found[0] for found in known if found is not None)
    return DealStands(deal=deal, words=tuple(words), transactions=settled)


def trade_key(scheme: Scheme, deal: Deal) -> str:
    """The key of the transaction that settles a deal, or what is left of it."""
    part = f" from unit {deal.settled + 1}" if deal.settled else ""
    return f"{DEAL} {subject_of(scheme, deal.id)} settled{part}"
