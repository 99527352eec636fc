"""The end of a commitment period out of the books: what to retire, who met it, what follows.

Reviewed inventories are held against the units that lie in retirement accounts. The outcome goes
on record once; where an inventory changes later it is judged again, and of two records the later
stands. What is taken from the next period, and who may not sell, follows from the record.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tonne import compliance
from tonne.compliance import (
    JudgedBefore,
    Member,
    NationPosition,
    PeriodEndPlan,
    Retirement,
    Shortfall,
    Supplement,
)
from tonne.ledger import kind_of
from tonne.operations.books import Books
from tonne.operations.judgement_records import (
    PartyOutcome,
    PeriodOutcome,
    outcome_notice,
    own_holdings,
    records,
)
from tonne.operations.nation_findings import inventories
from tonne.operations.own_checks import RETIRE
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.refusal import refuse_if_any
from tonne.registry import DayRules

JUDGE = "judge_nation"


@dataclass(frozen=True, slots=True, kw_only=True)
class NationPlan:
    """What a nation would best retire of what it holds, beside what it has retired."""

    party: str
    emissions: int
    counted: int
    """Retired units that count already."""

    held: Mapping[str, int]
    """Units of the nation's own accounts by kind, of the period."""

    plan: PeriodEndPlan


def plan_nation(
    books: Books,
    scheme: Scheme,
    party: str,
    *,
    period: int | None = None,
    order: Sequence[str] = (),
    on: date,
) -> NationPlan:
    """What a nation retires best of what it holds, or what comes of an order of its own.

    Emissions and retired units are those by which it would be judged.
    """
    day, law, start = scheme.on(on), scheme.nations, _start(scheme, period)
    number = law.period.on(start).value.number
    stands = _position(books, scheme, party, day, start)
    emissions = compliance.emissions_of(party, stands.inventories, law, on=start)
    counted, _ = compliance.counted_units(stands, law, on=start)
    held: Counter[str] = Counter()
    for kind, units in own_holdings(books, scheme, party, day).items():
        sources = day.type_of(RETIRE, kind).from_kinds
        if day.period_of(kind).number == number:
            held[kind] += sum(count for account, count in units.items() if account in sources)
    forest = law.project_forest.on(start).value.units
    used = sum(each.count for each in stands.retired if each.kind in forest)
    limit = 0
    if stands.base_tonnes is not None:
        limit = compliance.project_forest_limit(stands.base_tonnes, law, on=start)
    left = max(0, emissions - counted)
    amount = compliance.amount_to_issue(party, number, law, day=on)
    room = max(0, limit - used)
    if order:
        plan = compliance.plan_in_order(
            held, order, emissions=left, amount=amount, forest_limit=room, rules=law, on=start
        )
    else:
        plan = compliance.best_plan(
            held, emissions=left, amount=amount, forest_limit=room, rules=law, on=start
        )
    return NationPlan(party=party, emissions=emissions, counted=counted, held=+held, plan=plan)


