"""What a worked case may ask: one small function for each rule, in a table by its name.

What a function takes, by name, is what a case must give; what it returns is what a case may expect.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

from tonne import mrv, registry, supply
from tonne.compliance import RoundingName
from tonne.ledger import Account, Asset, Movement, Transaction
from tonne.mrv import EmissionsReport, Figure, MonitoringPlan, Opinion, SourceStream, StreamData
from tonne.operations import case_credits, case_duties, case_links, case_nations
from tonne.operations.case_duties import OPERATOR, Found
from tonne.operations.scheme import Scheme
from tonne.quantity import Gas, GwpSet, Rounding, Tonnes, co2e, gas, mass, outside_basket, whole
from tonne.refusal import refuse_if_any
from tonne.registry import AccountNumber, Case, DayRules, HoldingAccount, Role, Status
from tonne.supply import Activity, Allocation, Entry, Operator, OperatorKind


class CaseRule(NamedTuple):
    """A rule that cases can ask, and the names of what it finds."""

    run: Callable[..., Found]
    finds: tuple[str, ...]


def _cap(scheme: Scheme, *, year: int, kind: OperatorKind = "installation") -> Found:
    law = supply.cap(year, scheme.supply)
    return {"amount": law.of(kind), "reference": law.clause.reference}


def _free_ceiling(scheme: Scheme, *, year: int, kind: OperatorKind = "installation") -> Found:
    ceiling = supply.free_ceiling(year, kind=kind, rules=scheme.supply)
    return {"ceiling": ceiling, "allocate_by": supply.allocate_by(year, scheme.supply)}


def _auction_ceiling(scheme: Scheme, *, year: int) -> Found:
    return {"ceiling": supply.auction_ceiling(year, scheme.supply)}


def _auction(scheme: Scheme, *, year: int, asked: int, auctioned: int = 0) -> Found:
    supply.auction(year, asked=asked, auctioned=auctioned, rules=scheme.supply)
    return {}


def _grandfather(
    scheme: Scheme, *, year: int, baselines: Mapping[str, Tonnes], total: int | None = None
) -> Found:
    """The total is what may be given free in the year, unless the case gives another."""
    if total is None:
        total = supply.free_ceiling(year, kind="installation", rules=scheme.supply)
    reference = supply.allocation_law(year, scheme.supply).reference
    counts = supply.grandfather(baselines, total=total, reference=reference)
    return {"counts": counts, "total": sum(counts.values())}


def _benchmark(scheme: Scheme, *, activities: tuple[Activity, ...]) -> Found:
    year = _one_year(each.year for each in activities)
    law = supply.allocation_law(year, scheme.supply)
    if law.value.correction_factor is None:
        raise ValueError(f"the law of {year} does not allocate by benchmarks")
    rows = supply.benchmark(activities, law=law)
    return {
        "counts": {row.operator: row.count for row in rows},
        "total": sum(row.count for row in rows),
    }


def _table(
    scheme: Scheme,
    *,
    rows: tuple[Allocation, ...],
    operators: tuple[str, ...],
    closed_on: Mapping[str, date] | None = None,
    kind: OperatorKind = "installation",
) -> Found:
    """The method is that of the year's own law."""
    year = _one_year(row.year for row in rows)
    known = {each: Operator(closed_on=(closed_on or {}).get(each)) for each in operators}
    method = supply.allocation_law(year, scheme.supply).value.method
    allowed = supply.allocate_table(
        rows, kind=kind, operators=known, allocated={}, rules=scheme.supply, method=method
    )
    return {"total": sum(row.count for row in allowed)}


def _new_entrants(
    scheme: Scheme,
    *,
    year: int,
    entries: tuple[Entry, ...],
    allocated: tuple[str, ...] = (),
    left: int | None = None,
) -> Found:
    """The whole reserve of the year is left, unless the case says otherwise."""
    law = supply.allocation_law(year, scheme.supply)
    grants = supply.new_entrants(
        entries,
        left=law.value.new_entrant_reserve if left is None else left,
        allocated=allocated,
        reference=law.reference,
    )
    return {
        "granted": {each.operator: each.count for each in grants},
        "refused": {
            each.operator: [no.number for no in each.refusals] for each in grants if each.refusals
        },
    }


def _closure(scheme: Scheme, *, year: int, count: int, closed_on: date) -> Found:
    law = supply.allocation_law(year, scheme.supply).value
    return {"count": supply.after_closure(count, year=year, closed_on=closed_on, law=law)}


def _emissions(
    scheme: Scheme, *, year: int, streams: tuple[SourceStream, ...], data: tuple[StreamData, ...]
) -> Found:
    plan = MonitoringPlan(operator=OPERATOR, streams=streams)
    found = mrv.emissions(plan, data, rules=scheme.mrv, year=year)
    rounding = Rounding[scheme.mrv.tonnes_rounding.on(date(year, 1, 1)).value.upper()]
    return {
        "counted": {each.stream: each.counted for each in found.streams},
        "total": found.total.value,
        "biomass": found.biomass.value,
        "tonnes": found.total.whole(rounding),
        "guidelines": found.guidelines,
    }


