"""Sentences about tokens that programs get for what they sign, and where they get them."""

import json
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from bureau import usr
from land import UNIT
from porch import MACHINE
from switchboard import Counter, a_counter
from tonne import signin

SITE = "https://registry.example"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Robot:
    """A program of Ann's that signs for itself, and the door to which it comes."""

    def __init__(self, counter: Counter, *scopes: str, public_key: str = "") -> None:
        self.counter, self.pair, self.signed = counter, OKPKey.generate_key("Ed25519"), 0
        counter.key("ann", "read")  # With it she is enrolled.
        kept = signin.public_key_of(json.dumps(self.pair.as_dict(private=False)))
        self.id = signin.make_key_for(
            counter.porch.lodge, person=usr("ann"), label="", scopes=scopes, live=True, by=MACHINE,
            public_key=public_key or kept,
        ).key.id  # fmt: skip

    def assertion(self, **other: object) -> str:
        """What it signs."""
        self.signed += 1
        exp = int(self.counter.porch.at.timestamp()) + 60
        said = {"iss": self.id, "sub": self.id, "aud": SITE, "exp": exp, "jti": f"{self.signed}"}
        return jwt.encode({"alg": "Ed25519"}, said | other, self.pair, algorithms=["Ed25519"])

    def form(self, **other: str | None) -> dict[str, str]:
        """What it sends."""
        said: dict[str, str | None] = {
            "grant_type": "client_credentials",
            "client_assertion_type": BEARER,
            "client_assertion": self.assertion(),
        }
        return {name: value for name, value in (said | other).items() if value is not None}

    def ask(self, **other: str | None) -> Any:  # noqa: ANN401  an answer
        """What it is answered."""
        return self.counter.client.post("/v1/token", data=self.form(**other))

    def token(self, **other: str | None) -> dict[str, str]:
        """The header by which its token is shown."""
        return {"Authorization": f"Bearer {self.ask(**other).json()['access_token']}"}


@pytest.fixture(scope="module")
def counter() -> Counter:
    """The counter, at which nothing is moved."""
    return a_counter()


def no(answer: Any) -> tuple[int, str, int]:  # noqa: ANN401  an answer
    """How no is said."""
    told = answer.json()
    assert told["error_uri"] == f"/v1/refusals/{told['check_id']}"
    # RFC 6749, section 5.2: the signs that a description may have.
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", told["error_description"])
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, told["error"], told["check_id"]


def test_a_program_gets_a_token_and_with_it_does_what_a_key_does(counter: Counter) -> None:
    robot = Robot(counter, "registry:read", "transfers:propose")
    answer = robot.ask()
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == (
        "Bearer", 600, "registry:read transfers:propose",
    )  # fmt: skip
    assert answer.headers["cache-control"] == "no-store"
    shown = {"Authorization": f"Bearer {told['access_token']}"}
    me = counter.client.get("/v1/me", headers=shown).json()
    assert (me["person"], me["key"]["scopes"]) == (
        usr("ann"),
        ["registry:read", "transfers:propose"],
    )
    body = {
        "verb": "cancel_voluntarily", "account": counter.bureau.number("steel"), "unit": UNIT,
        "count": 1, "beneficiary": "The school of Bled",
    }  # fmt: skip
    asked = "/v1/schemes/example/proposals?dry_run=true"
    assert counter.client.post(
        asked, json=body, headers=shown | {"Idempotency-Key": "t"}
    ).is_success
    narrow = robot.token(scope="registry:read")
    refused = counter.client.post(asked, json=body, headers=narrow | {"Idempotency-Key": "t"})
    assert (refused.status_code, refused.json()["check_id"]) == (403, 9217)
    traced = [line for line in counter.lines if line["path"] == "/v1/token"][-1]
    assert (traced["person"], traced["key"]) == (usr("ann"), robot.id)
    assert told["access_token"] not in str(counter.lines)


