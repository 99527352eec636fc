"""The letters of a log: its keys, who signed what, and what was refused."""

from pathlib import Path
from typing import Annotated

import typer

from tonne import operations
from tonne.cli import evidence, show
from tonne.cli.failures import DIFFERS
from tonne.cli.keys import NewFile, OldFile, public_key, tell_pair
from tonne.cli.listing import app
from tonne.cli.log import asking, tell
from tonne.cli.options import BOOKS, PLAIN, Call, command
from tonne.linking import PublicKey

__all__ = ["app"]

About = Annotated[
    str, typer.Option("--about", metavar="NAME", help="A proposal, a notice or a comparison.")
]


@command(app, options=PLAIN)
def key(call: Call, *, to: NewFile = None, of: OldFile = None) -> None:
    """Make a pair of keys for the log, or say the public half of one.

    Example: tonne log key --to itl.key
    """
    tell_pair(call, to, of)


@command(app, options=BOOKS)
def keys(call: Call) -> None:
    """Tell by which public key each registry was known since when, and why.

    Example: tonne log keys
    """
    with asking(call) as ask:
        found = ask(lambda books: books.listings())
    rows = [[str(e.at), e.listed.code, str(e.listed.key), e.reason] for e in found]
    tell(
        call,
        f"{len(rows)} times a registry was put on the list or its row was changed.",
        {"keys": [dict(zip(_KEY, row, strict=True)) for row in rows]},
        show.Table(columns=("Since", "Registry", "Public key", "Why"), rows=rows),
    )


_KEY = ("since", "registry", "public_key", "reason")


@command(app, options=BOOKS)
def letters(call: Call, *, about: About) -> None:
    """Tell what registries signed about something, so that anybody can check it.

    Example: tonne log letters --about AT-17 --json
    """
    with asking(call) as ask:
        here = ask(operations.named)
        found = ask(lambda books: books.evidence(about, here=here))
    finding, data, tables = evidence.tell_letters(about, found)
    tell(call, finding, data, *tables, hint="tonne log verify --help")


@command(app, options=PLAIN)
def verify(
    call: Call,
    *,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Letters in JSON.")],
    sender: Annotated[
        str, typer.Option("--from", metavar="CODE", help="Who is said to have signed.")
    ],
    key: Annotated[
        PublicKey,
        typer.Option(
            "--public-key", parser=public_key, metavar="DIGITS", help="The sender's public key."
        ),
    ],
    about: Annotated[
        str | None,
        typer.Option("--about", metavar="NAME", help="Only what is signed to be about this."),
    ] = None,
) -> None:
    """Check who signed the letters and receipts in a file; no books are needed for it.

    Ask the sender itself, or whoever keeps the list, for its public key. All that is told is what
    was signed, but for the moment at which whoever kept it says that it came.

    Example: tonne log verify letters.json --from AT --public-key 3d40... --about AT-17
    """
    finding, data, tables = evidence.check(file, sender, key, about)
    tell(call, finding, data, *tables)
    if not data["ok"]:
        raise typer.Exit(DIFFERS)


@command(app, options=BOOKS)
def refused(call: Call) -> None:
    """List what the log refused and why.

    Example: tonne log refused
    """
    with asking(call) as ask:
        written, strangers = ask(lambda books: (books.written(), books.strangers()))
    finding, data, tables = evidence.tell_refused(written, strangers)
    tell(call, finding, data, *tables)
