"""The formulas: from what was burnt, used or measured to tonnes of a gas.

Decision 2007/589/EC, Annex I, sections 5 (calculation) and 6 (measurement); the same in
Decision 2004/156/EC, Annex I, section 4.2. Nothing is rounded here.
"""

from decimal import Decimal
from typing import Literal

from tonne.quantity import product

Approach = Literal["combustion", "process", "mass_balance", "measurement"]
Parameter = Literal[
    "activity", "ncv", "ef", "of", "cf", "carbon_content", "biomass_fraction",
    "hours", "flow", "concentration",
]  # fmt: skip

ACTIVITY_UNITS = ("t", "1000 Nm3", "TJ")
PER_ENERGY = "t/TJ"
_THOUSANDTH = Decimal("0.001")  # a GJ in TJ, a kilogram in tonnes


def combustion(activity: Decimal, *, ef: Decimal, of: Decimal) -> Decimal:
    """Activity x emission factor x oxidation factor, where the factor is per unit of activity.

    >>> combustion(Decimal(100), ef=Decimal("3.1"), of=Decimal("0.99"))
    Decimal('306.900')
    """
    return product(activity, ef, of)


def combustion_by_energy(activity: Decimal, *, ncv: Decimal, ef: Decimal, of: Decimal) -> Decimal:
    """The same where the factor is in t/TJ and the net calorific value in GJ per unit.

    >>> combustion_by_energy(Decimal(10000), ncv=Decimal(25), ef=Decimal(94), of=Decimal(1))
    Decimal('23500.000')
    """
    return product(activity, ncv, _THOUSANDTH, ef, of)


def process(activity: Decimal, *, ef: Decimal, cf: Decimal) -> Decimal:
    """Activity x emission factor x conversion factor.

    >>> process(Decimal(1000), ef=Decimal("0.44"), cf=Decimal("0.98"))
    Decimal('431.2000')
    """
    return product(activity, ef, cf)


def mass_balance(
    activity: Decimal, *, carbon_content: Decimal, carbon_to_co2: Decimal, leaves: bool
) -> Decimal:
    """The carbon in one material as CO2: added if it comes in, taken off if it leaves.

    The sum over all materials is the carbon that went up the stack.
    """
    carbon = product(activity, carbon_content, carbon_to_co2)
    return carbon.copy_negate() if leaves else carbon


def measurement(hours: Decimal, *, flow: Decimal, concentration: Decimal) -> Decimal:
    """Hours of operation x average flow (1000 Nm3/h) x average concentration (g/Nm3) x 0.001.

    >>> measurement(Decimal(8000), flow=Decimal(100), concentration=Decimal("0.5"))
    Decimal('400.0000')
    """
    return product(hours, flow, concentration, _THOUSANDTH)
