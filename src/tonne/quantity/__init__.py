"""What was measured, and in what? Gas, mass, CO2 equivalent, count, money, price, period."""

from tonne.quantity.co2e import Tonnes, co2e
from tonne.quantity.count import NameUnknown, NumberUnfit, count, number
from tonne.quantity.gas import Gas, GwpSet, gas, outside_basket
from tonne.quantity.mass import Mass, MassUnit, mass
from tonne.quantity.money import (
    Currency,
    Money,
    Price,
    amount,
    currency,
    is_currency,
    money,
    price,
    said,
)
from tonne.quantity.period import Period
from tonne.quantity.rounding import EXACT, Rounding, places, product, whole

__all__ = [
    "EXACT", "Currency", "Gas", "GwpSet", "Mass", "MassUnit", "Money", "NameUnknown", "NumberUnfit",
    "Period", "Price", "Rounding", "Tonnes", "amount", "co2e", "count", "currency", "gas",
    "is_currency", "mass", "money", "number", "outside_basket", "places", "price", "product",
    "said", "whole",
]  # fmt: skip
