"""On which grounds the log refuses a proposal. Numbers below 7100 are those of the EU's log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from tonne.ledger import Block
from tonne.refusal import Refusal

LOG = "Rule of the link: the log's own check of every proposal"
EU_LOG = "Regulation (EC) No 2216/2004, Annex XII"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiverNotInService(Refusal):
    """The registry that gives is in service."""

    number: ClassVar[int] = 7005
    remedy: ClassVar[str] = "Wait until the registry is in service again."

    registry: str
    status: str

    def __str__(self) -> str:
        return f"The registry {self.registry}, which gives, is {self.status}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakerNotInService(Refusal):
    """The registry that takes is in service."""

    number: ClassVar[int] = 7006
    remedy: ClassVar[str] = "Wait until the registry is in service again."

    registry: str
    status: str

    def __str__(self) -> str:
        return f"The registry {self.registry}, which takes, is {self.status}."


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinOneRegistry(Refusal):
    """A transfer goes to another registry; everything else stays in one."""

    number: ClassVar[int] = 7023
    remedy: ClassVar[str] = "Name another registry for a transfer, and the same for all else."

    kind: str
    giver: str
    taker: str

    def __str__(self) -> str:
        return f"A proposal to {self.kind} cannot go from {self.giver} to {self.taker}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHeldByGiver(Refusal):
    """The giver holds the numbers that it gives."""

    number: ClassVar[int] = 7027
    remedy: ClassVar[str] = "Name numbers that the registry holds; ask for a reconciliation."

    block: Block
    giver: str
    holder: str

    def __str__(self) -> str:
        return f"{self.block} is held by {self.holder}, not by {self.giver}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownTaker(Refusal):
    """The registry that is to take is on the list of the log."""

    number: ClassVar[int] = 7507
    remedy: ClassVar[str] = "Correct the code of the registry that is to take."

    taker: str

    def __str__(self) -> str:
        return f"No registry {self.taker!r} is on the list."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownKind(Refusal):
    """A proposal is of a kind that the log knows."""

    number: ClassVar[int] = 7508
    remedy: ClassVar[str] = "Use one of the kinds of docs/reference/linking.md."

    kind: str

    def __str__(self) -> str:
        return f"There is no kind of proposal {self.kind!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyBlocks(Refusal):
    """A proposal names no more blocks than were agreed."""

    number: ClassVar[int] = 7509
    remedy: ClassVar[str] = "Make several proposals of it."

    count: int
    most: int

    def __str__(self) -> str:
        return f"{self.count} blocks were named; at most {self.most} may be."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalTooOld(Refusal):
    """A proposal reaches the log before its time-out."""

    number: ClassVar[int] = 7524
    remedy: ClassVar[str] = "Propose it anew."

    proposal: str
    made: datetime
    patience: timedelta

    def __str__(self) -> str:
        return f"{self.proposal} was made at {self.made}, more than {self.patience} ago."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAhead(Refusal):
    """A proposal was made before the log hears it, as far as clocks agree."""

    number: ClassVar[int] = 7525
    remedy: ClassVar[str] = "Set the clock of the registry right, and propose it anew."

    proposal: str
    made: datetime
    now: datetime

    def __str__(self) -> str:
        return f"{self.proposal} says that it was made at {self.made}; here it is {self.now}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotIssued(Refusal):
    """Numbers that are moved have been issued."""

    number: ClassVar[int] = 7530
    remedy: ClassVar[str] = "Name numbers that were issued, and tell the log of every issuance."

    block: Block

    def __str__(self) -> str:
        return f"{self.block} is outside every block that was issued."


@dataclass(frozen=True, slots=True, kw_only=True)
class SpansTwoHolders(Refusal):
    """A block is in the hands of one registry."""

    number: ClassVar[int] = 7531
    remedy: ClassVar[str] = "Name only the part that the giver holds."

    block: Block
    holders: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.block} spans what {' and '.join(self.holders)} hold."


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherUnits(Refusal):
    """Numbers are of the kind of unit that the proposal says."""

    number: ClassVar[int] = 7532
    remedy: ClassVar[str] = "Name the units by the kind that they are."

    block: Block
    said: str
    found: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.block} was called {self.said}, but it is {' and '.join(self.found)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedBefore(Refusal):
    """A number is issued once."""

    number: ClassVar[int] = 7533
    remedy: ClassVar[str] = "Issue numbers that were never issued."

    block: Block

    def __str__(self) -> str:
        return f"Some of {self.block} was issued before."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTheirSeries(Refusal):
    """A registry issues in the series that the log's list says are its to issue."""

    number: ClassVar[int] = 7534
    remedy: ClassVar[str] = "Issue in a series of the registry, or list it: tonne log register."

    block: Block
    giver: str

    def __str__(self) -> str:
        return f"{self.giver} does not issue in the series of {self.block}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTwice(Refusal):
    """A proposal names each number once."""

    number: ClassVar[int] = 7535
    remedy: ClassVar[str] = "Name each number once."

    block: Block

    def __str__(self) -> str:
        return f"Some of {self.block} is named twice."


