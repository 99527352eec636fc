"""Grounds to refuse the units or the transaction itself (3001 on).

Where the UK registry checks the same thing the number is the same; 3100 to 3199 are ours.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tonne.refusal import Refusal, either, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsOfAnotherPeriod(Refusal):
    """What concerns a year is settled with units of the period the year is in."""

    number: ClassVar[int] = 3001
    remedy: ClassVar[str] = "Use units of the period that the year belongs to."

    unit: str
    year: int
    first_year: int
    last_year: int

    def __str__(self) -> str:
        return (
            f"{self.unit} belongs to the years {self.first_year} to {self.last_year} "
            f"and does not count for {self.year}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNotForType(Refusal):
    """Each type of transaction moves certain units only."""

    number: ClassVar[int] = 3006
    remedy: ClassVar[str] = "Choose units that the type moves; see the scheme's table of types."

    unit: str
    verb: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        return f"One cannot {spoken(self.verb)} {self.unit}, only {either(self.allowed)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoQuantity(Refusal):
    """A transaction moves at least one unit."""

    number: ClassVar[int] = 3007
    remedy: ClassVar[str] = "Say how many units, at least one."

    asked: str

    def __str__(self) -> str:
        return f"No quantity was given ({self.asked!r})."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWholePositive(Refusal):
    """Units are counted: their number is whole and positive."""

    number: ClassVar[int] = 3008
    remedy: ClassVar[str] = "Write a whole number above nothing, in figures without signs."

    asked: str

    def __str__(self) -> str:
        return f"{self.asked!r} is not a whole, positive number of units."


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreThanOneUnitKind(Refusal):
    """One issuance makes units of one kind."""

    number: ClassVar[int] = 3009
    remedy: ClassVar[str] = "Issue each kind of unit by its own transaction."

    units: tuple[str, ...]

    def __str__(self) -> str:
        return f"{' and '.join(self.units)} cannot be issued by one transaction."


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyReversed(Refusal):
    """A transaction is reversed once."""

    number: ClassVar[int] = 3019
    remedy: ClassVar[str] = "Nothing is left to undo; see the reversal that stands."

    original: int
    reversal: int

    def __str__(self) -> str:
        return f"Transaction {self.original} was already reversed by transaction {self.reversal}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownTransactionType(Refusal):
    """What the scheme has no type of transaction for cannot be done in it."""

    number: ClassVar[int] = 3100
    remedy: ClassVar[str] = "Use a type of the scheme's table that is in force on the day."

    verb: str

    def __str__(self) -> str:
        return f"The scheme knows no transaction {self.verb!r} on this day."


@dataclass(frozen=True, slots=True, kw_only=True)
class TooEarlyForUnits(Refusal):
    """Units do not move before their period's first day, nor expire before its last."""

    number: ClassVar[int] = 3101
    remedy: ClassVar[str] = "Wait until the day, or use units of the period that runs."

    unit: str
    verb: str
    day: date
    starts: date

    def __str__(self) -> str:
        return f"One may {spoken(self.verb)} {self.unit} from {self.starts}, not on {self.day}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsExpired(Refusal):
    """After the last day of their period's life units can only be cancelled."""

    number: ClassVar[int] = 3102
    remedy: ClassVar[str] = "Use units of the period that runs."

    unit: str
    day: date
    ended: date

    def __str__(self) -> str:
        return f"{self.unit} could move until {self.ended}; on {self.day} it can only be cancelled."


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleNotAllowed(Refusal):
    """Each type of transaction is in the hands of certain roles only."""

    number: ClassVar[int] = 3103
    remedy: ClassVar[str] = "Ask somebody in one of the allowed roles to do it."

    role: str
    verb: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        return f"To {spoken(self.verb)} is for the {either(self.allowed)}, not the {self.role}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ActNotForRole(Refusal):
    """What moves nothing is in the hands of certain roles too."""

    number: ClassVar[int] = 3107
    remedy: ClassVar[str] = "Ask somebody in one of the allowed roles to do it."

    role: str
    act: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        whose = f"for the {either(self.allowed)}" if self.allowed else "for nobody"
        return f"To {self.act} is {whose}, not the {self.role}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReversible(Refusal):
    """Only the types that the scheme names can be undone, each by its own reversal."""

    number: ClassVar[int] = 3104
    remedy: ClassVar[str] = "Agree on a new transaction in the other direction."

    original: int
    verb: str
    reversal: str

    def __str__(self) -> str:
        return (
            f"Transaction {self.original} ({spoken(self.verb)}) cannot be undone "
            f"by {spoken(self.reversal)}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTheMirror(Refusal):
    """A reversal moves the same units back the way they came, all of them."""

    number: ClassVar[int] = 3105
    remedy: ClassVar[str] = "Reverse the whole transaction, movement by movement."

    original: int

    def __str__(self) -> str:
        return f"The movements are not those of transaction {self.original} turned round."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToReverse(Refusal):
    """A reversal, and nothing else, names the transaction that it undoes."""

    number: ClassVar[int] = 3106
    remedy: ClassVar[str] = "Name the number of a transaction that stands in the books."

    verb: str
    original: int | None

    def __str__(self) -> str:
        if self.original is None:
            return f"It is not said which transaction to {spoken(self.verb)}."
        return f"There is no transaction {self.original} to undo by {spoken(self.verb)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuanceBeyondCap(Refusal):
    """No more units are issued than the cap of the period allows."""

    number: ClassVar[int] = 3500
    remedy: ClassVar[str] = "Issue no more than is left, or change the cap by law first."

    unit: str
    asked: int
    issued: int
    cap: int

    def __str__(self) -> str:
        return (
            f"{self.asked:,} {self.unit} are to be issued, but the cap is {self.cap:,} and "
            f"{self.issued:,} were issued before: {max(0, self.cap - self.issued):,} are left."
        )
