"""Sentences about bids that are not taken and auctions that are not held: nothing is written."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from auction_hall import AFTER, BEFORE, CLOSES, LAST, OPEN, OPENS, SALT, Hall
from changed import replace
from land import Land, numbers, with_law
from tonne import operations
from tonne.market import BidderLimit, BiddingRule, CancellationRule
from tonne.operations import auctions
from tonne.refusal import Refused
from tonne.rulebook import Dated


@pytest.fixture
def hall(each_land: Land) -> Hall:
    """The settled land with an auction of 300, in which two bidders have money."""
    found = Hall(each_land).rich(steel="10000", ana="100")
    found.create(300)
    return found


def said(hall: Hall) -> tuple[object, ...]:
    """All that stands in the books of auctions, and what is free."""
    words = hall.land.run(
        lambda books: [*books.words("auction"), *books.words("bids of example A1")]
    )
    return (*words, hall.free("steel"), hall.free("authority", "EXA-1"), hall.land.size())


def refused(hall: Hall, what: Callable[[], object]) -> list[int]:
    """The numbers of the refusals; nothing was written."""
    before = said(hall)
    found = numbers(what)
    assert said(hall) == before
    return found


def amended(hall: Hall, name: str, value: object) -> None:
    """Amend one rule of the Act."""
    law = hall.land.scheme.auctions
    rule = Dated([replace(getattr(law, name).clauses[0], value=value)])
    hall.land.scheme = with_law(hall.land.scheme, "auctions.toml", replace(law, **{name: rule}))


def test_a_bid_is_refused_with_the_number_of_every_ground(hall: Hall) -> None:
    bid, order = hall.bid, hall.order
    hall.bid(order("steel", "30", 100))
    for orders, on, found in (
        ((order("steel", "30", 10, name="b2"),), BEFORE, [8201]),
        ((order("steel", "30", 10, name="b2"),), AFTER, [8200]),
        ((order("steel", "30", 10),), OPEN, [8203]),
        ((order("steel", "30.005", 10, name="b2"),), OPEN, [8204]),
        ((order("steel", "30", 15, name="b2"),), OPEN, [8205]),
        ((order("steel", "19.99", 10, name="b2"),), OPEN, [8206]),
        ((order("steel", "30", 90, name="b2"),), OPEN, [8207]),
        ((order("ana", "30", 10),), OPEN, [8208]),
        ((order("authority", "30", 10),), OPEN, [8202, 8208]),
        ((order("XE-120-99-0-23", "30", 10),), OPEN, [1002, 8202]),
        ((order("steel", "19.995", 7, name="b2"),), AFTER, [8200, 8204, 8205, 8206]),
    ):
        assert refused(hall, partial(bid, *orders, on=on)) == found, orders


def test_bids_are_handed_in_together_or_not_at_all(hall: Hall) -> None:
    good, odd = hall.order("steel", "30", 100), hall.order("steel", "30", 15, name="b2")
    assert refused(hall, lambda: hall.bid(good, odd)) == [8205]
    twice = hall.order("steel", "29", 10)
    assert refused(hall, lambda: hall.bid(good, twice)) == [8203]


# A bid of 10 at 20 costs 200.00, and 40.00 of tax.
def test_who_has_the_price_but_not_the_tax_does_not_bid(hall: Hall) -> None:
    hall.rich(ana="139.99")
    assert refused(hall, lambda: hall.bid(hall.order("ana", "20", 10))) == [8808]
    hall.rich(ana="0.01")
    assert str(hall.bid(hall.order("ana", "20", 10))[0].held) == "EUR 240.00"
    assert hall.free("ana") == 0


def test_what_is_on_hold_for_a_bid_pays_for_nothing_else(hall: Hall) -> None:
    hall.bid(hall.order("steel", "40", 180))
    assert refused(hall, lambda: hall.purse.ask("steel", "1360.01", on=OPEN)) == [3005]
    assert refused(hall, lambda: hall.land.do(
        operations.transfer, [hall.land.order("authority", "steel", 491)], on=OPEN)
    ) == []  # fmt: skip
    assert hall.land.held("authority") == 890


def test_only_a_bid_that_stands_is_replaced_or_taken_back(hall: Hall) -> None:
    hall.bid(hall.order("steel", "30", 100))
    nobody = hall.order("steel", "30", 10, name="b9")
    assert refused(hall, lambda: hall.bid(nobody, replacing=True)) == [8806]
    assert refused(hall, lambda: hall.withdraw("steel", "b9")) == [8806]
    assert refused(hall, lambda: hall.withdraw("ana", "b1")) == [8806]
    assert refused(hall, lambda: hall.withdraw("steel", "b1", on=AFTER)) == [8807]


def test_a_bid_received_elsewhere_is_entered_by_the_authority(hall: Hall) -> None:
    at = OPENS + timedelta(hours=1)
    order = hall.order("steel", "30", 100, received=at)
    assert refused(hall, lambda: hall.bid(order)) == [3107]
    later = hall.order("steel", "30", 100, received=CLOSES - timedelta(hours=1))
    assert refused(hall, lambda: hall.bid(later, by="authority")) == [8810]
    (found,) = hall.bid(order, by="authority", on=AFTER)
    assert found.bids[0].received == at


def test_a_salt_that_could_be_guessed_seals_nothing(hall: Hall) -> None:
    assert refused(hall, lambda: hall.bid(hall.order("steel", "30", 100, salt="x"))) == [8210]


def test_an_auction_has_a_name_times_and_units_of_its_own(hall: Hall) -> None:
    create = hall.create
    for what, found in (
        (lambda: create(10), [8800]),
        (lambda: create(10, name="A2", opens=CLOSES, closes=OPENS), [8803]),
        (lambda: create(10, name="A2", on=AFTER), [8803]),
        (lambda: create(491, name="A2"), [3005]),
        (lambda: create(0, name="A2"), [8220]),
        (lambda: create(10, name="A2", consigned={"kiln": 51}), [3005]),
        (lambda: create(10, name="A2", consigned={"XE-120-99-0-23": 5}), [1002]),
        (lambda: create(10, name="A2", consigned={"authority": 5}), [8221]),
        (lambda: create(10, name="A2", instrument="EXA-SPOT"), [8269]),
        (lambda: create(10, name="A2", instrument=""), [8269]),
        (lambda: create(10, name="A2", instrument="EXA-2-LOT"), [3005]),
        (lambda: create(10, name="A2", by="operator"), [3107]),
    ):
        assert refused(hall, what) == found


def test_an_auction_is_cleared_by_the_authority_after_the_close_and_once(hall: Hall) -> None:
    hall.bid(hall.order("steel", "30", 100))
    assert refused(hall, lambda: hall.clear(on=LAST)) == [8212]
    assert refused(hall, lambda: hall.clear(by="operator")) == [3107]
    assert refused(hall, lambda: hall.clear("A9")) == [8804]
    assert refused(hall, lambda: hall.bid(hall.order("steel", "30", 10), auction="A9")) == [8804]
    hall.clear()
    for what in (
        hall.clear,
        lambda: hall.bid(hall.order("ana", "30", 10)),
        lambda: hall.withdraw("steel", "b1"),
        lambda: hall.land.do(auctions.call_off, "A1", reason="x", key="off", on=AFTER),
    ):
        assert 8802 in refused(hall, what)


def test_results_are_told_once_the_bids_were_opened(hall: Hall) -> None:
    hall.bid(hall.order("steel", "30", 100))
    for on in (OPEN, AFTER):
        assert numbers(partial(hall.land.do, auctions.results, "A1", on=on)) == [8805]
    hall.clear()
    assert hall.land.do(auctions.results, "A1", on=AFTER).results.sealed == 1


def test_where_the_law_measures_by_the_market_its_price_is_said(hall: Hall) -> None:
    amended(
        hall, "cancellation",
        CancellationRule(cover_min=Decimal(0), bidders_min=0, market_share_min=Decimal("0.9")),
    )  # fmt: skip
    hall.bid(hall.order("steel", "30", 100))
    for market in (None, Decimal("30.005"), Decimal(0)):
        assert refused(hall, partial(hall.clear, market=market)) == [8809]
    found = hall.clear(market=Decimal(40))
    assert found.results.cancelled[0].startswith("[8232]")


def test_a_law_of_part_cover_is_not_settled_here(hall: Hall) -> None:
    limits = (BidderLimit(kind="operator", share=Decimal(1)),)
    amended(
        hall, "bidding",
        BiddingRule(limits=limits, collateral_share=Decimal("0.3"), collateral_of="sum"),
    )  # fmt: skip
    assert refused(hall, lambda: hall.create(10, name="A2")) == [8801]


def test_a_scheme_without_law_of_auctions_has_none(hall: Hall) -> None:
    laws = {file: law for file, law in hall.land.scheme.laws.items() if file != "auctions.toml"}
    hall.land.scheme = replace(hall.land.scheme, laws=laws)
    assert refused(hall, lambda: hall.create(10, name="A2")) == [9003]


def test_a_clearing_that_cannot_be_settled_leaves_everything_as_it_was(hall: Hall) -> None:
    # The units' period is over: nothing of it may move any more.
    hall.rich(ana="9900")
    hall.bid(hall.order("steel", "30", 100), hall.order("ana", "30", 10))
    assert refused(hall, lambda: hall.clear(on="2028-05-01")) == [3102]
    hall.clear()
    hall.is_whole()


def test_a_table_of_bids_is_read_with_every_fault() -> None:
    def read(text: str, name: str = "bids.csv") -> list[str]:
        sheets = operations.sheets(name, text.encode())
        return [str(x.price) for x in auctions.read_bids(sheets, salt=lambda: SALT)]

    assert read("bidder,bid,price,count\nXE-1,b1,21.50,10\n") == ["21.50"]
    head = "bidder,bid,price,count,received\n"
    assert read(f"{head}XE-1,b1,21.50,10,2025-06-02T11:30Z\nXE-1,b2,3,10,\n") == ["21.50", "3"]
    with pytest.raises(Refused) as no:
        read(f"{head}XE-1,,1.5x,-10,yesterday\n,b,1,1,20250602\n")
    assert [each.number for each in no.value.refusals] == [8821] * 6
    assert numbers(lambda: read("bidder,price,count\n")) == [8820]
    assert numbers(lambda: read("bidder,bid,price,count\n" + "x,y,z,0\n" * 1002))[-1] == 8823


# Only the second asks for less at the same price; the last asks for more than the one before it.
def test_a_bid_in_the_place_of_another_keeps_its_time_only_for_less(hall: Hall) -> None:
    (first,) = hall.bid(hall.order("steel", "30", 50))
    came = first.bids[0].received
    for price, count, kept in (("30", 40, True), ("31", 40, False), ("31", 50, False)):
        (now,) = hall.bid(hall.order("steel", price, count), replacing=True, on=LAST)
        assert (now.bids[0].received == came) is kept
        assert now.withdrawn == ("b1",)
    amended(
        hall, "bidding", replace(hall.land.scheme.auctions.bidding.clauses[0].value, replacing=None)
    )
    again = hall.order("steel", "31", 40)
    assert refused(hall, lambda: hall.bid(again, replacing=True, on=LAST)) == [8209]


def test_where_the_law_says_so_whoever_replaces_a_bid_comes_last(hall: Hall) -> None:
    loses = replace(hall.land.scheme.auctions.bidding.clauses[0].value, replacing="loses_time")
    amended(hall, "bidding", loses)
    (first,) = hall.bid(hall.order("steel", "30", 50))
    (now,) = hall.bid(hall.order("steel", "30", 40), replacing=True, on=LAST)
    assert now.bids[0].received > first.bids[0].received


def test_bids_in_json_are_read_alike() -> None:
    def read(text: str) -> list[tuple[str, str, int, datetime | None]]:
        rows = auctions.read_bids_in_json("bids.json", text, salt=lambda: SALT)
        return [(x.id, str(x.price), x.count, x.received) for x in rows]

    row = {"bidder": "xe-1", "bid": "b1", "price": "21.50", "count": 10}
    assert read(json.dumps([row])) == [("b1", "21.50", 10, None)]
    at = datetime(2025, 6, 2, 11, 30, tzinfo=UTC)
    text = json.dumps([row | {"price": 21.5, "received": "2025-06-02T11:30+00:00"}])
    assert read(text) == [("b1", "21.5", 10, at)]
    for bad in ("{", "{}", "[1]", "[" * 100_000):
        assert numbers(partial(read, bad)) == [8822]
    assert numbers(lambda: read(json.dumps([{"bidder": "x"}]))) == [8820]
    assert numbers(lambda: read(json.dumps([row | {"count": None, "price": True}]))) == [8821] * 2
