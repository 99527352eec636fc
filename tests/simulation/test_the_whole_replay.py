"""The main job: eight real years in PostgreSQL, held against what was published."""

import gc
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tonne.ledger import Difference, Total
from tonne.operations import load_scheme, scheme_folder
from tonne.simulation import Report, YearReplayed, codes, read, replay_scheme, years_to_read
from tonne.store import PostgresStore
from world import NewDatabase

# They stand first in the run and beside each other, so one worker lives the years once.
pytestmark = [pytest.mark.first, pytest.mark.xdist_group("whole replay")]
README = Path(__file__).parents[2] / "README.md"


@dataclass(frozen=True)
class Whole:
    """What the replay told, and what its books say of themselves."""

    report: Report
    differences: list[Difference]
    totals: list[Total]


@pytest.fixture(scope="session")
def whole(new_database: NewDatabase) -> Iterator[Whole]:
    folder, years = scheme_folder("eu_ets"), range(2005, 2013)
    law = load_scheme(folder)
    history = read(folder / "history", years_to_read(law, years))
    gc.disable()
    try:
        with new_database() as address, PostgresStore(address) as store:
            report = replay_scheme(store.run, law, history, years=years, folder=folder)
            yield Whole(
                report,
                store.run(lambda books: books.check()),
                store.run(lambda books: books.totals("eu_ets")),
            )
    finally:
        gc.enable()


def test_eight_years_in_postgresql_agree_with_what_was_published(whole: Whole) -> None:
    report = whole.report
    assert not [*report.refused, *report.differences, *report.deviations]
    assert report.agrees
    # 9 sums of years, 273 of registries and years less the 2 of aircraft before 2012, 9 outcomes.
    assert report.compared == 293


def test_their_statuses_are_the_published_codes(whole: Whole) -> None:
    found = whole.report.codes
    assert found.share >= Decimal("0.995")
    assert found.share_of_all >= Decimal("0.995")
    # Counted in the log: A, A*, B, B* with a figure, and the same with an empty cell.
    assert (found.compared, found.without_figure.compared) == (87_766, 1_887)
    assert dict(found.by_cause)[codes.UNEXPLAINED] <= 1


def test_their_books_are_in_order_and_no_unit_is_lost(whole: Whole) -> None:
    assert whole.differences == []
    assert {each.asset for each in whole.totals} == {"EUA-1", "EUA-2", "EUAA"}
    for total in whole.totals:
        assert total.issued == sum(total.held.values())
    surrendered = sum(each.total.surrendered for each in whole.report.years)
    assert sum(each.held.get("surrendered", 0) for each in whole.totals) == surrendered


def test_every_column_of_the_readme_is_what_they_came_to(whole: Whole) -> None:
    told = README.read_text(encoding="utf-8")
    years = {_named(each): each for each in whole.report.years}
    rows = re.findall(r"^  (20\d\d(?: aircraft)?) +(.+)$", told, re.MULTILINE)
    assert len(rows) == 5
    for name, cells in rows:
        assert re.split(r"  +", cells.strip()) == _cells(years[name])
    found = whole.report.codes
    shares = [*found.by_kind.items(), ("no figure", found.without_figure)]
    for kind, each in shares:
        row = rf"^  {kind}[^\d]* {each.compared:,} +{each.agree:,} +{each.share:.3%}$"
        assert re.search(row, told, re.MULTILINE), row
    report = whole.report
    assert f"{report.transactions:,} transactions, {report.movements:,} movements" in told
    assert f"{report.obtained:,} units" in told


def _named(each: YearReplayed) -> str:
    return f"{each.year}{'' if each.kind == 'installation' else ' aircraft'}"


def _cells(each: YearReplayed) -> list[str]:
    counts = (
        each.operators,
        each.total.allocated,
        each.total.verified,
        each.total.surrendered,
        each.in_compliance,
        each.short,
        each.without_figure,
    )
    return [*(f"{count:,}" for count in counts), str(each.penalty)]
