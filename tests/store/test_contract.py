"""What every store promises about units: the same tests on memory and on PostgreSQL."""

from datetime import date

import pytest

from changed import replace
from tonne.ledger import (
    LAST_NUMBER,
    BlockNotHeld,
    Decision,
    ExceedsHolding,
    Lot,
    Posted,
    Transaction,
    UnknownHold,
    digest,
    reversal,
)
from tonne.operations import Books
from tonne.store.loaded import LOTS_MAX
from world import (
    AUTHORITY,
    ERU,
    EUR,
    LAW,
    NOBODY,
    SINK,
    SOURCE,
    STAMP,
    A,
    B,
    C,
    World,
    move,
)

Unfit = tuple[type[Exception], ...]


def test_issued_units_are_held_and_the_rest_stays_with_the_source(world: World) -> None:
    number = world.issue(100).number
    assert world.blocks(A) == ["EU-1-100"]
    assert world.holdings() == {A.number: {"EUA": 100}}
    first = world.run(lambda books: books.holder("EU", 100))
    assert first == (A.number, "EUA", Lot("EU", 1, 100, number))
    rest = world.run(lambda books: books.holder("EU", 101))
    assert rest == (SOURCE.number, None, Lot("EU", 101, LAST_NUMBER, 0))


def test_nobody_holds_a_number_of_no_series(world: World) -> None:
    assert world.run(lambda books: books.holder("EU", 0)) is None
    assert world.run(lambda books: books.holder("US", 1)) is None


def test_the_first_units_in_are_the_first_out(world: World) -> None:
    world.issue(10)
    world.issue(10, to=B)
    world.do(move(B, A, 5))
    world.issue(10)
    assert world.blocks(A) == ["EU-1-10", "EU-11-15", "EU-21-30"]
    world.do(move(A, C, 12))
    assert world.blocks(A) == ["EU-13-15", "EU-21-30"]
    assert world.blocks(C) == ["EU-1-10", "EU-11-12"]


def test_a_named_block_is_cut_out_of_the_middle(world: World) -> None:
    world.issue(10)
    world.do(move(A, B, numbers=(4, 6)))
    assert world.blocks(A) == ["EU-1-3", "EU-7-10"]
    assert world.blocks(B) == ["EU-4-6"]


def test_many_pieces_of_one_block_are_cut_in_one_batch(world: World) -> None:
    world.issue(100)
    batch = [world.transaction(move(A, B, numbers=(n, n + 1))) for n in range(90, 9, -10)]
    assert all(isinstance(each, Posted) for each in world.post(*batch))
    assert sorted(world.blocks(B)) == [f"EU-{n}-{n + 1}" for n in range(10, 91, 10)]
    assert world.blocks(A)[:2] == ["EU-1-9", "EU-12-19"]
    assert world.run(lambda books: books.check()) == []


def test_what_one_transaction_of_a_batch_brings_the_next_may_spend(world: World) -> None:
    world.issue(10)
    batch = [
        world.transaction(move(A, B, 10)),
        world.transaction(move(B, C, numbers=(3, 5))),
        world.transaction(move(C, SINK, 2), kind="surrender"),
    ]
    decisions = world.post(*batch)
    assert all(isinstance(each, Posted) for each in decisions)
    assert world.blocks(B) == ["EU-1-2", "EU-6-10"]
    assert (world.blocks(C), world.blocks(SINK)) == (["EU-5-5"], ["EU-3-4"])
    assert world.run(lambda books: books.check()) == []


def test_what_came_by_one_batch_is_ordinary_in_the_next(world: World) -> None:
    world.issue(10)
    world.post(world.transaction(move(A, B, 10)), world.transaction(move(B, C, 10)))
    for _ in range(3):
        world.do(move(C, B, 10), move(B, A, 10), move(A, C, 10))
    assert world.blocks(C) == ["EU-1-10"]
    assert world.run(lambda books: books.check()) == []


def test_a_unit_becomes_another_kind_through_the_source_and_keeps_its_number(world: World) -> None:
    world.issue(10)
    world.do(
        move(A, SOURCE, numbers=(4, 6)),
        move(SOURCE, A, asset=ERU, numbers=(4, 6)),
        kind="conversion",
    )
    assert world.blocks(A) == ["EU-1-3", "EU-7-10"]
    assert world.blocks(A, ERU) == ["EU-4-6"]
    assert world.holdings() == {A.number: {"EUA": 7, "ERU": 3}}
    assert world.run(lambda books: books.check()) == []


