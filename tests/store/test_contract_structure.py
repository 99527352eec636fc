"""What every store refuses by its own code, whatever was decided; and that it is whole or not."""

import itertools
from collections.abc import Callable
from functools import partial

import pytest
from msgspec import structs

from changed import replace
from tonne.ledger import Account, Asset, Hold, Line, Movement, Posted, post
from tonne.mrv import Figure
from tonne.operations import Books
from world import (
    DAY,
    DIGEST,
    ERU,
    EUA,
    EUR,
    LAW,
    NOBODY,
    SOURCE,
    STAMP,
    A,
    B,
    C,
    World,
    holding_account,
    move,
)

Unfit = tuple[type[Exception], ...]
Force = Callable[..., None]


def line(movement: Movement, first: int = 0, prior: int = 0, wave: int = 0) -> Line:
    """A step that nobody decided, as only our own mistake could make it."""
    asset = movement.asset
    last = first + movement.count - 1 if first else 0
    ends = (movement.source.number, movement.target.number)
    return Line(*ends, asset.code, movement.count, asset.series, first, last, prior, wave)


@pytest.fixture(params=[0, 12], ids=["alone", "among others"])
def force(world: World, request: pytest.FixtureRequest) -> Force:
    """Saves a transaction with these steps, past everything that decides; others may go with it.

    The others are issuances that are in order: a store may treat many steps otherwise than few.
    """
    numbers = itertools.count(1000)

    def save(*lines: Line) -> None:
        nominal = world.transaction(move(SOURCE, A, 1), move(A, B, 1), move(B, C, 1))
        others = [
            line(move(SOURCE, C, 1, asset=ERU), first=next(numbers)) for _ in range(request.param)
        ]

        def operation(books: Books) -> None:
            number = books.load([nominal]).numbers[0]
            books.save([Posted(number, nominal, (*others, *lines))], STAMP)

        world.run(operation)

    return save


def test_numbers_are_taken_only_from_who_holds_them(
    world: World, unfit: Unfit, force: Force
) -> None:
    number = world.issue(10).number
    world.do(move(A, B, numbers=(4, 6)))
    force(line(move(A, C, 2), first=1, prior=number))
    for wrong in (
        line(move(B, C, 1), first=1, prior=number),  # another's
        line(move(A, C, 3), first=3, prior=number),  # reaches into another's
        line(move(A, C, 1), first=11, prior=number),  # not issued
        line(move(A, C, 1), first=7, prior=number + 1),  # came otherwise
        line(move(SOURCE, C, 1), first=7),  # issued already
        line(move(A, C, 1, asset=Asset("ERU", "EU")), first=7, prior=number),  # of another kind
    ):
        with pytest.raises(unfit):
            force(wrong)
    assert world.blocks(A) == ["EU-3-3", "EU-7-10"]
    assert world.run(lambda books: books.check()) == []


def test_a_number_is_not_taken_twice_at_once(world: World, unfit: Unfit, force: Force) -> None:
    number = world.issue(10).number
    for other in ((1, 5), (5, 3), (2, 1), (1, 10)):
        second = line(move(A, C, other[1]), first=other[0], prior=number)
        with pytest.raises(unfit):
            force(line(move(A, B, 5), first=1, prior=number), second)
    assert world.blocks(A) == ["EU-1-10"]


def test_a_line_moves_as_many_as_it_says(world: World, unfit: Unfit, force: Force) -> None:
    number = world.issue(10).number
    with pytest.raises(unfit):
        force(line(move(A, B, 3), first=1, prior=number)._replace(units=4))
    with pytest.raises(unfit):
        force(line(move(A, B, 3, asset=EUR))._replace(units=-3))


def test_nobody_but_a_source_holds_less_than_nothing(
    world: World, unfit: Unfit, force: Force
) -> None:
    force(line(move(SOURCE, A, 10, asset=EUR)))
    with pytest.raises(unfit):
        force(line(move(A, B, 11, asset=EUR)))
    held = world.holdings()
    assert (held[SOURCE.number], held[A.number]) == ({"EUR": -10}, {"EUR": 10})


def test_money_reaches_who_has_some_and_who_never_had_any_at_one_time(
    world: World, unfit: Unfit, force: Force
) -> None:
    def money() -> dict[str, int]:
        return {who: held["EUR"] for who, held in world.holdings().items() if "EUR" in held}

    force(line(move(SOURCE, B, 10, asset=EUR)))
    # B gives 4 and gets 7, A and C had none before.
    ways = [move(B, A, 4, asset=EUR), move(SOURCE, C, 6, asset=EUR), move(SOURCE, B, 7, asset=EUR)]
    force(*map(line, ways))
    held = {SOURCE.number: -23, A.number: 4, B.number: 13, C.number: 6}
    assert money() == held
    with pytest.raises(unfit):
        force(*map(line, [move(B, A, 1, asset=EUR), move(C, A, 7, asset=EUR)]))
    assert money() == held
    assert world.run(lambda books: books.check()) == []


def test_promised_units_are_kept_whoever_decided_otherwise(
    world: World, unfit: Unfit, force: Force
) -> None:
    number = world.issue(10).number
    world.hold(A, 8)
    with pytest.raises(unfit):
        force(line(move(A, B, 3), first=1, prior=number))
    assert world.holdings() == {A.number: {"EUA": 10}}


def test_numbered_units_do_not_move_without_numbers(
    world: World, unfit: Unfit, force: Force
) -> None:
    world.issue(10)
    with pytest.raises((*unfit, KeyError)):
        force(line(move(A, B, 3, asset=Asset("EUA"))))
    with pytest.raises((*unfit, KeyError)):
        force(line(move(A, B, 3, asset=Asset("EUR", "EU")), first=1))


