"""What is seen of an exchange: how orders stand, its trades and prices.

Nothing is kept for it: it is worked out from what was said to the book and what it answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec import Struct

from tonne import market
from tonne.market import (
    Accepted,
    Amended,
    Book,
    Cancelled,
    Depth,
    Event,
    Expired,
    Instrument,
    Message,
    NewOrder,
    OrdStatus,
    Restated,
    SettlementPrice,
    StartOfDay,
    Traded,
    Triggered,
    ord_status,
)
from tonne.operations.books import Books
from tonne.operations.engine_words import ORDER, as_message, made_trades
from tonne.operations.heard import subject_of
from tonne.operations.scheme import Scheme


class OrderStory(Struct, kw_only=True):
    """An order: as it was given, and what has become of it."""

    order: NewOrder
    order_id: int
    order_qty: int
    price: int | None
    stop_px: int | None = None
    triggered: bool = False
    """Whether a trade has reached the stop, so that the order came to the book."""

    cum_qty: int = 0
    leaves_qty: int = 0
    status: OrdStatus = "new"
    ended: datetime | None = None
    turnover: int = 0
    """Price times quantity of its trades, summed, in ticks."""

    @property
    def avg_px(self) -> Fraction | None:
        """The average price of what was traded, in ticks; nothing where nothing was."""
        return Fraction(self.turnover, self.cum_qty) if self.cum_qty else None


@dataclass(slots=True, kw_only=True)
class TradingDay:
    """One day of an instrument, from its start to its close."""

    day: date
    close: datetime
    reference_price: int | None
    trades: list[Traded] = field(default_factory=list)
    orders: dict[int, OrderStory] = field(default_factory=dict)
    """The orders that were in the book on this day."""

    closing: Depth = field(default_factory=lambda: Depth(bids=(), offers=()))


def trading_days(books: Books, scheme: Scheme, code: str, *, last: date) -> list[TradingDay]:
    """The days of an instrument up to one, lived again from what was said."""
    days: list[TradingDay] = []
    book: Book | None = None
    for spoken in books.words(ORDER, subject_of(scheme, code)):
        if spoken.day > last:
            break
        instrument = scheme.instruments.instrument(code, on=spoken.day)
        if book is None:
            reference = scheme.instruments.instruments.on(spoken.day).reference
            book = Book(instrument, reference=reference)
        message = as_message(spoken.word.body)
        if days and not isinstance(message, NewOrder) and book.conditions.phase != "closed":
            days[-1].closing = depth_of(book)
        before = days[-1].orders if days else {}
        if isinstance(message, StartOfDay):
            _follow(before, message, events := book.take(message))
            closed = [each for each in events if isinstance(each, Traded)]
            if days:
                days[-1].trades += closed
            living = {number: each for number, each in before.items() if each.ended is None}
            day = message.day
            days.append(
                TradingDay(
                    day=day,
                    close=_close(instrument, day),
                    reference_price=message.reference_price,
                    orders=living,
                )
            )
            continue
        events = book.take(message)
        if days:
            _follow(days[-1].orders, message, events)
            days[-1].trades += [each for each in events if isinstance(each, Traded)]
    if days and book is not None and book.conditions.phase != "closed":
        days[-1].closing = depth_of(book)
    return days


def depth_of(book: Book, levels: int | None = None) -> Depth:
    """What rests on both sides of a book, the best prices first."""
    sides = (
        tuple(market.DepthLevel(*row) for row in book.depth(side, levels))
        for side in ("buy", "sell")
    )
    bids, offers = sides
    return Depth(bids=bids, offers=offers)


def depth_rows(depth: Depth) -> list[tuple[str, int, int, int]]:
    """What rests, from the highest offer down to the lowest bid: side, price, lots, orders."""
    return [
        (side, each.price, each.qty, each.orders)
        for side, found in (("sell", depth.offers[::-1]), ("buy", depth.bids))
        for each in found
    ]


def orders_of(
    books: Books, scheme: Scheme, code: str, *, account: str | None, last: date
) -> list[OrderStory]:
    """The orders of an account, or of all, in the order in which they were given."""
    found: dict[int, OrderStory] = {}
    for day in trading_days(books, scheme, code, last=last):
        found |= day.orders
    return [
        each
        for _, each in sorted(found.items())
        if account is None or each.order.account == account
    ]


def settlement_prices(
    books: Books, scheme: Scheme, code: str, *, last: date
) -> list[SettlementPrice]:
    """The settlement price of each day on which it has one, up to a day."""
    found: list[SettlementPrice] = []
    for day in trading_days(books, scheme, code, last=last):
        before = found[-1].price if found else None
        if before is None and not day.trades and day.closing.middle is None:
            continue  # Nobody has said any price yet.
        found.append(
            market.settlement_price(
                day.trades, day.closing, scheme.watch, close=day.close, before=before
            )
        )
    return found


def trades_of(
    books: Books, scheme: Scheme, code: str, *, first: date, last: date, zone: ZoneInfo
) -> list[Traded]:
    """The trades of an instrument on these days, in the order in which they were made."""
    return [
        each.traded
        for each in made_trades(books, subject_of(scheme, code))
        if first <= each.traded.at.astimezone(zone).date() <= last
    ]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins somewhere."""
    return datetime.combine(day, time.min, tzinfo=zone)


def _follow(orders: dict[int, OrderStory], message: Message, events: Sequence[Event]) -> None:
    """What events make of orders."""
    for event in events:
        match event:
            case Accepted(order_id=number):
                assert isinstance(message, NewOrder)
                qty = message.order_qty
                orders[number] = OrderStory(
                    order=message, order_id=number, order_qty=qty, leaves_qty=qty,
                    price=message.price, stop_px=message.stop_px,
                )  # fmt: skip
            case Triggered():
                orders[event.order_id].triggered = True
            case Amended():
                story = orders[event.order_id]
                story.order_qty, story.leaves_qty = event.order_qty, event.leaves_qty
                story.price, story.stop_px = event.price, event.stop_px
            case Restated():
                story = orders[event.order_id]
                story.order_qty, story.leaves_qty = event.order_qty, event.leaves_qty
            case Traded():
                for story, left in (
                    (orders[event.buy_order], event.buy_leaves),
                    (orders[event.sell_order], event.sell_leaves),
                ):
                    story.cum_qty += event.qty
                    story.leaves_qty = left
                    story.turnover += event.price * event.qty
                    story.status = ord_status(cum_qty=story.cum_qty, leaves_qty=left)
                    story.ended = None if left else event.at
            case Cancelled() | Expired():
                story = orders[event.order_id]
                story.status = "canceled" if isinstance(event, Cancelled) else "expired"
                story.leaves_qty, story.ended = 0, event.at
            case _:
                pass


def _close(instrument: Instrument, day: date) -> datetime:
    """When the trading day of an instrument ends."""
    starts = [each.start for each in instrument.phases if each.phase == "closed"]
    at = time.fromisoformat(starts[-1]) if starts else time.max
    return datetime.combine(day, at, tzinfo=ZoneInfo(instrument.time_zone))
