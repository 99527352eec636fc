"""A transfer of a serial block as one operation: checks, key, tiles, journal, one commit each."""

import multiprocessing
import random
from dataclasses import replace
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from time import perf_counter

import factory_town as town
from place import Place

from tonne.operations import Desk, Receipt, Scheme, Transfer, transfer
from tonne.store import PostgresStore

NAME = "tonne_bench_transfers"
OPERATORS = 20_000
SECONDS = 8
TARGET = 0.8


def measure(place: Place, tpcb: float) -> None:
    """Rates and latencies with 1, 8 and 32 callers, each a process with a connection."""
    place.fresh(NAME)
    law = town.scheme()
    with place.open(NAME) as store:
        accounts = town.settle(store, law, operators=OPERATORS)
        for _ in town.give(store, law, accounts, blocks=OPERATORS, name="give"):
            pass
    place.analyze(NAME)
    for callers in (1, 8, 32):
        took = sorted(_storm(place, accounts, callers))
        rate = len(took) / SECONDS
        middle, late = took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000
        aim = f" (aim {TARGET})" if callers == 8 else ""
        print(
            f"{callers:2} callers: {rate:,.0f} transfers/s = {rate / tpcb:.2f} x TPC-B{aim}, "
            f"median {middle:.1f} ms, 99th percentile {late:.1f} ms",
            flush=True,
        )
    with place.open(NAME) as store:
        assert store.run(lambda books: books.check()) == [], "the books are whole"
    place.drop(NAME)


def _storm(place: Place, accounts: list[str], callers: int) -> list[float]:
    answers: Queue[list[float]] = multiprocessing.Queue()
    gate = multiprocessing.Barrier(callers)
    workers = [
        multiprocessing.Process(target=_caller, args=(place, accounts, each, gate, answers))
        for each in range(callers)
    ]
    for worker in workers:
        worker.start()
    took = [each for _ in workers for each in answers.get()]
    for worker in workers:
        worker.join()
    return took


def _caller(
    place: Place,
    accounts: list[str],
    number: int,
    gate: Barrier,
    answers: "Queue[list[float]]",
) -> None:
    law, chance = town.scheme(), random.Random(number)
    desk = replace(town.DESK, by="operator")
    took: list[float] = []
    with place.open(NAME) as store:
        # As after a while of service: accounts are known by name, statements are prepared.
        store.run(lambda books: books.load((), others=accounts))
        for each in range(20):
            _one(store, law, accounts, chance, f"warm/{gate.parties}/{number}/{each}", desk)
        gate.wait()
        end = perf_counter() + SECONDS
        while (started := perf_counter()) < end:
            key = f"{gate.parties}/{number}/{len(took)}"
            _one(store, law, accounts, chance, key, desk)
            took.append(perf_counter() - started)
    answers.put(took)


def _one(
    store: PostgresStore,
    law: Scheme,
    accounts: list[str],
    chance: random.Random,
    key: str,
    desk: Desk,
) -> None:
    giver, taker = chance.sample(accounts, 2)
    order = Transfer(key=key, source=giver, target=taker, unit=town.UNIT, count=1)
    (answer,) = store.run(lambda books: transfer(books, law, [order], desk=desk))
    assert isinstance(answer, Receipt), answer
