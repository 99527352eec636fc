"""An allocation from a file of baselines to the accounts: worked out, then paid out."""

from pathlib import Path

import pytest

from tonne.operations import scheme_folder
from town import Books, Tonne, Town, opening

EXAMPLE = scheme_folder("example")
ON = ("--on", "2025-02-28")


@pytest.fixture
def newcomers(tonne: Tonne, town: Town) -> Town:
    """The foundry and the bakery, too; and all the units of 2025 in the authority's hands."""
    for name, number in (("Foundry", 21), ("Bakery", 22), ("Smelter", 23)):
        words = opening("operator", name, number, "--operator", f"{name.upper()}-1")
        assert tonne(*words, "--on", "2025-01-03").code == 0
    issue = ("issue", "--year", 2025, "--unit", "EXA-1", "--count", 99_000)
    assert tonne(*issue, "--on", "2025-01-03").code == 0
    return town


def held(tonne: Tonne, operator: str) -> int:
    said = tonne("statement", operator, *ON, "--json")
    return int(said.data["holdings"].get("EXA-1", 0))


def test_an_allocation_goes_from_baselines_to_the_accounts(
    tonne: Tonne, newcomers: Town, tmp_path: Path, books: Books
) -> None:
    before = books()
    table = tmp_path / "allocation-2025.csv"
    words = ("work-out", EXAMPLE / "baselines-2025.csv", "--year", 2025)
    said = tonne(*words, "--to", table)
    assert said.code == 0, said
    # Worked by hand in tests/operations/test_allocations_worked_out.py.
    assert said.out.startswith(
        "85,000 units of 2025 by grandfathering, of 85,000 that may be given free; "
        "3,000 of 5,000 from the reserve. The reserve gives nothing to 1 who asked."
    )
    assert "[4030] Operator SMELTER-1 asks for 2,500 units; 2,000 are left" in said.out
    assert books() == before, "working out writes nothing"
    assert table.read_text(encoding="utf-8") == (
        "operator_id,year,count,received,closed_on\n"
        "STEEL-1,2025,48571,,\n"
        "KILN-1,2025,12143,,\n"
        "FOUNDRY-1,2025,24286,,2025-06-30\n"
        "BAKERY-1,2025,3000,2025-01-20,\n"
    )
    # The town has given out 110 units of 2025 before: these 85,000 are too many now.
    told = tonne("allocate", table, "--unit", "EXA-1", *ON, "--json").numbers
    assert told == [4018, 4018, 4016], "and two have their units of 2025"
    for account in (newcomers.steel, newcomers.kiln):
        story = tonne("statement", account, *ON, "--json").data
        assert tonne("reverse", story["steps"][0]["transaction"], *ON).code == 0
    said = tonne("allocate", table, "--unit", "EXA-1", *ON)
    assert said.code == 0, said
    assert "88,000 EXA-1 are allocated to 4 accounts, 3,000 of them from the reserve." in said.out
    assert [held(tonne, name) for name in ("STEEL-1", "KILN-1", "FOUNDRY-1", "BAKERY-1")] == [
        48_571, 12_143, 24_286, 3_000
    ]  # fmt: skip
    # 2,000 are left in the reserve, and the bakery is no new entrant any more.
    table.write_text("operator_id,year,count,received\nSMELTER-1,2025,2001,2025-03-01\n")
    assert tonne("allocate", table, "--unit", "EXA-1", *ON, "--json").numbers == [4030]
    table.write_text("operator_id,year,count,received\nBAKERY-1,2025,1,2025-03-01\n")
    assert tonne("allocate", table, "--unit", "EXA-1", *ON, "--json").numbers == [4031]
    assert tonne("check").code == 0


def test_benchmarks_show_the_correction_factor(says: Tonne, tmp_path: Path) -> None:
    table = tmp_path / "allocation-2028.csv"
    words = ("work-out", EXAMPLE / "baselines-2028.csv", "--year", 2028, "--scheme", "example")
    said = says(*words)
    assert "The correction factor is 0.90: without it 43,226.8280 units." in said.out
    assert "Not written." in said.out
    data = says(*words, "--to", table, "--json").data
    assert (data["correction_factor"], data["uncorrected"], data["ceiling"]) == (
        "0.90", "43226.8280", 67_600
    )  # fmt: skip
    rows = [(each["operator_id"], each["before_closure"], each["count"]) for each in data["rows"]]
    assert rows == [("KILN-1", 38_496, 38_496), ("GLASS-1", 407, 101), ("POTTERY-1", 815, 815)]
    assert data["written_to"] == str(table)
    assert table.read_text(encoding="utf-8").splitlines()[1:] == [
        "KILN-1,2028,38496,,", "GLASS-1,2028,101,,2028-03-31", "POTTERY-1,2028,815,2028-02-01,"
    ]  # fmt: skip


def test_a_plain_table_has_the_three_columns_alone(says: Tonne, tmp_path: Path) -> None:
    baselines, table = tmp_path / "b.csv", tmp_path / "t.csv"
    baselines.write_text("operator_id;emitted_in;emissions\nA;2022;1\nB;2022;3\n")
    words = ("work-out", baselines, "--year", 2025, "--scheme", "example", "--to", table)
    assert says(*words).code == 0
    assert table.read_text() == "operator_id,year,count\nA,2025,21250\nB,2025,63750\n"
    # Nothing is written over.
    said = says(*words)
    assert said.code == 2
    assert "is there already; nothing was written" in said.err
    assert says(*words[:-1], tmp_path / "nowhere" / "t.csv").code == 2


def test_bad_baselines_are_refused_all_at_once_and_no_table_is_written(
    says: Tonne, tmp_path: Path
) -> None:
    baselines, table = tmp_path / "b.csv", tmp_path / "t.csv"
    baselines.write_text("operator_id,emitted_in,emissions\nA,1999,1\nB,2022,-3\n,2022,x\n")
    words = ("work-out", baselines, "--year", 2025, "--scheme", "example", "--to", table, "--json")
    said = says(*words)
    assert said.code == 2
    cells = [each["facts"]["cell"] for each in said.data["refusals"]]
    assert cells == ["A4", "C4", "B2", "C3"]
    assert not table.exists()
    baselines.write_text("operator_id,product\nA,glass\n")
    assert says(*words).numbers == [5802]


def test_a_law_that_lays_its_tables_down_has_nothing_worked_out(
    says: Tonne, tmp_path: Path
) -> None:
    baselines = tmp_path / "b.csv"
    baselines.write_text("operator_id,emitted_in,emissions\nA,2004,1\n")
    words = ("work-out", baselines, "--year", 2005, "--scheme", "eu_ets", "--json")
    assert says(*words).numbers == [4460]


def test_days_that_are_none_in_an_allocation_table_are_refused_with_their_places(
    tonne: Tonne, newcomers: Town, books: Books, tmp_path: Path
) -> None:
    assert newcomers
    before = books()
    table = tmp_path / "t.csv"
    table.write_text(
        "operator_id,year,count,closed_on,received\n"
        "STEEL-1,2025,1,June,\nKILN-1,2025,1,,2025-13-01\n"
    )
    said = tonne("allocate", table, "--unit", "EXA-1", *ON, "--json")
    told = [(each["number"], each["facts"]["row"], each["facts"]["column"])
            for each in said.data["refusals"]]  # fmt: skip
    assert told == [(4452, 2, "closed_on"), (4452, 3, "received")]
    table.write_text("operator_id,year,count,received,received\nSTEEL-1,2025,1,,\n")
    assert tonne("allocate", table, "--unit", "EXA-1", *ON, "--json").numbers == [4451]
    assert books() == before
