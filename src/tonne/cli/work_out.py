"""An allocation table is worked out by the method of the law; nothing of it is in the books yet."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from tonne import operations
from tonne.cli import show
from tonne.cli.errand import the_scheme
from tonne.cli.failures import UserFault
from tonne.cli.options import Call, Year, command
from tonne.operations import WorkedOut
from tonne.supply import Allocation, OperatorKind

app = typer.Typer()


@command(app, "work-out", options=("scheme", "as_json"))
def work_out(
    call: Call,
    *,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="The baselines (.csv, .xlsx): past emissions, or output by product.",
        ),
    ],
    year: Year,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE.csv", help="Where to write the table; shown if not."),
    ] = None,
    kind: Annotated[OperatorKind, typer.Option("--kind", help="Which operators.")] = "installation",
) -> None:
    """Work out who is given how many units of a year, by the method and figures of the law.

    Columns by past emissions: operator_id, emitted_in (year), emissions.
    A new entrant has a row with asked (units) and received (day) instead.

    Columns by output: operator_id, product, level, leakage_factor.
    A new entrant's rows have received (day) too.

    In both, closed_on says when an operator closed. Nothing is written to
    the books: tonne allocate pays the table out.

    Example: tonne work-out baselines.csv --year 2025 --to allocation.csv
    """
    scheme = the_scheme(call.scheme)
    sheets = operations.sheets(file.name, file.read_bytes())
    found = operations.work_out(scheme, sheets, year=year, kind=kind)
    if to is not None:
        _write(to, found.table)
    if call.as_json:
        show.as_json(_data(found, to))
        return
    show.tell(
        _finding(found, to),
        *_tables(found),
        hint=f"tonne allocate {to or 'FILE'} --unit CODE",
    )
    show.note(f"Rule: {found.reference}")


def _write(path: Path, table: Sequence[Allocation]) -> None:
    """Write the table in the form that ``tonne allocate`` reads; nothing is written over."""
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(_rows(table))
    except FileExistsError:
        raise UserFault(
            f"{path} is there already; nothing was written.",
            remedy="Name another file with --to, or move this one away.",
        ) from None
    except OSError as error:
        raise UserFault(
            f"{path} cannot be written: {error.strerror}.", remedy="Name another file with --to."
        ) from None


def _rows(table: Sequence[Allocation]) -> Iterator[list[object]]:
    """Headings and rows; a column of days only where some row has one."""
    days = [name for name in operations.DAYS if any(getattr(row, name) for row in table)]
    yield [*operations.COLUMNS, *days]
    for row in table:
        yield [row.operator, row.year, row.count, *(getattr(row, name) or "" for name in days)]


def _finding(found: WorkedOut, to: Path | None) -> str:
    factor = found.correction_factor
    said = [
        f"{found.given:,} units of {found.year} by {found.method},",
        f"of {found.ceiling:,} that may be given free;",
        f"{found.drawn:,} of {found.reserve:,} from the reserve.",
    ]
    if factor is not None:
        said.append(f"The correction factor is {factor}: without it {found.uncorrected:,f} units.")
    if found.refused:
        said.append(f"The reserve gives nothing to {len(found.refused)} who asked.")
    said.append("Not written." if to is None else f"Written to {to}.")
    return " ".join(said)


def _tables(found: WorkedOut) -> Iterator[show.Table]:
    by_output = found.method == "benchmarking"
    yield show.Table(
        title=f"Allocation of {found.year}",
        columns=(
            "Operator", "Uncorrected" if by_output else "Baseline t", "Asked on", "Closed on",
            "Before closure", "Units",
        ),
        rows=[
            [each.operator, each.basis, row.received, row.closed_on,
             each.before if row.closed_on else None, row.count]
            for each in found.lines
            for row in [each.allocation]
        ],
    )  # fmt: skip
    yield show.Table(
        title="The reserve gives nothing to",
        columns=("Operator", "Why"),
        rows=[
            [each.operator, " ".join(f"[{no.number}] {no}" for no in each.refusals)]
            for each in found.refused
        ],
    )


def _data(found: WorkedOut, to: Path | None) -> dict[str, object]:
    return {
        "year": found.year,
        "method": found.method,
        "reference": found.reference,
        "ceiling": found.ceiling,
        "correction_factor": found.correction_factor,
        "uncorrected": found.uncorrected,
        "given": found.given,
        "reserve": found.reserve,
        "drawn": found.drawn,
        "rows": [
            {
                "operator_id": each.operator,
                "basis": each.basis,
                "before_closure": each.before,
                "count": each.allocation.count,
                "received": each.allocation.received,
                "closed_on": each.allocation.closed_on,
            }
            for each in found.lines
        ],
        "refused": [
            {"operator_id": each.operator, "refusals": [no.as_dict() for no in each.refusals]}
            for each in found.refused
        ],
        "written_to": None if to is None else str(to),
    }
