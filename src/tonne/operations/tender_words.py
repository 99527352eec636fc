"""What is said in tenders and kept word for word, and how a tender stands by what was said.

What is public is said on one topic; the proposals are said on another, and nobody is told of them
but of their hashes before they are opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from tonne.market import Due, Interest, Proposal, Tender, TenderRule, sealed_texts
from tonne.operations.books import Books
from tonne.operations.heard import Heard, hear, subject_of
from tonne.operations.scheme import Scheme
from tonne.operations.tender_grounds import TenderUnknown
from tonne.quantity import Money
from tonne.refusal import Refused
from tonne.rulebook import Clause

TENDER, PROPOSALS = "tender", "proposals"

Status = Literal[
    "open to interest", "before its shortlist", "open to proposals", "closed", "awarded",
    "called off",
]  # fmt: skip


class Opened(Struct, frozen=True, kw_only=True, tag="opened"):
    """A tender as it was opened: what it buys, for whom; its budget is on hold."""

    tender: Tender
    unit: str
    buyer: str
    on: date


class PutForward(Struct, frozen=True, kw_only=True, tag="put_forward"):
    """A project was put forward in the first stage."""

    interest: Interest


class Out(Struct, frozen=True, kw_only=True):
    """A project that is out, and why."""

    project: str
    why: tuple[str, ...]


class Shortlisted(Struct, frozen=True, kw_only=True, tag="shortlisted"):
    """The projects that are invited to a proposal, and those that are not."""

    invited: tuple[str, ...]
    refused: tuple[Out, ...]


class Won(Struct, frozen=True, kw_only=True):
    """What is bought of a project, by which contract; money in its smallest coins."""

    project: str
    tenderer: str
    contract: str
    count: int
    price: Decimal
    cost: int
    advance: int


class Awarded(Struct, frozen=True, kw_only=True, tag="awarded"):
    """The proposals were opened, and the best of them signed."""

    contracts: tuple[Won, ...]
    passed_over: tuple[str, ...]
    refused: tuple[Out, ...]


class CalledOff(Struct, frozen=True, kw_only=True, tag="called_off"):
    """The tender is held no more; its budget is free, and no proposal in it counts."""

    reason: str


class Proposed(Struct, frozen=True, kw_only=True):
    """A proposal as it lies sealed: the public is told the commitment alone.

    One for the same project that came before it is replaced by it.
    """

    proposal: Proposal
    schedule: tuple[Due, ...]
    salt: str
    commitment: str


TenderBody = Opened | PutForward | Shortlisted | Awarded | CalledOff


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderStands:
    """A tender as it stands by what was said in it."""

    opened: Opened
    entry: int
    """By which it was opened."""

    interests: tuple[Interest, ...] = ()
    shortlist: Shortlisted | None = None
    awarded: Awarded | None = None
    called_off: CalledOff | None = None

    @property
    def tender(self) -> Tender:
        """Its budget and its stages."""
        return self.opened.tender

    @property
    def invited(self) -> list[Interest]:
        """The projects that were invited to a proposal."""
        names = set(self.shortlist.invited if self.shortlist else ())
        return [each for each in self.interests if each.project in names]

    @property
    def spent(self) -> Money:
        """What all of its contracts cost."""
        won = self.awarded.contracts if self.awarded else ()
        return Money(sum(each.cost for each in won), self.tender.budget.currency)

    def law(self, scheme: Scheme) -> Clause[TenderRule]:
        """The law of the day on which it was opened."""
        return scheme.tenders.tender.on(self.opened.on)

    def status(self, at: datetime) -> Status:
        """How far it has come at a moment."""
        if self.awarded is not None:
            return "awarded"
        if self.called_off is not None:
            return "called off"
        if at < self.tender.interest_closes:
            return "open to interest"
        if at >= self.tender.proposals_close:
            return "closed"
        return "before its shortlist" if self.shortlist is None else "open to proposals"


def the_tender(books: Books, scheme: Scheme, name: str) -> TenderStands:
    """A tender by its name as it stands, or refused."""
    found = hear(books, scheme, TENDER, TenderBody, name).get(name)
    if found is None:
        raise Refused([TenderUnknown(reference="Tenders of the scheme", tender=name)])
    return _stands(found)


def tenders(books: Books, scheme: Scheme) -> tuple[TenderStands, ...]:
    """All tenders in the order in which they were opened."""
    return tuple(_stands(each) for each in hear(books, scheme, TENDER, TenderBody).values())


def sealed_proposals(books: Books, scheme: Scheme, name: str) -> list[tuple[int, Proposed]]:
    """All proposals in a tender as they came, also those replaced since, each with its entry."""
    heard = hear(books, scheme, PROPOSALS, Proposed, name).get(name, [])
    return [
        (spoken.entry, body) for spoken, body in heard if isinstance(body, Proposed)
    ]  # fmt: skip


def standing_proposals(books: Books, scheme: Scheme, name: str) -> dict[str, Proposed]:
    """The last proposal for each project: it stands in the place of those before it."""
    return {each.proposal.project: each for _, each in sealed_proposals(books, scheme, name)}


def hold_of(scheme: Scheme, stands: TenderStands) -> str:
    """The key of the hold of its budget."""
    return f"{TENDER} {subject_of(scheme, stands.tender.id)} {stands.entry}"


def commitment(tender: str, proposal: Proposal, schedule: Sequence[Due], salt: str) -> str:
    """The hash that stands for a proposal: of all that it says, and of the salt."""
    numbers = (f"{each.normalize():f}" for each in (proposal.price, proposal.advance_share))
    due = (text for each in schedule for text in (each.on.isoformat(), str(each.count)))
    return sealed_texts(
        "proposal", tender, proposal.tenderer, proposal.project, *numbers, *due, salt=salt
    )


def _stands(heard: Sequence[Heard]) -> TenderStands:
    """A tender out of all that was said in it."""
    first, *rest = heard
    assert isinstance(first.body, Opened), "a tender is opened before anything else"
    bodies = [each.body for each in rest]
    return TenderStands(
        opened=first.body,
        entry=first.spoken.entry,
        interests=tuple(each.interest for each in bodies if isinstance(each, PutForward)),
        shortlist=next((each for each in bodies if isinstance(each, Shortlisted)), None),
        awarded=next((each for each in bodies if isinstance(each, Awarded)), None),
        called_off=next((each for each in bodies if isinstance(each, CalledOff)), None),
    )
