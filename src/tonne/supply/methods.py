"""How it is found what an operator is given: by its past, by its output, late, or to its end."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm

from tonne.quantity import Tonnes, whole
from tonne.refusal import Refusal, refuse_if_any
from tonne.rulebook import Clause
from tonne.supply.refusals import (
    ActivityNegative,
    BaselineNegative,
    NothingToShareBy,
    NotNewEntrant,
    ReserveExhausted,
)
from tonne.supply.rules import AllocationRule, product, rounding
from tonne.supply.table import Allocation


def grandfather(baselines: Mapping[str, Tonnes], *, total: int, reference: str) -> dict[str, int]:
    """Share a total in proportion to past emissions, to the last unit.

    Everyone has the whole part of the share; the units left over go one each to the largest
    fractions, and of equal fractions to the operator whose number comes first.

    >>> third = {name: Tonnes(Decimal(10)) for name in "ABC"}
    >>> grandfather(third, total=100, reference="Example Act, s. 5")
    {'A': 34, 'B': 33, 'C': 33}
    """
    assert total >= 0, "a total is not less than nothing"
    refuse_if_any(_baseline_refusals(baselines, total, reference))
    parts = {operator: Fraction(past.value) for operator, past in baselines.items()}
    # In parts of one size the shares are whole numbers, and their remainders compare exactly.
    size = lcm(*(part.denominator for part in parts.values()))
    weights = {name: part.numerator * (size // part.denominator) for name, part in parts.items()}
    all_weights = sum(weights.values())
    counts = {name: total * weight // all_weights for name, weight in weights.items()}
    left = total - sum(counts.values())
    by_fraction = sorted(weights, key=lambda name: (-(total * weights[name] % all_weights), name))
    for operator in by_fraction[:left]:
        counts[operator] += 1
    return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What an operator made, and what the law grants for one of it."""

    operator: str
    year: int
    level: Decimal
    benchmark: Decimal
    """Units for one unit of output."""

    leakage_factor: Decimal
    """1 where the trade could move abroad; less where it could not."""


def benchmark(
    activities: Iterable[Activity], *, law: Clause[AllocationRule]
) -> tuple[Allocation, ...]:
    """Output times benchmark times leakage factor times the correction factor of the year."""
    listed = tuple(activities)
    refuse_if_any(_activity_refusals(listed, law.reference))
    factor = law.value.correction_factor
    assert factor is not None, "benchmarking has a correction factor"
    by = rounding(law.value.rounding)
    return tuple(
        Allocation(
            operator=each.operator,
            year=each.year,
            count=whole(product(each.level, each.benchmark, each.leakage_factor, factor), by),
        )
        for each in listed
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody who came later asks of the reserve."""

    operator: str
    asked: int
    received: date

    def __post_init__(self) -> None:
        assert self.asked > 0, "an entry asks for something"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the reserve gives to one of them: all that was asked, or nothing and why."""

    operator: str
    count: int
    refusals: tuple[Refusal, ...] = ()


def new_entrants(
    entries: Iterable[Entry], *, left: int, allocated: Collection[str], reference: str
) -> tuple[Grant, ...]:
    """What the reserve gives: first come, first served; on one day, in the order given.

    One that asks for more than is left is refused, and the next is heard. ``allocated`` are the
    operators that already have an allocation.
    """
    grants: list[Grant] = []
    served = set(allocated)
    for entry in sorted(entries, key=lambda each: each.received):
        refusals = tuple(_entry_refusals(entry, left, served, reference))
        count = 0 if refusals else entry.asked
        grants.append(Grant(operator=entry.operator, count=count, refusals=refusals))
        left -= count
        if count:
            served.add(entry.operator)
    return tuple(grants)


def after_closure(count: int, *, year: int, closed_on: date, law: AllocationRule) -> int:
    """What is still given of an allocation for a year to an operator that closed.

    * ``stops_next_year``: all of it for the year of closure, nothing after.
    * ``pro_rata``: for the year of closure by the days until it closed, nothing after.
    * ``keeps``: all of it.
    """
    if law.closure == "keeps" or year < closed_on.year:
        return count
    if year > closed_on.year:
        return 0
    if law.closure == "stops_next_year":
        return count
    start = date(year, 1, 1)
    open_days = (closed_on - start).days + 1
    all_days = (date(year + 1, 1, 1) - start).days
    # A quotient by days of a year is never so near a whole or a half that 28 digits mistake it.
    return whole(Decimal(count * open_days) / all_days, rounding(law.rounding))


def _baseline_refusals(
    baselines: Mapping[str, Tonnes], total: int, reference: str
) -> Iterator[Refusal]:
    for operator, past in baselines.items():
        if past < Tonnes.zero:
            yield BaselineNegative(reference=reference, operator=operator, baseline=past.value)
    if not any(past.value for past in baselines.values()):
        yield NothingToShareBy(reference=reference, total=total)


def _activity_refusals(activities: Sequence[Activity], reference: str) -> Iterator[Refusal]:
    for each in activities:
        if min(each.level, each.benchmark, each.leakage_factor) < 0:
            yield ActivityNegative(reference=reference, operator=each.operator, year=each.year)


def _entry_refusals(
    entry: Entry, left: int, served: Collection[str], reference: str
) -> Iterator[Refusal]:
    if entry.operator in served:
        yield NotNewEntrant(reference=reference, operator=entry.operator)
    if entry.asked > left:
        yield ReserveExhausted(
            reference=reference, operator=entry.operator, asked=entry.asked, left=left
        )
