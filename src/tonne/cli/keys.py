"""Pairs of keys: the private half in a file that nobody else may read, the public half as text."""

import os
import secrets
import stat
from pathlib import Path
from typing import Annotated

import typer

from tonne import operations
from tonne.cli import show
from tonne.cli.failures import UserFault
from tonne.cli.options import Call
from tonne.cli.sealing import key_file
from tonne.linking import KEY_BYTES, PrivateKey, PublicKey
from tonne.refusal import refuse_if_any

KeyFile = Annotated[
    Path,
    typer.Option(
        "--key-file", exists=True, dir_okay=False, help="Holds our private key, with which we sign."
    ),
]
NewFile = Annotated[
    Path | None, typer.Option("--to", metavar="FILE", help="Make a pair; a new file for it.")
]
OldFile = Annotated[
    Path | None,
    typer.Option(
        "--of", metavar="FILE", exists=True, dir_okay=False, help="Say the public half of this."
    ),
]


def public_key(text: str) -> PublicKey:
    """A public key as people write it, or a sentence about what is wrong."""
    try:
        value = bytes.fromhex(text.strip())
    except ValueError:
        value = b""
    if len(value) != KEY_BYTES:
        raise typer.BadParameter("a public key is 64 digits in hexadecimal: tonne key --of FILE.")
    refuse_if_any(operations.key_refusals(PublicKey(value)))
    return PublicKey(value)


def tell_pair(call: Call, to: Path | None, of: Path | None) -> None:
    """Make a pair of keys, or read one; tell its public half and nothing of the other."""
    if to is not None and of is None:
        private = PrivateKey(secrets.token_bytes(KEY_BYTES))
        write_key(to, private)
        finding = f"{to} holds a new private key; keep it to yourself. Its public key is"
    elif of is not None and to is None:
        private, to = read_key(of), of
        finding = f"The public key of {of} is"
    else:
        raise UserFault("Make a pair, or say one?", remedy="Give --to for a new one, or --of.")
    public = str(private.public())
    if call.as_json:
        show.as_json({"file": str(to), "public_key": public})
    else:
        typer.echo(f"{finding}\n{public}")


def certificate_key_file() -> Path:
    """Where the key lies by which pages certify: TONNE_CERTIFICATE_KEY, else the home of Tonne."""
    named = os.environ.get("TONNE_CERTIFICATE_KEY")
    return Path(named) if named else key_file().with_name("certificates.key")


def read_key(file: Path) -> PrivateKey:
    """The private key that a file holds, which nobody else may read."""
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserFault(f"Others can read {file}.", remedy=f"Keep it to yourself: chmod 600 {file}")
    try:
        value = bytes.fromhex(file.read_text("ascii").strip())
    except ValueError:
        value = b""
    if len(value) != KEY_BYTES:
        raise UserFault(
            f"{file} does not hold a private key: 64 digits in hexadecimal.",
            remedy="Make one: tonne key --to FILE.",
        )
    return PrivateKey(value)


def write_key(file: Path, key: PrivateKey) -> None:
    """Write a private key into a new file that nobody else may read."""
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as fault:
        what = f"{file} cannot be made: {fault.strerror}."
        raise UserFault(what, remedy="Name a new file.") from None
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(key.value.hex() + "\n")
