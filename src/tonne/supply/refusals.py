"""Why units are not issued or not given: each reason once, with its number."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from tonne.refusal import Refusal

# 4001 stays unused: that no more is issued than the cap is checked by the registry (3500).


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionExceedsShare(Refusal):
    """What the law gives free is not auctioned."""

    number: ClassVar[int] = 4002
    remedy: ClassVar[str] = "Auction no more than the share of the cap that need not be free."

    year: int
    asked: int
    auctioned: int
    ceiling: int

    def __str__(self) -> str:
        return (
            f"{self.asked:,} units of {self.year} on top of {self.auctioned:,} already auctioned "
            f"are more than the {self.ceiling:,} that may be."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationTableEmpty(Refusal):
    """An allocation table names somebody."""

    number: ClassVar[int] = 4010
    remedy: ClassVar[str] = "Give a table with at least one operator and year."

    def __str__(self) -> str:
        return "The allocation table is empty."


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationListedTwice(Refusal):
    """An operator has one line for a year."""

    number: ClassVar[int] = 4011
    remedy: ClassVar[str] = "Put the units of an operator and year in one line."

    row: int
    operator: str
    year: int

    def __str__(self) -> str:
        return f"Row {self.row}: operator {self.operator} already has a line for {self.year}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationNegative(Refusal):
    """What is given is not less than nothing."""

    number: ClassVar[int] = 4012
    remedy: ClassVar[str] = "Write 0 or more; what was given too much is returned, not allocated."

    row: int
    operator: str
    year: int
    count: int

    def __str__(self) -> str:
        return f"Row {self.row}: operator {self.operator} cannot be given {self.count:,} units."


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationToUnknownOperator(Refusal):
    """Units are given to operators of this scheme."""

    number: ClassVar[int] = 4013
    remedy: ClassVar[str] = "Register the operator first, or correct its number."

    row: int
    operator: str

    def __str__(self) -> str:
        return f"Row {self.row}: there is no operator {self.operator}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationToExcludedOperator(Refusal):
    """Who is excluded for a year is given nothing for it."""

    number: ClassVar[int] = 4014
    remedy: ClassVar[str] = "Take the line out, or end the exclusion first."

    row: int
    operator: str
    year: int

    def __str__(self) -> str:
        return f"Row {self.row}: operator {self.operator} is excluded from {self.year}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationAfterClosure(Refusal):
    """Who has closed is given nothing for the years after."""

    number: ClassVar[int] = 4015
    remedy: ClassVar[str] = "Take out the lines for the years after the closure."

    row: int
    operator: str
    year: int
    closed_on: date

    def __str__(self) -> str:
        return (
            f"Row {self.row}: operator {self.operator} closed on {self.closed_on} "
            f"and is given nothing for {self.year}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationExceedsCeiling(Refusal):
    """No more is given free for a year than the law leaves for it."""

    number: ClassVar[int] = 4016
    remedy: ClassVar[str] = "Lower the table to the cap, less the reserve and what must be sold."

    year: int
    asked: int
    allocated: int
    ceiling: int

    def __str__(self) -> str:
        return (
            f"{self.asked:,} units for {self.year} on top of {self.allocated:,} already given "
            f"are more than the {self.ceiling:,} that may be given free."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodNotInForce(Refusal):
    """Units are given by the method that the law of the year names."""

    number: ClassVar[int] = 4017
    remedy: ClassVar[str] = "Find the allocation by the method of the law."

    year: int
    asked: str
    method: str

    def __str__(self) -> str:
        return f"For {self.year} the law allocates by {self.method}, not by {self.asked}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationAlreadyGiven(Refusal):
    """An operator is given the units of a year once."""

    number: ClassVar[int] = 4018
    remedy: ClassVar[str] = "Take the line out; to give another number, reverse what was given."

    row: int
    operator: str
    year: int

    def __str__(self) -> str:
        return f"Row {self.row}: operator {self.operator} was already given units of {self.year}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineNegative(Refusal):
    """Past emissions are not less than nothing."""

    number: ClassVar[int] = 4020
    remedy: ClassVar[str] = "Correct the baseline of the operator."

    operator: str
    baseline: Decimal

    def __str__(self) -> str:
        return f"The baseline of operator {self.operator} is {self.baseline:,f} t."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToShareBy(Refusal):
    """Units are shared in proportion to something."""

    number: ClassVar[int] = 4021
    remedy: ClassVar[str] = "Give at least one operator with past emissions."

    total: int

    def __str__(self) -> str:
        return f"Nobody has past emissions by which {self.total:,} units could be shared."


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityNegative(Refusal):
    """Output, benchmark and leakage factor are not less than nothing."""

    number: ClassVar[int] = 4022
    remedy: ClassVar[str] = "Correct the activity data of the operator."

    operator: str
    year: int

    def __str__(self) -> str:
        return f"Operator {self.operator} has a figure less than nothing for {self.year}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveExhausted(Refusal):
    """The reserve for new entrants gives what is in it."""

    number: ClassVar[int] = 4030
    remedy: ClassVar[str] = "Buy the units on the market, or ask for what is left."

    operator: str
    asked: int
    left: int

    def __str__(self) -> str:
        return (
            f"Operator {self.operator} asks for {self.asked:,} units; "
            f"{self.left:,} are left in the reserve."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNewEntrant(Refusal):
    """The reserve is for those whom no allocation was made for."""

    number: ClassVar[int] = 4031
    remedy: ClassVar[str] = "Who already has an allocation does not ask the reserve."

    operator: str

    def __str__(self) -> str:
        return f"Operator {self.operator} already has an allocation."
