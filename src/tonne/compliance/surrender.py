"""Units are surrendered for a year: which are accepted, which go first, which have ended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from msgspec import Struct

from tonne.compliance.refusals import (
    LotNotHeld,
    SurrenderBeforeYearEnd,
    SurrenderExceedsObligation,
    SurrenderOfNothing,
    SurrenderWithoutObligation,
    UnitCancelled,
    UnitNotForOperator,
    UnitNotOfScheme,
    UnitOfEarlierPeriod,
    UnitOfLaterPeriod,
    UnitsNotHeld,
)
from tonne.compliance.rules import (
    AcceptedUnits,
    ComplianceRules,
    Leave,
    OperatorKind,
    PeriodUnits,
    year_end,
)
from tonne.refusal import Refusal, refuse_if_any
from tonne.rulebook import Clause

SURRENDER_CHECKS: tuple[tuple[int, str], ...] = (
    (SurrenderOfNothing.number, "One unit or more is surrendered"),
    (SurrenderWithoutObligation.number, "Something is owed for the year"),
    (SurrenderBeforeYearEnd.number, "The year is over, where the law wants it so"),
    (SurrenderExceedsObligation.number, "No more is given than is owed, where the law wants it so"),
    (UnitNotOfScheme.number, "The law accepts these units"),
    (UnitNotForOperator.number, "The law accepts them from this kind of operator"),
    (UnitOfLaterPeriod.number, "Nothing is borrowed from a later period"),
    (UnitOfEarlierPeriod.number, "Nothing is banked that may not be"),
    (UnitCancelled.number, "The units have not ended with their period"),
)
"""What a surrender is checked for: the number of the refusal, and what is true if it passes."""


class Surrender(Struct, frozen=True, kw_only=True):
    """Units that an operator gives up for the emissions of a year."""

    operator: str
    kind: OperatorKind
    year: int
    unit: str
    """The code of the units."""

    count: int
    day: date
    recognised: bool = False
    """Whether the law of links is what says if the units count: they are another scheme's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurrenderLaw:
    """The law of surrender for one year of emissions, looked up once for everybody."""

    year: int
    accepted: Clause[AcceptedUnits]
    period: Clause[PeriodUnits]
    owners: Mapping[str, tuple[Clause[PeriodUnits], AcceptedUnits]]
    """For each unit its period, and what was accepted at the end of that period."""

    early: Clause[Leave]
    over: Clause[Leave]

    @classmethod
    def of(cls, year: int, rules: ComplianceRules) -> "SurrenderLaw":
        """The law in force at the end of the year."""
        day = year_end(year)
        return cls(
            year=year,
            accepted=rules.accepted_units.on(day),
            period=rules.period.on(day),
            owners={
                unit: (clause, rules.accepted_units.on(year_end(clause.value.last_year)).value)
                for clause in rules.period.clauses
                for unit in clause.value.units
            },
            early=rules.early_surrender.on(day),
            over=rules.over_surrender.on(day),
        )

    @property
    def because(self) -> tuple[str, ...]:
        """Where it is written."""
        return (self.accepted.reference, self.period.reference)


def surrender(request: Surrender, *, obliged: bool, owed: int, law: SurrenderLaw) -> Surrender:
    """The request, if the units count for the year; else every reason why not.

    ``owed`` is what is still owed, what is to be made good included.
    """
    refuse_if_any(surrender_refusals(request, obliged=obliged, owed=owed, law=law))
    return request