def _verify(
    scheme: Scheme, *, year: int, tonnes: Tonnes, submitted: date, opinion: Opinion
) -> Found:
    """What the verifier says may have a figure of its own, and what remains wrong."""
    report = EmissionsReport(operator=OPERATOR, year=year, tonnes=tonnes, submitted=submitted)
    figure = mrv.verify(report, opinion, rules=scheme.mrv, at=_noon(submitted))
    return {"tonnes": figure.tonnes, "late": figure.late}


def _determine(
    scheme: Scheme,
    *,
    year: int,
    day: date,
    past: Mapping[str, int] | None = None,
    stated: Tonnes | None = None,
) -> Found:
    """No report has come by the last day for it."""
    figure = mrv.determine(
        operator=OPERATOR,
        year=year,
        reason="report_missing",
        stated=stated,
        past=[_figure(int(before), tonnes) for before, tonnes in (past or {}).items()],
        rules=scheme.mrv,
        at=_noon(day),
    )
    return {"tonnes": figure.tonnes, "late": figure.late}


def _check(
    scheme: Scheme,
    *,
    day: date,
    verb: str,
    unit: str,
    source: str,
    target: str,
    by: Role,
    count: int = 1,
    year: int | None = None,
    source_status: Status = "open",
    target_status: Status = "open",
    issued: int = 0,
) -> Found:
    """A transaction of a day between two kinds of account."""
    rules = scheme.on(day)
    accounts = [
        _account(rules, source, 1, source_status),
        _account(rules, target, 2, target_status),
    ]
    kind, asset = rules.types.get((verb, unit)), rules.units.get(unit)
    movement = Movement(
        source=Account(accounts[0].number, is_source=rules.kinds[source].is_source),
        target=Account(accounts[1].number),
        asset=Asset(unit) if asset is None else asset.asset,
        count=registry.counted(str(count), reference=rules.on_transactions),
    )
    because = (rules.on_transactions,)
    case = Case(
        transaction=Transaction(
            key="case", kind=verb, movements=(movement,), because=because, year=year
        ),
        by=by,
        day=rules,
        accounts={each.number: each for each in accounts},
        cap=_limit(scheme, rules, unit, year or day.year, issued),
    )
    refuse_if_any(registry.refusals(case))
    assert kind is not None, "a transaction that is not refused has a type"
    return {"code": kind.type.code}


def _change(scheme: Scheme, *, day: date, verb: str, status: Status, holds: int = 0) -> Found:
    """A change of status of an operator's account that holds so many of a unit."""
    rules = scheme.on(day)
    account = _account(rules, "operator", 1, status)
    changed = registry.change_status(account, verb, day=rules, holdings={"unit": holds})
    return {"status": changed.status}


def _co2e(
    scheme: Scheme, *, year: int, gas_name: str, value: Decimal, mass_unit: str = "t"
) -> Found:
    """A mass of a gas by the set of potentials of the year's law, if its basket has the gas."""
    day = date(year, 1, 1)
    gases, potentials = scheme.mrv.gases.on(day), scheme.mrv.gwp_set.on(day)
    known, basket = gas(gas_name), frozenset(map(Gas, gases.value))
    refuse_if_any(outside_basket(known, basket, reference=gases.reference))
    weighed = mass(f"{value:f}", mass_unit, reference=gases.reference)
    return {"tonnes": co2e(known, weighed, GwpSet(potentials.value)).value}


def _shares(
    scheme: Scheme, *, parts: tuple[int, ...], share: Decimal, rounding: RoundingName
) -> Found:
    """The same share of several parts, each rounded for itself: no sum is rounded."""
    del scheme  # a rule of arithmetic, the same in every law
    found = [whole(share * part, Rounding[rounding.upper()]) for part in parts]
    return {"each": found, "total": sum(found)}


