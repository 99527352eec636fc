"""Every no of the interface is one document in one form, which carries every reason."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from front_desk import FrontDesk
from land import example
from tonne.api import Problem, api
from tonne.api.problem import ABSENT, STATUS
from tonne.operations import Office
from tonne.refusal import catalogue


def test_a_problem_tells_everything_about_every_rule(desk: FrontDesk) -> None:
    answer = desk.client.get("/v1/schemes/example?on=yesterday")
    told = Problem.model_validate(answer.json())
    assert (answer.status_code, told.status, told.code, told.check_id) == (
        400, 400, "RequestUnfit", 9200,
    )  # fmt: skip
    assert told.instance == "/v1/schemes/example"
    assert told.request_id == answer.headers["request-id"]
    assert told.type == told.doc_url == "/v1/refusals/9200"
    assert not told.retryable
    (ground,) = told.errors
    assert (ground.pointer, ground.reference) == ("/query/on", "Rules of the interface")
    assert ground.detail.startswith("/query/on: ")
    assert desk.get(told.doc_url)["remedy"] == told.remedy
    assert answer.headers["cache-control"] == "no-store"


def test_all_faults_of_a_request_are_told_at_once(desk: FrontDesk) -> None:
    assert desk.refused("/v1/schemes?limit=0&fields=") == (400, [9200, 9200])
    assert desk.refused("/v1/schemes?fields=name,color,size") == (400, [9205, 9205])
    assert desk.refused("/v1/schemes?color=red&size=9&limit=1") == (400, [9203, 9203])


@pytest.mark.parametrize(
    ("path", "status", "number"),
    [
        ("/v1/schemes?colour=red", 400, 9203),
        ("/v1/schemes?limit=1&limit=2", 400, 9203),
        ("/v1/schemes?limit=201", 400, 9200),
        ("/v1/schemes?limit=many", 400, 9200),
        ("/v1/schemes?starting_after=nowhere", 400, 9204),
        ("/v1/schemes/example/accounts?starting_after=nowhere", 400, 9204),
        ("/v1/schemes/example/compliance/2025?starting_after=nowhere", 400, 9204),
        ("/v1/retirements?starting_after=-1", 400, 9204),
        ("/v1/retirements?starting_after=99999999999999999999999", 400, 9204),
        ("/v1/markets/example/instruments/EXA-SPOT/candles?starting_after=then", 400, 9204),
        (
            "/v1/markets/example/instruments/EXA-SPOT/candles?starting_after=9999-12-31T23:59Z",
            400,
            9204,
        ),
        ("/v1/schemes/nowhere", 404, 9004),
        ("/v1/schemes/%00", 400, 9200),
        ("/v1/schemes/example/compliance/never", 400, 9200),
        ("/v1/schemes/example/compliance/2", 400, 9200),
        ("/v1/refusals/99999", 404, 9215),
        ("/v1/nothing", 404, 9201),
        ("/", 404, 9201),
        ("/healthz?verbose=1", 400, 9203),
        ("/v1/schemes/example?on=0", 400, 9200),
        ("/v1/schemes/example?on=20260501", 400, 9200),
        ("/v1/markets/example/instruments/EXA-SPOT/candles?from=0001-01-01", 400, 9200),
        ("/v1/markets/example/instruments/EXA-SPOT/candles?from=2025-02-30", 400, 9200),
    ],
)
def test_what_is_not_understood_or_not_there_is_refused_by_number(
    desk: FrontDesk, path: str, status: int, number: int
) -> None:
    assert desk.refused(path) == (status, [number])


def test_another_method_is_refused_with_those_that_there_are(desk: FrontDesk) -> None:
    answer = desk.client.delete("/v1/schemes")
    assert (answer.status_code, answer.json()["check_id"]) == (405, 9202)
    assert answer.headers["allow"] == "GET"


def test_a_form_that_is_not_given_is_refused(desk: FrontDesk) -> None:
    assert desk.refused("/v1/schemes", accept="application/pdf") == (406, [9206])
    assert desk.refused("/v1/schemes/example", accept="text/csv") == (406, [9206])


def test_a_version_is_one_that_there_has_been(desk: FrontDesk) -> None:
    answer = desk.client.get("/v1/schemes", headers={"Carbon-Version": "2026-11-01"})
    assert (answer.status_code, answer.headers["carbon-version"]) == (200, "2026-11-01")
    for version in ("2020-01-01", "2026-11-02", "2031-01-01", "newest", ""):
        assert desk.refused("/v1/schemes", carbon_version=version) == (400, [9212])


class Broken:
    """Books that answer nothing."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def run(self, operation: Callable[[Any], Any], *, keep: bool = True) -> Any:  # noqa: ANN401  never
        del operation, keep
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "status", "number", "retryable"),
    [
        (TimeoutError("busy"), 503, 9208, True),
        (ConnectionError("gone"), 503, 9209, True),
        (ZeroDivisionError("password=secret"), 500, 9214, False),
    ],
)
def test_what_goes_wrong_behind_the_door_is_told_in_the_same_form(
    fault: Exception, status: int, number: int, *, retryable: bool
) -> None:
    lines: list[dict[str, Any]] = []
    office = Office(
        schemes={"example": example()}, store=Broken(fault), now=lambda: datetime.now(UTC)
    )
    client = TestClient(api(office, log=lambda line: lines.append({**line})))
    answer = client.get("/v1/retirements")
    told = answer.json()
    assert (answer.status_code, told["check_id"], told["retryable"]) == (status, number, retryable)
    assert ("retry-after" in answer.headers) == retryable
    assert "secret" not in answer.text
    assert lines[-1]["request_id"] == told["request_id"]
    assert ("secret" in str(lines[-1].get("fault"))) == (status == 500)
    assert client.get("/readyz").status_code == status
    assert client.get("/healthz").status_code == 200
    if status == 503:
        assert "tonne_books_up 0" in client.get("/metrics").text


