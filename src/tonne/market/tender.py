"""Which projects does a government buy from? A tender in two stages, such as ERUPT and CERUPT.

First projects are put forward; those that qualify are invited to a proposal with a price.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tonne.market.tender_refusals import (
    AdvanceTooLarge,
    ProjectBelowMinimum,
    ProjectKindNotSought,
    ProjectNamedTwice,
    ProposalAboveCeiling,
    ProposalNotInvited,
    ProposalPriceUnfit,
    TenderClosed,
)
from tonne.market.tender_rules import TenderRule
from tonne.quantity import EXACT, Currency, Money, product
from tonne.refusal import Refusal
from tonne.rulebook import Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """One tender: what may be spent, and when its two stages close."""

    id: str
    budget: Money
    interest_closes: datetime
    proposals_close: datetime

    def __post_init__(self) -> None:
        assert self.interest_closes < self.proposals_close, "interest comes before proposals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """A project that somebody puts forward in the first stage."""

    project: str
    tenderer: str
    kind: str
    count: int
    """Units that it will deliver."""

    received: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody who was invited asks for the units of a project."""

    project: str
    tenderer: str
    count: int
    price: Decimal
    """For one unit."""

    received: datetime
    advance_share: Decimal = Decimal(0)
    """Part of the price that is to be paid before delivery."""

    points: int = 0
    """What the jury gives it, where the law asks a jury."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedProject:
    """A project that is out, and every reason why."""

    project: str
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """Who is invited to a proposal, and who is not."""

    invited: tuple[Interest, ...]
    refused: tuple[RefusedProject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What is bought of a project, at its own price."""

    project: str
    tenderer: str
    kind: str
    count: int
    price: Decimal
    cost: Money
    advance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderResult:
    """What a tender came to."""

    contracts: tuple[Contract, ...]
    """The best first."""

    passed_over: tuple[Proposal, ...]
    """Proposals that were good but for which the budget was not enough."""

    refused: tuple[RefusedProject, ...]
    count: int
    cost: Money
    left: Money


def shortlist(interests: Iterable[Interest], tender: Tender, law: Clause[TenderRule]) -> Shortlist:
    """The first stage: the projects that are large enough, of a kind that is sought, and in time.

    A project that is refused may be put forward again before the close.
    """
    invited: dict[str, Interest] = {}
    refused: list[RefusedProject] = []
    for each in interests:
        found = list(_moment_refusals(each.project, each.received, tender.interest_closes, law))
        if each.project in invited:
            found.append(ProjectNamedTwice(reference=law.reference, project=each.project))
        found += _size_refusals(each.project, each.count, law)
        ceilings = _ceilings(law.value)
        if each.kind not in ceilings:
            known = tuple(ceilings)
            found.append(
                ProjectKindNotSought(
                    reference=law.reference, project=each.project, kind=each.kind, sought=known
                )
            )
        if found:
            refused.append(RefusedProject(project=each.project, refusals=tuple(found)))
        else:
            invited[each.project] = each
    return Shortlist(invited=tuple(invited.values()), refused=tuple(refused))


def award(
    proposals: Iterable[Proposal],
    invited: Sequence[Interest],
    tender: Tender,
    law: Clause[TenderRule],
) -> TenderResult:
    """The second stage: the best proposals, each at its own price, until the budget is spent."""
    rule, known = law.value, {each.project: each for each in invited}
    good: dict[str, Proposal] = {}
    refused: list[RefusedProject] = []
    for each in proposals:
        found = list(_proposal_refusals(each, known, tender, law))
        if each.project in good:
            found.append(ProjectNamedTwice(reference=law.reference, project=each.project))
        if found:
            refused.append(RefusedProject(project=each.project, refusals=tuple(found)))
        else:
            good[each.project] = each
    points = -1 if rule.choice == "most_points" else 0
    order = sorted(
        good.values(),
        key=lambda each: (points * each.points, each.price, each.received, each.project),
    )
    contracts: list[Contract] = []
    passed_over: list[Proposal] = []
    left = tender.budget
    for each in order:
        contract = _contract(each, known[each.project].kind, rule)
        ended = rule.over_budget == "stop" and bool(passed_over)
        if ended or contract.cost.minor > left.minor:
            passed_over.append(each)
            continue
        contracts.append(contract)
        left -= contract.cost
    return TenderResult(
        contracts=tuple(contracts),
        passed_over=tuple(passed_over),
        refused=tuple(refused),
        count=sum(each.count for each in contracts),
        cost=tender.budget - left,
        left=left,
    )


def _contract(proposal: Proposal, kind: str, rule: TenderRule) -> Contract:
    at = Currency(rule.currency)
    cost = product(proposal.price, Decimal(proposal.count))
    return Contract(
        project=proposal.project,
        tenderer=proposal.tenderer,
        kind=kind,
        count=proposal.count,
        price=proposal.price,
        cost=Money.of(cost, at),
        advance=Money.of(product(cost, proposal.advance_share), at),
    )


def _proposal_refusals(
    proposal: Proposal, known: Mapping[str, Interest], tender: Tender, law: Clause[TenderRule]
) -> Iterator[Refusal]:
    rule, reference, project = law.value, law.reference, proposal.project
    yield from _moment_refusals(project, proposal.received, tender.proposals_close, law)
    yield from _size_refusals(project, proposal.count, law)
    if proposal.price <= 0 or EXACT.remainder(proposal.price, rule.tick):
        yield ProposalPriceUnfit(
            reference=reference, project=project, price=proposal.price, tick=rule.tick
        )
    if not 0 <= proposal.advance_share <= rule.advance_share_max:
        yield AdvanceTooLarge(
            reference=reference,
            project=project,
            share=proposal.advance_share,
            largest=rule.advance_share_max,
        )
    interest = known.get(project)
    if interest is None or interest.tenderer != proposal.tenderer:
        yield ProposalNotInvited(reference=reference, project=project, tenderer=proposal.tenderer)
    elif proposal.price > (ceiling := _ceilings(rule)[interest.kind]):
        yield ProposalAboveCeiling(
            reference=reference,
            project=project,
            kind=interest.kind,
            price=proposal.price,
            ceiling=ceiling,
        )


def _moment_refusals(
    project: str, received: datetime, closes: datetime, law: Clause[TenderRule]
) -> Iterator[Refusal]:
    if received >= closes:
        yield TenderClosed(
            reference=law.reference, project=project, received=received, closes=closes
        )


def _size_refusals(project: str, count: int, law: Clause[TenderRule]) -> Iterator[Refusal]:
    if count < law.value.size_min:
        yield ProjectBelowMinimum(
            reference=law.reference, project=project, count=count, least=law.value.size_min
        )


def _ceilings(rule: TenderRule) -> dict[str, Decimal]:
    return {each.kind: each.price for each in rule.ceilings}
