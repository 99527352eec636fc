"""Payments: the fees that the law takes, the tax on a trade, what is written down of a trade."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from tonne.quantity import EXACT, Currency, Money, Rounding, is_currency, whole
from tonne.refusal import refuse_if_any
from tonne.registry.payment_grounds import FeeUnknown, VatNotSaid
from tonne.rulebook import Clause, Dated

TRADE_FEE = "trade"
"""The fee that each side of a trade pays, where the law has one."""

Treatment = Literal["charged", "reverse_charge", "exempt"]
"""Who pays the tax on a trade to the state: the seller, who charges it to the buyer; the buyer
himself; or nobody."""


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
class VatAtHome:
    """How a trade is taxed between a seller and a buyer who belong to one country."""

    country: str
    treatment: Treatment
    rate: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError("a rate is a share of the price")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRules:
    """What a scheme says of payments in its books."""

    fees: Dated[tuple[FeeRate, ...]]
    vat_at_home: Dated[tuple[VatAtHome, ...]]
    """The countries whose tax is known, and how each taxes trades at home."""

    vat_abroad: Dated[Treatment]
    """How a trade is taxed whose seller belongs to another of these countries than its buyer."""


class Vat(Struct, frozen=True, kw_only=True):
    """The tax on a trade: who pays it to the state, at what rate, and what the seller charges."""

    treatment: Treatment
    rate: Decimal
    minor: int
    """What the buyer pays the seller on top of the price, in the smallest unit of the currency."""


class TradeRecord(Struct, frozen=True, kw_only=True):
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

    vat: Vat
    buyer_country: str
    seller_country: str
    buyer_fee: int
    seller_fee: int
    public: bool
    """Whether the public is told the price."""

    delay: int
    """After how many minutes the public is told of the trade."""

    @property
    def due(self) -> Money:
        """What the buyer pays the seller: the price, and the tax that the seller charges."""
        return self.money(0 if self.free else self.paid + self.vat.minor)

    def money(self, minor: int) -> Money:
        """So much of the money of the trade."""
        return Money(minor, Currency(self.currency))


class DayPayments:
    """The law of payments of one day, looked up once so that many trades are taxed fast."""

    def __init__(
        self,
        fees: Clause[tuple[FeeRate, ...]],
        at_home: Clause[tuple[VatAtHome, ...]],
        abroad: Clause[Treatment],
    ) -> None:
        """The clauses that are in force."""
        self._fees = {each.code: each for each in fees.value}
        self._home = {each.country: each for each in at_home.value}
        self._abroad = abroad.value
        self.on_fees, self.on_vat, self.on_vat_abroad = (
            each.reference for each in (fees, at_home, abroad)
        )

    def fee(self, code: str) -> FeeRate:
        """The rate of a fee; refused if the law has none of that name."""
        if code not in self._fees:
            known = tuple(self._fees)
            refuse_if_any([FeeUnknown(reference=self.on_fees, fee=code, known=known)])
        return self._fees[code]

    @property
    def trade_fee(self) -> FeeRate | None:
        """What each side of a trade pays, if the law takes anything."""
        return self._fees.get(TRADE_FEE)

    def vat(self, seller: str, buyer: str, paid: Money) -> tuple[Vat, str]:
        """The tax on a trade between two countries, and where that is written.

        Between two countries it depends on both being known; the seller then charges nothing.
        """
        refuse_if_any(
            VatNotSaid(reference=self.on_vat, country=country, known=tuple(self._home))
            for country in dict.fromkeys((seller, buyer))
            if country not in self._home
        )
        home = self._home[seller]
        treatment = home.treatment if seller == buyer else self._abroad
        where = self.on_vat if seller == buyer else self.on_vat_abroad
        if treatment != "charged":
            return Vat(treatment=treatment, rate=Decimal(0), minor=0), where
        minor = whole(EXACT.multiply(home.rate, Decimal(paid.minor)), Rounding.HALF_UP)
        return Vat(treatment=treatment, rate=home.rate, minor=minor), where


def same_trade(one: TradeRecord, other: TradeRecord) -> bool:
    """Whether two records tell the same of what people agreed, whatever the law made of it."""
    return all(getattr(one, name) == getattr(other, name) for name in _AGREED)


_AGREED = (
    "buyer", "seller", "unit", "count", "currency", "price", "free", "buyer_country",
    "seller_country", "public", "delay",
)  # fmt: skip


def net_effect(records: Sequence[TradeRecord]) -> dict[tuple[str, str], int]:
    """By how much trades change what each account holds: units, and money less fees."""
    effect: dict[tuple[str, str], int] = {}

    def add(account: str, asset: str, count: int) -> None:
        effect[account, asset] = effect.get((account, asset), 0) + count

    for each in records:
        paid = each.due.minor
        add(each.buyer, each.unit, each.count)
        add(each.seller, each.unit, -each.count)
        add(each.buyer, each.currency, -paid - each.buyer_fee)
        add(each.seller, each.currency, paid - each.seller_fee)
    return {key: count for key, count in effect.items() if count}
