"""Grounds to refuse what a person asks for: who they are, and for whom they act (1201 on)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tonne.refusal import Refusal, either, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownPerson(Refusal):
    """Who acts is known to the registry."""

    number: ClassVar[int] = 1201
    remedy: ClassVar[str] = "Register the person first, or correct the code."

    person: str

    def __str__(self) -> str:
        return f"Nobody is known here as {self.person!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNotEnrolled(Refusal):
    """Who acts is enrolled: looked at, able to sign in, and not suspended."""

    number: ClassVar[int] = 1202
    remedy: ClassVar[str] = "Let the registry validate or restore the person, and enrol."

    person: str
    state: str

    def __str__(self) -> str:
        return f"{self.person} is {self.state}, and so may not act."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotARepresentative(Refusal):
    """Who acts on an account represents it, and their mandate is not suspended."""

    number: ClassVar[int] = 1203
    remedy: ClassVar[str] = "Let a representative of the account do it, or be appointed first."

    person: str
    account: str

    def __str__(self) -> str:
        return f"{self.person} does not represent the account {self.account}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOfTheStaff(Refusal):
    """What the registry is busy with is seen by its staff."""

    number: ClassVar[int] = 1225
    remedy: ClassVar[str] = "Let somebody of the registry look."

    person: str

    def __str__(self) -> str:
        return f"{self.person} is not of the registry's staff."


@dataclass(frozen=True, slots=True, kw_only=True)
class RightTooSmall(Refusal):
    """A right or a position lets its holder do what the law says, and nothing else."""

    number: ClassVar[int] = 1204
    remedy: ClassVar[str] = "Let somebody do it whose right reaches so far."

    person: str
    right: str
    what: str

    def __str__(self) -> str:
        return f"{self.person} has the right to {spoken(self.right)}, not to {self.what}."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProposal(Refusal):
    """Nobody approves what they proposed themselves."""

    number: ClassVar[int] = 1206
    remedy: ClassVar[str] = "Let another person approve it; you may take it back."

    person: str
    proposal: str

    def __str__(self) -> str:
        return f"{self.person} proposed {self.proposal}, and so does not approve it."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedByStaff(Refusal):
    """What the registry's staff proposed, other staff decide."""

    number: ClassVar[int] = 1207
    remedy: ClassVar[str] = "Let another member of the staff decide it."

    person: str
    proposal: str

    def __str__(self) -> str:
        return f"{self.proposal} was proposed by the registry's staff; {self.person} is not of it."


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentMissing(Refusal):
    """Who stops or refuses something says why."""

    number: ClassVar[int] = 1208
    remedy: ClassVar[str] = "Say why, in a sentence: it is kept, and those concerned read it."

    what: str

    def __str__(self) -> str:
        return f"To {self.what}, a reason is needed."


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeFrozen(Refusal):
    """While a scheme is frozen nothing is proposed, approved or carried out in it."""

    number: ClassVar[int] = 1209
    remedy: ClassVar[str] = "Wait until the registry lets it go on."

    scheme: str
    since: date
    reason: str

    def __str__(self) -> str:
        return f"{self.scheme} is frozen since {self.since}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentedAlready(Refusal):
    """A person represents an account once, with one right."""

    number: ClassVar[int] = 1210
    remedy: ClassVar[str] = "Change the right that they have."

    person: str
    account: str
    right: str

    def __str__(self) -> str:
        return (
            f"{self.person} represents {self.account} already, "
            f"with the right to {spoken(self.right)}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRepresentsNobody(Refusal):
    """Who has a position at the registry represents no account, and the other way round."""

    number: ClassVar[int] = 1211
    remedy: ClassVar[str] = "Appoint somebody else."

    person: str
    position: str

    def __str__(self) -> str:
        return f"{self.person} has a position at the registry ({self.position}) and a mandate."


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyRepresentatives(Refusal):
    """An account has no more representatives than the law allows."""

    number: ClassVar[int] = 1212
    remedy: ClassVar[str] = "Remove one first."

    account: str
    most: int

    def __str__(self) -> str:
        return f"{self.account} has {self.most} representatives, and may have no more."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownHolder(Refusal):
    """An account belongs to a holder whom the registry knows."""

    number: ClassVar[int] = 1213
    remedy: ClassVar[str] = "Register the holder first, or correct the code."

    holder: str

    def __str__(self) -> str:
        return f"No account holder is known here as {self.holder!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTurnNotAllowed(Refusal):
    """A person becomes only what may follow from what they are."""

    number: ClassVar[int] = 1214
    remedy: ClassVar[str] = "See how the person stands, and do what comes next."

    person: str
    state: str
    event: str

    def __str__(self) -> str:
        return f"{self.person} is {self.state}: nothing there to {self.event}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownRight(Refusal):
    """A mandate gives a right that the law knows."""

    number: ClassVar[int] = 1215
    remedy: ClassVar[str] = "Name one of the rights of the law."

    right: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"There is no right called {self.right!r}, but {either(self.known)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateTurnNotAllowed(Refusal):
    """A mandate that is suspended is restored, and one that is not is suspended."""

    number: ClassVar[int] = 1216
    remedy: ClassVar[str] = "See how the mandate stands."

    person: str
    account: str
    event: str

    def __str__(self) -> str:
        return f"There is nothing to {self.event} of {self.person} on {self.account}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedAlready(Refusal):
    """An account is on the list of trusted accounts once."""

    number: ClassVar[int] = 1217
    remedy: ClassVar[str] = "Nothing is to be done; or wait until it is active."

    account: str
    target: str

    def __str__(self) -> str:
        return f"{self.target} is on the list of {self.account} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOnTheTrustedList(Refusal):
    """Only what is on the list of trusted accounts is taken off it."""

    number: ClassVar[int] = 1218
    remedy: ClassVar[str] = "Compare the number with the list."

    account: str
    target: str

    def __str__(self) -> str:
        return f"{self.target} is not on the list of {self.account}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotProposable(Refusal):
    """What may be proposed is written in the law."""

    number: ClassVar[int] = 1219
    remedy: ClassVar[str] = "Propose something that the law names."

    verb: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"Nobody proposes to {spoken(self.verb)} here, but to {either(self.known)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMisspelt(Refusal):
    """People, holders and proposals are known by codes of one form."""

    number: ClassVar[int] = 1220
    remedy: ClassVar[str] = "Copy the code as it was given: four characters and 26 more."

    code: str
    prefix: str

    def __str__(self) -> str:
        return f"{self.code!r} is not a code that begins with {self.prefix}_."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownPosition(Refusal):
    """A position is one that the law knows."""

    number: ClassVar[int] = 1221
    remedy: ClassVar[str] = "Name one of the positions of the law."

    position: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"There is no position called {self.position!r}, but {either(self.known)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPersonNeeded(Refusal):
    """What needs a second person is proposed, and not done by one."""

    number: ClassVar[int] = 1224
    remedy: ClassVar[str] = "Propose it: tonne proposal new."

    verb: str

    def __str__(self) -> str:
        return f"Nobody may {spoken(self.verb)} alone."


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyProposals(Refusal):
    """A person proposes only so much in a day that waits for others or for its time."""

    number: ClassVar[int] = 9135
    remedy: ClassVar[str] = "Wait until tomorrow, or let another propose the rest."

    person: str
    day: date
    most: int

    def __str__(self) -> str:
        return f"{self.person} proposed {self.most} things on {self.day} that wait, which is most."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTrusted(Refusal):
    """Units go to accounts that the giving account trusts, unless it says otherwise."""

    number: ClassVar[int] = 2507
    remedy: ClassVar[str] = "Put the account on the list of trusted accounts first."

    account: str
    target: str

    def __str__(self) -> str:
        return f"{self.account} does not trust {self.target} yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalTooLate(Refusal):
    """What was done is reversed within the days that the law gives."""

    number: ClassVar[int] = 3020
    remedy: ClassVar[str] = "Correct it by a new transaction."

    verb: str
    done: date
    days: int

    def __str__(self) -> str:
        return f"To {spoken(self.verb)} what was done on {self.done}, {self.days} days were given."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalNotMade(Refusal):
    """What is decided was proposed in this registry."""

    number: ClassVar[int] = 3301
    remedy: ClassVar[str] = "Compare the code with the list of what waits."

    proposal: str

    def __str__(self) -> str:
        return f"Nothing was proposed here as {self.proposal!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeTurnNotAllowed(Refusal):
    """A proposal goes only where its life may go from how it stands."""

    number: ClassVar[int] = 3302
    remedy: ClassVar[str] = "See how it stands; what is over stays so."

    proposal: str
    state: str
    event: str

    def __str__(self) -> str:
        return f"{self.proposal} is {spoken(self.state)}: it is not for anybody to {self.event}."
