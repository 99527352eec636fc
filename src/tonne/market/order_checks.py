"""What is looked at before an order is taken or changed, whoever else is in the book."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from tonne.market import order_refusals as no
from tonne.market.instrument_rules import HIGHEST, Instrument, TradingPhase
from tonne.market.orders import Amend, NewOrder, OrdType, TimeInForce
from tonne.refusal import Refusal

AT_ONCE = frozenset({"immediate_or_cancel", "fill_or_kill"})
_PLAIN = frozenset({"day", "good_till_cancel", "immediate_or_cancel"})
_OF_MARKET = frozenset({"day", *AT_ONCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How the book stands: its day and phase, and the band of the day."""

    instrument: Instrument
    reference: str
    """Where the rules of the book are written."""

    phase: TradingPhase = "closed"
    day: date | None = None
    reference_price: int | None = None
    low: int = 1
    high: int = HIGHEST
    lots_max: int = field(init=False)
    trading: bool = field(init=False)
    """Whether it trades continuously, and its last trading day has not passed."""

    def __post_init__(self) -> None:
        last = self.instrument.last_trading_day
        in_time = last is None or self.day is None or self.day <= last
        object.__setattr__(self, "lots_max", self.instrument.lots_max)
        object.__setattr__(self, "trading", self.phase == "continuous" and in_time)

    @property
    def banded(self) -> bool:
        """Whether the day has a band."""
        return self.instrument.band_percent is not None and self.reference_price is not None

    def worst(self, *, buy: bool) -> int:
        """The price at which a market order still trades."""
        return self.high if buy else self.low

    @property
    def over(self) -> bool:
        """Whether the last trading day has come."""
        last = self.instrument.last_trading_day
        return self.day is not None and last is not None and self.day >= last


def plainly_fits(order: NewOrder, now: Conditions) -> bool:
    """A first look at the orders that most are: where it is content, no rule has anything to say.

    Such an order has a limit, rests or ends by itself, and needs nobody on the other side.
    """
    price = order.price
    return (
        now.trading
        and price is not None
        and now.low <= price <= now.high
        and 0 < order.order_qty <= now.lots_max
        and order.ord_type == "limit"
        and order.stop_px is None
        and order.expire_date is None
        and order.cash_order_qty is None
        and not (order.min_qty or order.post_only)
        and order.time_in_force in _PLAIN
    )


def refusals_of_order(order: NewOrder, now: Conditions) -> Iterator[Refusal]:
    """Whatever speaks against an order before anybody is asked who else is there."""
    if now.phase != "continuous":
        yield from _phase_refusals(now)
        if now.phase == "call":
            yield from _call_refusals(order, now)
    qty, price = order.order_qty, order.price
    yield from _size_refusals(qty, now)
    if order.min_qty and not 0 < order.min_qty <= qty:
        yield no.MinimumAboveSize(reference=now.reference, min_qty=order.min_qty, order_qty=qty)
    if price is None:
        yield from _unbounded(order, now)
    elif not now.low <= price <= now.high:
        yield no.OutOfBand(reference=now.reference, price=price, low=now.low, high=now.high)
    for term, wanted in faults(
        order.ord_type,
        order.time_in_force,
        price is None,
        order.stop_px is None or order.stop_px > 0,
        order.stop_px is None,
        order.expire_date is None,
        order.cash_order_qty is None or (order.cash_order_qty > 0 and order.side == "buy"),
        order.cash_order_qty is None,
        order.post_only,
        order.min_qty > 0,
    ):
        yield no.OrderTermsDisagree(reference=now.reference, term=term, wanted=wanted)
    if (till := order.expire_date) is not None and now.day is not None and till < now.day:
        yield no.OrderExpired(reference=now.reference, expire_date=till, day=now.day)
    last = now.instrument.last_trading_day
    if last is not None and now.day is not None and now.day > last:
        code = now.instrument.code
        yield no.LastTradingDayPassed(
            reference=now.reference, instrument=code, last=last, day=now.day
        )


