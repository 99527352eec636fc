"""Sentences about failures: guessing is slow, nobody is locked out, nobody is found out."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from porch import ELSEWHERE, HOME, MACHINE, PASSWORD, Porch, numbers
from tonne import signin
from tonne.refusal import Refused
from tonne.signin import Caller, Terms, passwords, waits

WRONG: dict[str, Any] = {"password": "not this one at all", "code": "000000"}


def test_waits_grow_from_two_seconds_to_a_quarter_of_an_hour() -> None:
    told = [waits.wait_after(failures, Terms()).total_seconds() for failures in range(-1, 12)]
    # 2 seconds, doubled each time: 2, 4, 8, ... 512, and 1024 is more than 900.
    assert told == [0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_after_five_failures_a_stranger_waits_and_longer_each_time(porch: Porch) -> None:
    porch.enrolled()
    words: dict[str, Any] = {"login": "ana", **WRONG, "caller": ELSEWHERE}
    porch.fail("ana", 5)
    for seconds in (2, 4, 8):
        with pytest.raises(Refused) as no:
            signin.sign_in(porch.lodge, **words)
        (found,) = no.value.refusals
        assert (found.number, found.facts()["seconds"]) == (9131, seconds)
        porch.later(seconds=seconds - 1)
        assert numbers(signin.sign_in, porch.lodge, **words) == [9131]
        porch.later(seconds=1)
        porch.fail("ana", 1)


def test_nobody_tries_a_name_a_hundred_times_in_an_hour(porch: Porch) -> None:
    porch.enrolled()
    judged, end = 0, porch.at + timedelta(hours=1)
    while porch.at < end:
        place = f"203.0.113.{judged % 250}"
        words: dict[str, Any] = {"login": "ana", **WRONG, "caller": Caller(place=place)}
        judged += numbers(signin.sign_in, porch.lodge, **words) == [9130]
        porch.later(seconds=5)
    assert judged < 25  # OWASP ASVS 4.0.3, 2.2.1: not more than 100.


def test_strangers_keep_out_neither_a_passkey_nor_a_known_browser(porch: Porch) -> None:
    ana = porch.enrolled()
    opened = porch.sign_in(ana)
    device = porch.add_passkey(opened.token)
    porch.fail("ana", 5)
    known = Caller(place=HOME.place, agent=HOME.agent, device=opened.device)
    assert numbers(signin.sign_in, porch.lodge, login="ana", **WRONG, caller=HOME) == [9131]
    assert porch.sign_in(ana, caller=known).session.person == ana.code
    assert porch.by_passkey(device, caller=ELSEWHERE).session.person == ana.code


def test_a_known_browser_is_let_in_from_an_address_full_of_strangers(porch: Porch) -> None:
    ana = porch.enrolled()
    opened = porch.sign_in(ana, caller=ELSEWHERE)
    for number in range(4):
        porch.fail(f"nobody{number}", 5)
    words: dict[str, Any] = {"login": "somebody", **WRONG, "caller": ELSEWHERE}
    assert numbers(signin.sign_in, porch.lodge, **words) == [9131]
    known = Caller(place=ELSEWHERE.place, device=opened.device)
    assert porch.sign_in(ana, caller=known).session.person == ana.code


def test_a_known_browser_guesses_no_faster_than_a_stranger(porch: Porch) -> None:
    ana = porch.enrolled()
    opened = porch.sign_in(ana)
    known = Caller(place=HOME.place, device=opened.device)
    porch.fail("ana", 5, caller=known)
    words: dict[str, Any] = {"login": "ana", **WRONG}
    assert numbers(signin.sign_in, porch.lodge, **words, caller=known) == [9131]
    # It counts by itself: a stranger is still heard.
    porch.fail("ana", 1)


def test_the_browser_of_one_person_is_a_stranger_to_another(porch: Porch) -> None:
    ana, bo = porch.enrolled("ana"), porch.enrolled("bo")
    opened = porch.sign_in(bo)
    porch.fail("ana", 5)
    borrowed = Caller(place=HOME.place, device=opened.device)
    words: dict[str, Any] = {"login": ana.login, **WRONG, "caller": borrowed}
    assert numbers(signin.sign_in, porch.lodge, **words) == [9131]


def test_one_address_that_tries_many_names_waits_too(porch: Porch) -> None:
    porch.enrolled()
    for number in range(20):
        porch.fail(f"nobody{number}", 1)
    words: dict[str, Any] = {"login": "ana", **WRONG}
    assert numbers(signin.sign_in, porch.lodge, **words, caller=ELSEWHERE) == [9131]
    assert numbers(signin.sign_in, porch.lodge, **words, caller=HOME) == [9130]


def test_the_addresses_of_one_customer_count_as_one() -> None:
    assert waits.of_place("2001:db8::1") == waits.of_place("2001:db8::ffff:2")
    assert waits.of_place("2001:db8::1") != waits.of_place("2001:db8:0:1::1")
    assert waits.of_place("::ffff:192.0.2.1") == waits.of_place("192.0.2.1")
    assert waits.of_place("192.0.2.1") != waits.of_place("192.0.2.2")
    assert waits.of_place("a desk") != waits.of_place("another desk")


def test_who_succeeds_is_forgiven_but_frees_not_the_whole_address(porch: Porch) -> None:
    ana = porch.enrolled()
    for number in range(20):
        porch.fail(f"nobody{number}", 1)
    porch.later(seconds=2)
    porch.fail("nobody", 1)
    porch.later(seconds=4)
    assert porch.sign_in(ana, caller=ELSEWHERE)
    assert numbers(signin.sign_in, porch.lodge, login="x", **WRONG, caller=ELSEWHERE) == [9130]
    assert numbers(signin.sign_in, porch.lodge, login="y", **WRONG, caller=ELSEWHERE) == [9131]


def test_failures_are_forgotten_after_a_day(porch: Porch) -> None:
    ana = porch.enrolled()
    porch.fail("ana", 5)
    porch.later(hours=24)
    porch.fail("ana", 5)
    porch.later(seconds=2)
    assert porch.sign_in(ana, caller=ELSEWHERE)


def test_many_who_try_at_one_time_try_no_more_often_than_one_after_another(porch: Porch) -> None:
    porch.enrolled()
    told: list[int] = []

    def attempt() -> None:
        try:
            signin.sign_in(porch.lodge, login="ana", **WRONG, caller=ELSEWHERE)
        except Refused as no:
            told.append(no.refusals[0].number)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    # After the fifth there is a wait.
    assert sorted(told) == [9130] * 5 + [9131] * 7


def test_an_unknown_name_a_wrong_password_and_a_wrong_code_get_one_answer(porch: Porch) -> None:
    ana = porch.enrolled()
    porch.with_passkey("kim")
    porch.later(minutes=5)
    signin.bar(porch.lodge, person=porch.enrolled("eva").code, by=MACHINE)
    right = porch.code(ana)
    answers = []
    for login, password, code in (
        ("nobody", PASSWORD, right),
        ("", PASSWORD, right),
        ("\x00", PASSWORD, right),
        ("x" * 10_000, PASSWORD, right),
        ("kim", PASSWORD, right),
        ("eva", PASSWORD, right),
        ("ana", "not this one at all", right),
        ("ana", "x" * 1_000_000, right),
        ("ana", "", ""),
        ("ana", PASSWORD, "000000"),
        ("ana", PASSWORD, "\udcff" * 9),
    ):
        porch.later(seconds=60)
        words: dict[str, Any] = {"login": login, "password": password, "code": code, "caller": HOME}
        with pytest.raises(Refused) as no:
            signin.sign_in(porch.lodge, **words)
        answers.append([each.as_dict() for each in no.value.refusals])
    assert all(each == answers[0] for each in answers)
    assert answers[0][0]["number"] == 9130


def test_the_wait_is_the_same_for_a_name_that_nobody_has(porch: Porch) -> None:
    porch.enrolled()
    told = []
    for login in ("ana", "nobody"):
        porch.fail(login, 5, caller=Caller(place=f"of {login}"))
        with pytest.raises(Refused) as no:
            signin.sign_in(porch.lodge, login=login, **WRONG, caller=Caller(place="third"))
        told.append([each.as_dict() for each in no.value.refusals])
    assert told[0] == told[1]


def test_the_same_work_is_done_for_whoever_fails(
    porch: Porch, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = porch.enrolled()
    porch.with_passkey("kim")
    work: list[bytes] = []
    right = passwords.is_right

    def counted(password: str, kept: bytes) -> bool:
        work.append(kept.split(b"$")[3])
        return right(password, kept)

    monkeypatch.setattr(passwords, "is_right", counted)
    for login in (ana.login, "kim", "nobody"):
        porch.fail(login, 1)
    assert work == [b"m=8,t=1,p=1"] * 3


def test_what_was_typed_as_a_name_that_nobody_has_is_not_written_down(porch: Porch) -> None:
    porch.fail("my password by mistake", 1)
    assert porch.told() == ["failed: unknown name"]


def test_a_browser_is_known_by_a_token_that_only_its_digest_is_kept_of(porch: Porch) -> None:
    ana = porch.enrolled()
    opened = porch.sign_in(ana)
    assert len(bytes.fromhex(opened.device)) == 32
    kept = porch.lodge.ask(lambda keeping: keeping.factors(ana.code))
    assert opened.device.encode() not in b"".join(each.secret for each in kept)
    again = porch.sign_in(ana, caller=Caller(place="", device=opened.device))
    assert again.device == ""


def test_a_person_has_at_most_twenty_known_browsers(porch: Porch) -> None:
    _, device = porch.with_passkey()
    opened = [porch.by_passkey(device) for _ in range(22)]
    kinds = [each.kind for each in signin.factors(porch.lodge, opened[0].token)]
    assert kinds.count("device") == 20
    again = porch.by_passkey(device, caller=Caller(place="", device=opened[-1].device))
    assert again.device == ""
    assert porch.by_passkey(device, caller=Caller(place="", device=opened[0].device)).device
