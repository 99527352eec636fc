"""What people and programs are shown: the finding first, then the table, then where to look."""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal

from msgspec import Struct
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable

from tonne.languages import in_a_cell
from tonne.quantity import Money, Tonnes
from tonne.registry import Answer

ROWS_MAX = 200
"""So many rows of a table are shown to a person; programs get them all."""
_WIDE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is shown. Counts are grouped and stand to the right; texts are left as is."""

    title: str = ""
    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]


def tell(finding: str, *tables_: Table, hint: str = "") -> None:
    """Say the finding, show the tables, and where to look next."""
    out = _console()
    out.print(shown(finding), style="bold")
    tables(*tables_)
    if hint:
        out.print(shown(f"Next: {hint}"), style="dim")


def note(*lines: str) -> None:
    """Say what must be known to read what was shown, and where to look next."""
    out = _console()
    for line in lines:
        out.print(shown(line), style="dim")


def tables(*tables_: Table) -> None:
    """Show tables that have rows."""
    for table in tables_:
        if table.rows:
            _show(table)


def complain(text: str) -> None:
    """Say to a person what is wrong."""
    Console(stderr=True, markup=False, highlight=False, soft_wrap=True).print(shown(text))


def as_json(data: object) -> None:
    """Say the same to a program."""
    text = json.dumps(plain(data), indent=2, ensure_ascii=False)
    sys.stdout.write(_UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Say a table to a program; a spreadsheet takes no text of it for a formula."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([in_a_cell(each) if isinstance(each, str) else each for each in row])


def shown(text: str) -> str:
    """A text without what a terminal takes for a command, or shows in another order."""
    return _UNSHOWN.sub("", text)


_UNSHOWN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


@contextmanager
def patience(doing: str) -> Iterator[None]:
    """Say what is being done while it is, to a person at a terminal."""
    if sys.stderr.isatty():
        with Console(stderr=True).status(doing):
            yield
    else:
        yield


@contextmanager
def progress(doing: str) -> Iterator[Callable[[str, int], None]]:
    """Where long work says what was done and how many items it was; shown at a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _what, _count: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda what, count: bar.update(task, description=f"{what}: {count:,}")


def some(count: int, one: str) -> str:
    """So many of something, in words that agree: 1 account, 2 accounts."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def checks_as_table(answers: Sequence[Answer]) -> Table:
    """What every check said, over all transactions of a request."""
    rows = []
    for number, sentence, passed, asked in _checks(answers):
        said = "yes" if passed == asked else "no"
        rows.append([str(number), sentence, said if asked == 1 else f"{said}: {passed} of {asked}"])
    return Table(title="Checks", columns=("Number", "Check", "Passed"), rows=rows)


def checks_as_data(answers: Sequence[Answer]) -> list[dict[str, object]]:
    """The same for a program."""
    return [
        {"number": number, "check": sentence, "passed": passed == asked, "transactions": asked}
        for number, sentence, passed, asked in _checks(answers)
    ]


def plain(value: object) -> object:  # noqa: PLR0911  one return for each kind of value
    """A value in JSON: records as objects, days in ISO form, what is exact as text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency.code}
    if isinstance(value, Tonnes):
        return str(value.value)
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, Sequence | set | frozenset):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def in_cell(value: object) -> str:
    """A value in a table: counts grouped by commas, nothing where there is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,f}" if isinstance(value, Decimal) else shown(str(value))


def _checks(answers: Sequence[Answer]) -> Iterator[tuple[int, str, int, int]]:
    """Each check once: number, sentence, how many transactions passed it, how many were asked."""
    asked: dict[tuple[int, str], list[bool]] = {}
    for answer in answers:
        asked.setdefault((answer.number, answer.sentence), []).append(answer.passed)
    for (number, sentence), passed in asked.items():
        yield number, sentence, sum(passed), len(passed)


def _show(table: Table) -> None:
    drawn = RichTable(box=SIMPLE_HEAD, title=shown(table.title) or None, title_justify="left")
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        counted = all(isinstance(cell, int | Decimal | Money | None) for cell in cells)
        drawn.add_column(column, justify="right" if counted else "left", overflow="fold")
    for row in table.rows[:ROWS_MAX]:
        drawn.add_row(*map(in_cell, row))
    out = _console()
    out.print(drawn)
    if len(table.rows) > ROWS_MAX:
        out.print(f"{ROWS_MAX} of {len(table.rows):,} rows; --json has them all")


def _console() -> Console:
    """Standard output as it is now; where it is no terminal, lines may be long."""
    width = None if sys.stdout.isatty() else _WIDE
    return Console(markup=False, highlight=False, soft_wrap=False, width=width)
