"""Sentences about money in the law: currencies and fees."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from law import law_of
from tonne.quantity import Currency, Money, NumberUnfit, amount, money, said
from tonne.refusal import Refused
from tonne.registry import (
    DayFees,
    DayRules,
    FeeRate,
    PaymentRules,
    RegistryRules,
    UnitKind,
)

EUR = Currency("EUR")
LAW = "Example Act, s. 21"


def on(day: date) -> DayFees:
    """The fees of a day of the example."""
    rules = law_of("example", "payment.toml", PaymentRules)
    return DayFees(rules.fees.on(day))


def numbers(ask: Callable[[], object]) -> list[int]:
    with pytest.raises(Refused) as no:
        ask()
    return [each.number for each in no.value.refusals]


# 100 units at one cent; 50 euros whatever the count.
def test_a_fee_is_so_much_once_and_so_much_for_each_unit() -> None:
    law = on(date(2025, 1, 1))
    assert law.fee("trade").of(100) == Money(100, EUR)
    assert law.fee("account").of(3) == Money(5000, EUR)
    # 0.005 of a euro for one unit is half a cent, which counts as one.
    half = FeeRate(code="x", name="x", currency="EUR", flat=Decimal(0), per_unit=Decimal("0.005"))
    assert [half.of(count).minor for count in (1, 2, 3)] == [1, 1, 2]


def test_no_fee_is_taken_that_the_law_does_not_have() -> None:
    assert numbers(lambda: on(date(2025, 1, 1)).fee("gift")) == [8703]


def test_a_fee_is_no_less_than_nothing_and_in_money() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        FeeRate(code="x", name="x", currency="EUR", flat=Decimal(-1), per_unit=Decimal(0))
    with pytest.raises(ValueError, match="no currency"):
        FeeRate(code="x", name="x", currency="EUA", flat=Decimal(1), per_unit=Decimal(0))


def test_money_is_a_kind_of_asset_without_period_and_numbers() -> None:
    euro = UnitKind(code="EUR", name="Euro", mass="money")
    assert euro.is_money
    assert not euro.asset.serialised
    for wrong in (
        {"code": "EXA-1", "mass": "t"},
        {"code": "EXA-1", "mass": "money"},
        {"code": "EUR", "mass": "t", "period": "1"},
        {"code": "EUR", "mass": "money", "period": "1"},
        {"code": "EUR", "mass": "money", "series": "EU"},
        {"code": "EUR", "mass": "money", "type_number": 5},
        {"code": "EUR", "mass": "money", "origin": ("party",)},
    ):
        with pytest.raises(ValueError, match=r"money|period"):
            UnitKind(name="x", **wrong)


def test_the_period_of_money_never_ends(example_rules: RegistryRules) -> None:
    day = DayRules.on(example_rules, date(2099, 12, 31))
    assert day.money() == ["EUR"]
    assert date(2099, 12, 31) < day.period_of("EUR").last_day
    assert day.types["trade", "EUR"].timely
    assert not day.types["trade", "EXA-1"].timely
    assert not day.types["deposit", "EUR"].issues


def test_money_is_written_and_read_as_people_do() -> None:
    assert money("1234.56", EUR, reference=LAW) == Money(123456, EUR)
    assert money("7", Currency("JPY"), reference=LAW) == Money(7, Currency("JPY"))
    for wrong in ("0", "0.001", "-5", "1,000", "ten", "1e3", ""):
        with pytest.raises(Refused) as no:
            money(wrong, EUR, reference=LAW)
        assert isinstance(no.value.refusals[0], NumberUnfit)
    assert numbers(lambda: money("7.5", Currency("JPY"), reference=LAW)) == [100]
    assert said("EUR", 123456) == "EUR 1,234.56"
    assert said("EXA-1", 1200) == "1,200 EXA-1"
    assert amount("EUR", 5) == Money(5, EUR)
    assert amount("EXA-1", 5) == 5
