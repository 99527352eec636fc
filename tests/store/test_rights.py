"""What the role of an address lacks is refused with the SQL that grants it; then it works."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tonne.refusal import Refusal, Refused
from tonne.store import PostgresStore, database
from world import a_server

Connection = psycopg.Connection[tuple[object, ...]]
Login = Callable[..., str]
WORD = "of keeper and clerk"


@pytest.fixture(scope="module")
def bare_server() -> Iterator[str]:
    """The address of a server that no Tonne has used: it has no role tonne_app."""
    with a_server() as address:
        yield address


@pytest.fixture
def admin(bare_server: str) -> Iterator[Connection]:
    """The administrator's connection; afterwards the server is bare again."""
    with psycopg.connect(bare_server, autocommit=True) as connection:
        yield connection
        connection.execute("drop database if exists emissions with (force)")
        for role in ("keeper", "clerk", "tonne_app"):
            found = connection.execute("select to_regrole(%s)", (role,)).fetchone()
            if found != (None,):
                connection.execute(f"drop owned by {role}".encode())
                connection.execute(f"drop role {role}".encode())


@pytest.fixture
def login(admin: Connection, bare_server: str) -> Login:
    """Makes a role with some rights; the address under which it uses the books."""

    def make(role: str = "keeper", rights: str = "") -> str:
        admin.execute(f"create role {role} login password '{WORD}' {rights}".encode())
        return make_conninfo(bare_server, user=role, password=WORD, dbname="emissions")

    return make


def refused(url: str, *, fresh: bool = False) -> list[Refusal]:
    """Why the books cannot be prepared under that address."""
    with pytest.raises(Refused) as no:
        database.prepare(url, fresh=fresh)
    return list(no.value.refusals)


def grant(admin: Connection, found: list[Refusal], *, within: str = "postgres") -> None:
    """Run, as an administrator, the very SQL that the refusals name."""
    address = make_conninfo(admin.info.dsn, dbname=within, password=admin.info.password)
    with psycopg.connect(address, autocommit=True) as connection:
        for each in found:
            connection.execute(str(each.facts()["sql"]).encode())


def opens(url: str) -> bool:
    """Whether the books are prepared, and used, under that address."""
    database.prepare(url)
    with PostgresStore(url) as store:
        return store.run(lambda books: books.size(), keep=False) == (0, 0)


def test_a_role_with_no_power_is_told_all_it_lacks_and_the_sql_that_grants_it(
    admin: Connection, login: Login
) -> None:
    url = login()
    found = refused(url)
    assert [each.number for each in found] == [9060, 9063]
    assert 'create database "emissions" owner "keeper";' in str(found[0])
    assert "lacks CREATEDB" in str(found[0])
    assert 'create role "tonne_app" nologin; grant "tonne_app" to "keeper"' in str(found[1])
    assert "lacks CREATEROLE" in str(found[1])
    assert admin.execute("select to_regrole('tonne_app')").fetchone() == (None,)
    grant(admin, found)
    assert opens(url)


def test_a_role_that_may_make_databases_and_roles_needs_nobody(login: Login) -> None:
    # Since PostgreSQL 16 it may not take on the role that it made, unless it gives it to itself.
    assert opens(login(rights="createdb createrole"))


def test_an_application_role_prepared_beforehand_needs_no_right_to_make_roles(
    admin: Connection, login: Login
) -> None:
    url = login(rights="createdb")
    admin.execute("create role tonne_app nologin")
    admin.execute("grant tonne_app to keeper")
    assert opens(url)


def test_a_role_that_is_no_member_of_the_application_is_refused(
    admin: Connection, login: Login
) -> None:
    url = login(rights="createdb createrole")
    admin.execute("create role tonne_app nologin")
    found = refused(url)
    assert [each.number for each in found] == [9064]
    assert 'SQL: grant "tonne_app" to "keeper" with set true;' in str(found[0])
    grant(admin, found)
    assert opens(url)


def test_a_role_without_rights_on_the_schema_is_refused(admin: Connection, login: Login) -> None:
    url = login()
    admin.execute("create database emissions")
    found = refused(url)
    assert [each.number for each in found] == [9062, 9063]
    assert 'SQL, in that database: grant create, usage on schema public to "keeper";' in str(
        found[0]
    )
    grant(admin, found, within="emissions")
    assert opens(url)


def test_a_schema_that_is_closed_to_the_public_is_passed_on_to_the_application(
    admin: Connection, login: Login
) -> None:
    url = login(rights="createrole")
    admin.execute("create database emissions")
    address = make_conninfo(admin.info.dsn, dbname="emissions", password=admin.info.password)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("revoke all on schema public from public")
    found = refused(url)
    assert [each.number for each in found] == [9062]
    assert "with grant option" in str(found[0])
    grant(admin, found, within="emissions")
    assert opens(url)


def test_a_member_of_the_application_works_in_books_that_another_laid_out(
    admin: Connection, login: Login
) -> None:
    assert opens(login(rights="createdb createrole"))
    url = login("clerk", "noinherit")
    found = refused(url)
    assert [each.number for each in found] == [9064]
    grant(admin, found)
    assert opens(url)


def test_books_of_another_role_are_not_emptied(admin: Connection, login: Login) -> None:
    url = login(rights="createrole")
    admin.execute("create database emissions")
    found = refused(url, fresh=True)
    assert [each.number for each in found] == [9060, 9061]
    grant(admin, found)
    database.prepare(url, fresh=True)
    assert opens(url)


def test_books_of_a_later_version_are_refused(admin: Connection, login: Login) -> None:
    url = login(rights="createdb createrole")
    assert opens(url)
    with psycopg.connect(url) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    (found,) = refused(url)
    assert found.number == 9057
    assert "version 9999" in str(found)
    del admin


def test_a_server_that_is_too_old_is_refused(
    bare_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "VERSION_MIN", 990000)
    (found,) = refused(bare_server)
    assert found.number == 9056


@pytest.mark.parametrize("address", ["nonsense", "host=a b"])
def test_an_address_that_cannot_be_read_is_refused(address: str) -> None:
    (found,) = refused(address)
    assert found.number == 9054


@pytest.mark.parametrize("name", ["", "x" * 64, "\udcff", "é" * 32])
def test_a_name_that_postgresql_would_not_keep_whole_is_refused(name: str) -> None:
    with pytest.raises(Refused) as no:
        database.named("host=db.example.org", name)
    assert [each.number for each in no.value.refusals] == [9055]


def test_books_that_are_missing_are_not_made_to_be_asked(bare_server: str) -> None:
    with pytest.raises(Refused) as no:
        database.prepare(make_conninfo(bare_server, dbname="typo"), make=False)
    (found,) = no.value.refusals
    assert (found.number, str(found)) == (9058, "There are no books named 'typo'.")


def test_a_password_that_is_wrong_is_told_as_the_server_tells_it(bare_server: str) -> None:
    with pytest.raises(database.NotLetInError, match=r"FATAL: .*password authentication failed"):
        database.prepare(make_conninfo(bare_server, password=WORD[:3]))
