"""Sentences about sessions: who has one, until when, by what token, and who ends it."""

from typing import Any

import pytest

from porch import ACT, ELSEWHERE, HOME, MACHINE, PASSWORD, Porch, numbers
from tonne import signin
from tonne.signin import Actor, tokens


def test_a_token_has_256_random_bits_and_only_its_digest_is_kept(porch: Porch) -> None:
    ana = porch.enrolled()
    opened = porch.sign_in(ana)
    assert len(bytes.fromhex(opened.token)) == 32
    assert opened.session.token == tokens.digest(opened.token)
    kept = porch.lodge.ask(lambda keeping: keeping.sessions(ana.code))
    assert [each.token for each in kept] == [tokens.digest(opened.token)]
    assert opened.token not in repr(kept)


def test_every_sign_in_has_a_token_of_its_own(porch: Porch) -> None:
    ana = porch.enrolled()
    opened = [porch.sign_in(ana) for _ in range(3)]
    assert len({each.token for each in opened}) == 3
    assert len({each.session.id for each in opened}) == 3


def test_a_session_says_by_what_it_was_opened_from_where_and_when(porch: Porch) -> None:
    ana = porch.enrolled()
    found = porch.sign_in(ana, caller=ELSEWHERE).session
    assert found.factors == ("password", "code")
    assert (found.place, found.agent) == (ELSEWHERE.place, ELSEWHERE.agent)
    assert found.opened_at == found.confirmed_at == porch.at


@pytest.mark.parametrize("token", ["", "0" * 64, "\x00", "é", "x" * 10_000, "\udcff"])
def test_a_token_that_nobody_was_given_opens_nothing(porch: Porch, token: str) -> None:
    porch.sign_in(porch.enrolled())
    assert numbers(signin.who, porch.lodge, token) == [9140]


@pytest.mark.parametrize(("minutes", "works"), [(29, True), (30, False)])
def test_a_session_ends_after_half_an_hour_of_silence(
    porch: Porch, *, minutes: int, works: bool
) -> None:
    token = porch.sign_in(porch.enrolled()).token
    porch.later(minutes=minutes)
    if works:
        assert porch.session(token)
    else:
        assert numbers(signin.who, porch.lodge, token) == [9140]


def test_a_session_that_is_used_goes_on_and_ends_after_twelve_hours(porch: Porch) -> None:
    ana = porch.enrolled()
    token = porch.sign_in(ana).token
    for _ in range(35):
        porch.later(minutes=20)
        assert porch.session(token)
    porch.later(minutes=20)  # 36 times 20 minutes are twelve hours.
    assert numbers(signin.who, porch.lodge, token) == [9140]
    assert any("session ended" in each and "too old" in each for each in porch.told(ana.code))


def test_what_has_ended_stays_ended_though_the_clock_goes_back(porch: Porch) -> None:
    ana = porch.enrolled()
    silent, left = porch.sign_in(ana), porch.sign_in(ana)
    signin.sign_out(porch.lodge, left.token)
    porch.later(minutes=40)
    assert numbers(signin.who, porch.lodge, silent.token) == [9140]
    porch.later(minutes=-40)
    for each in (silent, left):
        assert numbers(signin.who, porch.lodge, each.token) == [9140]
    signin.sign_out(porch.lodge, left.token)
    assert sum(each.startswith("signed out") for each in porch.told(ana.code)) == 1


def test_one_sees_ones_own_sessions_and_ends_them(porch: Porch) -> None:
    ana, bo = porch.enrolled("ana"), porch.enrolled("bo")
    first, second = porch.sign_in(ana), porch.sign_in(ana)
    other = porch.sign_in(bo)
    seen = signin.sessions(porch.lodge, second.token)
    assert [each.id for each in seen] == [first.session.id, second.session.id]
    found = numbers(signin.end_session, porch.lodge, second.token, session=other.session.id)
    assert found == [9142]
    assert porch.session(other.token)
    signin.end_session(porch.lodge, second.token, session=first.session.id)
    assert numbers(signin.who, porch.lodge, first.token) == [9140]
    assert porch.session(second.token)
    again = numbers(signin.end_session, porch.lodge, second.token, session=first.session.id)
    assert again == [9142]


