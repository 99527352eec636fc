"""An exchange on which units are sold against money, in the books."""

from datetime import timedelta
from functools import partial
from random import Random

import pytest

from bourse import NOON, Bourse, codes, trades
from land import Land, numbers
from order_streams import some_terms
from tonne import operations
from tonne.market import (
    Accepted,
    Amended,
    Cancelled,
    ChangePhase,
    Event,
    Message,
    Rejected,
    Side,
    Traded,
    Triggered,
)
from tonne.store import MemoryStore

PEOPLE = ("steel", "kiln", "ana")


@pytest.fixture
def bourse(each_land: Land) -> Bourse:
    """The exchange of the Example Act; the kiln and Ana have EUR 1,000.00."""
    made = Bourse(each_land)
    for name in ("kiln", "ana"):
        made.purse.bring(name, "1000.00")
    return made


def test_a_sale_and_a_purchase_meet_and_both_sides_have_what_was_agreed(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 10, 500))
    answers = bourse.send(bourse.order("kiln", "buy", 4, 510))
    assert trades(answers) == [(500, 4)]
    # 4 at 5.00 are 20.00, a fifth of that is tax; each side pays 0.01 a unit to the treasury.
    assert bourse.has("kiln") == (54, "975.96")
    assert bourse.has("steel") == (56, "23.96")
    assert bourse.purse.has("treasury") == "0.08"
    assert bourse.free("steel") == (50, 2396), "six are still for sale"
    bourse.is_whole()


def test_what_rests_is_held_and_what_ends_is_free(bourse: Bourse) -> None:
    bourse.send(bourse.order("kiln", "buy", 100, 500, name="b"))
    # A unit at 5.00 may cost 1.00 of tax and a fee of 0.01, and each fee a cent of rounding.
    assert bourse.free("kiln") == (50, 100_000 - 100 * 602)
    bourse.send(bourse.amend("kiln", "b", order_qty=50))
    assert bourse.free("kiln") == (50, 100_000 - 50 * 602)
    (told,) = bourse.send(bourse.cancel("kiln", "b"))
    assert [type(each) for each in told] == [Cancelled]
    assert bourse.free("kiln") == (50, 100_000)
    bourse.is_whole()


def test_nobody_sells_what_he_has_not_or_buys_without_money(bourse: Bourse) -> None:
    refused = [
        bourse.order("steel", "sell", 61, 500),
        bourse.order("steel", "buy", 1, 500),
        bourse.order("kiln", "buy", 1_000, 500),
    ]
    for order in refused:
        assert codes(bourse.send(order)) == ["NotCovered"]
    bourse.send(bourse.order("steel", "sell", 60, 500, name="s"))
    assert codes(bourse.send(bourse.order("steel", "sell", 1, 500))) == ["NotCovered"]
    assert codes(bourse.send(bourse.amend("steel", "s", order_qty=61))) == ["NotCovered"]
    bourse.is_whole()


def test_what_is_held_for_an_order_goes_nowhere_else(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 55, 500))
    (answer,) = bourse.land.transfer(bourse.land.order("steel", "kiln", 6), on="2025-06-02")
    assert isinstance(answer, tuple)
    assert [each.code for each in answer] == ["ExceedsHolding"]
    assert bourse.land.held("steel") == 60


def test_what_was_bought_can_be_sold_again_in_the_same_batch(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 60, 500))
    batch = [
        bourse.order("ana", "buy", 20, 500),
        bourse.order("ana", "sell", 20, 600),
        bourse.order("kiln", "buy", 20, 600),
        bourse.order("ana", "sell", 1, 600),
    ]
    answers = bourse.send(*batch)
    # The kiln pays 5.00 to the steelworks first, whose offer is the better one.
    assert trades(answers) == [(500, 20), (500, 20)]
    assert codes(answers) == ["NotCovered"]
    answers = bourse.send(bourse.order("kiln", "buy", 30, 600))
    assert trades(answers) == [(500, 20), (600, 10)]
    bourse.is_whole()


