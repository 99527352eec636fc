"""Which bids stand? Each is asked everything at once: moment, bidder, id, price, lots, cover."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from tonne.market.auction_refusals import (
    BidAfterClose,
    BidBeforeOpening,
    BidBelowReservePrice,
    BidderNotAdmitted,
    BidOddLot,
    BidOffTick,
    BidOverLimit,
    BidUnderUsedId,
    BidWithoutCollateral,
    OfferOddLot,
    OfferOfNothing,
    SellerNamedTwice,
)
from tonne.market.auction_rules import AuctionLaw, DefaultRule
from tonne.quantity import EXACT, Money, Rounding, product, whole
from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Consigned:
    """Units that somebody else gives the authority to sell."""

    seller: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is for sale: units of the authority, and of those who consign theirs."""

    seller: str
    """The authority."""

    count: int
    consigned: tuple[Consigned, ...] = ()
    cost_used: int = 0
    """Units of the year's cost containment reserve that earlier auctions sold."""

    emission_used: int = 0
    """Units that earlier auctions of the year withheld for emission containment."""

    @property
    def total(self) -> int:
        """All units but those of the cost containment reserve."""
        return self.count + sum(each.count for each in self.consigned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Auction:
    """One auction: its offer, and from when until when bids are taken."""

    id: str
    offer: Offer
    opens: datetime
    closes: datetime
    """A bid received at this moment is too late."""

    def __post_init__(self) -> None:
        assert self.opens < self.closes, "an auction opens before it closes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bidder:
    """Somebody admitted to the auctions."""

    id: str
    kind: str
    collateral: Money
    group: str | None = None
    """Bidders that belong together share one limit."""


class BidRequest(Struct, frozen=True, kw_only=True):
    """What a bidder asks for. Nothing of it is checked yet."""

    auction: str
    id: str
    bidder: str
    price: Decimal
    """For one unit, as an amount of money."""

    count: int
    received: datetime


class Bid(Struct, frozen=True, kw_only=True):
    """A bid that stands: its price in ticks, and its place in the order of receipt."""

    id: str
    bidder: str
    price: int
    count: int
    place: int


class RefusedBid(Struct, frozen=True, kw_only=True):
    """A bid that does not stand, and every reason why."""

    id: str
    bidder: str
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The bids that stand and those that do not, in the order in which they came."""

    bids: tuple[Bid, ...]
    refused: tuple[RefusedBid, ...]


def receive(
    requests: Iterable[BidRequest],
    auction: Auction,
    bidders: Mapping[str, Bidder],
    law: AuctionLaw,
    *,
    earlier: Iterable[Bid] = (),
) -> Received:
    """Take bids in the order of their receipt, after those that stand already.

    A bid that is refused counts for nothing: the next one of its bidder is asked as if it had not
    been.
    """
    desk = _Desk.of(auction, bidders, law)
    bids: list[Bid] = []
    refused: list[RefusedBid] = []
    place = 0
    for bid in earlier:
        desk.enter(bid)
        place = max(place, bid.place)
    tick = law.step
    for request in requests:
        assert request.auction == auction.id, "a bid is for this auction"
        ticks = int(EXACT.divide_int(request.price, tick))
        if found := tuple(desk.refusals(request, ticks)):
            refused.append(RefusedBid(id=request.id, bidder=request.bidder, refusals=found))
            continue
        place += 1
        bid = Bid(
            id=request.id, bidder=request.bidder, price=ticks, count=request.count, place=place
        )
        desk.enter(bid)
        bids.append(bid)
    return Received(bids=tuple(bids), refused=tuple(refused))


def standing_refusals(
    bid: tuple[str, str],
    received: datetime,
    auction: Auction,
    bidders: Mapping[str, Bidder],
    law: AuctionLaw,
) -> Iterator[Refusal]:
    """Why nothing that comes then from that bidder is taken, whatever it says.

    ``bid`` is the bidder and the bidder's own id of the bid.
    """
    bidder, name = bid
    if received >= auction.closes:
        yield BidAfterClose(
            reference=law.form.reference, bid=name, received=received, closes=auction.closes
        )
    if received < auction.opens:
        yield BidBeforeOpening(
            reference=law.form.reference, bid=name, received=received, opens=auction.opens
        )
    known = bidders.get(bidder)
    if known is None or known.kind not in law.limits:
        yield BidderNotAdmitted(
            reference=law.bidding.reference,
            bidder=bidder,
            kind=known.kind if known else None,
            admitted=tuple(law.limits),
        )


def offer_refusals(offer: Offer, law: AuctionLaw) -> Iterator[Refusal]:
    """Why these units cannot be auctioned as they are."""
    form = law.form
    if offer.count < 0 or not offer.total:
        yield OfferOfNothing(reference=form.reference, seller=offer.seller, count=offer.count)
    named = {offer.seller}
    for each in offer.consigned:
        if each.count < 1:
            yield OfferOfNothing(reference=form.reference, seller=each.seller, count=each.count)
        if each.seller in named:
            yield SellerNamedTwice(reference=form.reference, seller=each.seller)
        named.add(each.seller)
    lot = law.lot.value.lot
    if form.value.last_lot == "whole" and offer.total % lot:
        yield OfferOddLot(reference=law.lot.reference, count=offer.total, lot=lot)


def collateral_needed(bids: Iterable[tuple[int, int]], law: AuctionLaw) -> Money:
    """Collateral for the bids of one bidder, each a price in ticks and a count; cents round up.

    The largest cost of bids at one price: at a price of 5, those at 5 and above are paid 5 each.
    """
    rule = law.bidding.value
    cost = 0
    if rule.collateral_of == "sum":
        cost = sum(price * count for price, count in bids)
    else:
        total = 0
        for price, count in sorted(bids, reverse=True):
            total += count
            cost = max(cost, price * total)
    share = Fraction(rule.collateral_share) * cost * law.lot.value.tick
    return Money(-(-share.numerator // share.denominator), law.currency)


def forfeit(held: Money, rule: DefaultRule) -> Money:
    """What a bidder loses of the collateral that was on hold; cents round up.

    >>> from tonne.quantity import Currency
    >>> rule = DefaultRule(forfeited=Decimal("0.5"), awards="unsold")
    >>> str(forfeit(Money(7201, Currency("EUR")), rule))
    'EUR 36.01'
    """
    lost = whole(product(Decimal(held.minor), rule.forfeited), Rounding.CEILING)
    return Money(lost, held.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """The bids that stand so far, as the next one must know them."""

    auction: Auction
    bidders: Mapping[str, Bidder]
    law: AuctionLaw
    limits: Mapping[str, int]
    """Units that a bidder of a kind may bid for; parts of a unit do not count."""

    share: Fraction
    """Collateral, in the smallest coins, for each tick that bids may cost."""

    seen: set[tuple[str, str]] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    """Units bid for, by group."""

    costs: dict[str, int] = field(default_factory=dict)
    """What all bids of a bidder cost at their own prices, in ticks."""

    priced: dict[str, dict[int, int]] = field(default_factory=dict)
    """Units that a bidder bids for at each price, which are fewer than bids."""

    @classmethod
    def of(cls, auction: Auction, bidders: Mapping[str, Bidder], law: AuctionLaw) -> "_Desk":
        """Nothing stands yet; what is asked of every bid is worked out once."""
        total = auction.offer.total
        return cls(
            auction=auction,
            bidders=bidders,
            law=law,
            limits={kind: int(share * total) for kind, share in law.limits.items()},
            share=Fraction(law.bidding.value.collateral_share) * law.lot.value.tick,
        )

    def enter(self, bid: Bid) -> None:
        """Remember a bid that stands."""
        name = bid.bidder
        group = self.bidders[name].group or name
        self.seen.add((name, bid.id))
        self.counts[group] = self.counts.get(group, 0) + bid.count
        self.costs[name] = self.costs.get(name, 0) + bid.price * bid.count
        priced = self.priced.setdefault(name, {})
        priced[bid.price] = priced.get(bid.price, 0) + bid.count

    def refusals(self, request: BidRequest, ticks: int) -> Iterator[Refusal]:
        """Every reason why a bid does not stand."""
        law, sold, bid = self.law, self.law.lot, request.id
        key = (request.bidder, bid)
        yield from standing_refusals(key, request.received, self.auction, self.bidders, law)
        if key in self.seen:
            yield BidUnderUsedId(reference=law.form.reference, bid=bid, bidder=request.bidder)
        if law.step * ticks != request.price:
            yield BidOffTick(reference=sold.reference, bid=bid, price=request.price, tick=law.step)
        if request.count < 1 or request.count % sold.value.lot:
            yield BidOddLot(
                reference=sold.reference, bid=bid, count=request.count, lot=sold.value.lot
            )
        if request.price < law.reserve_amount:
            yield BidBelowReservePrice(
                reference=law.reserve_price_reference,
                bid=bid,
                price=request.price,
                reserve_price=law.reserve_amount,
            )
        bidder = self.bidders.get(request.bidder)
        if bidder is not None and request.count > 0 and ticks >= 0:
            yield from self.means_refusals(request, ticks, bidder)

    def means_refusals(self, request: BidRequest, ticks: int, bidder: Bidder) -> Iterator[Refusal]:
        """Whether the bidder may bid for so much, and can pay for it."""
        rule, count = self.law.bidding, request.count
        limit = self.limits.get(bidder.kind)
        already = self.counts.get(bidder.group or bidder.id, 0)
        if limit is not None and already + count > limit:
            yield BidOverLimit(
                reference=rule.reference,
                bid=request.id,
                bidder=bidder.id,
                count=count,
                already=already,
                limit=limit,
            )
        lodged = bidder.collateral
        assert lodged.currency.code == self.law.lot.value.currency, "it is money of the auction"
        # The sum is never less than the largest cost at one price: mostly it is enough to ask it.
        cost = self.costs.get(bidder.id, 0) + ticks * count
        if cost * self.share.numerator <= lodged.minor * self.share.denominator:
            return
        before = self.priced.get(bidder.id, {}).items()
        needed = collateral_needed([*before, (ticks, count)], self.law)
        if needed.minor > lodged.minor:
            yield BidWithoutCollateral(
                reference=rule.reference,
                bid=request.id,
                bidder=bidder.id,
                needed=needed,
                lodged=lodged,
            )
