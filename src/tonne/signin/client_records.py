"""What is kept of programs that sign for themselves: what they were given, and what they used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a program that signs for itself shows for some minutes."""

    digest: bytes
    key: str
    """The key of the program; the token is over when that is revoked."""

    scopes: tuple[str, ...]
    """What it is good for: no more than the key."""

    made_at: datetime
    until: datetime


class TokenKeeping(Protocol):
    """What tokens ask of whoever keeps their records."""

    def use_assertion(self, digest: bytes, until: datetime) -> bool:
        """Note that an assertion was used; False if it was used before."""

    def add_token(self, token: Token) -> None:
        """Keep a token, which is within its key."""

    def token(self, digest: bytes) -> Token | None:
        """The token that has this digest, over or not."""

    def forget_tokens(self, before: datetime) -> None:
        """Forget tokens and assertions that were over before then."""
