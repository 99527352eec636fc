"""Real operators on the exchange: two years of some registries, held against what was published."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from lent import Lender
from tonne.operations import Books, government, load_scheme, scheme_folder, trades_of
from tonne.registry import BANK
from tonne.simulation import Report, read, replay_scheme, years_to_read
from tonne.store import MemoryStore, PostgresStore
from world import Store

FOLDER = scheme_folder("eu_ets")
LAW = load_scheme(FOLDER)
YEARS = range(2005, 2007)
BALTIC = frozenset({"EE", "LT", "LV"})
CODE, UNIT, MONEY = "EUA-1-SPOT", "EUA-1", "EUR"


@dataclass(frozen=True, kw_only=True)
class Lived:
    """What the replay told, and books that can still be asked."""

    report: Report
    store: Store
    registries: frozenset[str]


@pytest.fixture(scope="module", params=["memory", "postgres"])
def lived(request: pytest.FixtureRequest) -> Iterator[Lived]:
    """Denmark and the Baltic states in memory, and those in the database."""
    if request.param == "memory":
        yield live(MemoryStore(), BALTIC | {"DK"})
        return
    lender: Lender = request.getfixturevalue("databases")
    with lender.lend() as address, PostgresStore(address) as store:
        yield live(store, BALTIC)


def live(store: Store, registries: frozenset[str]) -> Lived:
    """The years of the operators of some registries, lived on an exchange."""
    history = read(FOLDER / "history", years_to_read(LAW, YEARS))
    part = replace(
        history,
        operators=tuple(each for each in history.operators if each.registry in registries),
        rows={
            year: tuple(each for each in rows if each.registry in registries)
            for year, rows in history.rows.items()
        },
        totals={},
        registry_totals={
            key: total for key, total in history.registry_totals.items() if key[0] in registries
        },
    )
    folder = FOLDER / "history"
    report = replay_scheme(store.run, LAW, part, years=YEARS, folder=folder, market_seed=1)
    return Lived(report=report, store=store, registries=registries)


def published(column: str, registries: frozenset[str]) -> dict[int, int]:
    """The sums of registries as the table has them, year by year."""
    found: Counter[int] = Counter()
    with (FOLDER / "history" / "totals_by_registry_year.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            if row["registry"] in registries and row["kind"] == "installation":
                found[int(row["year"])] += int(row[column])
    return {year: found[year] for year in YEARS}


def given_out(registries: frozenset[str]) -> dict[str, int]:
    """What each operator was given for these years and the next, less what it surrendered."""
    found: Counter[str] = Counter()
    with gzip.open(FOLDER / "history" / "compliance_long.csv.gz", "rt", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            name, year = f"{row['registry']}-{row['operator_id']}", int(row["year"])
            if row["registry"] in registries and year <= YEARS.stop:
                found[name] += int(row["alloc_total"] or 0)
                found[name] -= int(row["surrendered"] or 0) if year in YEARS else 0
    return found


def test_the_sums_are_those_that_were_published_to_the_tonne(lived: Lived) -> None:
    report = lived.report
    assert report.agrees, (report.differences, report.refused)
    assert report.compared == len(YEARS) * len(lived.registries)
    for column, of in (
        ("alloc_total", "allocated"), ("verified", "verified"), ("surrendered", "surrendered"),
    ):  # fmt: skip
        found = {each.year: getattr(each.total, of) for each in report.years}
        assert found == published(column, lived.registries)
    units = {each.asset: each for each in lived.store.run(lambda books: books.totals("eu_ets"))}
    wanted = published("surrendered", lived.registries)
    assert units[UNIT].held["surrendered"] == sum(wanted.values())


def test_no_operators_cash_is_below_nothing_and_no_money_is_made_or_lost(lived: Lived) -> None:
    def purses(books: Books) -> tuple[int, list[int]]:
        bank = books.holdings(government(books, LAW)[BANK])[MONEY]
        balances = books.balances("eu_ets")
        return bank, [count for (_, asset), count in balances.items() if asset == MONEY]

    bank, cash = lived.store.run(purses)
    assert min(cash) >= 0
    assert bank + sum(cash) == 0
    market = lived.report.market
    assert market is not None
    (till,) = market.tills
    assert till.whole
    assert (till.deposited, till.bank, till.least) == (-bank, bank, min(cash))
    assert lived.store.run(lambda books: books.check()) == []


def test_who_lacked_units_bought_them_of_who_had_more(lived: Lived) -> None:
    made = lived.store.run(
        lambda books: trades_of(
            books, LAW, CODE, first=date.min, last=date.max, zone=ZoneInfo("UTC")
        )
    )
    bought: Counter[str] = Counter()
    for each in made:
        bought[each.buyer] += each.qty
        bought[each.seller] -= each.qty
    assert sum(each.qty for each in made) == lived.report.obtained > 0
    given = given_out(lived.registries)
    accounts = lived.store.run(lambda books: books.accounts(scheme="eu_ets"))
    held = lived.store.run(lambda books: books.balances("eu_ets"))
    operators = {each.operator: each.number for each in accounts if each.operator is not None}
    assert operators.keys() == given.keys()
    assert min(given.values()) < 0
    for name, number in operators.items():
        assert held.get((number, UNIT), 0) == given[name] + bought[number] >= 0
