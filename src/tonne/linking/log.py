"""The log between registries: it checks every proposal by its own copy, and keeps that copy.

Each step is a pure function: the log as it stands, a letter or a silence, and the moment; out come
what changes, what is to be said to whom, and what was refused.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tonne.linking import turns
from tonne.linking.checks import Ground, check, leaves
from tonne.linking.letter_grounds import (
    LINK,
    NotTheAddressee,
    UnknownProposal,
    UnknownRound,
    UnknownSender,
)
from tonne.linking.line import Line, Move, cover, moved
from tonne.linking.message import (
    Answered,
    Compared,
    Draft,
    Heard,
    HoldingsAsked,
    HoldingsTold,
    Judged,
    Kept,
    Letter,
    May,
    Noticed,
    Outcome,
    Proposed,
    Round,
    Said,
)
from tonne.linking.notice import (
    NOTICES_RULE,
    Notice,
    NoticeEnded,
    NoticeStanding,
    NoticeStatus,
    UnknownNotice,
    given,
    holdings,
    judged,
    reserve_of,
)
from tonne.linking.proposal import KINDS, Proposal, Reason, Standing
from tonne.linking.proposal_grounds import GiverNotGone, NoSuchProposal, ProposalEnded
from tonne.linking.reconcile import compare
from tonne.linking.states import ACCEPTED, BINDING, CANCELLED, COMPLETED, Patience, Side
from tonne.refusal import Refusal

GONE = "gone"
"""The status of a registry of which nobody expects that it comes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What the log knows; or as much of it as one letter needs."""

    code: str
    registries: Mapping[str, str]
    """Who is on the list, with the status of each: ``in service``, ``suspended`` or ``gone``."""

    eligible: Mapping[str, May] = field(default_factory=dict)
    """By registry, what it may do; both where nothing is said."""

    issuers: Mapping[str, str] = field(default_factory=dict)
    """By series, who issues it, where that is not the registry of that name."""

    lines: Mapping[str, Line] = field(default_factory=dict)
    """By series, who holds what: the log's own copy."""

    standings: Mapping[str, Standing] = field(default_factory=dict)
    heard: Heard = field(default_factory=dict)
    rounds: Mapping[str, Round] = field(default_factory=dict)
    """By registry, the last comparison with it."""

    notices: Mapping[str, NoticeStanding] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)

    def after(self, outcome: Outcome) -> "Log":
        """The log once an outcome is kept."""
        lines = dict(self.lines)
        for move in outcome.moves:
            lines[move.block.series] = moved(lines[move.block.series], move)
        standings, heard, rounds = dict(self.standings), dict(self.heard), dict(self.rounds)
        if outcome.standing is not None:
            standings[outcome.standing.id] = outcome.standing
        if outcome.heard is not None:
            heard[outcome.heard[:2]] = outcome.heard.digest
        if outcome.round is not None:
            rounds[outcome.round.registry] = outcome.round
        found = replace(self, lines=lines, standings=standings, heard=heard, rounds=rounds)
        if outcome.notice is not None:
            notice = {outcome.notice.notice.id: outcome.notice}
            found = replace(found, notices={**self.notices, **notice})
        return found


def hear(log: Log, letter: Letter, digest: str, *, at: datetime) -> Outcome:
    """What a letter that its sender has signed comes to at the log."""
    if letter.addressee != log.code:
        wrong = NotTheAddressee(reference=LINK, addressee=letter.addressee, here=log.code)
        return Outcome(refusals=(wrong,))
    if letter.sender not in log.registries:
        return Outcome(refusals=(UnknownSender(reference=LINK, sender=letter.sender),))
    before = turns.was_heard(letter, digest, log.heard)
    if before is True:
        return Outcome(repeated=True)
    if isinstance(before, Refusal):
        return Outcome(refusals=(before,))
    outcome = _matter(log, letter, at)
    return replace(outcome, heard=Kept(letter.sender, letter.nonce, digest))


