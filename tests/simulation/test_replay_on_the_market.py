"""Sentences about the replay on an exchange: who lacks units buys them, with money."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonne.operations import Books, Scheme, government, load_scheme, scheme_folder, trades_of
from tonne.refusal import Refused
from tonne.registry import BANK
from tonne.simulation import History, Report, read, replay, replay_scheme
from tonne.simulation.history import Operator, OperatorYear, Total
from tonne.store import MemoryStore
from world import Store

LAW = load_scheme(scheme_folder("eu_ets"))
YEARS = range(2005, 2009)
INSTALLATIONS = """\
account_id,installation_id,installation_name,country,main_activity
11,1,Lime kiln,DE,7-Lime
12,2,Glass works,DE,6-Glass
13,3,Steel works,BE,5-Steel
14,4,Power station,NO,1-Power
"""
# The glass works are given 50 a year and surrender 80; the steel works lack 10 for 2005 and never
# surrender them. The power station of 2008 lies outside the common area of the tax.
LOG = """\
kind,registry,account_id,year,alloc_total,verified,verified_flag,surrendered,compliance_code
installation,DE,11,2005,150,90,,90,A
installation,DE,12,2005,50,80,,80,A
installation,BE,13,2005,100,110,,100,B
installation,DE,11,2006,150,90,,90,A
installation,DE,12,2006,50,80,,80,A
installation,BE,13,2006,100,100,,100,B
installation,DE,11,2007,150,90,,90,A
installation,DE,12,2007,50,80,,80,A
installation,BE,13,2007,100,100,,100,B
installation,DE,11,2008,150,90,,90,A
installation,DE,12,2008,50,80,,80,A
installation,NO,14,2008,100,70,,70,A
"""
TOTALS = """\
kind,year,alloc_total,verified,surrendered
installation,2005,300,280,270
installation,2006,300,270,270
installation,2007,300,270,270
installation,2008,300,240,240
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("market")
    (where / "installations.csv").write_text(INSTALLATIONS, encoding="utf-8")
    (where / "compliance_long.csv").write_text(LOG, encoding="utf-8")
    (where / "totals_by_year.csv").write_text(TOTALS, encoding="utf-8")
    return where


def lived(store: Store, folder: Path, seed: int = 1, law: Scheme = LAW) -> Report:
    """The years of the folder, lived on an exchange."""
    history = read(folder, YEARS)
    return replay_scheme(store.run, law, history, years=YEARS, folder=folder, market_seed=seed)


def test_the_sums_are_as_published_and_every_unit_that_was_lacking_was_bought(
    store: Store, folder: Path
) -> None:
    report = lived(store, folder)
    assert report.agrees, (report.differences, report.refused)
    assert {each.year: each.total for each in report.years} == {
        2005: Total(allocated=300, verified=280, surrendered=270),
        2006: Total(allocated=300, verified=270, surrendered=270),
        2007: Total(allocated=300, verified=270, surrendered=270),
        2008: Total(allocated=300, verified=240, surrendered=240),
    }
    assert report.market is not None
    made = store.run(lambda books: [
        each
        for code in ("EUA-1-SPOT", "EUA-2-SPOT")
        for each in trades_of(
            books, LAW, code, first=date.min, last=date.max, zone=ZoneInfo("UTC")
        )
    ])  # fmt: skip
    years = report.market.years
    assert sum(each.qty for each in made) == sum(each.volume for each in years) == report.obtained
    assert len(made) == sum(each.trades for each in years)
    assert sum(each.qty * each.price for each in made) == sum(each.turnover for each in years)
    (glass,) = store.run(lambda books: books.accounts(scheme="eu_ets", operator="DE-2"))
    bought = sum(each.qty for each in made if each.buyer == glass.number)
    sold = sum(each.qty for each in made if each.seller == glass.number)
    # 80 in each of four years, of which they were given 50.
    assert bought - sold == 4 * (80 - 50)
    assert {each.instrument: each.volume for each in years if each.year >= 2009} == {
        "EUA-2-SPOT": 30
    }
    assert store.run(lambda books: books.check()) == []


def test_no_money_is_lost_or_made_and_nobody_has_less_than_none(store: Store, folder: Path) -> None:
    report = lived(store, folder)

    def purses(books: Books) -> tuple[int, list[int]]:
        bank = books.holdings(government(books, LAW)[BANK])["EUR"]
        balances = books.balances("eu_ets")
        return bank, [count for (_, asset), count in balances.items() if asset == "EUR"]

    bank, cash = store.run(purses)
    assert bank + sum(cash) == 0
    assert min(cash) >= 0
    assert report.market is not None
    (till,) = report.market.tills
    assert till.whole
    assert (till.bank, till.held) == (bank, sum(cash))
    assert till.deposited == sum(each.deposited for each in report.market.years) == -bank
    # Nobody but the glass works brought money, and no more than a twentieth above the middle.
    paid = sum(each.turnover for each in report.market.years)
    assert paid <= till.deposited
    assert not replace(till, bank=bank - 1).whole
    assert not replace(till, least=-1).whole
    assert [*replace(report.market, tills=(replace(till, held=0),)).differences()]


