"""The twin in memory and PostgreSQL live the same life: whatever happens, they say the same."""

import random
from collections.abc import Iterator

import pytest

from tonne.ledger import Account, Asset, Decision, Hold, Movement, Posted, Transaction, post
from tonne.operations import Books
from tonne.store import MemoryStore, PostgresStore
from world import ERU, EUA, EUR, LAW, SINK, SOURCE, STAMP, A, B, C, World, move

HOLDERS = (A, B, C, SINK)


@pytest.fixture
def worlds(database: str) -> Iterator[tuple[World, World]]:
    """The small world twice."""
    with PostgresStore(database) as postgres:
        yield World.found(MemoryStore()), World.found(postgres)


@pytest.mark.parametrize("seed", range(4))
def test_both_stores_decide_and_keep_the_same(worlds: tuple[World, World], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  a game
    holds: list[Hold] = []
    begin = [
        worlds[0].transaction(move(SOURCE, account, 60, asset=asset))
        for account in HOLDERS
        for asset in (EUA, EUR)
    ]
    assert post_plainly(worlds[0], begin) == post_plainly(worlds[1], begin)
    for _ in range(25):
        batch = [sketch(chance, holds) for _ in range(chance.randint(1, 12))]
        first, second = (post_plainly(world, batch) for world in worlds)
        assert first == second
        if chance.random() < 0.3:
            promise(chance, worlds, holds)
    memories, rows = (told(world) for world in worlds)
    assert memories == rows
    assert [world.run(lambda books: books.check()) for world in worlds] == [[], []]


def post_plainly(world: World, batch: list[Transaction]) -> list[object]:
    """Post a batch; numbers may differ between the twins, so they are left out."""

    def operation(books: Books) -> list[Decision]:
        loaded = books.load(batch)
        posting = post(loaded.positions, batch, numbers=loaded.numbers, holds=loaded.holds)
        books.save(list(posting.posted), STAMP)
        return list(posting.decisions)

    return [
        [(*line[:7], line.wave) for line in each.lines] if isinstance(each, Posted) else each
        for each in world.run(operation)
    ]


def told(world: World) -> tuple[object, ...]:
    """What the books tell of everything, numbers of transactions left out."""

    def operation(books: Books) -> tuple[object, ...]:
        lots = {
            code: {
                account: [(str(lot.block), kind) for lot, kind in found]
                for account, found in books.lots([each.number for each in HOLDERS], code).items()
            }
            for code in ("EUA", "ERU")
        }
        steps = [(*step[1:12],) for step in books.steps()]
        holders = [books.holder("EU", number) for number in range(1, 200, 3)]
        return (
            books.balances("example"),
            lots,
            steps,
            [None if each is None else (*each[:2], str(each[2].block)) for each in holders],
            books.totals("example"),
        )

    return world.run(operation)


def promise(chance: random.Random, worlds: tuple[World, World], holds: list[Hold]) -> None:
    """Promise something that is free, if anything is."""
    account, asset = chance.choice(HOLDERS), chance.choice((EUA, EUR))
    probe = worlds[0].transaction(move(account, SOURCE, 1, asset=asset))
    loaded = worlds[0].run(lambda books: books.load([probe]))
    position = loaded.positions[account.number, asset.code]
    free = min(position.count - position.held, 20)
    if free > 0:
        count = chance.randint(1, free)
        hold = Hold(key=f"h{len(holds)}", account=account, asset=asset, count=count)
        holds.append(hold)
        for world in worlds:
            world.promise(hold)


def sketch(chance: random.Random, holds: list[Hold]) -> Transaction:
    """Some transaction, sensible or not."""
    movements = [_movement(chance) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    hold = chance.choice(holds) if holds and chance.random() < 0.2 else None
    if hold is not None:
        target = chance.choice([each for each in HOLDERS if each != hold.account])
        movements = [move(hold.account, target, hold.count, asset=hold.asset)]
    return Transaction(
        key=f"{chance.random()}",
        kind="transfer",
        movements=tuple(movements),
        because=LAW,
        hold=None if hold is None else hold.key,
    )


def _movement(chance: random.Random) -> Movement:
    asset: Asset = chance.choice((EUA, EUA, EUA, EUR, ERU))
    source: Account = chance.choice((SOURCE, *HOLDERS * 2))
    targets = [each for each in (SOURCE, *HOLDERS * 3) if each != source]
    target: Account = chance.choice(targets)
    if asset.series is not None and chance.random() < 0.2:
        first = chance.randint(1, 300)
        return move(source, target, asset=asset, numbers=(first, first + chance.randint(0, 9)))
    count = chance.randint(1, 12) if chance.random() < 0.6 else chance.randint(40, 80)
    return move(source, target, count, asset=asset)
