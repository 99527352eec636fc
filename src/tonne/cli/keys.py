"""Files with the keys that registries and a log share: nobody else may read them."""

import os
import stat
from pathlib import Path

from tonne.cli.failures import UserFault


def read_key(file: Path) -> bytes:
    """The key that a file holds, which nobody else may read."""
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserFault(f"Others can read {file}.", remedy=f"Keep it to yourself: chmod 600 {file}")
    try:
        return bytes.fromhex(file.read_text("ascii").strip())
    except ValueError:
        raise UserFault(
            f"{file} does not hold a key in hexadecimal.", remedy="Make one: tonne log key."
        ) from None


def write_key(file: Path, key: str) -> None:
    """Write a key into a new file that nobody else may read."""
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as fault:
        what = f"{file} cannot be made: {fault.strerror}."
        raise UserFault(what, remedy="Name a new file.") from None
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(key + "\n")
