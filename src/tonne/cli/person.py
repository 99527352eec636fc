"""People and account holders: registered, looked at, kept out; who acts on an account."""

import hashlib
import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from tonne.cli.errand import Errand, errand
from tonne.cli.failures import UserFault
from tonne.cli.options import Call, a_name, command, words
from tonne.cli.papers import Lang
from tonne.cli.show import Table
from tonne.operations import people
from tonne.people import (
    DocumentGiven,
    Holder,
    HolderKind,
    HolderKnown,
    Person,
    Registered,
)

app = typer.Typer(
    no_args_is_help=True,
    help="Know people and account holders; see who acts on an account; freeze.\n\n"
    "Whoever sits at the books is believed to be who they say: people elsewhere sign in.",
)
Code = Annotated[str, typer.Argument(metavar="CODE", help="Their code, such as usr_...")]
By = Annotated[
    str,
    typer.Option(
        "--person", metavar="CODE", envvar="TONNE_PERSON", help="Who you are, by your code."
    ),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept, and read by them.")
]
_Alone = Literal["validate", "enrol", "suspend"]
_NAMED = re.compile(r"\s*(?P<name>[^<>]+?)\s*<(?P<email>[^<>@\s]+@[^<>@\s]+)>\s*")


@command(app, by="administrator", keyed=False)
def begin(
    call: Call,
    *,
    senior: Annotated[
        list[str],
        typer.Option(
            "--senior", metavar="'NAME <EMAIL>'", callback=words,
            help="A senior administrator; give two or more.",
        ),
    ],
) -> None:  # fmt: skip
    """Name the first senior administrators: two or more, for nobody approves their own proposals.

    Example: tonne person begin --senior 'Sara <sara@xe.example>' --senior 'Ola <ola@xe.example>'
    """
    with errand(call) as at:
        named = [a_person(each) for each in senior]
        first = [(people.code_for("usr", "begin", each.email), each) for each in named]
        found = at.begin(lambda books: people.begin(books, at.scheme, first, desk=at.desk))
        at.tell(
            f"{len(found)} senior administrators may act from now on.",
            _people(found),
            data={"people": [_data(each) for each in found]},
            hint="tonne person register --help",
        )