def surrender_refusals(
    request: Surrender, *, obliged: bool, owed: int, law: SurrenderLaw
) -> Iterator[Refusal]:
    """Every reason why the units do not count for the year. Late ones do: they make good."""
    assert request.year == law.year, "the law is that of the year"
    if request.count <= 0:
        yield SurrenderOfNothing(reference=law.accepted.reference, asked=request.count)
    if not obliged:
        yield SurrenderWithoutObligation(
            reference=law.accepted.reference, operator=request.operator, year=request.year
        )
    if request.day.year <= request.year and law.early.value == "refused":
        yield SurrenderBeforeYearEnd(
            reference=law.early.reference, year=request.year, day=request.day
        )
    if obliged and request.count > owed and law.over.value == "refused":
        yield SurrenderExceedsObligation(
            reference=law.over.reference, asked=request.count, owed=owed
        )
    if not request.recognised:
        yield from _unit_refusals(request, law)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Units that an operator received together, and still holds."""

    name: str
    count: int
    received: int
    """Its place in the order of receipt."""

    own: bool
    """Whether it was allocated to this operator itself."""


def choose(
    lots: Sequence[Lot],
    count: int,
    *,
    year: int,
    rules: ComplianceRules,
    named: Sequence[str] | None = None,
) -> list[tuple[Lot, int]]:
    """Which units go: those named, in the order named; else in the order of the law."""
    day = year_end(year)
    order, own_first = rules.surrender_order.on(day), rules.own_units_first.on(day)
    turn = 1 if order.value == "first_in_first_out" else -1
    queue = sorted(
        lots, key=lambda lot: (own_first.value and not lot.own, turn * lot.received, lot.name)
    )
    refusals: list[Refusal] = []
    if named is not None:
        held = {lot.name: lot for lot in lots}
        queue = [held.pop(name) for name in dict.fromkeys(named) if name in held]
        wrong = [name for place, name in enumerate(named) if _unheld(name, place, named, lots)]
        refusals.extend(LotNotHeld(reference=order.reference, lot=name) for name in wrong)
    available = sum(lot.count for lot in queue)
    if available < count:
        refusals.append(UnitsNotHeld(reference=order.reference, asked=count, held=available))
    refuse_if_any(refusals)
    return list(_taken(queue, count))


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodEnd:
    """Units that are cancelled wherever they are held, because their period is over."""

    units: tuple[str, ...]
    on: date
    reference: str


def cancel_period_units(until: date, rules: ComplianceRules) -> tuple[PeriodEnd, ...]:
    """The units whose last day has come, in order. Those that may be banked are not among them."""
    return tuple(
        PeriodEnd(
            units=clause.value.units, on=clause.value.cancelled_on, reference=clause.reference
        )
        for clause in rules.period.clauses
        if clause.value.cancelled_on is not None and clause.value.cancelled_on <= until
    )


def _unit_refusals(request: Surrender, law: SurrenderLaw) -> Iterator[Refusal]:
    accepted = law.accepted.value.of(request.kind)
    if request.unit not in law.owners:
        if request.unit not in accepted:
            yield UnitNotOfScheme(
                reference=law.accepted.reference, unit=request.unit, accepted=accepted
            )
        return
    clause, then_accepted = law.owners[request.unit]
    period = clause.value
    if request.unit not in accepted:
        yield from _period_refusals(request, clause, law)
        same_period = period.first_year <= request.year <= period.last_year
        if same_period or request.unit not in then_accepted.of(request.kind):
            yield UnitNotForOperator(
                reference=law.accepted.reference,
                unit=request.unit,
                kind=request.kind,
                year=request.year,
                accepted=accepted,
            )
    if period.cancelled_on is not None and request.day >= period.cancelled_on:
        yield UnitCancelled(
            reference=clause.reference,
            unit=request.unit,
            day=request.day,
            cancelled_on=period.cancelled_on,
        )


def _period_refusals(
    request: Surrender, clause: Clause[PeriodUnits], law: SurrenderLaw
) -> Iterator[Refusal]:
    period = clause.value
    if period.first_year > request.year and not law.period.value.borrowing:
        yield UnitOfLaterPeriod(
            reference=law.period.reference,
            unit=request.unit,
            year=request.year,
            first_year=period.first_year,
        )
    if period.last_year < request.year and not period.banking:
        yield UnitOfEarlierPeriod(
            reference=clause.reference,
            unit=request.unit,
            year=request.year,
            last_year=period.last_year,
        )


def _unheld(name: str, place: int, named: Sequence[str], lots: Sequence[Lot]) -> bool:
    return name in named[:place] or all(lot.name != name for lot in lots)


def _taken(queue: Sequence[Lot], count: int) -> Iterator[tuple[Lot, int]]:
    for lot in queue:
        if count == 0:
            return
        part = min(lot.count, count)
        yield lot, part
        count -= part