def test_what_was_sold_earlier_in_a_batch_is_not_sold_again(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 30, 500), bourse.order("steel", "sell", 30, 600, "b"))
    # The first 30 are sold; of 60 there are 30 left, which are held for the second order.
    answers = bourse.send(
        bourse.order("kiln", "buy", 30, 500), bourse.amend("steel", "b", order_qty=31)
    )
    assert trades(answers) == [(500, 30)]
    assert codes(answers) == ["NotCovered"]
    bourse.is_whole()


def test_units_in_many_small_blocks_are_counted_as_far_as_they_are_asked_for(
    bourse: Bourse,
) -> None:
    land = bourse.land
    for _ in range(9):
        land.transfer(land.order("steel", "ana", 1), on="2025-06-02")
    bourse.send(bourse.order("ana", "sell", 1, 500, "x"))
    # One more is asked for, then seven more: of nine all are promised, and no tenth is there.
    answers = bourse.send(
        bourse.order("ana", "sell", 1, 500),
        bourse.amend("ana", "x", order_qty=8),
        bourse.order("ana", "sell", 1, 500),
    )
    assert codes(answers) == ["NotCovered"]
    assert bourse.free("ana") == (0, 100_000)
    bourse.is_whole()


def test_who_buys_and_sells_back_at_one_price_has_paid_only_fees(bourse: Bourse) -> None:
    bourse.purse.bring("steel", "1000.00")
    batch = [
        bourse.order("steel", "sell", 5, 500),
        bourse.order("kiln", "buy", 5, 500),
        bourse.order("kiln", "sell", 5, 500),
        bourse.order("steel", "buy", 5, 500),
    ]
    assert trades(bourse.send(*batch)) == [(500, 5), (500, 5)]
    assert bourse.has("steel") == (60, "999.90")
    assert bourse.has("kiln") == (50, "999.90")
    bourse.is_whole()


def test_the_clock_opens_and_closes_the_book_and_orders_of_the_day_expire(bourse: Bourse) -> None:
    bourse.at = NOON - timedelta(hours=4)
    assert codes(bourse.send(bourse.order("steel", "sell", 1, 500))) == ["MarketClosed"]
    bourse.at = NOON
    bourse.send(bourse.order("steel", "sell", 1, 500))
    bourse.at = NOON + timedelta(hours=9)
    assert codes(bourse.send(bourse.order("steel", "sell", 1, 500))) == ["MarketClosed"]
    bourse.at = NOON + timedelta(days=1)
    assert bourse.free("steel") == (59, 0)
    bourse.send(bourse.order("kiln", "buy", 1, 500))
    assert bourse.free("steel") == (60, 0)
    bourse.at = NOON + timedelta(days=5)  # A Saturday.
    assert codes(bourse.send(bourse.order("steel", "sell", 1, 500))) == ["MarketClosed"]
    bourse.is_whole()


def test_a_halt_lasts_until_it_is_ended(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 1, 500))
    halt = ChangePhase(at=bourse.at, phase="halted")
    assert numbers(lambda: bourse.send(halt)) == [3107]
    bourse.send(halt, by="authority")
    assert codes(bourse.send(bourse.order("kiln", "buy", 1, 500))) == ["TradingHalted"]
    bourse.at += timedelta(hours=1)
    assert codes(bourse.send(bourse.order("kiln", "buy", 1, 500))) == ["TradingHalted"]
    bourse.send(ChangePhase(at=bourse.at, phase="continuous"), by="authority")
    assert trades(bourse.send(bourse.order("kiln", "buy", 1, 500))) == [(500, 1)]


def test_a_refused_order_leaves_nothing_behind(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 1, 500))
    before = bourse.land.size()
    answers = bourse.send(
        bourse.order("kiln", "buy", 0, 500),
        bourse.order("kiln", "buy", 1, -1),
        bourse.order("steel", "sell", 1_000, 500),
        bourse.cancel("kiln", "never given"),
    )
    assert all(type(each) is Rejected for told in answers for each in told)
    assert bourse.land.size() == before


