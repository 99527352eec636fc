"""The bids of an account, for its own people: what stands, what it got, and how it is taken back.

Staff of the registry, who see accounts, are not told of them before they are opened.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import Struct

from tonne import people
from tonne.ledger import KeptWord
from tonne.operations.auction_bids import withdraw
from tonne.operations.auction_clearing import bids_of
from tonne.operations.auction_words import the_auction
from tonne.operations.books import Books
from tonne.operations.heard import enter
from tonne.operations.people import look_at, mandates_on, people_of, person
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.wishes_of_trade import Bid
from tonne.people import PEOPLE, NotARepresentative
from tonne.quantity import Money
from tonne.refusal import Refused, refuse_if_any

TAKEN_BACK = "bid_taken_back"
"""The topic of words about who took a bid of an account back."""


class BidTakenBack(Struct, frozen=True, kw_only=True):
    """Somebody took a bid of an account back."""

    auction: str
    bid: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBid:
    """A bid of an account that stands, and what it got once the auction was cleared."""

    id: str
    """Of a bid that a person handed in, the code of the proposal."""

    price: Money
    count: int
    received: datetime
    won: int
    paid: Money


def own_bids(
    books: Books, scheme: Scheme, name: str, account: str, *, by: str, desk: Desk
) -> list[OwnBid]:
    """The bids of an account in an auction, in the order of their receipt."""
    look_at(books, scheme, account, by=by, desk=desk)
    auction = the_auction(books, scheme, name)
    if person(books, by).position is not None and auction.cleared is None:
        reference = auction.law(scheme).form.reference
        raise Refused([NotARepresentative(reference=reference, person=by, account=account)])
    currency = auction.law(scheme).currency
    return [
        OwnBid(
            id=each.id,
            price=Money.of(each.price, currency),
            count=each.count,
            received=each.received,
            won=won,
            paid=Money(minor, currency),
        )
        for each, won, minor in bids_of(books, scheme, name, account)
    ]


def take_back(
    books: Books,
    scheme: Scheme,
    name: str,
    account: str,
    bid: str,
    *,
    by: str,
    key: str,
    desk: Desk,
) -> None:
    """Take a bid of an account back before the close; by any who may bid for it.

    Also where the account or the scheme is frozen. Sent again under the same key nothing comes of
    it.
    """
    law = mandates_on(scheme, desk.day)
    at_account = people_of(books, account)
    refuse_if_any(people.proposing_refusals(person(books, by), at_account, Bid.verb, law))
    key = f"{by} takes back {key}"
    digest, before = once(books, scheme, key, "take_back_bid", (name, account, bid))
    if before is not None:
        return
    entry = enter(
        books, scheme, key=key, digest=digest, kind="take_back_bid", because=(PEOPLE,), desk=desk
    )
    said = msgspec.json.encode(BidTakenBack(auction=name, bid=bid, by=by)).decode()
    books.say(entry, [KeptWord(TAKEN_BACK, account, said, about=by)])
    withdraw(
        books, scheme, name, bidder=account, bids=[bid], key=f"{key} in the auction", desk=desk
    )
