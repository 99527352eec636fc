"""Sentences about allocations: worked out from a file of baselines, paid out with the reserve."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from changed import replace
from land import UNIT, Land, example, numbers, with_law
from tonne import operations
from tonne.mrv import Cell, Sheet
from tonne.operations import Receipt, Scheme, WorkedOut, scheme_folder, sheets, work_out
from tonne.refusal import Refusal, Refused
from tonne.rulebook import Clause, Dated
from tonne.supply import Allocation

PAST = ("operator_id", "emitted_in", "emissions", "asked", "received", "closed_on")
OUTPUT = ("operator_id", "product", "level", "leakage_factor", "received", "closed_on")


def file_of(year: int) -> list[Sheet]:
    """The example's own file of baselines."""
    path = scheme_folder("example") / f"baselines-{year}.csv"
    return sheets(path.name, path.read_bytes())


def worked(*rows: tuple[Cell, ...], year: int = 2025, scheme: Scheme | None = None) -> WorkedOut:
    headings = PAST if year < 2028 else OUTPUT
    return work_out(scheme or example(), [Sheet(name="S", rows=[headings, *rows])], year=year)


def refused(*rows: tuple[Cell, ...], year: int = 2025, **more: Any) -> list[Refusal]:  # noqa: ANN401
    with pytest.raises(Refused) as no:
        worked(*rows, year=year, **more)
    return list(no.value.refusals)


def places(refusals: list[Refusal]) -> list[tuple[int, object, object]]:
    """Number, row and column of each."""
    return [(each.number, each.facts()["row"], each.facts()["column"]) for each in refusals]


def law(**fields: object) -> Scheme:
    """The Example Act with another clause of allocation."""
    known = example()
    clause = known.supply.allocation.clauses[0]
    rule = replace(clause.value, **fields)
    clauses = Dated([Clause(start=clause.start, value=rule, reference=clause.reference)])
    return with_law(known, "supply.toml", replace(known.supply, allocation=clauses))


def counts(found: WorkedOut) -> dict[str, int]:
    return {row.operator: row.count for row in found.table}


# Worked out.


def test_past_emissions_are_shared_as_in_the_example_file() -> None:
    # Means: steelworks (39,000 + 41,000 + 40,000) / 3 = 40,000; kiln (9,000 + 11,000) / 2 =
    # 10,000; foundry 20,000. 85,000 over 4 : 1 : 2 is 48,571.43, 12,142.86 and 24,285.71; the
    # whole parts make 84,998, and the two left go to the kiln and the foundry.
    # The foundry closed in 2025 and keeps the units of the year. Of the reserve of 5,000 the
    # bakery, which asked first, has 3,000; the smelter asks for 2,500 of the 2,000 left.
    found = work_out(example(), file_of(2025), year=2025)
    assert counts(found) == {
        "STEEL-1": 48_571,
        "KILN-1": 12_143,
        "FOUNDRY-1": 24_286,
        "BAKERY-1": 3_000,
    }
    assert (found.given, found.ceiling, found.drawn, found.reserve) == (
        85_000,
        85_000,
        3_000,
        5_000,
    )
    assert [each.basis for each in found.lines] == [40_000, 10_000, 20_000, None]
    assert [(each.operator, each.refusals[0].number) for each in found.refused] == [
        ("SMELTER-1", 4030)
    ]
    assert found.correction_factor is None


def test_output_is_multiplied_as_in_the_example_file() -> None:
    # kiln     cement 50,000 x 0.766 x 1 = 38,300; glass 12,345 x 0.453 x 0.8 = 4,473.828;
    #          42,773.828 x 0.90 = 38,496.4452, rounded down 38,496
    # glass    1,000 x 0.453 x 1 = 453; x 0.90 = 407.7, rounded down 407; open for the 91 days to
    #          31 March of 366: 407 x 91 / 366 = 101.2, rounded down 101
    # pottery  2,000 x 0.453 x 1 = 906; x 0.90 = 815.4, rounded down 815, from the reserve
    found = work_out(example(), file_of(2028), year=2028)
    assert counts(found) == {"KILN-1": 38_496, "GLASS-1": 101, "POTTERY-1": 815}
    assert [each.before for each in found.lines] == [38_496, 407, 815]
    assert found.correction_factor == Decimal("0.90")
    # 42,773.828 + 453, without the new entrant
    assert found.uncorrected == Decimal("43226.828")
    assert (found.given, found.drawn) == (38_597, 815)


