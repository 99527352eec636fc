"""What an agent traded on the exchange is given to the clients it was for, before it is settled."""

from datetime import timedelta

import pytest

from bourse import NOON, Bourse
from land import Land, numbers
from tonne.operations import BookTrade, Settled
from tonne.refusal import Refused


@pytest.fixture
def bourse(each_land: Land) -> Bourse:
    """The kiln has bought 30 at 5.00 of the steelworks; they are settled two days later."""
    each_land.open("bea", 10, kind="person")
    made = Bourse(each_land, code="EXA-T2")
    for name in ("kiln", "ana", "bea"):
        made.purse.bring(name, "1000.00")
    made.send(made.order("steel", "sell", 3, 500), made.order("kiln", "buy", 3, 500))
    return made


def due(bourse: Bourse, days: int = 2) -> Settled:
    bourse.at = NOON + timedelta(days)
    return bourse.settle(key=bourse.land.key())


def sides(bourse: Bourse, parts: tuple[BookTrade, ...]) -> list[tuple[str, str, int, int]]:
    names = {number: name for name, number in bourse.land.accounts.items()}
    return [
        (names[each.traded.seller], names[each.traded.buyer], each.left, each.traded.price)
        for each in parts
    ]


def test_clients_get_and_pay_what_their_agent_bought_for_them(bourse: Bourse) -> None:
    parts = bourse.allocate(1, "kiln", ("ana", 20), ("bea", 10)).parts
    assert sides(bourse, parts) == [("steel", "ana", 2, 500), ("steel", "bea", 1, 500)]
    # The kiln holds nothing any more. 20 at 5.00, a fifth more in tax, and a fee of 0.01 each.
    assert bourse.free("kiln") == (50, 100_000)
    assert bourse.free("ana") == (0, 100_000 - 12_020)
    bourse.restart()
    bourse.is_whole()
    assert due(bourse) == Settled(trades=(1,), failed=())
    assert bourse.has("kiln") == (50, "1000.00")
    assert bourse.has("ana") == (20, "879.80")
    assert bourse.has("bea") == (10, "939.90")
    assert bourse.has("steel") == (30, "179.70")
    bourse.restart()
    bourse.is_whole()
    assert due(bourse, 3) == Settled(trades=(), failed=())


def test_both_sides_may_have_clients_and_an_agent_may_keep_a_part(bourse: Bourse) -> None:
    bourse.land.transfer(bourse.land.order("steel", "bea", 20), on="2025-06-01")
    bourse.allocate(1, "steel", ("bea", 20), ("steel", 10))
    parts = bourse.allocate(1, "kiln", ("ana", 10), ("kiln", 20)).parts
    assert sides(bourse, parts) == [
        ("bea", "ana", 1, 500), ("bea", "kiln", 1, 500), ("steel", "kiln", 1, 500),
    ]  # fmt: skip
    bourse.restart()
    bourse.is_whole()
    assert due(bourse).trades == (1,)
    assert [bourse.land.held(each) for each in ("ana", "kiln", "bea", "steel")] == [10, 70, 0, 30]
    bourse.is_whole()


def test_the_part_of_a_client_fails_and_is_cured_by_itself(bourse: Bourse) -> None:
    bourse.allocate(1, "steel", ("bea", 10), ("steel", 20))  # It may be sold short.
    told = due(bourse)
    assert told.trades == (1,)
    (failed,) = told.failed
    assert (failed.account, failed.lots) == (bourse.land.number("bea"), 1)
    assert bourse.land.held("kiln") == 70
    bourse.restart()
    bourse.is_whole()
    bourse.land.transfer(bourse.land.order("steel", "bea", 10), on="2025-06-05")
    assert due(bourse, 4) == Settled(trades=(1,), failed=())
    assert bourse.land.held("kiln") == 80
    bourse.is_whole()


def test_an_allocation_that_is_asked_for_again_is_told_as_it_was(bourse: Bourse) -> None:
    first = bourse.allocate(1, "kiln", ("ana", 30), key="once")
    assert bourse.allocate(1, "kiln", ("ana", 30), key="once") == first
    assert numbers(lambda: bourse.allocate(1, "kiln", ("bea", 30), key="once")) == [9001]
    bourse.is_whole()


@pytest.fixture
def twice(bourse: Bourse) -> Bourse:
    """The kiln has bought 20 more of the steelworks, at 5.30."""
    bourse.send(bourse.order("steel", "sell", 2, 530), bourse.order("kiln", "buy", 2, 530))
    return bourse


