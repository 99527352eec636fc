"""Sentences about what the market says in public."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from always import always
from market_trades import NINE, at, made
from tonne.market import (
    Depth,
    DepthLevel,
    LayeringRule,
    NoSettlementPrice,
    RingRule,
    SettlementMethod,
    SettlementPrice,
    SettlementPriceRule,
    WatchRules,
    average_price,
    candles,
    depth,
    settlement_price,
)
from tonne.refusal import Refused

HOUR = timedelta(hours=1)
ANY: tuple[SettlementMethod, ...] = ("closing_average", "last_quotes", "last_trade")


def law(*methods: SettlementMethod) -> WatchRules:
    price = SettlementPriceRule(methods=methods or ANY, closing_minutes=10, qty_min=5)
    return WatchRules(
        settlement_price=always(price),
        round_trip_minutes=always(10),
        layering=always(LayeringRule(orders_min=3, times=Decimal(5), seconds=30)),
        holding_limit=always(1_000),
        price_band=always(Decimal("0.1")),
        ring=always(RingRule(minutes=60, owners_min=3, borders_min=2, share=Decimal("0.9"))),
    )


def test_a_candle_has_the_first_highest_lowest_and_last_price() -> None:
    trades = [made(1, 5, 100, 2), made(2, 10, 105, 1), made(3, 20, 98, 4), made(4, 59, 99, 1)]
    (candle,) = candles(trades, since=NINE, every=HOUR)
    assert (candle.open, candle.high, candle.low, candle.close) == (100, 105, 98, 99)
    assert (candle.volume, candle.trades, candle.start) == (8, 4, NINE)
    # 200 + 105 + 392 + 99
    assert candle.turnover == 796


def test_an_hour_without_trades_has_no_candle_and_a_new_one_begins_on_the_hour() -> None:
    trades = [made(1, 59, 100, 1), made(2, 180, 101, 1)]
    assert [each.start for each in candles(trades, since=NINE, every=HOUR)] == [NINE, at(180)]


def test_the_average_price_weighs_each_trade_by_its_lots() -> None:
    # (3 x 100 + 1 x 103) / 4
    assert average_price([made(1, 0, 100, 3), made(2, 1, 103, 1)]) == Fraction(403, 4)
    assert average_price([]) is None


def test_the_book_shows_what_rests_by_price_the_best_first() -> None:
    orders = [("buy", 99, 5), ("sell", 102, 1), ("buy", 100, 2), ("buy", 99, 1), ("sell", 101, 7)]
    shown = depth([(side, price, qty) for side, price, qty in orders if side in {"buy", "sell"}])  # type: ignore[misc]
    assert shown.bids == (DepthLevel(100, 2, 1), DepthLevel(99, 6, 2))
    assert shown.offers == (DepthLevel(101, 7, 1), DepthLevel(102, 1, 1))
    assert (shown.bid, shown.offer) == (shown.bids[0], shown.offers[0])
    assert shown.middle == Fraction(201, 2)
    assert depth([("buy", 99, 5), ("buy", 98, 5)], levels=1).bids == (DepthLevel(99, 5, 1),)


def test_a_one_sided_book_has_no_middle() -> None:
    one_sided = depth([("buy", 99, 5)])
    assert (one_sided.offer, one_sided.middle) == (None, None)


CLOSE = at(480)


def test_the_settlement_price_is_the_average_before_the_close() -> None:
    trades = [made(1, 60, 90, 50), made(2, 471, 100, 3), made(3, 479, 101, 3)]
    found = settlement_price(trades, Depth(), law(), close=CLOSE, before=80)
    # (300 + 303) / 6 = 100.5, half a tick up
    assert (found.price, found.method, found.trades) == (101, "closing_average", (2, 3))


def test_of_too_few_lots_at_the_close_the_quotes_are_taken() -> None:
    trades = [made(1, 60, 90, 50), made(2, 471, 100, 4)]
    quotes = depth([("buy", 95, 1), ("sell", 98, 1)])
    found = settlement_price(trades, quotes, law(), close=CLOSE, before=80)
    assert (found.price, found.method, found.trades) == (97, "last_quotes", ())


def test_without_quotes_the_last_trade_settles_if_enough_was_traded_that_day() -> None:
    trades = [made(1, 60, 90, 4), made(2, 61, 92, 1)]
    found = settlement_price(trades, Depth(), law(), close=CLOSE, before=80)
    assert (found.price, found.method, found.trades) == (92, "last_trade", (2,))
    few = settlement_price(trades[:1], Depth(), law(), close=CLOSE, before=80)
    assert few == SettlementPrice(day=date(2009, 6, 1), price=80, method="day_before")


def test_the_methods_are_tried_in_the_order_of_the_law() -> None:
    trades = [made(1, 60, 90, 5), made(2, 479, 100, 5)]
    quotes = depth([("buy", 95, 1), ("sell", 97, 1)])
    first = settlement_price(
        trades, quotes, law("last_quotes", "last_trade"), close=CLOSE, before=1
    )
    assert (first.price, first.method) == (96, "last_quotes")


def test_a_first_day_without_trades_has_no_settlement_price() -> None:
    with pytest.raises(Refused, match="give a price for 2009-06-01") as no:
        settlement_price([], Depth(), law(), close=CLOSE, before=None)
    assert isinstance(no.value.refusals[0], NoSettlementPrice)


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 200), st.integers(1, 50)), max_size=30)
)
def test_candles_have_all_lots_and_the_average_lies_within_them(
    drawn: list[tuple[int, int, int]],
) -> None:
    trades = [made(n, *each) for n, each in enumerate(sorted(drawn))]
    found = candles(trades, since=NINE, every=timedelta(minutes=7))
    assert sum(each.volume for each in found) == sum(trade.qty for trade in trades)
    assert sum(each.trades for each in found) == len(trades)
    assert [each.start for each in found] == sorted({each.start for each in found})
    for each in found:
        assert each.low <= Fraction(each.turnover, each.volume) <= each.high
    average = average_price(trades)
    assert average is None or min(each.low for each in found) <= average
