"""Webhooks are told what happens, signed and at least once; nothing private is called."""

import base64
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import standardwebhooks

from bureau import usr
from ears import Ear, listening
from switchboard import Counter, a_counter, grounds
from tonne.cli import telling
from tonne.cli.hook_work import HookWork
from tonne.operations import people
from tonne.signin import Keeping, hooks

HOOKS = "/v1/schemes/example/webhook-endpoints"


@pytest.fixture(scope="module")
def server() -> Iterator[Ear]:
    """A server on this machine, for all tests of this module."""
    with listening() as ear:
        yield ear


@pytest.fixture
def ear(server: Ear) -> Ear:
    """The listener, who has heard nothing yet."""
    server.heard.clear()
    server.answers.clear()
    return server


@pytest.fixture(scope="module")
def shared() -> Counter:
    """The counter, at which webhooks may be at this machine."""
    return a_counter(hooks_loopback=True)


@pytest.fixture
def counter(shared: Counter) -> Iterator[Counter]:
    """The counter, at which nobody has a webhook yet."""
    yield shared
    for name in ("ann", "bob", "carl"):
        shared.porch.lodge.run(partial(forget_hooks, person=usr(name), at=shared.porch.at))


def forget_hooks(keeping: Keeping, *, person: str, at: datetime) -> None:
    """Remove what somebody has."""
    for hook in keeping.hooks(person, "example"):
        assert keeping.put_hook(replace(hook, removed_at=at))


@pytest.fixture
def work(counter: Counter, _now: None) -> HookWork:
    """The worker."""
    return HookWork(
        office=counter.office, lodge=counter.porch.lodge, log=lambda _: None, loopback=True
    )


def make(counter: Counter, ear: Ear, *, by: str = "ann", **more: Any) -> Any:  # noqa: ANN401  JSON
    """A webhook of somebody."""
    answer = counter.post(HOOKS, {"url": ear.url} | more, by=by, good="hooks")
    assert answer.status_code == 201, answer.text
    return answer.json()


def gift(counter: Counter) -> str:
    """Units of the steelworks that ann wants to give up for somebody; the proposal."""
    body = {
        "verb": "cancel_voluntarily", "account": counter.bureau.number("steel"), "unit": "EXA-1",
        "count": 1, "beneficiary": "The school of Bled",
    }  # fmt: skip
    code: str = counter.propose(body, by="ann").json()["code"]
    return code


def verified(secret: str, heard: tuple[dict[str, str], bytes]) -> Any:  # noqa: ANN401  JSON
    """What a message says, if its signature is good by the library of the standard."""
    return standardwebhooks.Webhook(secret).verify(heard[1], heard[0])


@pytest.fixture
def _now(monkeypatch: pytest.MonkeyPatch, counter: Counter) -> None:
    """The library compares with the clock of the machine, so it is given that of the lodge."""

    class Clock(type(counter.porch.at)):  # type: ignore[misc]
        @classmethod
        def now(cls, tz: Any = None) -> Any:  # noqa: ANN401, ARG003  as it is called
            return counter.porch.at

    monkeypatch.setattr(standardwebhooks.webhooks, "datetime", Clock)


def test_what_happens_is_told_in_order_signed_and_only_to_who_sees_it(
    counter: Counter, ear: Ear, work: HookWork
) -> None:
    mine, carls = make(counter, ear), make(counter, ear, by="carl")
    assert mine["secret"].startswith("whsec_")
    assert mine["secret"] != carls["secret"]
    code = gift(counter)
    counter.decide(code, "approve", by="bob")
    work.turn()
    told = [verified(mine["secret"], each) for each in ear.heard]
    assert [each["type"] for each in told] == [
        "proposal.propose", "proposal.approve", "proposal.complete",
    ]  # fmt: skip
    assert {each["data"]["proposal"] for each in told} == {code}
    assert [each[0]["webhook-id"] for each in ear.heard] == [
        f"evt_{each['data']['id']}" for each in told
    ]
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verified(carls["secret"], ear.heard[0])
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verified(mine["secret"], (ear.heard[0][0], ear.heard[0][1] + b" "))
    work.turn()
    assert len(ear.heard) == 3, "what was heard is not told again"
    shown = counter.get(f"{HOOKS}/{mine['code']}", "ann", "hooks")
    assert (shown["secret"], shown["state"]) == (None, "running")
    assert shown["position"] == told[-1]["data"]["id"]


