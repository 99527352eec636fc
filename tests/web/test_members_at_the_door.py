"""Who comes in at the pages and goes out again; and what staff do there."""

import re
from typing import Any

import pyotp
import pytest

from counter import OURS, Browser, Counter
from passkey_device import Device
from porch import MACHINE, PASSWORD
from tonne import signin
from tonne.store import MemoryStore
from tonne.web import pages

TRANSFER: Any = {"unit": "EXA-1", "count": "25"}


@pytest.fixture
def counter() -> Counter:
    return Counter.of(MemoryStore())


def trusting(counter: Counter) -> tuple[Browser, Browser]:
    """Ann and Bob of the steelworks at their browsers; they have agreed to trust the kiln."""
    ann, bob = counter.browser("ann"), counter.browser("bob")
    to = counter.bureau.number("kiln")
    agree(counter, "bob", bob, counter.propose("ann", ann, "steel", "trust", target=to))
    counter.bureau.wait(days=3)
    return ann, bob


def agree(counter: Counter, name: str, browser: Browser, address: str) -> None:
    """Somebody signs a proposal of another."""
    browser.get(address)
    browser.post(address, status=303, step="sign", code=counter.code(name))


def test_who_signs_out_is_out_in_that_browser_alone(counter: Counter) -> None:
    one, other = counter.browser("ann"), counter.browser("ann")
    one.get("/today")
    token = one.token
    one.post("/sign-out", status=303)
    assert one.token == ""
    one.client.cookies.set("__Host-tonne", token, domain="registry.example", path="/")
    one.get("/today", status=303)
    other.get("/you")
    assert "Where you are signed in" in other.text


def test_with_a_code_one_is_signed_out_everywhere_else(counter: Counter) -> None:
    one, other = counter.browser("ann"), counter.browser("ann")
    other.get("/you")
    other.post("/you", status=400, code="000000")
    one.get("/today")
    other.get("/you")
    other.post("/you", status=303, code=counter.code("ann"))
    one.get("/today", status=303)
    other.get("/today")


def test_somebody_enrols_with_a_password_and_an_app_and_is_told_codes_once(
    counter: Counter,
) -> None:
    lodge = counter.porch.lodge
    made = signin.enrol(lodge, login="eva", name="Eva", by=MACHINE)
    eva = Browser(counter.app)
    eva.get("/enrol")
    eva.post("/enrol", status=400, code="none")
    assert "9120" in eva.text
    eva.post("/enrol", status=303, code=made.code)
    eva.follow()
    eva.get("/today", status=303)
    eva = Browser(counter.app)
    made = signin.enrol_again(lodge, person=made.person.code, by=MACHINE)
    eva.get("/enrol")
    eva.post("/enrol", status=303, code=made.code)
    path = "/enrol/factors"
    eva.follow()
    eva.post(path, status=400, step="password", password="short")  # noqa: S106  nobody's
    assert "9110" in eva.text
    eva.post(path, status=303, step="password", password=PASSWORD)
    eva.follow()
    eva.post(path, step="app")
    assert re.search(r'<svg[^>]* viewBox="0 0 (\d+) \1"', eva.page), "it is drawn whole"
    assert 'style="' not in eva.page
    address = next(word for word in eva.text.split() if word.startswith("otpauth://"))
    app, factor = pyotp.parse_uri(address), eva.hidden("factor")
    assert isinstance(app, pyotp.TOTP)
    eva.post(path, status=400, step="first", factor=factor, code="000000")
    eva.post(path, status=303, step="first", factor=factor, code=app.at(counter.porch.at))
    eva.follow()
    eva.post(path, step="finish")
    assert eva.page.count('<bdi dir="ltr" class="code">') == 10
    eva.get(path, status=303)
    counter.porch.later(seconds=30)
    eva.get("/sign-in")
    eva.post("/sign-in", status=303, login="eva", password=PASSWORD, code=app.at(counter.porch.at))
    # The registry does not know them: the door let them in, and there is nothing for them.
    eva.get("/today", status=403)
    assert "1201" in eva.text