def test_what_closed_before_the_year_is_given_nothing() -> None:
    found = worked(("OLD", "2024", "10", "", "", "2024-12-31"), ("NEW", "2024", "10", "", "", ""))
    assert counts(found) == {"OLD": 0, "NEW": 42_500}


def test_the_highest_past_year_counts_where_the_law_says_so() -> None:
    rows = (("A", "2022", "10", *[""] * 3), ("A", "2023", "30", *[""] * 3),
            ("B", "2023", "10", *[""] * 3))  # fmt: skip
    # 30 : 10 of 85,000; by the mean it would be 20 : 10.
    assert counts(worked(*rows, scheme=law(baseline="highest"))) == {"A": 63_750, "B": 21_250}
    assert counts(worked(*rows)) == {"A": 56_667, "B": 28_333}


def test_a_table_that_gives_more_than_there_is_is_not_worked_out() -> None:
    # 100,000 x 0.766 x 1 x 0.90 = 68,940; 67,600 may be given free.
    (no,) = refused(("KILN", "cement", "100000", "1", "", ""), year=2028)
    assert no.number == 4016
    assert no.facts()["asked"] == 68_940


def test_new_entrants_alone_are_heard_too() -> None:
    assert counts(worked(("A", "", "", "10", "2025-03-01", ""))) == {"A": 10}
    assert counts(worked(("A", "glass", "0", "1", "2028-03-01", ""), year=2028)) == {"A": 0}
    (no,) = refused(("A", "", "", "5001", "2025-03-01", ""))
    assert no.number == 4030


# Rows that do not fit.


def test_rows_of_past_emissions_are_refused_all_at_once_with_their_places() -> None:
    found = refused(
        ("A", "2021", "10", "", "", ""),  # not a year of the law
        ("A", "2022", "-1", "", "", ""),  # less than nothing
        ("B", "2022", "", "", "", ""),  # no emissions
        ("C", "2022", "5", "7", "2025-01-20", ""),  # has emitted before, and asks
        ("D", "", "", "7", "", ""),  # asks on no day
        ("E", "2022", "5", "", "", "2025-06-30"),
        ("E", "2023", "5", "", "", "2025-07-01"),  # closed twice
        ("F", "", "", "0", "2025-01-20", ""),  # asks for nothing
        ("G", "2022", "5", "", "30 June", ""),  # no day
        ("", "2022", "5", "", "", ""),  # nobody
        ("H", "2022", "5", "", "", ""),
        ("H", "2022", "5", "", "", ""),  # twice
        ("I", "", "", "1", "2025-01-20", ""),
        ("I", "", "", "2", "2025-01-20", ""),  # asks twice
    )
    assert places(found) == [
        (5804, 9, "asked"),
        (5804, 10, "received"),
        (5803, 11, "operator_id"),
        (5807, 13, "operator_id"),
        (5804, 2, "emitted_in"),
        (5804, 3, "emissions"),
        (5803, 4, "emissions"),
        (5804, 5, "asked"),
        (5804, 5, "received"),
        (5803, 6, "received"),
        (5804, 8, "closed_on"),
        (5804, 15, "asked"),
    ]
    assert str(found[4]) == (
        "Sheet 'S', row 2, column emitted_in (B2) is '2021', not one of the years 2022, 2023, 2024."
    )
    assert found[4].reference == "Example Act, s. 11"


