"""Sentences about allocation tables: everything in them is lawful, or nothing is paid."""

from collections.abc import Mapping
from datetime import date
from importlib.resources import as_file, files

import pytest

from tonne.refusal import Refusal, Refused
from tonne.rulebook import load
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
    MethodNotInForce,
    Operator,
    SupplyRules,
    allocate_table,
)


def law(scheme: str) -> SupplyRules:
    with as_file(files("tonne") / "schemes" / scheme / "supply.toml") as path:
        return load(path, SupplyRules)


@pytest.fixture(scope="module")
def eu() -> SupplyRules:
    return law("eu_ets")


@pytest.fixture(scope="module")
def example() -> SupplyRules:
    return law("example")


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
    method: AllocationMethod = "grandfathering",
) -> tuple[Refusal, ...]:
    with pytest.raises(Refused) as no:
        allocate_table(
            rows,
            kind="installation",
            operators=OPERATORS,
            allocated=allocated or {},
            rules=rules,
            method=method,
        )
    return no.value.refusals


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


def test_a_national_plan_may_keep_giving_to_who_has_closed(eu: SupplyRules) -> None:
    rows = (row("mine", 2007, 10),)
    operators = {"mine": Operator(closed_on=date(2006, 3, 1))}
    assert allocate_table(rows, kind="installation", operators=operators, allocated={}, rules=eu)
