"""Sentences about settlement: units and money move together, or neither does."""

from typing import Any

import pytest

from changed import replace
from land import Land, desk, numbers, receipt
from purse import ON, Purse, at, euros
from tonne import operations
from tonne.quantity import Currency, Price
from tonne.registry import Answer, TradeRecord

LATER = "2026-08-01"


@pytest.fixture
def purse(each_land: Land) -> Purse:
    """The settled land, in which the steelworks and Ana have EUR 1,000.00 each."""
    found = Purse(each_land)
    for name in ("steel", "ana"):
        found.bring(name, "1000")
    return found


def record(purse: Purse, number: int) -> TradeRecord:
    ((_, found),) = purse.land.run(lambda books: books.trades([number]))
    return found


# 10 units at 20.00 are 200.00; 20 per cent of it are 40.00; a fee of 0.10 each.
def test_units_go_one_way_and_money_the_other_at_once(purse: Purse) -> None:
    done = receipt(purse.settle(purse.trade("kiln", "steel", 10, "20"))[0])
    assert (purse.land.held("steel"), purse.land.held("kiln")) == (70, 40)
    assert (purse.has("steel"), purse.has("kiln")) == ("759.90", "239.90")
    assert purse.has("treasury") == "0.20"
    kept = record(purse, done.number)
    assert (kept.paid, kept.treatment, kept.vat) == (20000, "charged", 4000)
    assert (kept.buyer_country, kept.seller_country) == ("XE", "XE")
    assert (kept.buyer_fee, kept.seller_fee, kept.public, kept.delay) == (10, 10, True, 0)
    story = purse.land.run(lambda books: books.story(done.number))
    assert story is not None
    assert story.transaction.because == (
        "Example Act, s. 6",
        "Example Act, s. 41",
        "Example Act, s. 40",
    )
    purse.is_whole()


def test_numbers_that_are_named_are_those_that_are_delivered(purse: Purse) -> None:
    receipt(purse.settle(purse.trade("kiln", "steel", 5, "1", numbers=(70, 74)))[0])
    assert (70, 74) in purse.land.blocks("steel")
    (answer,) = purse.settle(purse.trade("kiln", "steel", 2, "1", numbers=(1, 2)))
    assert numbers(answer) == [310]
    purse.is_whole()


def test_what_cannot_be_settled_moves_nothing_and_has_every_ground(purse: Purse) -> None:
    before = purse.land.run(lambda books: books.balances("example"))
    # The kiln has no money; it sells more than it has; a free trade has no price.
    for trade, grounds in (
        (purse.trade("steel", "kiln", 1, "1"), [3005]),
        (purse.trade("kiln", "steel", 51, "1"), [3005]),
        (purse.trade("kiln", "steel", 10, "100"), [3005]),
        (purse.trade("kiln", "kiln", 1, "1"), [2508]),
        (purse.trade("kiln", "steel", 1, "0"), [8707]),
        (purse.trade("kiln", "steel", 51, "0", buyer_country="XX"), [8707, 8408, 3005]),
        (purse.trade("kiln", "surrendered", 1, "1"), [1007, 2007, 3005]),
        (purse.trade("kiln", "XE-120-99-0-23", 1, "1"), [1002, 2002, 3005]),
        (purse.trade("kiln", "steel", 1, "1", unit="GAS"), [3006]),
        (purse.trade("kiln", "treasury", 1, "1"), [1007, 2006, 3005]),
        (purse.trade("kiln", "bank", 1, "1"), [1007, 2006]),
    ):
        (answer,) = purse.settle(trade)
        assert set(grounds) <= set(numbers(answer)), trade
    assert numbers(purse.settle(purse.trade("kiln", "steel", 1, "1"), on="2028-05-01")[0]) == [3102]
    assert purse.land.run(lambda books: books.balances("example")) == before
    assert purse.land.run(lambda books: books.trades()) == []


def test_a_currency_that_the_scheme_does_not_keep_settles_nothing(purse: Purse) -> None:
    dollars = Price(minor=at("1").minor, tick=at("1").tick, currency=Currency("USD"))
    trade = replace(purse.trade("kiln", "steel", 1, "1"), price=dollars)
    assert {8706, 8709} <= set(numbers(purse.settle(trade)[0]))