def test_a_passkey_opens_the_door_and_signs_what_it_was_asked_for_alone(counter: Counter) -> None:
    import json  # noqa: PLC0415  here alone

    lodge, device = counter.porch.lodge, Device(id=b"a key")
    ann = counter.browser("ann")
    counter.porch.add_passkey(ann.token, device)
    ann = Browser(counter.app)
    ann.get("/sign-in")
    asked = json.loads(ann.post("/sign-in", step="passkey"))
    response = json.dumps(device.answer(asked["options"]))
    ann.post("/sign-in", status=303, ticket=asked["ticket"], response=response)
    path, to = counter.my("steel", "trust"), counter.bureau.number("kiln")
    ann.get(path)
    ann.post(path, step="check", target=to)
    page = ann.page
    asked = json.loads(ann.post(path, step="passkey", target=to))
    response = json.dumps(device.answer(asked["options"]))
    ann.page = page
    ann.post(path, status=400, step="sign", target=to, ticket=asked["ticket"], response="[]")
    assert "9132" in ann.text
    ann.page = page
    asked = json.loads(ann.post(path, step="passkey", target=to))
    response = json.dumps(device.answer(asked["options"]))
    ann.page = page
    sent: Any = {"target": to, "ticket": asked["ticket"], "response": response}
    ann.post(path, status=303, step="sign", **sent)
    ann.follow()
    assert "It waits for a second person." in ann.text
    assert any("act signed" in each for each in counter.porch.told())
    assert lodge.site.origins == (OURS["origin"],)


def test_staff_see_what_waits_and_stop_the_scheme_with_a_reason_and_a_code(
    counter: Counter,
) -> None:
    ann, sara = counter.browser("ann"), counter.browser("sara")
    counter.propose("ann", ann, "steel", "trust", target=counter.bureau.number("kiln"))
    ann.get("/desk/example", status=403)
    sara.get("/today")
    sara.get("/desk/example")
    assert "Waiting for a decision: 1." in sara.text
    sara.post("/desk/example", step="freeze", account="", reason="units were stolen")
    sara.post(
        "/desk/example", status=400, step="sign", account="", reason="x", code=counter.code("sara")
    )
    assert "9256" in sara.text
    sara.post("/desk/example", step="freeze", account="", reason="units were stolen")
    code = counter.code("sara")
    sara.post(
        "/desk/example", status=303, step="sign", account="", reason="units were stolen", code=code
    )
    sara.follow()
    assert "The scheme is frozen." in sara.text
    path = counter.my("steel", "trust")
    ann.get(path)
    ann.post(path, status=400, step="check", target=counter.bureau.number("cancelled"))
    assert "1209" in ann.text


def test_staff_freeze_one_account(counter: Counter) -> None:
    sara, account = counter.browser("sara"), counter.bureau.number("steel")
    sara.get("/desk/example")
    sara.post("/desk/example", step="freeze", account=account, reason="a theft")
    code = counter.code("sara")
    sara.post(
        "/desk/example", status=303, step="sign", account=account, reason="a theft", code=code
    )
    ann = counter.browser("ann")
    ann.get(counter.my("steel"))
    assert "This account is suspended." in ann.text


def test_without_a_lodge_there_is_no_door(counter: Counter) -> None:
    bureau = counter.bureau
    from tonne.operations import Office  # noqa: PLC0415  here alone

    office = Office(
        schemes={"example": bureau.land.scheme}, store=bureau.land.store, now=lambda: bureau.now
    )
    stranger = Browser(pages(office))
    for path in ("/sign-in", "/today", "/my/XE-120-7-0-95", "/desk/example"):
        stranger.get(path, status=404)
    stranger.get("/")
    assert "/today" not in stranger.page


@pytest.mark.parametrize("language", ["en", "ne", "fa", "sl"])
def test_pages_of_members_are_written_in_every_language(counter: Counter, language: str) -> None:
    ann, _ = trusting(counter)
    path, to = counter.my("steel", "transfer"), counter.bureau.number("kiln")
    for each in ("/today", "/you", counter.my("steel"), path):
        ann.get(f"{each}?lang={language}")
        assert f'<html lang="{language}"' in ann.page
        assert ann.page.count("<h1") == 1
    ann.post(f"{path}?lang={language}", step="check", target=to, **TRANSFER)
    code = counter.code("ann")
    ann.post(f"{path}?lang={language}", status=303, step="sign", code=code, target=to, **TRANSFER)
