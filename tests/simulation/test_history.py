"""A folder of tables is read whole or refused whole, with every fault."""

import gzip
import random
import re
from collections import Counter
from pathlib import Path

import pytest

import tonne
from log_tables import COMPLIANCE, INSTALLATIONS, YEARS, refusals_of
from tonne.refusal import Refused
from tonne.simulation.faults import (
    FAULTS_LISTED_MAX,
    CellNotAllowed,
    FileCut,
    FileMissing,
    FileNotTable,
    MoreFaults,
    NothingToReplay,
    RecordColumnMissing,
    RecordNotText,
    RowBroken,
)
from tonne.simulation.history import History, Operator, OperatorYear, Total, read

PACKAGED = Path(tonne.__file__).parent / "schemes" / "eu_ets" / "history"


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

    assert [each.number for each in refusals_of(folder)] == [CellNotAllowed.number]


def test_a_missing_file_is_refused_and_its_operators_are_not_called_unknown(folder: Path) -> None:
    (folder / "installations.csv").unlink()

    assert refusals_of(folder) == (
        FileMissing(file="installations.csv", reference=refusals_of(folder)[0].reference),
    )


def test_a_folder_that_is_not_there_has_neither_needed_file(tmp_path: Path) -> None:
    refusals = refusals_of(tmp_path / "nowhere")

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

    refusals = refusals_of(folder)

    assert [type(each) for each in refusals] == [RecordColumnMissing, RecordColumnMissing]
    assert [each.column for each in refusals] == ["verified", "surrendered"]


def test_a_column_named_twice_is_refused(folder: Path) -> None:
    (folder / "installations.csv").write_text(INSTALLATIONS.replace("country", "main_activity"))

    assert {type(each) for each in refusals_of(folder)} == {RecordColumnMissing}


def test_an_empty_file_has_no_columns(folder: Path) -> None:
    (folder / "compliance_long.csv").write_text("")

    assert {type(each) for each in refusals_of(folder)} == {RecordColumnMissing}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_compressed_file_is_refused(folder: Path, share: float) -> None:
    (folder / "compliance_long.csv").unlink()
    whole = gzip.compress((COMPLIANCE * 500).encode())
    (folder / "compliance_long.csv.gz").write_bytes(whole[: int(len(whole) * share)])

    assert FileCut in {type(each) for each in refusals_of(folder)}


def test_a_plain_file_cut_within_its_last_cell_is_refused(folder: Path) -> None:
    text = COMPLIANCE[: COMPLIANCE.index("B*") + 1]
    (folder / "compliance_long.csv").write_text(text)

    assert [type(each) for each in refusals_of(folder)] == [FileCut]


def test_a_file_that_is_only_called_compressed_is_refused(folder: Path) -> None:
    (folder / "compliance_long.csv").rename(folder / "compliance_long.csv.gz")

    assert [type(each) for each in refusals_of(folder)] == [FileCut]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_refused(folder: Path, encoding: str) -> None:
    text = INSTALLATIONS.replace("Glass", "Gläser")
    (folder / "installations.csv").write_bytes(text.encode(encoding))

    assert [type(each) for each in refusals_of(folder)] == [RecordNotText]


@pytest.mark.parametrize(
    ("nonsense", "kind"),
    [
        (random.Random(1).randbytes(10_000_000), RecordNotText),  # noqa: S311  nonsense, no secret
        (b"\0" * 10_000_000, FileNotTable),
        (b"nonsense, " * 1_000_000, FileNotTable),
        (b'"' + b"x\n" * 5_000_000, FileNotTable),
        (b"non,sense\n" * 1_000_000, RecordColumnMissing),
    ],
    ids=["random bytes", "zeros", "one line", "an open quote", "lines"],
)
def test_ten_megabytes_of_nonsense_are_refused(
    folder: Path, nonsense: bytes, kind: type[object]
) -> None:
    (folder / "compliance_long.csv").write_bytes(nonsense)

    assert {type(each) for each in refusals_of(folder)} == {kind}


def test_nonsense_below_a_good_header_is_counted_but_not_all_listed(folder: Path) -> None:
    header = COMPLIANCE.splitlines()[0]
    (folder / "compliance_long.csv").write_text(header + "\n" + "non,sense\n" * 100_000)

    refusals = refusals_of(folder)

    assert [type(each) for each in refusals] == [RowBroken] * FAULTS_LISTED_MAX + [MoreFaults]
    assert (refusals[-1].listed, refusals[-1].total) == (FAULTS_LISTED_MAX, 100_000)


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

    sorts = Counter(type(each) for each in refusals_of(folder))

    assert sorts == {RowBroken: 1, CellNotAllowed: 4, RecordColumnMissing: 3}


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
