"""A file of baselines as a person wrote it: every fault by sheet, row and column, or its rows.

Two tables are understood, by what the law of the year allocates by: past emissions, one row for an
operator and a past year; or output, one row for an operator and a product. A row may say when the
operator closed, or that it came later and asks the reserve.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar

from tonne import mrv
from tonne.mrv import CellEmpty, CellNotReadable, Form, Row, Sheet, Value
from tonne.refusal import Refusal, refuse_if_any
from tonne.rulebook import Clause
from tonne.supply import Activity, AllocationRule

PAST = Form(
    needed={"operator_id": "text"},
    optional={
        "emitted_in": "year",
        "emissions": "number",
        "asked": "count",
        "received": "day",
        "closed_on": "day",
    },
    key=("operator_id", "emitted_in"),
)
"""The table of past emissions, for grandfathering."""

OUTPUT = Form(
    needed={
        "operator_id": "text",
        "product": "text",
        "level": "number",
        "leakage_factor": "number",
    },
    optional={"received": "day", "closed_on": "day"},
    key=("operator_id", "product"),
)
"""The table of output, for benchmarking."""


FAULTS_MAX = 1000
_EMITTED = {"emitted_in", "emissions"}
_ASKS = {"asked", "received"}
_OF_OPERATOR = {"asked", "received", "closed_on"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToWorkOut(Refusal):
    """Where the law lays down what each operator is given, nothing is worked out."""

    number: ClassVar[int] = 4460
    remedy: ClassVar[str] = "Write the table of the law into a file, and allocate it."

    year: int

    def __str__(self) -> str:
        return f"For {self.year} the law allocates by a table that is laid down."


@dataclass(frozen=True, slots=True, kw_only=True)
class LawSaysNothing(Refusal):
    """What an allocation is worked out by stands in the law."""

    number: ClassVar[int] = 4461
    remedy: ClassVar[str] = "Add the field to the clause of the allocation in supply.toml."

    year: int
    field: str
    what: str

    def __str__(self) -> str:
        return f"For {self.year} the law does not say {self.what} ({self.field})."


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What a file says of one operator."""

    operator: str
    past: Mapping[int, Decimal] = field(default_factory=dict)
    """Emissions by past year."""

    activities: tuple[Activity, ...] = ()
    asked: int = 0
    """Units asked of the reserve, where they do not follow from output."""

    received: date | None = None
    """The day on which the reserve was asked, by one that came later."""

    closed_on: date | None = None


def read_baselines(
    sheets: Iterable[Sheet], *, year: int, law: Clause[AllocationRule]
) -> list[Applicant]:
    """The operators of a file, or :class:`~tonne.refusal.Refused` with every fault of it."""
    refuse_if_any(_lacking(year, law))
    past = law.value.method == "grandfathering"
    faults: list[Refusal] = []
    groups: dict[str, list[Row]] = {}
    for sheet in sheets:
        rows, wrong = mrv.read_rows(sheet, PAST if past else OUTPUT, reference=law.reference)
        faults += wrong
        for row in rows:
            groups.setdefault(row.text("operator_id"), []).append(row)
    for group in groups.values():
        faults += _unlike(group, "received", law)
        faults += _unlike(group, "closed_on", law)
        faults += _past_refusals(group, year, law) if past else _output_refusals(group, law)
    refuse_if_any(islice(faults, FAULTS_MAX))
    found = [_applicant(operator, group, year, law) for operator, group in groups.items()]
    refuse_if_any(_unsaid(found, year, law))
    return found


def _lacking(year: int, law: Clause[AllocationRule]) -> Iterator[Refusal]:
    """What the law would have to say and does not."""
    if law.value.method == "table":
        yield NothingToWorkOut(reference=law.reference, year=year)
    elif law.value.method == "benchmarking" and not law.value.benchmarks:
        what = "what is granted for a product"
        yield LawSaysNothing(reference=law.reference, year=year, field="benchmarks", what=what)