def test_a_batch_that_comes_again_is_answered_as_it_was(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 10, 500))
    batch = [
        bourse.order("kiln", "buy", 4, 500),
        bourse.order("kiln", "buy", 10_000, 500),
        bourse.order("kiln", "buy", 8, 490),
    ]
    first = bourse.send(*batch, key="again")
    size = bourse.land.size()
    bourse.restart()
    again = bourse.send(*batch, key="again")
    assert (again[0], again[2]) == (first[0], first[2])
    assert codes(again) == ["RefusedBefore"]
    assert bourse.land.size() == size
    bourse.is_whole()


def test_two_engines_on_one_book_take_turns(bourse: Bourse) -> None:
    other = Bourse(bourse.land)
    bourse.send(bourse.order("steel", "sell", 10, 500))
    assert trades(other.send(other.order("kiln", "buy", 3, 500))) == [(500, 3)]
    assert trades(bourse.send(bourse.order("ana", "buy", 9, 500))) == [(500, 7)]
    other.is_whole()


def test_who_is_shut_out_leaves_the_book(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 10, 500), bourse.order("ana", "buy", 1, 400))
    bourse.land.do(
        operations.change_account,
        bourse.land.number("steel"),
        "restrict",
        reason="a court says so",
        key="shut",
        on="2025-06-02",
        by="administrator",
    )
    assert trades(bourse.send(bourse.order("kiln", "buy", 3, 500))) == []
    assert bourse.free("steel") == (60, 0)
    assert "SourceRestricted" in codes(bourse.send(bourse.order("steel", "sell", 1, 390)))
    bourse.is_whole()


def test_an_order_is_given_in_the_name_of_the_holder(bourse: Bourse) -> None:
    order = bourse.order("steel", "sell", 1, 500, owner="KILN")
    assert codes(bourse.send(order)) == ["OwnerMistaken"]


def test_every_stream_ends_alike_however_it_is_cut_into_batches(each_land: Land) -> None:
    alone, told_alone = _life(Land(MemoryStore()).settle(), batches=1)
    cut, told = _life(each_land, batches=9)
    assert told == told_alone
    assert [cut.has(who) for who in PEOPLE] == [alone.has(who) for who in PEOPLE]
    assert [cut.free(who) for who in PEOPLE] == [alone.free(who) for who in PEOPLE]
    assert len(trades(told)) > 10
    kinds = {type(each) for answer in told for each in answer}
    assert {Accepted, Cancelled, Amended, Traded, Rejected, Triggered} <= kinds


def _life(land: Land, *, batches: int) -> tuple[Bourse, list[tuple[Event, ...]]]:
    """A stream of orders in batches up to a size; now and then everything in memory is lost."""
    chance = Random(batches)  # noqa: S311  no secret
    bourse = Bourse(land)
    for name in PEOPLE:
        bourse.purse.bring(name, "300.00")
    bourse.land.keys = 1_000
    stream, answers = _stream(bourse, Random(20250602), 150), []  # noqa: S311  no secret
    while stream:
        size = chance.randint(1, batches)
        answers += bourse.send(*stream[:size])
        del stream[:size]
        if chance.random() < 0.1:
            bourse.restart()
    bourse.is_whole()
    return bourse, answers


def _stream(bourse: Bourse, chance: Random, count: int) -> list[Message]:
    messages: list[Message] = []
    given = [("steel", "o")]
    for number in range(count):
        match chance.randrange(10):
            case 0:
                messages.append(bourse.cancel(*chance.choice(given[-8:])))
            case 1:
                named = chance.choice(given[-8:])
                messages.append(bourse.amend(*named, order_qty=chance.randint(1, 20)))
            case _:
                who, name = chance.choice(PEOPLE), f"o{number}"
                side: Side = chance.choice(("buy", "sell"))
                near = partial(chance.randint, 95, 105)
                terms = some_terms(chance, side, near, bourse.at.date)
                messages.append(bourse.order(who, side, chance.randint(1, 12), name=name, **terms))
                given.append((who, name))
    return messages
