"""The nations that have a commitment: target, base year, assigned amount; bubbles and leavers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """One line of Annex B, and what became of it."""

    party: str
    """Two letters, as its registry is named."""

    name: str
    target: Decimal
    """Per cent of base-year emissions."""

    base_years: tuple[int, ...]
    """For CO2, CH4 and N2O; more than one where their average counts."""

    f_gas_year: int | None = None
    """For HFCs, PFCs and SF6; not told where it differs within a group."""

    transition: bool = False
    """Whether its economy was one in transition."""

    ratified: bool = True
    base_tonnes: int | None = None
    """Emissions of the base year, rounded; the assigned amount was reckoned from unrounded ones."""

    assigned_amount: int | None = None
    """Units for the whole period; not told where none was ever established."""

    level: Decimal | None = None
    """Per cent within its bubble, which takes the place of the target."""

    territory_tonnes: int | None = None
    """Base-year emissions of territories that are in the base year, but not in the bubble."""

    territory_target: Decimal | None = None
    protocol_amount: int | None = None
    """The assigned amount with those territories, which is the one under the Protocol."""

    amount_verified: bool = True
    """False where an amount of this line was written down from memory and no source was read."""

    def __post_init__(self) -> None:
        if not (self.target > 0 and self.base_years):
            raise ValueError("a target is of a base year")
        if (self.territory_tonnes is None) != (self.protocol_amount is None):
            raise ValueError("territories have emissions and an amount of their own, or neither")
        if self.assigned_amount is not None and not self.ratified:
            raise ValueError("only a party has an assigned amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """Nations that meet their commitments together."""

    party: str
    """The organisation that they form, a party itself."""

    members: tuple[str, ...]
    remainder: int
    """Units of the organisation itself, beyond those of its members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A nation that left, and from when it was bound no more."""

    party: str
    effect: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestCap:
    """The most that managed forests of a nation may add or take, in megatonnes of carbon a year."""

    party: str
    megatonnes: Decimal
