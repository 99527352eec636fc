"""What a million blocks in the books cost beside ten thousand: no more than log n."""

import math
import random
from dataclasses import replace
from statistics import median
from time import perf_counter

import factory_town as town
from place import Place
from yardstick import Yardstick

from tonne.operations import Books, Receipt, Scheme, Transfer, transfer
from tonne.store import PostgresStore

NAME = "tonne_bench_growth"
SMALL, LARGE = 10_000, 1_000_000
OPERATORS = 10_000
TRANSFERS = 2_000


def measure(place: Place, _yardstick: Yardstick) -> None:
    """The median time of a single transfer, with few and with many blocks in the books."""
    place.fresh(NAME)
    law = town.scheme()
    with place.open(NAME) as store:
        accounts = town.settle(store, law, operators=OPERATORS)
        list(town.give(store, law, accounts, blocks=SMALL, name="few"))
        place.analyze(NAME)
        small = _median(store, law, accounts, "few")
        list(town.give(store, law, accounts, blocks=LARGE - SMALL, name="many"))
        place.analyze(NAME)
        large = _median(store, law, accounts, "many")
    allowed = math.log(LARGE) / math.log(SMALL)
    print(
        f"one transfer, median: {small * 1000:.2f} ms with {SMALL:,} blocks, "
        f"{large * 1000:.2f} ms with {LARGE:,}: x {large / small:.2f} (log n allows {allowed:.2f})"
    )
    place.drop(NAME)


def _median(store: PostgresStore, law: Scheme, accounts: list[str], name: str) -> float:
    chance, took = random.Random(7), []
    desk = replace(town.DESK, by="operator")
    for each in range(TRANSFERS):
        giver, taker = chance.sample(accounts, 2)
        order = Transfer(
            key=f"{name}/one/{each}", source=giver, target=taker, unit=town.UNIT, count=1
        )

        def operation(books: Books, order: Transfer = order) -> None:
            (answer,) = transfer(books, law, [order], desk=desk)
            assert isinstance(answer, Receipt), answer

        started = perf_counter()
        store.run(operation)
        took.append(perf_counter() - started)
    return median(took)
