"""Money at the pages: what came and went, and how people ask for it back."""

import json

import pytest

from bourse import Bourse
from counter import Browser, Counter
from tonne import operations
from tonne.store import MemoryStore


@pytest.fixture
def counter() -> Counter:
    """The land, in which 5,000 euros came in for the kiln."""
    counter = Counter.of(MemoryStore())
    Bourse(counter.bureau.land).purse.bring("kiln", "5000.00", reference="SEPA-1")
    return counter


@pytest.fixture
def carl(counter: Counter) -> Browser:
    """Carl of the kiln at his browser."""
    return counter.browser("carl")


def test_money_is_asked_back_held_and_paid_by_the_bank(counter: Counter, carl: Browser) -> None:
    carl.get(counter.my("kiln"))
    assert f'href="{counter.my("kiln", "money")}"' in carl.page
    path = counter.my("kiln", "withdraw")
    carl.get(path)
    carl.post(path, step="check", amount="1234,50", currency="EUR")
    assert "Ask for EUR 1,234.50 of Kiln" in carl.text
    assert "No second person is asked." in carl.text
    carl.post(path, status=400, step="sign", code="000000", amount="1234,50", currency="EUR")
    code = counter.code("carl")
    carl.post(path, status=303, step="sign", code=code, amount="1234,50", currency="EUR")
    money = counter.my("kiln", "money")
    carl.get(money)
    assert "free: EUR 3,765.50; held: EUR 1,234.50" in carl.text
    land, kiln = counter.bureau.land, counter.bureau.number("kiln")
    (asked,) = land.do(operations.cash_statement, kiln, on="2026-03-02").withdrawals
    assert f"withdrawal {asked.number}" in carl.text
    land.do(operations.confirm_withdrawal, asked.number, bank_reference="SEPA-2", on="2026-03-03")
    carl.get(money)
    assert "Asked for, and not yet paid" not in carl.text
    assert "held:" not in carl.text
    rows = json.loads(carl.get(f"{money}.json"))["rows"]
    assert "access-control-allow-origin" not in carl.answer.headers
    assert "CC BY" not in carl.page
    told = [(row["what"], row["came"], row["went"], row["balance"]) for row in rows]
    assert told == [
        ("withdraw", None, "1234.50", "3765.50"), ("deposit", "5000.00", None, "5000.00"),
    ]  # fmt: skip


def test_money_of_an_account_is_told_to_its_people_alone(counter: Counter, carl: Browser) -> None:
    carl.get(counter.my("steel", "money"), status=403)
    carl.get(counter.my("steel", "money") + ".csv", status=403)
    Browser(counter.app).get(counter.my("kiln", "money"), status=303)


@pytest.mark.parametrize(
    ("amount", "currency", "number"),
    [("5000.01", "EUR", "3005"), ("0", "EUR", "100"), ("much", "EUR", "9254"),
     ("1", "USD", "8706"), ("1", "", "101")],
)  # fmt: skip
def test_a_form_that_asks_for_what_is_not_there_says_why(
    counter: Counter, carl: Browser, amount: str, currency: str, number: str
) -> None:
    path = counter.my("kiln", "withdraw")
    carl.get(path)
    carl.post(path, status=400, step="check", amount=amount, currency=currency)
    assert number in carl.text
