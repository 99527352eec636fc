"""The edge: every answer has its headers, every request its bound and its line in the log."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from front_desk import FrontDesk
from land import Land
from tonne.api import Limit
from tonne.api.limits import Buckets
from tonne.store import MemoryStore

PATHS = ("/v1/schemes", "/v1/nothing", "/healthz", "/metrics", "/openapi.json")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_named_and_guarded(desk: FrontDesk, path: str) -> None:
    headers = desk.client.get(path).headers
    assert headers["request-id"].startswith("req_")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["carbon-version"] == "2026-11-01"
    assert headers["content-language"] == "en"
    assert "server" not in headers
    assert headers["ratelimit-policy"].startswith('"caller";q=')


def test_two_requests_never_have_the_same_name(desk: FrontDesk) -> None:
    names = {desk.client.get("/healthz").headers["request-id"] for _ in range(50)}
    assert len(names) == 50


def test_a_request_is_a_line_of_the_log_without_what_was_asked(desk: FrontDesk) -> None:
    answer = desk.client.get("/v1/schemes?limit=3")
    line = desk.lines[-1]
    assert line["request_id"] == answer.headers["request-id"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/v1/schemes", 200)
    assert (line["level"], line["caller"]) == ("info", "testclient")
    assert "limit" not in str(line)


def test_public_answers_may_be_read_by_any_page(desk: FrontDesk) -> None:
    answer = desk.client.get("/v1/schemes", headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "If-None-Match",
    }
    before = desk.client.options("/v1/schemes", headers=asked)
    assert (before.status_code, before.headers["access-control-allow-methods"]) == (
        204,
        "GET, HEAD",
    )
    assert desk.client.options("/v1/schemes").status_code == 405


def test_what_answers_to_get_answers_to_head_without_a_body(desk: FrontDesk) -> None:
    for path in ("/v1/schemes", "/v1/schemes/nowhere"):
        full, head = desk.client.get(path), desk.client.head(path)
        assert (head.status_code, head.content) == (full.status_code, b"")
        assert head.headers["content-type"] == full.headers["content-type"]
    assert (
        desk.client.head("/v1/schemes").headers["etag"]
        == desk.client.get("/v1/schemes").headers["etag"]
    )


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_who_asks_too_often_is_told_when_to_come_again() -> None:
    clock = Clock()
    limit = Limit(per_second=2, burst=3)
    desk = FrontDesk(Land(MemoryStore()), limit=limit, more={"clock": clock})
    answers = [desk.client.get("/healthz") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert [each.headers["ratelimit"] for each in answers] == [
        '"caller";r=2;t=0', '"caller";r=1;t=0', '"caller";r=0;t=1', '"caller";r=0;t=1',
    ]  # fmt: skip
    assert answers[0].headers["ratelimit-policy"] == '"caller";q=3;w=2'
    assert answers[3].headers["retry-after"] == "1"
    assert (answers[3].json()["check_id"], answers[3].json()["retryable"]) == (9207, True)
    clock.seconds = 0.5
    assert [desk.client.get("/healthz").status_code for _ in range(2)] == [200, 429]


def test_each_caller_has_a_bucket_and_the_oldest_is_forgotten() -> None:
    buckets = Buckets(Limit(per_second=1, burst=1), callers_max=2)
    served = [buckets.take(who, at=0.0).served for who in ("a", "b", "a", "b", "c", "a")]
    assert served == [True, True, False, False, True, True], "a was forgotten for c"


def test_a_request_that_is_too_large_is_refused_before_it_is_read() -> None:
    desk = FrontDesk(Land(MemoryStore()), more={"bytes_max": 100})
    for length in ("101", "1e9", "-5"):
        answer = desk.client.get("/healthz", headers={"Content-Length": length})
        assert (answer.status_code, answer.json()["check_id"]) == (413, 9210)


def test_what_was_asked_is_counted_for_prometheus() -> None:
    desk = FrontDesk(Land(MemoryStore()))
    for path in ("/v1/schemes", "/v1/schemes", "/v1/schemes/nowhere", "/nothing"):
        desk.client.get(path)
    desk.client.request("BREW", "/v1/schemes")
    answer = desk.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'tonne_requests_total{route="list_schemes",method="GET",status="200"} 2' in lines
    assert 'tonne_requests_total{route="get_scheme",method="GET",status="404"} 1' in lines
    assert 'tonne_requests_total{route="none",method="GET",status="404"} 1' in lines
    assert any('method="other",status="405"' in line for line in lines)
    assert 'tonne_request_seconds_count{route="list_schemes",method="GET"} 2' in lines
    assert 'tonne_request_seconds_bucket{route="list_schemes",method="GET",le="+Inf"} 2' in lines
    assert "tonne_books_up 1" in lines


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_what_was_counted_is_told_to_nobody_whom_another_server_sends_on(header: str) -> None:
    desk = FrontDesk(Land(MemoryStore()))
    answer = desk.client.get("/metrics", headers={header: "for=192.0.2.1"})
    assert (answer.status_code, answer.json()["code"]) == (404, "NothingHere")
    assert "tonne_requests_total" not in answer.text
    assert desk.client.get("/healthz", headers={header: "for=192.0.2.1"}).status_code == 200


def test_two_hundred_who_ask_at_once_are_all_answered(desk: FrontDesk) -> None:
    paths = ["/v1/schemes/example/accounts", "/v1/retirements", "/v1/units/EX-1-1/history", "/v1/x"]

    def ask(n: int) -> Any:  # noqa: ANN401  whatever JSON says
        return desk.client.get(paths[n % 4]).json()

    alone = [ask(n) for n in range(4)]
    with ThreadPoolExecutor(50) as many:
        together = list(many.map(ask, range(200)))
    for n, told in enumerate(together):
        told.pop("request_id", None)
        assert told == {name: each for name, each in alone[n % 4].items() if name != "request_id"}
