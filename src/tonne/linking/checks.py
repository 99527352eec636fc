"""The log's own checks of a proposal, by its own copy of who holds which serials."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from tonne.ledger import Block
from tonne.linking import proposal_grounds as grounds
from tonne.linking.line import Line, cover
from tonne.linking.message import May, Round
from tonne.linking.notice import NOTICES_RULE, NoticeStanding, lets_expire
from tonne.linking.proposal import KINDS, Kind, Piece, Proposal, Standing
from tonne.linking.proposal_grounds import EU_LOG, LOG
from tonne.linking.states import BINDING, Patience
from tonne.linking.unit_codes import may_become, may_issue, read_unit
from tonne.linking.unit_grounds import (
    ConvertedByAnother,
    ExpiryNotNotified,
    NotTheirsToIssue,
    NotWhatItBecomes,
    OfAnotherParty,
    UnitUnreadable,
)
from tonne.refusal import Refusal

BLOCKS_MAX = 3000
"""So many blocks are in one proposal at most, as in the data exchange standards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the log looks at when it checks a proposal."""

    registries: Mapping[str, str]
    """Who is on the list, with the status of each."""

    eligible: Mapping[str, May]
    """By registry, what it may do; both where nothing is said."""

    issuers: Mapping[str, str]
    """By series, who issues it, where that is not the registry of that name."""

    lines: Mapping[str, Line]
    """Of each series that is named, at least the tiles over the numbers that are named."""

    standings: Mapping[str, Standing]
    """At least the open proposals in which numbers are that are named."""

    reserve: int
    """How many units the giver must hold: it was told that its reserve is broken."""

    above: int
    """How many more than that it holds, of which no other proposal may take any."""

    notices: Sequence[NoticeStanding]
    """At least those that the giver was given."""

    rounds: Sequence[Round]
    """The last comparison with each registry."""

    patience: Patience


def check(proposal: Proposal, ground: Ground, *, at: datetime) -> Iterator[Refusal]:
    """Every reason for which the log refuses a proposal."""
    yield from _sides(proposal, ground)
    if proposal.at < at - ground.patience.age:
        yield grounds.ProposalTooOld(
            reference=LOG, proposal=proposal.id, made=proposal.at, patience=ground.patience.age
        )
    if proposal.at > at + ground.patience.clocks:
        yield grounds.ProposalAhead(reference=LOG, proposal=proposal.id, made=proposal.at, now=at)
    if len(proposal.pieces) > BLOCKS_MAX:
        yield grounds.TooManyBlocks(reference=LOG, count=len(proposal.pieces), most=BLOCKS_MAX)
        return
    blocks = sorted(piece.block for piece in proposal.pieces)
    for one, other in pairwise(blocks):
        if overlap(one, other):
            yield grounds.NamedTwice(reference=LOG, block=other)
    kind = KINDS.get(proposal.kind)
    if kind is None:
        yield grounds.UnknownKind(reference=LOG, kind=proposal.kind)
        return
    for piece in proposal.pieces:
        yield from _piece(proposal, kind, piece, ground)
    leaving = sum(leaves(piece, proposal.giver) for piece in proposal.pieces if kind.crosses)
    if ground.reserve and leaving > ground.above:
        yield grounds.BelowReserve(
            reference=LOG,
            giver=proposal.giver,
            count=leaving,
            above=ground.above,
            reserve=ground.reserve,
        )


def code_refusals(block: Block, code: str) -> Iterator[Refusal]:
    """What is against the code of a unit under which numbers are to be known."""
    unit = read_unit(code)
    if unit is None:
        yield UnitUnreadable(reference=LOG, block=block, unit=code)
    elif unit.party not in {"", block.series}:
        yield OfAnotherParty(reference=LOG, block=block, unit=code, party=unit.party)


def leaves(piece: Piece, giver: str) -> int:
    """How many units of a piece a reserve is asked for when they leave a giver.

    None of those that others verified (track 2) and that their host sends away for the first time.

    >>> leaves(Piece(block=Block("PL", 1, 9), unit="ERU-AAU-1 PL-24/2"), "PL")
    0
    """
    first = piece.block.series == giver and piece.unit.startswith("ERU-")
    return 0 if first and piece.unit.endswith("/2") else piece.block.count


class LogAnswer(NamedTuple):
    """What one check of the log said of one proposal."""

    number: int
    sentence: str
    passed: bool


LOG_CHECKS: tuple[tuple[int, str], ...] = tuple(
    (kind.number, (kind.__doc__ or "").partition("\n")[0].rstrip("."))
    for kind in (
        grounds.GiverNotInService,
        grounds.TakerNotInService,
        grounds.WithinOneRegistry,
        grounds.NotEligibleThere,
        grounds.NotHeldByGiver,
        grounds.UnknownTaker,
        grounds.UnknownKind,
        grounds.TooManyBlocks,
        grounds.ProposalTooOld,
        grounds.ProposalAhead,
        grounds.NotIssued,
        grounds.SpansTwoHolders,
        grounds.OtherUnits,
        grounds.IssuedBefore,
        grounds.NotTheirSeries,
        grounds.NamedTwice,
        grounds.InAnotherProposal,
        grounds.InDispute,
        grounds.OutOfUse,
        grounds.ChangeNotSaid,
        grounds.BelowReserve,
        UnitUnreadable,
        OfAnotherParty,
        NotTheirsToIssue,
        NotWhatItBecomes,
        ConvertedByAnother,
        ExpiryNotNotified,
    )
)
"""What the log checks of every proposal: the refusal, and what is true if it passes."""


def reference_of(number: int) -> str:
    """Where a check of the log is written: those of the EU's log have numbers of their own."""
    if number == ExpiryNotNotified.number:
        return NOTICES_RULE
    return EU_LOG if number < _OURS else LOG


