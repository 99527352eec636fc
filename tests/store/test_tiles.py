"""PostgreSQL itself refuses that a number is twice or nowhere, whoever asks and however many."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import psycopg
import pytest
from psycopg import errors, sql

from tonne.ledger import Posted, Transaction, post
from tonne.operations import Books
from tonne.store import PostgresStore
from world import AUTHORITY, EUR, SOURCE, STAMP, A, B, C, World, move

Owner = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def posted(database: str) -> Iterator[World]:
    """The small world, in which A has EU-1-10 and B has EU-11-20."""
    with PostgresStore(database) as store:
        world = World.found(store)
        world.issue(10)
        world.issue(10, to=B)
        yield world


@pytest.fixture
def app(database: str) -> Iterator[Owner]:
    """A connection that may do what the application may."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("set role tonne_app")
        yield connection


def tiles(owner: Owner) -> list[tuple[int, int]]:
    """First and last of every block of the series EU."""
    rows = owner.execute("select first, last from block order by first").fetchall()
    return [(int(str(first)), int(str(last))) for first, last in rows]


TRIES = {
    "overlap": "insert into block values (1, 5, 7, 2, 1, 1)",
    "twin": "insert into block select series, first, last, account, asset, since from block",
    "loss": "delete from block where first = 1",
    "loss of the last": "delete from block where first = 21",
    "cut at the end": "update block set last = 99 where first = 21",
    "loss into the stone": """with gone as (delete from block where first = 1)
               update block set last = 10 where first = 0""",
    "loss of the whole line": "delete from block",
    "loss of the stone": "delete from block where first = 0",
    "gap before": "update block set first = 2 where first = 1",
    "gap after": "update block set last = 9 where last = 10",
    "stretch forwards": "update block set last = 12 where last = 10",
    "stretch backwards": "update block set first = 9 where first = 11",
    "shift": "update block set first = 12, last = 21 where first = 11",
    "swap": "update block set first = 11 - first, last = 21 - last where first = 1",
    "nobody's": "update block set account = null where first = 1",
    "other series": "update block set series = 2 where first = 11",
    "backwards": "update block set first = 10, last = 1 where first = 1",
    "before the first": "insert into block values (1, -5, -1, 2, 1, 1)",
}


def test_the_line_stays_whole_even_against_its_owner(posted: World, owner: Owner) -> None:
    before = tiles(owner)
    assert posted.blocks(A) == ["EU-1-10"]
    for what, statement in TRIES.items():
        with pytest.raises(errors.IntegrityError), owner.transaction():
            owner.execute(statement.encode())
        assert tiles(owner) == before, what


def test_a_gap_is_refused_at_the_commit_and_not_before(posted: World, owner: Owner) -> None:
    assert posted.blocks(A) == ["EU-1-10"]
    with owner.transaction():
        owner.execute("update block set first = 4 where first = 1")
        owner.execute("insert into block values (1, 1, 3, 2, 1, 1)")
    assert tiles(owner)[:3] == [(0, 0), (1, 3), (4, 10)]


def tables(owner: Owner) -> list[str]:
    """Every table of the books, by the catalogue."""
    rows = owner.execute(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    ).fetchall()
    return [str(name) for (name,) in rows]


