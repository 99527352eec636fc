"""The control room, and who is late, as the registry's staff see them and nobody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from counter import Counter
from porch import numbers
from tonne.ledger import Difference, Total
from tonne.operations import change_account, control, proposals
from tonne.store import MemoryStore
from tonne.web import control as web_control

APRIL = datetime(2026, 4, 20, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
def counter() -> Counter:
    made = Counter.of(MemoryStore())
    made.bureau.now = APRIL
    made.bureau.land.emit("steel", 10)
    return made


def test_who_has_no_verified_emissions_after_the_last_day_is_late(counter: Counter) -> None:
    sara = counter.browser("sara")
    sara.get("/desk/example")
    assert 'href="/desk/example/late"' in sara.page
    sara.get("/desk/example/late")
    # Example Act: reports of 2025 are due on 31 March 2026. Only the steelworks have a figure.
    assert "Late with the emissions of 2025, which were due on 31 March 2026: 1." in sara.text
    assert "Kiln" in sara.text
    assert "Steel" not in sara.text
    sara.get("/desk/example/late.csv")
    assert "nothing" in sara.page
    sara.get("/desk/example/late?page=2", status=400)
    assert "a whole number from 1 to 1" in sara.text
    # Who takes the table along takes all of it.
    sara.get("/desk/example/late.csv?page=2")
    assert "nothing" in sara.page
    found = counter.bureau.do(control.late, of="sara")
    assert found is not None
    assert found.count == 1
    assert [each.number for each in found.accounts] == [counter.bureau.number("kiln")]


def test_who_is_late_stands_on_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_control, "LINES_MAX", 1)
    counter = Counter.of(MemoryStore())
    counter.bureau.now = APRIL
    counter.bureau.land.emit("steel", 10)
    counter.bureau.land.open("glass", 77)
    sara = counter.browser("sara")
    sara.get("/desk/example/late")
    assert "which were due on 31 March 2026: 2." in sara.text
    assert "Kiln" in sara.text
    assert "Glass" not in sara.text
    assert "/desk/example/late?page=2" in sara.page
    sara.get("/desk/example/late?page=2")
    assert "Kiln" not in sara.text
    assert "Glass" in sara.text
    assert "/desk/example/late?page=1" in sara.page
    assert "page=3" not in sara.page
    sara.get("/desk/example/late.csv")
    assert "Kiln" in sara.page
    assert "Glass" in sara.page


def test_nobody_is_late_on_the_last_day(counter: Counter) -> None:
    counter.bureau.now = datetime(2026, 3, 31, 11, tzinfo=UTC)
    assert counter.bureau.do(control.late, of="sara") is None
    counter.bureau.now = APRIL


def test_the_desk_shows_the_cap_and_parts_that_sum_to_it(counter: Counter) -> None:
    sara = counter.browser("sara")
    sara.get("/desk/example")
    assert "The cap of 2025" in sara.text
    assert 'href="/schemes/example/years/2025"' in sara.page


def test_the_books_are_checked_when_somebody_asks(counter: Counter) -> None:
    sara = counter.browser("sara")
    sara.get("/control/example")
    assert "Nothing is overdue." in sara.text
    assert "follow from their movements" not in sara.text
    sara.get("/control/example?check=now")
    assert "Nothing differs: the books follow from their movements." in sara.text
    assert "1,000" in sara.text


def test_books_that_differ_or_lack_units_do_not_hold() -> None:
    gone = Difference(what="holding", where="XE-1", expected="5", found="4")
    short = Total(asset="EXA-1", issued=5, held={"operator": 4})
    assert not control.BooksChecked(differences=(gone,), totals=()).whole
    assert not control.BooksChecked(differences=(), totals=(short,)).whole
    assert control.BooksChecked(differences=(), totals=()).whole


def test_what_fell_due_and_what_a_rule_ended_is_told_to_staff() -> None:
    counter = Counter.of(MemoryStore())
    bureau = counter.bureau
    sara, steel = counter.browser("sara"), bureau.number("steel")
    bureau.agreed(proposals.SetRules(account=steel, outside_list=True))
    wish = proposals.Move(account=steel, target=bureau.number("ana"), unit="EXA-1", count=5)
    bureau.decide(bureau.propose(wish, by="ann").code, "approve", by="bob")
    sara.get("/control/example")
    assert "Nothing is overdue." in sara.text
    bureau.now += timedelta(days=10)
    sara.get("/control/example")
    assert "Fallen due and not carried out: 1." in sara.text
    assert f"Transfer 5 EXA-1 from Steel ({steel})" in sara.text
    how: Any = {"key": "close", "reason": "wished", "on": "2026-03-05", "by": "administrator"}
    bureau.land.do(change_account, bureau.number("ana"), "close", **how)
    bureau.wait(hours=0)
    found = bureau.do(control.control, of="sara")
    # 2003: the target is closed.
    assert (len(found.overdue), found.grounds) == (0, ((2003, 1),))
    sara.get("/control/example")
    assert "Nothing is overdue." in sara.text
    assert 'href="/refusals/2003"' in sara.page


def test_nobody_but_staff_enters_the_control_room(counter: Counter) -> None:
    ann = counter.browser("ann")
    for path in ("/control/example", "/control/example?check=now", "/desk/example/late"):
        ann.get(path, status=403)
        assert 'action="/sign-out"' in ann.page, "who was refused is still signed in"
        assert "Steel" not in ann.text
    for question in (control.control, control.checked, control.late):
        assert set(numbers(counter.bureau.do, question, of="ann")) == {1225}
