"""``check`` finds whatever in the books does not follow from the movements."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from changed import replace
from tonne.ledger import Difference, Lot, unissued
from tonne.store import MemoryStore, PostgresStore
from tonne.store.adding import Cache
from tonne.store.direct import Direct
from tonne.store.kept import Memory
from tonne.store.postgres import PostgresBooks
from world import ERU, EUR, SINK, SOURCE, A, B, C, NewDatabase, World, move

Owner = psycopg.Connection[tuple[Any, ...]]

HOLDING = "a holding is what came in less what went out"
BLOCKS = "the blocks of an account are what came in less what went out"
BELOW = "only a source holds less than nothing"
LINE = "each block begins where another ends"
END = "the blocks of a series reach the end of the line"
BROUGHT = "a block is where a movement brought it"
TAKEN = "a movement takes what a movement brought"
KEPT = "what a transaction brought is there or has gone on"
ONCE = "what a transaction brought goes on once"
ISSUED = "what is issued is held"
STATUS = "the status of an account is the last it was given"
LAWFUL = "nothing moves without law"
PROMISED = "what is promised is held"
OPEN = "an open hold has not ended"
USED = "a hold is used once, by the entry that names it"


def lived_in(world: World) -> None:
    """A little of everything: A has EU-1-3 and 7-10, B 5-6, C 4 and as ERU 11-15."""
    world.issue(20)
    world.do(move(A, B, numbers=(4, 6)))
    world.do(move(A, SOURCE, numbers=(11, 15)), move(SOURCE, C, asset=ERU, numbers=(11, 15)))
    world.do(move(A, SINK, numbers=(16, 20)), kind="surrender")
    world.do(move(SOURCE, A, 500, asset=EUR))
    world.do(move(A, B, 200, asset=EUR))
    world.hold(A, 6)
    world.hold(B, 1, key="used")
    world.post(world.transaction(move(B, C, 1), hold="used"))
    for status in ("suspended", "open", "restricted"):
        world.change_status(B, status)


@pytest.fixture(scope="module")
def lived(new_database: NewDatabase) -> Iterator[Owner]:
    """Books in PostgreSQL that somebody has lived in, and their owner's connection."""
    with new_database() as address:
        with PostgresStore(address) as store:
            lived_in(World.found(store))
        with psycopg.connect(address, autocommit=True) as owner:
            owner.execute("set session_replication_role = replica")
            yield owner


@pytest.fixture
def forger(lived: Owner) -> Iterator[Owner]:
    """The owner, whom no trigger and no foreign key stops; what is forged is undone."""
    with lived.transaction(force_rollback=True):
        yield lived


def check(owner: Owner) -> list[Difference]:
    """What the check finds in what the owner sees."""
    return PostgresBooks(owner, Cache(), Direct(owner)).check()


def test_nothing_differs_where_nobody_forged(world: World) -> None:
    assert world.run(lambda books: books.check()) == []
    lived_in(world)
    assert world.run(lambda books: books.check()) == []


def test_a_difference_is_said_in_a_sentence() -> None:
    difference = Difference(what=LINE, where="EU-5-9", expected="first 4", found="first 5")
    assert str(difference) == f"{LINE}: EU-5-9: expected first 4, found first 5"


