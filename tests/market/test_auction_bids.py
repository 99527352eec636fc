"""Which bids stand: every rule has its refusal, and all of a bid are told at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction_law import (
    CLOSES,
    NOON,
    OPENS,
    USD,
    auction,
    auction_law,
    bidder,
    offer,
    request,
)
from tonne.market import (
    Bidder,
    BidderLimit,
    BiddingRule,
    BidRequest,
    Received,
    SetPrice,
    clear,
    collateral_needed,
    receive,
)
from tonne.quantity import Currency, Money

SECOND = timedelta(seconds=1)
STRICT = BiddingRule(
    limits=(
        BidderLimit(kind="operator", share=Decimal("0.25")),
        BidderLimit(kind="other", share=Decimal("0.04")),
    ),
    collateral_share=Decimal("0.5"),
    collateral_of="sum",
)
LAW = auction_law(lot=10, tick=5, bidding=STRICT)
BIDDERS = {
    name: bidder(name, kind="operator", collateral=100_000, group=group)
    for name, group in (("B", None), ("C", "house"), ("D", "house"))
} | {"E": bidder("E", kind="other", collateral=100_000), "F": bidder("F", kind="speculator")}


def take(*requests: BidRequest, count: int = 1_000) -> Received:
    """Bids received under the strict law."""
    return receive(requests, auction(count), BIDDERS, LAW)


def numbers(found: Received) -> list[list[int]]:
    """The numbers of the refusals of each refused bid."""
    return [[each.number for each in bid.refusals] for bid in found.refused]


def only(found: Received) -> str:
    """The only refusal, with its number."""
    ((refusal,),) = [bid.refusals for bid in found.refused]
    return f"{refusal.number} {refusal}"


def test_a_bid_that_stands_has_its_price_in_ticks_and_its_place() -> None:
    found = take(request("2.00", 10), request("1.05", 20, name="b2"))
    assert [(bid.price, bid.count, bid.place) for bid in found.bids] == [(40, 10, 1), (21, 20, 2)]
    assert found.refused == ()


def test_a_bid_at_the_close_is_too_late() -> None:
    assert numbers(take(request("2.00", 10, received=CLOSES - SECOND))) == []
    told = only(take(request("2.00", 10, received=CLOSES)))
    assert told.startswith("8200 Bid b1 came at 2008-09-25 14:00:00+00:00; the auction closed")


def test_a_bid_before_the_opening_is_too_early() -> None:
    assert numbers(take(request("2.00", 10, received=OPENS))) == []
    told = only(take(request("2.00", 10, received=OPENS - SECOND)))
    assert told.startswith("8201 Bid b1 came at 2008-09-25 08:59:59+00:00; the auction opens")


def test_only_bidders_of_a_kind_that_the_law_names_are_admitted() -> None:
    assert only(take(request("2.00", 10, by="X"))) == (
        "8202 X is unknown here; admitted are operator, other."
    )
    (refused,) = take(request("2.00", 10, by="F")).refused
    assert str(refused.refusals[0]) == (
        "F is a bidder of the kind speculator; admitted are operator, other."
    )


def test_a_bidder_uses_an_id_once_and_others_may_use_it_too() -> None:
    found = take(request("2.00", 10), request("3.00", 10), request("4.00", 10, by="C"))
    assert only(found) == "8203 B already has a bid b1 in this auction."
    assert [bid.price for bid in found.bids] == [40, 80]


def test_a_price_is_on_the_tick() -> None:
    told = only(take(request("2.01", 10)))
    assert told == "8204 Bid b1: 2.01 is not a multiple of the tick, 0.05."
    # A number as long as the border lets through is looked at to its last digit.
    long = "1" * 18 + "." + "0" * 17 + "1"
    assert 8204 in numbers(take(request(long, 10)))[0]


@pytest.mark.parametrize("count", [0, -10, 5, 15])
def test_a_bid_is_for_whole_lots(count: int) -> None:
    told = only(take(request("2.00", count)))
    assert told == f"8205 Bid b1: {count} units are not whole lots of 10."


def test_a_bid_is_not_under_the_reserve_price() -> None:
    assert numbers(take(request("1.00", 10))) == []
    told = only(take(request("0.95", 10)))
    assert told == "8206 Bid b1: 0.95 is under the reserve price of 1.00."


def test_all_bids_of_a_bidder_together_stay_within_its_limit() -> None:
    # A quarter of 1,000 for an operator; the bid that is refused counts for nothing.
    found = take(
        request("2.00", 200), request("2.00", 60, name="b2"), request("2.00", 50, name="b3")
    )
    assert [bid.id for bid in found.bids] == ["b1", "b3"]
    assert only(found) == (
        "8207 Bid b2: 60 units on top of the 200 that B and its group bid for are more than "
        "their limit of 250."
    )
    assert numbers(take(request("2.00", 40, by="E"))) == []
    assert numbers(take(request("2.00", 50, by="E"))) == [[8207]]


def test_a_bid_of_nothing_a_unit_has_its_limit_too() -> None:
    free = auction_law(lot=10, tick=5, bidding=STRICT, reserve_price=SetPrice(amount=Decimal(0)))
    found = receive([request("0", 260)], auction(1_000), BIDDERS, free)
    assert numbers(found) == [[8207]]


def test_bidders_of_one_group_share_a_limit() -> None:
    found = take(request("2.00", 200, by="C"), request("2.00", 60, by="D"))
    assert numbers(found) == [[8207]]


def test_collateral_covers_its_share_of_all_bids() -> None:
    # USD 1,000 are lodged and half is asked for: 250 x 8.00 = 2,000 is covered, 250 x 8.05 not.
    assert numbers(take(request("8.00", 250))) == []
    assert only(take(request("8.05", 250))) == (
        "8208 Bid b1: the bids of B need collateral of USD 1,006.25; USD 1,000.00 is lodged."
    )
    assert numbers(take(request("8.00", 200), request("8.05", 50, name="b2"))) == [[8208]]


def test_the_largest_cost_at_one_price_is_what_can_be_owed() -> None:
    # At 5.00, 10 units: 50. At 3.00, 10 and 10: 60. At 1.00, 30 units: 30. In ticks of 0.05.
    bids = [(100, 10), (60, 10), (20, 10)]
    largest = BiddingRule(
        limits=STRICT.limits, collateral_share=Decimal(1), collateral_of="largest"
    )
    law = auction_law(lot=10, tick=5, bidding=largest)
    assert collateral_needed(bids, law) == Money(6_000, USD)
    # The sum of them is 50 + 30 + 10 = 90, of which half is asked for.
    assert collateral_needed(bids, LAW) == Money(4_500, USD)


def test_bids_that_cannot_be_paid_at_one_price_are_refused() -> None:
    rule = BiddingRule(limits=STRICT.limits, collateral_share=Decimal(1), collateral_of="largest")
    law = auction_law(lot=10, tick=5, bidding=rule)
    known = {"B": bidder("B", kind="operator", collateral=6_000)}
    asked = [request("5.00", 10), request("3.00", 10, name="b2"), request("2.00", 10, name="b3")]
    assert numbers(receive(asked, auction(1_000), known, law)) == []
    late = request("2.05", 10, name="b3")
    found = receive([*asked[:2], late], auction(1_000), known, law)
    assert only(found).endswith("need collateral of USD 61.50; USD 60.00 is lodged.")


def test_collateral_that_does_not_come_out_even_is_rounded_up() -> None:
    third = BiddingRule(limits=STRICT.limits, collateral_share=Decimal("0.33"), collateral_of="sum")
    # 0.33 x 5 cents = 1.65 cents.
    assert collateral_needed([(1, 1)], auction_law(lot=10, tick=5, bidding=third)).minor == 2


def test_everything_wrong_with_a_bid_is_told_at_once() -> None:
    first = request("9.00", 200)
    worst = request("0.99", 1_005, received=CLOSES)
    assert numbers(take(first, worst)) == [[8200, 8203, 8204, 8205, 8206, 8207, 8208]]


def test_a_bid_is_asked_beside_those_that_stood_before() -> None:
    first = take(request("2.00", 200))
    later = [request("2.00", 60, name="b2"), request("3.00", 10), request("3.00", 50, name="b3")]
    found = receive(later, auction(1_000), BIDDERS, LAW, earlier=first.bids)
    assert numbers(found) == [[8207], [8203]]
    assert [bid.place for bid in found.bids] == [2]


requests = st.lists(
    st.builds(
        request,
        st.sampled_from(["0.90", "1.00", "2.00", "2.02", "30.00"]),
        st.integers(-1, 30).map(lambda lots: lots * 10),
        name=st.sampled_from(["b1", "b2", "b3", "b4"]),
        by=st.sampled_from(["B", "C", "D", "E", "F", "X"]),
        received=st.sampled_from([OPENS - SECOND, OPENS, NOON, CLOSES]),
    ),
    max_size=20,
)


@given(requests, st.integers(0, 20))
def test_bids_taken_one_by_one_are_those_taken_together(asked: list[BidRequest], cut: int) -> None:
    whole = take(*asked)
    first = take(*asked[:cut])
    second = receive(asked[cut:], auction(1_000), BIDDERS, LAW, earlier=first.bids)
    assert first.bids + second.bids == whole.bids
    assert first.refused + second.refused == whole.refused


@given(requests)
def test_who_wins_has_stood_and_keeps_its_limit(asked: list[BidRequest]) -> None:
    found = take(*asked)
    limits = {"B": 250, "C": 250, "D": 250, "E": 40}
    awards = clear(found.bids, offer(1_000), LAW).awards
    for name, limit in limits.items():
        mine = [award for award in awards if award.bidder == name]
        assert sum(award.count for award in mine) <= limit
        assert sum(award.minor for award in mine) <= 200_000
    assert {award.bidder for award in awards} <= limits.keys()


def test_collateral_is_lodged_in_the_money_of_the_auction() -> None:
    euro = Bidder(id="B", kind="operator", collateral=Money(1, Currency("EUR")))
    with pytest.raises(AssertionError, match="money of the auction"):
        receive([request("2.00", 10)], auction(1_000), {"B": euro}, LAW)
