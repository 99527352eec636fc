"""Grounds to refuse an account: the one that gives (1001 on) and the one that receives (2001 on).

Where the UK registry checks the same thing the number is the same.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tonne.refusal import Refusal, either, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownAccountKind(Refusal):
    """An account is of a kind that the scheme has."""

    number: ClassVar[int] = 1102
    remedy: ClassVar[str] = "Choose one of the scheme's kinds of account."

    kind: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        return f"The scheme has no accounts of the kind {self.kind!r}, only {either(self.allowed)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNumberIncomplete(Refusal):
    """An account number has a registry code, a type, an identifier, a period and check digits."""

    number: ClassVar[int] = 1110
    remedy: ClassVar[str] = "Write the whole number, such as UK-100-50001-2-11."

    account: str
    faults: tuple[str, ...]

    def __str__(self) -> str:
        parts = ", ".join(self.faults)
        return f"Account number {self.account!r} is missing or misspells its {parts}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDigitsWrong(Refusal):
    """The check digits of an account number belong to the rest of it."""

    number: ClassVar[int] = 1111
    remedy: ClassVar[str] = "Compare the number with the account's statement; a figure has slipped."

    account: str
    digits: int

    def __str__(self) -> str:
        return f"The check digits {self.digits} do not belong to account number {self.account!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNumberInvalid(Refusal):
    """The number of the account that gives is written as account numbers are."""

    number: ClassVar[int] = 1001
    remedy: ClassVar[str] = "Compare the number with the account's statement; a figure has slipped."

    account: str

    def __str__(self) -> str:
        return f"{self.account!r} is not the number of any account that could give units."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDoesNotExist(Refusal):
    """The account that gives is in this registry."""

    number: ClassVar[int] = 1002
    remedy: ClassVar[str] = "Name an account of this registry, or open one first."

    account: str

    def __str__(self) -> str:
        return f"There is no account {self.account} to take units from."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceClosed(Refusal):
    """A closed account gives nothing."""

    number: ClassVar[int] = 1003
    remedy: ClassVar[str] = "Use another account; a closed one is not opened again."

    account: str

    def __str__(self) -> str:
        return f"Account {self.account} is closed and gives no units."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSuspended(Refusal):
    """Only an administrator takes units out of a suspended account."""

    number: ClassVar[int] = 1004
    remedy: ClassVar[str] = "Ask the registry administrator to act, or to restore the account."

    account: str
    verb: str

    def __str__(self) -> str:
        return f"Account {self.account} is suspended: its holder cannot {spoken(self.verb)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRestricted(Refusal):
    """The holder of a restricted account can still meet duties, and nothing else."""

    number: ClassVar[int] = 1005
    remedy: ClassVar[str] = "Mend what the account was restricted for, or ask the administrator."

    account: str
    verb: str

    def __str__(self) -> str:
        return f"Account {self.account} is restricted: its holder cannot {spoken(self.verb)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKindNotAllowed(Refusal):
    """Each type of transaction takes units from certain kinds of account only."""

    number: ClassVar[int] = 1007
    remedy: ClassVar[str] = "Start from an account of one of the allowed kinds."

    account: str
    kind: str
    verb: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"Account {self.account} is of the kind {spoken(self.kind)}; {spoken(self.verb)} "
            f"takes units from {either(self.allowed)} only."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNotYetOpen(Refusal):
    """An account gives nothing on a day before it was opened."""

    number: ClassVar[int] = 1008
    remedy: ClassVar[str] = "Choose the day on which the account was opened, or a later one."

    account: str
    opened: date
    day: date

    def __str__(self) -> str:
        return (
            f"Account {self.account} was opened on {self.opened}: it gives nothing on {self.day}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetNumberInvalid(Refusal):
    """The number of the account that receives is written as account numbers are."""

    number: ClassVar[int] = 2001
    remedy: ClassVar[str] = "Ask the receiver for the number again; a figure has slipped."

    account: str

    def __str__(self) -> str:
        return f"{self.account!r} is not the number of any account that could receive units."


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDoesNotExist(Refusal):
    """The account that receives is in this registry."""

    number: ClassVar[int] = 2002
    remedy: ClassVar[str] = "Name an account of this registry, or open one first."

    account: str

    def __str__(self) -> str:
        return f"There is no account {self.account} to give units to."


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetClosed(Refusal):
    """A closed account receives nothing."""

    number: ClassVar[int] = 2003
    remedy: ClassVar[str] = "Ask the receiver for an account that is open."

    account: str

    def __str__(self) -> str:
        return f"Account {self.account} is closed and receives no units."


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSuspended(Refusal):
    """A suspended account receives nothing, whoever sends it."""

    number: ClassVar[int] = 2004
    remedy: ClassVar[str] = "Wait until the account is restored, or send to another."

    account: str

    def __str__(self) -> str:
        return f"Account {self.account} is suspended and receives no units."


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCannotHold(Refusal):
    """Each kind of account holds certain units only."""

    number: ClassVar[int] = 2006
    remedy: ClassVar[str] = "Send the units to an account of a kind that may hold them."

    account: str
    kind: str
    unit: str

    def __str__(self) -> str:
        return f"Account {self.account} is of the kind {spoken(self.kind)}: no {self.unit} in it."


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetKindNotAllowed(Refusal):
    """Each type of transaction brings units to certain kinds of account only."""

    number: ClassVar[int] = 2007
    remedy: ClassVar[str] = "Send to an account of one of the allowed kinds."

    account: str
    kind: str
    verb: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"Account {self.account} is of the kind {spoken(self.kind)}; {spoken(self.verb)} "
            f"brings units to {either(self.allowed)} only."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetNotYetOpen(Refusal):
    """An account receives nothing on a day before it was opened."""

    number: ClassVar[int] = 2008
    remedy: ClassVar[str] = "Choose the day on which the account was opened, or a later one."

    account: str
    opened: date
    day: date

    def __str__(self) -> str:
        return (
            f"Account {self.account} was opened on {self.opened}, "
            f"so it receives nothing on {self.day}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SameAccount(Refusal):
    """Units go from one account to another."""

    number: ClassVar[int] = 2508
    remedy: ClassVar[str] = "Name two different accounts."

    account: str

    def __str__(self) -> str:
        return f"Account {self.account} is named as the giver and as the receiver."
