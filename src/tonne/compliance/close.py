"""A year is closed: who fell short, what it costs, what is still owed, who is named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from msgspec import Struct

from tonne.compliance.refusals import YearClosedTooSoon
from tonne.compliance.rules import (
    ComplianceRules,
    MakeGoodRule,
    counted_since,
    rounding,
    surrender_by,
    year_end,
)
from tonne.compliance.status import Arrival, Standing, Status, corrected_status, owed, status
from tonne.quantity import Currency, Money, currency, product, whole


class Position(Struct, frozen=True, kw_only=True):
    """How an operator stands on the deadline, and what has changed from then to the closing.

    The totals are counted since the year that :func:`counted_since` names, this year included.
    What was surrendered after the deadline is not among them. What is held does not appear: the
    penalty is for not surrendering in time, even if enough was held (Court of Justice, C-203/12).
    """

    operator: str
    standing: Standing
    verified: int | None
    """Tonnes of this year as they stand at the closing; none if none are entered."""

    verified_total: int
    surrendered_total: int
    extra: int = 0
    """Units owed beside the tonnes, as the last outcome left them."""

    carried: int = 0
    """Units missing from earlier years, as the last outcome left them."""

    corrected: int = 0
    """Tonnes that were added to earlier years since the last outcome."""

    corrected_before: int = 0
    """Those of them that belong to years which are in no total any more."""

    entered: Arrival = "in_time"
    """How this year's figure came."""

    revised: int = 0
    """Tonnes by which it differs from the figure of the deadline, if there was one."""

    late: int = 0
    """Units that came after the deadline, by the day of closing; they are in no total."""

    def __post_init__(self) -> None:
        assert self.verified is None or self.verified >= 0, "emissions are not negative"
        assert self.verified_total >= 0, "emissions are not negative"
        assert self.surrendered_total >= 0, "units are counted from none"
        assert self.carried >= 0, "units are counted from none"
        assert self.corrected >= self.corrected_before >= 0, "a correction down lessens the total"
        assert self.late >= 0, "units are counted from none"


class Outcome(Struct, frozen=True, kw_only=True):
    """What the closing of a year says of one operator."""

    operator: str
    year: int
    status: Status
    missing: int
    """Units that were due and not surrendered in time, those of earlier years included, and
    those for tonnes that were added since."""

    excess: int
    """Those of them that are missing for the first time: they carry the penalty."""

    penalty: Money
    extra: int
    """Units owed beside the tonnes from now on: goes into the next position."""

    made_good: int
    """Units that have come for them after the deadline, by the day of closing."""

    carried: int
    """Units still to be made good: goes into the next position."""

    published: bool
    """Whether the operator is named in public."""

    report_missing: bool
    """Whether the authority has to set the emissions, because none were entered."""

    because: tuple[str, ...]
    """The law that was applied."""


def close(year: int, positions: Iterable[Position], rules: ComplianceRules) -> list[Outcome]:
    """The outcome of a year for each operator.

    The penalty is for each tonne of the year for which no unit was surrendered in time, and so for
    each missing unit once. A unit already missing at the last closing is owed still, but not fined
    a second time (Directive 2003/87/EC, Article 16(3): the penalty is for each tonne emitted that
    no allowance was surrendered for; payment does not release from surrendering the missing
    allowances with those of the next year). Tonnes that the authority added to a report after the
    deadline are owed, but carry no penalty of themselves where the law says so (Court of Justice,
    C-148/14).

    Where no emissions were entered nothing is fined yet. Once the authority has set or corrected
    them the year is closed again for that operator: the new outcome takes the place of the old.
    """
    law = _YearLaw.of(year, rules)
    return [_outcome(position, law) for position in positions]


def closing_refusals(year: int, day: date, rules: ComplianceRules) -> Iterator[YearClosedTooSoon]:
    """Why a year is not closed that day: before the last day for its units nobody is late."""
    last = surrender_by(year, rules)
    if day < last:
        reference = rules.surrender_deadline.on(year_end(year)).reference
        yield YearClosedTooSoon(reference=reference, year=year, day=day, last=last)


