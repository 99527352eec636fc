"""Emissions at the pages: reported by the operator's people, then judged by a verifier."""

from typing import Any

import pytest

from counter import Counter
from tonne.store import MemoryStore

FORM: Any = {"year": "2025", "tonnes": "45.4", "source": "AER-1"}


@pytest.fixture
def counter() -> Counter:
    """On 2 March 2026; reports of 2025 are due on the 31st."""
    return Counter.of(MemoryStore())


def test_the_year_offers_a_report_until_there_is_one(counter: Counter) -> None:
    ann, path = counter.browser("ann"), counter.my("steel", "2025")
    ann.get(path)
    link = f'<a class="button" href="{counter.my("steel", "report")}?year=2025">'
    assert link in ann.page
    assert ann.page.count('class="button"') == 1
    counter.propose("ann", ann, "steel", "report", **FORM)
    ann.follow()
    assert "Report 45.4 t for Steel (XE-120-7-0-95) in 2025; reference: AER-1." in ann.text
    assert "It is done." in ann.text
    ann.get(path)
    assert link not in ann.page
    assert "Reported: 45 t; they count once they are verified." in ann.text
    counter.bureau.land.emit("steel", 45, on="2026-03-02")
    ann.get(path)
    assert "You must surrender 45 by 30 April 2026" in ann.text
    assert "report?year" not in ann.page


def test_a_form_for_a_report_knows_the_year_and_says_before_that_nobody_else_is_asked(
    counter: Counter,
) -> None:
    ann, path = counter.browser("ann"), counter.my("steel", "report")
    ann.get(path)
    assert ann.value("year") == "2025"
    before = counter.bureau.land.size()
    ann.post(path, step="check", **FORM)
    assert "No second person is asked." in ann.text
    assert counter.bureau.land.size() == before
    ann.post(path, status=400, step="sign", code="000000", **FORM)
    assert counter.bureau.land.size() == before


def test_tonnes_are_read_in_the_digits_of_every_language_and_no_guess_is_made(
    counter: Counter,
) -> None:
    ann, path = counter.browser("ann"), counter.my("steel", "report")
    ann.get(path)
    for tonnes, heard in (("۴۵٫۴", "45.4"), ("४५,४", "45.4"), ("12345.678", "12345.678")):
        ann.post(path, step="check", **FORM | {"tonnes": tonnes})
        assert f"Report {heard} t" in ann.text
    for tonnes in ("1,234", "1.234", "1,234.5", "1 234", "", "-1", "4e3"):
        ann.post(path, status=400, step="check", **FORM | {"tonnes": tonnes})
        assert 'id="tonnes-fault-1"' in ann.page, tonnes
        assert ann.text.count("9254") == 2


def test_what_is_against_a_report_stands_at_its_field(counter: Counter) -> None:
    ann, path = counter.browser("ann"), counter.my("steel", "report")
    ann.get(path)
    ann.post(path, status=400, step="check", **FORM | {"year": "2027"})
    assert 'id="year-fault-1"' in ann.page
    counter.bureau.land.emit("steel", 45, on="2026-03-02")
    ann.post(path, status=400, step="check", **FORM)
    assert "9175" in ann.text


def test_nobody_reports_for_others_by_a_guessed_number(counter: Counter) -> None:
    carl = counter.browser("carl")
    carl.get(counter.my("steel", "report"), status=403)
    assert "Steel" not in carl.text
