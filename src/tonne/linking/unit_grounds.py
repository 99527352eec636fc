"""On which grounds the log refuses units that come into being: by issuance or by a change."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.ledger import Block
from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitUnreadable(Refusal):
    """The code of a unit is one that all can read, and says what units of its kind say."""

    number: ClassVar[int] = 7551
    remedy: ClassVar[str] = "Write the code of the unit as docs/reference/linking.md says."

    block: Block
    unit: str

    def __str__(self) -> str:
        return f"{self.block} would be {self.unit!r}, which is not the whole code of a unit."


@dataclass(frozen=True, slots=True, kw_only=True)
class OfAnotherParty(Refusal):
    """Units are numbered in the series of the party from which they come."""

    number: ClassVar[int] = 7552
    remedy: ClassVar[str] = "Name units of the party whose series it is."

    block: Block
    unit: str
    party: str

    def __str__(self) -> str:
        return f"{self.block} would be {self.unit}, units of {self.party}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTheirsToIssue(Refusal):
    """A party issues its own units; credits are issued by who is listed to issue for their host."""

    number: ClassVar[int] = 7553
    remedy: ClassVar[str] = "Let who may issue such units do it: tonne log registries."

    block: Block
    unit: str
    giver: str

    def __str__(self) -> str:
        return f"{self.giver} cannot issue {self.block} as {self.unit}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWhatItBecomes(Refusal):
    """Units become only what the change makes of their kind, and keep what else they say."""

    number: ClassVar[int] = 7554
    remedy: ClassVar[str] = "Say what the units become as docs/reference/linking.md tells."

    kind: str
    block: Block
    unit: str
    becomes: str

    def __str__(self) -> str:
        return f"To {self.kind} does not make {self.becomes} of {self.unit} ({self.block})."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedByAnother(Refusal):
    """Units are converted by the registry of their series: it is the host of the project."""

    number: ClassVar[int] = 7555
    remedy: ClassVar[str] = "Let the registry of the series convert them, before it transfers them."

    block: Block
    giver: str

    def __str__(self) -> str:
        return f"{self.giver} does not convert {self.block}, which is of {self.block.series}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryNotNotified(Refusal):
    """A day of expiry changes to the day that an open notice of the log says."""

    number: ClassVar[int] = 7556
    remedy: ClassVar[str] = "Ask the log's keeper for a notice: tonne log notify --help."

    block: Block
    becomes: str

    def __str__(self) -> str:
        return f"No open notice says that {self.block} becomes {self.becomes}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWithoutDay(Refusal):
    """A notice says the new day of expiry if its duty is to change it, and only then."""

    number: ClassVar[int] = 7579
    remedy: ClassVar[str] = "Say the day: --expires. For another kind of notice leave it out."

    kind: str

    def __str__(self) -> str:
        return f"A notice of the kind {self.kind} says no fit day of expiry."
