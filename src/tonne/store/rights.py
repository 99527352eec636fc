"""What may the role do that an address names? What it lacks is told with the SQL that grants it.

An administrator may prepare everything: the database, the schema, and the application's role
``tonne_app``. Then the role in the address needs no power over the server at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
from psycopg import sql

from tonne.refusal import Refusal

APPLICATION = "tonne_app"
"""The role that may add to the books and change nothing."""

TAKES_ON = """
    case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end
"""
"""What PostgreSQL calls the right to take on a role: since version 16 a member may lack it."""

_ROLE = """
    select current_user::text,
           (select rolsuper or rolcreatedb from pg_roles where rolname = current_user),
           (select rolsuper or rolcreaterole from pg_roles where rolname = current_user)
"""
_APPLICATION = f"""
    select case when exists (select from pg_roles where rolname = %(application)s)
                then pg_has_role(current_user, %(application)s, {TAKES_ON}) end,
           exists (
               select from pg_auth_members
                where roleid = to_regrole(%(application)s) and admin_option
                  and pg_has_role(current_user, member, 'usage')
           )
"""  # noqa: S608  our own words
_DATABASE = """
    select pg_has_role(current_user, datdba, 'usage') from pg_database where datname = %s
"""
_SCHEMA = "select has_schema_privilege('public', 'create')"
_PASSAGE = """
    select has_schema_privilege(
               case when to_regrole(%(application)s) is null then 'public' else %(application)s end,
               'public', 'usage')
        or has_schema_privilege('public', 'usage with grant option')
"""

_CHAPTER = "PostgreSQL documentation, {}"

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _RoleLacksRight(Refusal):
    """What a role may not do, and the SQL that lets it."""

    remedy: ClassVar[str] = "Let an administrator of the server run the SQL, then try again."

    role: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCannotMakeDatabase(_RoleLacksRight):
    """A database is made by a role that may make one."""

    number: ClassVar[int] = 9060

    database: str

    def __str__(self) -> str:
        return (
            f"The role {self.role} may not create the database {self.database}: it lacks CREATEDB. "
            f"SQL: {self.sql}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseOfAnotherRole(_RoleLacksRight):
    """A database is emptied by the role that owns it."""

    number: ClassVar[int] = 9061

    database: str

    def __str__(self) -> str:
        return (
            f"The role {self.role} may not drop the database {self.database}: another owns it. "
            f"SQL: {self.sql}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCannotMakeTables(_RoleLacksRight):
    """The tables of the books are made by a role that may make them in the schema public."""

    number: ClassVar[int] = 9062

    database: str

    def __str__(self) -> str:
        return (
            f"The role {self.role} lacks rights on the schema public of the database "
            f"{self.database}. SQL, in that database: {self.sql}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCannotMakeRole(_RoleLacksRight):
    """Where the application's role is missing, it is made by a role that may make one."""

    number: ClassVar[int] = 9063

    application: str

    def __str__(self) -> str:
        return (
            f"There is no role {self.application}, and the role {self.role} may not create it: it "
            f"lacks CREATEROLE. SQL: {self.sql}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleNotOfApplication(_RoleLacksRight):
    """Who opens the books takes on the application's role, and so is a member of it."""

    number: ClassVar[int] = 9064

    application: str

    def __str__(self) -> str:
        return (
            f"The role {self.role} may not take on the role {self.application}, in which the books "
            f"are kept. SQL: {self.sql}"
        )


def making(connection: Connection, database: str, *, fresh: bool) -> Iterator[Refusal]:
    """Why the role may not make that database, or drop it first; asked in any other one."""
    role, makes, _ = _one(connection, _ROLE)
    owns = _first(connection, _DATABASE, database)
    if not makes:
        statement = "alter role {role} createdb" if fresh else "create database {name} owner {role}"
        yield RoleCannotMakeDatabase(
            reference=_CHAPTER.format("CREATE DATABASE"),
            role=role,
            database=database,
            sql=_said(connection, statement, role=role, name=database),
        )
    if fresh and owns is False:
        yield DatabaseOfAnotherRole(
            reference=_CHAPTER.format("DROP DATABASE"),
            role=role,
            database=database,
            sql=_said(
                connection, "alter database {name} owner to {role}", role=role, name=database
            ),
        )


def laying_out(connection: Connection) -> Iterator[Refusal]:
    """Why the role may not lay out the books in the database it is connected to."""
    role = str(_one(connection, _ROLE)[0])
    statements = []
    if not _first(connection, _SCHEMA):
        statements.append("grant create, usage on schema public to {role}")
    if not _one(connection, _PASSAGE, application=APPLICATION)[0]:
        statements.append("grant usage on schema public to {role} with grant option")
    if statements:
        yield RoleCannotMakeTables(
            reference=_CHAPTER.format("Schemas and Privileges"),
            role=role,
            database=connection.info.dbname,
            sql=_said(connection, *statements, role=role),
        )
    yield from working(connection, gives=True)


def working(connection: Connection, *, gives: bool) -> Iterator[Refusal]:
    """Why the role may not take on the application's role; nor give it to itself, if that helps."""
    role, _, makes = _one(connection, _ROLE)
    member, administers = _one(connection, _APPLICATION, application=APPLICATION)
    newer = connection.info.server_version >= 160000  # noqa: PLR2004  a version
    grant = "grant {application} to {role}" + (" with set true" if newer else "")
    # Before version 16 whoever may make roles gives them too.
    can_give = gives and (administers or (makes and not newer))
    if member is None and not makes:
        yield RoleCannotMakeRole(
            reference=_CHAPTER.format("CREATE ROLE"),
            role=role,
            application=APPLICATION,
            sql=_said(connection, "create role {application} nologin", grant, role=role),
        )
    elif member is False and not can_give:
        yield RoleNotOfApplication(
            reference=_CHAPTER.format("Role Membership"),
            role=role,
            application=APPLICATION,
            sql=_said(connection, grant, role=role),
        )


def _said(connection: Connection, *statements: str, role: str, name: str = "") -> str:
    """The statements as an administrator types them."""
    names = {
        "role": sql.Identifier(role),
        "name": sql.Identifier(name or APPLICATION),
        "application": sql.Identifier(APPLICATION),
    }
    return " ".join(
        sql.SQL(each + ";").format(**names).as_string(connection) for each in statements
    )


def _one(connection: Connection, query: str, **given: object) -> tuple[Any, ...]:
    row = connection.execute(query.encode(), given or None).fetchone()
    assert row is not None, "a question without a table has an answer"
    return row


def _first(connection: Connection, query: str, *given: object) -> Any:  # noqa: ANN401  as asked
    row = connection.execute(query.encode(), given or None).fetchone()
    return None if row is None else row[0]
