"""Sentences about programs that sign for themselves, and the tokens they are given."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from porch import MACHINE, Porch, numbers
from tonne import signin

SITE = "https://registry.example"
OURS = (SITE, f"{SITE}/v1/token")
READ, PROPOSE, APPROVE = "registry:read", "transfers:propose", "transfers:approve"
Pair = OKPKey | ECKey
PAIRS: dict[str, Callable[[], Pair]] = {
    "Ed25519": lambda: OKPKey.generate_key("Ed25519"),
    "ES256": lambda: ECKey.generate_key("P-256"),
}


def public(pair: Any) -> str:  # noqa: ANN401  any key
    """The public half as a program hands it in."""
    return json.dumps(pair.as_dict(private=False))


def by_hand(alg: str, claims: dict[str, Any], secret: bytes = b"") -> str:
    """What no library signs: by nothing, or by a shared secret that is made of a public key."""
    parts = ({"alg": alg}, claims)
    said = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts)
    said = said.replace(b"=", b"")
    if alg == "none":
        return f"{said.decode()}."
    mark = base64.urlsafe_b64encode(hmac.digest(secret, said, hashlib.sha256))
    return (said + b"." + mark).rstrip(b"=").decode()


class Program:
    """A program of Ana's that signs for itself."""

    def __init__(
        self, porch: Porch, *scopes: str, alg: str = "Ed25519", live: bool = True, login: str = "a"
    ) -> None:
        self.porch, self.alg, self.pair = porch, alg, PAIRS[alg]()
        self.ana = porch.enrolled(login)
        self.token = porch.sign_in(self.ana).token
        kept = signin.public_key_of(public(self.pair))
        self.made = signin.make_key(
            porch.lodge, self.token, label="", scopes=scopes or (READ,), live=live, public_key=kept
        )
        self.id, self.jtis = self.made.key.id, 0

    def claims(self, **other: Any) -> dict[str, Any]:  # noqa: ANN401  whatever is tried
        """What it says of itself; of a claim that is none it says nothing."""
        self.jtis += 1
        now = int(self.porch.at.timestamp())
        said = {"iss": self.id, "sub": self.id, "aud": SITE, "exp": now + 60, "jti": f"{self.jtis}"}
        return {name: value for name, value in (said | other).items() if value is not None}

    def sign(self, pair: Any = None, alg: str = "", **other: Any) -> str:  # noqa: ANN401
        """An assertion."""
        alg = alg or self.alg
        return jwt.encode({"alg": alg}, self.claims(**other), pair or self.pair, algorithms=[alg])

    def ask(self, assertion: str = "", *scopes: str, live: bool = True) -> signin.Granted:
        """Ask for a token."""
        return signin.grant_token(
            self.porch.lodge, assertion=assertion or self.sign(), scopes=scopes, live=live,
            audiences=OURS, place="192.0.2.1",
        )  # fmt: skip

    def no(self, assertion: str, *scopes: str, live: bool = True) -> list[int]:
        """The numbers by which it is given none."""
        return numbers(self.ask, assertion, *scopes, live=live)


@pytest.mark.parametrize("alg", PAIRS)
def test_a_signed_assertion_gets_a_token_that_is_shown_as_keys_are(porch: Porch, alg: str) -> None:
    program = Program(porch, READ, PROPOSE, alg=alg)
    assert program.made.secret == ""
    granted = program.ask(program.sign(aud=[OURS[1]]))
    assert (granted.seconds, granted.token[:8], granted.key.scopes) == (
        600, "at_live_", (READ, PROPOSE),
    )  # fmt: skip
    assert len(bytes.fromhex(granted.token[8:])) == 32
    found = signin.key_of(porch.lodge, granted.token, live=True)
    assert (found.id, found.person, found.scopes) == (
        program.id, program.ana.code, (READ, PROPOSE),
    )  # fmt: skip
    assert numbers(signin.key_of, porch.lodge, granted.token, live=False) == [9160]
    assert signin.keys(porch.lodge, program.token)[0].used_at == porch.at


