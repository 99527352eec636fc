"""A scheme's one calendar: on which days it works, and how working days are counted."""

from datetime import date

import pytest

from always import always, calendar
from land import example
from tonne.operations import load_scheme, scheme_folder
from tonne.rulebook import Clause, Dated
from tonne.working_days import Calendar


def test_no_work_is_done_on_days_of_rest_and_on_holidays() -> None:
    may = calendar(date(2026, 5, 4))  # A Monday.
    worked = [day for day in range(1, 12) if may.works_on(date(2026, 5, day))]
    assert worked == [1, 5, 6, 7, 8, 11]


def test_working_days_are_counted_over_weekends_and_holidays() -> None:
    may = calendar(date(2026, 5, 4))
    # Thursday; 1: Friday 1 May; 2: Tuesday 5 May, for Monday is a holiday.
    assert [may.after(date(2026, 4, 30), days).day for days in range(4)] == [30, 1, 5, 6]


def test_each_day_is_asked_of_the_law_of_that_day() -> None:
    before: Clause[tuple[int, ...]] = Clause(start=date(2020, 1, 1), value=(6, 7), reference="Act")
    after: Clause[tuple[int, ...]] = Clause(
        start=date(2026, 7, 1), value=(5, 6), reference="Act, new"
    )
    week = Calendar(rest_days=Dated([before, after]), holidays=always(()))
    # Monday 29 June, Tuesday; then the new week: Wednesday 1, Thursday 2, Sunday 5 July.
    assert [week.after(date(2026, 6, 29), days).day for days in (1, 2, 3, 4)] == [30, 1, 2, 5]


@pytest.mark.parametrize("days", [(1, 2, 3, 4, 5, 6, 7), (0,), (8,)])
def test_a_week_without_work_is_no_law(days: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="work on some of them"):
        Calendar(rest_days=always(days), holidays=always(()))


def test_the_calendars_that_come_with_tonne_are_read() -> None:
    # Thursday 24 December 2026, Friday is Christmas; Boxing Day falls on a Saturday.
    assert example().calendar.after(date(2026, 12, 24), 1) == date(2026, 12, 28)
    # Easter 2009 was on 12 April: Maundy Thursday, then Tuesday.
    union = load_scheme(scheme_folder("eu_ets")).calendar
    assert union.after(date(2009, 4, 9), 1) == date(2009, 4, 14)
    assert union.after(date(2011, 12, 30), 1) == date(2012, 1, 3)