def test_rows_of_output_are_refused_all_at_once_with_their_places() -> None:
    found = refused(
        ("A", "bricks", "10", "1", "", ""),  # no benchmark
        ("B", "glass", "-10", "1.1", "", ""),
        ("C", "glass", "", "", "", ""),
        ("D", "glass", "1", "1", "2028-01-20", ""),
        ("D", "cement", "1", "1", "2028-01-21", ""),  # asked on two days
        year=2028,
    )
    assert places(found) == [
        (5803, 4, "level"),
        (5803, 4, "leakage_factor"),
        (5804, 2, "product"),
        (5804, 3, "level"),
        (5804, 3, "leakage_factor"),
        (5804, 6, "received"),
    ]
    assert "not a product of the law: cement, glass" in str(found[2])


def test_a_row_stands_once_over_all_sheets() -> None:
    row = ("A", "2022", "5", "", "", "")
    both = [Sheet(name=name, rows=[PAST, row]) for name in ("North", "South")]
    with pytest.raises(Refused, match=r"'South', row 2, column emitted_in .* in one row only"):
        work_out(example(), both, year=2025)
    output = [
        Sheet(name=name, rows=[OUTPUT, ("A", "glass", "5", "1", "", "")])
        for name in ("North", "South")
    ]
    with pytest.raises(Refused, match=r"'South', row 2, column product .* in one row only"):
        work_out(example(), output, year=2028)


def test_nothing_is_worked_out_where_the_law_lays_a_table_down() -> None:
    (no,) = refused(("A", "2024", "5", "", "", ""), scheme=law(method="table"))
    assert no.number == 4460
    assert str(no) == "For 2025 the law allocates by a table that is laid down."


def test_the_law_says_what_several_years_come_to_and_what_is_granted() -> None:
    silent = law(baseline=None, baseline_years=None)
    assert counts(worked(("A", "2019", "5", "", "", ""), scheme=silent)) == {"A": 85_000}
    (no,) = refused(("A", "2025", "5", "", "", ""), scheme=silent)
    assert "not a year before 2025" in str(no)
    two = (("A", "2019", "5", "", "", ""), ("A", "2020", "5", "", "", ""))
    (no,) = refused(*two, scheme=silent)
    assert (no.number, no.facts()["field"]) == (4461, "baseline")
    by_output = law(method="benchmarking", correction_factor=Decimal(1), benchmarks=None)
    (no,) = refused(("A", "glass", "5", "1", "", ""), scheme=by_output)
    assert (no.number, no.facts()["field"]) == (4461, "benchmarks")


# Paid out.


def pay(land: Land, *rows: Allocation, key: str = "", on: str = "2025-02-28") -> list[Receipt]:
    return land.do(
        operations.allocate,
        rows,
        unit=UNIT,
        method="grandfathering",
        key=key or land.key(),
        on=on,
    )


def late(operator: str, count: int, day: int = 20, year: int = 2025) -> Allocation:
    received = date(2025, 1, day)
    return Allocation(operator=operator, year=year, count=count, received=received)


@pytest.fixture
def reserve_land(each_land: Land) -> Land:
    """The land with two that came later, and with all units of the cap issued."""
    each_land.open("mill", 11)
    each_land.open("mine", 12)
    each_land.issue(99_000)
    return each_land


def test_new_entrants_draw_on_the_reserve_and_not_on_what_is_free(reserve_land: Land) -> None:
    # 85,000 may be given free, of which 110 were given; 5,000 more are kept.
    rest = Allocation(operator="MINE", year=2025, count=84_890)
    pay(reserve_land, rest, late("MILL", 5_000))
    assert (reserve_land.held("mine"), reserve_land.held("mill")) == (84_890, 5_000)
    steps = reserve_land.do(operations.statement, reserve_land.number("mill"), on="2025-03-01")
    assert [each.kind for each in steps.steps] == ["allocate_reserve"]
    reserve_land.stands()


