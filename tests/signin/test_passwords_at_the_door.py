"""Sentences about passwords: long, hard to guess, slow to try, and never in clear."""

import re
from datetime import timedelta

import argon2
import pytest
from argon2 import extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from porch import EASY, PASSWORD, Porch, numbers
from tonne import signin
from tonne.signin import Hashing, passwords


def refused(password: str, *own: str) -> list[int]:
    return [each.number for each in signin.password_refusals(password, own=own)]


def test_a_password_of_thirteen_characters_is_too_short_and_of_fourteen_is_not() -> None:
    assert refused("q8#fj2K!lpw9Z") == [9110]
    assert refused("q8#fj2K!lpw9Zt") == []


def test_a_row_of_spaces_counts_as_one_character_and_is_kept() -> None:
    assert refused("q8#fj     2K!lpw9Z") == []
    assert refused("q8#fj      2K!lpw9")[0] == 9110
    kept = passwords.hashed("q8#fj  2K!lpw9Z", EASY, lambda count: b"s" * count)
    assert not passwords.is_right("q8#fj 2K!lpw9Z", kept)


def test_a_password_of_128_characters_is_taken_and_of_129_is_not() -> None:
    text = "seven herons under a slow train; " * 4
    assert refused(text[:128]) == []
    assert refused(text[:129]) == [9110]


@pytest.mark.parametrize(
    "password",
    [
        "हिमाल पारि नदी बग्छ बिस्तारै",
        "چهار درنا زیر قطار آهسته",
        "štirje žerjavi čakajo vlak",
        "🐦🚂🌧🧦🪴🎻🍋🪁🦉🧊🥁🌶🧭🪵",
        "seven  herons   under rain",
    ],
)
def test_any_script_any_picture_and_any_space_may_stand_in_a_password(password: str) -> None:
    assert refused(password) == []


def test_small_letters_alone_are_enough_and_all_kinds_of_characters_are_not() -> None:
    assert refused("herons slowly mending umbrellas") == []
    assert refused("Password1234!!") == [9111]


@pytest.mark.parametrize("password", ["passwordpassword", "qwertyuiopasdfgh", "11111111111111"])
def test_what_is_soon_guessed_is_refused_and_told_why(password: str) -> None:
    (found,) = signin.password_refusals(password, own=())
    assert found.number == 9111
    assert re.search(r"guessed\. \w", str(found))


def test_words_of_ones_own_name_make_a_password_no_longer_hard() -> None:
    password = "novakovicstankareva77"  # noqa: S105  nobody's
    assert refused(password) == []
    (found,) = signin.password_refusals(password, own=["Stankareva", "novakovic@example.org"])
    assert found.number == 9111
    assert "your own name" in str(found)


def test_the_words_of_one_person_are_not_kept_for_the_next() -> None:
    password = "novakovicstankareva77"  # noqa: S105  nobody's
    assert signin.strength(password, own=["novakovic", "stankareva"])[0] == 3
    assert signin.strength(password)[0] == 4


def test_the_same_letters_from_another_keyboard_are_the_same_password() -> None:
    composed, apart = "žerjavi v počasnem dežju", "z\u030cerjavi v poc\u030casnem dez\u030cju"
    kept = passwords.hashed(composed, EASY, lambda count: b"s" * count)
    assert passwords.is_right(apart, kept)


def test_nothing_is_cut_off_a_password() -> None:
    kept = passwords.hashed("x" * 127 + "a", EASY, lambda count: b"s" * count)
    assert not passwords.is_right("x" * 127 + "b", kept)
    assert not passwords.is_right("x" * 127 + "ab", kept)


@settings(max_examples=30, deadline=timedelta(seconds=5))
@given(st.text(max_size=200))
def test_whatever_is_typed_is_judged_without_a_crash(text: str) -> None:
    score, _ = signin.strength(text)
    assert 0 <= score <= 4
    assert not passwords.is_right(text, passwords.nobodys(EASY))


def test_a_hash_is_argon2id_with_its_own_salt_and_as_much_work_as_owasp_asks() -> None:
    found = extract_parameters(passwords.nobodys(Hashing()).decode())
    # OWASP Password Storage Cheat Sheet: m=47104 (46 MiB), t=1, p=1 or an equal to it. ASVS 4.0.3,
    # 2.4.5: 15 MiB, t=2, p=1 at least.
    assert (found.memory_cost, found.time_cost, found.parallelism) == (47104, 2, 1)
    assert (found.type, found.salt_len, found.hash_len) == (argon2.Type.ID, 16, 32)
    draws = iter([b"a" * 16, b"b" * 16])
    one, other = (passwords.hashed(PASSWORD, EASY, lambda _: next(draws)) for _ in range(2))
    assert one != other
    assert passwords.is_right(PASSWORD, one)
    assert passwords.is_right(PASSWORD, other)


def test_a_hash_of_less_work_is_made_anew_at_the_next_sign_in(porch: Porch) -> None:
    ana = porch.enrolled()
    harder = Porch(
        porch.records, porch.at, porch.drawn, hashing=Hashing(memory_kib=16, passes=2, lanes=1)
    )

    def kept() -> tuple[str, int]:
        (found,) = [
            each
            for each in porch.lodge.ask(lambda keeping: keeping.factors(ana.code))
            if each.kind == "password"
        ]
        hashed = porch.lodge.key.open(found.secret, of=f"password {ana.code}").decode()
        return found.id, extract_parameters(hashed).time_cost

    assert kept()[1] == 1
    harder.sign_in(ana)
    first = kept()
    assert first[1] == 2
    harder.sign_in(ana)
    assert kept() == first
    porch.at = harder.at
    porch.sign_in(ana)
    assert kept() == first  # Work that has become less makes no hash weaker.


def test_a_password_is_changed_by_who_knows_it_and_other_sessions_end(porch: Porch) -> None:
    ana = porch.enrolled()
    other, own = porch.sign_in(ana), porch.sign_in(ana)
    new = "nine plums on a wet roof sing"
    for current in ("", "wrong " + PASSWORD):
        found = numbers(signin.set_password, porch.lodge, own.token, new=new, current=current)
        assert found == [9112]
    assert numbers(signin.set_password, porch.lodge, own.token, new="x", current=PASSWORD) == [
        9110,
        9111,
    ]
    signin.set_password(porch.lodge, own.token, new=new, current=PASSWORD)
    assert porch.session(own.token).person == ana.code
    assert numbers(signin.who, porch.lodge, other.token) == [9140]
    assert numbers(porch.sign_in, ana) == [9130]
    assert porch.sign_in(ana, password=new).session.person == ana.code


def test_ones_own_name_in_a_password_is_refused_at_the_door_too(porch: Porch) -> None:
    _, token = porch.begin("stankareva@example.org")
    found = numbers(signin.set_password, porch.lodge, token, new="stankareva example")
    assert found == [9111]


def test_neither_password_nor_its_hash_nor_a_seed_stands_in_the_records(porch: Porch) -> None:
    ana = porch.enrolled()
    kept = porch.lodge.ask(lambda keeping: keeping.factors(ana.code))
    for each in kept:
        assert b"argon2" not in each.secret
        assert PASSWORD.encode() not in each.secret
    assert {each.kind for each in kept} == {"password", "totp", "recovery"}
