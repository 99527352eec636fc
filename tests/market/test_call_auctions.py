"""Call auctions: one price for all, at which most is traded."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from changed import replace
from tonne.market import CallPrice, Cancelled, Traded, Uncrossed, call_price
from trading import BANDED, DAY, SPOT, amend, book, end, kinds, order, phase, start, trades

orders = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 9)), max_size=8)


def test_the_price_is_that_of_the_greatest_volume() -> None:
    # At 100: bought 15, sold 8. At 101: bought 10, sold 17. At 102: bought 10, sold 17.
    found = call_price([(102, 10), (100, 5)], [(99, 8), (101, 9)], reference=None)
    assert found == CallPrice(price=101, qty=10, surplus=-7)


def test_of_prices_with_one_volume_that_with_the_least_surplus_is_taken() -> None:
    # 10 trade from 100 to 103. Bought: 14 to 100, 12 to 101, 10 to 103; sold: 10 all the way.
    found = call_price([(103, 10), (101, 2), (100, 2)], [(99, 10)], reference=100)
    assert found == CallPrice(price=102, qty=10, surplus=0)


def test_where_buyers_are_left_over_the_price_is_the_highest() -> None:
    assert call_price([(103, 12)], [(99, 10)], reference=100) == CallPrice(
        price=103, qty=10, surplus=2
    )


def test_where_sellers_are_left_over_the_price_is_the_lowest() -> None:
    assert call_price([(103, 10)], [(99, 12)], reference=102) == CallPrice(
        price=99, qty=10, surplus=-2
    )


def test_where_nobody_is_left_over_the_price_is_the_one_nearest_to_the_reference() -> None:
    for reference, price in ((101, 101), (90, 99), (110, 103), (None, 101)):
        found = call_price([(103, 10)], [(99, 10)], reference=reference)
        assert found == CallPrice(price=price, qty=10, surplus=0)


def test_where_nobody_meets_there_is_no_price() -> None:
    assert call_price([(99, 10)], [(100, 10)], reference=100) is None
    assert call_price([], [], reference=100) is None


@given(orders, orders, st.none() | st.integers(1, 12))
def test_no_other_price_would_have_traded_more_or_left_less(
    buys: list[tuple[int, int]], sells: list[tuple[int, int]], reference: int | None
) -> None:
    def at(price: int) -> tuple[int, int]:
        bought = sum(qty for limit, qty in buys if limit >= price)
        sold = sum(qty for limit, qty in sells if limit <= price)
        return min(bought, sold), bought - sold

    found = call_price(buys, sells, reference=reference)
    best = max((at(price)[0], -abs(at(price)[1])) for price in range(1, 13))
    if found is None:
        assert best[0] == 0
        return
    assert at(found.price) == (found.qty, found.surplus)
    assert (found.qty, -abs(found.surplus)) == best
    alike = [price for price in range(1, 13) if (at(price)[0], -abs(at(price)[1])) == best]
    if reference is not None and at(alike[0])[1] <= 0 <= at(alike[-1])[1]:
        assert abs(found.price - reference) == min(abs(each - reference) for each in alike)


def test_the_opening_call_trades_at_one_price_and_the_best_come_first() -> None:
    made = book("call", reference_price=100)
    made.take_all(
        [
            order("b1", "buy", 10, 102),
            order("b2", "buy", 5, 100),
            order("s1", "sell", 8, 99),
            order("s2", "sell", 9, 101),
        ]
    )
    assert made.price_of_call() == CallPrice(price=101, qty=10, surplus=-7)
    events = made.take(phase("continuous"))
    assert kinds(events) == ["phase_changed", "uncrossed", "trade", "trade"]
    assert trades(events) == [("b1", "s1", 101, 8), ("b1", "s2", 101, 2)]
    assert all(each.aggressor is None for each in events if isinstance(each, Traded))
    assert (made.depth("buy"), made.depth("sell")) == (((100, 5, 1),), ((101, 7, 1),))
    assert made.last_price == 101


def test_the_closing_call_trades_and_the_day_ends() -> None:
    made = book("call")
    made.take_all([order("b", "buy", 3, 100), order("s", "sell", 5, 100)])
    events = made.take(end())
    assert kinds(events) == ["phase_changed", "uncrossed", "trade", "expired"]


def test_market_orders_wait_for_the_price_of_the_call_and_for_no_other() -> None:
    made = book("call", instrument=BANDED, reference_price=100)
    made.take_all([order("b", "buy", 9), order("s", "sell", 5, 97)])
    events = made.take(phase("continuous"))
    assert trades(events) == [("b", "s", 110, 5)]
    assert [each.reason for each in events if isinstance(each, Cancelled)] == ["no_match"]


def test_an_order_for_at_once_waits_for_the_call_and_then_no_more() -> None:
    made = book("call")
    made.take(order("b", "buy", 9, 100, time_in_force="immediate_or_cancel"))
    (_, gone) = made.take(phase("continuous"))
    assert isinstance(gone, Cancelled)
    assert gone.reason == "immediate_or_cancel"


def test_in_a_call_own_orders_meet_when_they_come_so_none_trade_at_its_end() -> None:
    made = book("call", instrument=replace(SPOT, self_trade="cancel_oldest"))
    made.take(order("a", "sell", 5, 100, "a1"))
    assert kinds(made.take(order("a", "buy", 5, 99, "a2"))) == ["new"]
    assert kinds(made.take(amend("a", "a2", price=100))) == ["replaced", "canceled"]
    assert kinds(made.take(phase("continuous"))) == ["phase_changed"]


def test_a_halt_of_a_call_ends_in_the_price_of_the_call() -> None:
    made = book("call")
    made.take_all([order("b", "buy", 3, 100), order("s", "sell", 3, 100)])
    assert kinds(made.take(phase("halted"))) == ["phase_changed"]
    assert trades(made.take(phase("continuous"))) == [("b", "s", 100, 3)]


def test_orders_left_crossed_by_a_halted_day_meet_at_the_next_opening() -> None:
    made = book("call")
    terms = {"time_in_force": "good_till_cancel"}
    made.take_all([order("b", "buy", 3, 102, **terms), order("s", "sell", 3, 100, **terms)])
    made.take_all([phase("halted"), end(), start(DAY + timedelta(days=1), 101)])
    events = made.take(phase("continuous"))
    assert [each.price for each in events if isinstance(each, Uncrossed)] == [101]
    assert trades(events) == [("b", "s", 101, 3)]


def test_a_stop_reached_by_the_closing_call_comes_at_the_next_opening() -> None:
    made = book("call")
    terms = {"time_in_force": "good_till_cancel"}
    made.take(order("x", "sell", 1, 90, ord_type="stop_limit", stop_px=100, **terms))
    made.take_all([order("b", "buy", 3, 100), order("s", "sell", 3, 100)])
    assert "triggered" not in kinds(made.take(end()))
    made.take(start(DAY + timedelta(days=1)))
    assert kinds(made.take(phase("continuous"))) == ["phase_changed", "triggered"]
    assert made.depth("sell") == ((90, 1, 1),)
