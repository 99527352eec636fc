"""A database for the books: made where there is none, and brought up to this version."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tonne.refusal import Refusal, refuse_if_any
from tonne.store import rights
from tonne.store.migrate import BOOKS, migrate
from tonne.store.rights import Connection

VERSION_MIN = 150000
"""The oldest server that keeps the books: PostgreSQL 15."""

NAME_BYTES_MAX = 63
"""PostgreSQL cuts off the rest of a name, so that two long ones would mean the same books."""

_IS_THERE = "select exists (select from pg_database where datname = %s)"
_ALONE = "select pg_advisory_lock(hashtext('tonne migrates'))"
_MAY_READ = "select has_table_privilege('alembic_version', 'select')"
_DROP = sql.SQL("drop database if exists {} with (force)")
_CREATE = sql.SQL("create database {}")
_MAY_LOG_IN = "select rolcanlogin from pg_roles where rolname = %s"
_LET_IN = sql.SQL("alter role {role} login password {password}")

REPLAY = "Books of a replay; the next one makes them anew."
"""Stands as a comment on a database that a replay made."""

_COMMENT = sql.SQL("comment on database {} is {}")
_COMMENTED = "select shobj_description(oid, 'pg_database') from pg_database where datname = %s"
_OTHER_KEYS = """
    select exists (
        select from journal where key not like 'replay/%' and key not like 'found %'
            and key not like 'bank % replay/%'
            and not (kind in ('trade', 'pay') and key like 'deal % settled%')
    )
"""
_TABLES = """
    select nspname, relname
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where relkind in ('r', 'm', 'f') and relname <> 'alembic_version'
       and nspname <> 'information_schema' and nspname !~ '^pg_'
"""
_TABLES_SHOWN = 5
_HAS_ROWS = sql.SQL("select exists (select from {})")


class NotLetInError(RuntimeError):
    """The server does not answer, or does not let the role in; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressUnreadable(Refusal):
    """The address of a server is written as PostgreSQL's own programs read it."""

    number: ClassVar[int] = 9054
    remedy: ClassVar[str] = "Write it as postgresql://role:password@host/database."
    why: str

    def __str__(self) -> str:
        return f"The address of the server cannot be read: {self.why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseNameUnfit(Refusal):
    """The name of a database is one that PostgreSQL keeps whole."""

    number: ClassVar[int] = 9055
    remedy: ClassVar[str] = "Choose another name for the books."
    database: str
    most: int

    def __str__(self) -> str:
        return f"{self.database[:80]!r} is no name for books: 1 to {self.most} bytes of UTF-8."


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTooOld(Refusal):
    """The books are kept by PostgreSQL 15 or later."""

    number: ClassVar[int] = 9056
    remedy: ClassVar[str] = "Name a newer server, or take TONNE_DATABASE_URL away to use our own."
    version: str

    def __str__(self) -> str:
        return f"The server is PostgreSQL {self.version}; the books need 15 or later."


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksOfLaterVersion(Refusal):
    """The books are not of a later version than the program."""

    number: ClassVar[int] = 9057
    remedy: ClassVar[str] = "Use the version of Tonne that wrote them last, or a later one."
    found: str
    newest: str

    def __str__(self) -> str:
        return f"The books are of version {self.found}; this program knows {self.newest}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksMissing(Refusal):
    """Only books that are there are asked."""

    number: ClassVar[int] = 9058
    remedy: ClassVar[str] = "Correct the name; the first command that writes makes new books."
    database: str

    def __str__(self) -> str:
        return f"There are no books named {self.database!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksNotOfReplay(Refusal):
    """A replay makes anew only its own books, in which nobody else has written."""

    number: ClassVar[int] = 9059
    remedy: ClassVar[str] = "Name other books with --database, or leave it out."
    database: str

    def __str__(self) -> str:
        return f"The books {self.database!r} are not a replay's and are not emptied."


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksOfAnotherKind(Refusal):
    """The books of a registry are one thing, and those of a log another."""

    number: ClassVar[int] = 9066
    remedy: ClassVar[str] = "Name other books with --database."
    database: str

    def __str__(self) -> str:
        return f"In {self.database!r} are other books: those of a log are not those of a registry."


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseNotEmpty(Refusal):
    """Books begin, and are restored, where nothing stands yet."""

    number: ClassVar[int] = 9070
    remedy: ClassVar[str] = "Name another database with --database; nothing is written over."
    database: str
    tables: tuple[str, ...]
    more: int

    def __str__(self) -> str:
        return (
            f"In the database {self.database!r} something stands already: "
            f"{', '.join(self.tables)}{f' and {self.more} more tables' if self.more else ''}."
        )


