"""How it is found what an operator is given: by its past, by its output, or to its end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm

from tonne.quantity import EXACT, Tonnes, product, whole
from tonne.refusal import Refusal, refuse_if_any
from tonne.rulebook import Clause
from tonne.supply.refusals import (
    ActivityNegative,
    BaselineNegative,
    NothingToShareBy,
)
from tonne.supply.rules import AllocationRule, rounding
from tonne.supply.table import Allocation


def baseline(past: Sequence[Tonnes], rule: AllocationRule) -> Fraction:
    """What the past years of an operator come to by the method of the law, exactly."""
    assert past, "there is a past year"
    assert len(past) == 1 or rule.baseline is not None, "the law says what several years come to"
    years = [Fraction(each.value) for each in past]
    return max(years) if rule.baseline == "highest" else sum(years, Fraction(0)) / len(years)


def grandfather(
    baselines: Mapping[str, Tonnes | Fraction], *, total: int, reference: str
) -> dict[str, int]:
    """Share a total in proportion to past emissions, to the last unit.

    Everyone has the whole part of the share; the units left over go one each to the largest
    fractions, and of equal fractions to the operator whose number comes first.

    >>> third = {name: Tonnes(Decimal(10)) for name in "ABC"}
    >>> grandfather(third, total=100, reference="Example Act, s. 5")
    {'A': 34, 'B': 33, 'C': 33}
    """
    assert total >= 0, "a total is not less than nothing"
    parts = {
        operator: past if isinstance(past, Fraction) else Fraction(past.value)
        for operator, past in baselines.items()
    }
    refuse_if_any(_baseline_refusals(parts, total, reference))
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
    """Output times benchmark times leakage factor times the correction factor of the year.

    What an operator has for all that it makes is added up and rounded once.
    """
    listed = tuple(activities)
    refuse_if_any(_activity_refusals(listed, law.reference))
    factor = law.value.correction_factor
    assert factor is not None, "benchmarking has a correction factor"
    by = rounding(law.value.rounding)
    return tuple(
        Allocation(operator=operator, year=year, count=whole(product(units, factor), by))
        for (operator, year), units in preliminary(listed).items()
    )


def preliminary(activities: Iterable[Activity]) -> dict[tuple[str, int], Decimal]:
    """Units by operator and year before the correction factor, not rounded."""
    found: dict[tuple[str, int], Decimal] = {}
    for each in activities:
        key = (each.operator, each.year)
        units = product(each.level, each.benchmark, each.leakage_factor)
        found[key] = EXACT.add(found.get(key, Decimal(0)), units)
    return found


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
    baselines: Mapping[str, Fraction], total: int, reference: str
) -> Iterator[Refusal]:
    for operator, past in baselines.items():
        if past < 0:
            told = Decimal(past.numerator) / past.denominator
            yield BaselineNegative(reference=reference, operator=operator, baseline=told)
    if not any(baselines.values()):
        yield NothingToShareBy(reference=reference, total=total)


def _activity_refusals(activities: Sequence[Activity], reference: str) -> Iterator[Refusal]:
    for each in activities:
        if min(each.level, each.benchmark, each.leakage_factor) < 0:
            yield ActivityNegative(reference=reference, operator=each.operator, year=each.year)
