"""A ledger table: the same rows as a page and as files, with their licence and citation."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from tonne.languages import in_a_cell

Value = str | int | bool | date | None
ENDINGS = ("csv", "metadata.json", "zip", "json")
"""As what a table is taken along; the longer of two that end alike comes first."""

Kind = Literal["name", "text", "code", "count", "year", "day", "price", "word"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Who publishes the data of a scheme, and under which terms they may be used."""

    publisher: str = ""
    """The scheme's own title, where nothing else is said."""

    licence: str = "CC BY 4.0"
    address: str = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name for programs, its heading for people, and what stands in it."""

    key: str
    heading: str
    kind: Kind
    total: int | None = None
    """The sum of all rows, where they are summed: also of those on other pages."""

    sort: str | None = None
    """The address of the same table in the order of this column."""

    sorted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row: its values by column, and the pages that some of them lead to."""

    values: Mapping[str, Value]
    links: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    """What a value means, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under columns, where they are from, and how they may be used."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Line]
    summed: bool = False
    """Whether it ends with a row of sums."""

    downloads: str = ""
    """The address of the same table without ending: one of ``ENDINGS`` is added to it."""

    query: str = ""
    empty: str = ""
    """What is said where there are no rows."""

    count: int | None = None
    """How many rows there are in all, where only some are shown."""

    earlier: str | None = None
    later: str | None = None
    """The addresses of the pages beside this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a table is from."""

    title: str
    address: str
    publisher: str
    terms: Terms
    at: datetime

    @property
    def citation(self) -> str:
        """How the table is cited."""
        return f"{self.publisher}: {self.title}. {self.address} (as of {self.at:%Y-%m-%d})."


def as_csv(table: Table, source: Source) -> str:
    """The table as CSV; each row says where it is from, so that no copy loses it."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([*(each.key for each in table.columns), "citation", "licence"])
    for row in table.rows:
        cells = [cell(row.values.get(each.key)) for each in table.columns]
        writer.writerow([*cells, cell(source.citation), cell(source.terms.licence)])
    return written.getvalue()


def as_json(table: Table, source: Source) -> dict[str, object]:
    """The table for programs: plain values, and beside them their source and licence."""
    return {
        **_from_where(table, source),
        "columns": [each.key for each in table.columns],
        "rows": [
            {each.key: _plain(row.values.get(each.key)) for each in table.columns}
            for row in table.rows
        ],
    }


def as_metadata(table: Table, source: Source) -> dict[str, object]:
    """The same without its rows: where they are from, and what stands in each column."""
    columns = [
        {"key": each.key, "heading": each.heading, "kind": each.kind, "total": each.total}
        for each in table.columns
    ]
    return {**_from_where(table, source), "columns": columns}


def as_zip(table: Table, source: Source, *, name: str) -> bytes:
    """The table as CSV and what is said of it, in one file."""
    told = json.dumps(as_metadata(table, source), ensure_ascii=False, indent=1)
    files = {f"{name}.csv": as_csv(table, source), f"{name}.metadata.json": told}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, text in files.items():
            entry = zipfile.ZipInfo(each, source.at.timetuple()[:6])
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _from_where(table: Table, source: Source) -> dict[str, object]:
    return {
        "title": source.title,
        "address": source.address,
        "publisher": source.publisher,
        "licence": {"name": source.terms.licence, "address": source.terms.address},
        "citation": source.citation,
        "as_of": source.at.isoformat(timespec="seconds"),
        "count": len(table.rows) if table.count is None else table.count,
    }


def cell(value: Value) -> str:
    """A value as a cell that no spreadsheet takes for a formula.

    >>> cell("=1+1"), cell(-5), cell(date(2005, 2, 28))
    ("'=1+1", '-5', '2005-02-28')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return in_a_cell(value)
    return str(value)


def _plain(value: Value) -> str | int | bool | None:
    return value.isoformat() if isinstance(value, date) else value
