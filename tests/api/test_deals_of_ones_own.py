"""Deals over the counter are told to programs of their sides, and to nobody else."""

import json
from typing import Any

import pytest

from bargains import Bargain
from bureau import MONDAY, Bureau
from land import Land
from switchboard import Counter, grounds
from tonne.store import MemoryStore
from world import Store

ON = f"{MONDAY:%Y-%m-%d}"
DEALS = "/v1/schemes/example/deals"


def opened(store: Store) -> Counter:
    """The counter, and four deals: two of steel and kiln, one of kiln and ana, one asked for."""
    land = Land(store).settle()
    bargain = Bargain(land)
    bargain.bring("steel", "1000.00")
    bargain.bring("ana", "1000.00")
    first = bargain.propose("kiln", on=ON)
    bargain.say("confirm", first.deal.id, by="steel", on=ON)
    bargain.propose("kiln", on=ON, count=3, price="21.50")
    bargain.propose("kiln", on=ON, count=4, buyer="ana")
    bargain.say("request", bargain.draft(on=ON, count=5, price=None), by="steel", on=ON)
    return Counter(Bureau(land).settle())


@pytest.fixture
def each_counter(store: Store) -> Counter:
    """In books of each kind."""
    return opened(store)


@pytest.fixture(scope="module")
def counter() -> Counter:
    """In memory; nothing is done there."""
    return opened(MemoryStore())


def of(counter: Counter, who: str, by: str, more: str = "") -> Any:  # noqa: ANN401  JSON
    """The page of deals of an account."""
    return counter.get(f"{DEALS}?account={counter.bureau.number(who)}{more}", by, "trade")


def test_a_side_sees_its_deals_the_newest_first_and_how_they_stand(each_counter: Counter) -> None:
    steel, kiln = each_counter.bureau.number("steel"), each_counter.bureau.number("kiln")
    asked, waiting, settled = of(each_counter, "steel", "ann")["data"]
    assert (asked["state"], asked["price"], asked["confirmed"]) == ("quote_requested", None, [])
    assert (waiting["state"], waiting["confirmed"]) == ("proposed", ["seller"])
    assert waiting["price"] == {"amount": "21.50", "currency": "EUR"}
    assert (waiting["count"], waiting["settled"], waiting["transactions"]) == (3, 0, [])
    assert (settled["state"], settled["count"], settled["settled"]) == ("settled", 10, 10)
    assert (settled["buyer"], settled["seller"]) == (steel, kiln)
    assert len(settled["transactions"]) == 1
    one = each_counter.get(f"{DEALS}/{settled['deal']}", "dora", "trade")
    assert one == settled
    assert [each["count"] for each in of(each_counter, "kiln", "carl")["data"]] == [5, 4, 3, 10]


def test_deals_come_page_by_page_and_by_how_they_stand(counter: Counter) -> None:
    whole, cursor, found = of(counter, "kiln", "carl")["data"], "", []
    while True:
        page = of(counter, "kiln", "carl", f"&limit=1{cursor}")
        found += page["data"]
        if not page["has_more"]:
            break
        cursor = f"&starting_after={page['next_cursor']}"
    assert found == whole
    proposed = of(counter, "kiln", "carl", "&state=proposed&limit=1")
    assert ([each["count"] for each in proposed["data"]], proposed["has_more"]) == ([4], True)
    rest = of(counter, "kiln", "carl", f"&state=proposed&starting_after={proposed['next_cursor']}")
    assert ([each["count"] for each in rest["data"]], rest["has_more"]) == ([3], False)
    either = of(counter, "kiln", "carl", "&state=settled,quote_requested")
    assert [each["count"] for each in either["data"]] == [5, 10]


def test_deals_are_told_as_lines_and_as_a_table(counter: Counter) -> None:
    path = f"{DEALS}?account={counter.bureau.number('steel')}"
    shown = counter.key("ann", "trade")
    lines = counter.client.get(path, headers=shown | {"Accept": "application/x-ndjson"})
    rows = of(counter, "steel", "ann")["data"]
    assert [json.loads(line) for line in lines.text.splitlines()] == rows
    table = counter.client.get(
        f"{path}&fields=count,price&limit=2", headers=shown | {"Accept": "text/csv"}
    )
    assert table.text == "count,price.amount,price.currency\r\n5,,\r\n3,21.50,EUR\r\n"
    assert table.headers["cache-control"] == "private, no-store"


def test_a_deal_of_others_is_as_if_it_were_not(counter: Counter) -> None:
    (of_ana,) = [each for each in of(counter, "kiln", "carl")["data"] if each["count"] == 4]
    shown = counter.key("ann", "trade")
    told = counter.client.get(f"{DEALS}/{of_ana['deal']}", headers=shown)
    unknown = counter.client.get(f"{DEALS}/D-999999", headers=shown)
    assert grounds(told) == grounds(unknown) == (404, [8830])
    assert told.json()["detail"] == unknown.json()["detail"].replace("D-999999", of_ana["deal"])
    for number in (counter.bureau.number("kiln"), "XE-120-99-0-1"):
        answer = counter.client.get(f"{DEALS}?account={number}", headers=shown)
        assert grounds(answer) == (404, [9215])
    # Staff of the registry see what is not public of every account.
    assert counter.get(f"{DEALS}/{of_ana['deal']}", "sara", "trade") == of_ana


def test_what_deals_are_asked_for_is_understood_or_refused(counter: Counter) -> None:
    path = f"{DEALS}?account={counter.bureau.number('steel')}"
    shown = counter.key("ann", "trade")
    for ask, number in (("&sate=new", 9203), ("&state=gone", 9200), ("&starting_after=D-0", 9204)):
        assert grounds(counter.client.get(path + ask, headers=shown)) == (400, [number])
    quiet = counter.client.get(path, headers=counter.key("ann", "read"))
    assert grounds(quiet) == (403, [9217])
    assert grounds(counter.client.get(path)) == (401, [9216])
