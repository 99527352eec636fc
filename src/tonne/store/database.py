"""A database for the books: made where there is none, and brought up to this version."""

from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tonne.store.migrate import migrate

VERSION_MIN = 150000
"""The oldest server that keeps the books: PostgreSQL 15."""

_IS_THERE = "select exists (select from pg_database where datname = %s)"
_ALONE = "select pg_advisory_lock(hashtext('tonne migrates'))"
_DROP = sql.SQL("drop database if exists {} with (force)")
_CREATE = sql.SQL("create database {}")


class DatabaseUnfitError(RuntimeError):
    """The database cannot keep the books of this version."""


def prepare(url: str, *, fresh: bool = False) -> None:
    """Make the database if it is missing and migrate it; ``fresh`` begins with an empty one."""
    name = name_of(url)
    if fresh or not _answers(url):
        with psycopg.connect(named(url, "postgres"), autocommit=True) as connection:
            if fresh:
                connection.execute(_DROP.format(sql.Identifier(name)))
            row = connection.execute(_IS_THERE, (name,)).fetchone()
            if row == (False,):
                connection.execute(_CREATE.format(sql.Identifier(name)))
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.info.server_version < VERSION_MIN:
            raise DatabaseUnfitError("the books need PostgreSQL 15 or later")
        if _is_current(connection):
            return
        # Two that come at once: the second waits, and finds it done.
        connection.execute(_ALONE)
        if not _is_current(connection):
            migrate(url)


def named(url: str, database: str) -> str:
    """The address of another database of the same server."""
    return make_conninfo(url, dbname=database)


def name_of(url: str) -> str:
    """The name of the database that an address leads to."""
    found = conninfo_to_dict(url)
    return str(found.get("dbname") or found.get("user") or "postgres")


def _answers(url: str) -> bool:
    """Whether the database is there and lets us in."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _is_current(connection: "psycopg.Connection[tuple[object, ...]]") -> bool:
    """Whether the last of our migrations has run; a later one than ours is not for us."""
    table = connection.execute("select to_regclass('alembic_version')::text").fetchone()
    if table is None or table[0] is None:
        return False
    row = connection.execute("select version_num from alembic_version").fetchone()
    found = "" if row is None else str(row[0])
    newest = max(path.stem[1:5] for path in _migrations().glob("v*_*.py"))
    if found > newest:
        raise DatabaseUnfitError(f"the books are of version {found}; this program knows {newest}")
    return found == newest


def _migrations() -> Path:
    return Path(__file__).parent / "migrations"
