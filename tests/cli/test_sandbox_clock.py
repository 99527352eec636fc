"""In a sandbox the clock stands; who moves it finds done what fell due, in order."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bureau import MONDAY, Bureau
from land import Land
from switchboard import Counter, a_counter, grounds
from tonne.cli.failures import UserFault
from tonne.cli.sandbox import HandMovedClock, sandbox_books
from tonne.cli.working import Round
from tonne.operations import proposals, proposing
from tonne.store import MemoryStore

CLOCK = "/v1/sandbox/clock"


@pytest.fixture
def counter() -> Counter:
    """The counter of a sandbox, whose people act by its clock."""
    clock = HandMovedClock(MONDAY)
    made = Counter(
        Bureau(Land(MemoryStore()).settle()).settle(), more={"sandbox_clock": clock}, now=clock.now
    )
    clock.serve(made.office, Round(made.office, lambda _: None).go)
    return made


def moved(counter: Counter, **body: object) -> dict[str, Any]:
    """What a clock that is moved tells."""
    answer = counter.post(CLOCK, body, by="ann", good="read")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def let_units_out(counter: Counter) -> None:
    """Units may go to accounts that are not trusted, and wait for a day then."""
    bureau = counter.bureau
    bureau.agreed(proposals.SetRules(account=bureau.number("steel"), outside_list=True))


def test_what_waits_for_its_time_is_done_when_the_clock_is_moved_past_it(counter: Counter) -> None:
    told = counter.get(CLOCK, "ann")
    assert told["now"] == "2026-03-02T11:00:00.000Z"
    let_units_out(counter)
    move = counter.propose(counter.move(2), by="ann").json()
    waits = counter.decide(move["code"], "approve", by="bob").json()
    assert waits["state"] == "delayed"
    due = counter.get(CLOCK, "ann")["next_deadline"]
    assert (due["at"], due["what"]) == ("2026-03-03T11:00:00.000Z", f"proposal {move['code']}")
    assert due["at"] == waits["expected_completion_at"]
    after = moved(counter, next_deadline=True)
    assert (after["now"], after["done"]) == (due["at"], [move["code"]])
    path = f"/v1/schemes/example/proposals/{move['code']}"
    assert counter.get(path, "ann")["state"] == "completed"


def test_all_that_falls_due_is_done_however_many_are_found_at_one_time(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_units_out(counter)
    monkeypatch.setattr(proposing, "due", partial(proposing.due, limit=1))
    codes = [counter.propose(counter.move(1), by="ann").json()["code"] for _ in range(3)]
    for code in codes:
        assert counter.decide(code, "approve", by="bob").json()["state"] == "delayed"
    assert sorted(moved(counter, next_deadline=True)["done"]) == sorted(codes)


def test_days_of_the_law_fall_due_and_the_clock_never_goes_back(counter: Counter) -> None:
    now = datetime.fromisoformat(counter.get(CLOCK, "ann")["now"])
    due = counter.get(CLOCK, "ann")["next_deadline"]
    # By the Example Act reports for 2025 are due on 31 March 2026.
    assert (due["what"], due["at"]) == ("report", "2026-03-31T00:00:00.000Z")
    for body in (
        {"to": (now - timedelta(seconds=1)).isoformat()},
        {"to": (now + timedelta(days=401)).isoformat()},
    ):
        assert grounds(counter.post(CLOCK, body, by="ann", good="read")) == (409, [9220])
    for unfit in ({}, {"to": now.isoformat(), "next_deadline": True}):
        assert grounds(counter.post(CLOCK, unfit, by="ann", good="read")) == (422, [9200])
    assert counter.get(CLOCK, "ann")["now"] == due_as_told(now)
    assert moved(counter, next_deadline=True)["now"] == due["at"]


def due_as_told(at: datetime) -> str:
    """A moment as it is told."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_only_a_sandbox_has_a_clock_that_is_moved_and_it_asks_for_a_key(counter: Counter) -> None:
    assert grounds(counter.client.get(CLOCK)) == (401, [9216])
    assert grounds(counter.client.post(CLOCK, json={"next_deadline": True})) == (401, [9216])
    real = a_counter()
    for method in ("get", "post"):
        answer = real.client.request(method, CLOCK, headers=real.key("ann", "read"))
        assert grounds(answer) == (404, [9201])


def test_the_books_of_a_sandbox_are_no_others() -> None:
    assert sandbox_books(None) == "tonne_sandbox"
    assert sandbox_books("our_sandbox") == "our_sandbox"
    with pytest.raises(UserFault):
        sandbox_books("tonne")
