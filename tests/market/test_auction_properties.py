"""What holds for every auction, whatever is bid."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from auction_law import auction_law, offer
from tonne.market import (
    AuctionForm,
    AuctionLaw,
    Bid,
    Consigned,
    Offer,
    ReserveRule,
    SetPrice,
    TieRule,
    UnsoldRule,
    clear,
    largest_remainders,
)

LOT = 5
TIES = [
    TieRule(method="by_time"),
    TieRule(method="by_lot"),
    TieRule(method="pro_rata", remainder="largest"),
    TieRule(method="pro_rata", remainder="by_time"),
    TieRule(method="pro_rata", remainder="by_lot"),
    TieRule(method="pro_rata", remainder="unsold"),
]


@st.composite
def laws(draw: st.DrawFn) -> AuctionLaw:
    """Any law of auctions: price rule, broken lots, ties, reserves."""
    cost, emission = draw(st.integers(0, 40)), draw(st.integers(0, 40))
    prices = st.integers(100, 130)
    return auction_law(
        lot=LOT,
        form=AuctionForm(
            last_lot=draw(st.sampled_from(["split", "whole"])),
            price=draw(st.sampled_from(["lowest_accepted", "highest_rejected"])),
        ),
        ties=draw(st.sampled_from(TIES)),
        cost=_reserve(cost, draw(prices)),
        emission=_reserve(emission, draw(prices)),
        unsold=UnsoldRule(
            fate="next_auctions",
            auctions=3,
            consigned="returned",
            order=draw(st.sampled_from(["consigned_first", "together"])),
        ),
    )


def _reserve(count: int, ticks: int) -> ReserveRule:
    return ReserveRule(
        count=count, trigger=SetPrice(amount=Decimal(ticks).scaleb(-2)) if count else None
    )


@st.composite
def books(draw: st.DrawFn) -> list[Bid]:
    """Bids at few prices, so that many tie; the first places come first."""
    asked = draw(st.lists(st.tuples(st.integers(95, 130), st.integers(1, 8)), max_size=25))
    return [
        Bid(id=str(place), bidder=f"B{place % 4}", price=price, count=lots * LOT, place=place)
        for place, (price, lots) in enumerate(asked, 1)
    ]


counts = st.integers(1, 60).map(lambda lots: lots * LOT)


@settings(max_examples=100)
@given(laws(), books(), counts, st.integers(0, 20), st.integers(0, 20))
def test_no_more_is_sold_than_offered_and_all_of_it_has_its_place(
    law: AuctionLaw, bids: list[Bid], count: int, first: int, second: int
) -> None:
    named = (("U1", first * LOT), ("U2", second * LOT))
    consigned = tuple(Consigned(seller=name, count=units) for name, units in named if units)
    sale = Offer(seller="authority", count=count, consigned=consigned)
    found = clear(bids, sale, law, seed="s")
    assert found.sold == sum(award.count for award in found.awards)
    assert found.sold - found.cost_sold <= sale.total
    assert 0 <= found.cost_sold <= law.cost_containment.value.count
    assert 0 <= found.withheld <= law.emission_containment.value.count
    assert found.sold - found.cost_sold + sum(each.count for each in found.left) == sale.total
    assert sum(each.sold for each in found.sellers) == found.sold
    assert all(0 <= each.sold <= each.offered for each in found.sellers)
    assert all(each.count > 0 for each in found.left)


@settings(max_examples=100)
@given(laws(), books(), counts)
def test_nobody_pays_more_than_bid_and_nobody_who_bid_more_gets_nothing(
    law: AuctionLaw, bids: list[Bid], count: int
) -> None:
    found = clear(bids, offer(count), law, seed="s")
    got = {award.bid: award.count for award in found.awards}
    if found.price is None:
        assert not got
        return
    assert found.price >= law.reserve_price
    for bid in bids:
        award = got.get(bid.id, 0)
        assert award <= bid.count
        assert not award or bid.price >= found.price, "no accepted bid is under the price"
        assert award == bid.count or bid.price <= found.price, "no rejected bid is above it"


@settings(max_examples=100)
@given(laws(), books(), counts)
def test_the_proceeds_are_price_times_volume_to_the_cent(
    law: AuctionLaw, bids: list[Bid], count: int
) -> None:
    found = clear(bids, offer(count), law, seed="s")
    assert found.proceeds.minor == (found.price or 0) * found.sold
    assert found.proceeds.minor == sum(award.minor for award in found.awards)
    assert found.proceeds.minor == sum(each.minor for each in found.sellers)


@settings(max_examples=80)
@given(laws(), books(), counts, st.data())
def test_the_same_bids_in_any_order_give_the_same_result(
    law: AuctionLaw, bids: list[Bid], count: int, data: st.DataObject
) -> None:
    mixed = data.draw(st.permutations(bids))
    assert clear(mixed, offer(count), law, seed="s") == clear(bids, offer(count), law, seed="s")


@settings(max_examples=100)
@given(laws(), books(), counts, st.integers(1, 40))
def test_a_larger_offer_never_raises_the_price(
    law: AuctionLaw, bids: list[Bid], count: int, more: int
) -> None:
    small = clear(bids, offer(count), law, seed="s")
    large = clear(bids, offer(count + more * LOT), law, seed="s")
    assert large.sold >= small.sold or law.ties.value.remainder == "unsold"
    if small.price is not None:
        assert large.price is not None
        assert large.price <= small.price


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12), st.data())
def test_shares_by_the_largest_remainder_come_to_the_whole(
    claims: list[int], data: st.DataObject
) -> None:
    named = dict(enumerate(claims))
    total = data.draw(st.integers(0, sum(claims)))
    shares = largest_remainders(named, total, first=lambda place: place)
    assert sum(shares.values()) == total
    for place, claim in named.items():
        exact = total * claim
        whole = sum(claims) or 1
        assert exact // whole <= shares[place] <= -(-exact // whole)