def test_others_of_ones_sessions_are_ended_only_soon_after_showing_a_factor(porch: Porch) -> None:
    ana = porch.enrolled()
    first, own = porch.sign_in(ana), porch.sign_in(ana)
    porch.later(minutes=11)
    words: dict[str, Any] = {"session": first.session.id}
    assert numbers(signin.end_session, porch.lodge, own.token, **words) == [9141]
    assert numbers(signin.end_other_sessions, porch.lodge, own.token) == [9141]
    raised = signin.step_up_by_code(porch.lodge, own.token, code=porch.code(ana))
    assert signin.end_other_sessions(porch.lodge, raised.token) == 1
    assert numbers(signin.who, porch.lodge, first.token) == [9140]
    assert porch.session(raised.token)


def test_ones_own_session_is_ended_at_any_time(porch: Porch) -> None:
    own = porch.sign_in(porch.enrolled())
    porch.later(minutes=20)
    signin.end_session(porch.lodge, own.token, session=own.session.id)
    assert numbers(signin.who, porch.lodge, own.token) == [9140]


def test_an_administrator_ends_anybodys_sessions_and_nobody_else_does(porch: Porch) -> None:
    ana, bo = porch.enrolled("ana"), porch.enrolled("bo")
    eva = porch.enrolled("eva", administrator=True)
    opened = [porch.sign_in(ana), porch.sign_in(ana)]
    by_bo, by_eva = (Actor(person=each.code, place="a desk") for each in (bo, eva))
    for act, more in (
        (signin.end_sessions_of, {}),
        (signin.end_session_of, {"session": opened[0].session.id}),
        (signin.bar, {}),
        (signin.admit, {}),
        (signin.events_of, {}),
        (signin.sessions_of, {}),
    ):
        assert numbers(act, porch.lodge, person=ana.code, by=by_bo, **more) == [9170]
    assert numbers(signin.people, porch.lodge, by=by_bo) == [9170]
    words: dict[str, Any] = {"person": ana.code, "by": by_eva}
    signin.end_session_of(porch.lodge, session=opened[0].session.id, **words)
    assert signin.end_sessions_of(porch.lodge, **words) == 1
    for each in opened:
        assert numbers(signin.who, porch.lodge, each.token) == [9140]


def test_who_is_barred_comes_in_by_no_way(porch: Porch) -> None:
    ana = porch.enrolled()
    opened = porch.sign_in(ana)
    device = porch.add_passkey(opened.token)
    made = signin.make_key(porch.lodge, opened.token, label="", scopes=["registry:read"], live=True)
    signin.bar(porch.lodge, person=ana.code, by=MACHINE)
    assert numbers(signin.who, porch.lodge, opened.token) == [9140]
    assert numbers(porch.sign_in, ana) == [9130]
    assert numbers(porch.by_passkey, device) == [9132]
    assert numbers(signin.key_of, porch.lodge, made.secret, live=True) == [9160]
    assert numbers(signin.enrol_again, porch.lodge, person=ana.code, by=MACHINE) == [9125]
    signin.admit(porch.lodge, person=ana.code, by=MACHINE)
    assert numbers(signin.who, porch.lodge, opened.token) == [9140]
    assert porch.by_passkey(device).session.person == ana.code


def test_an_act_is_signed_once_by_a_second_factor_shown_for_it(porch: Porch) -> None:
    ana = porch.enrolled()
    token = porch.sign_in(ana).token
    porch.later(seconds=30)
    assert numbers(signin.use_step_up, porch.lodge, token, act=ACT) == [9150]
    raised = signin.step_up_by_code(porch.lodge, token, code=porch.code(ana), act=ACT)
    other = signin.digest_of_act("Move 10 EXA-1 from A to a thief")
    assert numbers(signin.use_step_up, porch.lodge, raised.token, act=other) == [9150]
    signed = signin.use_step_up(porch.lodge, raised.token, act=ACT)
    assert (signed.person, signed.act) == (ana.code, ACT)
    assert numbers(signin.use_step_up, porch.lodge, raised.token, act=ACT) == [9150]
    assert f"act signed: {signed.session}: {ACT.hex()}" in porch.told(ana.code)


