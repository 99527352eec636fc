"""Grounds on which a log does not do what its keeper asks."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNotNamed(Refusal):
    """A log has a name before it does anything, and keeps it."""

    number: ClassVar[int] = 7560
    remedy: ClassVar[str] = "Give the log its name: tonne log found."

    def __str__(self) -> str:
        return "This log has no name yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOnTheList(Refusal):
    """What is done with a registry is done with one on the list."""

    number: ClassVar[int] = 7561
    remedy: ClassVar[str] = "Correct the code, or list the registry: tonne log register."

    registry: str

    def __str__(self) -> str:
        return f"No registry {self.registry!r} is on the list of this log."


@dataclass(frozen=True, slots=True, kw_only=True)
class NameUnfit(Refusal):
    """A registry and a log are called by two to eight capital letters and digits."""

    number: ClassVar[int] = 7562
    remedy: ClassVar[str] = "Choose a code such as AT, PL or LOG."

    name: str

    def __str__(self) -> str:
        return f"{self.name!r} is no code for a registry or a log here."


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOfAnother(Refusal):
    """A series is issued by one registry."""

    number: ClassVar[int] = 7569
    remedy: ClassVar[str] = "Leave the series out, or first list the other registry without it."

    series: str
    registry: str

    def __str__(self) -> str:
        return f"The series {self.series} is issued by {self.registry}."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUnfit(Refusal):
    """A public key is a point of Ed25519 under which its owner alone can sign."""

    number: ClassVar[int] = 7563
    remedy: ClassVar[str] = "Ask for the 64 digits once more; a pair is made by tonne registry key."

    key: str

    def __str__(self) -> str:
        return f"{self.key!r} is no public key."


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressUnfit(Refusal):
    """Letters are brought to an address that can be found, over HTTP."""

    number: ClassVar[int] = 7566
    remedy: ClassVar[str] = "Write it as http://127.0.0.1:8101; what encrypts stands before it."

    address: str

    def __str__(self) -> str:
        return f"To {self.address!r} no letter can be brought."


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNamedBefore(Refusal):
    """A log keeps its name."""

    number: ClassVar[int] = 7567
    remedy: ClassVar[str] = "Found another log in a database of its own."

    name: str

    def __str__(self) -> str:
        return f"This log is called {self.name} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedAsAnother(Refusal):
    """A registry keeps its code once it has proposed, and its log while something is open."""

    number: ClassVar[int] = 7577
    remedy: ClassVar[str] = (
        "Link it under the code it has. With another log only when no proposal is open: "
        "tonne registry proposals."
    )

    code: str
    log: str

    def __str__(self) -> str:
        return f"These books are the registry {self.code}, which talks with {self.log}."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInUse(Refusal):
    """Each registry signs with a key of its own."""

    number: ClassVar[int] = 7568
    remedy: ClassVar[str] = "Let this registry make a pair of its own: tonne registry key."

    registry: str

    def __str__(self) -> str:
        return f"This is the key of {self.registry}."