def still_owed(year: int, positions: Iterable[Position], rules: ComplianceRules) -> list[int]:
    """Units that each operator still owes for a year, those of earlier years included."""
    restarts = counted_since(year, rules) == year
    return [_missing(position, _extra(position, restarts=restarts)) for position in positions]


@dataclass(frozen=True, slots=True, kw_only=True)
class _YearLaw:
    """The law of one year, looked up once for everybody."""

    year: int
    restarts: bool
    counts_make_good: bool
    correction_penalised: bool
    names_published: bool
    amount: Decimal
    currency: Currency
    no_penalty: Money
    make_good: MakeGoodRule
    because: tuple[str, ...]

    @classmethod
    def of(cls, year: int, rules: ComplianceRules) -> "_YearLaw":
        """The law in force at the end of the year."""
        day = year_end(year)
        penalty, make_good = rules.penalty.on(day), rules.make_good.on(day)
        names, test = rules.names_published.on(day), rules.status_test.on(day)
        money = currency(penalty.value.currency, reference=penalty.reference)
        return cls(
            year=year,
            restarts=counted_since(year, rules) == year,
            counts_make_good=rules.status_measure.on(day).value == "obligation",
            correction_penalised=rules.correction_penalised.on(day).value,
            names_published=names.value,
            amount=penalty.value.amount,
            currency=money,
            no_penalty=Money(0, money),
            make_good=make_good.value,
            because=(test.reference, penalty.reference, make_good.reference, names.reference),
        )


def _outcome(position: Position, law: _YearLaw) -> Outcome:
    extra = _extra(position, restarts=law.restarts)
    missing = _missing(position, extra)
    excess = _excess(position, missing, law)
    again = _to_make_good(excess, law.make_good) if excess else 0
    due = missing + again - excess
    made_good = min(position.late, due)
    return Outcome(
        operator=position.operator,
        year=law.year,
        status=_status(position, extra if law.counts_make_good else 0),
        missing=missing,
        excess=excess,
        penalty=_penalty(excess, law),
        extra=extra + again - excess,
        made_good=made_good,
        carried=due - made_good,
        published=law.names_published and excess > 0,
        report_missing=position.standing == "obliged" and position.verified is None,
        because=law.because,
    )


def _status(position: Position, beside: int) -> Status:
    """The code: of the deadline, or of the authority's decision where it corrected since."""
    decided = position.standing == "obliged" and position.verified is not None
    if decided and position.entered == "by_authority":
        return corrected_status(
            owed=position.verified_total + beside,
            surrendered=position.surrendered_total + position.late,
        )
    return status(
        standing=position.standing,
        verified=position.verified if position.entered == "in_time" else None,
        owed=position.verified_total - position.revised + beside,
        surrendered=position.surrendered_total,
    )


def _extra(position: Position, *, restarts: bool) -> int:
    """Units owed beside the tonnes that are counted."""
    # Where counting starts anew, what is missing from before is in no total any more.
    if restarts:
        return position.carried + position.corrected
    return position.extra + position.corrected_before


def _missing(position: Position, extra: int) -> int:
    return owed(
        verified=position.verified_total,
        surrendered=position.surrendered_total,
        to_make_good=extra,
    )


def _excess(position: Position, missing: int, law: _YearLaw) -> int:
    """Units missing for the first time."""
    if position.standing != "obliged" or position.verified is None:
        return 0
    added = position.corrected + max(0, position.revised)
    answered = position.carried + (0 if law.correction_penalised else added)
    return max(0, missing - answered)


def _to_make_good(excess: int, rule: MakeGoodRule) -> int:
    """Units owed next year for those missing for the first time."""
    return whole(product(rule.ratio, Decimal(excess)), rounding(rule.rounding))


def _penalty(excess: int, law: _YearLaw) -> Money:
    if not excess:
        return law.no_penalty
    return Money.of(product(law.amount, Decimal(excess)), law.currency)
