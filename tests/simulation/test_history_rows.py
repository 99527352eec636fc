"""Sentences about the rows of a history: each says what its columns are for, once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from log_tables import AIRCRAFT, COMPLIANCE, INSTALLATIONS, ROW, Refusals, only, refusals_of
from tonne.simulation.faults import OperatorTwice, OperatorYearTwice, RecordOperatorUnknown


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

    refusal = only(with_row(",".join(f'"{each}"' for each in (cells | {column: value}).values())))

    assert (refusal.column, refusal.value) == (column, value)


@pytest.mark.parametrize("value", ["", "5", "20005", "1066", "2005.0", "MMV"])
def test_a_year_is_a_year(with_row: Callable[[str], Refusals], value: str) -> None:
    refusal = only(with_row(ROW.replace("2005", value)))

    assert (refusal.column, refusal.value) == ("year", value)


@pytest.mark.parametrize("value", ["F", "a", "A**", "*", "AB"])
def test_an_unknown_code_is_refused(with_row: Callable[[str], Refusals], value: str) -> None:
    assert only(with_row(ROW[:-1] + value)).column == "compliance_code"


@pytest.mark.parametrize("value", ["ship", "", "Installation"])
def test_an_unknown_kind_is_refused(with_row: Callable[[str], Refusals], value: str) -> None:
    assert only(with_row(ROW.replace("installation", value))).column == "kind"


@pytest.mark.parametrize("value", ["A", "at", "AUT", "ÄT", "4T"])
def test_a_registry_is_two_capital_letters(with_row: Callable[[str], Refusals], value: str) -> None:
    assert with_row(ROW.replace("AT", value))[0].column == "registry"


def test_an_operator_stays_in_its_registry(folder: Path) -> None:
    (folder / "compliance_long.csv").write_text(
        COMPLIANCE.replace("AT,11,2006", "DE,11,2006"), encoding="utf-8"
    )

    (refusal,) = refusals_of(folder)

    assert (refusal.row, refusal.column, refusal.value) == (4, "registry", "DE")


def test_a_flag_is_known_and_does_not_stand_beside_a_figure(
    with_row: Callable[[str], Refusals],
) -> None:
    assert only(with_row(ROW.replace("90,,", "90,Excluded,"))).column == "verified_flag"
    assert only(with_row(ROW.replace("90,,", ",Forgotten,"))).column == "verified_flag"


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

    assert isinstance(refusal, RecordOperatorUnknown)
    assert (refusal.row, refusal.account, refusal.kind) == (2, change[1], "installation")


def test_two_operators_with_one_account_are_refused(folder: Path) -> None:
    (folder / "aircraft_operators.csv").write_text(AIRCRAFT + "12,901,US,10-Aircraft\n")

    assert OperatorTwice in {type(each) for each in refusals_of(folder)}


def test_an_operator_without_an_account_is_refused(folder: Path) -> None:
    (folder / "installations.csv").write_text(INSTALLATIONS + ",3,Steel,AT,5-Iron\n")

    (refusal,) = refusals_of(folder)

    assert (refusal.file, refusal.row, refusal.column) == ("installations.csv", 4, "account_id")
