"""A year of an operator from beginning to end, for those who act on the account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tonne import compliance, people
from tonne.ledger import Step
from tonne.mrv import EmissionsReport, Figure
from tonne.operations.allocations import ALLOCATE, FROM_RESERVE
from tonne.operations.ask import Statement
from tonne.operations.books import Books, Closing
from tonne.operations.papers import own_statement
from tonne.operations.people import mandates_on, people_of, person
from tonne.operations.positions import positions
from tonne.operations.public_years import deadlines
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.verification import Said, said_of
from tonne.operations.wishes_of_emissions import Report
from tonne.refusal import Refused
from tonne.registry import HoldingAccount
from tonne.rulebook import NotInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnYear:
    """How an operator stands with a year: the law's days, and the figures with their rows."""

    year: int
    account: HoldingAccount
    allocation_day: date | None
    report_day: date | None
    surrender_day: date | None
    publication_day: date | None
    allocated: int
    carried: int | None
    """Units missing from the years before; nothing where the law knows no duty."""

    surrendered: int
    owed: int | None
    """Units that are missing: those still owed, or those that the closing found missing."""

    reports: Sequence[EmissionsReport]
    figures: Sequence[Figure]
    closing: Closing | None
    """The last that was said of the year, if it is closed."""

    said: Sequence[Said]
    """What verifiers said of the reports, the last at the end."""

    may_report: bool
    """Whether who looks may report the emissions of the year now."""

    steps: Sequence[Step]
    """The movements of the year, the last first."""

    @property
    def report_is_next(self) -> bool:
        """Whether who looks is to report: nothing was, or a verifier was not satisfied."""
        last = self.said[-1].word if self.said else None
        judged = last is not None and bool(self.reports) and last.is_of(self.reports[-1])
        return self.may_report and (not self.reports or judged)

    @property
    def verified(self) -> int | None:
        """Tonnes of the year, as they stand."""
        return self.figures[-1].tonnes if self.figures else None


def own_year(
    books: Books, scheme: Scheme, number: str, year: int, *, by: str, desk: Desk
) -> OwnYear:
    """An operator's year, for a person who may see the account; 1202 or 1203 for any other."""
    found = own_statement(books, scheme, number, by=by, desk=desk, year=year)
    closing = max(found.closings, key=lambda each: each.entry, default=None)
    carried, owed, surrendered = _duty(books, scheme, number, year, desk=desk)
    days = dict(deadlines(scheme, year + 1))
    return OwnYear(
        year=year,
        account=found.account,
        allocation_day=dict(deadlines(scheme, year)).get("allocation"),
        report_day=days.get("report"),
        surrender_day=days.get("surrender"),
        publication_day=days.get("publication"),
        allocated=_allocated(scheme, found, desk=desk),
        carried=carried,
        surrendered=surrendered,
        owed=owed if closing is None else closing.outcome.missing,
        reports=found.reports,
        figures=sorted(found.figures, key=lambda each: each.recorded),
        closing=closing,
        said=said_of(books, scheme, number, year),
        may_report=not found.figures
        and closing is None
        and year < desk.day.year
        and _may_report(books, scheme, number, by=by, desk=desk),
        steps=tuple(reversed(found.steps)),
    )


def _may_report(books: Books, scheme: Scheme, number: str, *, by: str, desk: Desk) -> bool:
    """Whether a person's right on an account reaches to a report of its emissions."""
    law = mandates_on(scheme, desk.day)
    against = people.proposing_refusals(
        person(books, by), people_of(books, number), Report.verb, law
    )
    return not any(against)


def _duty(
    books: Books, scheme: Scheme, number: str, year: int, *, desk: Desk
) -> tuple[int | None, int | None, int]:
    """What was missing before, what is still owed, and what was surrendered for the year."""
    try:
        found, given = positions(books, scheme, year, desk.day, account=number)
        standing = found[number]
        (owed,) = compliance.still_owed(year, [standing], scheme.compliance)
    except (Refused, NotInForce, KeyError):
        return None, None, 0
    return standing.carried, max(0, owed), given.by_now.get((number, year), 0)


def _allocated(scheme: Scheme, found: Statement, *, desk: Desk) -> int:
    """Units of the year that were given out free, less those that were taken back."""
    day = scheme.on(desk.day)
    given = (ALLOCATE, FROM_RESERVE)
    back = {day.reversals[verb] for verb in given if verb in day.reversals}
    number = found.account.number
    came = sum(e.units for e in found.steps if e.kind in given and e.target == number)
    return came - sum(e.units for e in found.steps if e.kind in back and e.source == number)
