"""What the books of a registry in memory keep of its talk with the log: the twin of ``link``."""

from abc import ABC, abstractmethod

from tonne.linking import Asked, Comparison, Held, Link
from tonne.store.kept import Memory
from tonne.store.memory_talk import MemoryOfTalk, MemoryTalking


class MemoryCorresponding(MemoryTalking, ABC):
    """The registry's side of the talk."""

    memory: Memory

    @property
    def talk(self) -> MemoryOfTalk:
        """What was said and heard."""
        return self.memory.talk

    def link(self) -> Link | None:
        """Which registry these books are, and with which log it talks."""
        return self.memory.links[-1] if self.memory.links else None

    def add_link(self, entry: int, link: Link) -> None:
        """Say which registry these books are, and with which log it talks from now on."""
        self._expect_entry(entry)
        self._append(self.memory.links, link)

    def name_proposal(self, registry: str) -> str:
        """A name that no proposal of this registry has."""
        self.memory.proposed += 1
        return f"{registry}-{self.memory.proposed}"

    def add_asked(self, entry: int, proposal: str, *, verb: str, year: int | None) -> None:
        """Keep what was asked for in a proposal, beside what it says to the log."""
        self._expect_entry(entry)
        self._add(self.memory.asked, proposal, Asked(entry, verb, year))

    def asked_in(self, entry: int) -> str | None:
        """The proposal that was made by an entry."""
        found = [name for name, asked in self.memory.asked.items() if asked.entry == entry]
        return found[0] if found else None

    def asked_of(self, proposal: str) -> Asked:
        """What was asked for in a proposal of this registry."""
        return self.memory.asked[proposal]

    def ranges(self) -> list[Held]:
        """Every number that is issued or was received, in which account it lies, and as what."""
        order = {series: place for place, series in enumerate(self.memory.series)}
        found = [
            Held(lot.block, asset, account)
            for (account, asset), lots in self.memory.lots.items()
            if asset in self.memory.assets
            for lot in lots.values()
        ]
        return sorted(found, key=lambda each: (order[each.block.series], each.block.last))

    def add_comparison(self, entry: int, comparison: Comparison) -> None:
        """Keep what a comparison came to."""
        self._expect_entry(entry)
        self._append(self.memory.comparisons, comparison)

    def comparison(self) -> Comparison | None:
        """The last comparison with the log."""
        return self.memory.comparisons[-1] if self.memory.comparisons else None

    @abstractmethod
    def _expect_entry(self, entry: int) -> None:
        """Refuse what names no entry."""
