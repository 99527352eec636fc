"""How a replay goes on: every step is committed, told of, and done at noon of its day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, Protocol, TypeVar

from tonne.operations import Desk
from tonne.registry import Role

T = TypeVar("T")


class Run(Protocol):
    """Runs an operation on the books and commits it."""

    def __call__(self, operation: Callable[[Any], T]) -> T:
        """What the operation returns, once it stands in the books."""


Progress = Callable[[str, int], None]
"""Told what was done, and how many items it was."""


def noon(role: Role, day: date) -> Desk:
    """Noon of the day: the simulated clock."""
    return Desk(by=role, day=day, at=datetime.combine(day, time(12), tzinfo=UTC))
