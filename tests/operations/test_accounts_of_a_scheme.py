"""Sentences about founding a scheme, opening accounts, and changing how far they may be used."""

from typing import Any

import pytest

from land import Land, numbers
from tonne import operations
from tonne.operations import Opening
from tonne.registry import Role
from tonne.store import MemoryStore

DAY = "2025-03-01"
BY: Role = "administrator"


def opening(name: str = "Bo", kind: str = "person", **more: object) -> Opening:
    return Opening(kind=kind, name=name, registry="XE", **more)  # type: ignore[arg-type]


def change(land: Land, name: str, verb: str, key: str = "") -> str:
    account = land.do(
        operations.change_account,
        land.number(name),
        verb,
        reason="as told",
        key=key or land.key(),
        on=DAY,
        by=BY,
    )
    return account.status


def test_a_scheme_that_is_founded_twice_stays_as_it_is(each_land: Land) -> None:
    before = each_land.run(lambda books: (books.accounts(), books.assets(), books.size()))
    again = each_land.do(operations.found, on=DAY, by=BY)
    assert again == {kind: each_land.accounts[kind] for kind in again}
    assert list(again) == [
        "issuance", "authority", "surrendered", "cancelled", "bank", "treasury",
    ]  # fmt: skip
    assert each_land.run(lambda books: (books.accounts(), books.assets(), books.size())) == before


def test_a_scheme_that_is_not_founded_says_which_accounts_it_lacks() -> None:
    land = Land(MemoryStore())
    assert numbers(lambda: land.do(operations.founded, on=DAY)) == [9002]
    land.found()
    assert numbers(lambda: land.do(operations.founded, on=DAY)) == []


def test_an_account_is_opened_under_the_number_that_was_asked_for(each_land: Land) -> None:
    account = each_land.do(operations.open_account, opening(identifier=12), key="bo", on=DAY, by=BY)
    assert account.number.startswith("XE-121-12-0-")
    assert (account.status, account.opened.isoformat()) == ("open", DAY)
    (found,) = each_land.run(lambda books: books.accounts(number=account.number))
    assert found == account


def test_the_same_key_opens_the_same_account_and_no_second(each_land: Land) -> None:
    words: dict[str, Any] = {"key": "bo", "on": DAY, "by": BY}
    first = each_land.do(operations.open_account, opening(), **words)
    again = each_land.do(operations.open_account, opening(), **words)
    assert again.number == first.number
    assert len(each_land.run(lambda books: books.accounts(scheme="example"))) == 10


def test_the_same_key_does_not_open_another_account(each_land: Land) -> None:
    words: dict[str, Any] = {"key": "bo", "on": DAY, "by": BY}
    each_land.do(operations.open_account, opening(), **words)
    other = opening("Cy")
    assert numbers(lambda: each_land.do(operations.open_account, other, **words)) == [9001]


def test_accounts_without_an_identifier_are_given_one_each(land: Land) -> None:
    asked = [opening(name) for name in ("Bo", "Cy", "Di")]
    words: dict[str, Any] = {"key": "three", "on": DAY, "by": BY}
    opened = land.do(operations.open_accounts, asked, **words)
    assert len({each.number for each in opened}) == 3
    again = land.do(operations.open_accounts, asked, **words)
    assert [each.number for each in again] == [each.number for each in opened]


def test_accounts_are_opened_all_or_none_and_every_fault_is_told(each_land: Land) -> None:
    asked = [
        opening("Bo"),
        opening("Purse", kind="purse"),
        opening("Mill", kind="operator"),
        opening("Steel II", kind="operator", operator="STEEL"),
        opening("Ana again", identifier=9),
    ]
    before = each_land.run(lambda books: books.accounts())
    refused = numbers(
        lambda: each_land.do(operations.open_accounts, asked, key="five", on=DAY, by=BY)
    )
    # No such kind; no operator named; it has an account; the number is taken.
    assert refused == [1102, 1104, 1105, 1101]
    assert each_land.run(lambda books: books.accounts()) == before
    assert each_land.run(lambda books: books.known("five")) is None


def test_an_account_is_restricted_suspended_and_restored(each_land: Land) -> None:
    verbs = ("restrict", "suspend", "restore")
    assert [change(each_land, "ana", verb) for verb in verbs] == ["restricted", "suspended", "open"]
    (ana,) = each_land.run(lambda books: books.accounts(number=each_land.number("ana")))
    assert ana.status == "open"


def test_an_account_that_is_closed_is_not_opened_again(each_land: Land) -> None:
    assert change(each_land, "ana", "close") == "closed"
    assert numbers(lambda: change(each_land, "ana", "restore")) == [1106]


def test_an_account_that_holds_units_is_not_closed(each_land: Land) -> None:
    assert numbers(lambda: change(each_land, "kiln", "close")) == [1107]


def test_an_operator_whose_account_is_closed_may_have_another(land: Land) -> None:
    land.transfer(land.order("kiln", "ana", 50))
    change(land, "kiln", "close")
    new = land.do(
        operations.open_account,
        opening("Kiln II", kind="operator", operator="KILN"),
        key="kiln 2",
        on=DAY,
        by=BY,
    )
    land.allocate({"KILN": 5}, year=2026, on="2025-03-02")
    assert land.held(new.number) == 5


def test_a_change_that_was_made_is_not_made_again(land: Land) -> None:
    change(land, "ana", "suspend", key="s")
    assert change(land, "ana", "suspend", key="s") == "suspended"
    assert numbers(lambda: change(land, "ana", "suspend")) == [1106]


def test_the_key_of_a_change_makes_no_other_change(each_land: Land) -> None:
    change(each_land, "ana", "suspend", key="s")
    assert numbers(lambda: change(each_land, "ana", "close", key="s")) == [9001]
    assert numbers(lambda: change(each_land, "kiln", "suspend", key="s")) == [9001]


def test_an_account_that_is_not_there_is_not_changed(land: Land) -> None:
    assert numbers(lambda: change(land, "XE-121-404-0-1", "close")) == [1002]


def test_a_suspended_account_gives_nothing_and_gets_nothing(each_land: Land) -> None:
    change(each_land, "kiln", "suspend")
    given, got = each_land.transfer(
        each_land.order("kiln", "ana", 1), each_land.order("steel", "kiln", 1)
    )
    assert (numbers(given), numbers(got)) == ([1004], [2004])


def test_a_restricted_account_gets_units_and_surrenders_them(land: Land) -> None:
    land.emit("kiln", 1)
    change(land, "kiln", "restrict")
    sold, bought = land.transfer(land.order("kiln", "ana", 1), land.order("steel", "kiln", 1))
    assert (numbers(sold), numbers(bought)) == ([1005], [])
    assert numbers(land.surrender("kiln", 1)) == []


def test_only_an_administrator_takes_units_from_a_suspended_account(land: Land) -> None:
    change(land, "kiln", "suspend")
    (taken,) = land.transfer(land.order("kiln", "ana", 50), by="administrator")
    assert numbers(taken) == []
    assert change(land, "kiln", "close") == "closed"


@pytest.mark.parametrize("verb", ["restrict", "suspend", "close"])
def test_what_a_holder_reads_of_an_account_is_its_last_status(each_land: Land, verb: str) -> None:
    status = change(each_land, "ana", verb)
    story = each_land.do(operations.statement, each_land.number("ana"), on=DAY)
    assert story.account.status == status
    each_land.stands()