def test_the_reserve_is_empty_once_it_is_given(reserve_land: Land) -> None:
    pay(reserve_land, late("MILL", 3_000))
    assert numbers(lambda: pay(reserve_land, late("MINE", 2_001))) == [4030]
    assert numbers(lambda: pay(reserve_land, late("MILL", 1))) == [4031]
    assert numbers(lambda: pay(reserve_land, late("KILN", 1))) == [4031], "it has 50 of 2025"
    pay(reserve_land, late("MINE", 2_000))
    assert numbers(lambda: pay(reserve_land, late("NOBODY", 1))) == [4013, 4030]
    # The next year has a reserve of its own.
    reserve_land.issue(97_000, year=2026, on="2026-01-02")
    pay(reserve_land, late("MILL", 5_000, year=2026), on="2026-02-01")
    assert reserve_land.held("mill") == 8_000


def test_what_the_reserve_gave_and_took_back_it_gives_again(reserve_land: Land) -> None:
    (paid,) = pay(reserve_land, late("MILL", 5_000))
    reserve_land.do(
        operations.reverse, paid.number, key="back", on="2025-03-01", by="administrator"
    )
    assert reserve_land.held("mill") == 0
    pay(reserve_land, late("MILL", 4_000), late("MINE", 1_000))
    assert (reserve_land.held("mill"), reserve_land.held("mine")) == (4_000, 1_000)


def test_who_was_given_units_from_the_reserve_is_not_given_them_by_a_table(
    reserve_land: Land,
) -> None:
    pay(reserve_land, late("MILL", 3_000))
    row = Allocation(operator="MILL", year=2025, count=5)
    assert numbers(lambda: pay(reserve_land, row)) == [4018]


def test_a_table_with_one_who_is_refused_pays_nobody(reserve_land: Land) -> None:
    reserve_land.open("works", 13)
    before = reserve_land.size()
    rows = (
        Allocation(operator="WORKS", year=2025, count=5),
        late("MILL", 4_000),
        late("MINE", 1_001),
    )
    assert numbers(lambda: pay(reserve_land, *rows)) == [4030]
    assert reserve_land.size() == before


def test_a_table_with_requests_is_paid_once_under_its_key(reserve_land: Land) -> None:
    (first,) = pay(reserve_land, late("MILL", 3_000), key="t")
    (again,) = pay(reserve_land, late("MILL", 3_000), key="t")
    assert (again.number, again.repeated) == (first.number, True)
    assert numbers(lambda: pay(reserve_land, late("MILL", 3_000, day=21), key="t")) == [9001]


def test_who_closed_its_account_is_given_nothing_for_the_years_after(each_land: Land) -> None:
    each_land.transfer(each_land.order("kiln", "ana", 50))
    each_land.do(
        operations.change_account, each_land.number("kiln"), "close", reason="shut",
        key="close", on="2025-06-30", by="administrator",
    )  # fmt: skip
    each_land.issue(100, year=2026, on="2026-01-02")
    rows = (Allocation(operator="KILN", year=2026, count=5),)
    assert numbers(lambda: pay(each_land, *rows, on="2026-02-01")) == [4015]


def test_who_closed_by_the_table_is_given_nothing_for_the_years_after(each_land: Land) -> None:
    row = Allocation(operator="KILN", year=2026, count=5, closed_on=date(2025, 6, 30))
    each_land.issue(100, year=2026, on="2026-01-02")
    assert numbers(lambda: pay(each_land, row, on="2026-02-01")) == [4015]
    pay(each_land, replace(row, count=0), on="2026-02-01")
    pay(each_land, replace(row, closed_on=date(2026, 1, 31)), on="2026-02-01")
    assert each_land.held("kiln") == 55


def test_a_scheme_without_a_type_for_the_reserve_gives_nothing_from_it(land: Land) -> None:
    table = land.scheme.registry.transactions
    kept = tuple(row for row in table.clauses[0].value if "reserve" not in row.verb)
    clause = Clause(start=table.clauses[0].start, value=kept, reference="Example Act, s. 6")
    registry = replace(land.scheme.registry, transactions=Dated([clause]))
    land.open("mill", 11)
    land.scheme = with_law(land.scheme, "scheme.toml", registry)
    assert numbers(lambda: pay(land, late("MILL", 5))) == [3100]
