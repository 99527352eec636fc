"""An account is opened, restricted, suspended, restored and closed."""

from datetime import date

import pytest

from changed import replace
from tonne.refusal import Refused
from tonne.registry import (
    AccountNumber,
    DayRules,
    HoldingAccount,
    RegistryRules,
    Status,
    change_status,
    open_account,
    opening_refusals,
)


@pytest.fixture
def day(example_rules: RegistryRules) -> DayRules:
    return DayRules.on(example_rules, date(2026, 4, 30))


def account(*, number_type: int = 120, status: Status = "open") -> HoldingAccount:
    number = AccountNumber.make(registry="XE", number_type=number_type, identifier=7, period=0)
    return HoldingAccount(
        number=str(number),
        kind="operator",
        status=status,
        opened=date(2025, 1, 1),
        name="Steelworks",
        registry="XE",
        operator="XE-1",
    )


def test_an_account_is_opened_when_nothing_speaks_against_it(day: DayRules) -> None:
    assert open_account(account(), day=day, taken=(), operated=()) == account()


def test_a_number_is_given_once(day: DayRules) -> None:
    with pytest.raises(Refused, match=r"\[1101\] There is an account XE-120-7-0-\d+ already"):
        open_account(account(), day=day, taken={account().number}, operated=())


def test_an_account_is_of_a_kind_the_scheme_has(day: DayRules) -> None:
    with pytest.raises(Refused, match=r"\[1102\] .*no accounts of the kind 'pirate'"):
        open_account(replace(account(), kind="pirate"), day=day, taken=(), operated=())


def test_a_number_begins_with_its_registry_and_the_type_of_its_kind(day: DayRules) -> None:
    with pytest.raises(Refused, match=r"\[1103\] .*would begin XE-120, and is XE-121-7-0"):
        open_account(account(number_type=121), day=day, taken=(), operated=())


def test_an_operator_account_names_its_operator(day: DayRules) -> None:
    with pytest.raises(Refused, match=r"\[1104\] .*names no operator"):
        open_account(replace(account(), operator=None), day=day, taken=(), operated=())


def test_an_operator_has_one_account(day: DayRules) -> None:
    with pytest.raises(Refused, match=r"\[1105\] Operator XE-1 has an account already"):
        open_account(account(), day=day, taken=(), operated={"XE-1"})


@pytest.mark.parametrize("operator", [None, ""])
def test_an_operator_without_a_name_is_none(day: DayRules, operator: str | None) -> None:
    unnamed = replace(account(), operator=operator)
    found = opening_refusals(unnamed, day=day, taken=(), operated={""})
    assert [refusal.number for refusal in found] == [1104]


def test_an_account_of_another_kind_belongs_to_no_operator(day: DayRules) -> None:
    person = replace(account(number_type=121), kind="person")
    with pytest.raises(Refused, match=r"\[1112\] .*kind person cannot belong to XE-1"):
        open_account(person, day=day, taken=(), operated=())


def test_the_scheme_has_one_account_of_each_kind_of_its_own(day: DayRules) -> None:
    authority = replace(account(number_type=100), kind="authority", operator=None)
    assert open_account(authority, day=day, taken=(), operated=()) == authority
    with pytest.raises(Refused, match=r"\[1108\] .*account of the kind authority already"):
        open_account(authority, day=day, taken=(), operated=(), standing={("XE", "authority")})


def test_the_schemes_own_accounts_are_never_closed(day: DayRules) -> None:
    authority = replace(account(number_type=100), kind="authority", operator=None)
    with pytest.raises(Refused, match=r"\[1109\] .*one of the scheme's own"):
        change_status(authority, "close", day=day, holdings={})
    assert change_status(authority, "suspend", day=day, holdings={}).status == "suspended"


def test_everything_that_speaks_against_an_account_is_said_at_once(day: DayRules) -> None:
    wrong = replace(account(), number="XE-120-7-0-1", operator=None)
    found = opening_refusals(wrong, day=day, taken={"XE-120-7-0-1"}, operated=())
    assert [refusal.number for refusal in found] == [1111, 1101, 1104]


@pytest.mark.parametrize(
    ("status", "verb", "becomes"),
    [
        ("open", "restrict", "restricted"),
        ("open", "suspend", "suspended"),
        ("open", "close", "closed"),
        ("restricted", "suspend", "suspended"),
        ("restricted", "restore", "open"),
        ("suspended", "restrict", "restricted"),
        ("suspended", "restore", "open"),
    ],
)
def test_an_administrator_changes_the_status(
    day: DayRules, status: Status, verb: str, becomes: Status
) -> None:
    changed = change_status(account(status=status), verb, day=day, holdings={"EXA-1": 0})
    assert changed == account(status=becomes)


@pytest.mark.parametrize("verb", ["restore", "suspend", "restrict", "close"])
def test_a_closed_account_stays_closed(day: DayRules, verb: str) -> None:
    with pytest.raises(Refused, match=r"\[1106\] One cannot \w+ account .* which is closed"):
        change_status(account(status="closed"), verb, day=day, holdings={})


def test_an_account_with_units_is_not_closed(day: DayRules) -> None:
    with pytest.raises(Refused, match=r"\[1107\] .*still holds 5 EXA-1 and 7 EXA-2") as no:
        change_status(account(), "close", day=day, holdings={"EXA-2": 7, "EXA-1": 5})
    assert no.value.refusals[0].facts()["held"] == ("5 EXA-1", "7 EXA-2")


def test_an_account_with_units_can_be_suspended(day: DayRules) -> None:
    suspended = change_status(account(), "suspend", day=day, holdings={"EXA-1": 5})
    assert suspended.status == "suspended"
