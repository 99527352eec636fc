"""What a forward is worth before it is delivered: delivery may fail, and later is less.

Reckoned in decimals of 34 digits, half to even (:data:`PRESENT`), and rounded once, half to even,
where it becomes money. Years have 365 days. The compounding of a rate is always named.
"""

import decimal
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tonne.market.forward import Forward, ForwardAccount, unit_price
from tonne.market.forward_grounds import ProbabilityUnfit
from tonne.quantity import Money, Rounding, product, whole
from tonne.refusal import refuse_if_any

PRESENT = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
YEAR_DAYS = Decimal(365)

Compounding = Literal["annual", "continuous", "simple"]
"""How a rate of a year grows over several: once a year, at every moment, or not at all."""

VALUATION = "Rule of the market: a probability is more than nothing and at most 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is thought of the units still to come; prices of a unit in minor units of money."""

    spot: Decimal
    """The price of a guaranteed delivery, and of the index, on every day."""

    replacement: Decimal
    """What a unit costs where the seller's did not come: the spot price, or more."""

    delivery: Decimal
    """How probable it is that a unit is delivered."""

    rate: Decimal
    compounding: Compounding


def expected(count: int, *probabilities: Decimal) -> Decimal:
    """Units that are likely to come: all of them, each through the same gates."""
    for each in probabilities:
        _probable(each)
    return product(Decimal(count), *probabilities)


def discount_factor(rate: Decimal, years: Decimal, compounding: Compounding) -> Decimal:
    """What money in so many years is worth today.

    >>> discount_factor(Decimal("0.25"), Decimal(4), "simple")
    Decimal('0.5')
    """
    one = Decimal(1)
    if compounding == "continuous":
        return PRESENT.exp(PRESENT.minus(PRESENT.multiply(rate, years)))
    if compounding == "simple":
        return PRESENT.divide(one, PRESENT.add(one, PRESENT.multiply(rate, years)))
    return PRESENT.divide(one, PRESENT.power(PRESENT.add(one, rate), years))


def prepaid(outlook: Outlook, years: Decimal) -> Decimal:
    """The price of a unit that is paid today and may come in so many years."""
    _probable(outlook.delivery)
    likely = PRESENT.multiply(outlook.delivery, outlook.spot)
    return PRESENT.multiply(likely, discount_factor(outlook.rate, years, outlook.compounding))


def paid_on_delivery(outlook: Outlook) -> Decimal:
    """The price of a unit that is paid only if it comes, and is bought elsewhere if it does not.

    It is lower than that of a guaranteed delivery as far as replacement is dearer: where both
    cost the same there is no discount, however improbable the delivery.
    """
    _probable(outlook.delivery)
    failing = PRESENT.subtract(Decimal(1), outlook.delivery)
    covered = PRESENT.subtract(outlook.spot, PRESENT.multiply(failing, outlook.replacement))
    return PRESENT.divide(covered, outlook.delivery)


def forward_value(
    forward: Forward, account: ForwardAccount, outlook: Outlook, *, on: date
) -> Money:
    """What the units still to come are worth to the buyer today; to the seller, the opposite.

    Of a unit: what it would cost guaranteed, less its price if it comes, less its replacement if
    it does not. Of the advance, what such a unit still recovers need not be paid for it. What is
    overdue counts as due today.
    """
    _probable(outlook.delivery)
    past = account.delivered + account.forgone
    left = forward.count - past
    if not left:
        return Money(0, forward.currency)
    price = unit_price(forward, outlook.spot)
    recovered = PRESENT.divide(Decimal(account.unearned), Decimal(left))
    gain = PRESENT.add(PRESENT.subtract(outlook.spot, price), recovered)
    loss = PRESENT.subtract(outlook.spot, outlook.replacement)
    failing = PRESENT.subtract(Decimal(1), outlook.delivery)
    each = PRESENT.fma(outlook.delivery, gain, PRESENT.multiply(failing, loss))
    total = Decimal(0)
    for due in forward.schedule:
        count = max(0, due.count - past)
        past = max(0, past - due.count)
        years = PRESENT.divide(Decimal(max(0, (due.on - on).days)), YEAR_DAYS)
        today = discount_factor(outlook.rate, years, outlook.compounding)
        total = PRESENT.fma(PRESENT.multiply(each, today), Decimal(count), total)
    return Money(whole(total, Rounding.HALF_EVEN), forward.currency)


def _probable(probability: Decimal) -> None:
    if not 0 < probability <= 1:
        refuse_if_any([ProbabilityUnfit(reference=VALUATION, probability=probability)])
