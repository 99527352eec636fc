"""Sentences about a table of reports: read whole, or refused with every fault of it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from tonne.mrv import Cell, ReportRow, Sheet, read_reports
from tonne.refusal import Refusal, Refused

HEADINGS = ("operator_id", "year", "verified")
FORM = "Report table"


def read(*rows: Sequence[Cell], operators: tuple[str, ...] = ("104", "KILN")) -> list[ReportRow]:
    sheet = Sheet(name="Emissions", rows=rows)
    return read_reports(sheet, years=range(2005, 2013), operators=operators, reference=FORM)


def refusals(*rows: Sequence[Cell]) -> tuple[Refusal, ...]:
    with pytest.raises(Refused) as refused:
        read(*rows)
    return refused.value.refusals


def test_an_emissions_table_gives_whole_tonnes_by_operator_and_year() -> None:
    rows = (HEADINGS, (Decimal(104), Decimal(2005), Decimal(7)), ("KILN", "2006", " 0 "))
    assert read(*rows) == [
        ReportRow(row=2, operator="104", year=2005, verified=7),
        ReportRow(row=3, operator="KILN", year=2006, verified=0),
    ]


def test_headings_may_be_written_as_people_write_them_below_empty_rows() -> None:
    rows = ((), ("", None), ("Verified", " Operator ID ", "YEAR"), (), ("5", "KILN", "2005"))
    assert read(*rows) == [ReportRow(row=5, operator="KILN", year=2005, verified=5)]


def test_every_fault_is_told_by_sheet_row_and_column() -> None:
    found = refusals(
        HEADINGS,
        ("KILN", "2005", "12.5"),
        ("", "2005", "-1"),
        ("OTHER", "2013", "7"),
        ("104", "05", "#REF!"),
        ("104", "2006", "7"),
        ("104", "2006", "8"),
    )
    assert [(each.code, each.facts().get("cell")) for each in found] == [
        ("CellNotReadable", "C2"),
        ("CellEmpty", "A3"),
        ("CellNotReadable", "C3"),
        ("ReportOperatorUnknown", "A4"),
        ("YearOutside", "B4"),
        ("CellNotReadable", "B5"),
        ("CellNotReadable", "C5"),
        ("RowTwice", "A7"),
    ]
    assert {each.reference for each in found} == {FORM}
    assert str(found[0]) == (
        "Sheet 'Emissions', row 2, column verified (C2) is '12.5', not whole tonnes, 0 or more."
    )


@pytest.mark.parametrize(
    "cell",
    ["12.5", "-1", "1,234", "7 t", "1e5", "NaN", "Infinity", "१२", "1_000", "#N/A", "9" * 19, True,
     Decimal("12.5"), Decimal(-1), Decimal("1E+30"), Decimal("Infinity"), date(2005, 1, 1)],
)  # fmt: skip
def test_tonnes_are_whole_and_not_negative(cell: Cell) -> None:
    (found,) = refusals(HEADINGS, ("KILN", "2005", cell))
    assert found.code == "CellNotReadable"


@pytest.mark.parametrize(
    "cell", ["05", "2005.5", "two", "20050", date(2005, 1, 1), Decimal("2005.1")]
)
def test_a_year_is_four_digits(cell: Cell) -> None:
    (found,) = refusals(HEADINGS, ("KILN", cell, "7"))
    assert "a year such as 2006" in str(found)


def test_a_table_has_rows() -> None:
    assert "has no rows of data" in str(refusals(HEADINGS)[0])
    assert "has no rows of data" in str(refusals()[0])


def test_a_missing_column_is_named() -> None:
    found = refusals(("operator_id", "verified"), ("KILN", "7"))
    assert [str(each) for each in found] == ["Sheet 'Emissions', row 1: column year is missing."]


def test_an_unknown_column_and_one_that_is_there_twice_are_refused() -> None:
    found = refusals((*HEADINGS, "colour", "year"), ("KILN", "2005", "7", "red", "2005"))
    assert [each.facts()["cell"] for each in found] == ["D1", "E1"]
    assert {each.code for each in found} == {"ColumnUnknown"}


def test_a_cell_without_a_heading_is_refused() -> None:
    (found,) = refusals(HEADINGS, ("KILN", "2005", "7", "", "note"))
    assert "row 2, column E (E2) is 'note', not empty" in str(found)


def test_a_mandatory_cell_is_filled_in() -> None:
    (found,) = refusals(HEADINGS, ("KILN", "2005"))
    assert str(found) == "Sheet 'Emissions', row 2, column verified (C2) is empty."


def test_an_operator_is_one_of_the_schemes_unless_any_will_do() -> None:
    (found,) = refusals(HEADINGS, ("OTHER", "2005", "7"))
    assert "'OTHER' is not an operator of the scheme" in str(found)
    sheet = Sheet(name="Emissions", rows=(HEADINGS, ("OTHER", "2005", "7")))
    assert len(read_reports(sheet, years=range(2005, 2013), reference=FORM)) == 1


def test_a_year_is_one_for_which_reports_are_taken() -> None:
    (found,) = refusals(HEADINGS, ("KILN", "2004", "7"))
    assert "is 2004; reports are taken for 2005 to 2012" in str(found)


def test_an_operators_year_has_one_row() -> None:
    (found,) = refusals(HEADINGS, ("KILN", "2005", "7"), (), ("KILN", Decimal(2005), "7"))
    assert "row 2 is for the same operator and year already" in str(found)
    assert found.facts()["row"] == 4
