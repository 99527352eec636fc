"""Sentences about money as people and programs see it at the desk."""

import pytest

from town import Books, Tonne, Town

ON = ("--on", "2025-06-02")


@pytest.fixture
def paid(tonne: Tonne, town: Town) -> Tonne:
    """The town, whose steelworks has EUR 1,234.56."""
    said = tonne("cash", "deposit", town.steel, "1234.56", "--reference", "SEPA 1", *ON)
    assert said.code == 0, said
    return tonne


def test_money_comes_in_once_under_the_banks_reference(
    paid: Tonne, town: Town, books: Books
) -> None:
    words = ("cash", "deposit", town.steel, "1234.56", "--reference", "SEPA 1", *ON)
    before = books()
    said = paid(*words, "--json")
    assert said.data["repeated"] is True
    assert said.data["amount"] == {"amount": "1234.56", "currency": "EUR"}
    assert "EUR 1,234.56 came in for XE-120-7-0-95; this was done before" in paid(*words).out
    other = paid("cash", "deposit", town.kiln, "1", "--reference", "SEPA 1", *ON, "--json")
    assert other.numbers == [8700]
    assert books() == before


@pytest.mark.parametrize("amount", ["0", "-1", "1.234", "1,000", "much"])
def test_an_amount_is_written_in_euros_and_cents(paid: Tonne, town: Town, amount: str) -> None:
    words = ("cash", "deposit", "--reference", "x", *ON, "--json", "--", town.steel, amount)
    assert paid(*words).numbers == [100]


def test_money_and_units_are_told_as_people_write_them(paid: Tonne, town: Town) -> None:
    shown = paid("account", "show", town.steel, *ON)
    assert "holds 60 EXA-1 and EUR 1,234.56." in shown.out
    data = paid("account", "show", town.steel, *ON, "--json").data
    assert data["holdings"] == {"EXA-1": 60, "EUR": {"amount": "1234.56", "currency": "EUR"}}
    told = paid("statement", town.steel, *ON)
    assert "EUR 1,234.56" in told.out
    assert "123456" not in told.out
    data = paid("statement", town.steel, *ON, "--json").data
    assert data["steps"][-1]["units"] == {"amount": "1234.56", "currency": "EUR"}
    checked = paid("check")
    assert "EUR 1,234.56" in checked.out
    euros = next(e for e in paid("check", "--json").data["totals"] if e["asset"] == "EUR")
    assert euros["issued"] == euros["held"]["operator"]


def test_a_withdrawal_is_asked_for_held_and_paid(paid: Tonne, town: Town) -> None:
    asked = paid("cash", "withdraw", town.steel, "1000", *ON, "--json").data
    told = paid("cash", "statement", town.steel, *ON)
    assert "EUR 1,234.56, of which EUR 1,000.00 is held." in told.out
    more = paid("cash", "withdraw", town.steel, "234.57", *ON, "--json")
    assert more.numbers == [3005]
    assert (
        "EUR 234.56 free, and EUR 1,000.00 more are on hold"
        in (more.data["refusals"][0]["message"])
    )
    words = ("cash", "confirm", asked["withdrawal"], "--reference", "SEPA 2", *ON)
    assert paid(*words, "--as", "operator", "--json").numbers == [3107]
    assert paid(*words, "--json").data["repeated"] is False
    assert paid(*words, "--json").data["repeated"] is True
    assert paid("cash", "void", asked["withdrawal"], *ON, "--json").numbers == [8702]
    data = paid("cash", "statement", town.steel, *ON, "--json").data
    assert data["balances"] == [{"amount": "234.56", "currency": "EUR"}]
    assert [each["change"]["amount"] for each in data["lines"]] == ["1234.56", "-1000.00"]


def test_a_withdrawal_that_is_voided_is_free_again(paid: Tonne, town: Town) -> None:
    asked = paid("cash", "withdraw", town.steel, "1000", *ON, "--json").data
    said = paid("cash", "void", asked["withdrawal"], *ON)
    assert "is void: EUR 1,000.00 of XE-120-7-0-95 is free again." in said.out
    assert paid("cash", "void", "99999", *ON, "--json").numbers == [8701]


def test_fees_and_penalties_are_those_of_the_law(paid: Tonne, town: Town) -> None:
    said = paid("cash", "charge", town.steel, "--fee", "account", *ON)
    assert "XE-120-7-0-95 paid the fee account, EUR 50.00." in said.out
    assert paid("cash", "charge", town.steel, "--fee", "gift", *ON, "--json").numbers == [8703]
    owed = paid("cash", "pay-penalty", town.steel, "--year", "2025", *ON, "--json")
    assert owed.numbers == [8704]


# 10 at 20.00 are 200.00, the tax on them 40.00, a fee of 0.10 each.
def test_a_deal_moves_units_and_money_at_once(paid: Tonne, town: Town, books: Books) -> None:
    before = books()
    deal = ("deal", "settle", "--buyer", town.steel, "--seller", town.kiln, "--unit", "EXA-1")
    tried = paid(*deal, "--count", 10, "--price", "20.00", *ON, "--dry-run")
    assert "Dry run: nothing was written." in tried.out
    assert "The law says how the trade is taxed" in tried.out
    assert books() == before
    said = paid(*deal, "--count", 10, "--price", "20.00", *ON)
    assert "10 EXA-1 went from XE-120-8-0-90 to XE-120-7-0-95 for EUR 240.00." in said.out
    data = paid(*deal, "--block", "EX-1-71-72", "--price", "20", "--secret-price", *ON, "--json")
    assert data.data["vat"] == {
        "treatment": "charged",
        "rate": "0.20",
        "amount": {"amount": "8.00", "currency": "EUR"},
    }
    assert data.data["public"] is False
    free = paid(*deal, "--count", 1, "--price", "20", "--free-of-payment", *ON)
    assert "free of payment" in free.out
    assert paid("cash", "statement", town.kiln, *ON, "--json").data["balances"] == [
        {"amount": "287.87", "currency": "EUR"}
    ]
    assert paid("check").code == 0


def test_a_deal_that_cannot_be_settled_says_every_reason(
    paid: Tonne, town: Town, books: Books
) -> None:
    before = books()
    deal = ("deal", "settle", "--buyer", town.steel, "--seller", town.kiln, "--unit", "EXA-1")
    words = (*deal, "--count", 60, "--price", "100", "--buyer-country", "xx", *ON, "--json")
    assert paid(*words).numbers == [8408, 3005, 3005]
    assert paid(*deal, "--count", 1, "--price", "0.001", *ON, "--json").numbers == [100]
    assert paid(*deal, "--price", "1", *ON, "--json").code == 2
    assert books() == before


def test_a_dry_run_of_a_payment_writes_nothing(paid: Tonne, town: Town, books: Books) -> None:
    before = books()
    for words in (
        ("deposit", town.steel, "5", "--reference", "x"),
        ("withdraw", town.steel, "5"),
        ("charge", town.steel, "--fee", "account"),
    ):
        said = paid("cash", *words, *ON, "--dry-run")
        assert (said.code, said.out.startswith("Dry run")) == (0, True), said
        assert "What is moved is held, free of promises" in said.out
    asked = paid("cash", "withdraw", town.steel, "5", *ON, "--dry-run", "--json").data
    assert asked["withdrawal"] is None
    assert books() == before
