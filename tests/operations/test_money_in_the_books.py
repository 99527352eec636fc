"""Sentences about cash: the bank's reference, withdrawals that are held, fees, penalties."""

from datetime import date
from typing import Any

import pytest

from land import Land, numbers
from purse import ON, Purse, euros
from tonne import operations
from tonne.operations import CashStatement
from tonne.quantity import Currency, Money
from tonne.refusal import Refused


@pytest.fixture
def purse(each_land: Land) -> Purse:
    """The settled land, in a store of each kind."""
    return Purse(each_land)


def told(purse: Purse, name: str, **days: Any) -> CashStatement:  # noqa: ANN401  two days
    return purse.land.do(
        operations.cash_statement, purse.land.number(name), on=ON, keep=False, **days
    )


def test_a_deposit_comes_from_the_bank_once_under_its_reference(purse: Purse) -> None:
    first = purse.bring("steel", "1234.56", reference="SEPA 1")
    assert (purse.has("steel"), purse.has("bank")) == ("1234.56", "-1234.56")
    again = purse.bring("steel", "1234.56", reference=" SEPA 1 ", on="2025-07-01")
    assert (again.number, again.repeated) == (first.number, True)
    assert purse.has("steel") == "1234.56"
    for name, amount in (("steel", "1"), ("kiln", "1234.56")):
        assert numbers(
            lambda name=name, amount=amount: purse.bring(name, amount, reference="SEPA 1")  # type: ignore[misc]
        ) == [8700]
    purse.is_whole()


def test_money_is_brought_in_by_who_keeps_the_registry_to_those_who_may_hold_it(
    purse: Purse,
) -> None:
    assert numbers(lambda: purse.bring("steel", "1", by="operator")) == [3103]
    assert numbers(lambda: purse.bring("surrendered", "1")) == [2006, 2007]
    assert numbers(lambda: purse.bring("bank", "1")) == [2508]
    assert numbers(lambda: purse.bring("XE-120-99-0-23", "1")) == [2002]

    def in_dollars() -> object:
        return purse.land.do(
            operations.deposit,
            account=purse.land.number("steel"),
            amount=Money(1, Currency("USD")),
            bank_reference="x",
            on=ON,
        )

    assert numbers(in_dollars) == [8706]
    assert numbers(lambda: purse.bring("steel", "0")) == [3007]
    assert numbers(lambda: purse.ask("steel", "0")) == [3007]
    assert purse.has("bank") == "0.00"


def test_a_deposit_that_was_a_mistake_goes_back_to_the_bank(purse: Purse) -> None:
    receipt = purse.bring("steel", "10")
    purse.land.do(operations.reverse, receipt.number, key="back", on=ON, by="administrator")
    assert (purse.has("steel"), purse.has("bank")) == ("0.00", "0.00")
    purse.is_whole()


def test_what_is_asked_back_is_held_until_the_bank_has_paid(purse: Purse) -> None:
    purse.bring("steel", "100")
    asked = purse.ask("steel", "60")
    assert purse.has("steel") == "100.00"
    assert numbers(lambda: purse.ask("steel", "40.01")) == [3005]
    with pytest.raises(Refused, match=r"EUR 40.01 were asked .* EUR 40.00 free, and EUR 60.00"):
        purse.ask("steel", "40.01")
    # Nor can it be spent by anything else.
    assert numbers(purse.settle(purse.trade("kiln", "steel", 4, "10"))[0]) == [3005]
    paid = purse.confirm(asked.number, reference="SEPA 2")
    assert (purse.has("steel"), purse.has("bank")) == ("40.00", "-40.00")
    again = purse.confirm(asked.number, reference="SEPA 2", on="2025-07-01")
    assert (again.number, again.repeated) == (paid.number, True)
    assert numbers(lambda: purse.confirm(asked.number, reference="SEPA 3")) == [8702]
    assert numbers(lambda: purse.void(asked.number)) == [8702]
    purse.is_whole()


def test_a_withdrawal_that_is_voided_frees_what_it_held(purse: Purse) -> None:
    purse.bring("steel", "100")
    asked = purse.ask("steel", "100", key="once")
    assert purse.ask("steel", "100", key="once").number == asked.number
    assert numbers(lambda: purse.ask("steel", "99", key="once")) == [9001]
    purse.void(asked.number, key="void")
    assert purse.void(asked.number, key="void").ended is not None
    assert numbers(lambda: purse.confirm(asked.number)) == [8702]
    assert numbers(lambda: purse.void(asked.number)) == [8702]
    assert purse.ask("steel", "100").number > asked.number
    purse.is_whole()


def test_a_reference_is_that_of_one_payment_in_or_out(purse: Purse) -> None:
    purse.bring("steel", "100", reference="SEPA 1")
    one, other = purse.ask("steel", "10"), purse.ask("steel", "10")
    assert numbers(lambda: purse.confirm(one.number, reference="SEPA 1")) == [8700]
    purse.confirm(one.number, reference="SEPA 2")
    assert numbers(lambda: purse.confirm(other.number, reference="SEPA 2")) == [8700]
    assert numbers(lambda: purse.bring("steel", "10", reference="SEPA 2")) == [8700]
    assert numbers(lambda: purse.confirm(12345)) == [8701]
    assert numbers(lambda: purse.void(12345)) == [8701]
    # Another hold than a withdrawal's is none.
    purse.is_whole()


