"""Orders that are more than a limit: for at once, all or nothing, market orders and stops."""

from typing import Any

import pytest

from tonne.market import Cancelled
from trading import BANDED, book, codes, kinds, order, trades


def test_what_does_not_trade_at_once_is_cancelled_if_so_asked() -> None:
    made = book()
    made.take(order("a", "sell", 3, 100))
    terms = {"time_in_force": "immediate_or_cancel"}
    events = made.take(order("b", "buy", 5, 100, **terms))
    assert trades(events) == [("b", "a", 100, 3)]
    last = events[-1]
    assert isinstance(last, Cancelled)
    assert (last.qty, last.cum_qty, last.reason) == (2, 3, "immediate_or_cancel")
    assert made.depth("buy") == ()


def test_all_or_nothing_takes_all_from_several_prices() -> None:
    made = book()
    made.take_all([order("a", "sell", 3, 100), order("b", "sell", 3, 101)])
    events = made.take(order("c", "buy", 6, 101, time_in_force="fill_or_kill"))
    assert trades(events) == [("c", "a", 100, 3), ("c", "b", 101, 3)]


def test_all_or_nothing_that_is_refused_leaves_even_own_orders_alone() -> None:
    made = book()
    made.take(order("a", "sell", 3, 100, "a1"))
    asked = order(
        "a", "buy", 3, 100, "a2", time_in_force="fill_or_kill", self_trade="cancel_oldest"
    )
    assert codes(made.take(asked)) == ["FillOrKillNotFillable"]
    assert made.depth("sell") == ((100, 3, 1),)


def test_a_minimum_is_traded_at_once_and_the_rest_waits() -> None:
    made = book()
    made.take(order("a", "sell", 4, 100))
    assert trades(made.take(order("b", "buy", 9, 100, min_qty=4))) == [("b", "a", 100, 4)]
    assert made.depth("buy") == ((100, 5, 1),)


def test_a_market_order_takes_what_there_is_within_the_band() -> None:
    made = book(instrument=BANDED, reference_price=100)
    made.take_all([order("a", "sell", 2, 100), order("b", "sell", 2, 110)])
    events = made.take(order("c", "buy", 5))
    assert trades(events) == [("c", "a", 100, 2), ("c", "b", 110, 2)]
    last = events[-1]
    assert isinstance(last, Cancelled)
    assert (last.qty, last.reason) == (1, "no_match")


def test_a_market_order_spends_no_more_than_it_says() -> None:
    # A lot is 1,000 units and a tick one cent: at 100 ticks a lot costs 100,000 cents.
    made = book()
    made.take_all([order("a", "sell", 2, 100), order("b", "sell", 5, 110)])
    events = made.take(order("c", "buy", 9, cash_order_qty=430_000))
    assert trades(events) == [("c", "a", 100, 2), ("c", "b", 110, 2)]
    last = events[-1]
    assert isinstance(last, Cancelled)
    assert (last.qty, last.reason) == (5, "cash")


def test_a_stop_waits_for_a_trade_at_its_price() -> None:
    made = book()
    made.take(order("s", "buy", 1, ord_type="stop", stop_px=105, cash_order_qty=200_000))
    made.take_all(
        [order("a", "sell", 1, 104), order("b", "sell", 1, 105), order("c", "sell", 1, 106)]
    )
    assert "triggered" not in kinds(made.take(order("d", "buy", 1, 104)))
    events = made.take(order("e", "buy", 1, 105))
    assert kinds(events) == ["new", "trade", "triggered", "trade"]
    assert trades(events) == [("e", "b", 105, 1), ("s", "c", 106, 1)]


def test_stops_come_in_the_order_in_which_the_price_reached_them() -> None:
    made = book()
    for name, stop in (("far", 97), ("near", 99), ("next", 98), ("too", 98)):
        made.take(order(name, "sell", 1, 90, ord_type="stop_limit", stop_px=stop))
    made.take_all([order("a", "buy", 1, 100), order("b", "sell", 1, 100)])
    made.take_all([order("c", "buy", 1, 97), order("d", "buy", 4, 95)])
    events = made.take(order("e", "sell", 1, 97))
    assert trades(events) == [
        ("c", "e", 97, 1),
        ("d", "near", 95, 1),
        ("d", "next", 95, 1),
        ("d", "too", 95, 1),
        ("d", "far", 95, 1),
    ]


def test_a_stop_whose_price_was_traded_last_does_not_wait() -> None:
    made = book()
    made.take_all([order("a", "sell", 1, 100), order("b", "buy", 1, 100)])
    events = made.take(order("s", "sell", 1, 99, ord_type="stop_limit", stop_px=100))
    assert kinds(events) == ["new", "triggered"]
    assert made.depth("sell") == ((99, 1, 1),)


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"time_in_force": "fill_or_kill"}, "fill_or_kill"),
        ({"min_qty": 2}, "minimum"),
        ({"cash_order_qty": 100}, "no_match"),
    ],
)
def test_a_stop_that_cannot_do_what_it_must_ends_when_it_is_reached(
    terms: dict[str, Any], reason: str
) -> None:
    made, price = book(), None if "cash_order_qty" in terms else 100
    kind = "stop" if price is None else "stop_limit"
    made.take(order("s", "buy", 3, price, ord_type=kind, stop_px=100, **terms))
    made.take(order("a", "sell", 2, 100))
    events = made.take(order("b", "buy", 1, 100))
    assert kinds(events) == ["new", "trade", "triggered", "canceled"]
    assert [each.reason for each in events if isinstance(each, Cancelled)] == [reason]
