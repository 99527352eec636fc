"""When a treaty binds, whom, and to how much: entry into force, assigned amounts, leavers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tonne.compliance.nation_parties import Commitment
from tonne.compliance.nation_refusals import (
    AmountNotEstablished,
    PartyUnknown,
    PartyWithdrew,
    PeriodUnknown,
)
from tonne.compliance.nation_rules import NationRules
from tonne.quantity import product, whole
from tonne.refusal import Refusal, Refused, refuse_if_any

_PER_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accession:
    """Parties that joined on one day, and their share of the CO2 of Annex I in 1990."""

    day: date
    parties: int = 1
    share: Decimal = Decimal(0)
    """In per cent; nothing of those outside Annex I."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountGap:
    """An assigned amount that target and base year do not give to within the tolerance."""

    party: str
    stated: int
    reckoned: int


def enters_into_force(accessions: Iterable[Accession], rules: NationRules) -> date | None:
    """The day a treaty enters into force; none while too few have joined, or too small ones.

    Both tests must be met: so many parties, and among them nations of Annex I with such a share
    (Kyoto Protocol, Article 25(1)).
    """
    parties, share = 0, Decimal(0)
    for each in sorted(accessions, key=lambda each: each.day):
        parties, share = parties + each.parties, share + each.share
        law = rules.entry_into_force.on(each.day).value
        if parties >= law.parties and share >= law.share:
            return each.day + timedelta(days=law.days)
    return None


def additional_period_end(rules: NationRules, *, on: date) -> date:
    """The last day on which units may be retired for the period."""
    law = rules.period.on(on).value
    return law.review_end + timedelta(days=law.additional_days)


def commitment(party: str, rules: NationRules, *, on: date) -> Commitment:
    """The line of a nation, or :class:`~tonne.refusal.Refused`."""
    found = rules.commitment(party, on)
    if found is None:
        raise Refused([PartyUnknown(reference=rules.annex_b.on(on).reference, party=party)])
    return found


def assigned_amount(party: str, rules: NationRules, *, on: date) -> int:
    """Units for the whole period, as they were established; within a bubble, its level there."""
    amount = commitment(party, rules, on=on).assigned_amount
    if amount is None:
        reference = rules.annex_b.on(on).reference
        raise Refused([AmountNotEstablished(reference=reference, party=party)])
    return amount


def amount_to_issue(party: str, number: int, rules: NationRules, *, day: date) -> int:
    """Units that a nation is issued for a period, if on that day it is still bound.

    The organisation of a bubble is issued what it has beyond the levels of its members; a member
    with territories outside the bubble what it has with them, which is its amount under the
    treaty.
    """
    on = law_day(number, rules)
    refuse_if_any(withdrawn(party, rules, on=on, by=day))
    if party == rules.bubble.on(on).value.party:
        return bubble_remainder(rules, on=on)
    level = assigned_amount(party, rules, on=on)
    return commitment(party, rules, on=on).protocol_amount or level


def law_day(number: int, rules: NationRules) -> date:
    """The first day of a period, whose law it is judged by; refused if the law has no such one."""
    for clause in rules.period.clauses:
        if clause.value.number == number:
            return clause.value.first
    reference = rules.period.clauses[-1].reference
    raise Refused([PeriodUnknown(reference=reference, period=number)])


def reckoned_amount(each: Commitment, *, years: int) -> int | None:
    """Percentage of base-year emissions, times the years of the period.

    Only a check: the amount itself was reckoned from figures that were not rounded.
    """
    if each.base_tonnes is None:
        return None
    tonnes = each.base_tonnes - (each.territory_tonnes or 0)
    return _share(each.target if each.level is None else each.level, tonnes, years)


def reckoned_protocol_amount(each: Commitment, *, years: int) -> int | None:
    """The same with the territories that stand outside the bubble."""
    if each.assigned_amount is None or each.territory_tonnes is None:
        return None
    target = each.target if each.territory_target is None else each.territory_target
    return each.assigned_amount + _share(target, each.territory_tonnes, years)


def amount_gaps(rules: NationRules, *, on: date) -> tuple[AmountGap, ...]:
    """Every amount that the formula misses by more than the tolerance."""
    years, tolerance = rules.period.on(on).value.years, rules.amount_tolerance.on(on).value
    pairs = [
        (each.party, stated, reckoned)
        for each in rules.annex_b.on(on).value
        for stated, reckoned in (
            (each.assigned_amount, reckoned_amount(each, years=years)),
            (each.protocol_amount, reckoned_protocol_amount(each, years=years)),
        )
        if stated is not None and reckoned is not None
    ]
    return tuple(
        AmountGap(party=party, stated=stated, reckoned=reckoned)
        for party, stated, reckoned in pairs
        if abs(stated - reckoned) > tolerance
    )


def bubble_remainder(rules: NationRules, *, on: date) -> int:
    """What the organisation of a bubble has beyond the levels of its members."""
    bubble = rules.bubble.on(on).value
    levels = [assigned_amount(each, rules, on=on) for each in bubble.members]
    return assigned_amount(bubble.party, rules, on=on) - sum(levels)


def withdrawn(party: str, rules: NationRules, *, on: date, by: date) -> list[Refusal]:
    """Whether a nation is bound no more by a day."""
    law = rules.withdrawal.on(on)
    return [
        PartyWithdrew(reference=law.reference, party=party, effect=each.effect)
        for each in law.value
        if each.party == party and each.effect <= by
    ]


def left_by(party: str, rules: NationRules, *, day: date) -> list[Refusal]:
    """Whether a nation has left by a day, whichever period is asked about."""
    first = rules.withdrawal.clauses[0].start
    return withdrawn(party, rules, on=max(first, day), by=day)


def bound_amount(party: str, rules: NationRules, *, day: date) -> int:
    """The amount of a nation that is, or is to be, bound on a day; refused if it has none."""
    return assigned_amount(party, rules, on=max(rules.annex_b.clauses[0].start, day))


def _share(per_cent: Decimal, tonnes: int, years: int) -> int:
    return whole(product(per_cent, _PER_CENT, Decimal(tonnes * years)))
