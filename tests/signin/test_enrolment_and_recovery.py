"""Sentences about how a person comes to factors: by a code that is good once, or by two others."""

from typing import Any

import pytest

from porch import ACT, ELSEWHERE, HOME, MACHINE, PASSWORD, Porch, Someone, numbers
from tonne import signin
from tonne.signin import Actor, hooks, tokens


@pytest.fixture
def two(porch: Porch) -> tuple[Actor, Actor]:
    """Two administrators."""
    found = [porch.enrolled(login, administrator=True) for login in ("eva", "mei")]
    one, other = (Actor(person=each.code, place="a desk") for each in found)
    return one, other


def test_who_is_enrolled_has_a_code_and_signs_in_by_what_they_set(porch: Porch) -> None:
    made, token = porch.begin("Ana.Novak@Example.org")
    assert signin.is_code(made.person.code, "usr")
    ana = porch.set_up(made.person.code, "ANA.novak@example.ORG", token)
    assert porch.sign_in(ana).session.person == made.person.code


@pytest.mark.parametrize("login", ["", "  ", "two words", "x" * 255, "a\x00b", "a\nb"])
def test_a_name_to_sign_in_under_is_one_that_can_be_typed(porch: Porch, login: str) -> None:
    words: dict[str, Any] = {"login": login, "name": "Ana", "by": MACHINE}
    assert numbers(signin.enrol, porch.lodge, **words) == [9122]


def test_no_two_people_sign_in_under_one_name(porch: Porch) -> None:
    porch.begin("ana")
    words: dict[str, Any] = {"login": " ANA ", "name": "Ana", "by": MACHINE}
    assert numbers(signin.enrol, porch.lodge, **words) == [9121]


def test_who_is_known_in_a_registry_keeps_their_code(porch: Porch) -> None:
    known = signin.new_code("usr", porch.at, bytes(10))
    words: dict[str, Any] = {"name": "Ana", "code": known, "by": MACHINE}
    assert signin.enrol(porch.lodge, login="ana", **words).person.code == known
    assert numbers(signin.enrol, porch.lodge, login="other", **words) == [9124]


@pytest.mark.parametrize("code", ["", "usr_1", "org_01m808tx00e008000000000000", "\x00"])
def test_a_code_that_is_no_persons_is_nobodys(porch: Porch, code: str) -> None:
    words = {"login": "ana", "name": "Ana", "code": code, "by": MACHINE}
    assert numbers(signin.enrol, porch.lodge, **words) == [9126]


def test_an_enrolment_code_is_good_once(porch: Porch) -> None:
    made, _ = porch.begin()
    words: dict[str, Any] = {"code": made.code, "caller": ELSEWHERE}
    assert numbers(signin.open_enrolment, porch.lodge, **words) == [9120]


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (60, False)])
def test_an_enrolment_code_lasts_an_hour(porch: Porch, *, minutes: int, works: bool) -> None:
    made = signin.enrol(porch.lodge, login="ana", name="Ana", by=MACHINE)
    porch.later(minutes=minutes)
    words: dict[str, Any] = {"code": made.code.upper(), "caller": HOME}
    if works:
        token = signin.open_enrolment(porch.lodge, **words).token
        porch.later(minutes=1)
        found = numbers(signin.set_password, porch.lodge, token, new=PASSWORD)
        assert found == [9140]
    else:
        assert numbers(signin.open_enrolment, porch.lodge, **words) == [9120]


def test_an_enrolment_code_is_kept_as_a_digest_and_guessed_slowly(porch: Porch) -> None:
    made = signin.enrol(porch.lodge, login="ana", name="Ana", by=MACHINE)
    for number in range(20):
        words: dict[str, Any] = {"code": f"0000-{number}", "caller": HOME}
        assert numbers(signin.open_enrolment, porch.lodge, **words) == [9120]
    words = {"code": made.code, "caller": HOME}
    assert numbers(signin.open_enrolment, porch.lodge, **words) == [9131]
    ticket = porch.lodge.ask(
        lambda keeping: keeping.take_ticket(tokens.digest(made.code), "enrolment", porch.at)
    )
    assert ticket is not None
    assert made.code not in repr(ticket)
    assert signin.open_enrolment(porch.lodge, code=made.code, caller=ELSEWHERE)


