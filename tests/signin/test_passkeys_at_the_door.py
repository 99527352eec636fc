"""Sentences about passkeys: made and asked by ceremonies, bound to a site, each challenge once."""

from collections.abc import Callable
from typing import Any

import pytest

from passkey_device import Device, packed
from porch import ACT, ELSEWHERE, HOME, Porch, numbers
from tonne import signin

Answer = dict[str, Any]


def test_a_passkey_alone_opens_a_session_and_no_name_is_asked(porch: Porch) -> None:
    person, device = porch.with_passkey()
    opened = porch.by_passkey(device)
    assert (opened.session.person, opened.session.factors) == (person, ("passkey",))
    assert porch.session(opened.token).id == opened.session.id


def test_a_browser_is_asked_for_a_verified_person_and_told_of_nobody(porch: Porch) -> None:
    porch.with_passkey()
    options = signin.begin_passkey(porch.lodge).options
    assert options["userVerification"] == "required"
    assert options["allowCredentials"] == []
    assert options["rpId"] == "registry.example"
    _, token = porch.begin("bo")
    asked = signin.begin_new_passkey(porch.lodge, token).options
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["attestation"] == "none"


def test_a_challenge_is_32_bytes_and_never_the_same(porch: Porch) -> None:
    asked = [signin.begin_passkey(porch.lodge).options["challenge"] for _ in range(3)]
    assert len(set(asked)) == 3
    assert all(len(each) == 43 for each in asked)


def test_a_challenge_is_answered_once(porch: Porch) -> None:
    _, device = porch.with_passkey()
    begun = signin.begin_passkey(porch.lodge)
    response = device.answer(begun.options)
    words: dict[str, Any] = {"ticket": begun.ticket, "caller": HOME}
    signin.sign_in_by_passkey(porch.lodge, response=response, **words)
    again = device.answer(begun.options)
    assert numbers(signin.sign_in_by_passkey, porch.lodge, response=again, **words) == [9133]


def test_a_challenge_that_was_failed_is_not_tried_again(porch: Porch) -> None:
    _, device = porch.with_passkey()
    begun = signin.begin_passkey(porch.lodge)
    words: dict[str, Any] = {"ticket": begun.ticket, "caller": HOME}
    assert numbers(signin.sign_in_by_passkey, porch.lodge, response={}, **words) == [9132]
    response = device.answer(begun.options)
    assert numbers(signin.sign_in_by_passkey, porch.lodge, response=response, **words) == [9133]


@pytest.mark.parametrize(("minutes", "works"), [(4, True), (5, False)])
def test_a_challenge_lasts_five_minutes(porch: Porch, *, minutes: int, works: bool) -> None:
    _, device = porch.with_passkey()
    begun = signin.begin_passkey(porch.lodge)
    response = device.answer(begun.options)
    porch.later(minutes=minutes)
    words: dict[str, Any] = {"ticket": begun.ticket, "response": response, "caller": HOME}
    if works:
        assert signin.sign_in_by_passkey(porch.lodge, **words)
    else:
        assert numbers(signin.sign_in_by_passkey, porch.lodge, **words) == [9133]


def test_the_answer_to_another_challenge_is_none(porch: Porch) -> None:
    _, device = porch.with_passkey()
    one, other = (signin.begin_passkey(porch.lodge) for _ in range(2))
    words: dict[str, Any] = {
        "ticket": one.ticket,
        "response": device.answer(other.options),
        "caller": HOME,
    }
    assert numbers(signin.sign_in_by_passkey, porch.lodge, **words) == [9132]


def elsewhere(device: Device) -> None:
    device.origin = "https://registry.example.evil.test"


def other_site(device: Device) -> None:
    device.rp_id = "evil.test"


def nobody_there(device: Device) -> None:
    device.verifies = False


def other_key(device: Device) -> None:
    device.key = Device().key


def other_name(device: Device) -> None:
    device.id = b"nobody has this"


def other_person(device: Device) -> None:
    device.handle = b"usr_0000000000000000000000000b"


@pytest.mark.parametrize(
    "change", [elsewhere, other_site, nobody_there, other_key, other_name, other_person]
)
def test_an_answer_from_another_site_device_or_person_is_none(
    porch: Porch, change: Callable[[Device], None]
) -> None:
    _, device = porch.with_passkey()
    change(device)
    assert numbers(porch.by_passkey, device) == [9132]
    assert not [each for each in porch.told() if each.startswith("signed in")]


@pytest.mark.parametrize("change", [elsewhere, other_site, nobody_there])
def test_a_passkey_made_elsewhere_or_with_nobody_there_is_not_kept(
    porch: Porch, change: Callable[[Device], None]
) -> None:
    _, token = porch.begin()
    device = Device()
    change(device)
    assert numbers(porch.add_passkey, token, device) == [9132]
    assert numbers(signin.finish_enrolment, porch.lodge, token) == [9116]


