"""A registry's part in exchanging units: it proposes, answers, moves what is agreed, and tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import ClassVar

from tonne import linking
from tonne.ledger import Block
from tonne.linking import (
    LINK,
    Compared,
    Comparison,
    Draft,
    HoldingsAsked,
    Letter,
    Link,
    Outcome,
    Party,
    Patience,
    Piece,
    PrivateKey,
    Proposal,
    Reason,
    Side,
    Standing,
    Task,
    party,
)
from tonne.operations import bound
from tonne.operations.books import Books
from tonne.operations.bound import Exchange, Teller
from tonne.operations.credits import MonitoringReport, unit_of
from tonne.operations.holdings import tell_holdings
from tonne.operations.letters import Hearing, Seen, keep_outcome, open_letter
from tonne.operations.log import address_refusals, code_refusals, key_refusals
from tonne.operations.log_grounds import LinkedAsAnother
from tonne.operations.own_checks import proposed
from tonne.operations.proposable import (
    cap_of,
    certified,
    end_refusals,
    host_refusals,
    kind_refusals,
    law_refusals,
    of_its_year,
    outward_refusals,
    series_refusals,
)
from tonne.operations.record import Desk, explain, once
from tonne.operations.scheme import Scheme
from tonne.operations.units import government
from tonne.refusal import Refusal, Refused, refuse_if_any


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLinked(Refusal):
    """A registry proposes once it is linked with a log."""

    number: ClassVar[int] = 7564
    remedy: ClassVar[str] = "Link the registry: tonne registry link."

    def __str__(self) -> str:
        return "These books are not linked with a log between registries."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWayByProposal(Refusal):
    """Units are set aside by proposals only."""

    number: ClassVar[int] = 7541
    remedy: ClassVar[str] = "Name another account."

    block: Block

    def __str__(self) -> str:
        return f"{self.block} would be under way, and no proposal would ever end it."


def link_registry(books: Books, scheme: Scheme, asked: Link, *, key: str, desk: Desk) -> None:
    """Say which registry these books are, and with which log they talk from now on.

    Its letters must be signed with the key that is named, from now on.
    """
    digest, before = once(books, scheme, key, "link", (*asked[:3], str(asked.key)))
    if before is not None:
        return
    refuse_if_any([*code_refusals(asked.code, other_than=asked.log), *code_refusals(asked.log)])
    refuse_if_any([*key_refusals(asked.key), *address_refusals(asked.address)])
    refuse_if_any(_talk_refusals(books, asked))
    teller = Teller(books, scheme, asked.code, desk)
    refuse_if_any(teller.day.act_refusals("link", desk.by))
    books.add_link(_enter(books, scheme, key, desk, kind="link", digest=digest), asked)


def _talk_refusals(books: Books, asked: Link) -> Iterator[Refusal]:
    """7577: what was proposed under a name, and to a log, is talked over to its end with them."""
    here = books.link()
    if here is None:
        return
    named = here.code != asked.code and bool(books.all_proposals())
    if named or (here.log != asked.log and books.open_proposals()):
        yield LinkedAsAnother(reference=LINK, code=here.code, log=here.log)


def propose(books: Books, scheme: Scheme, asked: Exchange, *, desk: Desk) -> Standing:
    """Set units aside and propose to the log what is to become of them.

    The registry's own checks come first, the same as where it acts alone: an issuance is held
    against its year's cap, or a verified report; of units that leave a nation its eligibility and
    its reserve are asked. The same key gives the same proposal.
    """
    ours = linked(books)
    digest, before = once(books, scheme, asked.key, "propose", asked)
    if before is not None:
        name = books.asked_in(before)
        assert name is not None, "an entry of this verb made a proposal"
        return books.standings([name])[name]
    books.talk_alone()
    teller = Teller(books, scheme, ours.code, desk)
    asked = of_its_year(asked, teller)
    refuse_if_any(kind_refusals(asked, ours, teller))
    refuse_if_any(series_refusals(asked, ours, teller))
    issuance = certified(asked, teller)
    if asked.kind == "issue" or asked.becomes is not None:
        teller.begin(asked.becomes or asked.unit, made_here=asked.kind == "issue")
    blocks = bound.blocks_for(teller, asked)
    refuse_if_any(host_refusals(asked, blocks, ours, teller))
    final = bound.final_transaction(teller, asked, blocks)
    cap = cap_of(asked, teller)
    answers = explain(books, scheme, final, desk=desk, cap=cap)
    law = [
        *end_refusals(asked, teller),
        *outward_refusals(asked, blocks, teller),
        *law_refusals(asked, blocks, teller),
    ]
    if desk.told is not None:
        sides = asked.source.partition("-")[0], asked.taker or ours.code
        own = proposed(scheme, asked.kind, asked.verb, asked.unit, teller.day, sides=sides)
        desk.told.extend(answers)
        desk.tell(((each.number, each.sentence) for each in own), law)
    refuse_if_any([*(no for answer in answers for no in answer.refusals), *law])
    proposal = Proposal(
        id=books.name_proposal(ours.code),
        kind=asked.kind,
        giver=ours.code,
        taker=asked.taker or ours.code,
        source=asked.source,
        target=asked.target,
        pieces=tuple(
            Piece(block=block, unit=asked.unit, becomes=asked.becomes) for block in blocks
        ),
        at=desk.at,
    )
    bound.set_aside(teller, proposal)
    entry = _enter(books, scheme, asked.key, desk, kind="propose", digest=digest)
    books.add_asked(entry, proposal.id, verb=asked.verb, year=asked.year)
    if issuance is not None:
        books.add_notice(entry, issuance)
    if asked.dedication is not None:
        books.add_dedications({entry: asked.dedication})
    outcome = linking.propose(Party(code=ours.code, log=ours.log), proposal)
    books.keep(outcome, side="giver", at=desk.at)
    assert outcome.standing is not None, "a proposal stands"
    return outcome.standing


def propose_credits(
    books: Books, scheme: Scheme, report: MonitoringReport, *, unit: str, key: str, desk: Desk
) -> Standing:
    """Propose to issue what a verified report certifies.

    The share for adaptation is set aside when they are issued. ``unit`` is the kind, and after a
    slash the day of expiry where the law does not say it for the kind.
    """
    linked(books)
    code = unit_of(scheme, report, unit, scheme.on(desk.day))
    row, own = scheme.on(desk.day).type_of("issue", code), government(books, scheme)
    asked = Exchange(
        key=key,
        kind="issue",
        verb="issue",
        source=own[row.from_kinds[0]],
        target=own[row.to_kinds[0]],
        unit=code,
        count=report.certified,
        report=report,
    )
    return propose(books, scheme, asked, desk=desk)


def hear_from_log(
    books: Books,
    scheme: Scheme,
    raws: Sequence[bytes | Seen],
    *,
    key: PrivateKey,
    desk: Desk,
    patience: Patience | None = None,
) -> list[Hearing]:
    """Hear letters from the log one after the other; the receipts are signed with our key."""
    books.talk_alone()
    ours = linked(books)
    teller = Teller(books, scheme, ours.code, desk)
    return [_hear(teller, ours, raw, key, patience or Patience()) for raw in raws]


def end_waits(books: Books, scheme: Scheme, *, desk: Desk, patience: Patience | None = None) -> int:
    """Do what is to be done about those who were silent too long; how many there were."""
    ours = linked(books)
    books.talk_alone()
    here = Party(
        code=ours.code,
        log=ours.log,
        standings=books.standings(books.open_proposals()),
        patience=patience or Patience(),
    )
    waited = list(party.look(here, at=desk.at, unheard=books.unheard()))
    for task, outcome in waited:
        refused = _do(Teller(books, scheme, ours.code, desk), task)
        assert not refused, "what was set aside can be freed"
        books.keep(outcome, side=task.side, at=desk.at)
    return len(waited)


def correct_holding(
    books: Books,
    scheme: Scheme,
    block: Block,
    *,
    unit: str,
    source: str,
    target: str,
    reason: str,
    key: str,
    desk: Desk,
) -> int:
    """Set the books right after a comparison by a movement that nobody proposed; its number."""
    digest, before = once(books, scheme, key, "correct", (str(block), unit, source, target, reason))
    if before is not None:
        return before
    teller = Teller(books, scheme, linked(books).code, desk)
    refuse_if_any(teller.day.act_refusals("correct_holding", desk.by))
    refuse_if_any(_engaged(teller, block, target))
    piece = Piece(block=block, unit=unit)
    teller.know(piece)
    movements = teller.movements([piece], teller.account(source), teller.account(target))
    entry = teller.post(f"{key}/correct", "correct", movements, reason)
    _enter(books, scheme, key, desk, kind="correct", digest=digest)
    return entry


def linked(books: Books) -> Link:
    """Which registry these books are, or a refusal."""
    found = books.link()
    if found is None:
        refuse_if_any([NotLinked(reference=LINK)])
    assert found is not None, "what is not refused is linked"
    return found


def _hear(
    teller: Teller, ours: Link, raw: bytes | Seen, key: PrivateKey, patience: Patience
) -> Hearing:
    books, desk = teller.books, teller.desk
    opened = open_letter(books, raw, {ours.log: ours.key}, at=desk.at)
    if isinstance(opened, Hearing):
        return opened
    letter, digest = opened.letter, opened.signed.digest
    here = _party(books, ours, letter, patience)
    task = party.asked(here, letter, digest)
    refused = _do(teller, task)
    outcome = party.hear(here, letter, digest, at=desk.at, refused=refused)
    if outcome.heard is not None and isinstance(letter.body, HoldingsAsked):
        told = tell_holdings(teller, letter.body)
        outcome = replace(outcome, drafts=(Draft(ours.log, told),))
    if outcome.heard is not None and isinstance(letter.body, Compared):
        _compared(books, teller.scheme, letter.body, desk)
    side = _side(ours, outcome)
    return keep_outcome(books, outcome, opened, side=side, at=desk.at, key=key)


def _do(teller: Teller, task: Task) -> tuple[Reason, ...]:
    """Do in the books what a letter asks; or the reasons why it cannot be done.

    What was set aside, or promised, and cannot be freed or received is written down: the talk goes
    on, and a comparison names the numbers.
    """
    proposal = task.proposal
    refusals: Sequence[Refusal] = ()
    if proposal is None or task.does == "nothing":
        return ()
    if task.does == "check":
        refusals = bound.reception_refusals(teller, proposal)
    elif task.does == "free" or task.side == "taker":
        try:
            (bound.free if task.does == "free" else bound.receive)(teller, proposal)
        except Refused as no:
            teller.books.write_down(no.refusals, at=teller.desk.at, sender=teller.code)
    else:
        try:
            bound.give(teller, proposal, teller.books.asked_of(proposal.id))
        except Refused as no:
            refusals = no.refusals
    return tuple(Reason(each.number, str(each)) for each in refusals)


def _party(books: Books, ours: Link, letter: Letter, patience: Patience) -> Party:
    """As much of the registry's talk as a letter needs."""
    body = letter.body
    names = []
    if isinstance(body, linking.Proposed):
        names = [body.proposal.id]
    elif isinstance(body, linking.Said):
        names = [body.proposal]
    about_notice = isinstance(body, linking.Noticed | linking.Judged)
    digest = books.heard(*letter.name)
    return Party(
        code=ours.code,
        log=ours.log,
        standings=books.standings(names),
        heard={} if digest is None else {letter.name: digest},
        notices=books.log_notices() if about_notice else {},
        patience=patience,
    )


