"""A beginning: the books of a scheme, its own accounts, and the first who may sign in."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tonne import operations, signin
from tonne.cli import show
from tonne.cli.errand import the_scheme
from tonne.cli.lodging import here, the_lodge
from tonne.cli.opening import open_store, own_place
from tonne.cli.options import Call, command, words
from tonne.cli.person import a_person
from tonne.cli.sealing import key_file, the_seal
from tonne.operations import Books, Desk, Scheme, people
from tonne.people import Registered
from tonne.signin import EnrolmentCode
from tonne.store import MemoryStore, database

app = typer.Typer()

First = list[tuple[str, Registered]]
"""The first administrators: their codes, and who they are."""

_ENROLLED = {"signin_person", "signin_ticket", "signin_event"}
"""What a beginning that was cut off may have left: people who are enrolled, and no books."""


@command(app, options=("scheme", "day", "dry_run", "database", "as_json"))
def init(
    call: Call,
    *,
    senior: Annotated[
        list[str],
        typer.Option(
            "--senior",
            metavar="'NAME <EMAIL>'",
            callback=words,
            help="A first administrator, who signs in by that address; give two or more.",
        ),
    ],
) -> None:
    """Begin: make the database, found the scheme, let its first administrators in.

    Two or more, for nobody approves their own proposals. Each is told a code by which they set a
    passkey, or a password and an app for codes; it is told this once. A database in which something
    stands already is refused. If this was cut off, say the same again.

    Example: tonne init --scheme example --senior 'Sara <s@x.example>' --senior 'Ola <o@x.example>'
    """
    law = the_scheme(call.scheme)
    law.on(call.day)
    found = [a_person(each) for each in senior]
    first = [(people.code_for("usr", "begin", each.email.casefold()), each) for each in found]

    def begin(books: Books) -> None:
        desk = Desk(by="administrator", day=call.day, at=datetime.now(UTC))
        operations.found(books, law, desk=desk)
        people.begin(books, law, first, desk=desk)

    MemoryStore().run(begin)  # What is against it is told before there is a database.
    with own_place(call.database) as place, show.patience("Beginning the books"):
        _refuse_others(call, place, {code for code, _ in first})
        made = []
        if not call.dry_run:
            with open_store(call.database) as store:
                # People first: what is left of a beginning that is cut off is no books yet.
                made = _enrol(call, first)
                store.run(begin)
    _tell(call, law, first, made)


def _refuse_others(call: Call, place: str, first: set[str]) -> None:
    """Refuse a database of others, and one in which others are enrolled."""
    found = set(database.filled(place))
    others = found - _ENROLLED
    if not others and "signin_person" in found:
        with the_lodge(call) as lodge:
            strangers = {each.code for each in signin.people(lodge, by=here())} - first
        others = _ENROLLED if strangers else set()
    database.refuse_filled(place, others)


def _enrol(call: Call, first: First) -> list[EnrolmentCode]:
    """Let the first administrators in, each by a code of their own."""
    made = []
    with the_lodge(call) as lodge:
        standing = {each.code for each in signin.people(lodge, by=here())}
        the_seal(make=not standing)
        for code, who in first:
            if code in standing:
                made.append(signin.enrol_again(lodge, person=code, by=here()))
                continue
            made.append(
                signin.enrol(
                    lodge, login=who.email, name=who.name, administrator=True, code=code, by=here()
                )
            )
    return made


def _tell(call: Call, law: Scheme, first: First, made: list[EnrolmentCode]) -> None:
    """Say what stands now, and the codes, this once."""
    codes = {each.person.code: each for each in made}
    if call.as_json:
        people_told = [
            {"person": code, "name": who.name, "login": who.email.casefold()}
            | ({"code": codes[code].code, "until": codes[code].until} if code in codes else {})
            for code, who in first
        ]
        key = None if call.dry_run else key_file()
        show.as_json(
            {"dry_run": call.dry_run, "scheme": law.name, "people": people_told, "key_file": key}
        )
        return
    begun = f"The scheme {law.name} is founded, and {len(first)} senior administrators may act."
    rows = [
        [who.name, who.email.casefold(), codes[code].code if code in codes else "told then"]
        for code, who in first
    ]
    table = show.Table(columns=("Name", "Signs in as", "Code, told this once"), rows=rows)
    if call.dry_run:
        begun = f"Dry run: nothing was written. Else: {begun}"
        show.tell(begun, table, hint="the same without --dry-run")
        return
    there = f" --database {call.database}" if call.database else ""
    show.tell(
        begun, table, hint=f"tonne serve --scheme {law.name}{there}, and each opens /enrol there"
    )
    show.note(
        f"A code is good once, until {made[0].until:%H:%M UTC}; "
        f"a new one: tonne signin code LOGIN{there}",
        f"Keep a backup of {key_file()}, apart from the database's.",
    )
