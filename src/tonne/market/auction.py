"""Who gets the units, and at what price? Sealed bids, one round, one price for all."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from msgspec import Struct

from tonne.market.auction_refusals import BiddersTooFew, CoverTooLow, PriceUnderMarket
from tonne.market.auction_rules import AuctionForm, AuctionLaw, TieRule
from tonne.market.bids import Bid, Offer, offer_refusals
from tonne.market.shares import drawn, floors, in_turn, largest_remainders
from tonne.market.unsold import Left, SellerShare, left_over, seller_shares
from tonne.quantity import Money
from tonne.refusal import Refusal


class Award(Struct, frozen=True, kw_only=True):
    """What a bid gets, and what is paid for it."""

    bid: str
    bidder: str
    count: int
    minor: int
    """In the smallest coins of the auction's currency."""


class CurvePoint(Struct, frozen=True, kw_only=True):
    """How many units are bid for at a price in ticks or above."""

    price: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionResult:
    """What an auction came to. All but the awards is published."""

    price: int | None
    """What every winner pays for a unit, in ticks; nothing where nothing is sold."""

    awards: tuple[Award, ...]
    """Highest bids first."""

    offered: int
    """Without the cost containment reserve."""

    sold: int
    """The units of the cost containment reserve included."""

    cost_sold: int
    """Units of the cost containment reserve that were sold."""

    withheld: int
    """Units kept back for emission containment."""

    demanded: int
    """Units bid for at the reserve price or above."""

    bidders: int
    winners: int
    curve: tuple[CurvePoint, ...]
    proceeds: Money
    sellers: tuple[SellerShare, ...]
    left: tuple[Left, ...]
    """What was not sold, and where it goes."""

    seed: str | None
    """What an order was drawn from, where the law has ties broken by lot."""

    cancelled: tuple[Refusal, ...]
    """Why nobody gets anything, though there were bids."""

    @property
    def cover(self) -> Fraction:
        """Units bid for, for each unit offered."""
        return Fraction(self.demanded, self.offered)


