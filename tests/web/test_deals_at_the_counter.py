"""Deals at the pages: one side proposes, the other confirms or rejects, both see the end."""

import re
from typing import Any

import pytest

from bargains import Bargain
from bureau import MONDAY, usr
from counter import Browser, Counter
from land import UNIT
from tonne.operations import proposals
from tonne.store import MemoryStore

TODAY = f"{MONDAY:%Y-%m-%d}"


@pytest.fixture
def counter() -> Counter:
    """The land, in which the kiln has 5,000 euros."""
    counter = Counter.of(MemoryStore())
    Bargain(counter.bureau.land).bring("kiln", "5000.00")
    return counter


@pytest.fixture
def carl(counter: Counter) -> Browser:
    """Carl of the kiln at his browser."""
    return counter.browser("carl")


def buying(counter: Counter, count: str, price: str, **more: str) -> Any:  # noqa: ANN401  texts
    """The kiln buys of the steelworks."""
    terms = {"side": "buy", "target": counter.bureau.number("steel"), "unit": UNIT}
    days = {"settle_on": TODAY, "until": TODAY}
    return {**terms, "count": count, "price": price, **days, **more}


def second(counter: Counter, name: str, address: str) -> Browser:
    """Another representative agrees to what was proposed there."""
    browser = counter.browser(name)
    browser.get(address)
    browser.post(address, status=303, step="sign", code=counter.code(name))
    browser.follow()
    assert "It is done." in browser.text
    return browser


def test_a_deal_goes_from_one_side_to_the_other_and_is_settled(
    counter: Counter, carl: Browser
) -> None:
    carl.get(counter.my("kiln"))
    assert f'href="{counter.my("kiln", "deals")}"' in carl.page
    path = counter.my("kiln", "deal")
    carl.get(path)
    assert (carl.value("settle_on"), carl.value("until")) == (TODAY, TODAY)
    asked = buying(counter, "10", "20,00")
    carl.post(path, step="check", **asked)
    # 10 at 20.00, a fifth of it tax, and a cent a unit: 240.10.
    assert "It costs EUR 240.10, with fees and taxes; EUR 5,000.00 is free" in carl.text
    assert "A second person must agree." in carl.text
    assert "The other account is not on the trusted list." in carl.text
    carl.post(path, status=303, step="sign", code=counter.code("carl"), **asked)
    second(counter, "dora", carl.answer.headers["location"])
    carl.get(counter.my("kiln", "deals"))
    assert "waits to be confirmed" in carl.text

    ann = counter.browser("ann")
    ann.get("/today")
    assert "Waiting for you: 1." in ann.text
    assert f"buy 10 {UNIT}" not in ann.text
    assert f"sell 10 {UNIT} for EUR 20.00 each" in ann.text
    ann.get(counter.my("steel", "deals"))
    assert "waits for you to confirm it" in ann.text
    name = re.findall(r"deals/(D-[0-9]+)", ann.page)[0]
    ann.get(counter.my("steel", f"deals/{name}"))
    assert f'href="{counter.my("steel", "confirm")}?deal={name}"' in ann.page
    confirm = counter.my("steel", "confirm")
    ann.get(f"{confirm}?deal={name}")
    assert f"Confirm the deal {name}. Sell 10 {UNIT}" in ann.text
    assert "Units that are held for it: 10, of 60 that are free." in ann.text
    terms = {each: ann.hidden(each) for each in ("deal", "side", "target", "unit", "count",
                                                 "price", "settle_on")}  # fmt: skip
    ann.post(confirm, status=303, step="sign", code=counter.code("ann"), **terms)
    second(counter, "bob", ann.answer.headers["location"])
    for browser, account in ((carl, "kiln"), (ann, "steel")):
        browser.get(counter.my(account, f"deals/{name}"))
        assert "How it stands: settled." in browser.text
        assert "Transaction" in browser.text
    assert (counter.bureau.land.held("kiln"), counter.bureau.land.held("steel")) == (60, 50)
    ann.get("/today")
    assert "Waiting for you" not in ann.page.partition("</h1>")[0]


