"""The past years of a scheme, lived again in books of their own."""

from pathlib import Path
from typing import Annotated

import typer

from tonne.cli import show
from tonne.cli.errand import folder_of, the_scheme
from tonne.cli.failures import UserFault
from tonne.cli.opening import open_store
from tonne.cli.options import PLAIN, Call, command

app = typer.Typer()
OWN_BOOKS = "tonne_replay"


@command(app, options=PLAIN)
def replay(
    call: Call,
    *,
    scheme: Annotated[str, typer.Argument(metavar="NAME|FOLDER", help="Which scheme.")],
    years: Annotated[str, typer.Option("--years", metavar="FIRST-LAST", help="Which years.")],
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="FOLDER",
            exists=True,
            file_okay=False,
            help="The tables of what happened; those of the scheme if not said.",
        ),
    ] = None,
    database: Annotated[
        str,
        typer.Option("--database", metavar="NAME", help="The books, emptied at the start."),
    ] = OWN_BOOKS,
) -> None:
    """Live past years of a scheme again: every operator, each year on its own dates.

    The replay has books of its own, which are emptied at its start; yours are left alone.

    Example: tonne replay eu_ets --years 2005-2012
    """  # fmt: skip
    span = a_span(years)
    law = the_scheme(scheme)
    folder = data or folder_of(scheme) / "history"
    if not folder.is_dir():
        raise UserFault(
            f"The scheme {law.name} has no history of its own.",
            remedy="Name a folder of tables with --data.",
        )
    with open_store(database, fresh=True):
        if not call.as_json:
            show.tell(f"{law.name}, {span.start} to {span.stop - 1}, from {folder}.")


def a_span(text: str) -> range:
    """Years as people write them: 2005-2012, or 2005."""
    first, _, last = text.partition("-")
    years = (first, last or first)
    if not all(year.isdecimal() and len(year) == 4 for year in years) or first > years[1]:  # noqa: PLR2004  four digits
        raise UserFault(f"{text!r} are no years.", remedy="Write the first and last: 2005-2012.")
    return range(int(first), int(years[1]) + 1)