def _compared(books: Books, scheme: Scheme, found: Compared, desk: Desk) -> None:
    """Keep what a comparison came to; block the accounts concerned, free those that no more are."""
    books.wait_for_posts()
    key = f"comparison {found.round}"
    if books.known(key) is not None:
        return
    entry = _enter(
        books, scheme, key, desk, kind="comparison", digest=sha256(key.encode()).digest()
    )
    before = books.comparison()
    holders = {each.number: each for each in books.accounts(scheme=scheme.name)}
    own = {kind.code for kind in scheme.on(desk.day).kinds.values() if kind.government}
    concerned = {each.account for each in found.differences if each.account in holders}
    blocked = set() if before is None else {*before.blocked}
    for number in sorted(blocked - concerned):
        if holders[number].status == "suspended":
            books.change_status(entry, account=number, status="open", reason=key)
    kept = blocked & concerned
    for number in sorted(concerned - blocked):
        if holders[number].status == "open" and holders[number].kind not in own:
            books.change_status(entry, account=number, status="suspended", reason=key)
            kept.add(number)
    books.add_comparison(entry, Comparison(found.round, found.differences, tuple(sorted(kept))))


def _enter(books: Books, scheme: Scheme, key: str, desk: Desk, *, kind: str, digest: bytes) -> int:
    """A journal entry of the talk."""
    stamp = scheme.stamp(desk.day, desk.at)
    return books.enter(key=key, digest=digest, kind=kind, year=None, because=(LINK,), stamp=stamp)


def _engaged(teller: Teller, block: Block, target: str) -> Iterator[Refusal]:
    """What is against a correction of numbers that a proposal which is not final names."""
    if target == teller.under_way.number:
        yield UnderWayByProposal(reference=LINK, block=block)
    for each in teller.books.standings(teller.books.open_proposals()).values():
        pieces = () if each.proposal is None else each.proposal.pieces
        if any(linking.overlap(block, piece.block) for piece in pieces):
            yield linking.InAnotherProposal(reference=LINK, block=block, other=each.id)


def _side(ours: Link, outcome: Outcome) -> Side:
    """On which side of what an outcome is about this registry is."""
    standing = outcome.standing
    if standing is None or linking.maker(standing.id) == ours.code:
        return "giver"
    return "taker"
