"""What is refused at the command line: with every reason, and with nothing written."""

import random
import time
from pathlib import Path

import pytest
import xlsxwriter

from town import Books, Tonne, Town, opening

pytestmark = pytest.mark.usefixtures("town")
UNIT = ("--unit", "EXA-1")
ON = ("--on", "2025-05-01")
EU = ("--scheme", "eu_ets", "--on", "2008-06-01")
REPLAY = ("replay", "eu_ets", "--years")


def refused(tonne: Tonne, books: Books, *words: object) -> list[int]:
    """The numbers with which a command is refused; the books stay as they were."""
    before = books()
    numbers = tonne(*words, "--json").numbers
    assert books() == before
    return numbers


@pytest.mark.parametrize("count", ["-5", "0", "1.5", "1e3", "ten", "", "1,000", "9" * 19])
def test_units_are_counted_in_whole_positive_numbers(
    tonne: Tonne, town: Town, books: Books, count: str
) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, *ON)
    assert refused(tonne, books, *words, "--count", count) == [100]


def test_no_more_is_issued_than_the_cap(tonne: Tonne, books: Books) -> None:
    words = ("issue", "--year", 2025, *UNIT, *ON)
    assert refused(tonne, books, *words, "--count", 99_001) == [3500]
    assert tonne(*words, "--count", 99_000).code == 0
    assert refused(tonne, books, *words, "--count", 1) == [3500]


def test_a_unit_that_the_scheme_lacks_is_refused_by_every_verb(
    tonne: Tonne, town: Town, books: Books
) -> None:
    for words in (
        ("issue", "--year", 2025, "--count", 1),
        ("transfer", "--from", town.steel, "--to", town.ana, "--block", "EX-1-1-1"),
        ("cancel", "--account", town.steel, "--count", 1),
        ("surrender", "--account", town.steel, "--year", 2025, "--count", 1),
    ):
        assert refused(tonne, books, *words, "--unit", "TONNE", *ON) == [3006]


def test_nothing_is_allocated_to_a_closed_account(
    tonne: Tonne, town: Town, books: Books, tmp_path: Path
) -> None:
    del town
    mill = opening("operator", "Mill", 10, "--operator", "MILL-1")
    account = tonne(*mill, *ON, "--json").data["account"]["number"]
    assert tonne("account", "close", account, "--reason", "shut", *ON).code == 0
    table = tmp_path / "table.csv"
    table.write_text("operator_id,year,count\nMILL-1,2025,1\n")
    assert refused(tonne, books, "allocate", table, *UNIT, *ON) == [2003]
    # For the years after it closed the law gives it nothing, whatever its account could hold.
    table.write_text("operator_id,year,count\nSTEEL-1,2026,1\nMILL-1,2026,1\n")
    assert refused(tonne, books, "allocate", table, *UNIT, *ON) == [4015]


