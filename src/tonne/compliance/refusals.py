"""Why units are not taken for a year: each reason once, with its number."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class SurrenderOfNothing(Refusal):
    """A surrender is of one unit or more."""

    number: ClassVar[int] = 6001
    remedy: ClassVar[str] = "Ask for a positive whole number of units."

    asked: int

    def __str__(self) -> str:
        return f"{self.asked:,} units cannot be surrendered."


@dataclass(frozen=True, slots=True, kw_only=True)
class SurrenderWithoutObligation(Refusal):
    """Units are surrendered for a year in which something is owed."""

    number: ClassVar[int] = 6002
    remedy: ClassVar[str] = "Keep the units; to give them up for good, cancel them."

    operator: str
    year: int

    def __str__(self) -> str:
        return f"Operator {self.operator} has no obligation for {self.year}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SurrenderBeforeYearEnd(Refusal):
    """Units are surrendered for a year that is over."""

    number: ClassVar[int] = 6003
    remedy: ClassVar[str] = "Surrender after the end of the year, and by the deadline."

    year: int
    day: date

    def __str__(self) -> str:
        return f"On {self.day} the year {self.year} is not over."


@dataclass(frozen=True, slots=True, kw_only=True)
class SurrenderExceedsObligation(Refusal):
    """No more is surrendered than is owed, where the law says so."""

    number: ClassVar[int] = 6004
    remedy: ClassVar[str] = "Surrender what is still owed."

    asked: int
    owed: int

    def __str__(self) -> str:
        return f"{self.asked:,} units were offered but only {self.owed:,} are still owed."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNotOfScheme(Refusal):
    """Only the units that the law names are surrendered."""

    number: ClassVar[int] = 6010
    remedy: ClassVar[str] = "Offer one of the units named."

    unit: str
    accepted: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.unit} is not a unit of this scheme; accepted: {', '.join(self.accepted)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNotForOperator(Refusal):
    """Some units are for one kind of operator alone."""

    number: ClassVar[int] = 6011
    remedy: ClassVar[str] = "Offer one of the units named."

    unit: str
    kind: str
    year: int
    accepted: tuple[str, ...]

    def __str__(self) -> str:
        accepted = ", ".join(self.accepted) or "nothing"
        return (
            f"{self.unit} cannot cover the emissions of {self.kind} operators in {self.year}; "
            f"accepted: {accepted}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOfLaterPeriod(Refusal):
    """Nothing is borrowed from a later period, where the law says so."""

    number: ClassVar[int] = 6012
    remedy: ClassVar[str] = "Offer units of the period in which the year falls."

    unit: str
    year: int
    first_year: int

    def __str__(self) -> str:
        return (
            f"{self.unit} is of the period from {self.first_year} "
            f"and cannot be borrowed for {self.year}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOfEarlierPeriod(Refusal):
    """What is left of a period serves a later one only where it may be banked."""

    number: ClassVar[int] = 6013
    remedy: ClassVar[str] = "Offer units of the period in which the year falls."

    unit: str
    year: int
    last_year: int

    def __str__(self) -> str:
        return (
            f"{self.unit} is of the period to {self.last_year} "
            f"and cannot be banked for {self.year}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCancelled(Refusal):
    """Units of a period that is over end on a day of the law."""

    number: ClassVar[int] = 6014
    remedy: ClassVar[str] = "What is missing is made good with units of the next period."

    unit: str
    day: date
    cancelled_on: date

    def __str__(self) -> str:
        return f"On {self.day} there is no {self.unit} any more; they ended on {self.cancelled_on}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsNotHeld(Refusal):
    """Only what is held is surrendered."""

    number: ClassVar[int] = 6020
    remedy: ClassVar[str] = "Obtain the missing units, or surrender fewer."

    asked: int
    held: int

    def __str__(self) -> str:
        return f"{self.asked:,} units were asked for but only {self.held:,} can be taken."


@dataclass(frozen=True, slots=True, kw_only=True)
class YearClosedTooSoon(Refusal):
    """A year is closed once the last day for its units has come: an outcome stands."""

    number: ClassVar[int] = 6030
    remedy: ClassVar[str] = "Close the year on that day or later."

    year: int
    day: date
    last: date

    def __str__(self) -> str:
        return f"On {self.day} units for {self.year} may still come: the last day is {self.last}."


@dataclass(frozen=True, slots=True, kw_only=True)
class LotNotHeld(Refusal):
    """A lot that is named is held."""

    number: ClassVar[int] = 6021
    remedy: ClassVar[str] = "Name lots that the account holds, each once."

    lot: str

    def __str__(self) -> str:
        return f"The account does not hold {self.lot}, or it was named before."
