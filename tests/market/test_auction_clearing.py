"""One price for all: which bids win, what they pay, and where unsold units go."""

from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

import pytest

from auction_law import FORM, auction_law, bids, counts, offer
from tonne.market import (
    AuctionForm,
    CancellationRule,
    Consigned,
    CurvePoint,
    Left,
    Offer,
    ReserveRule,
    SetPrice,
    TieRule,
    UnsoldRule,
    clear,
    offer_refusals,
)


def form(**parts: object) -> AuctionForm:
    """The form of the small law with some parts changed."""
    said = {name: getattr(FORM, name) for name in FORM.__slots__}
    return AuctionForm(**(said | parts))


def test_the_lowest_bid_that_gets_anything_sets_the_price() -> None:
    # 60 at 500 and 40 of the 50 at 400 fill the offer of 100; the bid at 300 gets nothing.
    found = clear(bids((300, 70), (500, 60), (400, 50)), offer(100), auction_law())
    assert found.price == 400
    assert counts(found.awards) == {"B2": 60, "B3": 40}
    assert [award.minor for award in found.awards] == [24_000, 16_000]
    assert str(found.proceeds) == "USD 400.00"


def test_a_bid_that_gets_only_a_part_is_the_highest_rejected_one() -> None:
    law = auction_law(form=form(price="highest_rejected"))
    assert clear(bids((500, 60), (400, 50), (300, 70)), offer(100), law).price == 400


def test_the_highest_bid_that_gets_nothing_sets_the_price_where_the_law_says_so() -> None:
    law = auction_law(form=form(price="highest_rejected"))
    found = clear(bids((500, 60), (400, 40), (300, 70)), offer(100), law)
    assert found.price == 300
    assert found.sold == 100


def test_where_everybody_gets_all_nobody_is_rejected_and_the_reserve_price_is_paid() -> None:
    asked = bids((500, 60), (400, 30))
    law = auction_law(form=form(price="highest_rejected"))
    assert clear(asked, offer(100), law).price == 100
    assert clear(asked, offer(100), auction_law()).price == 400


def test_nothing_is_sold_under_the_reserve_price() -> None:
    found = clear(bids((99, 60), (100, 5)), offer(100), auction_law())
    assert (found.sold, found.demanded, found.bidders) == (5, 5, 1)
    assert clear(bids((99, 60)), offer(100), auction_law()).price is None


def test_an_auction_without_bids_sells_nothing() -> None:
    found = clear([], offer(100), auction_law())
    assert (found.price, found.sold, found.awards, found.curve) == (None, 0, (), ())
    assert found.proceeds.minor == 0
    assert [(each.count, each.fate) for each in found.left] == [(100, "cancelled")]


def test_what_is_published_is_price_cover_bidders_and_the_curve_of_bids() -> None:
    found = clear(bids((500, 60), (400, 50), (400, 20), (300, 70)), offer(100), auction_law())
    assert found.cover == Fraction(200, 100)
    assert (found.bidders, found.winners) == (4, 3)
    assert found.curve == (
        CurvePoint(price=500, count=60),
        CurvePoint(price=400, count=130),
        CurvePoint(price=300, count=200),
    )


# Ties: 10 units for bids of 7, 7 and 6, so shares of 3.5, 3.5 and 3.
TIED = bids((200, 7), (200, 7), (200, 6))


@pytest.mark.parametrize(
    ("remainder", "expected"),
    [
        ("largest", {"B1": 4, "B2": 3, "B3": 3}),
        ("by_time", {"B1": 4, "B2": 3, "B3": 3}),
        ("unsold", {"B1": 3, "B2": 3, "B3": 3}),
    ],
)
def test_bids_at_one_price_share_what_is_left_pro_rata(
    remainder: str, expected: dict[str, int]
) -> None:
    rule = TieRule(method="pro_rata", remainder=remainder)  # type: ignore[arg-type]
    found = clear(TIED, offer(10), auction_law(ties=rule))
    assert counts(found.awards) == expected
    assert sum(each.count for each in found.left) == 10 - sum(expected.values())


