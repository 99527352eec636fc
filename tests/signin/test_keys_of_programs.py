"""Sentences about keys of programs, codes by which all is known, and what is written down."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porch import ELSEWHERE, HOME, MACHINE, PASSWORD, Porch, numbers
from tonne import signin
from tonne.signin import Actor, tokens

READ: dict[str, Any] = {"label": "a report", "scopes": ["registry:read"], "live": True}


def test_a_key_is_shown_once_and_only_its_digest_is_kept(porch: Porch) -> None:
    ana = porch.enrolled()
    token = porch.sign_in(ana).token
    made = signin.make_key(porch.lodge, token, **READ)
    assert made.secret.startswith("sk_live_")
    assert len(bytes.fromhex(made.secret.removeprefix("sk_live_"))) == 32
    assert made.key.digest == tokens.digest(made.secret)
    assert made.secret not in repr(signin.keys(porch.lodge, token))
    found = signin.key_of(porch.lodge, made.secret, live=True)
    assert (found.person, found.scopes) == (ana.code, ("registry:read",))


def test_a_key_for_test_books_opens_no_live_ones_nor_the_other_way(porch: Porch) -> None:
    token = porch.sign_in(porch.enrolled()).token
    live = signin.make_key(porch.lodge, token, **READ)
    test = signin.make_key(porch.lodge, token, **READ | {"live": False})
    assert test.secret.startswith("sk_test_")
    assert signin.key_of(porch.lodge, test.secret, live=False)
    assert numbers(signin.key_of, porch.lodge, test.secret, live=True) == [9160]
    assert numbers(signin.key_of, porch.lodge, live.secret, live=False) == [9160]


@pytest.mark.parametrize("secret", ["", "sk_live_", "sk_live_" + "0" * 64, "\x00", "\udcff"])
def test_a_key_that_was_not_made_here_opens_nothing(porch: Porch, secret: str) -> None:
    porch.enrolled()
    assert numbers(signin.key_of, porch.lodge, secret, live=True) == [9160]


def test_no_key_both_proposes_and_approves(porch: Porch) -> None:
    token = porch.sign_in(porch.enrolled()).token
    both = ["transfers:propose", "registry:read", "transfers:approve"]
    words: dict[str, Any] = READ | {"scopes": both}
    assert numbers(signin.make_key, porch.lodge, token, **words) == [9161]
    for one in ("transfers:propose", "transfers:approve"):
        made = signin.make_key(porch.lodge, token, **READ | {"scopes": [one]})
        assert made.key.scopes == (one,)


@pytest.mark.parametrize("scopes", [[], ["registry:write"], ["registry:read", "everything"]])
def test_a_key_has_scopes_that_there_are(porch: Porch, scopes: list[str]) -> None:
    token = porch.sign_in(porch.enrolled()).token
    assert numbers(signin.make_key, porch.lodge, token, **READ | {"scopes": scopes}) == [9162]


def test_a_revoked_key_stays_revoked(porch: Porch) -> None:
    ana = porch.enrolled()
    token = porch.sign_in(ana).token
    made = signin.make_key(porch.lodge, token, **READ)
    signin.revoke_key(porch.lodge, token, key=made.key.id)
    assert numbers(signin.key_of, porch.lodge, made.secret, live=True) == [9160]
    assert numbers(signin.revoke_key, porch.lodge, token, key=made.key.id) == [9163]
    (kept,) = signin.keys(porch.lodge, token)
    assert kept.revoked_at == porch.at
    assert porch.told(ana.code)[-1] == f"key revoked: {made.key.id}"


def test_a_key_is_revoked_by_whose_it_is_or_an_administrator(porch: Porch) -> None:
    ana, bo = porch.enrolled("ana"), porch.enrolled("bo")
    eva = porch.enrolled("eva", administrator=True)
    made = signin.make_key(porch.lodge, porch.sign_in(ana).token, **READ)
    token = porch.sign_in(bo).token
    assert numbers(signin.revoke_key, porch.lodge, token, key=made.key.id) == [9163]
    assert numbers(signin.revoke_key, porch.lodge, token, key="\x00") == [9163]
    words: dict[str, Any] = {"key": made.key.id, "by": Actor(person=bo.code, place="")}
    assert numbers(signin.revoke_key_of, porch.lodge, **words) == [9170]
    assert signin.key_of(porch.lodge, made.secret, live=True)
    signin.revoke_key_of(porch.lodge, key=made.key.id, by=Actor(person=eva.code, place=""))
    assert numbers(signin.key_of, porch.lodge, made.secret, live=True) == [9160]


def test_when_a_key_was_last_used_is_noted_to_the_minute(porch: Porch) -> None:
    token = porch.sign_in(porch.enrolled()).token
    made = signin.make_key(porch.lodge, token, **READ)
    first = porch.at
    signin.key_of(porch.lodge, made.secret, live=True)
    porch.later(seconds=59)
    signin.key_of(porch.lodge, made.secret, live=True)
    assert signin.keys(porch.lodge, token)[0].used_at == first
    porch.later(seconds=1)
    signin.key_of(porch.lodge, made.secret, live=True)
    assert signin.keys(porch.lodge, token)[0].used_at == porch.at


def test_keys_of_others_are_made_at_the_machine_and_listed_by_administrators(
    porch: Porch,
) -> None:
    ana = porch.enrolled()
    eva = porch.enrolled("eva", administrator=True)
    words: dict[str, Any] = READ | {"person": ana.code, "organisation": "org_1"}
    made = signin.make_key_for(porch.lodge, **words, by=MACHINE)
    assert signin.keys_of(porch.lodge, by=MACHINE) == [made.key]
    by_ana = Actor(person=ana.code, place="")
    by_eva = Actor(person=eva.code, place="")
    for by in (by_ana, by_eva):
        assert numbers(signin.make_key_for, porch.lodge, **words, by=by) == [9173]
    assert signin.keys_of(porch.lodge, person=ana.code, by=by_eva) == [made.key]
    assert numbers(signin.keys_of, porch.lodge, by=by_ana) == [9170]
    words |= {"person": "usr_x"}
    assert numbers(signin.make_key_for, porch.lodge, **words, by=MACHINE) == [9123]


def test_everything_at_the_door_is_written_down_with_who_when_and_from_where(
    porch: Porch,
) -> None:
    ana = porch.enrolled()
    porch.fail("ana", 1)
    opened = porch.sign_in(ana, caller=ELSEWHERE)
    made = signin.make_key(porch.lodge, opened.token, **READ)
    signin.revoke_key(porch.lodge, opened.token, key=made.key.id)
    signin.sign_out(porch.lodge, opened.token)
    told = signin.events_of(porch.lodge, person=ana.code, by=MACHINE)
    assert [each.kind for each in told] == [
        "enrolled",
        "enrolment code made",
        "enrolment opened",
        "factor added",
        "factor added",
        "factor added",
        "failed",
        "signed in",
        "key made",
        "key revoked",
        "signed out",
    ]
    assert {each.place for each in told} == {MACHINE.place, HOME.place, ELSEWHERE.place}
    assert [each.number for each in told] == sorted(each.number for each in told)
    assert told[-1].at == porch.at
    assert told[6].what == "password"
    secrets = (PASSWORD, opened.token, made.secret, ana.seed, *ana.recovery_codes)
    assert not any(secret in repr(told) for secret in secrets)


def test_a_person_reads_what_happened_to_them_and_what_they_did_and_no_more(
    porch: Porch,
) -> None:
    ana, eva = porch.enrolled("ana"), porch.enrolled("eva", administrator=True)
    own = porch.sign_in(ana).token
    desk = porch.sign_in(eva).token
    by_eva = signin.acting(porch.lodge, desk, place="a desk")
    signin.end_sessions_of(porch.lodge, person=eva.code, by=by_eva)
    signin.ask_recovery(porch.lodge, person=ana.code, reason="x", by=by_eva)
    seen = signin.events(porch.lodge, own)
    assert seen[-1].kind == "recovery asked"
    assert seen[-1].by == eva.code
    assert {each.person for each in seen} == {ana.code}
    of_eva = signin.events_of(porch.lodge, person=eva.code, by=by_eva)
    assert of_eva[-1] == seen[-1]
    later = signin.events(porch.lodge, own, after=seen[2].number, limit=2)
    assert later == seen[3:5]


def test_what_comes_from_outside_is_written_down_as_one_short_line(porch: Porch) -> None:
    nasty = signin.Caller(place="a\nb\x1b[31m" + "x" * 999, agent="\x00\udcff" * 999)
    porch.fail("nobody", 1, caller=nasty)
    _, device = porch.with_passkey()
    session = porch.by_passkey(device, caller=nasty).session
    for text in (porch.lodge.ask(lambda k: k.events())[0].place, session.place, session.agent):
        assert text.isprintable()
        assert len(text) <= 200


MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    max_value=datetime(9999, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(MOMENTS, st.binary(min_size=10, max_size=10))
def test_a_code_is_known_for_what_it_is(at: datetime, chance: bytes) -> None:
    code = signin.new_code("usr", at, chance)
    assert len(code) == len("usr_") + 26
    assert signin.is_code(code, "usr")
    assert not signin.is_code(code, "org")
    assert not signin.is_code(code.upper(), "usr")
    assert not signin.is_code(code + "0", "usr")


@given(MOMENTS, st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_codes_sort_by_when_they_were_made(at: datetime, one: bytes, other: bytes) -> None:
    after = min(at, datetime(9999, 12, 30, tzinfo=UTC)) + timedelta(milliseconds=1)
    first = signin.new_code("txn", min(at, datetime(9999, 12, 30, tzinfo=UTC)), one)
    assert first < signin.new_code("txn", after, other)


def test_a_code_carries_the_example_of_the_standard() -> None:
    # RFC 9562, appendix A.6: 017F22E2-79B0-7CC3-98C4-DC0C0C07398F.
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    number = 0x017F22E279B07CC398C4DC0C0C07398F
    random = (number >> 64 & 0xFFF) << 62 | number & ((1 << 62) - 1)
    code = signin.new_code("evt", at, random.to_bytes(10))
    value = 0
    for letter in code.removeprefix("evt_"):
        value = value * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    assert value == number


@pytest.mark.parametrize(
    "text", ["", "usr_", "usr_" + "0" * 26, "usr_" + "z" * 26, "usr-1", "\x00"]
)
def test_what_is_no_uuid_of_version_seven_is_no_code(text: str) -> None:
    assert not signin.is_code(text, "usr")
