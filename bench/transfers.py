"""A transfer of a serial block as one operation: checks, key, tiles, journal, decided on its own.

Callers come in two ways: as tasks of one process, as to a server, who share its connection and
whose requests are gathered; and as processes with a connection each.
"""

import asyncio
import multiprocessing
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from time import perf_counter

import factory_town as town
from place import Place
from yardstick import Yardstick

from tonne.operations import Answer, Receipt, Scheme, Transfer, transfer
from tonne.store import Gather, PostgresStore

NAME = "tonne_bench_transfers"
OPERATORS = 20_000
SECONDS = 8
TARGET = 0.8
DESK = replace(town.DESK, by="operator")


def measure(place: Place, yardstick: Yardstick) -> None:
    """Rates and latencies with 1, 8 and 32 callers."""
    place.fresh(NAME)
    law = town.scheme()
    with place.open(NAME) as store:
        accounts = town.settle(store, law, operators=OPERATORS)
        for _ in town.give(store, law, accounts, blocks=OPERATORS, name="give"):
            pass
    place.analyze(NAME)
    for callers in (1, 8, 32):
        took, tpcb = yardstick.beside(partial(_tasks, place, law, accounts, callers))
        aim = f", aim {TARGET} x" if callers == 8 else ""
        _tell(f"{callers} callers of one process{aim}", took, tpcb.times(len(took) / SECONDS))
    took, tpcb = yardstick.beside(lambda: _processes(place, accounts, 8))
    _tell("8 processes", took, tpcb.times(len(took) / SECONDS))
    with place.open(NAME) as store:
        assert store.run(lambda books: books.check()) == [], "the books are whole"
    place.drop(NAME)


def _tell(who: str, took: Iterable[float], ratio: str) -> None:
    took = sorted(took)
    middle, late = took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000
    print(
        f"{who}: {len(took) / SECONDS:,.0f} transfers/s = {ratio}, "
        f"median {middle:.1f} ms, 99th percentile {late:.1f} ms",
        flush=True,
    )


def _tasks(place: Place, law: Scheme, accounts: list[str], callers: int) -> list[float]:
    with place.open(NAME) as store:
        _warm(store, law, accounts, f"tasks/{callers}")

        def work(orders: Sequence[Transfer]) -> list[Answer]:
            return store.run(lambda books: transfer(books, law, orders, desk=DESK))

        gather = Gather(work)
        took: list[float] = []

        async def caller(number: int, end: float) -> None:
            chance, done = random.Random(number), 0
            while (started := perf_counter()) < end:
                done += 1
                order = _order(accounts, chance, f"tasks/{callers}/{number}/{done}")
                assert isinstance(await gather.ask(order), Receipt)
                took.append(perf_counter() - started)

        async def storm() -> None:
            end = perf_counter() + SECONDS
            await asyncio.gather(*[caller(number, end) for number in range(callers)])

        asyncio.run(storm())
    return took


def _processes(place: Place, accounts: list[str], callers: int) -> list[float]:
    answers: Queue[list[float]] = multiprocessing.Queue()
    gate = multiprocessing.Barrier(callers)
    workers = [
        multiprocessing.Process(target=_process, args=(place, accounts, each, gate, answers))
        for each in range(callers)
    ]
    for worker in workers:
        worker.start()
    took = [each for _ in workers for each in answers.get()]
    for worker in workers:
        worker.join()
    return took


def _process(
    place: Place,
    accounts: list[str],
    number: int,
    gate: Barrier,
    answers: "Queue[list[float]]",
) -> None:
    law, chance = town.scheme(), random.Random(number)
    took: list[float] = []
    with place.open(NAME) as store:
        _warm(store, law, accounts, f"process/{number}")
        gate.wait()
        end = perf_counter() + SECONDS
        while (started := perf_counter()) < end:
            _one(store, law, _order(accounts, chance, f"process/{number}/{len(took)}"))
            took.append(perf_counter() - started)
    answers.put(took)


def _warm(store: PostgresStore, law: Scheme, accounts: list[str], name: str) -> None:
    """As after a while of service: accounts are known by name, statements are prepared."""
    store.run(lambda books: books.load((), others=accounts))
    for each in range(20):
        _one(store, law, _order(accounts, random.Random(each), f"warm/{name}/{each}"))


def _order(accounts: list[str], chance: random.Random, key: str) -> Transfer:
    giver, taker = chance.sample(accounts, 2)
    return Transfer(key=key, source=giver, target=taker, unit=town.UNIT, count=1)


def _one(store: PostgresStore, law: Scheme, order: Transfer) -> None:
    (answer,) = store.run(lambda books: transfer(books, law, [order], desk=DESK))
    assert isinstance(answer, Receipt), answer