def test_the_remainder_goes_to_the_largest_fraction_not_to_the_first() -> None:
    # 10 x 1/11 = 0.91, 10 x 4/11 = 3.64, 10 x 6/11 = 5.45: floors 0, 3, 5, and two left over.
    found = clear(bids((200, 6), (200, 4), (200, 1)), offer(10), auction_law())
    assert counts(found.awards) == {"B1": 5, "B2": 4, "B3": 1}
    by_time = TieRule(method="pro_rata", remainder="by_time")
    found = clear(bids((200, 6), (200, 4), (200, 1)), offer(10), auction_law(ties=by_time))
    assert counts(found.awards) == {"B1": 6, "B2": 4}


def test_by_time_the_bid_received_first_gets_all_it_asks() -> None:
    found = clear(TIED[::-1], offer(10), auction_law(ties=TieRule(method="by_time")))
    assert counts(found.awards) == {"B1": 7, "B2": 3}


def test_by_lot_the_order_is_drawn_from_a_seed_that_anybody_can_check() -> None:
    law = auction_law(ties=TieRule(method="by_lot"))

    def draw(seed: str) -> list[str]:
        # The rule, written again: SHA-256 over seed, bidder and id, each with its length.
        texts = {b: f"{len(seed)}:{seed},{len(b)}:{b},1:b," for b in ("B1", "B2", "B3")}
        return sorted(texts, key=lambda b: sha256(texts[b].encode()).digest())

    firsts = set()
    for seed in map(str, range(20)):
        found = clear(TIED, offer(1), law, seed=seed)
        assert [award.bidder for award in found.awards] == draw(seed)[:1]
        assert found.seed == seed
        firsts.add(found.awards[0].bidder)
    assert firsts == {"B1", "B2", "B3"}


def test_a_remainder_by_lot_gives_one_each_in_the_order_drawn() -> None:
    # One unit is left over: it goes to whoever would have been first had all been drawn by lot.
    shares = auction_law(ties=TieRule(method="pro_rata", remainder="by_lot"))
    alone = auction_law(ties=TieRule(method="by_lot"))
    for seed in map(str, range(20)):
        (first,) = clear(TIED, offer(1), alone, seed=seed).awards
        expected = {"B1": 3, "B2": 3, "B3": 3}
        expected[first.bidder] += 1
        assert counts(clear(TIED, offer(10), shares, seed=seed).awards) == expected


def test_a_seed_that_was_not_needed_is_not_published() -> None:
    assert clear(TIED, offer(10), auction_law(), seed="x").seed is None


def test_the_last_lot_is_broken_only_where_the_law_says_so() -> None:
    asked = bids((200, 1_000), (200, 1_000))
    split = auction_law(lot=500)
    assert counts(clear(asked, offer(1_501), split).awards) == {"B1": 751, "B2": 750}
    whole = auction_law(lot=500, form=form(last_lot="whole"))
    assert counts(clear(asked, offer(1_500), whole).awards) == {"B1": 1_000, "B2": 500}


def test_the_cost_containment_reserve_comes_when_bids_reach_its_trigger() -> None:
    reserve = ReserveRule(count=50, trigger=SetPrice(amount=Decimal("4.00")))
    law = auction_law(cost=reserve)
    below = clear(bids((399, 200)), offer(100), law)
    assert (below.sold, below.cost_sold, below.price) == (100, 0, 399)
    above = clear(bids((500, 120), (399, 200)), offer(100), law)
    assert (above.sold, above.cost_sold, above.price) == (120, 20, 500)
    assert above.offered == 100
    assert above.left == (), "what is left of the reserve stays in it, and is not unsold"


def test_a_reserve_that_is_used_in_part_holds_the_price_at_its_trigger() -> None:
    reserve = ReserveRule(count=50, trigger=SetPrice(amount=Decimal("4.00")))
    law = auction_law(cost=reserve, form=form(price="highest_rejected"))
    assert clear(bids((500, 120), (399, 200)), offer(100), law).price == 400
    assert clear(bids((500, 170), (399, 200)), offer(100), law).price == 500


