"""A bid is sealed until the close, and anybody can check afterwards that it was not changed.

Before the close the authority holds a commitment only, from which nothing can be told: the bid is
hashed with a salt that the bidder keeps. After the close the bidder shows bid and salt.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from msgspec import Struct, structs

from tonne.market.auction_refusals import (
    BidChanged,
    BidNotOpened,
    BidNotReceived,
    BidsStillSealed,
    BidUnderUsedId,
    CommitmentMalformed,
    SaltTooShort,
)
from tonne.market.auction_rules import AuctionLaw
from tonne.market.bids import Auction, Bidder, BidRequest, RefusedBid, standing_refusals
from tonne.market.shares import spelled
from tonne.refusal import Refusal, refuse_if_any

_SALT_LENGTH_MIN = 32
_COMMITMENT = re.compile("[0-9a-f]{64}")


class SealedBid(Struct, frozen=True, kw_only=True):
    """What is known of a bid before the close."""

    auction: str
    id: str
    bidder: str
    commitment: str
    received: datetime


class Opening(Struct, frozen=True, kw_only=True):
    """What a bidder shows after the close."""

    request: BidRequest
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The bids that were opened, in the order in which they came; and those that were not."""

    requests: tuple[BidRequest, ...]
    refused: tuple[RefusedBid, ...]


def sealed(request: BidRequest, salt: str, *, reference: str = "SHA-256, FIPS 180-4") -> str:
    """The commitment to a bid: SHA-256 of auction, bidder, id, price, count and salt.

    Each is hashed with its length, and the price without zeros at its end.
    """
    _salted(salt, reference)
    return _commitment(request, salt)


def sealed_texts(*texts: str, salt: str, reference: str = "SHA-256, FIPS 180-4") -> str:
    """The commitment to texts: SHA-256 of them and the salt, each hashed with its length."""
    _salted(salt, reference)
    return sha256(spelled(*texts, salt)).hexdigest()


def hand_in(
    bids: Iterable[SealedBid],
    auction: Auction,
    bidders: Mapping[str, Bidder],
    law: AuctionLaw,
    *,
    earlier: Iterable[SealedBid] = (),
) -> tuple[tuple[SealedBid, ...], tuple[RefusedBid, ...]]:
    """The sealed bids that are taken, and those that are not: what can be asked unopened."""
    seen = {(each.bidder, each.id) for each in earlier}
    taken: list[SealedBid] = []
    refused: list[RefusedBid] = []
    for bid in bids:
        key = (bid.bidder, bid.id)
        found = list(standing_refusals(key, bid.received, auction, bidders, law))
        reference = law.form.reference
        if key in seen:
            found.append(BidUnderUsedId(reference=reference, bid=bid.id, bidder=bid.bidder))
        if not _COMMITMENT.fullmatch(bid.commitment):
            found.append(
                CommitmentMalformed(reference=reference, bid=bid.id, commitment=bid.commitment)
            )
        if found:
            refused.append(RefusedBid(id=bid.id, bidder=bid.bidder, refusals=tuple(found)))
        else:
            seen.add(key)
            taken.append(bid)
    return tuple(taken), tuple(refused)


def roll(bids: Iterable[SealedBid]) -> str:
    """One hash of all sealed bids, told at the close: none is added or taken away afterwards."""
    lines = sorted(spelled(each.auction, each.bidder, each.id, each.commitment) for each in bids)
    return sha256(b"".join(lines)).hexdigest()


def open_bids(
    openings: Iterable[Opening],
    bids: Iterable[SealedBid],
    auction: Auction,
    law: AuctionLaw,
    *,
    at: datetime,
) -> Opened:
    """Open the sealed bids of an auction after its close. Each has the moment it came sealed."""
    reference = law.form.reference
    if at < auction.closes:
        still = BidsStillSealed(reference=reference, asked=at, closes=auction.closes)
        refuse_if_any([still])
    waiting = {(bid.bidder, bid.id): bid for bid in bids}
    order = {key: place for place, key in enumerate(waiting)}
    opened: dict[tuple[str, str], BidRequest] = {}
    refused: list[RefusedBid] = []
    for opening in openings:
        key = (opening.request.bidder, opening.request.id)
        found = tuple(_opening_refusals(opening, waiting.get(key), reference))
        if found:
            refused.append(RefusedBid(id=key[1], bidder=key[0], refusals=found))
        else:
            opened[key] = structs.replace(opening.request, received=waiting[key].received)
    told = {(each.bidder, each.id) for each in refused}
    for key in waiting:
        if key not in opened and key not in told:
            no = BidNotOpened(reference=reference, bid=key[1], bidder=key[0])
            refused.append(RefusedBid(id=key[1], bidder=key[0], refusals=(no,)))
    requests = tuple(opened[key] for key in sorted(opened, key=lambda key: order[key]))
    return Opened(requests=requests, refused=tuple(refused))


def _opening_refusals(opening: Opening, bid: SealedBid | None, reference: str) -> Iterator[Refusal]:
    request = opening.request
    if bid is None:
        yield BidNotReceived(reference=reference, bid=request.id, bidder=request.bidder)
    elif _commitment(request, opening.salt) != bid.commitment:
        yield BidChanged(
            reference=reference,
            bid=request.id,
            bidder=request.bidder,
            commitment=bid.commitment,
        )


def _salted(salt: str, reference: str) -> None:
    if len(salt) < _SALT_LENGTH_MIN:
        least = _SALT_LENGTH_MIN
        refuse_if_any([SaltTooShort(reference=reference, length=len(salt), least=least)])


def _commitment(request: BidRequest, salt: str) -> str:
    price = f"{request.price.normalize():f}"
    told = (request.auction, request.bidder, request.id, price, str(request.count), salt)
    return sha256(spelled("bid", *told)).hexdigest()
