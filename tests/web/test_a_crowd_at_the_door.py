"""Many at the door at one time: signing in is much work, and keeps nobody from the other pages."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.testclient import TestClient

from counter import ORIGIN, OURS
from land import Land
from porch import Porch
from public_land import office
from tonne.signin import Keeping
from tonne.store import MemorySigninStore
from tonne.web import pages

T = TypeVar("T")
CROWD = 50
"""More than there are threads for all pages."""


class Slow:
    """Records that answer once they are let, and know how many asked at one time."""

    def __init__(self) -> None:
        self.kept = MemorySigninStore()
        self.let = threading.Event()
        self.lock = threading.Lock()
        self.inside = self.most = 0
        self.crowded = threading.Event()

    def run(self, operation: Callable[[Keeping], T], *, keep: bool = True) -> T:
        """Run an operation, later."""
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            if self.inside >= 4:
                self.crowded.set()
        assert self.let.wait(20)
        with self.lock:
            self.inside -= 1
            return self.kept.run(operation, keep=keep)


def test_a_crowd_that_signs_in_leaves_the_other_pages_their_place(seen: Land) -> None:
    records = Slow()
    app = pages(office(seen), lodge=Porch(records).lodge)
    words: Any = {"login": "ann", "password": "not this one at all", "code": "000000"}
    with (
        TestClient(app, base_url=ORIGIN) as client,
        ThreadPoolExecutor(CROWD) as crowd,
    ):
        tries = [
            crowd.submit(client.post, "/sign-in", data=words, headers=OURS) for _ in range(CROWD)
        ]
        assert records.crowded.wait(20)
        assert client.get("/about").status_code == 200
        assert records.most == 4
        records.let.set()
        assert {each.result().status_code for each in tries} == {400}


def test_a_browser_that_was_here_comes_back_by_https_alone(seen: Land) -> None:
    app = pages(office(seen), lodge=Porch(MemorySigninStore()).lodge)
    answer = TestClient(app, base_url=ORIGIN).get("/about")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
