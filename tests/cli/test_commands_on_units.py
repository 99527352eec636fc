"""Commands that move units: issue, allocate, transfer, cancel, reverse."""

from pathlib import Path

import pytest
import xlsxwriter

from town import Books, Tonne, Town

UNIT = ("--unit", "EXA-1")
IN_MAY = ("--on", "2025-05-01")


def held(tonne: Tonne, account: str) -> int:
    """How many units of the first period an account holds."""
    said = tonne("account", "show", account, *IN_MAY, "--json")
    return int(said.data["holdings"].get("EXA-1", 0))


def test_units_are_issued_to_the_authority(tonne: Tonne, town: Town) -> None:
    said = tonne("issue", "--year", 2025, *UNIT, "--count", 500, *IN_MAY, "--json")
    assert said.code == 0
    assert said.data["count"] == 500
    assert said.data["transaction"] > 0
    assert held(tonne, town.authority) == 1000 - 110 + 500


def test_a_table_is_paid_out_to_the_accounts_of_its_operators(
    tonne: Tonne, town: Town, tmp_path: Path
) -> None:
    table = tmp_path / "second.xlsx"
    with xlsxwriter.Workbook(str(table)) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([("year", "operator_id", "count"), (2026, "KILN-1", 7)]):
            sheet.write_row(row, 0, cells)
    said = tonne("allocate", table, *UNIT, *IN_MAY, "--json")
    assert said.code == 0, said
    assert (said.data["transactions"], said.data["count"]) == (1, 7)
    assert held(tonne, town.kiln) == 57


def test_units_are_transferred_and_the_oldest_go_first(tonne: Tonne, town: Town) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana.lower(), *UNIT, "--count", 5)
    said = tonne(*words, *IN_MAY)
    assert said.code == 0
    assert said.out.startswith(f"5 EXA-1 went from {town.steel} to {town.ana}.")
    story = tonne("statement", town.ana, *IN_MAY, "--json").data
    assert story["blocks"] == [{"unit": "EXA-1", "block": "EX-1-1-5"}]


def test_certain_units_are_transferred_by_their_numbers(tonne: Tonne, town: Town) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, "--block", "EX-1-20-22")
    assert tonne(*words, *IN_MAY, "--json").data["count"] == 3
    story = tonne("statement", town.ana, *IN_MAY, "--json").data
    assert story["blocks"] == [{"unit": "EXA-1", "block": "EX-1-20-22"}]


def test_units_are_cancelled_for_ever(tonne: Tonne, town: Town) -> None:
    said = tonne("cancel", "--account", town.kiln, *UNIT, "--count", 50, *IN_MAY)
    assert said.code == 0
    assert held(tonne, town.kiln) == 0
    assert held(tonne, town.cancelled) == 50


def test_a_mistake_is_reversed_by_its_mirror(tonne: Tonne, town: Town) -> None:
    story = tonne("statement", town.steel, *IN_MAY, "--json").data
    number = story["steps"][0]["transaction"]
    said = tonne("reverse", number, *IN_MAY, "--json")
    assert said.code == 0
    assert said.data["reverses"] == number
    assert held(tonne, town.steel) == 0
    assert tonne("reverse", number, *IN_MAY, "--json").numbers[0] == 3019


def test_the_same_key_is_done_once(tonne: Tonne, town: Town, books: Books) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, "--count", 5, *IN_MAY)
    first = tonne(*words, "--key", "order 17", "--json").data
    before = books()
    again = tonne(*words, "--key", "order 17", "--json").data
    assert again["transaction"] == first["transaction"]
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert books() == before
    assert "done before" in tonne(*words, "--key", "order 17").out


def test_the_same_key_for_another_request_is_refused(
    tonne: Tonne, town: Town, books: Books
) -> None:
    words = (
        "transfer",
        "--from",
        town.steel,
        "--to",
        town.ana,
        *UNIT,
        *IN_MAY,
        "--key",
        "order 17",
    )
    assert tonne(*words, "--count", 5).code == 0
    before = books()
    assert tonne(*words, "--count", 6, "--json").numbers == [9001]
    assert books() == before


def test_a_dry_run_says_what_every_check_answers_and_writes_nothing(
    tonne: Tonne, town: Town, books: Books
) -> None:
    before = books()
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, "--count", 5, "--dry-run")
    said = tonne(*words, *IN_MAY, "--json").data
    assert said["dry_run"] is True
    assert said["transaction"] is None
    assert {each["passed"] for each in said["checks"]} == {True}
    assert {1002, 2002, 3005} <= {each["number"] for each in said["checks"]}
    told = tonne(*words, *IN_MAY)
    assert told.code == 0
    assert "Dry run: nothing was written" in told.out
    assert "The giving account is not suspended" in told.out
    assert books() == before


def test_a_dry_run_that_would_be_refused_says_by_which_check(
    tonne: Tonne, town: Town, books: Books
) -> None:
    before = books()
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, "--count", 61, "--dry-run")
    said = tonne(*words, *IN_MAY, "--json")
    assert said.numbers == [3005]
    failed = [each["number"] for each in said.data["checks"] if not each["passed"]]
    assert failed == [3005]
    assert books() == before


def test_a_dry_run_of_a_table_adds_up_what_the_checks_say(
    tonne: Tonne, town: Town, tmp_path: Path
) -> None:
    table = tmp_path / "third.csv"
    table.write_text("operator_id;year;count\nSTEEL-1;2026;1\nKILN-1;2026;2\n")
    said = tonne("allocate", table, *UNIT, "--dry-run", *IN_MAY)
    assert said.code == 0
    assert "yes: 2 of 2" in said.out
    assert held(tonne, town.steel) == 60


@pytest.mark.usefixtures("town")
def test_a_role_that_may_not_do_it_is_refused(tonne: Tonne) -> None:
    words = ("issue", "--year", 2025, *UNIT, "--count", 1, "--as", "operator")
    assert tonne(*words, *IN_MAY, "--json").numbers == [3103]
