"""Units that people wish to move: which ones is said so that it can be meant, and one by one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bureau import Bureau
from land import UNIT, Land
from porch import numbers
from tonne.ledger import Block
from tonne.operations import Books, proposals
from tonne.operations.proposals import Cancel, Move, SetRules, Surrender
from tonne.store import MemoryStore

NIGHT = datetime(2026, 3, 6, 20, tzinfo=UTC)
"""A Friday; what is approved then waits a working day and more."""


@pytest.fixture
def bureau() -> Bureau:
    """In memory: the steelworks gives units to whom it likes."""
    bureau = Bureau(Land(MemoryStore()).settle()).settle()
    bureau.agreed(SetRules(account=bureau.number("steel"), outside_list=True))
    return bureau


@pytest.mark.parametrize(
    ("unit", "block", "number"),
    [
        ("EXA-1", Block("EX-1", 1, 10), 9143),
        ("EXA-1", Block("EX-1", 7, 7), 9143),
        ("EUR", Block("EX-1", 1, 2), 9143),
        ("EXA-1-2", None, 3006),
        ("gold", Block("EX-1", 1, 2), 3006),
    ],
)
def test_which_units_are_wished_is_said_before_anybody_agrees(
    bureau: Bureau, unit: str, block: Block | None, number: int
) -> None:
    """Two units that are named by ten numbers, that have none, or that there are not."""
    steel, kiln = bureau.number("steel"), bureau.number("kiln")
    for wish in (
        Move(account=steel, target=kiln, unit=unit, count=2, block=block),
        Cancel(account=steel, unit=unit, count=2, block=block),
        Surrender(account=steel, unit=unit, count=2, year=2025, block=block),
    ):
        for attempt in (bureau.rehearse, bureau.propose):
            assert number in numbers(attempt, wish, by="ann")
        assert numbers(bureau.rehearse, wish, by="carl") == [1203]


def test_units_that_are_named_by_as_many_numbers_are_those_that_go(bureau: Bureau) -> None:
    wish = Cancel(account=bureau.number("steel"), unit=UNIT, count=2, block=Block("EX-1", 7, 8))
    made = bureau.propose(wish, by="ann")
    bureau.decide(made.code, "approve", by="bob")
    assert bureau.land.blocks("steel") == [(1, 6), (9, 60)]


def test_what_breaks_when_it_is_due_holds_up_nothing_that_is_due_after_it(bureau: Bureau) -> None:
    bureau.now = NIGHT
    steel, kiln = bureau.number("steel"), bureau.number("kiln")
    codes = [
        bureau.propose(Move(account=steel, target=kiln, unit=UNIT, count=count), by="ann").code
        for count in (1, 2)
    ]
    assert {bureau.decide(each, "approve", by="bob").state for each in codes} == {"delayed"}
    bureau.now += timedelta(days=5)
    runs: list[object] = []

    def run(operation: Callable[[Books], list[str]]) -> list[str]:
        runs.append(operation)
        if len(runs) == 2:
            raise OSError("the disk is full")
        return bureau.land.run(operation)

    with pytest.raises(OSError, match="the disk is full"):
        proposals.carry_out_due(run, bureau.land.scheme, desk=bureau.desk())
    states = [bureau.proposal(code).state for code in codes]
    assert sorted(states) == ["completed", "delayed"]
    bureau.wait(minutes=1)
    assert {bureau.proposal(code).state for code in codes} == {"completed"}
