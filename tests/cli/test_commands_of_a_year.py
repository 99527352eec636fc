"""Commands of a year: report, verify, import, determine, correct, exclude, surrender, close."""

from pathlib import Path

import pytest

from town import Books, Tonne, Town

UNIT = ("--unit", "EXA-1")
IN_MARCH = ("--on", "2026-03-20")
IN_APRIL = ("--on", "2026-04-20")
IN_MAY = ("--on", "2026-05-02")
STEEL = ("--operator", "STEEL-1", "--year", 2025)
KILN = ("--operator", "KILN-1", "--year", 2025)


@pytest.fixture
def reported(tonne: Tonne, town: Town, tmp_path: Path) -> Town:
    """The steelworks emitted 70 t in 2025, the kiln 40 t."""
    table = tmp_path / "verified.csv"
    table.write_text("operator_id,year,verified\nSTEEL-1,2025,70\nKILN-1,2025,40\n")
    said = tonne("report", "import", table, *IN_MARCH, "--json")
    assert said.code == 0, said
    assert [each["tonnes"] for each in said.data["figures"]] == [70, 40]
    return town


@pytest.mark.usefixtures("town")
def test_a_report_counts_in_whole_tonnes_once_it_is_verified(tonne: Tonne) -> None:
    said = tonne("report", "submit", *STEEL, "--tonnes", "99.5", *IN_MARCH, "--json")
    assert said.data["report"]["tonnes"] == "99.5"
    said = tonne("report", "verify", *STEEL, "--verifier", "Verify Ltd", *IN_MARCH, "--json")
    assert (said.data["figure"]["tonnes"], said.data["figure"]["kind"]) == (100, "verified")


@pytest.mark.usefixtures("town")
def test_the_verifiers_own_figure_stands(tonne: Tonne) -> None:
    tonne("report", "submit", *STEEL, "--tonnes", "90", *IN_MARCH)
    words = ("--verifier", "V", "--judgement", "verified_with_comments", "--comment", "meter 3")
    said = tonne("report", "verify", *STEEL, *words, "--tonnes", "101", *IN_MARCH)
    assert "STEEL-1 emitted 101 t in 2025 (verified)." in said.out


@pytest.mark.usefixtures("town")
def test_an_opinion_needs_a_report(tonne: Tonne, books: Books) -> None:
    before = books()
    said = tonne("report", "verify", *STEEL, "--verifier", "V", *IN_MARCH)
    assert said.code == 2
    assert "STEEL-1 has reported nothing for 2025." in said.err
    assert books() == before


@pytest.mark.usefixtures("town")
def test_a_report_that_is_not_verified_gives_no_figure(tonne: Tonne) -> None:
    tonne("report", "submit", *STEEL, "--tonnes", "90", *IN_MARCH)
    words = ("--verifier", "V", "--judgement", "not_verified", "--comment", "no meters")
    assert tonne("report", "verify", *STEEL, *words, *IN_MARCH, "--json").numbers == [5020]


@pytest.mark.usefixtures("town")
def test_the_authority_determines_what_nobody_reported(tonne: Tonne) -> None:
    words = ("report", "determine", *STEEL, "--tonnes", "120")
    assert tonne(*words, "--on", "2026-03-31", "--json").numbers == [5030]
    said = tonne(*words, "--on", "2026-04-01", "--json")
    assert said.code == 0
    assert (said.data["figure"]["kind"], said.data["figure"]["tonnes"]) == ("determined", 120)
    assert said.data["figure"]["day"] == "2026-04-01"


@pytest.mark.usefixtures("reported")
def test_a_correction_stands_and_the_old_figure_is_kept(tonne: Tonne) -> None:
    said = tonne("report", "correct", *STEEL, "--tonnes", "72", "--note", "meter", *IN_APRIL)
    assert "STEEL-1 emitted 72 t in 2025 (corrected" in said.out
    story = tonne("statement", "STEEL-1", *IN_APRIL, "--json").data
    assert [(each["kind"], each["tonnes"]) for each in story["figures"]] == [
        ("verified", 70),
        ("corrected", 72),
    ]


def test_who_is_excluded_owes_nothing(tonne: Tonne, reported: Town) -> None:
    words = ("report", "exclude", *KILN, "--reason", "below the threshold")
    assert tonne(*words, *IN_APRIL, "--json").data["operators"] == ["KILN-1"]
    said = tonne("surrender", "--account", reported.kiln, "--year", 2025, *UNIT, "--count", 1,
                 *IN_APRIL, "--json")  # fmt: skip
    assert said.code == 2