def test_what_earlier_auctions_took_of_the_reserve_is_gone() -> None:
    reserve = ReserveRule(count=50, trigger=SetPrice(amount=Decimal("4.00")))
    used = Offer(seller="authority", count=100, cost_used=45)
    found = clear(bids((500, 120)), used, auction_law(cost=reserve))
    assert (found.sold, found.cost_sold) == (105, 5)


def test_under_its_trigger_the_emission_containment_reserve_keeps_units_back() -> None:
    reserve = ReserveRule(count=10, trigger=SetPrice(amount=Decimal("6.00")))
    law = auction_law(emission=reserve)
    # 85 at 7.00 and 120 at 5.00: only 90 are for sale under 6.00.
    found = clear(bids((700, 85), (500, 120)), offer(100), law)
    assert (found.sold, found.withheld, found.price) == (90, 10, 500)
    assert found.left == (Left(seller="authority", count=10, fate="withheld"),)
    # 95 are asked for at 7.00, so 5 of the 10 are sold; for the other 5 nobody bids 6.00.
    found = clear(bids((700, 95), (500, 120)), offer(100), law)
    assert (found.sold, found.withheld, found.price) == (95, 5, 700)
    lower = auction_law(emission=reserve, form=form(price="highest_rejected"))
    assert clear(bids((700, 95), (500, 120)), offer(100), lower).price == 600


def test_at_its_trigger_nothing_is_withheld_any_more() -> None:
    reserve = ReserveRule(count=10, trigger=SetPrice(amount=Decimal("6.00")))
    law = auction_law(emission=reserve)
    assert clear(bids((600, 120)), offer(100), law).sold == 100
    assert clear(bids((599, 120)), offer(100), law).sold == 90
    # What earlier auctions of the year withheld is not withheld again.
    used = Offer(seller="authority", count=100, emission_used=7)
    assert clear(bids((599, 120)), used, law).withheld == 3


def test_a_cancelled_auction_withholds_nothing() -> None:
    reserve = ReserveRule(count=10, trigger=SetPrice(amount=Decimal("6.00")))
    rule = CancellationRule(cover_min=Decimal(1), bidders_min=0)
    found = clear(bids((700, 5)), offer(100), auction_law(emission=reserve, cancellation=rule))
    assert found.withheld == 0
    assert [(each.count, each.fate) for each in found.left] == [(100, "cancelled")]


def test_units_of_others_are_never_withheld() -> None:
    reserve = ReserveRule(count=10, trigger=SetPrice(amount=Decimal("6.00")))
    mixed = Offer(seller="authority", count=4, consigned=(Consigned(seller="U", count=96),))
    assert clear(bids((500, 100)), mixed, auction_law(emission=reserve)).withheld == 4


MIXED = Offer(
    seller="authority",
    count=100,
    consigned=(Consigned(seller="U1", count=10), Consigned(seller="U2", count=20)),
)


@pytest.mark.parametrize(
    ("order", "asked", "expected"),
    [
        # All 30 of others first; of 16, thirds of 5.33 and 10.67.
        ("consigned_first", 60, {"authority": 30, "U1": 10, "U2": 20}),
        ("consigned_first", 16, {"authority": 0, "U1": 5, "U2": 11}),
        # 60 of 130: 46.15, 4.62 and 9.23.
        ("together", 60, {"authority": 46, "U1": 5, "U2": 9}),
    ],
)
def test_sellers_share_the_proceeds_by_the_units_sold_of_each(
    order: str, asked: int, expected: dict[str, int]
) -> None:
    rule = UnsoldRule(fate="reserve", consigned="returned", order=order)  # type: ignore[arg-type]
    found = clear(bids((333, asked)), MIXED, auction_law(unsold=rule))
    assert {each.seller: each.sold for each in found.sellers} == expected
    assert {each.seller: each.minor for each in found.sellers} == {
        seller: count * 333 for seller, count in expected.items()
    }
    assert sum(each.minor for each in found.sellers) == found.proceeds.minor


