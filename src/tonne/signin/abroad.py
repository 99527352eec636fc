"""What is asked of a house elsewhere that lets its own people in, by OpenID Connect."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Unheard(Exception):  # noqa: N818  what happened, not a mistake of ours
    """The other house was not reached, or answered what cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """The way of one browser to another house and back: what goes with it."""

    issuer: str
    client: str
    redirect: str
    """Where the other house sends the browser back."""

    state: str
    nonce: str
    verifier: str
    """What only we know until the code is handed in, whose digest went before (PKCE)."""


class Abroad(Protocol):
    """By which other houses are asked; each answer is as it came, not yet believed."""

    def address(self, trip: Trip) -> str:
        """Where a browser is sent to sign in; or :class:`Unheard`."""

    def told(self, trip: Trip, *, code: str, secret: str) -> tuple[str, Mapping[str, Any]]:
        """The token for a code, and the keys by which the house signs; or :class:`Unheard`."""
