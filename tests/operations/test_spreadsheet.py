"""Sentences about workbooks and text files: read as a person sees them, or refused."""

import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal

import pytest
import xlsxwriter

from tonne.mrv import read_reports
from tonne.operations.spreadsheet import sheets
from tonne.refusal import Refusal, Refused

HEADINGS = ("operator_id", "year", "verified")


def xlsx(*tables: Sequence[Sequence[object]]) -> bytes:
    """A workbook of one sheet a table, with ``=`` for a formula that failed."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed)
    for table in tables:
        sheet = book.add_worksheet()
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if cell == "=":
                    sheet.write_formula(row, column, "=1/0", None, "#DIV/0!")
                else:
                    sheet.write(row, column, cell)
    book.close()
    return packed.getvalue()


def refused(name: str, content: bytes) -> Refusal:
    with pytest.raises(Refused) as found:
        sheets(name, content)
    (refusal,) = found.value.refusals
    return refusal


def test_a_workbook_is_read_sheet_by_sheet_from_the_very_first_row() -> None:
    content = xlsx([[], ["", "a"]], [], [["b"]])
    found = sheets("report.xlsx", content)
    assert [(each.name, each.rows) for each in found] == [
        ("Sheet1", [["", ""], ["", "a"]]),
        ("Sheet3", [["b"]]),
    ]


def test_a_number_is_the_decimal_that_a_person_sees() -> None:
    ((row,),) = (each.rows for each in sheets("r.xlsx", xlsx([[12.1, 3, 0.07, 123456789, True]])))
    assert row == [Decimal("12.1"), Decimal(3), Decimal("0.07"), Decimal(123456789), True]
    assert [str(each) for each in row[:4]] == ["12.1", "3", "0.07", "123456789"]


def test_a_formula_that_failed_is_seen_and_refused() -> None:
    (sheet,) = sheets("r.xlsx", xlsx([HEADINGS, ("KILN", 2005, "=")]))
    with pytest.raises(Refused, match=r"row 2, column verified \(C2\) is '#DIV/0!'"):
        read_reports(sheet, years=range(2005, 2013), reference="Report table")


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_text_is_split_by_comma_or_semicolon_with_or_without_a_mark(
    delimiter: str, mark: str
) -> None:
    lines = [delimiter.join(HEADINGS), delimiter.join(("Ålesund", "2005", "7")), ""]
    (sheet,) = sheets("Report.CSV", (mark + "\r\n".join(lines)).encode())
    assert sheet.rows == [list(HEADINGS), ["Ålesund", "2005", "7"]]


def test_an_empty_file_is_refused() -> None:
    for name, content in (
        ("r.csv", b""),
        ("r.csv", b" \n\n"),
        ("r.xlsx", b""),
        ("r.xlsx", xlsx([])),
    ):
        assert str(refused(name, content)) == f"File '{name}' is empty."


def test_text_in_another_encoding_is_refused_by_line() -> None:
    content = "operator_id,year,verified\nÅlesund,2005,7\n"
    assert "line 2, byte 0xc5" in str(refused("r.csv", content.encode("latin-1")))
    assert "line 1, byte 0xff" in str(refused("r.csv", content.encode("utf-16")))
    assert "line 1, byte 0x00" in str(refused("r.csv", content.encode("utf-16-le")[:40]))


def test_text_that_is_cut_inside_quotes_is_refused() -> None:
    assert refused("r.csv", b'operator_id,year\n"KILN,2005').code == "FileNotText"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_that_is_cut_in_its_last_line_is_refused(end: str) -> None:
    whole = end.join(["operator_id,year", "KILN,2005", "STEEL,2005", ""])
    assert len(sheets("r.csv", whole.encode())[0].rows) == 3
    assert len(sheets("r.csv", f"{whole} ".encode())[0].rows) >= 3
    for cut in (len(end), len(end) + 3, len(end) + 4):
        no = refused("r.csv", whole[:-cut].encode())
        assert (no.code, no.number) == ("FileCutShort", 5905)
        assert "line 3, its last, has no end" in str(no)


def test_a_truncated_workbook_is_refused() -> None:
    content = xlsx([HEADINGS])
    for length in (10, len(content) // 2, len(content) - 1):
        assert refused("r.xlsx", content[:length]).code == "WorkbookBroken"


def test_a_damaged_workbook_is_refused() -> None:
    content = bytearray(xlsx([HEADINGS]))
    content[60:70] = bytes(10)
    assert refused("r.xlsx", bytes(content)).code == "WorkbookBroken"


def test_ten_megabytes_of_nonsense_are_refused() -> None:
    nonsense = bytes(range(256)) * 40_000
    assert refused("r.xlsx", nonsense).code == "WorkbookBroken"
    assert refused("r.csv", nonsense).code == "FileNotText"
    assert refused("r.csv", b"nonsense" * 1_250_000).code == "FileNotText"


def test_a_kind_of_file_that_is_not_known_is_refused() -> None:
    assert "neither .xlsx nor .csv" in str(refused("r.pdf", b"%PDF"))


def test_a_file_that_unpacks_to_more_than_is_read_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", bytes(201_000_000))
    assert len(packed.getvalue()) < 1_000_000
    assert "201,000,000 bytes when unpacked" in str(refused("r.xlsx", packed.getvalue()))


def test_a_stray_cell_at_the_end_of_the_sheet_is_refused() -> None:
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed)
    book.add_worksheet().write(1_048_575, 16_383, 1)
    book.close()
    assert "17,179,869,184 cells" in str(refused("r.xlsx", packed.getvalue()))