def test_a_table_of_allocations_is_not_paid_twice(
    tonne: Tonne, town: Town, books: Books, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("operator_id,year,count\nSTEEL-1,2026,60\n")
    assert tonne("allocate", table, *UNIT, *ON).code == 0
    assert refused(tonne, books, "allocate", table, *UNIT, *ON) == [4018]
    # 60 of 2025 and 60 of 2026.
    assert tonne("account", "show", town.steel, "--json").data["holdings"] == {"EXA-1": 120}


@pytest.mark.parametrize("name", ["report", "streams", "baselines", "allocation"])
def test_a_table_that_is_cut_off_in_its_last_line_is_refused(
    tonne: Tonne, books: Books, tmp_path: Path, name: str
) -> None:
    table = tmp_path / f"{name}.csv"
    heading, words = {
        "report": ("operator_id,year,verified", ("report", "import", table, *ON)),
        "streams": ("operator_id,year,stream", ("report", "import", table, *ON)),
        "baselines": ("operator_id,emitted_in,emissions", ("work-out", table, "--year", 2025)),
        "allocation": ("operator_id,year,count", ("allocate", table, *UNIT, *ON)),
    }[name]
    # Of 12345 the 1 is left.
    table.write_text(f"{heading}\nSTEEL-1,2025,12345\nKILN-1,2025,1")
    assert refused(tonne, books, *words) == [5905]
    assert "line 3, its last, has no end" in tonne(*words).err


ROLES = {
    "found": ("account", "found"),
    "open": opening("person", "Bo", 77),
    "suspend": ("account", "suspend", Town.ana, "--reason", "as told"),
    "determine": ("report", "determine", "--operator", "KILN-1", "--year", 2026),
    "correct": (
        "report", "correct", "--operator", "KILN-1", "--year", 2025, "--tonnes", 1, "--note", "m",
    ),
    "exclude": ("report", "exclude", "--operator", "KILN-1", "--year", 2025, "--reason", "small"),
    "close": ("close", 2025),
    "end": ("end-periods",),
}  # fmt: skip


@pytest.mark.parametrize("name", ROLES)
def test_what_is_for_the_authority_is_not_done_by_an_operator(
    tonne: Tonne, books: Books, name: str
) -> None:
    asked = (*ROLES[name], "--on", "2028-05-01")
    assert refused(tonne, books, *asked, "--as", "operator")[0] == 3107
    # In the role that the command has of itself it may be done, or fails for another reason.
    said = tonne(*asked, "--json")
    assert said.code == 0 or 3107 not in said.numbers


def test_all_that_is_wrong_with_a_table_is_told_at_once(
    tonne: Tonne, books: Books, tmp_path: Path
) -> None:
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


def test_more_is_not_given_out_free_than_the_law_allows(
    tonne: Tonne, books: Books, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("operator_id,year,count\nSTEEL-1,2025,99000\n")
    assert 4000 <= refused(tonne, books, "allocate", table, *UNIT, *ON)[0] < 4500


def test_another_method_than_the_laws_is_refused(
    tonne: Tonne, books: Books, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("operator_id,year,count\nSTEEL-1,2026,1\n")
    words = ("allocate", table, *UNIT, "--method", "benchmarking", *ON)
    assert refused(tonne, books, *words) == [4017]


def test_every_fault_of_every_sheet_of_a_report_is_told(
    tonne: Tonne, books: Books, tmp_path: Path
) -> None:
    table = tmp_path / "verified.xlsx"
    with xlsxwriter.Workbook(str(table)) as book:
        for name in ("North", "South"):
            sheet = book.add_worksheet(name)
            rows = [
                ("operator_id", "year", "verified"),
                ("NOBODY", 2025, -1),
                ("STEEL-1", 2025, "x"),
            ]
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
UNREADABLE = {
    "empty.csv": (b"", 5900),
    "wrong.txt": (TABLE, 5902),
    "latin.csv": ("operator_id,year,verified\nCIMENT-É,2025,1\n".encode("latin-1"), 5903),
    "wide.csv": (TABLE.decode().encode("utf-16"), 5903),
    "binary.csv": (b"operator_id,year\0,verified\n", 5903),
    "quote.csv": (b'operator_id,year,verified\n"STEEL-1,2025,70\n', 5903),
    "false.xlsx": (b"PK\x03\x04 this is no workbook", 5904),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused(
    tonne: Tonne, books: Books, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    content, number = UNREADABLE[name]
    file.write_bytes(content)
    assert refused(tonne, books, "report", "import", file, *ON) == [number]
    assert refused(tonne, books, "allocate", file, *UNIT, *ON) == [number]


def test_a_table_without_rows_or_with_other_columns_is_refused(
    tonne: Tonne, books: Books, tmp_path: Path
) -> None:
    file = tmp_path / "heading.csv"
    file.write_bytes(TABLE.splitlines(keepends=True)[0])
    assert refused(tonne, books, "report", "import", file, *ON) == [5800]
    assert refused(tonne, books, "allocate", file, *UNIT, *ON) == [4451]


def test_a_truncated_workbook_is_refused(tonne: Tonne, books: Books, tmp_path: Path) -> None:
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


@pytest.fixture(scope="module")
def nonsense(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files of some 5 MB each that are no tables of ours."""
    folder = tmp_path_factory.mktemp("nonsense")
    chance = random.Random(7)  # noqa: S311  no secret
    letters = "".join(chance.choices("abcdefgh,;\n", k=100_000)).encode()
    contents = {
        "bytes.csv": chance.randbytes(5_000_000),
        "bytes.xlsx": chance.randbytes(5_000_000),
        "commas.csv": b"," * 5_000_000,
        "letters.csv": letters * 50,
        "lines.csv": b"a,b,c\n" * 850_000,
        "wide.csv": (b"longer," * 350_000 + b"\n") * 2,
        "rows.csv": b"operator_id,year,verified\n" + b"abcdef,ghijkl,mnopqr\n" * 225_000,
        "counts.csv": b"operator_id,year,count\n" + b"abcdef,ghijkl,mnopqr\n" * 225_000,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("command", ["import", "allocate"])
def test_megabytes_of_nonsense_are_refused_soon(
    tonne: Tonne, books: Books, nonsense: list[Path], command: str
) -> None:
    before = books()
    other = {"import": "counts.csv", "allocate": "rows.csv"}[command]
    for file in (each for each in nonsense if each.name != other):
        begun = time.perf_counter()
        said = (
            tonne("report", "import", file, *ON)
            if command == "import"
            else tonne("allocate", file, *UNIT, *ON)
        )
        assert said.code == 2, file
        assert "Refused; nothing was written." in said.err
        assert len(said.err.splitlines()) < 400
        assert time.perf_counter() - begun < 60, file
    assert books() == before


def test_a_file_that_is_not_there_is_the_callers_fault(tonne: Tonne, tmp_path: Path) -> None:
    said = tonne("report", "import", tmp_path / "nowhere.csv", *ON)
    assert said.code == 2
    assert "does not exist" in said.err


@pytest.mark.parametrize("mass", ["-1", "1,5", "many", "1e9", "9" * 30])
def test_emissions_are_plain_numbers(tonne: Tonne, books: Books, mass: str) -> None:
    words = ("report", "submit", "--operator", "STEEL-1", "--year", 2025, "--tonnes", mass)
    assert refused(tonne, books, *words, "--on", "2026-03-01") == [100]


def test_an_operator_without_an_account_reports_nothing(tonne: Tonne, books: Books) -> None:
    words = ("report", "submit", "--operator", "NOBODY", "--year", 2025, "--tonnes", 1)
    assert refused(tonne, books, *words, "--on", "2026-03-01") == [9010]


def test_units_go_neither_to_oneself_nor_from_where_they_end(
    tonne: Tonne, town: Town, books: Books
) -> None:
    same = ("transfer", "--from", town.steel, "--to", town.steel, *UNIT, "--count", 1, *ON)
    assert refused(tonne, books, *same) == [2508]
    end = ("cancel", "--account", town.cancelled, *UNIT, "--count", 1, *ON)
    assert 2508 in refused(tonne, books, *end)
    pit = ("surrender", "--account", town.surrendered, "--year", 2025, *UNIT, "--count", 1, *ON)
    assert 2508 in refused(tonne, books, *pit)


@pytest.mark.parametrize("block", ["EX-1-9-5", "EX-1", "5", "EX-1-0-5", "EX-1-a-b", "-1-2"])
def test_a_block_runs_from_first_to_last(tonne: Tonne, town: Town, block: str) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, *ON)
    said = tonne(*words, "--block", block)
    assert said.code == 2
    assert "EX-1-41-80" in said.err


def test_a_block_and_a_count_that_differ_are_the_callers_fault(tonne: Tonne, town: Town) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, *ON)
    said = tonne(*words, "--block", "EX-1-1-5", "--count", 6)
    assert said.code == 2
    assert "5 units, not 6" in said.err
    assert "How many units?" in tonne(*words).err


def test_numbers_that_the_account_does_not_hold_are_refused(
    tonne: Tonne, town: Town, books: Books
) -> None:
    words = ("transfer", "--from", town.steel, "--to", town.ana, *UNIT, *ON, "--block")
    assert refused(tonne, books, *words, "EX-1-61-62") == [310]
    assert refused(tonne, books, *words, "ZZ-1-2") == [310]