@command(app, by="administrator")
def register(
    call: Call,
    *,
    who: Annotated[
        str, typer.Argument(metavar="'NAME <EMAIL>'", help="The person's name and address.")
    ],
    actor: By,
    code: Annotated[
        str, typer.Option("--code", metavar="CODE", help="Of somebody who is known already.")
    ] = "",
    organisation: Annotated[
        str, typer.Option("--holder", metavar="CODE", help="The account holder they belong to.")
    ] = "",
    lang: Lang = "en",
) -> None:
    """Make a person known; they may act once they are validated and enrolled.

    Example: tonne person register 'Ann Ek <ann@steel.example>' --person usr_...
    """
    with errand(call) as at:
        named = a_person(who)
        said = Registered(
            name=named.name, email=named.email, organisation=organisation, language=lang
        )
        mine = code or people.code_for("usr", at.scheme.name, call.key)
        found = at.do(
            lambda books: people.register_person(
                books, at.scheme, mine, said, by=actor, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"{found.name} is known as {found.code}.",
            data=_data(found) | {"key": call.key},
            hint=f"tonne person turn {found.code} validate",
        )


@command(app, by="administrator")
def turn(
    call: Call,
    *,
    code: Code,
    event: Annotated[_Alone, typer.Argument(help="What becomes of them.")],
    actor: By,
    reason: Reason = "",
) -> None:
    """Validate, enrol or suspend a person.

    To let one act again, or keep one out for ever, two people are needed: tonne proposal new
    restore_person, or new deactivate.

    Example: tonne person turn usr_... suspend --reason 'telephone stolen' --person usr_...
    """
    with errand(call) as at:
        found = at.do(
            lambda books: people.turn_person(
                books, at.scheme, code, event, reason=reason, by=actor, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"{found.name} is {found.state}.",
            data=_data(found) | {"key": call.key},
            hint=f"tonne person show {found.code}",
        )


@command(app, by="administrator")
def holder(
    call: Call,
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", callback=words, help="Who holds.")],
    actor: By,
    kind: Annotated[HolderKind, typer.Option("--kind", help="What it is.")] = "organisation",
    country: Annotated[
        str, typer.Option("--country", metavar="CODE", callback=a_name, help="Two letters.")
    ],
    number: Annotated[
        str, typer.Option("--number", metavar="TEXT", help="Its number or LEI there.")
    ] = "",
    address: Annotated[str, typer.Option("--address", metavar="TEXT", help="Where it is.")] = "",
    code: Annotated[
        str, typer.Option("--code", metavar="CODE", help="Of one that is known already.")
    ] = "",
) -> None:
    """Make an account holder known; an account is given to it by tonne proposal new hand_over.

    Example: tonne person holder 'Steel Ltd' --country SI --number 5030218000 --person usr_...
    """
    with errand(call) as at:
        mine = code or people.code_for("org", at.scheme.name, call.key)
        said = HolderKnown(kind=kind, name=name, country=country, number=number, address=address)
        found = at.do(
            lambda books: people.register_holder(
                books, at.scheme, mine, said, by=actor, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"{found.name} is known as {found.code}.",
            data={"holder": found, "key": call.key},
            hint=f"tonne person show {found.code}",
        )


@command(app, by="administrator")
def document(
    call: Call,
    *,
    code: Code,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The document.")
    ],
    actor: By,
) -> None:
    """Keep that a document of a holder was seen: its name, size and SHA-256, not the file.

    Example: tonne person document org_... register.pdf --person usr_...
    """
    with errand(call) as at:
        content = file.read_bytes()
        said = DocumentGiven(
            name=file.name, digest=hashlib.sha256(content).hexdigest(), size=len(content)
        )
        found = at.do(
            lambda books: people.give_document(
                books, at.scheme, code, said, by=actor, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"{said.name} of {found.name} was seen; its SHA-256 is {said.digest}.",
            data={"holder": found, "key": call.key},
            hint=f"tonne person show {found.code}",
        )


@command(app)
def show(call: Call, *, code: Code) -> None:
    """Tell who a person or a holder is, and on which accounts they act.

    Example: tonne person show usr_...
    """
    with errand(call) as at:
        accounts = at.ask(lambda books: people.accounts_of(books, code))
        rows = [
            [each.account, each.holder or "", each.mandates[code].right.replace("_", " ")
             if code in each.mandates else "holds it"]
            for each in accounts
        ]  # fmt: skip
        table = Table(title="Accounts", columns=("Account", "Holder", "Right"), rows=rows)
        shown = [{"account": row[0], "holder": row[1] or None, "right": row[2]} for row in rows]
        if code.startswith("org_"):
            found = at.ask(lambda books: people.holder(books, code))
            at.tell(
                f"{found.name} ({found.country}), {found.kind}.",
                _documents(found), table, data={"holder": found, "accounts": shown},
            )  # fmt: skip
            return
        who = at.ask(lambda books: people.person(books, code))
        position = "" if who.position is None else f", {who.position}"
        at.tell(
            f"{who.name} <{who.email}> is {who.state}{position}.",
            table, data=_data(who) | {"accounts": shown},
        )  # fmt: skip


@command(app, "list")
def listed(call: Call) -> None:
    """List the people who are known.

    Example: tonne person list
    """
    with errand(call) as at:
        found = at.ask(
            lambda books: [people.person(books, each.subject) for each in people.everybody(books)]
        )
        at.tell(
            f"Known here: {len(found)}.",
            _people(found),
            data={"people": [_data(each) for each in found]},
            hint="tonne person show CODE",
        )


@command(app)
def account(
    call: Call, *, number: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Its number.")]
) -> None:
    """Tell whose an account is, who acts on it and verifies for it, and which accounts it trusts.

    Example: tonne person account XE-120-7-0-95
    """
    with errand(call) as at:
        which = at.account(number)
        found = at.ask(lambda books: people.people_of(books, which))
        at.tell(
            f"{which} belongs to {found.holder or 'nobody known'}; "
            f"{len(found.mandates)} act on it, and it trusts {len(found.trusted)}.",
            Table(
                title="Representatives",
                columns=("Person", "Right", "Suspended"),
                rows=[
                    [each.person, each.right.replace("_", " "), "yes" if each.suspended else ""]
                    for each in found.mandates.values()
                ],
            ),
            Table(
                title="Trusted accounts",
                columns=("Account", "From", "What"),
                rows=[
                    [each.target, each.active.isoformat(" ", "minutes"), each.description]
                    for each in found.trusted.values()
                ],
            ),
            Table(
                title="Verifiers",
                columns=("Person", "From", "To"),
                rows=[
                    [each.person, str(each.first_year), str(each.last_year)]
                    for each in found.verifiers.values()
                ],
            ),
            data={
                "account": which,
                "holder": found.holder,
                "rules": found.rules,
                "representatives": list(found.mandates.values()),
                "trusted": list(found.trusted.values()),
                "verifiers": list(found.verifiers.values()),
            },
            hint="tonne proposal new appoint --help",
        )


@command(app, by="administrator")
def freeze(
    call: Call,
    *,
    actor: By,
    reason: Reason,
    number: Annotated[
        str, typer.Argument(metavar="[ACCOUNT]", help="Which account; without it, all the scheme.")
    ] = "",
) -> None:
    """Let nothing go from an account, or in the whole scheme, at once.

    Two people let it go on: tonne proposal new change_status, or new unfreeze.

    Example: tonne person freeze XE-120-7-0-95 --reason 'theft reported' --person usr_...
    """
    with errand(call) as at:
        _freeze(at, at.account(number) if number else "", actor, reason)
        what = number or f"The scheme {at.scheme.name}"
        at.tell(
            f"{what} is frozen.",
            data={"frozen": number or at.scheme.name, "reason": reason, "key": call.key},
            hint="tonne proposal list",
        )


def _freeze(at: Errand, number: str, actor: str, reason: str) -> None:
    key = at.call.key
    if number:
        at.do(
            lambda books: people.freeze_account(
                books, at.scheme, number, by=actor, reason=reason, key=key, desk=at.desk
            )
        )
    else:
        at.do(
            lambda books: people.freeze(
                books, at.scheme, by=actor, reason=reason, key=key, desk=at.desk
            )
        )


def a_person(text: str) -> Registered:
    """Somebody by name and address, or a sentence about what is wrong."""
    found = _NAMED.fullmatch(text)
    if found is None:
        raise UserFault(
            f"{text!r} is no name with an address.", remedy="Write 'Ann Ek <ann@steel.example>'."
        )
    return Registered(name=found["name"], email=found["email"])


def _data(who: Person) -> dict[str, object]:
    return {
        "person": who.code, "name": who.name, "email": who.email, "state": who.state,
        "position": who.position, "holder": who.organisation or None,
    }  # fmt: skip


def _people(found: list[Person]) -> Table:
    return Table(
        columns=("Code", "Name", "State", "Position"),
        rows=[[each.code, each.name, each.state, each.position or ""] for each in found],
    )


def _documents(found: Holder) -> Table:
    return Table(
        title="Documents",
        columns=("Name", "SHA-256"),
        rows=[[each.name, each.digest] for each in found.documents],
    )