def test_nothing_is_left_on_the_book_when_units_are_due(store: Store, folder: Path) -> None:
    lived(store, folder)
    assert store.run(lambda books: books.open_holds("exchange")) == []


def test_the_same_seed_gives_the_same_trades_and_another_gives_others(folder: Path) -> None:
    def market(seed: int) -> object:
        return lived(MemoryStore(), folder, seed).as_dict()["market"]

    assert market(1) == market(1)
    assert market(1) != market(2)


def test_prices_lie_within_a_twentieth_of_a_middle_that_begins_at_twenty(folder: Path) -> None:
    store = MemoryStore()
    lived(store, folder)
    zone, code = ZoneInfo("UTC"), "EUA-2-SPOT"
    (first, *_) = store.run(
        lambda books: trades_of(books, LAW, code, first=date.min, last=date.max, zone=zone)
    )
    # The middle was drawn at most three times before: 20 * 1.1 ** 3 * 1.05 is 27.95.
    assert 20 * 90**3 * 95 / 10**6 <= first.price <= 2795


def test_a_law_without_an_exchange_is_told_before_anything_is_done(folder: Path) -> None:
    bare = replace(LAW, laws={name: law for name, law in LAW.laws.items() if "instr" not in name})
    store = MemoryStore()
    with pytest.raises(Refused) as no:
        lived(store, folder, law=bare)
    assert [each.number for each in no.value.refusals] == [9003]
    assert store.run(lambda books: books.size()) == (0, 0)


def test_a_unit_that_nobody_trades_is_told_before_anything_is_done(folder: Path) -> None:
    rules = LAW.instruments
    clauses = tuple(
        replace(each, value=tuple(one for one in each.value if one.unit != "EUA-2"))
        for each in rules.instruments.clauses
    )
    instruments = replace(rules, instruments=replace(rules.instruments, clauses=clauses))
    store = MemoryStore()
    with pytest.raises(Refused) as no:
        lived(store, folder, law=replace(LAW, laws={**LAW.laws, "instruments.toml": instruments}))
    assert [each.number for each in no.value.refusals] == [4613]
    assert "EUA-2 on 2008-06-15" in str(no.value)
    assert store.run(lambda books: books.size()) == (0, 0)


def test_without_a_market_units_are_moved_as_before(folder: Path) -> None:
    store = MemoryStore()
    report = replay_scheme(store.run, LAW, read(folder, YEARS), years=YEARS, folder=folder)
    assert report.market is None
    assert report.as_dict()["market"] is None
    assert report.obtained == 4 * (80 - 50)
    assert store.run(lambda books: books.trades()) == []


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Five operators and three years, in which no more is surrendered than was given out."""
    count = st.integers(min_value=0, max_value=1_000)
    operators, rows, left = [], {}, 0
    for number in range(5):
        registry = draw(st.sampled_from(("DE", "GB", "NO")))
        operators.append(
            Operator(
                account_id=str(number + 11),
                kind="installation",
                registry=registry,
                operator_id=str(number),
                name=f"Works {number}",
                activity="",
                country=registry,
            )
        )
    for year in range(2008, 2011):
        given = [draw(count) for _ in operators]
        left += sum(given)
        found = []
        for each, allocated in zip(operators, given, strict=True):
            surrendered = draw(st.integers(min_value=0, max_value=left))
            left -= surrendered
            found.append(
                OperatorYear(
                    account_id=each.account_id,
                    kind="installation",
                    registry=each.registry,
                    year=year,
                    allocated=allocated,
                    verified=surrendered,
                    flag="",
                    surrendered=surrendered,
                    published="A",
                )
            )
        rows[year] = tuple(found)
    return History(operators=tuple(operators), rows=rows, totals={}, registry_totals={})


@settings(max_examples=6, deadline=None)
@given(history=histories(), seed=st.integers(min_value=0, max_value=9))
def test_whatever_was_published_everybody_gets_what_was_surrendered(
    history: History, seed: int
) -> None:
    store = MemoryStore()
    done = replay(store.run, LAW, history, years=range(2008, 2011), market_seed=seed)
    assert done.refused == []
    for each in done.years:
        rows = history.rows[each.year]
        assert each.total.surrendered == sum(row.surrendered for row in rows)
        assert each.in_compliance == len(rows)
    assert done.exchange is not None
    assert [*done.exchange.result().differences()] == []
    assert store.run(lambda books: books.check()) == []
