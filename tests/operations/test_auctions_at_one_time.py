"""PostgreSQL lets many bid at once: no bid is lost, and no money is promised twice."""

import threading
from collections.abc import Iterator

import pytest

from auction_hall import AFTER, OPEN, Hall
from land import Land, desk, numbers
from tonne.operations import Books, auctions
from tonne.store import PostgresStore


@pytest.fixture
def two(database: str) -> Iterator[tuple[Hall, Hall]]:
    """An auction, and two who have connections of their own to its books."""
    with PostgresStore(database) as here, PostgresStore(database) as there:
        one = Hall(Land(here).settle()).rich(steel="10000", ana="500")
        one.create(300)
        yield one, Hall(Land(there, accounts=one.land.accounts, keys=1000))


def slowly(hall: Hall, who: str, price: str, count: int) -> threading.Thread:
    """Hand in a bid, and take some time to commit it; it has begun when this returns."""
    begun = threading.Event()

    def work(books: Books) -> None:
        auctions.bid(
            books, hall.land.scheme, "A1", [hall.order(who, price, count)], key=f"slow {who}",
            desk=desk(OPEN, "operator"),
        )  # fmt: skip
        begun.set()
        threading.Event().wait(0.3)

    thread = threading.Thread(target=lambda: hall.land.run(work))
    thread.start()
    assert begun.wait(10)
    return thread


def test_money_that_is_being_promised_to_one_bid_covers_no_other(two: tuple[Hall, Hall]) -> None:
    one, other = two
    thread = slowly(one, "ana", "20", 20)
    assert numbers(lambda: other.bid(other.order("ana", "20", 20, name="b2"))) == [8208]
    thread.join()
    assert one.free("ana") == 2_000
    one.is_whole()


def test_a_clearing_waits_for_the_bid_that_is_being_handed_in(two: tuple[Hall, Hall]) -> None:
    one, other = two
    one.bid(one.order("ana", "20", 20))
    thread = slowly(one, "steel", "30", 100)
    found = other.clear()
    thread.join()
    assert (found.results.sealed, found.results.sold) == (2, 120)
    assert numbers(lambda: one.bid(one.order("steel", "30", 10, name="b2"), on=AFTER)) != []
    one.is_whole()
