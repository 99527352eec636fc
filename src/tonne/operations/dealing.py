"""Deals of an account, for its own people: what waits for them, what it costs, and their no."""

from dataclasses import dataclass

import msgspec
from msgspec import Struct

from tonne import people
from tonne.ledger import KeptWord
from tonne.market import Deal, DealState, Side
from tonne.operations.books import Books
from tonne.operations.contract_grounds import AGREED, DealUnknown
from tonne.operations.deal_words import DealStands, the_deal
from tonne.operations.deals import cancel
from tonne.operations.heard import enter
from tonne.operations.own_deals import own_names
from tonne.operations.people import look_at, mandates_on, people_of, person
from tonne.operations.proposal_grounds import Forecast
from tonne.operations.proposing import rehearse as rehearse_proposal
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.wishes_of_deals import ConfirmDeal, ProposeDeal
from tonne.operations.wishes_of_trade import Bid
from tonne.people import PEOPLE
from tonne.quantity import Currency, Money
from tonne.refusal import Refused, refuse_if_any

REJECTED = "deal_rejected"
"""The topic of words about who rejected a deal for an account."""

LISTED_MAX = 100
"""So many of an account's deals are listed, the newest first."""

WAITING_MAX = 20
"""Among so many of its newest deals those are looked for that wait for it."""


class DealRejected(Struct, frozen=True, kw_only=True):
    """Somebody rejected a deal of an account, or took it back."""

    deal: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDeal:
    """A deal as one of its sides sees it."""

    stands: DealStands
    side: Side
    other: str
    """The account of the other side."""

    @property
    def deal(self) -> Deal:
        """The deal as it stands."""
        return self.stands.deal

    @property
    def waits(self) -> bool:
        """Whether it waits for this side to confirm it."""
        mine = "buyer" if self.side == "buy" else "seller"
        named = self.deal.state in {DealState.PROPOSED, DealState.QUOTED}
        return named and mine not in self.deal.confirmed

    @property
    def ends(self) -> bool:
        """Whether it may still be rejected or taken back."""
        asked = DealState.QUOTE_REQUESTED
        return self.deal.state in {DealState.PROPOSED, DealState.QUOTED, asked}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is given, or held, for a deal or a bid: said before anybody signs it."""

    forecast: Forecast
    units: int
    money: Money
    """With fee, tax and commission."""

    free_units: int
    """What was free before."""

    free: Money


def own_deal(
    books: Books, scheme: Scheme, account: str, name: str, *, by: str, desk: Desk
) -> OwnDeal:
    """A deal of an account, for who sees the account; 8830 of one of others."""
    look_at(books, scheme, account, by=by, desk=desk)
    return _of_side(scheme, the_deal(books, scheme, name, desk=desk), account)


def own_deals(
    books: Books, scheme: Scheme, account: str, *, by: str, desk: Desk, most: int = LISTED_MAX
) -> list[OwnDeal]:
    """The newest deals of an account, the last first."""
    names = own_names(books, scheme, account, by=by, desk=desk)[:most]
    return [
        _of_side(scheme, the_deal(books, scheme, each, desk=desk), account) for each in names
    ]  # fmt: skip


def waiting(books: Books, scheme: Scheme, account: str, *, by: str, desk: Desk) -> list[OwnDeal]:
    """The newest deals that wait for an account to confirm them."""
    found = own_deals(books, scheme, account, by=by, desk=desk, most=WAITING_MAX)
    return [each for each in found if each.waits]


def rehearse(
    books: Books, scheme: Scheme, wish: Bid | ProposeDeal | ConfirmDeal, *, by: str, desk: Desk
) -> Given:
    """What is given or held for a deal or a bid, or every ground against it.

    It is carried out for that, so the books must forget it.
    """
    code = scheme.registry.currency.on(desk.day).value
    # A bid takes no units; what it buys is known once the auction is cleared.
    unit = code if isinstance(wish, Bid) else wish.unit
    pairs = [(wish.account, code), (wish.account, unit)]
    before = books.free(pairs)
    forecast = rehearse_proposal(books, scheme, wish, by=by, desk=desk)
    after = books.free(pairs)
    money, units = (max(0, before.get(pair, 0) - after.get(pair, 0)) for pair in pairs)
    return Given(
        forecast=forecast,
        units=0 if isinstance(wish, Bid) else units,
        money=Money(money, Currency(code)),
        free_units=before.get(pairs[1], 0),
        free=Money(before.get(pairs[0], 0), Currency(code)),
    )


def reject(
    books: Books, scheme: Scheme, account: str, name: str, *, by: str, key: str, desk: Desk
) -> None:
    """Reject a deal for an account, or take back what it proposed, while it is not agreed.

    By any who may confirm deals for it, also where the account or the scheme is frozen. Sent again
    under the same key nothing comes of it.
    """
    law = mandates_on(scheme, desk.day)
    at_account = people_of(books, account)
    refuse_if_any(people.proposing_refusals(person(books, by), at_account, ConfirmDeal.verb, law))
    _of_side(scheme, the_deal(books, scheme, name, desk=desk), account)
    key = f"{by} rejects {key}"
    digest, before = once(books, scheme, key, "reject_deal", (account, name))
    if before is not None:
        return
    entry = enter(
        books, scheme, key=key, digest=digest, kind="reject_deal", because=(PEOPLE,), desk=desk
    )
    said = msgspec.json.encode(DealRejected(deal=name, by=by)).decode()
    books.say(entry, [KeptWord(REJECTED, account, said, about=by)])
    cancel(books, scheme, name, by=account, key=f"{key} of the market", desk=desk)


def _of_side(scheme: Scheme, found: DealStands, account: str) -> OwnDeal:
    """A deal as a side sees it; 8830 for who is none."""
    deal = found.deal
    if account not in {deal.buyer, deal.seller}:
        raise Refused([DealUnknown(reference=AGREED, deal=deal.id, scheme=scheme.name)])
    if account == deal.buyer:
        return OwnDeal(stands=found, side="buy", other=deal.seller)
    return OwnDeal(stands=found, side="sell", other=deal.buyer)
