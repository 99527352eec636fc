"""Sentences about codes of six digits and recovery codes: each is good once, for one person."""

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from porch import ACT, ELSEWHERE, HOME, MACHINE, PASSWORD, Porch, numbers
from tonne import signin
from tonne.refusal import Refused
from tonne.signin import one_time, tokens

# RFC 6238, appendix B: the seed of the SHA-1 rows, and of eight digits the last six.
RFC_SEED = b"12345678901234567890"
RFC_CODES = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


@pytest.mark.parametrize("moment", RFC_CODES)
def test_the_codes_are_those_of_the_standard(moment: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)
    assert one_time.step_of(RFC_CODES[moment], at, seed=RFC_SEED, after=-1) == moment // 30


def test_the_address_of_a_seed_says_sha1_six_digits_and_half_a_minute(porch: Porch) -> None:
    _, token = porch.begin("ana@example.org")
    seed = signin.begin_codes(porch.lodge, token)
    address = urlsplit(seed.address)
    # Without these words an app takes SHA1, 6 and 30, which is what every app knows.
    told = parse_qs(address.query)
    assert told["secret"] == [seed.secret]
    assert told.get("algorithm", ["SHA1"]) == ["SHA1"]
    assert told.get("digits", ["6"]) == ["6"]
    assert told.get("period", ["30"]) == ["30"]
    assert len(pyotp.TOTP(seed.secret).byte_secret()) == 20


