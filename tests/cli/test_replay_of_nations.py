"""The replay of nations at the desk: what it tells, and what stands in its books."""

import json
from pathlib import Path

from town import Tonne

BOOKS = ("--database", "tonne_test_nations")


def test_every_nation_and_the_bubble_are_told(tonne: Tonne) -> None:
    said = tonne("replay", "kyoto", *BOOKS)
    assert said.code == 0
    assert said.out.startswith("Kyoto, 2008 to 2012: 36 nations took part; 12 emitted more")
    for words in ("Austria", "343,866,009", "left before the test", "met: no member has a case"):
        assert words in said.out
    assert "the books hold just these units" in said.out
    assert "published with the potentials of AR4" in said.out
    assert "counts with SAR" in said.out


def test_a_program_gets_the_same_in_figures_and_a_second_run_issues_nothing(tonne: Tonne) -> None:
    told = json.loads(tonne("replay", "kyoto", *BOOKS, "--json").out)
    assert (told["potentials"], told["potentials_as_published"]) == ("SAR", "AR4")
    austria = next(each for each in told["nations"] if each["party"] == "AT")
    assert austria["assigned_amount"] == 343_866_009
    assert austria["balance"] == austria["assigned_amount"] - austria["emissions"]
    assert austria["to_buy"] == -austria["balance"]
    assert told["bubble"]["met"] is True
    assert told["bubble"]["own_units"] == 19_357_532
    assert len(told["notes"]) == 5
    books = told["books"]
    # 37 countries (the United States have no amount), and the organisation of the bubble.
    assert (books["issued_blocks"], books["repeated"], books["agrees"]) == (38, 0, True)
    assert books["serials"]["AT"] == "AT-1-1-343866009-1-1-0-0"
    again = json.loads(tonne("replay", "kyoto", *BOOKS, "--keep", "--json").out)["books"]
    assert (again["issued_units"], again["repeated"]) == (books["issued_units"], 38)
    assert again["transactions"] == books["transactions"]
    assert tonne("check", *BOOKS).code == 0


def test_the_years_of_a_period_cannot_be_chosen(says: Tonne) -> None:
    said = says("replay", "kyoto", "--years", "2008-2010")
    assert said.code == 2
    assert "one block" in said.err


def test_a_scheme_is_replayed_for_years_that_are_named(says: Tonne) -> None:
    said = says("replay", "eu_ets")
    assert said.code == 2
    assert "Which years?" in said.err


def test_a_folder_without_the_table_is_refused(says: Tonne, tmp_path: Path) -> None:
    said = says("replay", "kyoto", "--data", tmp_path)
    assert said.code == 2
    assert "[4600]" in said.err
