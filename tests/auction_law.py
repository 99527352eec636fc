"""Laws of auctions for tests: a small one whose parts can be changed, and bids made for it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

from tonne.market import (
    Auction,
    AuctionForm,
    AuctionLaw,
    AuctionLot,
    AuctionRules,
    Bid,
    Bidder,
    BidderLimit,
    BiddingRule,
    BidRequest,
    CancellationRule,
    Offer,
    ReserveRule,
    SetPrice,
    TieRule,
    UnsoldRule,
)
from tonne.quantity import Currency, Money
from tonne.rulebook import Clause, Dated

T = TypeVar("T")

START = date(2008, 1, 1)
DAY = date(2008, 9, 25)
OPENS = datetime(2008, 9, 25, 9, tzinfo=UTC)
NOON = datetime(2008, 9, 25, 12, tzinfo=UTC)
CLOSES = datetime(2008, 9, 25, 14, tzinfo=UTC)
USD = Currency("USD")

FORM = AuctionForm(last_lot="split", price="lowest_accepted")
RESERVE = SetPrice(amount=Decimal("1.00"))
BIDDING = BiddingRule(
    limits=(BidderLimit(kind="any", share=Decimal(1)),),
    collateral_share=Decimal(0),
    collateral_of="sum",
)
TIES = TieRule(method="pro_rata", remainder="largest")
NONE = ReserveRule(count=0)
UNSOLD = UnsoldRule(fate="cancelled", consigned="returned", order="consigned_first")
CANCELLATION = CancellationRule(cover_min=Decimal(0), bidders_min=0)


def dated(value: T, start: date = START, *, reference: str = "Example Act, s. 1") -> Dated[T]:
    """A rule that was never changed."""
    return Dated([Clause(start=start, value=value, reference=reference)])


def auction_rules(
    *,
    form: AuctionForm = FORM,
    reserve_price: SetPrice = RESERVE,
    bidding: BiddingRule = BIDDING,
    ties: TieRule = TIES,
    cost: ReserveRule = NONE,
    emission: ReserveRule = NONE,
    unsold: UnsoldRule = UNSOLD,
    cancellation: CancellationRule = CANCELLATION,
    start: date = START,
) -> AuctionRules:
    """A law of auctions in which some parts are others."""
    return AuctionRules(
        form=dated(form, start),
        reserve_price=dated(reserve_price, start),
        bidding=dated(bidding, start),
        ties=dated(ties, start),
        cost_containment=dated(cost, start),
        emission_containment=dated(emission, start),
        unsold=dated(unsold, start),
        cancellation=dated(cancellation, start),
    )


def a_lot(count: int = 1, *, tick: int = 1) -> Clause[AuctionLot]:
    """What is sold: so many units in a lot, at prices in steps of so many cents."""
    lot = AuctionLot(
        code="LOT", scheme="test", unit="EUA", lot=count, tick=tick, currency="USD",
        settlement_days=0,
    )  # fmt: skip
    return Clause(start=START, value=lot, reference="Example Act, s. 1")


def auction_law(on: date = DAY, *, lot: int = 1, tick: int = 1, **parts: object) -> AuctionLaw:
    """The law of one auction, read from such rules."""
    return AuctionLaw.of(auction_rules(**parts), a_lot(lot, tick=tick), on)  # type: ignore[arg-type]


def offer(count: int) -> Offer:
    """Units of the authority alone."""
    return Offer(seller="authority", count=count)


def auction(count: int) -> Auction:
    """An auction of so many units, open for five hours."""
    return Auction(id="A1", offer=offer(count), opens=OPENS, closes=CLOSES)


def bids(*asked: tuple[int, int]) -> list[Bid]:
    """Bids by price in ticks and count, each of a bidder of its own, in the order of receipt."""
    return [
        Bid(id="b", bidder=f"B{place}", price=price, count=count, place=place)
        for place, (price, count) in enumerate(asked, 1)
    ]


def counts(awards: Iterable[object]) -> dict[str, int]:
    """What each bidder gets."""
    return {each.bidder: each.count for each in awards}  # type: ignore[attr-defined]


def bidder(
    name: str, *, collateral: int = 0, kind: str = "any", group: str | None = None
) -> Bidder:
    """Somebody admitted, with collateral in cents."""
    return Bidder(id=name, kind=kind, collateral=Money(collateral, USD), group=group)


def request(
    price: str, count: int, *, name: str = "b1", by: str = "B", received: datetime = NOON
) -> BidRequest:
    """A bid as it comes in."""
    return BidRequest(
        auction="A1", id=name, bidder=by, price=Decimal(price), count=count, received=received
    )
