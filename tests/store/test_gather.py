"""Callers who come at once are served together, and each gets its own answer."""

import asyncio
import threading
from collections.abc import Callable, Sequence

import pytest

from tonne.ledger import Posted, Transaction
from tonne.operations import Books
from tonne.store import Gather, PostgresStore
from world import A, B, World, move


class Clerk:
    """A worker who notes what was brought together, and can be made to wait."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = threading.Event()
        self.go.set()

    def __call__(self, requests: Sequence[int]) -> list[int]:
        """Ten times each; thirteen is bad luck for all who are with it."""
        self.go.wait(10)
        self.batches.append(list(requests))
        if 13 in requests:
            raise ValueError(13)
        return [10 * each for each in requests]


def test_one_who_comes_alone_is_served_at_once() -> None:
    clerk = Clerk()
    gather = Gather([clerk])
    assert asyncio.run(gather.ask(4)) == 40
    assert clerk.batches == [[4]]
    gather.close()


def test_those_who_come_while_the_worker_is_busy_are_served_together_next() -> None:
    clerk = Clerk()
    gather = Gather([clerk])

    async def day() -> list[int]:
        clerk.go.clear()
        first = asyncio.create_task(gather.ask(1))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(gather.ask(number)) for number in range(2, 8)]
        await asyncio.sleep(0.05)
        clerk.go.set()
        return list(await asyncio.gather(first, *others))

    assert asyncio.run(day()) == [10, 20, 30, 40, 50, 60, 70]
    assert clerk.batches == [[1], [2, 3, 4, 5, 6, 7]]
    gather.close()


def test_two_workers_share_alike() -> None:
    clerk = Clerk()
    gather = Gather([clerk, clerk])

    async def day() -> list[int]:
        clerk.go.clear()
        first = [asyncio.create_task(gather.ask(number)) for number in (1, 2)]
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(gather.ask(number)) for number in range(3, 9)]
        await asyncio.sleep(0.05)
        clerk.go.set()
        return list(await asyncio.gather(*first, *others))

    assert asyncio.run(day()) == [10, 20, 30, 40, 50, 60, 70, 80]
    assert max(len(each) for each in clerk.batches) < 6, "nobody takes all that wait"
    gather.close()


def test_no_batch_is_larger_than_it_may_be() -> None:
    clerk = Clerk()
    gather = Gather([clerk], batch_max=3)

    async def day() -> list[int]:
        return list(await asyncio.gather(*[gather.ask(number) for number in range(8)]))

    assert asyncio.run(day()) == [10 * number for number in range(8)]
    assert [len(each) for each in clerk.batches] == [3, 3, 2]
    gather.close()


def test_an_error_reaches_the_one_whose_request_it_was_and_nobody_else() -> None:
    clerk = Clerk()
    gather = Gather([clerk])

    async def day() -> list[object]:
        requests = [gather.ask(number) for number in (12, 13, 14)]
        return list(await asyncio.gather(*requests, return_exceptions=True))

    first, unlucky, last = asyncio.run(day())
    assert (first, last) == (120, 140)
    assert isinstance(unlucky, ValueError)
    gather.close()


def test_a_caller_who_stops_waiting_keeps_nobody_from_an_answer() -> None:
    clerk = Clerk()
    gather = Gather([clerk])

    async def day() -> int:
        clerk.go.clear()
        gone = asyncio.create_task(gather.ask(1))
        stays = asyncio.create_task(gather.ask(2))
        await asyncio.sleep(0.05)
        gone.cancel()
        await asyncio.sleep(0)
        clerk.go.set()
        return await stays

    assert asyncio.run(day()) == 20
    gather.close()


@pytest.mark.parametrize("workers", [1, 3])
def test_what_was_answered_stands_in_the_books_and_only_that(database: str, workers: int) -> None:
    """Sixty callers give one unit each of an account that has forty."""
    stores = [PostgresStore(database) for _ in range(workers)]
    world = World.found(stores[0])
    world.issue(40)

    def worker(store: PostgresStore) -> Callable[[Sequence[Transaction]], list[bool]]:
        def post(requests: Sequence[Transaction]) -> list[bool]:
            caller = World(store, name="gathered")
            return [isinstance(each, Posted) for each in caller.post(*requests)]

        return post

    gather = Gather([worker(store) for store in stores])
    transactions = [world.transaction(move(A, B, 1)) for _ in range(60)]

    async def storm() -> list[bool]:
        return list(await asyncio.gather(*[gather.ask(each) for each in transactions]))

    answers = asyncio.run(storm())
    assert answers.count(True) == 40
    assert world.holdings()[B.number] == {"EUA": 40}

    def known(books: Books) -> list[bool]:
        return [books.known(each.key) is not None for each in transactions]

    assert world.run(known) == answers
    assert world.run(lambda books: books.check()) == []
    gather.close()
    for store in stores:
        store.close()
