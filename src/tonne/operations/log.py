"""What a log between registries does: it keeps its list and its line, hears, waits, compares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlsplit

from tonne import linking
from tonne.ledger import Block
from tonne.linking import (
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
    Outcome,
    Patience,
    Place,
    Proposed,
    Said,
)
from tonne.operations.ask import SerialUnknown
from tonne.operations.talk import LogBooks
from tonne.refusal import Refusal, Refused, refuse_if_any


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNotNamed(Refusal):
    """A log has a name before it does anything, and keeps it."""

    number: ClassVar[int] = 7560
    remedy: ClassVar[str] = "Give the log its name: tonne log found."

    def __str__(self) -> str:
        return "This log has no name yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOnTheList(Refusal):
    """What is done with a registry is done with one on the list."""

    number: ClassVar[int] = 7561
    remedy: ClassVar[str] = "Correct the code, or list the registry: tonne log register."

    registry: str

    def __str__(self) -> str:
        return f"No registry {self.registry!r} is on the list of this log."


@dataclass(frozen=True, slots=True, kw_only=True)
class NameUnfit(Refusal):
    """A registry and a log are called by two to eight capital letters and digits."""

    number: ClassVar[int] = 7562
    remedy: ClassVar[str] = "Choose a code such as AT, PL or LOG."

    name: str

    def __str__(self) -> str:
        return f"{self.name!r} is no code for a registry or a log here."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTooShort(Refusal):
    """A key that a registry and the log share is long enough."""

    number: ClassVar[int] = 7563
    remedy: ClassVar[str] = "Make a key of at least 32 random bytes: tonne log key."

    length: int

    def __str__(self) -> str:
        return f"A key of {self.length} bytes is too short."


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressUnfit(Refusal):
    """Letters are brought to an address that can be found, over HTTP."""

    number: ClassVar[int] = 7566
    remedy: ClassVar[str] = "Write it as http://127.0.0.1:8101; what encrypts stands before it."

    address: str

    def __str__(self) -> str:
        return f"To {self.address!r} no letter can be brought."


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNamedBefore(Refusal):
    """A log keeps its name."""

    number: ClassVar[int] = 7567
    remedy: ClassVar[str] = "Found another log in a database of its own."

    name: str

    def __str__(self) -> str:
        return f"This log is called {self.name} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInUse(Refusal):
    """Each registry shares another key with the log."""

    number: ClassVar[int] = 7568
    remedy: ClassVar[str] = "Make a key for this registry alone: tonne log key."

    registry: str

    def __str__(self) -> str:
        return f"This key is shared with {self.registry}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What came of a letter, for whoever brought it."""

    refusals: tuple[Refusal, ...] = ()
    repeated: bool = False
    sealed: bool = True
    """Whether it bore a good seal."""

    receipt: str = ""
    """What says under the key that it was heard, now or before; nothing where it was not."""


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
    """Put a registry on the list with its key, or say anew what is known of it."""
    log = named(books)
    refuse_if_any([*code_refusals(listed.code, other_than=log), *key_refusals(listed.key)])
    refuse_if_any(address_refusals(listed.address))
    refuse_if_any(
        KeyInUse(reference=LINK, registry=each.code)
        for each in books.listed().values()
        if each.key == listed.key and each.code != listed.code
    )
    books.put_on_list(listed, reason=reason, at=at)


def hear_at_log(
    books: LogBooks, raw: bytes, *, at: datetime, patience: Patience | None = None
) -> Hearing:
    """Hear a letter; what is refused is written down, whoever it is from."""
    return hear_all_at_log(books, [raw], at=at, patience=patience)[0]


def hear_all_at_log(
    books: LogBooks, raws: Sequence[bytes], *, at: datetime, patience: Patience | None = None
) -> list[Hearing]:
    """Hear letters one after the other."""
    books.talk_alone()
    listed = books.listed()
    here = Log(
        code=named(books),
        registries={code: each.status for code, each in listed.items()},
        patience=patience or Patience(),
    )
    keys = {code: each.key for code, each in listed.items()}
    return [_hear(books, here, raw, keys, at) for raw in raws]


def came_of(outcome: Outcome, digest: str, key: bytes) -> Hearing:
    """What came of a letter: with a receipt, if it was heard."""
    was_heard = outcome.heard is not None or outcome.repeated
    return Hearing(
        refusals=outcome.refusals,
        repeated=outcome.repeated,
        receipt=linking.receipt(digest, key) if was_heard else "",
    )


