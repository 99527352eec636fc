"""What is said of auctions and kept word for word, and how an auction stands by what was said.

What is public of an auction is said on one topic; the bids of each are said on a topic of its own,
by bidder, and nobody is told of them before they are opened.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec import Struct

from tonne.ledger import KeptWord
from tonne.market import AuctionLaw, Consigned, Left, Offer
from tonne.operations.auction_grounds import AuctionUnknown
from tonne.operations.books import Books
from tonne.operations.heard import subject_of
from tonne.operations.scheme import Scheme
from tonne.quantity import Currency, Money
from tonne.refusal import Refused

TOPIC = "auction"
_YEAR = "the reserves of the year"

Status = Literal["announced", "open", "closed", "cleared", "called off"]


class Word(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Something that is said of an auction."""


class Created(Word, frozen=True, kw_only=True, tag="created"):
    """An auction will be held, and what it offers is on hold."""

    name: str
    instrument: str
    """What is sold, by its code in the law."""

    unit: str
    """What of it is on hold: the kind of unit that the instrument delivers."""

    opens: datetime
    closes: datetime
    offer: Offer
    """With the units of earlier auctions that are offered again."""

    again: tuple[Consigned, ...]
    """How many of the offer are such units, by seller."""

    set_aside: int
    """Units of the year's cost containment reserve that are on hold for this auction."""

    groups: tuple[tuple[str, ...], ...]
    """Accounts that belong together and share one limit."""


class CalledOff(Word, frozen=True, kw_only=True, tag="called_off"):
    """It is not held, and everything that was on hold is free again."""

    reason: str


class Point(Struct, frozen=True, kw_only=True):
    """How many units were bid for at a price or above."""

    price: Decimal
    count: int


class Sold(Struct, frozen=True, kw_only=True):
    """How many units of a seller were sold, and the price of them all in the smallest coins."""

    seller: str
    offered: int
    sold: int
    minor: int


