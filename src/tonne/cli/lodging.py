"""The lodge as it is at the machine: an administrator names people, and opens no secrets."""

import getpass
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from tonne import signin
from tonne.cli import show
from tonne.cli.abroad import Houses
from tonne.cli.failures import UserFault
from tonne.cli.opening import books_login, open_signin
from tonne.cli.options import Call
from tonne.cli.sealing import key_file, the_seal
from tonne.signin import Actor, Lodge, Site, Terms
from tonne.store import SigninStore

Person = Annotated[
    str, typer.Argument(metavar="PERSON", help="By the code usr_..., or the name to sign in under.")
]
Of = Annotated[
    str | None, typer.Option("--person", metavar="PERSON", help="Only what concerns this person.")
]
HERE = {"localhost", "127.0.0.1"}
_NOBODYS_SITE = Site(rp_id="localhost", name="Tonne", origins=("http://localhost",))
"""Nobody signs in at a terminal; who serves pages says where they are."""


@contextmanager
def the_lodge(call: Call, *, make: bool = False) -> Iterator[Lodge]:
    """The lodge of the books that are named, as it is at the machine: it does not open secrets."""
    with open_signin(call.database, make=make) as records:
        yield Lodge(
            records=records,
            now=lambda: datetime.now(UTC),
            chance=secrets.token_bytes,
            site=_NOBODYS_SITE,
        )


@contextmanager
def the_counter(
    database: str | None, origins: tuple[str, ...], *, deliveries: int
) -> Iterator[Lodge | None]:
    """The lodge of pages that people see at these addresses; none while nobody is enrolled.

    So many days is kept how the tellings of webhooks went.
    """
    if not key_file().exists():
        yield None
        return
    domain = urlsplit(origins[0]).hostname or ""
    with SigninStore(books_login(database)) as records:
        yield Lodge(
            records=records,
            now=lambda: datetime.now(UTC),
            chance=secrets.token_bytes,
            site=Site(rp_id=domain, name="Tonne", origins=origins),
            seal=the_seal(make=False),
            abroad=Houses(),
            terms=Terms(deliveries=timedelta(days=deliveries)),
        )


def an_origin(text: str) -> str:
    """Where pages come from, as browsers write it, or a sentence about what is wrong."""
    found = urlsplit(text)
    if found.scheme not in {"http", "https"} or not found.hostname or found.path.strip("/"):
        raise typer.BadParameter(
            f"{text!r} is no address of a site; write it as https://a.example."
        )
    if found.scheme == "http" and found.hostname not in HERE:
        raise typer.BadParameter(
            f"{text!r} would be read on the way, and passwords with it; write it with https."
        )
    return f"{found.scheme}://{found.netloc}"


def here() -> Actor:
    """Whoever is at the machine, by the name the machine knows them under."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "an account without a name"
    return Actor(person=None, place=f"machine, as {name}")


def acting_as(lodge: Lodge, by: str) -> Actor:
    """An administrator, who says at the machine which one they are."""
    return Actor(person=code_of(lodge, by), place=here().place)


def code_of(lodge: Lodge, person: str) -> str:
    """The code of a person who is named by code or login."""
    if signin.is_code(person, "usr"):
        return person
    named = person.strip().casefold()
    for each in signin.people(lodge, by=here()):
        if each.login == named:
            return each.code
    raise UserFault(
        f"Nobody signs in as {person!r}.", remedy="See who is enrolled: tonne signin people."
    )


def tell(
    call: Call, finding: str, data: dict[str, Any], *tables: show.Table, hint: str = ""
) -> None:
    """Tell the answer in the form that was asked for."""
    if call.as_json:
        show.as_json(data)
    else:
        show.tell(finding, *tables, hint=hint)
