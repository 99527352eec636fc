"""A report: facts and tables with their sums, where they are from, and as of when.

It is one thing in every form: pages by Typst, sheets in XLSX, and its main table in CSV.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from tonne.documents.languages import Language, bare, code, name, notes_of, numbers
from tonne.documents.typeset import picture, typeset
from tonne.languages import SOURCE, in_a_cell
from tonne.ledger import Block
from tonne.quantity import Money

Value = str | int | date | Block | Money | None
Kind = Literal["code", "name", "words", "count", "year", "day"]
"""What stands in a column: counts stand at its end, and only codes and counts have Latin digits."""

TEMPLATE = "report.typ"

_CELL_MAX = 32_767
_EXACT_MAX = 2**53
"""A spreadsheet keeps no larger number exactly."""

_SHEET_NAME_MAX = 31


def _(text: str) -> str:
    """A sentence that is translated where it is shown."""
    return text


REVIEW = _(
    "This translation has yet to be reviewed by a native reader; where it differs, the English "
    "text counts."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its heading in the reader's language, what stands in it, how wide it is."""

    heading: str
    kind: Kind
    width: int = 2


class Fact(NamedTuple):
    """Something that is said of the whole report."""

    label: str
    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under columns, and below them the sums."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    sums: Sequence[Sequence[Value]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is told, in a reader's language."""

    language: Language
    title: str
    subject: str
    """Whom it is about."""

    sentence: str
    facts: Sequence[Fact]
    tables: Sequence[Table]
    source: str
    at: datetime

    @property
    def as_of(self) -> str:
        """Where it is from, and how long it is true."""
        return self.language.say(
            "Source: the books of %(source)s, as they stood on %(moment)s.",
            source=name(self.source),
            moment=self.language.moment(self.at),
        )


def as_pdf(report: Report) -> bytes:
    """The report as pages."""
    return typeset(TEMPLATE, contents(report), at=report.at)


def as_pictures(report: Report) -> list[bytes]:
    """The same as pictures, page after page."""
    return picture(TEMPLATE, contents(report), at=report.at)


def as_xlsx(report: Report) -> bytes:
    """The report as sheets; what is text stays text, whatever it looks like."""
    from xlsxwriter import Workbook  # noqa: PLC0415  heavy

    written = io.BytesIO()
    settings = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Workbook(written, settings) as book:
        book.set_properties({"title": report.title, "created": report.at.replace(tzinfo=None)})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        total = book.add_format({"bold": True, "top": 1, "num_format": "#,##0.##"})
        plain = book.add_format({"num_format": "#,##0.##"})
        front = book.add_worksheet(_sheet_name(report.language.say("Summary"), 0))
        _turn(front, report)
        front.set_column(0, 0, 30)
        front.set_column(1, 1, 80)
        facts = [(each.label, each.value) for each in report.facts]
        lines = [(report.title, report.subject), *facts, ("", bare(report.as_of))]
        if report.language.code != SOURCE:
            lines.append(("", report.language.say(REVIEW)))
        for row, (label, value) in enumerate(lines):
            front.write_string(row, 0, label, head if row == 0 else None)
            _write(front, row, 1, value, None)
        for number, table in enumerate(report.tables, 1):
            sheet = book.add_worksheet(_sheet_name(table.title, number))
            _turn(sheet, report)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(table.columns):
                sheet.set_column(place, place, 6 * column.width)
                sheet.write_string(0, place, column.heading, head)
            for row, values in enumerate(table.rows, 1):
                for place, value in enumerate(values):
                    _write(sheet, row, place, value, plain)
            for row, values in enumerate(table.sums, len(table.rows) + 1):
                for place, value in enumerate(values):
                    _write(sheet, row, place, value, total)
    return written.getvalue()


def as_csv(report: Report, table: Table) -> bytes:
    """One table of the report; no cell of it is a formula, and every row says where it is from.

    It begins with the mark by which spreadsheets know UTF-8.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    source = f"{report.title}; {report.source}; {report.at:%Y-%m-%dT%H:%MZ}"
    writer.writerow(
        [*(cell(each.heading) for each in table.columns), report.language.say("Source")]
    )
    for row in (*table.rows, *table.sums):
        writer.writerow([*(cell(value) for value in row), cell(source)])
    return written.getvalue().encode("utf-8-sig")


def cell(value: Value) -> str:
    """A value as a cell that no spreadsheet takes for a formula.

    >>> cell("=1+1"), cell(-5), cell(date(2005, 2, 28))
    ("'=1+1", '-5', '2005-02-28')
    """
    return in_a_cell(value) if isinstance(value, str) else _plain(value)


def _plain(value: Value) -> str:
    """A value for programs."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return f"{value.currency.code} {value.amount:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _write(sheet: Any, row: int, place: int, value: Value, form: Any) -> None:  # noqa: ANN401  XlsxWriter's own
    """Write a value: a count as a number, all else as text."""
    if isinstance(value, int) and abs(value) < _EXACT_MAX:
        sheet.write_number(row, place, value, form)
    elif value is not None:
        sheet.write_string(row, place, _plain(value)[:_CELL_MAX], form)


def _turn(sheet: Any, report: Report) -> None:  # noqa: ANN401  XlsxWriter's own
    if report.language.direction == "rtl":
        sheet.right_to_left()


def _sheet_name(title: str, number: int) -> str:
    """A name that a sheet may have, and no other sheet has."""
    kept = "".join(" " if each in "[]:*?/\\'" else each for each in title).strip()
    return kept[:_SHEET_NAME_MAX] or str(number)


def contents(report: Report) -> dict[str, Any]:
    """All that stands on the pages; the template adds nothing but form."""
    language = report.language
    return {
        "language": language.code,
        "direction": language.direction,
        "fonts": language.fonts,
        "title": report.title,
        "subject": name(report.subject),
        "sentence": report.sentence,
        "facts": [
            {"label": each.label, "values": [_shown(each.value, each.kind, language)]}
            for each in report.facts
        ],
        "tables": [
            {
                "title": table.title,
                "head": [each.heading for each in table.columns],
                "widths": [each.width for each in table.columns],
                "ends": [each.kind == "count" for each in table.columns],
                "rows": [_row(row, table.columns, language) for row in table.rows],
                "sums": [_row(row, table.columns, language) for row in table.sums],
            }
            for table in report.tables
            if table.rows
        ],
        "source": report.as_of,
        "notes": notes_of(language, review=REVIEW, named=_named(report)),
    }


def _named(report: Report) -> str:
    """All that somebody wrote of what stands on the pages."""
    values = [each.value for each in report.facts if each.kind == "name"]
    for table in report.tables:
        for place, column in enumerate(table.columns):
            if column.kind == "name":
                values.extend(row[place] for row in table.rows)
    return "".join({report.subject, *(each for each in values if isinstance(each, str))})


def _row(row: Sequence[Value], columns: Sequence[Column], language: Language) -> list[str]:
    return [
        _shown(value, column.kind, language) for value, column in zip(row, columns, strict=True)
    ]


def _shown(value: Value, kind: Kind, language: Language) -> str:  # noqa: PLR0911  one return for each kind of value
    """A value on a page."""
    if value is None or value == "":
        return ""
    if isinstance(value, Block):
        return numbers(value)
    if isinstance(value, Money):
        return f"{code(value.currency.code)} {language.count(value.amount)}"
    if isinstance(value, date):
        return code(value.isoformat()) if kind == "day" else language.day(value)
    if isinstance(value, int):
        return language.year(value) if kind == "year" else language.count(value)
    if kind == "code":
        return code(value)
    return name(value) if kind == "name" else value