def test_withdrawals_are_asked_for_and_confirmed_by_those_who_may(purse: Purse) -> None:
    purse.bring("steel", "100")
    asked = purse.ask("steel", "10")
    assert numbers(lambda: purse.confirm(asked.number, by="operator")) == [3107]
    suspend = ("suspend", "restore")
    for verb in suspend:
        assert numbers(lambda: purse.ask("steel", "1")) == ([] if verb == "suspend" else [1004])
        purse.land.do(
            operations.change_account,
            purse.land.number("steel"),
            verb,
            reason="test",
            key=verb,
            on=ON,
            by="administrator",
        )
    assert numbers(lambda: purse.ask("surrendered", "1")) == [1007, 3005]
    assert numbers(lambda: purse.ask("bank", "1")) == [2508]


def test_a_fee_is_taken_as_the_law_of_the_day_has_it(purse: Purse) -> None:
    purse.bring("steel", "60")

    def charge(fee: str, key: str, *, name: str = "steel", on: str = ON) -> object:
        return purse.land.do(
            operations.charge,
            account=purse.land.number(name),
            fee=fee,
            count=1,
            key=key,
            on=on,
        )

    receipt, taken = purse.land.do(
        operations.charge,
        account=purse.land.number("steel"),
        fee="account",
        count=1,
        key="2025",
        on=ON,
    )
    assert taken == euros("50")
    assert (purse.has("steel"), purse.has("treasury")) == ("10.00", "50.00")
    assert charge("account", "2025", on="2025-07-01") == (
        type(receipt)(number=receipt.number, key="2025", repeated=True),
        taken,
    )
    assert numbers(lambda: charge("trade", "2025")) == [9001]
    assert numbers(lambda: charge("account", "2026")) == [3005]
    assert numbers(lambda: charge("gift", "x")) == [8703]
    assert numbers(lambda: charge("account", "x", name="authority")) == [1007, 3005]
    assert numbers(lambda: charge("account", "x", name="treasury")) == [2508]
    purse.is_whole()


# 70 tonnes less 60 units: 10 are missing, at EUR 50.00 a penalty of EUR 500.00.
def test_a_penalty_is_paid_as_far_as_it_is_owed(purse: Purse) -> None:
    land = purse.land
    land.emit("steel", 70)
    land.emit("kiln", 50)
    land.surrender("steel", 60)
    land.surrender("kiln", 50)
    purse.bring("steel", "600")

    def pay(amount: str | None, key: str, name: str = "steel") -> tuple[object, Money]:
        return land.do(
            operations.pay_penalty,
            account=land.number(name),
            year=2025,
            amount=None if amount is None else euros(amount),
            key=key,
            on="2026-05-02",
            by="operator",
        )

    assert numbers(lambda: pay("500", "early")) == [8704]
    land.close(2025)
    assert numbers(lambda: pay("500.01", "more")) == [8704]
    assert numbers(lambda: pay(None, "kiln", "kiln")) == [8704]
    assert pay("200", "some")[1] == euros("200")
    assert pay(None, "rest")[1] == euros("300")
    assert pay(None, "rest")[1] == euros("300")
    assert numbers(lambda: pay(None, "none")) == [8704]
    assert (purse.has("steel"), purse.has("treasury")) == ("100.00", "500.00")
    purse.is_whole()


def test_a_statement_tells_what_came_went_and_is_held(purse: Purse) -> None:
    purse.bring("steel", "100", on="2025-03-01")
    asked = purse.ask("steel", "30", on="2025-04-01")
    purse.confirm(asked.number, on="2025-04-02")
    purse.settle(
        purse.trade("steel", "kiln", 1, "1", free=True, buyer_fee=euros("0"), seller_fee=euros("0"))
    )
    purse.ask("steel", "20")
    found = told(purse, "steel")
    lines = [
        (str(each.day), each.what, str(each.change), str(each.balance)) for each in found.lines
    ]
    assert lines == [
        ("2025-03-01", "deposit", "EUR 100.00", "EUR 100.00"),
        ("2025-04-02", "withdraw", "EUR -30.00", "EUR 70.00"),
    ]  # fmt: skip
    assert found.balances == (euros("70"),)
    assert found.held == (euros("20"),)
    assert [each.amount for each in found.withdrawals] == [euros("20")]
    april = told(purse, "steel", first=date(2025, 4, 1), last=date(2025, 4, 30))
    assert april.before == (euros("100"),)
    assert [each.what for each in april.lines] == ["withdraw"]
    before = told(purse, "steel", last=date(2025, 3, 31))
    assert (before.before, before.balances) == ((euros("0"),), (euros("100"),))
    after = told(purse, "steel", first=date(2025, 5, 1))
    assert (after.before, after.lines, after.balances) == ((euros("70"),), (), (euros("70"),))
    assert numbers(lambda: told(purse, "XE-120-99-0-23")) == [1002]


def test_an_account_with_money_is_not_closed(purse: Purse) -> None:
    purse.bring("ana", "10")
    with pytest.raises(Refused, match=r"still holds EUR 10.00"):
        purse.land.do(
            operations.change_account,
            purse.land.number("ana"),
            "close",
            reason="test",
            key="close",
            on=ON,
            by="administrator",
        )


def test_the_end_of_a_period_leaves_money_alone(purse: Purse) -> None:
    purse.bring("ana", "10")
    purse.land.do(operations.end_periods, key="end", on="2028-05-01")
    assert purse.has("ana") == "10.00"
    assert purse.land.held("authority") == 0
    purse.is_whole()


def test_money_is_neither_transferred_nor_issued_as_units_are(purse: Purse) -> None:
    purse.bring("steel", "10")
    order = purse.land.order("steel", "kiln", 5, unit="EUR")
    assert numbers(purse.land.transfer(order)[0]) == [3006]
    assert numbers(
        lambda: purse.land.do(
            operations.issue, year=2025, unit="EUR", count=5, key="issue", on="2025-01-02"
        )
    ) == [3006]
