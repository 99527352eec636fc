"""A log's application adds to its books, moves its line by one function, and does nothing else."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from tiling import Owner, tables
from tonne.store import LogStore, database


@pytest.fixture
def keeper(log_database: str) -> Iterator[Owner]:
    """The owner of a log's books, with one registry on the list and ten numbers in its hands."""
    with psycopg.connect(log_database, autocommit=True) as connection:
        connection.execute(
            "insert into registry_listed (code, address, key, status, reason, at)"
            " values ('AT', '', repeat('k', 32)::bytea, 'in service', 'agreed', now())"
        )
        connection.execute("insert into series_known (series) values ('AT')")
        connection.execute(
            "select move_line(now(), null, 'as found', 'AT', 1, 10, null, 'AT', 'AAU-1 AT', 'held')"
        )
        yield connection


@pytest.fixture
def clerk(keeper: Owner, log_database: str) -> Iterator[Owner]:
    """A connection that may do what the log's application may."""
    assert keeper.execute("select count(*) from line_move").fetchone() == (1,)
    with psycopg.connect(log_database, autocommit=True) as connection:
        connection.execute("set role tonne_app")
        yield connection


def test_the_log_may_call_one_function_and_nobody_else_any(keeper: Owner) -> None:
    for role, allowed in (("tonne_app", {"move_line"}), ("pg_monitor", set[str]())):
        rows = keeper.execute(
            "select proname from pg_proc where pronamespace = 'public'::regnamespace"
            " and has_function_privilege(%s, oid, 'execute')",
            (role,),
        ).fetchall()
        assert {str(name) for (name,) in rows} == allowed


def test_the_log_changes_and_removes_nothing_that_was_written(keeper: Owner, clerk: Owner) -> None:
    names = tables(keeper)
    assert {"line_end", "line_move", "registry_listed", "refused", "letter_heard"} <= set(names)
    for name in names:
        table = sql.Identifier(name)
        (column,) = keeper.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
            " and attidentity = '' and attgenerated = ''",
            (name,),
        ).fetchone() or ("",)
        for statement in (
            sql.SQL("update {} set {column} = {column}"),
            sql.SQL("delete from {}"),
            sql.SQL("truncate {} cascade"),
            sql.SQL("drop table {} cascade"),
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                clerk.execute(statement.format(table, column=sql.Identifier(str(column))))


def test_the_log_does_not_write_its_line_by_hand(clerk: Owner) -> None:
    for statement in (
        "insert into line_end values ('AT', 5, 'PL', 'AAU-1 AT', 'held')",
        """insert into line_move (at, reason, series, first, last, holder, unit, place)
           values (now(), 'x', 'AT', 1, 1, 'PL', 'AAU-1 AT', 'held')""",
        "insert into open_proposal values ('AT-1')",
        "insert into letter_waiting values (1)",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            clerk.execute(statement.encode())


def test_the_end_of_a_tile_stays_where_it_is_even_against_the_owner(keeper: Owner) -> None:
    for statement in (
        "update line_end set last = 12 where last = 10",
        "delete from line_end where last = 10",
        "truncate line_end cascade",
    ):
        with pytest.raises(errors.IntegrityError):
            keeper.execute(statement.encode())


def test_a_move_takes_no_numbers_that_its_giver_does_not_hold(clerk: Owner) -> None:
    move = "select move_line(now(), 'PL-1', '', 'AT', %s, %s, %s, 'PL', 'AAU-1 AT', 'held')"
    for first, last, giver in ((1, 5, "PL"), (5, 11, "AT"), (0, 3, "AT"), (4, 3, "AT")):
        with pytest.raises(psycopg.Error, match=r"does not hold|no such block"):
            clerk.execute(move, (first, last, giver))
    clerk.execute(move, (1, 5, "AT"))


def test_what_is_out_of_use_stays_in_its_place_and_hands(clerk: Owner) -> None:
    move = "select move_line(now(), 'AT-1', '', 'AT', 1, 5, 'AT', %s, 'AAU-1 AT', %s)"
    clerk.execute(move, ("AT", "retired"))
    for holder, place in (("AT", "held"), ("AT", "cancelled"), ("PL", "retired")):
        with pytest.raises(psycopg.Error, match="does not hold"):
            clerk.execute(move, (holder, place))
    clerk.execute(move, ("AT", "retired"))


def test_who_can_be_nothing_but_the_application_keeps_a_log(
    keeper: Owner, log_database: str
) -> None:
    assert keeper.execute("select count(*) from line_move").fetchone() == (1,)
    secret = "only to add"  # noqa: S105  of a server that is stopped after the test
    login = make_conninfo(log_database, user="tonne_app", password=secret)
    database.let_in(log_database, login)
    with LogStore(login) as store:
        assert store.run(lambda books: list(books.listed())) == ["AT"]
