"""Where do the books live by default? In a PostgreSQL of our own, started when it is needed.

The programs come from a wheel, the data live in a home folder, and the server listens on a Unix
socket only. It runs while somebody uses it and stops with the last user, unless it was started
to stay. It survives the process that started it; users who were killed are no longer counted; a
killed server is started again and recovers. Whether a server lives is asked of the system, never
believed from a file: every process of the server inherits one locked file, ``home/running``.
"""

import hmac
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import platformdirs

from tonne.store import handles
from tonne.store.privilege import (
    SYSTEM_HOME,
    Account,
    account_for,
    binaries,
    claim,
    make_home,
    programs,
    socket_folder,
)

OWNER = "tonne_owner"
"""The role that owns the server; it is made with it."""

Mode = Literal["smart", "fast", "immediate"]

_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
_SETTINGS = {
    # Kept in postgresql.conf, where an operator may change them.
    # wal_compression stays off: the bundled build knows no lz4, and pglz costs more than it saves.
    "autovacuum_naptime": "5s",  # New books grow fast, and plans must know of it.
    "checkpoint_timeout": "15min",
    "effective_io_concurrency": "32",
    "jit": "off",
    "log_timezone": "UTC",
    "max_connections": "64",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "scram_iterations": "1",  # Who guesses 256 random bits is not made slower by stretching.
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "unix_socket_permissions": "0700",
    "work_mem": "16MB",
}
_SAFETY = "-c listen_addresses= -c fsync=on -c full_page_writes=on -c synchronous_commit=on"
_PORT = 5432
_LOG_BYTES_MAX = 10_000_000
_RECOVERY_BYTES_PER_SECOND = 10_000_000
_PATIENCE_SECONDS = 60
_STOP_SECONDS = 300
_PAUSE_SECONDS = 0.02


class ServerError(RuntimeError):
    """The server did not do what it was told; the text ends with the last lines of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server is known by its home: data, password, log, locks and users are all in there."""

    home: Path

    def __post_init__(self) -> None:
        """A home stays where it is when the working folder changes."""
        object.__setattr__(self, "home", self.home.absolute())

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server says; what it said before is beside it."""
        return self.home / "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a server does, fit to be shown: the address has no password."""

    running: bool
    pid: int | None
    users: int
    url: str
    data: Path
    version: str | None
    """The version of PostgreSQL the data were made by; none before there are data."""


def default_home() -> Path:
    """Where the platform keeps a user's data; for root, where it keeps a service's."""
    if os.name == "posix" and os.geteuid() == 0:
        return SYSTEM_HOME / "postgres"
    return platformdirs.user_data_path("tonne") / "postgres"


@contextmanager
def using(server: Server) -> Iterator[None]:
    """Use the server, started if need be; the last to leave stops it, unless it is to stay."""
    _make_home(server)
    with handles.alone(server.home / "lock"):
        handle = handles.arrive(server.home / "users")
        try:
            _start(server)
        except BaseException:
            handles.leave(handle)
            raise
    try:
        yield
    finally:
        if os.getpid() == handle.pid:  # A forked child leaves its parent's handle alone.
            with handles.alone(server.home / "lock"):
                handles.leave(handle)
                _sweep(server)


def start(server: Server) -> None:
    """Start the server, unless it runs, to stay until :func:`stop`; return when it answers."""
    _make_home(server)
    with handles.alone(server.home / "lock"):
        _start(server)
        (server.home / "keep").touch()


def stop(server: Server, mode: Mode = "fast") -> None:
    """Stop the server, whoever uses it; one that does not run is left as it is."""
    if not os.access(server.home, os.F_OK):
        return
    _make_home(server)
    with handles.alone(server.home / "lock"):
        (server.home / "keep").unlink(missing_ok=True)
        _stop(server, mode)


def status(server: Server) -> Status:
    """How the server does, after a server left behind by killed users has been stopped."""
    binaries()
    if os.access(server.home, os.F_OK):
        _make_home(server)
        with handles.alone(server.home / "lock", wait=False) as had:
            if had:  # Else somebody is starting or stopping it, and sweeps himself.
                _sweep(server)
    pid = _postmaster(server)
    version = server.data / "PG_VERSION"
    return Status(
        running=pid is not None,
        pid=pid,
        users=len(handles.living(server.home / "users")),
        url=_address(server, OWNER, "postgres"),
        data=server.data,
        version=version.read_text().strip() if version.exists() else None,
    )


