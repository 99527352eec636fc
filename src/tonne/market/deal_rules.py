"""The shape of the law of direct deals: reports, settlement, value-added tax."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tonne.rulebook import Dated

Netting = Literal["bilateral", "multilateral"]
"""What is set off: between each two accounts, or between each account and all the others."""

CureMethod = Literal["partial", "roll", "buy_in"]
"""What becomes of a trade that fails: what can be delivered is, it waits, or others deliver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRule:
    """From how many units a deal is a block trade, and how much later it is then published."""

    count_min: int
    delay_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRules:
    """What the public is told of a deal and when, and when it is settled."""

    block: Dated[BlockRule]
    price_withheld: Dated[Literal["allowed", "refused"]]
    """Whether the two sides may keep their price from the public; the record always has it."""

    settlement_days: Dated[int]
    """Working days from the agreement to the settlement, unless both agreed on a later day."""

    def __post_init__(self) -> None:
        for clause in self.settlement_days.clauses:
            if clause.value < 0:
                raise ValueError(f"nothing is settled before it is agreed: {clause.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRules:
    """How a batch is netted, and what becomes of trades that cannot be settled."""

    netting: Dated[Netting]
    cure: Dated[CureMethod]
    roll_days: Dated[int]
    """Working days after which what failed is tried again."""

    def __post_init__(self) -> None:
        for clause in self.roll_days.clauses:
            if clause.value < 1:
                raise ValueError(f"what failed waits for at least a day: {clause.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VatCountry:
    """How a country taxes units sold within it."""

    country: str
    treatment: Literal["charged", "reverse_charge", "zero_rated", "exempt"]
    rate: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"a rate is a share of the price: {self.rate}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRules:
    """Value-added tax on units, by country."""

    within: Dated[tuple[VatCountry, ...]]
    """The countries of the common area, each with its treatment."""

    elsewhere: Dated[Literal["outside", "refused"]]
    """What of a country that is not among them: it is outside the area, or the table has gaps."""
