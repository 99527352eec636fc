"""Codes by which people, organisations and all else are known outside: ``usr_01h...``.

A code is a prefix and 26 characters of lower-case base32 over a UUID of version 7: the moment in
milliseconds, then chance. The alphabet keeps the order of the bytes, so that codes of one kind
sort by when they were made.
"""

import re
from datetime import datetime, timedelta

from tonne.signin.moments import EPOCH

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32 without the letters i, l, o and u, which are misread or misheard."""

CHANCE_BYTES = 10
"""So many random bytes a code takes; six bits of them give way to version and variant."""

_FORM = re.compile(rf"([a-z]{{2,5}})_([0-7][{ALPHABET}]{{25}})")
_VERSION, _VARIANT = 7, 0b10
_MILLISECOND = timedelta(milliseconds=1)


def new_code(prefix: str, at: datetime, chance: bytes) -> str:
    """A code of that kind for something that began at that moment.

    >>> from datetime import UTC
    >>> new_code("usr", datetime(2026, 11, 22, tzinfo=UTC), bytes(10))
    'usr_01m808tx00e008000000000000'
    """
    assert len(chance) == CHANCE_BYTES, "a code takes ten random bytes"
    milliseconds = (at - EPOCH) // _MILLISECOND
    random = int.from_bytes(chance)
    high = milliseconds << 16 | _VERSION << 12 | (random >> 62) & 0xFFF
    low = _VARIANT << 62 | random & ((1 << 62) - 1)
    number = high << 64 | low
    digits = "".join(ALPHABET[number >> place & 31] for place in range(125, -1, -5))
    code = f"{prefix}_{digits}"
    assert _FORM.fullmatch(code), "a prefix is two to five letters"
    return code


def is_code(text: str, prefix: str) -> bool:
    """Whether a text is a code of that kind.

    >>> is_code("usr_01m808tx00e008000000000000", "usr")
    True
    >>> is_code("org_01m808tx00e008000000000000", "usr")
    False
    """
    found = _FORM.fullmatch(text)
    if found is None or found[1] != prefix:
        return False
    number = 0
    for digit in found[2]:
        number = number << 5 | ALPHABET.index(digit)
    return number >> 76 & 0xF == _VERSION and number >> 62 & 0b11 == _VARIANT
