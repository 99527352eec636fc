"""The counter of a registry: programs come to it with the keys of the bureau's people."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from bureau import Bureau, usr
from land import UNIT, Land
from porch import Porch
from tonne import signin
from tonne.api import Limit, Streams, api
from tonne.operations import Office
from tonne.store import MemorySigninStore, MemoryStore
from world import Store

BOTH = {
    "read": ("registry:read",),
    "propose": ("registry:read", "transfers:propose"),
    "approve": ("registry:read", "transfers:approve"),
    "hooks": ("registry:read", "webhooks:manage"),
    "floor": ("registry:read", "market:read", "webhooks:manage"),
    "quiet": ("webhooks:manage",),
    "trade": ("registry:read", "market:read", "market:trade"),
    "both": ("registry:read", "transfers:propose", "market:trade"),
}
"""What keys are good for, in a word."""

PLENTY = Limit(per_second=1_000_000, burst=1_000_000)


@dataclass(slots=True)
class Counter:
    """A bureau, a lodge that knows its people, and the door for programs."""

    bureau: Bureau
    more: dict[str, Any] = field(default_factory=dict)
    now: Callable[[], datetime] | None = None
    office: Office = field(init=False)
    porch: Porch = field(init=False)
    app: FastAPI = field(init=False)
    client: TestClient = field(init=False)
    secrets: dict[tuple[str, str], str] = field(default_factory=dict)
    lines: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        land = self.bureau.land
        self.office = Office(
            schemes={"example": land.scheme},
            store=land.store,
            now=self.now or (lambda: self.bureau.now),
        )
        self.porch = Porch(MemorySigninStore())
        more: dict[str, Any] = {"key_limit": PLENTY, "streams": Streams(seconds_max=0)}
        self.app = api(
            self.office,
            lodge=self.porch.lodge,
            log=lambda line: self.lines.append({**line}),
            limit=PLENTY,
            **more | self.more,
        )
        self.client = TestClient(self.app)

    def key(self, name: str, good: str = "propose", *, live: bool = True) -> dict[str, str]:
        """The header by which a key of that person is shown."""
        secret = self.secrets.get((name, good))
        if secret is None:
            secret = self.secrets[name, good] = self._made(name, good, live=live)
        return {"Authorization": f"Bearer {secret}"}

    def _made(self, name: str, good: str, *, live: bool) -> str:
        lodge = self.porch.lodge
        secret = ("sk_live_" if live else "sk_test_") + self.porch.chance(32).hex()

        def add(keeping: signin.Keeping) -> None:
            if keeping.person(usr(name)) is None:
                keeping.add_person(
                    signin.Person(
                        code=usr(name), login=name, name=name, administrator=False, barred=False,
                        enrolled_at=lodge.now(),
                    )
                )  # fmt: skip
            keeping.add_key(
                signin.Key(
                    id=lodge.code("key"), person=usr(name), organisation=None, label=good,
                    digest=hashlib.sha256(secret.encode()).digest(), scopes=BOTH[good], live=live,
                    made_at=lodge.now(), used_at=None, revoked_at=None,
                )
            )  # fmt: skip

        lodge.run(add)
        return secret

    def get(self, path: str, by: str, good: str = "read") -> Any:  # noqa: ANN401  whatever JSON says
        """What a person is answered when all is well."""
        answer = self.client.get(path, headers=self.key(by, good))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(
        self, path: str, body: object, *, by: str, good: str = "propose", key: str = ""
    ) -> Any:  # noqa: ANN401  an answer
        """The answer to something that a person wants done."""
        headers = self.key(by, good) | {"Idempotency-Key": key or self.bureau.key()}
        return self.client.post(path, json=body, headers=headers)

    def propose(self, body: object, *, by: str, key: str = "", ask: str = "") -> Any:  # noqa: ANN401  an answer
        """The answer to a proposal."""
        return self.post(f"/v1/schemes/example/proposals{ask}", body, by=by, key=key)

    def decide(self, code: str, event: str, *, by: str, comment: str = "") -> Any:  # noqa: ANN401  an answer
        """The answer to a decision."""
        path = f"/v1/schemes/example/proposals/{code}/{event}"
        return self.post(path, {"comment": comment}, by=by, good="approve")

    def move(self, count: int = 10, *, source: str = "steel", target: str = "kiln") -> Any:  # noqa: ANN401  a body
        """So many units of one for another."""
        return {
            "verb": "transfer",
            "account": self.bureau.number(source),
            "target": self.bureau.number(target),
            "unit": UNIT,
            "count": count,
        }


def grounds(answer: Any) -> tuple[int, list[int]]:  # noqa: ANN401  an answer
    """Status and numbers of the refusals."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, [each["check_id"] for each in answer.json()["errors"]]


def a_counter(store: Store | None = None, **more: Any) -> Counter:  # noqa: ANN401  what the door takes
    """The counter of the settled bureau."""
    return Counter(Bureau(Land(store or MemoryStore()).settle()).settle(), more=more)
