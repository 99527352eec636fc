"""Trades of an exchange that are settled days after they were made, and those that fail."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bourse import NOON, Bourse, codes, trades
from land import Land, numbers, with_law
from purse import EUR
from tonne import operations
from tonne.market import CureMethod
from tonne.operations import Settled
from tonne.quantity import Money
from tonne.rulebook import Clause, Dated


@pytest.fixture
def bourse(each_land: Land) -> Bourse:
    """Where units are delivered two days after the trade, ten to a lot, and may be sold short."""
    made = Bourse(each_land, code="EXA-T2")
    for name in ("kiln", "ana"):
        made.purse.bring(name, "1000.00")
    return made


def settle(bourse: Bourse, at: datetime, *, key: str = "") -> Settled:
    bourse.at = at
    return bourse.settle(key=key or bourse.land.key())


def test_a_trade_is_settled_on_its_day_and_held_until_then(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 2, 500))
    assert trades(bourse.send(bourse.order("kiln", "buy", 2, 500))) == [(500, 2)]
    assert bourse.has("kiln") == (50, "1000.00")
    # 20 at 5.00 with 20.00 of tax and a fee of 0.20 are held.
    assert bourse.free("kiln") == (50, 100_000 - 12_020)
    bourse.restart()
    bourse.is_whole()
    assert settle(bourse, NOON + timedelta(1)).trades == ()
    assert bourse.has("kiln") == (50, "1000.00")
    assert settle(bourse, NOON + timedelta(2)) == Settled(trades=(1,), failed=())
    assert bourse.has("kiln") == (70, "879.80")
    assert bourse.has("steel") == (40, "119.80")
    assert bourse.free("kiln") == (70, 87_980)
    bourse.is_whole()


def test_days_on_which_nothing_is_traded_do_not_count(bourse: Bourse) -> None:
    bourse.at = NOON + timedelta(4)  # A Friday: the second trading day after it is a Tuesday.
    bourse.send(bourse.order("steel", "sell", 1, 500), bourse.order("kiln", "buy", 1, 500))
    assert settle(bourse, NOON + timedelta(7)).trades == ()
    assert settle(bourse, NOON + timedelta(8)).trades == (1,)


def test_holidays_of_the_scheme_do_not_count_either(bourse: Bourse) -> None:
    """Of Wednesday, 24 December: Thursday and Friday are Christmas, so it is Tuesday the 30th."""
    eve = datetime(2025, 12, 24, 10, tzinfo=UTC)
    bourse.at = eve
    bourse.send(bourse.order("steel", "sell", 1, 500), bourse.order("kiln", "buy", 1, 500))
    assert settle(bourse, eve + timedelta(5)).trades == ()
    assert settle(bourse, eve + timedelta(6)).trades == (1,)


def test_nothing_is_traded_on_a_holiday_of_the_scheme(bourse: Bourse) -> None:
    bourse.at = datetime(2026, 6, 15, 10, tzinfo=UTC)  # A Monday.
    assert codes(bourse.send(bourse.order("steel", "sell", 1, 500))) == ["MarketClosed"]


def test_what_fails_before_a_weekend_is_tried_again_after_two_working_days(
    bourse: Bourse,
) -> None:
    """Traded on Wednesday and due on Friday, it is tried again on Tuesday."""
    bourse.at = NOON + timedelta(2)
    bourse.send(bourse.order("ana", "sell", 3, 500), bourse.order("kiln", "buy", 3, 500))
    (failed,) = settle(bourse, NOON + timedelta(4)).failed
    assert failed.due == date(2025, 6, 10)


def test_trades_of_a_day_are_netted(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 2, 500), bourse.order("ana", "buy", 2, 500))
    bourse.send(bourse.order("ana", "sell", 2, 600), bourse.order("kiln", "buy", 2, 600))
    before = bourse.land.size()
    assert settle(bourse, NOON + timedelta(2)).trades == (1, 2)
    # One transaction; units once from the steelworks to the kiln, and money between all of them.
    transactions, _ = bourse.land.size()
    assert transactions == before[0] + 1
    assert bourse.land.held("ana") == 0
    assert bourse.land.held("kiln") == 70
    bourse.is_whole()


def test_who_sold_short_and_cannot_deliver_fails_and_has_time(bourse: Bourse) -> None:
    bourse.send(bourse.order("ana", "sell", 3, 500), bourse.order("kiln", "buy", 3, 500))
    (failed,) = settle(bourse, NOON + timedelta(2)).failed
    assert (failed.trade, failed.asset) == (1, "EXA-1")
    assert failed.account == bourse.land.number("ana")
    assert failed.due == date(2025, 6, 6)
    bourse.restart()
    bourse.is_whole()
    bourse.land.transfer(bourse.land.order("steel", "ana", 30), on="2025-06-05")
    assert settle(bourse, NOON + timedelta(4)) == Settled(trades=(1,), failed=())
    assert bourse.land.held("kiln") == 80
    bourse.is_whole()


def test_who_fails_again_pays_what_others_cost_more(bourse: Bourse) -> None:
    bourse.send(bourse.order("ana", "sell", 1, 500), bourse.order("kiln", "buy", 1, 500))
    bourse.send(bourse.order("steel", "sell", 1, 700), bourse.order("kiln", "buy", 1, 700))
    assert settle(bourse, NOON + timedelta(2)).trades == (2,)
    (failed,) = settle(bourse, NOON + timedelta(4)).failed
    # Ten units that were sold at 5.00 cost 7.00 each now.
    assert failed.due is None
    assert failed.paid == Money(7_000 - 5_000, EUR)
    assert bourse.purse.has("ana") == "980.00"
    assert settle(bourse, NOON + timedelta(8)) == Settled(trades=(), failed=())
    bourse.restart()
    bourse.is_whole()


def test_what_can_be_delivered_is_where_the_law_says_so(bourse: Bourse) -> None:
    rules = bourse.land.scheme.settlement
    cure: CureMethod = "partial"
    partial = Dated((Clause(start=date(2025, 1, 1), value=cure, reference="Act"),))
    changed = with_law(
        bourse.land.scheme, "settlement.toml",
        type(rules)(netting=rules.netting, cure=partial, roll_days=rules.roll_days),
    )  # fmt: skip
    bourse.land.scheme = changed
    bourse.restart()
    bourse.land.transfer(bourse.land.order("steel", "ana", 20), on="2025-06-01")
    bourse.send(bourse.order("ana", "sell", 3, 500), bourse.order("kiln", "buy", 3, 500))
    told = settle(bourse, NOON + timedelta(2), key="in part")
    assert told.trades == (1,)
    assert [(each.trade, each.lots, each.settled) for each in told.failed] == [(1, 1, 2)]
    assert settle(bourse, NOON + timedelta(2), key="in part") == told
    assert bourse.land.held("kiln") == 70
    bourse.restart()
    bourse.is_whole()
    bourse.land.transfer(bourse.land.order("steel", "ana", 10), on="2025-06-05")
    assert settle(bourse, NOON + timedelta(4)).trades == (1,)
    assert bourse.land.held("kiln") == 80
    bourse.is_whole()


def test_who_may_not_trade_any_more_fails_and_the_others_are_settled(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 1, 500), bourse.order("kiln", "buy", 1, 500))
    bourse.send(bourse.order("kiln", "sell", 1, 600), bourse.order("ana", "buy", 1, 600))
    bourse.land.do(
        operations.change_account, bourse.land.number("steel"), "suspend", reason="asked", key="s",
        on="2025-06-03", by="administrator",
    )  # fmt: skip
    told = settle(bourse, NOON + timedelta(2))
    assert told.trades == (2,)
    (failed,) = told.failed
    assert (failed.trade, failed.account, failed.asset) == (1, bourse.land.number("steel"), "EXA-1")
    # The second time it is over; who may not pay is asked for nothing.
    (over,) = settle(bourse, NOON + timedelta(4)).failed
    assert (over.due, over.paid) == (None, Money(0, EUR))
    assert (bourse.land.held("kiln"), bourse.land.held("ana")) == (40, 10)
    bourse.restart()
    bourse.is_whole()


def test_a_settlement_that_is_asked_for_again_is_told_as_it_was(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 2, 500), bourse.order("kiln", "buy", 2, 500))
    first = settle(bourse, NOON + timedelta(2), key="once")
    assert first.trades == (1,)
    assert settle(bourse, NOON + timedelta(2), key="once") == first


def test_only_those_who_run_the_market_settle(bourse: Bourse) -> None:
    assert numbers(lambda: bourse.settle(key="x", by="operator")) == [3107]


def test_who_sells_short_is_still_refused_without_money_for_what_he_buys(bourse: Bourse) -> None:
    assert codes(bourse.send(bourse.order("steel", "buy", 1, 500))) == ["NotCovered"]


def test_a_forward_is_settled_on_its_delivery_day_whenever_it_was_traded(each_land: Land) -> None:
    bourse = Bourse(each_land, code="EXA-DEC25")
    bourse.purse.bring("kiln", "1000.00")
    bourse.send(bourse.order("steel", "sell", 1, 500), bourse.order("kiln", "buy", 1, 500))
    bourse.at = NOON + timedelta(1)
    bourse.send(bourse.order("steel", "sell", 1, 600), bourse.order("kiln", "buy", 1, 600))
    # 10 at 5.00 and 10 at 6.00, a fifth more in tax, and a fee of 0.10 each.
    assert bourse.free("kiln") == (50, 100_000 - 6_010 - 7_210)
    assert settle(bourse, datetime(2025, 12, 16, 12, tzinfo=UTC)).trades == ()
    assert settle(bourse, datetime(2025, 12, 17, 12, tzinfo=UTC)).trades == (1, 2)
    assert bourse.has("kiln") == (70, "867.80")
    bourse.at = datetime(2025, 12, 16, 12, tzinfo=UTC)
    assert codes(bourse.send(bourse.order("steel", "sell", 1, 500))) != []
    bourse.is_whole()
