"""A surrender or an allocation is undone by its mirror, once; nothing else is undone."""

from collections.abc import Mapping
from datetime import date

import pytest

from changed import replace
from tonne import ledger
from tonne.ledger import Account, Asset, Block, Movement, Transaction
from tonne.registry import (
    Case,
    DayRules,
    HoldingAccount,
    Original,
    RegistryRules,
    refusals,
)

STEELWORKS, TRADER, PIT = Account("XE-120-1"), Account("XE-121-2"), Account("XE-300-3")
KINDS = {STEELWORKS: "operator", TRADER: "person", PIT: "surrendered"}
ACCOUNTS: Mapping[str, HoldingAccount] = {
    account.number: HoldingAccount(
        number=account.number, kind=kind, opened=date(2025, 1, 1), name=kind, registry="XE"
    )
    for account, kind in KINDS.items()
}
SURRENDER = Transaction(
    key="a surrender",
    kind="surrender",
    movements=(Movement(source=STEELWORKS, target=PIT, asset=Asset("EXA-1", "EX-1"), count=10),),
    because=("Example Act, s. 6",),
    year=2026,
)


def reversing(original: Transaction, *, kind: str = "reverse_surrender") -> Transaction:
    """Transaction 7 turned round, as the books turn it."""
    return ledger.reversal(
        original,
        number=7,
        blocks=tuple(movement.block for movement in original.movements),
        key="a reversal",
        kind=kind,
        because=("Example Act, s. 6",),
    )


@pytest.fixture
def day(example_rules: RegistryRules) -> DayRules:
    return DayRules.on(example_rules, date(2027, 5, 2))


def found(back: Transaction, original: Original | None, day: DayRules) -> list[tuple[int, str]]:
    tried = Case(
        transaction=back, by="administrator", day=day, accounts=ACCOUNTS, original=original
    )
    return [(refusal.number, str(refusal)) for refusal in refusals(tried)]


def test_a_surrender_is_reversed_by_its_mirror(day: DayRules) -> None:
    assert found(reversing(SURRENDER), Original(transaction=SURRENDER), day) == []


def test_what_was_one_movement_may_come_back_as_two(day: DayRules) -> None:
    back = reversing(SURRENDER)
    halves = tuple(replace(back.movements[0], count=count) for count in (4, 6))
    assert found(replace(back, movements=halves), Original(transaction=SURRENDER), day) == []


def test_a_transaction_is_reversed_once(day: DayRules) -> None:
    original = Original(transaction=SURRENDER, reversed_by=9)
    assert found(reversing(SURRENDER), original, day) == [
        (3019, "Transaction 7 was already reversed by transaction 9.")
    ]


def test_a_transfer_cannot_be_undone(day: DayRules) -> None:
    transfer = replace(SURRENDER, kind="transfer")
    assert found(reversing(SURRENDER), Original(transaction=transfer), day) == [
        (3104, "Transaction 7 (transfer) cannot be undone by reverse surrender.")
    ]


def test_an_ordinary_transfer_undoes_nothing(day: DayRules) -> None:
    (movement,) = SURRENDER.movements
    there = replace(
        SURRENDER, kind="transfer", movements=(replace(movement, target=TRADER),), year=None
    )
    back = reversing(there, kind="transfer")
    assert found(back, Original(transaction=there), day) == [
        (3104, "Transaction 7 (transfer) cannot be undone by transfer.")
    ]


def test_a_reversal_is_the_whole_original_turned_round(day: DayRules) -> None:
    back = reversing(SURRENDER)
    less = replace(back, movements=(replace(back.movements[0], count=9),))
    assert found(less, Original(transaction=SURRENDER), day) == [
        (3105, "The movements are not those of transaction 7 turned round.")
    ]


def test_a_reversal_brings_back_the_very_same_units(day: DayRules) -> None:
    (movement,) = SURRENDER.movements
    named = replace(SURRENDER, movements=(replace(movement, block=Block("EX-1", 1, 10)),))
    back = reversing(named)

    def returning(*blocks: Block) -> list[int]:
        movements = tuple(
            replace(back.movements[0], count=block.count, block=block) for block in blocks
        )
        again = replace(back, movements=movements)
        return [number for number, _ in found(again, Original(transaction=named), day)]

    assert returning(Block("EX-1", 1, 4), Block("EX-1", 5, 10)) == []
    assert returning(Block("EX-1", 2, 11)) == [3105]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (None, "It is not said which transaction to reverse surrender."),
        (7, "There is no transaction 7 to undo by reverse surrender."),
    ],
)
def test_a_reversal_names_a_transaction_that_stands(
    number: int | None, sentence: str, day: DayRules
) -> None:
    back = replace(reversing(SURRENDER), reverses=number)
    assert found(back, None, day) == [(3106, sentence)]