# 30 at 5.00 and 20 at 5.30 are 256.00, so 20 cost 102.40, and 30 cost 153.60. Ana's 20 are of the
# first, for 100.00 and 20.00 tax; bea's are 10 of it and the others: 156.00 and 31.20 tax.
def test_clients_pay_the_average_of_several_trades(twice: Bourse) -> None:
    given = twice.allocate((1, 2), "kiln", ("ana", 20), ("bea", 30), key="once")
    assert sides(twice, given.parts) == [
        ("steel", "ana", 2, 500), ("steel", "bea", 1, 500), ("steel", "bea", 2, 530),
    ]  # fmt: skip
    assert [(each.count, each.money) for each in given.clients] == [(20, 10_240), (30, 15_360)]
    assert (twice.has("ana"), twice.has("bea")) == ((0, "997.60"), (0, "1002.40"))
    assert twice.free("kiln") == (50, 100_000)
    assert twice.allocate((1, 2), "kiln", ("ana", 20), ("bea", 30), key="once") == given
    twice.restart()
    twice.is_whole()
    assert due(twice) == Settled(trades=(1, 2), failed=())
    # And a fee of 0.01 each.
    assert (twice.has("ana"), twice.has("bea")) == ((20, "877.40"), (30, "814.90"))
    twice.restart()
    twice.is_whole()


# 5 lots of 10 for 40 and 60 wanted.
def test_what_was_traded_of_what_clients_wanted_is_shared_out(twice: Bourse) -> None:
    given = twice.allocate((2, 1), "kiln", ("bea", 60), ("ana", 40), pro_rata=True)
    assert [(each.count, each.money) for each in given.clients] == [(30, 15_360), (20, 10_240)]
    twice.is_whole()


def test_what_was_bought_and_what_was_sold_is_not_averaged(twice: Bourse) -> None:
    twice.send(twice.order("ana", "buy", 1, 540), twice.order("kiln", "sell", 1, 540))
    assert refused(twice, ("bea", 60), trade=(1, 2, 3)) == "SidesDiffer"
    assert refused(twice, ("ana", 30), trade=(1, 9)) == "TradeNotWaiting"


def test_a_client_has_what_the_average_costs_beside_the_trade(twice: Bourse) -> None:
    twice.land.open("carl", 11, kind="person")
    twice.purse.bring("carl", "122.59")
    clients = (("carl", 20), ("bea", 30))
    assert refused(twice, *clients, trade=(1, 2)) == "NotCovered"
    twice.purse.bring("carl", "0.01")
    twice.allocate((1, 2), "kiln", *clients)
    assert twice.free("carl") == (0, 0)
    twice.is_whole()


def refused(
    bourse: Bourse,
    *clients: tuple[str, int],
    who: str = "kiln",
    trade: int | tuple[int, ...] = 1,
) -> str:
    """Why not, by name; and nothing was written."""
    before = bourse.land.size()
    with pytest.raises(Refused) as no:
        bourse.allocate(trade, who, *clients)
    assert bourse.land.size() == before
    bourse.is_whole()
    return " ".join(each.code for each in no.value.refusals)


def test_the_parts_sum_to_the_trade(bourse: Bourse) -> None:
    for clients in ((("ana", 20),), (("ana", 20), ("bea", 20)), (("ana", 40), ("bea", -10))):
        assert refused(bourse, *clients) == "AllocationUnequal"


def test_a_client_gets_whole_lots(bourse: Bourse) -> None:
    assert refused(bourse, ("ana", 15), ("bea", 15)) == "OddLot"


def test_a_client_is_named_once(bourse: Bourse) -> None:
    assert "ClientNamedTwice" in refused(bourse, ("ana", 10), ("ana", 20))


def test_the_other_side_is_no_client(bourse: Bourse) -> None:
    assert refused(bourse, ("steel", 30)) == "PartiesNotApart"


def test_only_a_trade_that_waits_is_given_to_clients(bourse: Bourse) -> None:
    assert refused(bourse, ("ana", 30), trade=2) == "TradeNotWaiting"
    due(bourse)
    assert refused(bourse, ("ana", 30)) == "TradeNotWaiting"


def test_only_who_traded_gives_it_to_clients_and_only_once(bourse: Bourse) -> None:
    assert refused(bourse, ("ana", 30), who="bea") == "NoSideOfTrade"
    bourse.allocate(1, "kiln", ("ana", 30))
    assert refused(bourse, ("bea", 30)) == "NoSideOfTrade"


def test_a_client_has_what_the_trade_costs(bourse: Bourse) -> None:
    bourse.land.open("carl", 11, kind="person")
    assert refused(bourse, ("carl", 30)) == "NotCovered"


def test_a_client_may_trade(bourse: Bourse) -> None:
    bourse.land.accounts["nobody"] = "XE-100-99-0"
    assert refused(bourse, ("nobody", 30)) == "SourceDoesNotExist"


def test_only_those_whom_the_law_names_give_trades_to_clients(bourse: Bourse) -> None:
    assert numbers(lambda: bourse.allocate(1, "kiln", ("ana", 30), by="authority")) == [3107]
