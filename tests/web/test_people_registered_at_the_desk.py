"""What the registry's staff do about people at the pages: each act signed, some wanting two."""

import re
from typing import Any

import pytest

from bureau import usr
from counter import Browser, Counter
from tonne.operations import people
from tonne.store import MemoryStore

DESK = "/desk/example/people/"


@pytest.fixture
def counter() -> Counter:
    return Counter.of(MemoryStore())


def act(counter: Counter, browser: Browser, what: str, **fields: Any) -> None:  # noqa: ANN401  texts
    """Sara fills in a form, checks her answers and signs them."""
    browser.get(DESK + what)
    browser.post(DESK + what, step="check", **fields)
    browser.post(DESK + what, status=303, step="sign", code=counter.code("sara"), **fields)


def state(counter: Counter, code: str) -> str:
    return counter.bureau.land.run(lambda books: people.person(books, code)).state


def test_a_person_is_registered_looked_at_enrolled_and_stopped(counter: Counter) -> None:
    sara = counter.browser("sara")
    sara.get("/desk/example")
    assert f'href="{DESK}person"' in sara.page
    act(counter, sara, "person", name="Eva Kos", email="eva@example.org")
    sara.get("/desk/example")
    code = re.findall(r"Eva Kos.*?(usr_[0-9a-z]{26})", sara.page, re.DOTALL)[0]
    assert state(counter, code) == "registered"
    for name, becomes in (
        ("validate", "validated"), ("enrol", "enrolled"), ("suspend", "suspended"),
    ):  # fmt: skip
        fields: Any = {"reason": "asked"} if name == "suspend" else {}
        act(counter, sara, name, person=code, **fields)
        assert state(counter, code) == becomes


def test_a_suspended_person_is_let_act_again_by_two(counter: Counter) -> None:
    sara = counter.browser("sara")
    counter.bureau.enrol("eva")
    act(counter, sara, "suspend", person=usr("eva"), reason="asked")
    act(counter, sara, "restore", person=usr("eva"), reason="it was a mistake")
    sara.follow()
    assert "It waits for a second person." in sara.text
    assert state(counter, usr("eva")) == "suspended"
    made = re.findall(r"txn_[0-9a-z]{26}", sara.page)[0]
    counter.bureau.decide(made, "approve", by="soren")
    assert state(counter, usr("eva")) == "enrolled"


def test_what_is_checked_is_not_kept_and_what_is_signed_is_what_was_shown(
    counter: Counter,
) -> None:
    sara, size = counter.browser("sara"), counter.bureau.land.size()
    path = DESK + "suspend"
    sara.get(path)
    sara.post(path, step="check", person=usr("ann"), reason="gone")
    assert "Suspend a person: Ann, usr_" in sara.text
    assert (counter.bureau.land.size(), state(counter, usr("ann"))) == (size, "enrolled")
    code = counter.code("sara")
    sara.post(path, status=400, step="sign", person=usr("bob"), reason="gone", code=code)
    assert "9256" in sara.text
    assert state(counter, usr("bob")) == "enrolled"


def test_every_ground_against_it_is_told_on_the_form(counter: Counter) -> None:
    sara = counter.browser("sara")
    sara.get(DESK + "suspend")
    sara.post(DESK + "suspend", status=400, step="check", person=usr("ann"), reason="")
    assert "1208" in sara.text
    sara.get(DESK + "nothing", status=404)


def test_a_representative_is_appointed_by_two(counter: Counter) -> None:
    sara = counter.browser("sara")
    counter.bureau.enrol("eva")
    act(
        counter, sara, "appoint", account=counter.bureau.number("steel"), person=usr("eva"),
        right="initiate",
    )  # fmt: skip
    sara.follow()
    assert "It waits for a second person." in sara.text
    at_account = counter.bureau.land.run(
        lambda books: people.people_of(books, counter.bureau.number("steel"))
    )
    assert usr("eva") not in at_account.mandates


def test_a_code_is_told_by_an_administrator_of_the_door_alone(counter: Counter) -> None:
    sara = counter.browser("sara")
    counter.bureau.enrol("eva")
    sara.get(DESK + "code")
    sara.post(DESK + "code", step="check", person=usr("eva"))
    code = counter.code("sara")
    sara.post(DESK + "code", status=400, step="sign", person=usr("eva"), code=code)
    assert "9170" in sara.text


def test_an_administrator_of_the_door_tells_a_code_that_opens_it_once(counter: Counter) -> None:
    counter.someone("sara", administrator=True)
    sara = counter.browser("sara")
    counter.bureau.enrol("eva")
    sara.get(DESK + "code")
    sara.post(DESK + "code", step="check", person=usr("eva"))
    sara.post(DESK + "code", step="sign", person=usr("eva"), code=counter.code("sara"))
    told = re.findall(r'Eva</bdi>: <bdi dir="ltr" class="code">([^<]+)<', sara.page)[0]
    eva = Browser(counter.app)
    eva.get("/enrol")
    eva.post("/enrol", status=303, code=told)


def test_nobody_but_staff_does_anything_about_people(counter: Counter) -> None:
    ann = counter.browser("ann")
    ann.get(DESK + "person", status=403)
    ann.post(DESK + "suspend", status=403, step="check", person=usr("bob"), reason="x")
