"""Both sides of a trade hear of it, and neither who the other is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bourse import Bourse
from bureau import Bureau
from ears import Ear, listening
from land import UNIT, Land, example
from switchboard import Counter, grounds
from tonne.cli.hook_work import HookWork
from tonne.store import MemoryStore
from world import Store

EVENTS = "/v1/schemes/example/events"
HOOKS = "/v1/schemes/example/webhook-endpoints"


def traded(store: Store) -> Counter:
    """The counter, after steel sold to the kiln in two trades, and to Ana in one between."""
    land = Land(store, scheme=example()).settle()
    bourse = Bourse(land)
    for name in ("kiln", "ana"):
        bourse.purse.bring(name, "1000.00")
    bourse.send(bourse.order("steel", "sell", 10, 500))
    for name, count in (("kiln", 3), ("ana", 2), ("kiln", 1)):
        bourse.send(bourse.order(name, "buy", count, 510))
    counter = Counter(Bureau(land).settle(), more={"hooks_loopback": True})
    counter.propose(
        {
            "verb": "cancel_voluntarily", "account": counter.bureau.number("steel"), "unit": UNIT,
            "count": 1, "beneficiary": "The school of Bled",
        },
        by="ann",
    )  # fmt: skip
    return counter


@pytest.fixture
def each_counter(store: Store) -> Counter:
    """In books of each kind."""
    return traded(store)


@pytest.fixture(scope="module")
def counter() -> Counter:
    """In memory; nothing is done there."""
    return traded(MemoryStore())


@pytest.fixture
def ear() -> Iterator[Ear]:
    """A program that listens, and has heard nothing yet."""
    with listening() as found:
        yield found


def told(counter: Counter, by: str, good: str = "trade") -> Any:  # noqa: ANN401  JSON
    """The trades of which somebody hears."""
    rows = counter.get(f"{EVENTS}?limit=200", by, good)["data"]
    return [row for row in rows if row["type"] == "trade.made"]


def sides(rows: Any) -> list[tuple[str, int, str]]:  # noqa: ANN401  JSON
    """Who did what with how many, as the rows say."""
    return [
        (each["side"], row["trade"]["last_qty"], each["account"])
        for row in rows
        for each in row["trade"]["sides"]
    ]


def test_each_side_hears_of_its_own_trades_and_not_who_the_other_is(each_counter: Counter) -> None:
    counter = each_counter
    steel, kiln = counter.bureau.number("steel"), counter.bureau.number("kiln")
    sold, bought = told(counter, "ann"), told(counter, "carl")
    assert sides(sold) == [("sell", 3, steel), ("sell", 2, steel), ("sell", 1, steel)]
    assert sides(bought) == [("buy", 3, kiln), ("buy", 1, kiln)]
    assert told(counter, "bob") == sold
    assert kiln not in json.dumps(sold)
    assert counter.bureau.number("ana") not in json.dumps(sold)
    assert steel not in json.dumps(bought)
    first = bought[0]
    assert (first["account"], first["by"], first["proposal"], first["state"]) == (
        kiln, None, None, None,
    )  # fmt: skip
    # The order that rests was put at 5.00.
    assert (first["trade"]["last_px"], first["trade"]["currency"]) == ("5.00", "EUR")
    assert first["id"] == sold[0]["id"], "one event, of which each is told their side"


def test_trades_stand_among_what_else_happened_in_order_and_page_by_page(
    each_counter: Counter,
) -> None:
    whole = each_counter.get(f"{EVENTS}?limit=200", "ann", "trade")["data"]
    assert {row["type"] for row in whole} >= {"trade.made", "proposal.propose"}
    assert [int(row["id"]) for row in whole] == sorted(int(row["id"]) for row in whole)
    found, cursor = [], "0"
    while cursor:
        page = each_counter.get(f"{EVENTS}?limit=1&starting_after={cursor}", "ann", "trade")
        found += page["data"]
        cursor = page["next_cursor"]
    assert found == whole


def test_without_the_scope_of_the_market_and_to_staff_no_trade_is_told(counter: Counter) -> None:
    assert told(counter, "ann", "read") == []
    assert told(counter, "sara") == []
    streamed = counter.client.get(f"{EVENTS}/stream?after=0", headers=counter.key("ann", "trade"))
    assert streamed.text.count("event: trade\n") == 3
    plain = counter.client.get(f"{EVENTS}/stream?after=0", headers=counter.key("ann", "read"))
    assert "trade.made" not in plain.text
    assert "event: proposal\n" in plain.text


def test_trades_of_another_schemes_books_are_not_among_those_of_this(
    each_counter: Counter,
) -> None:
    steel = each_counter.bureau.number("steel")

    def page(
        begin: str, accounts: list[str], after: int = 0, upto: int = 10**9, limit: int = 9
    ) -> list[int]:
        found = each_counter.bureau.land.run(
            lambda books: books.own_trades_page(
                begin, accounts, after=after, upto=upto, limit=limit
            )
        )
        return [each.number for each in found]

    first, second, third = page("example ", [steel])
    assert page("example ", [steel, each_counter.bureau.number("kiln")]) == [first, second, third]
    assert page("exampl ", [steel]) == page("another ", [steel]) == page("example ", []) == []
    assert page("example ", [steel], after=first, upto=second) == [second]
    assert page("example ", [steel], limit=2) == [first, second]


def test_both_sides_are_told_of_their_own_trade_by_webhook(ear: Ear) -> None:
    counter = traded(MemoryStore())
    body = {"url": ear.url, "types": ["trade.made"], "after": 0}
    refused = counter.post(HOOKS, body, by="ann", good="hooks")
    assert grounds(refused) == (403, [9217])
    for name in ("ann", "carl"):
        assert counter.post(HOOKS, body, by=name, good="floor").status_code == 201
    work = HookWork(
        office=counter.office, lodge=counter.porch.lodge, log=lambda _: None, loopback=True
    )
    work.turn()
    heard = [json.loads(each[1]) for each in ear.heard]
    assert {each["type"] for each in heard} == {"trade.made"}
    steel, kiln = counter.bureau.number("steel"), counter.bureau.number("kiln")
    assert sides([each["data"] for each in heard]) == [
        ("sell", 3, steel), ("sell", 2, steel), ("sell", 1, steel), ("buy", 3, kiln),
        ("buy", 1, kiln),
    ]  # fmt: skip
    assert not any(steel in text.decode() and kiln in text.decode() for _, text in ear.heard)


def test_a_webhook_for_everything_is_told_no_more_than_its_key_is_good_for(ear: Ear) -> None:
    counter = traded(MemoryStore())
    for good in ("hooks", "floor"):
        made = counter.post(HOOKS, {"url": ear.url, "after": 0}, by="bob", good=good).json()
        assert ("trade.made" in made["types"] or made["types"] == []) == (good == "floor")
        ear.heard.clear()
        HookWork(
            office=counter.office, lodge=counter.porch.lodge, log=lambda _: None, loopback=True
        ).turn()
        types = {json.loads(each[1])["type"] for each in ear.heard}
        assert ("trade.made" in types) == (good == "floor")
        assert "proposal.propose" in types
