"""Two registries and a log in memory, and wires between them that lose, repeat and delay."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from random import Random

from changed import replace
from tonne import linking
from tonne.ledger import Block
from tonne.linking import (
    HoldingsAsked,
    HoldingsTold,
    Letter,
    Log,
    Outcome,
    Party,
    Piece,
    PrivateKey,
    Proposal,
    Reason,
    Signed,
    cover,
    party,
    whole_series,
)
from tonne.refusal import Refusal

LOG = "LOG"
KEYS = {"AT": PrivateKey(b"a" * 32), "PL": PrivateKey(b"p" * 32)}
LOG_KEY = PrivateKey(b"l" * 32)
PUBLIC = {code: key.public() for code, key in (KEYS | {LOG: LOG_KEY}).items()}
NOW = datetime(2009, 4, 1, 12, tzinfo=UTC)
PLACES: dict[str, linking.Place] = {"230": "cancelled", "300": "retired", "411": "replaced"}
"""By the type of an account, where its units are."""

NO_ACCOUNT = Reason(7020, "There is no such account.")


def proposal(
    *numbers: tuple[int, int],
    name: str = "AT-50",
    kind: str = "transfer",
    giver: str = "AT",
    taker: str = "PL",
    series: str = "AT",
    unit: str = "AAU-1 AT",
    becomes: str | None = None,
    target: str = "PL-1",
    at: datetime = NOW,
) -> Proposal:
    """A proposal about these numbers."""
    pieces = tuple(
        Piece(block=Block(series, first, last), unit=unit, becomes=becomes)
        for first, last in numbers
    )
    return Proposal(
        id=name,
        kind=kind,
        giver=giver,
        taker=taker,
        source=f"{giver}-1",
        target=target,
        pieces=pieces,
        at=at,
    )


@dataclass
class Outbox:
    """What a side has to say and has not been told was heard; it lasts."""

    sender: str
    letters: dict[int, Letter] = field(default_factory=dict)
    said: int = 0

    def add(self, outcome: Outcome, at: datetime) -> None:
        """Number what an outcome says."""
        for addressee, body in outcome.drafts:
            self.said += 1
            self.letters[self.said] = Letter(
                sender=self.sender, nonce=self.said, addressee=addressee, at=at, body=body
            )


@dataclass
class Registry:
    """A registry with books of its own: which numbers are in which account, as what."""

    code: str
    known: Party
    books: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    """By number: unit and account. What is set aside is in the account ``aside``."""

    out: Outbox = field(init=False)
    proposed: int = 0
    differences: list[linking.Difference] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.out = Outbox(self.code)

    def propose(self, kind: str, block: Block, *, taker: str, target: str, at: datetime) -> None:
        """Propose something about numbers, and set them aside if they are held."""
        self.proposed += 1
        unit = self.books.get((block.series, block.first), (f"AAU-1 {block.series}", ""))[0]
        becomes = f"ERU-AAU-1 {block.series}-7/1" if kind == "convert" else None
        made = Proposal(
            id=f"{self.code}-{self.proposed}",
            kind=kind,
            giver=self.code,
            taker=taker,
            source=f"{self.code}-1",
            target=target,
            pieces=(Piece(block=block, unit=unit, becomes=becomes),),
            at=at,
        )
        if kind != "issue":
            self._put(made, unit, "aside")
        self._keep(linking.propose(self.known, made), at)

    def hear(self, raw: bytes, at: datetime) -> None:
        """Hear a letter: do what it asks, and keep what comes of it."""
        letter, digest = opened(raw, LOG)
        task = party.asked(self.known, letter, digest)
        refused = self._do(task)
        outcome = party.hear(self.known, letter, digest, at=at, refused=refused)
        if isinstance(letter.body, HoldingsAsked) and not outcome.repeated and outcome.heard:
            told = HoldingsTold(
                round=letter.body.round,
                at=at,
                held=tuple(self.held()),
                talked=tuple(
                    each.id
                    for each in self.known.standings.values()
                    if not each.is_final(party.side_of(self.known, each.proposal))
                ),
            )
            outcome = replace(outcome, drafts=(linking.Draft(LOG, told),))
        if isinstance(letter.body, linking.Compared) and outcome.heard:
            self.differences = list(letter.body.differences)
        self._keep(outcome, at)

    def look(self, at: datetime) -> None:
        """Do what is to be done about those who are silent."""
        for task, outcome in list(party.look(self.known, at=at)):
            assert not self._do(task)
            self._keep(outcome, at)

    def held(self) -> Iterator[linking.Held]:
        """The numbers in the books, by ranges."""
        numbers = sorted((*number, *where) for number, where in self.books.items())
        for (series, _, unit, account), run in groupby(
            enumerate(numbers), key=lambda each: (each[1][0], each[1][1] - each[0], *each[1][2:])
        ):
            found = [each[1][1] for each in run]
            place = PLACES.get(linking.type_of(account), "held")
            yield linking.Held(Block(series, found[0], found[-1]), unit, account, place)

    def _keep(self, outcome: Outcome, at: datetime) -> None:
        self.known = self.known.after(outcome)
        self.out.add(outcome, at)
        self.refused.extend(outcome.refusals)

    def _do(self, task: linking.Task) -> tuple[Reason, ...]:
        if task.does == "nothing" or task.proposal is None:
            return ()
        made = task.proposal
        if task.does == "check":
            return () if made.target.startswith(f"{self.code}-") else (NO_ACCOUNT,)
        if task.does == "free":
            if made.kind != "issue":
                self._put(made, None, made.source)
        elif task.side == "giver" and made.kind == "transfer":
            for number in numbers(made):
                del self.books[number]
        else:
            self._put(made, made.pieces[0].becomes, made.target)
        return ()

    def _put(self, made: Proposal, unit: str | None, account: str) -> None:
        for number in numbers(made):
            self.books[number] = (unit or made.pieces[0].unit, account)


@dataclass
class Wires:
    """The log, the registries, and what is on the way between them."""

    seed: int = 0
    log: Log = field(
        default_factory=lambda: Log(
            code=LOG,
            registries=dict.fromkeys(KEYS, "in service"),
            lines={code: whole_series(code) for code in KEYS},
        )
    )
    now: datetime = NOW
    written: list[Refusal] = field(default_factory=list)
    """What the log refused."""

    def __post_init__(self) -> None:
        self.registries = {code: Registry(code, Party(code=code, log=LOG)) for code in KEYS}
        self.out = Outbox(LOG)
        self.rounds = 0
        self.chance = Random(self.seed)  # noqa: S311  no secret

    def declare(self, code: str, status: str) -> None:
        """Say on the list whether a registry serves, or is gone."""
        registries = {**self.log.registries, code: status}
        self.log = replace(self.log, registries=registries)

    def give_up(self, code: str) -> list[str]:
        """Give up by hand what a registry has proposed that is gone; what was given up."""
        given_up = []
        for standing in list(self.log.standings.values()):
            made = standing.proposal
            if made is not None and made.giver == code and not standing.is_final("log"):
                outcome = linking.give_up(self.log, standing.id, reason="gone", at=self.now)
                assert not outcome.refusals, outcome.refusals
                self._keep(outcome)
                given_up.append(standing.id)
        return given_up

    def set_right(self) -> None:
        """Set every registry's books right by the log's copy, where a comparison named them."""
        for code, registry in self.registries.items():
            for each in registry.differences:
                for tile in cover(self.log.lines[each.block.series], each.block):
                    for number in range(tile.first, tile.last + 1):
                        name = tile.series, number
                        if tile.holder == code:
                            kinds_of = {place: kind for kind, place in PLACES.items()}
                            kind = kinds_of.get(tile.place, "1")
                            registry.books[name] = (tile.unit, f"{code}-{kind}")
                        else:
                            registry.books.pop(name, None)

    def boxes(self) -> list[Outbox]:
        """Every side's outbox."""
        return [self.out, *(each.out for each in self.registries.values())]

    def waiting(self) -> list[tuple[Outbox, Letter]]:
        """What has been said and is not known to have been heard."""
        return [(box, letter) for box in self.boxes() for letter in box.letters.values()]

    def carry(self, box: Outbox, letter: Letter, *, crash: bool = False, ack: bool = True) -> None:
        """Carry a letter; who hears it may crash before it keeps it, or its answer be lost."""
        raw = linking.sign(letter, (KEYS | {LOG: LOG_KEY})[letter.sender])
        if crash:
            return  # A step changes nothing until its outcome is kept.
        if letter.addressee == LOG:
            heard, digest = opened(raw, *KEYS)
            self._keep(linking.hear(self.log, heard, digest, at=self.now))
        else:
            self.registries[letter.addressee].hear(raw, self.now)
        if ack:
            box.letters.pop(letter.nonce, None)

    def wait(self, hours: int) -> None:
        """Let time go by."""
        self.now += timedelta(hours=hours)
        for outcome in list(linking.look(self.log, at=self.now)):
            self._keep(outcome)
        for each in self.registries.values():
            each.look(self.now)

    def settle(self) -> None:
        """Carry everything until nobody has anything to say and nobody waits."""
        for _ in range(20):
            while waiting := self.waiting():
                for box, letter in waiting:
                    self.carry(box, letter)
            if not list(self.open()):
                return
            self.wait(100)
        raise AssertionError(f"these never end: {list(self.open())}")

    def open(self) -> Iterator[str]:
        """The proposals that are not final on some side."""
        for standing in self.log.standings.values():
            if not standing.is_final("log"):
                yield standing.id
        for each in self.registries.values():
            for standing in each.known.standings.values():
                if not standing.is_final(party.side_of(each.known, standing.proposal)):
                    yield standing.id

    def reconcile(self) -> None:
        """Ask every registry for its holdings, and compare."""
        self.wait(1)
        for code in KEYS:
            self.begin_round(code)
        self.settle()

    def begin_round(self, code: str) -> None:
        """Ask a registry for its holdings."""
        self.rounds += 1
        name = f"round {self.rounds}"
        self._keep(linking.begin_round(self.log, code, name=name, at=self.now))

    def issue(self, code: str, first: int, last: int) -> None:
        """Issue numbers, through the log."""
        registry = self.registries[code]
        block = Block(code, first, last)
        registry.propose("issue", block, taker=code, target=f"{code}-1", at=self.now)
        self.settle()

    def places(self) -> list[tuple[str, int]]:
        """Every number that some registry holds, as often as it is held."""
        return [number for each in self.registries.values() for number in each.books]

    def _keep(self, outcome: Outcome) -> None:
        self.log = self.log.after(outcome)
        self.out.add(outcome, self.now)
        self.written.extend(outcome.refusals)


def opened(raw: bytes, *senders: str) -> tuple[Letter, str]:
    """A letter that one of these has signed, and its digest."""
    signed: Signed = linking.signed_by(raw, {code: PUBLIC[code] for code in senders})
    return linking.read(signed), signed.digest


def numbers(made: Proposal) -> Iterator[tuple[str, int]]:
    """Every number of a proposal."""
    for piece in made.pieces:
        for number in range(piece.block.first, piece.block.last + 1):
            yield piece.block.series, number


def kinds(refusals: Iterable[Refusal]) -> set[str]:
    """The names of the rules that were not met."""
    return {type(each).__name__ for each in refusals}
