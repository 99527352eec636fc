"""The application adds to the books through a few functions of their owner, and in no other way."""

import threading
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from psycopg import errors

from tiling import Owner, Row, since_of, tiles, try_it
from tonne.ledger import Hold, post
from tonne.operations import Books
from tonne.store import PostgresStore
from tonne.store.database import let_in
from world import EUA, STAMP, A, B, World, move

ALLOWED = {"free_of", "enter_book", "held", "load_books", "lock_accounts", "save_books"}


def test_the_application_may_call_six_functions_and_nobody_else_any(owner: Owner) -> None:
    for role, allowed in (("tonne_app", ALLOWED), ("pg_monitor", set())):
        rows = owner.execute(
            "select proname from pg_proc where pronamespace = 'public'::regnamespace"
            " and has_function_privilege(%s, oid, 'execute')",
            (role,),
        ).fetchall()
        assert {str(name) for (name,) in rows} == allowed


def test_a_function_made_later_is_nobodys_to_call(owner: Owner) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute("create function later() returns integer language sql return 1")
        rows = owner.execute(
            "select has_function_privilege('tonne_app', 'later()', 'execute')"
        ).fetchone()
        assert rows == (False,)


def test_the_triggers_functions_serve_no_table_of_somebody_else(posted: World, app: Owner) -> None:
    assert posted.holdings()
    app.execute("create temporary table x (account integer, status text)")
    for function in (
        "keep_status",
        "lay_series",
        "rows_belong",
        "entry_is_own",
        "open_holds",
        "end_holds",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(
                f"create trigger t before insert on x for each row execute function {function}()"
            )


@pytest.mark.parametrize("runs", [(), (1, 0, 1, 0, 1), (0,), (1, 1), (2,), (3, 3)])
def test_runs_that_are_not_those_of_the_movements_move_nothing_twice_and_leave_nothing(
    posted: World, app: Owner, owner: Owner, runs: tuple[int, ...]
) -> None:
    before, line = posted.holdings(), tiles(owner)
    row: Row = (3, 4, 1, 2, 1, 1, 2, since_of(posted, A.number))
    try:
        try_it(app, row, runs=runs)
    except psycopg.Error:
        assert posted.holdings() == before
        assert tiles(owner) == line
    else:
        assert posted.holdings()[B.number]["EUA"] == before[B.number]["EUA"] + 2
    assert posted.run(lambda books: books.check()) == []


def test_no_movement_comes_before_that_which_brought_its_units(posted: World, app: Owner) -> None:
    row: Row = (3, 4, 1, 2, 1, 1, 2, since_of(posted, A.number))
    for number in (-5, 0, 1):
        with pytest.raises(errors.IntegrityError):
            try_it(app, row, number=number)


def test_nothing_is_entered_without_a_rulebook_a_law_or_a_key(posted: World, app: Owner) -> None:
    with pytest.raises(errors.ForeignKeyViolation):
        try_it(app, (3, 4, 1, 2, 1, 1, 2, since_of(posted, A.number)), rulebook=999)
    enter = "select enter_book(%s, '', 'note', null, '2005-01-01', now(), %s, %s)"
    with pytest.raises(errors.ForeignKeyViolation):
        app.execute(enter, ("k", 999, ["law"]))
    for key, law in (("k", []), ("", ["law"])):
        with pytest.raises(errors.CheckViolation):
            app.execute(enter, (key, 1, law))


def test_nothing_is_promised_or_freed_that_is_not_there(posted: World, app: Owner) -> None:
    entry = posted.run(posted.entry)
    for account, asset in ((999, 1), (3, 999)):
        with pytest.raises(errors.ForeignKeyViolation), app.transaction():
            app.execute("insert into hold values ('h', %s, %s, 1, 1)", (account, asset))
    with pytest.raises(errors.ForeignKeyViolation):
        app.execute("insert into hold_end values ('never promised', %s)", (entry,))


def test_money_goes_to_nobody_who_is_not_there(posted: World, app: Owner) -> None:
    before = posted.holdings()
    for row in (
        (1, 999, 3, 5, None, None, None, None),
        (999, 3, 3, 5, None, None, None, None),
        (1, 3, 999, 5, None, None, None, None),
        (1, 3, 1, 5, None, None, None, None),
    ):
        with pytest.raises(errors.ForeignKeyViolation):
            try_it(app, row, runs=())
    assert posted.holdings() == before


def test_no_record_is_added_to_an_entry_that_stands(posted: World, app: Owner) -> None:
    assert posted.holdings()
    for statement in (
        "insert into emission values (1, 99, 3, 2005, 'verified', 5, null, now(), false, '', '')",
        """insert into outcome (journal, account, year, status, surrendered, missing, excess,
               penalty, currency, extra, carried, published, unreported, because, made_good)
           values (1, 3, 2005, 'A', 0, 0, 0, 0, 'EUR', 0, 0, false, false, '{law}', 0)""",
        "insert into account_change values (1, 3, 'closed', 'why')",
        "insert into hold values ('h', 3, 1, 1, 1)",
        "insert into dedication values (1, 'somebody', '')",
        "insert into notice values (1, 'report', 'MD-514', '{}', '{}')",
        """insert into account (number, scheme, kind, opened, journal)
           values ('XX-99', 'x', 'operator', '2005-01-01', 1)""",
        "insert into link values (1, 'AT', 'ITL', '', repeat('k', 32)::bytea)",
        "insert into proposal_asked values (1, 'AT-1', 'send', null)",
        """insert into trade_record values (1, 1, 3, 4, 1, 5, 3, 100, 500, false, 'exempt', 0, 0,
               'XX', 'XX', 0, 0, true, 0, 0)""",
        "insert into comparison values (1, 'AT 1', '[]', '{}')",
        "insert into word (journal, topic, subject, body) values (1, 'deal', 'D-1', '{}')",
    ):
        with pytest.raises(errors.ForeignKeyViolation):
            app.execute(statement.encode())


@pytest.fixture
def other(database: str) -> Iterator[PostgresStore]:
    """Somebody else, with a connection of their own."""
    with PostgresStore(database) as store:
        yield store


def test_a_hold_and_a_spend_at_once_promise_no_more_than_is_held(
    posted: World, other: PostgresStore
) -> None:
    """One promises 6 of 10 and commits late; the other gives 5 away meanwhile."""
    promised, go_on = threading.Event(), threading.Event()

    def promise(books: Books) -> None:
        hold = Hold(key="h", account=A, asset=EUA, count=6)
        books.add_holds(posted.entry(books, "hold"), [hold])
        assert books.holds(key="h"), "what was asked for last has been done once something is read"
        promised.set()
        go_on.wait(0.5)

    thread = threading.Thread(target=lambda: posted.run(promise))
    thread.start()
    promised.wait(10)
    spender = World(other, name="spender")
    decisions = spender.post(spender.transaction(move(A, B, 5)))
    thread.join()
    assert [type(each).__name__ for decision in decisions for each in decision[:1]] == [
        "ExceedsHolding"
    ]
    assert posted.run(lambda books: books.check()) == []


def test_what_is_locked_waits_and_then_sees_what_was_done(
    posted: World, other: PostgresStore
) -> None:
    locked, go_on = threading.Event(), threading.Event()

    def keep(books: Books) -> None:
        books.lock([A.number])
        locked.set()
        go_on.wait(0.3)
        batch = [posted.transaction(move(A, B, 10))]
        loaded = books.load(batch)
        books.save(list(post(loaded.positions, batch, numbers=loaded.numbers).posted), STAMP)

    thread = threading.Thread(target=lambda: posted.run(keep))
    thread.start()
    locked.wait(10)

    def look(books: Books) -> dict[str, int]:
        books.lock([A.number])
        return books.holdings(A.number)

    assert other.run(look) == {}
    thread.join()


def test_an_operator_has_one_account_that_is_not_closed(owner: Owner) -> None:
    insert = """
        with entry as (
            insert into journal (number, key, digest, kind, day, at, rulebook, because)
            values (%s, %s, '', 'open', %s, now(), 1, '{law}') returning number
        )
        insert into account (number, scheme, kind, operator, opened, journal, status)
        select %s, 'x', 'operator', 'ONE', '2005-01-01', number, %s from entry
    """
    for number, status in ((1, "closed"), (2, "open")):
        owner.execute(insert, (number, str(number), date(2005, 1, 1), f"N{number}", status))
    with pytest.raises(errors.UniqueViolation, match="account_operator"):
        owner.execute(insert, (3, "3", date(2005, 1, 1), "N3", "suspended"))


def test_who_logs_in_as_the_application_cannot_become_the_owner(
    posted: World, database: str
) -> None:
    assert posted.holdings()
    secret = "only to add"  # noqa: S105  of a server that is stopped after the test
    login = psycopg.conninfo.make_conninfo(database, user="tonne_app", password=secret)
    let_in(database, login)
    let_in(database, login)
    with PostgresStore(login) as store:
        assert World(store).holdings() == posted.holdings()
    with psycopg.connect(login, autocommit=True) as connection:
        connection.execute("reset role")
        for statement in ("delete from journal", "update account set name = 'x'"):
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(statement.encode())
            assert refused.value.sqlstate in {"42501", "22023"}
