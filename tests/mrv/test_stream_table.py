"""Sentences about a table of source streams: worked out whole, or refused with every fault."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tonne.mrv import (
    STREAMS,
    Cell,
    MonitoringPlan,
    MrvRules,
    Sheet,
    SourceStream,
    StreamData,
    StreamReport,
    Tier,
    read_streams,
    stream_sheets,
)
from tonne.operations import scheme_folder
from tonne.quantity import Gas
from tonne.refusal import Refusal, Refused

DAY = date(2026, 3, 20)
HEADINGS = ("operator_id", "year", "stream", "approach", "gas", "size", "activity",
            "activity_unit", "ef", "ef_unit", "of", "cf")  # fmt: skip
LIME = ("KILN", "2025", "lime", "process", "CO2", "de_minimis", "90", "t", "0.44", "t/t", "", "1")


def read(rules: MrvRules, *rows: Sequence[Cell], more: Sequence[Sheet] = ()) -> list[StreamReport]:
    return read_streams(
        [Sheet(name="streams", rows=rows), *more],
        years=range(2025, 2027),
        operators=("KILN", "STEEL"),
        rules=rules,
        submitted=DAY,
        reference="Form",
    )


def refusals(rules: MrvRules, *rows: Sequence[Cell]) -> tuple[Refusal, ...]:
    with pytest.raises(Refused) as refused:
        read(rules, *rows)
    return refused.value.refusals


def changed(row: Sequence[str] = LIME, **cells: str) -> tuple[str, ...]:
    """A row with other cells in it."""
    return tuple(cells.get(name, cell) for name, cell in zip(HEADINGS, row, strict=True))


def table(**cells: Cell) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """A table of one stream."""
    known: dict[str, Cell] = {
        "operator_id": "KILN", "year": "2025", "stream": "coal", "approach": "combustion",
        "gas": "CO2", "size": "major", "activity": "40", "activity_unit": "t", "ncv": "25",
        "ef": "94", "ef_unit": "t/TJ", "of": "1", "plan_tier_activity": "2", "plan_tier_ef": "2a",
        "plan_tier_of": "1", "tier_activity": "2", "tier_ef": "2a", "tier_of": "1",
        "uncertainty": "4",
    }  # fmt: skip
    known |= cells
    return tuple(known), tuple(known.values())


def test_a_row_brings_what_the_plan_says_and_what_was_found(example: MrvRules) -> None:
    cells: dict[str, Any] = {
        "name": "Coal",
        "leaves": False,
        "tier_reason": "",
        "year": Decimal(2025),
    }
    (report,) = read(example, *table(**cells))
    tiers = (
        Tier(parameter="activity", tier="2"),
        Tier(parameter="ef", tier="2a"),
        Tier(parameter="of", tier="1"),
    )
    assert report.plan == MonitoringPlan(
        operator="KILN",
        streams=(
            SourceStream(
                stream="coal",
                name="Coal",
                approach="combustion",
                gas=Gas("CO2"),
                size="major",
                tiers=tiers,
            ),
        ),
    )
    assert report.data == (
        StreamData(
            stream="coal",
            activity=Decimal(40),
            activity_unit="t",
            ncv=Decimal(25),
            ef=Decimal(94),
            ef_unit="t/TJ",
            of=Decimal(1),
            tiers=tiers,
            uncertainty=Decimal(4),
        ),
    )
    # 40 t x 25 GJ/t = 1,000 GJ = 1 TJ; x 94 t/TJ = 94 t.
    assert report.report.tonnes.value == 94
    assert (report.report.submitted, report.report.source) == (
        DAY,
        "one source stream, streams from row 2",
    )


def test_the_example_file_gives_what_was_worked_out_by_hand(example: MrvRules) -> None:
    # STEEL-1  coal   40 t x 25 GJ/t x 0.001 x 94 t/TJ x 1        =  94
    #          waste  10 t x 1.8 t/t x 0.5 = 9; less 0.4 biomass  =   5.4   (3.6 told apart)
    #          coke   10 t x 0.8 t C/t x 3.664                    =  29.312
    #          steel  50 t x 0.01 t C/t x 3.664, leaves           =  -1.832
    # In all 126.880 t.
    # KILN-1   limestone  90 t x 0.44 t/t x 1                     =  39.6
    #          stack  100 h x 2 x 0.25 x 0.001 = 0.05 t CH4; x 28 =   1.4
    # In all 41.000 t.
    path = scheme_folder("example") / "streams-2025.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    reports = read_streams(
        [Sheet(name=path.name, rows=rows)], years=range(2025, 2026), rules=example, submitted=DAY,
        reference="Form",
    )  # fmt: skip
    found = {each.report.operator: each for each in reports}
    assert found["STEEL-1"].report.tonnes.value == Decimal("126.880")
    assert found["STEEL-1"].emissions(example).biomass.value == Decimal("3.6")
    assert found["KILN-1"].report.tonnes.value == Decimal("41.000")


def test_streams_of_one_operator_may_stand_in_several_sheets(example: MrvRules) -> None:
    other = Sheet(name="more", rows=(HEADINGS, changed(stream="chalk", activity="10")))
    (report,) = read(example, HEADINGS, LIME, more=[other])
    # 90 t x 0.44 + 10 t x 0.44 = 44 t
    assert report.report.tonnes.value == 44
    with pytest.raises(Refused, match=r"'more', row 2.*Stream lime is in the plan more than once"):
        read(example, HEADINGS, LIME, more=[Sheet(name="more", rows=(HEADINGS, LIME))])


def test_every_fault_of_the_law_is_told_by_sheet_row_and_column(example: MrvRules) -> None:
    found = refusals(
        example,
        HEADINGS,
        changed(ef=""),
        changed(stream="chalk", cf="1.5"),
        changed(stream="marl", ef_unit="t/TJ"),
        changed(operator_id="STEEL", size="major"),
        changed(stream="oil", approach="combustion", operator_id="STEEL"),
    )
    assert [(each.number, each.facts()["row"], each.facts()["column"]) for each in found] == [
        (5005, 2, "ef"),
        (5006, 3, "cf"),
        (5007, 4, "activity_unit"),
        (5002, 5, "plan_tier_activity"),
        (5002, 5, "plan_tier_ef"),
        (5002, 5, "plan_tier_cf"),
        (5005, 6, "of"),
    ]
    assert [each.facts().get("cell") for each in found] == [
        "I2", "L3", "H4", None, None, None, "K6"
    ]  # fmt: skip
    assert str(found[0]) == (
        "Sheet 'streams', row 2, column ef (I2): Stream lime has no ef; process needs it."
    )
    assert found[0].reference == "Example Act, s. 20"


@pytest.mark.parametrize(
    ("cells", "number", "column"),
    [
        ({"tier_activity": "1"}, 5008, "tier_activity"),
        ({"tier_activity": "3", "tier_reason": "broken meter"}, 5009, "tier_activity"),
        ({"uncertainty": "5.1"}, 5010, "uncertainty"),
        ({"biomass_fraction": "1.1"}, 5006, "biomass_fraction"),
    ],
)
def test_tiers_and_uncertainty_are_refused_in_their_own_cells(
    example: MrvRules, cells: dict[str, str], number: int, column: str
) -> None:
    (found,) = refusals(example, *table(**cells))
    assert (found.number, found.facts()["column"]) == (number, column)


def test_a_gas_that_counts_nowhere_is_refused_with_the_one_that_may_be_meant(
    example: MrvRules,
) -> None:
    (found,) = refusals(example, HEADINGS, changed(gas="NOx"))
    assert str(found) == (
        "Sheet 'streams', row 2, column gas (E2) is 'NOx', not a Kyoto gas, as nitrous oxide is; "
        "known: N2O."
    )


def test_a_gas_outside_the_basket_is_refused_with_the_place_in_the_law(example: MrvRules) -> None:
    found = refusals(
        example, HEADINGS, LIME, changed(stream="a", gas="N2O"), changed(stream="b", gas="N2O")
    )
    assert [(each.number, each.facts()["cell"]) for each in found] == [(5804, "E3"), (5804, "E4")]
    assert "'N2O', not a gas that counts here; known: CH4, CO2" in str(found[0])
    assert found[0].reference == "Example Act, s. 21"


def test_cells_that_cannot_be_read_and_rules_not_met_are_told_at_once(example: MrvRules) -> None:
    found = refusals(
        example,
        HEADINGS,
        changed(approach="guess", size="huge"),
        changed(stream="chalk", year="1999"),
        changed(operator_id="MILL"),
        changed(stream="marl", activity="-1"),
        (*changed(stream="x"), "stray"),
    )
    assert [(each.number, each.facts()["cell"]) for each in found] == [
        (5804, "D2"),
        (5804, "F2"),
        (5805, "B3"),
        (5806, "A4"),
        (5804, "M6"),
        (5006, "G5"),
    ]


def test_a_stream_has_one_row_a_year(example: MrvRules) -> None:
    (found,) = refusals(example, HEADINGS, LIME, LIME)
    assert found.number == 5807
    assert "row 2 is for the same operator, year and stream already" in str(found)


def test_a_sum_is_not_less_than_nothing_nor_beyond_belief(example: MrvRules) -> None:
    headings = ("operator_id", "year", "stream", "approach", "gas", "size", "activity",
                "activity_unit", "carbon_content", "leaves")  # fmt: skip
    steel = ("KILN", "2025", "steel", "mass balance", "CO2", "De minimis", "50", "t", "0.01", "yes")
    (found,) = refusals(example, headings, steel)
    assert (found.number, found.facts()["row"], found.facts()["column"]) == (5011, 2, "operator_id")
    # Where a row cannot be read the sum is not judged.
    assert [each.number for each in refusals(example, headings, steel, ("KILN", "x"))] != [5011]
    nines = "9" * 18
    (found,) = refusals(example, HEADINGS, changed(activity=nines, ef="100"))
    assert found.number == 5012
    assert "a number of 20 digits" in str(found)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("leaves", "perhaps"), ("leaves", Decimal(1)), ("tier_activity", "two"), ("plan_tier_of", "0"),
     ("gas", True), ("size", Decimal(1)), ("approach", date(2025, 1, 1)), ("ncv", "25 GJ")],
)  # fmt: skip
def test_a_cell_holds_what_its_column_asks_for(example: MrvRules, column: str, cell: Cell) -> None:
    (found,) = refusals(example, *table(**{column: cell}))
    assert (found.number, found.facts()["column"]) == (5804, column)


def test_a_sheet_called_streams_is_read_and_others_beside_it_are_not() -> None:
    cover, streams = Sheet(name="Cover", rows=[("notes",)]), Sheet(name="Streams ", rows=[])
    assert stream_sheets([cover, streams]) == [streams]
    assert stream_sheets([cover]) == []


def test_without_a_sheet_of_that_name_a_heading_tells_a_table_of_streams() -> None:
    lime = Sheet(name="Sheet1", rows=[(), HEADINGS, LIME])
    figures = Sheet(name="Sheet2", rows=[("operator_id", "year", "verified")])
    assert stream_sheets([lime, figures]) == [lime, figures]
    assert stream_sheets([figures]) == []


def test_a_table_of_streams_asks_for_six_columns() -> None:
    assert tuple(STREAMS.needed) == HEADINGS[:6]
