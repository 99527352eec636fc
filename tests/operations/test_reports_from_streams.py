"""Sentences about reports that are worked out from source streams, and kept with them."""

from decimal import Decimal
from typing import Any

from changed import replace
from land import VERIFIED, Land, numbers, report, with_law
from tonne import operations
from tonne.mrv import Emissions, MrvRules, Sheet, StreamReport
from tonne.operations import Scheme, YearReported
from tonne.refusal import Refusal
from tonne.rulebook import Clause, Dated

MARCH = "2026-03-20"
HEADINGS = ["operator_id", "year", "stream", "approach", "gas", "size", "activity",
            "activity_unit", "ef", "ef_unit", "cf", "biomass_fraction"]  # fmt: skip
LIME = ["KILN", "2025", "lime", "process", "CO2", "de_minimis", "90", "t", "0.44", "t/t", "1", ""]
CLAY = ["STEEL", "2025", "clay", "process", "CO2", "de_minimis", "100", "t", "0.5", "t/t", "1",
        "0.1"]  # fmt: skip


def sheets(*rows: list[str]) -> list[Sheet]:
    return [Sheet(name="streams", rows=[HEADINGS, *rows])]


def brought(land: Land, *rows: list[str], key: str = "s", **more: Any) -> list[StreamReport]:  # noqa: ANN401  words of the operation
    words: dict[str, Any] = {"on": MARCH, "by": "operator"} | more
    return land.do(operations.report_streams, sheets(*rows), key=key, **words)


def with_mrv(scheme: Scheme, rules: MrvRules) -> Scheme:
    return replace(scheme, laws={**scheme.laws, "mrv.toml": rules})


def told(land: Land, operator: str = "KILN", on: str = "2026-04-02") -> YearReported:
    return land.do(operations.year_reported, operator, 2025, on=on)


def test_a_report_is_worked_out_from_its_streams_and_kept_with_them(each_land: Land) -> None:
    found = brought(each_land, LIME, CLAY)
    # Lime: 90 t x 0.44 = 39.6 t. Clay: 100 t x 0.5 = 50 t, a tenth of it from biomass: 45 t.
    assert [(each.report.operator, each.report.tonnes.value) for each in found] == [
        ("KILN", Decimal("39.6")),
        ("STEEL", Decimal(45)),
    ]
    story = told(each_land)
    assert story.reports == (found[0].report,)
    assert [each.told for each in story.streams] == [found[0]]
    assert story.stands is None, "a report counts once it is verified"
    each_land.do(operations.verify, [(found[0].report, VERIFIED)], key="v", on=MARCH, by="operator")
    figure = told(each_land).stands
    assert figure is not None
    assert figure.tonnes == 40


def test_anybody_can_work_a_report_out_again(each_land: Land) -> None:
    brought(each_land, LIME, CLAY)
    (again,) = told(each_land, "STEEL").streams
    assert again.agrees
    assert isinstance(again.found, Emissions)
    (clay,) = again.found.streams
    assert (int(clay.fossil), int(clay.biomass), int(clay.counted)) == (45, 5, 45)


def test_a_law_that_was_changed_since_is_seen(land: Land) -> None:
    brought(land, CLAY)
    start, mrv = land.scheme.mrv.gases.clauses[0].start, land.scheme.mrv
    counted = Dated([Clause(start=start, value=False, reference="Example Act, s. 23")])
    land.scheme = with_law(land.scheme, "mrv.toml", replace(mrv, biomass_zero_rated=counted))
    (again,) = told(land, "STEEL").streams
    # Without zero rating all of 50 t count, and not 45 t.
    assert not again.agrees
    assert isinstance(again.found, Emissions)
    assert again.found.total.value == 50
    basket: tuple[str, ...] = ("CH4",)
    gases = Dated([Clause(start=start, value=basket, reference="Example Act, s. 21")])
    land.scheme = with_law(land.scheme, "mrv.toml", replace(mrv, gases=gases))
    (again,) = told(land, "STEEL").streams
    assert not again.agrees
    assert isinstance(again.found, tuple)
    assert all(isinstance(each, Refusal) for each in again.found)


def test_streams_that_are_sent_again_are_not_recorded_again(each_land: Land) -> None:
    first = brought(each_land, LIME)
    assert brought(each_land, LIME) == first
    assert brought(each_land, LIME, on="2026-03-21") == first, "on a later day too"
    assert len(told(each_land).reports) == 1
    other = [*LIME]
    other[2] = "chalk"
    # The sum is the same, the stream is another.
    assert numbers(lambda: brought(each_land, other)) == [9001]


def test_a_later_report_stands_beside_the_one_before(each_land: Land) -> None:
    brought(each_land, LIME)
    each_land.do(operations.report, [report("kiln", 41)], key="r", on=MARCH, by="operator")
    more = [*LIME]
    more[6] = "100"
    brought(each_land, more, key="s2")
    story = told(each_land)
    assert [each.tonnes.value for each in story.reports] == [Decimal("39.6"), 41, 44]
    assert [each.told.report.tonnes.value for each in story.streams] == [Decimal("39.6"), 44]
    assert all(each.agrees for each in story.streams)


def test_a_table_of_streams_with_faults_is_refused_whole(each_land: Land) -> None:
    before = each_land.size()
    bad = [*CLAY]
    bad[0], bad[8] = "MILL", "many"
    old = [*CLAY]
    old[1], old[10] = "2024", ""
    # Nobody knows the mill, its factor is no number, and in 2024 there was no law.
    assert numbers(lambda: brought(each_land, LIME, bad, old)) == [5804, 5806, 5805]
    assert each_land.run(lambda books: books.known("s")) is None
    assert each_land.size() == before
    assert told(each_land).reports == ()


def test_a_dry_run_of_streams_leaves_nothing(each_land: Land) -> None:
    assert len(brought(each_land, LIME, keep=False)) == 1
    assert told(each_land).reports == ()
