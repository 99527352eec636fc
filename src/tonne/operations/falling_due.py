"""What falls due next: a proposal that waits for its time, a day that the law names."""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from tonne.operations.books import Books
from tonne.operations.proposal_book import topic_of
from tonne.operations.public import deadlines
from tonne.operations.scheme import Scheme

__all__ = ["FallingDue", "dues_between", "next_due"]


class FallingDue(NamedTuple):
    """Something that falls due."""

    at: datetime
    scheme: str
    what: str


def dues_between(
    books: Books, scheme: Scheme, *, after: datetime, upto: datetime
) -> list[FallingDue]:
    """What falls due between two moments, the earliest first; days of the law as they begin."""
    found = [
        FallingDue(each.due, scheme.name, f"proposal {each.subject}")
        for each in books.matters(topic_of(scheme), states=["delayed"], due=upto)
        if each.due is not None and each.due > after
    ]
    for year in range(after.year, upto.year + 1):
        for what, day in deadlines(scheme, year):
            at = datetime.combine(day, time(), tzinfo=UTC)
            if after < at <= upto:
                found.append(FallingDue(at, scheme.name, what))
    return sorted(found)


def next_due(
    books: Books, scheme: Scheme, *, after: datetime, within: timedelta
) -> FallingDue | None:
    """What falls due next in a scheme, if that is soon."""
    found = dues_between(books, scheme, after=after, upto=after + within)
    return found[0] if found else None
