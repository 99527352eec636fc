"""What the books in memory keep of what was said: the twin of ``words``."""

from abc import ABC
from collections.abc import Sequence
from datetime import datetime

from tonne.ledger import KeptWord, Matter, Span
from tonne.store.loaded import Spoken
from tonne.store.memory_payments import MemoryPaying
from tonne.store.undo import expect


class MemorySpeaking(MemoryPaying, ABC):
    """What was said."""

    def speak_alone(self, topic: str, subject: str) -> None:
        """Nobody else speaks: one operation runs at a time."""

    def speak_beside(self, topic: str, subject: str) -> None:
        """Nobody speaks alone meanwhile: one operation runs at a time."""

    def say(self, entry: int, words: Sequence[KeptWord]) -> None:
        """Keep what was said, in this order."""
        self._expect_entry(entry)
        memory = self.memory
        expect(all(word.entry != entry for word in memory.words), "a record is made with its entry")
        stamp = memory.entries[entry].stamp
        for word in words:
            expect(bool(word.topic and word.subject), "a word is about something")
            spoken = Spoken(len(memory.words) + 1, entry, stamp.day, stamp.at, word)
            self._append(memory.words, spoken)
            if word.state:
                self._keep_matter(spoken)

    def _keep_matter(self, spoken: Spoken) -> None:
        """Remember how the subject stands; what waits for a second person another lets pass."""
        topic, subject, _, state, account, about, due = spoken.word
        stood = self.memory.matters.get((topic, subject))
        expect(
            stood is None
            or stood.state != "awaiting_approval"
            or stood.about != about
            or state in {"awaiting_approval", "rejected", "cancelled", "terminated"},
            "nobody approves what they proposed themselves",
        )
        if stood is None:
            stood = Matter(topic, subject, state, account, about, due, spoken.number)
        stands = stood._replace(state=state, account=account, due=due)
        self._put(self.memory.matters, (topic, subject), stands)

    def words(
        self, topic: str, subject: str | None = None, *, after: int = 0, last: bool = False
    ) -> list[Spoken]:
        """What was said on a topic, of all subjects or of one, in order, after some number."""
        found = [
            each
            for each in self.memory.words[after:]
            if each.word.topic == topic and subject in {None, each.word.subject}
        ]
        if last:
            found = list({each.word.subject: each for each in found}.values())
        return sorted(found, key=lambda each: each.number)

    def matters(
        self,
        topic: str,
        subject: str | None = None,
        *,
        states: Sequence[str] | None = None,
        account: str | None = None,
        about: str | None = None,
        due: datetime | None = None,
        made: Span | None = None,
        after: int = 0,
        before: int | None = None,
        newest: bool = False,
        limit: int | None = None,
    ) -> list[Matter]:
        """How the subjects of a topic stand that fit, by their first words, in either order."""
        found = [
            each
            for each in self.memory.matters.values()
            if each.topic == topic
            and subject in {None, each.subject}
            and (states is None or each.state in states)
            and account in {None, each.account}
            and about in {None, each.about}
            and (due is None or (each.due is not None and each.due <= due))
            and (made is None or made[0] <= self.memory.words[each.number - 1].at < made[1])
            and each.number > after
            and (before is None or each.number < before)
        ]
        return sorted(found, key=lambda each: each.number, reverse=newest)[:limit]

    def subjects(self, topic: str, about: str) -> list[str]:
        """The subjects of a topic of which some word concerns somebody, as they came up."""
        found = (
            word.subject
            for _, _, _, _, word in self.memory.words
            if (word.topic, word.about) == (topic, about)
        )
        return list(dict.fromkeys(found))
