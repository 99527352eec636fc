"""Sentences about pooled funds whose money and units are in the books."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bargains import Bargain
from land import Land, numbers
from purse import euros
from tonne.market import Due, Forward, IndexedPrice
from tonne.operations import funds

EARLY = "2025-09-01"


@pytest.fixture
def bargain(each_land: Land) -> Bargain:
    """Three people with money, and a fund that has an account."""
    each_land.open("pool", 10, kind="person")
    made = Bargain(each_land)
    for name in ("steel", "kiln", "ana"):
        made.bring(name, "200.00")
    made.open_fund()
    return made


def pay_in(bargain: Bargain, name: str, amount: str, **more: Any) -> Any:  # noqa: ANN401
    number = bargain.land.number(name)
    return bargain.fund("contribute", participant=number, money=euros(amount), **more)


def erpa(bargain: Bargain, **more: Any) -> Forward:  # noqa: ANN401
    """20 units of the authority for the fund, at 8.00."""
    terms = {"schedule": (Due(on=date(2025, 9, 1), count=20),), "upfront": None}
    return bargain.contract(buyer="pool", seller="authority", **(terms | more))


# 250.00 come in. 17 units are 136.00, 27.20 tax and 0.17; 3 are 24.00, 4.80 and 0.03: 57.80 stay.
# Of 17 by 100 : 100 : 50 there are due 6.8, 6.8 and 3.4; of 3 1.2, 1.2 and 0.6.
def test_a_fund_of_three_is_lived_through_to_the_cent_and_the_unit(bargain: Bargain) -> None:
    for name, amount in (("steel", "100"), ("kiln", "100"), ("ana", "50")):
        pay_in(bargain, name, amount)
    assert (bargain.has("pool"), bargain.has("ana")) == ("250.00", "150.00")
    _, signed = bargain.fund("invest", erpa(bargain), most=euros("200"))
    assert (signed.cover, bargain.free("pool", "EUR")) == (20_000, 5_000)
    bargain.forward("deliver", on=EARLY, count=17)
    assert (bargain.has("pool"), bargain.free("pool", "EUR")) == ("86.63", 5_000)
    stands, given = bargain.fund("distribute", on=EARLY, key="d")
    names = {number: name for name, number in bargain.land.accounts.items()}
    assert {names[who]: parts for who, parts in given.items()} == {
        "steel": {"EXA-1": 7}, "kiln": {"EXA-1": 7}, "ana": {"EXA-1": 3},
    }  # fmt: skip
    assert bargain.fund("distribute", on=EARLY, key="d") == (stands, given)
    bargain.forward("deliver", on=EARLY, count=3)
    assert (bargain.has("pool"), bargain.free("pool", "EUR")) == ("57.80", 5_780)
    stands, given = bargain.fund("distribute", on=EARLY)
    assert {names[who]: parts["EXA-1"] for who, parts in given.items()} == {
        "steel": 1, "kiln": 1, "ana": 1,
    }  # fmt: skip
    assert {names[who]: parts["EXA-1"] for who, parts in stands.given.items()} == {
        "steel": 8, "kiln": 8, "ana": 4,
    }  # fmt: skip
    assert [bargain.land.held(name) for name in ("steel", "kiln", "ana", "pool")] == [68, 58, 4, 0]
    assert bargain.land.held("authority") == 870
    bargain.is_whole()


def test_a_fund_takes_money_in_time_up_to_its_limit_and_in_its_own_kind(bargain: Bargain) -> None:
    assert numbers(lambda: pay_in(bargain, "steel", "100", on="2025-07-01")) == [8600]
    bargain.bring("steel", "1000")
    assert numbers(lambda: pay_in(bargain, "steel", "1000.01")) == [8601]
    assert numbers(lambda: pay_in(bargain, "steel", "0")) == [8602]
    assert numbers(lambda: pay_in(bargain, "ana", "200.01")) == [3005]
    assert numbers(lambda: pay_in(bargain, "pool", "1")) == [2508]
    pay_in(bargain, "steel", "1", key="c")
    pay_in(bargain, "steel", "1", key="c")
    assert bargain.has("pool") == "1.00"
    bargain.is_whole()


def test_a_fund_promises_no_more_than_was_paid_in_and_only_for_itself(bargain: Bargain) -> None:
    pay_in(bargain, "steel", "100")
    assert numbers(lambda: bargain.fund("invest", erpa(bargain))) == [8603]
    assert numbers(lambda: bargain.fund("invest", bargain.contract(upfront=None))) == [8835, 8603]
    indexed = erpa(bargain, price=IndexedPrice(index="spot", share=Decimal(1)))
    assert numbers(lambda: bargain.fund("invest", indexed)) == [8836]
    _, signed = bargain.fund("invest", indexed, most=euros("90"), key="i")
    assert bargain.fund("invest", indexed, most=euros("90"), key="i")[1] == signed
    assert bargain.free("pool", "EUR") == 1_000
    bargain.is_whole()


def test_a_fund_has_a_name_and_an_account_of_its_own(bargain: Bargain) -> None:
    assert numbers(bargain.open_fund) == [8833, 8834]
    assert numbers(lambda: bargain.open_fund("Other")) == [8834]
    assert numbers(lambda: bargain.open_fund("Other", account="XE-121-99-0-12")) == [1002]
    scheme = bargain.land.scheme
    assert numbers(
        lambda: bargain.land.run(lambda books: funds.the_fund(books, scheme, "None"))
    ) == [8832]


def test_nothing_is_distributed_that_is_not_there(bargain: Bargain) -> None:
    pay_in(bargain, "steel", "100")
    assert numbers(lambda: bargain.fund("distribute")) == [8837]
    assert numbers(lambda: bargain.fund("distribute", units={"EXA-1": 5})) == [3005]
    bargain.is_whole()


def test_nobody_gets_units_of_a_fund_into_which_nobody_paid(bargain: Bargain) -> None:
    bargain.land.transfer(bargain.land.order("kiln", "pool", 5))
    assert numbers(lambda: bargain.fund("distribute")) == [8604]
