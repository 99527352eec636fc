"""What a proposal in a tender becomes if it wins, and what keeps it from being signed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from tonne.market import Due, FixedPrice, Forward, Proposal, Remedy, Upfront
from tonne.operations.auction_offers import accounts_unfit
from tonne.operations.auction_words import utc
from tonne.operations.books import Books
from tonne.operations.heard import moment
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.tender_grounds import StageOpen, TenderCalledOff
from tonne.operations.tender_words import Out, TenderStands
from tonne.quantity import Currency, Money
from tonne.refusal import Refusal


def contract_of(
    scheme: Scheme, stands: TenderStands, proposal: Proposal, schedule: Sequence[Due], *, on: date
) -> Forward:
    """The purchase agreement that a proposal becomes if it wins, by the law of the tender."""
    rules, since, rule = scheme.tenders, stands.opened.on, stands.law(scheme).value
    currency, share = Currency(rule.currency), proposal.advance_share
    coins = Decimal(Money.of(Decimal(1), currency).minor)
    return Forward(
        id=f"{stands.tender.id}/{proposal.project}",
        buyer=stands.opened.buyer,
        seller=proposal.tenderer,
        unit=stands.opened.unit,
        signed_on=on,
        schedule=tuple(schedule),
        price=FixedPrice(minor=proposal.price * coins),
        currency=currency,
        tick=rule.tick * coins,
        remedy=Remedy(
            kind="make_up", trigger=Decimal(1), days=rules.make_up_days.on(since).value
        ),
        project=proposal.project,
        upfront=Upfront(
            share=share, minor=proposal.price * coins, recovery=rules.recovery.on(since).value
        )
        if share > 0
        else None,
        conditions=rules.conditions.on(since).value,
    )  # fmt: skip


def account_unfit(
    books: Books, scheme: Scheme, stands: TenderStands, tenderer: str, desk: Desk
) -> tuple[Refusal, ...]:
    """What the registry has against an account that would deliver to the buyer."""
    to = (stands.opened.buyer, stands.opened.unit)
    return accounts_unfit(books, scheme.on(desk.day), desk, [tenderer], to=to).get(tenderer, ())


def still_open(
    stands: TenderStands, closes: datetime, reference: str, desk: Desk
) -> Iterator[Refusal]:
    """8844."""
    if (now := utc(moment(desk))) < closes:
        yield StageOpen(reference=reference, tender=stands.tender.id, closes=closes, now=now)


def over(stands: TenderStands, reference: str) -> Iterator[Refusal]:
    """8858: what was called off is over."""
    if stands.called_off is not None:
        yield TenderCalledOff(
            reference=reference, tender=stands.tender.id, reason=stands.called_off.reason
        )


def told_out(found: Mapping[str, Sequence[Refusal]]) -> tuple[Out, ...]:
    """Projects that are out, with the reasons as they are kept."""
    return tuple(
        Out(project=project, why=tuple(str(each) for each in grounds))
        for project, grounds in found.items()
    )
