"""Sentences about the replay: years lived on their own dates, by our own operations."""

from pathlib import Path

import pytest

from tonne.operations import load_scheme, scheme_folder
from tonne.refusal import Refused
from tonne.simulation import Replay, read, replay, replay_scheme, years_to_read
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


def test_an_empty_cell_without_a_word_is_no_figure_and_no_duty(
    tmp_path: Path, folder: Path
) -> None:
    text = (folder / "compliance_long.csv").read_text(encoding="utf-8")
    text = text.replace("AT,12,2006,50,40,,40,A", "AT,12,2006,50,,,40,A")
    (tmp_path / "compliance_long.csv").write_text(text, encoding="utf-8")
    (tmp_path / "installations.csv").write_text(INSTALLATIONS, encoding="utf-8")
    store, years = MemoryStore(), range(2005, 2008)
    report = replay_scheme(store.run, LAW, read(tmp_path, years), years=years, folder=tmp_path)
    lived = {each.year: each for each in report.years}
    number = store.run(lambda books: books.accounts(scheme="eu_ets", operator="AT-2"))[0].number
    figures = {n for n, _ in store.run(lambda books: list(books.figures("eu_ets", [2006])))}
    assert number not in figures
    assert (number, 2006) in store.run(lambda books: books.exclusions("eu_ets", [2006]))
    # 40 were surrendered all the same; nothing is invented, and the code is counted apart.
    assert lived[2006].total == Total(allocated=300, verified=190, surrendered=230)
    assert (lived[2006].in_compliance, lived[2006].short, lived[2006].without_figure) == (1, 1, 1)
    assert (report.codes.without_figure.compared, report.codes.without_figure.agree) == (1, 1)
    assert report.refused == ()
    assert store.run(lambda books: books.check()) == []


def test_where_nothing_was_published_nothing_is_said_to_agree(tmp_path: Path, folder: Path) -> None:
    for name in ("installations.csv", "compliance_long.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    years = range(2005, 2006)
    report = replay_scheme(
        MemoryStore().run, LAW, read(tmp_path, years), years=years, folder=tmp_path
    )
    assert (report.compared, report.agrees, report.differs) == (0, False, False)
    assert report.as_dict()["agrees_to_the_tonne"] is None


def test_a_year_of_aircraft_operators_needs_none(tmp_path: Path) -> None:
    (tmp_path / "installations.csv").write_text(INSTALLATIONS, encoding="utf-8")
    rows = [LOG.splitlines()[0], "installation,AT,11,2012,150,90,,90,A", ""]
    log = "\n".join([rows[0], rows[1].replace("2012", "2008"), *rows[1:]])
    (tmp_path / "compliance_long.csv").write_text(log, encoding="utf-8")
    years = range(2008, 2013)
    done = replay(MemoryStore().run, LAW, read(tmp_path, years), years=years)
    assert [(each.year, each.kind) for each in done.years] == [
        (2008, "installation"),
        (2012, "installation"),
    ]
    assert done.refused == []


def test_the_last_year_is_settled_with_the_units_of_the_next(tmp_path: Path) -> None:
    # In 2008 only 150 are given out, and 210 surrendered; those of 2009 come before 30 April.
    log = (
        f"{LOG.splitlines()[0]}\n"
        "installation,AT,11,2008,100,90,,90,A\n"
        "installation,BE,13,2008,50,120,,120,A\n"
        "installation,BE,13,2009,70,60,,60,A\n"
    )
    (tmp_path / "installations.csv").write_text(INSTALLATIONS, encoding="utf-8")
    (tmp_path / "compliance_long.csv").write_text(log, encoding="utf-8")
    years = range(2008, 2009)
    assert years_to_read(LAW, years) == range(2008, 2010)
    history = read(tmp_path, years_to_read(LAW, years))
    report = replay_scheme(MemoryStore().run, LAW, history, years=years, folder=tmp_path)
    assert report.refused == ()
    assert [(each.year, each.total.surrendered) for each in report.years] == [(2008, 210)]
    assert report.codes.compared == 2
    assert report.notes == (
        "What was missing from the years before 2008 is not known, and counts as nothing.",
    )


def test_the_units_of_the_next_period_do_not_come_in_time() -> None:
    assert years_to_read(LAW, range(2005, 2007)) == range(2005, 2008)
    assert years_to_read(LAW, range(2005, 2008)) == range(2005, 2008)
    assert years_to_read(LAW, range(2005, 2013)) == range(2005, 2013)


@pytest.mark.parametrize("first", [2006, 2007, 2009, 2012])
def test_a_replay_does_not_begin_where_the_balance_before_is_unknown(first: int) -> None:
    with pytest.raises(Refused) as no:
        years_to_read(LAW, range(first, 2013))
    assert [each.number for each in no.value.refusals] == [4612]
    assert str(first) in str(no.value)


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


def test_a_real_year_agrees_with_the_record_to_the_tonne_in_memory() -> None:
    folder = scheme_folder("eu_ets")
    years = range(2005, 2006)
    report = replay_scheme(
        MemoryStore().run,
        LAW,
        read(folder / "history", years),
        years=years,
        folder=folder,
    )
    assert report.agrees, report.as_dict()["differences"]
    assert [each.total.surrendered for each in report.years] == [1_645_270_597]
