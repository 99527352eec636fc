"""A device with passkeys, in software: it makes key pairs, and signs as WebAuthn says."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One device, used by one person, at one site."""

    rp_id: str = "registry.example"
    origin: str = "https://registry.example"
    verifies: bool = True
    """Whether it asks for a finger, a face or a number."""

    counts: bool = True
    counter: int = 0
    handle: bytes = b""
    id: bytes = b"a passkey of this device"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def copy(self) -> "Device":
        """Another device with the same key, as a thief would make it."""
        return replace(self)

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request for a new passkey."""
        self.handle = unpacked(options["user"]["id"]) if "user" in options else b""
        numbers = self.key.public_key().public_numbers()
        point = (numbers.x.to_bytes(32), numbers.y.to_bytes(32))
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point[0], -3: point[1]})
        kept = bytes(16) + len(self.id).to_bytes(2) + self.id + key
        data = self._data(_HAS_KEY) + kept
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        client = self._client("webauthn.create", options["challenge"])
        return self._answer(
            {
                "clientDataJSON": packed(client),
                "attestationObject": packed(cbor2.dumps(statement)),
                "transports": ["internal"],
            }
        )

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to a challenge."""
        client = self._client("webauthn.get", options["challenge"])
        data = self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": packed(client),
                "authenticatorData": packed(data),
                "signature": packed(signature),
                "userHandle": packed(self.handle),
            }
        )

    def _data(self, flags: int) -> bytes:
        self.counter += self.counts
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        site = hashlib.sha256(self.rp_id.encode()).digest()
        return site + bytes([flags]) + self.counter.to_bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        name = packed(self.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }


def packed(value: bytes) -> str:
    """Bytes as browsers write them."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """Bytes as browsers wrote them."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
