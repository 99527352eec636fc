"""What must be read again is sealed with a key that is in no database.

A seed must be known to check a code, so a digest will not do. It is sealed with AES-256-GCM, and so
is the hash of a password: who steals the database alone can neither make codes nor try passwords.
What is sealed names whose it is, so that it serves in no other row.
"""

from dataclasses import dataclass, field
from hashlib import sha256

from tonne.refusal import Refused
from tonne.signin.refusals import SealDoesNotOpen
from tonne.signin.tokens import Chance

KEY_BYTES = 32
_FORM = b"\x01"
_NAME_BYTES, _NONCE_BYTES = 4, 12


@dataclass(frozen=True, slots=True)
class Seal:
    """The key by which secrets are sealed; it is never shown."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        assert len(self.key) == KEY_BYTES, "a key has 256 bits"

    @property
    def _name(self) -> bytes:
        """The first bytes of what is sealed, by which a wrong key is known."""
        return _FORM + sha256(b"tonne seal" + self.key).digest()[:_NAME_BYTES]

    def close(self, secret: bytes, *, of: str, chance: Chance) -> bytes:
        """The secret, sealed for that owner."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  heavy

        nonce = chance(_NONCE_BYTES)
        return self._name + nonce + AESGCM(self.key).encrypt(nonce, secret, of.encode())

    def open(self, sealed: bytes, *, of: str) -> bytes:
        """The secret again; what was sealed by another key or for another owner is refused."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  heavy
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        start = len(self._name)
        nonce, rest = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        refused = Refused([SealDoesNotOpen(reference="Rule of the house: secrets are sealed")])
        if sealed[:start] != self._name:
            raise refused
        try:
            return AESGCM(self.key).decrypt(nonce, rest, of.encode())
        except InvalidTag:
            raise refused from None
