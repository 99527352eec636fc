"""What does a new plant pay for what it emits above a standard? A payment in place of offsets.

So it is in Oregon since 1997: a plant is judged once, before it is built, for all its years, and
its payment counts as met whatever the money achieves.
"""

from dataclasses import dataclass
from decimal import Decimal

from tonne.compliance.rules import RoundingName, rounding
from tonne.quantity import EXACT, Currency, Money, product
from tonne.rulebook import Dated


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetPaymentRule:
    """The standard, and what is paid for each unit of mass above it, with what the fund costs."""

    standard: Decimal
    """Pounds of CO2 that a plant may emit for a kilowatt hour."""

    tons_of_pound: Decimal
    """What a pound is in the unit of mass that is paid for: 0.0005 short tons."""

    rate: Decimal
    """Money for one of that unit."""

    currency: str
    first_amount: Decimal
    """Of the payment, the part to which the first share for the fund applies."""

    first_share: Decimal
    further_share: Decimal
    rounding: RoundingName


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetPaymentRules:
    """The law of payments in place of offsets."""

    payment: Dated[OffsetPaymentRule]


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetPayment:
    """What a plant is above the standard in all its years, and pays for it."""

    excess: Decimal
    """In the unit of mass of the law, exact."""

    offsets: Money
    fund: Money
    """For finding and overseeing the offsets."""

    @property
    def total(self) -> Money:
        """All that is paid."""
        return self.offsets + self.fund


def offset_payment(
    kilowatt_hours: Decimal, pounds_each: Decimal, rule: OffsetPaymentRule
) -> OffsetPayment:
    """The payment for a plant that makes so much in its life, with so many pounds for each."""
    assert min(kilowatt_hours, pounds_each) >= 0, "a plant makes and emits nothing or more"
    above = max(Decimal(0), pounds_each - rule.standard)
    excess = product(kilowatt_hours, above, rule.tons_of_pound)
    at, by = Currency(rule.currency), rounding(rule.rounding)
    offsets = Money.of(product(excess, rule.rate), at, by)
    first = min(offsets.amount, rule.first_amount)
    fund = EXACT.add(
        product(first, rule.first_share), product(offsets.amount - first, rule.further_share)
    )
    return OffsetPayment(excess=excess, offsets=offsets, fund=Money.of(fund, at, by))
