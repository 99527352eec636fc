"""What a worked case may ask of nations: amounts, reserve, the end of a period, forests, bubbles.

The law is that of the last day of the period, unless the case names a day.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from tonne import compliance
from tonne.compliance import (
    Accession,
    Criterion,
    Inventory,
    Member,
    NationMove,
    NationPosition,
    NationTransfer,
    Retirement,
    Shown,
    StorageNotice,
    Track,
)
from tonne.operations.case_duties import Found
from tonne.operations.scheme import Scheme
from tonne.quantity import Tonnes
from tonne.refusal import refuse_if_any

PARTY = "XX"
"""The one nation of a case that speaks of one."""


def amount(scheme: Scheme, *, party: str, day: date | None = None) -> Found:
    """A nation's assigned amount, and what its target and base year give."""
    rules, on = scheme.nations, day or _last(scheme)
    each = compliance.commitment(party, rules, on=on)
    years = rules.period.on(on).value.years
    return {
        "amount": compliance.assigned_amount(party, rules, on=on),
        "reckoned": compliance.reckoned_amount(each, years=years),
        "protocol_amount": each.protocol_amount,
        "protocol_reckoned": compliance.reckoned_protocol_amount(each, years=years),
        "verified": each.amount_verified,
    }


def remainder(scheme: Scheme) -> Found:
    """The bubble of the law: its members' levels, and what its organisation has beyond them."""
    rules, on = scheme.nations, _last(scheme)
    bubble = rules.bubble.on(on).value
    levels = [compliance.assigned_amount(each, rules, on=on) for each in bubble.members]
    return {
        "members": len(levels),
        "levels": sum(levels),
        "remainder": compliance.bubble_remainder(rules, on=on),
        "stated": bubble.remainder,
    }


def in_force(scheme: Scheme, *, accessions: tuple[Accession, ...]) -> Found:
    """The day a treaty enters into force, if both tests are met."""
    day = compliance.enters_into_force(accessions, scheme.nations)
    return {"enters": day is not None, "day": day}


def eligible(
    scheme: Scheme,
    *,
    day: date,
    met: tuple[Criterion, ...],
    report: date | None = None,
    cleared: date | None = None,
    question_open: bool = False,
) -> Found:
    """What a nation may do on a day."""
    shown = Shown(party=PARTY, met=met, report=report, cleared=cleared, question_open=question_open)
    found = compliance.eligibility(shown, scheme.nations, on=_last(scheme), day=day)
    return {
        "transfer": found.transfer,
        "acquire": found.acquire,
        "track_1": found.track_1,
        "track_2": found.track_2,
    }


def reserve(
    scheme: Scheme,
    *,
    amount: int,
    inventory: Tonnes,
    held: int | None = None,
    act: Literal["transfer", "retire", "cancel"] | None = None,
    count: int = 0,
    unit: str = "AAU-1",
    track: Track | None = None,
    first: bool = False,
    day: date | None = None,
) -> Found:
    """The reserve of an eligible nation, which holds its whole amount unless the case says else.

    Then so many units are transferred, retired or cancelled, on a day that may bring a notice.
    """
    rules, on = scheme.nations, _last(scheme)
    level = compliance.reserve(amount, inventory, rules, on=on)
    holdings = amount if held is None else held
    if act == "transfer":
        moved = NationTransfer(party=PARTY, kind=unit, count=count, track=track, first=first)
        refuse_if_any(
            compliance.transfer_refusals(
                moved, holdings=holdings, level=level, shown=_able(scheme), rules=rules, on=on
            )
        )
    retired = {unit: count} if act == "retire" else {}
    after = compliance.reserve_holdings(
        {unit: holdings - (count if act else 0)}, retired, rules, on=on
    )
    cured = compliance.reserve_cure(after, level, rules, notified=day or on, on=on)
    return {
        "level": level.level,
        "arm": level.arm,
        "headroom": level.headroom(holdings),
        "counted_after": after,
        "missing": cured.missing if cured else 0,
        "cure_by": cured.by if cured else None,
    }


def judge(
    scheme: Scheme,
    *,
    emissions: Tonnes,
    retired: tuple[Retirement, ...],
    party: str = PARTY,
    base_tonnes: int | None = None,
    successor: bool = True,
) -> Found:
    """A nation whose emissions of the period are told in one figure, at the end of it."""
    rules, on = scheme.nations, _last(scheme)
    years = rules.period.on(on).value.calendar
    inventories = tuple(
        Inventory(year=year, tonnes=emissions if year == years[0] else Tonnes.zero)
        for year in years
    )
    position = NationPosition(
        party=party, inventories=inventories, retired=retired, base_tonnes=base_tonnes
    )
    found = compliance.judge(position, rules, on=on, successor=successor)
    return {
        "last_day": compliance.additional_period_end(rules, on=on),
        "counted": found.counted,
        "late": found.late,
        "excess": found.shortfall.excess,
        "deduction": found.shortfall.deduction,
        "in_compliance": found.shortfall.in_compliance,
        "transfer": found.shortfall.transfer,
        "acquire": found.shortfall.acquire,
        "plan_months": found.shortfall.plan_months,
    }


