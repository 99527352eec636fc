"""How the registry itself is doing, for its staff: what waits, what failed, whether the books hold.

Whoever asks is looked at first: staff of the registry, and nobody else.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tonne import compliance, people
from tonne.ledger import Difference, Total
from tonne.linking import Comparison
from tonne.operations.books import Books
from tonne.operations.heard import moment
from tonne.operations.people import mandates_on, person
from tonne.operations.proposal_book import is_sealed, proposal, proposals, topic_of
from tonne.operations.proposing import due
from tonne.operations.public_years import deadlines
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.people import LifeState, Proposal
from tonne.refusal import Refused, refuse_if_any
from tonne.registry import HoldingAccount
from tonne.rulebook import NotInForce

FAILED_MAX = 20
"""So many of the latest that failed are told at once."""

WAITING_MAX = 1_000
"""So many are counted; more are told as so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """How the registry of a scheme is doing."""

    waiting: int
    """Proposals that wait for a second person."""

    delayed: int
    overdue: tuple[Proposal, ...]
    """Those whose time has come and that are not carried out: nobody works."""

    failed: tuple[Proposal, ...]
    """The latest that a rule ended, the last first."""

    grounds: tuple[tuple[int, int], ...]
    """The numbers of the refusals that ended those, and how often each did."""

    linked: bool
    comparison: Comparison | None
    """The last comparison of holdings with the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksChecked:
    """What comes of deriving the books from their movements once more."""

    differences: tuple[Difference, ...]
    totals: tuple[Total, ...]

    @property
    def whole(self) -> bool:
        """Whether all that was issued is held somewhere, and nothing differs."""
        return not self.differences and all(
            each.issued == sum(each.held.values()) for each in self.totals
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Operators of whom no figure stands for a year whose reports were due."""

    year: int
    by: date
    accounts: tuple[HoldingAccount, ...]
    reported: frozenset[str]
    """Those of them that reported, and whose report nobody verified."""

    count: int
    """How many are late where only some are told."""


def control(books: Books, scheme: Scheme, *, by: str, desk: Desk) -> Control:
    """How the registry is doing now; 1202 or 1225 for who is not of its staff."""
    seen_by_staff(books, scheme, by=by, desk=desk)

    def many(state: LifeState) -> int:
        return len(proposals(books, scheme, states=[state], limit=WAITING_MAX))

    failed = _told(books, scheme, _ended(books, scheme))
    overdue = _told(books, scheme, due(books, scheme, at=moment(desk), limit=FAILED_MAX))
    grounds = Counter(no for each in failed for no in each.steps[-1].refusals)
    link = books.link()
    return Control(
        waiting=many("awaiting_approval"),
        delayed=many("delayed"),
        overdue=tuple(overdue),
        failed=tuple(reversed(failed)),
        grounds=tuple(grounds.most_common()),
        linked=link is not None,
        comparison=books.comparison() if link is not None else None,
    )


def _told(books: Books, scheme: Scheme, codes: Iterable[str]) -> list[Proposal]:
    """The proposals of these codes, but for bids under seal."""
    found = (proposal(books, scheme, code) for code in codes)
    return [each for each in found if not is_sealed(books, scheme, each)]


def _ended(books: Books, scheme: Scheme) -> Sequence[str]:
    """The latest proposals that a rule ended, the last at the end."""
    found = books.last_matters(topic_of(scheme), "terminated", limit=FAILED_MAX)
    return [each.subject for each in found]


def size(books: Books, scheme: Scheme, *, by: str, desk: Desk) -> tuple[int, int]:
    """How many transactions and movements there are; all are counted, so not at every look."""
    seen_by_staff(books, scheme, by=by, desk=desk)
    return books.size()


def checked(books: Books, scheme: Scheme, *, by: str, desk: Desk) -> BooksChecked:
    """Derive the books from their movements once more; it takes a while where they are large."""
    seen_by_staff(books, scheme, by=by, desk=desk)
    return BooksChecked(differences=tuple(books.check()), totals=tuple(books.totals(scheme.name)))


def late(
    books: Books, scheme: Scheme, *, by: str, desk: Desk, skip: int = 0, limit: int | None = None
) -> Late | None:
    """Who is late with the emissions of the last year; nothing before reports of it are due.

    A page of them, or all, in the order in which their accounts were opened.
    """
    seen_by_staff(books, scheme, by=by, desk=desk)
    year = desk.day.year - 1
    last = dict(deadlines(scheme, year + 1)).get("report")
    if last is None or desk.day <= last:
        return None
    if not _is_asked(scheme, year):
        return Late(year=year, by=last, accounts=(), reported=frozenset(), count=0)
    found = books.unverified(scheme.name, year, skip=skip, limit=limit)
    return Late(
        year=year,
        by=last,
        accounts=tuple(each for each, _ in found),
        reported=frozenset(each.number for each, reported in found if reported),
        count=books.count_unverified(scheme.name, year),
    )


def seen_by_staff(books: Books, scheme: Scheme, *, by: str, desk: Desk) -> None:
    """1202 or 1225 for who is not of the registry's staff."""
    who, law = person(books, by), mandates_on(scheme, desk.day)
    refuse_if_any(people.staff_refusals(who, law))


def _is_asked(scheme: Scheme, year: int) -> bool:
    """Whether the law wants anything of a year."""
    try:
        compliance.surrender_by(year, scheme.compliance)
    except (Refused, NotInForce):
        return False
    return True
