"""What people propose at a registry: made, decided by another, carried out when it is due."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import msgspec
import typer

from tonne.cli import show as show_
from tonne.cli.errand import Errand, a_block, errand
from tonne.cli.failures import UserFault
from tonne.cli.options import Call, command
from tonne.cli.person import By
from tonne.cli.show import Table
from tonne.operations import given_free, proposals
from tonne.people import LifeEvent, Proposal

app = typer.Typer(
    no_args_is_help=True,
    help="Propose what needs a second person; approve, reject, take back; carry out what is due.",
)
_WISHES: Mapping[str, type[msgspec.Struct]] = {each.verb: each for each in get_args(proposals.Wish)}
Code = Annotated[str, typer.Argument(metavar="CODE", help="The proposal, such as txn_...")]
Comment = Annotated[str, typer.Option("--comment", metavar="TEXT", help="Why, in a sentence.")]


def _said(name: str) -> str:
    fields = " ".join(
        f"[{each.name}]" if each.default is not msgspec.NODEFAULT else each.name
        for each in msgspec.structs.fields(_WISHES[name])
    )
    return f"{name}: {fields}"


@command(app, by="operator")
def new(
    call: Call,
    *,
    verb: Annotated[str, typer.Argument(metavar="VERB", help="What is to be done.")],
    said: Annotated[
        list[str] | None, typer.Argument(metavar="[FIELD=VALUE]...", help="What of it.")
    ] = None,
    actor: By,
) -> None:
    """Propose something: try it, hold what it takes, and let another decide.

    With --dry-run it is only told what would become of it, and when. The verbs, each with its
    fields (those in brackets may be left out), are told by: tonne proposal verbs

    Example: tonne proposal new transfer account=XE-120-7-0-95 target=XE-121-9-0-83 unit=EXA-1
    count=10 --person usr_...

    The rows of an allocation table are those of a file: rows=allocation-2026.csv
    """
    wish = _wish(verb, said or [])
    with errand(call) as at:
        told = at.ask(
            lambda books: proposals.rehearse(books, at.scheme, wish, by=actor, desk=at.desk)
        )
        if call.dry_run:
            at.tell(
                f"It would {'wait for a second person' if told.second else 'be done'}"
                f"{_when(told.due)}.",
                data={"second": told.second, "due": told.due, "verb": told.verb},
            )
            return
        found = at.do(
            lambda books: proposals.propose(
                books, at.scheme, wish, by=actor, key=call.key, desk=at.desk
            )
        )
        _tell(at, found, hint=f"tonne proposal approve {found.code} --person CODE")


@command(app, options=("as_json",))
def verbs(call: Call) -> None:
    """List what may be proposed, with the fields of each.

    Example: tonne proposal verbs
    """
    rows = [_said(name).partition(": ")[::2] for name in _WISHES]
    if call.as_json:
        show_.as_json({name: fields.split() for name, fields in rows})
        return
    table = Table(columns=("Verb", "Fields"), rows=[list(row) for row in rows])
    show_.tell(f"{len(rows)} things may be proposed.", table, hint="tonne proposal new --help")


@command(app, by="operator", keyed=False)
def approve(call: Call, *, code: Code, actor: By, comment: Comment = "") -> None:
    """Agree to a proposal of somebody else: it is done, or waits for its time.

    Example: tonne proposal approve txn_... --person usr_...
    """
    _decide(call, code, "approve", actor, comment)


@command(app, by="operator", keyed=False)
def reject(call: Call, *, code: Code, actor: By, comment: Comment) -> None:
    """Refuse a proposal, and say why.

    Example: tonne proposal reject txn_... --comment 'the wrong year' --person usr_...
    """
    _decide(call, code, "reject", actor, comment)


@command(app, by="operator", keyed=False)
def cancel(call: Call, *, code: Code, actor: By, comment: Comment) -> None:
    """Take a proposal back, or stop one that waits for its time.

    Example: tonne proposal cancel txn_... --comment 'not ours' --person usr_...
    """
    _decide(call, code, "cancel", actor, comment)


@command(app)
def show(call: Call, *, code: Code) -> None:
    """Tell a proposal's life, and what it wants.

    Example: tonne proposal show txn_...
    """
    with errand(call) as at:
        _tell(at, at.ask(lambda books: proposals.proposal(books, at.scheme, code)))


@command(app, "list")
def listed(
    call: Call,
    *,
    actor: Annotated[
        str | None,
        typer.Option("--person", metavar="CODE", help="Only what waits for this person."),
    ] = None,
) -> None:
    """List what is open, or what waits for a person to decide.

    Example: tonne proposal list --person usr_...
    """
    with errand(call) as at:
        if actor is not None:
            who = actor
            found = at.ask(lambda books: proposals.waiting_for(books, at.scheme, who, desk=at.desk))
        else:
            found = at.ask(
                lambda books: [
                    proposals.proposal(books, at.scheme, each.subject)
                    for each in proposals.proposals(books, at.scheme)
                ]
            )
        rows = [
            [each.code, each.verb.replace("_", " "), each.state.replace("_", " "), each.account,
             each.by, "" if each.due is None else each.due.isoformat(" ", "minutes")]
            for each in found
        ]  # fmt: skip
        columns = ("Code", "What", "State", "Account", "By", "Due")
        at.tell(
            f"{show_.some(len(found), 'proposal')} waiting{f' for {actor}' if actor else ''}.",
            Table(columns=columns, rows=rows),
            data={"proposals": [_data(each) for each in found]},
            hint="tonne proposal show CODE",
        )


@command(app, "carry-out", by="administrator", keyed=False)
def carry_out(call: Call) -> None:
    """Carry out what was delayed and is due; what a rule is against ends, and says so.

    Example: tonne proposal carry-out
    """
    if call.dry_run:
        raise UserFault("What is due is listed, not tried.", remedy="tonne proposal list")
    with errand(call) as at:
        codes = proposals.carry_out_due(at.store.run, at.scheme, desk=at.desk)
        found = at.ask(lambda books: [proposals.proposal(books, at.scheme, code) for code in codes])
        at.tell(
            f"{show_.some(len(found), 'proposal')} due.",
            Table(
                columns=("Code", "What", "Became", "Why"),
                rows=[
                    [each.code, each.verb.replace("_", " "), each.state, each.steps[-1].comment]
                    for each in found
                ],
            ),
            data={"proposals": [_data(each) for each in found]},
        )


def _decide(call: Call, code: str, event: LifeEvent, actor: str, comment: str) -> None:
    with errand(call) as at:
        found = at.do(
            lambda books: proposals.decide(
                books, at.scheme, code, event, by=actor, comment=comment, desk=at.desk
            )
        )
        _tell(at, found)


def _tell(at: Errand, found: Proposal, hint: str = "") -> None:
    rows = [
        [each.at.isoformat(" ", "seconds"), each.event.replace("_", " "),
         each.state.replace("_", " "), each.by or "the registry", each.comment]
        for each in found.steps
    ]  # fmt: skip
    at.tell(
        f"{found.code}, to {found.verb.replace('_', ' ')}, is {found.state.replace('_', ' ')}"
        f"{_when(found.due) if found.state == 'delayed' else ''}.",
        Table(title="Life", columns=("When", "What", "Became", "By", "Comment"), rows=rows),
        data=_data(found) | {"key": at.call.key},
        hint=hint or "tonne proposal list",
    )


def _data(found: Proposal) -> dict[str, object]:
    return {
        "proposal": found.code, "verb": found.verb, "account": found.account or None,
        "by": found.by, "state": found.state, "due": found.due,
        "wish": msgspec.to_builtins(proposals.wish_of(found)),
        "steps": [
            {"at": each.at, "event": each.event, "state": each.state, "by": each.by or None,
             "comment": each.comment, "refusals": list(each.refusals)}
            for each in found.steps
        ],
    }  # fmt: skip


def _when(due: datetime | None) -> str:
    return "" if due is None else f" and carried out on {due.isoformat(' ', 'minutes')}"


def _wish(verb: str, said: list[str]) -> proposals.Wish:
    """The wish that was written, or what is wrong with it."""
    if verb not in _WISHES:
        raise UserFault(f"Nobody proposes to {verb!r}.", remedy=f"One of {', '.join(_WISHES)}.")
    given: dict[str, Any] = {}
    for each in said:
        name, mark, value = each.partition("=")
        if not mark or name in given:
            raise UserFault(f"{each!r} is no field with its value.", remedy=_said(verb))
        given[name] = _READ[name](value) if name in _READ else value
    try:
        return cast("proposals.Wish", msgspec.convert(given, _WISHES[verb], strict=False))
    except msgspec.ValidationError as fault:
        raise UserFault(f"{fault}.", remedy=_said(verb)) from fault


def _block(text: str) -> dict[str, object]:
    block = a_block(text)
    return {"series": block.series, "first": block.first, "last": block.last}


def _rows(text: str) -> object:
    """The rows of an allocation table, from its file."""
    file = Path(text)
    if not file.is_file():
        raise UserFault(f"There is no file {text!r}.", remedy="rows=allocation-2026.csv")
    table = given_free.read(file.name, file.read_bytes())
    return msgspec.to_builtins(given_free.asked(table, "").rows)


_READ: Mapping[str, Callable[[str], object]] = {"block": _block, "rows": _rows}
"""Fields that are written otherwise than as they are."""
