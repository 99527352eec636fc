"""What the commands of an exchange share: its instrument, its clock, and how it is shown."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from math import floor as floor_of
from typing import Annotated, TypeVar

import typer

from tonne import operations
from tonne.cli.errand import Errand
from tonne.cli.options import a_day
from tonne.market import (
    Accepted,
    Amended,
    Cancelled,
    DepthLevel,
    Event,
    Expired,
    Instrument,
    Message,
    OrdType,
    TimeInForce,
    Traded,
    Triggered,
)
from tonne.operations import Books, Desk, Engine, LiveBook
from tonne.quantity import Currency, Money, money, number
from tonne.quantity import count as a_count
from tonne.refusal import refuse_if_any

T = TypeVar("T")

Code = Annotated[
    str, typer.Option("--instrument", metavar="CODE", help="What is traded; see tonne market list.")
]


def an_hour(text: str) -> time:
    """A time of the day as people write it, or a sentence about what is wrong."""
    try:
        found = time.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat("minutes") != text:
        raise typer.BadParameter(f"{text!r} is no time of the day; write it as 09:30.")
    return found


Hour = Annotated[
    time | None,
    typer.Option(
        "--at",
        metavar="TIME",
        parser=an_hour,
        help="The time of the day on the exchange's clock; now if not said.",
    ),
]

AsCsv = Annotated[bool, typer.Option("--csv", metavar="", help="A table for programs.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A command that has to do with the book of one instrument."""

    at: Errand
    instrument: Instrument
    reference: str
    moment: datetime
    engine: Engine

    @property
    def desk(self) -> Desk:
        """Who acts, at the moment that was said."""
        return replace(self.at.desk, at=self.moment)

    def look(self, books: Books) -> LiveBook:
        """The book as it stands."""
        return self.engine.look(books, desk=self.desk)

    def take(self, *messages: Message) -> list[tuple[Event, ...]]:
        """Have messages taken by the book, and written down unless this is a dry run."""
        return self.engine.serve(self._run, messages, key=self.at.call.key, desk=self.desk)

    def settle(self) -> operations.Settled:
        """Have the trades settled whose day has come."""
        return self.engine.settle(self._run, key=self.at.call.key, desk=self.desk)

    def allocate(
        self, trades: Iterable[int], account: str, clients: Iterable[str], *, pro_rata: bool
    ) -> operations.Allocated:
        """Have trades given to clients, each written as ACCOUNT=NUMBER."""
        allocation = operations.TradeAllocation(
            trades=tuple(trades),
            account=account,
            clients=tuple(self._client(each) for each in clients),
            pro_rata=pro_rata,
        )
        return self.engine.allocate(self._run, allocation, key=self.at.call.key, desk=self.desk)

    def _client(self, text: str) -> tuple[str, int]:
        account, _, units = text.rpartition("=")
        if not account:
            raise typer.BadParameter(f"{text!r} names no client; write ACCOUNT=NUMBER.")
        return account, a_count(units, reference=self.reference)

    def _run(self, operation: Callable[[Books], T], /) -> T:
        return self.at.do(operation)

    def owner(self, account: str) -> str:
        """Who stands behind an account."""
        return self.at.ask(
            lambda books: operations.owner_of(books, self.at.scheme, account, self.at.call.day)
        )

    def lots(self, text: str) -> int:
        """Units that were written, in lots; an odd number is left for the book to refuse."""
        units = a_count(text, reference=self.reference)
        lots, odd = self.instrument.lots_of(units, reference=self.reference)
        refuse_if_any(odd)
        return lots

    def ticks(self, text: str | None) -> int | None:
        """A price that was written, in ticks."""
        if text is None:
            return None
        amount = number(text, what="Price", reference=self.reference)
        ticks, between = self.instrument.ticks_of(amount, reference=self.reference)
        refuse_if_any(between)
        return ticks

    def money(self, text: str) -> Money:
        """An amount that was written, in the money of the instrument."""
        return money(text, Currency(self.instrument.currency), reference=self.reference)

    def money_of(self, ticks: int) -> Money | str:
        """A price as people write it."""
        return self._written(self.instrument.tick * ticks)

    def average_of(self, ticks: Fraction | None) -> Money | str | None:
        """An average price, rounded half up to the money's smallest unit, or the tick if finer."""
        if ticks is None:
            return None
        tick = self.instrument.tick
        step = min(tick, Decimal(1))
        steps = floor_of(ticks * Fraction(tick) / Fraction(step) + Fraction(1, 2))
        return self._written(step * steps)

    def _written(self, minor: Decimal) -> Money | str:
        currency = Currency(self.instrument.currency)
        if minor % 1:
            one = Money.of(Decimal(1), currency)
            return f"{currency.code} {minor / one.minor}"
        return Money(int(minor), currency)

    def level(self, level: DepthLevel) -> dict[str, object]:
        """What rests at a price, for programs."""
        return {
            "price": self.money_of(level.price),
            "count": level.qty * self.instrument.lot,
            "orders": level.orders,
        }

    def in_words(self, event: Event) -> str:  # noqa: PLR0911  one for each kind
        """What became of an order, for people."""
        lot = self.instrument.lot
        match event:
            case Accepted():
                return f"Order {event.order_id} ({event.cl_ord_id}) is taken."
            case Traded():
                return f"{event.qty * lot:,} were traded at {self.money_of(event.price)}."
            case Amended():
                kept = "keeps its turn" if event.in_place else "comes like a new one"
                return f"Order {event.order_id} is changed and {kept}."
            case Triggered():
                return f"The stop of order {event.order_id} was reached."
            case Cancelled():
                why = "" if event.reason == "requested" else f" ({event.reason.replace('_', ' ')})"
                return f"Order {event.order_id} is cancelled{why}: {event.qty * lot:,} were left."
            case Expired():
                return f"Order {event.order_id} has expired."
            case _:
                return ""

    def as_data(self, event: Event) -> dict[str, object]:
        """What became of an order, for programs: in the words of FIX, in units and money."""
        data: dict[str, object] = {"exec_type": event.exec_type, "at": event.at.isoformat()}
        for name in event.__struct_fields__:
            value = getattr(event, name)
            if name in {"qty", "order_qty", "leaves_qty", "cum_qty", "buy_leaves", "sell_leaves"}:
                data[name] = value * self.instrument.lot
            elif name in {"price", "stop_px"}:
                data[name] = None if value is None else self.money_of(value)
            elif name == "refusals":
                data[name] = [
                    {"number": no.number, "code": no.code, "message": str(no)} for no in value
                ]
            elif name != "at":
                data[name] = value
        return data


