"""On which grounds a contribution to a pooled fund, or what is done with it, is refused."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class FundClosed(Refusal):
    """A fund takes contributions until it closes."""

    number: ClassVar[int] = 8600
    remedy: ClassVar[str] = "Wait for another fund."

    fund: str
    closed_on: date

    def __str__(self) -> str:
        return f"{self.fund} closed on {self.closed_on}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FundTooLarge(Refusal):
    """A fund takes no more than it was to have."""

    number: ClassVar[int] = 8601
    remedy: ClassVar[str] = "Pay in what is left, or raise the limit."

    fund: str
    most: str
    paid_in: str

    def __str__(self) -> str:
        return f"{self.fund} has {self.paid_in} of at most {self.most}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionUnfit(Refusal):
    """A contribution is something, in the fund's currency."""

    number: ClassVar[int] = 8602
    remedy: ClassVar[str] = "Pay in the fund's currency."

    fund: str
    participant: str
    money: str

    def __str__(self) -> str:
        return f"{self.participant} cannot pay {self.money} into {self.fund}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FundSpent(Refusal):
    """A fund promises no more than was paid in."""

    number: ClassVar[int] = 8603
    remedy: ClassVar[str] = "Lower what the contract may cost, or wait for contributions."

    fund: str
    asked: str
    left: str

    def __str__(self) -> str:
        return f"{self.asked} were to be promised by {self.fund}, which has {self.left} left."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingContributed(Refusal):
    """Credits are distributed in proportion to what was paid in."""

    number: ClassVar[int] = 8604
    remedy: ClassVar[str] = "Record the contributions first."

    fund: str

    def __str__(self) -> str:
        return f"Nothing was paid into {self.fund}."