def test_unknown_accounts_and_assets_are_refused(world: World, unfit: Unfit, force: Force) -> None:
    number = world.issue(10).number
    for wrong in (
        line(move(A, NOBODY, 1), first=1, prior=number),
        line(move(NOBODY, A, 1), first=1, prior=number),
        line(move(A, B, 1, asset=Asset("UNHEARD", "EU")), first=1, prior=number),
        line(move(A, B, 1, asset=Asset("EUA", "US")), first=1, prior=number),
    ):
        with pytest.raises((*unfit, KeyError)):
            force(wrong)
    assert world.run(lambda books: books.load([world.transaction(move(A, NOBODY, 1))])).accounts \
        .keys() == {A.number}  # fmt: skip


def test_records_of_unknown_accounts_are_refused(world: World, unfit: Unfit) -> None:
    figure = Figure(
        operator="x",
        year=2005,
        kind="verified",
        tonnes=1,
        day=DAY,
        recorded=STAMP.at,
        reference="x",
    )
    nobody = NOBODY.number

    def adds(books: Books) -> list[Callable[[int], None]]:
        return [
            lambda entry: books.add_figures(entry, [(nobody, figure)]),
            lambda entry: books.change_status(entry, account=nobody, status="closed", reason="x"),
            lambda entry: books.add_holds(
                entry, [Hold(key="h", account=NOBODY, asset=EUA, count=1)]
            ),
            lambda entry: books.add_holds(
                entry, [Hold(key="h", account=A, asset=Asset("UNHEARD"), count=1)]
            ),
            lambda entry: books.add_exclusions(
                entry, [nobody], year=2005, reason="x", reference="x"
            ),
            lambda _: books.add_assets([(Asset("NEW", "NEW"), nobody)]),
            lambda _: books.add_assets([(Asset("NEW", "NEW"), A.number)]),
        ]

    def add(place: int, books: Books) -> None:
        adds(books)[place](world.entry(books))

    for place in range(7):
        with pytest.raises(unfit):
            world.run(partial(add, place))


def test_an_account_and_an_asset_are_added_once(world: World, unfit: Unfit) -> None:
    def again(books: Books) -> None:
        entry = world.entry(books)
        books.open_accounts(entry, [holding_account(A)], scheme="example", sources=[])

    with pytest.raises(unfit):
        world.run(again)
    with pytest.raises(unfit):
        world.run(lambda books: books.add_assets([(EUA, SOURCE.number)]))


def test_nothing_is_entered_without_law_or_key(world: World, unfit: Unfit) -> None:
    lawless = world.transaction(move(SOURCE, A, 1))
    structs.force_setattr(lawless, "because", ())
    with pytest.raises(unfit):
        world.post(lawless)
    keyless = world.transaction(move(SOURCE, A, 1))
    structs.force_setattr(keyless, "key", "")
    with pytest.raises(unfit):
        world.post(keyless)
    with pytest.raises((*unfit, AssertionError)):
        world.run(
            lambda books: books.enter(
                key="k", digest=DIGEST, kind="k", year=None, because=(), stamp=STAMP
            )
        )
    assert world.holdings() == {}


class Interrupted(Exception):  # noqa: N818  it is nobody's error
    """Something in the middle of an operation."""


def test_an_operation_that_fails_leaves_nothing(world: World) -> None:
    world.issue(10)
    before = picture(world)

    def operation(books: Books) -> None:
        everything(world, books)
        raise Interrupted

    with pytest.raises(Interrupted):
        world.run(operation)
    assert picture(world) == before
    everything_stands(world)


def test_what_is_only_tried_leaves_nothing(world: World) -> None:
    world.issue(10)
    before = picture(world)
    tried = world.run(lambda books: everything(world, books), keep=False)
    assert tried > 0
    assert picture(world) == before
    everything_stands(world)


def everything_stands(world: World) -> None:
    """The same operation, kept this time, is not in the way of what was undone."""
    world.run(lambda books: everything(world, books))
    assert world.run(lambda books: books.check()) == []
    assert world.run(lambda books: books.holdings("XX-5")) == {"NEW": 3}


def everything(world: World, books: Books) -> int:
    """Something of every kind, under a law that was not read before."""
    stamp = replace(STAMP, rulebook="f2")
    entry = books.enter(
        key=world.key(), digest=DIGEST, kind="note", year=None, because=LAW, stamp=stamp
    )
    new = Account("XX-5")
    books.open_accounts(entry, [holding_account(new)], scheme="example", sources=[])
    books.add_assets([(Asset("NEW", "NEW"), SOURCE.number)])
    books.change_status(entry, account=B.number, status="suspended", reason="x")
    books.add_holds(entry, [Hold(key="h", account=A, asset=EUA, count=2)])
    books.add_exclusions(entry, [A.number], year=2005, reason="x", reference="x")
    batch = [
        world.transaction(move(SOURCE, new, 3, asset=Asset("NEW", "NEW"))),
        world.transaction(move(A, C, numbers=(5, 5))),
        world.transaction(move(SOURCE, C, 5, asset=EUR)),
    ]
    loaded = books.load(batch)
    posting = post(loaded.positions, batch, numbers=loaded.numbers, holds=loaded.holds)
    books.save(list(posting.posted), stamp)
    books.end_holds(entry, ["h"])
    return entry


def picture(world: World) -> tuple[object, ...]:
    """Everything that the books tell."""
    return world.run(
        lambda books: (
            books.accounts(),
            books.assets(),
            books.balances("example"),
            books.steps(),
            books.lots([A.number, B.number, C.number], "EUA"),
            books.exclusions("example", [2005]),
            books.load([world.transaction(move(A, B, 1), hold="h")]).holds,
            books.check(),
        )
    )
