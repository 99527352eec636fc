"""What becomes of a side that fails to settle: one way, for trades of a book and for deals."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from msgspec import Struct, structs

from tonne import market
from tonne.market import CureMethod, Failure, Instruction
from tonne.operations.books import Books
from tonne.operations.heard import payment
from tonne.operations.record import Desk, record_all
from tonne.operations.scheme import Scheme
from tonne.operations.settle import Agreed
from tonne.quantity import Money


class FailedSide(Struct, frozen=True, kw_only=True):
    """Who lacked what when a trade was to be settled, and how that is cured."""

    account: str
    """Which side failed."""

    other: str
    asset: str
    cure: CureMethod
    due: date | None
    """When it is tried again; not if the other side had money instead."""

    paid: Money | None = None
    """What the side that failed paid the other, which had to deal with others."""

    @classmethod
    def of(cls, failure: Failure, failures: int) -> Self:
        """What is said of a failure after so many others; nothing is paid yet."""
        (other,) = {failure.instruction.buyer, failure.instruction.seller} - {failure.account}
        return cls(
            account=failure.account,
            other=other,
            asset=failure.asset,
            cure=failure.cure,
            due=None if market.bought_in(failure, failures) else failure.due,
        )


def instruction_of(name: str, agreed: Agreed) -> Instruction:
    """A trade as it is to be settled, with the fees that the law takes of both sides."""
    record = agreed.record
    return Instruction(
        trade=name,
        seller=record.seller,
        buyer=record.buyer,
        asset=record.unit,
        count=record.count,
        currency=record.currency,
        money=record.due,
        buyer_fee=record.buyer_fee,
        seller_fee=record.seller_fee,
    )


def compensation(failure: Failure, *, agreed: Money, now: Money, free: int) -> Money:
    """What a side that failed owes the other because others stood in; as much as it has free.

    Prices are compared without the tax on them, which is due on what others deliver too.
    """
    untaxed = structs.replace(failure.instruction, money=agreed.minor)
    charged = market.buy_in(structs.replace(failure, instruction=untaxed), money=now.minor).charged
    return Money(min(charged, max(0, free)), now.currency)


def pay_compensation(
    books: Books, scheme: Scheme, failed: Iterable[tuple[str, FailedSide]], *, desk: Desk
) -> None:
    """Have the sides that failed pay the others, each under its key."""
    law = scheme.settlement.cure.on(desk.day).reference
    asked = [
        payment(each.account, each.other, each.paid, key=key, because=(law,))
        for key, each in failed
        if each.paid is not None and each.paid.minor
    ]
    if asked:
        record_all(books, scheme, asked, desk=desk)