def test_what_is_not_heard_is_told_again_later_and_nothing_overtakes_it(
    counter: Counter, ear: Ear, work: HookWork
) -> None:
    made = make(counter, ear, types=["proposal.propose"])
    ear.answers += [500, 302]
    first, second = gift(counter), gift(counter)
    work.turn()
    assert len(ear.heard) == 1
    counter.porch.later(seconds=4)
    work.turn()
    assert len(ear.heard) == 1, "not before five seconds have passed"
    counter.porch.later(seconds=1)
    work.turn()
    assert len(ear.heard) == 2, "a redirect is no yes, and is not followed"
    counter.porch.later(seconds=59)
    work.turn()
    assert len(ear.heard) == 2, "after the second failure it is a minute"
    failing = counter.get(f"{HOOKS}/{made['code']}", "ann", "hooks")
    assert (failing["state"], failing["failures"]) == ("failing", 2)
    counter.porch.later(seconds=1)
    work.turn()
    told = [verified(made["secret"], each)["data"]["proposal"] for each in ear.heard[2:]]
    assert told == [first, second]
    assert len({each[0]["webhook-id"] for each in ear.heard[:3]}) == 1, "one event, one name"
    log = counter.get(f"{HOOKS}/{made['code']}/deliveries", "ann", "hooks")["data"]
    assert [(each["status"], each["heard"]) for each in log] == [
        (204, True), (204, True), (302, False), (500, False),
    ]  # fmt: skip
    last = counter.get(f"{HOOKS}/{made['code']}/deliveries?limit=1", "ann", "hooks")
    rest = counter.get(
        f"{HOOKS}/{made['code']}/deliveries?starting_after={last['next_cursor']}", "ann", "hooks"
    )
    assert last["data"] + rest["data"] == log


def test_how_a_telling_went_is_forgotten_after_ninety_days_and_the_event_stays(
    counter: Counter, ear: Ear, work: HookWork
) -> None:
    made = make(counter, ear, types=["proposal.propose"])
    path = f"{HOOKS}/{made['code']}"
    began, first = counter.porch.at, gift(counter)
    work.turn()
    counter.porch.at = began + timedelta(days=90)
    gift(counter)
    work.turn()
    log = counter.get(f"{path}/deliveries", "ann", "hooks")["data"]
    assert len(log) == 2, "after ninety days to the second it is still kept"
    for ask, kept in (("gt", log[:1]), ("lte", log[1:]), ("gte", log), ("lt", [])):
        address = f"{path}/deliveries?created[{ask}]={log[1]['at']}"
        assert counter.get(address, "ann", "hooks")["data"] == kept
    counter.porch.later(minutes=59)
    work.turn()
    assert len(counter.get(f"{path}/deliveries", "ann", "hooks")["data"]) == 2, "it is once an hour"
    counter.porch.later(minutes=1)
    work.turn()
    assert counter.get(f"{path}/deliveries", "ann", "hooks")["data"] == log[:1]
    counter.post(f"{path}/replay", {"event": int(log[1]["event"])}, by="ann", good="hooks")
    work.turn()
    assert verified(made["secret"], ear.heard[-1])["data"]["proposal"] == first
    again, last = counter.get(f"{path}/deliveries", "ann", "hooks")["data"]
    assert (again["event"], last) == (log[1]["event"], log[0])
    assert again["number"] > last["number"], "a number is never given anew"
    counter.porch.at = began


