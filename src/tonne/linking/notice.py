"""Notices of the log: what a registry is told of its units, and what it must do about it.

A notice makes a duty. The registry answers with the proposals that carried it out; the log judges
by its own copy whether that is enough. What is not enough stays open, and can be answered again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import ClassVar, Literal, NamedTuple

from tonne.ledger import Block
from tonne.linking.line import Line
from tonne.linking.proposal import Reason, Standing, type_of
from tonne.linking.states import COMPLETED
from tonne.refusal import Refusal

NOTICES_RULE = "Rule of the link: a notice of the log is answered, and judged by the log's own copy"


class NoticeKind(NamedTuple):
    """A kind of notice: the code that registries exchange, and what carries its duty out."""

    code: int
    asks: Literal["cancel", "replace", "carry_over", "change_expiry", "hold"]
    """A kind of proposal; or to hold so many units, which no proposal shows."""

    what: str
    into: tuple[str, ...] = ()
    """The types of account into which the units go, as account numbers write them; any, if none."""


NOTICES: Mapping[str, NoticeKind] = {
    "net_source": NoticeKind(
        1, "cancel", "Land use was a net source: units are cancelled.", ("210",)
    ),
    "non_compliance": NoticeKind(
        2, "cancel", "A project does not comply: units are cancelled.", ("220",)
    ),
    "expiry_near": NoticeKind(
        3, "replace", "Temporary credits expire soon: they are replaced.", ("411", "421")
    ),
    "reversal_of_storage": NoticeKind(
        4, "replace", "Carbon was set free: credits are replaced.", ("422",)
    ),
    "certification_missing": NoticeKind(
        5, "replace", "A report is missing: credits are replaced.", ("423",)
    ),
    "excess_issuance": NoticeKind(6, "cancel", "Too many were issued: as many are cancelled."),
    "reserve_broken": NoticeKind(7, "hold", "Less is held than the commitment period reserve."),
    "carry_over": NoticeKind(8, "carry_over", "What may be carried over is carried over."),
    "expiry_changed": NoticeKind(9, "change_expiry", "The expiry of long-term credits changes."),
}


NAMED_MAX = 50_000
"""So many blocks are named in a notice at most: its letter must go through the post."""


class NoticeStatus(IntEnum):
    """How far the duty of a notice has been carried out, by the log."""

    OPEN = 1
    INCOMPLETE = 2
    COMPLETED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a registry is told: so many units, which ones if it matters, and until when."""

    id: str
    kind: str
    registry: str
    count: int
    blocks: tuple[Block, ...]
    due: date
    at: datetime
    text: str
    expires: date | None = None
    """The new day of expiry, where it is to change."""

    def __post_init__(self) -> None:
        assert self.count > 0, "a notice is about units"
        assert self.at.tzinfo is not None, "a moment is a moment everywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeStanding:
    """How far a notice has come: its status, what it was answered with, and what is still amiss."""

    notice: Notice
    since: datetime
    status: NoticeStatus = NoticeStatus.OPEN
    proposals: tuple[str, ...] = ()
    """All that it was answered with."""

    reasons: tuple[Reason, ...] = ()
    text: str = ""
    """What was last said of it."""

    def is_late(self, day: date) -> bool:
        """Whether its duty should have been carried out by that day."""
        return self.status is not NoticeStatus.COMPLETED and day > self.notice.due


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownNotice(Refusal):
    """What is answered is a notice that was given to the registry that answers."""

    number: ClassVar[int] = 7570
    remedy: ClassVar[str] = "Correct the name of the notice: tonne registry notices."

    notice: str
    registry: str

    def __str__(self) -> str:
        return f"No notice {self.notice!r} was given to {self.registry}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEnded(Refusal):
    """A notice is answered until its duty is carried out."""

    number: ClassVar[int] = 7571
    remedy: ClassVar[str] = "Nothing is to be done about it any more."

    notice: str

    def __str__(self) -> str:
        return f"The duty of the notice {self.notice} is carried out."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownNoticeKind(Refusal):
    """A notice is of a kind that registries know."""

    number: ClassVar[int] = 7572
    remedy: ClassVar[str] = "Use one of the kinds of docs/reference/linking.md."

    kind: str

    def __str__(self) -> str:
        return f"There is no notice of the kind {self.kind!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyNotDone(Refusal):
    """A notice is answered by proposals of its kind, about its units, completed after it."""

    number: ClassVar[int] = 7573
    remedy: ClassVar[str] = "Carry out the rest, and answer with those proposals too."

    notice: str
    asks: str
    count: int
    done: int

    def __str__(self) -> str:
        return (
            f"The notice {self.notice} asks to {self.asks} {self.count} units; "
            f"{self.done} of them count."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredWithBefore(Refusal):
    """A proposal carries out the duty of one notice."""

    number: ClassVar[int] = 7574
    remedy: ClassVar[str] = "Answer with another proposal."

    notice: str
    proposal: str
    other: str

    def __str__(self) -> str:
        return (
            f"{self.proposal} answered the notice {self.other} and does not count for "
            f"{self.notice} too."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeNotNeeded(Refusal):
    """The log gives no notice of a reserve that it sees is held."""

    number: ClassVar[int] = 7575
    remedy: ClassVar[str] = "Compare the reserve that is asked for with the line: tonne log check."

    registry: str
    count: int
    held: int

    def __str__(self) -> str:
        return f"{self.registry} holds {self.held} units, and {self.count} were asked for."


@dataclass(frozen=True, slots=True, kw_only=True)
class FewerUnitsNamed(Refusal):
    """A notice that names units asks for no more than it names."""

    number: ClassVar[int] = 7576
    remedy: ClassVar[str] = "Name all the units that the duty is about, or none."

    count: int
    named: int

    def __str__(self) -> str:
        return f"{self.count} units were asked for, and {self.named} were named."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeNamesTooMuch(Refusal):
    """A notice names no more blocks than a letter holds."""

    number: ClassVar[int] = 7578
    remedy: ClassVar[str] = "Give several notices, each of some of the units."

    blocks: int
    most: int

    def __str__(self) -> str:
        return f"{self.blocks} blocks were named; a notice names {self.most} at most."


def given(notice: Notice) -> NoticeStanding:
    """A notice as it begins."""
    return NoticeStanding(notice=notice, since=notice.at)


def judged(
    standing: NoticeStanding,
    proposals: Iterable[str],
    *,
    text: str,
    standings: Mapping[str, Standing],
    others: Iterable[NoticeStanding],
    held: int,
    at: datetime,
) -> NoticeStanding:
    """The notice after another answer: carried out, or what is still amiss.

    ``held`` is how many units the registry has by the log's copy, out of use or not, but for those
    that were cancelled or have replaced others.
    """
    notice = standing.notice
    named = tuple(dict.fromkeys((*standing.proposals, *proposals)))
    asks = NOTICES[notice.kind].asks
    used = {
        name: each.notice.id
        for each in others
        if each.notice.id != notice.id
        for name in each.proposals
    }
    amiss: list[Refusal] = [
        AnsweredWithBefore(
            reference=NOTICES_RULE, notice=notice.id, proposal=name, other=used[name]
        )
        for name in named
        if name in used
    ]
    fit = tuple(name for name in named if name not in used)
    done = held if asks == "hold" else _done(notice, map(standings.get, fit))
    if done < notice.count:
        amiss.append(
            DutyNotDone(
                reference=NOTICES_RULE, notice=notice.id, asks=asks, count=notice.count, done=done
            )
        )
    enough = done >= notice.count
    return NoticeStanding(
        notice=notice,
        since=at,
        status=NoticeStatus.COMPLETED if enough else NoticeStatus.INCOMPLETE,
        proposals=fit,
        reasons=tuple(Reason(each.number, str(each)) for each in amiss),
        text=text,
    )


def _done(notice: Notice, answers: Iterable[Standing | None]) -> int:
    """How many units the duty of a notice was carried out with; each number counts once.

    A notice that names units is answered with these; but what replaces temporary units is others.
    """
    asks, into = NOTICES[notice.kind].asks, NOTICES[notice.kind].into
    moved: list[Block] = []
    for each in answers:
        # When it was completed the log knows by its own clock; what the giver says proves nothing.
        if each is None or each.state is not COMPLETED or each.since < notice.at:
            continue
        proposal = each.proposal
        if proposal is None or (proposal.kind, proposal.giver) != (asks, notice.registry):
            continue
        if not into or type_of(proposal.target) in into:
            moved += [piece.block for piece in proposal.pieces]
    # Numbers that are in both, each counted once: all together less those that are in one only.
    every = units_named(moved)
    named = every + units_named(notice.blocks) - units_named([*moved, *notice.blocks])
    if asks == "replace":
        return every - named
    return named if notice.blocks else every


def lets_expire(notices: Iterable[NoticeStanding], giver: str, block: Block, unit: str) -> bool:
    """Whether an open notice says that the numbers of a giver get the day of a unit's code."""
    return any(
        each.notice.registry == giver
        and each.notice.kind == "expiry_changed"
        and each.notice.expires == expiry(unit)
        and each.status is not NoticeStatus.COMPLETED
        and _is_about(each.notice.blocks, block)
        for each in notices
    )


def _is_about(named: Sequence[Block], block: Block) -> bool:
    """Whether a block is all among those that are named; or none are named, and any is meant."""
    return not named or units_named([*named, block]) == units_named(named)


def units_named(blocks: Iterable[Block]) -> int:
    """How many numbers are in these blocks, each counted once.

    >>> units_named([Block("AT", 1, 5), Block("AT", 4, 6), Block("PL", 1, 1)])
    7
    """
    found, reached, series = 0, 0, ""
    for block in sorted(blocks):
        reached = reached if block.series == series else 0
        found += max(0, block.last - max(reached, block.first - 1))
        reached, series = max(reached, block.last), block.series
    return found


def reserve_of(notices: Iterable[NoticeStanding], registry: str) -> int:
    """How many units a registry must hold, by the notices whose duty is not yet carried out."""
    return max(
        (
            each.notice.count
            for each in notices
            if each.notice.registry == registry
            and each.status is not NoticeStatus.COMPLETED
            and NOTICES[each.notice.kind].asks == "hold"
        ),
        default=0,
    )


def holdings(lines: Mapping[str, Line]) -> dict[str, int]:
    """By registry, how many units it holds or has retired, by the log's copy."""
    found: dict[str, int] = {}
    for line in lines.values():
        for tile in line:
            if tile.place in {"held", "retired"}:
                found[tile.holder] = found.get(tile.holder, 0) + tile.block.count
    return found


def expiring(
    lines: Mapping[str, Line], *, until: date, known: Iterable[NoticeStanding]
) -> Iterator[tuple[str, date, tuple[Block, ...]]]:
    """By registry and day of expiry, the retired temporary credits that expire until then.

    Those of which the log has given notice are left out.
    """
    told = {
        block for each in known if each.notice.kind == "expiry_near" for block in each.notice.blocks
    }
    found: dict[tuple[str, date], list[Block]] = {}
    for line in lines.values():
        for tile in line:
            day = expiry(tile.unit)
            if tile.place == "retired" and day is not None and day <= until:
                found.setdefault((tile.holder, day), []).append(tile.block)
    for (registry, day), blocks in sorted(found.items()):
        if left := tuple(sorted(block for block in blocks if block not in told)):
            yield registry, day, left


def expiry(unit: str) -> date | None:
    """The day on which units of that code expire, if they do.

    >>> expiry("tCER-1 MD-514/2012-12-31"), expiry("ERU-AAU-1 PL-24/2")
    (datetime.date(2012, 12, 31), None)
    """
    _, mark, day = unit.rpartition("/")
    try:
        return date.fromisoformat(day) if mark else None
    except ValueError:
        return None
