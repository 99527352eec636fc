"""Why an order is not taken or not changed: one test for each reason, and nothing has changed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from always import always
from auction_law import a_lot
from changed import replace
from tonne.market import Book, InstrumentRules, Message, Rejected
from tonne.refusal import Refused
from tonne.rulebook import Clause, Dated
from trading import BANDED, DAY, REFERENCE, SPOT, amend, book, cancel, codes, order, phase, start


def refused(made: Book, message: Message) -> list[tuple[int, str]]:
    """Number and name of each reason; the book stands as it stood."""
    before = made.state()
    (event,) = made.take(message)
    assert isinstance(event, Rejected)
    assert made.state() == before
    assert all(each.reference == REFERENCE and str(each) for each in event.refusals)
    return [(each.number, each.code) for each in event.refusals]


def test_an_instrument_that_is_not_listed_is_not_traded() -> None:
    rules = InstrumentRules(
        instruments=Dated([Clause(start=DAY, value=(SPOT,), reference=REFERENCE)]),
        auction_lots=always((a_lot().value,)),
    )
    assert rules.instrument("EUA-SPOT", on=DAY) is SPOT
    with pytest.raises(Refused, match=r"\[8000\] 'EUA' is not traded here; there are EUA-SPOT"):
        rules.instrument("EUA", on=DAY)
    with pytest.raises(Refused, match=r"\[8026\] LOT is sold in auctions and has no book"):
        rules.instrument("LOT", on=DAY)


def test_an_auction_sells_a_lot_of_auctions_and_nothing_else() -> None:
    rules = InstrumentRules(
        instruments=Dated([Clause(start=DAY, value=(SPOT,), reference=REFERENCE)]),
        auction_lots=always((a_lot(500).value,)),
    )
    assert rules.auction_lot("LOT", on=DAY).value.lot == 500
    for code in ("EUA-SPOT", "EUA", ""):
        with pytest.raises(
            Refused, match=rf"\[8269\] '{code}' is no lot of auctions; there are LOT"
        ):
            rules.auction_lot(code, on=DAY)


def test_no_two_instruments_have_one_code() -> None:
    same = replace(a_lot().value, code="EUA-SPOT")
    with pytest.raises(ValueError, match="no two instruments have one code: EUA-SPOT, EUA-SPOT"):
        InstrumentRules(
            instruments=Dated([Clause(start=DAY, value=(SPOT,), reference=REFERENCE)]),
            auction_lots=Dated([Clause(start=DAY, value=(same,), reference=REFERENCE)]),
        )


def test_a_price_between_two_ticks_is_refused() -> None:
    coarse = replace(SPOT, tick=Decimal(5))
    assert coarse.ticks_of(Decimal("8.15"), reference=REFERENCE) == (163, ())
    ticks, (why,) = coarse.ticks_of(Decimal("8.12"), reference=REFERENCE)
    assert (ticks, why.number) == (162, 8001)
    assert str(why) == "8.12 is no multiple of 0.05, the tick of EUA-SPOT."


def test_a_part_of_a_lot_is_refused() -> None:
    assert SPOT.lots_of(3_000, reference=REFERENCE) == (3, ())
    lots, (why,) = SPOT.lots_of(3_500, reference=REFERENCE)
    assert (lots, why.number) == (3, 8002)
    assert str(why) == "3,500 units are not whole lots; one of EUA-SPOT is 1,000."


def test_while_trading_is_halted_no_order_is_given_or_changed_but_cancelled() -> None:
    made = book()
    made.take_all([order("a", "sell", 1, 100), phase("halted")])
    assert refused(made, order("b", "buy", 1, 100)) == [(8003, "TradingHalted")]
    assert refused(made, amend("a", price=99)) == [(8003, "TradingHalted")]
    assert codes(made.take(cancel("a"))) == []


def test_outside_the_hours_no_order_is_given_or_changed_but_cancelled() -> None:
    made = book()
    made.take_all([order("a", "sell", 1, 100), phase("closed")])
    assert refused(made, order("b", "buy", 1, 100)) == [(8004, "MarketClosed")]
    assert refused(made, amend("a", price=99)) == [(8004, "MarketClosed")]
    assert codes(made.take(cancel("a"))) == []


@pytest.mark.parametrize("price", [89, 111, 0, -5])
def test_a_price_outside_the_band_is_refused(price: int) -> None:
    made = book(instrument=BANDED, reference_price=100)
    made.take_all([order("x", "buy", 1, 90), order("y", "sell", 1, 110)])
    assert refused(made, order("a", "sell", 1, price)) == [(8005, "OutOfBand")]
    assert refused(made, amend("x", price=price)) == [(8005, "OutOfBand")]


def test_an_order_good_till_yesterday_is_refused() -> None:
    terms: dict[str, Any] = {"time_in_force": "good_till_date"}
    asked = order("a", "sell", 1, 100, expire_date=DAY - timedelta(days=1), **terms)
    assert refused(book(), asked) == [(8006, "OrderExpired")]


def test_after_its_last_trading_day_an_instrument_is_not_traded() -> None:
    made = book(instrument=replace(SPOT, last_trading_day=DAY - timedelta(days=1)))
    assert refused(made, order("a", "sell", 1, 100)) == [(8007, "LastTradingDayPassed")]


def test_a_name_is_given_once_a_day_by_one_owner() -> None:
    made = book()
    made.take_all([order("a", "sell", 1, 100, "x"), cancel("a", "x")])
    assert refused(made, order("a", "sell", 1, 100, "x")) == [(8008, "DuplicateClientOrderId")]
    assert codes(made.take(order("b", "sell", 1, 100, "x"))) == []


def test_an_order_that_is_not_there_is_neither_cancelled_nor_amended() -> None:
    made = book()
    made.take_all([order("a", "sell", 1, 100), order("b", "buy", 1, 100)])
    assert refused(made, cancel("a")) == [(8009, "UnknownOrder")]
    assert refused(made, amend("b", price=3)) == [(8009, "UnknownOrder")]
    assert refused(made, cancel("a", order_id=77)) == [(8009, "UnknownOrder")]


def test_an_order_of_somebody_else_is_neither_cancelled_nor_amended() -> None:
    made = book()
    made.take(order("a", "sell", 1, 100))
    assert refused(made, cancel("b", order_id=1)) == [(8010, "OrderOfAnother")]
    assert refused(made, amend("b", order_id=1, price=3)) == [(8010, "OrderOfAnother")]


def test_an_order_that_may_only_rest_is_refused_where_it_would_trade() -> None:
    made = book()
    made.take_all([order("a", "sell", 1, 100), order("b", "buy", 1, 99, post_only=True)])
    assert refused(made, order("c", "buy", 1, 100, post_only=True)) == [
        (8011, "PostOnlyWouldTrade")
    ]
    assert refused(made, amend("b", price=100)) == [(8011, "PostOnlyWouldTrade")]


def test_a_market_order_without_anybody_on_the_other_side_is_refused() -> None:
    made = book(instrument=BANDED, reference_price=100)
    made.take(order("a", "sell", 1, 100))
    assert refused(made, order("b", "sell", 1)) == [(8012, "NothingToMatch")]


def test_all_or_nothing_is_refused_where_all_is_not_there() -> None:
    made = book()
    made.take_all([order("a", "sell", 5, 100), order("b", "sell", 5, 101)])
    asked = order("c", "buy", 6, 100, time_in_force="fill_or_kill")
    assert refused(made, asked) == [(8013, "FillOrKillNotFillable")]


def test_a_minimum_is_not_above_the_size() -> None:
    made = book()
    made.take(order("a", "sell", 9, 100))
    assert refused(made, order("b", "buy", 5, 100, min_qty=6))[0] == (8014, "MinimumAboveSize")


def test_a_minimum_that_is_not_there_is_refused() -> None:
    made = book()
    made.take(order("a", "sell", 3, 100))
    assert refused(made, order("b", "buy", 5, 100, min_qty=4)) == [(8015, "MinimumNotFillable")]


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        ("limit", {"price": None}),
        ("limit", {"stop_px": 90}),
        ("limit", {"time_in_force": "good_till_date"}),
        ("limit", {"expire_date": DAY}),
        ("limit", {"cash_order_qty": 1}),
        ("limit", {"post_only": True, "min_qty": 1}),
        ("limit", {"post_only": True, "time_in_force": "immediate_or_cancel"}),
        ("market", {"price": 100}),
        ("market", {"price": None, "time_in_force": "good_till_cancel"}),
        ("market", {"price": None, "cash_order_qty": 0}),
        ("market", {"price": None, "post_only": True}),
        ("stop", {"price": None}),
        ("stop", {"price": None, "stop_px": 0}),
        ("stop_limit", {"stop_px": None}),
    ],
)
def test_terms_that_do_not_fit_the_type_of_an_order_are_refused(
    kind: str, terms: dict[str, Any]
) -> None:
    made = book(instrument=BANDED, reference_price=100)
    made.take(order("a", "sell", 9, 101))
    asked = replace(order("b", "buy", 5, 100), ord_type=kind, **terms)
    assert (8016, "OrderTermsDisagree") in refused(made, asked)


def test_a_market_order_to_buy_must_be_bounded() -> None:
    made = book()
    made.take(order("a", "sell", 9, 100))
    assert refused(made, order("b", "buy", 5)) == [(8017, "MarketOrderUnbounded")]


@pytest.mark.parametrize(
    "terms", [{"time_in_force": "fill_or_kill"}, {"post_only": True}, {"min_qty": 1}]
)
def test_in_a_call_nothing_is_at_once(terms: dict[str, Any]) -> None:
    asked = order("a", "buy", 1, 100, **terms)
    assert refused(book("call"), asked) == [(8018, "NotInCall")]


def test_an_order_is_not_amended_below_what_was_traded() -> None:
    made = book()
    made.take_all([order("a", "sell", 5, 100), order("b", "buy", 3, 100)])
    assert refused(made, amend("a", order_qty=3)) == [(8019, "AmendedBelowFilled")]


def test_a_day_begins_after_the_one_before() -> None:
    assert refused(book(), start(DAY)) == [(8020, "DayOutOfOrder")]


@pytest.mark.parametrize("qty", [0, -1])
def test_an_order_of_nothing_is_refused(qty: int) -> None:
    assert refused(book(), order("a", "buy", qty, 100)) == [(8021, "OrderOfNothing")]


def test_an_order_larger_than_allowed_is_refused() -> None:
    made = book()
    made.take(order("a", "buy", 1_000, 100))
    assert refused(made, order("b", "buy", 1_001, 100)) == [(8022, "OrderTooLarge")]
    assert refused(made, amend("a", order_qty=1_001)) == [(8022, "OrderTooLarge")]


def test_a_waiting_stop_alone_has_a_price_to_wait_for() -> None:
    made = book()
    made.take(order("a", "buy", 5, 100))
    made.take(order("s", "sell", 5, ord_type="stop", stop_px=90))
    assert refused(made, amend("a", stop_px=90)) == [(8016, "OrderTermsDisagree")]
    assert refused(made, amend("s", stop_px=0)) == [(8016, "OrderTermsDisagree")]
    assert refused(made, amend("s", price=90)) == [(8016, "OrderTermsDisagree")]


def test_all_reasons_are_told_at_once() -> None:
    made = book("halted", instrument=BANDED, reference_price=100)
    made.take_all([phase("continuous"), order("a", "buy", 1, 100), phase("halted")])
    asked = order("a", "buy", 0, 200, time_in_force="good_till_date")
    assert [number for number, _ in refused(made, asked)] == [8003, 8021, 8005, 8016, 8008]
    assert [each.number for each in made.refusals(asked)] == [8003, 8021, 8005, 8016, 8008]
