"""Why a call of the clock, an offer at it, or a project in a tender is not taken."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPriceNotLower(Refusal):
    """Each price that is called is lower than the one before, and more than nothing."""

    number: ClassVar[int] = 8250
    remedy: ClassVar[str] = "Call a lower price."

    price: Decimal
    before: Decimal | None

    def __str__(self) -> str:
        last = "none was called before" if self.before is None else f"the last was {self.before}"
        return f"A price of {self.price} is called; {last}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPriceOffTick(Refusal):
    """A price that is called is a whole number of ticks."""

    number: ClassVar[int] = 8251
    remedy: ClassVar[str] = "Call a price that is a multiple of the tick."

    price: Decimal
    tick: Decimal

    def __str__(self) -> str:
        return f"The price of {self.price} is not a multiple of the tick, {self.tick}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBidderNotAdmitted(Refusal):
    """Only those admitted offer reductions at the clock."""

    number: ClassVar[int] = 8252
    remedy: ClassVar[str] = "Apply for admission before the auction begins."

    bidder: str

    def __str__(self) -> str:
        return f"{self.bidder} is not admitted to the auction."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBidRises(Refusal):
    """At a lower price nobody offers more than before; who has left does not come back."""

    number: ClassVar[int] = 8253
    remedy: ClassVar[str] = "Offer as much as in the round before, or less."

    bidder: str
    count: int
    before: int

    def __str__(self) -> str:
        return (
            f"{self.bidder} offers {self.count:,} tonnes at a lower price; "
            f"it was {self.before:,} in the round before."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBidNegative(Refusal):
    """A reduction that is offered is not less than nothing."""

    number: ClassVar[int] = 8254
    remedy: ClassVar[str] = "Offer 0 to leave the auction."

    bidder: str
    count: int

    def __str__(self) -> str:
        return f"{self.bidder} cannot offer {self.count:,} tonnes."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStopped(Refusal):
    """After the round that fits the budget there is no other."""

    number: ClassVar[int] = 8255
    remedy: ClassVar[str] = "The auction is over; its result stands."

    rounds: int

    def __str__(self) -> str:
        return f"The clock stopped in round {self.rounds}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderClosed(Refusal):
    """A project is put forward, and its proposal handed in, before the stage closes."""

    number: ClassVar[int] = 8260
    remedy: ClassVar[str] = "Take part in the next tender."

    project: str
    received: datetime
    closes: datetime

    def __str__(self) -> str:
        return f"{self.project} came at {self.received}; the stage closed at {self.closes}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectNamedTwice(Refusal):
    """A project is put forward once in each stage."""

    number: ClassVar[int] = 8261
    remedy: ClassVar[str] = "Leave the second out; the first one stands."

    project: str

    def __str__(self) -> str:
        return f"{self.project} has been put forward in this stage already."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectBelowMinimum(Refusal):
    """A project delivers as many units as the tender wants at the least."""

    number: ClassVar[int] = 8262
    remedy: ClassVar[str] = "Put several small projects together, or look for another buyer."

    project: str
    count: int
    least: int

    def __str__(self) -> str:
        return f"{self.project} delivers {self.count:,} units; the least is {self.least:,}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectKindNotSought(Refusal):
    """A project is of a kind for which the tender has a price."""

    number: ClassVar[int] = 8263
    remedy: ClassVar[str] = "Name the kind of project that the tender seeks, if it is one."

    project: str
    kind: str
    sought: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.project} is of the kind {self.kind}; sought: {', '.join(self.sought)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalNotInvited(Refusal):
    """A proposal is made by who was invited to it after the first stage, for that project."""

    number: ClassVar[int] = 8264
    remedy: ClassVar[str] = "Put the project forward in the first stage of the next tender."

    project: str
    tenderer: str

    def __str__(self) -> str:
        return f"{self.tenderer} was not invited to a proposal for {self.project}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAboveCeiling(Refusal):
    """No unit is paid more than the ceiling of its kind of project."""

    number: ClassVar[int] = 8265
    remedy: ClassVar[str] = "Propose a price up to the ceiling."

    project: str
    kind: str
    price: Decimal
    ceiling: Decimal

    def __str__(self) -> str:
        return (
            f"{self.project}: {self.price} a unit is above the ceiling of {self.ceiling} "
            f"for {self.kind}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPriceUnfit(Refusal):
    """A price that is proposed is more than nothing, and a whole number of ticks."""

    number: ClassVar[int] = 8266
    remedy: ClassVar[str] = "Propose a price that is a multiple of the tick."

    project: str
    price: Decimal
    tick: Decimal

    def __str__(self) -> str:
        return f"{self.project}: {self.price} is no price in ticks of {self.tick}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceTooLarge(Refusal):
    """What is paid before delivery is a part of the price that the tender allows."""

    number: ClassVar[int] = 8267
    remedy: ClassVar[str] = "Ask for a smaller advance, or for none."

    project: str
    share: Decimal
    largest: Decimal

    def __str__(self) -> str:
        return (
            f"{self.project} asks for {self.share} of its price in advance; "
            f"up to {self.largest} is paid."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalNotReplaced(Refusal):
    """A proposal is replaced where the law of the tender says how."""

    number: ClassVar[int] = 8268
    remedy: ClassVar[str] = "Leave it out; the proposal that was handed in stands."

    project: str

    def __str__(self) -> str:
        return f"The law of the tender does not let the proposal for {self.project} be replaced."