def test_a_session_of_an_enrolment_is_good_for_setting_factors_and_nothing_else(
    porch: Porch,
) -> None:
    _, token = porch.begin()
    lodge = porch.lodge
    for act, words in (
        (signin.who, {}),
        (signin.fresh, {}),
        (signin.acting, {"place": ""}),
        (signin.sessions, {}),
        (signin.events, {}),
        (signin.keys, {}),
        (signin.make_key, {"label": "", "scopes": ["registry:read"], "live": True}),
        (signin.begin_step_up, {"act": ACT}),
        (signin.step_up_by_code, {"act": ACT, "code": "1"}),
        (signin.use_step_up, {"act": ACT}),
    ):
        assert numbers(act, lodge, token, **words) == [9140]
    assert signin.factors(lodge, token) == []


def test_an_enrolment_ends_with_a_way_in_and_not_before(porch: Porch) -> None:
    _, token = porch.begin()
    assert numbers(signin.finish_enrolment, porch.lodge, token) == [9116]
    signin.set_password(porch.lodge, token, new=PASSWORD)
    assert numbers(signin.finish_enrolment, porch.lodge, token) == [9116]
    porch.add_passkey(token)
    assert len(signin.finish_enrolment(porch.lodge, token)) == 10
    assert numbers(signin.finish_enrolment, porch.lodge, token) == [9140]


def test_who_is_signed_in_finishes_no_enrolment(porch: Porch) -> None:
    opened = porch.sign_in(porch.enrolled())
    assert numbers(signin.finish_enrolment, porch.lodge, opened.token) == [9140]


def test_a_new_code_is_for_who_never_had_a_way_in(porch: Porch) -> None:
    first = signin.enrol(porch.lodge, login="ana", name="Ana", by=MACHINE)
    second = signin.enrol_again(porch.lodge, person=first.person.code, by=MACHINE)
    words: dict[str, Any] = {"code": first.code, "caller": HOME}
    assert numbers(signin.open_enrolment, porch.lodge, **words) == [9120]
    token = signin.open_enrolment(porch.lodge, code=second.code, caller=HOME).token
    porch.set_up(first.person.code, "ana", token)
    words = {"person": first.person.code, "by": MACHINE}
    assert numbers(signin.enrol_again, porch.lodge, **words) == [9124]
    assert numbers(signin.enrol_again, porch.lodge, person="usr_nobody", by=MACHINE) == [9123]


def test_one_administrator_makes_no_second_of_two(porch: Porch, two: tuple[Actor, Actor]) -> None:
    words: dict[str, Any] = {"login": "puppet", "name": "Puppet", "by": two[0]}
    assert numbers(signin.enrol, porch.lodge, administrator=True, **words) == [9173]
    assert signin.enrol(porch.lodge, **words).person.administrator is False
    words |= {"login": "third", "administrator": True, "by": MACHINE}
    third = signin.enrol(porch.lodge, **words)
    words = {"person": third.person.code, "by": two[0]}
    assert numbers(signin.enrol_again, porch.lodge, **words) == [9173]
    assert signin.enrol_again(porch.lodge, person=third.person.code, by=MACHINE)


def test_who_is_no_administrator_enrols_nobody(porch: Porch) -> None:
    bo = porch.enrolled("bo")
    words: dict[str, Any] = {"login": "ana", "name": "Ana", "by": Actor(person=bo.code, place="")}
    assert numbers(signin.enrol, porch.lodge, **words) == [9170]
    made = signin.enrol(porch.lodge, **words | {"by": MACHINE})
    words = {"person": made.person.code, "by": Actor(person=bo.code, place="")}
    assert numbers(signin.enrol_again, porch.lodge, **words) == [9170]


def lost(porch: Porch, two: tuple[Actor, Actor]) -> tuple[Someone, signin.Recovered]:
    """Somebody who lost everything, and what two administrators gave."""
    ana = porch.enrolled()
    asked = signin.ask_recovery(
        porch.lodge, person=ana.code, reason="phone in the river", by=two[0]
    )
    return ana, signin.agree_recovery(porch.lodge, recovery=asked.id, by=two[1])


