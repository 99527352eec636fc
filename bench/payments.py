"""Delivery against payment: units one way and money the other in one transaction, and its record.

One trade as its own transaction, asked for by callers of one process whose requests are gathered;
and batches of 10,000 trades, each on its own, or netted into what everybody gives or gets.
"""

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from statistics import median
from time import perf_counter

import factory_town as town
from place import Place
from yardstick import Yardstick

from tonne.ledger import Account, Asset, Movement, Transaction
from tonne.operations import (
    Answer,
    Books,
    Receipt,
    Scheme,
    Trade,
    record_all,
    settle,
    settle_netted,
)
from tonne.quantity import Currency, Price
from tonne.store import Gather, PostgresStore

NAME = "tonne_bench_payments"
OPERATORS = 20_000
TRADERS = 500
SECONDS = 8
TARGET = 0.6
TIMES = 3
EUR = Currency("EUR")
DESK = replace(town.DESK, by="operator")


def measure(place: Place, yardstick: Yardstick) -> None:
    """Trades one by one with 1, 8 and 32 callers; then batches of them, also netted."""
    place.fresh(NAME)
    law = town.scheme()
    with place.open(NAME) as store:
        accounts = town.settle(store, law, operators=OPERATORS)
        for _ in town.give(store, law, accounts, blocks=OPERATORS, name="give"):
            pass
        pay_in(store, law, accounts)
    place.analyze(NAME)
    with place.open(NAME) as store:
        for callers in (1, 8, 32):
            took, tpcb = yardstick.beside(partial(_tasks, store, law, accounts, callers))
            aim = f", aim {TARGET} x" if callers == 8 else ""
            _tell(f"{callers} callers{aim}", took, tpcb.times(len(took) / SECONDS))
        took, tpcb = yardstick.beside(partial(_batches, store, law, accounts))
        rate = town.BATCH / median(took)
        print(f"batches of {town.BATCH:,} trades, each on its own: {rate:,.0f}/s = "
              f"{tpcb.times(rate)}", flush=True)  # fmt: skip
        took, tpcb = yardstick.beside(partial(_netted, store, law, accounts))
        rate = town.BATCH / median(took)
        print(f"batches of {town.BATCH:,} trades of {TRADERS} traders, netted: {rate:,.0f}/s = "
              f"{tpcb.times(rate)}", flush=True)  # fmt: skip
        assert store.run(lambda books: books.check()) == [], "the books are whole"
    place.drop(NAME)


def pay_in(store: PostgresStore, law: Scheme, accounts: Sequence[str]) -> None:
    """Bring money in for everybody who trades."""

    def bring(books: Books) -> None:
        own = {each.kind: each.number for each in books.accounts(scheme=law.name, operated=False)}
        batch = [
            Transaction(
                key=f"bank {account}",
                kind="deposit",
                movements=(
                    Movement(
                        source=Account(own["bank"], is_source=True),
                        target=Account(account),
                        asset=Asset("EUR"),
                        count=100_000_000,
                    ),
                ),
                because=town.LAW,
            )
            for account in accounts
        ]
        record_all(books, law, batch, desk=town.DESK)

    store.run(bring)


def _tell(who: str, took: Iterable[float], ratio: str) -> None:
    took = sorted(took)
    middle, late = took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000
    print(
        f"{who}: {len(took) / SECONDS:,.0f} trades/s = {ratio}, "
        f"median {middle:.1f} ms, 99th percentile {late:.1f} ms",
        flush=True,
    )


def _tasks(store: PostgresStore, law: Scheme, accounts: list[str], callers: int) -> list[float]:
    def till(books: Books) -> str:
        own = books.accounts(scheme=law.name, operated=False)
        return next(each.number for each in own if each.kind == "treasury")

    treasury = store.run(till)

    def work(trades: Sequence[Trade]) -> list[Answer]:
        return store.run(lambda books: settle(books, law, trades, desk=DESK, treasury=treasury))

    store.run(lambda books: books.load((), others=accounts))
    for each in range(20):
        work([_trade(accounts, random.Random(each), f"warm/{callers}/{each}")])
    gather = Gather(work)
    took: list[float] = []

    async def caller(number: int, end: float) -> None:
        chance, done = random.Random(number), 0
        while (started := perf_counter()) < end:
            done += 1
            trade = _trade(accounts, chance, f"tasks/{callers}/{number}/{done}")
            assert isinstance(await gather.ask(trade), Receipt)
            took.append(perf_counter() - started)

    async def storm() -> None:
        end = perf_counter() + SECONDS
        await asyncio.gather(*[caller(number, end) for number in range(callers)])

    asyncio.run(storm())
    return took


def _batches(store: PostgresStore, law: Scheme, accounts: list[str]) -> list[float]:
    took = []
    for each in range(TIMES):
        chance = random.Random(each)
        trades = [_trade(accounts, chance, f"batch/{each}/{place}") for place in range(town.BATCH)]
        started = perf_counter()
        answers = store.run(partial(settle, scheme=law, trades=trades, desk=DESK))
        took.append(perf_counter() - started)
        assert all(isinstance(answer, Receipt) for answer in answers)
    return took


def _netted(store: PostgresStore, law: Scheme, accounts: list[str]) -> list[float]:
    took = []
    for each in range(TIMES):
        chance = random.Random(each)
        few = accounts[:TRADERS]
        trades = [_trade(few, chance, f"net/{each}/{place}") for place in range(town.BATCH)]
        started = perf_counter()
        store.run(partial(settle_netted, scheme=law, trades=trades, key=f"net/{each}", desk=DESK))
        took.append(perf_counter() - started)
    return took


def _trade(accounts: list[str], chance: random.Random, key: str) -> Trade:
    seller, buyer = chance.sample(accounts, 2)
    return Trade(
        key=key,
        seller=seller,
        buyer=buyer,
        unit=town.UNIT,
        count=1,
        price=Price(minor=Decimal(chance.randint(1_900, 2_100)), tick=Decimal(1), currency=EUR),
        seller_country="DE",
        buyer_country="DE",
    )