def test_money_is_counted_and_only_its_source_owes(world: World) -> None:
    world.do(move(SOURCE, A, 500, asset=EUR), kind="payment")
    world.post(
        world.transaction(move(A, B, 200, asset=EUR)),
        world.transaction(move(B, C, 150, asset=EUR)),
    )
    assert world.holdings() == {
        SOURCE.number: {"EUR": -500},
        A.number: {"EUR": 300},
        B.number: {"EUR": 50},
        C.number: {"EUR": 150},
    }
    balances = world.run(lambda books: books.balances("example"))
    assert balances == {(A.number, "EUR"): 300, (B.number, "EUR"): 50, (C.number, "EUR"): 150}


def test_a_refused_transaction_changes_nothing_and_the_others_stand(world: World) -> None:
    world.issue(10)
    batch = [
        world.transaction(move(A, B, 6), move(A, C, 6)),
        world.transaction(move(A, B, numbers=(10, 11)), move(B, C, 1)),
        world.transaction(move(A, C, 10)),
    ]
    first, second, third = world.post(*batch)
    assert isinstance(first, tuple)
    assert [type(each) for each in first] == [ExceedsHolding]
    assert not isinstance(second, Posted)
    assert [type(each) for each in second] == [BlockNotHeld, ExceedsHolding]
    assert isinstance(third, Posted)
    assert world.holdings() == {C.number: {"EUA": 10}}
    assert world.run(lambda books: books.known(batch[0].key)) is None


def test_a_key_in_the_journal_is_known_with_what_was_asked(world: World) -> None:
    transaction = world.transaction(move(SOURCE, A, 10), kind="issuance")
    (posted,) = world.post(transaction)
    assert isinstance(posted, Posted)
    known = (posted.number, digest(transaction))
    assert world.run(lambda books: books.known(transaction.key)) == known
    assert world.run(lambda books: books.load([transaction]).known) == {transaction.key: known}


def test_a_key_stands_in_the_journal_once(world: World, unfit: Unfit) -> None:
    world.post(world.transaction(move(SOURCE, A, 10), key="once"))
    with pytest.raises(unfit):
        world.post(world.transaction(move(SOURCE, A, 10), key="once"))
    assert world.holdings() == {A.number: {"EUA": 10}}


def test_a_reversal_brings_the_same_units_back(world: World) -> None:
    world.issue(10)
    before = world.holdings()
    posted = world.do(move(A, B, numbers=(4, 6)), move(A, C, 2))
    world.post(undo(world, posted.number))
    assert world.holdings() == before
    assert sorted(world.blocks(A)) == ["EU-1-2", "EU-3-3", "EU-4-6", "EU-7-10"]
    story = world.run(lambda books: books.story(posted.number))
    assert story is not None
    assert story.reversed_by is not None
    assert story.transaction.movements == (
        move(A, B, numbers=(4, 6)),
        move(A, C, numbers=(1, 2)),
    )


def test_a_transaction_is_reversed_once(world: World, unfit: Unfit) -> None:
    posted = world.issue(10)
    world.post(undo(world, posted.number))
    world.issue(5)
    with pytest.raises(unfit):
        world.post(world.transaction(move(A, B, 5), reverses=posted.number))
    with pytest.raises(unfit):
        world.post(world.transaction(move(A, B, 5), reverses=10_000))
    assert world.holdings() == {A.number: {"EUA": 5}}


def test_an_issuance_undone_leaves_the_numbers_with_the_source(world: World) -> None:
    posted = world.issue(10)
    world.post(undo(world, posted.number))
    assert world.holdings() == {}
    found = world.run(lambda books: books.holder("EU", 5))
    assert found is not None
    assert found[:2] == (SOURCE.number, None)
    assert world.run(lambda books: books.check()) == []


def test_promised_units_stay_until_the_hold_is_used(world: World) -> None:
    world.issue(10)
    world.hold(A, 8)
    (refused,) = world.post(world.transaction(move(A, B, 3)))
    assert not isinstance(refused, Posted)
    assert [each.facts()["free"] for each in refused] == [2]
    world.do(move(A, C, 2))
    (used,) = world.post(world.transaction(move(A, B, 8), hold="hold"))
    assert isinstance(used, Posted)
    (again,) = world.post(world.transaction(move(B, A, 8), hold="hold"))
    assert not isinstance(again, Posted)
    assert [type(each) for each in again] == [UnknownHold]
    assert world.holdings() == {B.number: {"EUA": 8}, C.number: {"EUA": 2}}
    assert world.run(lambda books: books.check()) == []


