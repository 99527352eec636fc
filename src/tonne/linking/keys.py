"""Keys of Ed25519 (RFC 8032): a private half that signs, and a public half that all may know.

The private half never leaves its side. Signing takes no chance: the same key and the same text
give the same signature.
"""

import re
from dataclasses import dataclass, field

KEY_BYTES = 32

_SIGNATURE = re.compile("[0-9a-f]{128}", re.ASCII)
_PRIME = 2**255 - 19
_CURVE = -121665 * pow(121666, -1, _PRIME) % _PRIME
"""The constant d of the curve (RFC 8032, 5.1)."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """By which anybody can tell that a text was signed by who keeps the private half."""

    value: bytes

    def __str__(self) -> str:
        return self.value.hex()

    def is_sound(self) -> bool:
        """Whether it is a point of the curve under which not everybody can sign.

        Under the eight points of small order others can make signatures that hold, so whoever
        names one could deny every letter.
        """
        y = int.from_bytes(self.value, "little") & (2**255 - 1)
        if len(self.value) != KEY_BYTES or y >= _PRIME:
            return False
        # The curve is -x² + y² = 1 + d x² y². Twice a point of order eight has y = 0: x² = -y².
        x2 = (y * y - 1) * pow(_CURVE * y * y + 1, -1, _PRIME) % _PRIME
        on_curve = pow(x2, (_PRIME - 1) // 2, _PRIME) <= 1
        return on_curve and y not in {0, 1, _PRIME - 1} and (x2 + y * y) % _PRIME != 0

    def verifies(self, text: str, signature: str) -> bool:
        """Whether who keeps the private half has signed this very text."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  heavy
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415  heavy

        if _SIGNATURE.fullmatch(signature) is None:
            return False
        key = ed25519.Ed25519PublicKey.from_public_bytes(self.value)
        try:
            key.verify(bytes.fromhex(signature), text.encode(errors="replace"))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What one side signs with; it is shown to nobody, not even in a message of a fault."""

    value: bytes = field(repr=False)

    def __post_init__(self) -> None:
        assert len(self.value) == KEY_BYTES, "a private key has its length"

    def public(self) -> PublicKey:
        """The half that others are given."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415  heavy

        key = ed25519.Ed25519PrivateKey.from_private_bytes(self.value)
        return PublicKey(key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The signature of a text, in hexadecimal."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415  heavy

        key = ed25519.Ed25519PrivateKey.from_private_bytes(self.value)
        return key.sign(text.encode()).hex()
