"""Sentences about every command as a newcomer meets it: one answer, in one form, to whatever."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from typer.main import get_group

from tonne.cli import commands
from tonne.operations import schemes_folder
from town import Books, Said, Tonne, Town

ON = ("--on", "2025-05-01")
UNIT = ("--unit", "EXA-1")


def every_command() -> Iterator[tuple[str, ...]]:
    """The words of each command."""
    for row in commands.ROWS:
        group = get_group(__import__(f"tonne.cli.{row.module}", fromlist=["app"]).app)
        if row.name in group.commands:
            yield (row.name,)
        else:
            yield from ((row.name, name) for name in group.commands)


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_a_wrong_option_is_one_object_in_json(says: Tonne, words: tuple[str, ...]) -> None:
    said = says(*words, "--no-such-option", "--json")
    assert (said.code, said.err) == (2, "")
    assert set(said.data) == {"title", "detail", "remedy"}
    assert "--no-such-option" in said.data["detail"]
    assert f"tonne {' '.join(words)} --help" in said.data["remedy"]


def test_everything_that_a_command_lacks_is_named_at_once(says: Tonne) -> None:
    said = says("issue", "--unit", "EXA-1")
    assert (said.code, said.err.splitlines()[0]) == (2, "Missing '--year' and '--count'.")
    assert says("transfer").err.startswith("Missing '--from', '--to' and '--unit'.")
    assert says("allocate").err.startswith("Missing 'FILE' and '--unit'.")
    assert says("reverse").err.startswith("Missing argument 'NUMBER'.")


def test_help_is_given_whatever_else_a_command_lacks(says: Tonne) -> None:
    assert says("issue", "--help").code == 0


def test_help_is_broken_into_lines_by_the_window_alone(says: Tonne) -> None:
    # The source begins a line after "Its clock shows"; no window is so narrow as that.
    said = [line.rstrip() for line in says("demo", "run", "--help").out.splitlines()]
    assert not [line for line in said if line.endswith("Its clock shows")]


@pytest.mark.parametrize("day", ["20250501", "2025-W18-4", "2025-5-1", "1.5.2025", ""])
def test_a_day_is_written_in_one_form_only(says: Tonne, day: str) -> None:
    said = says("account", "list", "--on", day, "--json")
    assert said.code == 2
    assert "write it as 2026-04-30" in said.data["detail"]


def test_a_choice_that_is_none_is_told_with_those_there_are(says: Tonne) -> None:
    said = says("account", "found", "--as", "king")
    assert said.code == 2
    assert said.err.startswith(
        "Invalid value for '--as': 'king' is not one of 'authority', 'operator', 'administrator', "
        "'verifier'."
    )


EMPTY = {
    "holder": ("account", "open", "--kind", "person", "--name", " "),
    "operator": ("account", "open", "--kind", "operator", "--name", "x", "--operator", ""),
    "key": ("account", "found", "--key", ""),
    "reason": ("account", "suspend", Town().ana, "--reason", ""),
    "verifier": ("report", "verify", "--operator", "STEEL-1", "--year", "2025", "--verifier", ""),
    "excluded": ("report", "exclude", "--operator", "", "--year", "2025", "--reason", "x"),
}


@pytest.mark.parametrize("what", EMPTY)
@pytest.mark.usefixtures("town")
def test_what_goes_on_record_is_not_empty(tonne: Tonne, books: Books, what: str) -> None:
    before = books()
    said = tonne(*EMPTY[what], *ON, "--json")
    assert said.code == 2
    assert said.data["detail"].endswith("it is empty.")
    assert books() == before


@pytest.mark.usefixtures("town")
def test_a_name_that_no_index_could_hold_is_the_callers_fault(tonne: Tonne) -> None:
    # The limit is in bytes: a letter may have several.
    for option, text in (("--key", "x" * 501), ("--name", "é" * 251)):
        words = ("account", "open", "--kind", "person", "--name", "Bo", option, text)
        said = tonne(*words, *ON)
        assert said.code == 2
        assert "longer than 500 bytes" in said.err
    long = ("account", "open", "--kind", "operator", "--name", "Bo", "--operator", "é" * 250)
    assert tonne(*long, "--key", "é" * 250, *ON).code == 0


@pytest.mark.usefixtures("town")
def test_words_that_are_no_text_are_the_callers_fault(tonne: Tonne, books: Books) -> None:
    before = books()
    said = tonne("account", "open", "--kind", "person", "--name", "\udcff", *ON, "--json")
    assert said.code == 2
    assert "not text in UTF-8" in said.data["detail"]
    assert books() == before


def test_what_is_done_is_told_also_where_a_letter_is_lacking(
    tonne: Tonne, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    del town
    shown = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", shown)
    assert tonne("account", "open", "--kind", "person", "--name", "Zoë", *ON).code == 0
    shown.seek(0)
    assert "is open for Zo\\xeb." in shown.read()


@pytest.mark.usefixtures("town")
def test_accounts_of_a_kind_that_the_scheme_lacks_are_not_listed_as_none(tonne: Tonne) -> None:
    said = tonne("account", "list", "--kind", "operater", *ON, "--json")
    assert said.numbers == [1102]
    assert "operator" in said.data["refusals"][0]["message"]


def test_the_first_step_is_named_where_there_are_no_accounts(tonne: Tonne) -> None:
    assert tonne("account", "list", *ON).out.splitlines() == [
        "0 accounts.",
        "Next: tonne account found",
    ]


@pytest.mark.usefixtures("town")
def test_a_name_that_no_operator_has_is_not_taken_for_a_number(tonne: Tonne) -> None:
    said = tonne("statement", "STEAL-1", *ON)
    assert said.code == 2
    assert said.err.startswith(
        "No account has the number 'STEAL-1', and no operator of example that name."
    )


def test_the_schemes_own_accounts_are_neither_doubled_nor_closed(
    tonne: Tonne, town: Town, books: Books
) -> None:
    before = books()
    words = ("account", "open", "--kind", "authority", "--name", "Second", *ON, "--json")
    assert tonne(*words).numbers == [1108]
    closing = ("account", "close", "XE-100-1-0-14", "--reason", "x", *ON, "--json")
    assert 1109 in tonne(*closing).numbers
    assert books() == before
    assert tonne("issue", "--year", 2025, *UNIT, "--count", 1, *ON).code == 0
    del town


@pytest.mark.usefixtures("town")
def test_a_citizens_account_belongs_to_no_operator(tonne: Tonne, books: Books) -> None:
    before = books()
    words = ("account", "open", "--kind", "person", "--name", "Bo", "--operator", "STEEL-1", *ON)
    assert tonne(*words, "--json").numbers == [1112]
    assert books() == before


@pytest.mark.usefixtures("town")
def test_a_year_that_has_not_begun_is_not_reported(tonne: Tonne, books: Books) -> None:
    before = books()
    words = ("report", "submit", "--operator", "STEEL-1", "--tonnes", 5, *ON, "--json")
    assert tonne(*words, "--year", 2026).numbers == [5023]
    said = tonne(*words, "--year", 2020)
    assert said.numbers == [200]
    assert "for the rule 'report_deadline' of 'example'" in said.data["refusals"][0]["message"]
    assert said.data["refusals"][0]["reference"].startswith("Example")
    assert tonne("close", 2024, "--on", "2026-05-01", "--json").numbers == [200]
    assert books() == before


@pytest.mark.usefixtures("town")
def test_a_year_is_not_closed_while_units_may_still_come(tonne: Tonne, books: Books) -> None:
    before = books()
    assert tonne("close", 2025, "--on", "2026-04-29", "--json").numbers == [6030]
    assert books() == before
    said = tonne("close", 2025, "--on", "2026-04-30")
    assert said.out.startswith(
        "2025 is closed: 0 of 2 operators met their duty, 2 without a figure are undecided, "
        "and nobody is fined."
    )
    story = tonne("statement", "STEEL-1", "--on", "2026-05-01")
    assert "STEEL-1 has no figure for 2025, so nothing is decided yet." in story.out


def test_a_transaction_is_named_by_its_number(tonne: Tonne, town: Town) -> None:
    del town
    said = tonne("reverse", "0", *ON)
    assert "The number of a transaction must be a positive whole number, not '0'." in said.err


def test_the_check_adds_up_every_scheme_in_the_books(
    tonne: Tonne, town: Town, tmp_path: Path
) -> None:
    del town
    folder = tmp_path / "island"
    folder.mkdir()
    for law in (schemes_folder() / "example").glob("*.toml"):
        text = (
            law.read_text().replace("EXA-", "ISL-").replace('"EX-', '"IS-').replace('"XE"', '"XI"')
        )
        (folder / law.name).write_text(text)
    of_island = ("--scheme", folder, *ON)
    assert tonne("account", "found", *of_island).code == 0
    said = tonne("issue", "--year", 2025, "--unit", "ISL-1", "--count", 9, *of_island)
    assert said.code == 0, said
    (only,) = tonne("check", "--scheme", folder, "--json").data["totals"]
    assert (only["asset"], only["issued"]) == ("ISL-1", 9)


def test_the_check_knows_the_schemes_by_the_books(
    tonne: Tonne, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    del town
    monkeypatch.delenv("TONNE_SCHEME")
    assert [each["asset"] for each in tonne("check", "--json").data["totals"]] == ["EXA-1"]
    said = tonne("check", "--scheme", "nonsense", "--json")
    assert said.code == 2
    assert "no scheme or folder 'nonsense'" in said.data["detail"]


@pytest.fixture
def lodger(database_server: str) -> Iterator[str]:
    """A role of the server of the tests with no right but to enter, and its address."""
    role = f"lodger_{os.getpid()}"
    with psycopg.connect(database_server, autocommit=True) as admin:
        admin.execute(f"create role {role} login password 'key'".encode())
        yield make_conninfo(database_server, user=role, password="key", dbname=f"of_{role}")  # noqa: S106
        admin.execute(f"drop role {role}".encode())


def test_a_role_that_lacks_rights_is_the_callers_fault_and_told_what_to_ask_for(
    says: Tonne, template: str, lodger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del template  # It has made the application's role.
    monkeypatch.setenv("TONNE_DATABASE_URL", lodger)
    words = ("account", "list", "--scheme", "example", *ON)
    said: Said = says(*words, "--json")
    assert said.numbers == [9060, 9064]
    told = says(*words)
    assert told.code == 2
    assert "it lacks CREATEDB. SQL: create database" in told.err
    assert 'SQL: grant "tonne_app" to "lodger_' in told.err


def test_a_server_that_does_not_know_us_has_heard_a_wrong_address(
    says: Tonne, database_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONNE_DATABASE_URL", make_conninfo(database_server, user="nobody_at_all"))
    said = says("account", "list", "--scheme", "example", "--json")
    assert (said.code, said.data["title"]) == (2, "No answer")
    assert "nobody_at_all" in said.data["detail"]
    monkeypatch.setenv("TONNE_DATABASE_URL", "nonsense")
    assert says("account", "list", "--scheme", "example", "--json").numbers == [9054]


def test_the_address_of_other_books_leads_to_them(tonne: Tonne) -> None:
    assert "dbname=other" in tonne("db", "url", "--database", "other").out


def test_nothing_is_shown_of_where_a_refusal_was_raised(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import sys; from tonne.cli import main; sys.exit(main())"]
    done = subprocess.run(
        [*words, "lint", "nowhere", "--json"], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["title"] == "Not possible"
