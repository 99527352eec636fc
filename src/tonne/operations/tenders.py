"""Tenders: the authority buys units of projects in two stages, and signs with the best of them.

The budget is on hold from the opening on. Prices lie sealed until the proposals close; what is
awarded becomes a purchase agreement, and its price stays on hold for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from tonne import market
from tonne.market import (
    Asked,
    Due,
    Interest,
    Proposal,
    Tender,
    TenderRule,
    received_as,
    tender_refusals,
)
from tonne.operations.auction_words import utc
from tonne.operations.books import Books
from tonne.operations.cash import unknown_money
from tonne.operations.heard import (
    Wanted,
    enter,
    grounds_of,
    hear,
    lacking,
    moment,
    promise,
    speak,
    subject_of,
)
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.settle import TRADE
from tonne.operations.tender_award import award
from tonne.operations.tender_contract import account_unfit, contract_of, over, still_open, told_out
from tonne.operations.tender_grounds import (
    ProposalExceedsInterest,
    ProposalUnknown,
    ShortlistLacking,
    ShortlistMade,
    TenderAwarded,
    TenderBudgetUnfit,
    TenderNameUsed,
    TenderTimesUnfit,
)
from tonne.operations.tender_words import (
    PROPOSALS,
    TENDER,
    CalledOff,
    Opened,
    Proposed,
    PutForward,
    Shortlisted,
    TenderBody,
    TenderStands,
    commitment,
    hold_of,
    sealed_proposals,
    standing_proposals,
    tenders,
    the_tender,
)
from tonne.operations.units import government
from tonne.quantity import Currency, Money
from tonne.refusal import Refusal, refuse_if_any
from tonne.rulebook import Clause

__all__ = [
    "NewTender", "Proposed", "Proposing", "TenderStands", "award", "call_off", "express",
    "open_tender", "propose", "sealed_proposals", "shortlist", "standing_proposals", "tenders",
    "the_tender",
]  # fmt: skip


class NewTender(Struct, frozen=True, kw_only=True):
    """A tender that the authority will hold."""

    name: str
    unit: str
    budget: Money
    interest_closes: datetime
    proposals_close: datetime


class Proposing(Struct, frozen=True, kw_only=True):
    """What somebody asks for the units of a project, and when they will come."""

    project: str
    tenderer: str
    price: Decimal
    schedule: tuple[Due, ...]
    advance_share: Decimal = Decimal(0)


def open_tender(
    books: Books, scheme: Scheme, asked: NewTender, *, key: str, desk: Desk
) -> TenderStands:
    """Open a tender: its budget is on hold until it is awarded."""
    digest, before = once(books, scheme, key, "open_tender", asked)
    books.speak_alone(TENDER, subject_of(scheme, asked.name))
    if before is not None:
        return the_tender(books, scheme, asked.name)
    law, day = scheme.tenders.tender.on(desk.day), scheme.on(desk.day)
    refuse_if_any(unknown_money(Currency(law.value.currency), day))
    day.type_of(TRADE, asked.unit)
    buyer = government(books, scheme)[day.type_of("issue", asked.unit).to_kinds[0]]
    wanted = Wanted("", buyer, law.value.currency, max(0, asked.budget.minor))
    taken = hear(books, scheme, TENDER, TenderBody, asked.name)
    refuse_if_any(
        [
            *day.act_refusals("open_tender", desk.by),
            *([TenderNameUsed(reference=law.reference, tender=asked.name)] if taken else ()),
            *_unfit(asked, law.value.currency, law.reference, utc(moment(desk))),
            *lacking(books, [wanted], day),
        ]
    )
    entry = enter(
        books, scheme, key=key, digest=digest, kind="open_tender", because=(law.reference,),
        desk=desk,
    )  # fmt: skip
    tender = Tender(
        id=asked.name,
        budget=asked.budget,
        interest_closes=utc(asked.interest_closes),
        proposals_close=utc(asked.proposals_close),
    )
    opened = Opened(tender=tender, unit=asked.unit, buyer=buyer, on=desk.day)
    stands = TenderStands(opened=opened, entry=entry)
    held = Wanted(hold_of(scheme, stands), buyer, law.value.currency, asked.budget.minor)
    promise(books, day, entry, [held], desk=desk)
    speak(books, scheme, entry, TENDER, [(asked.name, opened)])
    return stands


def express(
    books: Books,
    scheme: Scheme,
    name: str,
    *,
    project: str,
    tenderer: str,
    kind: str,
    count: int,
    key: str,
    desk: Desk,
) -> TenderStands:
    """Put a project forward in the first stage."""
    asked = (name, project, tenderer, kind, count)
    digest, before = once(books, scheme, key, "express_interest", asked)
    books.speak_alone(TENDER, subject_of(scheme, name))
    stands = the_tender(books, scheme, name)
    if before is not None:
        return stands
    day, law = scheme.on(desk.day), stands.law(scheme)
    interest = Interest(
        project=project, tenderer=tenderer, kind=kind, count=count, received=utc(moment(desk))
    )
    found = market.shortlist([*stands.interests, interest], stands.tender, law)
    refuse_if_any(
        [
            *day.act_refusals("express_interest", desk.by),
            *over(stands, law.reference),
            *(no for each in found.refused for no in each.refusals),
            *account_unfit(books, scheme, stands, tenderer, desk),
        ]
    )
    entry = enter(
        books, scheme, key=key, digest=digest, kind="express_interest", because=(law.reference,),
        desk=desk,
    )  # fmt: skip
    speak(books, scheme, entry, TENDER, [(name, PutForward(interest=interest))])
    return the_tender(books, scheme, name)


def shortlist(books: Books, scheme: Scheme, name: str, *, key: str, desk: Desk) -> TenderStands:
    """Invite to a proposal whom the first stage left: once it has closed."""
    digest, before = once(books, scheme, key, "shortlist", name)
    books.speak_alone(TENDER, subject_of(scheme, name))
    stands = the_tender(books, scheme, name)
    if before is not None:
        return stands
    law = stands.law(scheme)
    made = [ShortlistMade(reference=law.reference, tender=name)] if stands.shortlist else []
    refuse_if_any(
        [
            *scheme.on(desk.day).act_refusals("shortlist", desk.by),
            *over(stands, law.reference),
            *still_open(stands, stands.tender.interest_closes, law.reference, desk),
            *made,
        ]
    )
    found = market.shortlist(stands.interests, stands.tender, law)
    out = {each.project: each.refusals for each in found.refused}
    for each in found.invited:
        if grounds := account_unfit(books, scheme, stands, each.tenderer, desk):
            out[each.project] = grounds
    word = Shortlisted(
        invited=tuple(each.project for each in found.invited if each.project not in out),
        refused=told_out(out),
    )
    entry = enter(
        books, scheme, key=key, digest=digest, kind="shortlist", because=(law.reference,), desk=desk
    )
    speak(books, scheme, entry, TENDER, [(name, word)])
    return replace(stands, shortlist=word)


def propose(
    books: Books,
    scheme: Scheme,
    name: str,
    asked: Proposing,
    *,
    salt: str,
    replacing: bool = False,
    key: str,
    desk: Desk,
) -> Proposed:
    """Hand in a proposal under its seal: everything is asked of it now, but nothing told of it.

    ``replacing`` puts it in the place of one of the same account for the same project; the law
    says whether it keeps its place in time.
    """
    digest, before = once(books, scheme, key, "propose_project", (name, asked, replacing))
    books.speak_alone(TENDER, subject_of(scheme, name))
    stands = the_tender(books, scheme, name)
    if before is not None:
        handed_in = sealed_proposals(books, scheme, name)
        return next(each for entry, each in handed_in if entry == before)
    law, earlier = stands.law(scheme), standing_proposals(books, scheme, name)
    proposal = Proposal(
        project=asked.project,
        tenderer=asked.tenderer,
        count=sum(each.count for each in asked.schedule),
        price=asked.price,
        received=utc(moment(desk)),
        advance_share=asked.advance_share,
    )
    others = [
        each.proposal
        for project, each in earlier.items()
        if not replacing or project != asked.project
    ]
    found = market.award([*others, proposal], stands.invited, stands.tender, law)
    signed = contract_of(scheme, stands, proposal, asked.schedule, on=_last_day(stands))
    none = [] if stands.shortlist else [ShortlistLacking(reference=law.reference, tender=name)]
    refuse_if_any(
        [
            *scheme.on(desk.day).act_refusals("propose_project", desk.by),
            *over(stands, law.reference),
            *none,
            *(_not_replaced(asked, earlier, law) if replacing else ()),
            *(no for each in found.refused for no in each.refusals),
            *_too_many(stands, proposal, law.reference),
            *grounds_of(lambda: market.sign_forward(signed, scheme.forwards))[1],
            *account_unfit(books, scheme, stands, asked.tenderer, desk),
        ]
    )
    entry = enter(
        books, scheme, key=key, digest=digest, kind="propose_project", because=(law.reference,),
        desk=desk,
    )  # fmt: skip
    if replacing:
        proposal = _in_place(proposal, earlier[asked.project].proposal, law)
    word = Proposed(
        proposal=proposal,
        schedule=asked.schedule,
        salt=salt,
        commitment=commitment(name, proposal, asked.schedule, salt),
    )
    speak(books, scheme, entry, PROPOSALS, [(name, word)])
    return word


def call_off(
    books: Books, scheme: Scheme, name: str, *, reason: str, key: str, desk: Desk
) -> TenderStands:
    """Hold a tender no more, before it is awarded: its budget is free, and no proposal counts."""
    digest, before = once(books, scheme, key, "call_off_tender", (name, reason))
    books.speak_alone(TENDER, subject_of(scheme, name))
    stands = the_tender(books, scheme, name)
    if before is not None:
        return stands
    law = stands.law(scheme)
    done = [TenderAwarded(reference=law.reference, tender=name)] if stands.awarded else []
    refuse_if_any(
        [
            *scheme.on(desk.day).act_refusals("award_tender", desk.by),
            *over(stands, law.reference),
            *done,
        ]
    )
    entry = enter(
        books, scheme, key=key, digest=digest, kind="call_off_tender", because=(law.reference,),
        desk=desk,
    )  # fmt: skip
    books.end_holds(entry, [hold_of(scheme, stands)])
    word = CalledOff(reason=reason)
    speak(books, scheme, entry, TENDER, [(name, word)])
    return replace(stands, called_off=word)


def _not_replaced(
    asked: Proposing, earlier: Mapping[str, Proposed], law: Clause[TenderRule]
) -> Iterator[Refusal]:
    """8268, 8857."""
    if law.value.replacing is None:
        yield tender_refusals.ProposalNotReplaced(reference=law.reference, project=asked.project)
    before = earlier.get(asked.project)
    if before is None or before.proposal.tenderer != asked.tenderer:
        yield ProposalUnknown(
            reference=law.reference, project=asked.project, tenderer=asked.tenderer
        )


def _in_place(proposal: Proposal, before: Proposal, law: Clause[TenderRule]) -> Proposal:
    """A proposal in the place of another, which may keep its moment."""
    rule = law.value.replacing
    assert rule is not None, "what is not refused is replaced by a rule"
    received = received_as(
        Asked(before.price, before.count, before.received),
        Asked(proposal.price, proposal.count, proposal.received),
        rule,
    )
    return replace(proposal, received=received)


def _unfit(asked: NewTender, currency: str, reference: str, now: datetime) -> Iterator[Refusal]:
    """8841, 8842."""
    if asked.budget.minor < 1 or asked.budget.currency.code != currency:
        yield TenderBudgetUnfit(reference=reference, budget=asked.budget, currency=currency)
    if not now < asked.interest_closes < asked.proposals_close:
        yield TenderTimesUnfit(
            reference=reference,
            interest=asked.interest_closes,
            proposals=asked.proposals_close,
            now=now,
        )


def _too_many(stands: TenderStands, proposal: Proposal, reference: str) -> Iterator[Refusal]:
    """8850."""
    for each in stands.invited:
        if each.project == proposal.project and proposal.count > each.count:
            yield ProposalExceedsInterest(
                reference=reference, project=each.project, count=proposal.count, most=each.count
            )


def _last_day(stands: TenderStands) -> date:
    """The day on which the proposals close: nothing is signed before it."""
    return stands.tender.proposals_close.date()