def prepare_for_replay(url: str, *, usual: bool) -> None:
    """Begin with an empty database, if it was a replay's alone, or is missing or empty.

    The ``usual`` one of the caller is kept for his own books, empty or not.
    """
    name = name_of(url)
    if not _may_be_emptied(url, name, usual=usual):
        refuse_if_any([BooksNotOfReplay(reference="Rule of the books: names", database=name)])
    prepare(url, fresh=True)
    with _entered(url) as connection:
        connection.execute(_COMMENT.format(sql.Identifier(name), sql.Literal(REPLAY)))


def _may_be_emptied(url: str, name: str, *, usual: bool) -> bool:
    with _entered(named(url, "postgres")) as connection:
        row = connection.execute(_COMMENTED, (name,)).fetchone()
    if row is None:
        return not usual
    with _entered(url) as connection:
        try:
            if row[0] != REPLAY:
                return not usual and not _filled(connection)
            journal = connection.execute("select to_regclass('journal')").fetchone()
            return journal == (None,) or connection.execute(_OTHER_KEYS).fetchone() == (False,)
        except psycopg.errors.InsufficientPrivilege:
            return False


def filled(url: str) -> list[str]:
    """The tables that have a row, ours or anybody's; none of a database that is missing."""
    with _entered(named(url, "postgres")) as connection:
        if connection.execute(_IS_THERE, (name_of(url),)).fetchone() != (True,):
            return []
    with _entered(url) as connection:
        try:
            return _filled(connection)
        except psycopg.errors.InsufficientPrivilege as fault:
            raise NotLetInError(str(fault).strip()) from fault


def refuse_filled(url: str, tables: Collection[str]) -> None:
    """Refuse a database in which something stands already: in those tables, if in any."""
    if tables:
        no = DatabaseNotEmpty(
            reference="Rule of the books: a beginning",
            database=name_of(url),
            tables=tuple(sorted(tables)[:_TABLES_SHOWN]),
            more=max(0, len(tables) - _TABLES_SHOWN),
        )
        refuse_if_any([no])


def _filled(connection: Connection) -> list[str]:
    return sorted(
        table[1]
        for table in connection.execute(_TABLES).fetchall()
        if connection.execute(_HAS_ROWS.format(sql.Identifier(*table))).fetchone() == (True,)
    )


def prepare(url: str, *, fresh: bool = False, make: bool = True, folder: str = BOOKS) -> None:
    """Make the database if it is missing and migrate it; ``fresh`` begins with an empty one.

    ``folder`` says what is kept in it: the books of a registry, or those of a log. What the role of
    the address may not do is refused before anything is changed. With ``make=False`` a database
    that is missing is refused too.
    """
    name = name_of(url)
    fault = None if fresh else _fault(url)
    if fresh or fault is not None:
        with _entered(named(url, "postgres"), instead=fault) as connection:
            row = connection.execute(_IS_THERE, (name,)).fetchone()
            if row == (True,) and fault is not None:
                raise NotLetInError(str(fault).strip()) from fault
            if not make:
                refuse_if_any([BooksMissing(reference="Rule of the books: names", database=name)])
            refuse_if_any(
                [
                    *rights.making(connection, name, fresh=fresh),
                    *rights.working(connection, gives=True),
                ]
            )
            if fresh:
                connection.execute(_DROP.format(sql.Identifier(name)))
            connection.execute(_CREATE.format(sql.Identifier(name)))
    with _entered(url) as connection:
        refuse_if_any(_too_old(connection))
        if _is_current(connection, folder):
            return
        # Two that come at once: the second waits, and finds it done.
        connection.execute(_ALONE)
        if not _is_current(connection, folder):
            refuse_if_any(rights.laying_out(connection))
            migrate(url, folder)


