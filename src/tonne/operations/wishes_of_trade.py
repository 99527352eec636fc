"""What people may wish to have traded: by an order, a bid, a deal; and money asked back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec
from msgspec import Struct

from tonne.ledger import KeptWord
from tonne.market import Instrument, NewOrder, Rejected, Side, TimeInForce
from tonne.operations.auction_bids import BidOrder, bid
from tonne.operations.auction_words import the_auction
from tonne.operations.books import Books
from tonne.operations.cash import ask_withdrawal
from tonne.operations.engine import Engine, Unsettled
from tonne.operations.engine_book import owner_of
from tonne.operations.pages import trades_page
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.wishes_of_deals import ConfirmDeal, ProposeDeal
from tonne.people import DayMandates
from tonne.quantity import Money, currency, money, number, product
from tonne.refusal import Refusal, Refused, refuse_if_any

ALONE = "traded_alone"
"""The topic of words about what one person traded; their subject is an account and a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookInMotion(Refusal):
    """An order is put as a whole or not at all; here another account was shut at the same time."""

    number: ClassVar[int] = 8862
    remedy: ClassVar[str] = "Send it again."

    instrument: str

    def __str__(self) -> str:
        return f"An account was shut while the book of {self.instrument} took the order."


class Alone(Struct, frozen=True, kw_only=True):
    """What is worth how much that one person traded."""

    by: str
    worth: Money


class PutOrder(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An order is put to the book of an instrument, at a limit."""

    verb: ClassVar[str] = "trade"

    account: str
    instrument: str
    side: Side
    count: int
    price: str
    """For one unit: the most to pay, or the least to get, such as 6.90."""

    lasts: TimeInForce = "day"
    until: date | None = None
    """Of what is good till a day, that day."""

    post_only: bool = False
    """It may rest, and trades with nobody who is there before."""

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Have it taken by the book, under the code of the proposal; or why it is not."""
        order = self.order(books, scheme, name=key, desk=desk)
        try:
            (events,) = Engine(scheme, self.instrument).take(books, [order], key=key, desk=desk)
        except Unsettled:
            reference = scheme.instruments.instruments.on(desk.day).reference
            raise Refused([BookInMotion(reference=reference, instrument=self.instrument)]) from None
        refuse_if_any(no for each in events if isinstance(each, Rejected) for no in each.refusals)

    def order(self, books: Books, scheme: Scheme, *, name: str, desk: Desk) -> NewOrder:
        """It as the book is told it, under a name."""
        _, lots, ticks = self.terms(scheme, desk.day)
        return NewOrder(
            at=desk.at,
            account=self.account,
            owner=owner_of(books, scheme, self.account, desk.day),
            cl_ord_id=name,
            side=self.side,
            order_qty=lots,
            price=ticks,
            time_in_force=self.lasts,
            expire_date=self.until,
            post_only=self.post_only,
        )

    def worth(self, books: Books, scheme: Scheme, *, desk: Desk) -> Money | None:
        """What it is worth: at its limit, and of a sale at the last price if that is higher.

        Where nothing was traded yet nobody knows what is sold, so a sale has no worth that is
        known.
        """
        instrument, lots, ticks = self.terms(scheme, desk.day)
        if self.side == "sell":
            last = trades_page(books, scheme, self.instrument, newest=True, limit=1)
            if not last:
                return None
            ticks = max(ticks, last[0].traded.price)
        return instrument.value(price=ticks, lots=lots)

    def terms(self, scheme: Scheme, day: date) -> tuple[Instrument, int, int]:
        """The instrument, and the order's lots and ticks; refused if they are not whole."""
        instrument = scheme.instruments.instrument(self.instrument, on=day)
        reference = scheme.instruments.instruments.on(day).reference
        amount = number(self.price, what="Price", reference=reference)
        lots, odd = instrument.lots_of(self.count, reference=reference)
        ticks, between = instrument.ticks_of(amount, reference=reference)
        refuse_if_any([*odd, *between])
        return instrument, lots, ticks


class Bid(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Units are bid for in an auction, under seal; what they may cost is on hold."""

    verb: ClassVar[str] = "bid"

    account: str
    auction: str
    count: int
    price: str
    """The most that is paid for one unit, such as 26.50."""

    salt: str
    """Drawn by chance, and told to nobody: it keeps the bid from being found by trying."""

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Hand it in, under the code of the proposal."""
        reference = the_auction(books, scheme, self.auction).law(scheme).form.reference
        amount = number(self.price, what="Price", reference=reference)
        order = BidOrder(
            bidder=self.account, id=key, price=amount, count=self.count, salt=self.salt
        )
        bid(books, scheme, self.auction, [order], key=key, desk=desk)

    def worth(self, books: Books, scheme: Scheme, *, desk: Desk) -> Money:
        """What it costs at most, without tax."""
        del desk
        law = the_auction(books, scheme, self.auction).law(scheme)
        amount = number(self.price, what="Price", reference=law.form.reference)
        return Money.of(product(amount, Decimal(self.count)), law.currency)


class AskWithdrawal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Money is asked back; it is held until the bank has paid it to the holder of the account."""

    verb: ClassVar[str] = "ask_withdrawal"

    account: str
    amount: str
    """Such as 1000.00."""

    currency: str

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Ask for it."""
        asked = self.money(scheme, desk)
        ask_withdrawal(books, scheme, account=self.account, amount=asked, key=key, desk=desk)

    def money(self, scheme: Scheme, desk: Desk) -> Money:
        """How much, or why that is no money."""
        reference = scheme.on(desk.day).on_accounts
        return money(self.amount, currency(self.currency, reference=reference), reference=reference)


Traded = PutOrder | Bid | ProposeDeal | ConfirmDeal
"""Wishes by which something is bought or sold: counted together, a person's and another's."""


def is_large(books: Books, scheme: Scheme, wish: Traded, law: DayMandates, *, desk: Desk) -> bool:
    """Whether something, with what was traded alone on that day, is worth more than the limit."""
    asked, limit = wish.worth(books, scheme, desk=desk), law.trade_limit
    if asked is None or asked.currency != limit.currency:
        return True
    return asked.minor > left_alone(books, scheme, wish.account, limit, desk=desk).minor


def left_alone(books: Books, scheme: Scheme, account: str, limit: Money, *, desk: Desk) -> Money:
    """What may still be traded on an account on this day without a second person."""
    spent = sum(
        msgspec.json.decode(each.word.body, type=Alone).worth.minor
        for each in books.words(ALONE, _subject(scheme, account, desk.day))
    )
    return Money(max(0, limit.minor - spent), limit.currency)


def keep_count(books: Books, scheme: Scheme, wish: Traded, *, desk: Desk) -> None:
    """Let nobody else trade on the account until the commit, so that all is counted."""
    books.speak_alone(ALONE, _subject(scheme, wish.account, desk.day))


def alone_word(books: Books, scheme: Scheme, wish: Traded, *, by: str, desk: Desk) -> KeptWord:
    """That somebody traded without a second person, as it is kept."""
    found = wish.worth(books, scheme, desk=desk)
    assert found is not None, "what has no worth that is known needs a second person"
    said = msgspec.json.encode(Alone(by=by, worth=found)).decode()
    return KeptWord(ALONE, _subject(scheme, wish.account, desk.day), said, about=by)


def _subject(scheme: Scheme, account: str, day: date) -> str:
    return f"{scheme.name} {account} {day}"
