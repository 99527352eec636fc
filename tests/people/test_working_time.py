"""When what waits is carried out: worked cases of a registry whose clock runs from ten to four."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from always import calendar
from tonne.people import HoursRule, WorkingTime

LONDON = ZoneInfo("Europe/London")
TIME = WorkingTime(
    hours=HoursRule(time_zone="Europe/London", opens="10:00", closes="16:00"),
    calendar=calendar(date(2021, 5, 3), date(2021, 6, 15), date(2021, 6, 16), date(2021, 6, 17)),
)

# The United Kingdom's registry tests its own delays with these: what is approved then, is carried
# out after 7 minutes, 2, 24 and 72 hours.
CASES = {
    "2021-03-15 10:00:00": ("15 10:07:00", "15 12:00:00", "16 10:00:00", "18 10:00:00"),
    "2021-03-15 15:59:59": ("16 10:00:00", "16 10:00:00", "16 15:59:59", "18 15:59:59"),
    "2021-03-15 16:00:01": ("16 10:07:00", "16 12:00:00", "17 10:00:00", "19 10:00:00"),
    "2021-03-19 11:00:44": ("19 11:07:44", "19 13:00:44", "22 11:00:44", "24 11:00:44"),
    "2021-03-19 17:42:48": ("22 10:07:00", "22 12:00:00", "23 10:00:00", "25 10:00:00"),
    "2021-03-20 13:00:00": ("22 10:07:00", "22 12:00:00", "23 10:00:00", "25 10:00:00"),
    "2021-04-30 15:00:00": ("30 15:07:00", "04 10:00:00", "04 15:00:00", "06 15:00:00"),
    "2021-06-14 10:00:00": ("14 10:07:00", "14 12:00:00", "18 10:00:00", "22 10:00:00"),
}


@pytest.mark.parametrize("approved", CASES)
def test_a_delay_is_counted_in_working_time(approved: str) -> None:
    moment = datetime.fromisoformat(approved).replace(tzinfo=LONDON)
    found = [TIME.after(moment, minutes) for minutes in (7, 120, 1440, 4320)]
    assert tuple(each.strftime("%d %H:%M:%S") for each in found) == CASES[approved]


def test_four_o_clock_sharp_is_still_in_time() -> None:
    moment = datetime(2021, 3, 15, 16, tzinfo=LONDON)
    assert TIME.after(moment, 0) == moment


def test_the_clock_of_the_registry_counts_in_summer_too() -> None:
    moment = datetime(2021, 7, 1, 9, 30, tzinfo=UTC)  # half past ten in London
    assert TIME.after(moment, 0) == moment
    early = datetime(2021, 7, 1, 8, 30, tzinfo=UTC)
    assert TIME.after(early, 0) == datetime(2021, 7, 1, 9, tzinfo=UTC)


@given(
    st.datetimes(min_value=datetime(2021, 1, 1), max_value=datetime(2021, 12, 1)),  # noqa: DTZ001  London's
    st.integers(0, 10_000),
)
def test_what_waits_is_carried_out_later_and_at_an_hour_of_work(
    local: datetime, minutes: int
) -> None:
    moment = local.replace(tzinfo=LONDON, fold=0)
    due = TIME.after(moment, minutes).astimezone(LONDON)
    assert due >= moment
    assert TIME.calendar.works_on(due.date())
    assert TIME.hours.opening <= due.time() <= TIME.hours.closing


def test_hours_in_which_nobody_works_are_no_law() -> None:
    with pytest.raises(ValueError, match="closes after it opens"):
        HoursRule(time_zone="UTC", opens="16:00", closes="10:00")
