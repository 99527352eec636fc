"""A sandbox: books of its own, and a clock that stands until somebody moves it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from tonne.cli.failures import UserFault
from tonne.operations import Office, falling_due

USUAL_SANDBOX = "tonne_sandbox"
"""The books of a sandbox, unless others are named."""

_MARK = "sandbox"


class HandMovedClock:
    """A clock that stands; who moves it has done what falls due, moment after moment."""

    def __init__(self, begins: datetime) -> None:
        """It stands there."""
        self._at = begins.astimezone(UTC)
        self._one_at_a_time = threading.Lock()
        self._office: Office | None = None
        self._work: Callable[[], list[str]] = list

    def now(self) -> datetime:
        """What time it is."""
        return self._at

    def serve(self, office: Office, work: Callable[[], list[str]]) -> None:
        """Whose clock it is, and what is done at each moment."""
        self._office, self._work = office, work

    def move(self, to: datetime) -> list[str]:
        """Move it forward, by way of every midnight and of all that falls due before."""
        done: list[str] = []
        with self._one_at_a_time:
            while self._at < to:
                self._at = self._next(to)
                done += self._work()
        return done

    def _next(self, to: datetime) -> datetime:
        office, at = self._office, self._at
        assert office is not None, "it is somebody's clock"
        morrow = datetime.combine(at.date() + timedelta(days=1), time(), tzinfo=UTC)
        upto = min(to, morrow)
        dues = office.ask(
            lambda books: [
                due.at
                for law in office.schemes.values()
                for due in falling_due.dues_between(books, law, after=at, upto=upto)
            ]
        )
        return min([upto, *dues])


def sandbox_books(name: str | None) -> str:
    """The books of a sandbox: none that could be anything else."""
    if name is None:
        return USUAL_SANDBOX
    if _MARK not in name:
        what = f"The books {name!r} are no sandbox's."
        raise UserFault(what, remedy=f"Name others, with {_MARK} in the name, or none.")
    return name
