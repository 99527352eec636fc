"""When what waits is carried out: in working hours, after a delay that counts working days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tonne.people.rules import HoursRule
from tonne.working_days import Calendar

_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """The working hours of a registry, on the days on which its scheme works."""

    hours: HoursRule
    calendar: Calendar

    def after(self, moment: datetime, minutes: int) -> datetime:
        """The moment at which something is carried out that waits so many minutes from then.

        The wait begins at an hour at which the registry works. Whole days of it are working days,
        at the same time of day; the rest is minutes. If it ends at an hour at which the registry
        rests, it lasts until the next at which it works.
        """
        zone = ZoneInfo(self.hours.time_zone)
        local = self._opened(moment.astimezone(zone).replace(tzinfo=None))
        days, rest = divmod(minutes, _DAY)
        local = datetime.combine(self.calendar.after(local.date(), days), local.time())
        ends = self._opened(local + timedelta(minutes=rest))
        return ends.replace(tzinfo=zone).astimezone(moment.tzinfo)

    def _opened(self, local: datetime) -> datetime:
        """The moment, if the registry works then, or else when it next opens."""
        day, hour = local.date(), local.time()
        if not self.calendar.works_on(day) or hour > self.hours.closing:
            return datetime.combine(self.calendar.after(day, 1), self.hours.opening)
        return max(local, datetime.combine(day, self.hours.opening))
