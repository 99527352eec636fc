"""What waits for somebody is told page by page, whole, however much it is."""

import pytest

from switchboard import Counter, a_counter
from tonne.operations import proposal_book

TASKS = "/v1/schemes/example/tasks"


@pytest.fixture(scope="module")
def counter() -> Counter:
    """The counter, at which ann has proposed five things."""
    made = a_counter()
    for _ in range(5):
        body = {
            "verb": "cancel_voluntarily", "account": made.bureau.number("steel"), "unit": "EXA-1",
            "count": 1, "beneficiary": "The school of Bled",
        }  # fmt: skip
        assert made.propose(body, by="ann").json()["state"] == "awaiting_approval"
    return made


@pytest.mark.parametrize("by", ["bob", "sara"])
def test_nothing_that_waits_is_left_out_where_it_is_more_than_is_read_at_once(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    whole = [each["code"] for each in counter.get(TASKS, by)["data"]]
    monkeypatch.setattr(proposal_book, "_CHUNK", 2)
    found: list[str] = []
    cursor = ""
    while True:
        page = counter.get(f"{TASKS}?limit=2{cursor}", by)
        found += [each["code"] for each in page["data"]]
        if not page["has_more"]:
            break
        cursor = f"&starting_after={page['next_cursor']}"
    assert found == whole
    assert len(set(found)) == 5
    assert counter.get(TASKS, "ann")["data"] == []
