"""What is unusual, and when the administrators are called: so much of a kind within an hour.

It is counted while the doors are open, and after a letter of a kind there is none of it for a day.
"""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

import typer

from tonne.signin import Trace, Trail

DEFAULT: Mapping[str, int] = {"sign-ins": 100, "refusals": 200, "freezes": 1}
"""Sign-ins that failed; what members asked to be done and was refused; accounts and schemes that
were frozen."""

WITHIN, QUIET = timedelta(hours=1), timedelta(days=1)
_REFUSED = range(400, 500)

AlarmOption = Annotated[
    list[str] | None,
    typer.Option(
        "--alarm",
        metavar="NAME=COUNT",
        envvar="TONNE_ALARMS",
        help="Write to the administrators of so many within an hour; 0 never. "
        f"{', '.join(f'{name}={count}' for name, count in DEFAULT.items())} if not said.",
    ),
]


class Alarm(NamedTuple):
    """Something that was unusual: what, how often within the hour before, and when."""

    what: str
    often: int
    at: datetime


def limits_of(said: Sequence[str]) -> Mapping[str, int]:
    """Thresholds as people write them, over those that hold if nothing is said."""
    found = dict(DEFAULT)
    for each in said:
        name, _, count = each.partition("=")
        if name not in DEFAULT or not (count.isascii() and count.isdigit()):
            raise typer.BadParameter(f"write {each!r} as {' or '.join(DEFAULT)}=COUNT.")
        found[name] = int(count)
    return found


@dataclass(slots=True)
class Alarms:
    """What was noted within the last hour, by kind, and what is to be told of it."""

    limits: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT))
    _noted: dict[str, deque[datetime]] = field(default_factory=dict)
    _told: dict[str, datetime] = field(default_factory=dict)
    _due: list[Alarm] = field(default_factory=list)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, at: datetime) -> None:
        """Something of a kind happened."""
        most = self.limits[what]
        with self._one_at_a_time:
            if not most or (what in self._told and at - self._told[what] < QUIET):
                return
            noted = self._noted.setdefault(what, deque())
            noted.append(at)
            while noted and at - noted[0] >= WITHIN:
                noted.popleft()
            if len(noted) >= most:
                self._due.append(Alarm(what, len(noted), at))
                self._told[what] = at
                noted.clear()

    def take(self) -> list[Alarm]:
        """What is to be told and was not yet."""
        with self._one_at_a_time:
            found, self._due = self._due, []
        return found


@dataclass(frozen=True, slots=True)
class Watched:
    """A trail in which what is refused is noted too."""

    trail: Trail
    alarms: Alarms

    def add(self, traces: Sequence[Trace]) -> None:
        """Keep traces, and note what somebody asked to be done and was refused."""
        self.trail.add(traces)
        for each in traces:
            if each.method != "GET" and each.status in _REFUSED:
                self.alarms.note("refusals", each.at)
