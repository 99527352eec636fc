"""An auction of 10,000 and of 100,000 bids: taken by the law and cleared, first without books.

That part asks nothing of PostgreSQL, so there is no ratio to it.
"""

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import median
from time import perf_counter

from auctions_settled import settled
from place import Place
from yardstick import Yardstick

from tonne.market import (
    Auction,
    AuctionForm,
    AuctionLaw,
    AuctionLot,
    AuctionRules,
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
    clear,
    receive,
)
from tonne.quantity import Currency, Money
from tonne.rulebook import Clause, Dated

DAY = date(2014, 3, 5)
OPENS, CLOSES = (datetime(2014, 3, 5, hour, tzinfo=UTC) for hour in (9, 14))
TIMES = 5
AIMS = {10_000: 0.2, 100_000: 2.0}


def measure(place: Place, _yardstick: Yardstick) -> None:
    """Taking the bids and clearing them; then the same in the books, and settled."""
    law = AuctionLaw.of(_rules(), _lot(), DAY)
    for bids, aim in AIMS.items():
        auction, bidders, requests = _world(bids)
        taken, cleared = [], []
        for _ in range(TIMES):
            began = perf_counter()
            received = receive(requests, auction, bidders, law)
            between = perf_counter()
            found = clear(received.bids, auction.offer, law, seed="bench")
            ended = perf_counter()
            taken.append(between - began)
            cleared.append(ended - between)
            assert found.sold > auction.offer.total
            assert found.proceeds.minor == sum(award.minor for award in found.awards)
            assert len(received.bids) == bids
        print(
            f"{bids:,} bids cleared in {median(cleared):.3f} s, aim {aim} s; {len(found.awards):,} "
            f"awards; before it, taken in {median(taken):.3f} s",
            flush=True,
        )
    settled(place)


def _rules() -> AuctionRules:
    def dated(value: object) -> Dated[object]:
        return Dated([Clause(start=date(2014, 1, 1), value=value, reference="bench")])

    rules = {
        "form": AuctionForm(
            last_lot="split",
            price="highest_rejected",
        ),
        "reserve_price": SetPrice(amount=Decimal("2.00")),
        "bidding": BiddingRule(
            limits=(BidderLimit(kind="any", share=Decimal("0.25")),),
            collateral_share=Decimal(1),
            collateral_of="largest",
        ),
        "ties": TieRule(method="pro_rata", remainder="by_lot"),
        "cost_containment": ReserveRule(count=5_000_000, trigger=SetPrice(amount=Decimal("4.00"))),
        "emission_containment": ReserveRule(count=0),
        "unsold": UnsoldRule(fate="reserve", consigned="returned", order="consigned_first"),
        "cancellation": CancellationRule(cover_min=Decimal(0), bidders_min=0),
    }
    return AuctionRules(**{name: dated(value) for name, value in rules.items()})  # type: ignore[arg-type]


def _lot() -> Clause[AuctionLot]:
    lot = AuctionLot(
        code="LOT", scheme="bench", unit="RGA", lot=1_000, tick=1, currency="USD",
        settlement_days=0,
    )  # fmt: skip
    return Clause(start=date(2014, 1, 1), value=lot, reference="bench")


def _world(bids: int) -> tuple[Auction, dict[str, Bidder], list[BidRequest]]:
    """Bids of a hundredth as many bidders, at prices on some hundred ticks, so that many tie."""
    chance = random.Random(7)
    offer = Offer(seller="authority", count=bids * 3_000)
    auction = Auction(id="bench", offer=offer, opens=OPENS, closes=CLOSES)
    requests = [
        BidRequest(
            auction="bench",
            id=str(n),
            bidder=f"B{chance.randrange(bids // 100)}",
            price=Decimal(chance.randint(350, 450)) / 100,
            count=chance.randint(1, 12) * 1_000,
            received=OPENS,
        )
        for n in range(bids)
    ]
    # Collateral is a little less than the sum of all bids, so that the largest cost at one price is
    # worked out for the last of them.
    costs: dict[str, Decimal] = {}
    for each in requests:
        costs[each.bidder] = costs.get(each.bidder, Decimal(0)) + each.price * each.count
    bidders = {
        name: Bidder(id=name, kind="any", collateral=Money(int(cost * 95), Currency("USD")))
        for name, cost in costs.items()
    }
    return auction, bidders, requests
