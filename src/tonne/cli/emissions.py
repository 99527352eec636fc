"""Emissions are reported, verified, determined where nothing comes, corrected, excluded."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import typer

from tonne import operations
from tonne.cli import streams
from tonne.cli.errand import Errand, errand
from tonne.cli.failures import UserFault
from tonne.cli.options import Call, Year, a_name, command, table_file, words
from tonne.cli.show import Table, some
from tonne.mrv import DeterminationReason, EmissionsReport, Figure, Opinion, stream_sheets
from tonne.operations import Books
from tonne.quantity import Tonnes, number

app = typer.Typer(no_args_is_help=True, help="Report, verify, determine and correct emissions.")
Operator = Annotated[
    str,
    typer.Option(
        "--operator", metavar="TEXT", callback=a_name, help="The installation or aircraft operator."
    ),
]
Mass = Annotated[str, typer.Option("--tonnes", metavar="NUMBER", help="Tonnes of CO2 equivalent.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, for the record.")]
Judgement = Literal["verified", "verified_with_comments", "not_verified"]


@command(app, by="operator")
def submit(
    call: Call,
    *,
    operator: Operator,
    year: Year,
    tonnes: Mass,
    source: Annotated[
        str, typer.Option("--source", metavar="TEXT", help="Where it comes from.")
    ] = "",
) -> None:
    """Report what an operator says it emitted in a year; it counts once it is verified.

    Example: tonne report submit --operator STEEL-1 --year 2025 --tonnes 99.6 --on 2026-03-10
    """
    with errand(call) as at:
        report = EmissionsReport(
            operator=operator,
            year=year,
            tonnes=_tonnes(at, tonnes),
            submitted=call.day,
            source=source,
        )
        entry = at.do(
            lambda books: operations.report(books, at.scheme, [report], key=call.key, desk=at.desk)
        )
        at.tell(
            f"{operator} reports {report.tonnes.value:,f} t for {year}.",
            data={"entry": None if call.dry_run else entry, "key": call.key, "report": report},
            hint=f"tonne report verify --operator {operator} --year {year}",
        )


@command(app, by="operator")
def verify(
    call: Call,
    *,
    operator: Operator,
    year: Year,
    verifier: Annotated[
        str, typer.Option("--verifier", metavar="TEXT", callback=words, help="Who verified it.")
    ],
    judgement: Annotated[
        Judgement, typer.Option("--judgement", help="What the verifier says.")
    ] = "verified",
    comment: Annotated[
        list[str] | None,
        typer.Option(
            "--comment",
            metavar="TEXT",
            callback=words,
            help="A comment or reason; may be repeated.",
        ),
    ] = None,
    tonnes: Annotated[
        str | None, typer.Option("--tonnes", metavar="NUMBER", help="The verifier's own figure.")
    ] = None,
    misstatement: Annotated[
        str | None,
        typer.Option("--misstatement", metavar="NUMBER", help="Tonnes known to be wrong still."),
    ] = None,
) -> None:
    """Put a verifier's opinion of the last report on record; it gives the year's whole tonnes.

    Example: tonne report verify --operator STEEL-1 --year 2025 --verifier "Verify Ltd"
    """
    with errand(call) as at:
        opinion = Opinion(
            verifier=verifier,
            judgement=judgement,
            comments=tuple(comment or ()),
            tonnes=None if tonnes is None else _tonnes(at, tonnes),
            misstatement=None if misstatement is None else _tonnes(at, misstatement, signed=True),
        )

        def verified(books: Books) -> list[Figure]:
            report = _last_report(at, books, operator, year)
            return operations.verify(
                books, at.scheme, [(report, opinion)], key=call.key, desk=at.desk
            )

        _tell_figure(at, at.do(verified)[0])


@command(app, "import", by="operator")
def import_table(
    call: Call,
    *,
    file: Annotated[Path, table_file("operator_id, year, verified", ", or of source streams")],
) -> None:
    """Read a table of emissions, whole or not at all: every fault by sheet, row and column.

    Columns operator_id, year, verified: verified figures, in whole tonnes.

    A column stream, or a sheet called streams: source streams, one a row.
    Each operator's report is worked out from them by the law, kept with
    them, and waits to be verified.

    Example: tonne report import verified-2025.xlsx --on 2026-03-31
    """
    with errand(call) as at:
        found = operations.sheets(file.name, file.read_bytes())
        if of_streams := stream_sheets(found):
            streams.import_streams(at, file.name, of_streams, found)
            return

        def imported(books: Books) -> list[Figure]:
            figures = operations.import_reports(books, at.scheme, found, key=call.key, desk=at.desk)
            if not figures:
                raise UserFault(
                    f"No row of {file.name} gives verified tonnes.",
                    remedy="Import a table with the columns operator_id, year, verified.",
                )
            return figures

        figures = at.do(imported, doing=f"Reading {file.name}")
        at.tell(
            f"On record: {some(len(figures), 'figure')}, "
            f"{sum(each.tonnes for each in figures):,} t in all.",
            _table(figures),
            data={"key": call.key, "figures": figures},
            hint="tonne surrender --help",
        )


@command(app)
def show(call: Call, *, operator: Operator, year: Year) -> None:
    """Show what an operator reported for a year, and work it out again from its source streams.

    Example: tonne report show --operator STEEL-1 --year 2025
    """
    with errand(call) as at:
        streams.tell_year(
            at,
            at.ask(
                lambda books: operations.year_reported(
                    books, at.scheme, operator, year, desk=at.desk
                )
            ),
        )


@command(app, by="authority")
def determine(
    call: Call,
    *,
    operator: Operator,
    year: Year,
    reason: Annotated[
        DeterminationReason, typer.Option("--reason", help="Why nothing verified stands.")
    ] = "report_missing",
    tonnes: Annotated[
        str | None, typer.Option("--tonnes", metavar="NUMBER", help="A conservative estimate.")
    ] = None,
    note: Note = "",
) -> None:
    """Set the emissions of an operator, conservatively, where none are verified in time.

    Example: tonne report determine --operator STEEL-1 --year 2025 --tonnes 120
    """
    with errand(call) as at:
        stated = None if tonnes is None else _tonnes(at, tonnes)
        figure = at.do(
            lambda books: operations.determine(
                books,
                at.scheme,
                operator=operator,
                year=year,
                reason=reason,
                stated=stated,
                note=note,
                key=call.key,
                desk=at.desk,
            )
        )
        _tell_figure(at, figure)


@command(app, by="authority")
def correct(call: Call, *, operator: Operator, year: Year, tonnes: Mass, note: Note) -> None:
    """Correct the figure of a year; the new one stands, and the old one is kept.

    Example: tonne report correct --operator STEEL-1 --year 2025 --tonnes 104 --note "meter 3"
    """
    with errand(call) as at:
        mass = _tonnes(at, tonnes)
        figure = at.do(
            lambda books: operations.correct(
                books,
                at.scheme,
                operator=operator,
                year=year,
                tonnes=mass,
                note=note,
                key=call.key,
                desk=at.desk,
            )
        )
        _tell_figure(at, figure)


@command(app, by="authority")
def exclude(
    call: Call,
    *,
    operator: Annotated[
        list[str],
        typer.Option(
            "--operator",
            metavar="TEXT",
            callback=a_name,
            help="Who owes nothing; may be repeated.",
        ),
    ],
    year: Year,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", callback=words, help="Why, for the record.")
    ],
) -> None:
    """Put on record that operators owe nothing for a year.

    Example: tonne report exclude --operator STEEL-1 --year 2025 --reason "not yet in operation"
    """
    with errand(call) as at:
        entry = at.do(
            lambda books: operations.exclude(
                books,
                at.scheme,
                operator,
                year=year,
                reason=reason,
                key=call.key,
                desk=at.desk,
            )
        )
        at.tell(
            f"Nothing is owed for {year} by {' and '.join(operator)}.",
            data={
                "entry": None if call.dry_run else entry,
                "key": call.key,
                "operators": operator,
                "year": year,
            },
            hint=f"tonne close {year}",
        )


def _tonnes(at: Errand, text: str, *, signed: bool = False) -> Tonnes:
    reference = at.scheme.mrv.guidelines.on(at.call.day).reference
    return Tonnes(Decimal(number(text, what="Emissions", reference=reference, signed=signed)))


def _last_report(at: Errand, books: Books, operator: str, year: int) -> EmissionsReport:
    account = operations.operators(books, at.scheme, [operator])[operator]
    reports = [each for _, each in books.reports(at.scheme.name, [year], account=account)]
    if not reports:
        raise UserFault(
            f"{operator} has reported nothing for {year}.",
            remedy="Report first: tonne report submit; or the authority determines.",
        )
    return reports[-1]


def _tell_figure(at: Errand, figure: Figure) -> None:
    late = ", after the last day for reports" if figure.late else ""
    at.tell(
        f"{figure.operator} emitted {figure.tonnes:,} t in {figure.year} ({figure.kind}{late}).",
        data={"key": at.call.key, "figure": figure},
        hint=f"tonne surrender --year {figure.year} --help",
    )


def _table(figures: list[Figure]) -> Table:
    return Table(
        columns=("Operator", "Year", "Tonnes", "Kind"),
        rows=[[each.operator, str(each.year), each.tonnes, each.kind] for each in figures],
    )
