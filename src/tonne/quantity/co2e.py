"""Tonnes of CO2 equivalent: the measure in which every duty of a scheme is stated."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from tonne.quantity.count import unknown
from tonne.quantity.gas import Gas, GwpSet
from tonne.quantity.mass import Mass
from tonne.quantity.rounding import EXACT, Rounding, whole
from tonne.refusal import Refused


@dataclass(frozen=True, slots=True, order=True)
class Tonnes:
    """A mass of CO2 equivalent, exact until someone rounds it on purpose.

    >>> sum([Tonnes(Decimal("0.5")), Tonnes(Decimal(2))], Tonnes.zero).whole()
    3
    """

    value: Decimal
    zero: ClassVar["Tonnes"]

    def __add__(self, other: "Tonnes") -> "Tonnes":
        return Tonnes(EXACT.add(self.value, other.value))

    def __sub__(self, other: "Tonnes") -> "Tonnes":
        return Tonnes(EXACT.subtract(self.value, other.value))

    def whole(self, rounding: Rounding = Rounding.HALF_UP) -> int:
        """Whole tonnes, half up unless the law names another rounding."""
        return whole(self.value, rounding)


Tonnes.zero = Tonnes(Decimal(0))


def co2e(gas: Gas, mass: Mass, gwp_set: GwpSet) -> Tonnes:
    """The CO2 that would warm as much over 100 years, by the named report of the IPCC."""
    potential = gas.potential(gwp_set)
    if potential is None:
        kind = f"a gas with a potential over 100 years in {gwp_set}"
        raise Refused(unknown(gas.code, kind=kind, known=(), reference=f"IPCC, {gwp_set}"))
    return Tonnes(EXACT.multiply(mass.tonnes, potential))
