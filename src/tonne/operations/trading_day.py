"""The trading day of an instrument: when its book opens and closes, and when trades are settled.

An instrument trades from Monday to Friday but for the days on which its law keeps it closed.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tonne.market import ChangePhase, Conditions, Instrument, Message, StartOfDay

_SATURDAY = 5


def zone_of(instrument: Instrument) -> ZoneInfo:
    """The clock of an instrument."""
    return ZoneInfo(instrument.time_zone)


def is_trading_day(instrument: Instrument, day: date) -> bool:
    """Whether the instrument trades on that day at all."""
    return day.weekday() < _SATURDAY and day not in instrument.closed_days


def trading_days_after(instrument: Instrument, day: date, days: int) -> date:
    """The day so many trading days later."""
    while days:
        day += timedelta(1)
        days -= is_trading_day(instrument, day)
    return day


def due_messages(now: Conditions, last_price: int | None, at: datetime) -> Iterator[Message]:
    """What the clock has to say to a book at a moment: that a day begins, or another phase.

    The band of a day is measured from the last price before it. A halt lasts until somebody ends
    it, but not beyond its day.
    """
    instrument = now.instrument
    local = at.astimezone(zone_of(instrument))
    phase, day = now.phase, now.day
    if is_trading_day(instrument, local.date()) and (day is None or day < local.date()):
        yield StartOfDay(at=at, day=local.date(), reference_price=last_price)
        phase, day = "closed", local.date()
    due = instrument.phase_at(local.time()) if day == local.date() else "closed"
    if phase not in {due, "halted"}:
        yield ChangePhase(at=at, phase=due)
