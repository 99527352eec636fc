"""The states of a proposal as a table: who may say what next, what is done, and what on silence.

A proposal to move units is talked over by a giver, the log and, where the units go to another
registry, a taker. The giver alone decides whether it is completed, once the others have agreed;
the log alone may cancel it, and only before it has told the giver that all agree. So no two sides
can ever act on opposite decisions, in whatever order words arrive.

Where a giver is gone for good, a person at the log may give a proposal up later (``give_up``). Then
nobody takes the units. Had the giver given them, they are nowhere until it comes back and is set
right; they are never in two places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Literal, NamedTuple

Side = Literal["giver", "log", "taker"]
Scope = Literal["one", "two", "any"]
"""Whether a proposal concerns one registry or two; a row may be for any."""

Effect = Literal["nothing", "check", "move", "free"]
"""What a side does: check by its own rules, move the units, or free what it had set aside."""


class State(IntEnum):
    """How far a proposal has come, by the numbers of the data exchange standards."""

    PROPOSED = 1
    CHECKED = 2
    DISCREPANCY = 3
    COMPLETED = 4
    TERMINATED = 5
    REJECTED = 6
    CANCELLED = 7
    ACCEPTED = 8


PROPOSED, CHECKED, DISCREPANCY = State.PROPOSED, State.CHECKED, State.DISCREPANCY
COMPLETED, TERMINATED, REJECTED = State.COMPLETED, State.TERMINATED, State.REJECTED
CANCELLED, ACCEPTED = State.CANCELLED, State.ACCEPTED

FINAL: Mapping[Side, frozenset[State]] = {
    "giver": frozenset({COMPLETED, TERMINATED, CANCELLED}),
    "log": frozenset({COMPLETED, TERMINATED, CANCELLED}),
    "taker": frozenset({COMPLETED, TERMINATED, CANCELLED, REJECTED}),
}
"""The states from which a proposal goes nowhere any more, on each side."""

BINDING = frozenset({CHECKED, ACCEPTED})
"""The states at the log in which a proposal may yet be completed: its numbers are bound to it."""


class Turn(NamedTuple):
    """One row: a side in a state hears a word, does something and is in another state."""

    scope: Scope
    side: Side
    state: State | None
    """None: the side has not heard of the proposal."""

    word: State
    by: Side
    becomes: State
    does: Effect = "nothing"
    otherwise: State | None = None
    """What becomes of it if what was to be done is refused; who spoke is told."""

    tells: tuple[Side, ...] = ()
    """Who is told of the new state; a taker who is told CHECKED gets the proposal itself."""

    again: bool = False
    """The side stays where it is and says its own last word again to who spoke."""


# fmt: off
TURNS = (
    # Once the log, or the taker through the log, has agreed, the giver gives: that decides.
    Turn("one", "giver", PROPOSED, CHECKED, "log", COMPLETED, "move", TERMINATED, ("log",)),
    Turn("two", "giver", PROPOSED, ACCEPTED, "log", COMPLETED, "move", TERMINATED, ("log",)),
    Turn("any", "giver", PROPOSED, DISCREPANCY, "log", TERMINATED, "free", None, ("log",)),
    Turn("two", "giver", PROPOSED, REJECTED, "log", TERMINATED, "free", None, ("log",)),
    Turn("any", "giver", PROPOSED, CANCELLED, "log", CANCELLED, "free"),
    # What a giver's books do not know, for they were set back or a letter was forged, is not given.
    Turn("any", "giver", None, CHECKED, "log", TERMINATED, tells=("log",)),
    Turn("any", "giver", None, ACCEPTED, "log", TERMINATED, tells=("log",)),
    Turn("any", "giver", None, DISCREPANCY, "log", TERMINATED, tells=("log",)),
    Turn("any", "giver", None, REJECTED, "log", TERMINATED, tells=("log",)),
    # The log asks again by saying its word again; the answer is said again.
    Turn("one", "giver", COMPLETED, CHECKED, "log", COMPLETED, again=True),
    Turn("two", "giver", COMPLETED, ACCEPTED, "log", COMPLETED, again=True),
    Turn("one", "giver", TERMINATED, CHECKED, "log", TERMINATED, again=True),
    Turn("two", "giver", TERMINATED, ACCEPTED, "log", TERMINATED, again=True),
    Turn("any", "giver", TERMINATED, DISCREPANCY, "log", TERMINATED, again=True),
    Turn("two", "giver", TERMINATED, REJECTED, "log", TERMINATED, again=True),
    Turn("any", "giver", TERMINATED, CANCELLED, "log", TERMINATED),
    # A person at the log gave it up after the giver had given: it stays so until both are compared.
    Turn("any", "giver", COMPLETED, CANCELLED, "log", COMPLETED),

    Turn("one", "log", None, PROPOSED, "giver", CHECKED, "check", DISCREPANCY, ("giver",)),
    Turn("two", "log", None, PROPOSED, "giver", CHECKED, "check", DISCREPANCY, ("taker",)),
    Turn("two", "log", CHECKED, ACCEPTED, "taker", ACCEPTED, tells=("giver",)),
    Turn("two", "log", CHECKED, REJECTED, "taker", REJECTED, tells=("giver",)),
    Turn("one", "log", CHECKED, COMPLETED, "giver", COMPLETED, "move"),
    Turn("two", "log", ACCEPTED, COMPLETED, "giver", COMPLETED, "move", None, ("taker",)),
    Turn("one", "log", CHECKED, TERMINATED, "giver", TERMINATED),
    Turn("two", "log", CHECKED, TERMINATED, "giver", TERMINATED, tells=("taker",)),
    Turn("two", "log", ACCEPTED, TERMINATED, "giver", TERMINATED, tells=("taker",)),
    Turn("any", "log", DISCREPANCY, TERMINATED, "giver", TERMINATED),
    Turn("two", "log", REJECTED, TERMINATED, "giver", TERMINATED),
    # Words that overtook each other, or were said again.
    Turn("any", "log", None, TERMINATED, "giver", TERMINATED),
    Turn("any", "log", TERMINATED, PROPOSED, "giver", TERMINATED),
    Turn("any", "log", TERMINATED, TERMINATED, "giver", TERMINATED),
    Turn("any", "log", CANCELLED, TERMINATED, "giver", CANCELLED),
    Turn("any", "log", CANCELLED, COMPLETED, "giver", CANCELLED, again=True),
    Turn("any", "log", COMPLETED, COMPLETED, "giver", COMPLETED),
    Turn("two", "log", ACCEPTED, ACCEPTED, "taker", ACCEPTED),
    Turn("two", "log", COMPLETED, ACCEPTED, "taker", COMPLETED, again=True),
    Turn("two", "log", TERMINATED, ACCEPTED, "taker", TERMINATED, again=True),
    Turn("two", "log", CANCELLED, ACCEPTED, "taker", CANCELLED, again=True),
    Turn("two", "log", TERMINATED, REJECTED, "taker", TERMINATED),
    Turn("two", "log", CANCELLED, REJECTED, "taker", CANCELLED),

    # A taker who has accepted is bound: it takes the units, or hears that it gets none.
    Turn("two", "taker", None, PROPOSED, "log", ACCEPTED, "check", REJECTED, ("log",)),
    Turn("two", "taker", ACCEPTED, COMPLETED, "log", COMPLETED, "move"),
    Turn("two", "taker", ACCEPTED, TERMINATED, "log", TERMINATED),
    Turn("two", "taker", ACCEPTED, CANCELLED, "log", CANCELLED),
    Turn("any", "taker", None, TERMINATED, "log", TERMINATED),
    Turn("any", "taker", None, CANCELLED, "log", CANCELLED),
    Turn("any", "taker", TERMINATED, PROPOSED, "log", TERMINATED),
    Turn("any", "taker", CANCELLED, PROPOSED, "log", CANCELLED),
    Turn("any", "taker", REJECTED, TERMINATED, "log", REJECTED),
    Turn("any", "taker", REJECTED, CANCELLED, "log", REJECTED),
    Turn("any", "taker", COMPLETED, COMPLETED, "log", COMPLETED),
    Turn("any", "taker", TERMINATED, TERMINATED, "log", TERMINATED),
    Turn("any", "taker", CANCELLED, CANCELLED, "log", CANCELLED),
)
# fmt: on


class Silence(NamedTuple):
    """One row: what a side does that has waited in a state for as long as it has patience."""

    scope: Scope
    side: Side
    state: State
    waits_for: Side
    patience: Literal["taker", "giver", "word"]
    becomes: State
    """The same state: it says its last word again to whom it waits for."""

    does: Effect = "nothing"
    tells: tuple[Side, ...] = ()


# fmt: off
SILENCES = (
    Silence("any", "giver", PROPOSED, "log", "giver", TERMINATED, "free", ("log",)),
    Silence("two", "log", CHECKED, "taker", "taker", CANCELLED, tells=("giver", "taker")),
    Silence("one", "log", CHECKED, "giver", "word", CHECKED),
    Silence("two", "log", ACCEPTED, "giver", "word", ACCEPTED),
    Silence("any", "log", DISCREPANCY, "giver", "word", DISCREPANCY),
    Silence("two", "log", REJECTED, "giver", "word", REJECTED),
    Silence("two", "taker", ACCEPTED, "log", "word", ACCEPTED),
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long each side waits; agreed by the log and its registries, and no law."""

    age: timedelta = timedelta(hours=24)
    """A proposal that is older when the log first sees it is refused."""

    taker: timedelta = timedelta(hours=24)
    """The log waits so long for the taker's answer, and then cancels."""

    giver: timedelta = timedelta(hours=72)
    """The giver waits so long for any answer, and then terminates; longer than the other two."""

    word: timedelta = timedelta(hours=1)
    """After so long, a side that must wait says its last word again."""

    clocks: timedelta = timedelta(minutes=15)
    """By so much the clocks of the sides may differ; a proposal from later is refused."""

    def of(self, row: Silence) -> timedelta:
        """How long a row waits."""
        return {"taker": self.taker, "giver": self.giver, "word": self.word}[row.patience]


_TURNS = {(row.side, row.state, row.word, row.by, row.scope): row for row in TURNS}
_SILENCES = {(row.side, row.state, row.scope): row for row in SILENCES}
assert len(_TURNS) == len(TURNS), "one row for each case"


def turn(side: Side, state: State | None, word: State, *, by: Side, scope: Scope) -> Turn | None:
    """The row for a word that a side hears, if it may be said now."""
    found = _TURNS.get((side, state, word, by, scope))
    return found or _TURNS.get((side, state, word, by, "any"))


def silence(side: Side, state: State, *, scope: Scope) -> Silence | None:
    """The row for a side that waits in a state, if it waits for anybody."""
    return _SILENCES.get((side, state, scope)) or _SILENCES.get((side, state, "any"))