def test_the_old_name_of_ed25519_is_heard_too(porch: Porch) -> None:
    program = Program(porch)
    with pytest.warns(match="EdDSA"):
        assertion = program.sign(alg="EdDSA")
    assert program.ask(assertion).token


def test_who_signs_by_another_key_or_by_none_is_not_known(porch: Porch) -> None:
    program = Program(porch)
    kept = (signin.keys(porch.lodge, program.token)[0].public_key or "").encode()
    signed = program.sign()
    head, body, _ = signed.split(".")
    for wrong in (
        program.sign(OKPKey.generate_key("Ed25519")),
        program.sign(ECKey.generate_key("P-256"), "ES256"),
        program.sign(RSAKey.generate_key(2048), "RS256"),
        # The public half taken for a shared secret, as it is kept and as it is often written.
        by_hand("HS256", program.claims(), kept),
        by_hand("HS256", program.claims(), program.pair.as_pem(private=False)),
        by_hand("none", program.claims()),
        f"{head}.{body}.",
        signed[:-4] + "AAAA",
        "", "x", "a.b.c", "\x00", "\udcff", "é", "e30.e30.e30", "e30." + "W1sK" * 9000 + ".e30",
    ):  # fmt: skip
        assert program.no(wrong or "-") == [9222], wrong
    assert program.no(program.sign(iss=program.ana.code)) == [9222]
    assert program.ask(signed).token


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "key_other"}, {"sub": None},
        {"aud": "https://other.example"}, {"aud": None}, {"aud": []}, {"aud": {}},
        # For many: another of them could bring it to us.
        {"aud": [SITE, "https://other.example"]},
        {"exp": None}, {"exp": "soon"}, {"exp": True}, {"exp": 10**30},
        {"jti": None}, {"jti": ""}, {"jti": 7}, {"jti": "x" * 201},
        {"nbf": "now"}, {"iat": 10**12},
    ],
)  # fmt: skip
def test_an_assertion_names_itself_us_its_end_and_its_own_name(
    porch: Porch, claims: dict[str, Any]
) -> None:
    program = Program(porch)
    assert program.no(program.sign(**claims)) == [9223]


def test_an_assertion_is_good_for_minutes_and_clocks_may_differ_by_one(porch: Porch) -> None:
    program, now = Program(porch), int(porch.at.timestamp())
    for exp in (now - 60, now - 3600, now + 300 + 61):
        assert program.no(program.sign(exp=exp)) == [9223]
    for exp in (now - 59, now + 360):
        assert program.ask(program.sign(exp=exp))
    assert program.no(program.sign(iat=now + 61)) == [9223]
    assert program.ask(program.sign(iat=now + 60, nbf=now))


def test_an_assertion_is_good_once_and_a_second_time_is_written_down(porch: Porch) -> None:
    program, other = Program(porch), Program(porch, login="b")
    assertion = program.sign(jti="the same")
    program.ask(assertion)
    assert program.no(assertion) == [9224]
    assert program.no(program.sign(jti="the same")) == [9224]
    assert porch.told(program.ana.code)[-1] == f"failed: {program.id}: assertion used before"
    # A name is the program's own: of another it says nothing.
    assert other.ask(other.sign(jti="the same"))


def test_that_it_was_used_is_kept_as_long_as_an_assertion_would_be_good(porch: Porch) -> None:
    program = Program(porch)
    assertion = program.sign(exp=int(porch.at.timestamp()) + 300)
    program.ask(assertion)
    porch.later(seconds=359)
    program.ask()
    assert program.no(assertion) == [9224]
    porch.later(seconds=1)
    assert program.no(assertion) == [9223]


def test_a_token_is_good_for_no_more_than_its_program_and_for_less_if_asked(porch: Porch) -> None:
    program = Program(porch, READ, PROPOSE)
    granted = program.ask(program.sign(), READ)
    assert signin.key_of(porch.lodge, granted.token, live=True).scopes == (READ,)
    for more in (["market:read"], [READ, "market:read"], ["everything"], [PROPOSE, APPROVE]):
        assert program.no(program.sign(), *more) == [9227]