def test_a_passkey_is_added_once_and_by_whoever_began_it(porch: Porch) -> None:
    _, token = porch.begin("ana")
    _, other = porch.begin("bo")
    device = porch.add_passkey(token)
    assert numbers(porch.add_passkey, token, device) == [9117]
    assert numbers(porch.add_passkey, other, device) == [9117]
    begun = signin.begin_new_passkey(porch.lodge, token)
    words: dict[str, Any] = {
        "ticket": begun.ticket,
        "response": Device(id=b"new").make(begun.options),
    }
    assert numbers(signin.add_passkey, porch.lodge, other, **words) == [9133]
    begun = signin.begin_passkey(porch.lodge)
    words = {"ticket": begun.ticket, "response": Device(id=b"new").make(begun.options)}
    assert numbers(signin.add_passkey, porch.lodge, token, **words) == [9133]


def test_a_copied_passkey_is_noticed_by_its_counter(porch: Porch) -> None:
    person, device = porch.with_passkey()
    copy = device.copy()
    porch.by_passkey(device)
    porch.by_passkey(device)
    assert numbers(porch.by_passkey, copy) == [9132]
    assert any("copied" in each for each in porch.told(person))
    assert porch.by_passkey(device).session.person == person


def test_a_forged_answer_with_a_low_counter_raises_no_alarm(porch: Porch) -> None:
    person, device = porch.with_passkey()
    porch.by_passkey(device)
    forger = device.copy()
    forger.counter, forger.key = 0, Device().key
    assert numbers(porch.by_passkey, forger) == [9132]
    assert not any("copied" in each for each in porch.told(person))


def test_a_passkey_that_never_counts_serves_for_ever(porch: Porch) -> None:
    _, token = porch.begin()
    device = porch.add_passkey(token, Device(counts=False))
    signin.finish_enrolment(porch.lodge, token)
    for _ in range(3):
        assert porch.by_passkey(device)


def test_a_removed_passkey_opens_nothing_and_the_last_one_stays(porch: Porch) -> None:
    _, device = porch.with_passkey()
    stolen, token = porch.by_passkey(device).token, porch.by_passkey(device).token
    name = packed(device.id)
    assert numbers(signin.remove_factor, porch.lodge, token, factor=name) == [9115]
    second = porch.add_passkey(token, Device(id=b"second"))
    assert porch.session(stolen)
    signin.remove_factor(porch.lodge, token, factor=name)
    assert numbers(signin.who, porch.lodge, stolen) == [9140]
    assert numbers(porch.by_passkey, device) == [9132]
    assert porch.by_passkey(second)
    assert numbers(signin.remove_factor, porch.lodge, token, factor=name) == [9114]


def test_nobody_removes_what_is_anothers(porch: Porch) -> None:
    _, device = porch.with_passkey("ana")
    _, other = porch.with_passkey("bo")
    token = porch.by_passkey(other).token
    words: dict[str, Any] = {"factor": packed(device.id)}
    assert numbers(signin.remove_factor, porch.lodge, token, **words) == [9114]
    assert porch.by_passkey(device)


def test_an_act_is_confirmed_by_ones_own_passkey_alone(porch: Porch) -> None:
    _, device = porch.with_passkey("ana")
    _, other = porch.with_passkey("bo")
    token = porch.by_passkey(device, caller=ELSEWHERE).token
    begun = signin.begin_step_up(porch.lodge, token, act=ACT)
    assert [each["id"] for each in begun.options["allowCredentials"]] == [packed(device.id)]
    words: dict[str, Any] = {"ticket": begun.ticket, "response": other.answer(begun.options)}
    assert numbers(signin.step_up_by_passkey, porch.lodge, token, **words) == [9132]
    begun = signin.begin_step_up(porch.lodge, token, act=ACT)
    words = {"ticket": begun.ticket, "response": device.answer(begun.options)}
    raised = signin.step_up_by_passkey(porch.lodge, token, **words)
    assert signin.use_step_up(porch.lodge, raised.token, act=ACT).act == ACT


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"id": 7},
        {"id": "a", "rawId": "a", "type": "public-key", "response": None},
        {"id": "\x00", "rawId": "b", "type": "x", "response": {"clientDataJSON": "%%%"}},
        {"id": "x" * 100_000},
    ],
)
def test_whatever_a_stranger_sends_is_refused_and_nothing_breaks(
    porch: Porch, response: Answer
) -> None:
    begun = signin.begin_passkey(porch.lodge)
    words: dict[str, Any] = {"ticket": begun.ticket, "response": response, "caller": HOME}
    assert numbers(signin.sign_in_by_passkey, porch.lodge, **words) == [9132]
    _, token = porch.begin()
    made = signin.begin_new_passkey(porch.lodge, token)
    found = numbers(signin.add_passkey, porch.lodge, token, ticket=made.ticket, response=response)
    assert found == [9132]