def url(server: Server, role: str, database: str) -> str:
    """The address of a database for a role, with the role's password."""
    return _address(server, f"{role}:{password(server, role)}", database)


def password(server: Server, role: str) -> str:
    """The password of a role; who knows one cannot work out another's without the home."""
    try:
        secret = (server.home / "password").read_bytes()
    except FileNotFoundError:
        raise ServerError(f"{server.home} holds no password: it was never started") from None
    return hmac.digest(secret, role.encode(), "sha256").hex()


def _start(server: Server) -> None:
    """Make the data if there are none, start what does not run, and wait until it answers."""
    account = account_for(server.data)
    if not server.data.exists():
        _create(server, account)
    sockets = socket_folder(server.data, account)
    claim(sockets, account)
    phase = _phase(server)
    if phase == "ready" and not (sockets / f".s.PGSQL.{_PORT}").exists():
        _stop(server, "fast")  # Its socket was removed: nobody can reach it.
        claim(sockets, account)
        phase = None
    if phase in (None, "stopping"):
        _launch(server, account, sockets)
    _await_answer(server)


def _create(server: Server, account: Account) -> None:
    """Make the data: checksums on, passwords asked. Half-made data never bear the name."""
    fresh = server.home / "data.new"
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    secret = server.home / "password"
    if not secret.exists():
        _write_secret(secret)
    with tempfile.NamedTemporaryFile(dir=server.home) as shown:
        shown.write(password(server, OWNER).encode())
        shown.flush()
        if account.dropped:
            os.fchown(shown.fileno(), account.uid, account.gid)
            os.chown(fresh, account.uid, account.gid)
        command = ["initdb", "--data-checksums", "--auth=scram-sha-256", f"--username={OWNER}"]
        command += [f"--pwfile={shown.name}", "--no-instructions", "--encoding=UTF8"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [f"--set={name}={value}" for name, value in _SETTINGS.items()]
        _run(command, server, account, data=fresh)
    fresh.rename(server.data)
    _sync(server.home)


def _launch(server: Server, account: Account, sockets: Path) -> None:
    """Start the server when no process of an earlier one is left."""
    running = os.open(server.home / "running", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        patience = time.monotonic() + _PATIENCE_SECONDS
        while not handles.take(running, wait=False):
            if _phase(server) not in (None, "stopping"):
                return  # Its starter was killed on the way; the server went on alone.
            handles.end_orphans(sockets.name)
            if time.monotonic() > patience:
                raise _failure(server, "processes of an earlier server have not ended")
            time.sleep(_PAUSE_SECONDS)
        pid, other = _written_process(server)
        if other.split(b"\0")[0].endswith(b"/postgres") and b"cluster_name=tonne-" not in other:
            who = f"process {pid}, started by somebody else (or remove its postmaster.pid)"
            raise ServerError(f"{server.data} is in use by {who}")
        # Stale: what PostgreSQL would take for a server may be a zombie or a number reused.
        for stale in (server.data / "postmaster.pid", *sockets.iterdir()):
            stale.unlink(missing_ok=True)
        if server.log.exists() and server.log.stat().st_size > _LOG_BYTES_MAX:
            server.log.replace(server.log.with_suffix(".old"))
        options = f"-k {sockets} -c cluster_name={sockets.name} {_SAFETY}"
        command = ["pg_ctl", "start", "-W", "-s", "-o", options]
        _run(command, server, account, data=server.data, inherited=(running,))
    finally:
        os.close(running)  # The server's processes hold it from here on.


def _run(
    command: list[str],
    server: Server,
    account: Account,
    *,
    data: Path,
    inherited: tuple[int, ...] = (),
) -> None:
    """Run one of PostgreSQL's programs as the account; what it says goes to the log.

    The data folder goes by the environment, which nothing quotes, and nothing else of ours does.
    """
    program, *arguments = command
    log = os.open(server.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        done = subprocess.run(  # noqa: S603  our own command
            [programs(account) / program, *arguments],
            user=account.uid if account.dropped else None,
            group=account.gid if account.dropped else None,
            extra_groups=[] if account.dropped else None,
            umask=0o077,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=inherited,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "PGDATA": str(data)},
            check=False,
        )
    finally:
        os.close(log)
    if done.returncode:
        raise _failure(server, f"{program} failed")


def _await_answer(server: Server) -> None:
    """Wait while the server starts, and in recovery as long as its journal may take."""
    journal = sum(path.stat().st_size for path in (server.data / "pg_wal").glob("*"))
    seconds = _PATIENCE_SECONDS + journal / _RECOVERY_BYTES_PER_SECOND
    ceiling = time.monotonic() + seconds
    while (phase := _phase(server)) != "ready":
        if phase is None and not handles.is_held(server.home / "running"):
            raise _failure(server, "the server ended while starting")
        if time.monotonic() > ceiling:
            raise _failure(server, f"the server is still starting after {seconds:.0f} s")
        time.sleep(_PAUSE_SECONDS)


def _sweep(server: Server) -> None:
    """Forget the users who died, and stop a server that has none left and was not to stay."""
    users = server.home / "users"
    handles.bury(users)
    if not handles.living(users) and not (server.home / "keep").exists():
        _stop(server, "fast")


def _stop(server: Server, mode: Mode) -> None:
    """Tell the server to stop and wait until the last of its processes has."""
    told = None
    sockets = socket_folder(server.data, account_for(server.data))
    ceiling = time.monotonic() + _STOP_SECONDS
    while (pid := _postmaster(server)) or handles.is_held(server.home / "running"):
        if pid is not None and pid != told:
            with suppress(ProcessLookupError):
                os.kill(pid, _SIGNALS[mode])
            told = pid
        elif pid is None:
            handles.end_orphans(sockets.name)
        if time.monotonic() > ceiling:
            raise _failure(server, f"the server has not stopped after {_STOP_SECONDS} s")
        time.sleep(_PAUSE_SECONDS)
    with suppress(OSError):
        sockets.rmdir()


def _postmaster(server: Server) -> int | None:
    """The process of the running server, known by the socket folder in its command line.

    A zombie has no command line; a stranger who was given the same number has another one.
    """
    pid, command = _written_process(server)
    mark = socket_folder(server.data, account_for(server.data))
    return pid if os.fsencode(mark) in command else None


def _written_process(server: Server) -> tuple[int | None, bytes]:
    """The process the data folder names, and the command line of who has that number now."""
    written = _pid_file(server)
    pid = int(written[0]) if written and written[0].isdecimal() else None
    return pid, b"" if pid is None else handles.command_line(pid)


def _phase(server: Server) -> str | None:
    """What a living server says of itself: starting, ready or stopping."""
    status_line = 7
    if _postmaster(server) is None:
        return None
    written = _pid_file(server)
    return written[status_line].strip() if len(written) > status_line else "starting"


def _pid_file(server: Server) -> list[str]:
    try:
        return (server.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _address(server: Server, who: str, database: str) -> str:
    folder = quote(str(socket_folder(server.data, account_for(server.data))), safe="")
    return f"postgresql://{who}@/{quote(database, safe='')}?host={folder}&port={_PORT}"


def _make_home(server: Server) -> None:
    binaries()  # A platform without a server is refused before anything is made.
    make_home(server.home, account_for(server.data))


def _write_secret(path: Path) -> None:
    """A random secret, on the disk before anything depends on it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as fresh:
        fresh.write(secrets.token_hex(32).encode())
        fresh.flush()
        os.fsync(fresh.fileno())
    Path(fresh.name).rename(path)


def _sync(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failure(server: Server, what: str) -> ServerError:
    """The error, with the last lines of the log."""
    with suppress(FileNotFoundError), server.log.open("rb") as log:
        log.seek(max(0, server.log.stat().st_size - 4_000))
        lines = log.read().decode(errors="replace").splitlines()[-20:]
        return ServerError("\n".join([f"{what}; {server.log} ends:", *lines]))
    return ServerError(what)
