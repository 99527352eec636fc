"""Schemes: which there are, and what the law of one says on a day."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Annotated, get_type_hints

import typer

from tonne.cli import show
from tonne.cli.errand import the_scheme
from tonne.cli.options import PLAIN, Call, command
from tonne.operations import LAW, Scheme, scheme_names
from tonne.rulebook import Clause, NotInForce, clauses

app = typer.Typer(no_args_is_help=True, help="List the schemes, and show the law in force.")


@command(app, "list", options=PLAIN)
def list_schemes(call: Call) -> None:
    """List the schemes that come with Tonne, each with its title and its kinds of unit.

    Example: tonne scheme list
    """
    found = [_summary(the_scheme(name)) for name in scheme_names()]
    if call.as_json:
        show.as_json({"schemes": found})
        return
    show.tell(
        f"{len(found)} schemes come with Tonne; a folder of your own is one too.",
        show.Table(
            columns=("Name", "Title", "Law since", "Units"),
            rows=[[each.name, each.title, each.since, ", ".join(each.units)] for each in found],
        ),
        hint="tonne scheme show NAME --on DATE",
    )


@command(app, "show", options=("day", "as_json"))
def show_scheme(
    call: Call,
    *,
    scheme: Annotated[str, typer.Argument(metavar="NAME|FOLDER", help="Which scheme.")],
) -> None:
    """Show every clause in force on a day: its value, since when, where it is written.

    A clause that nobody has compared with the law yet is marked as from memory.

    Example: tonne scheme show eu_ets --on 2007-04-30
    """
    law = the_scheme(scheme)
    found = list(_in_force(law, call))
    if not found:
        since = _summary(law).since
        raise NotInForce(
            f"nothing in force on {call.day} for any rule of {law.name!r}, which begins on {since}",
            reference=f"The law of {law.name}",
        )
    if call.as_json:
        show.as_json(
            {
                "scheme": law.name,
                "day": call.day,
                "rulebook": law.fingerprint,
                "clauses": [
                    {"law": book, "rule": rule} | _as_data(clause) for book, rule, clause in found
                ],
            }
        )
        return
    doubtful = sum(not clause.verified for _, _, clause in found)
    show.tell(
        f"{law.name}: {len(found)} clauses in force on {call.day}, {doubtful} of them from memory.",
        *(_table(book, found) for book in dict.fromkeys(book for book, _, _ in found)),
        hint=f"tonne lint {scheme}",
    )


Found = tuple[str, str, Clause[object]]


def _in_force(law: Scheme, call: Call) -> Iterator[Found]:
    """Every clause in force, with the name of its law and its rule."""
    for file, rules in law.laws.items():
        book = "registry" if file == LAW else file.removesuffix(".toml")
        for rule in get_type_hints(type(rules)):
            try:
                yield book, rule, getattr(rules, rule).on(call.day)
            except NotInForce:
                continue


def _table(book: str, found: list[Found]) -> show.Table:
    return show.Table(
        title=book.capitalize(),
        columns=("Rule", "Value", "Since", "Where it is written", "Known"),
        rows=[
            [rule, _in_words(clause.value), clause.start, clause.reference,
             "from a source" if clause.verified else "from memory"]
            for law, rule, clause in found
            if law == book
        ],
    )  # fmt: skip


def _as_data(clause: Clause[object]) -> dict[str, object]:
    data = show.plain(clause)
    assert isinstance(data, dict), "a clause is an object"
    return data


def _in_words(value: object) -> str:
    """A value of the law in a cell: a table of it line by line."""
    if isinstance(value, tuple):
        lines = any(map(is_dataclass, value))
        return ("\n" if lines else ", ").join(map(_in_words, value))
    if is_dataclass(value) and "__str__" not in type(value).__dict__:
        told = ((each.name, getattr(value, each.name)) for each in fields(value))
        return "; ".join(
            f"{name} {_in_words(said)}" for name, said in told if said not in (None, (), False)
        )
    return show.in_cell(value) if not isinstance(value, int) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Summary:
    """A scheme in one row."""

    name: str
    title: str
    since: date
    units: tuple[str, ...]


def _summary(scheme: Scheme) -> _Summary:
    units = [unit.code for clause in scheme.registry.units.clauses for unit in clause.value]
    return _Summary(
        name=scheme.name,
        title=scheme.registry.title.clauses[-1].value,
        since=min(clause.start for _, clause in clauses(scheme.registry)),
        units=tuple(dict.fromkeys(units)),
    )
