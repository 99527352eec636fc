"""The order book: who trades with whom, at what price, and what becomes of the rest."""

from datetime import timedelta
from typing import Any

import pytest

from changed import replace
from tonne.market import Book, Cancelled, MassCancel, NewOrder, Restated, SelfTrade, Traded
from trading import (
    AT,
    BANDED,
    DAY,
    REFERENCE,
    SPOT,
    amend,
    book,
    cancel,
    end,
    kinds,
    order,
    phase,
    start,
    trades,
)


def test_the_better_price_trades_first_and_then_who_came_first() -> None:
    made = book()
    made.take_all(
        [
            order("late", "sell", 5, 101, "1"),
            order("best", "sell", 5, 100, "2"),
            order("later", "sell", 5, 101, "3"),
        ]
    )
    events = made.take(order("buyer", "buy", 12, 101))
    assert trades(events) == [
        ("buyer", "best", 100, 5),
        ("buyer", "late", 101, 5),
        ("buyer", "later", 101, 2),
    ]
    assert made.depth("sell") == ((101, 3, 1),)


def test_a_seller_who_comes_gets_the_price_of_the_buyer_who_rests() -> None:
    made = book()
    made.take(order("buyer", "buy", 10, 79))
    (_, traded) = made.take(order("seller", "sell", 4, 78))
    assert isinstance(traded, Traded)
    assert (traded.price, traded.aggressor) == (79, "sell")
    assert (traded.buyer, traded.seller) == ("account of buyer", "account of seller")
    assert (traded.buy_order, traded.sell_order) == (1, 2)
    assert (traded.buy_leaves, traded.sell_leaves) == (6, 0)


def test_a_buyer_who_comes_pays_the_price_of_the_seller_who_rests() -> None:
    made = book()
    made.take(order("seller", "sell", 10, 78))
    (_, traded) = made.take(order("buyer", "buy", 4, 79))
    assert isinstance(traded, Traded)
    assert (traded.price, traded.aggressor) == (78, "buy")
    assert (traded.buy_order, traded.sell_order) == (2, 1)
    assert (traded.buy_leaves, traded.sell_leaves) == (0, 6)


def test_a_level_is_swept_though_a_partly_filled_order_on_it_was_cancelled() -> None:
    # The shortest stream that sent another engine into an endless loop.
    made = book()
    events = made.take_all(
        [
            order("a", "sell", 42, 8013),
            order("b", "sell", 40, 8013),
            order("c", "buy", 79, 8013),
            cancel("b"),
            order("d", "buy", 108, 8015),
        ]
    )
    assert trades(events) == [("c", "a", 8013, 42), ("c", "b", 8013, 37)]
    assert made.depth("buy") == ((8015, 108, 1),)
    assert made.depth("sell") == ()


def test_events_are_kept_apart_however_late_they_are_read() -> None:
    made = book()
    first = made.take(order("a", "sell", 1, 100))
    made.take_all(order(f"buyer {n}", "buy", 1, 99) for n in range(50))
    assert kinds(first) == ["new"]


@pytest.mark.parametrize(
    ("mode", "made_trades", "ends", "left"),
    [
        ("cancel_newest", [("a", "b", 100, 5)], [("a2", 10)], ((101, 10, 1),)),
        ("cancel_oldest", [("a", "b", 100, 5), ("a", "c", 102, 5)], [("a1", 10)], ()),
        ("cancel_both", [("a", "b", 100, 5)], [("a1", 10), ("a2", 10)], ()),
        # Ten of fifteen are left when it meets its own ten: both are gone.
        ("decrement", [("a", "b", 100, 5)], [("a1", 10), ("a2", 10)], ()),
    ],
)
def test_orders_of_one_owner_do_not_trade_with_each_other(
    mode: SelfTrade,
    made_trades: list[tuple[str, str, int, int]],
    ends: list[tuple[str, int]],
    left: tuple[tuple[int, int, int], ...],
) -> None:
    made = book()
    made.take_all(
        [
            order("a", "sell", 10, 101, "a1"),
            order("b", "sell", 5, 100),
            order("c", "sell", 5, 102),
        ]
    )
    events = made.take(order("a", "buy", 15, 102, "a2", self_trade=mode))
    assert trades(events) == made_trades
    gone = [(each.cl_ord_id, each.qty) for each in events if isinstance(each, Cancelled)]
    assert gone == ends
    rest = made.depth("sell")
    assert tuple(level for level in rest if level[0] == 101) == left


def test_the_larger_of_two_own_orders_becomes_smaller_by_the_other() -> None:
    made = book()
    made.take(order("a", "sell", 10, 100, "a1"))
    events = made.take(order("a", "buy", 3, 100, "a2", self_trade="decrement"))
    assert kinds(events) == ["new", "restated", "canceled"]
    (restated,) = (each for each in events if isinstance(each, Restated))
    assert (restated.cl_ord_id, restated.order_qty, restated.leaves_qty) == ("a1", 7, 7)


