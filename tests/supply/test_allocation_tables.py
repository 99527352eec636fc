"""Sentences about allocation tables: everything in them is lawful, or nothing is paid."""

from collections.abc import Mapping
from datetime import date

import pytest

from changed import replace
from tonne.refusal import Refusal, Refused
from tonne.supply import (
    Allocation,
    AllocationAfterClosure,
    AllocationExceedsCeiling,
    AllocationListedTwice,
    AllocationMethod,
    AllocationNegative,
    AllocationTableEmpty,
    AllocationToExcludedOperator,
    AllocationToUnknownOperator,
    Drawn,
    MethodNotInForce,
    NotNewEntrant,
    Operator,
    OperatorKind,
    ReserveExhausted,
    SupplyRules,
    allocate_table,
)

OPERATORS = {
    "steelworks": Operator(),
    "hospital": Operator(excluded=frozenset({2026})),
    "brickworks": Operator(closed_on=date(2025, 9, 30)),
}


def row(operator: str, year: int, count: int) -> Allocation:
    return Allocation(operator=operator, year=year, count=count)


def refused(
    rules: SupplyRules,
    *rows: Allocation,
    allocated: Mapping[int, int] | None = None,
    drawn: Mapping[int, Drawn] | None = None,
    kind: OperatorKind = "installation",
    method: AllocationMethod = "grandfathering",
) -> tuple[Refusal, ...]:
    with pytest.raises(Refused) as no:
        allocate_table(
            rows,
            kind=kind,
            operators=OPERATORS,
            allocated=allocated or {},
            drawn=drawn,
            rules=rules,
            method=method,
        )
    return no.value.refusals


def test_who_was_given_units_of_a_year_is_not_given_them_again(example: SupplyRules) -> None:
    drawn = {2025: Drawn(count=0, served=frozenset({"steelworks"}))}
    rows = (row("steelworks", 2025, 5), row("brickworks", 2025, 5), row("steelworks", 2026, 5))
    (no,) = refused(example, *rows, drawn=drawn)
    assert (no.number, str(no)) == (
        4018, "Row 1: operator steelworks was already given units of 2025.",
    )  # fmt: skip


def test_a_lawful_table_is_returned_as_it_is(example: SupplyRules) -> None:
    rows = (
        row("steelworks", 2025, 80_000),
        row("brickworks", 2025, 5_000),
        row("hospital", 2025, 0),
    )
    assert rows == allocate_table(
        rows,
        kind="installation",
        operators=OPERATORS,
        allocated={},
        rules=example,
        method="grandfathering",
    )


def test_everything_wrong_with_a_table_is_said_at_once(example: SupplyRules) -> None:
    refusals = refused(
        example,
        row("steelworks", 2025, -1),
        row("steelworks", 2025, 90_000),
        row("castle", 2025, 1),
        row("hospital", 2026, 1),
        row("brickworks", 2026, 1),
        method="table",
    )
    assert {type(each) for each in refusals} == {
        MethodNotInForce,
        AllocationNegative,
        AllocationListedTwice,
        AllocationExceedsCeiling,
        AllocationToUnknownOperator,
        AllocationToExcludedOperator,
        AllocationAfterClosure,
    }


def test_a_table_names_somebody(example: SupplyRules) -> None:
    (refusal,) = refused(example)
    assert isinstance(refusal, AllocationTableEmpty)
    assert str(refusal) == "The allocation table is empty."


def test_an_operator_has_one_line_for_a_year(example: SupplyRules) -> None:
    (refusal,) = refused(example, row("steelworks", 2025, 1), row("steelworks", 2025, 2))
    assert isinstance(refusal, AllocationListedTwice)
    assert str(refusal) == "Row 2: operator steelworks already has a line for 2025."


def test_nobody_is_given_less_than_nothing(example: SupplyRules) -> None:
    (refusal,) = refused(example, row("steelworks", 2025, -7))
    assert isinstance(refusal, AllocationNegative)
    assert "cannot be given -7 units" in str(refusal)


def test_units_are_given_to_known_operators(example: SupplyRules) -> None:
    (refusal,) = refused(example, row("castle", 2025, 7))
    assert isinstance(refusal, AllocationToUnknownOperator)
    assert str(refusal) == "Row 1: there is no operator castle."


