"""Commands that only ask: statement, history, check, scheme, lint, db."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tonne.operations import schemes_folder
from tonne.registry import CHECKS
from town import Tonne, Town

ON = ("--on", "2025-05-01")


def test_a_statement_begins_with_what_is_held(tonne: Tonne, town: Town) -> None:
    said = tonne("statement", town.steel, *ON)
    assert said.code == 0
    assert said.out.startswith(f"{town.steel} (Steelworks) holds 60 EXA-1.")
    assert "EX-1-1-60" in said.out
    assert "Next: tonne history EX-1-1" in said.out


def test_a_statement_is_found_by_the_operator_too(tonne: Tonne, town: Town) -> None:
    said = tonne("statement", "STEEL-1", *ON, "--json")
    assert said.data["account"]["number"] == town.steel
    assert [step["kind"] for step in said.data["steps"]] == ["allocate"]
    assert set(said.data) == {
        "account", "holdings", "blocks", "steps", "reports", "figures", "closings"
    }  # fmt: skip
    assert tonne("statement", "STEEL-1", "--year", 2026, *ON, "--json").data["steps"] == []


def test_the_life_of_a_unit_is_told_from_issuance(tonne: Tonne, town: Town) -> None:
    said = tonne("history", "EX-1-61", "--json")
    assert said.data["holder"] == town.kiln
    assert [step["kind"] for step in said.data["steps"]] == ["issue", "allocate"]
    assert "EX-1-61 is a unit of EXA-1" in tonne("history", "EX-1-61").out
    assert "is not issued yet" in tonne("history", "EX-1-5000").out


def test_the_checks_that_let_each_step_pass_are_told_when_they_are_asked_for(
    tonne: Tonne, town: Town
) -> None:
    said = tonne("history", "EX-1-61", "--checks", "--json")
    issue, allocate = (str(step["transaction"]) for step in said.data["steps"])
    assert said.data["holder"] == town.kiln
    # All of the registry's, and the ledger's one.
    asked = [[check["number"] for check in said.data["checks"][each]] for each in (issue, allocate)]
    assert asked == [[*(check.number for check in CHECKS), 3005]] * 2
    assert said.data["checks"][allocate][0] == {
        "by": "registry",
        "number": 1001,
        "sentence": "The number of the giving account is written rightly",
        "reference": "Example Act, s. 4",
    }
    text = tonne("history", "EX-1-61", "--checks").out
    assert f"Checks passed by {allocate}, allocate on" in text
    assert "The receiving account is not suspended" in text
    assert "Checks passed" not in tonne("history", "EX-1-61").out
    assert tonne("history", "EX-1-61", "--json").data["checks"] == {}


def test_checks_are_told_by_the_law_under_which_the_step_was_done(tonne: Tonne, town: Town) -> None:
    said = tonne("history", f"EX-1-{61}", "--checks", "--scheme", "kyoto_cp1", "--json")
    assert town.kiln
    assert (said.code, said.numbers) == (2, [9021])


@pytest.mark.parametrize(
    "serial", ["EX-1-0", "EX-9-1", "nonsense", "EX-1-99999999999999999999", "EX-1-" + "9" * 9_999]
)
@pytest.mark.usefixtures("town")
def test_a_serial_that_the_books_lack_is_refused(tonne: Tonne, serial: str) -> None:
    assert tonne("history", serial, "--json").numbers == [9020]


@pytest.mark.usefixtures("town")
def test_the_check_says_where_the_units_lie(tonne: Tonne) -> None:
    said = tonne("check", "--json")
    assert said.code == 0
    assert said.data["ok"] is True
    assert said.data["totals"] == [
        {"asset": "EXA-1", "issued": 1000, "held": {"authority": 890, "operator": 110}}
    ]
    assert tonne("check").out.startswith("Nothing differs")


def test_the_check_fails_when_the_books_were_tampered_with(
    tonne: Tonne, town: Town, place: str
) -> None:
    with psycopg.connect(place) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "update block_end set account = (select id from account where number = %s) "
            "where last = 110",
            (town.ana,),
        )
    said = tonne("check", "--json")
    assert said.code == 3
    assert said.data["ok"] is False
    assert said.data["differences"]
    assert "do not follow" in tonne("check").out


@pytest.mark.usefixtures("town")
def test_other_books_are_looked_into_by_their_name(tonne: Tonne, place: str) -> None:
    other = f"{psycopg.conninfo.conninfo_to_dict(place)['dbname']}_other"
    try:
        # A name that was mistyped is not answered from books that are empty.
        for words in (("account", "list", *ON), ("check",), ("history", "EX-1-1")):
            assert tonne(*words, "--database", other, "--json").numbers == [9058]
        assert tonne("account", "found", *ON, "--database", other).code == 0
        assert (
            len(tonne("account", "list", *ON, "--database", other, "--json").data["accounts"]) == 6
        )
        assert len(tonne("account", "list", *ON, "--json").data["accounts"]) == 9
    finally:
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{other}" with (force)'.encode())


def test_the_schemes_are_listed_with_their_units(says: Tonne) -> None:
    said = says("scheme", "list", "--json")
    example = next(each for each in said.data["schemes"] if each["name"] == "example")
    assert example["units"] == ["EXA-1", "EXA-2", "EUR"]
    assert example["since"] == "2025-01-01"
    assert "Example Emissions Trading Scheme" in says("scheme", "list").out


def test_the_law_of_a_day_is_shown_with_its_references(says: Tonne) -> None:
    said = says("scheme", "show", "eu_ets", "--on", "2007-04-30", "--json")
    penalty = next(each for each in said.data["clauses"] if each["rule"] == "penalty")
    assert penalty["value"]["amount"] == "40.00"
    assert "16" in penalty["reference"]
    assert penalty["verified"] in (True, False)
    later = says("scheme", "show", "eu_ets", "--on", "2009-04-30", "--json").data["clauses"]
    assert next(each for each in later if each["rule"] == "penalty")["value"]["amount"] == "100.00"
    assert (
        "clauses in force on 2007-04-30"
        in says("scheme", "show", "eu_ets", "--on", "2007-04-30").out
    )


def test_our_own_schemes_have_no_fault(says: Tonne) -> None:
    said = says("lint", "--json")
    assert said.code == 0, said.out
    assert said.data == {"ok": True, "schemes": ["eu_ets", "example", "kyoto_cp1"], "faults": []}


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A copy of the example's law, to be spoiled."""
    return Path(shutil.copytree(schemes_folder() / "example", tmp_path / "draft"))