@dataclass(frozen=True, slots=True, kw_only=True)
class InAnotherProposal(Refusal):
    """Numbers are in one proposal at a time."""

    number: ClassVar[int] = 7536
    remedy: ClassVar[str] = "Wait until the other proposal is final."

    block: Block
    other: str

    def __str__(self) -> str:
        return f"Some of {self.block} is in the proposal {self.other}, which is not final."


@dataclass(frozen=True, slots=True, kw_only=True)
class InDispute(Refusal):
    """Numbers of which the log and a registry differ are not moved."""

    number: ClassVar[int] = 7537
    remedy: ClassVar[str] = "Correct what is wrong on one side, and compare again."

    block: Block
    round: str

    def __str__(self) -> str:
        return f"Some of {self.block} differed in the comparison {self.round}."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfUse(Refusal):
    """Units that were cancelled, retired or replaced are out of use for ever."""

    number: ClassVar[int] = 7538
    remedy: ClassVar[str] = "Name units that are in use."

    block: Block
    place: str

    def __str__(self) -> str:
        return f"Some of {self.block} was {self.place}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNotSaid(Refusal):
    """A proposal says what units become if its kind changes them, and only then."""

    number: ClassVar[int] = 7539
    remedy: ClassVar[str] = "Say what the units become, or use another kind of proposal."

    kind: str
    block: Block

    def __str__(self) -> str:
        return f"A proposal to {self.kind} does not say rightly what {self.block} becomes."


@dataclass(frozen=True, slots=True, kw_only=True)
class BelowReserve(Refusal):
    """Who was told that its reserve is broken sends away only what is above it."""

    number: ClassVar[int] = 7542
    remedy: ClassVar[str] = "Send fewer units, or first acquire what is missing."

    giver: str
    count: int
    above: int
    reserve: int

    def __str__(self) -> str:
        return (
            f"{self.giver} must hold {self.reserve} units: {self.above} may leave it, not "
            f"{self.count}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchProposal(Refusal):
    """What is given up, or named in an answer, is a proposal that was made."""

    number: ClassVar[int] = 7546
    remedy: ClassVar[str] = "Correct its name: tonne log proposals, tonne registry proposals."

    proposal: str

    def __str__(self) -> str:
        return f"No proposal {self.proposal!r} was made here."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalEnded(Refusal):
    """What is final stays as it is."""

    number: ClassVar[int] = 7547
    remedy: ClassVar[str] = "Nothing is to be done; what is wrong in the line, correct there."

    proposal: str
    state: str

    def __str__(self) -> str:
        return f"{self.proposal} is {self.state}, which is final."


@dataclass(frozen=True, slots=True, kw_only=True)
class GiverNotGone(Refusal):
    """A proposal is given up by hand only if its giver is gone for good: else the giver decides."""

    number: ClassVar[int] = 7548
    remedy: ClassVar[str] = "Wait for it; or say that it is gone: tonne log register --status gone."

    proposal: str
    giver: str
    status: str

    def __str__(self) -> str:
        return f"The giver of {self.proposal}, {self.giver}, is {self.status}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEligibleThere(Refusal):
    """By the list of the log, who gives may transfer, and who takes may acquire."""

    number: ClassVar[int] = 7549
    remedy: ClassVar[str] = "Wait until the nation is eligible and listed so: tonne log register."

    registry: str
    act: str

    def __str__(self) -> str:
        return f"{self.registry} is not eligible to {self.act} units."
