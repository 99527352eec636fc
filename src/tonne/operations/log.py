"""What a log between registries does: it keeps its list and its line, hears, waits, compares."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tonne import linking
from tonne.ledger import LAST_NUMBER, Block
from tonne.linking import (
    KINDS,
    LINK,
    Answered,
    HoldingsTold,
    Letter,
    Line,
    Listed,
    Log,
    LogAnswer,
    Move,
    Moved,
    Patience,
    Place,
    PrivateKey,
    Proposal,
    Proposed,
    PublicKey,
    Said,
    Standing,
)
from tonne.operations.ask import SerialUnknown
from tonne.operations.letters import Hearing, Seen, keep_outcome, open_letter
from tonne.operations.log_grounds import (
    AddressUnfit,
    KeyInUse,
    KeyUnfit,
    LogNamedBefore,
    LogNotNamed,
    NameUnfit,
    NotOnTheList,
    SeriesOfAnother,
)
from tonne.operations.talk import LogBooks
from tonne.refusal import Refusal, refuse_if_any

_ADDRESS = re.compile(
    r"http://(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z][0-9A-Za-z._-]*)(:(?P<port>[0-9]{1,5}))?(/[0-9A-Za-z._~/-]*)?",
    re.ASCII,
)
_PORT_MAX = 65_535


_CODE_MIN, _CODE_MAX = 2, 8


def found_log(books: LogBooks, code: str) -> None:
    """Give a log its name, for ever; the same again changes nothing."""
    refuse_if_any(code_refusals(code))
    before = books.code()
    if before is None:
        books.name(code)
    elif before != code:
        refuse_if_any([LogNamedBefore(reference=LINK, name=before)])


def list_registry(books: LogBooks, listed: Listed, *, reason: str, at: datetime) -> None:
    """Put a registry on the list with its public key, or say anew what is known of it.

    From now on letters must be signed with the key that is named; those that were heard stay as
    they are, with the key by which they were signed.

    It issues its own series, and those of which the list says so.
    """
    log = named(books)
    others = {
        series: each.code
        for each in books.listed().values()
        if each.code != listed.code
        for series in each.issues()
    }
    refuse_if_any(
        [
            *(no for code in listed.issues() for no in code_refusals(code, other_than=log)),
            *key_refusals(listed.key),
            *address_refusals(listed.address),
            *(
                KeyInUse(reference=LINK, registry=each.code)
                for each in books.listed().values()
                if each.key == listed.key and each.code != listed.code
            ),
            *(
                SeriesOfAnother(reference=LINK, series=series, registry=others[series])
                for series in listed.issues()
                if series in others
            ),
        ]
    )
    books.put_on_list(listed, reason=reason, at=at)


def hear_at_log(
    books: LogBooks,
    raws: Sequence[bytes | Seen],
    *,
    key: PrivateKey,
    at: datetime,
    patience: Patience | None = None,
) -> list[Hearing]:
    """Hear letters one after the other; the receipts are signed with the log's key."""
    books.talk_alone()
    listed = books.listed()
    here = _bare(books, listed, patience)
    keys = keys_of(listed)
    return [_hear(books, here, raw, keys, key=key, at=at) for raw in raws]


def keys_of(listed: Mapping[str, Listed]) -> dict[str, PublicKey]:
    """By which key each registry on the list is known."""
    return {code: each.key for code, each in listed.items()}


def examine_at_log(
    books: LogBooks, raw: bytes, *, at: datetime, patience: Patience | None = None
) -> tuple[LogAnswer, ...]:
    """What every check of the log says of a proposal; nothing is changed."""
    listed = books.listed()
    keys = keys_of(listed)
    letter = linking.read(linking.signed_by(raw, keys))
    if not isinstance(letter.body, Proposed):
        return ()
    log = _log_for(books, letter, _bare(books, listed, patience))
    return linking.explain(
        letter.body.proposal, linking.ground_of(log, letter.body.proposal), at=at
    )


