"""What a word about a proposal does to one side: the table of states, applied."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tonne.linking.letter_grounds import (
    LINK,
    NonceReplayed,
    NotTheirWord,
    OutOfSequence,
    ProposedBefore,
    UnknownProposal,
)
from tonne.linking.message import Draft, Heard, Letter, Proposed, Said
from tonne.linking.proposal import Proposal, Reason, Standing, maker
from tonne.linking.states import (
    CHECKED,
    PROPOSED,
    TURNS,
    Patience,
    Side,
    Silence,
    State,
    Turn,
    silence,
    turn,
)
from tonne.refusal import Refusal

Word = Proposed | Said


def word_of(word: Word) -> tuple[str, State]:
    """Which proposal a word is about, and what it says that it is."""
    if isinstance(word, Proposed):
        return word.proposal.id, PROPOSED
    return word.proposal, word.state


def was_heard(letter: Letter, digest: str, heard: Heard) -> bool | NonceReplayed:
    """Whether this very letter was heard before; refused if another was under its number."""
    before = heard.get(letter.name)
    if before is None or before == digest:
        return before is not None
    return NonceReplayed(reference=LINK, sender=letter.sender, nonce=letter.nonce)


def take_turn(
    here: Side, standing: Standing | None, letter: Letter, word: Word, *, by: Side | None
) -> Turn | Refusal:
    """The row of the table for what is said, or why it cannot be said now."""
    name, state = word_of(word)
    said = state.name.lower()
    if by is None:
        return NotTheirWord(reference=LINK, proposal=name, word=said, sender=letter.sender)
    proposal = _proposal(standing, word)
    scope = "any" if proposal is None else proposal.scope
    found = turn(here, None if standing is None else standing.state, state, by=by, scope=scope)
    if found is not None:
        return found
    if not any((row.side, row.word, row.by) == (here, state, by) for row in TURNS):
        return NotTheirWord(reference=LINK, proposal=name, word=said, sender=letter.sender)
    if standing is None:
        return UnknownProposal(reference=LINK, proposal=name, word=said)
    now = standing.state.name.lower()
    if state is PROPOSED:
        return ProposedBefore(reference=LINK, proposal=name, state=now)
    return OutOfSequence(reference=LINK, proposal=name, word=said, state=now)


def after_turn(
    row: Turn,
    standing: Standing | None,
    letter: Letter,
    word: Word,
    *,
    at: datetime,
    refused: Sequence[Reason] = (),
    names: Mapping[Side, str],
) -> tuple[Standing | None, tuple[Draft, ...]]:
    """The standing that a row leads to, if it changes, and what is to be said to whom."""
    name, _ = word_of(word)
    if row.again:
        assert standing is not None, "only what is known is said again"
        return None, (_draft(letter.sender, standing, standing.state, forward=False),)
    if standing is not None and row.becomes == standing.state:
        return None, ()
    proposal = _proposal(standing, word)
    assert not refused or row.otherwise is not None, "what may be refused says what then"
    becomes = row.otherwise if refused and row.otherwise is not None else row.becomes
    reasons = (*refused, *(word.reasons if isinstance(word, Said) else ()))
    after = Standing(id=name, state=becomes, since=at, proposal=proposal, reasons=reasons)
    if refused:
        return after, (_draft(letter.sender, after, becomes, forward=False),)
    drafts = tuple(
        _draft(names[side], after, becomes, forward=becomes is CHECKED and side == "taker")
        for side in row.tells
    )
    return after, drafts


def waits(
    here: Side,
    standing: Standing,
    patience: Patience,
    *,
    at: datetime,
    unheard: Container[str] = (),
) -> tuple[Silence, Standing] | None:
    """What a side does that has waited long enough: its row, and the standing after it."""
    row = silence(here, standing.state, scope=standing.scope)
    if row is None or at < standing.since + patience.of(row):
        return None
    if row.becomes == standing.state and standing.id in unheard:
        return None
    reason = Reason(0, f"the {row.waits_for} was silent for {patience.of(row)}")
    reasons = standing.reasons if row.becomes == standing.state else (reason,)
    return row, replace(standing, state=row.becomes, since=at, reasons=reasons)


def after_silence(row: Silence, standing: Standing, names: Mapping[Side, str]) -> tuple[Draft, ...]:
    """What is said to whom when a wait is over."""
    sides = row.tells or (row.waits_for,)
    return tuple(_draft(names[side], standing, row.becomes, forward=False) for side in sides)


def side_in(standing: Standing | None, word: Word, registry: str) -> Side | None:
    """Which side a registry is of a proposal, as the log sees it."""
    proposal = _proposal(standing, word)
    if proposal is None:
        return "giver" if maker(word_of(word)[0]) == registry else None
    sides: dict[str, Side] = {proposal.taker: "taker", proposal.giver: "giver"}
    if maker(proposal.id) != proposal.giver:
        return None
    return sides.get(registry)


def _proposal(standing: Standing | None, word: Word) -> Proposal | None:
    if standing is not None and standing.proposal is not None:
        return standing.proposal
    return word.proposal if isinstance(word, Proposed) else None


def _draft(addressee: str, standing: Standing, state: State, *, forward: bool) -> Draft:
    if forward:
        assert standing.proposal is not None, "what is handed on is there"
        return Draft(addressee, Proposed(proposal=standing.proposal))
    return Draft(addressee, Said(proposal=standing.id, state=state, reasons=standing.reasons))
