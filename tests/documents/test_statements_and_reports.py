"""Sentences about statements and reports: sums, source, and that no cell is a formula."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from land import Land
from tonne import operations
from tonne.documents import (
    LANGUAGES,
    Report,
    as_csv,
    as_pdf,
    as_xlsx,
    movements_of,
    operators_of,
    statement_report,
    year_report,
)
from tonne.documents.report import Column, Table, cell, contents
from tonne.quantity import Currency, Money
from tonne.store import MemoryStore

AT = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
DAY = date(2026, 6, 1)
EVIL = '=HYPERLINK("http://evil.example","x")'

each_language = pytest.mark.parametrize("code", LANGUAGES)


@pytest.fixture
def year() -> Land:
    """A year in which the steelworks surrendered all it owed, and the kiln too little."""
    land = Land(MemoryStore()).settle()
    land.emit("steel", 40)
    land.emit("kiln", 60)
    land.surrender("steel", 40)
    land.surrender("kiln", 50)
    land.close(2025)
    return land


def statement_of(land: Land, code: str = "en", *, name: str = "steel") -> Report:
    found = land.do(operations.statement, land.number(name), on="2026-06-01")
    return statement_report(found, land.scheme, language=LANGUAGES[code], day=DAY, at=AT)


def report_of(land: Land, code: str = "en") -> Report:
    found = land.do(operations.publication, 2025, on="2026-06-01")
    return year_report(found, land.scheme, language=LANGUAGES[code], day=DAY, at=AT)


def test_a_statement_has_its_movements_with_what_came_in_and_went_out(year: Land) -> None:
    table = movements_of(statement_of(year))
    came, went = ([row[place] for row in table.rows] for place in (7, 8))
    assert (came, went) == ([60, None], [None, 40])
    assert [row[-2:] for row in table.sums] == [(60, 40)]
    assert [str(row[6]) for row in table.rows] == ["EX-1-1-60", "EX-1-1-40"]


def test_a_statement_has_what_is_held_and_how_the_year_was_met(year: Land) -> None:
    held, _, numbers, emissions, closings = statement_of(year).tables
    assert list(held.rows) == [("EXA-1", 20)]
    assert [(row[2], str(row[1])) for row in numbers.rows] == [(20, "EX-1-41-60")]
    assert numbers.sums[0][2] == 20
    assert [row[4] for row in emissions.rows] == [40]
    assert [row[2] for row in closings.rows] == ["enough was surrendered"]


def test_money_is_not_added_to_units() -> None:
    land = Land(MemoryStore()).settle()
    found = land.do(operations.statement, land.number("steel"), on="2026-06-01")
    found.holdings["EUR"] = 12_345
    told = statement_report(found, land.scheme, language=LANGUAGES["en"], day=DAY, at=AT)
    held = told.tables[0]
    assert held.rows[1] == ("EUR", Money(12_345, Currency("EUR")))
    assert held.sums == [("Sum of units", 60)]
    assert "EUR\u2069 123.45" in told.sentence


def test_a_report_of_a_year_sums_all_operators_and_names_who_fell_short(year: Land) -> None:
    told = report_of(year)
    by_status, operators = told.tables
    assert [row[:5] for row in by_status.rows] == [
        ("enough was surrendered", 1, 40, 40, 0),
        ("too little was surrendered", 1, 60, 50, 10),
    ]
    assert by_status.sums[0][1:5] == (2, 100, 90, 10)
    assert operators.sums[0][4:7] == (100, 90, 10)
    # Ten units are missing, at 50 euros each (Example Act, s. 13(1)).
    assert operators.sums[0][7] == by_status.sums[0][5] == Money(50_000, Currency("EUR"))
    names = {row[1]: row[2] for row in operators_of(told).rows}
    assert names == {"STEEL": None, "KILN": "Kiln"}
    assert told.sentence == "Of 2 operators 1 fell short for 2025."


def test_a_year_that_is_not_closed_is_told_as_such() -> None:
    land = Land(MemoryStore()).settle()
    told = report_of(land)
    assert told.sentence == "The year 2025 is not closed."
    assert as_pdf(told).startswith(b"%PDF")
    assert as_xlsx(told)


@each_language
def test_a_report_says_where_it_is_from_and_as_of_when(year: Land, code: str) -> None:
    for told in (statement_of(year, code), report_of(year, code)):
        assert "Example Emissions Trading Scheme" in told.as_of
        assert "12:30 UTC" in told.as_of
        assert contents(told)["source"] == told.as_of


@each_language
def test_a_report_is_a_page_that_every_aid_reads(year: Land, code: str) -> None:
    for told in (statement_of(year, code), report_of(year, code)):
        made = as_pdf(told)
        assert b"<pdfuaid:part>1</pdfuaid:part>" in made
        assert f"/Lang({code})".encode() in made


@each_language
def test_sheets_have_numbers_as_numbers_and_the_sums_below_them(year: Land, code: str) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(report_of(year, code))))
    rows = book.get_sheet_by_index(2).to_python()
    assert sorted(row[4:7] for row in rows[1:3]) == [[40, 40, 0], [60, 50, 10]]
    assert rows[3][4:7] == [100, 90, 10]
    front = book.get_sheet_by_index(0).to_python()
    assert not any("\u2066" in str(value) for row in front for value in row)


@pytest.mark.parametrize("text", [EVIL, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"])  # noqa: RUF001  a wide sign
def test_no_cell_is_a_formula_in_a_sheet_or_in_csv(text: str) -> None:
    told = evil(text)
    with zipfile.ZipFile(io.BytesIO(as_xlsx(told))) as packed:
        sheets = [packed.read(each) for each in packed.namelist() if "worksheets/" in each]
    assert not any(b"<f>" in each or b"hyperlink" in each.lower() for each in sheets)
    raw = as_csv(told, told.tables[0]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw, newline="")))
    assert rows[1][0] == f"'{text}"
    assert rows[1][1] == "-5"
    assert not rows[0][0].startswith("=")
    assert rows[1][-1].startswith("'=")


@given(st.text())
def test_whatever_is_written_no_cell_begins_a_formula(text: str) -> None:
    said = cell(text)
    assert said.endswith(text)
    assert not said.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_what_a_spreadsheet_would_round_is_written_as_text() -> None:
    told = evil("x", count=2**60)
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(told)))
    assert book.get_sheet_by_index(1).to_python()[1][1] == str(2**60)


def test_sheets_may_be_called_what_no_sheet_is_called() -> None:
    assert as_xlsx(evil("x", title="[a]:b*c?/d\\" + "e" * 40))
    assert as_xlsx(evil("x", title="''"))


def evil(text: str, *, count: int = -5, title: str = "Rows") -> Report:
    """A report in which everything that somebody wrote is this text."""
    return Report(
        language=LANGUAGES["en"],
        title=EVIL,
        subject=text,
        sentence=text,
        facts=(),
        tables=(
            Table(
                title=title,
                columns=(
                    Column(heading=EVIL, kind="name"),
                    Column(heading="Units", kind="count"),
                ),
                rows=[(text, count)],
                sums=[("Sum", count)],
            ),
        ),
        source=text,
        at=AT,
    )
