"""What a side of the talk keeps in memory: the twin of ``talk``."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tonne.linking import (
    Letter,
    NoticeStanding,
    NoticeStatus,
    Outcome,
    Proposed,
    Said,
    Side,
    Standing,
    Written,
)
from tonne.refusal import Refusal
from tonne.store.undo import NotWhole, Undoing


@dataclass(slots=True)
class MemoryOfTalk:
    """Everything a side has said and heard."""

    heard: dict[tuple[str, int], str] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    final: dict[str, bool] = field(default_factory=dict)
    out: dict[int, Letter] = field(default_factory=dict)
    sent: dict[int, datetime] = field(default_factory=dict)
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

    def was_heard(self, nonces: Iterable[int], *, at: datetime) -> None:
        """These letters have been heard by whom they were for."""
        for nonce in nonces:
            if nonce not in self.talk.sent:
                self._put(self.talk.sent, nonce, at)