def ground_of(log: Log, proposal: Proposal) -> Ground:
    """What the log looks at when it checks a proposal."""
    reserve = reserve_of(log.notices.values(), proposal.giver)
    above = 0
    if reserve:
        others = (
            each.proposal
            for each in log.standings.values()
            if each.proposal is not None and each.state in BINDING and each.id != proposal.id
        )
        above = holdings(log.lines).get(proposal.giver, 0) - reserve
        above -= sum(
            leaves(piece, other.giver)
            for other in others
            if other.giver == proposal.giver and KINDS[other.kind].crosses
            for piece in other.pieces
        )
    return Ground(
        registries=log.registries,
        eligible=log.eligible,
        issuers=log.issuers,
        lines=log.lines,
        standings=log.standings,
        reserve=reserve,
        above=max(0, above),
        notices=tuple(log.notices.values()),
        rounds=tuple(log.rounds.values()),
        patience=log.patience,
    )


def look(log: Log, *, at: datetime, unheard: Container[str] = ()) -> Iterator[Outcome]:
    """What becomes of the proposals about which the log has waited long enough.

    A word about a proposal in ``unheard`` is still on its way, and is not said again.
    """
    for standing in log.standings.values():
        waited = turns.waits("log", standing, log.patience, at=at, unheard=unheard)
        if waited is not None:
            row, after = waited
            assert standing.proposal is not None, "what is not known is not waited for"
            drafts = turns.after_silence(row, after, _names(standing.proposal, log.code))
            yield Outcome(standing=after, drafts=drafts)


def give_up(log: Log, proposal: str, *, reason: str, at: datetime) -> Outcome:
    """Give up a proposal whose giver is gone, for a reason; all are told that it is cancelled."""
    standing = log.standings.get(proposal)
    if standing is None or standing.proposal is None:
        return Outcome(refusals=(NoSuchProposal(reference=LINK, proposal=proposal),))
    if standing.is_final("log"):
        state = standing.state.name.lower()
        return Outcome(refusals=(ProposalEnded(reference=LINK, proposal=proposal, state=state),))
    made = standing.proposal
    if (status := log.registries.get(made.giver, GONE)) != GONE:
        no = GiverNotGone(reference=LINK, proposal=proposal, giver=made.giver, status=status)
        return Outcome(refusals=(no,))
    why = (Reason(0, f"given up by hand: {reason}"),)
    said = Said(proposal=proposal, state=CANCELLED, reasons=why)
    after = replace(standing, state=CANCELLED, since=at, reasons=why)
    sides = dict.fromkeys((made.giver, made.taker))
    return Outcome(standing=after, drafts=tuple(Draft(side, said) for side in sides))


def begin_round(log: Log, registry: str, *, name: str, at: datetime) -> Outcome:
    """Ask a registry which numbers it holds."""
    assert registry in log.registries, "a registry on the list is asked"
    started = Round(id=name, registry=registry, began=at)
    # What differed the last time stays blocked until there is an answer.
    before = log.rounds.get(registry)
    if before is not None:
        started = replace(started, differences=before.differences)
    return Outcome(round=started, drafts=(Draft(registry, HoldingsAsked(round=name)),))


def give_notice(log: Log, notice: Notice) -> Outcome:
    """Give a registry notice of a duty."""
    assert notice.registry in log.registries, "a registry on the list is told"
    assert notice.id not in log.notices, "a new notice has a new name"
    return Outcome(notice=given(notice), drafts=(Draft(notice.registry, Noticed(notice=notice)),))


def _matter(log: Log, letter: Letter, at: datetime) -> Outcome:
    body = letter.body
    if isinstance(body, Proposed | Said):
        return _word(log, letter, body, at)
    if isinstance(body, HoldingsTold):
        return _told(log, letter, body)
    if isinstance(body, Answered):
        return _answered(log, letter, body, at)
    if isinstance(body, Noticed | Judged):
        name = body.notice.id if isinstance(body, Noticed) else body.notice
        unknown = UnknownNotice(reference=NOTICES_RULE, notice=name, registry=letter.sender)
        return Outcome(refusals=(unknown,))
    name = body.round
    return Outcome(refusals=(UnknownRound(reference=LINK, round=name, sender=letter.sender),))