def test_who_is_excluded_is_given_nothing(example: SupplyRules) -> None:
    (refusal,) = refused(example, row("hospital", 2026, 7))
    assert isinstance(refusal, AllocationToExcludedOperator)
    assert "excluded from 2026" in str(refusal)


def test_who_has_closed_is_given_nothing_for_the_years_after(example: SupplyRules) -> None:
    (refusal,) = refused(example, row("brickworks", 2026, 7))
    assert isinstance(refusal, AllocationAfterClosure)
    assert "closed on 2025-09-30" in str(refusal)


def test_no_more_is_given_than_the_law_leaves(example: SupplyRules) -> None:
    (refusal,) = refused(example, row("steelworks", 2025, 80_000), allocated={2025: 5_001})
    assert isinstance(refusal, AllocationExceedsCeiling)
    assert refusal.facts() == {
        "year": 2025,
        "asked": 80_000,
        "allocated": 5_001,
        "ceiling": 85_000,
    }
    assert "more than the 85,000 that may be given free" in str(refusal)


def test_units_are_given_by_the_method_of_the_law(example: SupplyRules) -> None:
    (refusal,) = refused(example, row("steelworks", 2025, 1), method="benchmarking")
    assert isinstance(refusal, MethodNotInForce)
    assert str(refusal) == "For 2025 the law allocates by grandfathering, not by benchmarking."


def late(operator: str, count: int, day: int = 1) -> Allocation:
    """What a new entrant asked for on a day of January."""
    return replace(row(operator, 2025, count), received=date(2025, 1, day))


def test_what_the_reserve_gives_is_not_counted_against_the_ceiling(example: SupplyRules) -> None:
    # 85,000 may be given free, and 5,000 more are kept for new entrants.
    rows = (row("steelworks", 2025, 85_000), late("hospital", 5_000))
    assert rows == allocate_table(
        rows,
        kind="installation",
        operators=OPERATORS,
        allocated={},
        rules=example,
        method="grandfathering",
    )


def test_the_reserve_of_a_year_gives_what_is_left_in_it(example: SupplyRules) -> None:
    drawn = {2025: Drawn(count=4_000, served=frozenset({"steelworks"}))}
    rows = [late("hospital", 600, day=2), late("brickworks", 500), late("steelworks", 1)]
    not_new, none_left = refused(example, *rows, drawn=drawn)
    # 1,000 are left. The brickworks asked first and has 500; 600 are more than the other 500.
    assert str(none_left) == "Operator hospital asks for 600 units; 500 are left in the reserve."
    assert isinstance(not_new, NotNewEntrant)
    assert not_new.operator == "steelworks"


def test_who_is_in_the_table_already_is_no_new_entrant(example: SupplyRules) -> None:
    rows = [row("steelworks", 2025, 7), late("steelworks", 1)]
    assert {type(each) for each in refused(example, *rows)} == {
        AllocationListedTwice,
        NotNewEntrant,
    }


def test_the_reserve_is_not_for_aircraft(example: SupplyRules) -> None:
    (refusal,) = refused(example, late("steelworks", 1), kind="aircraft")
    assert isinstance(refusal, ReserveExhausted)


def test_a_table_may_say_when_an_operator_closed(example: SupplyRules) -> None:
    told = replace(row("steelworks", 2026, 7), closed_on=date(2025, 12, 31))
    (refusal,) = refused(example, told)
    assert isinstance(refusal, AllocationAfterClosure)
    assert refusal.closed_on == date(2025, 12, 31)
    # Of two days the earlier one counts.
    later = replace(row("brickworks", 2026, 7), closed_on=date(2026, 1, 31))
    (refusal,) = refused(example, later)
    assert isinstance(refusal, AllocationAfterClosure)
    assert refusal.closed_on == date(2025, 9, 30)


def test_a_national_plan_may_keep_giving_to_who_has_closed(eu: SupplyRules) -> None:
    rows = (row("mine", 2007, 10),)
    operators = {"mine": Operator(closed_on=date(2006, 3, 1))}
    assert allocate_table(rows, kind="installation", operators=operators, allocated={}, rules=eu)
