"""Days in the calendars of the readers: Gregorian, Bikram Sambat, Jalali."""

from datetime import date
from typing import Literal

Calendar = Literal["gregorian", "bikram_sambat", "jalali"]


def _(text: str) -> str:
    """A sentence that is translated where it is shown."""
    return text


GREGORIAN = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"),
    _("August"), _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip
BIKRAM_SAMBAT = (
    _("Baisakh"), _("Jestha"), _("Asar"), _("Shrawan"), _("Bhadau"), _("Aswin"), _("Kartik"),
    _("Mangsir"), _("Poush"), _("Magh"), _("Falgun"), _("Chaitra"),
)  # fmt: skip
JALALI = (
    _("Farvardin"), _("Ordibehesht"), _("Khordad"), _("Tir"), _("Mordad"), _("Shahrivar"),
    _("Mehr"), _("Aban"), _("Azar"), _("Dey"), _("Bahman"), _("Esfand"),
)  # fmt: skip

_BIKRAM_DAYS = (date(1918, 4, 14), date(2044, 4, 11))
"""Between these the length of each month of Bikram Sambat is known."""

_JALALI_DAYS = (date(622, 3, 22), date(3000, 1, 1))


def in_words(day: date, calendar: Calendar) -> tuple[str, tuple[int, int]]:
    """The name of its month, its year and its day of the month in a calendar.

    Where the calendar does not reach, the day is Gregorian.

    >>> in_words(date(2026, 11, 22), "jalali")
    ('Azar', (1405, 1))
    """
    if calendar == "bikram_sambat" and _BIKRAM_DAYS[0] <= day <= _BIKRAM_DAYS[1]:
        from nepali_datetime import date as bikram  # noqa: PLC0415  heavy

        found = bikram.from_datetime_date(day)
        return BIKRAM_SAMBAT[found.month - 1], (found.year, found.day)
    if calendar == "jalali" and _JALALI_DAYS[0] <= day <= _JALALI_DAYS[1]:
        from jdatetime import date as jalali  # noqa: PLC0415  heavy

        found = jalali.fromgregorian(date=day)
        return JALALI[found.month - 1], (found.year, found.day)
    return GREGORIAN[day.month - 1], (day.year, day.day)