def _unsaid(
    found: Sequence[Applicant], year: int, law: Clause[AllocationRule]
) -> Iterator[Refusal]:
    """That the law must say what several years come to, once an operator has several."""
    if law.value.baseline is None and any(len(each.past) > 1 for each in found):
        what = "what several past years of an operator come to"
        yield LawSaysNothing(reference=law.reference, year=year, field="baseline", what=what)


def _unlike(rows: Sequence[Row], column: str, law: Clause[AllocationRule]) -> Iterator[Refusal]:
    """A day of an operator that is another one in another row."""
    first = next((row for row in rows if column in row.values), None)
    for row in rows:
        if first and row.values.get(column, first.values[column]) != first.values[column]:
            as_before = f"{first.values[column]}, as in row {first.row} of {first.sheet!r}"
            yield _unfit(row, column, as_before, law)


def _past_refusals(
    rows: Sequence[Row], year: int, law: Clause[AllocationRule]
) -> Iterator[Refusal]:
    """Rows that are neither a past year nor a request, or not of a year that counts."""
    seen: set[Value] = set()
    years = law.value.baseline_years
    old = any(_EMITTED & row.values.keys() for row in rows)
    for row in rows:
        asks = _ASKS & row.values.keys()
        for column in sorted((_ASKS if asks else _EMITTED) - row.values.keys()):
            yield CellEmpty(reference=law.reference, **row.place(column))
        for column in sorted(asks) if old else ():
            yield _unfit(row, column, "empty for an operator that has past emissions", law)
        emitted_in = "a request" if asks else row.values.get("emitted_in", "")
        if emitted_in in seen:
            yield _unfit(row, "asked" if asks else "emitted_in", "in one row only", law)
        seen.add(emitted_in)
        if isinstance(emitted_in, int) and (
            emitted_in >= year if years is None else emitted_in not in years
        ):
            named = f"one of the years {', '.join(map(str, years or ()))}"
            yield _unfit(row, "emitted_in", named if years else f"a year before {year}", law)
        yield from _outside(row, "emissions", None, law)


def _output_refusals(rows: Sequence[Row], law: Clause[AllocationRule]) -> Iterator[Refusal]:
    """Output that is less than nothing, of a product without a benchmark or told twice."""
    known = [each.product for each in law.value.benchmarks or ()]
    seen: set[str] = set()
    for row in rows:
        product = row.text("product")
        if product not in known:
            yield _unfit(row, "product", f"a product of the law: {', '.join(known)}", law)
        elif product in seen:
            yield _unfit(row, "product", "in one row only", law)
        seen.add(product)
        yield from _outside(row, "level", None, law)
        yield from _outside(row, "leakage_factor", 1, law)


def _outside(
    row: Row, column: str, most: int | None, law: Clause[AllocationRule]
) -> Iterator[Refusal]:
    """A number that is less than nothing, or more than there can be."""
    found = row.values.get(column)
    if isinstance(found, Decimal) and (found < 0 or (most is not None and found > most)):
        yield _unfit(row, column, "0 or more" if most is None else f"from 0 to {most}", law)


def _unfit(row: Row, column: str, expected: str, law: Clause[AllocationRule]) -> Refusal:
    return CellNotReadable(
        reference=law.reference, **row.place(column), found=row.text(column), expected=expected
    )


def _applicant(
    operator: str, rows: Sequence[Row], year: int, law: Clause[AllocationRule]
) -> Applicant:
    """What the rows of an operator say; every one of them has been found in order."""
    benchmarks = {each.product: each.value for each in law.value.benchmarks or ()}
    values: dict[str, Any] = {}
    for row in rows:
        values |= {name: row.values[name] for name in _OF_OPERATOR & row.values.keys()}
    past: dict[Any, Any] = {
        row.values["emitted_in"]: row.values["emissions"]
        for row in rows
        if row.values.keys() >= _EMITTED
    }
    made: list[dict[str, Any]] = [dict(row.values) for row in rows if "level" in row.values]
    return Applicant(
        operator=operator,
        past=past,
        activities=tuple(
            Activity(
                operator=operator,
                year=year,
                level=each["level"],
                benchmark=benchmarks[each["product"]],
                leakage_factor=each["leakage_factor"],
            )
            for each in made
        ),
        **values,
    )
