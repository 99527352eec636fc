"""How surely: the operator's yearly report, the verifier's opinion, and the verified figure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from msgspec import Struct

from tonne.mrv.figure import EmissionsBelowNothing, Figure, beyond_measure
from tonne.mrv.rules import (
    InstallationCategories,
    Materiality,
    MrvRules,
    installation_category,
    rounding,
    year_start,
)
from tonne.quantity import Rounding, Tonnes, product
from tonne.refusal import Refusal, Refused
from tonne.rulebook import Clause


class EmissionsReport(Struct, frozen=True, kw_only=True):
    """What an operator says it emitted in a year."""

    operator: str
    year: int
    tonnes: Tonnes
    submitted: date
    source: str = ""
    """Where it comes from: the streams worked out, or a file and its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What an accredited verifier says of a report."""

    verifier: str
    judgement: Literal["verified", "verified_with_comments", "not_verified"]
    comments: tuple[str, ...] = ()
    """The comments, or the reasons why it is not verified."""

    tonnes: Tonnes | None = None
    """The verifier's own figure, where the operator's is not accepted."""

    misstatement: Tonnes | None = None
    """What remains wrong in the report, as far as the verifier knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNotVerified(Refusal):
    """A report that is not verified gives no figure (Directive 2003/87/EC, Article 15)."""

    number: ClassVar[int] = 5020
    remedy: ClassVar[str] = "Correct the report and have it verified, or determine the emissions."

    operator: str
    year: int
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return f"The report of {self.operator} for {self.year} is not verified: " + "; ".join(
            self.reasons or ("no reason given",)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionWithoutReasons(Refusal):
    """A verifier who comments says what, and one who does not verify says why."""

    number: ClassVar[int] = 5021
    remedy: ClassVar[str] = "Give the comments or the reasons."

    operator: str
    year: int
    judgement: str

    def __str__(self) -> str:
        return f"The opinion on {self.operator} for {self.year} is {self.judgement!r}, bare."


@dataclass(frozen=True, slots=True, kw_only=True)
class MisstatementMaterial(Refusal):
    """A report whose known errors are material cannot be verified."""

    number: ClassVar[int] = 5022
    remedy: ClassVar[str] = "Have the error corrected, or give the verifier's own figure."

    operator: str
    year: int
    misstatement: Decimal
    limit: Decimal

    def __str__(self) -> str:
        return (
            f"{self.misstatement} t in the report of {self.operator} for {self.year} are wrong; "
            f"more than {self.limit} t is material."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class YearNotBegun(Refusal):
    """What has not been emitted yet can be neither reported nor verified."""

    number: ClassVar[int] = 5023
    remedy: ClassVar[str] = "Check the year of the report and the day it was submitted."

    operator: str
    year: int
    submitted: date

    def __str__(self) -> str:
        return f"{self.operator} reported {self.year} on {self.submitted}, before it began."


def report_refusals(report: EmissionsReport, *, rules: MrvRules) -> Iterator[Refusal]:
    """Why a report is not taken, whatever a verifier may say of it."""
    reference = rules.report_deadline.on(year_start(report.year)).reference
    yield from _too_soon(report, reference)
    yield from beyond_measure(report.operator, report.year, report.tonnes, reference=reference)


Outcome = Figure | tuple[Refusal, ...]
"""A figure, or all the reasons why there is none."""


def verify(report: EmissionsReport, opinion: Opinion, *, rules: MrvRules, at: datetime) -> Figure:
    """The verified figure in whole tonnes, or :class:`~tonne.refusal.Refused`."""
    outcome = _decide(report, opinion, _law(rules, report.year), at)
    if isinstance(outcome, tuple):
        raise Refused(outcome)
    return outcome


def verify_all(
    reports: Iterable[tuple[EmissionsReport, Opinion]], *, rules: MrvRules, at: datetime
) -> list[Outcome]:
    """Each report decided on its own, in the order given; the law is looked up once a year."""
    laws: dict[int, _Law] = {}
    outcomes: list[Outcome] = []
    for report, opinion in reports:
        law = laws.get(report.year)
        if law is None:
            law = laws[report.year] = _law(rules, report.year)
        outcomes.append(_decide(report, opinion, law, at))
    return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Law:
    """The law on reports of one year."""

    deadline: date
    reference: str
    rounding: Rounding
    materiality: Clause[Materiality]
    categories: InstallationCategories


def _law(rules: MrvRules, year: int) -> _Law:
    day = year_start(year)
    deadline = rules.report_deadline.on(day)
    return _Law(
        deadline=deadline.value.in_year(year + 1),
        reference=deadline.reference,
        rounding=rounding(rules.tonnes_rounding.on(day).value),
        materiality=rules.materiality.on(day),
        categories=rules.installation_categories.on(day).value,
    )


def _decide(report: EmissionsReport, opinion: Opinion, law: _Law, at: datetime) -> Outcome:
    # The verifier's figure stands where it differs from the operator's.
    tonnes = report.tonnes if opinion.tonnes is None else opinion.tonnes
    refusals = tuple(_refusals(report, opinion, tonnes, law))
    if refusals:
        return refusals
    return Figure(
        operator=report.operator,
        year=report.year,
        kind="verified",
        tonnes=tonnes.whole(law.rounding),
        day=report.submitted,
        recorded=at,
        reference=law.reference,
        note="; ".join(opinion.comments),
        late=report.submitted > law.deadline,
    )


def _refusals(
    report: EmissionsReport, opinion: Opinion, tonnes: Tonnes, law: _Law
) -> Iterator[Refusal]:
    operator, year = report.operator, report.year
    yield from _too_soon(report, law.reference)
    if tonnes.value < 0:
        yield EmissionsBelowNothing(
            reference=law.reference, operator=operator, year=year, tonnes=tonnes.value
        )
    yield from beyond_measure(operator, year, tonnes, reference=law.reference)
    if opinion.judgement == "not_verified":
        yield ReportNotVerified(
            reference=law.reference, operator=operator, year=year, reasons=opinion.comments
        )
    if opinion.judgement != "verified" and not opinion.comments:
        yield OpinionWithoutReasons(
            reference=law.reference, operator=operator, year=year, judgement=opinion.judgement
        )
    if opinion.misstatement is not None and opinion.tonnes is None:
        yield from _material(report, opinion.misstatement, law)


def _too_soon(report: EmissionsReport, reference: str) -> Iterator[Refusal]:
    if report.submitted < year_start(report.year):
        yield YearNotBegun(
            reference=reference,
            operator=report.operator,
            year=report.year,
            submitted=report.submitted,
        )


def _material(report: EmissionsReport, misstatement: Tonnes, law: _Law) -> Iterator[Refusal]:
    """Refuse what is wrong by more than the law's part of the report's own figure."""
    tonnes = report.tonnes.value
    category = installation_category(tonnes, law.categories)
    percent: Decimal | None = getattr(law.materiality.value, f"category_{category}")
    if percent is None:
        return
    limit = product(tonnes, percent, Decimal("0.01"))
    if misstatement.value.copy_abs() > limit:
        yield MisstatementMaterial(
            reference=law.materiality.reference,
            operator=report.operator,
            year=report.year,
            misstatement=misstatement.value,
            limit=limit,
        )
