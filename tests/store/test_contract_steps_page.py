"""What every store tells of an account's movements page by page, however many there are."""

import pytest

from tonne.ledger import Step
from tonne.operations import Books
from world import A, B, C, World, move


def page(world: World, account: str, after: int, limit: int, *, newest: bool = False) -> list[Step]:
    """A page of an account's movements."""

    def question(books: Books) -> list[Step]:
        return [*books.steps_page(account, after=after, newest=newest, limit=limit)]

    return world.run(question)


def page_by_page(world: World, account: str, limit: int) -> list[Step]:
    """All movements of an account, from the oldest."""
    found: list[Step] = []
    while more := page(world, account, found[-1].transaction if found else 0, limit):
        assert len({each.transaction for each in more}) <= limit
        found += more
    return found


@pytest.fixture
def busy(world: World) -> World:
    """A world in which three accounts give each other units, also back."""
    world.issue(20)
    world.issue(17, to=B)
    for source, target, count in ((A, B, 4), (B, A, 9), (A, C, 1), (C, A, 1), (A, B, 3)):
        world.do(move(source, target, count))
    return world


@pytest.mark.parametrize("account", [A.number, B.number, C.number, "nobody"])
def test_the_movements_of_an_account_come_page_by_page_in_both_directions(
    busy: World, account: str
) -> None:
    whole = [*busy.run(lambda books: books.steps(account=account))]
    numbers = sorted({each.transaction for each in whole})
    for limit in (1, 2, 100):
        assert page_by_page(busy, account, limit) == whole
        last = numbers[::-1][:limit]
        assert page(busy, account, 0, limit, newest=True) == [
            step for number in last for step in whole if step.transaction == number
        ]
