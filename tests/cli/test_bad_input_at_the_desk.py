"""What is refused at the command line: with every reason, by the caller's fault, nothing written."""

import random
import time
from pathlib import Path

import pytest
import xlsxwriter

UNIT = ("--unit", "EXA-1")
ON = ("--on", "2025-05-01")


def refused(tonne, books, *words: object) -> list[int]:
    """The numbers with which a command is refused; the books stay as they were."""
    before = books()
    numbers = tonne(*words, "--json").numbers
    assert books() == before
    return numbers


@pytest.mark.parametrize("count", ["-5", "0", "1.5", "1e3", "ten", "", "1,000", "9" * 19])
def test_units_are_counted_in_whole_positive_numbers(tonne, town, books, count: str) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, *ON)
    assert refused(tonne, books, *words, "--count", count) == [100]


def test_no_more_is_issued_than_the_cap(tonne, town, books) -> None:
    words = ("issue", "--year", 2025, *UNIT, *ON)
    assert refused(tonne, books, *words, "--count", 99_001) == [3500]
    assert tonne(*words, "--count", 99_000).code == 0
    assert refused(tonne, books, *words, "--count", 1) == [3500]


def test_a_unit_that_the_scheme_lacks_is_refused_by_every_verb(tonne, town, books) -> None:
    for words in (
        ("issue", "--year", 2025, "--count", 1),
        ("transfer", "--from", town.steel, "--to", town.ana, "--block", "EX-1-1-1"),
        ("cancel", "--account", town.steel, "--count", 1),
        ("surrender", "--account", town.steel, "--year", 2025, "--count", 1),
    ):
        assert refused(tonne, books, *words, "--unit", "TONNE", *ON) == [3006]


def test_nothing_is_allocated_to_a_closed_account(tonne, town, books, tmp_path) -> None:
    words = ("cancel", "--account", town.kiln, *UNIT, "--count", 50, *ON)
    assert tonne(*words).code == 0
    assert tonne("account", "close", town.kiln, "--reason", "shut", *ON).code == 0
    table = tmp_path / "table.csv"
    table.write_text("operator_id,year,count\nSTEEL-1,2026,1\nKILN-1,2026,1\n")
    assert refused(tonne, books, "allocate", table, *UNIT, *ON) == [2003]


