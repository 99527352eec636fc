"""The books worked out again from the movements, and where the units lie."""

from typing import Annotated

import typer

from tonne.cli import show
from tonne.cli.errand import folder_of
from tonne.cli.failures import DIFFERS
from tonne.cli.opening import open_store
from tonne.cli.options import BOOKS, Call, command
from tonne.ledger import Total
from tonne.quantity import amount

app = typer.Typer()


@command(app, options=BOOKS)
def check(
    call: Call,
    *,
    scheme: Annotated[
        str | None,
        typer.Option(
            "--scheme", metavar="NAME|FOLDER", envvar="TONNE_SCHEME", help="Only its units."
        ),
    ] = None,
) -> None:
    """Work out the books again from the movements and compare: nothing may differ.

    What is issued must be held, surrendered or cancelled, for every kind of unit.

    Example: tonne check
    """
    only = None if scheme is None else folder_of(scheme).resolve().name
    with (
        open_store(call.database, make=False) as store,
        show.patience("Working out the books again"),
    ):
        differences, totals = store.run(
            lambda books: (
                books.check(),
                [
                    total
                    for name in ([only] if only else books.schemes())
                    for total in books.totals(name)
                ],
            ),
            keep=False,
        )
    whole = all(each.issued == sum(each.held.values()) for each in totals)
    if call.as_json:
        show.as_json(
            {
                "ok": whole and not differences,
                "differences": differences,
                "totals": [_as_data(each) for each in totals],
            }
        )
    else:
        show.tell(
            _finding(len(differences), whole=whole),
            show.Table(
                title="Differences",
                columns=("Rule", "Where", "Expected", "Found"),
                rows=[[d.what, d.where, d.expected, d.found] for d in differences],
            ),
            _where_units_lie(totals),
            hint="tonne account list",
        )
    if differences or not whole:
        raise typer.Exit(DIFFERS)


def _finding(differences: int, *, whole: bool) -> str:
    """Whether everything follows, in a sentence."""
    if differences:
        said = f"{show.some(differences, 'thing')} in the books"
        return f"{said} {'does' if differences == 1 else 'do'} not follow from their movements."
    if not whole:
        return "Units are missing: more were issued than are held, surrendered and cancelled."
    return "Nothing differs: the books follow from their movements."


def _where_units_lie(totals: list[Total]) -> show.Table:
    kinds = list(dict.fromkeys(kind for total in totals for kind in total.held))
    return show.Table(
        title="Where the units lie",
        columns=("Unit", "Issued", *(kind.replace("_", " ") for kind in kinds)),
        rows=[
            [
                total.asset,
                *(amount(total.asset, n) for n in (total.issued, *_held(total, kinds))),
            ]
            for total in totals
        ],
    )


def _held(total: Total, kinds: list[str]) -> list[int]:
    return [total.held.get(kind, 0) for kind in kinds]


def _as_data(total: Total) -> dict[str, object]:
    held = {kind: amount(total.asset, count) for kind, count in total.held.items()}
    return {"asset": total.asset, "issued": amount(total.asset, total.issued), "held": held}
