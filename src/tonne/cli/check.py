"""The books worked out again from the movements, and where the units lie."""

from typing import Annotated

import typer

from tonne.cli import show
from tonne.cli.opening import open_store
from tonne.cli.options import BOOKS, Call, command
from tonne.ledger import Total
from tonne.operations import scheme_names
from tonne.store import PostgresStore

app = typer.Typer()


@command(app, options=BOOKS)
def check(
    call: Call,
    *,
    scheme: Annotated[
        str | None,
        typer.Option("--scheme", metavar="NAME", envvar="TONNE_SCHEME", help="Add up only this."),
    ] = None,
) -> None:
    """Work out the books again from the movements and compare: nothing may differ.

    What is issued must be held, surrendered or cancelled, for every kind of unit.

    Example: tonne check
    """
    with open_store(call.database) as store, show.patience("Working out the books again"):
        differences = store.run(lambda books: books.check(), keep=False)
        totals = [
            total
            for name in ([scheme] if scheme else scheme_names())
            for total in _totals(store, name)
        ]
    whole = all(each.issued == sum(each.held.values()) for each in totals)
    if call.as_json:
        show.as_json(
            {"ok": whole and not differences, "differences": differences, "totals": totals}
        )
    else:
        show.tell(
            "Nothing differs: the books follow from their movements."
            if whole and not differences
            else f"{len(differences):,} things in the books do not follow from their movements.",
            show.Table(
                title="Differences",
                columns=("Rule", "Where", "Expected", "Found"),
                rows=[[d.what, d.where, d.expected, d.found] for d in differences],
            ),
            _where_units_lie(totals),
            hint="tonne account list",
        )
    if differences or not whole:
        raise typer.Exit(1)


def _totals(store: PostgresStore, scheme: str) -> list[Total]:
    return store.run(lambda books: books.totals(scheme), keep=False)


def _where_units_lie(totals: list[Total]) -> show.Table:
    kinds = list(dict.fromkeys(kind for total in totals for kind in total.held))
    return show.Table(
        title="Where the units lie",
        columns=("Unit", "Issued", *(kind.replace("_", " ") for kind in kinds)),
        rows=[
            [total.asset, total.issued, *(total.held.get(kind, 0) for kind in kinds)]
            for total in totals
        ],
    )
