"""The key by which secrets of sign-in are sealed: a file that nobody else may read."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
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
    """The key of the file, with those before it; a new one if there is none and ``make`` says so.

    Keys before it lie beside it, each under its name.
    """
    file = key_file()
    if make and not file.exists():
        _write(file)
    value, made = _read(file)
    before = sorted(file.parent.glob(f"{file.stem}-????????{file.suffix}"))
    older = [_read(each)[0] for each in before]
    return Seal(value, made=made, older=tuple(each for each in older if each != value))


@contextmanager
def turning() -> Iterator[Seal]:
    """A new key, which takes the place of the file's when all is sealed by it.

    Who is stopped in between turns again, and goes on with the same new key: nothing is lost.
    """
    file = key_file()
    now = the_seal(make=False)
    new = file.with_name(f"{file.name}.new")
    _write(new)
    value, made = _read(new)
    kept = file.with_name(f"{file.stem}-{now.name}{file.suffix}")
    if not kept.exists():
        kept.hardlink_to(file)
    yield Seal(value, made=made, older=(now.key, *now.older))
    new.replace(file)


def _read(file: Path) -> tuple[bytes, date]:
    """The key that a file holds, and the day on which it was made."""
    try:
        status, words = file.stat(), file.read_text("ascii").split()
        value = bytes.fromhex(words[0] if words else "")
        written = datetime.fromtimestamp(status.st_mtime, UTC).date()
        made = date.fromisoformat(words[-1]) if words[1:] else written
    except FileNotFoundError:
        raise UserFault(
            f"The key file {file} is missing, and people have sealed their factors with it.",
            remedy=f"Put it back from its backup, or say with {_WHERE} where it lies.",
        ) from None
    except OSError as fault:
        what = f"The key file {file} cannot be read: {fault.strerror}."
        raise UserFault(what, remedy="Let the account that runs Tonne own it.") from None
    except ValueError:
        value, made = b"", date.min
    if len(value) != KEY_BYTES:
        what = f"{file} does not hold a key: 64 digits in hexadecimal."
        raise UserFault(what, remedy="Put the right file back from its backup.")
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserFault(f"Others can read {file}.", remedy=f"Keep it to yourself: chmod 600 {file}")
    return value, made


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
        opened.write(f"{secrets.token_hex(KEY_BYTES)}\nmade {datetime.now(UTC):%Y-%m-%d}\n")
        opened.flush()
        os.fsync(opened.fileno())
