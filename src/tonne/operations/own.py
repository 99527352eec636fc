"""What is told of an account to those who act on it: what it holds, what it owes, what waits.

Whoever asks is looked at first: a representative of the account, or staff of the registry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from tonne import compliance, people
from tonne.ledger import Block, Step, join, kind_of
from tonne.operations.books import Books
from tonne.operations.people import (
    accounts_of,
    everybody,
    look_at,
    mandates_on,
    people_of,
    person,
)
from tonne.operations.positions import positions
from tonne.operations.proposal_book import (
    is_kept_from,
    is_sealed,
    of_others,
    of_staff,
    proposal,
    proposals,
    topic_of,
    wish_of,
)
from tonne.operations.record import Desk
from tonne.operations.scheme import PEOPLE, Scheme
from tonne.operations.wishes import Surrender
from tonne.people import (
    AccountPeople,
    DayMandates,
    LifeEvent,
    Person,
    Proposal,
    ProposalNotMade,
)
from tonne.quantity import is_currency
from tonne.refusal import Refused, refuse_if_any
from tonne.registry import HoldingAccount
from tonne.rulebook import NotInForce

STEPS_MAX = 50
"""So many of the latest movements are told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Units of a kind in an account."""

    unit: str
    held: int
    free: int
    """What is held and not promised to anybody."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What an operator has to surrender next, as it is known today."""

    year: int
    owed: int
    """Units that are still to be surrendered."""

    verified: int | None
    """Tonnes of the year; nothing if no figure stands yet."""

    surrendered: int
    free: int
    """Units in the account that are promised to nobody."""

    proposed: int
    """Units that are held for surrenders which are proposed and not yet done."""

    by: date

    @property
    def held(self) -> int:
        """Units in the account that may meet the duty."""
        return self.free + self.proposed

    @property
    def short(self) -> int:
        """How many units are missing in the account."""
        return max(0, self.owed - self.held)

    @property
    def left(self) -> int:
        """How many may be proposed now: what is owed beyond proposals, as far as it is there."""
        return max(0, min(self.owed - self.proposed, self.free))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """An account as its own people see it."""

    account: HoldingAccount
    kind: str
    """What the law calls its kind."""

    people: AccountPeople
    holdings: tuple[Holding, ...]
    duty: Duty | None
    steps: tuple[Step, ...]
    """The latest movements, the last first."""

    @property
    def units(self) -> tuple[Holding, ...]:
        """What it holds but for money."""
        return tuple(each for each in self.holdings if not is_currency(each.unit))


def accounts(books: Books, scheme: Scheme, *, by: str) -> list[HoldingAccount]:
    """The accounts of a scheme that a person represents."""
    found = (books.accounts(scheme=scheme.name, number=e.account) for e in accounts_of(books, by))
    return [each for several in found for each in several]


def account_told(books: Books, scheme: Scheme, number: str, *, by: str, desk: Desk) -> OwnAccount:
    """All of an account, for a person who may see it; 1202 or 1203 for any other."""
    at_account = look_at(books, scheme, number, by=by, desk=desk)
    (account,) = books.accounts(scheme=scheme.name, number=number)
    kinds = scheme.on(desk.day).kinds
    return OwnAccount(
        account=account,
        kind=kinds[account.kind].name if account.kind in kinds else account.kind,
        people=at_account,
        holdings=holdings(books, number),
        duty=duty(books, scheme, account, desk=desk),
        steps=tuple(books.steps_page(number, newest=True, limit=STEPS_MAX))[:STEPS_MAX],
    )


def holdings(books: Books, number: str) -> tuple[Holding, ...]:
    """What an account holds, kind by kind, with its blocks."""
    held = {unit: count for unit, count in books.holdings(number).items() if count}
    free = books.free([(number, unit) for unit in held])
    serialised = {each.code: each.serialised for each in books.assets([*held])}

    def blocks(unit: str) -> tuple[Block, ...]:
        if not serialised.get(unit):
            return ()
        lots = books.lots([number], unit).get(number, [])
        return tuple(join(lot.block for lot, _ in lots))

    return tuple(
        Holding(unit=unit, held=count, free=free.get((number, unit), 0), blocks=blocks(unit))
        for unit, count in sorted(held.items())
    )


