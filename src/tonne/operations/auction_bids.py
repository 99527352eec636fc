"""Bids are handed in, replaced and taken back, and covered by money on hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from msgspec import Struct, structs

from tonne.ledger import Account, Asset, Hold
from tonne.market import Asked, Bidder, BidRequest, auction_refusals, received_as, sealed
from tonne.operations.auction_grounds import (
    BidUnknown,
    BidWithoutTax,
    ReceivedLater,
    WithdrawnAfterClose,
)
from tonne.operations.auction_offers import accounts_unfit, over
from tonne.operations.auction_room import Room, known_bidders
from tonne.operations.auction_words import (
    Bidding,
    Sealed,
    Standing,
    alone,
    bidding,
    closing_day,
    hold_of,
    in_order,
    said_by,
    standing,
    the_auction,
    utc,
)
from tonne.operations.books import Books
from tonne.operations.heard import moment
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.quantity import Money
from tonne.refusal import Refusal, refuse_if_any

CHECKS = (
    (auction_refusals.BidBeforeOpening.number, "The auction is open"),
    (auction_refusals.BidAfterClose.number, "The bid comes before the close"),
    (auction_refusals.BidderNotAdmitted.number, "The bidder is of a kind that is admitted"),
    (auction_refusals.BidUnderUsedId.number, "The bid has an id of its own"),
    (auction_refusals.BidOffTick.number, "The price is on the tick"),
    (auction_refusals.BidOddLot.number, "The bid is for whole lots"),
    (auction_refusals.BidBelowReservePrice.number, "The price is not under the reserve price"),
    (auction_refusals.BidOverLimit.number, "The bidder bids for no more than its limit"),
    (auction_refusals.BidWithoutCollateral.number, "The bids are covered by free money"),
    (BidWithoutTax.number, "So is the tax on what they may win"),
)
"""What is asked of a bid before it is taken."""


class BidOrder(Struct, frozen=True, kw_only=True):
    """A bid as a bidder asks for it, or as an authority enters it that received it elsewhere."""

    bidder: str
    id: str
    price: Decimal
    count: int
    salt: str
    """Drawn by chance, so that nobody finds the bid out of its commitment by trying."""

    received: datetime | None = None


class HandedIn(Struct, frozen=True, kw_only=True):
    """What a bidder handed in or took back at one time, and what is on hold for all its bids."""

    bidder: str
    bids: tuple[Sealed, ...]
    withdrawn: tuple[str, ...]
    held: Money


def bid(
    books: Books,
    scheme: Scheme,
    name: str,
    orders: Sequence[BidOrder],
    *,
    replacing: bool = False,
    key: str,
    desk: Desk,
) -> list[HandedIn]:
    """Hand in bids, all of them or none; what they may cost is on hold until the clearing.

    ``replacing`` takes back the bids that the same bidders handed in under the same ids; the law
    says whether a bid keeps the place in time of that which it replaces.
    """
    asked = [(each.bidder, each.id, each.price, each.count, each.received) for each in orders]
    digest, before = once(books, scheme, key, "bid", (name, asked, replacing))
    alone(books, scheme, name, year=False)
    room = Room.of(the_auction(books, scheme, name), scheme)
    bidders = list(dict.fromkeys(each.bidder for each in orders))
    if before is not None:
        return _handed(books, room, bidders, before)
    day, now = scheme.on(desk.day), moment(desk)
    refuse_if_any(
        [
            *day.act_refusals("bid", desk.by),
            *(day.act_refusals("enter_bids", desk.by) if any(x.received for x in orders) else ()),
            *over(room.auction, now, day),
        ]
    )
    code, seller = room.currency.code, room.auction.created.offer.seller
    unfit = accounts_unfit(books, day, desk, bidders, to=(seller, code))
    grounds = [no for found in unfit.values() for no in found]
    stands = standing(books, room.auction, _concerned(room, bidders))
    gone: dict[str, tuple[str, ...]] = {}
    replaced: dict[tuple[str, str], Sealed] = {}
    if replacing:
        gone = _by_bidder([(each.bidder, each.id) for each in orders])
        grounds += _not_replaced(room)
        grounds += _not_standing(stands, gone, room.law.form.reference)
        replaced = _listed(stands, gone)
        stands = {who: _without(each, gone.get(who, ())) for who, each in stands.items()}
    known = known_bidders(books, scheme, room, stands, bidders)
    requests = [_request(room, each, now) for each in orders]
    _, refused = room.ask(requests, known, in_order(stands))
    grounds += [no for _, _, found in refused for no in found]
    grounds += [
        ReceivedLater(
            reference=room.law.form.reference, bid=each.id, received=each.received, now=utc(now)
        )
        for each in requests
        if each.received > utc(now)
    ]
    words: dict[str, Bidding] = {}
    if not grounds:
        taken = _sealed(orders, [_in_place(room, each, replaced) for each in requests])
        words = {who: _bidding(room, who, stands, taken[who], gone.get(who, ())) for who in bidders}
        grounds += _untaxed(room, words, known)
    desk.tell(CHECKS, grounds)
    refuse_if_any(dict.fromkeys(grounds))
    return _said(books, scheme, room, words, stands, key=key, digest=digest, kind="bid", desk=desk)


def withdraw(
    books: Books,
    scheme: Scheme,
    name: str,
    *,
    bidder: str,
    bids: Sequence[str],
    key: str,
    desk: Desk,
) -> HandedIn:
    """Take bids back before the close; what was on hold for them is free again."""
    digest, before = once(books, scheme, key, "withdraw_bid", (name, bidder, tuple(bids)))
    alone(books, scheme, name, year=False)
    room = Room.of(the_auction(books, scheme, name), scheme)
    if before is not None:
        return _handed(books, room, [bidder], before)[0]
    day, now = scheme.on(desk.day), moment(desk)
    stands = standing(books, room.auction, [bidder])
    gone = {bidder: tuple(dict.fromkeys(bids))}
    reference, closes = room.law.form.reference, room.auction.created.closes
    late = (
        [WithdrawnAfterClose(reference=reference, closes=closes, now=utc(now))]
        if now >= closes
        else []
    )
    refuse_if_any(
        [
            *day.act_refusals("bid", desk.by),
            *over(room.auction, now, day),
            *late,
            *_not_standing(stands, gone, reference),
        ]
    )
    stands = {bidder: _without(stands[bidder], gone[bidder])}
    words = {bidder: _bidding(room, bidder, stands, (), gone[bidder])}
    return _said(
        books, scheme, room, words, stands, key=key, digest=digest, kind="withdraw_bid", desk=desk
    )[0]


def _concerned(room: Room, bidders: Sequence[str]) -> list[str]:
    """The bidders, and those who belong to one group with one of them."""
    groups = room.auction.created.groups
    asked = set(bidders)
    return list(
        dict.fromkeys([*bidders, *(w for g in groups if asked & set(g) for w in g)])
    )  # fmt: skip


def _request(room: Room, order: BidOrder, now: datetime) -> BidRequest:
    return BidRequest(
        auction=room.auction.created.name,
        id=order.id,
        bidder=order.bidder,
        price=order.price,
        count=order.count,
        received=utc(order.received or now),
    )


def _in_place(
    room: Room, request: BidRequest, replaced: Mapping[tuple[str, str], Sealed]
) -> BidRequest:
    """A bid, with the moment of that which it replaces where the law lets it keep that."""
    before = replaced.get((request.bidder, request.id))
    rule = room.law.bidding.value.replacing
    if before is None or rule is None:
        return request
    received = received_as(
        Asked(before.price, before.count, before.received),
        Asked(request.price, request.count, request.received),
        rule,
    )
    return structs.replace(request, received=received)


def _not_replaced(room: Room) -> Iterator[Refusal]:
    """8209."""
    law = room.law.bidding
    if law.value.replacing is None:
        yield auction_refusals.BidNotReplaced(
            reference=law.reference, auction=room.auction.created.name
        )


def _listed(
    stands: Mapping[str, Standing], named: Mapping[str, tuple[str, ...]]
) -> dict[tuple[str, str], Sealed]:
    """The bids that stand under these ids."""
    return {
        (who, each.id): each
        for who, names in named.items()
        if who in stands
        for _, each in stands[who].bids
        if each.id in names
    }


def _sealed(
    orders: Sequence[BidOrder], requests: Sequence[BidRequest]
) -> dict[str, tuple[Sealed, ...]]:
    """The bids under their seals, by bidder."""
    found: dict[str, list[Sealed]] = {}
    for place, (order, request) in enumerate(zip(orders, requests, strict=True)):
        found.setdefault(order.bidder, []).append(
            Sealed(
                id=order.id,
                price=order.price,
                count=order.count,
                received=request.received,
                salt=order.salt,
                commitment=sealed(request, order.salt),
                place=place,
            )
        )
    return {who: tuple(each) for who, each in found.items()}


def _bidding(
    room: Room,
    who: str,
    stands: Mapping[str, Standing],
    taken: tuple[Sealed, ...],
    withdrawn: tuple[str, ...],
) -> Bidding:
    before = [each for _, each in stands[who].bids] if who in stands else []
    held = room.cover(who, [*before, *taken]).minor
    return Bidding(taken=taken, withdrawn=withdrawn, held=held)


def _said(
    books: Books,
    scheme: Scheme,
    room: Room,
    words: Mapping[str, Bidding],
    stands: Mapping[str, Standing],
    *,
    key: str,
    digest: bytes,
    kind: str,
    desk: Desk,
) -> list[HandedIn]:
    """Enter what bidders said, with what is on hold from now on in the place of what was."""
    entry = books.enter(
        key=key,
        digest=digest,
        kind=kind,
        year=None,
        because=(room.law.form.reference, room.law.bidding.reference),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    auction, money = room.auction, Asset(room.currency.code)
    old = [hold_of(auction, who, stands[who].entry) for who in words
           if who in stands and stands[who].held]  # fmt: skip
    books.end_holds(entry, old)
    books.add_holds(
        entry,
        [
            Hold(key=hold_of(auction, who, entry), account=Account(who), asset=money, count=n.held)
            for who, n in words.items()
            if n.held
        ],
    )
    books.say(entry, [bidding(auction, who, word) for who, word in words.items()])
    return [_told(room, who, word) for who, word in words.items()]


def _handed(books: Books, room: Room, bidders: Sequence[str], entry: int) -> list[HandedIn]:
    """What was said by an entry."""
    return [_told(room, who, word) for who, word in said_by(books, room.auction, bidders, entry)]


def _told(room: Room, who: str, word: Bidding) -> HandedIn:
    held = Money(word.held, room.currency)
    return HandedIn(bidder=who, bids=word.taken, withdrawn=word.withdrawn, held=held)


def _by_bidder(named: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for who, name in named:
        found.setdefault(who, {})[name] = None
    return {who: tuple(names) for who, names in found.items()}


def _not_standing(
    stands: Mapping[str, Standing], gone: Mapping[str, tuple[str, ...]], reference: str
) -> Iterator[Refusal]:
    """8806: only a bid that stands is taken back."""
    for who, names in gone.items():
        there = {each.id for _, each in stands[who].bids} if who in stands else set()
        for name in names:
            if name not in there:
                yield BidUnknown(reference=reference, bid=name, bidder=who)


def _without(stand: Standing, gone: Sequence[str]) -> Standing:
    return replace(stand, bids=tuple(each for each in stand.bids if each[1].id not in set(gone)))


def _untaxed(
    room: Room, words: Mapping[str, Bidding], known: Mapping[str, Bidder]
) -> Iterator[Refusal]:
    """8808: the tax is there beside the price."""
    for who, word in words.items():
        if word.held > (there := known[who].collateral).minor:
            needed = Money(word.held, room.currency)
            law = room.taxes.within.on(closing_day(room.auction)).reference
            yield BidWithoutTax(reference=law, bidder=who, needed=needed, free=there)