def test_the_application_changes_and_removes_nothing(
    posted: World, owner: Owner, app: Owner
) -> None:
    assert posted.holdings()
    names = tables(owner)
    assert {"movement", "journal", "block", "holding", "account", "hold"} <= set(names)
    for name in names:
        table = sql.Identifier(name)
        (column,) = owner.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
            " and attidentity = '' and attgenerated = ''",
            (name,),
        ).fetchone() or ("",)
        for statement in (
            sql.SQL("update {} set {column} = {column}"),
            sql.SQL("delete from {}"),
            sql.SQL("truncate {} cascade"),
            sql.SQL("alter table {} disable trigger all"),
            sql.SQL("drop table {} cascade"),
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(statement.format(table, column=sql.Identifier(str(column))))


def test_the_application_does_not_write_what_is_derived(posted: World, app: Owner) -> None:
    assert posted.holdings()
    for statement in (
        "insert into block (series, first, last, since) values (1, 0, 0, 0)",
        "insert into holding values (2, 3, 1000, false)",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(statement.encode())


def test_the_application_does_not_touch_triggers_or_their_functions(app: Owner) -> None:
    for statement in (
        "create or replace function move_units() returns trigger language plpgsql as 'begin end'",
        "set session_replication_role = replica",
        "create table public.block (i integer)",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(statement.encode())


ENTER = """
    insert into journal (number, key, digest, kind, day, at, rulebook, because, reverses)
    values (900, %s, '\\x00', 'transfer', '2005-02-28', now(), 1, %s, null)
"""
# Account ids: 1 the source, 3 A, 4 B, 5 C; assets: 1 EUA, 3 EUR.
MOVE = "insert into movement values (900, 1, {}, {}, {}, {}, 1, {}, {}, {})"


def try_it(connection: Owner, movement: str, number: str = "900") -> None:
    """An entry and a movement of it, as anyone could write them who knows the tables."""
    with connection.transaction():
        connection.execute(ENTER.replace("900", number).encode(), (f"k{number}", ["law"]))
        connection.execute(movement.encode())


def test_numbers_that_are_not_held_do_not_move(posted: World, owner: Owner, app: Owner) -> None:
    (since,) = owner.execute("select since from block where first = 1").fetchone() or (0,)
    right = (3, 5, 1, 2, 1, 2, since)
    wrongs = [
        (4, 5, 1, 2, 1, 2, since),
        (3, 5, 2, 2, 1, 2, since),
        (3, 5, 1, 2, 10, 11, since),
        (3, 5, 1, 2, 21, 22, 0),
        (3, 5, 1, 2, 1, 2, 0),
        (1, 5, 1, 2, 1, 2, 0),
        (3, 99, 1, 2, 1, 2, since),
    ]
    for wrong in wrongs:
        with pytest.raises(psycopg.Error) as refused:
            try_it(app, MOVE.format(*wrong))
        assert refused.value.sqlstate == "TN001"
    try_it(app, MOVE.format(*right))
    assert posted.blocks(C) == ["EU-1-2"]


def test_a_table_of_the_same_name_does_not_deceive_the_triggers(posted: World, app: Owner) -> None:
    assert posted.blocks(C) == []
    app.execute("create temporary table block (like public.block including all)")
    app.execute("insert into pg_temp.block values (1, 1, 99, 5, 1, 1)")
    with pytest.raises(psycopg.Error) as refused:
        try_it(app, "insert into public.movement values (900, 1, 5, 3, 1, 2, 1, 1, 2, 1)")
    assert refused.value.sqlstate == "TN001"


def test_a_movement_without_an_entry_is_refused(posted: World, app: Owner) -> None:
    assert posted.blocks(A) == ["EU-1-10"]
    with pytest.raises(psycopg.Error):
        app.execute(MOVE.format(3, 5, 1, 2, 1, 2, 1).encode())


def test_many_movements_are_looked_at_like_a_few(posted: World, app: Owner) -> None:
    (since,) = {lot.since for lot, _ in posted.run(lambda b: b.lots([A.number], "EUA"))[A.number]}
    rows = [f"(900, {n}, 3, 4, 1, 1, 1, {n}, {n}, {since})" for n in range(1, 12)]
    for wrong in (rows, [*rows[:9], rows[8].replace("900, 9", "900, 10")]):  # 11 is B's; 9 twice.
        with pytest.raises(psycopg.Error, match="does not hold"):
            try_it(app, " ".join(["insert into movement values", ", ".join(wrong)]))
    assert posted.blocks(A) == ["EU-1-10"]
    try_it(app, " ".join(["insert into movement values", ", ".join(rows[:10])]))
    assert posted.blocks(A) == []


def test_nothing_is_added_to_an_entry_once_it_stands(posted: World, app: Owner) -> None:
    assert posted.blocks(A) == ["EU-1-10"]
    app.execute(ENTER, ("k", ["law"]))
    with pytest.raises(psycopg.Error, match="does not hold"):
        app.execute(MOVE.format(3, 4, 1, 2, 1, 2, 1).encode())
    (since,) = {lot.since for lot, _ in posted.run(lambda b: b.lots([A.number], "EUA"))[A.number]}
    try_it(app, MOVE.replace("900", "901").format(3, 4, 1, 2, 1, 2, since), number="901")


def test_an_entry_without_law_or_key_is_refused(posted: World, app: Owner) -> None:
    assert posted.holdings()
    for key, law in (("k", []), ("", ["law"])):
        with pytest.raises(errors.CheckViolation):
            app.execute(ENTER, (key, law))


def test_a_key_and_a_reversal_are_used_once(posted: World, app: Owner) -> None:
    assert posted.holdings()
    first = ENTER.replace("900", "901").replace("null)", "1)")
    app.execute(first.encode(), ("k", ["law"]))
    with pytest.raises(errors.UniqueViolation, match="journal_key"):
        app.execute(ENTER, ("k", ["law"]))
    with pytest.raises(errors.UniqueViolation, match="journal_reverses"):
        app.execute(first.replace("901", "902").encode(), ("another", ["law"]))


def test_a_balance_of_money_does_not_go_below_nothing(posted: World, owner: Owner) -> None:
    posted.do(move(SOURCE, A, 5, asset=EUR))
    with pytest.raises(errors.CheckViolation):
        owner.execute("update holding set count = -1 where not is_source")
    with pytest.raises(errors.CheckViolation):
        try_it(owner, "insert into movement values (900, 1, 3, 4, 3, 6, null, null, null, null)")


# Many at once.


def together(count: int, work: Callable[[int], object]) -> list[object]:
    """Do the same in several threads that begin at one moment; what each returned or raised."""
    gate = threading.Barrier(count)

    def begin(place: int) -> object:
        gate.wait()
        try:
            return work(place)
        except psycopg.Error as error:
            return error

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


@pytest.fixture
def callers(database: str) -> Iterator[list[World]]:
    """The small world and four callers of it, each with a connection of its own."""
    stores = [PostgresStore(database) for _ in range(4)]
    World.found(stores[0])
    yield [World(store, name=f"caller {place}") for place, store in enumerate(stores)]
    for store in stores:
        store.close()


def test_two_who_spend_the_same_block_cannot_both(callers: list[World]) -> None:
    for round_ in range(40):
        world = callers[0]
        issued = world.issue(5)
        first = issued.lines[0].first
        numbers = (first, first + 4)

        def spend(place: int, numbers: tuple[int, int] = numbers) -> bool:
            target = (B, C)[place]
            caller = callers[place]
            (decision,) = caller.post(caller.transaction(move(A, target, numbers=numbers)))
            return isinstance(decision, Posted)

        assert sorted(map(str, together(2, spend))) == ["False", "True"], round_
    assert callers[0].run(lambda books: books.check()) == []


def test_past_every_decision_the_database_lets_one_of_two_spend(
    posted: World, database: str
) -> None:
    """Both have read that A holds EU-1-10 before either writes."""
    (since,) = {lot.since for lot, _ in posted.run(lambda b: b.lots([A.number], "EUA"))[A.number]}

    def spend(place: int) -> bool:
        with psycopg.connect(database) as connection:
            connection.execute("set role tonne_app")
            number = str(900 + place)
            connection.execute(ENTER.replace("900", number).encode(), (number, ["law"]))
            move_it = MOVE.format(3, 4 + place, 1, 10, 1, 10, since).replace("900", number, 1)
            connection.execute(move_it.encode())
        return True

    answers = together(2, spend)
    assert answers.count(True) == 1
    (error,) = (each for each in answers if each is not True)
    assert isinstance(error, psycopg.Error)
    assert error.sqlstate == "TN001"


def test_one_key_sent_twice_at_once_is_entered_once(callers: list[World]) -> None:
    world = callers[0]
    world.issue(100)
    for round_ in range(10):
        transaction = world.transaction(move(A, B, 1), key=f"same {round_}")

        def send(place: int, transaction: Transaction = transaction) -> str:
            def once(books: Books) -> str:
                if books.load([transaction]).known:
                    return "known"
                return "new" if post_one(books, transaction) else "refused"

            return callers[place].run(once)

        assert sorted(map(str, together(2, send))) == ["known", "new"]
    assert world.holdings()[B.number] == {"EUA": 10}


def post_one(books: Books, transaction: Transaction) -> bool:
    """Decide and save, after others have been looked at."""
    loaded = books.load([transaction])
    posting = post(loaded.positions, [transaction], numbers=loaded.numbers)
    books.save(list(posting.posted), STAMP)
    return any(posting.posted)


def test_batches_in_opposite_order_both_get_through(callers: list[World]) -> None:
    world = callers[0]
    for account in (A, B, C, AUTHORITY):
        world.issue(100, to=account)
    for _ in range(10):

        def send(place: int) -> bool:
            caller = callers[place]
            givers = [A, B, C, AUTHORITY][:: 1 if place else -1]
            ring = list(zip(givers, [*givers[1:], givers[0]], strict=True))
            batch = [caller.transaction(move(*pair, 2)) for pair in ring for _ in range(3)]
            return all(isinstance(each, Posted) for each in caller.post(*batch))

        assert together(2, send) == [True, True]
    assert {number: held["EUA"] for number, held in world.holdings().items()} == {
        each.number: 100 for each in (A, B, C, AUTHORITY)
    }
    assert world.run(lambda books: books.check()) == []


def test_the_line_is_whole_after_a_storm(callers: list[World], owner: Owner) -> None:
    """Four callers, two thousand transfers, batches of several sizes, all accounts by chance."""
    holders = (A, B, C, AUTHORITY)
    for account in holders:
        callers[0].issue(10_000, to=account)

    def blow(place: int) -> int:
        caller, chance, done = callers[place], random.Random(place), 0  # noqa: S311  a game
        while done < 500:
            batch = []
            for _ in range(chance.choice((1, 3, 20))):
                source, target = chance.sample(holders, 2)
                batch.append(caller.transaction(move(source, target, chance.randint(1, 50))))
            done += sum(isinstance(each, Posted) for each in caller.post(*batch))
        return done

    done = together(4, blow)
    assert all(isinstance(each, int) for each in done), done
    world = callers[0]
    assert world.run(lambda books: books.check()) == []
    assert sum(held["EUA"] for held in world.holdings().values()) == 40_000
    ends = tiles(owner)
    assert ends[0] == (0, 0)
    assert ends[-1][1] == 2**63 - 1
    assert all(first == before + 1 for (_, before), (first, _) in pairwise(ends))
