"""What was cancelled and retired: how much, of what, when, and for whom where that was said."""

from collections.abc import Sequence
from dataclasses import dataclass

from tonne.ledger import Step, kind_of
from tonne.operations.books import Books
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.registry import Dedication

ENDS = ("cancelled", "retired", "deletion")
"""The kinds of account in which units end that nobody owed."""

AT_ONCE = 50
LAST = (2**62, 0)
"""Before this came everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Some units that were cancelled or retired; by whom is not told."""

    step: Step
    line: int
    name: str
    """What the law calls it."""

    dedication: Dedication | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedTold:
    """A page of what was cancelled or retired, the latest first."""

    rows: tuple[Ended, ...]
    before: tuple[int, int] | None
    """Where the next page begins, if there is one."""

    held: dict[str, int]
    """How many lie there in all, by kind of unit."""


def ends_of(books: Books, scheme: Scheme, *, desk: Desk) -> list[str]:
    """The accounts of a scheme in which units end that nobody owed."""
    kinds = {
        code for code, kind in scheme.on(desk.day).kinds.items()
        if kind.government and code in ENDS
    }  # fmt: skip
    return [
        each.number
        for each in books.accounts(scheme=scheme.name, operated=False)
        if each.kind in kinds
    ]


def ended_told(
    books: Books,
    scheme: Scheme,
    accounts: Sequence[str],
    *,
    before: tuple[int, int] = LAST,
) -> EndedTold:
    """A page of what came into these accounts, and how much lies there in all."""
    found = [
        each
        for account in accounts
        for each in books.arrivals(account, before=before, limit=AT_ONCE + 1)
    ]
    found.sort(key=lambda each: (each[1].transaction, each[0]), reverse=True)
    shown = found[:AT_ONCE]
    told = books.dedications([step.transaction for _, step in shown])
    rows = tuple(
        Ended(
            step=step,
            line=line,
            name=_name(scheme, step),
            dedication=told.get(step.transaction),
        )
        for line, step in shown
    )
    held: dict[str, int] = {}
    for account in accounts:
        for unit, count in books.holdings(account).items():
            held[unit] = held.get(unit, 0) + count
    more = len(found) > AT_ONCE
    return EndedTold(
        rows=rows,
        before=(rows[-1].step.transaction, rows[-1].line) if more else None,
        held=held,
    )


def _name(scheme: Scheme, step: Step) -> str:
    row = scheme.on(step.day).types.get((step.kind, kind_of(step.asset)))
    return step.kind if row is None else row.type.name
