"""What is held while orders live: enough for every trade, and nothing is left when they end."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changed import replace
from order_streams import Stream, instruments
from tonne.market import (
    Accepted,
    Amend,
    Amended,
    Book,
    Conditions,
    Cover,
    Event,
    NewOrder,
    OrderCover,
    Traded,
    cover_after,
    cover_for,
    more_cover,
)
from trading import BANDED, REFERENCE, SPOT, amend, book, order

NOW = Conditions(instrument=SPOT, reference=REFERENCE, phase="continuous")


def test_a_sale_holds_its_units_and_a_purchase_its_money_at_its_limit() -> None:
    assert cover_for(order("a", "sell", 3, 812), NOW).held == Cover(units=3_000)
    # 3 lots of 1,000 at 8.12 are 24,360 euros.
    assert cover_for(order("a", "buy", 3, 812), NOW).held == Cover(money=2_436_000)


def test_a_market_order_to_buy_holds_what_it_says_or_the_edge_of_the_band() -> None:
    banded = book(instrument=BANDED, reference_price=100).conditions
    assert cover_for(order("a", "buy", 2), banded).held == Cover(money=2 * 110 * 1_000)
    told = order("a", "buy", 2, cash_order_qty=5_000)
    assert cover_for(told, banded).held == Cover(money=5_000)


def test_nothing_is_held_where_short_sales_and_credit_are_allowed() -> None:
    free = replace(NOW, instrument=replace(SPOT, short=True, credit=True))
    for each in (order("a", "sell", 3, 812), order("a", "buy", 3, 812)):
        assert cover_for(each, free).held == Cover()


def test_what_a_trade_costs_is_used_and_what_it_saves_is_free() -> None:
    made = book()
    made.take(order("s", "sell", 2, 100))
    asked = order("b", "buy", 3, 110)
    _, traded = made.take(asked)
    change = cover_after(cover_for(asked, NOW), traded, SPOT)
    assert change.used == Cover(money=2 * 100 * 1_000)
    assert change.freed == Cover(money=2 * 10 * 1_000)
    assert change.after.held == Cover(money=110 * 1_000)


def test_money_that_an_order_names_is_held_until_it_ends() -> None:
    made = book()
    made.take(order("s", "sell", 2, 100))
    asked = order("b", "buy", 2, cash_order_qty=250_000)
    _, traded = made.take(asked)
    change = cover_after(cover_for(asked, NOW), traded, SPOT)
    assert (change.used, change.freed) == (Cover(money=200_000), Cover(money=50_000))


@pytest.mark.parametrize(
    ("terms", "more"),
    [
        ({"order_qty": 5}, 2 * 100 * 1_000),
        ({"price": 101}, 3 * 1 * 1_000),
        ({"order_qty": 2}, 0),
        ({"price": 90}, 0),
    ],
)
def test_an_order_that_grows_or_pays_more_needs_more(terms: dict[str, Any], more: int) -> None:
    before = cover_for(order("b", "buy", 3, 100), NOW)
    assert more_cover(before, amend("b", **terms), order_qty=3, now=NOW) == Cover(money=more)


@given(st.integers(0, 10**6), st.sampled_from(instruments()))
def test_what_is_held_is_used_or_freed_and_every_trade_is_paid(
    seed: int, instrument: object
) -> None:
    made = Book(instrument, reference=REFERENCE)  # type: ignore[arg-type]
    held: dict[int, OrderCover] = {}
    for message in Stream(seed).messages(150):
        asked = (
            made.order_id(message.owner, message.cl_ord_id) if isinstance(message, Amend) else None
        )
        now, before = made.conditions, made.order(asked or 0)
        for event in made.take(message):
            if isinstance(event, Accepted):
                assert isinstance(message, NewOrder)
                held[event.order_id] = cover_for(message, now)
            if isinstance(event, Amended):
                assert isinstance(message, Amend)
                assert before is not None
                cover = held[event.order_id]
                more = more_cover(cover, message, order_qty=before.order_qty, now=now)
                held[event.order_id] = replace(cover, held=cover.held + more)
            settle(held, event, made)
    for number, cover in held.items():
        left = made.order(number)
        if left is None:
            assert cover.held == Cover()
        elif left.order.side == "sell":
            assert cover.held == Cover(units=left.leaves_qty * made.conditions.instrument.lot)
        else:
            worst = left.price * left.leaves_qty * made.conditions.instrument.tick_value
            assert cover.held.money >= (worst if left.cash is None else 0)


def settle(held: dict[int, OrderCover], event: Event, made: Book) -> None:
    """What the event makes of what is held."""
    instrument, paid = made.conditions.instrument, []
    numbers = (
        [event.buy_order, event.sell_order]
        if isinstance(event, Traded)
        else [getattr(event, "order_id", 0)]
    )
    for number in (each for each in numbers if each in held):
        before = held[number]
        change = cover_after(before, event, instrument)
        held[number] = change.after
        assert change.used + change.freed + change.after.held == before.held
        assert min(change.freed.units, change.freed.money) >= 0
        assert min(change.after.held.units, change.after.held.money) >= 0
        paid.append(change.used)
    if isinstance(event, Traded):
        units = event.qty * instrument.lot
        money = event.price * event.qty * instrument.tick_value
        assert paid == [Cover(money=money), Cover(units=units)]
