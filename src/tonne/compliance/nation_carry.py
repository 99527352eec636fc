"""What is left of a period: which units go over, which are lost, and what to retire first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tonne.compliance.nation_amounts import additional_period_end
from tonne.compliance.nation_refusals import (
    CarriedOverTooSoon,
    CarryOverExceedsLimit,
    UnitNeverCarriedOver,
    UnitNotOfPeriod,
)
from tonne.compliance.nation_rules import NationRules
from tonne.compliance.rules import rounding
from tonne.quantity import product, whole
from tonne.refusal import Refusal

Units = Mapping[str, int]
"""So many units of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodEndPlan:
    """What a nation retires, carries over and loses at the end of a period."""

    retired: tuple[tuple[str, int], ...]
    """In the order in which they are retired; a kind may come twice."""

    carried: Units
    lost: Units
    """What is neither retired nor carried over: it is cancelled."""

    to_replace: int
    """Retired units that expire, and must be replaced later."""

    missing: int
    """Tonnes for which there is no unit."""

    @property
    def carried_count(self) -> int:
        """All that goes over."""
        return sum(self.carried.values())


def carry_limit(unit: str, amount: int, rules: NationRules, *, on: date) -> int | None:
    """How many units of a kind go over at most; none where there is no limit.

    Each limited kind has the share for itself (decision 13/CMP.1, annex, paragraph 15).
    """
    law = rules.carry_over.on(on).value
    if unit in law.unlimited:
        return None
    if unit in law.limited:
        return whole(product(law.limit_share, Decimal(amount)), rounding(law.rounding))
    return 0


def carried_over(left: Units, amount: int, rules: NationRules, *, on: date) -> dict[str, int]:
    """What goes over of that which is left, by kind."""
    found = {}
    for unit, count in left.items():
        limit = carry_limit(unit, amount, rules, on=on)
        found[unit] = count if limit is None else min(count, limit)
    return {unit: count for unit, count in found.items() if count}


def best_plan(
    held: Units, *, emissions: int, amount: int, forest_limit: int, rules: NationRules, on: date
) -> PeriodEndPlan:
    """The retirement that lets most units go over.

    First goes what would be lost anyway: units never carried over, and limited ones above their
    limit. Units that expire come after those, because they must be replaced later. Only then come
    units that could have gone over.
    """
    law, forest = rules.carry_over.on(on).value, rules.project_forest.on(on).value.units
    limits = {unit: carry_limit(unit, amount, rules, on=on) or 0 for unit in law.limited}
    order = [
        *((unit, held.get(unit, 0)) for unit in law.never if unit not in forest),
        *((unit, max(0, held.get(unit, 0) - limits[unit])) for unit in law.limited),
        *((unit, held.get(unit, 0)) for unit in law.never if unit in forest),
        *((unit, held.get(unit, 0)) for unit in law.unlimited),
        *((unit, min(held.get(unit, 0), limits[unit])) for unit in law.limited),
    ]
    return _plan(
        held, order, emissions=emissions, amount=amount, room=forest_limit, rules=rules, on=on
    )


def plan_in_order(
    held: Units,
    order: Sequence[str],
    *,
    emissions: int,
    amount: int,
    forest_limit: int,
    rules: NationRules,
    on: date,
) -> PeriodEndPlan:
    """What comes of retiring kinds in an order of one's own; kinds not named are kept."""
    named = [(unit, held.get(unit, 0)) for unit in order]
    return _plan(
        held, named, emissions=emissions, amount=amount, room=forest_limit, rules=rules, on=on
    )


def carry_over_refusals(
    unit: str,
    count: int,
    *,
    before: int,
    amount: int,
    day: date,
    rules: NationRules,
    on: date,
) -> Iterator[Refusal]:
    """Why units do not go over; ``before`` are those of the kind that went already."""
    clause, end = rules.carry_over.on(on), additional_period_end(rules, on=on)
    if day <= end:
        yield CarriedOverTooSoon(reference=clause.reference, day=day, last=end)
    if unit not in clause.value.kinds:
        yield UnitNotOfPeriod(reference=clause.reference, unit=unit, accepted=clause.value.kinds)
    elif unit in clause.value.never:
        yield UnitNeverCarriedOver(reference=clause.reference, unit=unit)
    elif (limit := carry_limit(unit, amount, rules, on=on)) is not None:
        left = max(0, limit - before)
        if count > left:
            yield CarryOverExceedsLimit(
                reference=clause.reference, unit=unit, asked=count, left=left
            )


def _plan(
    held: Units,
    order: Sequence[tuple[str, int]],
    *,
    emissions: int,
    amount: int,
    room: int,
    rules: NationRules,
    on: date,
) -> PeriodEndPlan:
    """What comes of an order; ``room`` is how many units of forestry projects may be used."""
    forest = rules.project_forest.on(on).value.units
    retired, left, missing = [], dict(held), emissions
    for unit, offered in order:
        count = min(offered, left.get(unit, 0), missing, room if unit in forest else missing)
        if count:
            retired.append((unit, count))
            left[unit] -= count
            missing -= count
            room -= count if unit in forest else 0
    carried = carried_over(left, amount, rules, on=on)
    lost = {unit: count - carried.get(unit, 0) for unit, count in left.items()}
    return PeriodEndPlan(
        retired=tuple(retired),
        carried=carried,
        lost={unit: count for unit, count in lost.items() if count},
        to_replace=sum(count for unit, count in retired if unit in forest),
        missing=missing,
    )