def test_money_is_promised_like_units(world: World) -> None:
    world.do(move(SOURCE, A, 500, asset=EUR))
    world.hold(A, 400, asset=EUR)
    (refused,) = world.post(world.transaction(move(A, B, 101, asset=EUR)))
    assert not isinstance(refused, Posted)
    (used,) = world.post(world.transaction(move(A, B, 400, asset=EUR), hold="hold"))
    assert isinstance(used, Posted)
    assert world.run(lambda books: books.check()) == []


def test_a_hold_that_ends_frees_its_units(world: World, unfit: Unfit) -> None:
    world.issue(10)
    world.hold(A, 8)
    world.run(lambda books: books.end_holds(world.entry(books), ["hold"]))
    world.do(move(A, B, 10))
    with pytest.raises(unfit):
        world.run(lambda books: books.end_holds(world.entry(books), ["hold"]))
    with pytest.raises(unfit):
        world.run(lambda books: books.end_holds(world.entry(books), ["no such hold"]))


def test_units_that_come_and_go_in_a_batch_leave_promised_ones_in_place(world: World) -> None:
    world.issue(10)
    world.issue(10, to=B)
    world.hold(A, 8)
    batch = [
        world.transaction(move(B, C, 10)),
        world.transaction(move(C, A, 10)),
        world.transaction(move(A, B, 12)),
    ]
    assert all(isinstance(each, Posted) for each in world.post(*batch))
    assert world.holdings()[A.number] == {"EUA": 8}
    assert world.run(lambda books: books.check()) == []


def test_more_than_is_held_is_not_promised(world: World, unfit: Unfit) -> None:
    world.issue(10)
    world.hold(A, 8)
    with pytest.raises(unfit):
        world.hold(A, 3, key="another")
    with pytest.raises(unfit):
        world.hold(SOURCE, 1, key="of the source")
    world.hold(A, 2, key="another")


def test_a_giver_with_very_many_lots_gives_all_of_them(world: World) -> None:
    many = 3 * LOTS_MAX
    world.post(*[world.transaction(move(SOURCE, A, 2)) for _ in range(many)])
    world.post(*[world.transaction(move(A, B, 1)) for _ in range(many + 1)])
    assert world.holdings() == {A.number: {"EUA": many - 1}, B.number: {"EUA": many + 1}}
    world.do(move(A, B, many - 1))
    assert world.holdings() == {B.number: {"EUA": 2 * many}}