def judge_nation(
    books: Books,
    scheme: Scheme,
    party: str,
    *,
    period: int | None = None,
    successor: bool = True,
    key: str,
    desk: Desk,
) -> PeriodOutcome:
    """Judge a nation, or by its organisation a bubble, and put the outcome on record.

    ``successor`` says whether it has a commitment for a next period, from which units are taken.
    """
    day, law, start = scheme.on(desk.day), scheme.nations, _start(scheme, period)
    number = law.period.on(start).value.number
    digest, before = once(books, scheme, key, JUDGE, (party, number, successor))
    if before is not None:
        stood = next(each for each in records(books, scheme) if each.entry == before)
        return replace(stood, repeated=True)
    refuse_if_any(
        [
            *day.act_refusals(JUDGE, desk.by),
            *compliance.judging_refusals(law, on=start, day=desk.day),
        ]
    )
    # Nobody may retire, or judge, between the count of what is retired and our own record.
    books.wait_for_posts()
    found = _judged(books, scheme, party, day, start, successor=successor)
    clause = law.restoration.on(start)
    for stood in reversed(records(books, scheme)):
        if (stood.party, stood.period) == (party, number):
            if (stood.together, stood.outcomes) == (found.together, found.outcomes):
                again = JudgedBefore(
                    reference=clause.reference, party=party, entry=stood.entry, day=stood.day
                )
                refuse_if_any([again])
            found = replace(found, corrects=stood.entry)
            break
    reference = clause.reference if found.together is None else law.bubble.on(start).reference
    entry = books.enter(
        key=key,
        digest=digest,
        kind=JUDGE,
        year=None,
        because=tuple(dict.fromkeys((reference, clause.reference))),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    books.add_notice(entry, outcome_notice(found))
    return replace(found, entry=entry)


def retired_share(
    books: Books, scheme: Scheme, party: str, *, period: int | None = None, on: date
) -> Supplement:
    """How much of what a nation retired for a period came of projects: told, not limited."""
    start = _start(scheme, period)
    units: Counter[str] = Counter()
    for each in _retired(books, scheme, party, scheme.on(on)):
        units[each.kind] += each.count
    kinds = scheme.nations.carry_over.on(start).value.kinds
    valid = {kind: units[kind] for kind in kinds}
    return compliance.supplement(valid, scheme.nations, on=start)


def _start(scheme: Scheme, period: int | None) -> date:
    """The first day of a period, by which its law is found; the last period if none is named."""
    law = scheme.nations
    return compliance.law_day(period or law.period.clauses[-1].value.number, law)


def _judged(
    books: Books, scheme: Scheme, party: str, day: DayRules, start: date, *, successor: bool
) -> PeriodOutcome:
    """What the law says of a nation or a bubble as the books stand; nothing is on record yet."""
    law = scheme.nations
    bubble = law.bubble.on(start).value
    clause = law.restoration.on(start)
    outcome = PeriodOutcome(
        party=party,
        period=law.period.on(start).value.number,
        entry=0,
        day=day.day,
        suspends=clause.value.suspends,
        together=None,
        outcomes=(),
    )
    stands = _position(books, scheme, party, day, start)
    if party != bubble.party:
        one = compliance.judge(stands, law, on=start, successor=successor)
        found = _outcome(party, one.emissions, (one.counted, one.late), one.shortfall)
        return replace(outcome, outcomes=(found,))
    places = [_position(books, scheme, each, day, start) for each in bubble.members]
    counts = {each.party: compliance.counted_units(each, law, on=start) for each in places}
    members = [
        Member(
            party=each.party,
            emissions=compliance.emissions_of(each.party, each.inventories, law, on=start),
            retired=counts[each.party][0],
        )
        for each in places
    ]
    own, _ = compliance.counted_units(stands, law, on=start)
    told = compliance.judge_bubble(members, law, on=start, own=own, successor=successor)
    return replace(
        outcome,
        together=(told.emissions, told.units),
        outcomes=tuple(
            _outcome(each.party, each.emissions, counts[each.party], short)
            for each, (_, short) in zip(members, told.members, strict=True)
        ),
    )


def _outcome(party: str, emissions: int, counts: tuple[int, int], short: Shortfall) -> PartyOutcome:
    counted, late = counts
    return PartyOutcome(
        party=party,
        emissions=emissions,
        counted=counted,
        late=late,
        excess=short.excess,
        deduction=short.deduction,
    )


def _position(
    books: Books, scheme: Scheme, party: str, day: DayRules, start: date
) -> NationPosition:
    """A nation at the end of a period: its reviewed inventories, and what it retired."""
    law = scheme.nations
    years = law.period.on(start).value.calendar
    return NationPosition(
        party=party,
        inventories=tuple(
            each for each in inventories(books, scheme, party, on=day.day) if each.year in years
        ),
        retired=_retired(books, scheme, party, day),
        base_tonnes=compliance.commitment(party, law, on=start).base_tonnes,
    )


def _retired(books: Books, scheme: Scheme, party: str, day: DayRules) -> tuple[Retirement, ...]:
    """What came to a nation's retirement account by a day; less than none left it."""
    kinds = {row.type.to_kinds[0] for (verb, _), row in day.types.items() if verb == RETIRE}
    return tuple(
        Retirement(
            kind=kind_of(step.asset),
            count=step.units if step.target == account.number else -step.units,
            day=step.day,
        )
        for account in books.accounts(scheme=scheme.name, operated=False)
        if account.registry == party and account.kind in kinds
        for step in books.steps(account=account.number)
        if step.day <= day.day
    )
