"""What an allocation table gives free before it is paid out, and what is then left."""

from collections import Counter
from dataclasses import dataclass

from tonne import people
from tonne.operations.allocations import (
    ALLOCATE,
    FROM_RESERVE,
    kind_given,
    lawful_method,
    read_allocations,
    written,
)
from tonne.operations.books import Books
from tonne.operations.people import mandates_on, person
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.spreadsheet import REFERENCE, FileTooLarge, sheets
from tonne.operations.units import given
from tonne.operations.wishes import Allocate, Allotment
from tonne.refusal import Refused, refuse_if_any
from tonne.supply import Allocation, allocation_law, free_ceiling

__all__ = [
    "ROWS_MAX", "YearGiven", "asked", "lawful_method", "read", "units", "written", "years",
]  # fmt: skip

ROWS_MAX = 20_000
"""So many rows has a table that is proposed, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearGiven:
    """What a table gives of a year, and what may be given."""

    year: int
    asked: int
    """Of what may be given free."""

    drawn: int
    """Of the reserve for new entrants."""

    before: int
    """What was given free already, without the reserve."""

    ceiling: int
    """What may be given free, without the reserve."""

    reserve: int
    """What is in the reserve now."""

    @property
    def left(self) -> int:
        """What may still be given free once the table is paid out."""
        return self.ceiling - self.before - self.asked

    @property
    def reserve_left(self) -> int:
        """What is in the reserve once the table is paid out."""
        return self.reserve - self.drawn


def units(books: Books, scheme: Scheme, *, by: str, desk: Desk) -> list[str]:
    """The units that may be given free; 1202 to 1204 or 1219 for who may not propose a table."""
    refuse_if_any(
        people.proposing_refusals(
            person(books, by), None, Allocate.verb, mandates_on(scheme, desk.day)
        )
    )
    return [unit for verb, unit in scheme.on(desk.day).types if verb == ALLOCATE]


def read(name: str, content: bytes) -> list[Allocation]:
    """The rows of a file, no more than a proposal may have; or every fault of them."""
    rows = read_allocations(sheets(name, content))
    if len(rows) > ROWS_MAX:
        raise Refused([FileTooLarge(
            reference=REFERENCE, file=name, size=len(rows), limit=ROWS_MAX, what="rows"
        )])  # fmt: skip
    return rows


def asked(rows: list[Allocation], unit: str) -> Allocate:
    """The wish that such a table is paid out."""
    return Allocate(
        unit=unit,
        rows=tuple(
            Allotment(
                operator=row.operator, year=row.year, count=row.count, received=row.received,
                closed_on=row.closed_on,
            )
            for row in rows
        ),
    )  # fmt: skip


def years(books: Books, scheme: Scheme, wish: Allocate, *, desk: Desk) -> list[YearGiven]:
    """What a table that is not paid out yet gives of each year, and what is then left."""
    day, sums = scheme.on(desk.day), Counter[tuple[int, bool]]()
    for row in wish.rows:
        sums[row.year, row.received is None] += row.count
    kind = kind_given(wish.unit, day)
    return [
        YearGiven(
            year=year,
            asked=sums[year, True],
            drawn=sums[year, False],
            before=given(books, day, ALLOCATE, wish.unit, year),
            ceiling=free_ceiling(year, kind=kind, rules=scheme.supply),
            reserve=allocation_law(year, scheme.supply).value.new_entrant_reserve
            * (kind == "installation")
            - given(books, day, FROM_RESERVE, wish.unit, year),
        )
        for year in sorted({year for year, _ in sums})
    ]
