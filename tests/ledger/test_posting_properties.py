"""Posting: what holds for everything, whatever is posted into whatever books."""

from hypothesis import assume, given, settings

from changed import replace
from strategies import (
    ASSETS,
    EUR,
    HOLDERS,
    SOURCE,
    Scene,
    opening,
    scenes,
    scenes_and_batches,
    transactions,
)
from tonne.ledger import (
    LAST_NUMBER,
    Account,
    Block,
    Movement,
    Position,
    Posted,
    Transaction,
    join,
    post,
    reversal,
)

SCENES = 50


def totals(scene: Scene) -> dict[str, int]:
    """The sum of each asset over all accounts."""
    return {
        asset.code: sum(
            position.count for (_, code), position in scene.positions.items() if code == asset.code
        )
        for asset in ASSETS
    }


def line(scene: Scene) -> tuple[Block, ...]:
    """All blocks of everybody, joined; a number that is twice is a mistake."""
    return join(lot.block for position in scene.positions.values() for lot in position.lots)


@settings(max_examples=SCENES, deadline=None)
@given(scenes_and_batches())
def test_each_asset_sums_to_nothing_and_every_number_is_once(
    given_: tuple[Scene, list[Transaction]],
) -> None:
    scene, batch = given_
    after = scene.after(scene.post(*batch))
    assert set(totals(after).values()) == {0}
    assert line(after) == (Block("EU", 1, LAST_NUMBER),)


@settings(max_examples=SCENES, deadline=None)
@given(scenes_and_batches())
def test_nobody_but_a_source_has_less_than_nothing_or_than_was_promised(
    given_: tuple[Scene, list[Transaction]],
) -> None:
    scene, batch = given_
    after = scene.after(scene.post(*batch))
    for (number, code), position in after.positions.items():
        if number != SOURCE.number:
            assert position.count >= position.held >= 0
            if code != EUR.code:
                assert position.count == sum(lot.units for lot in position.lots)


@settings(max_examples=SCENES, deadline=None)
@given(scenes_and_batches())
def test_a_refused_transaction_leaves_all_as_it_was(
    given_: tuple[Scene, list[Transaction]],
) -> None:
    """The batch comes to the same without those that were refused; but for their numbers."""
    scene, batch = given_
    posting = scene.post(*batch)
    kept = list(posting.posted)
    alone = post(
        scene.positions,
        [each.transaction for each in kept],
        numbers=[each.number for each in kept],
        holds=scene.holds,
    )
    assert list(alone.posted) == kept
    with_refused, without = posting.after(), alone.after()
    for key, position in with_refused.items():
        assert position == without.get(key, scene.positions.get(key, Position()))
    for decision in posting.decisions:
        if not isinstance(decision, Posted):
            assert decision, "a refusal has a reason"


@settings(max_examples=SCENES, deadline=None)
@given(scenes_and_batches())
def test_what_was_given_is_not_changed(given_: tuple[Scene, list[Transaction]]) -> None:
    scene, batch = given_
    before = (dict(scene.positions), dict(scene.holds), list(batch))
    first, second = scene.post(*batch), scene.post(*batch)
    assert (scene.positions, scene.holds, batch) == before
    assert first.decisions == second.decisions


@settings(max_examples=SCENES, deadline=None)
@given(scenes_and_batches())
def test_one_by_one_comes_to_the_same_as_a_batch(
    given_: tuple[Scene, list[Transaction]],
) -> None:
    scene, batch = given_
    together = scene.after(scene.post(*batch))
    alone = scene
    for each in batch:
        alone = alone.after(alone.post(each))
    assert {k: (v.count, v.held) for k, v in alone.positions.items() if v != Position()} == {
        k: (v.count, v.held) for k, v in together.positions.items() if v != Position()
    }
    assert alone.holds == together.holds
    for key in together.positions:
        assert alone.blocks(key) == together.blocks(key)


@settings(max_examples=SCENES, deadline=None)
@given(scenes(), transactions())
def test_post_then_reverse_is_the_identity(scene: Scene, forth: Transaction) -> None:
    # What is issued and taken back at once, which no registry does, has no mirror: numbers that it
    # issued stand in a block with those that it took back from before.
    ends = [{end.number for end in ends} for ends in zip(*_sides(forth), strict=True)]
    assume(not all(SOURCE.number in side for side in ends))
    posting = scene.post(forth)
    (decision,) = posting.decisions
    if not isinstance(decision, Posted):
        return
    middle = scene.after(posting)
    steps = replace(
        forth,
        movements=tuple(
            Movement(
                source=movement_of(each.source),
                target=movement_of(each.target),
                asset=next(asset for asset in ASSETS if asset.code == each.asset),
                count=each.units,
                block=Block(each.series, each.first, each.last) if each.series else None,
            )
            for each in decision.lines
        ),
    )
    back = reversal(
        of=steps,
        number=decision.number,
        blocks=tuple(each.block for each in steps.movements),
        key="back",
        kind="reversal",
        because=("Example Act",),
    )
    undone = middle.post(back)
    assert isinstance(undone.decisions[0], Posted), undone.decisions
    after = middle.after(undone)
    for key in after.positions.keys() | scene.positions.keys():
        before = scene.positions.get(key, Position())
        now = after.positions.get(key, Position())
        assert (now.count, join(after.blocks(key))) == (before.count, join(scene.blocks(key)))


def _sides(transaction: Transaction) -> list[tuple[Account, Account]]:
    return [(each.source, each.target) for each in transaction.movements]


def movement_of(number: str) -> Account:
    """The account with this number."""
    return next(each for each in (SOURCE, *HOLDERS) if each.number == number)


def test_the_opening_of_the_scenes_is_what_it_says() -> None:
    scene = opening()
    assert {scene.positions[each.number, "EUA"].count for each in HOLDERS} == {40}
    assert line(scene) == (Block("EU", 1, LAST_NUMBER),)
