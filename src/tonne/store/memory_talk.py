"""What a side of the talk keeps in memory: the twin of ``talk``."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tonne.linking import (
    Evidence,
    Letter,
    NoticeStanding,
    NoticeStatus,
    Outcome,
    Proposed,
    Said,
    Side,
    Signed,
    Standing,
    Written,
    text_of,
)
from tonne.refusal import Refusal
from tonne.store.undo import NotWhole, Undoing, expect


@dataclass(slots=True)
class MemoryOfTalk:
    """Everything a side has said and heard."""

    heard: dict[tuple[str, int], str] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    final: dict[str, bool] = field(default_factory=dict)
    out: dict[int, Letter] = field(default_factory=dict)
    sent: dict[int, tuple[datetime, Signed | None]] = field(default_factory=dict)
    kept: dict[str, tuple[str, Evidence]] = field(default_factory=dict)
    """By digest, the letters that others signed, and what each is about."""

    strangers: dict[date, int] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    notices: dict[str, NoticeStanding] = field(default_factory=dict)
    nonces: int = 0


class MemoryTalking(Undoing, ABC):
    """The talk of one side; everything in it stands or falls with the rest of the operation."""

    @property
    @abstractmethod
    def talk(self) -> MemoryOfTalk:
        """What was said and heard."""

    def talk_alone(self) -> None:
        """Nobody else of this side is here."""

    def heard(self, sender: str, nonce: int) -> str | None:
        """The digest of the letter that was heard under this number."""
        return self.talk.heard.get((sender, nonce))

    def standings(self, proposals: Iterable[str]) -> dict[str, Standing]:
        """How far these proposals have come, as far as they are known."""
        known = self.talk.standings
        return {name: known[name] for name in sorted(set(proposals)) if name in known}

    def open_proposals(self) -> list[str]:
        """The proposals that are not final."""
        return [name for name, final in self.talk.final.items() if not final]

    def all_proposals(self) -> list[str]:
        """Every proposal that was ever heard of."""
        return list(self.talk.standings)

    def keep(self, outcome: Outcome, *, side: Side, at: datetime, of: Letter | None = None) -> None:
        """Keep what a letter or a silence came to: what was heard, is to be said, was refused."""
        talk = self.talk
        if outcome.heard is not None:
            expect(outcome.heard.digest in talk.kept, "what was heard is kept")
            self._add(talk.heard, outcome.heard[:2], outcome.heard.digest)
        standing = outcome.standing
        if standing is not None:
            if talk.final.get(standing.id):
                raise NotWhole("what is final stays as it is")
            self._put(talk.standings, standing.id, standing)
            self._put(talk.final, standing.id, standing.is_final(side))
        if outcome.notice is not None:
            name = outcome.notice.notice.id
            before = talk.notices.get(name)
            if before is not None and before.status is NoticeStatus.COMPLETED:
                raise NotWhole("what is carried out stays so")
            self._put(talk.notices, name, outcome.notice)
        for addressee, body in outcome.drafts:
            talk.nonces += 1
            self._add(talk.out, talk.nonces, Letter(
                sender="", nonce=talk.nonces, addressee=addressee, at=at, body=body
            ))  # fmt: skip
        sender, nonce = ("", None) if of is None else of.name
        self.write_down(outcome.refusals, at=at, sender=sender, nonce=nonce)

    def log_notices(self) -> dict[str, NoticeStanding]:
        """Every notice that was given, and how far its duty has come."""
        return dict(sorted(self.talk.notices.items()))

    def write_down(
        self, refusals: Sequence[Refusal], *, at: datetime, sender: str, nonce: int | None = None
    ) -> None:
        """Write down what was refused and why."""
        for each in refusals:
            written = Written(at, sender, nonce, each.number, each.code, str(each))
            self._append(self.talk.written, written)

    def written(self) -> list[Written]:
        """What was refused and why, in the order in which it was."""
        return list(self.talk.written)

    def waiting(
        self, sender: str, *, addressee: str | None = None, after: int = 0, limit: int = 100
    ) -> list[Letter]:
        """What is to be said, to one or to all, and is not known to have been heard, in order."""
        found = [
            letter
            for nonce, letter in self.talk.out.items()
            if nonce > after and nonce not in self.talk.sent
            if addressee in {None, letter.addressee}
        ]
        return [replace(each, sender=sender) for each in found[:limit]]

    def unheard(self) -> set[str]:
        """The proposals about which something is said that is not known to have been heard."""
        found = [e.body for nonce, e in self.talk.out.items() if nonce not in self.talk.sent]
        return {each.proposal for each in found if isinstance(each, Said)} | {
            each.proposal.id for each in found if isinstance(each, Proposed)
        }

    def was_heard(self, receipts: Mapping[int, Signed], *, at: datetime) -> None:
        """These letters have been heard by whom they were for, and here are the receipts."""
        for nonce, receipt in receipts.items():
            if nonce not in self.talk.sent:
                self._put(self.talk.sent, nonce, (at, receipt))

    def take_back(self, nonces: Sequence[int], *, at: datetime) -> None:
        """Bring these letters no more, whether they were heard or not."""
        for nonce in nonces:
            if nonce not in self.talk.sent:
                self._put(self.talk.sent, nonce, (at, None))

    def keep_letter(self, signed: Signed, *, about: str, at: datetime) -> bool:
        """Keep a letter that somebody has signed; whether it is here for the first time."""
        if signed.digest in self.talk.kept:
            return False
        self._add(self.talk.kept, signed.digest, (about, Evidence(at, signed, signed.text)))
        return True

    def evidence(self, about: str, *, here: str) -> list[Evidence]:
        """What others signed about something: their letters, then their receipts for ours."""
        found = [each for name, each in self.talk.kept.values() if name == about]
        found.sort(key=lambda each: (each.at, each.signed.digest))
        ours = {nonce: letter for nonce, letter in self.talk.out.items() if letter.about == about}
        return found + [
            Evidence(at, receipt, text_of(replace(letter, sender=here)))
            for nonce, letter in ours.items()
            for at, receipt in [self.talk.sent.get(nonce, (letter.at, None))]
            if receipt is not None
        ]

    def count_stranger(self, day: date) -> int:
        """Count a letter that nobody known has signed; how many there were on the day."""
        self._put(self.talk.strangers, day, self.talk.strangers.get(day, 0) + 1)
        return self.talk.strangers[day]

    def strangers(self) -> dict[date, int]:
        """How many letters of each day nobody known has signed."""
        return dict(sorted(self.talk.strangers.items()))
