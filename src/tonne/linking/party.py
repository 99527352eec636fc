"""A registry's side of the talk: what a letter asks of it, and what comes of what it did.

First :func:`asked` says what is to be done in the books. The registry does it, or finds reasons why
it cannot be done; then :func:`hear` says what becomes of the proposal.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tonne.linking import turns
from tonne.linking.letter_grounds import (
    LINK,
    NonceReplayed,
    NotTheAddressee,
    UnknownRound,
    UnknownSender,
)
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
    Noticed,
    Outcome,
    Proposed,
    Said,
)
from tonne.linking.notice import (
    NOTICES_RULE,
    NoticeEnded,
    NoticeStanding,
    NoticeStatus,
    UnknownNotice,
    given,
)
from tonne.linking.proposal import Proposal, Reason, Standing
from tonne.linking.states import PROPOSED, Effect, Patience, Side, Turn
from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What a registry knows of its talk with the log; or as much as one letter needs."""

    code: str
    log: str
    standings: Mapping[str, Standing] = field(default_factory=dict)
    heard: Heard = field(default_factory=dict)
    notices: Mapping[str, NoticeStanding] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)

    def after(self, outcome: Outcome) -> "Party":
        """The same once an outcome is kept."""
        standings, heard = dict(self.standings), dict(self.heard)
        if outcome.standing is not None:
            standings[outcome.standing.id] = outcome.standing
        if outcome.heard is not None:
            heard[outcome.heard[:2]] = outcome.heard.digest
        return replace(self, standings=standings, heard=heard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be done in the books: nothing, check, move, or free; and for which proposal."""

    side: Side = "giver"
    does: Effect = "nothing"
    proposal: Proposal | None = None


IDLE = Task()


def propose(party: Party, proposal: Proposal) -> Outcome:
    """Propose to move units, once they are set aside in the books."""
    assert proposal.giver == party.code, "a registry gives what is its own"
    assert proposal.id not in party.standings, "a new proposal has a new name"
    standing = Standing(id=proposal.id, state=PROPOSED, since=proposal.at, proposal=proposal)
    return Outcome(standing=standing, drafts=(Draft(party.log, Proposed(proposal=proposal)),))


def answer(
    party: Party, notice: str, proposals: Sequence[str], *, text: str, at: datetime
) -> Outcome:
    """Say with which proposals the duty of a notice was carried out."""
    standing = party.notices.get(notice)
    if standing is None:
        unknown = UnknownNotice(reference=NOTICES_RULE, notice=notice, registry=party.code)
        return Outcome(refusals=(unknown,))
    if standing.status is NoticeStatus.COMPLETED:
        return Outcome(refusals=(NoticeEnded(reference=NOTICES_RULE, notice=notice),))
    named = tuple(dict.fromkeys((*standing.proposals, *proposals)))
    after = replace(standing, since=at, proposals=named, text=text)
    said = Answered(notice=notice, proposals=tuple(proposals), text=text)
    return Outcome(notice=after, drafts=(Draft(party.log, said),))


def asked(party: Party, letter: Letter, digest: str) -> Task:
    """What a letter asks to be done in the books."""
    row = _row(party, letter, digest)
    if not isinstance(row, Turn) or row.does == "nothing":
        return IDLE
    assert isinstance(letter.body, Proposed | Said), "a row is for a word"
    standing = party.standings.get(turns.word_of(letter.body)[0])
    proposal = None if standing is None else standing.proposal
    if proposal is None and isinstance(letter.body, Proposed):
        proposal = letter.body.proposal
    return Task(side=row.side, does=row.does, proposal=proposal)


def hear(
    party: Party, letter: Letter, digest: str, *, at: datetime, refused: Sequence[Reason] = ()
) -> Outcome:
    """What a letter comes to, once it is known whether what it asked could be done."""
    row = _row(party, letter, digest)
    if row is True:
        return Outcome(repeated=True)
    kept = Kept(letter.sender, letter.nonce, digest)
    if isinstance(row, NotTheAddressee | UnknownSender | NonceReplayed):
        return Outcome(refusals=(row,))
    if isinstance(row, Refusal):
        return Outcome(heard=kept, refusals=(row,))
    if row is None:
        # What holdings are asked for, and what a comparison came to, is for the books to answer.
        return Outcome(heard=kept, notice=_notice(party, letter, at))
    assert isinstance(letter.body, Proposed | Said), "a row is for a word"
    assert isinstance(row, Turn), "a row is a row"
    standing = party.standings.get(turns.word_of(letter.body)[0])
    after, drafts = turns.after_turn(
        row,
        standing,
        letter,
        letter.body,
        at=at,
        refused=refused,
        names={"log": party.log},
    )
    return Outcome(heard=kept, standing=after, drafts=drafts)


def look(
    party: Party, *, at: datetime, unheard: Container[str] = ()
) -> Iterator[tuple[Task, Outcome]]:
    """What is to be done about proposals on which the registry has waited long enough.

    A word about a proposal in ``unheard`` is still on its way, and is not said again.
    """
    for standing in party.standings.values():
        side = side_of(party, standing.proposal)
        waited = turns.waits(side, standing, party.patience, at=at, unheard=unheard)
        if waited is not None:
            row, after = waited
            drafts = turns.after_silence(row, after, {"log": party.log})
            task = Task(side=side, does=row.does, proposal=standing.proposal)
            yield task, Outcome(standing=after, drafts=drafts)


def side_of(party: Party, proposal: Proposal | None) -> Side:
    """On which side of a proposal the registry is."""
    return "giver" if proposal is not None and proposal.giver == party.code else "taker"


def _row(party: Party, letter: Letter, digest: str) -> Turn | Refusal | bool | None:
    """The row for a word; True for a letter heard before; None where it is no word."""
    if letter.addressee != party.code:
        return NotTheAddressee(reference=LINK, addressee=letter.addressee, here=party.code)
    if letter.sender != party.log:
        return UnknownSender(reference=LINK, sender=letter.sender)
    before = turns.was_heard(letter, digest, party.heard)
    if before is not False:
        return before
    return _matter(party, letter)


def _matter(party: Party, letter: Letter) -> Turn | Refusal | None:
    """The row for a word that was not heard before, or why it cannot be said."""
    body = letter.body
    if isinstance(body, HoldingsAsked | Compared):
        return None
    if isinstance(body, Noticed | Judged | Answered):
        return _about_notice(party, body)
    if isinstance(body, HoldingsTold):
        return UnknownRound(reference=LINK, round=body.round, sender=letter.sender)
    if isinstance(body, Proposed) and body.proposal.taker != party.code:
        taker = body.proposal.taker
        return NotTheAddressee(reference=LINK, addressee=taker, here=party.code)
    name, _ = turns.word_of(body)
    standing = party.standings.get(name)
    proposal = standing.proposal if standing is not None else None
    if proposal is None and isinstance(body, Proposed):
        proposal = body.proposal
    if proposal is None and name.startswith(f"{party.code}-"):
        side: Side = "giver"
    else:
        side = side_of(party, proposal)
    return turns.take_turn(side, standing, letter, body, by="log")


def _about_notice(party: Party, body: Noticed | Judged | Answered) -> Refusal | None:
    """What is against what is said of a notice."""
    name = body.notice.id if isinstance(body, Noticed) else body.notice
    if isinstance(body, Answered) or (isinstance(body, Judged) and name not in party.notices):
        return UnknownNotice(reference=NOTICES_RULE, notice=name, registry=party.code)
    if isinstance(body, Noticed) and body.notice.registry != party.code:
        return NotTheAddressee(reference=LINK, addressee=body.notice.registry, here=party.code)
    return None


def _notice(party: Party, letter: Letter, at: datetime) -> NoticeStanding | None:
    """The notice after what the log says of it; what is carried out stays so."""
    body = letter.body
    if isinstance(body, Noticed):
        return None if body.notice.id in party.notices else given(body.notice)
    if isinstance(body, Judged):
        standing = party.notices[body.notice]
        if standing.status is not NoticeStatus.COMPLETED:
            return replace(standing, since=at, status=body.status, reasons=body.reasons)
    return None