def test_each_trade_of_a_batch_is_decided_on_its_own(purse: Purse) -> None:
    # Ana sells on what she buys in the same batch; the second trade is more than she has.
    answers = purse.settle(
        purse.trade("kiln", "ana", 10, "20"),
        purse.trade("ana", "steel", 11, "20"),
        purse.trade("ana", "steel", 10, "21"),
        purse.trade("ana", "steel", 1, "0"),
    )
    assert [numbers(each) for each in answers] == [[], [3005], [], [8707, 3005]]
    assert (purse.land.held("ana"), purse.land.held("steel")) == (0, 70)
    assert len(purse.land.run(lambda books: books.trades())) == 2
    purse.is_whole()


def test_free_of_payment_only_units_move_and_the_price_is_on_record(purse: Purse) -> None:
    purse.bring("kiln", "1")
    trade = purse.trade("kiln", "ana", 10, "20", free=True, public=False, delay=30)
    done = receipt(purse.settle(trade)[0])
    kept = record(purse, done.number)
    assert (kept.free, kept.paid, kept.public, kept.delay) == (True, 20000, False, 30)
    assert (purse.has("ana"), purse.has("kiln")) == ("999.90", "0.90")
    purse.is_whole()


def test_free_of_payment_a_seller_without_money_still_owes_the_fee(purse: Purse) -> None:
    (answer,) = purse.settle(purse.trade("kiln", "ana", 10, "20", free=True))
    assert numbers(answer) == [3005]
    assert purse.land.held("kiln") == 50


def test_the_tax_follows_the_day_and_where_both_belong(purse: Purse) -> None:
    def vat(on: str, **more: Any) -> tuple[str, int]:  # noqa: ANN401  two countries
        done = receipt(purse.settle(purse.trade("kiln", "steel", 1, "10", **more), on=on)[0])
        found = record(purse, done.number)
        return found.treatment, found.vat

    assert vat("2026-06-30") == ("charged", 200)
    assert vat("2026-07-01") == ("reverse_charge", 0)
    assert vat("2026-07-01", seller_country="XF", buyer_country="XF") == ("charged", 150)
    assert vat("2026-06-30", seller_country="XF") == ("reverse_charge", 0)
    purse.is_whole()


def test_a_fee_that_both_sides_know_takes_the_place_of_the_laws(purse: Purse) -> None:
    trade = purse.trade("kiln", "steel", 10, "1", buyer_fee=euros("2"), seller_fee=euros("0"))
    receipt(purse.settle(trade)[0])
    assert purse.has("treasury") == "2.00"


def test_the_same_trade_sent_again_on_a_day_of_other_law_is_the_same(purse: Purse) -> None:
    trade = purse.trade("kiln", "steel", 10, "1", key="once")
    first = receipt(purse.settle(trade)[0])
    again, third = (receipt(each) for each in purse.settle(trade, trade, on=LATER))
    assert (again.number, again.repeated) == (third.number, third.repeated) == (first.number, True)
    for other in (
        replace(trade, count=11),
        replace(trade, price=at("1.01")),
        replace(trade, buyer=purse.land.number("ana")),
        replace(trade, free=True),
        replace(trade, public=False),
        replace(trade, delay=5),
        replace(trade, seller_country="XF"),
        replace(trade, buyer_fee=euros("1")),
        purse.trade("kiln", "steel", 10, "1", key="once", numbers=(61, 70)),
    ):
        for on in (ON, LATER):
            assert 9001 in numbers(purse.settle(other, on=on)[0]), other
    assert len(purse.land.run(lambda books: books.trades())) == 1
    purse.is_whole()


def test_two_of_one_key_in_a_batch_are_settled_once(purse: Purse) -> None:
    trade = purse.trade("kiln", "steel", 10, "1", key="once")
    first, second, third = purse.settle(trade, trade, replace(trade, public=False))
    assert receipt(first).number == receipt(second).number
    assert receipt(second).repeated
    assert numbers(third) == [9001]
    purse.is_whole()


