"""The trading day of an instrument: when its book opens and closes.

An instrument trades on the days on which its scheme works.
"""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from tonne.market import ChangePhase, Conditions, Instrument, Message, StartOfDay
from tonne.working_days import Calendar


def zone_of(instrument: Instrument) -> ZoneInfo:
    """The clock of an instrument."""
    return ZoneInfo(instrument.time_zone)


def due_messages(
    now: Conditions, last_price: int | None, at: datetime, calendar: Calendar
) -> Iterator[Message]:
    """What the clock has to say to a book at a moment: that a day begins, or another phase.

    The band of a day is measured from the last price before it. A halt lasts until somebody ends
    it, but not beyond its day.
    """
    instrument = now.instrument
    local = at.astimezone(zone_of(instrument))
    phase, day = now.phase, now.day
    if calendar.works_on(local.date()) and (day is None or day < local.date()):
        yield StartOfDay(at=at, day=local.date(), reference_price=last_price)
        phase, day = "closed", local.date()
    due = instrument.phase_at(local.time()) if day == local.date() else "closed"
    if phase not in {due, "halted"}:
        yield ChangePhase(at=at, phase=due)