class Results(Struct, frozen=True, kw_only=True):
    """What is published of an auction once its bids were opened."""

    currency: str
    price: Decimal | None
    """What every winner paid for a unit; nothing where nothing was sold."""

    offered: int
    sold: int
    cost_sold: int
    """Units of the cost containment reserve among them."""

    withheld: int
    demanded: int
    bidders: int
    winners: int
    minor: int
    """The proceeds without tax, in the smallest coins."""

    curve: tuple[Point, ...]
    sellers: tuple[Sold, ...]
    left: tuple[Left, ...]
    sealed: int
    """How many bids were sealed at the close."""

    roll: str
    """The hash of them all."""

    seed: str | None
    cancelled: tuple[str, ...]

    @property
    def cover(self) -> Decimal:
        """Units bid for, for each unit offered, to the hundredth below."""
        return Decimal(self.demanded * 100 // self.offered).scaleb(-2)

    @property
    def proceeds(self) -> Money:
        """The price of all units that were sold."""
        return Money(self.minor, Currency(self.currency))


class NotCounted(Struct, frozen=True, kw_only=True):
    """A bid that did not stand when it was opened, and why."""

    bidder: str
    bid: str
    why: tuple[str, ...]


class Defaulted(Struct, frozen=True, kw_only=True):
    """A bidder who could not pay what the bids won; money is in the smallest coins."""

    bidder: str
    count: int
    """Units that were not delivered."""

    due: int
    """What they cost, with tax, beside what the bidder would have got for units of its own."""

    there: int
    """All that the bidder had for it, the collateral included."""

    forfeited: int
    """What is lost of the collateral."""


class Cleared(Word, frozen=True, kw_only=True, tag="cleared"):
    """The bids were opened, the units sold and paid."""

    results: Results
    not_counted: tuple[NotCounted, ...]
    settled: int | None
    """The transaction by which every award was delivered against payment."""

    market: Decimal | None
    """The price on the market by which the auction was measured."""

    emission_used: int
    """Units that earlier auctions of the year had withheld for emission containment."""

    defaulted: tuple[Defaulted, ...] = ()
    """Who could not pay, where bids are covered in part."""


class Sealed(Struct, frozen=True, kw_only=True):
    """A bid as it lies sealed: the public is told the commitment alone."""

    id: str
    price: Decimal
    count: int
    received: datetime
    salt: str
    commitment: str
    place: int
    """Its place among the bids that were handed in together."""


class Bidding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a bidder handed in and took back at one time, and what is on hold after it."""

    taken: tuple[Sealed, ...]
    withdrawn: tuple[str, ...]
    """Before what was taken."""

    held: int


_SPOKEN = msgspec.json.Decoder(Created | CalledOff | Cleared)
_BIDDING = msgspec.json.Decoder(Bidding)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAuction:
    """An auction as it stands by what was said of it."""

    subject: str
    entry: int
    created: Created
    cleared: Cleared | None = None
    called_off: CalledOff | None = None

    def status(self, at: datetime) -> Status:
        """How far it has come at a moment."""
        if self.cleared is not None:
            return "cleared"
        if self.called_off is not None:
            return "called off"
        if at < self.created.opens:
            return "announced"
        return "open" if at < self.created.closes else "closed"

    def law(self, scheme: Scheme) -> AuctionLaw:
        """The law of the day of its close."""
        return law_of(scheme, self.created.instrument, self.created.closes.date())

    def holds(self) -> Iterator[tuple[str, str, int]]:
        """What is on hold of its offer: the key of the hold, whose units, how many."""
        offer = self.created.offer
        own = Consigned(seller=offer.seller, count=offer.count + self.created.set_aside)
        for each in (own, *offer.consigned):
            if each.count:
                yield f"offer {self.subject} {each.seller}", each.seller, each.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The bids of one bidder that stand, what is on hold for them, and since which entry."""

    bids: tuple[tuple[int, Sealed], ...]
    """Each with the entry by which it came."""

    held: int
    entry: int


def law_of(scheme: Scheme, instrument: str, day: date) -> AuctionLaw:
    """The law of an auction of an instrument that closes on a day."""
    lot = scheme.instruments.auction_lot(instrument, on=day)
    return AuctionLaw.of(scheme.auctions, lot, day)


def alone(books: Books, scheme: Scheme, name: str, *, year: bool) -> None:
    """Let nobody else speak of an auction; where ``year``, nor of the reserves of any."""
    if year:
        books.speak_alone(TOPIC, subject_of(scheme, _YEAR))
    books.speak_alone(TOPIC, subject_of(scheme, name))


def auctions(books: Books, scheme: Scheme) -> list[HeldAuction]:
    """The auctions of a scheme, in the order in which they were created."""
    return list(_stand(books, scheme, None).values())


def names_page(books: Books, scheme: Scheme, *, after: str = "", limit: int) -> list[str]:
    """The auctions of a scheme by name, after one of them."""
    start = subject_of(scheme, "")
    found = books.subjects_page(TOPIC, start, after=f"{start}{after}", limit=limit + 1)
    names = [each.removeprefix(start) for each in found]
    return [each for each in names if each != _YEAR][:limit]


def the_auction(books: Books, scheme: Scheme, name: str) -> HeldAuction:
    """An auction by its name; refused if there is none."""
    subject = subject_of(scheme, name)
    found = _stand(books, scheme, subject)
    if subject not in found:
        raise Refused([AuctionUnknown(reference="Auctions of the scheme", auction=name)])
    return found[subject]


def _stand(books: Books, scheme: Scheme, subject: str | None) -> dict[str, HeldAuction]:
    found: dict[str, HeldAuction] = {}
    for spoken in books.words(TOPIC, subject):
        about = spoken.word.subject
        if not about.startswith(subject_of(scheme, "")):
            continue
        match _SPOKEN.decode(spoken.word.body):
            case Created() as word:
                found[about] = HeldAuction(subject=about, entry=spoken.entry, created=word)
            case CalledOff() as word:
                found[about] = replace(found[about], called_off=word)
            case Cleared() as word:
                found[about] = replace(found[about], cleared=word)
    return found


def waiting(books: Books, found: Sequence[HeldAuction], unit: str) -> dict[str, int]:
    """What earlier auctions left to the one that is created next, by seller."""
    sold = {each.subject: each.created.unit for each in found}
    due: list[tuple[int, str, int]] = []
    for spoken in books.words(TOPIC):
        if sold.get(spoken.word.subject) != unit:
            continue
        match _SPOKEN.decode(spoken.word.body):
            case Created():
                due = [(steps - 1, seller, n) for steps, seller, n in due if steps > 1]
            case Cleared() as word:
                due += [(x.auction, x.seller, x.count) for x in word.results.left if x.auction]
    again: dict[str, int] = {}
    for steps, seller, count in due:
        if steps == 1:
            again[seller] = again.get(seller, 0) + count
    return again


def topic_of_bids(auction: HeldAuction) -> str:
    """The topic on which the bids of an auction are said."""
    return f"bids of {auction.subject}"


def standing(
    books: Books, auction: HeldAuction, bidders: Sequence[str] | None = None
) -> dict[str, Standing]:
    """The bids that stand, by bidder; of all, or of some."""
    topic = topic_of_bids(auction)
    found: dict[str, Standing] = {}
    few = bidders is not None and len(bidders) <= _FEW
    for name in bidders if bidders is not None and few else [None]:
        for spoken in books.words(topic, name):
            who = spoken.word.subject
            word = _BIDDING.decode(spoken.word.body)
            before = found[who].bids if who in found else ()
            gone = set(word.withdrawn)
            found[who] = Standing(
                bids=(
                    *(each for each in before if each[1].id not in gone),
                    *((spoken.entry, each) for each in word.taken),
                ),
                held=word.held,
                entry=spoken.entry,
            )
    return found


def said_by(
    books: Books, auction: HeldAuction, bidders: Sequence[str], entry: int
) -> list[tuple[str, Bidding]]:
    """What bidders said by an entry."""
    asked = set(bidders)
    return [
        (each.word.subject, _BIDDING.decode(each.word.body))
        for each in books.words(topic_of_bids(auction))
        if each.entry == entry and each.word.subject in asked
    ]


_FEW = 20
"""So many bidders are asked for one by one."""


def in_order(found: Mapping[str, Standing]) -> list[tuple[str, Sealed]]:
    """All bids that stand, in the order in which they were received."""
    listed = [
        (each.received, entry, each.place, who, each)
        for who, stand in found.items()
        for entry, each in stand.bids
    ]
    listed.sort(key=lambda row: row[:4])
    return [(who, each) for *_, who, each in listed]


def hold_of(auction: HeldAuction, bidder: str, entry: int) -> str:
    """The key of the hold for a bidder's bids."""
    return f"bids {auction.subject} {bidder} {entry}"


def spoken(auction: str, word: Word) -> KeptWord:
    """A word on an auction, as it is kept."""
    return KeptWord(TOPIC, auction, msgspec.json.encode(word).decode())


def bidding(auction: HeldAuction, bidder: str, word: Bidding) -> KeptWord:
    """A word of a bidder, as it is kept."""
    return KeptWord(topic_of_bids(auction), bidder, msgspec.json.encode(word).decode())


def utc(at: datetime) -> datetime:
    """A moment as the books write it."""
    return at.astimezone(UTC)


def year_of(auction: HeldAuction) -> int:
    """The year whose reserves it may draw on: that of its close."""
    return auction.created.closes.year


def closing_day(auction: HeldAuction) -> date:
    """The day of its close."""
    return auction.created.closes.date()
