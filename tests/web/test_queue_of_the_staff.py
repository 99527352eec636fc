"""Sentences about the queue of the registry's staff: theirs first, and the rest page by page."""

import pytest

from bureau import usr
from counter import Counter
from tonne.operations import own, people, proposals
from tonne.store import MemoryStore

DESK = "/desk/example"


@pytest.fixture
def counter() -> Counter:
    """Two accounts, their people, and two seniors."""
    return Counter.of(MemoryStore())


@pytest.fixture
def flooded(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three of a representative wait, then one of staff, where two stand on a page."""
    monkeypatch.setattr(own, "QUEUE_MAX", 2)
    bureau = counter.bureau
    steel = bureau.number("steel")
    made = [
        bureau.propose(proposals.SetRules(account=steel, outside_list=each % 2 == 0), by="ann").code
        for each in range(3)
    ]
    bureau.staff(people.turn_person, usr("bob"), "suspend", reason="asked")
    wish = proposals.RestorePerson(person=usr("bob"), reason="found")
    return [*made, bureau.propose(wish, by="soren").code]


def test_nobody_pushes_what_staff_proposed_off_the_first_page(
    counter: Counter, flooded: list[str]
) -> None:
    sara = counter.browser("sara")
    sara.get(DESK)
    staffs, one, two = (sara.page.find(each) for each in (flooded[3], *flooded[:2]))
    assert 0 < staffs < one < two
    assert flooded[2] not in sara.page
    sara.get("/today")
    assert 0 < sara.page.find(flooded[3]) < sara.page.find(flooded[0])
    assert flooded[2] not in sara.page


def test_the_rest_of_the_queue_is_reached_page_by_page(
    counter: Counter, flooded: list[str]
) -> None:
    sara = counter.browser("sara")
    sara.get(DESK)
    sara.get(sara.page.split('rel="next" href="')[1].split('"')[0])
    assert [each in sara.page for each in flooded] == [False, False, True, False]
    assert 'rel="next"' not in sara.page
    sara.get(f"{DESK}?after=x")
    assert flooded[3] in sara.page
