"""Lists are narrowed to several states, and to a stretch of time, and are turned."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from operator import ge, gt, le, lt
from typing import Any

import pytest

from bourse import Bourse
from bureau import Bureau, usr
from front_desk import FrontDesk
from land import UNIT, Land, example
from switchboard import Counter, grounds
from tonne.store import MemoryStore
from world import Store

PROPOSALS = "/v1/schemes/example/proposals"
EVENTS = "/v1/schemes/example/events"
TRADES = "/v1/markets/example/instruments/EXA-SPOT/trades"
HOLDS: dict[str, Callable[[str, str], bool]] = {"gte": ge, "gt": gt, "lte": le, "lt": lt}


def lived(store: Store) -> Counter:
    """The counter; trades were made, and Ann proposes at 11:00 and 12:00, and on the next day."""
    land = Land(store, scheme=example()).settle()
    bourse = Bourse(land)
    bourse.purse.bring("kiln", "1000.00")
    for _ in range(3):
        bourse.send(bourse.order("steel", "sell", 2, 500))
        bourse.send(bourse.order("kiln", "buy", 2, 510))
        bourse.at += timedelta(days=1)
    counter = Counter(Bureau(land).settle())
    for hours in (0, 1, 23):
        counter.bureau.now += timedelta(hours=hours)
        body = {
            "verb": "cancel_voluntarily", "account": counter.bureau.number("steel"), "unit": UNIT,
            "count": 1, "beneficiary": "The school of Bled",
        }  # fmt: skip
        assert counter.propose(body, by="ann").status_code == 201
    return counter


@pytest.fixture
def each_counter(store: Store) -> Counter:
    """In books of each kind."""
    return lived(store)


@pytest.fixture(scope="module")
def counter() -> Counter:
    """In memory; nothing is done there."""
    return lived(MemoryStore())


def of_ann(counter: Counter) -> Callable[[str], Any]:
    """What Ann is answered."""
    return partial(counter.get, by="ann", good="trade")


def walked(get: Callable[[str], Any], path: str) -> list[Any]:
    """All rows, one on each page."""
    found, cursor = [], ""
    while True:
        page = get(f"{path}&limit=1{cursor}")
        found += page["data"]
        if not page["has_more"]:
            return found
        cursor = f"&starting_after={page['next_cursor']}"


def agree(get: Callable[[str], Any], path: str, told: str, *, newest: bool = False) -> None:
    """What is asked for by time is what of the whole list has that time, in either order."""
    whole = get(f"{path}?limit=200")["data"]
    moments = [row[told] for row in whole]
    assert len(set(moments)) > 1, "else nothing is shown"
    assert moments == sorted(moments, reverse=newest)
    moment = moments[len(moments) // 2]
    for word, holds in HOLDS.items():
        ask = f"{path}?created[{word}]={moment}"
        fitting = [row for row in whole if holds(row[told], moment)]
        assert get(f"{ask}&limit=200")["data"] == fitting
        assert walked(get, ask) == fitting
        for sort in ("created", "-created"):
            turned = fitting if (sort == "-created") == newest else fitting[::-1]
            assert get(f"{ask}&limit=200&sort={sort}")["data"] == turned
            assert walked(get, f"{ask}&sort={sort}") == turned


def test_each_list_is_narrowed_by_the_moment_that_its_rows_tell(each_counter: Counter) -> None:
    steel = each_counter.bureau.number("steel")
    mine = f"{PROPOSALS}?by={usr('ann')}&account={steel}"
    before = each_counter.get(mine, "ann")["data"]
    assert len(before) == 3
    for row in before:
        row["at"] = row["steps"][0]["at"]
    after = f"{mine}&created[gt]={before[0]['at']}"
    for path, fitting in ((after, before[1:]), (f"{after}&sort=-created", before[:0:-1])):
        for rows in (each_counter.get(path, "ann")["data"], walked(of_ann(each_counter), path)):
            assert [row["code"] for row in rows] == [row["code"] for row in fitting]
    everything = f"{PROPOSALS}?state=awaiting_approval,completed&sort="
    newest = each_counter.get(f"{everything}-created", "sara")["data"]
    assert newest == each_counter.get(f"{everything}created", "sara")["data"][::-1]
    assert {row["by"] for row in newest} > {usr("ann")}
    ann = of_ann(each_counter)
    agree(ann, EVENTS, "at")
    trades = [row for row in ann(f"{EVENTS}?limit=200")["data"] if row["type"] == "trade.made"]
    early = ann(f"{EVENTS}?created[lt]={trades[1]['at']}")["data"]
    assert [row for row in early if row["type"] == "trade.made"] == trades[:1]
    agree(ann, f"/v1/schemes/example/accounts/{steel}/transactions", "recorded_at")
    agree(FrontDesk(each_counter.bureau.land).get, TRADES, "at", newest=True)


@pytest.mark.parametrize(
    ("ask", "fitting"),
    [
        # Proposed on 2 March at 11:00 and 12:00 and on 3 March at 11:00, in UTC.
        ("created[gte]=2026-03-02T12:00:00Z", [1, 2]),
        ("created[gt]=2026-03-02T12:00:00.000Z", [2]),
        ("created[lte]=2026-03-02T12:00:00.000Z", [0, 1]),
        ("created[lt]=2026-03-02T12:00:00Z", [0]),
        ("created[gte]=2026-03-02T13:00:00%2B01:00", [1, 2]),
        ("created[gte]=2026-03-03", [2]),
        ("created[gt]=2026-03-02", [2]),
        ("created[lte]=2026-03-02", [0, 1]),
        ("created[lt]=2026-03-03", [0, 1]),
        ("created[gte]=2026-03-02T11:30:00Z&created[lt]=2026-03-03", [1]),
        ("created[gt]=2026-03-02T11:00:00Z&created[gte]=2026-03-01", [1, 2]),
        ("created[lte]=2026-03-02&created[lt]=2026-03-02T11:00:00.001Z", [0]),
        ("created[gte]=2026-03-04", []),
        ("created[gte]=2026-03-03&created[lt]=2026-03-02", []),
    ],
)
def test_a_bound_is_a_moment_or_a_whole_day(counter: Counter, ask: str, fitting: list[int]) -> None:
    path = f"{PROPOSALS}?by={usr('ann')}"
    whole = counter.get(path, "ann")["data"]
    assert counter.get(f"{path}&{ask}", "ann")["data"] == [whole[place] for place in fitting]


def test_what_is_no_moment_and_no_day_is_refused(counter: Counter) -> None:
    shown = counter.key("ann", "read")
    for wrong in (
        "yesterday", "", "2026-13-01", "2026-3-1", "20260302", "2026-W10-1", "1899-12-31",
        "2201-01-01", "2026-03-02T10:00:00", "2026-03-02T25:00:00Z", "2026-03-02T10:00:00+25:00",
        "1772445600",
    ):  # fmt: skip
        answer = counter.client.get(PROPOSALS, params={"created[gte]": wrong}, headers=shown)
        assert grounds(answer) == (400, [9200]), wrong
        assert answer.json()["errors"][0]["pointer"] == "/query/created[gte]"
    told = counter.client.get(f"{PROPOSALS}?created[lt]=x&lang=sl", headers=shown).json()
    assert "ni čas, kot je 2026-04-30T10:00:00Z, v letih od 1900 do 2200" in told["detail"]
    for address in (f"{PROPOSALS}?created[ge]=2026-03-02", f"{PROPOSALS}?created=2026-03-02"):
        assert grounds(counter.client.get(address, headers=shown)) == (400, [9203])
    accounts = "/v1/schemes/example/accounts?created[gte]=2026-03-02"
    assert grounds(counter.client.get(accounts)) == (400, [9203])
    for wrong in ("sort=at", "sort=", "sort=created,-created"):
        assert grounds(counter.client.get(f"{PROPOSALS}?{wrong}", headers=shown)) == (400, [9200])


def test_several_states_are_asked_for_with_commas(counter: Counter) -> None:
    path = f"{PROPOSALS}?by={usr('ann')}"
    whole = counter.get(path, "ann")["data"]
    assert len(whole) == 3
    assert counter.get(f"{path}&state=rejected,awaiting_approval", "ann")["data"] == whole
    assert counter.get(f"{path}&state=rejected,delayed", "ann")["data"] == []
    shown = counter.key("ann", "read")
    for wrong in ("rejected,", "rejected,gone", "rejected, delayed", ""):
        answer = counter.client.get(PROPOSALS, params={"state": wrong}, headers=shown)
        assert grounds(answer) == (400, [9200]), wrong
    twice = f"{PROPOSALS}?state=rejected&state=delayed"
    assert grounds(counter.client.get(twice, headers=shown)) == (400, [9203])
