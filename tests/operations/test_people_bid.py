"""Bids that people hand in: signed for, sealed from the staff, taken back, and what they win."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from auction_hall import SALT, Hall
from bureau import MONDAY, Bureau, usr
from land import Land, example
from purse import euros
from tonne.operations import Scheme, own, own_bids, proposals, trading
from tonne.refusal import Refused
from tonne.store import MemoryStore
from traders import limited, order, refused
from world import Store

CLOSES = MONDAY + timedelta(days=2)


def opened(store: Store, scheme: Scheme | None = None) -> tuple[Bureau, Hall]:
    """An auction of 300 units that is open; the kiln has 5,000 euros, and 100 a day are alone."""
    bureau = Bureau(Land(store, scheme=scheme or limited()).settle()).settle()
    hall = Hall(bureau.land).rich(kiln="5000.00")
    hall.create(on="2026-03-01", opens=MONDAY - timedelta(hours=1), closes=CLOSES)
    return bureau, hall


def bid(bureau: Bureau, count: int, price: str, **more: Any) -> proposals.Bid:  # noqa: ANN401  fields
    """A bid of the kiln."""
    terms = {"account": bureau.number("kiln"), "auction": "A1", "salt": SALT} | more
    return proposals.Bid(count=count, price=price, **terms)


def mine(bureau: Bureau, by: str) -> list[own_bids.OwnBid]:
    """The bids of the kiln, as somebody sees them."""
    return bureau.do(own_bids.own_bids, "A1", bureau.number("kiln"), of=by)


@pytest.fixture
def bureau() -> Bureau:
    """In memory."""
    return opened(MemoryStore())[0]


def test_a_bid_of_two_persons_wins_and_is_paid(store: Store) -> None:
    bureau, hall = opened(store)
    # The reserve price of 2026 is 20 and a twentieth, 21; ten units of it are worth 210, and the
    # tax on them within the land is a fifth, 42: together 252.
    made = bureau.propose(bid(bureau, 10, "21.00"), by="carl")
    assert made.state == "awaiting_approval"
    assert mine(bureau, "dora") == []
    assert bureau.decide(made.code, "approve", by="dora").state == "completed"
    (stands,) = mine(bureau, "carl")
    assert (stands.id, stands.count, stands.price) == (made.code, 10, euros("21.00"))
    assert hall.free("kiln") == euros("4748.00").minor
    hall.rich(steel="5000.00")
    hall.bid(hall.order("steel", "30.00", 20), on="2026-03-03")
    hall.clear(on="2026-03-05")
    bureau.now = CLOSES + timedelta(days=1)
    (after,) = mine(bureau, "carl")
    assert (after.won, after.paid) == (10, euros("210.00"))
    assert bureau.land.held("kiln") == 60
    hall.is_whole()


def test_bids_and_orders_of_a_day_are_counted_together() -> None:
    bureau, hall = opened(MemoryStore(), example())
    hall.rich(kiln="200000.00")
    # The Act lets one person trade for 100,000 in a day: 100 at 600 are 60,000.
    assert bureau.propose(bid(bureau, 100, "600.00"), by="carl").state == "completed"
    assert bureau.rehearse(bid(bureau, 70, "600.00"), by="dora").second
    assert not bureau.rehearse(bid(bureau, 60, "600.00"), by="dora").second
    left = bureau.do(trading.alone, bureau.number("kiln"), of="dora")
    assert left == euros("40000.00")
    assert bureau.rehearse(order(bureau, "kiln", "buy", 2_001, "20.00"), by="dora").second
    assert not bureau.rehearse(order(bureau, "kiln", "buy", 2_000, "20.00"), by="dora").second


def test_a_bid_is_taken_back_before_the_close_and_it_is_kept_who_did(bureau: Bureau) -> None:
    kiln = bureau.number("kiln")
    made = seconded(bureau, bid(bureau, 10, "21.00"))
    with pytest.raises(Refused) as no:
        bureau.do(own_bids.take_back, "A1", kiln, made, of="ann", key="x")
    assert refused(no) == {1203}
    bureau.do(own_bids.take_back, "A1", kiln, made, of="dora", key="x")
    bureau.do(own_bids.take_back, "A1", kiln, made, of="dora", key="x")
    assert mine(bureau, "carl") == []
    (word,) = bureau.land.run(lambda books: books.words(own_bids.TAKEN_BACK, kiln))
    assert word.word.about == usr("dora")
    other = seconded(bureau, bid(bureau, 20, "21.00"))
    bureau.now = CLOSES
    with pytest.raises(Refused) as no:
        bureau.do(own_bids.take_back, "A1", kiln, other, of="dora", key="y")
    assert refused(no) == {8807}
    assert len(mine(bureau, "carl")) == 1


def test_staff_who_see_the_account_see_no_bid_before_it_is_opened(store: Store) -> None:
    bureau, hall = opened(store)
    hall.rich(steel="5000.00")
    kiln = bureau.number("kiln")
    waiting = bureau.propose(bid(bureau, 10, "21.00"), by="carl").code
    done = seconded(bureau, bid(bureau, 20, "21.00"))

    for code in (waiting, done):
        with pytest.raises(Refused) as no:
            bureau.do(own.proposal_told, code, of="sara")
        assert refused(no) == {3301}
    assert bureau.do(own.staff_desk, of="sara").waiting == ()
    lists = partial(own.of_account, account=kiln)
    law = bureau.land.scheme
    assert bureau.land.run(lambda books: lists(books, law, by=usr("sara"))) == []
    assert len(bureau.land.run(lambda books: lists(books, law, by=usr("dora")))) == 1
    with pytest.raises(Refused) as no:
        mine(bureau, "sara")
    assert refused(no) == {1203}
    hall.bid(hall.order("steel", "30.00", 20), on="2026-03-03")
    hall.clear(on="2026-03-05")
    assert bureau.do(own.proposal_told, done, of="sara").proposal.code == done
    assert [each.won for each in mine(bureau, "sara")] == [20]


@pytest.mark.parametrize(
    ("terms", "number"),
    [
        ({"salt": SALT[:31]}, 8210),
        ({"auction": "A9"}, 8804),
        ({"count": 7}, 8205),
        ({"count": 0}, 8205),
        ({"count": -10}, 8205),
        ({"price": "21.001"}, 8204),
        ({"price": "20.99"}, 8206),
        ({"price": "dear"}, 100),
    ],
)
def test_a_bid_that_does_not_stand_says_why(
    bureau: Bureau, terms: dict[str, Any], number: int
) -> None:
    asked: Any = {"count": 10, "price": "21.00"} | terms
    with pytest.raises(Refused) as no:
        bureau.rehearse(bid(bureau, **asked), by="carl")
    assert number in refused(no)


def seconded(bureau: Bureau, wish: proposals.Bid) -> str:
    """A bid of carl to which dora agrees; its code."""
    made = bureau.propose(wish, by="carl")
    assert bureau.decide(made.code, "approve", by="dora").state == "completed"
    return made.code
