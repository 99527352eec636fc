"""How a letter between registries is refused: who sends it, whether it is signed, when it comes."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal

LINK = "Rule of the link: what is said is known, signed, whole and said in its turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSender(Refusal):
    """A letter is heard from registries that are on the list, and from the log."""

    number: ClassVar[int] = 7501
    remedy: ClassVar[str] = "Have the registry put on the list of the log, with its public key."

    sender: str

    def __str__(self) -> str:
        return f"A letter claims to be from {self.sender!r}, which is not on the list."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBroken(Refusal):
    """The signature must be the sender's, over every byte that is said."""

    number: ClassVar[int] = 7502
    remedy: ClassVar[str] = "Compare the key on the list with the sender's own; then ask who wrote."

    sender: str

    def __str__(self) -> str:
        return f"A letter that claims to be from {self.sender!r} does not bear its signature."


@dataclass(frozen=True, slots=True, kw_only=True)
class NonceReplayed(Refusal):
    """A sender's running number stands for one letter only."""

    number: ClassVar[int] = 7503
    remedy: ClassVar[str] = "Find out whether the sender's books were set back, or a letter forged."

    sender: str
    nonce: int

    def __str__(self) -> str:
        return f"The number {self.nonce} of {self.sender} was used before for another letter."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTheAddressee(Refusal):
    """A letter is opened by whom it is for."""

    number: ClassVar[int] = 7504
    remedy: ClassVar[str] = "Send it to the address of whom it is for."

    addressee: str
    here: str

    def __str__(self) -> str:
        return f"A letter for {self.addressee} came to {self.here}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable(Refusal):
    """A letter is JSON in the form of the link, of a version that both know."""

    number: ClassVar[int] = 7505
    remedy: ClassVar[str] = "Write letters as docs/reference/linking.md says."

    fault: str
    sender: str = ""
    """Who has signed it all the same, if anybody is known to have."""

    def __str__(self) -> str:
        return f"A letter{self.sender and f' of {self.sender}'} cannot be read: {self.fault}."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfSequence(Refusal):
    """A word is said when the proposal has come to where it may be said."""

    number: ClassVar[int] = 7520
    remedy: ClassVar[str] = "Compare how far the proposal has come on both sides."

    proposal: str
    word: str
    state: str

    def __str__(self) -> str:
        return f"{self.proposal} was said to be {self.word}, but it is {self.state} here."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownProposal(Refusal):
    """What is talked about has been proposed."""

    number: ClassVar[int] = 7521
    remedy: ClassVar[str] = "Propose it first."

    proposal: str
    word: str

    def __str__(self) -> str:
        return f"{self.proposal} was said to be {self.word}, but nobody has proposed it here."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedBefore(Refusal):
    """The name of a proposal stands for one proposal only."""

    number: ClassVar[int] = 7522
    remedy: ClassVar[str] = "Give a new proposal a new name."

    proposal: str
    state: str

    def __str__(self) -> str:
        return f"{self.proposal} was proposed before; it is {self.state}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTheirWord(Refusal):
    """Each side speaks for itself only."""

    number: ClassVar[int] = 7523
    remedy: ClassVar[str] = "Let the side whose word it is say it."

    proposal: str
    word: str
    sender: str

    def __str__(self) -> str:
        return f"It is not for {self.sender} to say that {self.proposal} is {self.word}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownRound(Refusal):
    """Holdings are told when they are asked for, once, and compared by who asked."""

    number: ClassVar[int] = 7550
    remedy: ClassVar[str] = "Wait until the log asks for holdings."

    round: str
    sender: str

    def __str__(self) -> str:
        return f"{self.sender} spoke of the comparison {self.round!r}, which is not open with it."
