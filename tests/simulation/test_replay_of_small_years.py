"""Sentences about the replay: years lived on their own dates, by our own operations."""

from pathlib import Path

import pytest

from tonne.operations import load_scheme, scheme_folder
from tonne.simulation import Replay, read, replay, replay_scheme
from tonne.simulation.history import Total
from tonne.simulation.trades import trades
from tonne.store import MemoryStore

LAW = load_scheme(scheme_folder("eu_ets"))
INSTALLATIONS = """\
account_id,installation_id,installation_name,country,main_activity
11,1,Lime kiln,AT,7-Lime
12,2,Glass works,AT,6-Glass
13,3,Steel works,BE,5-Steel
"""
# The glass works surrender more in three years than they are given, the lime kiln has units left
# over. The steel works surrender 10 too few for 2005 and never make them good. What is left of the
# first period is cancelled on 1 May 2008; in 2008 everything begins anew, but for the 10.
LOG = """\
kind,registry,account_id,year,alloc_total,verified,verified_flag,surrendered,compliance_code
installation,AT,11,2005,150,90,,90,A
installation,AT,12,2005,50,80,,80,A
installation,BE,13,2005,100,100,,90,B
installation,AT,11,2006,150,90,,90,A
installation,AT,12,2006,50,40,,40,A
installation,BE,13,2006,100,100,,100,B
installation,AT,11,2007,150,90,,90,A
installation,AT,12,2007,50,40,,40,A
installation,BE,13,2007,100,100,,100,B
installation,AT,11,2008,150,90,,90,A
installation,AT,12,2008,50,,Not Reported,,C
installation,BE,13,2008,100,100,,100,B
"""
TOTALS = """\
kind,year,alloc_total,verified,surrendered
installation,2005,300,270,260
installation,2006,300,230,230
installation,2007,300,230,230
installation,2008,300,190,190
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("history")
    (where / "installations.csv").write_text(INSTALLATIONS, encoding="utf-8")
    (where / "compliance_long.csv").write_text(LOG, encoding="utf-8")
    (where / "totals_by_year.csv").write_text(TOTALS, encoding="utf-8")
    return where


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture(scope="module")
def lived(folder: Path, store: MemoryStore) -> Replay:
    years = range(2005, 2009)
    return replay(store.run, LAW, read(folder, years), years=years)


def test_every_year_has_the_sums_of_the_record(lived: Replay) -> None:
    sums = {each.year: each.total for each in lived.years if each.kind == "installation"}
    assert sums == {
        2005: Total(allocated=300, verified=270, surrendered=260),
        2006: Total(allocated=300, verified=230, surrendered=230),
        2007: Total(allocated=300, verified=230, surrendered=230),
        2008: Total(allocated=300, verified=190, surrendered=190),
    }
    assert lived.refused == []


def test_what_an_operator_lacks_comes_from_who_has_too_much(lived: Replay) -> None:
    # The glass works are given 50 a year, and the next year's before they surrender: they have
    # enough for 80 and 40, and lack 10 of the 40 for 2007 (150 were given, 160 surrendered).
    assert lived.obtained == 80 + 40 + 40 - 3 * 50


def test_the_shortfall_of_a_period_stays_due_in_the_next(lived: Replay) -> None:
    statuses = {year: lived.statuses["13", year] for year in range(2005, 2009)}
    # 10 units are missing from 2005 on, and never made good.
    assert statuses == {2005: "B", 2006: "B", 2007: "B", 2008: "B"}


def test_who_reports_nothing_has_the_code_for_it(lived: Replay) -> None:
    assert lived.statuses["12", 2008] == "C"
    assert lived.statuses["11", 2008] == "A"


def test_the_fine_is_for_the_year_in_which_units_are_first_missing(lived: Replay) -> None:
    fines = {each.year: str(each.penalty) for each in lived.years}
    assert fines[2005] == "EUR 400.00"  # 10 at EUR 40
    assert fines[2006] == fines[2007] == fines[2008] == "EUR 0.00"


def test_what_is_left_of_the_first_period_is_cancelled(lived: Replay, store: MemoryStore) -> None:
    assert lived.years
    totals = {each.asset: each for each in store.run(lambda books: books.totals("eu_ets"))}
    held = totals["EUA-1"].held
    # Issued for three years, 720 surrendered (260 + 230 + 230), the rest cancelled wherever it lay.
    assert totals["EUA-1"].issued == 2_181_400_000 * 2 + 2_298_500_000
    assert {kind: count for kind, count in held.items() if count} == {
        "surrendered": 720,
        "cancelled": totals["EUA-1"].issued - 720,
    }
    assert store.run(lambda books: books.check()) == []


def test_a_record_whose_sums_differ_is_told(folder: Path, tmp_path: Path) -> None:
    for each in folder.iterdir():
        text = each.read_text(encoding="utf-8").replace("2006,300,230,230", "2006,300,231,230")
        (tmp_path / each.name).write_text(text, encoding="utf-8")
    years = range(2005, 2007)
    report = replay_scheme(
        MemoryStore().run, LAW, read(tmp_path, years), years=years, folder=tmp_path
    )
    assert not report.agrees
    assert [("231" in each, "2006" in each) for each in report.differences] == [(True, True)]
    assert report.as_dict()["agrees_to_the_tonne"] is False


def test_surplus_meets_need_from_the_largest_down_and_nothing_is_invented() -> None:
    holdings = {"a": 100, "b": 10, "c": 0, "d": 5}
    needs = {"a": 40, "c": 65, "d": 5}
    found = [
        (each.source, each.target, each.count)
        for each in trades(holdings, needs, key="k", unit="EUA-1")
    ]
    # a has 60 to spare and b 10; c lacks 65.
    assert found == [("a", "c", 60), ("b", "c", 5)]


def test_where_all_surplus_is_not_enough_the_need_stays() -> None:
    found = list(trades({"a": 3, "b": 0}, {"b": 9}, key="k", unit="EUA-1"))
    assert [(each.source, each.target, each.count) for each in found] == [("a", "b", 3)]


def test_real_years_agree_with_the_record_to_the_tonne() -> None:
    folder = scheme_folder("eu_ets")
    years = range(2005, 2007)
    report = replay_scheme(
        MemoryStore().run,
        LAW,
        read(folder / "history", years),
        years=years,
        folder=folder,
    )
    assert report.agrees, report.as_dict()["differences"]
    assert [each.total.surrendered for each in report.years] == [1_645_270_597, 2_384_787_267]
