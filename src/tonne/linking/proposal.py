"""A proposal to move units: what kind, between whom, which numbers; and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from tonne.ledger import Block
from tonne.linking.states import FINAL, Scope, Side, State

Place = Literal["unissued", "held", "cancelled", "retired", "replaced"]
"""Where numbers are on the log's line: not yet issued, in use, or out of use for ever."""

PLACES: frozenset[str] = frozenset(get_args(Place))


class Kind(NamedTuple):
    """A kind of proposal: where its numbers must be, and where they are after it."""

    code: str
    """The code that registries exchange."""

    takes: Place
    gives: Place
    crosses: bool = False
    """Whether the units go to another registry."""

    changes: bool = False
    """Whether the units become units of another kind; the numbers stay."""

    stays: bool = False
    """Whether the units stay in their place, in use or not; but nothing cancelled is changed."""


KINDS: Mapping[str, Kind] = {
    "issue": Kind("1-0", "unissued", "held"),
    "convert": Kind("2-0", "held", "held", changes=True),
    "transfer": Kind("3-0", "held", "held", crosses=True),
    "cancel": Kind("4-0", "held", "cancelled"),
    "retire": Kind("5-0", "held", "retired"),
    "replace": Kind("6-0", "held", "replaced"),
    "carry_over": Kind("7-0", "held", "held", changes=True),
    "change_expiry": Kind("8-0", "held", "held", changes=True, stays=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Numbers of one kind of unit; what they become, if their kind changes."""

    block: Block
    unit: str
    becomes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Certain units that are to go from one account to another, or to change.

    Its ``id`` begins with the code of the registry that makes it. Where one registry is concerned,
    giver and taker are the same.
    """

    id: str
    kind: str
    giver: str
    taker: str
    source: str
    """The account that gives."""

    target: str
    """The account that receives."""

    pieces: tuple[Piece, ...]
    at: datetime

    def __post_init__(self) -> None:
        assert self.pieces, "a proposal names numbers"
        assert self.at.tzinfo is not None, "a moment is a moment everywhere"

    @property
    def scope(self) -> Scope:
        """Whether one registry is concerned, or two."""
        return "one" if self.giver == self.taker else "two"

    @property
    def count(self) -> int:
        """How many units it is about."""
        return sum(piece.block.count for piece in self.pieces)


class Reason(NamedTuple):
    """Why somebody says no, as it is told to others: the number of the rule and its sentence."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a proposal has come on one side, and since when.

    Where a word overtook the proposal itself, there is no ``proposal`` yet.
    """

    id: str
    state: State
    since: datetime
    """When this state was reached, or its word was last said again."""

    proposal: Proposal | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def scope(self) -> Scope:
        """Whether one registry is concerned, or two; or it is not known."""
        return "any" if self.proposal is None else self.proposal.scope

    def is_final(self, side: Side) -> bool:
        """Whether it goes nowhere any more on that side."""
        return self.state in FINAL[side]


def type_of(account: str) -> str:
    """The type of an account, as its number writes it.

    >>> type_of("AT-411-17-1-38"), type_of("elsewhere")
    ('411', '')
    """
    return (*account.split("-"), "")[1]


def maker(proposal: str) -> str:
    """The code of the registry that made a proposal of that name.

    >>> maker("PL-17")
    'PL'
    """
    return proposal.partition("-")[0]