# Account ids: 1 source, 3 A, 4 B, 5 C, 6 sink; assets: 1 EUA, 2 ERU, 3 EUR.
@pytest.mark.parametrize(
    ("forgery", "found"),
    [
        ("update holding set count = count + 1 where account = 3", {HOLDING, ISSUED}),
        ("delete from holding where account = 4", {HOLDING, ISSUED}),
        (
            """alter table holding drop constraint holding_check;
               update holding set count = -300 where account = 3""",
            {HOLDING, BELOW, ISSUED},
        ),
        (
            """update holding set count = 300 where account = 4;
               update holding set count = 200 where account = 3""",
            {HOLDING},
        ),
        ("delete from block_end where last = 4", {BLOCKS, KEPT, ONCE}),
        ("delete from block_end where last > 99", {BLOCKS, END}),
        ("update block_end set last = 5 where last = 6", {BLOCKS, KEPT, ONCE}),
        ("update block_end set last = 7 where last = 6", {BLOCKS, BROUGHT, KEPT}),
        ("update block_end set floor = 0 where last = 3", {LINE}),
        ("update block_end set floor = 6 where last = 6", {LINE}),
        ("update block_end set floor = 11 where last = 10", {LINE, PROMISED}),
        ("update block_end set account = 4 where last = 10", {BLOCKS, BROUGHT, KEPT, PROMISED}),
        (
            "update block_end set asset = 2 where last = 10",
            {BLOCKS, BROUGHT, KEPT, ISSUED, PROMISED},
        ),
        ("update block_end set since = since + 1 where last = 10", {BROUGHT, KEPT}),
        ("update block_end set since = 0 where last = 10", {BROUGHT, KEPT}),
        (
            """update block_end set account = 4 where last = 3;
               update block_end set account = 3 where last = 6""",
            {BLOCKS, BROUGHT, KEPT},
        ),
        (
            """update block_end set since = (select since from block_end where last = 3),
                account = 3 where last = 20;
               update block_end set since = (select transaction from movement where first = 16
                and target = 6), account = 6 where last = 10""",
            {BLOCKS, BROUGHT, KEPT, ONCE},
        ),
        ("update movement set count = 199 where asset = 3 and source = 3", {HOLDING}),
        ("delete from movement where asset = 3 and source = 3", {HOLDING}),
        ("delete from movement where first = 16", {BLOCKS, BROUGHT, KEPT}),
        ("update movement set source = 5 where first = 16", {BLOCKS, TAKEN, KEPT}),
        ("update movement set prior = 0 where first = 16", {TAKEN, KEPT}),
        (
            """insert into movement select transaction, 9, source, 5, asset, count, series, first,
                last, prior from movement where first = 16""",
            {BLOCKS, KEPT, ONCE},
        ),
        ("update account set status = 'open' where id = 4", {STATUS}),
        ("update account set status = 'closed' where id = 3", {STATUS}),
        ("delete from account_change where status = 'restricted'", {STATUS}),
        ("delete from journal where kind = 'surrender'", {LAWFUL}),
        ("update journal set rulebook = 77 where kind = 'surrender'", {LAWFUL}),
        (
            """alter table journal drop constraint journal_because_check;
               update journal set because = '{}' where kind = 'surrender'""",
            {LAWFUL},
        ),
        ("update hold set count = 8 where key = 'hold'", {PROMISED, OPEN}),
        ("delete from hold_end", {USED, OPEN}),
        ("update hold_end set journal = 1", {USED}),
        ("delete from open_hold", {OPEN}),
        ("update open_hold set count = count + 1", {OPEN}),
    ],
)
def test_a_forgery_in_the_database_is_found(forger: Owner, forgery: str, found: set[str]) -> None:
    for statement in forgery.split(";"):
        assert forger.execute(statement.encode()).rowcount != 0, "something was forged"
    differences = check(forger)
    assert {each.what for each in differences} == found
    assert all(each.where and each.expected != each.found for each in differences)


def test_the_check_names_the_place_and_both_counts(forger: Owner) -> None:
    forger.execute("update holding set count = count + 1 where account = 3")
    forger.execute("update block_end set floor = 6 where last = 6")
    found = {each.what: each for each in check(forger)}
    assert found[HOLDING] == Difference(what=HOLDING, where="XX-2 EUR", expected="300", found="301")
    assert found[LINE] == Difference(
        what=LINE, where="EU-6-6", expected="an end at 5", found="none"
    )


# In memory the same is found, though by other code.


