"""Sentences about auctions in the books: what is promised is there, and what is won is paid."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from auction_hall import AFTER, LAST, OPEN, Hall
from changed import replace
from land import Land, desk, numbers, with_law
from tonne import operations
from tonne.market import AuctionRules, ReserveRule, SetPrice, UnsoldRule
from tonne.operations import auctions
from tonne.rulebook import Dated


@pytest.fixture
def hall(each_land: Land) -> Hall:
    """The settled land, in which three bidders have money."""
    return Hall(each_land).rich(steel="10000", kiln="5000", ana="5000")


def _at(day: int) -> datetime:
    return datetime(2025, 6, day, 1, tzinfo=UTC)


def under(hall: Hall, **rules: object) -> Hall:
    """The same hall under an Act some of whose rules on auctions are others."""
    law = hall.land.scheme.auctions
    changed = {
        name: Dated([replace(getattr(law, name).clauses[0], value=value)])
        for name, value in rules.items()
    }
    found: AuctionRules = replace(law, **changed)
    hall.land.scheme = with_law(hall.land.scheme, "auctions.toml", found)
    return hall


def all_four(hall: Hall) -> None:
    """430 units are bid for, 340 offered: 150 at 30, 100 at 28, 180 at 26."""
    hall.create(300, consigned={"kiln": 40})
    hall.bid(hall.order("steel", "30", 150), hall.order("steel", "26", 50, name="b2"))
    hall.bid(hall.order("ana", "28", 100))
    hall.bid(hall.order("kiln", "26", 130), on=LAST)


# 90 of the 340 are left for the 180 at 26: half of 50 and of 130. All pay 26, and 20 % tax on it.
# Steel 175: 5,460.00. Ana 100: 3,120.00. Kiln 65: 2,028.00, and it sells 40: 1,248.00. The
# authority sells 300: 9,360.00. The kiln buys of the authority, for nobody buys of himself.
def test_a_whole_auction_is_accounted_for_to_the_unit_and_the_cent(hall: Hall) -> None:
    all_four(hall)
    found = hall.clear().results
    assert (found.price, found.sold, found.offered) == (Decimal("26.00"), 340, 340)
    assert str(found.proceeds) == "EUR 8,840.00"
    assert [(each.seller, each.sold, each.minor) for each in found.sellers] == [
        (hall.land.number("authority"), 300, 780_000),
        (hall.land.number("kiln"), 40, 104_000),
    ]
    assert [hall.land.held(name) for name in ("authority", "steel", "ana", "kiln")] == [
        590, 235, 100, 75,
    ]  # fmt: skip
    assert [hall.purse.has(name) for name in ("steel", "ana", "kiln", "treasury", "authority")] == [
        "4540.00", "1880.00", "4220.00", "9360.00", "0.00",
    ]  # fmt: skip
    assert hall.free("steel") == 454_000
    assert hall.free("authority", "EXA-1") == 590
    hall.is_whole()


def test_what_is_published_is_price_cover_bidders_and_curve(hall: Hall) -> None:
    all_four(hall)
    hall.clear()
    word = hall.land.do(auctions.results, "A1", on=AFTER)
    found = word.results
    assert found.cover == Decimal("1.26")
    assert (found.bidders, found.winners, found.sealed, found.demanded) == (3, 3, 4, 430)
    assert [(str(each.price), each.count) for each in found.curve] == [
        ("30.00", 150), ("28.00", 250), ("26.00", 430),
    ]  # fmt: skip
    assert (found.left, found.cancelled, word.not_counted) == ((), (), ())


def test_each_award_can_be_worked_out_again_from_what_was_said(hall: Hall) -> None:
    all_four(hall)
    hall.clear(seed="lot")
    found = hall.land.run(
        lambda books: auctions.bids_of(
            books, hall.land.scheme, "A1", hall.land.number("steel")
        )
    )  # fmt: skip
    assert [(each.id, count, minor) for each, count, minor in found] == [
        ("b1", 150, 390_000),
        ("b2", 25, 65_000),
    ]


def test_before_the_opening_of_the_bids_only_their_hashes_are_told(hall: Hall) -> None:
    all_four(hall)
    held = hall.land.run(lambda books: auctions.find(books, hall.land.scheme, "A1"))
    listed, roll = hall.land.run(lambda books: auctions.sealed_bids(books, held))
    assert len({each.commitment for each in listed}) == 4
    assert all(not hasattr(each, "price") for each in listed)
    assert hall.clear().results.roll == roll


# The largest cost at one price is 200 at 26, 5,200.00; 1,040.00 tax on it, and a cent, for there
# are two sellers.
def test_what_bids_may_cost_is_on_hold_with_the_tax_until_the_clearing(hall: Hall) -> None:
    hall.create(300, consigned={"kiln": 40})
    assert hall.free("authority", "EXA-1") == 890 - 300 - 100
    assert hall.free("kiln", "EXA-1") == 10
    orders = hall.order("steel", "30", 150), hall.order("steel", "26", 50, name="b2")
    (first,) = hall.bid(orders[0])
    assert str(first.held) == "EUR 5,400.01"
    (second,) = hall.bid(orders[1])
    assert str(second.held) == "EUR 6,240.01"
    assert hall.free("steel") == 1_000_000 - 624_001
    hall.is_whole()


def test_bids_are_replaced_and_taken_back_before_the_close(hall: Hall) -> None:
    all_four(hall)
    (replaced,) = hall.bid(hall.order("ana", "21", 50), replacing=True, on=LAST)
    assert (replaced.withdrawn, str(replaced.held)) == (("b1",), "EUR 1,260.01")
    taken = hall.withdraw("kiln", "b1")
    assert taken.held.minor == 0
    assert hall.free("kiln") == 500_000
    found = hall.clear().results
    assert [(str(each.price), each.count) for each in found.curve] == [
        ("30.00", 150), ("26.00", 200), ("21.00", 250),
    ]  # fmt: skip
    hall.is_whole()


def test_a_request_that_is_sent_again_is_done_once(hall: Hall) -> None:
    first = hall.create(key="create")
    assert hall.create(key="create", on=OPEN).created == first.created
    one = hall.bid(hall.order("steel", "30", 100), key="bid")
    assert hall.bid(hall.order("steel", "30", 100, salt="x" * 32), key="bid", on=AFTER) == one
    hall.bid(hall.order("ana", "30", 10))
    gone = hall.withdraw("steel", "b1", key="gone")
    assert hall.withdraw("steel", "b1", key="gone", on=AFTER) == gone
    done = hall.clear(key="clear")
    assert hall.clear(key="clear") == done
    hall.is_whole()


# 250 are bid for at 21: under 25 only 250 of the 300 are for sale. 50 are withheld.
def test_under_the_trigger_units_are_withheld_once_a_year(hall: Hall) -> None:
    hall.create(300)
    hall.bid(hall.order("steel", "21", 180), hall.order("ana", "21", 70))
    found = hall.clear().results
    assert (found.sold, found.withheld, str(found.price)) == (250, 50, "21.00")
    assert [(each.fate, each.count) for each in found.left] == [("withheld", 50)]
    hall.create(100, name="A2", on=AFTER, opens=_at(7), closes=_at(8))
    hall.bid(hall.order("steel", "21", 50), hall.order("ana", "20", 30), auction="A2",
             on="2025-06-07")  # fmt: skip
    assert hall.clear("A2", on="2025-06-09").results.withheld == 0
    hall.is_whole()


# At 40 the reserve gives 100 more: 400 in all.
def test_the_reserve_of_the_year_is_sold_at_its_trigger_and_once(hall: Hall) -> None:
    hall.rich(steel="20000", kiln="10000")
    hall.create(300)
    hall.bid(hall.order("steel", "41", 180), hall.order("kiln", "40", 180))
    found = hall.clear().results
    assert (found.sold, found.cost_sold, str(found.price)) == (360, 60, "40.00")
    assert hall.land.held("authority") == 890 - 360
    second = hall.create(100, name="A2", on=AFTER, opens=_at(7), closes=_at(8))
    assert second.created.set_aside == 40
    third = hall.create(100, name="A3", on=AFTER, opens=_at(7), closes=_at(8))
    assert third.created.set_aside == 0
    hall.is_whole()


# 340 offered, 140 sold, those of the kiln first: 200 left, 100 to each of the next two auctions.
def test_what_nobody_bought_is_offered_again_as_the_law_says(hall: Hall) -> None:
    under(hall, emission_containment=ReserveRule(count=0))
    hall.create(300, consigned={"kiln": 40})
    hall.bid(hall.order("steel", "25", 90), hall.order("ana", "25", 50))
    found = hall.clear().results
    assert [(each.fate, each.count, each.auction) for each in found.left] == [
        ("next_auctions", 100, 1),
        ("next_auctions", 100, 2),
    ]
    second, third, fourth = (
        hall.create(10, name=name, on=AFTER, opens=_at(7), closes=_at(8)).created
        for name in ("A2", "A3", "A4")
    )
    assert [each.offer.count for each in (second, third, fourth)] == [110, 110, 10]
    assert [each.count for each in second.again] == [100]
    hall.is_whole()


def test_what_the_law_cancels_is_cancelled_with_the_clearing(hall: Hall) -> None:
    under(
        hall,
        unsold=UnsoldRule(fate="cancelled", consigned="returned", order="together"),
        emission_containment=ReserveRule(count=0),
    )
    hall.create(300, consigned={"kiln": 50})
    hall.bid(hall.order("steel", "25", 100), hall.order("ana", "25", 40))
    found = hall.clear().results
    # 140 of 350 together: 120 of the authority and 20 of the kiln.
    assert [each.sold for each in found.sellers] == [120, 20]
    assert hall.land.held("cancelled") == 180
    assert (hall.land.held("authority"), hall.land.held("kiln")) == (590, 30)
    assert hall.free("kiln", "EXA-1") == 30
    hall.is_whole()


def test_with_too_few_bidders_nobody_gets_anything_and_all_is_free_again(hall: Hall) -> None:
    hall.create(300)
    hall.bid(hall.order("steel", "30", 100))
    found = hall.clear()
    assert found.results.cancelled[0].startswith("[8231]")
    assert (found.settled, found.results.price, found.results.sold) == (None, None, 0)
    assert hall.purse.has("steel") == "10000.00"
    assert hall.free("steel") == 1_000_000
    assert hall.free("authority", "EXA-1") == 890


def test_an_auction_without_bids_ends(hall: Hall) -> None:
    hall.create(300)
    assert hall.clear().results.sold == 0
    assert hall.free("authority", "EXA-1") == 890


def test_an_auction_that_is_called_off_frees_everything(hall: Hall) -> None:
    all_four(hall)
    hall.land.do(auctions.call_off, "A1", reason="storm", key="off", on=LAST)
    assert hall.free("authority", "EXA-1") == 890
    assert hall.free("steel") == 1_000_000
    held = hall.land.run(lambda books: auctions.find(books, hall.land.scheme, "A1"))
    assert held.status(auctions.moment(desk(AFTER))) == "called off"
    hall.create(name="A2")
    hall.is_whole()


def test_the_bids_of_an_account_that_was_suspended_do_not_count(hall: Hall) -> None:
    all_four(hall)
    hall.land.do(
        operations.change_account,
        hall.land.number("ana"),
        "suspend",
        reason="court",
        key="no",
        on=LAST,
    )
    found = hall.clear()
    assert [(each.bidder, each.why[0][:6]) for each in found.not_counted] == [
        (hall.land.number("ana"), "[1004]")
    ]
    # Without her 250 of the 280 bid for at 25 or above are left: all 330 are bid for.
    assert (found.results.sold, found.results.bidders) == (330, 2)
    assert hall.free("ana") == 500_000
    hall.is_whole()


def test_a_group_shares_one_limit(hall: Hall) -> None:
    hall.create(300, groups=(("steel", "kiln"),))
    hall.bid(hall.order("steel", "20", 100))
    assert numbers(lambda: hall.bid(hall.order("kiln", "20", 90))) == [8207]
    hall.bid(hall.order("kiln", "20", 80))


def test_bids_at_a_price_of_nothing_are_awarded_free(hall: Hall) -> None:
    under(hall, reserve_price=SetPrice(amount=Decimal(0)))
    hall.create(300)
    hall.bid(hall.order("steel", "0", 100), hall.order("ana", "0", 50))
    found = hall.clear().results
    assert (str(found.price), found.sold) == ("0.00", 150)
    assert hall.land.held("steel") == 160
    hall.is_whole()


def test_a_seller_who_bids_alone_keeps_its_units(hall: Hall) -> None:
    assert list(auctions.paired({"A": 10}, {"A": 10, "Z": 0})) == []
    # B gets what A consigned and A what B did, though both could have had the authority's.
    assert list(auctions.paired({"A": 10, "B": 15}, {"Z": 5, "A": 10, "B": 10})) == [
        ("A", "B", 10),
        ("B", "A", 10),
        ("B", "Z", 5),
    ]
    del hall


def test_an_auction_sells_the_units_of_the_instrument_it_names(hall: Hall) -> None:
    made = hall.create(20).created
    assert (made.instrument, made.unit) == ("EXA-1-LOT", "EXA-1")


def test_an_auction_of_what_is_settled_later_is_not_created(hall: Hall) -> None:
    law = hall.land.scheme.instruments
    (clause,) = law.auction_lots.clauses
    later = tuple(replace(each, settlement_days=2) for each in clause.value)
    changed = replace(law, auction_lots=Dated([replace(clause, value=later)]))
    hall.land.scheme = with_law(hall.land.scheme, "instruments.toml", changed)
    assert numbers(lambda: hall.create(20)) == [8270]
