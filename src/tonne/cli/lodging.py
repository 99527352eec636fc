"""The lodge as it is at the machine: an administrator names people, and opens no secrets."""

import getpass
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from tonne import signin
from tonne.cli import show
from tonne.cli.failures import UserFault
from tonne.cli.opening import open_signin
from tonne.cli.options import Call
from tonne.signin import Actor, Lodge, Site

Person = Annotated[
    str, typer.Argument(metavar="PERSON", help="By the code usr_..., or the name to sign in under.")
]
Of = Annotated[
    str | None, typer.Option("--person", metavar="PERSON", help="Only what concerns this person.")
]
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