def proposed(counter: Counter) -> str:
    """The kiln has proposed to buy 5 of the steelworks; the name of the deal."""
    made = Bargain(counter.bureau.land).propose(
        "kiln", buyer="kiln", seller="steel", count=5, on=TODAY
    )
    return made.deal.id


def test_the_other_side_rejects_a_deal_and_money_is_free_again(
    counter: Counter, carl: Browser
) -> None:
    name = proposed(counter)
    carl.get(counter.my("kiln"))
    assert "free: EUR 4,879.95" in carl.text
    ann = counter.browser("ann")
    path = counter.my("steel", f"deals/{name}")
    ann.get(path)
    ann.post(path, status=303, step="reject")
    ann.follow()
    assert "How it stands: rejected or taken back." in ann.text
    assert "Confirm it" not in ann.text
    carl.get(counter.my("kiln"))
    assert "free: EUR" not in carl.text
    ann.get(path)
    ann.post(path, status=400, step="reject")
    assert "8401" in ann.text


def test_who_proposed_takes_a_deal_back(counter: Counter, carl: Browser) -> None:
    path = counter.my("kiln", f"deals/{proposed(counter)}")
    carl.get(path)
    assert "Take back" in carl.text
    assert "Confirm it" not in carl.text
    carl.post(path, status=303, step="reject")


def test_who_is_suspended_at_an_account_sees_no_deal_of_it(counter: Counter) -> None:
    proposed(counter)
    bureau = counter.bureau
    suspended = proposals.SuspendMandate(
        account=bureau.number("steel"), person=usr("ann"), reason="a theft"
    )
    bureau.agreed(suspended)
    ann = counter.browser("ann")
    ann.get("/today")
    assert "D-" not in ann.text
    bob = counter.browser("bob")
    bob.get("/today")
    assert "sell 5" in bob.text


def test_a_deal_is_told_to_its_sides_alone(counter: Counter, carl: Browser) -> None:
    bargain = Bargain(counter.bureau.land)
    bargain.bring("ana", "500.00")
    name = bargain.propose("ana", buyer="ana", seller="steel", count=5, on=TODAY).deal.id
    carl.get(counter.my("kiln", f"deals/{name}"), status=404)
    assert "8830" in carl.text
    carl.get(counter.my("steel", f"deals/{name}"), status=403)
    carl.get(f"{counter.my('kiln', 'confirm')}?deal={name}", status=404)


def test_a_deal_is_not_confirmed_with_other_terms_than_were_shown(counter: Counter) -> None:
    name = proposed(counter)
    ann, path = counter.browser("ann"), counter.my("steel", "confirm")
    ann.get(f"{path}?deal={name}")
    fields = ("deal", "side", "target", "unit", "count", "price", "settle_on")
    terms = {each: ann.hidden(each) for each in fields}
    ann.post(path, status=400, step="check", **(terms | {"price": "19.99"}))
    assert "9166" in ann.text
    ann.get(f"{path}?deal={name}")
    ann.post(path, status=400, step="sign", code=counter.code("ann"), **(terms | {"count": "4"}))
    ann.get(counter.my("steel", f"deals/{name}"))
    assert "It waits for you to confirm it" in ann.text


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"count": "many"}, "9254"),
        ({"settle_on": "soon"}, "9254"),
        ({"side": "swap"}, "9254"),
        ({"target": "XE-1"}, "2001"),
        ({"price": "20.001"}, "100"),
        ({"count": "1000", "side": "sell"}, "3005"),
    ],
)
def test_a_form_that_is_no_deal_says_why(
    counter: Counter, carl: Browser, fields: dict[str, str], number: str
) -> None:
    path = counter.my("kiln", "deal")
    carl.get(path)
    carl.post(path, status=400, step="check", **(buying(counter, "1", "20.00") | fields))
    assert number in carl.text