def test_a_year_ends_with_a_duty_met_and_a_duty_missed(tonne: Tonne, reported: Town) -> None:
    town = reported
    give = ("surrender", "--year", 2025, *UNIT, *IN_APRIL)
    assert tonne(*give, "--account", town.kiln, "--count", 40).code == 0
    said = tonne(*give, "--account", town.steel, "--block", "EX-1-1-60", "--json")
    assert said.data["count"] == 60
    # 70 t less 60 units: 10 are missing, at 50 euros each.
    said = tonne("close", 2025, *IN_MAY)
    assert said.code == 0
    assert said.out.startswith(
        "2025 is closed: 1 of 2 operators met their duty; "
        "1 is short of 10 units and pays EUR 500.00."
    )
    assert town.steel in said.out
    said = tonne("close", 2025, *IN_MAY, "--dry-run", "--json").data
    assert said["outcomes"][town.kiln]["status"] == "A"
    assert said["outcomes"][town.steel]["penalty"] == {"amount": "500.00", "currency": "EUR"}


def test_the_units_of_a_period_that_is_over_are_cancelled(tonne: Tonne, town: Town) -> None:
    said = tonne("end-periods", "--on", "2028-04-30")
    assert "Nothing is left of periods" in said.out
    said = tonne("end-periods", "--on", "2028-05-01", "--json")
    assert said.data["transactions"] == 3
    shown = tonne("account", "show", town.cancelled, "--on", "2028-05-01", "--json")
    assert shown.data["holdings"] == {"EXA-1": 1000}


def test_a_dry_run_of_a_surrender_tells_what_the_law_of_duties_checks(
    tonne: Tonne, reported: Town, books: Books
) -> None:
    before = books()
    words = ("surrender", "--account", reported.kiln, "--year", 2025, *UNIT, "--dry-run", *IN_APRIL)
    said = tonne(*words, "--count", 40, "--json").data
    assert {each["passed"] for each in said["checks"]} == {True}
    assert {1002, 3005, 6001, 6004, 6014} <= {each["number"] for each in said["checks"]}
    # The kiln emitted 40 t and holds 50 units: too much for its duty, and more than it has.
    said = tonne(*words, "--count", 51, "--json")
    assert said.numbers == [6004, 3005]
    checks = {each["number"]: each["passed"] for each in said.data["checks"]}
    assert [number for number, passed in checks.items() if not passed] == [3005, 6004]
    assert len(checks) == 27 + 9
    told = tonne(*words, "--count", 51)
    assert told.code == 2
    assert "The law accepts these units" in told.out
    assert "The giving account is not suspended" in told.out
    assert books() == before


def test_a_dry_run_from_an_account_to_itself_tells_the_check_that_fails(
    tonne: Tonne, reported: Town
) -> None:
    words = (*UNIT, "--count", 1, "--dry-run", *IN_APRIL, "--json")
    itself = tonne("transfer", "--from", reported.ana, "--to", reported.ana, *words)
    pit = tonne("surrender", "--account", reported.surrendered, "--year", 2025, *words)
    for said in (itself, pit):
        checks = {each["number"]: each["passed"] for each in said.data["checks"]}
        assert checks[2508] is False


def test_a_dry_run_of_what_was_done_before_tells_of_no_checks(tonne: Tonne, reported: Town) -> None:
    words = ("surrender", "--account", reported.kiln, "--year", 2025, *UNIT, "--count", 40)
    assert tonne(*words, "--key", "duty", *IN_APRIL).code == 0
    said = tonne(*words, "--key", "duty", *IN_APRIL, "--dry-run", "--json").data
    assert (said["repeated"], said["checks"]) == (True, [])


def test_more_than_is_held_is_not_surrendered(tonne: Tonne, reported: Town, books: Books) -> None:
    before = books()
    words = ("surrender", "--account", reported.steel, "--year", 2025, *UNIT, "--count", 61)
    assert 3005 in tonne(*words, *IN_APRIL, "--json").numbers
    assert books() == before


def test_more_than_is_owed_is_not_surrendered(tonne: Tonne, reported: Town, books: Books) -> None:
    before = books()
    words = ("surrender", "--account", reported.kiln, "--year", 2025, *UNIT, "--count", 41)
    said = tonne(*words, *IN_APRIL, "--json")
    assert said.numbers
    assert all(6000 <= number < 7000 for number in said.numbers)
    assert books() == before


def test_units_of_the_wrong_period_are_not_surrendered(
    tonne: Tonne, reported: Town, books: Books
) -> None:
    before = books()
    words = ("surrender", "--account", reported.steel, "--year", 2025, "--unit", "EXA-2")
    said = tonne(*words, "--count", 1, *IN_APRIL, "--json")
    assert 6012 in said.numbers or 6010 in said.numbers, said.out
    assert books() == before


def test_a_suspended_account_surrenders_nothing(tonne: Tonne, reported: Town, books: Books) -> None:
    assert tonne("account", "suspend", reported.steel, "--reason", "fraud", *IN_APRIL).code == 0
    before = books()
    words = ("surrender", "--account", reported.steel, "--year", 2025, *UNIT, "--count", 1)
    assert tonne(*words, *IN_APRIL, "--json").numbers == [1004]
    assert books() == before
