"""A folder of tables is read whole or refused whole, with every fault."""

import gzip
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tonne
from tonne.refusal import Refused
from tonne.simulation.faults import (
    FAULTS_LISTED_MAX,
    CellNotAllowed,
    ColumnMissing,
    FileCut,
    FileMissing,
    FileNotTable,
    FileNotText,
    MoreFaults,
    NothingToReplay,
    OperatorTwice,
    OperatorUnknown,
    OperatorYearTwice,
    RowBroken,
)
from tonne.simulation.history import History, Operator, OperatorYear, Total, read

PACKAGED = Path(tonne.__file__).parent / "schemes" / "eu_ets" / "history"
YEARS = range(2005, 2013)
INSTALLATIONS = """\
account_id,installation_id,installation_name,country,main_activity
11,1,"Lime kiln, north",AT,7-Lime
12,2,Glass works,AT,6-Glass
"""
AIRCRAFT = """\
account_id,aircraft_operator_id,country,main_activity
21,900,US,10-Aircraft operator activities
"""
COMPLIANCE = """\
kind,registry,account_id,year,alloc_total,verified,verified_flag,surrendered,compliance_code
installation,AT,11,2005,100,90,,90,A
installation,AT,12,2005,50,,Not Reported,,C
installation,AT,11,2006,100,110,,100,B*
aircraft,AT,21,2012,,7,,7,A*
installation,AT,11,2013,x,x,x,x,x
"""
ROW = "installation,AT,11,2005,100,90,,90,A"
Refusals = tuple[Any, ...]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "installations.csv").write_text(INSTALLATIONS, encoding="utf-8")
    (tmp_path / "aircraft_operators.csv").write_text(AIRCRAFT, encoding="utf-8")
    (tmp_path / "compliance_long.csv").write_text(COMPLIANCE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def with_row(folder: Path) -> Callable[[str], Refusals]:
    """The refusals of the folder when one row of the log is written otherwise."""

    def refusals(row: str) -> Refusals:
        text = COMPLIANCE.replace(ROW, row)
        (folder / "compliance_long.csv").write_text(text, encoding="utf-8")
        return _refusals(folder)

    return refusals


def _refusals(folder: Path) -> Refusals:
    with pytest.raises(Refused) as refused:
        read(folder, YEARS)
    return refused.value.refusals


def _only(refusals: Refusals) -> CellNotAllowed:
    assert len(refusals) == 1, refusals
    assert isinstance(refusals[0], CellNotAllowed)
    assert (refusals[0].file, refusals[0].row) == ("compliance_long.csv", 2)
    return refusals[0]


def test_operators_and_years_come_back_as_published(folder: Path) -> None:
    history = read(folder, YEARS)

    assert [each.account_id for each in history.operators] == ["11", "12", "21"]
    assert history.operators[0] == Operator(
        account_id="11",
        kind="installation",
        registry="AT",
        operator_id="1",
        name="Lime kiln, north",
        activity="7-Lime",
        country="AT",
    )
    assert history.operators[2].name == "Aircraft operator 900"
    assert history.rows[2005][0] == OperatorYear(
        account_id="11",
        kind="installation",
        registry="AT",
        year=2005,
        allocated=100,
        verified=90,
        flag="",
        surrendered=90,
        published="A",
    )
    assert list(history.rows) == list(YEARS)
    assert history.rows[2007] == ()


def test_an_empty_cell_is_no_units_but_emissions_unknown(folder: Path) -> None:
    row = read(folder, YEARS).rows[2005][1]

    assert (row.surrendered, row.verified, row.flag, row.code) == (0, None, "Not Reported", "C")


def test_a_code_is_kept_as_printed_and_told_from_its_star(folder: Path) -> None:
    row = read(folder, YEARS).rows[2006][0]

    assert (row.published, row.code, row.starred) == ("B*", "B", True)


def test_other_years_are_neither_kept_nor_their_cells_judged(folder: Path) -> None:
    history = read(folder, range(2006, 2007))

    assert list(history.rows) == [2006]
    assert [each.account_id for each in history.operators] == ["11"]


def test_a_compressed_file_and_a_byte_order_mark_are_read_too(folder: Path) -> None:
    plain = read(folder, YEARS)
    (folder / "compliance_long.csv").unlink()
    text = ("\ufeff" + COMPLIANCE.replace("\n", "\r\n")).encode()
    (folder / "compliance_long.csv.gz").write_bytes(gzip.compress(text))

    assert read(folder, YEARS) == plain


def test_published_totals_are_given_if_they_are_there(folder: Path) -> None:
    (folder / "totals_by_year.csv").write_text(
        "kind,year,alloc_total,verified,surrendered\ninstallation,2005,150,90,90\n"
    )
    (folder / "totals_by_registry_year.csv").write_text(
        "registry,kind,year,alloc_total,verified,surrendered\nAT,installation,2005,150,90,90\n"
    )

    history = read(folder, YEARS)

    total = Total(allocated=150, verified=90, surrendered=90)
    assert history.totals == {("installation", 2005): total}
    assert history.registry_totals == {("AT", "installation", 2005): total}


def test_a_total_told_twice_is_refused(folder: Path) -> None:
    row = "installation,2005,150,90,90\n"
    (folder / "totals_by_year.csv").write_text(
        "kind,year,alloc_total,verified,surrendered\n" + row + row
    )

    assert [each.number for each in _refusals(folder)] == [CellNotAllowed.number]


def test_a_missing_file_is_refused_and_its_operators_are_not_called_unknown(folder: Path) -> None:
    (folder / "installations.csv").unlink()

    assert _refusals(folder) == (
        FileMissing(file="installations.csv", reference=_refusals(folder)[0].reference),
    )


def test_a_folder_that_is_not_there_has_neither_needed_file(tmp_path: Path) -> None:
    refusals = _refusals(tmp_path / "nowhere")

    assert [type(each) for each in refusals] == [FileMissing, FileMissing]


def test_a_folder_of_installations_alone_needs_no_file_of_aircraft(folder: Path) -> None:
    (folder / "aircraft_operators.csv").unlink()
    (folder / "compliance_long.csv").write_text(
        COMPLIANCE.replace("aircraft,AT,21,2012,,7,,7,A*\n", "")
    )

    assert len(read(folder, YEARS).operators) == 2


def test_every_missing_column_is_named(folder: Path) -> None:
    text = COMPLIANCE.replace("verified,", "measured,", 1).replace("surrendered", "given up", 1)
    (folder / "compliance_long.csv").write_text(text)

    refusals = _refusals(folder)

    assert [type(each) for each in refusals] == [ColumnMissing, ColumnMissing]
    assert [each.column for each in refusals] == ["verified", "surrendered"]


def test_a_column_named_twice_is_refused(folder: Path) -> None:
    (folder / "installations.csv").write_text(INSTALLATIONS.replace("country", "main_activity"))

    assert {type(each) for each in _refusals(folder)} == {ColumnMissing}


def test_an_empty_file_has_no_columns(folder: Path) -> None:
    (folder / "compliance_long.csv").write_text("")

    assert {type(each) for each in _refusals(folder)} == {ColumnMissing}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_compressed_file_is_refused(folder: Path, share: float) -> None:
    (folder / "compliance_long.csv").unlink()
    whole = gzip.compress((COMPLIANCE * 500).encode())
    (folder / "compliance_long.csv.gz").write_bytes(whole[: int(len(whole) * share)])

    assert FileCut in {type(each) for each in _refusals(folder)}


def test_a_plain_file_cut_within_its_last_cell_is_refused(folder: Path) -> None:
    text = COMPLIANCE[: COMPLIANCE.index("B*") + 1]
    (folder / "compliance_long.csv").write_text(text)

    assert [type(each) for each in _refusals(folder)] == [FileCut]


def test_a_file_that_is_only_called_compressed_is_refused(folder: Path) -> None:
    (folder / "compliance_long.csv").rename(folder / "compliance_long.csv.gz")

    assert [type(each) for each in _refusals(folder)] == [FileCut]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_refused(folder: Path, encoding: str) -> None:
    text = INSTALLATIONS.replace("Glass", "Gläser")
    (folder / "installations.csv").write_bytes(text.encode(encoding))

    assert [type(each) for each in _refusals(folder)] == [FileNotText]


@pytest.mark.parametrize(
    ("nonsense", "kind"),
    [
        (random.Random(1).randbytes(10_000_000), FileNotText),  # noqa: S311  nonsense, no secret
        (b"\0" * 10_000_000, FileNotTable),
        (b"nonsense, " * 1_000_000, FileNotTable),
        (b'"' + b"x\n" * 5_000_000, FileNotTable),
        (b"non,sense\n" * 1_000_000, ColumnMissing),
    ],
    ids=["random bytes", "zeros", "one line", "an open quote", "lines"],
)
def test_ten_megabytes_of_nonsense_are_refused(
    folder: Path, nonsense: bytes, kind: type[object]
) -> None:
    (folder / "compliance_long.csv").write_bytes(nonsense)

    assert {type(each) for each in _refusals(folder)} == {kind}


def test_nonsense_below_a_good_header_is_counted_but_not_all_listed(folder: Path) -> None:
    header = COMPLIANCE.splitlines()[0]
    (folder / "compliance_long.csv").write_text(header + "\n" + "non,sense\n" * 1_000_000)

    refusals = _refusals(folder)

    assert [type(each) for each in refusals] == [RowBroken] * FAULTS_LISTED_MAX + [MoreFaults]
    assert (refusals[-1].listed, refusals[-1].total) == (FAULTS_LISTED_MAX, 1_000_000)


def test_a_row_with_a_cell_too_many_is_refused(with_row: Callable[[str], Refusals]) -> None:
    (refusal,) = with_row(ROW + ",more")

    assert str(refusal) == "compliance_long.csv, row 2: 10 cells stand in 9 columns."


@pytest.mark.parametrize(
    "value", ["-1", "1.5", "1e3", "+1", " 1", "1,", "\u0661", "9" * 16, "many"]
)
@pytest.mark.parametrize("column", ["alloc_total", "verified", "surrendered"])
def test_units_and_tonnes_are_whole_and_not_negative(
    with_row: Callable[[str], Refusals], column: str, value: str
) -> None:
    cells = dict(zip(COMPLIANCE.splitlines()[0].split(","), ROW.split(","), strict=True))

    refusal = _only(with_row(",".join(f'"{each}"' for each in (cells | {column: value}).values())))

    assert (refusal.column, refusal.value) == (column, value)


@pytest.mark.parametrize("value", ["", "5", "20005", "1066", "2005.0", "MMV"])
def test_a_year_is_a_year(with_row: Callable[[str], Refusals], value: str) -> None:
    refusal = _only(with_row(ROW.replace("2005", value)))

    assert (refusal.column, refusal.value) == ("year", value)


@pytest.mark.parametrize("value", ["F", "a", "A**", "*", "AB"])
def test_an_unknown_code_is_refused(with_row: Callable[[str], Refusals], value: str) -> None:
    assert _only(with_row(ROW[:-1] + value)).column == "compliance_code"


@pytest.mark.parametrize("value", ["ship", "", "Installation"])
def test_an_unknown_kind_is_refused(with_row: Callable[[str], Refusals], value: str) -> None:
    assert _only(with_row(ROW.replace("installation", value))).column == "kind"


@pytest.mark.parametrize("value", ["A", "at", "AUT", "ÄT", "4T"])
def test_a_registry_is_two_capital_letters(with_row: Callable[[str], Refusals], value: str) -> None:
    assert with_row(ROW.replace("AT", value))[0].column == "registry"


def test_an_operator_stays_in_its_registry(folder: Path) -> None:
    (folder / "compliance_long.csv").write_text(
        COMPLIANCE.replace("AT,11,2006", "DE,11,2006"), encoding="utf-8"
    )

    (refusal,) = _refusals(folder)

    assert (refusal.row, refusal.column, refusal.value) == (4, "registry", "DE")


def test_a_flag_is_known_and_does_not_stand_beside_a_figure(
    with_row: Callable[[str], Refusals],
) -> None:
    assert _only(with_row(ROW.replace("90,,", "90,Excluded,"))).column == "verified_flag"
    assert _only(with_row(ROW.replace("90,,", ",Forgotten,"))).column == "verified_flag"


def test_a_second_row_for_one_operator_and_year_is_refused(
    with_row: Callable[[str], Refusals],
) -> None:
    (refusal,) = with_row(ROW + "\n" + ROW)

    assert isinstance(refusal, OperatorYearTwice)
    assert (refusal.row, refusal.account, refusal.year) == (3, "11", 2005)


@pytest.mark.parametrize("change", [("11", "99"), ("11", "21"), ("11", "")])
def test_an_operator_unknown_or_of_another_kind_is_refused(
    with_row: Callable[[str], Refusals], change: tuple[str, str]
) -> None:
    (refusal,) = with_row(ROW.replace(*change))

    assert isinstance(refusal, OperatorUnknown)
    assert (refusal.row, refusal.account, refusal.kind) == (2, change[1], "installation")


def test_two_operators_with_one_account_are_refused(folder: Path) -> None:
    (folder / "aircraft_operators.csv").write_text(AIRCRAFT + "12,901,US,10-Aircraft\n")

    assert OperatorTwice in {type(each) for each in _refusals(folder)}


def test_an_operator_without_an_account_is_refused(folder: Path) -> None:
    (folder / "installations.csv").write_text(INSTALLATIONS + ",3,Steel,AT,5-Iron\n")

    (refusal,) = _refusals(folder)

    assert (refusal.file, refusal.row, refusal.column) == ("installations.csv", 4, "account_id")


def test_years_without_any_row_are_refused(folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        read(folder, range(1990, 1993))

    assert [type(each) for each in refused.value.refusals] == [NothingToReplay]
    assert "1990 to 1992" in str(refused.value)


def test_faults_of_all_files_are_told_at_once(folder: Path) -> None:
    (folder / "installations.csv").write_text(INSTALLATIONS + "13,3\n")
    (folder / "compliance_long.csv").write_text(
        COMPLIANCE.replace(",90,,90,A", ",-9,,9.5,Q") + "balloon,AT,11,2007,1,1,,1,A\n"
    )
    (folder / "totals_by_year.csv").write_text("kind,year\n")

    sorts = Counter(type(each) for each in _refusals(folder))

    assert sorts == {RowBroken: 1, CellNotAllowed: 4, ColumnMissing: 3}


def test_the_example_of_the_format_can_be_read(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "replay-format.md"
    example = page.read_text(encoding="utf-8").split("## An example")[1]
    for name, rows in re.findall(r"`(\w+\.csv)`\n\n```csv\n(.*?)```", example, re.DOTALL):
        (tmp_path / name).write_text(rows, encoding="utf-8")

    history = read(tmp_path, YEARS)

    assert [row.published for year in YEARS for row in history.rows[year]] == ["A", "B*", "C"]


def _sums(history: History, *, by_registry: bool) -> dict[tuple[str, ...], list[int]]:
    sums: dict[tuple[str, ...], list[int]] = {}
    for year, rows in history.rows.items():
        for row in rows:
            key = (*((row.registry,) if by_registry else ()), row.kind, str(year))
            found = sums.setdefault(key, [0, 0, 0])
            found[0] += row.allocated
            found[1] += row.verified or 0
            found[2] += row.surrendered
    return sums


def test_the_packaged_rows_add_up_to_the_published_totals_to_the_tonne() -> None:
    history = read(PACKAGED, YEARS)

    by_year = {
        (kind, str(year)): [total.allocated, total.verified, total.surrendered]
        for (kind, year), total in history.totals.items()
    }
    by_registry = {
        (registry, kind, str(year)): [total.allocated, total.verified, total.surrendered]
        for (registry, kind, year), total in history.registry_totals.items()
    }
    assert _sums(history, by_registry=False) == by_year
    assert _sums(history, by_registry=True) == by_registry
    # As the log gave them in April 2021: 2,014,076,770 t in 2005 and 1,867,032,265 t in 2012.
    assert by_year["installation", "2005"][1] == 2_014_076_770
    assert by_year["installation", "2012"][1] == 1_867_032_265
    assert sum(len(rows) for rows in history.rows.values()) == 97_314


def test_the_packaged_files_name_no_account_holder_and_are_small() -> None:
    for path in PACKAGED.glob("*.csv.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as text:
            assert "holder" not in text.readline()
    assert sum(path.stat().st_size for path in PACKAGED.iterdir()) < 2_500_000
