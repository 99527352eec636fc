"""Where who listens from now on begins, and how often it is asked whether there is news."""

from typing import Any

import pytest

from switchboard import Counter, a_counter
from tonne.api import happened
from tonne.cli.hook_work import HookWork

EVENTS = "/v1/schemes/example/events/stream"
HOOKS = "/v1/schemes/example/webhook-endpoints"


@pytest.fixture(scope="module")
def shared() -> Counter:
    """The counter, at which something has happened."""
    counter = a_counter(hooks_loopback=True)
    body = {
        "verb": "cancel_voluntarily", "account": counter.bureau.number("steel"), "unit": "EXA-1",
        "count": 1, "beneficiary": "The school of Bled",
    }  # fmt: skip
    assert counter.propose(body, by="ann").status_code == 201
    return counter


@pytest.fixture
def counter(shared: Counter) -> Counter:
    """The same, behind a door that was opened now."""
    shared.__post_init__()
    shared.secrets.clear()
    return shared


def books_of(counter: Counter) -> Any:  # noqa: ANN401  a kind of books
    """The kind of books of a counter."""
    return type(counter.office.ask(lambda books: books))


def made(counter: Counter) -> Any:  # noqa: ANN401  an answer
    """What comes of making a webhook, which nobody hears."""
    return counter.post(HOOKS, {"url": "http://127.0.0.1:9/"}, by="ann", good="hooks")


def test_who_begins_now_is_not_told_everything_because_something_is_under_way(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = counter.office.ask(lambda books: books.latest_word()[0])
    over = [7]
    # Something has begun before number 10, and is not over.
    monkeypatch.setattr(books_of(counter), "latest_word", lambda _: (last, 10, over[0]))
    monkeypatch.setattr(happened, "_WAIT_SECONDS", 0)
    assert made(counter).status_code == 503
    assert counter.client.get(EVENTS, headers=counter.key("ann", "read")).status_code == 503
    over[0] = 10
    assert int(made(counter).json()["position"]) == last > 0


def test_however_many_there_are_it_is_asked_once_whether_there_is_news(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        assert made(counter).status_code == 201
    work = HookWork(
        office=counter.office, lodge=counter.porch.lodge, log=lambda _: None, loopback=True
    )
    work.turn()
    asked, latest = [0], books_of(counter).latest_word

    def counted(books: Any) -> Any:  # noqa: ANN401  as the books answer
        asked[0] += 1
        return latest(books)

    monkeypatch.setattr(books_of(counter), "latest_word", counted)
    work.turn()
    assert asked[0] == 1