def test_after_five_days_of_failure_it_is_stopped_and_goes_on_where_it_was(
    counter: Counter, ear: Ear, work: HookWork
) -> None:
    made = make(counter, ear)
    code = gift(counter)
    ear.answers += [500] * 100
    for _ in range(40):
        work.turn()
        counter.porch.later(hours=6)
    stopped = counter.get(f"{HOOKS}/{made['code']}", "ann", "hooks")
    assert (stopped["state"], stopped["stopped_because"]) == (
        "stopped", "Nothing was heard for 5 days.",
    )  # fmt: skip
    assert any("webhook stopped" in each for each in counter.porch.told(usr("ann")))
    count = len(ear.heard)
    work.turn()
    assert len(ear.heard) == count
    ear.answers.clear()
    started = counter.post(f"{HOOKS}/{made['code']}/start", None, by="ann", good="hooks")
    assert started.json()["state"] == "running"
    work.turn()
    assert verified(made["secret"], ear.heard[-1])["data"]["proposal"] == code


def test_who_says_that_it_is_gone_is_told_nothing_more(
    counter: Counter, ear: Ear, work: HookWork
) -> None:
    made = make(counter, ear)
    ear.answers.append(410)
    gift(counter)
    work.turn()
    assert counter.get(f"{HOOKS}/{made['code']}", "ann", "hooks")["state"] == "stopped"


def test_one_event_or_all_after_one_are_told_again(
    counter: Counter, ear: Ear, work: HookWork
) -> None:
    made = make(counter, ear)
    for _ in range(3):
        gift(counter)
    work.turn()
    ids = [int(verified(made["secret"], each)["data"]["id"]) for each in ear.heard]
    for body, wanted in (({"event": ids[0]}, ids[:1]), ({"after": ids[0]}, ids[1:])):
        ear.heard.clear()
        path = f"{HOOKS}/{made['code']}/replay"
        assert counter.post(path, body, by="ann", good="hooks").status_code == 200
        work.turn()
        assert [int(verified(made["secret"], each)["data"]["id"]) for each in ear.heard] == wanted


def test_a_new_secret_signs_and_the_one_before_does_so_for_a_day(
    counter: Counter, ear: Ear, work: HookWork
) -> None:
    made = make(counter, ear)
    turned = counter.post(f"{HOOKS}/{made['code']}/secret", None, by="ann", good="hooks").json()
    gift(counter)
    work.turn()
    for secret in (made["secret"], turned["secret"]):
        assert verified(secret, ear.heard[-1])
    counter.porch.later(hours=24)
    gift(counter)
    work.turn()
    assert verified(turned["secret"], ear.heard[-1])
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verified(made["secret"], ear.heard[-1])


def test_secrets_are_kept_sealed(counter: Counter, ear: Ear) -> None:
    made = make(counter, ear)
    plain = base64.b64decode(made["secret"].removeprefix("whsec_"))
    (kept,) = counter.porch.lodge.ask(lambda keeping: keeping.hooks(usr("ann"), "example"))
    assert plain not in kept.secret
    assert counter.porch.lodge.key.open(kept.secret, of=kept.id) == plain


def test_a_webhook_is_ones_own_and_ends_with_its_key(
    counter: Counter, ear: Ear, work: HookWork
) -> None:
    made = make(counter, ear)
    path = f"{HOOKS}/{made['code']}"
    for method, more in (("get", ""), ("get", "/deliveries"), ("delete", "")):
        answer = counter.client.request(method, path + more, headers=counter.key("bob", "hooks"))
        assert grounds(answer) == (404, [9185]), "to colleagues, too, it is as if it were not"
    quiet = counter.post(HOOKS, {"url": ear.url}, by="ann", good="quiet")
    assert grounds(quiet) == (403, [9217]), "what is told is read"
    keeping_key = counter.porch.lodge.ask(lambda keeping: keeping.hook(made["code"]))
    assert keeping_key is not None
    counter.porch.lodge.run(lambda keeping: keeping.revoke_key(keeping_key.key, counter.porch.at))
    del counter.secrets["ann", "hooks"]
    gift(counter)
    work.turn()
    assert ear.heard == []


