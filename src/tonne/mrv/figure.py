"""The figure of a year: verified, determined or corrected; and which of them stands.

Nothing is overwritten: a later figure is a record of its own that keeps the earlier ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from msgspec import Struct

from tonne.mrv.placed import Placed
from tonne.mrv.rules import DeterminationMethod, MrvRules, rounding, year_start
from tonne.quantity import Tonnes, product
from tonne.refusal import Refusal, refuse_if_any

DeterminationReason = Literal[
    "report_missing", "report_not_verified", "misstatement", "closure_report_missing", "other"
]


DIGITS_MAX = 12
"""Tonnes of one operator's year are no number of more digits."""


class Figure(Struct, frozen=True, kw_only=True):
    """An operator's emissions of a year in whole tonnes of CO2 equivalent, and whose word it is."""

    operator: str
    year: int
    kind: Literal["verified", "determined", "corrected"]
    tonnes: int
    day: date
    """The day from which it holds."""

    recorded: datetime
    """The moment at which it became known."""

    reference: str
    note: str = ""
    late: bool = False
    """Whether it came after the last day for reports."""

    entry: int = 0
    """Its number in the journal, once it is there."""

    def __post_init__(self) -> None:
        assert self.tonnes >= 0, "nothing is the least that can be emitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionsBeyondMeasure(Placed):
    """A year's emissions are a number that can be true."""

    number: ClassVar[int] = 5012
    remedy: ClassVar[str] = "Check the units of activity, calorific value and emission factor."

    operator: str
    year: int
    digits: int

    def __str__(self) -> str:
        return (
            f"{self.where}The emissions of {self.operator} in {self.year} come to a number of "
            f"{self.digits} digits."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionsBelowNothing(Placed):
    """A year's emissions are not less than nothing, whatever leaves a mass balance."""

    number: ClassVar[int] = 5011
    remedy: ClassVar[str] = "Give 0 or more; check the carbon that leaves a mass balance."

    operator: str
    year: int
    tonnes: Decimal

    def __str__(self) -> str:
        return (
            f"{self.where}{self.tonnes} t for {self.operator} in {self.year} is less than nothing."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminedTooEarly(Refusal):
    """The authority waits for the report until its last day is over."""

    number: ClassVar[int] = 5030
    remedy: ClassVar[str] = "Wait until the last day for reports is over."

    operator: str
    year: int
    deadline: date

    def __str__(self) -> str:
        return (
            f"The report of {self.operator} for {self.year} may still come until {self.deadline}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAlreadyVerified(Refusal):
    """A verified report is there, so none is missing."""

    number: ClassVar[int] = 5031
    remedy: ClassVar[str] = "Determine for another reason, or correct the figure that stands."

    operator: str
    year: int
    tonnes: int

    def __str__(self) -> str:
        return f"{self.operator} has verified emissions of {self.tonnes} t for {self.year}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToDetermineFrom(Refusal):
    """A determination rests on a stated figure or, where the law says so, on past years."""

    number: ClassVar[int] = 5032
    remedy: ClassVar[str] = "State a conservative estimate of the year's emissions."

    operator: str
    year: int
    method: str

    def __str__(self) -> str:
        return (
            f"Nothing is stated for {self.operator} in {self.year}, and the method "
            f"{self.method!r} finds no past figure."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToCorrect(Refusal):
    """A correction needs a figure that stands."""

    number: ClassVar[int] = 5033
    remedy: ClassVar[str] = "Have a report verified, or determine the emissions."

    operator: str
    year: int

    def __str__(self) -> str:
        return f"No figure stands for {self.operator} in {self.year}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionChangesNothing(Refusal):
    """A correction gives another figure than the one that stands."""

    number: ClassVar[int] = 5034
    remedy: ClassVar[str] = "Leave the figure as it is."

    operator: str
    year: int
    tonnes: int

    def __str__(self) -> str:
        return f"{self.tonnes} t already stands for {self.operator} in {self.year}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionWithoutReason(Refusal):
    """A correction says why."""

    number: ClassVar[int] = 5035
    remedy: ClassVar[str] = "Give the reason for the correction."

    operator: str
    year: int

    def __str__(self) -> str:
        return f"The correction of {self.operator} for {self.year} gives no reason."


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureStandsAlready(Refusal):
    """After the last day for reports, or once the year is closed, the authority alone corrects."""

    number: ClassVar[int] = 5036
    remedy: ClassVar[str] = "Ask the authority to correct the figure: tonne report correct."

    operator: str
    year: int
    tonnes: int
    stands: int
    why: str

    def __str__(self) -> str:
        return (
            f"{self.stands} t stand for {self.operator} in {self.year} and {self.why}: "
            f"{self.tonnes} t verified change nothing."
        )


def beyond_measure(
    operator: str, year: int, tonnes: Tonnes, *, reference: str
) -> Iterator[EmissionsBeyondMeasure]:
    """Refuse what nobody can have emitted: the whole world emits a number of eleven digits."""
    digits = tonnes.value.adjusted() + 1
    if digits > DIGITS_MAX:
        yield EmissionsBeyondMeasure(
            reference=reference, operator=operator, year=year, digits=digits
        )


def verified_refusals(
    figure: Figure, earlier: Sequence[Figure], *, closed: bool, day: date, rules: MrvRules
) -> Iterator[Refusal]:
    """What speaks against another verified figure beside those there are of an operator's year.

    The same figure again does no harm. ``closed`` says that the year was closed for the operator;
    ``day`` is the one on which the figure is entered, whenever the report came.
    """
    stands = standing(earlier, on=date.max)
    if stands is None or stands.tonnes == figure.tonnes:
        return
    deadline = rules.report_deadline.on(year_start(figure.year)).value.in_year(figure.year + 1)
    if closed or figure.late or day > deadline:
        yield FigureStandsAlready(
            reference=figure.reference,
            operator=figure.operator,
            year=figure.year,
            tonnes=figure.tonnes,
            stands=stands.tonnes,
            why="the year is closed" if closed else "the last day for reports is over",
        )


def standing(
    figures: Sequence[Figure], *, on: date, known: datetime | None = None
) -> Figure | None:
    """The figure of one operator's year that stands on a day, as known at a moment.

    Of what holds by that day the one recorded last stands; but a report does not override what
    the authority has determined or corrected.
    """
    if len(figures) == 1 and known is None:
        return figures[0] if figures[0].day <= on else None
    found: Figure | None = None
    for each in sorted(figures, key=lambda figure: figure.recorded):
        if each.day > on or (known is not None and each.recorded > known):
            continue
        if each.kind != "verified" or found is None or found.kind == "verified":
            found = each
    return found


def determine(
    *,
    operator: str,
    year: int,
    reason: DeterminationReason,
    stated: Tonnes | None = None,
    past: Sequence[Figure] = (),
    figures: Sequence[Figure] = (),
    rules: MrvRules,
    at: datetime,
    day: date | None = None,
    note: str = "",
) -> Figure:
    """The authority's conservative figure, where a report is missing or cannot be trusted.

    ``past`` are the figures that stand for earlier years, ``figures`` those there are for this
    one. The method, named by the law, says what the figure is made of. It holds from ``day``, or
    from the day on which it is recorded.
    """
    day = day or at.date()
    law = rules.determination.on(year_start(year))
    found = _METHODS[law.value.method](law.value, year=year, stated=stated, past=past)
    deadline = rules.report_deadline.on(year_start(year)).value.in_year(year + 1)
    stands = standing(figures, on=day, known=at)

    def refusals() -> Iterator[Refusal]:
        missing = reason == "report_missing"
        if missing and day <= deadline:
            yield DeterminedTooEarly(
                reference=law.reference, operator=operator, year=year, deadline=deadline
            )
        if missing and stands is not None:
            yield ReportAlreadyVerified(
                reference=law.reference, operator=operator, year=year, tonnes=stands.tonnes
            )
        if found is None:
            yield NothingToDetermineFrom(
                reference=law.reference, operator=operator, year=year, method=law.value.method
            )
            return
        if found < Tonnes.zero:
            yield EmissionsBelowNothing(
                reference=law.reference, operator=operator, year=year, tonnes=found.value
            )
        yield from beyond_measure(operator, year, found, reference=law.reference)

    refuse_if_any(refusals())
    assert found is not None, "refused before"
    return Figure(
        operator=operator,
        year=year,
        kind="determined",
        tonnes=found.whole(rounding(rules.tonnes_rounding.on(year_start(year)).value)),
        day=day,
        recorded=at,
        reference=law.reference,
        note=f"{reason}; {law.value.method}" + (f"; {note}" if note else ""),
        late=day > deadline,
    )


def correct(
    figures: Sequence[Figure], *, operator: str, year: int, tonnes: Tonnes, note: str,
    rules: MrvRules, at: datetime, day: date | None = None,
) -> Figure:  # fmt: skip
    """A new figure that replaces the one that stands and keeps it, from ``day`` or at once."""
    day = day or at.date()
    law = rules.determination.on(year_start(year))
    stands = standing(figures, on=day, known=at)
    whole = tonnes.whole(rounding(rules.tonnes_rounding.on(year_start(year)).value))

    def refusals() -> Iterator[Refusal]:
        if stands is None:
            yield NothingToCorrect(reference=law.reference, operator=operator, year=year)
        elif stands.tonnes == whole:
            yield CorrectionChangesNothing(
                reference=law.reference, operator=operator, year=year, tonnes=whole
            )
        if tonnes < Tonnes.zero:
            yield EmissionsBelowNothing(
                reference=law.reference, operator=operator, year=year, tonnes=tonnes.value
            )
        yield from beyond_measure(operator, year, tonnes, reference=law.reference)
        if not note.strip():
            yield CorrectionWithoutReason(reference=law.reference, operator=operator, year=year)

    refuse_if_any(refusals())
    return Figure(
        operator=operator,
        year=year,
        kind="corrected",
        tonnes=whole,
        day=day,
        recorded=at,
        reference=law.reference,
        note=note,
    )


def _stated(
    _law: DeterminationMethod, *, year: int, stated: Tonnes | None, past: Sequence[Figure]
) -> Tonnes | None:
    """What the authority states, from whatever it has: the law names no formula."""
    del year, past
    return stated


def _highest_of_past_years(
    law: DeterminationMethod, *, year: int, stated: Tonnes | None, past: Sequence[Figure]
) -> Tonnes | None:
    """The highest figure of so many years before, times a factor; more if more is stated."""
    assert law.years is not None and law.factor is not None, "made so in the rules"  # noqa: PT018
    years = range(year - law.years, year)
    found = [
        Tonnes(product(Decimal(each.tonnes), law.factor)) for each in past if each.year in years
    ]
    return max([*found, stated] if stated is not None else found, default=None)


_METHODS = {"stated": _stated, "highest_of_past_years": _highest_of_past_years}