def clear(
    bids: Iterable[Bid],
    offer: Offer,
    law: AuctionLaw,
    *,
    seed: str | None = None,
    market: int | None = None,
    unpaid: Collection[str] = (),
) -> AuctionResult:
    """Sell the offer to the highest bids, all at one price.

    The same bids give the same result, in whatever order they are handed over. ``seed`` is needed
    where ties are broken by lot, ``market`` (the price on the market, in ticks) where an auction
    far under it is cancelled. ``unpaid`` are bidders who cannot pay what they win: the law says
    whether it is left unsold, or all is sold as if they had not bid.
    """
    assert not any(offer_refusals(offer, law)), "the offer can be auctioned"
    form, rule = law.form.value, law.ties.value
    by_lot = "by_lot" in {rule.method, rule.remainder}
    assert seed is not None or not by_lot, "a lot is drawn from a seed"
    default = law.bidding.value.default
    assert default or not unpaid, "the law says what becomes of what is not paid"
    anew = default is not None and default.awards == "cleared_anew"
    ladder = _Ladder.of(offer, law)
    listed = [bid for bid in bids if bid.price >= law.reserve_price]
    listed = [bid for bid in listed if not (anew and bid.bidder in unpaid)]
    listed.sort(key=lambda bid: (-bid.price, bid.place, bid.bidder, bid.id))
    sale = _sale(listed, ladder, law, seed)
    price = sale.price(form, ladder) if sale.sold else None
    cancelled = tuple(_cancellation(listed, offer, price, law, market))
    withheld = 0 if cancelled else min(ladder.withheld, max(0, offer.total - sale.sold))
    accepted = [] if cancelled else [each for each in sale.accepted if each[0].bidder not in unpaid]
    sold = sum(count for _, count in accepted)
    cost_sold = max(0, sold - offer.total)
    paid = 0 if price is None else price * law.lot.value.tick
    proceeds = Money(paid * sold, law.currency)
    shares = seller_shares(
        offer,
        sold=sold - cost_sold,
        cost_sold=cost_sold,
        withheld=withheld,
        paid=paid,
        rule=law.unsold.value,
    )
    return AuctionResult(
        price=price if sold else None,
        awards=tuple(
            Award(bid=bid.id, bidder=bid.bidder, count=count, minor=paid * count)
            for bid, count in accepted
        ),
        offered=offer.total,
        sold=sold,
        cost_sold=cost_sold,
        withheld=withheld,
        demanded=sum(bid.count for bid in listed),
        bidders=len({bid.bidder for bid in listed}),
        winners=len({bid.bidder for bid, _ in accepted}),
        curve=tuple(_curve(listed)),
        proceeds=proceeds,
        sellers=shares,
        left=tuple(left_over(offer, shares, withheld, law.unsold.value)),
        seed=seed if by_lot else None,
        cancelled=cancelled,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ladder:
    """How many units there are at a price: never fewer at a higher one."""

    base: int
    """From the reserve price on."""

    withheld: int
    """More of them from the trigger of the emission containment reserve on."""

    emission_trigger: int
    added: int
    """More of them from the trigger of the cost containment reserve on."""

    cost_trigger: int
    reserve_price: int

    @classmethod
    def of(cls, offer: Offer, law: AuctionLaw) -> "_Ladder":
        """The steps of an offer; only the authority's own units are withheld."""
        emission = max(0, law.emission_containment.value.count - offer.emission_used)
        held = law.emission_trigger > law.reserve_price
        withheld = min(offer.count, emission) if held else 0
        return cls(
            base=offer.total - withheld,
            withheld=withheld,
            emission_trigger=law.emission_trigger,
            added=max(0, law.cost_containment.value.count - offer.cost_used),
            cost_trigger=max(law.cost_trigger, law.emission_trigger),
            reserve_price=law.reserve_price,
        )

    def at(self, price: int) -> int:
        """Units for sale at a price."""
        withheld = self.withheld if price >= self.emission_trigger else 0
        return self.base + withheld + (self.added if price >= self.cost_trigger else 0)

    def least(self, sold: int) -> int:
        """The price from which on so many units are for sale."""
        if sold > self.base + self.withheld:
            return self.cost_trigger
        return self.emission_trigger if sold > self.base else self.reserve_price


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sale:
    """The bids that get something, highest first, and the best one that does not get all."""

    accepted: list[tuple[Bid, int]]
    sold: int
    rejected: int | None

    def price(self, form: AuctionForm, ladder: _Ladder) -> int:
        """What all pay, by the rule of the law."""
        price = self.accepted[-1][0].price
        if form.price == "highest_rejected":
            price = self.rejected if self.rejected is not None else ladder.reserve_price
        return max(price, ladder.least(self.sold))


def _sale(listed: Sequence[Bid], ladder: _Ladder, law: AuctionLaw, seed: str | None) -> _Sale:
    """Go down from the highest bid as long as there are units at its price."""
    accepted: list[tuple[Bid, int]] = []
    sold = 0
    rule = law.ties.value
    grain = 1 if law.form.value.last_lot == "split" else law.lot.value.lot
    for price, level in groupby(listed, key=lambda bid: bid.price):
        tied = list(level)
        asked = sum(bid.count for bid in tied)
        open_grains = max(0, ladder.at(price) - sold) // grain
        if asked > open_grains * grain:
            counts = _tie(tied, open_grains, grain, rule, seed)
            part = [(bid, counts[place] * grain) for place, bid in enumerate(tied)]
            part = [(bid, count) for bid, count in part if count]
            sold += sum(count for _, count in part)
            return _Sale(accepted=accepted + part, sold=sold, rejected=price)
        accepted += [(bid, bid.count) for bid in tied]
        sold += asked
    return _Sale(accepted=accepted, sold=sold, rejected=None)


def _tie(
    tied: Sequence[Bid], total: int, grain: int, rule: TieRule, seed: str | None
) -> dict[int, int]:
    """How many grains each of the bids at one price gets; they stand in the order of receipt."""
    claims = {place: bid.count // grain for place, bid in enumerate(tied)}
    order = list(claims)
    if "by_lot" in {rule.method, rule.remainder}:
        assert seed is not None, "a lot is drawn from a seed"
        lots = {place: drawn(seed, bid.bidder, bid.id) for place, bid in enumerate(tied)}
        order.sort(key=lambda place: lots[place])
    if rule.method != "pro_rata":
        return in_turn(((place, claims[place]) for place in order), total)
    if rule.remainder == "largest":
        return largest_remainders(claims, total, first=lambda place: place)
    counts = floors(claims, total)
    left = 0 if rule.remainder == "unsold" else total - sum(counts.values())
    more = in_turn(((p, min(1, claims[p] - counts[p])) for p in order), left)
    return {place: count + more[place] for place, count in counts.items()}


def _cancellation(
    listed: Sequence[Bid], offer: Offer, price: int | None, law: AuctionLaw, market: int | None
) -> Iterator[Refusal]:
    """Why the auction is cancelled, though it was held."""
    rule, reference = law.cancellation.value, law.cancellation.reference
    demanded, bidders = sum(bid.count for bid in listed), len({bid.bidder for bid in listed})
    if demanded < rule.cover_min * offer.total:
        yield CoverTooLow(
            reference=reference, demanded=demanded, offered=offer.total, least=rule.cover_min
        )
    if bidders < rule.bidders_min:
        yield BiddersTooFew(reference=reference, bidders=bidders, least=rule.bidders_min)
    if rule.market_share_min is not None and price is not None:
        assert market, "the price is measured by that of the market"
        if price < rule.market_share_min * market:
            yield PriceUnderMarket(
                reference=reference,
                price=law.money(price, 1),
                market=law.money(market, 1),
                share=Fraction(price, market),
                least=rule.market_share_min,
            )


def _curve(listed: Sequence[Bid]) -> Iterator[CurvePoint]:
    total = 0
    for price, level in groupby(listed, key=lambda bid: bid.price):
        total += sum(bid.count for bid in level)
        yield CurvePoint(price=price, count=total)
