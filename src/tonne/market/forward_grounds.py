"""On which grounds a forward, its delivery, its remedy or its valuation is refused."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardPastLastPeriod(Refusal):
    """What is agreed is due by the end of the scheme's last period."""

    number: ClassVar[int] = 8450
    remedy: ClassVar[str] = "Let the schedule end by that day."

    contract: str
    due: date
    last: date

    def __str__(self) -> str:
        return f"{self.contract} is due on {self.due}; the last period ends on {self.last}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDisordered(Refusal):
    """A schedule has days one after the other, after the signing, and units on each."""

    number: ClassVar[int] = 8451
    remedy: ClassVar[str] = "Put the days in order, each once, with a positive count."

    contract: str

    def __str__(self) -> str:
        return (
            f"The schedule of {self.contract} is empty, or out of order, or has no units on a day."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UpfrontExceedsShare(Refusal):
    """Upfront is paid a part of the value, and no more than the law allows."""

    number: ClassVar[int] = 8452
    remedy: ClassVar[str] = "Lower the share, and reckon it at the price of the contract."

    contract: str
    share: Decimal
    most: Decimal

    def __str__(self) -> str:
        return f"A share of {self.share} is upfront in {self.contract}; the most is {self.most}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectUnnamed(Refusal):
    """A delivery at the project's risk names the project."""

    number: ClassVar[int] = 8453
    remedy: ClassVar[str] = "Name the project, or guarantee the delivery."

    contract: str

    def __str__(self) -> str:
        return f"{self.contract} is at the risk of a project that it does not name."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionUnknown(Refusal):
    """A condition precedent is one that the law, and then the contract, knows."""

    number: ClassVar[int] = 8454
    remedy: ClassVar[str] = "Use one of the conditions that are known."

    contract: str
    condition: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        known = ", ".join(self.known)
        return f"{self.condition!r} is no condition of {self.contract}; known: {known}."


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyIncomplete(Refusal):
    """A remedy says all that is needed to carry it out."""

    number: ClassVar[int] = 8455
    remedy: ClassVar[str] = "Say what the kind of remedy needs, a trigger up to 1, and its days."

    contract: str
    kind: str

    def __str__(self) -> str:
        return f"The remedy of {self.contract}, {self.kind}, does not say all that it needs."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionsNotMet(Refusal):
    """Nothing is delivered before the conditions precedent are met."""

    number: ClassVar[int] = 8460
    remedy: ClassVar[str] = "Wait until they are met, and say so."

    contract: str
    lacking: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.contract} still waits for: {', '.join(self.lacking)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryExceedsContract(Refusal):
    """No more is delivered than was agreed and has not come yet."""

    number: ClassVar[int] = 8461
    remedy: ClassVar[str] = "Deliver what is left; sell the rest otherwise."

    contract: str
    delivered: int
    left: int

    def __str__(self) -> str:
        return f"{self.delivered} units came for {self.contract}, of which {self.left} are left."


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongDelivery(Refusal):
    """What is delivered is what was agreed, or what may replace it."""

    number: ClassVar[int] = 8462
    remedy: ClassVar[str] = "Deliver the units of the contract, or those that its remedy names."

    contract: str
    delivered: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.delivered} came for {self.contract}, which is of {self.wanted}."


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexMissing(Refusal):
    """A price that follows an index needs what it says on the day of delivery."""

    number: ClassVar[int] = 8463
    remedy: ClassVar[str] = "Say the value of the index."

    contract: str
    index: str

    def __str__(self) -> str:
        return f"The price of {self.contract} follows {self.index}, which was not said."


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryExceedsIssuance(Refusal):
    """A project delivers what it was issued."""

    number: ClassVar[int] = 8464
    remedy: ClassVar[str] = "Wait for the next issuance."

    contract: str
    delivered: int
    issued: int

    def __str__(self) -> str:
        return f"{self.delivered} units in all for {self.contract}; only {self.issued} were issued."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingShort(Refusal):
    """A remedy is for a shortfall that is as large as the contract says."""

    number: ClassVar[int] = 8465
    remedy: ClassVar[str] = "Wait for the day, or accept what came."

    contract: str
    missing: int

    def __str__(self) -> str:
        return f"{self.missing} units are missing of {self.contract}; no remedy is owed for it."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbabilityUnfit(Refusal):
    """A probability is more than nothing and at most 1."""

    number: ClassVar[int] = 8470
    remedy: ClassVar[str] = "Write it as a share, such as 0.45."

    probability: Decimal

    def __str__(self) -> str:
        return f"{self.probability} is no probability of delivery."