RULES: Mapping[str, CaseRule] = {
    "supply.cap": CaseRule(_cap, ("amount", "reference")),
    "supply.free_ceiling": CaseRule(_free_ceiling, ("ceiling", "allocate_by")),
    "supply.auction_ceiling": CaseRule(_auction_ceiling, ("ceiling",)),
    "supply.auction": CaseRule(_auction, ()),
    "supply.grandfather": CaseRule(_grandfather, ("counts", "total")),
    "supply.benchmark": CaseRule(_benchmark, ("counts", "total")),
    "supply.table": CaseRule(_table, ("total",)),
    "supply.new_entrants": CaseRule(_new_entrants, ("granted", "refused")),
    "supply.closure": CaseRule(_closure, ("count",)),
    "compliance.close": CaseRule(
        case_duties.close,
        ("status", "due", "surrender_by", "missing", "fined", "penalty", "currency", "made_good",
         "carried", "published", "public_on", "report_missing"),
    ),
    "compliance.correct": CaseRule(case_duties.correct, ("status", "counted_since")),
    "compliance.surrender": CaseRule(case_duties.surrender, ()),
    "compliance.choose": CaseRule(case_duties.choose, ("taken",)),
    "compliance.period_end": CaseRule(case_duties.period_end, ("cancelled",)),
    "nation.amount": CaseRule(
        case_nations.amount,
        ("amount", "reckoned", "protocol_amount", "protocol_reckoned", "verified"),
    ),
    "nation.remainder": CaseRule(
        case_nations.remainder, ("members", "levels", "remainder", "stated")
    ),
    "nation.in_force": CaseRule(case_nations.in_force, ("enters", "day")),
    "nation.eligible": CaseRule(
        case_nations.eligible, ("transfer", "acquire", "track_1", "track_2")
    ),
    "nation.reserve": CaseRule(
        case_nations.reserve,
        ("level", "arm", "headroom", "counted_after", "missing", "cure_by"),
    ),
    "nation.judge": CaseRule(
        case_nations.judge,
        ("last_day", "counted", "late", "excess", "deduction", "in_compliance", "transfer",
         "acquire", "plan_months"),
    ),
    "nation.retire": CaseRule(case_nations.retire, ()),
    "nation.period_end": CaseRule(
        case_nations.period_end,
        ("retired", "carried", "carried_count", "lost", "to_replace", "missing"),
    ),
    "nation.carry_over": CaseRule(case_nations.carry_over, ()),
    "nation.supplement": CaseRule(
        case_nations.supplement, ("from_projects", "share", "limit")
    ),
    "nation.bubble": CaseRule(
        case_nations.bubble, ("emissions", "units", "met", "excess", "deduction")
    ),
    "nation.forest": CaseRule(case_nations.forest, ("issued", "cancelled", "offset", "cap")),
    "nation.replacement": CaseRule(
        case_nations.replacement, ("owed", "open", "due", "overdue")
    ),
    "nation.project_forest": CaseRule(case_nations.project_forest, ("limit",)),
    "linking.recognise": CaseRule(case_links.recognise, ("tonnes", "most", "references")),
    "mrv.emissions": CaseRule(_emissions, ("counted", "total", "biomass", "tonnes", "guidelines")),
    "mrv.verify": CaseRule(_verify, ("tonnes", "late")),
    "mrv.determine": CaseRule(_determine, ("tonnes", "late")),
    "registry.check": CaseRule(_check, ("code",)),
    "registry.change": CaseRule(_change, ("status",)),
    "registry.proceeds": CaseRule(
        case_credits.proceeds, ("adaptation", "participants", "fee", "currency")
    ),
    "registry.unit": CaseRule(case_credits.unit, ("unit", "series", "count")),
    "registry.convert": CaseRule(case_credits.convert, ("serial", "unit", "count")),
    "registry.expiry": CaseRule(case_credits.expiry, ("expires",)),
    "quantity.co2e": CaseRule(_co2e, ("tonnes",)),
    "quantity.shares": CaseRule(_shares, ("each", "total")),
}  # fmt: skip
"""By the name that a case gives in ``rule``."""


def _one_year(years: Iterable[int]) -> int:
    found = set(years)
    if len(found) != 1:
        raise ValueError("what is given is of one year")
    return found.pop()


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _figure(year: int, tonnes: int) -> Figure:
    day = date(year + 1, 3, 31)
    return Figure(
        operator=OPERATOR, year=year, kind="verified", tonnes=tonnes, day=day,
        recorded=_noon(day), reference="the case",
    )  # fmt: skip


def _account(rules: DayRules, kind: str, identifier: int, status: Status) -> HoldingAccount:
    if kind not in rules.kinds:
        raise ValueError(f"{kind!r} is no kind of account on {rules.day}")
    number = AccountNumber.make(
        registry=rules.registry_code,
        number_type=rules.kinds[kind].number_type,
        identifier=identifier,
        period=0,
    )
    return HoldingAccount(
        number=str(number),
        kind=kind,
        status=status,
        opened=rules.day,
        name=kind,
        registry=rules.registry_code,
        operator=OPERATOR if rules.kinds[kind].needs_operator else None,
    )


def _limit(scheme: Scheme, rules: DayRules, unit: str, year: int, issued: int) -> registry.Cap:
    """The cap of a year for those to whom the unit is allocated."""
    allocation = rules.types.get(("allocate", unit))
    aviation = allocation is not None and "aircraft_operator" in allocation.type.to_kinds
    law = supply.cap(year, scheme.supply)
    units = law.of("aircraft" if aviation else "installation")
    return registry.Cap(units=units, issued=issued, reference=law.clause.reference)
