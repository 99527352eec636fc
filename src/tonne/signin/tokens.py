"""Secrets that are made by chance, shown once, and kept as digests only."""

import hmac
from collections.abc import Callable
from hashlib import sha256

from tonne.signin.codes import ALPHABET

Chance = Callable[[int], bytes]
"""So many random bytes, of a kind fit for secrets."""

TOKEN_BYTES = 32
RECOVERY_CODES = 10
_GROUPS, _GROUP = 6, 4
"""Six groups of four characters of five bits: 120 bits, so that a plain digest may keep it."""


def new_token(chance: Chance) -> str:
    """A secret of 256 bits, in digits and letters."""
    return chance(TOKEN_BYTES).hex()


def new_typed_code(chance: Chance) -> str:
    """A secret of 120 bits that a person can type: groups of letters and digits."""
    letters = "".join(ALPHABET[each % 32] for each in chance(_GROUPS * _GROUP))
    return "-".join(letters[place : place + _GROUP] for place in range(0, len(letters), _GROUP))


def typed(text: str) -> str:
    """A code as it was shown, however it was typed: small letters, any gaps, misread letters."""
    plain = "".join(each for each in text.lower() if each.isalnum())
    plain = plain.translate(str.maketrans("ilo", "110"))
    return "-".join(plain[place : place + _GROUP] for place in range(0, len(plain), _GROUP))


def digest(secret: str) -> bytes:
    """What is kept of a secret; nobody can find the secret from it, for it has enough chance."""
    return sha256(secret.encode(errors="surrogatepass")).digest()


def digest_of_act(text: str) -> bytes:
    """The digest of what is to be signed, written out in full by whoever shows it."""
    return sha256(text.encode()).digest()


def same(one: bytes, other: bytes) -> bool:
    """Whether two digests are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)
