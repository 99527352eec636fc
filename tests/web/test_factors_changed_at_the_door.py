"""What somebody signs in by, changed by themself, and by nobody who has their browser alone."""

import json
from typing import Any

import pyotp
import pytest

from counter import Browser, Counter
from passkey_device import Device
from porch import PASSWORD
from tonne import signin
from tonne.store import MemoryStore

NEW = "a kettle beside eleven violets"
PATH = "/you/factors"


@pytest.fixture
def counter() -> Counter:
    return Counter.of(MemoryStore())


def confirmed(counter: Counter, name: str = "ann") -> Browser:
    """A browser in which its owner has shown a code again."""
    browser = counter.browser(name)
    browser.get(PATH)
    browser.post(PATH, status=303, act="confirm", code=counter.code(name))
    browser.get(PATH)
    return browser


def kinds(counter: Counter, browser: Browser) -> list[str]:
    """What one signs in by, kind by kind."""
    shown = signin.factors(counter.porch.lodge, browser.token)
    return sorted(each.kind for each in shown if each.kind not in {"device", "recovery"})


def test_nothing_is_changed_before_a_factor_was_shown_again(counter: Counter) -> None:
    ann = counter.browser("ann")
    ann.get(PATH)
    assert "First show that it is you" in ann.text
    tried: list[Any] = [
        {"act": "password", "current": PASSWORD, "password": NEW},
        {"act": "recovery"},
        {"act": "app"},
        {"act": "passkey", "step": "passkey"},
    ]
    for fields in tried:
        ann.post(PATH, **fields)
        assert "First show that it is you" in ann.text
    ann.post(PATH, status=400, act="confirm", code="000000")
    assert "9113" in ann.text
    ann.post(PATH, status=400, act="other")
    assert kinds(counter, ann) == ["password", "totp"]


def test_after_some_minutes_it_has_to_be_shown_once_more(counter: Counter) -> None:
    ann = confirmed(counter)
    counter.porch.later(minutes=11)
    ann.post(PATH, act="password", current=PASSWORD, password=NEW)
    assert "First show that it is you" in ann.text


def test_a_password_is_changed_by_who_knows_it_and_other_sessions_end(counter: Counter) -> None:
    other = counter.browser("ann")
    ann = confirmed(counter)
    ann.post(PATH, status=400, act="password", current="not this one", password=NEW)
    assert "9112" in ann.text
    ann.post(PATH, status=400, act="password", current=PASSWORD, password="password1234567")  # noqa: S106  guessable
    assert "9111" in ann.text
    other.get("/today")
    ann.post(PATH, status=303, act="password", current=PASSWORD, password=NEW)
    other.get("/today", status=303)
    ann.get("/today")
    again = Browser(counter.app)
    login = counter.someone("ann").login
    for password, status in ((PASSWORD, 400), (NEW, 303)):
        again.get("/sign-in")
        code = counter.code("ann")
        again.post("/sign-in", status=status, login=login, password=password, code=code)


def test_an_app_is_added_by_its_first_code_and_the_old_one_removed(counter: Counter) -> None:
    ann = confirmed(counter)
    ann.post(PATH, act="app")
    lodge = counter.porch.lodge
    seed = ann.page.partition('<p><bdi dir="ltr" class="code">')[2].partition("<")[0]
    factor = ann.hidden("factor")
    ann.post(PATH, status=400, act="first", factor=factor, code="000000")
    assert ann.hidden("factor") == factor
    code = pyotp.TOTP(seed.replace(" ", "")).at(counter.porch.at)
    ann.post(PATH, status=303, act="first", factor=factor, code=code)
    assert kinds(counter, ann) == ["password", "totp", "totp"]
    old = next(
        each
        for each in signin.factors(lodge, ann.token)
        if each.kind == "totp" and each.id != factor
    )
    ann.get(PATH)
    ann.post(PATH, status=303, act="remove", factor=old.id)
    assert kinds(counter, ann) == ["password", "totp"]


def test_the_last_way_in_is_not_removed(counter: Counter) -> None:
    ann = confirmed(counter)
    (app,) = (e for e in signin.factors(counter.porch.lodge, ann.token) if e.kind == "totp")
    ann.post(PATH, status=400, act="remove", factor=app.id)
    assert "9115" in ann.text
    assert kinds(counter, ann) == ["password", "totp"]


def test_a_passkey_is_made_and_shows_that_it_is_its_owner(counter: Counter) -> None:
    ann, device = confirmed(counter), Device(id=b"a phone")
    page = ann.page
    asked = json.loads(ann.post(PATH, act="passkey", step="passkey"))
    made = json.dumps(device.make(asked["options"]))
    ann.page = page
    ann.post(PATH, status=303, act="passkey", step="sign", ticket=asked["ticket"], response=made)
    assert kinds(counter, ann) == ["passkey", "password", "totp"]
    counter.porch.later(minutes=11)
    ann.get(PATH)
    page = ann.page
    asked = json.loads(ann.post(PATH, act="confirm", step="passkey"))
    answer = json.dumps(device.answer(asked["options"]))
    ann.page = page
    ann.post(PATH, status=303, act="confirm", step="sign", ticket=asked["ticket"], response=answer)
    ann.get(PATH)
    assert "Remove" in ann.text


def test_new_recovery_codes_are_shown_once_and_those_before_serve_no_more(
    counter: Counter,
) -> None:
    old = counter.someone("ann").recovery_codes[0]
    ann = confirmed(counter)
    ann.post(PATH, act="recovery")
    codes = [
        each.partition("<")[0] for each in ann.page.split('<li><bdi dir="ltr" class="code">')[1:]
    ]
    assert len(codes) == 10
    login = counter.someone("ann").login
    again = Browser(counter.app)
    for code, status in ((old, 400), (codes[0], 303)):
        counter.porch.later(seconds=30)
        again.get("/sign-in")
        again.post("/sign-in", status=status, login=login, password=PASSWORD, code=code)