def retire(
    scheme: Scheme,
    *,
    unit: str,
    count: int,
    day: date,
    used: int = 0,
    base_tonnes: int | None = None,
) -> Found:
    """Units offered for retirement on a day, after so many of forestry projects."""
    offered = Retirement(kind=unit, count=count, day=day)
    refuse_if_any(
        compliance.retirement_refusals(
            offered, used=used, base_tonnes=base_tonnes, rules=scheme.nations, on=_last(scheme)
        )
    )
    return {}


def period_end(
    scheme: Scheme,
    *,
    amount: int,
    emissions: int,
    held: Mapping[str, int],
    base_tonnes: int | None = None,
    order: tuple[str, ...] | None = None,
) -> Found:
    """What is retired, goes over and is lost: in the best order, or in the one that is given.

    Units of forestry projects may be used without limit where no base year is given.
    """
    rules, on = scheme.nations, _last(scheme)
    limit = sum(held.values())
    if base_tonnes is not None:
        limit = compliance.project_forest_limit(base_tonnes, rules, on=on)
    found = (
        compliance.best_plan(
            held, emissions=emissions, amount=amount, forest_limit=limit, rules=rules, on=on
        )
        if order is None
        else compliance.plan_in_order(
            held, order, emissions=emissions, amount=amount, forest_limit=limit, rules=rules, on=on
        )
    )
    return {
        "retired": [list(each) for each in found.retired],
        "carried": found.carried,
        "carried_count": found.carried_count,
        "lost": found.lost,
        "to_replace": found.to_replace,
        "missing": found.missing,
    }


def carry_over(
    scheme: Scheme, *, unit: str, count: int, amount: int, day: date, before: int = 0
) -> Found:
    """Units offered to be carried over on a day."""
    refuse_if_any(
        compliance.carry_over_refusals(
            unit, count, before=before, amount=amount, day=day, rules=scheme.nations,
            on=_last(scheme),
        )
    )  # fmt: skip
    return {}


def supplement(scheme: Scheme, *, retired: Mapping[str, int]) -> Found:
    """How much of what was retired came of projects."""
    found = compliance.supplement(retired, scheme.nations, on=_last(scheme))
    return {"from_projects": found.from_projects, "share": found.share, "limit": found.limit}


def bubble(
    scheme: Scheme, *, members: tuple[Member, ...], own: int = 0, successor: bool = True
) -> Found:
    """Nations together, then each for itself."""
    found = compliance.judge_bubble(
        members, scheme.nations, on=_last(scheme), own=own, successor=successor
    )
    short = {party: each for party, each in found.members if not each.in_compliance}
    return {
        "emissions": found.emissions,
        "units": found.units,
        "met": found.met,
        "excess": {party: each.excess for party, each in short.items()},
        "deduction": {party: each.deduction for party, each in short.items()},
    }


def forest(
    scheme: Scheme,
    *,
    party: str,
    cut_and_planted: Decimal = Decimal(0),
    managed: Decimal = Decimal(0),
) -> Found:
    """Units for removals of forests at home; less than nothing are emissions."""
    found = compliance.forest_units(
        party,
        cut_and_planted=Tonnes(cut_and_planted),
        managed=Tonnes(managed),
        rules=scheme.nations,
        on=_last(scheme),
    )
    return {
        "issued": found.issued,
        "cancelled": found.cancelled,
        "offset": found.offset,
        "cap": found.cap,
    }


def project_forest(scheme: Scheme, *, base_tonnes: int) -> Found:
    """Units of forestry projects abroad that may be used."""
    limit = compliance.project_forest_limit(base_tonnes, scheme.nations, on=_last(scheme))
    return {"limit": limit}


def replacement(
    scheme: Scheme,
    *,
    day: date,
    moves: tuple[NationMove, ...],
    notices: tuple[StorageNotice, ...] = (),
) -> Found:
    """What a nation owes in the place of temporary units on a day, by cause."""
    found = compliance.replacement_duties(moves, notices, scheme.nations, on=day)
    return {
        "owed": {each.cause: each.owed for each in found},
        "open": {each.cause: each.open for each in found},
        "due": {each.cause: each.due for each in found},
        "overdue": [each.cause for each in found if each.overdue(day)],
    }


def _last(scheme: Scheme) -> date:
    """The last day of the last period that the law has."""
    return scheme.nations.period.clauses[-1].value.last


def _able(scheme: Scheme) -> compliance.Eligibility:
    """A nation that has shown everything, and was cleared."""
    on = _last(scheme)
    met = scheme.nations.eligibility.on(on).value.trading
    shown = Shown(party=PARTY, met=met, cleared=on)
    return compliance.eligibility(shown, scheme.nations, on=on, day=on)
