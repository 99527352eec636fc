"""What a replay refuses, and what it makes anew."""

import re
from pathlib import Path

import psycopg
import pytest

from town import Books, Tonne

pytestmark = pytest.mark.usefixtures("town")
EU = ("--scheme", "eu_ets", "--on", "2008-06-01")
REPLAY = ("replay", "eu_ets", "--years")


def test_a_replay_never_empties_the_books_that_are_yours(
    tonne: Tonne, books: Books, place: str
) -> None:
    before = books()
    own = psycopg.conninfo.conninfo_to_dict(place)["dbname"]
    assert tonne(*REPLAY, "2005", "--database", own, "--json").numbers == [9059]
    assert books() == before


def test_a_replay_makes_anew_only_what_a_replay_made(
    tonne: Tonne, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = f"{psycopg.conninfo.conninfo_to_dict(place)['dbname']}_other"
    law = ("--scheme", "eu_ets", "--on", "2005-01-01")
    again = (*REPLAY, "2005", "--data", log(tmp_path), "--database", other)
    try:
        monkeypatch.setenv("TONNE_DATABASE", other)
        assert tonne(*again, "--json").numbers == [9059]  # Missing, but meant for somebody's own.
        monkeypatch.delenv("TONNE_DATABASE")
        assert tonne(*again).code == 0
        assert tonne(*again).code == 0  # Its own books are made anew.
        words = ("account", "open", "--kind", "person", "--name", "Ana", *law)
        assert tonne(*words, "--database", other).code == 0
        assert tonne(*again, "--json").numbers == [9059]  # Somebody wrote in them since.
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(f'drop database "{other}" with (force)'.encode())
        assert tonne("account", "found", *law, "--database", other).code == 0
        assert tonne(*again, "--json").numbers == [9059]
        listed = tonne("account", "list", *law, "--database", other, "--json")
        assert listed.data["accounts"]
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(f'drop database "{other}" with (force)'.encode())
            connection.execute(f'create database "{other}"'.encode())
        assert tonne(*again).code == 0  # Empty.
    finally:
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{other}" with (force)'.encode())


def test_tables_of_ones_own_are_not_held_against_the_schemes_outcomes(
    tonne: Tonne, place: str, tmp_path: Path
) -> None:
    other = f"{psycopg.conninfo.conninfo_to_dict(place)['dbname']}_other"
    words = ("--data", log(tmp_path), "--database", other)
    try:
        said = tonne(*REPLAY, "2005-2007", *words)
        assert said.code == 0, said
        assert "eu_ets, 2005 to 2007: the books have nothing to compare with" in said.out
        assert "Italy" not in said.out
        assert f"tonne statement AT-1 --scheme eu_ets --database {other}" in said.out
        data = tonne(*REPLAY, "2005-2007", *words, "--json").data
        assert (data["compared"], data["agrees_to_the_tonne"]) == (0, None)
        number = "AT-120-11-0-{}"
        account = tonne("statement", "AT-1", *EU, "--database", other, "--json").data["account"]
        assert account["number"].startswith(number.format(""))
        by_number = tonne("statement", account["number"].lower(), *EU, "--database", other)
        assert by_number.out.startswith(account["number"])
        wrong = number.format(1 + int(account["number"].rpartition("-")[2]) % 90)
        assert tonne("statement", wrong, *EU, "--database", other, "--json").numbers == [1111]
        (tmp_path / "totals_by_year.csv").write_text(
            "kind,year,alloc_total,verified,surrendered\ninstallation,2005,100,90,90\n"
        )
        assert "agree to the tonne" in tonne(*REPLAY, "2005-2007", *words).out
    finally:
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{other}" with (force)'.encode())


def test_on_the_market_who_lacks_units_buys_them_and_the_next_replay_begins_anew(
    tonne: Tonne, place: str, tmp_path: Path
) -> None:
    other = f"{psycopg.conninfo.conninfo_to_dict(place)['dbname']}_other"
    folder = log(tmp_path)
    with (folder / "installations.csv").open("a", encoding="utf-8") as file:
        file.write("12,2,Glass works,6-Glass,AT\n")
    with (folder / "compliance_long.csv").open("a", encoding="utf-8") as file:
        file.write("installation,AT,12,2005,0,7,,7,A\n")
    again = (*REPLAY, "2005-2007", "--market", "--data", folder, "--database", other)
    try:
        said = tonne(*again)
        assert said.code == 0, said
        assert "Traded on the order book, at prices that are made" in said.out
        assert "EUA-1-SPOT" in said.out
        data = tonne(*again, "--seed", 5, "--json").data
        assert data["market"]["seed"] == 5
        # The glass works are given nothing and surrender 7 tonnes.
        assert sum(each["volume"] for each in data["market"]["years"]) >= 7
        assert [each["conserved"] for each in data["market"]["money"]] == [True]
        assert tonne("check", "--database", other).code == 0
    finally:
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{other}" with (force)'.encode())


@pytest.mark.parametrize(
    "words",
    [("kyoto", "--market"), ("cdm", "--market"), ("eu_ets", "--years", "2005", "--seed", "3")],
)
def test_only_operators_trade_and_a_seed_is_for_their_prices(
    says: Tonne, words: tuple[str]
) -> None:
    assert says("replay", *words).code == 2


def test_years_whose_balance_before_is_unknown_are_not_replayed(says: Tonne) -> None:
    assert says(*REPLAY, "2006-2007", "--json").numbers == [4612]


def log(folder: Path) -> Path:
    """The folder with the example of the page on the replay format."""
    page = Path(__file__).parents[2] / "docs" / "reference" / "replay-format.md"
    for name, text in re.findall(
        r"`(\w+\.csv)`\n\n```csv\n(.*?)```", page.read_text("utf-8"), re.DOTALL
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("years", ["2005", "2012-2005", "20-21", "all", "2005-2012-2013"])
def test_years_to_replay_are_written_first_to_last(says: Tonne, years: str) -> None:
    said = says("replay", "example", "--years", years)
    assert said.code == 2