def test_revoked_or_over_a_token_is_let_in_no_more(counter: Counter) -> None:
    robot = Robot(counter, "registry:read")
    shown = robot.token()
    began, counter.porch.at = counter.porch.at, counter.porch.at
    counter.porch.later(minutes=10)
    over = counter.client.get("/v1/me", headers=shown)
    assert (over.status_code, over.json()["check_id"]) == (401, 9301)
    counter.porch.at = began
    assert counter.client.get("/v1/me", headers=shown).status_code == 200
    signin.revoke_key_of(counter.porch.lodge, key=robot.id, by=MACHINE)
    ended = counter.client.get("/v1/me", headers=shown)
    assert (ended.status_code, ended.json()["check_id"]) == (401, 9160)
    assert no(robot.ask()) == (401, "invalid_client", 9222)


def test_no_is_said_as_the_standard_says_it_with_the_number_of_our_rule(counter: Counter) -> None:
    robot = Robot(counter, "registry:read")
    used = robot.assertion()
    assert robot.ask(client_assertion=used, client_id=robot.id, more="passed over").is_success
    stranger = robot.assertion(iss="key_x")
    for form, told in (
        ({"client_assertion": used}, (401, "invalid_client", 9224)),
        ({"client_assertion": stranger}, (401, "invalid_client", 9222)),
        ({"client_assertion": robot.assertion(aud="https://other.example")},
         (401, "invalid_client", 9223)),
        ({"client_id": "key_other"}, (401, "invalid_client", 9222)),
        ({"scope": "registry:read transfers:approve"}, (400, "invalid_scope", 9227)),
        ({"scope": 'é"\\\n'}, (400, "invalid_scope", 9227)),
        ({"grant_type": "authorization_code"}, (400, "unsupported_grant_type", 9225)),
        ({"grant_type": None}, (400, "invalid_request", 9226)),
        ({"client_assertion": None}, (400, "invalid_request", 9226)),
        ({"client_assertion_type": "none"}, (400, "invalid_request", 9226)),
    ):  # fmt: skip
        assert no(robot.ask(**form)) == told, form
    twice = urlencode([*robot.form().items(), ("scope", "a"), ("scope", "b")])
    form_type = {"Content-Type": "application/x-www-form-urlencoded"}
    for raw, headers in (
        (twice.encode(), form_type),
        (urlencode(robot.form()).encode(), {"Content-Type": "text/plain"}),
        (json.dumps(robot.form()).encode(), {"Content-Type": "application/json"}),
        (b"", {}), (b"\xff=%ff", form_type), (b"&".join([b"a=b"] * 99), form_type),
    ):  # fmt: skip
        answer = counter.client.post("/v1/token", content=raw, headers=headers)
        assert no(answer) == (400, "invalid_request", 9226), raw
    unknown = counter.client.post("/v1/token?scope=registry:read", data=robot.form())
    assert unknown.headers["content-type"] == "application/problem+json"


def test_where_tokens_are_given_is_told_where_the_standard_says(counter: Counter) -> None:
    told = counter.client.get("/.well-known/oauth-authorization-server").json()
    assert told == {
        "issuer": SITE,
        "token_endpoint": f"{SITE}/v1/token",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["Ed25519", "EdDSA", "ES256"],
        "scopes_supported": list(signin.SCOPES),
    }


def test_what_the_page_shows_is_so(tmp_path: Path) -> None:
    """The example of the page: a pair is made, handed in, and signs for a token."""
    counter = a_counter()
    counter.porch.at = datetime.now(UTC)
    pair, sign = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[:2]

    def run(script: str, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script, *words], cwd=tmp_path, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        return done.stdout.strip()

    run(pair)
    kept = signin.public_key_of((tmp_path / "public.jwk").read_text())
    robot = Robot(counter, "registry:read", public_key=kept)
    began = time.time()
    assertion = run(sign, robot.id, SITE)
    assert time.time() - began < 60
    assert robot.ask(client_assertion=assertion).is_success
