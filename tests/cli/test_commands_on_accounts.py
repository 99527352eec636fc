"""Commands on accounts: found, open, list, show, restrict, suspend, restore, close."""

import pytest

from town import Books, Tonne, Town

ON = ("--on", "2025-02-01")


def test_a_scheme_is_founded_once_and_again_without_harm(tonne: Tonne) -> None:
    said = tonne("account", "found", *ON, "--json")
    assert said.code == 0
    assert set(said.data["accounts"]) == {
        "issuance", "authority", "surrendered", "cancelled", "bank", "treasury",
    }  # fmt: skip
    assert said.data["units"] == ["EUR", "EXA-1", "EXA-2"]
    assert tonne("account", "found", *ON, "--json").data == said.data


def test_what_is_done_before_the_scheme_is_founded_is_refused(tonne: Tonne, books: Books) -> None:
    before = books()
    said = tonne("issue", "--year", 2025, "--unit", "EXA-1", "--count", 1, *ON, "--json")
    assert said.numbers == [9002]
    assert "tonne account found" in said.data["refusals"][0]["remedy"]
    assert books() == before


def test_a_dry_run_of_a_founding_founds_nothing(tonne: Tonne, books: Books) -> None:
    before = books()
    assert "Dry run" in tonne("account", "found", *ON, "--dry-run").out
    assert books() == before


@pytest.mark.usefixtures("town")
def test_an_account_is_opened_with_a_number_of_its_own(tonne: Tonne) -> None:
    words = ("account", "open", "--kind", "person", "--name", "Bo", "--key", "bo", *ON)
    said = tonne(*words, "--json")
    assert said.code == 0
    account = said.data["account"]
    assert (account["kind"], account["status"], account["opened"]) == (
        "person",
        "open",
        "2025-02-01",
    )
    assert account["number"].startswith("XE-121-")
    assert tonne(*words, "--json").data == said.data


@pytest.mark.usefixtures("town")
def test_all_that_is_wrong_with_an_opening_is_told_at_once(tonne: Tonne, books: Books) -> None:
    before = books()
    words = ("account", "open", "--name", "Again", "--kind", "operator", "--identifier", 7)
    said = tonne(*words, "--operator", "STEEL-1", *ON)
    assert said.code == 2
    assert "[1101]" in said.err
    assert "[1105]" in said.err
    assert "  rule: Example Act, s. 4" in said.err
    assert "  remedy: " in said.err
    assert said.err.rstrip().endswith("Refused; nothing was written.")
    assert books() == before


def test_accounts_are_listed_by_kind_and_by_status(tonne: Tonne, town: Town) -> None:
    assert tonne("account", "suspend", town.kiln, "--reason", "fraud", *ON).code == 0
    said = tonne("account", "list", "--kind", "operator", *ON, "--json")
    assert [each["number"] for each in said.data["accounts"]] == [town.steel, town.kiln]
    said = tonne("account", "list", "--status", "suspended", *ON)
    assert said.out.startswith("1 account.")
    assert "Kiln" in said.out


def test_an_account_is_suspended_restored_emptied_and_closed(tonne: Tonne, town: Town) -> None:
    assert tonne("account", "suspend", town.ana, "--reason", "lost card", *ON).code == 0
    shown = tonne("account", "show", town.ana, *ON)
    assert f"{town.ana} (Ana) is suspended and holds nothing." in shown.out
    assert tonne("account", "restore", town.ana, "--reason", "found", *ON).code == 0
    assert tonne("account", "restrict", town.ana, "--reason", "care", *ON).code == 0
    said = tonne("account", "close", town.ana, "--reason", "asked for", *ON, "--json")
    assert said.data["account"]["status"] == "closed"
    assert tonne("account", "restore", town.ana, "--reason", "x", *ON, "--json").numbers == [1106]


def test_an_account_that_holds_units_is_not_closed(tonne: Tonne, town: Town, books: Books) -> None:
    before = books()
    said = tonne("account", "close", town.steel, "--reason", "x", *ON, "--json")
    assert said.numbers == [1107]
    assert books() == before


def test_a_change_of_an_account_can_be_tried_first(tonne: Tonne, town: Town, books: Books) -> None:
    before = books()
    said = tonne("account", "suspend", town.ana, "--reason", "x", "--dry-run", *ON)
    assert "Dry run: nothing was written. Else: XE-121-9-0-76 (Ana) is suspended." in said.out
    assert books() == before


@pytest.mark.usefixtures("town")
def test_a_miswritten_number_is_told_by_its_check_digits(tonne: Tonne) -> None:
    assert tonne("account", "show", "XE-121-9-0-77", *ON, "--json").code == 2
    said = tonne("account", "show", "XE-121-9", *ON, "--json")
    assert said.code == 2
    assert said.data["refusals"][0]["code"] == "AccountNumberIncomplete"
