"""The shape of the law of what is traded: instruments, with their lots, ticks, hours and bands.

Inside the market a price is a whole number of ticks and a quantity a whole number of lots; here is
where both come from and what they are worth.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Literal

from tonne.market.auction_lot import AuctionLot
from tonne.market.auction_refusals import NoLotOfAuctions
from tonne.market.order_refusals import OddLot, OffTick, SoldInAuctions, UnknownInstrument
from tonne.quantity import EXACT, Currency, Money, Price, Rounding, product, whole
from tonne.refusal import Refusal, Refused
from tonne.rulebook import Clause, Dated

TradingPhase = Literal["closed", "call", "continuous", "halted"]
"""What a book does with orders: none, gathers them for one price, trades them, or waits."""

SelfTrade = Literal["cancel_newest", "cancel_oldest", "cancel_both", "decrement"]
"""What happens where an order meets one of its own owner; decrement takes the smaller off both."""

HIGHEST = 10**12
"""No price has more ticks, so that what an order is worth can be written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseStart:
    """From this time of the day on, in the instrument's own time, the book is in this phase."""

    start: str
    """Hours and minutes, such as 09:00."""

    phase: Literal["closed", "call", "continuous"]

    def __post_init__(self) -> None:
        if f"{time.fromisoformat(self.start):%H:%M}" != self.start:
            raise ValueError(f"{self.start!r} is not hours and minutes, such as 09:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """What can be traded on a book: so many units of one kind, delivered so many days after."""

    code: str
    scheme: str
    unit: str
    """The kind of unit that is delivered."""

    vintage: str | None = None
    """The year or the period of the unit, where that matters."""

    lot: int
    """Units in a lot."""

    tick: Decimal
    """The least step of the price of a unit, in minor units of the currency."""

    currency: str
    lots_max: int
    """No order is of more lots."""

    settlement_days: int
    """Working days from the trade to its settlement; none for at once."""

    delivery_day: date | None = None
    """Of a forward: the day on which all its trades are settled."""

    last_trading_day: date | None = None
    time_zone: str
    phases: tuple[PhaseStart, ...]
    """The trading day; before its first phase the book is closed."""

    band_percent: Decimal | None = None
    """No price is further from the reference price of the day."""

    self_trade: SelfTrade
    """What happens where an order meets one of its own owner, unless the order says otherwise."""

    short: bool
    """Whether units may be sold that are not held."""

    credit: bool
    """Whether units may be bought with money that is not held."""

    def __post_init__(self) -> None:
        if min(self.lot, self.lots_max) < 1 or self.tick <= 0 or self.settlement_days < 0:
            raise ValueError("lot, tick and the largest order are more than nothing")
        if (self.short or self.credit) and not (self.settlement_days or self.delivery_day):
            raise ValueError("what is not held cannot be settled on the same day")
        last = self.last_trading_day
        if self.delivery_day is not None and (last is None or last >= self.delivery_day):
            raise ValueError("a forward is traded until a day before it is delivered")
        if product(self.tick, Decimal(self.lot)) % 1:
            raise ValueError("a lot costs whole minor units at every tick")
        if self.band_percent is not None and self.band_percent <= 0:
            raise ValueError("a band is wider than nothing")
        starts = [each.start for each in self.phases]
        if starts != sorted(set(starts)):
            raise ValueError("the phases of a day follow each other")

    @property
    def kind(self) -> Literal["spot", "forward"]:
        """Whether it is delivered after each trade, or all of it on one day."""
        return "spot" if self.delivery_day is None else "forward"

    @property
    def tick_value(self) -> int:
        """What one tick of the price makes for one lot, in minor units."""
        return _tick_value(self.tick, self.lot)

    def phase_at(self, local: time) -> TradingPhase:
        """The phase in which the hours put the book at that time of a trading day."""
        begun = [each.phase for each in self.phases if time.fromisoformat(each.start) <= local]
        return begun[-1] if begun else "closed"

    def limits(self, reference: int | None) -> tuple[int, int]:
        """The lowest and the highest price in ticks that is allowed beside a reference price."""
        if self.band_percent is None or reference is None:
            return 1, HIGHEST
        share = EXACT.scaleb(product(self.band_percent, Decimal(reference)), -2)
        low = whole(reference - share, Rounding.CEILING)
        return max(1, low), min(HIGHEST, whole(reference + share, Rounding.FLOOR))

    def price(self, ticks: int) -> Price:
        """The price of a unit as money."""
        minor = product(self.tick, Decimal(ticks))
        return Price(minor=minor, tick=self.tick, currency=Currency(self.currency))

    def value(self, *, price: int, lots: int) -> Money:
        """What so many lots cost at a price in ticks."""
        return Money(price * lots * self.tick_value, Currency(self.currency))

    def lots_of(self, units: int, *, reference: str) -> tuple[int, tuple[Refusal, ...]]:
        """Units in lots, and why not where some are left over."""
        lots, over = divmod(units, self.lot)
        odd = OddLot(reference=reference, instrument=self.code, units=units, lot=self.lot)
        return lots, (odd,) if over else ()

    def ticks_of(self, amount: Decimal, *, reference: str) -> tuple[int, tuple[Refusal, ...]]:
        """The price of a unit, such as 8.12, in ticks, and why not where it lies between two."""
        one = Money.of(Decimal(1), Currency(self.currency))
        minor = product(amount, Decimal(one.minor))
        ticks = int(minor // self.tick)
        between = OffTick(
            reference=reference,
            instrument=self.code,
            amount=amount,
            tick=EXACT.divide(self.tick, Decimal(one.minor)),
        )
        return ticks, (between,) if minor % self.tick else ()


@cache
def _tick_value(tick: Decimal, lot: int) -> int:
    """Asked for with every order; there are few instruments."""
    return whole(product(tick, Decimal(lot)))


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentRules:
    """What is traded in a scheme, as its law file says."""

    instruments: Dated[tuple[Instrument, ...]]
    """Those with a book: spot and forward."""

    auction_lots: Dated[tuple[AuctionLot, ...]]
    """Those that are sold in auctions alone."""

    def __post_init__(self) -> None:
        starts = {each.start for each in self.instruments.clauses}
        for day in starts | {each.start for each in self.auction_lots.clauses}:
            codes = [*_codes(self.instruments, day), *_codes(self.auction_lots, day)]
            if len(set(codes)) < len(codes):
                raise ValueError(f"no two instruments have one code: {_listed(codes)}")

    def instrument(self, code: str, *, on: date) -> Instrument:
        """The instrument of that code with a book on a day, or refused."""
        clause = self.instruments.on(on)
        for each in clause.value:
            if each.code == code:
                return each
        known, reference = _listed(each.code for each in clause.value), clause.reference
        if code in _codes(self.auction_lots, on):
            raise Refused([SoldInAuctions(reference=reference, instrument=code)])
        raise Refused([UnknownInstrument(reference=reference, instrument=code, known=known)])

    def auction_lot(self, code: str, *, on: date) -> Clause[AuctionLot]:
        """The lot of auctions of that code on a day, with where it is written; or refused."""
        clause = self.auction_lots.on(on)
        for each in clause.value:
            if each.code == code:
                return Clause(
                    start=clause.start,
                    value=each,
                    reference=clause.reference,
                    reviewed=clause.reviewed,
                    verified=clause.verified,
                )
        known, reference = _listed(each.code for each in clause.value), clause.reference
        raise Refused([NoLotOfAuctions(reference=reference, instrument=code, known=known)])


def _codes(
    rule: Dated[tuple[Instrument, ...]] | Dated[tuple[AuctionLot, ...]], day: date
) -> list[str]:
    """The codes that the law lists on a day; none where it lists nothing yet."""
    return [each.code for each in rule.on(day).value] if rule.clauses[0].start <= day else []


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes))
