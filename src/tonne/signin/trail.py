"""The trail: who saw or did what, of everybody who was let in. It is added to and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One request of a person, or of a program with their key, and how it was answered."""

    at: datetime
    request: str
    """By which it stands in the log, and in the answer."""

    person: str
    key: str | None
    """The key of the program; none where the person came themself."""

    session: str | None
    place: str
    """Where from: the address of the caller."""

    method: str
    route: str
    """The address as a pattern, such as /my/{number}."""

    path: str
    """The address itself, without what stands after the question mark."""

    account: str | None
    """The account that it was about, if it was about one."""

    status: int
    """How it was answered: the status of HTTP."""


class Trail(Protocol):
    """Where traces are kept by who opens the doors."""

    def add(self, traces: Sequence[Trace]) -> None:
        """Keep traces, all of them or none."""
