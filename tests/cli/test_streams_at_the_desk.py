"""Commands on source streams: a table of them becomes reports, which anybody can work out again."""

from pathlib import Path

import pytest
import xlsxwriter

from tonne.operations import scheme_folder
from town import Books, Said, Tonne

pytestmark = pytest.mark.usefixtures("town")
FILE = scheme_folder("example") / "streams-2025.csv"
IN_MARCH = ("--on", "2026-03-20")
STEEL = ("--operator", "STEEL-1", "--year", 2025)
HEADINGS = ("operator_id", "year", "stream", "approach", "gas", "size", "activity",
            "activity_unit", "ef", "ef_unit", "cf")  # fmt: skip
LIME = ("KILN-1", 2025, "lime", "process", "CO2", "de_minimis", 12.1, "t", 0.44, "t/t", 1)


def workbook(path: Path, **sheets: list[tuple[object, ...]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    return path


def brought(tonne: Tonne, file: Path, *more: object) -> Said:
    return tonne("report", "import", file, *IN_MARCH, *more)


def test_a_year_goes_from_streams_to_a_duty(tonne: Tonne) -> None:
    # Worked by hand in tests/mrv/test_stream_table.py: 126.880 t and 41.000 t.
    said = brought(tonne, FILE)
    assert said.code == 0, said
    assert said.out.startswith(
        "2 reports are on record, worked out from 6 source streams: 167.880 t in all."
    )
    shown = tonne("report", "show", *STEEL, *IN_MARCH)
    assert shown.out.startswith(
        "STEEL-1 in 2025: 126.880 t reported; the report of 2026-03-20, worked out again from its "
        "source streams, gives the same; nothing verified yet."
    )
    assert "40 t x 25 GJ/t x 94 t/TJ x 1" in shown.out
    assert "less 50 t x 0.01 t C/t" in shown.out
    tonne("report", "verify", *STEEL, "--verifier", "Verify Ltd", *IN_MARCH)
    shown = tonne("report", "show", *STEEL, *IN_MARCH)
    assert "127 t stand (verified)" in shown.out
    story = tonne("statement", "STEEL-1", *IN_MARCH, "--json").data
    assert story["reports"][0]["source"] == "4 source streams, streams-2025.csv from row 2"
    assert tonne("check").code == 0


def test_a_program_is_told_every_stream_with_what_went_in_and_came_out(tonne: Tonne) -> None:
    first = brought(tonne, FILE, "--json").data
    assert [each["report"]["tonnes"] for each in first["reports"]] == ["126.880", "41.000"]
    shown = tonne("report", "show", *STEEL, *IN_MARCH, "--json").data
    (again,) = shown["worked_out"]
    assert (again["agrees"], again["total"], again["biomass"]) == (True, "126.880", "3.600")
    waste = again["streams"][1]
    assert (waste["plan"]["gas"], waste["data"]["biomass_fraction"]) == ("CO2", "0.4")
    assert (waste["fossil"], waste["counted"]) == ("5.400", "5.400")
    assert again["streams"][0]["plan"]["tiers"][1] == {"parameter": "ef", "tier": "2a"}
    assert shown["stands"] is None


def test_a_workbook_with_a_sheet_called_streams_is_read_and_its_cover_is_not(
    tonne: Tonne, tmp_path: Path
) -> None:
    notes: list[tuple[object, ...]] = [("Kiln, made by hand",), ("see streams",)]
    file = workbook(tmp_path / "kiln.xlsx", Cover=notes, streams=[HEADINGS, LIME])
    said = brought(tonne, file)
    assert said.code == 0, said
    # 12.1 t x 0.44 = 5.324 t, exact to the digit that a person sees.
    assert "5.324 t in all" in said.out
    assert "Not read: Cover." in said.out


def test_a_dry_run_of_streams_writes_nothing(tonne: Tonne, books: Books) -> None:
    before = books()
    said = brought(tonne, FILE, "--dry-run")
    assert said.code == 0
    assert said.out.startswith("Dry run: nothing was written. Else: 2 reports are on record")
    assert books() == before


def test_streams_that_are_sent_again_under_a_key_are_recorded_once(
    tonne: Tonne, books: Books
) -> None:
    brought(tonne, FILE, "--key", "march")
    before = books()
    assert brought(tonne, FILE, "--key", "march").code == 0
    assert books() == before


def test_every_fault_of_every_sheet_of_streams_is_told(
    tonne: Tonne, books: Books, tmp_path: Path
) -> None:
    wrong = ("NOBODY", 2024, "lime", "guess", "NOx", "de_minimis", -1, "t", "#REF!", "t/t", 1)
    unlawful = (*LIME[:6], -12.1, "t", "", "t/t", 1.5)
    file = workbook(tmp_path / "s.xlsx", North=[HEADINGS, wrong], South=[HEADINGS, LIME, unlawful])
    before = books()
    said = brought(tonne, file, "--json")
    assert said.code == 2
    assert books() == before
    facts = [each["facts"] for each in said.data["refusals"]]
    assert [(each["sheet"], each["row"], each["column"]) for each in facts] == [
        ("North", 2, "approach"),
        ("North", 2, "gas"),
        ("North", 2, "ef"),
        ("North", 2, "operator_id"),
        ("North", 2, "year"),
        ("South", 3, "operator_id"),
    ]
    file = workbook(tmp_path / "t.xlsx", South=[HEADINGS, unlawful])
    told = [(each["number"], each["facts"]["cell"]) for each in
            brought(tonne, file, "--json").data["refusals"]]  # fmt: skip
    assert told == [(5005, "I2"), (5006, "G2"), (5006, "K2")]


def test_an_operator_that_reported_nothing_is_said_to(tonne: Tonne) -> None:
    assert "STEEL-1 has reported nothing for 2025" in tonne("report", "show", *STEEL, *IN_MARCH).out
    said = tonne("report", "show", "--operator", "MILL", "--year", 2025, *IN_MARCH, "--json")
    assert said.numbers == [9010]
