"""Where the law asks for a part as collateral: the rest is paid at the clearing, or it is lost."""

from decimal import Decimal
from typing import Literal

import pytest

from auction_hall import AFTER, Hall
from changed import replace
from land import Land, numbers, with_law
from tonne.market import BiddingRule, DefaultRule
from tonne.operations import auctions
from tonne.rulebook import Dated

Awards = Literal["unsold", "cleared_anew"]


def under(hall: Hall, awards: Awards, forfeited: str = "0.5") -> Hall:
    """The hall under an Act that asks for 30 % as collateral."""
    law = hall.land.scheme.auctions
    clause = law.bidding.clauses[0]
    default = DefaultRule(forfeited=Decimal(forfeited), awards=awards)
    rule: BiddingRule = replace(clause.value, collateral_share=Decimal("0.3"), default=default)
    changed = replace(law, bidding=Dated([replace(clause, value=rule)]))
    hall.land.scheme = with_law(hall.land.scheme, "auctions.toml", changed)
    return hall


def bid_by_three(hall: Hall, *, ana: str, kiln: str = "5000.00") -> None:
    """340 are bid for and 300 offered: 100 at 30, 90 at 28, and 110 of the 150 at 26."""
    hall.rich(steel="3120.00", ana=ana, kiln=kiln)
    hall.create(300)
    hall.bid(hall.order("steel", "30", 100))
    hall.bid(hall.order("ana", "28", 90))
    hall.bid(hall.order("kiln", "26", 150))


def money(hall: Hall) -> list[str]:
    return [hall.purse.has(name) for name in ("steel", "ana", "kiln", "treasury")]


def units(hall: Hall) -> list[int]:
    return [hall.land.held(name) for name in ("steel", "ana", "kiln", "authority")]


@pytest.fixture
def hall(each_land: Land) -> Hall:
    return Hall(each_land)


# 30 % of 3,000.00 and a fifth of that for the tax: 1,080.00; of 2,520.00: 907.20; of 3,900.00:
# 1,404.00. All pay 26 and the tax: 3,120.00, 2,808.00 and 3,432.00.
def test_a_part_is_on_hold_and_the_rest_is_paid_at_the_clearing(hall: Hall) -> None:
    bid_by_three(under(hall, "unsold"), ana="2808.00")
    assert [hall.free(name) for name in ("steel", "ana", "kiln")] == [204_000, 190_080, 359_600]
    word = hall.clear()
    assert (word.results.price, word.results.sold, word.defaulted) == (Decimal("26.00"), 300, ())
    assert money(hall) == ["0.00", "0.00", "1568.00", "9360.00"]
    assert units(hall) == [160, 90, 160, 590]
    hall.is_whole()


# 60.03 are 30 % of 200.10, and a fifth of that 12.006: cents round up.
def test_parts_of_a_cent_of_collateral_round_against_the_bidder(hall: Hall) -> None:
    under(hall, "unsold").rich(ana="100.00").create(300)
    (handed,) = hall.bid(hall.order("ana", "20.01", 10))
    assert str(handed.held) == "EUR 72.04"


def test_who_has_not_even_the_part_does_not_bid(hall: Hall) -> None:
    under(hall, "unsold").rich(ana="72.03").create(300)
    assert numbers(lambda: hall.bid(hall.order("ana", "20.01", 10))) == [8808]
    assert numbers(lambda: hall.bid(hall.order("ana", "20.02", 40))) == [8208]


# Ana lacks a cent of 2,808.00: half of 907.20 is lost. Her 90 units wait for the next two auctions.
def test_what_is_not_paid_is_left_unsold_and_a_part_of_the_collateral_is_lost(hall: Hall) -> None:
    bid_by_three(under(hall, "unsold"), ana="2807.99")
    word = hall.clear(key="clear")
    assert hall.clear(key="clear") == word
    found, ana = word.results, hall.land.number("ana")
    (defaulted,) = word.defaulted
    assert (defaulted.bidder, defaulted.count, defaulted.due, defaulted.there) == (
        ana, 90, 280_800, 280_799,
    )  # fmt: skip
    assert (found.price, found.sold, found.winners) == (Decimal("26.00"), 210, 2)
    assert [(each.count, each.fate, each.auction) for each in found.left] == [
        (45, "next_auctions", 1), (45, "next_auctions", 2),
    ]  # fmt: skip
    assert money(hall) == ["0.00", "2354.39", "1568.00", "7005.60"]
    assert units(hall) == [160, 0, 160, 680]
    assert hall.free("ana") == 235_439
    mine = hall.land.run(lambda books: auctions.bids_of(books, hall.land.scheme, "A1", ana))
    assert [(count, minor) for _, count, minor in mine] == [(0, 0)]
    hall.is_whole()


# Without her bid there are 300 for 250: the kiln gets all of its 150 for 4,680.00.
def test_or_the_auction_is_cleared_as_if_such_a_bidder_had_not_bid(hall: Hall) -> None:
    bid_by_three(under(hall, "cleared_anew", forfeited="1"), ana="2807.99")
    word = hall.clear()
    assert (word.results.price, word.results.sold, word.results.demanded) == (
        Decimal("26.00"), 250, 250,
    )  # fmt: skip
    assert money(hall) == ["0.00", "1900.79", "320.00", "8707.20"]
    assert units(hall) == [160, 0, 200, 640]
    hall.is_whole()


# At 4,000.00 the kiln could pay its 110, and not the 150 of its bid. Then one bidder is left, and
# the Act wants two.
def test_one_default_may_bring_about_another(hall: Hall) -> None:
    bid_by_three(under(hall, "cleared_anew", forfeited="0"), ana="2807.99", kiln="4000.00")
    word = hall.clear()
    assert [(each.bidder, each.count, each.forfeited) for each in word.defaulted] == [
        (hall.land.number("ana"), 90, 0), (hall.land.number("kiln"), 150, 0),
    ]  # fmt: skip
    assert (word.results.price, word.results.sold) == (None, 0)
    assert word.results.cancelled[0].startswith("[8231]")
    assert money(hall) == ["3120.00", "2807.99", "4000.00", "0.00"]
    assert [hall.free(name) for name in ("steel", "ana", "kiln")] == [312_000, 280_799, 400_000]
    hall.is_whole()


# The kiln sells 40 of its own for 1,040.00 and 208.00 tax, which pay for what it buys as well.
def test_what_a_bidder_is_paid_for_own_units_counts(hall: Hall) -> None:
    under(hall, "unsold").rich(steel="9000.00", kiln="936.00")
    hall.create(260, consigned={"kiln": 40})
    hall.bid(hall.order("steel", "26", 180))
    hall.bid(hall.order("kiln", "26", 70))
    word = hall.clear(on=AFTER)
    # 70 cost 2,184.00, and 936.00 with 1,248.00 are just that.
    assert word.defaulted == ()
    assert (hall.purse.has("kiln"), hall.land.held("kiln")) == ("0.00", 80)
    hall.is_whole()


def test_a_law_that_covers_all_says_nothing_of_default() -> None:
    default = DefaultRule(forfeited=Decimal(1), awards="unsold")
    with pytest.raises(ValueError, match="covered whole"):
        BiddingRule(limits=(), collateral_share=Decimal(1), collateral_of="sum", default=default)
    with pytest.raises(ValueError, match="forfeited"):
        DefaultRule(forfeited=Decimal("1.01"), awards="unsold")
