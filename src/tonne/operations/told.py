"""What the log between registries is told of, and as what.

What the codes that registries exchange call an issuance, a conversion, a cancellation, a
retirement, a replacement, a carry-over or a change of expiry is proposed to the log, and done once
it agrees. All else that happens inside a registry is its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tonne.linking import KINDS, Place
from tonne.refusal import Refusal
from tonne.registry import DayRules, TransactionType

_KINDS: Mapping[str, str] = {kind.code: name for name, kind in KINDS.items()}
ALONE = "Rule of the link: of what the log keeps account, nothing is done without it"
_OWN = 10
"""The primary type of what happens inside a scheme only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotProposed(Refusal):
    """A registry that is linked with a log does nothing alone of which the log keeps account."""

    number: ClassVar[int] = 7543
    remedy: ClassVar[str] = (
        "Propose it to the log, with the kind and the verb that are named here: "
        "tonne registry propose --help."
    )

    verb: str
    kind: str

    def __str__(self) -> str:
        verb = self.verb.replace("_", " ")
        return (
            f"Linked with a log, this registry does not {verb} alone: it proposes it "
            f"(--kind {self.kind} --verb {self.verb})."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbOfOtherKind(Refusal):
    """What is proposed to the log is what will be done in the books."""

    number: ClassVar[int] = 7540
    remedy: ClassVar[str] = "Propose it as the kind that the verb is of, or use another verb."

    kind: str
    verb: str
    code: str

    def __str__(self) -> str:
        return f"The verb {self.verb} has the code {self.code}, and is not one to {self.kind}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCertified(Refusal):
    """Credits are issued for a verified monitoring report, and for nothing else."""

    number: ClassVar[int] = 7544
    remedy: ClassVar[str] = "Issue them for their report, also through the log: tonne credit issue."

    unit: str
    count: int

    def __str__(self) -> str:
        return f"No report was named that certifies {self.count} {self.unit}."


@dataclass(frozen=True, slots=True, kw_only=True)
class StaysInItsAccount(Refusal):
    """Units that become others lie afterwards where the law says: mostly where they were."""

    number: ClassVar[int] = 7545
    remedy: ClassVar[str] = "Name that account, and transfer the units before or after."

    kind: str
    account: str
    own: str

    def __str__(self) -> str:
        return f"Units that {self.kind} lie in {self.own} afterwards, not in {self.account}."


def proposal_kind(row: TransactionType) -> str | None:
    """The kind of proposal that a type of transaction is, by the code that registries exchange.

    What a scheme has a code of its own for is called as the kind is.
    """
    primary = int(row.code.partition("-")[0])
    found = _KINDS.get(f"{primary}-0")
    return row.verb if primary == _OWN and row.verb in KINDS else found


def told_as(verb: str, unit: str, day: DayRules) -> str | None:
    """The kind of proposal that the log is told of, if a verb for a kind of unit is one."""
    found = day.types.get((verb, unit))
    kind = None if found is None else proposal_kind(found.type)
    return None if kind is None or KINDS[kind].crosses else kind


def places(day: DayRules) -> dict[str, Place]:
    """By kind of account, the place in which units are there, where it is out of use.

    It follows from what brings them there: a cancellation, a retirement, a replacement.
    """
    found: dict[str, Place] = {}
    for each in day.types.values():
        kind = proposal_kind(each.type)
        if kind is not None and KINDS[kind].gives != "held":
            found |= dict.fromkeys(each.type.to_kinds, KINDS[kind].gives)
    return found
