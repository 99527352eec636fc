"""Law for tests that is the same on every day."""

from datetime import date
from typing import TypeVar

from tonne.rulebook import Clause, Dated
from tonne.working_days import Calendar

T = TypeVar("T")


def always(value: T, reference: str = "Market Act, s. 1") -> Dated[T]:
    """A rule that was never another."""
    return Dated([Clause(start=date(2000, 1, 1), value=value, reference=reference)])


def calendar(*holidays: date) -> Calendar:
    """Work from Monday to Friday but on these days."""
    return Calendar(rest_days=always((6, 7)), holidays=always(holidays))
