"""Batches of 10,000 transactions, one commit each, through the same gate as a single one."""

from dataclasses import replace
from itertools import pairwise
from statistics import median
from time import perf_counter

import factory_town as town
from place import Place

from tonne import ledger
from tonne.ledger import Posted, Transaction
from tonne.operations import Books, Scheme, record_all
from tonne.registry import Cap, Role
from tonne.store import PostgresStore

NAME = "tonne_bench_batches"
OPERATORS = 20_000
TIMES = 5


def measure(place: Place, tpcb: float) -> None:
    """Transfers that split a block each, and issuances that lay a block each."""
    place.fresh(NAME)
    law = town.scheme()
    with place.open(NAME) as store:
        accounts = town.settle(store, law, operators=OPERATORS)
        for _ in town.give(store, law, accounts, blocks=OPERATORS, name="give"):
            pass
        place.analyze(NAME)
        splits = [
            town.transfers(accounts, law, name=f"split{each}", seed=each) for each in range(TIMES)
        ]
        _tell("transfers that split a block", _times(store, law, splits, "operator"), tpcb, 4)
        issues = [town.issuances(store, law, name=f"issue{each}") for each in range(TIMES)]
        _tell("issuances of a block", _times(store, law, issues, "authority"), tpcb, 10)
        _where(store, law, town.transfers(accounts, law, name="where", seed=99))
        assert store.run(lambda books: books.check()) == [], "the books are whole"
    place.drop(NAME)


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


def _tell(what: str, took: list[float], tpcb: float, aim: int) -> None:
    rates = sorted(town.BATCH / each for each in took)
    print(
        f"{what}: median {median(rates):,.0f}/s = {median(rates) / tpcb:.1f} x TPC-B (aim {aim}), "
        f"{rates[0]:,.0f} to {rates[-1]:,.0f}",
        flush=True,
    )


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
