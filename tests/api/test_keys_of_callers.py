"""The key of a request that moves something, tried at an address that is in this test alone."""

from typing import Any

from pydantic import BaseModel

from front_desk import FrontDesk
from land import Land
from tonne import operations
from tonne.api import Key
from tonne.operations import Opening
from tonne.store import MemoryStore


class NewAccount(BaseModel):
    """An account that is asked for."""

    name: str
    identifier: int


def a_desk() -> FrontDesk:
    """A door at which accounts can be opened."""
    desk = FrontDesk(Land(MemoryStore()).found(), more={"bytes_max": 2_000})

    @desk.app.post("/v1/test", operation_id="open")
    def open_account(key: Key, body: NewAccount) -> dict[str, Any]:
        """Open an account."""
        opening = Opening(kind="person", name=body.name, registry="XE", identifier=body.identifier)
        made = desk.office.do(
            lambda books: operations.open_account(
                books, desk.land.scheme, opening, key=key, desk=desk.office.desk("administrator")
            )
        )
        return {"number": made.number}

    return desk


def test_without_a_key_nothing_moves() -> None:
    desk = a_desk()
    answer = desk.client.post("/v1/test", json={"name": "Ana", "identifier": 900})
    assert (answer.status_code, answer.json()["check_id"]) == (400, 9211)
    assert len(desk.get("/v1/schemes/example/accounts")["data"]) == 6
    for key in ("", "x" * 201):
        fit = desk.client.post(
            "/v1/test", json={"name": "Ana", "identifier": 9}, headers={"Idempotency-Key": key}
        )
        assert (fit.status_code, fit.json()["check_id"]) == (400, 9200)


def test_the_same_request_again_is_answered_as_it_was_and_another_is_refused() -> None:
    desk = a_desk()
    said = {"name": "Ana", "identifier": 900}
    answers = [
        desk.client.post("/v1/test", json=said, headers={"Idempotency-Key": "k1"}) for _ in range(3)
    ]
    assert [each.status_code for each in answers] == [200] * 3
    assert len({each.text for each in answers}) == 1
    assert len(desk.get("/v1/schemes/example/accounts")["data"]) == 7
    other = desk.client.post(
        "/v1/test", json=said | {"name": "Bor"}, headers={"Idempotency-Key": "k1"}
    )
    assert (other.status_code, other.json()["check_id"]) == (422, 9001)


def test_a_body_that_is_not_well_formed_is_told_by_its_parts() -> None:
    desk = a_desk()
    key = {"Idempotency-Key": "k1"}
    answer = desk.client.post("/v1/test", json={"identifier": "x"}, headers=key)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [
        "/body/name", "/body/identifier",
    ]  # fmt: skip
    broken = desk.client.post("/v1/test", content=b"{", headers=key)
    assert (broken.status_code, broken.json()["check_id"]) == (422, 9200)


def test_a_body_that_goes_on_and_on_is_cut_off() -> None:
    desk = a_desk()
    pieces = (b"[" + b" " * 500 for _ in range(100))
    answer = desk.client.post("/v1/test", content=pieces, headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["check_id"]) == (413, 9210)


def test_a_rule_that_is_not_met_is_a_conflict_with_all_its_grounds() -> None:
    desk = a_desk()
    for key, status in (("k1", 200), ("k2", 409)):
        answer = desk.client.post(
            "/v1/test", json={"name": "Ana", "identifier": 900}, headers={"Idempotency-Key": key}
        )
        assert answer.status_code == status, answer.text
    assert (answer.json()["title"], answer.json()["errors"][0]["check_id"]) == ("Refused", 1101)


def test_every_address_that_writes_asks_for_a_key() -> None:
    desk = a_desk()
    for path in desk.app.openapi()["paths"].values():
        for method, operation in path.items():
            headers = {each["name"].lower() for each in operation.get("parameters", ())}
            assert method == "get" or "idempotency-key" in headers
