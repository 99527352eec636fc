"""PostgreSQL itself lets many act at once, and refuses that two spend the same."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tiling import Owner, is_whole, tiles, try_it
from tonne.ledger import Posted, Posting, Transaction, post
from tonne.operations import Books
from tonne.store import PostgresStore
from world import AUTHORITY, SOURCE, STAMP, A, B, C, World, move


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
    for one, other in (((1, 10), (1, 10)), ((1, 5), (3, 10)), ((4, 6), (6, 6)), ((9, 9), (1, 10))):
        issued = posted.issue(10)
        below = issued.lines[0].first - 1

        def spend(
            place: int,
            piece: tuple[tuple[int, int], ...] = (one, other),
            below: int = below,
            since: int = issued.number,
        ) -> bool:
            first, last = piece[place]
            row = (3, 4 + place, 1, last - first + 1, 1, below + first, below + last, since)
            with psycopg.connect(database) as connection:
                connection.execute("set role tonne_app")
                try_it(connection, row, number=1000 + 2 * since + place)
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
    assert is_whole(tiles(owner))


def test_a_part_that_is_refused_while_later_parts_are_under_way_leaves_nothing(
    posted: World, database: str
) -> None:
    """Parts of a batch are written while the next are decided; they stand or fall together."""
    batch = [posted.transaction(move(SOURCE, A, 1)) for _ in range(300)]

    def write(books: Books, *, wrong: bool) -> None:
        loaded = books.load(batch)
        posting = Posting(loaded.positions)
        numbers = iter(loaded.numbers)
        for start in (0, 150):
            lines = posting.decide(batch[start : start + 150], numbers)
            made = [each for each in lines if isinstance(each, Posted)]
            if wrong and start == 0:  # What is not held, as if another had taken it.
                line = made[7].lines[0]._replace(prior=made[3].number)
                made[7] = made[7]._replace(lines=(line,))
            books.save(made, STAMP)

    before = posted.holdings()
    with pytest.raises(psycopg.Error) as refused:
        posted.run(lambda books: write(books, wrong=True))
    assert refused.value.sqlstate == "TN001"
    assert posted.holdings() == before
    with PostgresStore(database) as another:
        assert World(another).holdings() == before
    posted.run(lambda books: write(books, wrong=False))
    assert posted.holdings()[A.number] == {"EUA": before[A.number]["EUA"] + 300}
    assert posted.run(lambda books: books.check()) == []


def test_an_operation_that_gives_up_while_parts_are_under_way_leaves_nothing(posted: World) -> None:
    before = posted.holdings()

    def give_up(books: Books) -> None:
        batch = [posted.transaction(move(SOURCE, A, 1)) for _ in range(200)]
        loaded = books.load(batch)
        posting = post(loaded.positions, batch, numbers=loaded.numbers)
        books.save(list(posting.posted), STAMP)
        raise KeyError("changed its mind")

    with pytest.raises(KeyError):
        posted.run(give_up)
    assert posted.holdings() == before
    assert posted.issue(1).lines