def test_every_refusal_that_has_a_status_is_in_the_catalogue() -> None:
    named = {each.__name__ for each in catalogue()}
    assert {each.__name__ for each in STATUS} | ABSENT <= named


# The language in which it is said.


def test_a_refusal_is_said_in_the_language_that_a_program_asks_for(desk: FrontDesk) -> None:
    answer = desk.client.get(
        "/v1/schemes/nowhere", headers={"Accept-Language": "de, sl;q=0.9, en;q=0.5"}
    )
    told = answer.json()
    assert told["title"] == "Tega ni"
    assert told["code"] == "UnknownScheme"
    assert "nowhere" in told["detail"]
    assert told["detail"] != desk.client.get("/v1/schemes/nowhere").json()["detail"]
    assert [each["language"] for each in told["errors"]] == ["sl"]
    assert answer.headers["Content-Language"] == "sl"
    assert "Accept-Language" in answer.headers["Vary"]


def test_what_is_wrong_in_the_form_of_a_request_is_told_in_that_language_too(
    desk: FrontDesk,
) -> None:
    answer = desk.client.get("/v1/schemes?limit=many", headers={"Accept-Language": "fa"})
    (told,) = answer.json()["errors"]
    assert answer.json()["title"] == "درخواست فهمیده نشد"
    assert told["language"] == answer.headers["Content-Language"] == "fa"
    assert told["detail"] == "\u2068/query/limit\u2069: باید عدد صحیح باشد."
    longest = desk.client.get("/v1/schemes?limit=5000", headers={"Accept-Language": "fa"})
    assert "باید حداکثر ۲۰۰ باشد" in longest.json()["errors"][0]["detail"]


def test_whatever_language_is_asked_for_there_is_an_answer(desk: FrontDesk) -> None:
    for asked in ("", "*", "xx", "sl;q=nonsense", "\xff", "," * 5_000):
        answer = desk.client.get(
            "/v1/schemes/nowhere", headers={b"Accept-Language": asked.encode("latin-1")}
        )
        assert answer.status_code == 404
        assert answer.headers["Content-Language"] in {"en", "sl"}


def test_what_the_address_says_of_the_language_wins_over_the_header(desk: FrontDesk) -> None:
    english = {"Accept-Language": "en"}
    answer = desk.client.get("/v1/schemes/nowhere?lang=sl", headers=english)
    assert (answer.status_code, answer.json()["title"]) == (404, "Tega ni")
    assert answer.headers["Content-Language"] == "sl"
    assert desk.client.get("/v1/nothing?lang=sl").json()["title"] == "Tega ni"
    assert desk.get("/v1/schemes?lang=fa") == desk.get("/v1/schemes")
    for path, number in (("?lang=de", 9200), ("?lang=", 9200), ("?lang=sl&lang=fa", 9203)):
        no = desk.client.get(f"/v1/schemes{path}", headers={"Accept-Language": "ne"})
        (ground,) = no.json()["errors"]
        assert (no.status_code, ground["check_id"], ground["pointer"]) == (
            400, number, "/query/lang",
        )  # fmt: skip
        assert no.json()["title"] == "अनुरोध बुझिएन"


def test_rules_are_told_in_the_language_that_is_asked_for(desk: FrontDesk) -> None:
    path = "/v1/refusals/9212"
    answer = desk.client.get(f"{path}?lang=sl")
    told, plain = answer.json(), desk.get(path)
    said = "Različice z dne »{asked}« ni; so: {known}."
    assert (told["language"], told["said"]) == ("sl", said)
    assert (plain["language"], plain["said"]) == ("en", None)
    # What the rule is stands in English alone.
    assert (told["rule"], told["code"]) == (plain["rule"], plain["code"])
    assert told["remedy"] != plain["remedy"]
    assert answer.headers["Content-Language"] == "sl, en"
    listed = desk.client.get("/v1/refusals?limit=200", headers={"Accept-Language": "fa"})
    assert listed.headers["Content-Language"] == "fa, en"
    assert {row["language"] for row in listed.json()["data"]} == {"fa"}
    cursor = listed.json()["next_cursor"]
    assert int(cursor) == listed.json()["data"][-1]["number"]
