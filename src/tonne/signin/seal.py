"""What must be read again is sealed with a key that is in no database.

A seed must be known to check a code, so a digest will not do. It is sealed with AES-256-GCM, and so
is the hash of a password: who steals the database alone can neither make codes nor try passwords.
What is sealed names whose it is, so that it serves in no other row.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

from tonne.refusal import Refused
from tonne.signin.refusals import SealDoesNotOpen
from tonne.signin.tokens import Chance

KEY_BYTES = 32
KEY_LASTS = timedelta(days=730)
"""So long secrets are sealed by one key: two years (NIST SP 800-57 part 1, revision 5, table 1)."""

_FORM = b"\x01"
_NAME_BYTES, _NONCE_BYTES = 4, 12


@dataclass(frozen=True, slots=True)
class Seal:
    """The key by which secrets are sealed, and those before it; none is ever shown.

    What an older key sealed still opens, so a backup of then is of use; nothing is sealed by it.
    """

    key: bytes = field(repr=False)
    made: date | None = None
    """The day on which the key was made, where that is known."""

    older: tuple[bytes, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        assert all(len(each) == KEY_BYTES for each in (self.key, *self.older)), "a key has 256 bits"

    @property
    def name(self) -> str:
        """By which the key is told from others; it tells nothing of it."""
        return _name(self.key)[len(_FORM) :].hex()

    def is_old(self, on: date) -> bool:
        """Whether a new key is to take its place."""
        return self.made is not None and on - self.made > KEY_LASTS

    def close(self, secret: bytes, *, of: str, chance: Chance) -> bytes:
        """The secret, sealed for that owner."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  heavy

        nonce = chance(_NONCE_BYTES)
        return _name(self.key) + nonce + AESGCM(self.key).encrypt(nonce, secret, of.encode())

    def open(self, sealed: bytes, *, of: str) -> bytes:
        """The secret again; what was sealed by another key or for another owner is refused."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  heavy
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        refused = Refused([SealDoesNotOpen(reference="Rule of the house: secrets are sealed")])
        start = len(_FORM) + _NAME_BYTES
        nonce, rest = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        keys = {_name(each): each for each in (self.key, *self.older)}
        if sealed[:start] not in keys:
            raise refused
        try:
            return AESGCM(keys[sealed[:start]]).decrypt(nonce, rest, of.encode())
        except InvalidTag:
            raise refused from None

    def anew(self, sealed: bytes, *, of: str, chance: Chance) -> bytes:
        """What is sealed, by this key: opened, and closed again for the same owner."""
        if sealed.startswith(_name(self.key)):
            return sealed
        return self.close(self.open(sealed, of=of), of=of, chance=chance)


def _name(key: bytes) -> bytes:
    """The first bytes of what a key sealed, by which a wrong key is known: form, and name."""
    return _FORM + sha256(b"tonne seal" + key).digest()[:_NAME_BYTES]