_OURS = 7100
"""From here on the numbers are of checks that the EU's log does not have."""


def explain(proposal: Proposal, ground: Ground, *, at: datetime) -> tuple[LogAnswer, ...]:
    """What every check of the log says of a proposal."""
    failed = {each.number for each in check(proposal, ground, at=at)}
    return tuple(LogAnswer(number, says, number not in failed) for number, says in LOG_CHECKS)


def overlap(one: Block, other: Block) -> bool:
    """Whether two blocks have a number in common.

    >>> overlap(Block("AT", 1, 5), Block("AT", 5, 9)), overlap(Block("AT", 1, 4), Block("PL", 1, 4))
    (True, False)
    """
    return one.series == other.series and one.first <= other.last and other.first <= one.last


def _sides(proposal: Proposal, ground: Ground) -> Iterator[Refusal]:
    kind = KINDS.get(proposal.kind)
    status = ground.registries[proposal.giver]
    if status != "in service":
        yield grounds.GiverNotInService(reference=EU_LOG, registry=proposal.giver, status=status)
    if kind is not None and kind.crosses != (proposal.scope == "two"):
        yield grounds.WithinOneRegistry(
            reference=EU_LOG, kind=proposal.kind, giver=proposal.giver, taker=proposal.taker
        )
    if proposal.scope == "one":
        return
    for registry, act in ((proposal.giver, "transfer"), (proposal.taker, "acquire")):
        if ground.eligible.get(registry, "both") not in {"both", act}:
            yield grounds.NotEligibleThere(reference=LOG, registry=registry, act=act)
    if proposal.taker not in ground.registries:
        yield grounds.UnknownTaker(reference=LOG, taker=proposal.taker)
    elif (status := ground.registries[proposal.taker]) != "in service":
        yield grounds.TakerNotInService(reference=EU_LOG, registry=proposal.taker, status=status)


