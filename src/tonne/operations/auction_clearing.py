"""An auction is cleared: its bids are opened, and every award is delivered against payment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from msgspec import structs

from tonne.ledger import Account, Movement, Transaction
from tonne.market import (
    AuctionResult,
    Award,
    Bid,
    Bidder,
    BidRequest,
    Opening,
    SealedBid,
    open_bids,
    roll,
)
from tonne.operations.auction_awards import (
    sold_to,
    sold_to_who_can_pay,
    trades_of,
    with_tax,
)
from tonne.operations.auction_grounds import MarketPriceNeeded
from tonne.operations.auction_offers import FORFEIT, accounts_unfit, commitments, every_hold, over
from tonne.operations.auction_room import Room, known_bidders
from tonne.operations.auction_words import (
    Cleared,
    Defaulted,
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
from tonne.operations.settle_netted import settle_netted
from tonne.operations.units import asset_of, government
from tonne.quantity import Money
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
    known = known_bidders(books, scheme, room, stands, ())
    bids, not_counted = _open(books, room, stands, listed, known, desk=desk, scheme=scheme)
    hashed = roll(listed)
    result, defaulted = sold_to_who_can_pay(
        room,
        bids,
        means={who: each.collateral for who, each in known.items()},
        held={who: Money(each.held, room.currency) for who, each in stands.items()},
        seed=seed or hashed,
        market=market,
        on=desk.day,
    )
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
        defaulted=defaulted,
    )
    _collect_forfeits(books, scheme, room, defaulted, key=key, desk=desk)
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
    return sold_to(
        room,
        bids,
        seed=word.results.seed or word.results.roll,
        market=word.market,
        unpaid=[each.bidder for each in word.defaulted],
    ).awards


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
    known: Mapping[str, Bidder],
    *,
    desk: Desk,
    scheme: Scheme,
) -> tuple[tuple[Bid, ...], tuple[NotCounted, ...]]:
    """The bids that stand once they are opened; and those that do not, with every reason."""
    openings = [_opening(room.auction, who, each) for who, each in in_order(stands)]
    opened = open_bids(openings, listed, room.sale, room.law, at=moment(desk))
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
    trades = list(trades_of(room, result, key))
    settled = None
    if trades:
        settled = settle_netted(books, scheme, trades, key=f"{key}/settled", desk=desk).number
    own, seller = government(books, scheme), word.offer.seller
    due = Money(0, room.currency)
    for each in trades:
        if each.seller == seller:
            due += with_tax(room, each, desk.day)
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


def _collect_forfeits(
    books: Books,
    scheme: Scheme,
    room: Room,
    defaulted: Sequence[Defaulted],
    *,
    key: str,
    desk: Desk,
) -> None:
    """What is lost of the collateral of those who did not pay goes to the treasury."""
    treasury = Account(government(books, scheme)[TREASURY])
    because = (scheme.on(desk.day).on_transactions, room.law.bidding.reference)
    batch = [
        Transaction(
            key=f"{key}/{FORFEIT}/{each.bidder}",
            kind=FORFEIT,
            movements=(movement_of(Account(each.bidder), treasury, lost),),
            because=because,
        )
        for each in defaulted
        if (lost := Money(each.forfeited, room.currency)).minor
    ]
    if batch:
        record_all(books, scheme, batch, desk=desk)


def _in_words(refusals: Sequence[Refusal]) -> tuple[str, ...]:
    return tuple(f"[{each.number}] {each}" for each in refusals)
