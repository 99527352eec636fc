"""A mass and the unit it was weighed in; from one unit to another nothing is lost."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tonne.quantity.count import number_refusals, unknown
from tonne.quantity.rounding import EXACT
from tonne.refusal import refuse_if_any


class MassUnit(StrEnum):
    """What a mass is weighed in, and what one unit of a scheme stands for."""

    TONNE = "t"
    KILOGRAM = "kg"
    SHORT_TON = "short ton"  # 2000 pounds of 0.45359237 kg
    LOT = "lot of 100 t"


_TONNES = dict(zip(MassUnit, map(Decimal, ("1", "0.001", "0.90718474", "100")), strict=True))


@dataclass(frozen=True, slots=True)
class Mass:
    """So much of something, as it was weighed.

    >>> Mass(Decimal(2), MassUnit.SHORT_TON).tonnes
    Decimal('1.81436948')
    """

    value: Decimal
    unit: MassUnit = MassUnit.TONNE

    @property
    def tonnes(self) -> Decimal:
        """The mass in tonnes, exact."""
        return EXACT.multiply(self.value, _TONNES[self.unit])


def mass(text: str, unit: str, *, reference: str, signed: bool = False) -> Mass:
    """The mass written there; a bad number and a wrong unit are told at once."""
    units = unknown(unit, kind="a unit of mass", known=MassUnit, reference=reference)
    numbers = number_refusals(text, what="Mass", reference=reference, signed=signed)
    refuse_if_any([*numbers, *units])
    return Mass(Decimal(text.strip()), MassUnit(unit.strip()))