def test_all_that_is_wrong_with_a_table_is_told_at_once(tonne, town, books, tmp_path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("operator_id,year,count\nNOBODY,2026,1\nSTEEL-1,2026,1\nSTEEL-1,2026,2\n")
    numbers = refused(tonne, books, "allocate", table, *UNIT, *ON)
    assert len(numbers) == 2
    table.write_text("operator_id,year,count\nSTEEL-1,26,-1\n,2026,1.5\nSTEEL-1,2026,1,9\n")
    said = tonne("allocate", table, *UNIT, *ON, "--json")
    cells = [(each["facts"]["row"], each["facts"]["column"]) for each in said.data["refusals"]]
    assert cells == [
        (2, "year"), (2, "count"), (3, "operator_id"), (3, "count"), (4, "without a heading")
    ]  # fmt: skip


def test_more_is_not_given_out_free_than_the_law_allows(tonne, town, books, tmp_path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("operator_id,year,count\nSTEEL-1,2025,99000\n")
    assert 4000 <= refused(tonne, books, "allocate", table, *UNIT, *ON)[0] < 4500


def test_another_method_than_the_laws_is_refused(tonne, town, books, tmp_path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("operator_id,year,count\nSTEEL-1,2026,1\n")
    words = ("allocate", table, *UNIT, "--method", "benchmarking", *ON)
    assert refused(tonne, books, *words) == [4017]


def test_every_fault_of_every_sheet_of_a_report_is_told(tonne, town, books, tmp_path) -> None:
    table = tmp_path / "verified.xlsx"
    with xlsxwriter.Workbook(str(table)) as book:
        for name in ("North", "South"):
            sheet = book.add_worksheet(name)
            rows = [("operator_id", "year", "verified"), ("NOBODY", 2025, -1), ("STEEL-1", 2025, "x")]
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    before = books()
    said = tonne("report", "import", table, *ON, "--json")
    assert books() == before
    places = {(each["facts"]["sheet"], each["facts"]["row"], each["facts"]["column"])
              for each in said.data["refusals"]}  # fmt: skip
    assert places == {
        (sheet, row, column)
        for sheet in ("North", "South")
        for row, column in ((2, "operator_id"), (2, "verified"), (3, "verified"))
    }


TABLE = b"operator_id,year,verified\nSTEEL-1,2025,70\n"


@pytest.mark.parametrize(
    ("name", "content", "number"),
    [
        ("empty.csv", b"", 5900),
        ("wrong.txt", TABLE, 5902),
        ("latin.csv", "operator_id,year,verified\nCIMENT-É,2025,1\n".encode("latin-1"), 5903),
        ("wide.csv", TABLE.decode().encode("utf-16"), 5903),
        ("binary.csv", b"operator_id,year\0,verified\n", 5903),
        ("false.xlsx", b"PK\x03\x04 this is no workbook", 5904),
        ("quote.csv", b'operator_id,year,verified\n"STEEL-1,2025,70\n', 5903),
        ("heading.csv", b"operator_id,year,verified\n", 5800),
    ],
)
@pytest.mark.parametrize("command", [("report", "import"), ("allocate",)])
def test_a_file_that_cannot_be_read_is_refused(
    tonne, town, books, tmp_path: Path, command, name: str, content: bytes, number: int
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    unit = UNIT if command == ("allocate",) else ()
    found = refused(tonne, books, *command, file, *unit, *ON)
    assert found == ([4451] if name == "heading.csv" and unit else [number])


def test_a_truncated_workbook_is_refused(tonne, town, books, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.xlsx", tmp_path / "cut.xlsx"
    with xlsxwriter.Workbook(str(whole)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("operator_id", "year", "verified"))
        sheet.write_row(1, 0, ("STEEL-1", 2025, 70))
    content = whole.read_bytes()
    for share in (3, 2):
        cut.write_bytes(content[: len(content) // share])
        assert refused(tonne, books, "report", "import", cut, *ON) == [5904]
    assert tonne("report", "import", whole, "--on", "2026-03-01").code == 0


@pytest.mark.parametrize("command", [("report", "import"), ("allocate", *UNIT)])
def test_ten_megabytes_of_nonsense_are_refused_soon(
    tonne, town, books, tmp_path: Path, command
) -> None:
    chance = random.Random(7)
    letters = "abcdefgh,;\n" + '"'
    nonsense = {
        "bytes.csv": chance.randbytes(10_000_000),
        "bytes.xlsx": chance.randbytes(10_000_000),
        "commas.csv": b"," * 10_000_000,
        "lines.csv": b"a,b,c\n" * 1_700_000,
        "letters.csv": "".join(chance.choices(letters, k=10_000_000)).encode(),
    }
    for name, content in nonsense.items():
        file = tmp_path / name
        file.write_bytes(content)
        begun = time.perf_counter()
        assert refused(tonne, books, *command[:2], file, *command[2:], *ON), name
        assert time.perf_counter() - begun < 20, name
        said = tonne(*command[:2], file, *command[2:], *ON)
        assert len(said.err.splitlines()) < 400


def test_a_file_that_is_not_there_is_the_callers_fault(tonne, town, tmp_path: Path) -> None:
    said = tonne("report", "import", tmp_path / "nowhere.csv", *ON)
    assert said.code == 2
    assert "does not exist" in said.err


@pytest.mark.parametrize("mass", ["-1", "1,5", "many", "1e9", "9" * 30])
def test_emissions_are_plain_numbers(tonne, town, books, mass: str) -> None:
    words = ("report", "submit", "--operator", "STEEL-1", "--year", 2025, "--tonnes", mass)
    assert refused(tonne, books, *words, "--on", "2026-03-01") == [100]


def test_an_operator_without_an_account_reports_nothing(tonne, town, books) -> None:
    words = ("report", "submit", "--operator", "NOBODY", "--year", 2025, "--tonnes", 1)
    assert refused(tonne, books, *words, "--on", "2026-03-01") == [9010]


def test_units_go_neither_to_oneself_nor_from_where_they_end(tonne, town, books) -> None:
    same = ("transfer", "--from", town.steel, "--to", town.steel, *UNIT, "--count", 1, *ON)
    assert refused(tonne, books, *same) == [2508]
    end = ("cancel", "--account", town.cancelled, *UNIT, "--count", 1, *ON)
    assert 2508 in refused(tonne, books, *end)
    pit = ("surrender", "--account", town.surrendered, "--year", 2025, *UNIT, "--count", 1, *ON)
    assert 2508 in refused(tonne, books, *pit)


@pytest.mark.parametrize("block", ["EX-1-9-5", "EX-1", "5", "EX-1-0-5", "EX-1-a-b", "-1-2"])
def test_a_block_runs_from_first_to_last(tonne, town, block: str) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, *ON)
    said = tonne(*words, "--block", block)
    assert said.code == 2
    assert "EX-1-41-80" in said.err


def test_a_block_and_a_count_that_differ_are_the_callers_fault(tonne, town) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, *ON)
    said = tonne(*words, "--block", "EX-1-1-5", "--count", 6)
    assert said.code == 2
    assert "5 units, not 6" in said.err
    assert "How many units?" in tonne(*words).err


def test_numbers_that_the_account_does_not_hold_are_refused(tonne, town, books) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, *ON, "--block")
    assert refused(tonne, books, *words, "EX-1-61-62") == [310]
    assert refused(tonne, books, *words, "ZZ-1-2") == [310]


@pytest.mark.parametrize("years", ["2005", "2012-2005", "20-21", "all", "2005-2012-2013"])
def test_years_to_replay_are_written_first_to_last(says, years: str) -> None:
    said = says("replay", "example", "--years", years)
    assert said.code == 2