def let_in(url: str, login: str) -> None:
    """Let the role of another address log in with its password, as the owner of the server."""
    asked = conninfo_to_dict(login)
    role, password = str(asked["user"]), str(asked["password"])
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(_MAY_LOG_IN, (role,)).fetchone()
        if row != (True,):
            connection.execute(
                _LET_IN.format(role=sql.Identifier(role), password=sql.Literal(password))
            )


def named(url: str, database: str) -> str:
    """The address of another database of the same server."""
    refuse_if_any(_unfit(database))
    return make_conninfo(url, dbname=database)


def name_of(url: str) -> str:
    """The name of the database that an address leads to."""
    try:
        found = conninfo_to_dict(url)
    except psycopg.ProgrammingError as fault:
        why = " ".join(str(fault).split())
        refuse_if_any(
            [AddressUnreadable(reference="PostgreSQL documentation, Connection Strings", why=why)]
        )
    return str(found.get("dbname") or found.get("user") or "postgres")


def _entered(url: str, *, instead: psycopg.OperationalError | None = None) -> Connection:
    """A connection; if there is none, the fault that was met before it is the one to tell."""
    try:
        return psycopg.connect(url, autocommit=True)
    except psycopg.OperationalError as fault:
        raise NotLetInError(str(instead or fault).strip()) from fault


def _fault(url: str) -> psycopg.OperationalError | None:
    """Why the database is not there or does not let us in, if so."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError as fault:
        return fault
    return None


def _too_old(connection: Connection) -> Iterator[Refusal]:
    version = connection.info.server_version
    if version < VERSION_MIN:
        yield ServerTooOld(
            reference="Decision 0001, the books in PostgreSQL", version=str(version // 10_000)
        )


def _unfit(database: str) -> Iterator[Refusal]:
    try:
        size = len(database.encode())
    except UnicodeEncodeError:
        size = 0
    if not 0 < size <= NAME_BYTES_MAX:
        yield DatabaseNameUnfit(
            reference="PostgreSQL documentation, Identifiers and Key Words",
            database=database,
            most=NAME_BYTES_MAX,
        )


def _is_current(connection: Connection, folder: str) -> bool:
    """Whether the last of our migrations has run; a later one than ours is not for us."""
    table = connection.execute("select to_regclass('alembic_version')::text").fetchone()
    if table is None or table[0] is None:
        return False
    refuse_if_any(rights.working(connection, gives=False))
    if connection.execute(_MAY_READ).fetchone() == (False,):
        connection.execute("set role tonne_app")  # A member that inherits nothing.
    is_log = connection.execute("select to_regclass('line_end') is not null").fetchone()
    if is_log != (folder != BOOKS,):
        reference = "Decision 0010, the log between registries"
        name = connection.info.dbname
        refuse_if_any([BooksOfAnotherKind(reference=reference, database=name)])
    row = connection.execute("select version_num from alembic_version").fetchone()
    connection.execute("reset role")
    found = "" if row is None else str(row[0])
    newest = max(path.stem[1:5] for path in (Path(__file__).parent / folder).glob("v*_*.py"))
    if found > newest:
        reference = "Decision 0001, the books in PostgreSQL"
        refuse_if_any([BooksOfLaterVersion(reference=reference, found=found, newest=newest)])
    return found == newest
