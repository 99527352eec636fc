"""Why something between nations is not done: each reason once, with its number."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyUnknown(Refusal):
    """Only the nations that the law names have a commitment."""

    number: ClassVar[int] = 6100
    remedy: ClassVar[str] = "Name a nation of the table by its two letters."

    party: str

    def __str__(self) -> str:
        return f"{self.party} has no line in the table of commitments."


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountNotEstablished(Refusal):
    """What was never established is not reckoned with."""

    number: ClassVar[int] = 6101
    remedy: ClassVar[str] = "Name a nation that has an assigned amount."

    party: str

    def __str__(self) -> str:
        return f"No assigned amount of {self.party} was ever established."


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyWithdrew(Refusal):
    """A nation that left before the end of the additional period is not judged."""

    number: ClassVar[int] = 6102
    remedy: ClassVar[str] = "Leave it out; its commitment ended with its membership."

    party: str
    effect: date

    def __str__(self) -> str:
        return f"{self.party} left with effect from {self.effect} and is bound no more."


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryMissing(Refusal):
    """A period is judged by the inventories of all its years, each once."""

    number: ClassVar[int] = 6103
    remedy: ClassVar[str] = "Give one inventory for each year of the period."

    party: str
    years: tuple[int, ...]

    def __str__(self) -> str:
        years = ", ".join(map(str, self.years))
        return f"{self.party} has not exactly one inventory for {years}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodUnknown(Refusal):
    """Amounts are of a commitment period that the law has."""

    number: ClassVar[int] = 6105
    remedy: ClassVar[str] = "Name units of a period that the law has, or add the period to it."

    period: int

    def __str__(self) -> str:
        return f"The law of nations has no period {self.period}."


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalsNotTold(Refusal):
    """Removal units are issued for removals that were reported and reviewed."""

    number: ClassVar[int] = 6106
    remedy: ClassVar[str] = "Write down what was reviewed first: tonne nation removals."

    unit: str

    def __str__(self) -> str:
        return f"No {self.unit} can be issued: no review says what was removed."


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredOutOfTime(Refusal):
    """Units are retired for a period until the end of the additional period."""

    number: ClassVar[int] = 6110
    remedy: ClassVar[str] = "Nothing can be done for this period any more."

    day: date
    last: date

    def __str__(self) -> str:
        return f"On {self.day} the additional period is over; its last day was {self.last}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNotOfPeriod(Refusal):
    """Only units valid for a period are retired, counted or carried over for it."""

    number: ClassVar[int] = 6111
    remedy: ClassVar[str] = "Offer one of the units named."

    unit: str
    accepted: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.unit} is not valid for the period; valid are: {', '.join(self.accepted)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestryLimitExceeded(Refusal):
    """Units of forestry projects abroad are used up to a share of base-year emissions."""

    number: ClassVar[int] = 6112
    remedy: ClassVar[str] = "Retire units of other kinds instead."

    asked: int
    left: int

    def __str__(self) -> str:
        return (
            f"{self.asked:,} units of forestry projects were offered but only {self.left:,} "
            "more may be used."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveBroken(Refusal):
    """No transfer takes a nation's holdings below its reserve."""

    number: ClassVar[int] = 6120
    remedy: ClassVar[str] = (
        "Transfer no more than what is above the reserve, or acquire units first."
    )

    party: str
    asked: int
    above: int
    level: int

    def __str__(self) -> str:
        return (
            f"{self.asked:,} units would leave {self.party}, of which only {self.above:,} are "
            f"above its reserve of {self.level:,}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEligible(Refusal):
    """Who is not eligible does not trade."""

    number: ClassVar[int] = 6121
    remedy: ClassVar[str] = (
        "Show what is missing, or wait for the decision of the enforcement branch."
    )

    party: str
    act: str
    lacking: tuple[str, ...]

    def __str__(self) -> str:
        why = f"; it lacks: {', '.join(self.lacking)}" if self.lacking else ""
        return f"{self.party} is not eligible to {self.act}{why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNeverCarriedOver(Refusal):
    """Some units end with their period."""

    number: ClassVar[int] = 6130
    remedy: ClassVar[str] = "Retire or cancel them; carry over units of other kinds."

    unit: str

    def __str__(self) -> str:
        return f"{self.unit} is not carried over."


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOverExceedsLimit(Refusal):
    """Some units are carried over up to a share of the assigned amount."""

    number: ClassVar[int] = 6131
    remedy: ClassVar[str] = "Carry over what is left of the limit; the rest is cancelled."

    unit: str
    asked: int
    left: int

    def __str__(self) -> str:
        return f"{self.asked:,} of {self.unit} were asked for but only {self.left:,} may go over."


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOverTooSoon(Refusal):
    """Units are carried over once the additional period has ended."""

    number: ClassVar[int] = 6132
    remedy: ClassVar[str] = "Carry over after that day."

    day: date
    last: date

    def __str__(self) -> str:
        return f"On {self.day} the additional period is not over; its last day is {self.last}."


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTogether(Refusal):
    """Members of a bubble are judged together first."""

    number: ClassVar[int] = 6140
    remedy: ClassVar[str] = "Judge the bubble; each member's outcome is told with it."

    party: str
    bubble: str

    def __str__(self) -> str:
        return f"{self.party} is judged together with the other members of {self.bubble}."


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTooSoon(Refusal):
    """A period is judged once nothing can be retired for it any more."""

    number: ClassVar[int] = 6141
    remedy: ClassVar[str] = "Judge after that day; until then see what is missing by a plan."

    day: date
    last: date

    def __str__(self) -> str:
        return f"On {self.day} units may still be retired for the period, until {self.last}."


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedBefore(Refusal):
    """An outcome is put on record once; it is corrected only if something has changed."""

    number: ClassVar[int] = 6142
    remedy: ClassVar[str] = "Leave it; or write down first what has changed, such as an inventory."

    party: str
    entry: int
    day: date

    def __str__(self) -> str:
        return (
            f"{self.party} was judged on {self.day}, number {self.entry}, "
            "and nothing would be otherwise."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestCapNotSet(Refusal):
    """Managed forests count up to a cap; who has none in the law has nothing to count."""

    number: ClassVar[int] = 6150
    remedy: ClassVar[str] = "Name a nation that has a cap."

    party: str

    def __str__(self) -> str:
        return f"The law has no cap for the managed forests of {self.party}."