def line_history(books: LogBooks, serial: str) -> list[Moved]:
    """Every move of a serial number by the log's own copy, in order."""
    series, _, digits = serial.strip().rpartition("-")
    number = int(digits) if digits.isdecimal() else 0
    known = 1 <= number <= LAST_NUMBER and books.tiles([Block(series, number, number)])
    if not known:
        refuse_if_any([SerialUnknown(reference="Rule of the books: serials", serial=serial)])
    return [
        each
        for each in books.moves()
        if each.move.block.series == series
        and each.move.block.first <= number <= each.move.block.last
    ]


def end_waits_at_log(books: LogBooks, *, at: datetime, patience: Patience | None = None) -> int:
    """Do what is to be done about those who were silent too long; how many there were."""
    books.talk_alone()
    log = Log(
        code=named(books),
        registries={},
        standings=books.standings(books.open_proposals()),
        patience=patience or Patience(),
    )
    outcomes = list(linking.look(log, at=at, unheard=books.unheard()))
    for outcome in outcomes:
        books.keep(outcome, side="log", at=at)
    return len(outcomes)


def give_up(books: LogBooks, proposal: str, *, reason: str, at: datetime) -> Standing:
    """Give up a proposal whose giver is gone, for a reason that is kept and told to all.

    What was said of it before and is not known to have been heard is not brought any more: a giver
    who comes back would give at the log's old word.
    """
    books.talk_alone()
    log = replace(_bare(books, books.listed(), None), standings=books.standings([proposal]))
    outcome = linking.give_up(log, proposal, reason=reason, at=at)
    refuse_if_any(outcome.refusals)
    last, old = 0, []
    while letters := books.waiting(log.code, after=last):
        last = letters[-1].nonce
        old += [each.nonce for each in letters if each.about == proposal]
    books.take_back(old, at=at)
    books.keep(outcome, side="log", at=at)
    assert outcome.standing is not None, "what is not refused is given up"
    return outcome.standing


def ask_for_holdings(books: LogBooks, registry: str, *, at: datetime) -> str:
    """Begin a comparison with a registry; its name."""
    books.talk_alone()
    listed = books.listed()
    expect_listed(registry, listed)
    log = Log(
        code=named(books),
        registries={code: each.status for code, each in listed.items()},
        rounds=books.rounds(),
    )
    name = f"{registry} {at.isoformat()}"
    outcome = linking.begin_round(log, registry, name=name, at=at)
    books.keep(outcome, side="log", at=at)
    books.keep_at_log(outcome, at=at)
    return name


def correct_line(
    books: LogBooks,
    block: Block,
    *,
    holder: str,
    unit: str,
    place: Place = "held",
    reason: str,
    at: datetime,
) -> None:
    """Set the log's own copy right, with the reason; nobody holds what is not issued."""
    books.talk_alone()
    listed = books.listed()
    expect_listed(block.series, {code: each for each in listed.values() for code in each.issues()})
    if place != "unissued":
        expect_listed(holder, listed)
    nobody = place == "unissued"
    refusals = (
        linking.InAnotherProposal(reference=LINK, block=block, other=other)
        for other in books.talked_over([block])
    )
    refuse_if_any([*refusals, *(() if nobody else linking.code_refusals(block, unit))])
    move = Move(block, "" if nobody else holder, "" if nobody else unit, place)
    books.correct(move, reason=reason, at=at)


def line_faults(books: LogBooks) -> list[str]:
    """Where the line is not what all its moves make of it."""
    lines = books.lines()
    derived: dict[str, Line] = {series: linking.whole_series(series) for series in lines}
    for each in books.moves():
        series = each.move.block.series
        derived[series] = linking.moved(derived[series], each.move)
    faults = []
    for series, line in lines.items():
        if not linking.is_whole(line):
            faults.append(f"the line of {series} is not whole")
        if linking.joined(line) != linking.joined(derived.get(series, ())):
            faults.append(f"the line of {series} is not what its moves make of it")
    return faults


def named(books: LogBooks) -> str:
    """The log's name, or a refusal."""
    code = books.code()
    if code is None:
        refuse_if_any([LogNotNamed(reference=LINK)])
    assert code is not None, "what is not refused is named"
    return code


def code_refusals(code: str, *, other_than: str = "") -> list[Refusal]:
    """What is against a code for a registry or a log."""
    fit = code.isascii() and code.isalnum() and code.isupper() and code != other_than
    if fit and _CODE_MIN <= len(code) <= _CODE_MAX:
        return []
    return [NameUnfit(reference=LINK, name=code)]


