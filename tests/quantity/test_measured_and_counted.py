"""Tonnes are measured, units are counted, and rounding goes by name."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonne.quantity import Mass, MassUnit, Rounding, Tonnes, count, mass, number, places, whole
from tonne.refusal import Refused

LAW = "Commission Regulation (EU) No 389/2013, Annex"
decimals = st.decimals(-(10**12), 10**12, places=6)


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "floor", "ceiling"),
    [
        ("2.5", 3, 2, 2, 3),
        ("3.5", 4, 4, 3, 4),
        ("2.4999999", 2, 2, 2, 3),
        ("-2.5", -3, -2, -3, -2),
        ("7", 7, 7, 7, 7),
        # The allowances for aviation in the EU: 95 % of 221,420,279, rounded down.
        ("210349265.05", 210_349_265, 210_349_265, 210_349_265, 210_349_266),
    ],
)
def test_a_fraction_becomes_whole_as_the_law_names(
    value: str, half_up: int, half_even: int, floor: int, ceiling: int
) -> None:
    assert whole(Decimal(value)) == half_up
    assert [whole(Decimal(value), Rounding[each]) for each in Rounding.__members__] == [
        half_up,
        half_even,
        floor,
        ceiling,
    ]


def test_decimals_are_cut_by_the_same_rules() -> None:
    assert places(Decimal("2.345"), 2) == Decimal("2.35")
    assert places(Decimal("2.345"), 2, Rounding.FLOOR) == Decimal("2.34")
    assert str(places(Decimal(2), 5)) == "2.00000"


@given(decimals)
def test_the_floor_and_the_ceiling_hold_the_number_between_them(value: Decimal) -> None:
    floor, ceiling = whole(value, Rounding.FLOOR), whole(value, Rounding.CEILING)
    assert floor <= value <= ceiling <= floor + 1
    assert whole(value) in (floor, ceiling)


@given(st.lists(decimals, max_size=20))
def test_adding_tonnes_and_taking_them_off_again_loses_nothing(values: list[Decimal]) -> None:
    total = sum(map(Tonnes, values), Tonnes.zero)
    for value in values:
        total -= Tonnes(value)
    assert total == Tonnes.zero


def test_tonnes_stay_exact_where_ordinary_decimals_would_round() -> None:
    fine = Tonnes(Decimal("1e-18"))
    assert (Tonnes(Decimal(10**18)) + fine) - Tonnes(Decimal(10**18)) == fine


def test_tonnes_are_compared_by_their_mass() -> None:
    assert Tonnes(Decimal("1.0")) == Tonnes(Decimal(1)) < Tonnes(Decimal("1.1"))


@pytest.mark.parametrize(
    ("unit", "tonnes"),
    [("t", "1000"), ("kg", "1"), ("short ton", "907.18474"), ("lot of 100 t", "100000")],
)
def test_a_thousand_units_of_mass_are_so_many_tonnes_exactly(unit: str, tonnes: str) -> None:
    assert mass("1000", unit, reference=LAW).tonnes == Decimal(tonnes)


def test_a_short_ton_is_two_thousand_pounds() -> None:
    pound = Decimal("0.45359237")
    assert Mass(Decimal(1), MassUnit.SHORT_TON).tonnes == 2000 * pound / 1000


def test_a_wrong_unit_and_a_bad_number_are_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        mass("-5", "lb", reference=LAW)
    assert [str(each) for each in refused.value.refusals] == [
        "Mass must be a plain number, nothing or more, not '-5'.",
        "'lb' is not a unit of mass; known: t, kg, short ton, lot of 100 t.",
    ]
    assert {each.reference for each in refused.value.refusals} == {LAW}


def test_a_mass_may_be_less_than_nothing_where_the_caller_says_so() -> None:
    assert mass("-5", "t", reference=LAW, signed=True) == Mass(Decimal(-5))


@pytest.mark.parametrize(
    "text", ["", "abc", "1,234", "1e5", "NaN", "inf", "1.", ".5", "1_000", "٣", "9" * 19]
)
def test_only_plain_digits_are_a_measured_number(text: str) -> None:
    with pytest.raises(Refused, match="must be a plain number"):
        number(text, what="Activity", reference=LAW, signed=True)


@pytest.mark.parametrize("text", ["-1", "0", "1.5", "5.0", "", "ten", "1e3", "+1", "1_000", "٣"])
def test_units_are_positive_whole_numbers(text: str) -> None:
    with pytest.raises(Refused, match="Quantity must be a positive whole number") as refused:
        count(text, reference=LAW)
    assert refused.value.refusals[0].reference == LAW


def test_none_is_a_number_of_units_where_none_is_allowed() -> None:
    assert count(" 0 ", reference=LAW, least=0) == 0
    with pytest.raises(Refused, match="a whole number, none or more, not '-1'"):
        count("-1", reference=LAW, least=0)


def test_an_absurdly_long_number_of_units_is_refused_shortly() -> None:
    assert count("9" * 18, reference=LAW) == 10**18 - 1
    with pytest.raises(Refused) as refused:
        count("9" * 10_000_000, reference=LAW)
    assert len(str(refused.value)) < 200


@given(st.integers(1, 10**18 - 1))
def test_a_count_is_read_back_as_it_was_written(units: int) -> None:
    assert count(str(units), reference=LAW) == units
