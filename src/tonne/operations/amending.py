"""An order is changed by one person alone, as far as that is no way round the second hand.

What was put, alone or with a second person's word, is made smaller, or its price better for the
account: a buyer pays less, a seller gets more. Then it trades with nobody with whom it would not
have traded before. For anything else it is taken back and another is put.
"""

from dataclasses import dataclass
from typing import ClassVar

import msgspec
from msgspec import Struct

from tonne import people
from tonne.ledger import KeptWord
from tonne.market import Amend, Event, OrderState, Rejected, order_refusals
from tonne.operations.books import Books
from tonne.operations.engine import Engine, Unsettled
from tonne.operations.engine_book import owner_of
from tonne.operations.heard import enter
from tonne.operations.people import frozen_refusals, mandates_on, people_of, person
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.wishes_of_trade import BookInMotion
from tonne.people import PEOPLE
from tonne.quantity import number
from tonne.refusal import Refusal, Refused, refuse_if_any

AMENDED = "amendment"
"""The topic of words about who had a book change an order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentNotSmaller(Refusal):
    """What is changed by one person alone becomes smaller, or its price better for the account."""

    number: ClassVar[int] = 9165
    remedy: ClassVar[str] = "Take the order back and put another."

    order: str

    def __str__(self) -> str:
        return (
            f"The order {self.order} would become larger, or its price worse for the account: "
            "one person alone does not change it so."
        )


class Amendment(Struct, frozen=True, kw_only=True):
    """What becomes of an order: its count, with what was traded of it, or its price, or both."""

    account: str
    instrument: str
    name: str
    count: int | None = None
    price: str | None = None
    by: str = ""
    """Who has it changed, as it is kept."""


def amend(
    books: Books, scheme: Scheme, wish: Amendment, *, by: str, key: str, desk: Desk
) -> tuple[Event, ...]:
    """Change an order of an account in its book; by any who may put orders on it.

    Sent again under the same key nothing comes of it.
    """
    who, law = person(books, by), mandates_on(scheme, desk.day)
    at_account = people_of(books, wish.account)
    refuse_if_any(
        [
            *people.proposing_refusals(who, at_account, "trade", law),
            *frozen_refusals(books, scheme),
        ]
    )
    key = f"{by} amends {key}"
    digest, before = once(books, scheme, key, "amend_order", wish)
    if before is not None:
        return ()
    lots, ticks = _terms(scheme, wish, desk)
    engine = Engine(scheme, wish.instrument)
    live = engine.look(books, desk=desk)
    owner = owner_of(books, scheme, wish.account, desk.day)
    reference = live.book.conditions.reference
    found = live.book.order_id(owner, wish.name)
    order = None if found is None else live.book.order(found)
    if order is None or order.order.account != wish.account or wish.account in live.leaving:
        refuse_if_any([order_refusals.UnknownOrder(reference=reference, order=wish.name)])
    assert order is not None, "an order that is not there is refused"
    # The book may have moved on, but an order is never more than it was.
    if not _smaller(order, lots, ticks):
        refuse_if_any([AmendmentNotSmaller(reference=law.on_rights, order=wish.name)])
    entry = enter(
        books, scheme, key=key, digest=digest, kind="amend_order", because=(PEOPLE,), desk=desk
    )
    said = msgspec.json.encode(msgspec.structs.replace(wish, by=by)).decode()
    books.say(entry, [KeptWord(AMENDED, wish.account, said, about=by)])
    message = Amend(at=desk.at, owner=owner, cl_ord_id=wish.name, order_qty=lots, price=ticks)
    try:
        (events,) = engine.take(books, [message], key=f"{key} of the book", desk=desk)
    except Unsettled:
        raise Refused([BookInMotion(reference=reference, instrument=wish.instrument)]) from None
    refuse_if_any(no for each in events if isinstance(each, Rejected) for no in each.refusals)
    return events


def _terms(scheme: Scheme, wish: Amendment, desk: Desk) -> tuple[int | None, int | None]:
    """The lots and ticks that are wished; refused if they are not whole."""
    instrument = scheme.instruments.instrument(wish.instrument, on=desk.day)
    reference = scheme.instruments.instruments.on(desk.day).reference
    lots = ticks = None
    grounds: list[Refusal] = []
    if wish.count is not None:
        lots, odd = instrument.lots_of(wish.count, reference=reference)
        grounds.extend(odd)
    if wish.price is not None:
        amount = number(wish.price, what="Price", reference=reference)
        ticks, between = instrument.ticks_of(amount, reference=reference)
        grounds.extend(between)
    refuse_if_any(grounds)
    return lots, ticks


def _smaller(order: OrderState, lots: int | None, ticks: int | None) -> bool:
    """Whether an order is no larger then, and its price no worse for whose it is."""
    if lots is not None and lots > order.order_qty:
        return False
    if ticks is None:
        return True
    return ticks <= order.price if order.order.side == "buy" else ticks >= order.price