def _word(log: Log, letter: Letter, word: Proposed | Said, at: datetime) -> Outcome:
    name, _ = turns.word_of(word)
    standing = log.standings.get(name)
    if standing is None and isinstance(word, Said) and word.state is ACCEPTED:
        return _unknown(letter, word)
    by = turns.side_in(standing, word, letter.sender)
    row = turns.take_turn("log", standing, letter, word, by=by)
    if isinstance(row, Refusal):
        return Outcome(refusals=(row,))
    refusals: tuple[Refusal, ...] = ()
    moves: tuple[Move, ...] = ()
    if row.does == "check":
        assert isinstance(word, Proposed), "a proposal is checked"
        refusals = tuple(check(word.proposal, ground_of(log, word.proposal), at=at))
    if row.does == "move":
        assert standing is not None, "what moves was proposed"
        assert standing.proposal is not None, "what moves was proposed"
        moves = tuple(_moves(standing.proposal, log.lines))
    proposal = standing.proposal if standing is not None else None
    if proposal is None and isinstance(word, Proposed):
        proposal = word.proposal
    after, drafts = turns.after_turn(
        row,
        standing,
        letter,
        word,
        at=at,
        refused=tuple(Reason(each.number, str(each)) for each in refusals),
        names={} if proposal is None else _names(proposal, log.code),
    )
    return Outcome(standing=after, moves=moves, drafts=drafts, refusals=refusals)


def _unknown(letter: Letter, word: Said) -> Outcome:
    """A taker would wait for ever for what the log does not know: it hears that it gets none."""
    no = UnknownProposal(reference=LINK, proposal=word.proposal, word=word.state.name.lower())
    cancelled = Said(proposal=word.proposal, state=CANCELLED, reasons=(Reason(no.number, str(no)),))
    return Outcome(refusals=(no,), drafts=(Draft(letter.sender, cancelled),))


def _moves(proposal: Proposal, lines: Mapping[str, Line]) -> Iterator[Move]:
    kind = KINDS[proposal.kind]
    for piece in proposal.pieces:
        unit = piece.becomes if kind.changes and piece.becomes is not None else piece.unit
        if not kind.stays:
            yield Move(piece.block, proposal.taker, unit, kind.gives)
            continue
        for tile in cover(lines[piece.block.series], piece.block):
            yield Move(tile.block, proposal.taker, unit, tile.place)


def _names(proposal: Proposal, log: str) -> Mapping[Side, str]:
    return {"giver": proposal.giver, "log": log, "taker": proposal.taker}


def _told(log: Log, letter: Letter, told: HoldingsTold) -> Outcome:
    """Compare what a registry holds with the log's copy; what is still talked over is left out."""
    asked = log.rounds.get(letter.sender)
    if asked is None or asked.id != told.round:
        return Outcome(
            refusals=(UnknownRound(reference=LINK, round=told.round, sender=letter.sender),)
        )
    talked = [
        piece.block
        for standing in log.standings.values()
        if standing.proposal is not None and _is_talked_over(standing, asked, told)
        for piece in standing.proposal.pieces
    ]
    differences = tuple(compare(letter.sender, log.lines, told.held, talked=talked))
    return Outcome(
        round=replace(asked, differences=differences, answered=True),
        drafts=(Draft(letter.sender, Compared(round=told.round, differences=differences)),),
    )


def _is_talked_over(standing: Standing, asked: Round, told: HoldingsTold) -> bool:
    """Whether the units may have moved on one side and not yet on the other, and both be right.

    So it is with what may yet be completed, with what was completed since the registry was asked,
    and with what was completed but had not reached the registry when it told.
    """
    if standing.state in BINDING:
        return True
    recent = standing.since >= asked.began or standing.id in told.talked
    return standing.state is COMPLETED and recent


def _answered(log: Log, letter: Letter, answer: Answered, at: datetime) -> Outcome:
    """Judge by the log's own copy whether a registry has carried a duty out."""
    standing = log.notices.get(answer.notice)
    if standing is None or standing.notice.registry != letter.sender:
        unknown = UnknownNotice(
            reference=NOTICES_RULE, notice=answer.notice, registry=letter.sender
        )
        return Outcome(refusals=(unknown,))
    if standing.status is NoticeStatus.COMPLETED:
        return Outcome(refusals=(NoticeEnded(reference=NOTICES_RULE, notice=answer.notice),))
    after = judged(
        standing,
        answer.proposals,
        text=answer.text,
        standings=log.standings,
        others=log.notices.values(),
        held=holdings(log.lines).get(letter.sender, 0),
        at=at,
    )
    said = Judged(notice=answer.notice, status=after.status, reasons=after.reasons)
    return Outcome(notice=after, drafts=(Draft(letter.sender, said),))
