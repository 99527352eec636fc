"""A database in one file, and back: dumped at one moment, told with what must be in it.

The file is a zip that is not compressed again: ``books.dump``, in PostgreSQL's own form, and
``manifest.json``, by which it is known to be whole. It is written by PostgreSQL's own programs.
"""

import hashlib
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, ClassVar

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tonne.refusal import Refusal, Refused
from tonne.store import database
from tonne.store.migrate import BOOKS, LOG
from tonne.store.privilege import binaries

DUMP, MANIFEST = "books.dump", "manifest.json"
FORM = 1
"""The form of the file, in which these two stand."""

_PIECE = 1024 * 1024
_SAID_MAX = 2_000
_HOUSE = "Rule of the house: backups"
_BEING_RESTORED = "Books that are being restored; what is left of them is nobody's."

_BEGIN = "begin isolation level repeatable read read only"
_SNAPSHOT = "select pg_export_snapshot()"
_TABLES = """
    select relname from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname
"""
_COUNT = sql.SQL("select count(*) from {}")
_VERSION = "select version_num from alembic_version"
_LAST = "select max(number) from journal"
_COMMENTED = "select shobj_description(oid, 'pg_database') from pg_database where datname = %s"
_COMMENT = sql.SQL("comment on database {} is {}")
_DROP = sql.SQL("drop database if exists {} with (force)")
_CREATE = sql.SQL("create database {}")
_RENAME = sql.SQL("alter database {} rename to {}")
_OWN_FUNCTIONS = "alter default privileges revoke execute on functions from public"
"""A right of who makes functions, which a dump says of another role by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSpoiled(Refusal):
    """A backup is restored as it was written, or not at all."""

    number: ClassVar[int] = 9071
    remedy: ClassVar[str] = "Take another copy of it, or another backup."
    file: str
    why: str

    def __str__(self) -> str:
        return f"{self.file} is no whole backup: {self.why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupProgramFailed(Refusal):
    """PostgreSQL's own programs write and read a backup, and say what is in the way."""

    number: ClassVar[int] = 9072
    remedy: ClassVar[str] = "See what the program says; nothing was kept of the attempt."
    program: str
    said: str

    def __str__(self) -> str:
        return f"{self.program} did not finish: {self.said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredDiffers(Refusal):
    """After restoring there is in the books what was in them at the moment of the backup."""

    number: ClassVar[int] = 9073
    remedy: ClassVar[str] = "Restore another backup; nothing was kept of this one."
    file: str
    what: str
    expected: int
    found: int

    def __str__(self) -> str:
        return (
            f"Restored from {self.file}, {self.what} would be {self.found:,} and not "
            f"{self.expected:,} as when it was written."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup is of, and by what it is known to be whole."""

    form: int
    tonne: str
    postgresql: int
    kind: str
    """``books`` of a registry, or of a ``log``."""

    books: str
    """The version of the tables."""

    at: datetime
    database: str
    transaction: int | None
    """The last transaction in it, by its number."""

    counts: dict[str, int]
    """How many rows each table has."""

    bytes: int
    sha256: str


def back_up(url: str, file: Path, *, tonne: str, at: datetime) -> Manifest:
    """Write the whole database of an address into a new file that nobody else may read."""
    found: dict[str, Any] = {"form": FORM, "tonne": tonne, "at": at}
    part = file.with_name(f"{file.name}.part")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        with os.fdopen(handle, "w+b") as raw:
            with zipfile.ZipFile(raw, "w") as whole, psycopg.connect(url) as connection:
                connection.autocommit = True
                connection.execute(_BEGIN)
                (snapshot,) = _one(connection, _SNAPSHOT)
                found |= _told(connection)
                words = ["--format=custom", f"--snapshot={snapshot}", *_place(url)]
                with whole.open(DUMP, "w", force_zip64=True) as target:
                    found |= poured("pg_dump", words, url, target)
                manifest = Manifest(**found)
                whole.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
            raw.flush()
            os.fsync(raw.fileno())
        os.link(part, file)  # Where a file has come to be meanwhile, it is left as it is.
    finally:
        part.unlink(missing_ok=True)
    return manifest


def manifest_of(file: Path) -> Manifest:
    """What a backup says of itself, after every byte of it was looked at; else 9071."""
    try:
        with zipfile.ZipFile(file) as whole:
            names = {each.filename for each in whole.infolist()}
            if names != {DUMP, MANIFEST}:
                raise _spoiled(file, f"it does not hold {DUMP!r} and {MANIFEST!r} alone")
            told = msgspec.json.decode(whole.read(MANIFEST), type=Manifest)
            digest, count = hashlib.sha256(), 0
            with whole.open(DUMP) as source:
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    count += len(piece)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as fault:
        raise _spoiled(file, str(fault) or type(fault).__name__) from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise _spoiled(file, f"its manifest cannot be read ({fault})") from fault
    if told.form != FORM or told.kind not in {"books", "log"}:
        raise _spoiled(file, f"it is of form {told.form}, which this version does not know")
    if (told.bytes, told.sha256) != (count, digest.hexdigest()):
        raise _spoiled(file, "its digest is not that of its manifest")
    return told


def restore(url: str, file: Path) -> Manifest:
    """Put a backup into a database that is missing or empty: all of it, or nothing.

    It is read into a database beside it, compared there with the manifest, and then given the name.
    """
    told = manifest_of(file)
    name = database.name_of(url)
    database.refuse_filled(url, database.filled(url))
    beside = f"{name.encode()[:50].decode(errors='ignore')}_restoring"
    with psycopg.connect(database.named(url, "postgres"), autocommit=True) as admin:
        _clear(admin, url, beside)
        try:
            # Whose the books are, and the role that works in them, is made as for new ones.
            place = database.named(url, beside)
            database.prepare(place, folder=BOOKS if told.kind == "books" else LOG)
            _anew(admin, beside)
            _read_in(place, file)
            _compare(place, file, told)
            # It took a while: what was begun under the name meanwhile is not written over either.
            database.refuse_filled(url, database.filled(url))
            admin.execute(_DROP.format(sql.Identifier(name)))
            admin.execute(_RENAME.format(sql.Identifier(beside), sql.Identifier(name)))
            admin.execute(_COMMENT.format(sql.Identifier(name), sql.NULL))
        except BaseException:
            admin.execute(_DROP.format(sql.Identifier(beside)))
            raise
    return told


def _clear(admin: "psycopg.Connection[Any]", url: str, beside: str) -> None:
    """Remove what an attempt left that was cut off; anything else by that name is refused."""
    row = admin.execute(_COMMENTED, (beside,)).fetchone()
    if row is not None and row[0] != _BEING_RESTORED:
        place = database.named(url, beside)
        database.refuse_filled(place, database.filled(place))
    _anew(admin, beside)


def _anew(admin: "psycopg.Connection[Any]", beside: str) -> None:
    admin.execute(_DROP.format(sql.Identifier(beside)))
    admin.execute(_CREATE.format(sql.Identifier(beside)))
    admin.execute(_COMMENT.format(sql.Identifier(beside), sql.Literal(_BEING_RESTORED)))


def _read_in(place: str, file: Path) -> None:
    """Let PostgreSQL read the dump, in one transaction."""
    listed = _run("pg_restore", ["--list"], place, file)
    # What another role gives to whom for what it makes later is said for ours below.
    kept = [line for line in listed.splitlines() if b" DEFAULT ACL " not in line]
    with tempfile.NamedTemporaryFile() as chosen:
        chosen.write(b"\n".join(kept) + b"\n")
        chosen.flush()
        words = ["--no-owner", "--exit-on-error", "--single-transaction"]
        _run("pg_restore", [*words, f"--use-list={chosen.name}", *_place(place)], place, file)
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(_OWN_FUNCTIONS)


def _compare(place: str, file: Path, told: Manifest) -> None:
    """Refuse books that are not those of the manifest."""
    with psycopg.connect(place) as connection:
        found = _told(connection)
    counts: Mapping[str, int] = found["counts"]
    pairs = {
        f"the number of rows of {table!r}": (told.counts.get(table, 0), counts.get(table, 0))
        for table in sorted({*told.counts, *counts})
    }
    pairs["the last transaction"] = (told.transaction or 0, found["transaction"] or 0)
    grounds = [
        RestoredDiffers(reference=_HOUSE, file=file.name, what=what, expected=expected, found=there)
        for what, (expected, there) in pairs.items()
        if expected != there
    ]
    if grounds:
        raise Refused(grounds)


def _told(connection: "psycopg.Connection[Any]") -> dict[str, Any]:
    """What is in a database at this moment."""
    tables = [name for (name,) in connection.execute(_TABLES).fetchall()]
    if "alembic_version" not in tables:
        no = database.BooksMissing(reference=_HOUSE, database=connection.info.dbname)
        raise Refused([no])
    counts = {name: _one(connection, _COUNT.format(sql.Identifier(name)))[0] for name in tables}
    return {
        "postgresql": connection.info.server_version,
        "kind": "log" if "line_end" in tables else "books",
        "books": _one(connection, _VERSION)[0],
        "database": connection.info.dbname,
        "transaction": _one(connection, _LAST)[0] if "journal" in tables else None,
        "counts": counts,
    }


def poured(program: str, words: list[str], url: str, target: IO[bytes]) -> dict[str, Any]:
    """What a program says is written down; how much it was, and its digest."""
    digest, count = hashlib.sha256(), 0
    with _started(program, words, url) as running:
        assert running.stdout is not None, "it was asked to say it to us"
        while piece := running.stdout.read(_PIECE):
            target.write(piece)
            digest.update(piece)
            count += len(piece)
    return {"bytes": count, "sha256": digest.hexdigest()}


def _run(program: str, words: list[str], url: str, file: Path) -> bytes:
    """What a program says that is given the dump of a backup to read."""
    with (
        zipfile.ZipFile(file) as whole,
        whole.open(DUMP) as source,
        tempfile.TemporaryFile() as said,
        _started(program, words, url, said) as running,
    ):
        assert running.stdin is not None, "it was asked to hear us"
        with suppress(BrokenPipeError):  # It has heard enough, or it says what is wrong.
            while piece := source.read(_PIECE):
                running.stdin.write(piece)
            running.stdin.close()
        running.wait()
        said.seek(0)
        return said.read()


@contextmanager
def _started(
    program: str, words: list[str], url: str, said: IO[bytes] | None = None
) -> "Iterator[subprocess.Popen[bytes]]":
    """One of PostgreSQL's programs at work; 9072 if it does not end well.

    The password goes by the environment, which others cannot see, and nothing else of ours does.
    """
    password = conninfo_to_dict(url).get("password")
    secret = {} if password is None else {"PGPASSWORD": str(password)}
    with (
        tempfile.TemporaryFile() as wrong,
        subprocess.Popen(  # noqa: S603  our own command
            [binaries() / program, *words],
            stdin=subprocess.DEVNULL if said is None else subprocess.PIPE,
            stdout=subprocess.PIPE if said is None else said,
            stderr=wrong,
            env={"PATH": os.defpath, "LC_ALL": "C", **secret},
        ) as running,
    ):
        try:
            yield running
        except BaseException:
            running.kill()
            raise
        if running.wait():
            wrong.seek(0)
            text = " ".join(wrong.read(_SAID_MAX).decode(errors="replace").split())
            no = BackupProgramFailed(reference=_HOUSE, program=program, said=text)
            raise Refused([no])


def _place(url: str) -> list[str]:
    """The address as a program is told it, without its password."""
    said: dict[str, Any] = {**conninfo_to_dict(url), "password": None}
    return [f"--dbname={make_conninfo(**said)}"]


def _one(connection: "psycopg.Connection[Any]", query: Any) -> tuple[Any, ...]:  # noqa: ANN401  as the driver takes it
    row: tuple[Any, ...] | None = connection.execute(query).fetchone()
    assert row is not None, "a question without a table has an answer"
    return row


def _spoiled(file: Path, why: str) -> Refused:
    return Refused([BackupSpoiled(reference=_HOUSE, file=file.name, why=why)])
