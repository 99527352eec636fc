"""The life of a proposal: what somebody wants done, until it is done, refused or taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from msgspec import Raw, Struct

LifeState = Literal[
    "awaiting_approval", "delayed", "proposed", "completed", "rejected", "cancelled",
    "terminated", "reversed",
]  # fmt: skip
"""A proposal waits for a second person; waits for its time; is being carried out; is done; was
refused by a person; was taken back; was refused by a rule when its time had come; was undone."""

LifeEvent = Literal[
    "propose", "approve", "reject", "cancel", "fall_due", "complete", "terminate", "reverse"
]

LIFE: Mapping[tuple[LifeState | None, LifeEvent], tuple[LifeState, ...]] = {
    (None, "propose"): ("awaiting_approval", "delayed", "proposed"),
    ("awaiting_approval", "approve"): ("delayed", "proposed"),
    ("awaiting_approval", "reject"): ("rejected",),
    ("awaiting_approval", "cancel"): ("cancelled",),
    ("delayed", "cancel"): ("cancelled",),
    ("delayed", "fall_due"): ("proposed",),
    ("proposed", "complete"): ("completed",),
    ("proposed", "terminate"): ("terminated",),
    ("completed", "reverse"): ("reversed",),
}
"""From each state and event, the states that may follow."""

FINAL: frozenset[LifeState] = frozenset(
    {"completed", "rejected", "cancelled", "terminated", "reversed"}
)
"""What waits for nothing any more; what is completed may still be reversed."""

OPEN: tuple[LifeState, ...] = ("awaiting_approval", "delayed", "proposed")
"""What is not over."""


class Proposed(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Somebody wants something done."""

    scheme: str
    verb: str
    account: str
    """On whose account, or nobody's."""

    by: str
    staff: bool
    """Whether a member of the registry's staff."""

    becomes: LifeState
    due: datetime | None
    wish: Raw
    """What, word for word."""

    signed: str = ""
    """By what means they signed it, and what exactly."""


class Decided(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Somebody, or the clock, decides of it."""

    event: LifeEvent
    becomes: LifeState
    by: str = ""
    """Nobody, where its time had come."""

    comment: str = ""
    signed: str = ""
    due: datetime | None = None
    refusals: tuple[int, ...] = ()
    """The numbers of the rules that were against it."""


ProposalWord = Proposed | Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeStep:
    """One event of a proposal's life."""

    event: LifeEvent
    state: LifeState
    by: str
    at: datetime
    comment: str = ""
    refusals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposal as it stands now."""

    code: str
    scheme: str
    verb: str
    account: str
    by: str
    staff: bool
    wish: Raw
    state: LifeState
    due: datetime | None
    steps: tuple[LifeStep, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.state not in FINAL


def may_become(state: LifeState | None, event: LifeEvent) -> tuple[LifeState, ...]:
    """What may follow from a state by an event: nothing, where the event may not happen."""
    return LIFE.get((state, event), ())


def proposal_of(code: str, words: Iterable[tuple[datetime, ProposalWord]]) -> Proposal | None:
    """The proposal of which this was said, with the moments at which it was; None if nothing."""
    first: Proposed | None = None
    steps: list[LifeStep] = []
    due: datetime | None = None
    for at, word in words:
        if isinstance(word, Proposed):
            assert first is None, "a proposal is made once"
            first, due = word, word.due
            step = LifeStep(event="propose", state=word.becomes, by=word.by, at=at)
        else:
            assert word.becomes in may_become(steps[-1].state, word.event), "its life allows it"
            due = word.due or due
            step = LifeStep(
                event=word.event, state=word.becomes, by=word.by, at=at, comment=word.comment,
                refusals=word.refusals,
            )  # fmt: skip
        steps.append(step)
    if first is None:
        return None
    return Proposal(
        code=code, scheme=first.scheme, verb=first.verb, account=first.account, by=first.by,
        staff=first.staff, wish=first.wish, state=steps[-1].state, due=due, steps=tuple(steps),
    )  # fmt: skip