@pytest.mark.parametrize(
    ("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_wrong_by_one_step_and_no_more(
    porch: Porch, *, steps: int, works: bool
) -> None:
    ana = porch.enrolled()
    porch.later(minutes=5)
    code = pyotp.TOTP(ana.seed).at(porch.at, counter_offset=steps)
    words: dict[str, Any] = {"login": "ana", "password": PASSWORD, "code": code, "caller": HOME}
    if works:
        assert signin.sign_in(porch.lodge, **words).session.person == ana.code
    else:
        assert numbers(signin.sign_in, porch.lodge, **words) == [9130]


def test_a_code_is_good_once_also_for_another_session(porch: Porch) -> None:
    ana = porch.enrolled()
    porch.later(minutes=5)
    code = porch.code(ana)
    opened = signin.sign_in(porch.lodge, login="ana", password=PASSWORD, code=code, caller=HOME)
    again: dict[str, Any] = {
        "login": "ana",
        "password": PASSWORD,
        "code": code,
        "caller": ELSEWHERE,
    }
    assert numbers(signin.sign_in, porch.lodge, **again) == [9130]
    assert "failed: code used before" in porch.told(ana.code)
    found = numbers(signin.step_up_by_code, porch.lodge, opened.token, code=code, act=ACT)
    assert found == [9113]


def test_a_code_that_is_older_than_the_last_used_is_good_no_more(porch: Porch) -> None:
    ana = porch.enrolled()
    porch.later(minutes=5)
    porch.sign_in(ana, code=pyotp.TOTP(ana.seed).at(porch.at, counter_offset=2))
    assert numbers(porch.sign_in, ana, code=porch.code(ana)) == [9130]


def test_the_code_that_confirms_an_app_does_not_sign_in(porch: Porch) -> None:
    made, token = porch.begin()
    signin.set_password(porch.lodge, token, new=PASSWORD)
    seed = signin.begin_codes(porch.lodge, token)
    first = pyotp.TOTP(seed.secret).at(porch.at)
    signin.confirm_codes(porch.lodge, token, factor=seed.factor, code=first)
    signin.finish_enrolment(porch.lodge, token)
    words: dict[str, Any] = {"login": made.person.login, "password": PASSWORD, "caller": HOME}
    assert numbers(signin.sign_in, porch.lodge, **words, code=first) == [9130]


def test_an_app_does_not_count_before_it_has_shown_a_first_code(porch: Porch) -> None:
    _, token = porch.begin()
    signin.set_password(porch.lodge, token, new=PASSWORD)
    seed = signin.begin_codes(porch.lodge, token)
    wrong = {"factor": seed.factor, "code": "000000"}
    assert numbers(signin.confirm_codes, porch.lodge, token, **wrong) == [9113]
    assert numbers(signin.finish_enrolment, porch.lodge, token) == [9116]
    words: dict[str, Any] = {"login": "ana", "password": PASSWORD, "caller": HOME}
    code = pyotp.TOTP(seed.secret).at(porch.at)
    assert numbers(signin.sign_in, porch.lodge, **words, code=code) == [9130]
    signin.confirm_codes(porch.lodge, token, factor=seed.factor, code=code)
    twice = {"factor": seed.factor, "code": code}
    assert numbers(signin.confirm_codes, porch.lodge, token, **twice) == [9114]


def test_a_seed_is_told_once_and_a_second_one_takes_the_place_of_what_was_not_confirmed(
    porch: Porch,
) -> None:
    _, token = porch.begin()
    first, second = (signin.begin_codes(porch.lodge, token) for _ in range(2))
    assert first.secret != second.secret
    code = pyotp.TOTP(first.secret).at(porch.at)
    assert numbers(signin.confirm_codes, porch.lodge, token, factor=first.factor, code=code) == [
        9114
    ]
    shown = signin.factors(porch.lodge, token)
    assert not any(first.secret in repr(each) or second.secret in repr(each) for each in shown)


def test_of_two_who_use_one_code_at_one_time_one_gets_in(porch: Porch) -> None:
    ana = porch.enrolled()
    porch.later(minutes=5)
    code = porch.code(ana)
    opened: list[object] = []

    def enter() -> None:
        words: dict[str, Any] = {"login": "ana", "password": PASSWORD, "code": code, "caller": HOME}
        try:
            opened.append(signin.sign_in(porch.lodge, **words))
        except Refused as no:
            opened.append(no)

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(isinstance(each, signin.Opened) for each in opened) == 1


def test_ten_recovery_codes_of_120_bits_are_told_once_and_kept_as_digests(porch: Porch) -> None:
    ana = porch.enrolled()
    assert len(set(ana.recovery_codes)) == 10
    # Six groups of four characters out of 32: 24 times 5 bits.
    assert all(re.fullmatch(r"([0-9a-z]{4}-){5}[0-9a-z]{4}", each) for each in ana.recovery_codes)
    kept = porch.lodge.ask(lambda keeping: keeping.factors(ana.code))
    digests = {each.secret for each in kept if each.kind == "recovery"}
    assert digests == {tokens.digest(each) for each in ana.recovery_codes}


def test_a_recovery_code_takes_the_place_of_the_app_once(porch: Porch) -> None:
    ana = porch.enrolled()
    first, second, *_ = ana.recovery_codes
    opened = porch.sign_in(ana, code=first.upper().replace("-", " "))
    assert opened.session.factors == ("password", "recovery code")
    assert numbers(porch.sign_in, ana, code=first) == [9130]
    assert "failed: code used before" in porch.told(ana.code)
    assert porch.sign_in(ana, code=second).session.person == ana.code
    spent = [each for each in signin.factors(porch.lodge, opened.token) if each.spent]
    assert len(spent) == 2


def test_a_recovery_code_alone_opens_nothing_and_signs_nothing(porch: Porch) -> None:
    ana = porch.enrolled()
    code = ana.recovery_codes[0]
    assert numbers(porch.sign_in, ana, code=code, password="x" * 20) == [9130]
    opened = porch.sign_in(ana)
    found = numbers(signin.step_up_by_code, porch.lodge, opened.token, code=code, act=ACT)
    assert found == [9113]


def test_new_recovery_codes_take_the_place_of_the_old(porch: Porch) -> None:
    ana = porch.enrolled()
    opened = porch.sign_in(ana)
    new = signin.new_recovery_codes(porch.lodge, opened.token)
    assert numbers(porch.sign_in, ana, code=ana.recovery_codes[0]) == [9130]
    assert porch.sign_in(ana, code=new[0]).session.person == ana.code


def test_the_codes_of_one_person_are_not_those_of_another(porch: Porch) -> None:
    ana, bo = porch.enrolled("ana"), porch.enrolled("bo")
    porch.later(minutes=5)
    assert numbers(porch.sign_in, ana, code=porch.code(bo, steps=1)) == [9130]
    assert numbers(porch.sign_in, ana, code=bo.recovery_codes[0]) == [9130]


def test_a_seed_that_was_put_in_anothers_row_does_not_open(porch: Porch) -> None:
    ana = porch.enrolled()
    kept = porch.lodge.ask(lambda keeping: keeping.factors(ana.code))
    (sealed,) = [each.secret for each in kept if each.kind == "totp"]
    assert porch.lodge.key.open(sealed, of=f"totp {ana.code}")
    assert numbers(porch.lodge.key.open, sealed, of="totp usr_other") == [9190]
    assert numbers(signin.Seal(bytes(32)).open, sealed, of=f"totp {ana.code}") == [9190]
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    assert numbers(porch.lodge.key.open, changed, of=f"totp {ana.code}") == [9190]
    assert signin.people(porch.lodge, by=MACHINE)
