"""An auction is cleared: its bids are opened, and every award is delivered against payment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from msgspec import structs

from tonne import market as exchange
from tonne.ledger import Account, Movement, Transaction
from tonne.market import (
    AuctionResult,
    Award,
    Bid,
    BidRequest,
    Opening,
    SealedBid,
    open_bids,
    roll,
    vat,
)
from tonne.operations.auction_grounds import MarketPriceNeeded
from tonne.operations.auction_offers import accounts_unfit, commitments, every_hold, over
from tonne.operations.auction_room import Room, known_bidders
from tonne.operations.auction_words import (
    Cleared,
    HeldAuction,
    NotCounted,
    Point,
    Results,
    Sealed,
    Sold,
    Standing,
    alone,
    auctions,
    in_order,
    spoken,
    standing,
    the_auction,
    year_of,
)
from tonne.operations.books import Books
from tonne.operations.cash import movement_of
from tonne.operations.heard import moment
from tonne.operations.record import Desk, once, record_all
from tonne.operations.scheme import Scheme
from tonne.operations.settle import Trade
from tonne.operations.settle_netted import settle_netted
from tonne.operations.units import asset_of, government
from tonne.quantity import Money, Price
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import TREASURY

PROCEEDS, CANCEL = "collect_proceeds", "cancel_unsold"


def clear(
    books: Books,
    scheme: Scheme,
    name: str,
    *,
    seed: str | None = None,
    market: Decimal | None = None,
    key: str,
    desk: Desk,
) -> Cleared:
    """Open the bids, sell to the highest at one price, settle every award, and publish.

    All of it is one transaction of the books, or nothing of it. Where ties are broken by lot, the
    order is drawn from ``seed``; if none is said, from the hash of all sealed bids. ``market`` is
    the price on the market, where the law measures by it.
    """
    digest, before = once(books, scheme, key, "clear_auction", (name, seed, market))
    alone(books, scheme, name, year=True)
    found = the_auction(books, scheme, name)
    if before is not None:
        assert found.cleared is not None, "what was asked for was done"
        return found.cleared
    day = scheme.on(desk.day)
    used = _withheld_before(found, auctions(books, scheme))
    room = Room.of(_drawing(found, scheme, used), scheme)
    refuse_if_any(
        [
            *day.act_refusals("clear_auction", desk.by),
            *over(found, moment(desk), day),
            *_unmeasured(room, market),
        ]
    )
    stands = standing(books, found)
    listed = commitments(found, stands)
    bids, not_counted = _open(books, room, stands, listed, desk=desk, scheme=scheme)
    hashed = roll(listed)
    result = _sold(room, bids, seed or hashed, market)
    entry = books.enter(
        key=key,
        digest=digest,
        kind="clear_auction",
        year=None,
        because=(room.law.form.reference, room.law.ties.reference, room.law.unsold.reference),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    books.end_holds(entry, list(every_hold(found, stands)))
    word = Cleared(
        results=_results(room, result, sealed=len(listed), hashed=hashed),
        not_counted=not_counted,
        settled=_settle(books, scheme, room, result, key=key, desk=desk),
        market=market,
        emission_used=used,
    )
    books.say(entry, [spoken(found.subject, word)])
    return word


def bids_of(books: Books, scheme: Scheme, name: str, bidder: str) -> list[tuple[Sealed, int, int]]:
    """The bids of one bidder that stand, and what each got: units, and their price in coins.

    It is worked out anew from what was said.
    """
    found = the_auction(books, scheme, name)
    mine = standing(books, found, [bidder])
    if bidder not in mine:
        return []
    got: dict[str, tuple[int, int]] = {}
    if found.cleared is not None:
        got = {each.bid: (each.count, each.minor) for each in awards(books, scheme, found)
               if each.bidder == bidder}  # fmt: skip
    return [(each, *got.get(each.id, (0, 0))) for _, each in mine[bidder].bids]


def awards(books: Books, scheme: Scheme, auction: HeldAuction) -> tuple[Award, ...]:
    """What the bids got in an auction that was cleared, worked out anew from what was said."""
    word = auction.cleared
    assert word is not None, "the auction was cleared"
    room = Room.of(_drawing(auction, scheme, word.emission_used), scheme)
    out = {(each.bidder, each.bid) for each in word.not_counted}
    counted = [x for x in in_order(standing(books, auction)) if (x[0], x[1].id) not in out]
    bids = [room.bid(who, each, place) for place, (who, each) in enumerate(counted, 1)]
    return _sold(room, bids, word.results.seed or word.results.roll, word.market).awards


def _withheld_before(auction: HeldAuction, every: Sequence[HeldAuction]) -> int:
    """Units that earlier auctions of the year withheld for emission containment."""
    return sum(
        each.cleared.results.withheld
        for each in every
        if each.cleared is not None and year_of(each) == year_of(auction)
    )


def _drawing(auction: HeldAuction, scheme: Scheme, emission_used: int) -> HeldAuction:
    """The auction with what it may draw of the reserves of its year."""
    word = auction.created
    reserve = auction.law(scheme).cost_containment.value.count
    offer = replace(
        word.offer, cost_used=max(0, reserve - word.set_aside), emission_used=emission_used
    )
    return replace(auction, created=structs.replace(word, offer=offer))


def _unmeasured(room: Room, market: Decimal | None) -> Iterator[Refusal]:
    """8809: the price on the market, where the law asks for it."""
    tick, rule = room.law.step, room.law.cancellation
    needed = rule.value.market_share_min is not None
    if (market is None and needed) or (market is not None and (market <= 0 or market % tick)):
        yield MarketPriceNeeded(reference=rule.reference, tick=tick, said=market)


def _open(
    books: Books,
    room: Room,
    stands: Mapping[str, Standing],
    listed: Sequence[SealedBid],
    *,
    desk: Desk,
    scheme: Scheme,
) -> tuple[tuple[Bid, ...], tuple[NotCounted, ...]]:
    """The bids that stand once they are opened; and those that do not, with every reason."""
    openings = [_opening(room.auction, who, each) for who, each in in_order(stands)]
    opened = open_bids(openings, listed, room.sale, room.law, at=moment(desk))
    known = known_bidders(books, scheme, room, stands, ())
    word, day = room.auction.created, scheme.on(desk.day)
    shut = accounts_unfit(books, day, desk, list(known), to=(word.offer.seller, room.currency.code))
    asked = [each for each in opened.requests if each.bidder not in shut]
    bids, refused = room.ask(asked, known)
    out = [
        *((each.bidder, each.id, each.refusals) for each in opened.refused),
        *((each.bidder, each.id, shut[each.bidder]) for each in opened.requests
          if each.bidder in shut),
        *refused,
    ]  # fmt: skip
    return bids, tuple(NotCounted(bidder=who, bid=bid, why=_in_words(why)) for who, bid, why in out)


def _opening(auction: HeldAuction, who: str, each: Sealed) -> Opening:
    request = BidRequest(
        auction=auction.created.name,
        id=each.id,
        bidder=who,
        price=each.price,
        count=each.count,
        received=each.received,
    )
    return Opening(request=request, salt=each.salt)


def _sold(room: Room, bids: Sequence[Bid], seed: str, market: Decimal | None) -> AuctionResult:
    measured = None if market is None else room.law.ticks(market)
    return exchange.clear(bids, room.auction.created.offer, room.law, seed=seed, market=measured)


def _results(room: Room, result: AuctionResult, *, sealed: int, hashed: str) -> Results:
    """What is published."""
    tick = room.law.step
    return Results(
        currency=room.currency.code,
        price=None if result.price is None else result.price * tick,
        offered=result.offered,
        sold=result.sold,
        cost_sold=result.cost_sold,
        withheld=result.withheld,
        demanded=result.demanded,
        bidders=result.bidders,
        winners=result.winners,
        minor=result.proceeds.minor,
        curve=tuple(Point(price=each.price * tick, count=each.count) for each in result.curve),
        sellers=tuple(
            Sold(seller=each.seller, offered=each.offered, sold=each.sold, minor=each.minor)
            for each in result.sellers
        ),
        left=result.left,
        sealed=sealed,
        roll=hashed,
        seed=result.seed,
        cancelled=_in_words(result.cancelled),
    )


def _settle(
    books: Books, scheme: Scheme, room: Room, result: AuctionResult, *, key: str, desk: Desk
) -> int | None:
    """Deliver every award against payment; the authority's proceeds go to the treasury.

    What the law cancels of its unsold units is cancelled with it.
    """
    word, day = room.auction.created, scheme.on(desk.day)
    trades = list(_trades(room, result, key))
    settled = None
    if trades:
        settled = settle_netted(books, scheme, trades, key=f"{key}/settled", desk=desk).number
    own, seller = government(books, scheme), word.offer.seller
    due = Money(0, room.currency)
    for each in trades:
        if each.seller == seller:
            paid = each.price.times(each.count)
            lands = {"seller": seller, "buyer": each.buyer}
            homes = {side: number.partition("-")[0] for side, number in lands.items()}
            due += paid + vat(**homes, rules=scheme.vat, on=desk.day).on_invoice(paid)
    steps: list[tuple[str, Movement]] = []
    if due.minor:
        steps.append((PROCEEDS, movement_of(Account(seller), Account(own[TREASURY]), due)))
    if lost := sum(each.count for each in result.left if each.fate == "cancelled"):
        end = day.type_of(CANCEL, word.unit).to_kinds[0]
        steps.append(
            (
                CANCEL,
                Movement(
                    source=Account(seller),
                    target=Account(own[end]),
                    asset=asset_of(word.unit, day),
                    count=lost,
                ),
            )
        )
    because = (day.on_transactions, room.law.unsold.reference)
    batch = [
        Transaction(key=f"{key}/{kind}", kind=kind, movements=(step,), because=because)
        for kind, step in steps
    ]
    record_all(books, scheme, batch, desk=desk)
    return settled


def _trades(room: Room, result: AuctionResult, key: str) -> Iterator[Trade]:
    """A trade for each bidder and seller; an auction takes no fee of trades."""
    if result.price is None:
        return
    coins, money = Decimal(room.law.lot.value.tick), room.currency
    price, none = Price(minor=result.price * coins, tick=coins, currency=money), Money(0, money)
    won: dict[str, int] = {}
    for award in result.awards:
        won[award.bidder] = won.get(award.bidder, 0) + award.count
    sold = {each.seller: each.sold for each in result.sellers}
    for place, (buyer, seller, count) in enumerate(paired(won, sold), 1):
        yield Trade(
            key=f"{key}/{place}",
            buyer=buyer,
            seller=seller,
            unit=room.auction.created.unit,
            count=count,
            price=price,
            free=not price.minor,
            buyer_fee=none,
            seller_fee=none,
        )


def paired(won: Mapping[str, int], sold: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    """Who buys of whom. Nobody buys of himself: what cannot be avoided stays where it is.

    Sellers who bid are served first, and from those who consigned like them.
    """
    left = {seller: count for seller, count in sold.items() if count}
    for buyer in sorted(won, key=lambda name: name not in sold):
        need = won[buyer]
        for seller in (
            sorted(left, key=lambda name: (name not in won, name)) if buyer in sold else list(left)
        ):
            count = min(need, left[seller])
            if not count or seller == buyer:
                continue
            yield buyer, seller, count
            need -= count
            left[seller] -= count
            if not left[seller]:
                del left[seller]


def _in_words(refusals: Sequence[Refusal]) -> tuple[str, ...]:
    return tuple(f"[{each.number}] {each}" for each in refusals)
