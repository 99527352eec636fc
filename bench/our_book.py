"""Our book, told the stream of the bare one: each message is made when its turn has come."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice

from bare_book import MESSAGES, MID, Gone, New, Trade

from tonne.market import (
    Book,
    Cancel,
    ChangePhase,
    Event,
    Instrument,
    Message,
    NewOrder,
    StartOfDay,
    Traded,
)

NAMES = [f"O{number}" for number in range(MESSAGES + 1)]
AT, DAY = datetime(2025, 11, 21, 9, tzinfo=UTC), date(2025, 11, 21)


def our_events(said: list[New | Gone], *, owners: bool, batch: int) -> tuple[Book, list[Event]]:
    """Our book after the messages, each made here, and what it answered.

    Every order has an owner, for itself or among others.
    """
    book = Book(_instrument(), reference="bench")
    book.take(StartOfDay(at=AT, day=DAY, reference_price=MID))
    book.take(ChangePhase(at=AT, phase="continuous"))
    events: list[Event] = []
    if batch == 1:
        take = book.take
        for message in _messages(said, owners=owners):
            events += take(message)
    else:
        messages = _messages(said, owners=owners)
        while some := list(islice(messages, batch)):
            events += book.take_all(some)
    return book, events


def _messages(said: list[New | Gone], *, owners: bool) -> Iterator[Message]:
    """Each is made when it is asked for."""
    names, at = NAMES, AT
    for each in said:
        if each[0] == 0:
            _, number, buy, price, lots, owner = each
            who = names[owner if owners else number]
            yield NewOrder(
                at=at,
                account=who,
                owner=who,
                cl_ord_id=names[number],
                side="buy" if buy else "sell",
                order_qty=lots,
                price=price,
                time_in_force="good_till_cancel",
            )
        else:
            _, number, owner = each
            yield Cancel(at=at, owner=names[owner if owners else number], cl_ord_id=names[number])


def our_trades(made: list[Traded], said: list[New | Gone]) -> list[Trade]:
    """Our trades in the words of the bare book; ours gives numbers of its own."""
    numbers = [0, *(each[1] for each in said if each[0] == 0)]
    return [
        (
            numbers[each.buy_order if each.aggressor == "buy" else each.sell_order],
            numbers[each.sell_order if each.aggressor == "buy" else each.buy_order],
            each.price,
            each.qty,
        )
        for each in made
    ]


def _instrument() -> Instrument:
    return Instrument(
        code="EUA",
        scheme="eu_ets",
        unit="EUA",
        lot=1_000,
        tick=Decimal(1),
        currency="EUR",
        lots_max=10_000,
        settlement_days=1,
        time_zone="Europe/Brussels",
        phases=(),
        band_percent=Decimal(50),
        self_trade="cancel_oldest",
        short=False,
        credit=False,
    )