def examine_at_log(
    books: LogBooks, raw: bytes, *, at: datetime, patience: Patience | None = None
) -> tuple[LogAnswer, ...]:
    """What every check of the log says of a proposal; nothing is changed."""
    listed = books.listed()
    letter, _ = linking.unseal(raw, {code: each.key for code, each in listed.items()})
    if not isinstance(letter.body, Proposed):
        return ()
    log = _log_for(
        books,
        letter,
        Log(
            code=named(books),
            registries={code: each.status for code, each in listed.items()},
            patience=patience or Patience(),
        ),
    )
    return linking.explain(letter.body.proposal, linking.ground_of(log), at=at)


def line_history(books: LogBooks, serial: str) -> list[Moved]:
    """Every move of a serial number by the log's own copy, in order."""
    series, _, digits = serial.strip().rpartition("-")
    if not (digits.isdecimal() and series in books.listed()):
        refuse_if_any([SerialUnknown(reference="Rule of the books: serials", serial=serial)])
    number = int(digits)
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
    expect_listed(block.series, listed)
    if place != "unissued":
        expect_listed(holder, listed)
    refusals = [
        linking.InAnotherProposal(reference=LINK, block=block, other=other)
        for other in books.talked_over([block])
    ]
    refuse_if_any(refusals)
    nobody = place == "unissued"
    move = Move(block, "" if nobody else holder, "" if nobody else unit, place)
    books.correct(move, reason=reason, at=at)


def line_faults(books: LogBooks) -> list[str]:
    """Where the line is not what all its moves make of it."""
    derived: dict[str, Line] = {code: linking.whole_series(code) for code in books.listed()}
    for each in books.moves():
        series = each.move.block.series
        derived[series] = linking.moved(derived[series], each.move)
    faults = []
    for series, line in books.lines().items():
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


def key_refusals(key: bytes) -> list[Refusal]:
    """What is against a key."""
    if len(key) >= linking.KEY_BYTES_MIN:
        return []
    return [KeyTooShort(reference=LINK, length=len(key))]


def address_refusals(address: str) -> list[Refusal]:
    """What is against an address to which letters are brought."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return [AddressUnfit(reference=LINK, address=address)]
    plain = address.isascii() and address.isprintable() and " " not in address
    bare = not (parts.query or parts.fragment or "@" in parts.netloc)
    if plain and bare and parts.scheme == "http" and parts.hostname and port != 0:
        return []
    return [AddressUnfit(reference=LINK, address=address)]


def expect_listed(registry: str, listed: dict[str, Listed]) -> None:
    """Nothing if the registry is on the list; else a refusal."""
    if registry not in listed:
        refuse_if_any([NotOnTheList(reference=LINK, registry=registry)])


def _hear(
    books: LogBooks, here: Log, raw: bytes, keys: Mapping[str, bytes], at: datetime
) -> Hearing:
    try:
        letter, digest = linking.unseal(raw, keys)
    except Refused as no:
        books.write_down(no.refusals, at=at, sender=_claimed(no))
        return Hearing(refusals=no.refusals, sealed=False)
    outcome = linking.hear(_log_for(books, letter, here), letter, digest, at=at)
    books.keep(outcome, side="log", at=at, of=letter)
    books.keep_at_log(outcome, at=at)
    return came_of(outcome, digest, keys[letter.sender])


def _log_for(books: LogBooks, letter: Letter, here: Log) -> Log:
    """As much of the log as a letter needs."""
    log = replace(here, heard=_heard(books, letter))
    body = letter.body
    if isinstance(body, Proposed):
        blocks = [piece.block for piece in body.proposal.pieces]
        about = {body.proposal.id, *books.talked_over(blocks)}
        lines, standings = books.tiles(blocks), books.standings(about)
        return replace(log, lines=lines, standings=standings, rounds=books.rounds())
    if isinstance(body, Said):
        return replace(log, standings=books.standings([body.proposal]))
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


def _heard(books: LogBooks, letter: Letter) -> dict[tuple[str, int], str]:
    digest = books.heard(*letter.name)
    return {} if digest is None else {letter.name: digest}


def _claimed(no: Refused) -> str:
    """Who a letter claims to be from that was not opened."""
    found = [str(each.facts().get("sender", "")) for each in no.refusals]
    return found[0][:40]
