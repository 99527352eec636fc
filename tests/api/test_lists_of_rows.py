"""Lists: page by page they are the whole, in each form they are the same."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from front_desk import FrontDesk
from land import Land
from tonne import operations
from tonne.api.shape import Shape
from tonne.api.shown import _cell, _chosen, _csv
from tonne.operations import Opening
from tonne.refusal import Refused
from tonne.store import PostgresStore

LISTS = (
    "/v1/schemes",
    "/v1/schemes/example/accounts",
    "/v1/schemes/example/installations",
    "/v1/schemes/example/compliance/2025",
    "/v1/retirements",
    "/v1/markets/example/instruments",
    "/v1/markets/example/instruments/EXA-SPOT/trades",
    "/v1/markets/example/instruments/EXA-SPOT/candles?from=2025-06-01",
    "/v1/markets/example/auctions",
    "/v1/refusals",
)


def whole(desk: FrontDesk, path: str) -> list[Any]:
    """All rows at once."""
    return list(desk.walk(path, limit=200))


@settings(max_examples=40, deadline=None)
@given(path=st.sampled_from(LISTS[:-1]), limit=st.integers(1, 12))
def test_a_walk_from_page_to_page_finds_the_whole_list(
    desk: FrontDesk, path: str, limit: int
) -> None:
    found = list(desk.walk(path, limit=limit))
    assert found == whole(desk, path)
    assert found


def test_the_list_of_refusals_is_walked_too(desk: FrontDesk) -> None:
    found = list(desk.walk("/v1/refusals", limit=150))
    assert [row["number"] for row in found] == sorted({row["number"] for row in found})
    assert len(found) > 300


@pytest.mark.parametrize("path", LISTS[:-1])
def test_a_list_is_the_same_in_each_form(desk: FrontDesk, path: str) -> None:
    rows = whole(desk, path)
    joint = "&" if "?" in path else "?"
    lines = desk.client.get(f"{path}{joint}limit=200", headers={"Accept": "application/x-ndjson"})
    assert [json.loads(line) for line in lines.text.splitlines()] == rows
    table = desk.client.get(f"{path}{joint}limit=200", headers={"Accept": "text/csv"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    cells = list(csv.DictReader(io.StringIO(table.text)))
    assert len(cells) == len(rows)
    for row, told in zip(rows, cells, strict=True):
        for name, value in row.items():
            if isinstance(value, str | int) and not isinstance(value, bool):
                assert told[name].removeprefix("'") == str(value)


def test_money_has_columns_of_its_own_in_a_table(desk: FrontDesk) -> None:
    path = "/v1/markets/example/instruments/EXA-SPOT/trades"
    told = desk.client.get(f"{path}?limit=1&fields=price,count", headers={"Accept": "text/csv"})
    assert told.text == "price.amount,price.currency,count\r\n5.02,EUR,3\r\n"
    assert (
        told.headers["link"]
        == f'<{path}?limit=1&fields=price%2Ccount&starting_after={first(desk, path)}>; rel="next"'
    )


def first(desk: FrontDesk, path: str) -> str:
    """The name of the first row."""
    return str(desk.get(path)["data"][0]["id"])


class Words(Shape):
    """Texts in a table."""

    text: str
    count: int


def test_no_cell_of_a_table_becomes_a_formula() -> None:
    told = _csv(
        [{"text": "=1+1", "count": -3}, {"text": "@x", "count": 1}], Words, {"text", "count"}
    )
    assert told.decode().splitlines() == ["text,count", "'=1+1,-3", "'@x,1"]
    assert [_cell(each) for each in (None, True, "-5", [1], "plain")] == [
        "", "true", "'-5", "[1]", "plain",
    ]  # fmt: skip
    for begin in ("\t", "\r", "\n", " ", "   "):
        assert _cell(f"{begin}=1+1") == f"'{begin}=1+1"
    # The wide forms of = + - @, as they are written in East Asia.
    assert [_cell(each)[0] for each in "\uff1d\uff0b\uff0d\uff20"] == ["'"] * 4


def test_only_the_fields_that_are_chosen_are_told(desk: FrontDesk) -> None:
    rows = desk.get("/v1/schemes/example/accounts?fields=number,%20kind&limit=1")["data"]
    assert [set(row) for row in rows] == [{"number", "kind"}]


def test_who_has_the_answer_already_is_told_so(desk: FrontDesk) -> None:
    answer = desk.client.get("/v1/schemes")
    mark = answer.headers["etag"]
    for known in (mark, f"W/{mark}", f'"other", {mark}', "*"):
        again = desk.client.get("/v1/schemes", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)
    other = desk.client.get("/v1/schemes", headers={"If-None-Match": '"other"'})
    assert other.content == answer.content
    table = desk.client.get("/v1/schemes", headers={"Accept": "text/csv"})
    assert table.headers["etag"] != mark
    assert "Accept" in table.headers["vary"]


class Asks:
    """A request that says what it accepts."""

    def __init__(self, accept: str) -> None:
        self.headers = {"accept": accept}


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "a/json"),
        ("", "a/json"),
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, a/json;q=0.9", "a/json"),
        ("text/csv, */*;q=0.1", "text/csv"),
        ("a/json;q=0, */*", "text/csv"),
        ("image/png, */*;q=0.8", "a/json"),
        ("text/csv;q=lots, a/json", "a/json"),
        ("image/png", None),
        ("*/*;q=0", None),
    ],
)
def test_the_form_is_chosen_that_the_caller_likes_best(accept: str, form: str | None) -> None:
    def chosen() -> str:
        return _chosen(Asks(accept), ("a/json", "text/csv"))  # type: ignore[arg-type]

    if form is None:
        with pytest.raises(Refused):
            chosen()
    else:
        assert chosen() == form


def test_a_page_costs_the_same_in_a_larger_land(database: str) -> None:
    with PostgresStore(database) as store:
        land = Land(store).found()
        desk = FrontDesk(land)
        for part in range(3):
            openings = [
                Opening(
                    kind="operator", name=f"Works {n}", registry="XE", operator=f"OP-{n}",
                    identifier=1_000 + n,
                )
                for n in range(part * 700, part * 700 + 700)
            ]  # fmt: skip
            land.do(
                operations.open_accounts, openings, key=f"many {part}", on="2025-01-01",
                by="administrator",
            )  # fmt: skip
        numbers = [row["number"] for row in desk.walk("/v1/schemes/example/accounts", limit=200)]
        assert len(numbers) == len(set(numbers)) == 2_106
        middle = numbers[1_000]
        page = desk.get(f"/v1/schemes/example/accounts?starting_after={middle}&limit=3")
        assert [row["number"] for row in page["data"]] == numbers[1_001:1_004]