def lot_of(memory: Memory, number: str, first: int, asset: str = "EUA") -> Lot:
    """The lot of an account that begins with a number, taken out."""
    lots = memory.lots[number, asset]
    (last,) = (last for last, lot in lots.items() if lot.first == first)
    return lots.pop(last)


def lay(memory: Memory, number: str, lot: Lot, asset: str = "EUA") -> None:
    """Put a lot somewhere."""
    memory.lots.setdefault((number, asset), {})[lot.last] = lot


def one_more(memory: Memory) -> None:
    memory.counts[A.number, "EUR"] += 1


def below_nothing(memory: Memory) -> None:
    memory.counts[A.number, "EUR"] = -1


def lose_a_block(memory: Memory) -> None:
    lot_of(memory, A.number, 7)


def lose_the_end(memory: Memory) -> None:
    lot_of(memory, SOURCE.number, 21, unissued("EU"))


def move_a_block(memory: Memory) -> None:
    lay(memory, C.number, lot_of(memory, A.number, 7))


def stretch_a_block(memory: Memory) -> None:
    lay(memory, A.number, lot_of(memory, A.number, 7)._replace(first=6))


def change_the_origin(memory: Memory) -> None:
    lay(memory, A.number, lot_of(memory, A.number, 7)._replace(since=0))


def lose_a_step(memory: Memory) -> None:
    (number,) = memory.kinds["surrender"]
    del memory.steps[number]


def take_twice(memory: Memory) -> None:
    (number,) = memory.kinds["surrender"]
    (step,) = memory.steps[number]
    memory.steps[number] = (step, step._replace(target=C.number))


def give_a_status(memory: Memory) -> None:
    opened = memory.accounts[A.number]
    closed = replace(opened.account, status="closed")
    memory.accounts[A.number] = opened._replace(account=closed)


def forget_the_law(memory: Memory) -> None:
    (number,) = memory.kinds["surrender"]
    entry = memory.entries[number]
    memory.entries[number] = entry._replace(because=())


def promise_more(memory: Memory) -> None:
    memory.promised[A.number, "EUA"]["hold"] = 8


def forget_the_end(memory: Memory) -> None:
    del memory.ended["used"]


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        (one_more, {HOLDING}),
        (below_nothing, {HOLDING, BELOW}),
        (lose_a_block, {HOLDING, LINE, KEPT, PROMISED}),
        (lose_the_end, {HOLDING, END}),
        (move_a_block, {HOLDING, BROUGHT, KEPT, PROMISED}),
        (stretch_a_block, {HOLDING, LINE, KEPT}),
        (change_the_origin, {BROUGHT, KEPT}),
        (lose_a_step, {HOLDING, BROUGHT, KEPT}),
        (take_twice, {HOLDING, KEPT}),
        (give_a_status, {STATUS}),
        (forget_the_law, {LAWFUL}),
        (promise_more, {PROMISED}),
        (forget_the_end, {USED}),
    ],
)
def test_a_forgery_in_memory_is_found(forge: Callable[[Memory], None], found: set[str]) -> None:
    store = MemoryStore()
    world = World.found(store)
    lived_in(world)
    forge(store.memory)
    assert {each.what for each in world.run(lambda books: books.check())} == found


def test_the_books_know_whose_accounts_they_keep(world: World) -> None:
    assert world.run(lambda books: books.schemes()) == ["example"]


def test_the_totals_of_a_lived_in_world_agree(world: World) -> None:
    lived_in(world)
    totals = {each.asset: each for each in world.run(lambda books: books.totals("example"))}
    assert {code: each.issued for code, each in totals.items()} == {
        "EUA": 15, "ERU": 5, "EUR": 500,
    }  # fmt: skip
    assert totals["EUA"].held == {"operator": 10, "surrendered": 5}
    assert all(each.issued == sum(each.held.values()) for each in totals.values())
    assert world.run(lambda books: books.totals("another")) == []
