"""Accounts: a scheme is founded, accounts are opened, listed, shown and changed."""

from typing import Annotated

import typer

from tonne import operations, registry
from tonne.cli.errand import Errand, errand
from tonne.cli.options import Call, a_name, command, words
from tonne.cli.show import Table, some
from tonne.operations import Opening
from tonne.quantity import amount, said
from tonne.refusal import refuse_if_any
from tonne.registry import HoldingAccount

app = typer.Typer(no_args_is_help=True, help="Found a scheme; open, show and change accounts.")
Number = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's number.")]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", callback=words, help="Why, for the record.")
]


@command(app, by="administrator")
def found(call: Call) -> None:
    """Found a scheme in the books: open its own accounts and begin the numbering of its units.

    What stands already is left as it is.

    Example: tonne account found --scheme example
    """
    with errand(call) as at:
        numbers = at.begin(lambda books: operations.found(books, at.scheme, desk=at.desk))
        kinds = at.law.kinds
        at.tell(
            f"The scheme {at.scheme.name} has its {len(numbers)} own accounts.",
            Table(
                columns=("Account", "Kind"),
                rows=[[number, kinds[kind].name] for kind, number in numbers.items()],
            ),
            data={"scheme": at.scheme.name, "accounts": numbers, "units": sorted(at.law.units)},
            hint="tonne account open --help",
        )


@command(app, "open", by="administrator")
def open_account(
    call: Call,
    *,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="Its kind: operator, person, ...")
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="TEXT", callback=a_name, help="The name of its holder.")
    ],
    operator: Annotated[
        str | None,
        typer.Option(
            "--operator", metavar="TEXT", callback=a_name, help="The installation it belongs to."
        ),
    ] = None,
    of_registry: Annotated[
        str | None, typer.Option("--registry", metavar="CODE", help="Who keeps it.")
    ] = None,
    identifier: Annotated[
        int | None, typer.Option("--identifier", min=1, help="Its number, if you have one.")
    ] = None,
) -> None:
    """Open an account; an operator's account belongs to one installation, which has one account.

    Example: tonne account open --kind operator --name "Steelworks" --operator STEEL-1
    """
    with errand(call) as at:
        opening = Opening(
            kind=kind,
            name=name,
            registry=of_registry or at.law.registry_code,
            operator=operator,
            identifier=identifier,
        )
        account = at.do(
            lambda books: operations.open_account(
                books, at.scheme, opening, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"Account {account.number} is open for {account.name}.",
            data={"account": account, "key": call.key},
            hint=f"tonne account show {account.number}",
        )


@command(app, "list")
def list_accounts(
    call: Call,
    *,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Only those of a kind.")
    ] = None,
    status: Annotated[
        registry.Status | None, typer.Option("--status", help="Only those of a status.")
    ] = None,
) -> None:
    """List the accounts of a scheme in the order in which they were opened.

    Example: tonne account list --kind operator --status suspended
    """
    with errand(call) as at:
        if kind is not None and kind not in at.law.kinds:
            refuse_if_any([at.law.unknown_kind(kind)])
        found = [
            each
            for each in at.ask(lambda books: books.accounts(scheme=at.scheme.name))
            if kind in (None, each.kind) and status in (None, each.status)
        ]
        at.tell(
            f"{some(len(found), 'account')}.",
            Table(
                columns=("Account", "Kind", "Status", "Holder", "Operator", "Opened"),
                rows=[
                    [each.number, each.kind, each.status, each.name, each.operator, each.opened]
                    for each in found
                ],
            ),
            data={"accounts": found},
            hint="tonne statement ACCOUNT" if found else _beginning(at),
        )


@command(app)
def show(call: Call, *, number: Number) -> None:
    """Show an account: whose it is, how far it may be used, and what it holds.

    Example: tonne account show XE-120-5000001-0-33
    """
    with errand(call) as at:
        named = at.account(number)
        account = at.ask(lambda books: operations.the_account(books, at.scheme, named, at.law))
        holdings = at.ask(lambda books: books.holdings(account.number))
        at.tell(
            f"{_title(account)} is {account.status} and holds {in_words(holdings)}.",
            Table(columns=("Unit", "Held"), rows=list(as_data(holdings).items())),
            data={"account": account, "holdings": as_data(holdings)},
            hint=f"tonne statement {account.number}",
        )


def in_words(holdings: dict[str, int]) -> str:
    """What is held, as a sentence says it."""
    return " and ".join(said(unit, held) for unit, held in holdings.items() if held) or "nothing"


def as_data(holdings: dict[str, int]) -> dict[str, object]:
    """The same for a program: units are numbers, money has its currency."""
    return {code: amount(code, held) for code, held in holdings.items()}


def _beginning(at: Errand) -> str:
    """What to do where no account is listed."""
    founded = at.ask(lambda books: books.accounts(scheme=at.scheme.name, operated=False))
    return "tonne account open --help" if founded else "tonne account found"


def _title(account: HoldingAccount) -> str:
    return f"{account.number} ({account.name})"


def _change(verb: str, rule: str) -> None:
    """Add the command for one change of an account's status."""

    def change(call: Call, *, number: Number, reason: Reason) -> None:
        with errand(call) as at:
            account = _changed(at, verb, number, reason)
            at.tell(
                f"{_title(account)} is {account.status}.",
                data={"account": account, "key": call.key},
                hint=f"tonne account show {account.number}",
            )

    change.__doc__ = f"{rule}\n\nExample: tonne account {verb} ACCOUNT --reason 'by order'"
    command(app, verb, by="administrator")(change)


def _changed(at: Errand, verb: str, number: str, reason: str) -> HoldingAccount:
    named = at.account(number)
    return at.do(
        lambda books: operations.change_account(
            books, at.scheme, named, verb, reason=reason, key=at.call.key, desk=at.desk
        )
    )


_change("restrict", "Restrict an account: it may only meet its duties.")
_change("suspend", "Suspend an account: nothing goes in or out.")
_change("restore", "Restore an account that was restricted or suspended.")
_change("close", "Close an account for ever; it must hold nothing.")
