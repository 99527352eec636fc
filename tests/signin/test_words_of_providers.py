"""What a provider says of somebody, and when it is believed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tonne.signin import Trip, by_provider

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = int(NOW.timestamp())
TRIP = Trip(
    issuer="https://id.example", client="tonne", redirect="", state="", nonce="n", verifier=""
)
SAID: Mapping[str, Any] = {
    "iss": "https://id.example", "aud": "tonne", "sub": "ann", "nonce": "n",
    "iat": START - 10, "exp": START + 100,
}  # fmt: skip


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({}, ""),
        ({"aud": ["tonne", "b"], "azp": "tonne"}, ""),
        ({"exp": START - 59}, ""),
        ({"exp": START - 60}, "over"),
        ({"iat": START + 61}, "not yet"),
        ({"nbf": START + 61}, "not yet"),
        ({"exp": "soon"}, "without its times"),
        ({"exp": None}, "without its times"),
        ({"iat": True}, "without its times"),
        ({"exp": START + 0.5}, "without its times"),
        ({"iss": "https://id.example/"}, "another issuer"),
        ({"aud": "b"}, "for another client"),
        ({"aud": ["tonne", "b"]}, "for many, and not said for whom of them"),
        ({"aud": "tonne", "azp": "b"}, "for another client"),
        ({"nonce": "m"}, "for another browser"),
        ({"nonce": None}, "for another browser"),
        ({"sub": ""}, "about nobody"),
        ({"sub": "a" * 256}, "about nobody"),
        ({"sub": 5}, "about nobody"),
    ],
)
def test_a_word_is_believed_that_is_its_own_for_us_for_this_browser_and_of_now(
    other: Mapping[str, Any], fault: str
) -> None:
    assert by_provider.fault_of_claims({**SAID, **other}, TRIP, at=NOW) == fault