# Kiln sells Ana 10 at 20 and Steel 5 at 20; Ana sells Steel 8 at 21. Net: the kiln gives 15, Ana
# gets 2, Steel gets 13. Abroad no tax is charged, and each side pays a cent a unit.
def test_of_trades_that_are_netted_everybody_gives_or_gets_the_difference(purse: Purse) -> None:
    away: dict[str, Any] = {"seller_country": "XF"}
    trades = [
        purse.trade("kiln", "ana", 10, "20", **away),
        purse.trade("kiln", "steel", 5, "20", **away),
        purse.trade("ana", "steel", 8, "21", **away),
    ]
    done = purse.net(*trades, key="net")
    assert [purse.land.held(name) for name in ("kiln", "ana", "steel")] == [35, 2, 73]
    # Kiln 300 - 0.15; Ana 1000 - 200 + 168 - 0.18; Steel 1000 - 100 - 168 - 0.13.
    assert [purse.has(name) for name in ("kiln", "ana", "steel")] == ["299.85", "967.82", "731.87"]
    assert purse.has("treasury") == "0.46"
    steps = purse.land.run(lambda books: books.steps(transaction=done.number))
    assert len([step for step in steps if step.asset == "EUR"]) == 3
    assert len(purse.land.run(lambda books: books.trades([done.number]))) == 3
    again = purse.net(*trades, key="net", on=LATER)
    assert (again.number, again.repeated) == (done.number, True)
    assert numbers(lambda: purse.net(*trades[:2], key="net")) == [9001]
    other = replace(trades[0], public=False)
    assert numbers(lambda: purse.net(other, *trades[1:], key="net")) == [9001]
    purse.is_whole()


def test_trades_that_are_netted_stand_together_or_not_at_all(purse: Purse) -> None:
    good = purse.trade("kiln", "steel", 5, "1")
    named = purse.trade("kiln", "steel", 2, "1", numbers=(61, 62))
    assert numbers(lambda: purse.net(good, named)) == [8708]
    assert numbers(lambda: purse.net(good, purse.trade("steel", "kiln", 1, "0"))) == [8707]
    assert numbers(lambda: purse.net(good, purse.trade("kiln", "steel", 46, "1"))) == [3005]
    none: dict[str, Any] = {
        "buyer_fee": euros("0"),
        "seller_fee": euros("0"),
        "seller_country": "XF",
    }
    there = purse.trade("kiln", "steel", 5, "1", **none)
    back = purse.trade("steel", "kiln", 5, "1", **none)
    assert numbers(lambda: purse.net(there, back)) == [8710]
    assert purse.land.run(lambda books: books.trades()) == []


@pytest.mark.parametrize("lacking", ["payment.toml", "vat.toml"])
def test_a_trade_in_a_scheme_without_law_on_fees_or_tax_is_refused(
    purse: Purse, lacking: str
) -> None:
    laws = {file: law for file, law in purse.land.scheme.laws.items() if file != lacking}
    poor = Purse(replace(purse.land, scheme=replace(purse.land.scheme, laws=laws)))
    assert numbers(lambda: poor.settle(poor.trade("kiln", "steel", 1, "1"))) == [9003]


def test_a_dry_run_of_a_trade_tells_every_check(purse: Purse) -> None:
    told: list[operations.Answer] = []
    asked = replace(desk(ON, "operator"), told=told)
    purse.land.run(
        lambda books: operations.settle(
            books,
            purse.land.scheme,
            [purse.trade("kiln", "steel", 1, "0"), purse.trade("kiln", "steel", 1, "1")],
            desk=asked,
        ),
        keep=False,
    )
    by_number = [(each.number, each.passed) for each in told]  # type: ignore[union-attr]
    assert (8707, False) in by_number
    assert (8707, True) in by_number
    assert by_number.count((3103, True)) == 2


def test_history_lists_of_a_trade_what_was_asked_of_it(land: Land) -> None:
    purse = Purse(land)
    purse.bring("kiln", "1000.00")
    told: list[Answer] = []
    trade = purse.trade("steel", "kiln", 5, "20.00", numbers=(1, 5))
    asked = replace(desk(ON, "operator"), told=told)
    (settled,) = land.run(lambda books: operations.settle(books, land.scheme, [trade], desk=asked))
    receipt(settled)
    found = land.run(lambda books: operations.history(books, serial="EX-1-1", scheme=land.scheme))
    listed = found.checks[found.steps[-1].transaction]
    assert {(each.number, each.sentence) for each in listed} == {
        (each.number, each.sentence) for each in told
    }
    assert {8408, 8706, 8707, 8709} <= {each.number for each in listed}
