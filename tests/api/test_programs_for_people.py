"""Programs act for people: by a key, with the mandates of its person, and never alone for two."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, cast

import pytest

from bureau import org, usr
from land import UNIT
from porch import MACHINE
from switchboard import Counter, a_counter, grounds
from tonne import signin
from tonne.api import Limit
from tonne.operations import people, proposals
from tonne.store import Pool, PostgresStore
from world import Store

PROPOSALS = "/v1/schemes/example/proposals"


@pytest.fixture
def counter(store: Store) -> Counter:
    """The counter, on books of each kind."""
    return a_counter(store)


@pytest.fixture
def quick() -> Counter:
    """The counter, on books in memory."""
    return a_counter()


def surrender(counter: Counter, count: int = 10) -> dict[str, Any]:
    """Units of the steelworks for its duty."""
    return {
        "verb": "surrender", "account": counter.bureau.number("steel"), "unit": UNIT,
        "count": count, "year": 2025,
    }  # fmt: skip


def cancel(counter: Counter, count: int = 10) -> dict[str, Any]:
    """Units of the steelworks given up for somebody."""
    return {
        "verb": "cancel_voluntarily", "account": counter.bureau.number("steel"), "unit": UNIT,
        "count": count, "beneficiary": "The school of Bled",
    }  # fmt: skip


def free(counter: Counter) -> tuple[int, int]:
    """What the steelworks holds, and how much of it is free."""
    path = f"/v1/schemes/example/accounts/{counter.bureau.number('steel')}/holdings"
    (row,) = counter.get(path, "ann")["data"]
    return row["held"], row["free"]


def test_what_one_proposes_another_approves_and_it_is_done(counter: Counter) -> None:
    made = counter.propose(cancel(counter), by="ann")
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["state"], told["by"], told["verb"]) == (
        "awaiting_approval", usr("ann"), "cancel_voluntarily",
    )  # fmt: skip
    assert told["wish"]["count"] == 10
    assert free(counter) == (60, 50)
    (task,) = counter.get("/v1/schemes/example/tasks", "bob")["data"]
    assert task["code"] == told["code"]
    assert counter.get("/v1/schemes/example/tasks", "ann")["data"] == []
    done = counter.decide(told["code"], "approve", by="bob")
    assert (done.status_code, done.json()["state"]) == (200, "completed")
    assert free(counter) == (50, 50)
    seen = counter.get(f"{PROPOSALS}/{told['code']}", "ann")
    assert [(step["event"], step["by"]) for step in seen["steps"]] == [
        ("propose", usr("ann")), ("approve", usr("bob")), ("complete", None),
    ]  # fmt: skip


def test_nobody_approves_their_own_by_another_key_of_theirs(quick: Counter) -> None:
    code = quick.propose(cancel(quick), by="ann").json()["code"]
    assert quick.key("ann", "propose") != quick.key("ann", "approve")
    assert grounds(quick.decide(code, "approve", by="ann")) == (403, [1206])
    assert quick.get(f"{PROPOSALS}/{code}", "ann")["state"] == "awaiting_approval"
    assert quick.decide(code, "cancel", by="ann", comment="no").json()["state"] == "cancelled"


def test_a_key_that_proposes_does_not_approve_and_the_other_way_round(quick: Counter) -> None:
    code = quick.propose(cancel(quick), by="ann").json()["code"]
    answer = quick.post(f"{PROPOSALS}/{code}/approve", {}, by="bob", good="propose")
    assert grounds(answer) == (403, [9217])
    answer = quick.post(PROPOSALS, cancel(quick), by="bob", good="approve")
    assert grounds(answer) == (403, [9217])
    assert list(signin.scope_refusals(["transfers:propose", "transfers:approve"])) != []


def test_every_door_with_a_key_asks_for_it_and_for_its_scope(quick: Counter) -> None:
    for method, path, operation in with_key(quick):
        here = path.format(scheme="example", code="txn_x", number="XE-1")
        body: dict[str, Any] = {"json": {}} if "requestBody" in operation else {}
        bare = quick.client.request(method, here, **body)
        assert grounds(bare) == (401, [9216]), path
        assert bare.headers["WWW-Authenticate"] == "Bearer"
        assert (
            "Access-Control-Allow-Origin"
            not in quick.client.request(method, here, headers=quick.key("ann"), **body).headers
        )
        wrong = quick.client.request(
            method, here, headers={"Authorization": "Bearer sk_live_0"}, **body
        )
        assert grounds(wrong) == (401, [9160]), path
        if path != "/v1/me":
            no_good = "approve" if {"orders", "deals", "bids"} & {*path.split("/")} else "trade"
            other = quick.client.request(method, here, headers=quick.key("ann", no_good), **body)
            if method == "post":
                assert grounds(other) == (403, [9217]), path


def with_key(counter: Counter) -> Iterator[tuple[str, str, Any]]:
    """Every address that asks for a key."""
    for path, methods in counter.app.openapi()["paths"].items():
        for method, operation in methods.items():
            if "security" in operation:
                yield method, path, operation


def test_a_key_that_is_revoked_barred_or_for_other_books_opens_nothing(quick: Counter) -> None:
    assert quick.get("/v1/me", "ann")["key"]["scopes"] == ["registry:read"]
    of_tests = quick.client.get("/v1/me", headers=quick.key("carl", "read", live=False))
    assert grounds(of_tests) == (401, [9160])
    lodge = quick.porch.lodge
    lodge.run(lambda keeping: keeping.bar(usr("ann"), barred=True))
    assert grounds(quick.client.get("/v1/me", headers=quick.key("ann", "read"))) == (401, [9160])


def test_who_acts_is_known_and_enrolled(quick: Counter) -> None:
    stranger = quick.client.get("/v1/me", headers=quick.key("nobody", "read"))
    assert grounds(stranger) == (403, [9218])
    made = quick.propose(cancel(quick), by="ann").json()["code"]
    quick.bureau.staff(people.turn_person, usr("bob"), "suspend", reason="lost phone")
    assert grounds(quick.decide(made, "approve", by="bob")) == (403, [1202])
    for path in (PROPOSALS, f"{PROPOSALS}/{made}", "/v1/schemes/example/tasks"):
        assert grounds(quick.client.get(path, headers=quick.key("bob", "read"))) == (403, [1202])
    assert quick.get("/v1/me", "bob")["state"] == "suspended"


def test_who_calls_is_told_who_they_are(quick: Counter) -> None:
    told = quick.get("/v1/me", "ann")
    assert (told["person"], told["name"], told["position"]) == (usr("ann"), "Ann", None)
    assert told["accounts"] == [
        {"scheme": "example", "number": quick.bureau.number("steel"),
         "right": "initiate_and_approve", "suspended": False}
    ]  # fmt: skip
    assert quick.get("/v1/me", "sara")["position"] == "senior"
    answer = quick.client.get("/v1/me", headers=quick.key("ann"))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


def test_what_is_anothers_is_as_if_it_were_not(counter: Counter) -> None:
    """By a guessed number a stranger learns nothing, not even that it is there."""
    steel, none = counter.bureau.number("steel"), "XE-100-9999-0-1"
    made = counter.propose(cancel(counter), by="ann").json()["code"]
    other = f"txn_{'0' * 26}"
    paths = [
        *(f"/v1/schemes/example/accounts/{{}}/{each}" for each in (
            "holdings", "transactions", "people")),
        f"{PROPOSALS}?account={{}}",
    ]  # fmt: skip
    for path in paths:
        assert alike(counter, path, steel, none) == (404, [9215])
    assert alike(counter, f"{PROPOSALS}/{{}}", made, other) == (404, [3301])
    for event in ("approve", "cancel"):
        told = [
            without_name(counter.decide(code, event, by="carl", comment="no"), code)
            for code in (made, other)
        ]
        assert told[0] == told[1]
        assert told[0]["check_id"] == 3301
    kiln = {row["account"] for row in counter.get(PROPOSALS, "carl")["data"]}
    assert kiln == {counter.bureau.number("kiln")}
    assert counter.get(f"{PROPOSALS}?by={usr('ann')}", "carl")["data"] == []
    assert counter.get("/v1/schemes/example/tasks", "carl")["data"] == []


def alike(counter: Counter, path: str, there: str, none: str) -> tuple[int, list[int]]:
    """What is refused of both, and in the same words."""
    answers = [
        counter.client.get(path.format(each), headers=counter.key("carl", "read"))
        for each in (there, none)
    ]
    told = [without_name(a, name) for a, name in zip(answers, (there, none), strict=True)]
    assert told[0] == told[1]
    kinds = [{k for k in a.headers if k != "content-length"} for a in answers]
    assert kinds[0] == kinds[1]
    return grounds(answers[0])


def without_name(answer: Any, name: str) -> Any:  # noqa: ANN401  an answer
    """An answer but for what it was asked about, and the name of the request."""
    said = answer.json()
    text = answer.text.replace(name, "NAME").replace(said["request_id"], "ID")
    assert "NAME" in text
    return answer.json() | {"detail": text, "request_id": "", "instance": "", "errors": text}


@pytest.mark.parametrize("ask", ["", "?dry_run=true"])
def test_a_wish_on_anothers_account_tells_nothing_of_it(quick: Counter, ask: str) -> None:
    """Neither what it holds nor whom it trusts can be guessed by trying."""
    told = set()
    for source in ("steel", "ana"):
        for count in (1, 60, 61, 10**9):
            for target in ("kiln", "ana", "authority"):
                body = quick.move(count, source=source, target=target)
                answer = quick.propose(body, by="carl", ask=ask)
                assert grounds(answer) == (404, [9215])
                told.add(answer.json()["detail"].replace(body["account"], ""))
    nowhere = quick.move() | {"account": "XE-100-9999-0-1"}
    answer = quick.propose(nowhere, by="carl", ask=ask)
    assert grounds(answer) == (404, [9215])
    told.add(answer.json()["detail"].replace("XE-100-9999-0-1", ""))
    assert len(told) == 1


@pytest.mark.parametrize("ask", ["", "?dry_run=true"])
def test_what_only_staff_may_wish_is_refused_to_others_with_nothing_else(
    quick: Counter, ask: str
) -> None:
    for body in (
        {"verb": "reverse", "number": 1},
        {"verb": "reverse", "number": 10**9},
        {"verb": "deactivate", "person": usr("bob"), "reason": "x"},
        {"verb": "deactivate", "person": usr("who"), "reason": "x"},
        {"verb": "open_account", "kind": "person", "name": "X", "holder": org("kilnco")},
        {"verb": "issue", "year": 2026, "unit": UNIT, "count": 1},
    ):
        assert grounds(quick.propose(body, by="ann", ask=ask)) == (403, [1204])


def test_a_dry_run_tells_what_would_become_of_it_and_leaves_no_trace(counter: Counter) -> None:
    bureau = counter.bureau
    bureau.agreed(proposals.SetRules(account=bureau.number("steel"), outside_list=True))
    before = counter.get(PROPOSALS, "ann")
    told = counter.propose(counter.move(), by="ann", ask="?dry_run=true", key="K")
    assert told.status_code == 200, told.text
    said = told.json()
    due = (bureau.now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert (said["object"], said["second"], said["trusted"]) == ("forecast", True, False)
    assert said["expected_completion_at"] == due, "a day, from Monday at eleven"
    refused = counter.propose(counter.move(61) | {"unit": "EXA-9"}, by="ann", ask="?dry_run=true")
    assert refused.status_code == 409
    assert len(grounds(refused)[1]) >= 1
    assert counter.get(PROPOSALS, "ann") == before
    assert free(counter) == (60, 60)
    made = counter.propose(counter.move(), by="ann", key="K").json()
    assert made["expected_completion_at"] is None, "it waits for another person first"
    done = counter.decide(made["code"], "approve", by="bob").json()
    assert (done["state"], done["expected_completion_at"]) == ("delayed", due)


def test_the_same_request_is_one_proposal_and_another_is_refused(counter: Counter) -> None:
    first = counter.propose(cancel(counter), by="ann", key="K")
    again = counter.propose(cancel(counter), by="ann", key="K")
    assert (again.status_code, again.json()) == (201, first.json())
    assert grounds(counter.propose(cancel(counter, 11), by="ann", key="K")) == (422, [9001])
    assert counter.propose(cancel(counter, 11), by="bob", key="K").status_code == 201
    bare = counter.client.post(PROPOSALS, json=cancel(counter), headers=counter.key("ann"))
    assert grounds(bare) == (400, [9211])
    assert free(counter) == (60, 39)


def test_many_threads_with_one_key_make_one_proposal(database: str) -> None:
    with Pool(lambda: PostgresStore(database), size=4) as pool:
        counter = a_counter(cast("Store", pool))
        counter.key("ann")
        with ThreadPoolExecutor(8) as threads:
            answers = list(
                threads.map(
                    lambda _: counter.propose(cancel(counter), by="ann", key="K"), range(24)
                )
            )
        assert {each.status_code for each in answers} == {201}, [a.text for a in answers]
        assert len({each.json()["code"] for each in answers}) == 1
        (row,) = counter.get(f"{PROPOSALS}?by={usr('ann')}", "ann")["data"]
        assert row["state"] == "awaiting_approval"
        assert free(counter) == (60, 50)


def test_proposals_are_listed_page_by_page_and_chosen(counter: Counter) -> None:
    codes = [counter.propose(cancel(counter), by="ann").json()["code"] for _ in range(3)]
    counter.decide(codes[1], "reject", by="bob", comment="too many")
    seen, cursor = [], ""
    while True:
        page = counter.get(f"{PROPOSALS}?limit=1{cursor}", "bob")
        seen += [row["code"] for row in page["data"]]
        if not page["has_more"]:
            break
        cursor = f"&starting_after={page['next_cursor']}"
    assert [each for each in seen if each in codes] == codes
    (rejected,) = counter.get(f"{PROPOSALS}?state=rejected", "ann")["data"]
    assert (rejected["code"], rejected["steps"][-1]["comment"]) == (codes[1], "too many")
    mine = counter.get(f"{PROPOSALS}?by={usr('ann')}&state=awaiting_approval", "bob")["data"]
    assert [row["code"] for row in mine] == [codes[0], codes[2]]
    everything = counter.get(f"{PROPOSALS}?limit=200", "sara")["data"]
    assert {row["verb"] for row in everything} > {"hand_over", "appoint"}, "staff see all"
    answer = counter.client.get(f"{PROPOSALS}?colour=red", headers=counter.key("ann", "read"))
    assert grounds(answer) == (400, [9203])


def test_who_rejects_or_takes_back_says_why(quick: Counter) -> None:
    code = quick.propose(cancel(quick), by="ann").json()["code"]
    assert grounds(quick.decide(code, "reject", by="bob")) == (409, [1208])
    assert quick.decide(code, "reject", by="bob", comment="no").json()["state"] == "rejected"
    assert grounds(quick.decide(code, "approve", by="bob")) == (409, [3302])
    assert free(quick) == (60, 60)


def test_an_account_tells_its_own_what_it_holds_and_who_acts(quick: Counter) -> None:
    steel = quick.bureau.number("steel")
    path = f"/v1/schemes/example/accounts/{steel}"
    (row,) = quick.get(f"{path}/holdings", "ann")["data"]
    assert row["blocks"] == [{"series": "EX-1", "first": 1, "last": 60}]
    (came,) = quick.get(f"{path}/transactions", "ann")["data"]
    assert came["kind"] == "allocate"
    assert came["movements"][0]["block"] == {"series": "EX-1", "first": 1, "last": 60}
    told = quick.get(f"{path}/people", "ann")
    assert told["holder"] == org("steelco")
    assert {each["person"] for each in told["representatives"]} == {usr("ann"), usr("bob")}
    assert quick.get(f"{path}/holdings", "sara")["data"] == [row], "staff see it too"
    nowhere = quick.client.get(
        "/v1/schemes/example/accounts/XE-1/holdings", headers=quick.key("sara", "read")
    )
    assert grounds(nowhere) == (404, [9215])


def test_a_key_is_served_so_often_whatever_address_it_comes_from() -> None:
    counter = a_counter(key_limit=Limit(per_second=1, burst=2), clock=lambda: 0.0)
    answers = [counter.client.get("/v1/me", headers=counter.key("ann", "read")) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[1].headers["RateLimit"].endswith('"key";r=0;t=1')
    assert answers[1].headers["RateLimit-Policy"].endswith(', "key";q=2;w=2')
    assert answers[2].headers["Retry-After"] == "1"
    assert counter.get("/v1/me", "bob")["person"] == usr("bob")
    keys = {line.get("key") for line in counter.lines}
    assert len(keys) == 2
    assert all(str(key).startswith("key_") for key in keys)
    assert "sk_live_" not in str(counter.lines)


def test_all_keys_of_an_organisation_are_served_so_often_together() -> None:
    counter = a_counter(key_limit=Limit(per_second=1, burst=2), clock=lambda: 0.0)
    shown = []
    for organisation in (*["org_1"] * 5, "org_2", None):
        counter.key("ann", "read")  # With it she is enrolled.
        made = signin.make_key_for(
            counter.porch.lodge, person=usr("ann"), label="", scopes=["registry:read"], live=True,
            organisation=organisation, by=MACHINE,
        )  # fmt: skip
        shown.append({"Authorization": f"Bearer {made.secret}"})
    # Four times two at once: two by each of four keys, and the fifth finds nothing left.
    *first, fifth = [
        [counter.client.get("/v1/me", headers=each) for _ in range(2)] for each in shown[:5]
    ]
    assert {each.status_code for pair in first for each in pair} == {200}
    assert first[3][1].headers["RateLimit"].endswith('"key";r=0;t=1, "organisation";r=0;t=1')
    assert [each.status_code for each in fifth] == [429, 429]
    assert fifth[0].json()["detail"].startswith("Too many requests came from this organisation;")
    assert fifth[0].headers["Retry-After"] == "1"
    for other in shown[5:]:
        assert counter.client.get("/v1/me", headers=other).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"verb": "steal"}, "/body"),
        ({"verb": "issue", "year": 2026, "unit": UNIT}, "/body/issue/count"),
        ({"verb": "issue", "year": 2026, "unit": UNIT, "count": 0}, "/body/issue/count"),
        ({"verb": "issue", "year": 2026, "unit": UNIT, "count": 2**63}, "/body/issue/count"),
        ({"verb": "issue", "year": 2026, "unit": UNIT, "count": 1, "x": 1}, "/body/issue/x"),
        ({"verb": "issue", "year": 2026, "unit": "a\nb", "count": 1}, "/body/issue/unit"),
    ],
)
def test_a_wish_that_is_not_well_formed_is_told_by_its_parts(
    quick: Counter, body: object, pointer: str
) -> None:
    answer = quick.propose(body, by="ann")
    assert grounds(answer) == (422, [9200])
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_the_largest_number_is_refused_by_a_rule_and_not_by_a_fault(quick: Counter) -> None:
    for ask in ("", "?dry_run=true"):
        answer = quick.propose(cancel(quick, 2**63 - 1), by="ann", ask=ask)
        assert answer.status_code == 409


def test_an_address_names_every_method_to_which_it_answers(quick: Counter) -> None:
    answer = quick.client.delete(PROPOSALS, headers=quick.key("ann"))
    assert grounds(answer) == (405, [9202])
    assert answer.headers["Allow"] == "GET, POST"
