"""What registries and the log say to each other: a letter with a running number, and its matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from tonne.ledger import Block
from tonne.linking.keys import PublicKey
from tonne.linking.line import Move
from tonne.linking.notice import Notice, NoticeStanding, NoticeStatus
from tonne.linking.proposal import Place, Proposal, Reason, Standing
from tonne.linking.states import State
from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal, made by its giver or handed on by the log."""

    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How far a proposal has come at the sender, and why it goes no further."""

    proposal: str
    state: State
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsAsked:
    """The log asks a registry which numbers it holds."""

    round: str


class Held(NamedTuple):
    """Numbers of one kind of unit in one account of a registry, and where they are by that."""

    block: Block
    unit: str
    account: str
    place: Place = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsTold:
    """Every number that a registry held at a moment, and those about which it was talking."""

    round: str
    held: tuple[Held, ...]
    talked: tuple[str, ...]
    """Its proposals that were not final."""

    at: datetime


class Difference(NamedTuple):
    """Numbers of which the log and a registry do not say the same."""

    block: Block
    log: str
    """Who holds them as what, by the log."""

    registry: str
    """In which account they lie as what, and in which place, by the registry."""

    account: str
    """The registry's account that is concerned, if it named one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a comparison came to: every differing range, or none."""

    round: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """The log gives a registry notice of a duty."""

    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A registry says with which proposals it carried a duty out."""

    notice: str
    proposals: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The log says whether a duty is carried out, and what is still amiss."""

    notice: str
    status: NoticeStatus
    reasons: tuple[Reason, ...] = ()


Body = Proposed | Said | HoldingsAsked | HoldingsTold | Compared | Noticed | Answered | Judged


class Draft(NamedTuple):
    """What is to be said to whom; whoever sends it numbers it."""

    addressee: str
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message: who says what to whom, when, under which of the sender's running numbers."""

    sender: str
    nonce: int
    addressee: str
    at: datetime
    body: Body

    @property
    def name(self) -> tuple[str, int]:
        """What no other letter is called."""
        return self.sender, self.nonce

    @property
    def about(self) -> str:
        """The name of the proposal, the notice or the comparison that it is about."""
        body = self.body
        if isinstance(body, Proposed):
            return body.proposal.id
        if isinstance(body, Said):
            return body.proposal
        if isinstance(body, Noticed):
            return body.notice.id
        return body.notice if isinstance(body, Answered | Judged) else body.round


class Kept(NamedTuple):
    """A letter that was heard: its digest, by which a changed one is told from a repeated one."""

    sender: str
    nonce: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A comparison of holdings with one registry, and what it came to once it has answered."""

    id: str
    registry: str
    began: datetime
    differences: tuple[Difference, ...] | None = None
    """Until it is answered, what differed the last time, which stays blocked."""

    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a word or a silence came to: all of it is kept together, or none."""

    heard: Kept | None = None
    standing: Standing | None = None
    moves: tuple[Move, ...] = ()
    drafts: tuple[Draft, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    """What was refused and why, to be written down."""

    round: Round | None = None
    notice: NoticeStanding | None = None
    repeated: bool = False
    """Whether the letter had been heard before, so that nothing was done now."""


class Written(NamedTuple):
    """What was refused and why, as it was written down."""

    at: datetime
    sender: str
    nonce: int | None
    number: int
    code: str
    sentence: str


class Link(NamedTuple):
    """Which registry these books are, the log it talks to, where, and the public key of the log."""

    code: str
    log: str
    address: str
    key: PublicKey


class Asked(NamedTuple):
    """What a registry asked for in a proposal of its own, beside what it told the log."""

    entry: int
    """The entry of the journal in which it was asked for."""

    verb: str
    year: int | None


May = Literal["both", "transfer", "acquire", "neither"]
"""Whether a registry may give units to others and take units from others."""


class Listed(NamedTuple):
    """A registry on the list of a log: where it is, its public key, and whether it serves."""

    code: str
    address: str
    key: PublicKey
    status: str = "in service"
    series: tuple[str, ...] = ()
    """The series that it issues beside its own: those of hosts that keep no registry."""

    may: May = "both"
    """What it is eligible for: to transfer units to others, to acquire units of others."""

    def issues(self) -> tuple[str, ...]:
        """Every series that it issues."""
        return tuple(dict.fromkeys((self.code, *self.series)))


class Listing(NamedTuple):
    """What was put on the list of a log, when and why: by which key who was known since."""

    at: datetime
    reason: str
    listed: Listed


class Moved(NamedTuple):
    """A move of the log's line as it was written down: by a proposal, or for another reason."""

    at: datetime
    proposal: str | None
    reason: str
    move: Move


class Comparison(NamedTuple):
    """What a comparison came to in a registry, and the accounts that are blocked since."""

    round: str
    differences: tuple[Difference, ...]
    blocked: tuple[str, ...]


Heard = Mapping[tuple[str, int], str]
"""The letters that were heard, with their digests."""