def test_a_named_block_far_back_does_not_jump_the_queue(world: World) -> None:
    many = LOTS_MAX + 30
    for _ in range(2):
        world.post(*[world.transaction(move(SOURCE, A, 1)) for _ in range(many // 2)])
    last = world.issue(10).lines[0].first
    world.post(
        world.transaction(move(A, B, numbers=(last + 4, last + 4))),
        world.transaction(move(A, C, LOTS_MAX + 5)),
    )
    assert world.blocks(C)[-1] == f"EU-{LOTS_MAX + 5}-{LOTS_MAX + 5}"


def test_a_statement_lists_every_movement_in_order(world: World) -> None:
    issued = world.do(move(SOURCE, A, 10), kind="issuance", year=2005)
    moved = world.do(move(A, B, 4), move(A, C, 1))
    paid = world.do(move(SOURCE, B, 7, asset=EUR), kind="payment")
    steps = world.run(lambda books: books.steps(account=A.number))
    day, at = STAMP.day, STAMP.at
    assert steps == [
        (issued.number, "issuance", 2005, day, at, SOURCE.number, A.number, "EUA", 10,
         "EU", 1, 10, 0),
        (moved.number, "transfer", None, day, at, A.number, B.number, "EUA", 4,
         "EU", 1, 4, issued.number),
        (moved.number, "transfer", None, day, at, A.number, C.number, "EUA", 1,
         "EU", 5, 5, issued.number),
    ]  # fmt: skip
    assert world.run(lambda books: books.steps(transaction=paid.number)) == [
        (paid.number, "payment", None, day, at, SOURCE.number, B.number, "EUR", 7, None, 0, 0, 0)
    ]


def test_the_history_of_a_number_is_every_movement_of_it(world: World) -> None:
    world.issue(10)
    world.do(move(A, B, numbers=(4, 6)))
    world.do(move(B, C, 3))
    steps = world.run(lambda books: books.steps(series="EU", number=5))
    assert [(each.source, each.target) for each in steps] == [
        (SOURCE.number, A.number),
        (A.number, B.number),
        (B.number, C.number),
    ]
    assert len(world.run(lambda books: books.steps(series="EU", number=7))) == 1


def test_what_was_moved_is_summed_by_kind_account_and_year(world: World) -> None:
    world.do(move(SOURCE, A, 100), kind="issuance", year=2005)
    world.do(move(A, SINK, 10), kind="surrender", year=2005)
    world.do(move(A, SINK, 5), kind="surrender", year=2006)
    world.do(move(A, B, 7), kind="transfer", year=2006)
    assert world.run(lambda books: books.moved("surrender", "EUA")) == 15
    assert world.run(lambda books: books.moved("surrender", "EUA", year=2006)) == 5
    assert world.run(lambda books: books.moved("surrender", "ERU")) == 0

    def given(books: Books) -> dict[tuple[str, int], int]:
        return books.moved_by_account("surrender", [2005, 2006], scheme="example", outgoing=True)

    assert world.run(given) == {(A.number, 2005): 10, (A.number, 2006): 5}

    def taken(books: Books) -> dict[tuple[str, int], int]:
        return books.moved_by_account(
            "surrender", [2006], scheme="example", outgoing=False, account=SINK.number
        )

    assert world.run(taken) == {(SINK.number, 2006): 5}


def test_what_was_moved_is_summed_by_a_day_or_since_an_entry(world: World) -> None:
    world.issue(100)
    posted: list[Decision] = []
    for day, count in ((date(2006, 4, 30), 10), (date(2006, 5, 1), 5)):
        transaction = world.transaction(move(A, SINK, count), kind="surrender", year=2005)
        posted.extend(world.post(transaction, stamp=replace(STAMP, day=day)))
    first, second = (each.number for each in posted if isinstance(each, Posted))

    def given(
        *, by: date | None = None, unseen: tuple[int, date] | None = None
    ) -> dict[tuple[str, int], int]:
        return world.run(
            lambda books: books.moved_by_account(
                "surrender", [2005], scheme="example", outgoing=True, by=by, unseen=unseen
            )
        )

    assert given() == {(A.number, 2005): 15}
    assert given(by=date(2006, 4, 30)) == {(A.number, 2005): 10}
    assert given(by=date(2006, 4, 29)) == {}
    assert given(unseen=(first, date.max)) == {(A.number, 2005): 5}
    assert given(unseen=(second, date(2006, 4, 30))) == {(A.number, 2005): 5}
    assert given(unseen=(second, date(2006, 5, 1))) == {}
    assert given(by=date(2006, 4, 30), unseen=(0, date.max)) == {(A.number, 2005): 10}


def test_lots_tell_by_what_kind_of_transaction_they_came(world: World) -> None:
    issued = world.do(move(SOURCE, A, 10), kind="issuance")
    bought = world.do(move(SOURCE, B, 5), move(B, A, 5), kind="auction")
    lots = world.run(lambda books: books.lots([A.number, B.number, NOBODY.number], "EUA"))
    assert lots == {
        A.number: [
            (Lot("EU", 1, 10, issued.number), "issuance"),
            (Lot("EU", 11, 15, bought.number), "auction"),
        ]
    }


def test_what_is_issued_is_held_somewhere(world: World) -> None:
    world.issue(100, to=AUTHORITY)
    world.do(move(AUTHORITY, A, 60), move(A, SINK, 10))
    world.do(move(A, SOURCE, 5), kind="cancellation")
    (total,) = world.run(lambda books: books.totals("example"))
    assert (total.asset, total.issued) == ("EUA", 95)
    assert total.held == {"authority": 40, "operator": 45, "surrendered": 10}


def undo(world: World, number: int) -> Transaction:
    """The reversal of a posted transaction, from what the books tell of it."""
    story = world.run(lambda books: books.story(number))
    assert story is not None
    return reversal(
        of=story.transaction,
        number=number,
        blocks=tuple(each.block for each in story.transaction.movements),
        key=world.key(),
        kind="reversal",
        because=LAW,
    )
