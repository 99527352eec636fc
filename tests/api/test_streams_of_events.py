"""Who listens hears what is kept, in order, each once, and goes on where he was cut off."""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from bourse import Bourse
from bureau import usr
from front_desk import FrontDesk
from land import Land, example
from switchboard import Counter, a_counter, grounds
from tonne.api import Streams
from world import Store

EVENTS = "/v1/schemes/example/events"
FLOOR = "/v1/markets/example/instruments/EXA-SPOT"


def heard(text: str) -> list[tuple[int, str, Any]]:
    """Number, kind and content of the events of a stream."""
    found = []
    for part in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in part.splitlines() if not line.startswith(":"))
        if "data" in lines:
            found.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return found


@pytest.fixture
def bourse(store: Store) -> Bourse:
    """An exchange on which two trades were made, and six units are left for sale at 5.00."""
    made = Bourse(Land(store, scheme=example()).settle())
    made.purse.bring("kiln", "1000.00")
    made.send(made.order("steel", "sell", 10, 500))
    made.send(made.order("kiln", "buy", 3, 510))
    made.send(made.order("kiln", "buy", 1, 500))
    return made


def listen(desk: FrontDesk, ask: str = "", last: int | None = None) -> list[tuple[int, str, Any]]:
    """What is heard of the floor now."""
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    answer = desk.client.get(f"{FLOOR}/stream{ask}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    return heard(answer.text)


def test_trades_and_the_book_are_heard_once_and_again_from_where_one_was(bourse: Bourse) -> None:
    desk = FrontDesk(bourse.land, at=bourse.at)
    told = listen(desk, "?after=0")
    assert [(kind, each.get("count")) for _, kind, each in told] == [
        ("trade", 3), ("trade", 1), ("book", None),
    ]  # fmt: skip
    assert [number for number, _, _ in told] == sorted(number for number, _, _ in told)
    book = told[-1][2]
    assert [(row["price"]["amount"], row["count"]) for row in book["offers"]] == [("5.00", 6)]
    assert book["bids"] == []
    # Cut off after the first trade, one hears the second; after the book, no trade again.
    rest = listen(desk, last=told[0][0])
    assert [each["count"] for _, kind, each in rest if kind == "trade"] == [1]
    assert [kind for _, kind, _ in listen(desk, last=told[-1][0])] == ["book"]
    assert [kind for _, kind, _ in listen(desk)] == ["book"], "from now on, if nothing is said"
    bourse.send(bourse.order("kiln", "buy", 2, 505), bourse.order("kiln", "buy", 9, 400))
    *trades, (_, kind, book) = listen(desk, last=told[-1][0])
    assert [(each["count"], each["price"]["amount"]) for _, _, each in trades] == [(2, "5.00")]
    assert [(row["price"]["amount"], row["count"]) for row in book["bids"]] == [("4.00", 9)]
    assert kind == "book"
    assert desk.get(f"{FLOOR}/book") == book
    secret = bourse.land.number("kiln")
    assert secret not in json.dumps(book) + json.dumps(trades), "who trades is not public"


def test_a_book_that_is_followed_stands_as_one_that_was_followed_from_the_start(
    bourse: Bourse,
) -> None:
    desk = FrontDesk(bourse.land, at=bourse.at)
    desk.get(f"{FLOOR}/book")
    bourse.send(bourse.order("kiln", "buy", 9, 400, name="b"))
    bourse.send(bourse.amend("kiln", "b", order_qty=4))
    one = desk.get(f"{FLOOR}/book?levels=1")
    assert one == FrontDesk(bourse.land, at=bourse.at).get(f"{FLOOR}/book?levels=1")
    assert [row["count"] for row in one["bids"]] == [4]


@pytest.fixture
def counter(store: Store) -> Counter:
    """The counter, on books of each kind."""
    return a_counter(store)


def gift(counter: Counter) -> dict[str, Any]:
    """Units of the steelworks given up for somebody."""
    return {
        "verb": "cancel_voluntarily", "account": counter.bureau.number("steel"), "unit": "EXA-1",
        "count": 2, "beneficiary": "The school of Bled",
    }  # fmt: skip


def of(counter: Counter, by: str, ask: str = "?after=0", **headers: str) -> list[tuple[int, str]]:
    """What somebody hears: number and what happened."""
    shown = counter.key(by, "read") | headers
    answer = counter.client.get(f"{EVENTS}/stream{ask}", headers=shown)
    assert answer.status_code == 200, answer.text
    assert "Access-Control-Allow-Origin" not in answer.headers
    return [(number, each["type"]) for number, _, each in heard(answer.text)]


def test_what_happens_to_proposals_is_heard_by_those_who_see_them(counter: Counter) -> None:
    before = of(counter, "ann")
    code = counter.propose(gift(counter), by="ann").json()["code"]
    counter.decide(code, "approve", by="bob")
    new = of(counter, "ann")[len(before) :]
    assert [what for _, what in new] == [
        "proposal.propose", "proposal.approve", "proposal.complete",
    ]  # fmt: skip
    assert of(counter, "bob")[-3:] == new
    assert of(counter, "sara")[-3:] == new, "staff see all"
    assert not {each for each, _ in new} & {each for each, _ in of(counter, "carl")}
    first = str(new[0][0])
    assert of(counter, "ann", ask="", **{"Last-Event-ID": first}) == new[1:]
    assert of(counter, "ann", ask="") == []
    pages = counter.get(f"{EVENTS}?limit=2&starting_after={before[-1][0] if before else 0}", "ann")
    assert [int(row["id"]) for row in pages["data"]] == [each for each, _ in new[:2]]
    rest = counter.get(f"{EVENTS}?starting_after={pages['next_cursor']}", "ann")["data"]
    assert [(int(row["id"]), row["by"]) for row in rest] == [(new[2][0], None)]


def test_who_may_not_listen_is_told_so_before_anything_begins() -> None:
    counter = a_counter()
    assert grounds(counter.client.get(f"{EVENTS}/stream")) == (401, [9216])
    without_scope = counter.client.get(f"{EVENTS}/stream", headers=counter.key("ann", "quiet"))
    assert grounds(without_scope) == (403, [9217])
    wrong = counter.client.get(
        f"{EVENTS}/stream", headers=counter.key("ann", "read") | {"Last-Event-ID": "x"}
    )
    assert grounds(wrong) == (400, [9204])
    assert grounds(counter.client.get(f"{FLOOR}x/stream"))[0] == 404


class Listener:
    """Somebody who listens to a stream until he goes away."""

    def __init__(self, counter: Counter, by: str) -> None:
        """Nothing is heard yet."""
        self.app, self.heard, self.status = counter.app, "", 0
        shown = counter.key(by, "read")["Authorization"]
        self.scope = {
            "type": "http", "method": "GET", "path": f"{EVENTS}/stream", "query_string": b"after=0",
            "headers": [(b"authorization", shown.encode())], "client": ("192.0.2.1", 1),
            "http_version": "1.1", "scheme": "http", "server": ("test", 80), "root_path": "",
        }  # fmt: skip
        self.gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        """That he has gone away, once he has."""
        if not getattr(self, "asked", False):
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Hear."""
        self.status = message.get("status", self.status)
        self.heard += message.get("body", b"").decode()

    async def until(self, text: str) -> None:
        """Wait until something was heard."""
        for _ in range(500):
            if text in self.heard:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(self.heard)


def test_a_stream_goes_on_beats_and_ends_and_there_are_only_so_many() -> None:
    streams = Streams(every=0.01, heartbeat=0.02, most_of_one=1)
    counter = a_counter(streams=streams)

    async def story() -> None:
        first = Listener(counter, "ann")
        going = asyncio.create_task(counter.app(first.scope, first.receive, first.send))
        await first.until(": still here")
        second = Listener(counter, "ann")
        await counter.app(second.scope, second.receive, second.send)
        assert second.status == 429
        assert json.loads(second.heard)["check_id"] == 9219
        made = await asyncio.to_thread(counter.propose, gift(counter), by="ann")
        assert made.status_code == 201, made.text
        await first.until(made.json()["code"])
        assert streams.open == 1
        first.gone.set()
        await going
        assert streams.open == 0
        other = Listener(counter, "bob")
        going = asyncio.create_task(counter.app(other.scope, other.receive, other.send))
        await other.until(": still here")
        lodge, person = counter.porch.lodge, usr("bob")
        lodge.run(lambda keeping: keeping.bar(person, barred=True))
        await going
        assert streams.open == 0, "who is not let in any more hears no more"

    asyncio.run(story())
