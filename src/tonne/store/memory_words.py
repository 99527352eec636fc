"""What the books in memory keep of what was said in the market: the twin of ``words``."""

from abc import ABC
from collections.abc import Sequence

from tonne.market import MarketWord
from tonne.store.loaded import Spoken
from tonne.store.memory_payments import MemoryPaying
from tonne.store.undo import expect


class MemorySpeaking(MemoryPaying, ABC):
    """What was said in the market."""

    def speak_alone(self, topic: str, subject: str) -> None:
        """Nobody else speaks: one operation runs at a time."""

    def say(self, entry: int, words: Sequence[MarketWord]) -> None:
        """Keep what was said in the market, in this order."""
        self._expect_entry(entry)
        memory = self.memory
        expect(all(word.entry != entry for word in memory.words), "a record is made with its entry")
        stamp = memory.entries[entry].stamp
        for word in words:
            expect(bool(word.topic and word.subject), "a word is about something")
            spoken = Spoken(len(memory.words) + 1, entry, stamp.day, stamp.at, word)
            self._append(memory.words, spoken)

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
