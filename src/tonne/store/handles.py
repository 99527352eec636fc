"""Who is here? Locks on files, which the system lets go when their process ends, however it ends.

A number written in a file outlives a killed process and may come to mean another one; a lock does
neither. So a user of the server is a locked file, and a file locked by nobody is a user who died.
"""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import fcntl


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """One user of the server: an open, locked file, and the process that opened it."""

    path: Path
    descriptor: int
    pid: int


def arrive(folder: Path) -> Handle:
    """Write down one more user, who counts until :func:`leave` or the end of this process."""
    folder.mkdir(mode=0o700, exist_ok=True)
    pid = os.getpid()
    path = folder / f"{pid}-{secrets.token_hex(8)}"
    descriptor = _open(path)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return Handle(path=path, descriptor=descriptor, pid=pid)


def leave(handle: Handle) -> None:
    """Strike the user off."""
    handle.path.unlink(missing_ok=True)
    os.close(handle.descriptor)


def living(folder: Path) -> tuple[Path, ...]:
    """The users whose process still lives."""
    if not folder.exists():
        return ()
    return tuple(path for path in sorted(folder.iterdir()) if is_held(path))


def bury(folder: Path) -> None:
    """Remove the users who died without leaving; call it only where nobody can be arriving."""
    alive = living(folder)
    for path in folder.iterdir() if folder.exists() else ():
        if path not in alive:
            path.unlink(missing_ok=True)


@contextmanager
def alone(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock on a file; without waiting, say whether it could be had."""
    descriptor = _open(path)
    try:
        yield take(descriptor, wait=wait)
    finally:
        _release(descriptor)


def take(descriptor: int, *, wait: bool) -> bool:
    """Lock an open file for oneself and those who inherit it; False if another has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether any process holds the lock on the file; nobody holds a file that is not there."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    taken = take(descriptor, wait=False)
    _release(descriptor)
    return not taken


def command_line(pid: int) -> bytes:
    """What a process was called with, readable by everyone; nothing for a zombie or for nobody."""
    if Path("/proc/self/cmdline").exists():
        with suppress(FileNotFoundError, ProcessLookupError):
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        return b""
    asked = ["/bin/ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, check=False).stdout  # noqa: S603  a number


def end_orphans(name: str) -> None:
    """Tell the workers a killed server left behind to end; they would finish their query first.

    They bear the name of their server in their title. Where the system does not list titles in
    files they are waited for, which only takes longer.
    """
    for process in Path("/proc").glob("[0-9]*"):
        if command_line(int(process.name)).startswith(b"postgres: " + name.encode() + b":"):
            with suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGQUIT)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _release(descriptor: int) -> None:
    """Unlock, and not only close: a child forked meanwhile has the file open too."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)