def test_unsold_units_are_spread_over_the_next_auctions_the_first_ones_first() -> None:
    rule = UnsoldRule(
        fate="next_auctions", auctions=4, consigned="next_auctions", order="consigned_first"
    )
    found = clear(bids((333, 7)), MIXED, auction_law(unsold=rule))
    own = [(each.auction, each.count) for each in found.left if each.seller == "authority"]
    assert own == [(1, 25), (2, 25), (3, 25), (4, 25)]
    # 7 of the 30 consigned are sold: 2.33 and 4.67.
    others = [(each.seller, each.auction, each.count) for each in found.left[4:]]
    assert others == [("U1", 1, 8), ("U2", 1, 15)]
    found = clear(bids((333, 97)), offer(103), auction_law(unsold=rule))
    assert [each.count for each in found.left] == [2, 2, 1, 1]


def test_an_auction_is_cancelled_where_bids_do_not_cover_the_offer() -> None:
    # Regulation (EU) 1031/2010, Article 7(5): cancelled where fewer units are bid for than offered.
    rule = CancellationRule(cover_min=Decimal(1), bidders_min=0)
    unsold = UnsoldRule(
        fate="next_auctions", auctions=4, consigned="returned", order="consigned_first"
    )
    law = auction_law(cancellation=rule, unsold=unsold)
    found = clear(bids((500, 99)), offer(100), law)
    assert (found.price, found.awards, found.sold, found.winners) == (None, (), 0, 0)
    assert found.proceeds.minor == 0
    assert [each.count for each in found.left] == [25, 25, 25, 25]
    assert [(each.number, str(each)) for each in found.cancelled] == [
        (8230, "99 units are bid for and 100 offered; the cover must be 1 or more.")
    ]
    assert clear(bids((500, 100)), offer(100), law).cancelled == ()


def test_an_auction_is_cancelled_where_its_price_is_far_under_the_market() -> None:
    # Article 7(6) there; what is far under is for the platform to say: nine tenths here.
    rule = CancellationRule(cover_min=Decimal(0), bidders_min=0, market_share_min=Decimal("0.9"))
    law = auction_law(cancellation=rule)
    found = clear(bids((899, 100)), offer(100), law, market=1_000)
    (only,) = found.cancelled
    assert (only.number, found.sold) == (8232, 0)
    assert "would clear at USD 8.99, the market is at USD 10.00" in str(only)
    assert clear(bids((900, 100)), offer(100), law, market=1_000).sold == 100


def test_an_auction_is_cancelled_where_too_few_bid() -> None:
    law = auction_law(cancellation=CancellationRule(cover_min=Decimal(0), bidders_min=2))
    (only,) = clear(bids((500, 100)), offer(100), law).cancelled
    assert (only.number, str(only)) == (8231, "There are 1 bidders; the law wants 2.")
    assert clear(bids((500, 100), (100, 1)), offer(100), law).cancelled == ()


def test_an_offer_of_nothing_is_none() -> None:
    nothing = Offer(seller="authority", count=0, consigned=(Consigned(seller="U", count=0),))
    found = list(offer_refusals(nothing, auction_law()))
    assert [(each.number, str(each)) for each in found] == [
        (8220, "authority offers 0 units."),
        (8220, "U offers 0 units."),
    ]


def test_a_seller_is_named_once() -> None:
    line = Consigned(seller="U", count=1)
    (only,) = offer_refusals(
        Offer(seller="authority", count=1, consigned=(line, line)), auction_law()
    )
    assert (only.number, str(only)) == (8221, "U is named twice among the sellers.")


def test_where_no_lot_is_broken_whole_lots_are_offered() -> None:
    law = auction_law(lot=500, form=form(last_lot="whole"))
    (only,) = offer_refusals(offer(1_250), law)
    assert (only.number, str(only)) == (8222, "1,250 units are not whole lots of 500.")
    assert not list(offer_refusals(offer(1_500), law))
