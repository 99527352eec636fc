"""A stretch of days of the law, from its first to its last."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Period:
    """Days from the first to the last, both counted."""

    first: date
    last: date

    def __post_init__(self) -> None:
        assert self.first <= self.last, "a period does not end before it starts"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last