def duty(books: Books, scheme: Scheme, account: HoldingAccount, *, desk: Desk) -> Duty | None:
    """What an operator has to surrender for the year before, if the law of duties is in force."""
    if account.operator is None:
        return None
    year = desk.day.year - 1
    try:
        last = compliance.surrender_by(year, scheme.compliance)
        found, given = positions(books, scheme, year, desk.day, account=account.number)
        standing = found[account.number]
        (owed,) = compliance.still_owed(year, [standing], scheme.compliance)
    except (Refused, NotInForce):
        return None
    return Duty(
        year=year,
        owed=max(0, owed),
        verified=standing.verified,
        surrendered=given.by_now.get((account.number, year), 0),
        free=sum(_of_duty(books, scheme, account.number, desk=desk).values()),
        proposed=_proposed(books, scheme, account.number, year),
        by=last,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProposal:
    """A proposal as somebody sees it who may: with what they may do about it now."""

    proposal: Proposal
    may: frozenset[LifeEvent]
    names: Mapping[str, str]
    """Of the people who had to do with it, by their codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDesk:
    """What lies on the desk of the registry's staff."""

    who: Person
    does: tuple[str, ...]
    """What their position lets them do alone."""

    proposes: tuple[str, ...]
    """What it lets them propose to others."""

    waiting: tuple[Proposal, ...]
    """What staff proposed, all of it; then a page of what others did."""

    later: int | None
    """The number after which the next page begins, if there is one."""

    delayed: tuple[Proposal, ...]
    people: tuple[Person, ...]


QUEUE_MAX = 100
"""So many proposals of representatives stand on a page of the desk."""

PEOPLE_MAX = 200
"""So many people are told at once."""


def proposal_told(books: Books, scheme: Scheme, code: str, *, by: str, desk: Desk) -> OwnProposal:
    """A proposal, for who made it, who acts on its account, and staff; 3301 for any other."""
    found = proposal(books, scheme, code)
    who, law = person(books, by), mandates_on(scheme, desk.day)
    at_account = people_of(books, found.account) if found.account else None
    unseen = people.seeing_refusals(who, at_account or AccountPeople(account=""), law)
    if by != found.by and (any(unseen) or is_kept_from(books, scheme, who, found)):
        raise Refused([ProposalNotMade(reference=people.PEOPLE, proposal=code)])
    return OwnProposal(
        proposal=found,
        may=_may(who, at_account, found, law),
        names={
            each: person(books, each).name for each in {step.by for step in found.steps} if each
        },
    )


def is_proposed(books: Books, scheme: Scheme, code: str) -> bool:
    """Whether there is a proposal of that code."""
    return bool(books.matters(topic_of(scheme), code))


def made_by(books: Books, scheme: Scheme, by: str) -> list[Proposal]:
    """What a person proposed that is not over: it waits for others, or for its time."""
    return [proposal(books, scheme, each.subject) for each in proposals(books, scheme, by=by)]


def of_account(books: Books, scheme: Scheme, account: str, *, by: str) -> list[Proposal]:
    """What is proposed on an account and not over, as far as somebody who sees it is told."""
    who = person(books, by)
    matters = proposals(books, scheme, account=account)
    found = (proposal(books, scheme, each.subject) for each in matters)
    return [each for each in found if not is_kept_from(books, scheme, who, each)]


def staff_desk(
    books: Books, scheme: Scheme, *, by: str, desk: Desk, after: int | None = None
) -> StaffDesk:
    """What waits for the staff of the registry; for anybody else 1202 or 1225.

    What staff proposed themselves stands on the first page, all of it, however much others propose;
    ``after`` is where another page of theirs begins.
    """
    who, law = person(books, by), mandates_on(scheme, desk.day)
    refuse_if_any(people.staff_refusals(who, law))
    rule = law.positions[who.position or ""]

    matters = proposals(books, scheme, states=["delayed"])
    delayed = (proposal(books, scheme, each.subject) for each in matters)
    first = of_staff(books, scheme) if after is None else []
    rest = [*islice(of_others(books, scheme, after=after or 0), QUEUE_MAX + 1)]
    shown = rest[:QUEUE_MAX]
    return StaffDesk(
        who=who,
        does=rule.does,
        proposes=rule.proposes,
        waiting=(*first, *(each for _, each in shown)),
        later=shown[-1][0] if len(rest) > QUEUE_MAX else None,
        delayed=tuple(each for each in delayed if not is_sealed(books, scheme, each)),
        people=tuple(person(books, e.subject) for e in everybody(books, limit=PEOPLE_MAX)),
    )


def _may(
    who: Person, at_account: AccountPeople | None, found: Proposal, law: DayMandates
) -> frozenset[LifeEvent]:
    """What a person may do about a proposal as it stands."""
    events: tuple[LifeEvent, ...] = ("approve", "reject", "cancel")
    return frozenset(
        event
        for event in events
        if not any(people.deciding_refusals(who, at_account, found, event, comment="-", law=law))
    )


def has_people(scheme: Scheme) -> bool:
    """Whether the law of a scheme says who may act in it."""
    return PEOPLE in scheme.laws


def _proposed(books: Books, scheme: Scheme, number: str, year: int) -> int:
    """Units of an account in surrenders for a year that are proposed and not yet done."""
    waiting = proposals(books, scheme, account=number)
    wishes = (wish_of(proposal(books, scheme, each.subject)) for each in waiting)
    return sum(e.count for e in wishes if isinstance(e, Surrender) and e.year == year)


def _of_duty(books: Books, scheme: Scheme, number: str, *, desk: Desk) -> Mapping[str, int]:
    """Units that are free in an account and that the law lets be surrendered, by their kind."""
    day = scheme.on(desk.day)
    units = {unit for verb, unit in day.types if verb == "surrender"}
    held = [unit for unit in books.holdings(number) if kind_of(unit) in units]
    return {unit: free for (_, unit), free in books.free([(number, unit) for unit in held]).items()}
