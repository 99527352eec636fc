"""Callers who come at once are served together, and each gets its own answer."""

import asyncio
from collections.abc import Sequence

from tonne.ledger import Posted, Transaction
from tonne.operations import Books
from tonne.store import Gather, PostgresStore
from world import A, B, World, move


class Clerk:
    """A worker who notes what was brought together."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def __call__(self, requests: Sequence[int]) -> list[int]:
        """Ten times each; thirteen is bad luck for all who are with it."""
        self.batches.append(list(requests))
        if 13 in requests:
            raise ValueError(13)
        return [10 * each for each in requests]


def test_one_who_comes_alone_is_served_at_once() -> None:
    clerk = Clerk()
    gather = Gather(clerk)
    assert asyncio.run(gather.ask(4)) == 40
    assert clerk.batches == [[4]]


def test_those_who_come_at_one_time_are_served_together() -> None:
    clerk = Clerk()
    gather = Gather(clerk)

    async def day() -> list[int]:
        return list(await asyncio.gather(*[gather.ask(number) for number in range(1, 8)]))

    assert asyncio.run(day()) == [10, 20, 30, 40, 50, 60, 70]
    assert clerk.batches == [[1, 2, 3, 4, 5, 6, 7]]


def test_who_was_answered_and_comes_again_is_served_with_those_who_came_meanwhile() -> None:
    clerk = Clerk()
    gather = Gather(clerk)

    async def caller(number: int) -> list[int]:
        return [await gather.ask(10 * number + each) for each in range(3)]

    async def day() -> None:
        await asyncio.gather(caller(2), caller(3))

    asyncio.run(day())
    assert clerk.batches == [[20, 30], [21, 31], [22, 32]]


def test_no_batch_is_larger_than_it_may_be() -> None:
    clerk = Clerk()
    gather = Gather(clerk, batch_max=3)

    async def day() -> list[int]:
        return list(await asyncio.gather(*[gather.ask(number) for number in range(8)]))

    assert asyncio.run(day()) == [10 * number for number in range(8)]
    assert [len(each) for each in clerk.batches] == [3, 3, 2]


def test_an_error_reaches_the_one_whose_request_it_was_and_nobody_else() -> None:
    clerk = Clerk()
    gather = Gather(clerk)

    async def day() -> list[object]:
        requests = [gather.ask(number) for number in (12, 13, 14)]
        return list(await asyncio.gather(*requests, return_exceptions=True))

    first, unlucky, last = asyncio.run(day())
    assert (first, last) == (120, 140)
    assert isinstance(unlucky, ValueError)


def test_a_caller_who_stops_waiting_keeps_nobody_from_an_answer() -> None:
    clerk = Clerk()
    gather = Gather(clerk)

    async def day() -> int:
        gone = asyncio.create_task(gather.ask(1))
        stays = asyncio.create_task(gather.ask(2))
        await asyncio.sleep(0)
        gone.cancel()
        return await stays

    assert asyncio.run(day()) == 20


def test_what_was_answered_stands_in_the_books_and_only_that(database: str) -> None:
    """Sixty callers give one unit each of an account that has forty."""
    store = PostgresStore(database)
    world = World.found(store)
    world.issue(40)

    def post(requests: Sequence[Transaction]) -> list[bool]:
        caller = World(store, name="gathered")
        return [isinstance(each, Posted) for each in caller.post(*requests)]

    gather = Gather(post)
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
    store.close()
