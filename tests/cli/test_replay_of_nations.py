"""The replay of nations at the desk: what it tells, and that it writes nothing."""

import json
from pathlib import Path

from town import Tonne


def test_every_nation_and_the_bubble_are_told(says: Tonne) -> None:
    said = says("replay", "kyoto")
    assert said.code == 0
    assert said.out.startswith("Kyoto, 2008 to 2012: 36 nations took part; 12 emitted more")
    for words in ("Austria", "343,866,009", "left before the test", "met: no member has a case"):
        assert words in said.out


def test_it_says_that_nothing_was_written_and_which_potentials_differ(says: Tonne) -> None:
    said = says("replay", "kyoto")
    assert "Nothing was written" in said.out
    assert "published with the potentials of AR4" in said.out
    assert "counts with SAR" in said.out


def test_a_program_gets_the_same_in_figures(says: Tonne) -> None:
    told = json.loads(says("replay", "kyoto", "--json").out)
    assert (told["potentials"], told["potentials_as_published"]) == ("SAR", "AR4")
    assert told["books_written"] is False
    austria = next(each for each in told["nations"] if each["party"] == "AT")
    assert austria["assigned_amount"] == 343_866_009
    assert austria["balance"] == austria["assigned_amount"] - austria["emissions"]
    assert austria["to_buy"] == -austria["balance"]
    assert told["bubble"]["met"] is True
    assert told["bubble"]["own_units"] == 19_357_532
    assert len(told["notes"]) == 5


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
