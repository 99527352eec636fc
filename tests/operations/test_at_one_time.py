"""Two people at one time: what one decides on does not change under the other's hands."""

import threading
from collections.abc import Callable, Iterator

import pytest

from changed import replace
from land import Land, desk
from tonne import operations
from tonne.operations import Answer, Books, Opening, Receipt
from tonne.refusal import Refused
from tonne.store import PostgresStore

Act = Callable[[Land, Books], object]


@pytest.fixture
def two(database: str) -> Iterator[tuple[Land, Land]]:
    """The settled land, seen by two people with a connection each."""
    with PostgresStore(database) as one, PostgresStore(database) as other:
        land = Land(one).settle()
        yield land, replace(land, store=other, keys=1000)


def one_commits_late(two: tuple[Land, Land], act: Act) -> list[object]:
    """What each of two got who did the same, the second before the first had committed."""
    begun, answers = threading.Event(), []

    def first(books: Books) -> object:
        done = act(two[0], books)
        begun.set()
        threading.Event().wait(0.3)
        return done

    thread = threading.Thread(target=lambda: answers.append(two[0].run(first)))
    thread.start()
    assert begun.wait(10)
    try:
        answers.append(two[1].run(lambda books: act(two[1], books)))
    except Refused as no:
        answers.append(no.refusals)
    thread.join()
    return sorted(answers, key=lambda each: isinstance(each, tuple))


def test_two_who_surrender_at_once_do_not_give_more_than_is_owed(two: tuple[Land, Land]) -> None:
    """Steel holds 60 and owes 30: twice 30 would be held, but is not owed."""
    two[0].emit("steel", 30)

    def surrender(land: Land, books: Books) -> Answer:
        orders = [land.duty("steel", 30)]
        at = desk("2026-04-15", "operator")
        return operations.surrender(books, land.scheme, orders, desk=at)[0]

    given, refused = one_commits_late(two, surrender)
    assert isinstance(given, Receipt)
    assert isinstance(refused, tuple)
    assert [each.number for each in refused] == [6004]


def test_two_who_open_an_account_at_once_do_not_both_open_it(two: tuple[Land, Land]) -> None:
    def open_one(land: Land, books: Books) -> object:
        opening = Opening(
            kind="operator", name="Glass", registry="XE", operator="GLASS", identifier=land.keys
        )
        at = desk("2025-03-01", "administrator")
        return operations.open_account(books, land.scheme, opening, key=land.key(), desk=at)

    _, refused = one_commits_late(two, open_one)
    assert isinstance(refused, tuple)
    assert [each.number for each in refused] == [1105]
