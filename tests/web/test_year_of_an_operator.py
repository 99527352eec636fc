"""A year of an operator as its people walk through it, step by step."""

from datetime import UTC, datetime

import pytest

from counter import Counter
from porch import numbers
from tonne.operations import own_year
from tonne.store import MemoryStore

APRIL = datetime(2026, 4, 20, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
def counter() -> Counter:
    """The steelworks emitted 45 t in 2025 and surrendered 40 units for them."""
    made = Counter.of(MemoryStore())
    made.bureau.now = APRIL
    land = made.bureau.land
    land.emit("steel", 45)
    land.surrender("steel", 40)
    return made


def test_each_step_has_its_day_by_the_law_and_its_figure(counter: Counter) -> None:
    found = counter.bureau.do(own_year.own_year, counter.bureau.number("steel"), 2025, of="ann")
    days = (found.allocation_day, found.report_day, found.surrender_day)
    # Example Act, ss. 4, 5, 6: given out by 28 February, reported by 31 March, due by 30 April.
    assert [f"{each:%m-%d}" if each else None for each in days] == ["02-28", "03-31", "04-30"]
    assert found.surrender_day is not None
    assert found.surrender_day.year == 2026
    assert (found.verified, found.surrendered, found.owed, found.carried) == (45, 40, 5, 0)
    assert found.allocated == 60
    assert found.closing is None


def test_a_year_is_told_with_the_rows_that_its_figures_sum(counter: Counter) -> None:
    ann = counter.browser("ann")
    ann.get(counter.my("steel"))
    assert f'href="{counter.my("steel", "2025")}"' in ann.page
    ann.get(counter.my("steel", "2025"))
    assert "You must surrender 5 by 30 April 2026; you hold 20." in ann.text
    # Twenty are there and five are owed: nothing is missing, but five are to be handed in.
    assert "Still to be surrendered: 5" in ann.text
    assert "Missing" not in ann.text
    for anchor in ("emissions", "movements"):
        assert f'href="#{anchor}"' in ann.page
        assert f'<section id="{anchor}">' in ann.page
    ann.get(counter.my("steel", "statement?form=csv&year=2025"))
    assert "-2025-en.csv" in ann.answer.headers["content-disposition"]


def test_a_closed_year_says_how_it_ended() -> None:
    counter = Counter.of(MemoryStore())
    land = counter.bureau.land
    land.emit("kiln", 30)
    land.surrender("kiln", 20)
    land.close(2025)
    carl = counter.browser("carl")
    carl.get(counter.my("kiln", "2025"))
    assert "Too little was surrendered." in carl.text
    # Example Act, s. 13(2): two units for each that is missing.
    assert "To be made good: 20" in carl.text
    assert "Penalty: EUR" in carl.text


def test_a_year_of_others_and_one_outside_the_scheme_are_refused(counter: Counter) -> None:
    carl, ann = counter.browser("carl"), counter.browser("ann")
    carl.get(counter.my("steel", "2025"), status=403)
    assert "Steel" not in carl.text
    ann.get(counter.my("steel", "1999"), status=400)
    assert "9251" in ann.text
    number = counter.bureau.number("steel")
    assert numbers(counter.bureau.do, own_year.own_year, number, 2025, of="carl") == [1203]
