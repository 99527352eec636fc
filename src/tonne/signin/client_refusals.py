"""Why a program that signs for itself is not registered, or is given no token."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientNotKnown(Refusal):
    """Who asks for a token is registered here, was not revoked, and signs by its own key."""

    number: ClassVar[int] = 9222
    remedy: ClassVar[str] = (
        "Name your client in iss and sub, and sign by the key that was registered, with Ed25519 "
        "or ES256."
    )

    def __str__(self) -> str:
        return "The assertion is not signed by the key of a client that is let in."


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionUnfit(Refusal):
    """An assertion says by whom it is, for whom, until when, and by which name it is used once."""

    number: ClassVar[int] = 9223
    remedy: ClassVar[str] = (
        "Write iss and sub (the client), aud (this server), exp (within 5 minutes) and jti, and "
        "sign anew."
    )

    claim: str
    """The part of it that is missing or wrong."""

    def __str__(self) -> str:
        return f"The claim {self.claim} of the assertion is missing or not as it has to be."


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionUsedBefore(Refusal):
    """An assertion is good once."""

    number: ClassVar[int] = 9224
    remedy: ClassVar[str] = (
        "Sign another one, with another jti. If you did not use it yourself, revoke the client."
    )

    def __str__(self) -> str:
        return "The assertion was used before."


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeNotGiven(Refusal):
    """A token is good for no more than its client was registered for."""

    number: ClassVar[int] = 9227
    remedy: ClassVar[str] = "Ask for fewer scopes, or for none: then you get all that there are."

    asked: tuple[str, ...]
    has: tuple[str, ...]

    def __str__(self) -> str:
        return f"The client is good for {', '.join(self.has)}, not for {', '.join(self.asked)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeyUnfit(Refusal):
    """A program is registered with one public key: Ed25519, or P-256."""

    number: ClassVar[int] = 9228
    remedy: ClassVar[str] = (
        "Name a file with the public half alone, as one JWK: kty OKP and crv Ed25519, or kty EC "
        "and crv P-256."
    )

    def __str__(self) -> str:
        return "There stands no public key that could be used, or the private half beside it."


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeyTaken(Refusal):
    """A pair of keys is of one program, for good: no two credentials are in one hand."""

    number: ClassVar[int] = 9229
    remedy: ClassVar[str] = "Make a new pair for each program, and for each one that you replace."

    def __str__(self) -> str:
        return "This public key is registered already, or was."


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenOver(Refusal):
    """A token is good for some minutes."""

    number: ClassVar[int] = 9301
    remedy: ClassVar[str] = "Ask for a new one at /v1/token."

    def __str__(self) -> str:
        return "The token is over."
