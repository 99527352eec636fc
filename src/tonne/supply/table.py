"""An allocation table: who is given how many units of which year, checked before it is paid."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tonne.refusal import Refusal, refuse_if_any
from tonne.rulebook import Clause
from tonne.supply.cap import free_ceiling
from tonne.supply.refusals import (
    AllocationAfterClosure,
    AllocationAlreadyGiven,
    AllocationExceedsCeiling,
    AllocationListedTwice,
    AllocationNegative,
    AllocationTableEmpty,
    AllocationToExcludedOperator,
    AllocationToUnknownOperator,
    MethodNotInForce,
)
from tonne.supply.reserve import Drawn, Entry, new_entrants
from tonne.supply.rules import (
    AllocationMethod,
    AllocationRule,
    OperatorKind,
    SupplyRules,
    allocation_law,
)

Law = Mapping[int, Clause[AllocationRule]]
"""The law of allocation, year by year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Units of a year for an operator. Nothing is checked until the whole table is."""

    operator: str
    year: int
    count: int
    received: date | None = None
    """The day on which a new entrant asked for them; they come from the reserve."""

    closed_on: date | None = None
    """The day on which the operator closed, where the table says so."""

    row: int | None = field(default=None, compare=False)
    """Where it stands in the file, as a person counts; if none, its place in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """What an allocation must know of an operator."""

    closed_on: date | None = None
    excluded: frozenset[int] = frozenset()
    """Years for which it is excluded from the scheme."""


def allocate_table(
    rows: Iterable[Allocation],
    *,
    kind: OperatorKind,
    operators: Mapping[str, Operator],
    allocated: Mapping[int, int],
    drawn: Mapping[int, Drawn] | None = None,
    rules: SupplyRules,
    method: AllocationMethod = "table",
) -> tuple[Allocation, ...]:
    """The rows of a table in which everything is lawful; else all that is not, at once.

    ``operators`` are those of the kind; ``allocated`` is what was already given to them, by year,
    and ``drawn`` what the reserve has given and who has an allocation; ``method`` is how the
    figures were found.
    """
    table = tuple(rows)
    years = sorted({row.year for row in table})
    law = {year: allocation_law(year, rules) for year in years}
    ceilings = {year: free_ceiling(year, kind=kind, rules=rules) for year in years}
    refuse_if_any(
        [
            *_method_refusals(table, law, method),
            *_table_refusals(table, operators, law),
            *_given_refusals(table, law, drawn or {}),
            *_ceiling_refusals(table, law, ceilings, allocated),
            *_reserve_refusals(table, law, drawn or {}, kind),
        ]
    )
    return table


def _method_refusals(
    table: Sequence[Allocation], law: Law, method: AllocationMethod
) -> Iterator[Refusal]:
    if not table:
        yield AllocationTableEmpty(reference="A table that gives nothing to anybody is a mistake")
    for year, clause in law.items():
        if clause.value.method != method:
            yield MethodNotInForce(
                reference=clause.reference, year=year, asked=method, method=clause.value.method
            )


def _table_refusals(
    table: Sequence[Allocation], operators: Mapping[str, Operator], law: Law
) -> Iterator[Refusal]:
    seen: set[tuple[str, int]] = set()
    for place, row in _placed(table):
        clause = law[row.year]
        yield from _row_refusals(place, row, operators.get(row.operator), clause)
        if (row.operator, row.year) in seen:
            yield AllocationListedTwice(
                reference=clause.reference, row=place, operator=row.operator, year=row.year
            )
        seen.add((row.operator, row.year))


def _given_refusals(
    table: Sequence[Allocation], law: Law, drawn: Mapping[int, Drawn]
) -> Iterator[Refusal]:
    """Who is paid twice; of what is asked of the reserve, its own rule says so."""
    served = {year: before.served for year, before in drawn.items()}
    for place, row in _placed(table):
        if row.received is None and row.count > 0 and row.operator in served.get(row.year, ()):
            yield AllocationAlreadyGiven(
                reference=law[row.year].reference, row=place, operator=row.operator, year=row.year
            )


def _ceiling_refusals(
    table: Sequence[Allocation],
    law: Law,
    ceilings: Mapping[int, int],
    allocated: Mapping[int, int],
) -> Iterator[Refusal]:
    sums: Counter[int] = Counter()
    for row in table:
        if row.received is None:
            sums[row.year] += max(0, row.count)
    for year, ceiling in ceilings.items():
        before = allocated.get(year, 0)
        if sums[year] + before > ceiling:
            yield AllocationExceedsCeiling(
                reference=law[year].reference,
                year=year,
                asked=sums[year],
                allocated=before,
                ceiling=ceiling,
            )


def _reserve_refusals(
    table: Sequence[Allocation], law: Law, drawn: Mapping[int, Drawn], kind: OperatorKind
) -> Iterator[Refusal]:
    """What the reserve, which is for installations, does not give of what the table draws."""
    for year, clause in law.items():
        before = drawn.get(year, Drawn())
        of_year = [row for row in table if row.year == year and row.count > 0]
        reserve = clause.value.new_entrant_reserve if kind == "installation" else 0
        grants = new_entrants(
            [
                Entry(operator=row.operator, asked=row.count, received=row.received)
                for row in of_year
                if row.received is not None
            ],
            left=max(0, reserve - before.count),
            allocated=before.served.union(row.operator for row in of_year if row.received is None),
            reference=clause.reference,
        )
        for grant in grants:
            yield from grant.refusals


def _placed(table: Sequence[Allocation]) -> Iterator[tuple[int, Allocation]]:
    """The rows, each with where a person finds it."""
    return ((row.row or place, row) for place, row in enumerate(table, start=1))


def _row_refusals(
    place: int, row: Allocation, operator: Operator | None, law: Clause[AllocationRule]
) -> Iterator[Refusal]:
    if row.count < 0:
        yield AllocationNegative(
            reference=law.reference,
            row=place,
            operator=row.operator,
            year=row.year,
            count=row.count,
        )
    if operator is None:
        yield AllocationToUnknownOperator(reference=law.reference, row=place, operator=row.operator)
        return
    if row.count <= 0:
        return
    if row.year in operator.excluded:
        yield AllocationToExcludedOperator(
            reference=law.reference, row=place, operator=row.operator, year=row.year
        )
    days = [day for day in (operator.closed_on, row.closed_on) if day is not None]
    closed_on = min(days, default=None)
    if closed_on and row.year > closed_on.year and law.value.closure != "keeps":
        yield AllocationAfterClosure(
            reference=law.reference,
            row=place,
            operator=row.operator,
            year=row.year,
            closed_on=closed_on,
        )
