"""A command as a person gives it, what comes back, and a town of the example scheme."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Said:
    """What a command said: its exit code and both of its streams."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:  # noqa: ANN401  whatever was answered
        """The answer in JSON."""
        return json.loads(self.out)

    @property
    def numbers(self) -> list[int]:
        """The numbers of the refusals."""
        assert self.code == 2, self
        assert self.data["title"] == "Refused"
        return [each["number"] for each in self.data["refusals"]]


Tonne = Callable[..., Said]
"""Gives a command, word by word."""

Books = Callable[[], list[tuple[Any, ...]]]
"""Tells what stands in the books."""


@dataclass(frozen=True)
class Town:
    """The example scheme in the year 2025: a steelworks with 60 units, a kiln with 50, a citizen.

    Of the cap of 100,000 of 2025 the authority has issued 1,000 and given out 110.
    """

    authority: str = "XE-100-2-0-9"
    steel: str = "XE-120-7-0-95"
    kiln: str = "XE-120-8-0-90"
    ana: str = "XE-121-9-0-76"
    surrendered: str = "XE-300-3-0-47"
    cancelled: str = "XE-230-4-0-90"


def opening(kind: str, name: str, identifier: int, *more: str) -> tuple[str, ...]:
    """The words that open an account."""
    words = ("account", "open", "--kind", kind, "--name", name, "--identifier", str(identifier))
    return (*words, *more)
