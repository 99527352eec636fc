"""A world to measure in: operators with blocks of units, on the embedded server."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime

from tonne.ledger import Account, Asset, Movement, Transaction
from tonne.operations import (
    Books,
    Desk,
    Opening,
    Scheme,
    found,
    issue,
    load_scheme,
    open_accounts,
    record_all,
    scheme_folder,
)
from tonne.store import PostgresStore

DAY = date(2006, 3, 1)
DESK = Desk(by="authority", day=DAY, at=datetime(2006, 3, 1, 12, tzinfo=UTC))
UNIT = "EUA-1"
BATCH = 10_000
LOT = 1_000
LAW = ("bench",)


def scheme() -> Scheme:
    """The law that the transfers are checked against."""
    return load_scheme(scheme_folder("eu_ets"))


def settle(store: PostgresStore, law: Scheme, *, operators: int) -> list[str]:
    """Open accounts for so many operators, and issue a year's units; the operators' accounts."""
    store.run(lambda books: found(books, law, desk=DESK))
    openings = [
        Opening(
            kind="operator",
            name=f"Installation {place}",
            registry="EU",
            operator=f"EU-{place}",
            identifier=place,
        )
        for place in range(1, operators + 1)
    ]
    opened = store.run(lambda books: open_accounts(books, law, openings, key="open", desk=DESK))
    store.run(
        lambda books: issue(
            books, law, year=2006, unit=UNIT, count=2_000_000_000, key="issue", desk=DESK
        )
    )
    return [each.number for each in opened]


def give(
    store: PostgresStore, law: Scheme, accounts: list[str], *, blocks: int, name: str
) -> Iterator[int]:
    """Give so many blocks away, spread over the accounts, a batch at a time."""
    numbers = store.run(lambda books: _own(books, law))
    source, asset = Account(numbers["authority"]), law.on(DAY).units[UNIT].asset
    for start in range(0, blocks, BATCH):
        batch = [
            _step(
                f"{name}/{place}", "allocate", source, accounts[place % len(accounts)], asset, LOT
            )
            for place in range(start, min(start + BATCH, blocks))
        ]

        def operation(books: Books, batch: list[Transaction] = batch) -> None:
            record_all(books, law, batch, desk=DESK)

        store.run(operation)
        yield len(batch)


def transfers(accounts: list[str], law: Scheme, *, name: str, seed: int) -> list[Transaction]:
    """A batch in which each of 10,000 different holders gives one unit of a block to another."""
    asset = law.on(DAY).units[UNIT].asset
    givers = random.Random(seed).sample(accounts, BATCH)
    takers = givers[1:] + givers[:1]
    return [
        _step(f"{name}/{place}", "transfer", Account(giver), taker, asset, 1)
        for place, (giver, taker) in enumerate(zip(givers, takers, strict=True))
    ]


def issuances(store: PostgresStore, law: Scheme, *, name: str) -> list[Transaction]:
    """A batch of 10,000 issuances, each of a block of its own."""
    numbers = store.run(lambda books: _own(books, law))
    source = Account(numbers["issuance"], is_source=True)
    asset = law.on(DAY).units[UNIT].asset
    return [
        _step(f"{name}/{place}", "issue", source, numbers["authority"], asset, LOT)
        for place in range(BATCH)
    ]


def _step(
    key: str, kind: str, source: Account, target: str, asset: Asset, count: int
) -> Transaction:
    return Transaction(
        key=key,
        kind=kind,
        movements=(Movement(source=source, target=Account(target), asset=asset, count=count),),
        because=LAW,
    )


def _own(books: Books, law: Scheme) -> dict[str, str]:
    return {each.kind: each.number for each in books.accounts(scheme=law.name, operated=False)}