def test_one_asks_another_agrees_and_then_all_sessions_and_factors_end(
    porch: Porch, two: tuple[Actor, Actor]
) -> None:
    ana = porch.enrolled()
    opened = porch.sign_in(ana)
    device = porch.add_passkey(opened.token)
    asked = signin.ask_recovery(porch.lodge, person=ana.code, reason="lost", by=two[0])
    assert porch.session(opened.token)
    assert porch.sign_in(ana)
    found = signin.agree_recovery(porch.lodge, recovery=asked.id, by=two[1])
    assert found.sessions_ended == 2
    assert numbers(signin.who, porch.lodge, opened.token) == [9140]
    assert numbers(porch.sign_in, ana) == [9130]
    assert numbers(porch.sign_in, ana, code=ana.recovery_codes[0]) == [9130]
    assert numbers(porch.by_passkey, device) == [9132]
    token = signin.open_enrolment(porch.lodge, code=found.enrolment.code, caller=HOME).token
    assert porch.sign_in(porch.set_up(ana.code, "ana", token)).session.person == ana.code


def test_with_a_recovery_all_keys_and_webhooks_made_before_end(
    porch: Porch, two: tuple[Actor, Actor]
) -> None:
    ana, bo = porch.enrolled("ana"), porch.enrolled("bo")
    words: dict[str, Any] = {"label": "", "scopes": ["webhooks:manage"], "live": True}
    mine, test, other = (
        signin.make_key(porch.lodge, porch.sign_in(each).token, **words | {"live": live})
        for each, live in ((ana, True), (ana, False), (bo, True))
    )
    for made in (mine, other):
        hooks.make_hook(
            porch.lodge, made.key, scheme="eu", url="https://example.org/told", kinds=(),
            position=0, loopback=False,
        )  # fmt: skip
    asked = signin.ask_recovery(porch.lodge, person=ana.code, reason="lost", by=two[0])
    assert signin.key_of(porch.lodge, mine.secret, live=True)
    assert signin.agree_recovery(porch.lodge, recovery=asked.id, by=two[1]).keys_ended == 2
    assert numbers(signin.key_of, porch.lodge, mine.secret, live=True) == [9160]
    assert numbers(signin.key_of, porch.lodge, test.secret, live=False) == [9160]
    assert signin.key_of(porch.lodge, other.secret, live=True)
    assert [each.person for each in hooks.due_hooks(porch.lodge)] == [bo.code]
    assert f"key revoked: {mine.key.id}" in porch.told(ana.code)


def test_nobody_agrees_to_what_they_asked_nor_takes_part_for_themself(
    porch: Porch, two: tuple[Actor, Actor]
) -> None:
    one, other = two
    ana = porch.enrolled()
    lodge = porch.lodge
    asked = signin.ask_recovery(lodge, person=ana.code, reason="lost", by=one)
    assert numbers(signin.agree_recovery, lodge, recovery=asked.id, by=one) == [9171]
    words: dict[str, Any] = {"person": one.person, "reason": "mine"}
    assert numbers(signin.ask_recovery, lodge, **words, by=one) == [9171]
    mine = signin.ask_recovery(lodge, **words, by=other)
    assert numbers(signin.agree_recovery, lodge, recovery=mine.id, by=one) == [9171]
    assert porch.sign_in(ana)


def test_who_is_no_administrator_takes_no_part_and_no_machine_does(
    porch: Porch, two: tuple[Actor, Actor]
) -> None:
    ana, bo = porch.enrolled("ana"), porch.enrolled("bo")
    asked = signin.ask_recovery(porch.lodge, person=ana.code, reason="lost", by=two[0])
    for by in (Actor(person=bo.code, place=""), MACHINE):
        words: dict[str, Any] = {"person": ana.code, "reason": "x", "by": by}
        assert numbers(signin.ask_recovery, porch.lodge, **words) == [9170]
        assert numbers(signin.agree_recovery, porch.lodge, recovery=asked.id, by=by) == [9170]
        if by is not MACHINE:
            assert numbers(signin.recoveries, porch.lodge, by=by) == [9170]
    signin.bar(porch.lodge, person=str(two[1].person), by=MACHINE)
    assert numbers(signin.agree_recovery, porch.lodge, recovery=asked.id, by=two[1]) == [9170]
    assert porch.sign_in(ana)


