"""The key by which secrets of sign-in are sealed: a file that nobody else may read."""

import os
import secrets
import stat
from pathlib import Path

from tonne.cli.failures import UserFault
from tonne.signin import KEY_BYTES, Seal
from tonne.store import server

_WHERE = "TONNE_SIGNIN_KEY"


def key_file() -> Path:
    """Where the key lies: where TONNE_SIGNIN_KEY says, else in the home of Tonne."""
    named, home = os.environ.get(_WHERE), os.environ.get("TONNE_HOME")
    if named:
        return Path(named)
    return (Path(home) if home else server.default_home().parent) / "signin.key"


def the_seal(*, make: bool) -> Seal:
    """The key of the file; a new one if there is no file and ``make`` says so."""
    file = key_file()
    if make and not file.exists():
        _write(file)
    try:
        mode, text = file.stat().st_mode, file.read_text("ascii").strip()
        value = bytes.fromhex(text)
    except FileNotFoundError:
        raise UserFault(
            f"The key file {file} is missing, and people have sealed their factors with it.",
            remedy=f"Put it back from its backup, or say with {_WHERE} where it lies.",
        ) from None
    except OSError as fault:
        what = f"The key file {file} cannot be read: {fault.strerror}."
        raise UserFault(what, remedy="Let the account that runs Tonne own it.") from None
    except ValueError:
        value = b""
    if len(value) != KEY_BYTES:
        what = f"{file} does not hold a key: 64 digits in hexadecimal."
        raise UserFault(what, remedy="Put the right file back from its backup.")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserFault(f"Others can read {file}.", remedy=f"Keep it to yourself: chmod 600 {file}")
    return Seal(value)


def _write(file: Path) -> None:
    """Write a new key, on the disk before anything is sealed with it."""
    try:
        file.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return  # Somebody else has made it.
    except OSError as fault:
        what = f"The key file {file} cannot be made: {fault.strerror}."
        raise UserFault(what, remedy=f"Say with {_WHERE} where it may lie.") from None
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(secrets.token_hex(KEY_BYTES) + "\n")
        opened.flush()
        os.fsync(opened.fileno())
