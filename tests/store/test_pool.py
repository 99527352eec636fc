"""The books through several connections: nobody waits for ever, and what broke is replaced."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import cast

import psycopg
import pytest

from tonne.ledger import ExceedsHolding
from tonne.operations import Books
from tonne.refusal import Refused
from tonne.store import Pool, PostgresStore
from world import A, B, Store, World, move


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    """Three connections to the small world."""
    with PostgresStore(database) as store:
        World.found(store).issue(100)
    with Pool(lambda: PostgresStore(database), size=3, wait_seconds=0.5) as made:
        yield made


def held(books: Books) -> int:
    """What A holds."""
    return books.holdings(A.number).get("EUA", 0)


def test_many_at_once_move_units_and_none_is_lost(pool: Pool) -> None:
    world = World(cast("Store", pool), name="many")  # A pool is a store too.

    def one(_: int) -> None:
        world.post(world.transaction(move(A, B, 1)))

    patient = Pool(pool._make, size=3, wait_seconds=60)
    world.store = cast("Store", patient)
    with patient, ThreadPoolExecutor(20) as many:
        list(many.map(one, range(60)))
    assert pool.run(held, keep=False) == 40


def test_who_finds_no_place_in_time_is_told(pool: Pool) -> None:
    go, inside = threading.Event(), threading.Barrier(4)

    def long(_: Books) -> None:
        inside.wait(20)
        go.wait(20)

    with ThreadPoolExecutor(3) as busy:
        working = [busy.submit(lambda: pool.run(long, keep=False)) for _ in range(3)]
        inside.wait(20)
        began = monotonic()
        with pytest.raises(TimeoutError):
            pool.run(held, keep=False)
        assert monotonic() - began < 10
        go.set()
        for each in working:
            each.result()
    assert pool.run(held, keep=False) == 100, "the places are free again"


def test_a_connection_that_broke_is_replaced_and_a_question_asked_again(
    pool: Pool, owner: psycopg.Connection
) -> None:
    pool.run(held, keep=False)
    cut_off(owner)
    assert pool.run(held, keep=False) == 100


def test_of_what_was_to_be_kept_the_caller_is_told_and_asks_again(
    pool: Pool, owner: psycopg.Connection
) -> None:
    world = World(cast("Store", pool), name="kept")
    pool.run(held, keep=False)
    cut_off(owner)
    order = world.transaction(move(A, B, 1), key="once")
    with pytest.raises(ConnectionError):
        world.post(order)
    world.post(order)
    assert pool.run(held, keep=False) == 99


def cut_off(owner: psycopg.Connection) -> None:
    """End every connection of others to the database, and wait until they are gone."""
    others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    owner.execute(f"select pg_terminate_backend(pid) {others}".encode())
    for _ in range(200):
        row = owner.execute(f"select count(*) {others}".encode()).fetchone()
        if row == (0,):
            return
        sleep(0.05)


def test_a_server_that_is_not_there_is_no_fault_of_the_caller() -> None:
    with Pool(lambda: PostgresStore("host=127.0.0.1 port=1 dbname=x")) as nowhere:
        with pytest.raises(ConnectionError):
            nowhere.run(held, keep=False)
        with pytest.raises(ConnectionError):
            nowhere.run(held)


def test_a_refusal_keeps_the_connection(pool: Pool, owner: psycopg.Connection) -> None:
    def no(_: Books) -> None:
        raise Refused(
            [ExceedsHolding(reference="s. 1", account="XX-2", asset="EUA", asked=2, free=1, held=0)]
        )

    pool.run(held, keep=False)
    before = connections(owner)
    with pytest.raises(Refused):
        pool.run(no)
    assert pool.run(held, keep=False) == 100
    assert connections(owner) == before


def connections(owner: psycopg.Connection) -> list[int]:
    """Which processes serve the others."""
    others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    return sorted(pid for (pid,) in owner.execute(f"select pid {others}".encode()))


def test_a_closed_pool_gives_nobody_a_connection(pool: Pool) -> None:
    pool.run(held, keep=False)
    pool.close()
    with pytest.raises(ConnectionError):
        pool.run(held, keep=False)
