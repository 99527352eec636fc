"""On which days does a scheme work? Its one calendar, by which everything counts working days."""

from dataclasses import dataclass
from datetime import date, timedelta

from tonne.rulebook import Dated

_WEEK = set(range(1, 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The shape of a scheme's ``calendar.toml``."""

    rest_days: Dated[tuple[int, ...]]
    """The days of the week on which nothing is done; Monday is 1."""

    holidays: Dated[tuple[date, ...]]
    """The other days on which nothing is done."""

    def __post_init__(self) -> None:
        for clause in self.rest_days.clauses:
            if not set(clause.value) < _WEEK:
                raise ValueError("a week has days 1 to 7, and work on some of them")

    def works_on(self, day: date) -> bool:
        """Whether the scheme works on that day."""
        resting = day.isoweekday() in self.rest_days.on(day).value
        return not resting and day not in self.holidays.on(day).value

    def after(self, day: date, days: int) -> date:
        """The day so many working days later; the day itself if that is none."""
        for _ in range(days):
            day += timedelta(1)
            while not self.works_on(day):
                day += timedelta(1)
        return day