@cache
def faults(  # noqa: PLR0917  the key of a cache
    ord_type: OrdType,
    time_in_force: TimeInForce,
    no_price: bool,  # noqa: FBT001
    good_stop: bool,  # noqa: FBT001
    no_stop: bool,  # noqa: FBT001
    no_date: bool,  # noqa: FBT001
    good_cash: bool,  # noqa: FBT001
    no_cash: bool,  # noqa: FBT001
    post_only: bool,  # noqa: FBT001
    minimum: bool,  # noqa: FBT001
) -> tuple[tuple[str, str], ...]:
    """The terms of an order that do not fit each other, and what is wanted; there are few kinds."""
    limited, stop = ord_type in {"limit", "stop_limit"}, ord_type in {"stop", "stop_limit"}
    dated, at_once = time_in_force == "good_till_date", time_in_force in AT_ONCE
    long_market = ord_type == "market" and time_in_force not in _OF_MARKET
    found = [
        ("price", f"a {ord_type} order has one", limited and no_price),
        ("price", f"a {ord_type} order has none", not limited and not no_price),
        ("stop_px", f"a {ord_type} order has one", stop and no_stop),
        ("stop_px", f"a {ord_type} order has none", not stop and not no_stop),
        ("stop_px", "it is one tick or more", not good_stop),
        ("expire_date", "an order good till a date has one", dated and no_date),
        ("expire_date", "only an order good till a date has one", not dated and not no_date),
        ("time_in_force", "a market order is for the day or for at once", long_market),
        ("cash_order_qty", "only a market order to buy has one", limited and not no_cash),
        ("cash_order_qty", "it is to buy, and more than nothing", not good_cash),
        ("post_only", "only a limit order has it", post_only and ord_type != "limit"),
        ("post_only", "an order for at once does not rest", post_only and at_once),
        ("min_qty", "an order that only rests has none", post_only and minimum),
    ]
    return tuple((term, wanted) for term, wanted, wrong in found if wrong)


def amend_refusals(
    amend: Amend, now: Conditions, *, order: NewOrder, cum_qty: int, waiting: bool
) -> Iterator[Refusal]:
    """Whatever speaks against a change, besides what the new price would meet."""
    yield from _phase_refusals(now)
    if (qty := amend.order_qty) is not None:
        yield from _size_refusals(qty, now)
        if qty <= cum_qty:
            yield no.AmendedBelowFilled(reference=now.reference, order_qty=qty, cum_qty=cum_qty)
    if (price := amend.price) is not None and not now.low <= price <= now.high:
        yield no.OutOfBand(reference=now.reference, price=price, low=now.low, high=now.high)
    wrong = [
        ("price", "an order without a limit gets none", price is not None and order.price is None),
        ("stop_px", "only a waiting stop has one", amend.stop_px is not None and not waiting),
        ("stop_px", "it is one tick or more", amend.stop_px is not None and amend.stop_px < 1),
    ]
    for term, wanted, found in wrong:
        if found:
            yield no.OrderTermsDisagree(reference=now.reference, term=term, wanted=wanted)


def _phase_refusals(now: Conditions) -> Iterator[Refusal]:
    if now.phase == "halted":
        yield no.TradingHalted(reference=now.reference, instrument=now.instrument.code)
    if now.phase == "closed":
        yield no.MarketClosed(reference=now.reference, instrument=now.instrument.code)


def _call_refusals(order: NewOrder, now: Conditions) -> Iterator[Refusal]:
    """In a call nothing is at once; a stop waits in any case."""
    if order.stop_px is not None:
        return
    terms = {
        "time_in_force fill_or_kill": order.time_in_force == "fill_or_kill",
        "post_only": order.post_only,
        "min_qty": order.min_qty > 0,
        "cash_order_qty": order.cash_order_qty is not None,
    }
    for term in (term for term, said in terms.items() if said):
        yield no.NotInCall(reference=now.reference, term=term)


def _size_refusals(qty: int, now: Conditions) -> Iterator[Refusal]:
    if qty < 1:
        yield no.OrderOfNothing(reference=now.reference, order_qty=qty)
    if qty > (most := now.lots_max):
        yield no.OrderTooLarge(reference=now.reference, order_qty=qty, lots_max=most)


def _unbounded(order: NewOrder, now: Conditions) -> Iterator[Refusal]:
    free = order.side == "buy" and order.cash_order_qty is None and not now.banded
    if free and order.ord_type in {"market", "stop"}:
        yield no.MarketOrderUnbounded(reference=now.reference, instrument=now.instrument.code)
