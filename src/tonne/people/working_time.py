"""When what waits is carried out: in working hours, after a delay that counts working days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tonne.people.rules import HoursRule

_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """The working hours of a registry, and the days on which it rests."""

    hours: HoursRule
    holidays: Collection[date]

    def works_on(self, day: date) -> bool:
        """Whether the registry works on that day."""
        return day.isoweekday() not in self.hours.rest_days and day not in self.holidays

    def after(self, moment: datetime, minutes: int) -> datetime:
        """The moment at which something is carried out that waits so many minutes from then.

        The wait begins at an hour at which the registry works. Whole days of it are working days,
        at the same time of day; the rest is minutes. If it ends at an hour at which the registry
        rests, it lasts until the next at which it works.
        """
        zone = ZoneInfo(self.hours.time_zone)
        local = self._opened(moment.astimezone(zone).replace(tzinfo=None))
        days, rest = divmod(minutes, _DAY)
        for _ in range(days):
            local = datetime.combine(self._next(local.date()), local.time())
        ends = self._opened(local + timedelta(minutes=rest))
        return ends.replace(tzinfo=zone).astimezone(moment.tzinfo)

    def _opened(self, local: datetime) -> datetime:
        """The moment, if the registry works then, or else when it next opens."""
        day, hour = local.date(), local.time()
        if not self.works_on(day) or hour > self.hours.closing:
            return datetime.combine(self._next(day), self.hours.opening)
        return max(local, datetime.combine(day, self.hours.opening))

    def _next(self, day: date) -> date:
        day += timedelta(1)
        while not self.works_on(day):
            day += timedelta(1)
        return day
