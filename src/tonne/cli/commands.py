"""All commands by name; the module of one is imported when that one is called for.

So ``tonne --help`` needs nothing of the rest of the house, and answers at once.
"""

import re
from functools import cache
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


class Row(NamedTuple):
    """A command or a group of them: its name, its module, where help shows it, what it does."""

    name: str
    module: str
    panel: str
    does: str


LAW, BOOKS, UNITS, MONEY, YEAR, OTHERS, PAST, DOORS = (
    "The law", "The books", "Units", "Money", "A year of a scheme", "Other registries",
    "What happened", "Doors",
)  # fmt: skip
ROWS = (
    Row("scheme", "scheme", LAW, "List the schemes, and show the law in force on a day."),
    Row("lint", "lint", LAW, "Find every fault in the law of a scheme."),
    Row("init", "init", BOOKS, "Begin: the books of a scheme, and its first administrators."),
    Row("db", "database", BOOKS, "Start, stop and find the server that keeps the books."),
    Row("check", "check", BOOKS, "Work out the books again from the movements, and compare."),
    Row("backup", "backup", BOOKS, "Write the whole database into a file."),
    Row("restore", "backup", BOOKS, "Put a backup into an empty database, and check it."),
    Row("audit", "audit", BOOKS, "Tell who saw or did what; forget what is old."),
    Row("signin", "signin_keys", BOOKS, "Enrol people; recover, end and bar; keys of programs."),
    Row("account", "accounts", BOOKS, "Found a scheme; open, show and change accounts."),
    Row("person", "person", BOOKS, "Know people and holders; see who acts; freeze."),
    Row("proposal", "proposal", BOOKS, "Propose, approve by a second person, carry out."),
    Row("issue", "units", UNITS, "Issue units of a year's cap."),
    Row("work-out", "work_out", UNITS, "Work out an allocation table by the method of the law."),
    Row("allocate", "units", UNITS, "Give out the units of an allocation table."),
    Row("transfer", "units", UNITS, "Transfer units from one account to another."),
    Row("cancel", "units", UNITS, "Cancel units for ever."),
    Row("nation", "nations", UNITS, "Found a nation's registry; issue, retire; judge a period."),
    Row("credit", "credit", UNITS, "Issue credits of projects, and forward them to nations."),
    Row("reverse", "units", UNITS, "Undo a transaction by its mirror."),
    Row("cash", "cash", MONEY, "Bring money in, take it out, pay fees and penalties."),
    Row("order", "order", MONEY, "Buy and sell on an exchange: orders and the book."),
    Row("market", "market", MONEY, "What is traded; halts, settlement, trades, prices, alerts."),
    Row("auction", "auction", MONEY, "Auction units: create, bid sealed, clear, publish."),
    Row("tender", "tender", MONEY, "Buy units of projects: interest, shortlist, price, award."),
    Row("clock", "clock", MONEY, "Pay for reductions, at a price that falls round by round."),
    Row("deal", "deal", MONEY, "Propose, quote and confirm deals between two sides."),
    Row("forward", "forward", MONEY, "Sign forwards; deliver, remedy and value them."),
    Row("fund", "fund", MONEY, "Open pooled funds, pay in, invest, distribute units."),
    Row("report", "emissions", YEAR, "Report, verify, determine and correct emissions."),
    Row("surrender", "duties", YEAR, "Surrender units for a year's emissions."),
    Row("close", "duties", YEAR, "Close a year: who met the duty, who is short, what it costs."),
    Row("outcomes", "duties", YEAR, "Tell what is public of a closed year, and who fell short."),
    Row("end-periods", "duties", YEAR, "Cancel the units of periods that are over."),
    Row("registry", "registry_letters", OTHERS, "Exchange units with others, through a log."),
    Row("log", "log_letters", OTHERS, "Keep the log through which registries exchange units."),
    Row("statement", "ask", PAST, "Tell the whole story of an account."),
    Row("certificate", "certificates", PAST, "Certify, signed, what was cancelled or surrendered."),
    Row("verify", "certificates", PAST, "Check that a certificate is whole, and who signed it."),
    Row("key", "certificates", PAST, "Make a pair of keys to sign certificates with."),
    Row("history", "ask", PAST, "Tell the life of one unit by its serial number."),
    Row("demo", "demo", PAST, "Walk through a rehearsal with people of every role."),
    Row("replay", "replay", PAST, "Live the past years of a scheme again."),
    Row("serve", "serve", DOORS, "Serve pages for people and an interface for programs."),
)


class House(TyperGroup):
    """The group of all commands; each is a name and a sentence until it is called for."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  Typer's own settings
        """Know every command by name."""
        super().__init__(**settings)
        for row in ROWS:
            self.add_command(
                TyperCommand(name=row.name, help=row.does, rich_help_panel=row.panel,
                             rich_markup_mode=self.rich_markup_mode)
            )  # fmt: skip

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:  # noqa: ANN401  Typer's own types
        """The real command in the place of its name."""
        name, known, rest = super().resolve_command(ctx, args)
        row = next((row for row in ROWS if row.name == name), None)
        return name, known if row is None else _command(row), rest


@cache
def _command(row: Row) -> object:
    """The command of a row, or the group of commands that its module is; made ready once."""
    group = get_group(import_module(f"tonne.cli.{row.module}").app)
    group.name = row.name
    _let_help_run_on(group)
    return group.commands.get(row.name, group)


def _let_help_run_on(command: Any) -> None:  # noqa: ANN401  Typer's own types
    """Let the window break the lines of help: where the source broke a sentence it goes on."""
    command.help = _BROKEN.sub(" ", command.help or "")
    for each in getattr(command, "commands", {}).values():
        _let_help_run_on(each)


_BROKEN = re.compile(r"(?<![.\n])\n(?!\n)")


app = typer.Typer(cls=House, no_args_is_help=True, rich_markup_mode="rich")


def _version(asked: bool) -> None:  # noqa: FBT001  Typer calls it so
    if asked:
        from importlib.metadata import version  # noqa: PLC0415  hardly ever asked

        typer.echo(f"tonne {version('tonne')}")
        raise typer.Exit


@app.callback(epilog="A command says more of itself: tonne issue --help")
def tonne(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", metavar="", help="Say the version.", callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    """The law, the books and the public record of an emissions-trading scheme.

    A scheme is data. A tonne exists once. Time is an argument. Everything public can be checked.
    """
    del version
