"""A rule of law and its whole history: clauses with a start day, a value and a reference."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar, get_type_hints

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause(Generic[T]):
    """One value of the law, the day it starts to apply, and where it is written."""

    start: date
    value: T
    reference: str
    reviewed: date | None = None
    """The day a person last compared it with the law."""

    verified: bool = True
    """False where the figure was written down from memory and no source was read."""


class NotInForce(LookupError):  # noqa: N818  it is an answer about the law
    """The law was asked about a day on which nothing was in force; the text names the rule."""

    def __init__(self, what: str, *, reference: str) -> None:
        """What was asked, and where the first clause is written."""
        self.reference = reference
        super().__init__(what)


@dataclass(frozen=True, slots=True, init=False)
class Dated(Generic[T]):
    """A rule and its whole history.

    >>> tax = Dated([Clause(start=date(2005, 1, 1), value=40, reference="Article 16(4)")])
    >>> tax.on(date(2007, 4, 30)).value
    40
    """

    clauses: tuple[Clause[T], ...]
    name: str = field(compare=False)

    def __init__(self, clauses: Iterable[Clause[T]], *, name: str = "this rule") -> None:
        """Order the clauses by day; two of one day are a contradiction (``ValueError``)."""
        ordered = tuple(sorted(clauses, key=lambda clause: clause.start))
        for earlier, later in pairwise(ordered):
            if earlier.start == later.start:
                raise ValueError(f"two clauses start on {later.start}: {earlier} and {later}")
        object.__setattr__(self, "clauses", ordered)
        object.__setattr__(self, "name", name)

    def on(self, day: date) -> Clause[T]:
        """The clause in force on that day. There is no default law: else ``NotInForce``."""
        index = bisect_right(self.clauses, day, key=lambda clause: clause.start)
        if index == 0:
            begins = f", which begins on {self.clauses[0].start}" if self.clauses else ""
            reference = self.clauses[0].reference if self.clauses else self.name
            what = f"nothing in force on {day} for {self.name}{begins}"
            raise NotInForce(what, reference=reference)
        return self.clauses[index - 1]


def clauses(rules: object) -> Iterator[tuple[str, Clause[object]]]:
    """Every clause of a law in its shape, with the name of its rule."""
    for name in get_type_hints(type(rules)):
        for clause in getattr(rules, name).clauses:
            yield name, clause


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day that comes back every year, such as 30 April.

    >>> MonthDay.parse("04-30").in_year(2006)
    datetime.date(2006, 4, 30)
    """

    month: int
    day: int

    def __post_init__(self) -> None:
        date(2004, self.month, self.day)

    @classmethod
    def parse(cls, text: str) -> "MonthDay":
        """Read ``MM-DD``; anything else is a ``ValueError``."""
        month, dash, day = text.partition("-")
        if not (dash and len(month) == len(day) == 2 and (month + day).isdecimal()):  # noqa: PLR2004  two digits each
            raise ValueError(f"{text!r} is not a month and a day, such as 04-30")
        return cls(int(month), int(day))

    def in_year(self, year: int) -> date:
        """That day in that year; 29 February becomes the 28th where there is none."""
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"