@pytest.mark.parametrize(("seconds", "works"), [(179, True), (180, False)])
def test_a_confirmed_act_waits_three_minutes(porch: Porch, *, seconds: int, works: bool) -> None:
    ana = porch.enrolled()
    token = porch.sign_in(ana).token
    porch.later(seconds=30)
    raised = signin.step_up_by_code(porch.lodge, token, code=porch.code(ana), act=ACT)
    porch.later(seconds=seconds)
    if works:
        assert signin.use_step_up(porch.lodge, raised.token, act=ACT)
    else:
        assert numbers(signin.use_step_up, porch.lodge, raised.token, act=ACT) == [9150]


def test_what_one_session_confirmed_no_other_signs(porch: Porch) -> None:
    ana = porch.enrolled()
    one, other = porch.sign_in(ana), porch.sign_in(ana)
    porch.later(seconds=30)
    signin.step_up_by_code(porch.lodge, one.token, code=porch.code(ana), act=ACT)
    assert numbers(signin.use_step_up, porch.lodge, other.token, act=ACT) == [9150]


def test_to_show_that_it_is_still_you_confirms_no_act(porch: Porch) -> None:
    ana = porch.enrolled()
    token = porch.sign_in(ana).token
    porch.later(seconds=30)
    raised = signin.step_up_by_code(porch.lodge, token, code=porch.code(ana))
    assert raised.until is None
    assert numbers(signin.use_step_up, porch.lodge, raised.token, act=ACT) == [9150]


def test_when_rights_rise_the_old_token_opens_nothing(porch: Porch) -> None:
    ana = porch.enrolled()
    opened = porch.sign_in(ana)
    porch.later(seconds=30)
    raised = signin.step_up_by_code(porch.lodge, opened.token, code=porch.code(ana), act=ACT)
    assert raised.token != opened.token
    assert numbers(signin.who, porch.lodge, opened.token) == [9140]
    assert porch.session(raised.token).id == opened.session.id


def test_a_session_does_not_last_longer_because_its_rights_rose(porch: Porch) -> None:
    ana = porch.enrolled()
    opened = porch.sign_in(ana)
    porch.later(seconds=30)
    raised = signin.step_up_by_code(porch.lodge, opened.token, code=porch.code(ana), act=ACT)
    assert porch.session(raised.token).until == opened.session.until


def test_a_stolen_session_does_not_guess_the_password(porch: Porch) -> None:
    ana = porch.enrolled()
    token = porch.sign_in(ana).token
    words = {"new": "nine plums on a wet roof sing", "current": "not this one at all"}
    tried = [numbers(signin.set_password, porch.lodge, token, **words) for _ in range(5)]
    assert tried == [[9112]] * 4 + [[9140]]
    assert numbers(signin.who, porch.lodge, token) == [9140]


def test_a_stolen_session_does_not_guess_codes(porch: Porch) -> None:
    ana = porch.enrolled()
    token = porch.sign_in(ana).token
    words: dict[str, Any] = {"code": "000000", "act": ACT}
    tried = [numbers(signin.step_up_by_code, porch.lodge, token, **words) for _ in range(5)]
    assert tried == [[9113]] * 4 + [[9140]]
    assert numbers(signin.who, porch.lodge, token) == [9140]
    assert any(
        each.endswith("failures") and "session ended" in each for each in porch.told(ana.code)
    )


def test_factors_and_keys_are_changed_only_soon_after_showing_a_factor(porch: Porch) -> None:
    ana = porch.enrolled()
    token = porch.sign_in(ana).token
    porch.later(minutes=11)
    lodge = porch.lodge
    for act, words in (
        (signin.set_password, {"new": PASSWORD, "current": PASSWORD}),
        (signin.begin_codes, {}),
        (signin.confirm_codes, {"factor": "x", "code": "1"}),
        (signin.begin_new_passkey, {}),
        (signin.add_passkey, {"ticket": "x", "response": {}}),
        (signin.new_recovery_codes, {}),
        (signin.remove_factor, {"factor": "x"}),
        (signin.make_key, {"label": "x", "scopes": ["registry:read"], "live": True}),
        (signin.acting, {"place": HOME.place}),
    ):
        assert numbers(act, lodge, token, **words) == [9141]
    assert porch.session(token)
