"""What is found of a nation or a project, and written down: everything else follows from it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

NoticeKind = Literal["reversal", "report", "inventory", "shown", "judgement", "credits", "removals"]
"""Storage reversed, a certification report missing, an inventory reviewed, what a nation showed,
how it was judged at the end of a period, what credits were issued for, removals reviewed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One finding, of the day on which it was told."""

    kind: NoticeKind
    subject: str
    """A nation by its letters, or a project as its units say it: MD-514."""

    day: date
    facts: tuple[tuple[str, str], ...] = ()
    """Each with its name, as it was told."""

    entry: int = 0
    """Its number in the journal, once it stands there."""

    def fact(self, name: str) -> str:
        """What was told under a name; nothing if nothing was."""
        return dict(self.facts).get(name, "")
