"""What people may wish to agree with another account: a deal is proposed, or confirmed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import ClassVar

from msgspec import Struct

from tonne.market import Deal, Side
from tonne.operations.books import Books
from tonne.operations.contract_grounds import AGREED, DealUnknown
from tonne.operations.deal_settlement import last_price
from tonne.operations.deal_words import the_deal
from tonne.operations.deals import confirm, propose
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.quantity import Currency, Money, Price, price
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.registry import NoQuantity

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class DealOtherwise(Refusal):
    """A deal is confirmed with the terms that were shown to who confirms it."""

    number: ClassVar[int] = 9166
    remedy: ClassVar[str] = "Look at the deal as it stands, and confirm that, or reject it."

    deal: str

    def __str__(self) -> str:
        return f"The deal {self.deal} has other terms than these."


class ProposeDeal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A deal is proposed to another account, against payment; what is given for it is held."""

    verb: ClassVar[str] = "propose_deal"

    account: str
    target: str
    """The other side."""

    side: Side
    """Whether the account buys or sells."""

    unit: str
    count: int
    price: str
    """For one unit, to the cent, such as 22.50."""

    settle_on: date
    """The first day on which it may be settled; the law may say a later one."""

    until: date
    """The last day on which the other side may confirm it, in UTC."""

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Propose it."""
        propose(books, scheme, self.draft(scheme, desk), by=self.account, key=key, desk=desk)

    def draft(self, scheme: Scheme, desk: Desk) -> Deal:
        """Its terms, as the market reads them."""
        day = scheme.on(desk.day)
        if self.count < 1:
            raise Refused([NoQuantity(reference=day.on_transactions, asked=str(self.count))])
        buyer, seller = _sides(self.account, self.target, self.side)
        return Deal(
            id="",
            buyer=buyer,
            seller=seller,
            unit=self.unit,
            count=self.count,
            price=price_of(scheme, self.price, desk=desk),
            settle_on=self.settle_on,
            valid_until=datetime.combine(self.until, time.max, tzinfo=UTC),
        )

    def worth(self, books: Books, scheme: Scheme, *, desk: Desk) -> Money | None:
        """What it is worth, as far as that is known."""
        return _worth(books, scheme, self, desk=desk)


class ConfirmDeal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A deal that the other side proposed is confirmed, with these terms; what is given is held."""

    verb: ClassVar[str] = "confirm_deal"

    account: str
    deal: str
    target: str
    """The other side."""

    side: Side
    """Whether the account buys or sells."""

    unit: str
    count: int
    price: str
    """For one unit, to the cent, such as 22.50."""

    settle_on: date
    """The first day on which it may be settled; the law may say a later one."""

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Confirm it, if it has these terms."""
        refuse_if_any(self._otherwise(books, scheme, desk=desk))
        confirm(books, scheme, self.deal, by=self.account, key=key, desk=desk)

    def worth(self, books: Books, scheme: Scheme, *, desk: Desk) -> Money | None:
        """What it is worth, as far as that is known."""
        return _worth(books, scheme, self, desk=desk)

    def _otherwise(self, books: Books, scheme: Scheme, *, desk: Desk) -> Iterator[Refusal]:
        """8830 of a deal of others, as if there were none; 9166."""
        found = the_deal(books, scheme, self.deal, desk=desk).deal
        if self.account not in {found.buyer, found.seller}:
            yield DealUnknown(reference=AGREED, deal=self.deal, scheme=scheme.name)
            return
        said = (
            *_sides(self.account, self.target, self.side), self.unit, self.count, self.settle_on,
            price_of(scheme, self.price, desk=desk),
        )  # fmt: skip
        if said != (
            found.buyer, found.seller, found.unit, found.count, found.settle_on, found.price
        ):  # fmt: skip
            yield DealOtherwise(reference=AGREED, deal=self.deal)


def price_of(scheme: Scheme, text: str, *, desk: Desk) -> Price:
    """The price of a unit in the money of the scheme, to the cent."""
    clause = scheme.registry.currency.on(desk.day)
    return price(text, Currency(clause.value), tick=_CENT, reference=clause.reference)


def _sides(account: str, target: str, side: Side) -> tuple[str, str]:
    """Who buys, and who sells."""
    return (account, target) if side == "buy" else (target, account)


def _worth(
    books: Books, scheme: Scheme, wish: ProposeDeal | ConfirmDeal, *, desk: Desk
) -> Money | None:
    """What a deal is worth: at its price, and of a sale at the last price if that is higher.

    Where nothing was traded yet nobody knows what is sold, so a sale has no worth that is known.
    """
    paid = price_of(scheme, wish.price, desk=desk)
    if wish.side == "sell":
        last = last_price(books, scheme, wish.unit, paid.currency, desk=desk)
        if last is None:
            return None
        return max(paid.times(wish.count), last.times(wish.count), key=lambda each: each.minor)
    return paid.times(wish.count)