def test_a_recovery_is_agreed_to_once_and_within_three_days(
    porch: Porch, two: tuple[Actor, Actor]
) -> None:
    ana = porch.enrolled()
    words: dict[str, Any] = {"person": ana.code, "reason": "lost", "by": two[0]}
    late = signin.ask_recovery(porch.lodge, **words)
    porch.later(hours=72)
    assert numbers(signin.agree_recovery, porch.lodge, recovery=late.id, by=two[1]) == [9172]
    asked = signin.ask_recovery(porch.lodge, **words)
    signin.agree_recovery(porch.lodge, recovery=asked.id, by=two[1])
    for name in (asked.id, "rec_none", "\x00"):
        assert numbers(signin.agree_recovery, porch.lodge, recovery=name, by=two[1]) == [9172]
    told = signin.recoveries(porch.lodge, by=two[0])
    assert [each.agreed_by for each in told] == [None, two[1].person]


def test_for_a_day_after_a_recovery_a_person_looks_and_does_not_sign(
    porch: Porch, two: tuple[Actor, Actor]
) -> None:
    before, found = lost(porch, two)
    assert found.signs_from == porch.at.replace(day=porch.at.day + 1)
    token = signin.open_enrolment(porch.lodge, code=found.enrolment.code, caller=HOME).token
    ana = porch.set_up(before.code, "ana", token)
    opened = porch.sign_in(ana)
    porch.later(seconds=30)
    words: dict[str, Any] = {"act": ACT, "code": porch.code(ana)}
    assert numbers(signin.step_up_by_code, porch.lodge, opened.token, **words) == [9151]
    assert numbers(signin.begin_step_up, porch.lodge, opened.token, act=ACT) == [9151]
    # Nor by a program of theirs, of which it is not asked what it does later.
    key: dict[str, Any] = {"label": "", "live": True}
    for scope, said in (("transfers:approve", [9151]), ("market:trade", [9151])):
        words_of_key = key | {"scopes": [scope, "registry:read"]}
        assert numbers(signin.make_key, porch.lodge, opened.token, **words_of_key) == said
    assert signin.make_key(porch.lodge, opened.token, **key, scopes=["registry:read"])
    # What is no act goes on: the person may show that it is they.
    assert signin.step_up_by_code(porch.lodge, opened.token, code=porch.code(ana))
    porch.at = found.signs_from
    opened = porch.sign_in(ana)
    porch.later(seconds=30)
    words["code"] = porch.code(ana)
    raised = signin.step_up_by_code(porch.lodge, opened.token, **words)
    assert signin.use_step_up(porch.lodge, raised.token, act=ACT)


def test_one_administrator_alone_gives_no_second_code_after_a_recovery(
    porch: Porch, two: tuple[Actor, Actor]
) -> None:
    ana, _ = lost(porch, two)
    porch.later(minutes=61)
    words: dict[str, Any] = {"person": ana.code, "by": two[0]}
    assert numbers(signin.enrol_again, porch.lodge, **words) == [9124]


def test_who_is_barred_or_unknown_is_not_recovered(porch: Porch, two: tuple[Actor, Actor]) -> None:
    ana = porch.enrolled()
    words: dict[str, Any] = {"reason": "x", "by": two[0]}
    assert numbers(signin.ask_recovery, porch.lodge, person="usr_x", **words) == [9123]
    asked = signin.ask_recovery(porch.lodge, person=ana.code, **words)
    signin.bar(porch.lodge, person=ana.code, by=MACHINE)
    assert numbers(signin.ask_recovery, porch.lodge, person=ana.code, **words) == [9125]
    assert numbers(signin.agree_recovery, porch.lodge, recovery=asked.id, by=two[1]) == [9125]
