"""Keys of programs: made and told once, listed, and revoked for good."""

import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from tonne import signin
from tonne.cli import show
from tonne.cli.lodging import Of, Person, code_of, here, tell, the_lodge
from tonne.cli.opening import open_store, own_place
from tonne.cli.options import BOOKS, Call, command
from tonne.cli.sealing import key_file, turning
from tonne.cli.signin import app
from tonne.cli.signin_provider import app as provider
from tonne.signin import Key
from tonne.store import reseal

__all__ = ["app"]

app.add_typer(provider, name="provider")


@command(app, "make-key", options=BOOKS)
def make_key(
    call: Call,
    *,
    person: Person,
    scope: Annotated[
        list[str], typer.Option("--scope", metavar="SCOPE", help="What it is good for; repeat it.")
    ],
    label: Annotated[str, typer.Option("--label", metavar="TEXT", help="What uses it.")] = "",
    organisation: Annotated[
        str | None, typer.Option("--organisation", metavar="CODE", help="For whom it acts: org_...")
    ] = None,
    public_key: Annotated[
        Path | None,
        typer.Option(
            "--public-key",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="The program signs for itself: the public half of its key, as a JWK.",
        ),
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", metavar="", help="For books in which things are tried.")
    ] = False,
) -> None:
    """Make a key for a program of a person, and tell it, once.

    A program that has a pair of keys of its own is told no secret: it is registered by the public
    half, and gets tokens for what it signs.

    Example: tonne signin make-key ana@example.org --scope registry:read --label "our report"
    """
    kept = (
        None
        if public_key is None
        else signin.public_key_of(public_key.read_text("utf-8", "replace"))
    )
    with the_lodge(call) as lodge:
        made = signin.make_key_for(
            lodge,
            person=code_of(lodge, person),
            label=label,
            scopes=scope,
            live=not test,
            organisation=organisation,
            public_key=kept,
            by=here(),
        )
    once = f"It is told this once:\n{made.secret}"
    signs = f"It gets tokens for what it signs as {made.key.id}."
    tell(
        call,
        f"{made.key.id} is made for {', '.join(made.key.scopes)}. {once if made.secret else signs}",
        {**_key(made.key), "secret": made.secret or None},
        hint=f"tonne signin revoke {made.key.id}",
    )


@command(app, "turn-key", options=BOOKS)
def turn_key(call: Call) -> None:
    """Make a new key that seals, and seal all secrets by it; the one before is kept by its name.

    Restart tonne serve right after it: until then it opens nothing that was sealed anew.
    Example: tonne signin turn-key
    """
    with (
        open_store(call.database, make=False),
        own_place(call.database) as place,
        turning() as seal,
    ):
        count = reseal(
            place, lambda sealed, of: seal.anew(sealed, of=of, chance=secrets.token_bytes)
        )
    assert seal.made is not None, "it was made just now, or by who was stopped"
    good = seal.made + signin.KEY_LASTS
    tell(
        call,
        f"{show.some(count, 'secret')} sealed by the new key {seal.name}, good until {good}.",
        {"sealed": count, "key": seal.name, "good_until": good, "file": str(key_file())},
        hint=f"restart tonne serve; copy {key_file()}, and keep those before it for old backups",
    )


@command(app, options=BOOKS)
def keys(call: Call, *, person: Of = None) -> None:
    """List keys of programs, revoked ones too.

    Example: tonne signin keys
    """
    with the_lodge(call) as lodge:
        whose = None if person is None else code_of(lodge, person)
        found = signin.keys_of(lodge, person=whose, by=here())
    rows = [
        [each.id, each.person, each.label, ", ".join(each.scopes), each.public_key is not None,
         each.live, each.revoked_at is not None]
        for each in found
    ]  # fmt: skip
    columns = ("Key", "Of", "Used by", "Good for", "Signs", "Live", "Revoked")
    tell(
        call,
        f"{show.some(len(rows), 'key')}.",
        {"keys": [_key(each) for each in found]},
        show.Table(columns=columns, rows=rows),
        hint="tonne signin make-key",
    )


@command(app, options=BOOKS)
def revoke(
    call: Call,
    *,
    key: Annotated[str, typer.Argument(metavar="KEY", help="By its code key_...")],
) -> None:
    """Revoke a key, at once and for good.

    Example: tonne signin revoke key_...
    """
    with the_lodge(call) as lodge:
        signin.revoke_key_of(lodge, key=key, by=here())
    tell(call, f"{key} is revoked.", {"key": key, "revoked": True})


def _key(key: Key) -> dict[str, Any]:
    """A key for a program, without its digest."""
    return {name: value for name, value in asdict(key).items() if name != "digest"}
