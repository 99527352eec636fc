"""What people do on an exchange: see the book, put orders and take them back, buy what is missing.

An order is put as a proposal of the verb ``trade`` (`proposals.PutOrder`): what one person may not
trade alone in a day waits for a second. Its name in the book is the proposal's code, so who put it,
and how they signed it, is on record.
"""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from msgspec import Struct

from tonne import market, people
from tonne.ledger import KeptWord, kind_of
from tonne.market import (
    Cancel,
    Event,
    Instrument,
    MassCancel,
    OrderState,
    Rejected,
    Side,
    Traded,
    order_refusals,
)
from tonne.operations import own
from tonne.operations.books import Books
from tonne.operations.engine import Engine
from tonne.operations.engine_book import Live, owner_of
from tonne.operations.heard import enter
from tonne.operations.pages import trades_page
from tonne.operations.people import look_at, mandates_on, people_of, person
from tonne.operations.proposal_grounds import Forecast
from tonne.operations.proposing import rehearse as rehearse_proposal
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.trading_hours import Hours, Views, instruments
from tonne.operations.wishes_of_trade import PutOrder, left_alone
from tonne.people import PEOPLE
from tonne.quantity import Currency, Money, Price
from tonne.refusal import refuse_if_any

__all__ = [
    "INSTRUCTED",
    "Cost",
    "Hours",
    "Missing",
    "OwnOrder",
    "OwnTrade",
    "PutOrder",
    "Views",
    "alone",
    "cancel",
    "cancel_all",
    "instruments",
    "missing",
    "orders",
    "rehearse",
    "trades",
]

INSTRUCTED = "instruction"
"""The topic of words about who told a book to let go of an order."""

TRADES_LOOKED_AT = 5_000
"""Among so many of an instrument's latest trades those of an account are looked for."""


