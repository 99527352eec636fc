"""The award of a tender: proposals are opened, and the best signed as long as the budget lasts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import count as numbers_from

from tonne import market
from tonne.market import Forward, TenderResult
from tonne.operations.accounts import the_account
from tonne.operations.auction_offers import accounts_unfit
from tonne.operations.books import Books
from tonne.operations.forward_words import known
from tonne.operations.forwards import sign, tradable
from tonne.operations.heard import enter, grounds_of, speak, subject_of
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.tender_contract import contract_of, over, still_open, told_out
from tonne.operations.tender_grounds import (
    PointsLacking,
    ProposalChanged,
    ShortlistLacking,
    TenderAwarded,
)
from tonne.operations.tender_words import (
    TENDER,
    Awarded,
    Proposed,
    TenderStands,
    Won,
    commitment,
    hold_of,
    standing_proposals,
    the_tender,
)
from tonne.refusal import Refusal, refuse_if_any


def award(
    books: Books,
    scheme: Scheme,
    name: str,
    *,
    points: Mapping[str, int] | None = None,
    key: str,
    desk: Desk,
) -> TenderStands:
    """Open the proposals, and sign with the best as long as the budget lasts; the rest is free.

    ``points`` are those of the jury by project, where the law asks one. A proposal whose contract
    could not be signed that day does not count, and the reason is kept.
    """
    given = dict(points or {})
    digest, before = once(books, scheme, key, "award_tender", (name, sorted(given.items())))
    books.speak_alone(TENDER, subject_of(scheme, name))
    stands = the_tender(books, scheme, name)
    if before is not None:
        return stands
    law = stands.law(scheme)
    jury = law.value.choice == "most_points"
    sealed = standing_proposals(books, scheme, name)
    refuse_if_any(
        [
            *scheme.on(desk.day).act_refusals("award_tender", desk.by),
            *over(stands, law.reference),
            *still_open(stands, stands.tender.proposals_close, law.reference, desk),
            *_not_awardable(stands, law.reference),
            *_buyer_unfit(books, scheme, stands, desk),
            *(_unjudged(sealed, given, law.reference) if jury else ()),
        ]
    )
    contracts = {
        project: contract_of(scheme, stands, each.proposal, each.schedule, on=desk.day)
        for project, each in sealed.items()
    }
    together = {project: (each, contracts[project]) for project, each in sealed.items()}
    out = dict(_not_counting(books, scheme, stands, together, desk=desk))
    counting = [
        replace(each.proposal, points=given.get(project, 0))
        for project, each in sealed.items()
        if project not in out
    ]
    found = market.award(counting, stands.invited, stands.tender, law)
    out |= {each.project: each.refusals for each in found.refused}
    entry = enter(
        books, scheme, key=key, digest=digest, kind="award_tender", because=(law.reference,),
        desk=desk,
    )  # fmt: skip
    books.end_holds(entry, [hold_of(scheme, stands)])
    won = _signed(books, scheme, found, contracts, key=key, desk=desk)
    word = Awarded(
        contracts=won,
        passed_over=tuple(each.project for each in found.passed_over),
        refused=told_out(out),
    )
    speak(books, scheme, entry, TENDER, [(name, word)])
    return replace(stands, awarded=word)


def _signed(
    books: Books,
    scheme: Scheme,
    found: TenderResult,
    contracts: Mapping[str, Forward],
    *,
    key: str,
    desk: Desk,
) -> tuple[Won, ...]:
    """Sign what was awarded; its price stays on hold for it."""
    won: list[Won] = []
    for each in found.contracts:
        name = _free_name(books, scheme, contracts[each.project].id)
        forward = replace(contracts[each.project], id=name)
        sign(books, scheme, forward, cover=each.cost, key=f"{key}/{each.project}", desk=desk)
        won.append(
            Won(
                project=each.project,
                tenderer=each.tenderer,
                contract=name,
                count=each.count,
                price=each.price,
                cost=each.cost.minor,
                advance=each.advance.minor,
            )
        )
    return tuple(won)


def _not_counting(
    books: Books,
    scheme: Scheme,
    stands: TenderStands,
    sealed: Mapping[str, tuple[Proposed, Forward]],
    *,
    desk: Desk,
) -> Iterator[tuple[str, tuple[Refusal, ...]]]:
    """The proposals that were changed, or with whose tenderers nothing can be signed that day."""
    reference = stands.law(scheme).reference
    for project, (each, forward) in sealed.items():
        mark = each.commitment
        found = [*grounds_of(partial(market.sign_forward, forward, scheme.forwards))[1]]
        found += tradable(books, scheme, forward, desk)
        if commitment(stands.tender.id, each.proposal, each.schedule, each.salt) != mark:
            found.append(ProposalChanged(reference=reference, project=project, commitment=mark))
        if found:
            yield project, tuple(found)


def _free_name(books: Books, scheme: Scheme, name: str) -> str:
    """A name that no contract has: this one, or with a number behind it."""
    tried = (name if each == 1 else f"{name}/{each}" for each in numbers_from(1))
    return next(each for each in tried if not known(books, scheme, each))


def _not_awardable(stands: TenderStands, reference: str) -> Iterator[Refusal]:
    """8846, 8847."""
    if stands.shortlist is None:
        yield ShortlistLacking(reference=reference, tender=stands.tender.id)
    if stands.awarded is not None:
        yield TenderAwarded(reference=reference, tender=stands.tender.id)


def _buyer_unfit(
    books: Books, scheme: Scheme, stands: TenderStands, desk: Desk
) -> Iterator[Refusal]:
    """Nobody is left out because the authority's own account is not open."""
    buyer, law = stands.opened.buyer, scheme.on(desk.day)
    seller = next((each.tenderer for each in stands.invited), buyer)
    if the_account(books, scheme, buyer, law).status != "open":
        money = stands.tender.budget.currency.code
        yield from accounts_unfit(books, law, desk, [buyer], to=(seller, money)).get(buyer, ())


def _unjudged(
    sealed: Mapping[str, Proposed], points: Mapping[str, int], reference: str
) -> Iterator[Refusal]:
    """8849."""
    if lacking := tuple(each for each in sealed if each not in points):
        yield PointsLacking(reference=reference, projects=lacking)
