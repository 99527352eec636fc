"""The reserve for new entrants: what it has, and who of them is given it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tonne.refusal import Refusal
from tonne.supply.refusals import NotNewEntrant, ReserveExhausted


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody who came later asks of the reserve."""

    operator: str
    asked: int
    received: date

    def __post_init__(self) -> None:
        assert self.asked > 0, "an entry asks for something"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the reserve gives to one of them: all that was asked, or nothing and why."""

    operator: str
    count: int
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What has been given of a year before: units of the reserve, and who has an allocation."""

    count: int = 0
    served: frozenset[str] = frozenset()


def new_entrants(
    entries: Iterable[Entry], *, left: int, allocated: Collection[str], reference: str
) -> tuple[Grant, ...]:
    """What the reserve gives: first come, first served; on one day, in the order given.

    One that asks for more than is left is refused, and the next is heard. ``allocated`` are the
    operators that already have an allocation.
    """
    grants: list[Grant] = []
    served = set(allocated)
    for entry in sorted(entries, key=lambda each: each.received):
        refusals = tuple(_entry_refusals(entry, left, served, reference))
        count = 0 if refusals else entry.asked
        grants.append(Grant(operator=entry.operator, count=count, refusals=refusals))
        left -= count
        if count:
            served.add(entry.operator)
    return tuple(grants)


def _entry_refusals(
    entry: Entry, left: int, served: Collection[str], reference: str
) -> Iterator[Refusal]:
    if entry.operator in served:
        yield NotNewEntrant(reference=reference, operator=entry.operator)
    if entry.asked > left:
        yield ReserveExhausted(
            reference=reference, operator=entry.operator, asked=entry.asked, left=left
        )
