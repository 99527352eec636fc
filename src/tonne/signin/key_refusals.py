"""Why a program is not let in, or a key is not made or revoked."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNotLetIn(Refusal):
    """A program shows a key that was made here, is for these books, and was not revoked."""

    number: ClassVar[int] = 9160
    remedy: ClassVar[str] = "Make a new key; for books of a rehearsal or of trials, a test key."

    def __str__(self) -> str:
        return "The key is not known here, or was revoked."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAndApprove(Refusal):
    """No key both proposes and approves: that takes two."""

    number: ClassVar[int] = 9161
    remedy: ClassVar[str] = "Make two keys, of two people."

    def __str__(self) -> str:
        return "One key cannot have both transfers:propose and transfers:approve."


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeAndApprove(Refusal):
    """No key both trades and approves: what is traded above a limit takes two."""

    number: ClassVar[int] = 9164
    remedy: ClassVar[str] = "Make two keys, of two people."

    def __str__(self) -> str:
        return "One key cannot have both market:trade and transfers:approve."


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopesUnfit(Refusal):
    """A key has scopes, and such as there are."""

    number: ClassVar[int] = 9162
    remedy: ClassVar[str] = "Name one or more of those that there are."

    unknown: tuple[str, ...]
    known: tuple[str, ...]

    def __str__(self) -> str:
        what = f"There are no scopes {', '.join(self.unknown)}" if self.unknown else "No scope"
        return f"{what}; there are {', '.join(self.known)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUnknown(Refusal):
    """A key is revoked by whose it is, or by an administrator."""

    number: ClassVar[int] = 9163
    remedy: ClassVar[str] = "List the keys, and name one that is not revoked."

    key: str

    def __str__(self) -> str:
        return f"There is no key {self.key!r} that could be revoked."