def key_refusals(key: PublicKey) -> list[Refusal]:
    """What is against a public key."""
    return [] if key.is_sound() else [KeyUnfit(reference=LINK, key=str(key))]


def address_refusals(address: str) -> list[Refusal]:
    """What is against an address to which letters are brought: a host, a port, a path."""
    found = _ADDRESS.fullmatch(address)
    if found is not None and 0 < int(found["port"] or 80) <= _PORT_MAX:
        return []
    return [AddressUnfit(reference=LINK, address=address)]


def expect_listed(registry: str, listed: dict[str, Listed]) -> None:
    """Nothing if the registry is on the list; else a refusal."""
    if registry not in listed:
        refuse_if_any([NotOnTheList(reference=LINK, registry=registry)])


def _bare(books: LogBooks, listed: Mapping[str, Listed], patience: Patience | None) -> Log:
    """The log as its list alone tells it."""
    return Log(
        code=named(books),
        registries={code: each.status for code, each in listed.items()},
        eligible={code: each.may for code, each in listed.items()},
        issuers={series: each.code for each in listed.values() for series in each.series},
        patience=patience or Patience(),
    )


def _hear(
    books: LogBooks,
    here: Log,
    raw: bytes | Seen,
    keys: Mapping[str, PublicKey],
    *,
    key: PrivateKey,
    at: datetime,
) -> Hearing:
    opened = open_letter(books, raw, keys, at=at)
    if isinstance(opened, Hearing):
        return opened
    letter = opened.letter
    outcome = linking.hear(_log_for(books, letter, here), letter, opened.signed.digest, at=at)
    answer = keep_outcome(books, outcome, opened, side="log", at=at, key=key)
    books.keep_at_log(outcome, at=at)
    return answer


def _log_for(books: LogBooks, letter: Letter, here: Log) -> Log:
    """As much of the log as a letter needs."""
    log = replace(here, heard=_heard(books, letter))
    body = letter.body
    if isinstance(body, Proposed):
        return _log_for_proposal(books, body.proposal, log)
    if isinstance(body, Said):
        standings = books.standings([body.proposal])
        proposals = [e.proposal for e in standings.values() if e.proposal is not None]
        staying = [e for e in proposals if (kind := KINDS.get(e.kind)) and kind.stays]
        blocks = [piece.block for each in staying for piece in each.pieces]
        return replace(log, standings=standings, lines=books.tiles(blocks))
    if isinstance(body, HoldingsTold):
        rounds = books.rounds()
        asked = rounds.get(letter.sender)
        about = {*books.open_proposals(), *body.talked}
        about |= set() if asked is None else {*books.final_since(asked.began)}
        standings = books.standings(about)
        return replace(log, lines=books.lines(), standings=standings, rounds=rounds)
    if isinstance(body, Answered):
        notices = books.log_notices()
        about = {*body.proposals}
        asked_of = notices.get(body.notice)
        if asked_of is None:
            return replace(log, notices=notices)
        about |= {*asked_of.proposals}
        holds = linking.NOTICES[asked_of.notice.kind].asks == "hold"
        lines = books.lines() if holds else {}
        return replace(log, notices=notices, standings=books.standings(about), lines=lines)
    return log


def _log_for_proposal(books: LogBooks, proposal: Proposal, log: Log) -> Log:
    """As much of the log as the checks of a proposal need."""
    blocks = [piece.block for piece in proposal.pieces]
    about = {proposal.id, *books.talked_over(blocks)}
    log = replace(log, rounds=books.rounds(), notices=books.log_notices())
    if linking.reserve_of(log.notices.values(), proposal.giver):
        # What the giver holds in all is asked, and what else of it is under way.
        standings = books.standings(about | {*books.open_proposals()})
        return replace(log, lines=books.lines(), standings=standings)
    return replace(log, lines=books.tiles(blocks), standings=books.standings(about))


def _heard(books: LogBooks, letter: Letter) -> dict[tuple[str, int], str]:
    digest = books.heard(*letter.name)
    return {} if digest is None else {letter.name: digest}
