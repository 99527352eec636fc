"""The list of a log: its registries, what they may do; and what is open of those that are gone."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Literal

import typer

from tonne import operations
from tonne.cli import show
from tonne.cli.keys import public_key
from tonne.cli.log import Reason, Registry, asking, tell
from tonne.cli.notices import app
from tonne.cli.opening import open_log
from tonne.cli.options import BOOKS, Call, command
from tonne.linking import Listed, May, PublicKey
from tonne.operations import LogBooks

__all__ = ["app"]


@command(app, options=BOOKS)
def register(
    call: Call,
    *,
    registry: Registry,
    address: Annotated[str, typer.Option("--address", metavar="URL", help="Where it listens.")],
    key: Annotated[
        PublicKey,
        typer.Option(
            "--public-key", parser=public_key, metavar="DIGITS", help="By which it is known."
        ),
    ],
    reason: Reason,
    status: Annotated[
        Literal["in service", "suspended", "gone"],
        typer.Option("--status", help="Whether it serves, or will not come back."),
    ] = "in service",
    issues: Annotated[
        list[str] | None,
        typer.Option(
            "--issues",
            metavar="SERIES",
            help="A series that it issues beside its own; again for more.",
        ),
    ] = None,
    may: Annotated[
        May | None, typer.Option("--may", help="Whether it is eligible to transfer, to acquire.")
    ] = None,
) -> None:
    """Put a registry on the list with its public key, or say anew what is known of it.

    From now on its letters must be signed with that key; those that were heard stay as they are.

    It issues the series of its own code, and those that are named: of hosts that keep no registry.
    If none is named it issues those that it did before. It may transfer and acquire unless it is
    said otherwise, which stands until it is said anew.

    Example: tonne log register --registry AT --address http://127.0.0.1:8101
    --public-key 3d40... --reason 'initialised'
    """
    made = Listed(registry, address, key, status)

    def put(books: LogBooks) -> Listed:
        before = books.listed().get(registry, made)
        series = before.series if issues is None else tuple(issues)
        listed = made._replace(series=series, may=may or before.may)
        operations.list_registry(books, listed, reason=reason, at=datetime.now(UTC))
        return listed

    with open_log(call.database) as store:
        listed = store.run(put)
    data: dict[str, object] = {
        "registry": registry,
        "address": address,
        "status": status,
        "issues": list(listed.issues()),
        "may": listed.may,
        "public_key": str(key),
    }
    tell(call, f"{registry} is on the list, {status}.", data, hint="tonne log serve --help")


@command(app, options=BOOKS)
def registries(call: Call) -> None:
    """List the registries, and what each holds by the log's own copy.

    Example: tonne log registries
    """
    with asking(call) as ask:
        listed = ask(lambda books: books.listed())
        lines = ask(lambda books: books.lines())
    held: dict[str, int] = dict.fromkeys(listed, 0)
    for line in lines.values():
        for tile in line:
            if tile.holder:
                held[tile.holder] = held.get(tile.holder, 0) + tile.block.count
    rows = [
        [
            each.code,
            each.status,
            each.may,
            each.address,
            " ".join(each.issues()),
            held[each.code],
            str(each.key),
        ]
        for each in listed.values()
    ]
    tell(
        call,
        f"{len(listed)} registries are on the list.",
        {"registries": [dict(zip(_LISTED, row, strict=True)) for row in rows]},
        show.Table(columns=_LISTED_COLUMNS, rows=rows),
        hint="tonne log compare --help",
    )


_LISTED = ("registry", "status", "may", "address", "issues", "units", "public_key")
_LISTED_COLUMNS = ("Registry", "Status", "May", "Address", "Issues", "Units", "Public key")


@command(app, options=BOOKS)
def proposals(call: Call) -> None:
    """List the proposals that are not final at the log, and for whom each waits.

    Example: tonne log proposals
    """
    with asking(call) as ask:
        found = ask(lambda books: books.standings(books.open_proposals()))
        listed = ask(lambda books: books.listed())
    rows: list[list[object]] = [
        [
            each.id,
            each.state.name.lower(),
            str(each.since),
            each.proposal.kind,
            each.proposal.count,
            each.proposal.giver,
            listed[each.proposal.giver].status,
            each.proposal.taker,
        ]
        for each in found.values()
        if each.proposal is not None
    ]
    tell(
        call,
        f"{len(rows)} proposals are open.",
        {"proposals": [dict(zip(_OPEN, row, strict=True)) for row in rows]},
        show.Table(
            columns=("Proposal", "State", "Since", "Kind", "Units", "Giver", "Is", "Taker"),
            rows=rows,
        ),
        hint="tonne log give-up --help",
    )


_OPEN = ("proposal", "state", "since", "kind", "units", "giver", "giver_status", "taker")


@command(app, "give-up", options=BOOKS)
def give_up(
    call: Call,
    *,
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="Such as PL-17.")],
    reason: Reason,
) -> None:
    """Give up a proposal whose giver is gone; its units stay with the giver, by the log's copy.

    If the giver comes back and had given them, a comparison names them: tonne log compare.

    Example: tonne log give-up PL-17 --reason 'the registry was closed'
    """
    with open_log(call.database) as store:
        standing = store.run(
            partial(operations.give_up, proposal=proposal, reason=reason, at=datetime.now(UTC))
        )
    data: dict[str, object] = {"proposal": standing.id, "state": standing.state.name.lower()}
    tell(call, f"{standing.id} is given up.", data, hint="tonne log compare --help")
