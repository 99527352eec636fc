"""Sentences about what units are worth that have not come yet."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changed import replace
from tonne.market import (
    Due,
    FixedPrice,
    Forward,
    ForwardAccount,
    Outlook,
    Remedy,
    Upfront,
    discount_factor,
    expected,
    forward_grounds,
    forward_value,
    paid_on_delivery,
    prepaid,
)
from tonne.quantity import Currency, Money, places
from tonne.refusal import Refused

EUR = Currency("EUR")
SIGNED = date(2009, 1, 1)
# Three years of 365 days.
DUE = date(2012, 1, 1)
THREE = Decimal(3)
# Policy question Q9: S = G = 20, T = 3, 8 % compounded once a year, H = 1.25 G.
Q9 = Outlook(
    spot=Decimal(20),
    replacement=Decimal(25),
    delivery=Decimal("0.45"),
    rate=Decimal("0.08"),
    compounding="annual",
)
NONE_YET = ForwardAccount(advance=0)


def contract(minor: Decimal, count: int = 1_000_000) -> Forward:
    return Forward(
        id="F-1",
        buyer="buyer",
        seller="seller",
        unit="CER",
        signed_on=SIGNED,
        schedule=(Due(on=DUE, count=count),),
        price=FixedPrice(minor=minor),
        currency=EUR,
        tick=Decimal(1),
        remedy=Remedy(kind="make_up", trigger=Decimal(1), days=30),
    )


@pytest.mark.parametrize(
    ("delivery", "today", "later"),
    [("0.45", "7.14", "13.89"), ("0.7", "11.11", "17.86"), ("0.9", "14.29", "19.44")],
)
def test_forward_credits_trade_at_the_discounts_of_the_policy_question(
    delivery: str, today: str, later: str
) -> None:
    outlook = replace(Q9, delivery=Decimal(delivery))
    assert places(prepaid(outlook, THREE), 2) == Decimal(today)
    assert places(paid_on_delivery(outlook), 2) == Decimal(later)


def test_where_replacement_costs_no_more_there_is_no_discount() -> None:
    for delivery in ("0.45", "0.7", "0.9"):
        even = replace(Q9, delivery=Decimal(delivery), replacement=Q9.spot)
        assert places(paid_on_delivery(even), 20) == 20


def test_of_potential_deliveries_the_market_expected_less_than_half() -> None:
    # State and Trends of the Carbon Market 2009: 2,932 M to 2012 by the project documents, 1,318 M
    # of it risk-adjusted, which are 45 %. As registered 0.9 and issued 0.5 of the times:
    assert expected(2_932, Decimal("0.9"), Decimal("0.5")) == Decimal("1319.4")


def test_a_rate_is_compounded_by_name() -> None:
    rate = Decimal("0.08")
    # 1 / 1.08^3, e^-0.24, 1 / 1.24
    assert places(discount_factor(rate, THREE, "annual"), 6) == Decimal("0.793832")
    assert places(discount_factor(rate, THREE, "continuous"), 6) == Decimal("0.786628")
    assert places(discount_factor(rate, THREE, "simple"), 6) == Decimal("0.806452")


def test_what_is_paid_for_on_delivery_at_the_fair_price_is_worth_nothing_today() -> None:
    fair = contract(paid_on_delivery(Q9))
    assert forward_value(fair, NONE_YET, Q9, on=SIGNED) == Money(0, EUR)


def test_a_certain_delivery_is_worth_what_it_saves_discounted() -> None:
    # 1,000,000 x (20 - 15) x 0.793832241...
    certain = replace(Q9, delivery=Decimal(1))
    assert forward_value(contract(Decimal(15)), NONE_YET, certain, on=SIGNED).minor == 3_969_161


def test_an_overdue_delivery_is_not_discounted() -> None:
    certain = replace(Q9, delivery=Decimal(1))
    worth = forward_value(contract(Decimal(15)), NONE_YET, certain, on=date(2012, 6, 1))
    assert worth.minor == 5_000_000


def test_what_was_paid_in_advance_need_not_be_paid_again() -> None:
    upfront = Upfront(share=Decimal("0.2"), minor=Decimal(15), recovery="pro_rata")
    forward = replace(contract(Decimal(15)), upfront=upfront)
    certain = replace(Q9, delivery=Decimal(1))
    account = ForwardAccount(advance=forward.advance)
    # 5 + 3 for each of a million; half of them came, and half of the advance was recovered.
    assert forward_value(forward, account, certain, on=DUE).minor == 8_000_000
    half = replace(account, delivered=500_000, recovered=1_500_000)
    assert forward_value(forward, half, certain, on=DUE).minor == 4_000_000


def test_what_has_come_and_what_need_not_come_is_worth_nothing_more() -> None:
    over = ForwardAccount(advance=0, delivered=400_000, forgone=600_000)
    assert forward_value(contract(Decimal(15)), over, Q9, on=SIGNED) == Money(0, EUR)


def test_deliveries_are_discounted_each_from_its_own_day() -> None:
    two = replace(
        contract(Decimal(15)),
        schedule=(Due(on=SIGNED, count=1_000_000), Due(on=DUE, count=1_000_000)),
    )
    certain = replace(Q9, delivery=Decimal(1))
    assert forward_value(two, NONE_YET, certain, on=SIGNED).minor == 5_000_000 + 3_969_161
    # What comes first is taken from what is due first.
    came = replace(NONE_YET, delivered=1_000_000)
    assert forward_value(two, came, certain, on=SIGNED).minor == 3_969_161


def test_what_is_no_probability_is_refused() -> None:
    for delivery in ("0", "1.01", "-0.5"):
        outlook = replace(Q9, delivery=Decimal(delivery))
        with pytest.raises(Refused, match="is no probability of delivery") as no:
            paid_on_delivery(outlook)
        assert isinstance(no.value.refusals[0], forward_grounds.ProbabilityUnfit)


SHARES = st.decimals("0.05", 1, places=2)


@given(SHARES, st.decimals(1, 40, places=2), st.decimals(0, 20, places=2))
def test_the_price_on_delivery_falls_with_the_cost_of_replacement_and_never_by_yield_alone(
    delivery: Decimal, spot: Decimal, dearer: Decimal
) -> None:
    outlook = replace(Q9, delivery=delivery, spot=spot, replacement=spot + dearer)
    found = paid_on_delivery(outlook)
    assert places(found, 9) <= spot
    # p = (G - (1 - pi) H) / pi, said the other way round
    back = delivery * found + (1 - delivery) * (spot + dearer)
    assert places(back, 9) == spot