def test_what_is_removed_is_told_nothing_and_is_not_there(
    counter: Counter, ear: Ear, work: HookWork
) -> None:
    made = make(counter, ear)
    shown = counter.key("ann", "hooks")
    assert counter.client.delete(f"{HOOKS}/{made['code']}", headers=shown).status_code == 204
    gift(counter)
    work.turn()
    assert ear.heard == []
    assert counter.get(HOOKS, "ann", "hooks")["data"] == []
    assert grounds(counter.client.delete(f"{HOOKS}/{made['code']}", headers=shown)) == (404, [9185])


def test_who_is_suspended_is_told_nothing_more(ear: Ear) -> None:
    counter = a_counter(hooks_loopback=True)
    work = HookWork(
        office=counter.office, lodge=counter.porch.lodge, log=lambda _: None, loopback=True
    )
    made = make(counter, ear, by="bob")
    counter.bureau.staff(people.turn_person, usr("bob"), "suspend", reason="lost phone")
    gift(counter)
    work.turn()
    assert ear.heard == []
    found = counter.porch.lodge.ask(lambda keeping: keeping.hook(made["code"]))
    assert found is not None
    assert found.stopped_at is not None


def test_two_workers_tell_an_event_once(counter: Counter, ear: Ear, work: HookWork) -> None:
    make(counter, ear)
    gift(counter)
    other = HookWork(
        office=counter.office, lodge=counter.porch.lodge, log=lambda _: None, loopback=True
    )
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda each: each.turn(), (work, other)))
    assert len(ear.heard) == 1


def test_a_name_that_leads_to_a_private_address_is_not_called(
    monkeypatch: pytest.MonkeyPatch, ear: Ear
) -> None:
    port = int(ear.url.rpartition(":")[2])
    called: list[Any] = []

    named: list[str] = []

    def looked_up(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in named]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket, "create_connection", lambda *where, **_: called.append(where))
    for numbers in (["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]):
        named[:] = numbers
        found = telling.bring(f"https://books.example:{port}/", {}, b"{}")
        assert found == telling.Answer(None, "The host is not on the public internet.")
    assert called == []
    assert ear.heard == []


def test_what_was_looked_at_is_what_is_called(monkeypatch: pytest.MonkeyPatch, ear: Ear) -> None:
    port = int(ear.url.rpartition(":")[2])
    looks: list[object] = []

    def looked_up(host: str, *_: object, **__: object) -> list[Any]:
        looks.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    real = socket.create_connection
    called: list[object] = []

    def call(where: tuple[str, int], **more: Any) -> socket.socket:  # noqa: ANN401  its own
        called.append(where)
        monkeypatch.undo()  # A number needs no looking up.
        return real(where, **more)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket, "create_connection", call)
    found = telling.bring(f"http://books.example:{port}/x?y=1", {}, b"{}", loopback=True)
    assert found == telling.Answer(204, "")
    assert (looks, called) == (["books.example"], [("127.0.0.1", port)])
    assert ear.heard[0][0]["Host"] == f"books.example:{port}"


def test_who_dawdles_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as slow:
        url = f"http://127.0.0.1:{slow.getsockname()[1]}/"
        found = telling.bring(url, {}, b"{}", loopback=True, seconds=0.1)
    assert found == telling.Answer(None, "No answer came in time.")


def test_a_person_has_only_so_many(counter: Counter, ear: Ear) -> None:
    for _ in range(hooks.HOOKS_MAX):
        make(counter, ear)
    answer = counter.post(HOOKS, {"url": ear.url}, by="ann", good="hooks")
    assert grounds(answer) == (409, [9187])
