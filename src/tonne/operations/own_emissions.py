"""What is on record of an operator's emissions, year by year, for those who see its account.

And for the verifiers whom the operator appointed, of those years.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tonne import mrv, people
from tonne.mrv import EmissionsReport, Figure
from tonne.operations.ask import YEARS
from tonne.operations.books import Books
from tonne.operations.people import mandates_on, person, read_reports
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.verification import Said, said_of


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEmitted:
    """What an operator reported of a year, and the figures that came of it."""

    year: int
    reports: Sequence[EmissionsReport]
    """As they came."""

    said: Sequence[Said]
    """What verifiers said of the reports, as it was said."""

    figures: Sequence[Figure]
    """As they were recorded."""

    stands: Figure | None
    """The figure that stands today."""


def emitted(
    books: Books, scheme: Scheme, account: str, *, by: str, desk: Desk, year: int | None = None
) -> list[YearEmitted]:
    """The years of an account of which there is a report or a figure, the first at the beginning.

    For a person who may see the account, and for a verifier as far as they were appointed; 1202,
    1203 or 9127 for any other.
    """
    at_account = read_reports(books, scheme, account, year, by=by, desk=desk)
    who, law = person(books, by), mandates_on(scheme, desk.day)
    years = [
        each
        for each in (YEARS if year is None else (year,))
        if not any(people.verifying_refusals(who, at_account, each, law))
    ]
    reports: dict[int, list[EmissionsReport]] = {}
    for _, report in books.reports(scheme.name, years, account=account):
        reports.setdefault(report.year, []).append(report)
    figures: dict[int, list[Figure]] = {}
    for _, figure in books.figures(scheme.name, years, account=account):
        figures.setdefault(figure.year, []).append(figure)
    return [
        YearEmitted(
            year=each,
            reports=tuple(reports.get(each, ())),
            said=said_of(books, scheme, account, each),
            figures=tuple(figures.get(each, ())),
            stands=mrv.standing(figures.get(each, []), on=desk.day),
        )
        for each in sorted(reports.keys() | figures.keys())
    ]
