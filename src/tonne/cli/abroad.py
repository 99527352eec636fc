"""How other houses are asked who let their people in: by OpenID Connect, over HTTPS, by Authlib."""

import json
import threading
from collections.abc import Mapping
from time import monotonic
from typing import Any, cast

from tonne.signin import Trip, Unheard, is_safe

SECONDS = 5
"""So long another house may take."""

BYTES_MAX = 256 * 1024
KEPT_SECONDS = 600
"""So long it is kept where a house is asked."""

_FOUND = "/.well-known/openid-configuration"
_SCOPE = "openid"
"""Who somebody is, and nothing else of them."""


class Houses:
    """Other houses, asked over the network."""

    def __init__(self) -> None:
        """Nothing is known of any yet."""
        self._kept: dict[str, tuple[float, Mapping[str, Any]]] = {}
        self._lock = threading.Lock()

    def address(self, trip: Trip) -> str:
        """Where a browser is sent to sign in."""
        with self._session(trip) as session:
            found, _ = session.create_authorization_url(
                self._place(trip, "authorization_endpoint"),
                state=trip.state,
                nonce=trip.nonce,
                code_verifier=trip.verifier,
            )
            return cast("str", found)

    def told(self, trip: Trip, *, code: str, secret: str) -> tuple[str, Mapping[str, Any]]:
        """The token for a code, and the keys by which the house signs."""
        place, keys = self._place(trip, "token_endpoint"), self._place(trip, "jwks_uri")
        try:
            with self._session(trip, secret) as session:
                told = session.fetch_token(
                    place, code=code, code_verifier=trip.verifier, timeout=SECONDS,
                    allow_redirects=False,
                )  # fmt: skip
            token = told.get("id_token")
        except Exception as fault:  # noqa: BLE001  whatever a stranger answers
            raise Unheard(f"no token: {type(fault).__name__}") from None
        if not isinstance(token, str):
            raise Unheard("no token of who it is")
        return token, _asked(keys)  # A house changes its keys: they are not kept.

    def _session(self, trip: Trip, secret: str = "") -> Any:  # noqa: ANN401  without types
        from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415  heavy

        return OAuth2Session(
            trip.client, secret, scope=_SCOPE, redirect_uri=trip.redirect,
            code_challenge_method="S256",
        )  # fmt: skip

    def _place(self, trip: Trip, name: str) -> str:
        """Where a house does something, as it says itself; it says it for nobody else."""
        found = self._read(trip.issuer.rstrip("/") + _FOUND)
        place = found.get(name)
        if found.get("issuer") != trip.issuer:
            raise Unheard("it calls itself otherwise")
        if not isinstance(place, str) or not is_safe(place):
            raise Unheard(f"no {name} that is safe")
        return place

    def _read(self, address: str) -> Mapping[str, Any]:
        with self._lock:
            at, found = self._kept.get(address, (0.0, {}))
        if found and monotonic() - at < KEPT_SECONDS:
            return found
        found = _asked(address)
        with self._lock:
            self._kept[address] = monotonic(), found
        return found


def _asked(address: str) -> Mapping[str, Any]:
    """What is written at an address, in JSON and not too long."""
    import requests  # noqa: PLC0415  heavy

    try:
        with requests.get(address, timeout=SECONDS, allow_redirects=False, stream=True) as answer:
            answer.raise_for_status()
            text = answer.raw.read(BYTES_MAX, decode_content=True)
            found = json.loads(text)
    except (requests.RequestException, OSError, ValueError) as fault:
        raise Unheard(f"no answer: {type(fault).__name__}") from None
    if not isinstance(found, dict):
        raise Unheard("no answer that can be read")
    return found
