"""What is written into a file for somebody: in which language, in which form, where."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from tonne.cli.failures import UserFault
from tonne.documents import LANGUAGES, Language, Report, Table, as_csv, as_pdf, as_xlsx

Lang = Annotated[
    Literal["en", "ne", "fa", "sl"],
    typer.Option("--lang", help="In which language: English, Nepali, Persian, Slovenian."),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Write it into a file: .pdf, .xlsx, or .csv (one table)."
    ),
]

FORMS = (".pdf", ".xlsx", ".csv")


def form_of(file: Path, forms: tuple[str, ...]) -> str:
    """In which form a file is written, by the end of its name."""
    found = file.suffix.casefold()
    if found not in forms:
        *most, last = forms
        raise UserFault(
            f"{file} is of no form that can be written here.",
            remedy=f"Let its name end in {', '.join(most)} or {last}.",
        )
    return found


def write_report(file: Path, report: Report, main: Callable[[Report], Table]) -> None:
    """Write a report into a file; as CSV, its main table alone."""
    form = form_of(file, FORMS)
    if form == ".pdf":
        write(file, as_pdf(report))
    elif form == ".xlsx":
        write(file, as_xlsx(report))
    else:
        write(file, as_csv(report, main(report)))


def write(file: Path, content: bytes) -> None:
    """Write a file, or say why it cannot be."""
    try:
        file.write_bytes(content)
    except OSError as fault:
        raise UserFault(
            f"{file} cannot be written: {fault.strerror}.", remedy="Name another file."
        ) from None


def language(code: str) -> Language:
    """The language of that code."""
    return LANGUAGES[code]
