"""The one place where a measured number becomes a counted one, by a named rule."""

import decimal
from decimal import Decimal
from enum import StrEnum
from functools import reduce

# Arithmetic that never rounds by itself: losing a digit unasked is a mistake of ours.
EXACT = decimal.Context(prec=200, traps=[decimal.Inexact, decimal.InvalidOperation])


class Rounding(StrEnum):
    """How a law says that a fraction becomes whole; half up goes away from nothing."""

    HALF_UP = decimal.ROUND_HALF_UP
    HALF_EVEN = decimal.ROUND_HALF_EVEN
    FLOOR = decimal.ROUND_FLOOR
    CEILING = decimal.ROUND_CEILING


def product(*factors: Decimal) -> Decimal:
    """The numbers multiplied, to the last digit."""
    return reduce(EXACT.multiply, factors)


def whole(value: Decimal, rounding: Rounding = Rounding.HALF_UP) -> int:
    """The whole number that the rule makes of a measured one.

    >>> whole(Decimal("2.5")), whole(Decimal("2.5"), Rounding.HALF_EVEN), whole(Decimal("-2.5"))
    (3, 2, -3)
    """
    return int(value.to_integral_value(rounding))


def places(value: Decimal, digits: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """The number with so many digits after the point, by a named rule."""
    return EXACT.scaleb(Decimal(whole(EXACT.scaleb(value, digits), rounding)), -digits)