def test_an_order_that_says_nothing_of_its_own_orders_follows_the_instrument() -> None:
    made = book(instrument=replace(SPOT, self_trade="cancel_oldest"))
    made.take(order("a", "sell", 1, 100, "a1"))
    events = made.take(order("a", "buy", 1, 100, "a2"))
    assert [each.cl_ord_id for each in events if isinstance(each, Cancelled)] == ["a1"]
    assert made.depth("buy") == ((100, 1, 1),)


def test_an_owner_has_the_same_orders_in_all_accounts() -> None:
    made = book()
    made.take(order("a", "sell", 1, 100, "a1"))
    other = replace(order("a", "buy", 1, 100, "a2"), account="another account of a")
    assert trades(made.take(other)) == []


def test_no_crossed_book_is_left_where_own_orders_met() -> None:
    made = book()
    made.take_all([order("a", "sell", 1, 40, "a1"), order("b", "sell", 5, 41)])
    made.take(order("a", "buy", 5, 41, "a2", self_trade="cancel_oldest"))
    assert (made.depth("buy"), made.depth("sell")) == ((), ())


def test_stops_of_another_day_wait_on_unless_their_time_is_over() -> None:
    made = book()
    terms: dict[str, Any] = {"ord_type": "stop_limit", "stop_px": 105}
    made.take(order("day", "buy", 1, 106, **terms))
    made.take(order("on", "buy", 1, 106, time_in_force="good_till_cancel", **terms))
    assert [each.exec_type for each in made.take(end())] == ["phase_changed", "expired"]
    assert made.order_id("on", "on") == 2
    assert made.order_id("day", "day") is None


def test_an_order_that_becomes_smaller_keeps_its_turn() -> None:
    made = book()
    made.take_all([order("a", "sell", 5, 100), order("b", "sell", 5, 100)])
    assert kinds(made.take(amend("a", order_qty=3))) == ["replaced"]
    assert trades(made.take(order("c", "buy", 4, 100))) == [("c", "a", 100, 3), ("c", "b", 100, 1)]


@pytest.mark.parametrize("terms", [{"order_qty": 6}, {"price": 99}, {"order_qty": 2, "price": 99}])
def test_an_order_that_grows_or_changes_its_price_goes_to_the_end(terms: dict[str, Any]) -> None:
    made = book()
    made.take_all([order("a", "sell", 5, 100), order("b", "sell", 5, terms.get("price", 100))])
    made.take(amend("a", **terms))
    assert trades(made.take(order("c", "buy", 1, 100)))[0][1] == "b"


def test_an_amended_order_counts_what_of_it_was_traded() -> None:
    made = book()
    made.take_all([order("a", "sell", 5, 100), order("b", "buy", 2, 100)])
    made.take(amend("a", order_qty=4))
    assert made.depth("sell") == ((100, 2, 1),)


def test_an_order_amended_to_a_price_of_the_other_side_trades() -> None:
    made = book()
    made.take_all([order("a", "sell", 5, 101), order("b", "buy", 5, 100)])
    assert trades(made.take(amend("a", price=100))) == [("b", "a", 100, 5)]


def test_a_cancelled_order_trades_no_more() -> None:
    made = book()
    made.take_all([order("a", "sell", 5, 100), order("b", "buy", 2, 100)])
    (gone,) = made.take(cancel("a"))
    assert isinstance(gone, Cancelled)
    assert (gone.qty, gone.cum_qty, gone.reason) == (3, 2, "requested")
    assert trades(made.take(order("c", "buy", 1, 100))) == []


def test_an_order_is_cancelled_by_the_number_of_the_book_too() -> None:
    made = book()
    made.take(order("a", "sell", 5, 100))
    assert kinds(made.take(cancel("a", order_id=1))) == ["canceled"]


def test_all_orders_of_an_owner_or_a_side_are_cancelled_at_once() -> None:
    made = book()
    made.take_all(
        [
            order("a", "sell", 1, 100, "a1"),
            order("b", "sell", 1, 100),
            order("a", "buy", 1, 90, "a2"),
            order("a", "buy", 1, 99, "a3", ord_type="stop_limit", stop_px=120),
        ]
    )
    events = made.take(MassCancel(at=AT, owner="a", side="buy"))
    assert [each.cl_ord_id for each in events if isinstance(each, Cancelled)] == ["a2", "a3"]
    assert kinds(made.take(MassCancel(at=AT, account="account of b"))) == ["canceled"]
    assert kinds(made.take(MassCancel(at=AT))) == ["canceled"]


