"""Sentences about the trail: who was let in is written down before they see what they asked."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bureau import usr
from counter import Browser
from counter import Counter as Front
from switchboard import Counter, a_counter
from tonne.cli.serve import doors
from tonne.cli.tracing import keeping
from tonne.operations import Office
from tonne.signin import Trace
from tonne.store import MemoryStore

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Kept:
    """A trail in memory, which may be full."""

    def __init__(self) -> None:
        self.traces: list[Trace] = []
        self.full = False

    async def __call__(self, trace: Trace) -> None:
        if self.full:
            raise ConnectionError("no room")
        self.traces.append(trace)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def counter(kept: Kept) -> Counter:
    found = a_counter()
    found.more["keeps"] = kept
    found.__post_init__()
    return found


def test_what_a_program_saw_and_what_it_was_refused_is_kept_with_the_account(
    counter: Counter, kept: Kept
) -> None:
    steel, kiln = counter.bureau.number("steel"), counter.bureau.number("kiln")
    path = "/v1/schemes/example/accounts"
    counter.get(f"{path}/{steel}/holdings", "ann")
    no = counter.client.get(f"{path}/{kiln}/holdings", headers=counter.key("ann", "read"))
    assert no.status_code == 404
    made = counter.propose(counter.move(), by="ann")
    assert [(each.account, each.status, each.method) for each in kept.traces] == [
        (steel, 200, "GET"),
        (kiln, 404, "GET"),
        (steel, made.status_code, "POST"),
    ]
    first = kept.traces[0]
    assert (first.person, first.route) == (
        usr("ann"), "/v1/schemes/{scheme}/accounts/{number}/holdings",
    )  # fmt: skip
    assert first.key is not None
    assert first.key.startswith("key_")
    assert kept.traces[2].request == made.headers["Request-Id"]
    assert {each.place for each in kept.traces} == {"testclient"}
    (line,) = [each for each in counter.lines if each["request_id"] == first.request]
    assert (line["person"], line["key"]) == (usr("ann"), first.key)


def test_who_asks_without_a_key_leaves_no_trace(counter: Counter, kept: Kept) -> None:
    assert counter.client.get("/v1/schemes").status_code == 200
    assert counter.client.get("/v1/me").status_code == 401
    assert counter.client.get("/v1/me", headers={"Authorization": "Bearer no"}).status_code == 401
    assert kept.traces == []


def test_nobody_sees_what_cannot_be_written_down(counter: Counter, kept: Kept) -> None:
    kept.full = True
    path = f"/v1/schemes/example/accounts/{counter.bureau.number('steel')}/holdings"
    answer = counter.client.get(path, headers=counter.key("ann", "read"))
    assert answer.status_code == 503
    assert "held" not in answer.text
    assert counter.client.get("/v1/schemes").status_code == 200
    kept.full = False
    assert counter.get(path, "ann")["data"]


def test_what_somebody_saw_on_pages_is_kept_and_strangers_are_not(kept: Kept) -> None:
    front = Front.of(MemoryStore())
    scheme, store = front.bureau.land.scheme, front.bureau.land.store
    office = Office(schemes={"example": scheme}, store=store, now=lambda: front.bureau.now)
    app: Any = doors(office, rate=10_000, lodge=front.porch.lodge, keeps=kept)
    front.app = app
    stranger = Browser(app)
    stranger.get("/")
    stranger.get("/today", status=303)
    assert kept.traces == []
    ann = front.browser("ann")
    ann.get(front.my("steel"))
    steel = front.bureau.number("steel")
    last = kept.traces[-1]
    assert (last.person, last.key, last.account) == (usr("ann"), None, steel)
    assert (last.route, last.path, last.status) == ("/my/{number}", f"/my/{steel}", 200)
    assert last.session is not None
    assert last.session.startswith("ses_")
    ann.get(front.my("kiln"), status=403)
    assert (kept.traces[-1].account, kept.traces[-1].status) == (front.bureau.number("kiln"), 403)


def test_a_form_that_is_not_ours_and_a_way_out_are_kept_of_who_was_in(kept: Kept) -> None:
    front = Front.of(MemoryStore())
    scheme, store = front.bureau.land.scheme, front.bureau.land.store
    office = Office(schemes={"example": scheme}, store=store, now=lambda: front.bureau.now)
    app: Any = doors(office, rate=10_000, lodge=front.porch.lodge, keeps=kept)
    front.app = app
    ann = front.browser("ann")
    ann.get("/you")
    address, mark = front.my("steel") + "/orders", ann.hidden("form_token")
    kept.traces.clear()
    ann.post(address, status=403, form_token="another's", step="cancel")  # noqa: S106  no secret
    ann.post("/sign-out", status=303, form_token=mark)
    assert [(each.person, each.route, each.status) for each in kept.traces] == [
        (usr("ann"), "/my/{number}/orders", 403),
        (usr("ann"), "/sign-out", 303),
    ]


class Slow:
    """A trail that notes how many traces came together, and once has no room."""

    def __init__(self) -> None:
        self.came: list[list[str]] = []

    def add(self, traces: Any) -> None:  # noqa: ANN401  a sequence of traces
        """Keep them."""
        self.came.append([each.request for each in traces])
        if "bad" in self.came[-1]:
            raise ValueError("no room")


def trace(request: str) -> Trace:
    """A trace."""
    return Trace(
        at=NOW, request=request, person="usr_a", key=None, session=None, place="", method="GET",
        route="/", path="/", account=None, status=200,
    )  # fmt: skip


def test_all_who_wait_at_one_time_are_told_each_for_themself_what_became_of_it() -> None:
    slow = Slow()

    async def many(keep: Any) -> list[Any]:  # noqa: ANN401  what keeps
        first = await asyncio.gather(*(keep(trace(f"r{n}")) for n in range(40)))
        with pytest.raises(ConnectionError, match="no room"):
            await keep(trace("bad"))
        await keep(trace("last"))
        return first

    with keeping(slow) as keep:
        assert asyncio.run(many(keep)) == [None] * 40
    assert [each for batch in slow.came for each in batch] == [
        *(f"r{n}" for n in range(40)), "bad", "last",
    ]  # fmt: skip
    assert len(slow.came) < 42
