"""Whose units were sold, and where the others go: back, into later auctions, to an end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tonne.market.auction_rules import UnsoldRule
from tonne.market.bids import Offer
from tonne.market.shares import largest_remainders

Fate = Literal["next_auctions", "reserve", "cancelled", "returned", "withheld"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerShare:
    """How many of a seller's units were sold, and the proceeds: the price for each of them."""

    seller: str
    offered: int
    sold: int
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Units that were not sold, and where they go."""

    seller: str
    count: int
    fate: Fate
    auction: int | None = None
    """Into which of the coming auctions, where they are offered again."""


def seller_shares(
    offer: Offer, *, sold: int, cost_sold: int, withheld: int, paid: int, rule: UnsoldRule
) -> tuple[SellerShare, ...]:
    """Whose units were sold, each for ``paid``; the authority first, whose ``cost_sold`` are too.

    Those who stand alike share pro rata; what cannot be divided goes one each to the largest
    fractions, and of equal ones to those who were named first.
    """
    claims = {each.seller: each.count for each in offer.consigned}
    own = offer.count - withheld
    place = {seller: number for number, seller in enumerate((offer.seller, *claims))}
    if rule.order == "consigned_first":
        others = min(sold, sum(claims.values()))
        counts = largest_remainders(claims, others, first=place.__getitem__)
        counts[offer.seller] = sold - others
    else:
        everybody = {offer.seller: own, **claims}
        counts = largest_remainders(everybody, sold, first=place.__getitem__)
    asked = {offer.seller: offer.count + cost_sold, **claims}
    counts[offer.seller] += cost_sold
    return tuple(
        SellerShare(seller=seller, offered=count, sold=counts[seller], minor=paid * counts[seller])
        for seller, count in asked.items()
    )


def left_over(
    offer: Offer, shares: Sequence[SellerShare], withheld: int, rule: UnsoldRule
) -> Iterator[Left]:
    """Where everything goes that was offered and not sold."""
    if withheld:
        yield Left(seller=offer.seller, count=withheld, fate="withheld")
    for share in shares:
        count = share.offered - share.sold
        if share.seller == offer.seller:
            yield from _own(offer.seller, count - withheld, rule)
        elif count and rule.consigned == "returned":
            yield Left(seller=share.seller, count=count, fate="returned")
        elif count:
            yield Left(seller=share.seller, count=count, fate="next_auctions", auction=1)


def _own(seller: str, count: int, rule: UnsoldRule) -> Iterator[Left]:
    if rule.auctions is None:
        if count:
            yield Left(seller=seller, count=count, fate=rule.fate)
        return
    part, more = divmod(count, rule.auctions)
    for auction in range(1, rule.auctions + 1):
        if spread := part + (auction <= more):
            yield Left(seller=seller, count=spread, fate=rule.fate, auction=auction)