def test_orders_for_the_day_expire_at_its_end_and_others_when_they_said() -> None:
    made = book()
    till = {"time_in_force": "good_till_date"}
    made.take_all(
        [
            order("day", "buy", 1, 90),
            order("today", "buy", 1, 90, expire_date=DAY, **till),
            order("friday", "buy", 1, 90, expire_date=DAY + timedelta(days=2), **till),
            order("on", "buy", 1, 90, time_in_force="good_till_cancel"),
        ]
    )
    assert kinds(made.take(end())) == ["phase_changed", "expired", "expired"]
    assert kinds(made.take(start(DAY + timedelta(days=1)))) == ["phase_changed"]
    assert kinds(made.take(start(DAY + timedelta(days=5)))) == ["phase_changed", "expired"]
    assert made.depth("buy") == ((90, 1, 1),)


def test_every_order_expires_with_the_last_trading_day() -> None:
    made = book(instrument=replace(SPOT, last_trading_day=DAY))
    made.take(order("on", "buy", 1, 90, time_in_force="good_till_cancel"))
    assert kinds(made.take(end())) == ["phase_changed", "expired"]


def test_an_order_outside_the_band_of_a_new_day_is_cancelled() -> None:
    made = book(instrument=BANDED, reference_price=100)
    made.take(order("low", "buy", 1, 90, time_in_force="good_till_cancel"))
    made.take(order("in", "buy", 1, 99, time_in_force="good_till_cancel"))
    events = made.take(start(DAY + timedelta(days=1), 105))
    assert [each.reason for each in events if isinstance(each, Cancelled)] == ["out_of_band"]
    assert made.depth("buy") == ((99, 1, 1),)


def test_a_name_is_free_again_when_the_order_and_its_day_are_over() -> None:
    made = book()
    made.take_all([order("a", "buy", 1, 90, "x"), cancel("a", "x")])
    made.take_all([start(DAY + timedelta(days=1)), phase("continuous")])
    assert kinds(made.take(order("a", "buy", 1, 90, "x"))) == ["new"]


def test_the_name_of_an_order_that_expired_overnight_is_free_in_the_morning() -> None:
    made = book()
    till = {"time_in_force": "good_till_date", "expire_date": DAY + timedelta(days=1)}
    made.take_all([order("a", "buy", 1, 90, "x", **till), end()])
    made.take_all([start(DAY + timedelta(days=3)), phase("continuous")])
    assert kinds(made.take(order("a", "buy", 1, 90, "x"))) == ["new"]


def test_a_book_made_again_knows_whose_turn_it_is() -> None:
    made = book()
    made.take_all(
        [
            order("stop", "sell", 1, 100, ord_type="stop_limit", stop_px=99),
            order("amended", "sell", 1, 101),
            order("plain", "sell", 1, 100),
            amend("amended", price=100),
            order("last", "sell", 1, 100),
            order("x", "buy", 1, 99),
            order("y", "sell", 1, 99),
        ]
    )
    again = Book.restore(made.state(), instrument=SPOT, reference=REFERENCE)
    turns = [seller for _, seller, *_ in trades(again.take(order("b", "buy", 4, 100)))]
    assert turns == ["plain", "amended", "last", "stop"]


def test_the_depth_is_what_rests_by_price() -> None:
    made = book()
    made.take_all(
        [
            order("a", "buy", 1, 98),
            order("b", "buy", 2, 99),
            order("c", "buy", 3, 99),
            order("d", "sell", 4, 101),
            order("e", "buy", 9, 120, ord_type="stop_limit", stop_px=110),
        ]
    )
    made.take(cancel("b"))
    assert made.depth("buy") == ((99, 3, 1), (98, 1, 1))
    assert made.depth("buy", 1) == ((99, 3, 1),)
    assert made.depth("sell") == ((101, 4, 1),)


def test_an_order_can_be_looked_at_while_it_lives() -> None:
    made = book()
    made.take_all([order("a", "sell", 5, 100), order("b", "buy", 2, 100)])
    shown = made.order(1)
    assert shown is not None
    assert (shown.order_qty, shown.leaves_qty, shown.cum_qty) == (5, 3, 2)
    assert made.order(2) is None
    assert made.last_price == 100


def test_a_queue_does_not_grow_by_orders_that_leave_it() -> None:
    # One waits for ever, and each that leaves stands between others: nothing of them may stay.
    made = Book(SPOT, reference=REFERENCE)
    made.take_all([start(DAY), phase("continuous"), order("first", "buy", 1, 90)])
    for number in range(3_000):
        made.take(order("x", "buy", 1, 90, f"{number}"))
        if number:
            made.take(cancel("x", f"{number - 1}"))
    (level,) = made._matching.bids.levels.values()  # noqa: SLF001  what nobody else sees
    assert len(level.queue) < 50
    assert made.depth("buy") == ((90, 2, 2),)


def test_an_order_says_what_it_is_in_words_of_fix() -> None:
    said = NewOrder(at=AT, account="x", owner="y", cl_ord_id="1", side="buy", order_qty=1, price=5)
    assert (said.ord_type, said.time_in_force, said.min_qty, said.post_only) == (
        "limit",
        "day",
        0,
        False,
    )