def test_an_unknown_rule_an_undated_and_a_doubly_dated_clause_are_told_by_line(
    says: Tonne, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = draft / "compliance.toml"
    text = law.read_text()
    twice = '[[publication_day]]\nstart = 2025-01-01\nvalue = "05-16"\nreference = "s. 12(6)"\n'
    undated = '[[names_published]]\nvalue = false\nreference = "s. 12(7)"\n'
    law.write_text(f"{text}\n{twice}\n{undated}\n[[penalti]]\nstart = 2025-01-01\n")
    said = says("lint", draft, "--json")
    assert said.code == 2
    faults = said.data["faults"]
    assert {204, 206, 207} <= {each["number"] for each in faults}
    assert all(each["file"].endswith("compliance.toml") and each["line"] > 1 for each in faults)
    told = says("lint", draft)
    assert told.code == 2
    unknown = next(each for each in faults if each["number"] == 204)
    assert f"compliance.toml:{unknown['line']}: [204] penalti" in told.err
    monkeypatch.setenv("LC_ALL", "sl_SI.UTF-8")
    in_slovenian = says("lint", draft).err
    place = f"compliance.toml:{unknown['line']}: [204] penalti: pričakovano je morda penalty, "
    assert place in in_slovenian
    assert says("lint", draft, "--json").data == said.data
    monkeypatch.setenv("LC_ALL", "C")
    assert says("account", "list", "--scheme", draft, "--on", "2025-05-01", "--json").numbers


def test_a_table_of_transactions_that_contradicts_the_accounts_is_a_fault(
    says: Tonne, draft: Path
) -> None:
    law = draft / "scheme.toml"
    law.write_text(law.read_text().replace('to_kinds = ["surrendered"]', 'to_kinds = ["pit"]'))
    said = says("lint", draft, "--json")
    assert said.code == 2
    assert "pit" in said.data["faults"][0]["message"]


@pytest.mark.parametrize(
    ("written", "instead", "why"),
    [
        ('unit = "EXA-1"', 'unit = "EXA-9"', "there is no unit EXA-9 on 2025-01-01"),
        ('vintage = "2025-2027"', 'vintage = "1999"', "its vintage '1999' is not of First period"),
        ('vintage = "2025-2027"', 'vintage = "2025-2028"', "'2025-2028' is not of First period"),
        ("delivery_day = 2025-12-17", "delivery_day = 2028-05-01", "delivered up to 2028-05-01"),
    ],
)
def test_what_is_traded_and_cannot_be_delivered_is_a_fault(
    says: Tonne, draft: Path, written: str, instead: str, why: str
) -> None:
    law = draft / "instruments.toml"
    lines = law.read_text().splitlines()
    place = next(n for n, line in enumerate(lines) if 'code = "EXA-DEC25"' in line)
    lines[place] = lines[place].replace(written, instead)
    law.write_text("\n".join(lines))
    (fault,) = says("lint", draft, "--json").data["faults"]
    assert fault["message"].startswith("EXA-DEC25: ")
    assert why in fault["message"]
    assert fault["line"] == place + 1


def test_a_price_of_auctions_that_is_off_the_tick_of_a_lot_is_a_fault(
    says: Tonne, draft: Path
) -> None:
    law = draft / "instruments.toml"
    lines = law.read_text().splitlines()
    place = next(n for n, line in enumerate(lines) if 'code = "EXA-2-LOT"' in line)
    lines[place] = lines[place].replace("tick = 1", "tick = 1000")
    law.write_text("\n".join(lines))
    faults = says("lint", draft, "--json").data["faults"]
    # EUR 25.00 and the cents in which the reserve price grows are on no tick of ten euros.
    assert [(each["line"], each["message"]) for each in faults] == [
        (place + 1, "EXA-2-LOT: 25.00 of auctions.toml is not on its tick, 10.00"),
        (place + 1, "EXA-2-LOT: 0.01 of auctions.toml is not on its tick, 10.00"),
    ]


def test_law_that_counts_working_days_without_a_calendar_is_a_fault(
    says: Tonne, draft: Path
) -> None:
    (draft / "calendar.toml").unlink()
    faults = says("lint", draft, "--json").data["faults"]
    counted = ["people.toml", "instruments.toml", "settlement.toml", "deals.toml"]
    assert [Path(each["file"]).name for each in faults] == counted
    assert {each["message"] for each in faults} == {
        "its days are working days, and there is no calendar.toml"
    }


@pytest.fixture
def home(says: Tonne, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home for a server of one's own, in a folder that an ordinary account can pass."""
    del says
    place = Path(tempfile.mkdtemp(prefix="tonne-test-", dir="/var/tmp"))
    place.chmod(0o711)
    monkeypatch.setenv("TONNE_HOME", str(place))
    yield place
    shutil.rmtree(place)


def test_the_embedded_server_is_started_used_and_stopped(says: Tonne, home: Path) -> None:
    assert says("db", "path").out.strip() == str(home / "postgres" / "data")
    assert says("db", "status", "--json").data["running"] is False
    try:
        said = says("account", "found", "--scheme", "example", "--on", "2025-01-02")
        assert said.code == 0, said
        assert says("db", "status", "--json").data["running"] is False
        assert says("db", "start").out.startswith("The server runs as process")
        assert says("check", "--json").data["ok"] is True
        url = says("db", "url").out.strip()
        with psycopg.connect(url) as connection:
            row = connection.execute("select count(*) from account").fetchone()
        assert row == (6,)
    finally:
        said = says("db", "stop", "--json")
    assert said.data["running"] is False


def test_a_server_that_was_named_is_not_ours_to_stop(tonne: Tonne) -> None:
    for verb in ("start", "stop", "status", "path"):
        said = tonne("db", verb)
        assert said.code == 2
        assert "TONNE_DATABASE_URL" in said.err
    assert tonne("db", "url").code == 0
