"""Auctions at the pages: what everybody sees, how people bid, take back, and what they won."""

import json
from datetime import timedelta
from typing import Any

import pytest

from auction_hall import Hall
from bureau import MONDAY
from counter import Browser, Counter
from tonne.store import MemoryStore

CLOSES = MONDAY + timedelta(days=2)


@pytest.fixture
def counter() -> Counter:
    """An auction of 300 units that takes bids for two days; kiln and steelworks have money."""
    counter = Counter.of(MemoryStore())
    hall = Hall(counter.bureau.land).rich(kiln="200000.00", steel="5000.00")
    hall.create(on="2026-03-01", opens=MONDAY - timedelta(hours=1), closes=CLOSES)
    return counter


@pytest.fixture
def carl(counter: Counter) -> Browser:
    """Carl of the kiln at his browser."""
    return counter.browser("carl")


def bidding(count: str, price: str, **more: str) -> Any:  # noqa: ANN401  texts
    """The fields of a bid."""
    return {"auction": "A1", "count": count, "price": price} | more


def bid(counter: Counter, browser: Browser, name: str, account: str, **fields: Any) -> str:  # noqa: ANN401  texts
    """Bid at the page: the answers checked, then signed; the address of the proposal."""
    path = counter.my(account, "bid")
    browser.get(f"{path}?auction=A1")
    fields["salt"] = browser.hidden("salt")
    browser.post(path, step="check", **fields)
    assert "with fees and taxes" in browser.text
    browser.post(path, status=303, step="sign", code=counter.code(name), **fields)
    return str(browser.answer.headers["location"])


def test_everybody_sees_what_is_sold_and_nobody_what_is_bid(
    counter: Counter, carl: Browser
) -> None:
    bid(counter, carl, "carl", "kiln", **bidding("10", "23.45"))
    visitor = Browser(counter.app)
    visitor.get("/schemes/example/auctions")
    assert 'href="/schemes/example/auctions/A1"' in visitor.page
    visitor.get("/schemes/example/auctions/A1")
    # 20.00 of 2025, and a twentieth more in 2026.
    for words in ("Auction A1: 300 EXA-1", "open for bids", "Reserve priceEUR 21.00", "60.0"):
        assert words in visitor.text
    assert "23.45" not in visitor.page
    assert counter.bureau.number("kiln") not in visitor.page
    assert json.loads(visitor.get("/schemes/example/auctions/A1.json"))["rows"] == []
    visitor.get("/schemes/example/auctions/none", status=404)


def test_a_bid_is_signed_stands_and_wins(counter: Counter, carl: Browser) -> None:
    path = counter.my("kiln", "auctions")
    carl.get(counter.my("kiln"))
    assert f'href="{path}"' in carl.page
    carl.get(path)
    assert f'href="{path}/A1"' in carl.page
    carl.get(f"{path}/A1")
    assert "No bid of this account stands in it." in carl.text
    assert f'href="{counter.my("kiln", "bid")}?auction=A1"' in carl.page
    bid(counter, carl, "carl", "kiln", **bidding("20", "25,50"))
    carl.follow()
    assert "Bid for 20 units in the auction A1" in carl.text
    assert "It is done." in carl.text
    carl.get(f"{path}/A1")
    assert "20EUR 25.50" in carl.text
    hall = Hall(counter.bureau.land)
    hall.bid(hall.order("steel", "22.00", 10), on="2026-03-03")
    hall.clear(on="2026-03-05")
    counter.bureau.now = CLOSES + timedelta(days=1)
    carl = counter.browser("carl")
    carl.get(f"{path}/A1")
    # Of 300 units 30 are bid for: all win at the lowest price that was accepted, 22.00.
    assert "30 units were sold for EUR 22.00 each." in carl.text
    assert "20EUR 25.5020EUR 440.00" in carl.text
    assert counter.bureau.land.held("kiln") == 70
    assert "Take back" not in carl.text
    visitor = Browser(counter.app)
    told = json.loads(visitor.get("/schemes/example/auctions/A1.json"))["rows"]
    assert [(row["price"], row["count"]) for row in told] == [("25.50", 20), ("22.00", 30)]


def test_a_bid_is_taken_back_at_the_page_by_its_own_people(counter: Counter, carl: Browser) -> None:
    path = counter.my("kiln", "auctions/A1")
    bid(counter, carl, "carl", "kiln", **bidding("10", "22.00"))
    ann = counter.browser("ann")
    ann.get(path, status=403)
    ann.get(counter.my("steel", "auctions/A1"))
    assert "22.00" not in ann.text
    dora = counter.browser("dora")
    dora.get(path)
    name = dora.hidden("bid")
    ann.post(counter.my("steel", "auctions/A1"), status=400, step="cancel", bid=name)
    assert "8806" in ann.text
    dora.post(path, status=303, step="cancel", bid=name)
    dora.follow()
    assert "No bid of this account stands in it." in dora.text


def test_a_bid_over_the_limit_of_one_person_waits_for_a_second(
    counter: Counter, carl: Browser
) -> None:
    # 100 at 1,000.01 are worth more than the 100,000 of the Act.
    address = bid(counter, carl, "carl", "kiln", **bidding("100", "1000.01"))
    carl.get(counter.my("kiln", "auctions/A1"))
    assert "No bid of this account stands in it." in carl.text
    sara = counter.browser("sara")
    sara.get(address, status=404)
    sara.get(counter.my("kiln"))
    assert "1000" not in sara.text.replace(",", "")
    sara.get("/desk/example")
    assert "A1" not in sara.text
    sara.get(counter.my("kiln", "auctions/A1"), status=403)
    dora = counter.browser("dora")
    dora.get("/today")
    assert address in dora.page
    dora.get(address)
    dora.post(address, status=303, step="sign", code=counter.code("dora"))
    dora.get(counter.my("kiln", "auctions/A1"))
    assert "100EUR 1,000.01" in dora.text


def test_what_a_bid_costs_at_most_is_told_before_it_is_signed(
    counter: Counter, carl: Browser
) -> None:
    path = counter.my("kiln", "bid")
    carl.get(path)
    carl.post(path, step="check", salt=carl.hidden("salt"), **bidding("10", "21.00"))
    # 210.00, and a fifth of it tax.
    assert "It costs at most EUR 252.00, with fees and taxes; EUR 200,000.00" in carl.text


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        (bidding("7", "25.00"), "8205"),
        (bidding("10", "20.00"), "8206"),
        (bidding("10", "25.001"), "8204"),
        (bidding("190", "25.00"), "8207"),
        (bidding("ten", "25.00"), "9254"),
        (bidding("10", "25.00", auction="A9"), "8804"),
        (bidding("10", "25.00", salt="short"), "8210"),
    ],
)
def test_a_form_that_is_no_bid_says_why(
    counter: Counter, carl: Browser, fields: dict[str, str], number: str
) -> None:
    path = counter.my("kiln", "bid")
    carl.get(path)
    carl.post(path, status=400, step="check", **({"salt": carl.hidden("salt")} | fields))
    assert number in carl.text