class Instructed(Struct, frozen=True, kw_only=True):
    """Somebody took an order of an account back."""

    instrument: str
    name: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an order would come to: said before anybody signs it."""

    forecast: Forecast
    """Whether a second person must agree."""

    units: int
    """Units that are held for it at most."""

    money: Money
    """Money that is held for it: what it costs at most, with all fees and taxes."""

    at_once: int
    """Units that would trade at once, as the book stands."""

    for_these: Money
    """What these would cost or bring, without fees and taxes."""

    free: Money
    """The account's money that is promised to nobody."""

    free_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOrder:
    """An order of an account that may still trade."""

    instrument: Instrument
    name: str
    """In the book; of an order that a person put, the code of the proposal."""

    side: Side
    price: Price
    count: int
    left: int
    lasts: str
    until: date | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTrade:
    """A trade of an account; who was on the other side it is not told."""

    instrument: Instrument
    trade: int
    side: Side
    price: Price
    count: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What an account lacks for its duty, and what it costs to buy it now."""

    duty: own.Duty
    instrument: Instrument
    count: int
    """Units to be bought: whole lots."""

    offered: int
    """How many of them are on offer, at all prices."""

    price: Price | None
    """The highest of the offers that are needed; nothing if nothing is on offer."""

    most: Money
    """What all that is on offer of them costs at that price, with fees and taxes."""

    free: Money


def rehearse(
    books: Books, scheme: Scheme, wish: PutOrder, *, by: str, desk: Desk, views: Views
) -> Cost:
    """What an order would come to, or every ground against it; the books must forget it."""
    # What is tried is told to the book, so it is looked at before.
    live = views.of(books, scheme, wish.instrument, desk=desk)
    free, free_units = _free(books, wish.account, live.instrument)
    forecast = rehearse_proposal(books, scheme, wish, by=by, desk=desk)
    order = wish.order(books, scheme, name=by, desk=desk)
    cover = market.cover_for(order, live.book.conditions, live.charges(wish.account))
    lots, value = _met(live, wish.side, order.order_qty, order.price)
    instrument = live.instrument
    return Cost(
        forecast=forecast,
        units=cover.units,
        money=Money(cover.money, Currency(instrument.currency)),
        at_once=lots * instrument.lot,
        for_these=value,
        free=free,
        free_units=free_units,
    )


def cancel(
    books: Books,
    scheme: Scheme,
    account: str,
    instrument: str,
    name: str,
    *,
    by: str,
    key: str,
    desk: Desk,
) -> tuple[Event, ...]:
    """Take an order of an account back; also where the account or the scheme is frozen.

    Sent again under the same key nothing comes of it.
    """
    who, law = person(books, by), mandates_on(scheme, desk.day)
    at_account = people_of(books, account)
    refuse_if_any(people.proposing_refusals(who, at_account, "trade", law))
    key = f"{by} takes back {key}"
    digest, before = once(books, scheme, key, "take_back_order", (account, instrument, name))
    if before is not None:
        return ()
    owner = owner_of(books, scheme, account, desk.day)
    engine = Engine(scheme, instrument)
    live = engine.look(books, desk=desk)
    number = live.book.order_id(owner, name)
    order = None if number is None else live.book.order(number)
    if order is None or order.order.account != account:
        reference = live.book.conditions.reference
        refuse_if_any([order_refusals.UnknownOrder(reference=reference, order=name)])
    entry = enter(
        books, scheme, key=key, digest=digest, kind="take_back_order", because=(PEOPLE,), desk=desk
    )
    said = msgspec.json.encode(Instructed(instrument=instrument, name=name, by=by)).decode()
    books.say(entry, [KeptWord(INSTRUCTED, account, said, about=by)])
    # The orders of an account that is not open leave the book by themselves.
    messages = () if account in live.leaving else (
        Cancel(at=desk.at, owner=owner, cl_ord_id=name),
    )  # fmt: skip
    answers = engine.take(books, messages, key=f"{key} of the book", desk=desk)
    refuse_if_any(
        no
        for events in answers
        for each in events
        if isinstance(each, Rejected)
        for no in each.refusals
    )
    return answers[0] if answers else ()


def cancel_all(
    books: Books, scheme: Scheme, account: str, instrument: str, *, by: str, key: str, desk: Desk
) -> tuple[Event, ...]:
    """Take all orders of an account back in the book of an instrument."""
    who, law = person(books, by), mandates_on(scheme, desk.day)
    refuse_if_any(people.proposing_refusals(who, people_of(books, account), "trade", law))
    key = f"{by} takes all back {key}"
    digest, before = once(books, scheme, key, "take_back_order", (account, instrument))
    if before is not None:
        return ()
    entry = enter(
        books, scheme, key=key, digest=digest, kind="take_back_order", because=(PEOPLE,), desk=desk
    )
    said = msgspec.json.encode(Instructed(instrument=instrument, name="", by=by)).decode()
    books.say(entry, [KeptWord(INSTRUCTED, account, said, about=by)])
    messages = [MassCancel(at=desk.at, account=account)]
    engine = Engine(scheme, instrument)
    return engine.take(books, messages, key=f"{key} of the book", desk=desk)[0]


def orders(
    books: Books, scheme: Scheme, account: str, *, by: str, desk: Desk, views: Views
) -> list[OwnOrder]:
    """The orders of an account that may still trade, as they were given."""
    look_at(books, scheme, account, by=by, desk=desk)
    return [
        _order(live.instrument, each)
        for instrument in instruments(scheme, desk.day)
        for live in (views.of(books, scheme, instrument.code, desk=desk),)
        for each in live.book.orders_of(account)
    ]


def trades(
    books: Books,
    scheme: Scheme,
    account: str,
    *,
    by: str,
    desk: Desk,
    code: str | None = None,
    limit: int = 100,
) -> list[OwnTrade]:
    """The latest trades of an account, the last first."""
    look_at(books, scheme, account, by=by, desk=desk)
    found = [
        _trade(instrument, each.traded, account)
        for instrument in instruments(scheme, desk.day)
        if code in {None, instrument.code}
        for each in trades_page(books, scheme, instrument.code, newest=True, limit=TRADES_LOOKED_AT)
        if account in {each.traded.buyer, each.traded.seller}
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:limit]


def alone(books: Books, scheme: Scheme, account: str, *, by: str, desk: Desk) -> Money:
    """What may still be traded on an account on this day without a second person."""
    look_at(books, scheme, account, by=by, desk=desk)
    limit = mandates_on(scheme, desk.day).trade_limit
    return left_alone(books, scheme, account, limit, desk=desk)


def missing(
    books: Books,
    scheme: Scheme,
    account: str,
    *,
    by: str,
    desk: Desk,
    views: Views,
    duty: own.Duty | None = None,
) -> Missing | None:
    """What an account lacks for its duty and could buy, where an instrument delivers it.

    Who knows the duty already says so: it costs much to work out.
    """
    look_at(books, scheme, account, by=by, desk=desk)
    if duty is None:
        (found,) = books.accounts(scheme=scheme.name, number=account)
        duty = own.duty(books, scheme, found, desk=desk)
    if duty is None or not duty.short:
        return None
    fitting = {unit for verb, unit in scheme.on(desk.day).types if verb == "surrender"}
    ways = [
        _way(books, scheme, account, duty, instrument, desk, views)
        for instrument in instruments(scheme, desk.day)
        if kind_of(instrument.unit) in fitting
    ]
    # What can be had whole comes first, and of that the cheapest.
    ways.sort(key=lambda way: (-way.offered, way.most.minor))
    return ways[0] if ways else None


def _way(  # noqa: PLR0917  from the one caller
    books: Books,
    scheme: Scheme,
    account: str,
    duty: own.Duty,
    instrument: Instrument,
    desk: Desk,
    views: Views,
) -> Missing:
    """To buy what is missing in the book of one instrument."""
    live = views.of(books, scheme, instrument.code, desk=desk)
    lots = -(-duty.short // instrument.lot)
    worst, offered = None, 0
    for price, on_offer, _ in live.book.depth("sell"):
        if offered >= lots:
            break
        worst, offered = price, min(lots, offered + on_offer)
    charges = live.charges(account)
    value = 0 if worst is None else worst * instrument.tick_value
    most = offered * (value + charges.beside(value)) if worst is not None else 0
    free, _ = _free(books, account, instrument)
    return Missing(
        duty=duty,
        instrument=instrument,
        count=lots * instrument.lot,
        offered=offered * instrument.lot,
        price=None if worst is None else instrument.price(worst),
        most=Money(most, Currency(instrument.currency)),
        free=free,
    )


def _met(live: Live, side: Side, lots: int, price: int | None) -> tuple[int, Money]:
    """How many lots would trade at once, and for how much; others may be faster."""
    met, value = 0, 0
    if live.book.conditions.trading:
        for at, resting, _ in live.book.depth("sell" if side == "buy" else "buy"):
            beyond = price is not None and (at > price if side == "buy" else at < price)
            if beyond or met == lots:
                break
            taken = min(resting, lots - met)
            met, value = met + taken, value + taken * at * live.instrument.tick_value
    return met, Money(value, Currency(live.instrument.currency))


def _free(books: Books, account: str, instrument: Instrument) -> tuple[Money, int]:
    money, unit = (account, instrument.currency), (account, instrument.unit)
    found = books.free([money, unit])
    return Money(found.get(money, 0), Currency(instrument.currency)), found.get(unit, 0)


def _order(instrument: Instrument, each: OrderState) -> OwnOrder:
    return OwnOrder(
        instrument=instrument,
        name=each.order.cl_ord_id,
        side=each.order.side,
        price=instrument.price(each.price),
        count=each.order_qty * instrument.lot,
        left=each.leaves_qty * instrument.lot,
        lasts=each.order.time_in_force,
        until=each.order.expire_date,
        at=each.order.at,
    )


def _trade(instrument: Instrument, each: Traded, account: str) -> OwnTrade:
    return OwnTrade(
        instrument=instrument,
        trade=each.trade_id,
        side="buy" if each.buyer == account else "sell",
        price=instrument.price(each.price),
        count=each.qty * instrument.lot,
        at=each.at,
    )
