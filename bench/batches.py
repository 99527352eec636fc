"""Batches of 10,000 transactions, one commit each, through the same gate as a single one."""

import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from statistics import median
from time import perf_counter

import factory_town as town
from place import Place
from yardstick import Yardstick

from tonne import ledger
from tonne.ledger import Posted, Transaction
from tonne.operations import Books, Scheme, record_all
from tonne.registry import Cap, Role
from tonne.store import PostgresStore

NAME = "tonne_bench_batches"
OPERATORS = 40_000
TIMES = 5


def measure(place: Place, yardstick: Yardstick) -> None:
    """Transfers that split a block each, and issuances that lay a block each."""
    place.fresh(NAME)
    law = town.scheme()
    with place.open(NAME) as store:
        accounts = town.settle(store, law, operators=OPERATORS)
        for _ in town.give(store, law, accounts, blocks=OPERATORS, name="give"):
            pass
        place.analyze(NAME)
        half = len(accounts) // 2
        for callers in (1, 2):
            halves = [accounts[:half], accounts[half:]][:callers]
            _tell(
                f"transfers that split a block, {callers} at once",
                yardstick,
                partial(_together, place, halves),
                aim=4,
            )
        issues = [town.issuances(store, law, name=f"issue{each}") for each in range(TIMES)]
        _tell(
            "issuances of a block",
            yardstick,
            lambda: town.BATCH / median(_times(store, law, issues, "authority")),
            aim=10,
        )
        _where(store, law, town.transfers(accounts, law, name="where", seed=99))
        assert store.run(lambda books: books.check()) == [], "the books are whole"
    place.drop(NAME)


def _tell(what: str, yardstick: Yardstick, work: Callable[[], float], *, aim: int) -> None:
    rate, tpcb = yardstick.beside(work)
    print(f"{what}: {rate:,.0f}/s = {tpcb.times(rate)}, aim {aim} x", flush=True)


def _together(place: Place, parts: list[list[str]]) -> float:
    """Transfers a second of callers who each move the units of their own accounts."""
    answers: Queue[list[float]] = multiprocessing.Queue()
    gate = multiprocessing.Barrier(len(parts))
    workers = [
        multiprocessing.Process(target=_caller, args=(place, part, gate, answers)) for part in parts
    ]
    for worker in workers:
        worker.start()
    took = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    return sum(town.BATCH / median(each) for each in took)


def _caller(
    place: Place, accounts: list[str], gate: Barrier, answers: "Queue[list[float]]"
) -> None:
    law = town.scheme()
    name = f"split/{gate.parties}/{accounts[0]}"
    with place.open(NAME) as store:
        batches = [
            town.transfers(accounts, law, name=f"{name}/{each}", seed=each) for each in range(TIMES)
        ]
        _times(store, law, [town.transfers(accounts, law, name=name, seed=77)], "operator")
        gate.wait()
        answers.put(_times(store, law, batches, "operator"))


def _times(
    store: PostgresStore, law: Scheme, batches: list[list[Transaction]], by: Role
) -> list[float]:
    desk = replace(town.DESK, by=by)
    cap = Cap(units=2**40, issued=0, reference="bench")
    took = []
    for batch in batches:

        def operation(books: Books, batch: list[Transaction] = batch) -> None:
            record_all(books, law, batch, desk=desk, cap=cap)

        started = perf_counter()
        store.run(operation)
        took.append(perf_counter() - started)
    return took


def _where(store: PostgresStore, law: Scheme, batch: list[Transaction]) -> None:
    """Where the time of one batch goes."""
    marks = [("", perf_counter())]

    def steps(books: Books) -> None:
        loaded = books.load(batch)
        marks.append(("load", perf_counter()))
        posting = ledger.post(loaded.positions, batch, numbers=loaded.numbers, holds=loaded.holds)
        posted = [each for each in posting.decisions if isinstance(each, Posted)]
        marks.append(("decide", perf_counter()))
        books.save(posted, law.stamp(town.DAY, town.DESK.at))
        marks.append(("save", perf_counter()))

    store.run(steps)
    marks.append(("commit", perf_counter()))
    parts = [f"{name} {after - before:.2f} s" for (_, before), (name, after) in pairwise(marks)]
    print(f"where the time of a splitting batch goes: {', '.join(parts)}")