@contextmanager
def floor(at: Errand, code: str, hour: time | None) -> Iterator[Floor]:
    """Go to the book of an instrument, by the law of the day."""
    clause = at.scheme.instruments.instruments.on(at.call.day)
    instrument = at.scheme.instruments.instrument(code, on=at.call.day)
    zone = operations.zone_of(instrument)
    now = at.desk.at.astimezone(zone).time()
    moment = datetime.combine(at.call.day, now if hour is None else hour, tzinfo=zone)
    yield Floor(
        at=at,
        instrument=instrument,
        reference=clause.reference,
        moment=moment,
        engine=Engine(at.scheme, code),
    )


def local(on: Floor, at: datetime) -> str:
    """A moment on the exchange's clock."""
    return at.astimezone(operations.zone_of(on.instrument)).strftime("%Y-%m-%d %H:%M")


def bare(price: Money | str) -> str:
    """A price without its currency, for a table that programs read."""
    return price.rpartition(" ")[2] if isinstance(price, str) else f"{price.amount}"


def kind_of_order(price: str | None, stop: str | None) -> OrdType:
    """What kind of order it is that names these prices."""
    if stop is None:
        return "market" if price is None else "limit"
    return "stop" if price is None else "stop_limit"


def lasting(text: str) -> tuple[TimeInForce, date | None]:
    """How long an order lasts, out of what was written."""
    words: dict[str, TimeInForce] = {
        "day": "day", "cancel": "good_till_cancel", "now": "immediate_or_cancel",
        "all": "fill_or_kill",
    }  # fmt: skip
    if text in words:
        return words[text], None
    return "good_till_date", a_day(text)
