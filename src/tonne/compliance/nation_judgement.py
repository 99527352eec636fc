"""Was a commitment met? Inventories against retired units; what follows if it was not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tonne.compliance.nation_amounts import additional_period_end, withdrawn
from tonne.compliance.nation_forest import project_forest_limit
from tonne.compliance.nation_refusals import (
    ForestryLimitExceeded,
    InventoryMissing,
    JudgedTogether,
    JudgedTooSoon,
    RetiredOutOfTime,
    UnitNotOfPeriod,
)
from tonne.compliance.nation_rules import NationRules
from tonne.compliance.rules import rounding
from tonne.quantity import Tonnes, product, whole
from tonne.refusal import Refusal, Refused, refuse_if_any


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What a nation emitted in a year, by its reviewed inventory."""

    year: int
    tonnes: Tonnes


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """Units of a kind that a nation retired on a day."""

    kind: str
    count: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NationPosition:
    """A nation at the end of a period. What it holds does not appear: only what it retired."""

    party: str
    inventories: tuple[Inventory, ...]
    retired: tuple[Retirement, ...]
    base_tonnes: int | None = None
    """Emissions of its base year; none where no units of forestry projects are retired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What follows where too little was retired, or nothing of it."""

    excess: int
    """Tonnes for which no unit was retired."""

    deduction: int | None
    """Units taken from the amount of the next period; none where there is no next period."""

    in_compliance: bool
    transfer: bool
    """Whether it may still sell."""

    acquire: bool
    plan_months: int | None
    """In so many months it hands in a plan of action."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the end of a period says of one nation."""

    party: str
    emissions: int
    counted: int
    """Retired units that count."""

    late: int
    """Those that came after the additional period: they have no effect."""

    shortfall: Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """How much of what was retired came of projects: a figure without a limit."""

    retired: int
    from_projects: int
    share: Decimal
    """In per cent, to one place."""

    limit: Literal["reported"]
    reference: str


def judge(
    position: NationPosition, rules: NationRules, *, on: date, successor: bool = True
) -> Judgement:
    """A period's emissions against the units retired for it by the end of the additional period.

    Who left before that is not judged; members of a bubble are judged by ``judge_bubble`` instead.
    The law of the period is that of ``on``.
    """
    bubble = rules.bubble.on(on)
    if position.party in bubble.value.members:
        raise Refused(
            [
                JudgedTogether(
                    reference=bubble.reference, party=position.party, bubble=bubble.value.party
                )
            ]
        )
    end = additional_period_end(rules, on=on)
    refuse_if_any(withdrawn(position.party, rules, on=on, by=end))
    emissions = emissions_of(position.party, position.inventories, rules, on=on)
    counted, late = counted_units(position, rules, on=on)
    return Judgement(
        party=position.party,
        emissions=emissions,
        counted=counted,
        late=late,
        shortfall=shortfall(emissions - counted, rules, on=on, successor=successor),
    )


def judging_refusals(rules: NationRules, *, on: date, day: date) -> Iterator[Refusal]:
    """Why a period is not judged yet: units may still be retired for it."""
    end = additional_period_end(rules, on=on)
    if day <= end:
        yield JudgedTooSoon(reference=rules.restoration.on(on).reference, day=day, last=end)


def counted_units(position: NationPosition, rules: NationRules, *, on: date) -> tuple[int, int]:
    """Retired units that count for the period, and those that came too late to do so."""
    end = additional_period_end(rules, on=on)
    in_time = [each for each in position.retired if each.day <= end]
    late = sum(each.count for each in position.retired if each.day > end)
    return _counted(in_time, position.base_tonnes, rules, on=on), late


def emissions_of(
    party: str, inventories: Iterable[Inventory], rules: NationRules, *, on: date
) -> int:
    """Tonnes of all the years of the period; each year must have one inventory."""
    law, known = rules.period.on(on), tuple(inventories)
    told = Counter(each.year for each in known)
    years = law.value.calendar
    wrong = {*(year for year in years if told[year] != 1), *(told.keys() - {*years})}
    if wrong:
        missing = InventoryMissing(reference=law.reference, party=party, years=tuple(sorted(wrong)))
        raise Refused([missing])
    return sum((each.tonnes for each in known), Tonnes.zero).whole()


def shortfall(excess: int, rules: NationRules, *, on: date, successor: bool = True) -> Shortfall:
    """What follows from so many tonnes in excess; none or less is compliance.

    The units are taken from the next period, so the rule bites only where there is one (decision
    27/CMP.1, annex, section XV, paragraph 5).
    """
    clause = rules.restoration.on(on)
    law, missing = clause.value, max(0, excess)
    deduction = whole(product(law.ratio, Decimal(missing)), rounding(law.rounding))
    return Shortfall(
        excess=missing,
        deduction=deduction if successor or not missing else None,
        in_compliance=missing == 0,
        transfer=missing == 0,
        acquire=missing == 0 or law.suspends == "transfer",
        plan_months=law.plan_months if missing else None,
        reference=clause.reference,
    )


def retirement_refusals(
    retirement: Retirement,
    *,
    used: int,
    base_tonnes: int | None,
    rules: NationRules,
    on: date,
) -> Iterator[Refusal]:
    """Why units are not retired for the period; ``used`` are those of forestry projects before."""
    end, carried = additional_period_end(rules, on=on), rules.carry_over.on(on)
    if retirement.day > end:
        reference = rules.period.on(on).reference
        yield RetiredOutOfTime(reference=reference, day=retirement.day, last=end)
    if retirement.kind not in carried.value.kinds:
        yield UnitNotOfPeriod(
            reference=carried.reference, unit=retirement.kind, accepted=carried.value.kinds
        )
    forest = rules.project_forest.on(on)
    if retirement.kind in forest.value.units:
        limit = 0 if base_tonnes is None else project_forest_limit(base_tonnes, rules, on=on)
        if used + retirement.count > limit:
            left = max(0, limit - used)
            yield ForestryLimitExceeded(
                reference=forest.reference, asked=retirement.count, left=left
            )


def supplement(retired: Mapping[str, int], rules: NationRules, *, on: date) -> Supplement:
    """The share of retired units that come of projects; told, and limited by no figure."""
    clause, kinds = rules.supplementarity.on(on), rules.mechanism_units.on(on).value
    total, of_projects = sum(retired.values()), sum(retired.get(each, 0) for each in kinds)
    # In tenths of a per cent, rounded from whole numbers.
    tenths = (2000 * of_projects + total) // (2 * total) if total else 0
    return Supplement(
        retired=total,
        from_projects=of_projects,
        share=Decimal(tenths).scaleb(-1),
        limit=clause.value,
        reference=clause.reference,
    )


def _counted(
    retired: Iterable[Retirement], base_tonnes: int | None, rules: NationRules, *, on: date
) -> int:
    """Units valid for the period; of forestry projects no more than the limit."""
    by_kind: Counter[str] = Counter()
    for each in retired:
        by_kind[each.kind] += each.count
    kinds, forest = rules.carry_over.on(on).value.kinds, rules.project_forest.on(on).value.units
    limit = 0 if base_tonnes is None else project_forest_limit(base_tonnes, rules, on=on)
    of_forest = sum(by_kind[each] for each in forest)
    return sum(by_kind[each] for each in kinds if each not in forest) + min(of_forest, limit)
