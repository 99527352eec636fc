"""Passwords: long, hard to guess, and kept as hashes that are slow to try.

No other rule of composition: no kinds of characters, no age, no history. Length is counted in
characters as Unicode has them, in the form NFKC, so that one keyboard writes what another wrote.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Collection, Iterator

from tonne.refusal import Refusal
from tonne.signin.refusals import PasswordGuessable, PasswordLengthUnfit
from tonne.signin.terms import Hashing
from tonne.signin.tokens import Chance

LEAST, MOST = 14, 128
SCORE_MIN = 4
"""Of zxcvbn's 0 to 4: more than ten thousand million guesses. Two words of one's own make a 3."""

_JUDGED = 72
"""So many characters are judged, since the work grows with their square; more only help."""

_SPACES = re.compile(" +")
"""A row of spaces counts as one; all are kept."""

_SALT_BYTES, _HASH_BYTES = 16, 32
_REFERENCE = "NIST SP 800-63B, section 5.1.1.2; OWASP ASVS 4.0.3, 2.1"


def password_refusals(password: str, *, own: Collection[str]) -> Iterator[Refusal]:
    """Why somebody cannot take this password; ``own`` are words that others know of them."""
    text = plain(password)
    length = len(_SPACES.sub(" ", text)) if len(text) <= MOST else len(text)
    if not LEAST <= length <= MOST:
        yield PasswordLengthUnfit(reference=_REFERENCE, length=length, least=LEAST, most=MOST)
    score, why = strength(text, own=own)
    if score < SCORE_MIN:
        yield PasswordGuessable(reference=_REFERENCE, why=why)


def strength(password: str, *, own: Collection[str] = ()) -> tuple[int, str]:
    """How hard a password is to guess, 0 to 4, and what makes it easy; nothing leaves the house."""
    from zxcvbn import feedback, matching, scoring, time_estimates  # noqa: PLC0415  heavy

    text = plain(password)[:_JUDGED]
    if not text:
        return 0, ""
    # Its own front door keeps the last person's words for all, and reads the clock.
    known = {**matching.RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict(_words(own))}
    found = scoring.most_guessable_match_sequence(text, matching.omnimatch(text, known))
    score: int = time_estimates.guesses_to_score(found["guesses"])
    told = feedback.get_feedback(score, found["sequence"])
    if any(match.get("dictionary_name") == "user_inputs" for match in found["sequence"]):
        return score, "Words of your own name are the first that are tried."
    return score, str(told["warning"] or "")


def hashed(password: str, hashing: Hashing, chance: Chance) -> bytes:
    """The hash of a password, with its salt and how much work it is."""
    from argon2 import PasswordHasher, Type  # noqa: PLC0415  heavy

    hasher = PasswordHasher(
        time_cost=hashing.passes,
        memory_cost=hashing.memory_kib,
        parallelism=hashing.lanes,
        hash_len=_HASH_BYTES,
        salt_len=_SALT_BYTES,
        type=Type.ID,
    )
    return hasher.hash(plain(password), salt=chance(_SALT_BYTES)).encode()


def is_right(password: str, kept: bytes) -> bool:
    """Whether a password is the one of the hash; a password that is too long never is."""
    from argon2 import PasswordHasher  # noqa: PLC0415  heavy
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415

    text = plain(password)
    fits = len(text) <= MOST
    try:
        return PasswordHasher().verify(kept, text if fits else "") and fits
    except VerifyMismatchError:
        return False


def nobodys(hashing: Hashing) -> bytes:
    """A hash that no password has, and that is as much work as any."""
    salt, nothing = (b64encode(bytes(size)).rstrip(b"=") for size in (_SALT_BYTES, _HASH_BYTES))
    work = f"m={hashing.memory_kib},t={hashing.passes},p={hashing.lanes}".encode()
    return b"$argon2id$v=19$" + work + b"$" + salt + b"$" + nothing


def is_weaker(kept: bytes, hashing: Hashing) -> bool:
    """Whether a hash is less work than one would be now."""
    from argon2 import extract_parameters  # noqa: PLC0415  heavy

    found = extract_parameters(kept.decode())
    then = (found.memory_cost, found.time_cost, found.parallelism)
    now = (hashing.memory_kib, hashing.passes, hashing.lanes)
    return found.type.name != "ID" or any(old < new for old, new in zip(then, now, strict=True))


def plain(password: str) -> str:
    """A password in the one form in which it is counted and hashed."""
    clean = password.encode(errors="replace").decode()
    return unicodedata.normalize("NFKC", clean)


def _words(own: Collection[str]) -> list[str]:
    """Names, whole and in their parts."""
    parts = [part for each in own for part in each.replace("@", " ").replace(".", " ").split()]
    return list(dict.fromkeys(each.lower() for each in [*own, *parts] if len(each) > 1))