def _piece(proposal: Proposal, kind: Kind, piece: Piece, ground: Ground) -> Iterator[Refusal]:
    block = piece.block
    if (piece.becomes is not None) != kind.changes:
        yield grounds.ChangeNotSaid(reference=LOG, kind=proposal.kind, block=block)
    elif kind.changes or kind.takes == "unissued":
        yield from _made(proposal, piece, ground)
    tiles = cover(ground.lines.get(block.series, ()), block)
    if kind.takes == "unissued":
        if ground.issuers.get(block.series, block.series) != proposal.giver:
            yield grounds.NotTheirSeries(reference=LOG, block=block, giver=proposal.giver)
        if any(tile.holder for tile in tiles):
            yield grounds.IssuedBefore(reference=LOG, block=block)
    elif not tiles or not all(tile.holder for tile in tiles):
        yield grounds.NotIssued(reference=LOG, block=block)
    else:
        yield from _held(proposal, piece, tiles, kind)
    yield from _engaged(proposal, block, ground)


def _made(proposal: Proposal, piece: Piece, ground: Ground) -> Iterator[Refusal]:
    """What is against units that come into being: their code, and who makes them of what."""
    block, giver, issued = piece.block, proposal.giver, piece.becomes is None
    said = piece.unit if piece.becomes is None else piece.becomes
    yield from code_refusals(block, said)
    unit = read_unit(said)
    if unit is None:
        return
    if issued:
        if not unit.says_all:
            yield UnitUnreadable(reference=LOG, block=block, unit=said)
        theirs = ground.issuers.get(block.series, block.series) == giver
        if theirs and not may_issue(unit, in_own_series=block.series == giver):
            yield NotTheirsToIssue(reference=LOG, block=block, unit=said, giver=giver)
        return
    was = read_unit(piece.unit)
    if was is None or not may_become(proposal.kind, was, unit):
        yield NotWhatItBecomes(
            reference=LOG, kind=proposal.kind, block=block, unit=piece.unit, becomes=said
        )
    elif proposal.kind == "change_expiry" and not lets_expire(ground.notices, giver, block, said):
        yield ExpiryNotNotified(reference=NOTICES_RULE, block=block, becomes=said)
    if proposal.kind == "convert" and block.series != giver:
        yield ConvertedByAnother(reference=LOG, block=block, giver=giver)


def _engaged(proposal: Proposal, block: Block, ground: Ground) -> Iterator[Refusal]:
    """What is against numbers that are in another proposal, or in dispute."""
    for other in ground.standings.values():
        if other.proposal is None or other.state not in BINDING or other.id == proposal.id:
            continue
        if any(overlap(block, each.block) for each in other.proposal.pieces):
            yield grounds.InAnotherProposal(reference=LOG, block=block, other=other.id)
    for last in ground.rounds:
        if any(overlap(block, each.block) for each in last.differences or ()):
            yield grounds.InDispute(reference=LOG, block=block, round=last.id)


def _held(proposal: Proposal, piece: Piece, tiles: Line, kind: Kind) -> Iterator[Refusal]:
    """What is against numbers that were issued: in whose hands they are, as what, and where."""
    holders = tuple(dict.fromkeys(tile.holder for tile in tiles))
    units = tuple(dict.fromkeys(tile.unit for tile in tiles))
    if len(holders) > 1:
        yield grounds.SpansTwoHolders(reference=LOG, block=piece.block, holders=holders)
    elif holders != (proposal.giver,):
        yield grounds.NotHeldByGiver(
            reference=EU_LOG, block=piece.block, giver=proposal.giver, holder=holders[0]
        )
    if units != (piece.unit,):
        yield grounds.OtherUnits(reference=LOG, block=piece.block, said=piece.unit, found=units)
    fit = {"held", "retired", "replaced"} if kind.stays else {"held"}
    for place in dict.fromkeys(tile.place for tile in tiles if tile.place not in fit):
        yield grounds.OutOfUse(reference=LOG, block=piece.block, place=place)
