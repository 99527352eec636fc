"""An allocation is worked out: by past emissions or output, for who came later, for who closed.

Nothing is written. The table that comes out is paid out by ``allocate``, which checks it anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from functools import reduce

from tonne import supply
from tonne.mrv import Sheet
from tonne.operations.baselines import Applicant, read_baselines
from tonne.operations.scheme import Scheme
from tonne.quantity import Tonnes, places
from tonne.refusal import refuse_if_any
from tonne.rulebook import Clause
from tonne.supply import (
    Allocation,
    AllocationMethod,
    AllocationRule,
    Entry,
    Grant,
    Operator,
    OperatorKind,
)

_WIDE = Context(prec=200)  # a mean is shown to three digits; what is shared out is exact
_SHOWN_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What one operator is given, and what it follows from."""

    operator: str
    basis: Decimal | None
    """Its baseline in tonnes, or its units before the correction factor; none for a request."""

    before: int
    """Units before its closure was looked at."""

    allocation: Allocation


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedOut:
    """The allocation of a year with the figures of the law that it follows from."""

    year: int
    method: AllocationMethod
    reference: str
    ceiling: int
    """Units that may be given free, without the reserve."""

    correction_factor: Decimal | None
    uncorrected: Decimal | None
    """Units before the correction factor, where there is one; new entrants left out."""

    reserve: int
    drawn: int
    """Units that the table draws from the reserve."""

    given: int
    """Units that the table gives beside the reserve."""

    lines: tuple[Worked, ...]
    refused: tuple[Grant, ...]
    """New entrants to whom the reserve gives nothing, and why."""

    @property
    def table(self) -> list[Allocation]:
        """The table, as ``allocate`` takes it."""
        return [each.allocation for each in self.lines]


def work_out(
    scheme: Scheme, sheets: Iterable[Sheet], *, year: int, kind: OperatorKind = "installation"
) -> WorkedOut:
    """The allocation of a year from a file of baselines, by the method and figures of the law."""
    law = supply.allocation_law(year, scheme.supply)
    applicants = read_baselines(sheets, year=year, law=law)
    ceiling = supply.free_ceiling(year, kind=kind, rules=scheme.supply)
    reserve = law.value.new_entrant_reserve if kind == "installation" else 0
    counts = _counts(applicants, ceiling, law)
    settled = {each.operator: counts[each.operator] for each in applicants if each.received is None}
    entries = [
        Entry(operator=each.operator, asked=counts[each.operator], received=each.received)
        for each in applicants
        if each.received is not None and counts[each.operator]
    ]
    grants = supply.new_entrants(entries, left=reserve, allocated=settled, reference=law.reference)
    refused = tuple(each for each in grants if each.refusals)
    unserved = {each.operator for each in refused}
    granted = {name: count for name, count in counts.items() if name not in unserved}
    if not granted:
        refuse_if_any(no for each in refused for no in each.refusals)
    basis = _basis(applicants, law.value)
    lines = tuple(
        _worked(each, granted[each.operator], basis.get(each.operator), year, law.value)
        for each in applicants
        if each.operator in granted
    )
    table = supply.allocate_table(
        [each.allocation for each in lines],
        kind=kind,
        operators={each.operator: Operator() for each in lines},
        allocated={},
        rules=scheme.supply,
        method=law.value.method,
    )
    factor = law.value.correction_factor if law.value.method == "benchmarking" else None
    return WorkedOut(
        year=year,
        method=law.value.method,
        reference=law.reference,
        ceiling=ceiling,
        correction_factor=factor,
        uncorrected=None
        if factor is None
        else reduce(_WIDE.add, map(basis.__getitem__, settled), Decimal(0)),
        reserve=reserve,
        drawn=sum(row.count for row in table if row.received is not None),
        given=sum(row.count for row in table if row.received is None),
        lines=lines,
        refused=refused,
    )


def _counts(
    applicants: Sequence[Applicant], ceiling: int, law: Clause[AllocationRule]
) -> dict[str, int]:
    """What the method gives each operator, or lets it ask of the reserve, before any closure."""
    if law.value.method == "benchmarking":
        activities = [activity for each in applicants for activity in each.activities]
        return {row.operator: row.count for row in supply.benchmark(activities, law=law)}
    asked = {each.operator: each.asked for each in applicants if not each.past}
    past = {
        each.operator: supply.baseline(_emissions(each), law.value)
        for each in applicants
        if each.past
    }
    if not past:
        return asked
    return asked | supply.grandfather(past, total=ceiling, reference=law.reference)


def _basis(applicants: Sequence[Applicant], rule: AllocationRule) -> dict[str, Decimal]:
    """What each operator's units follow from, as it is shown."""
    if rule.method == "benchmarking":
        activities = [activity for each in applicants for activity in each.activities]
        return {name: units for (name, _), units in supply.preliminary(activities).items()}
    found = {
        each.operator: supply.baseline(_emissions(each), rule) for each in applicants if each.past
    }
    return {
        name: places(
            _WIDE.divide(Decimal(each.numerator), Decimal(each.denominator)), _SHOWN_DIGITS
        )
        for name, each in found.items()
    }


def _emissions(applicant: Applicant) -> list[Tonnes]:
    return [Tonnes(each) for each in applicant.past.values()]


def _worked(
    applicant: Applicant, count: int, basis: Decimal | None, year: int, rule: AllocationRule
) -> Worked:
    closed_on: date | None = applicant.closed_on
    left = count
    if closed_on is not None:
        left = supply.after_closure(count, year=year, closed_on=closed_on, law=rule)
    return Worked(
        operator=applicant.operator,
        basis=basis,
        before=count,
        allocation=Allocation(
            operator=applicant.operator,
            year=year,
            count=left,
            received=applicant.received,
            closed_on=closed_on,
        ),
    )