def test_no_program_both_proposes_and_approves_nor_two_by_one_pair_of_keys(porch: Porch) -> None:
    program = Program(porch, PROPOSE)
    kept = signin.public_key_of(public(PAIRS["ES256"]()))
    words: dict[str, Any] = {"label": "", "live": True}
    both = words | {"scopes": [PROPOSE, APPROVE], "public_key": kept}
    assert numbers(signin.make_key, porch.lodge, program.token, **both) == [9161]
    again = words | {"scopes": [APPROVE], "public_key": program.made.key.public_key}
    assert numbers(signin.make_key, porch.lodge, program.token, **again) == [9229]
    signin.revoke_key(porch.lodge, program.token, key=program.id)
    assert numbers(signin.make_key, porch.lodge, program.token, **again) == [9229]


def test_a_token_is_over_after_ten_minutes(porch: Porch) -> None:
    program = Program(porch)
    token = program.ask().token
    porch.later(seconds=599)
    assert signin.key_of(porch.lodge, token, live=True)
    porch.later(seconds=1)
    assert numbers(signin.key_of, porch.lodge, token, live=True) == [9301]
    porch.later(days=1, seconds=1)
    program.ask()
    assert numbers(signin.key_of, porch.lodge, token, live=True) == [9160]


def test_when_a_program_is_revoked_its_tokens_end_at_once(porch: Porch) -> None:
    program = Program(porch)
    token, later = program.ask().token, program.sign()
    signin.revoke_key(porch.lodge, program.token, key=program.id)
    assert numbers(signin.key_of, porch.lodge, token, live=True) == [9160]
    assert program.no(later) == [9222]


def test_when_its_person_is_barred_a_program_is_not_let_in(porch: Porch) -> None:
    program = Program(porch)
    token = program.ask().token
    signin.bar(porch.lodge, person=program.ana.code, by=MACHINE)
    assert numbers(signin.key_of, porch.lodge, token, live=True) == [9160]
    assert program.no(program.sign()) == [9222]


def test_a_program_for_test_books_gets_tokens_for_them_alone(porch: Porch) -> None:
    program = Program(porch, live=False)
    assert program.no(program.sign()) == [9222]
    token = program.ask(program.sign(), live=False).token
    assert token.startswith("at_test_")
    assert numbers(signin.key_of, porch.lodge, token, live=True) == [9160]


def test_a_public_key_opens_nothing_by_itself(porch: Porch) -> None:
    program = Program(porch)
    kept = program.made.key.public_key or ""
    for shown in (kept, f"public key {kept}", program.id):
        assert numbers(signin.key_of, porch.lodge, shown, live=True) == [9160]
    assert numbers(signin.key_of, porch.lodge, "at_live_" + "0" * 64, live=True) == [9160]


def test_a_key_with_a_secret_gets_no_tokens(porch: Porch) -> None:
    program = Program(porch)
    plain = signin.make_key(porch.lodge, program.token, label="", scopes=[READ], live=True)
    assert program.no(program.sign(iss=plain.key.id, sub=plain.key.id)) == [9222]


def test_one_key_is_always_the_same_text_and_what_is_none_is_refused() -> None:
    # RFC 8037, appendix A.2, and RFC 7517, appendix A.1.
    told = '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'
    kept = '{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'
    assert signin.public_key_of(told) == kept
    assert signin.public_key_of(told.replace("{", '{"kid":"mine","use":"sig",')) == kept
    curve = {
        "kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    }  # fmt: skip
    assert json.loads(signin.public_key_of(json.dumps(curve))) == curve
    for none in (
        "", "x", "[]", "{}", "null", '{"kty":"OKP"}', '{"kty":["OKP"],"crv":"Ed25519"}',
        told.replace("11qY", "11"), told.replace("Ed25519", "X25519"),
        json.dumps(curve | {"y": "AAAA"}), json.dumps(curve | {"crv": "P-384"}),
        json.dumps({"kty": "oct", "k": "AAAA"}),
        '{"kty":"OKP","crv":"Ed25519","x":5}', "[" * 100_000,
    ):  # fmt: skip
        assert numbers(signin.public_key_of, none) == [9228], none
    with_private = json.dumps(PAIRS["Ed25519"]().as_dict(private=True))
    assert numbers(signin.public_key_of, with_private) == [9228]
