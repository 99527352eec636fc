"""Payments: the fees that the law takes, and what is written down of a trade."""

from dataclasses import dataclass
from decimal import Decimal

from msgspec import Struct

from tonne.quantity import EXACT, Currency, Money, is_currency
from tonne.refusal import refuse_if_any
from tonne.registry.payment_grounds import FeeUnknown
from tonne.rulebook import Clause, Dated

TRADE_FEE = "trade"
"""The fee that each side of a trade pays, where the law has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRate:
    """What is taken for something: so much once, and so much for each unit."""

    code: str
    name: str
    currency: str
    flat: Decimal
    per_unit: Decimal

    def __post_init__(self) -> None:
        if not is_currency(self.currency):
            raise ValueError(f"{self.currency} is no currency")
        if min(self.flat, self.per_unit) < 0:
            raise ValueError("a fee is not less than nothing")

    def of(self, count: int) -> Money:
        """The fee for so many units, rounded half up."""
        each = EXACT.multiply(self.per_unit, Decimal(count))
        return Money.of(EXACT.add(self.flat, each), Currency(self.currency))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRules:
    """What a scheme says of payments in its books."""

    fees: Dated[tuple[FeeRate, ...]]


class TradeRecord(Struct, frozen=True, kw_only=True, gc=False):
    """What is written down of a trade beside the movements that settle it."""

    buyer: str
    seller: str
    unit: str
    count: int
    currency: str
    price: Decimal
    """For one unit, in the smallest unit of the currency."""

    paid: int
    """The price of all units, in the smallest unit of the currency; not what is free of payment."""

    free: bool
    """Whether the units were delivered free of payment: what was paid, was paid elsewhere."""

    treatment: str
    """Who owes the tax on the trade, in the words of the law of the day."""

    rate: Decimal
    vat: int
    """The tax that the buyer pays the seller on top of the price, in the smallest unit."""

    buyer_country: str
    seller_country: str
    buyer_fee: int
    seller_fee: int
    public: bool
    """Whether the public is told the price."""

    delay: int
    """After how many minutes the public is told of the trade."""

    advance: int = 0
    """Of the price, what was paid before the units came."""

    @property
    def due(self) -> int:
        """What the buyer pays the seller: price and charged tax, less what was paid before."""
        return 0 if self.free else self.paid + self.vat - self.advance

    def money(self, minor: int) -> Money:
        """So much of the money of the trade."""
        return Money(minor, Currency(self.currency))


class DayFees:
    """The fees of one day, looked up once so that many trades pay them fast."""

    def __init__(self, clause: Clause[tuple[FeeRate, ...]]) -> None:
        """The clause that is in force."""
        self._fees = {each.code: each for each in clause.value}
        self.reference = clause.reference

    def fee(self, code: str) -> FeeRate:
        """The rate of a fee; refused if the law has none of that name."""
        if code not in self._fees:
            known = tuple(self._fees)
            refuse_if_any([FeeUnknown(reference=self.reference, fee=code, known=known)])
        return self._fees[code]

    @property
    def trade_fee(self) -> FeeRate | None:
        """What each side of a trade pays, if the law takes anything."""
        return self._fees.get(TRADE_FEE)


def same_trade(one: TradeRecord, other: TradeRecord) -> bool:
    """Whether two records tell the same of what people agreed, whatever the law made of it."""
    return all(getattr(one, name) == getattr(other, name) for name in _AGREED)


_AGREED = (
    "buyer", "seller", "unit", "count", "currency", "price", "free", "buyer_country",
    "seller_country", "public", "delay", "advance",
)  # fmt: skip
