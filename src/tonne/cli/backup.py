"""The books in a file, kept elsewhere, and back from it."""

from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from tonne.cli import show
from tonne.cli.failures import DIFFERS, Unanswered, UserFault
from tonne.cli.opening import open_store, own_place
from tonne.cli.options import BOOKS, Call, command
from tonne.cli.sealing import key_file
from tonne.store import backup as backups
from tonne.store import database

app = typer.Typer()


@command(app, options=BOOKS)
def backup(
    call: Call,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; it tells everything.")],
) -> None:
    """Write the whole database into a file, as it is at one moment; others may go on meanwhile.

    Books, people, sign-in and what was written down of them. The key file of sign-in is not in it.

    Example: tonne backup /var/backups/tonne-2026-11-22.zip
    """
    if file.exists():
        raise UserFault(f"{file} is there already.", remedy="Name a new file.")
    with own_place(call.database) as place, show.patience("Writing the backup"):
        if not database.filled(place):
            raise UserFault(
                f"There is nothing in the database {database.name_of(place)!r}.",
                remedy="Name the books with --database.",
            )
        try:
            made = backups.back_up(place, file, tonne=version("tonne"), at=datetime.now(UTC))
        except FileExistsError as fault:
            raise UserFault(
                f"{fault.filename} is there already.",
                remedy="If nobody is writing it, remove it, or name another.",
            ) from None
        except OSError as fault:
            what = f"{file} cannot be written: {fault.strerror}."
            raise UserFault(what, remedy="Name another file.") from None
    if call.as_json:
        show.as_json({"file": file.absolute(), "manifest": _data(made)})
        return
    show.tell(
        f"{file} holds {_what(made)}: {made.bytes:,} bytes, SHA-256 {made.sha256}.",
        hint=f"keep it elsewhere, and a copy of {key_file()} apart from it",
    )


@command(app, options=BOOKS)
def restore(
    call: Call,
    *,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A backup.")
    ],
) -> None:
    """Put a backup into a database that is missing or empty: whole and checked, or not at all.

    Afterwards the books are worked out again from the movements; if something differs, as it did
    when the backup was written, it is told (exit code 3).

    Example: tonne restore /var/backups/tonne-2026-11-22.zip --database tonne_again
    """
    with own_place(call.database) as place, show.patience("Restoring the backup"):
        try:
            told = backups.restore(place, file)
        except database.NotLetInError as fault:
            raise Unanswered(str(fault)) from fault
        differences = []
        if told.kind == "books":
            with open_store(call.database, make=False) as store:
                differences = store.run(lambda books: books.check(), keep=False)
        name = database.name_of(place)
    if call.as_json:
        data = {"database": name, "manifest": _data(told), "differences": differences}
        show.as_json({"restored": True, **data})
    else:
        show.tell(
            f"Restored into {name}: {_what(told)}, as of {told.at:%Y-%m-%d %H:%M UTC}; "
            f"{show.some(len(differences), 'thing')} in them not following from the movements.",
            hint=f"tonne check --database {name}",
        )
    if differences:
        raise typer.Exit(DIFFERS)


def _what(told: backups.Manifest) -> str:
    rows = sum(told.counts.values())
    last = "no transaction" if told.transaction is None else f"transaction {told.transaction:,}"
    return f"{show.some(rows, 'row')} of {show.some(len(told.counts), 'table')}, up to {last}"


def _data(told: backups.Manifest) -> dict[str, object]:
    return asdict(told)
