"""Money in its smallest unit, prices on their tick, and stretches of days."""

from datetime import date
from decimal import Decimal

import iso4217
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonne.quantity import Currency, Money, Period, Rounding, currency, price
from tonne.refusal import Refused

EUR, JPY = Currency("EUR"), Currency("JPY")
CENT = Decimal("0.01")
CODES = ["EUR", "GBP", "USD", "JPY", "CAD", "AUD", "NZD", "CHF", "SEK", "NOK", "NPR", "IRR"]


@pytest.mark.parametrize("code", [*CODES, "KRW", "CNY"])
def test_a_currency_has_the_digits_of_iso_4217(code: str) -> None:
    digits = iso4217.Currency(code).exponent
    assert digits is not None
    assert Money.of(Decimal(1), currency(code, reference="ISO 4217")).minor == 10**digits


def test_an_unknown_currency_is_refused_with_those_known() -> None:
    with pytest.raises(Refused, match=r"'EUX' is not a currency; known: .*EUR"):
        currency("EUX", reference="ISO 4217")


def test_a_penalty_of_40_euro_is_written_in_cents() -> None:
    # Directive 2003/87/EC, Article 16(4): 7,500 tonnes missing x EUR 40.
    penalty = Money.of(Decimal("40.00"), EUR) * 7_500
    assert penalty == Money(30_000_000, EUR)
    assert str(penalty) == "EUR 300,000.00"
    assert penalty.amount == Decimal(300_000)


def test_money_without_a_smaller_unit_is_written_without_a_point() -> None:
    assert str(Money.of(Decimal(-1500), JPY)) == "JPY -1,500"


def test_a_part_of_a_cent_is_rounded_by_name() -> None:
    assert Money.of(Decimal("0.005"), EUR) == Money(1, EUR)
    assert Money.of(Decimal("0.005"), EUR, Rounding.FLOOR) == Money(0, EUR)


def test_money_of_two_currencies_is_never_mixed() -> None:
    with pytest.raises(AssertionError):
        Money(1, EUR) + Money(1, JPY)
    with pytest.raises(AssertionError):
        Money(1, EUR) - Money(1, JPY)


@given(st.integers(), st.integers())
def test_money_added_and_taken_off_again_is_as_before(one: int, other: int) -> None:
    assert Money(one, EUR) + Money(other, EUR) - Money(other, EUR) == Money(one, EUR)


def test_a_price_times_a_count_is_money() -> None:
    assert price("24.35", EUR, tick=CENT, reference="market rules").times(1000) == Money(
        2_435_000, EUR
    )


def test_a_tick_finer_than_a_cent_rounds_once_at_the_end() -> None:
    # 3 x 0.125 cent = 0.375 cent, which is no whole cent; 1000 x 0.125 = 125 cents.
    fine = price("0.00125", EUR, tick=Decimal("0.00005"), reference="market rules")
    assert fine.times(3) == Money(0, EUR)
    assert fine.times(3, Rounding.CEILING) == Money(1, EUR)
    assert fine.times(1000) == Money(125, EUR)


def test_a_price_off_its_tick_is_refused() -> None:
    with pytest.raises(Refused, match=r"Price must be a multiple of the tick, 0.01, not '24.355'"):
        price("24.355", EUR, tick=CENT, reference="market rules")


def test_a_price_less_than_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="Price must be a plain number, nothing or more"):
        price("-1", EUR, tick=CENT, reference="market rules")


def test_a_period_holds_its_first_and_its_last_day() -> None:
    phase = Period(first=date(2005, 1, 1), last=date(2007, 12, 31))
    assert date(2005, 1, 1) in phase
    assert date(2007, 12, 31) in phase
    assert date(2008, 1, 1) not in phase


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(AssertionError):
        Period(first=date(2008, 1, 1), last=date(2007, 12, 31))
