"""What is held while orders live: enough for every trade, and nothing is left when they end."""

from decimal import Decimal
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
    Charges,
    Conditions,
    Cover,
    Instrument,
    NewOrder,
    Traded,
    cover_amended,
    cover_for,
    cover_of,
)
from trading import BANDED, REFERENCE, SPOT, amend, book, order

NOW = Conditions(instrument=SPOT, reference=REFERENCE, phase="continuous")
FREE = Charges()
COSTLY = Charges(fee=30, tax=Decimal("0.2"))


def test_a_sale_holds_its_units_and_a_purchase_its_money_at_its_limit() -> None:
    assert cover_for(order("a", "sell", 3, 812), NOW, FREE) == Cover(units=3_000)
    # 3 lots of 1,000 at 8.12 are 24,360 euros.
    assert cover_for(order("a", "buy", 3, 812), NOW, FREE) == Cover(money=2_436_000)


def test_a_purchase_holds_its_tax_and_fees_too() -> None:
    # A lot at 8.12 costs 8,120.00, a fifth of that in tax, 1,624.00, and 0.30 for its trade.
    assert cover_for(order("a", "buy", 3, 812), NOW, COSTLY).money == 3 * (812_000 + 162_400 + 30)


def test_a_sale_holds_of_its_fee_what_the_price_does_not_bring() -> None:
    cheap = replace(NOW, instrument=replace(SPOT, lot=1))
    # A unit for 0.10 leaves 0.20 of a fee of 0.30 to be paid by the seller, for each of two.
    assert cover_for(order("a", "sell", 2, 10), cheap, COSTLY) == Cover(units=2, money=40)
    assert cover_for(order("a", "sell", 2, 30), cheap, COSTLY) == Cover(units=2, money=0)


def test_a_market_order_to_buy_holds_what_it_says_or_the_edge_of_the_band() -> None:
    banded = book(instrument=BANDED, reference_price=100).conditions
    assert cover_for(order("a", "buy", 2), banded, FREE) == Cover(money=2 * 110 * 1_000)
    told = order("a", "buy", 1, cash_order_qty=5_000)
    assert cover_for(told, banded, FREE) == Cover(money=5_000)
    # The tax on 50.00 is 10.00; the trade costs 0.30.
    assert cover_for(told, banded, COSTLY) == Cover(money=6_030)


def test_nothing_is_held_where_short_sales_and_credit_are_allowed() -> None:
    free = replace(NOW, instrument=replace(SPOT, short=True, credit=True))
    for each in (order("a", "sell", 3, 812), order("a", "buy", 3, 812)):
        assert cover_for(each, free, FREE) == Cover()


def test_after_a_trade_only_what_is_left_is_covered() -> None:
    made = book()
    made.take(order("s", "sell", 2, 100))
    made.take(order("b", "buy", 3, 110))
    left = made.order(2)
    assert left is not None
    assert cover_of(left, SPOT, FREE) == Cover(money=110 * 1_000)


@pytest.mark.parametrize(
    ("terms", "money"),
    [
        ({"order_qty": 5}, 5 * 100 * 1_000),
        ({"price": 101}, 3 * 101 * 1_000),
        ({"order_qty": 2}, 2 * 100 * 1_000),
        ({"price": 90}, 3 * 90 * 1_000),
    ],
)
def test_an_order_that_is_amended_is_covered_as_it_will_be(
    terms: dict[str, Any], money: int
) -> None:
    made = book()
    made.take(order("b", "buy", 3, 100))
    left = made.order(1)
    assert left is not None
    assert cover_amended(left, amend("b", **terms), SPOT, FREE) == Cover(money=money)
    made.take(amend("b", **terms))
    after = made.order(1)
    assert after is not None
    assert cover_of(after, SPOT, FREE) == Cover(money=money)


@given(st.integers(0, 10**6), st.sampled_from(instruments()), st.sampled_from([FREE, COSTLY]))
def test_what_is_held_pays_for_every_trade_and_nothing_is_held_for_nobody(
    seed: int, instrument: Instrument, charges: Charges
) -> None:
    made = Book(instrument, reference=REFERENCE)
    held: dict[int, Cover] = {}
    for message in Stream(seed).messages(150):
        now, amended = made.conditions, None
        if isinstance(message, Amend):
            asked = made.order_id(message.owner, message.cl_ord_id)
            amended = made.order(message.order_id or asked or 0)
        for event in made.take(message):
            if isinstance(event, Accepted):
                assert isinstance(message, NewOrder)
                held[event.order_id] = cover_for(message, now, charges)
            if isinstance(event, Amended):
                assert isinstance(message, Amend)
                assert amended is not None
                held[event.order_id] = cover_amended(amended, message, instrument, charges)
            if isinstance(event, Traded):
                spend(held, event, instrument, charges)
        for number in list(held):
            left = made.order(number)
            need = Cover() if left is None else cover_of(left, instrument, charges)
            assert held[number].units >= need.units
            assert held[number].money >= need.money
            held[number] = need


def spend(held: dict[int, Cover], event: Traded, instrument: Instrument, charges: Charges) -> None:
    """Both sides pay what they owe for a trade out of what is held for their orders."""
    money = event.price * event.qty * instrument.tick_value
    tax = round(money * charges.tax)
    for number, units, paid in (
        (event.buy_order, 0, money + tax + charges.fee * event.qty),
        (event.sell_order, event.qty * instrument.lot, max(0, charges.fee * event.qty - money)),
    ):
        before = held[number]
        held[number] = Cover(units=before.units - units, money=before.money - paid)
        free = instrument.credit if number == event.buy_order else instrument.short
        assert free or min(held[number].units, held[number].money) >= 0
