"""What every store tells of one account is what it tells of it among all."""

from datetime import date

import pytest

from changed import replace
from tonne.ledger import Posted
from tonne.operations import Books
from tonne.store import PostgresStore
from world import DIGEST, LAW, SINK, STAMP, A, B, World, move

PLANS = "select name from pg_prepared_statements where name like '\\_pg3%'"


def test_what_one_account_gave_is_told_as_among_all(world: World) -> None:
    world.issue(100)
    world.issue(100, to=B)
    posted = [
        each
        for source, day, count in (
            (A, date(2006, 4, 30), 10),
            (B, date(2006, 4, 30), 3),
            (A, date(2006, 5, 1), 5),
        )
        for each in world.post(
            world.transaction(move(source, SINK, count), kind="surrender", year=2005),
            stamp=replace(STAMP, day=day),
        )
    ]
    numbers = [each.number for each in posted if isinstance(each, Posted)]

    def given(
        account: str | None,
        *,
        scheme: str = "example",
        asset: str | None = None,
        by: date | None = None,
        unseen: tuple[int, date] | None = None,
    ) -> dict[tuple[str, int], int]:
        return world.run(
            lambda books: books.moved_by_account(
                "surrender",
                [2005],
                scheme=scheme,
                outgoing=True,
                account=account,
                asset=asset,
                by=by,
                unseen=unseen,
            )
        )

    assert given(None) == {(A.number, 2005): 15, (B.number, 2005): 3}
    assert given(A.number) == {(A.number, 2005): 15}
    assert given(A.number, asset="EUA") == {(A.number, 2005): 15}
    assert given(A.number, asset="ERU") == {}
    assert given(A.number, scheme="another") == {}
    assert given(A.number, by=date(2006, 4, 30)) == {(A.number, 2005): 10}
    assert given(A.number, unseen=(numbers[1], date.max)) == {(A.number, 2005): 5}
    assert given(A.number, unseen=(numbers[2], date(2006, 4, 30))) == {(A.number, 2005): 5}
    assert given(SINK.number) == {}
    assert given("XX-404") == {}


def test_whether_one_account_is_excluded_is_told_as_among_all(world: World) -> None:
    def operation(books: Books) -> None:
        entry = books.enter(
            key=world.key(), digest=DIGEST, kind="note", year=2005, because=LAW, stamp=STAMP
        )
        numbers = [A.number, B.number]
        books.add_exclusions(entry, numbers, year=2005, reason="small", reference="s. 3")

    world.run(operation)

    def told(account: str | None) -> set[tuple[str, int]]:
        return world.run(lambda books: books.exclusions("example", [2005], account=account))

    assert told(None) == {(A.number, 2005), (B.number, 2005)}
    assert told(B.number) == {(B.number, 2005)}
    assert told(SINK.number) == set()


def test_what_is_asked_again_is_answered_the_same_also_after_what_failed(database: str) -> None:
    with PostgresStore(database, asks_again=True) as store:
        world = World.found(store)
        world.issue(10)

        def held() -> dict[str, int]:
            return world.run(lambda books: books.holdings(A.number))

        assert [held() for _ in range(8)] == [{"EUA": 10}] * 8
        with pytest.raises(ZeroDivisionError):
            store.run(lambda books: books.holdings(A.number)["EUA"] // 0)
        world.do(move(A, B, 4))
        assert held() == {"EUA": 6}
        kept = store.run(lambda books: books._rows(PLANS))  # noqa: SLF001  past what is asked
        assert kept != []
