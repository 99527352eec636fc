"""How people are turned away who come by a house elsewhere."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderUnknown(Refusal):
    """Who is asked about a person is a provider that was named at the machine."""

    number: ClassVar[int] = 9180
    remedy: ClassVar[str] = "See which there are: tonne signin provider list."

    provider: str

    def __str__(self) -> str:
        return f"There is no provider {self.provider!r} here."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderNotHeard(Refusal):
    """A provider answers what was asked in this browser, minutes ago, once, with its own signature.

    What was wrong is written down, and not told.
    """

    number: ClassVar[int] = 9181
    remedy: ClassVar[str] = "Begin again; if it goes on, sign in otherwise and tell the registry."

    def __str__(self) -> str:
        return "The provider's answer was not accepted."


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectUnknown(Refusal):
    """Who comes by a provider has linked themself to it before, signed in by their own factors.

    Nobody is found by an e-mail address.
    """

    number: ClassVar[int] = 9182
    remedy: ClassVar[str] = "Sign in by what you have here, and link the provider on your own page."

    provider: str

    def __str__(self) -> str:
        return f"Nobody here is linked with who you are at {self.provider}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectLinked(Refusal):
    """Who somebody is at a provider is one person here, once."""

    number: ClassVar[int] = 9183
    remedy: ClassVar[str] = "Nothing is to be done, or sign in at the provider as somebody else."

    provider: str

    def __str__(self) -> str:
        return f"Who you are at {self.provider} is linked already."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderUnfit(Refusal):
    """A provider is named with an address that is spoken to in secret, and by what it knows us."""

    number: ClassVar[int] = 9184
    remedy: ClassVar[str] = (
        "Name the issuer as it names itself, https://...; and amr=... or acr=..."
    )

    what: str

    def __str__(self) -> str:
        return f"{self.what!r} does not fit a provider."
