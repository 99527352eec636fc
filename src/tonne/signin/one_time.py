"""Codes of six digits that an app shows anew every half minute, each good once.

The codes are made with HMAC-SHA-1. SHA-256 would be no safer here: what is known against SHA-1
are collisions, and these do not help against an HMAC. But widely used apps do not heed the name of
another hash and show wrong codes; Google Authenticator's own page of the key's address says so.
"""

from base64 import b32encode
from datetime import datetime

from tonne.signin.moments import seconds
from tonne.signin.tokens import Chance, digest, same

SEED_BYTES = 20
"""As many as the hash has, which is what RFC 4226 recommends."""

STEP_SECONDS = 30
DRIFT = 1
"""So many steps a clock may be wrong, either way."""

_NOBODYS = bytes(SEED_BYTES)


def new_seed(chance: Chance) -> bytes:
    """A seed by chance."""
    return chance(SEED_BYTES)


def shown(seed: bytes) -> str:
    """The seed as people type it into an app."""
    return b32encode(seed).decode()


def address(seed: bytes, *, login: str, site: str) -> str:
    """The seed as an address that an app reads from a picture."""
    from pyotp import TOTP  # noqa: PLC0415  heavy

    # A colon parts the site from the name.
    name, issuer = (each.replace(":", " ") for each in (login, site))
    return TOTP(shown(seed)).provisioning_uri(name=name, issuer_name=issuer)


def step_of(code: str, at: datetime, *, seed: bytes | None, after: int) -> int | None:
    """The time step whose code this is, if it is one that counts and later than the last used.

    Without a seed the same work is done, and it is none.
    """
    from pyotp import TOTP  # noqa: PLC0415  heavy

    known = TOTP(shown(_NOBODYS if seed is None else seed))
    now = seconds(at) // STEP_SECONDS
    given = digest("".join(code.split()))
    found = [
        step
        for step in range(max(0, now - DRIFT), now + DRIFT + 1)
        if same(given, digest(known.generate_otp(step))) and step > after
    ]
    return min(found) if found and seed is not None else None
