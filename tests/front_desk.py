"""The door for programs in the land of the Example Act, after a year in which much happened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from auction_hall import Hall
from bourse import Bourse, on
from land import Land, example, receipt
from tonne import operations
from tonne.api import Limit, Streams, api
from tonne.operations import Office, Transfer
from tonne.registry import Dedication
from world import Store

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
EARLY = datetime(2026, 5, 2, 10, 0, tzinfo=UTC)
"""After the close of 2025, and before the day on which it is published."""

PLENTY = Limit(per_second=1_000_000, burst=1_000_000)
HIDDEN = "Zvezdana Skrita"
"""The name of a person, which is nobody's business."""


@dataclass(slots=True)
class FrontDesk:
    """A land, and the door for programs that is open in it."""

    land: Land
    at: datetime = NOW
    limit: Limit = PLENTY
    lines: list[dict[str, object]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    office: Office = field(init=False)
    app: FastAPI = field(init=False)
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(
            schemes={"example": self.land.scheme}, store=self.land.store, now=lambda: self.at
        )
        self.app = api(
            self.office,
            log=lambda line: self.lines.append({**line}),
            limit=self.limit,
            **{"streams": Streams(seconds_max=0)} | self.more,
        )
        self.client = TestClient(self.app)

    def get(self, path: str, **headers: str) -> Any:  # noqa: ANN401  whatever JSON says
        """What is answered when all is well."""
        answer = self.client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path: str, **headers: str) -> tuple[int, list[int]]:
        """Status and numbers of the refusals."""
        answer = self.client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        return answer.status_code, [each["check_id"] for each in answer.json()["errors"]]

    def walk(self, path: str, *, limit: int) -> Iterator[Any]:
        """Every row of a list, page after page."""
        joint, cursor = "&" if "?" in path else "?", ""
        while True:
            page = self.get(f"{path}{joint}limit={limit}{cursor}")
            assert len(page["data"]) <= limit
            yield from page["data"]
            if not page["has_more"]:
                assert page["next_cursor"] is None
                return
            cursor = f"&starting_after={page['next_cursor']}".replace("+", "%2B")


def lived(store: Store) -> Land:
    """The settled land, in which a person trades, an auction is held and 2025 is closed."""
    land = Land(store, scheme=example()).settle()
    land.open("hidden", 77, kind="person")
    _named(land)
    bourse = Bourse(land)
    for name in ("kiln", "ana", "steel", "hidden"):
        bourse.purse.bring(name, "5000.00")
    for day in range(3):
        bourse.at = on(bourse.at.date().replace(day=2 + day))
        bourse.send(bourse.order("steel", "sell", 5, 500 + day))
        bourse.send(bourse.order("kiln", "buy", 2, 510), bourse.order("ana", "buy", 3, 510))
    hall = Hall(land)
    hall.create(300)
    hall.bid(hall.order("kiln", "26.00", 90), hall.order("ana", "25.00", 80, name="b2"))
    hall.clear()
    land.transfer(land.order("ana", "hidden", 9), on="2025-07-01")
    for count, whom in ((2, "The school of Bled"), (3, "Anonymous")):
        give_up(land, "hidden", count, whom)
    land.emit("steel", 40)
    land.emit("kiln", 200)
    receipt(land.surrender("steel", 40))
    receipt(land.surrender("kiln", 60))
    land.close(2025)
    return land


def give_up(land: Land, name: str, count: int, whom: str, *, day: str = "2025-08-01") -> int:
    """Units are cancelled for somebody; the number."""
    order = Transfer(
        key=land.key(),
        source=land.number(name),
        target="",
        unit="EXA-1",
        count=count,
        dedication=Dedication(beneficiary=whom, purpose="a school trip"),
    )
    (answer,) = land.do(
        operations.cancel, [order], verb="cancel_voluntarily", on=day, by="operator"
    )
    return receipt(answer).number


def _named(land: Land) -> None:
    """A person with a name that no other text has."""
    account = land.do(
        operations.open_account,
        operations.Opening(kind="person", name=HIDDEN, registry="XE", identifier=78),
        key="open somebody",
        on="2025-01-01",
        by="administrator",
    )
    land.accounts["somebody"] = account.number
