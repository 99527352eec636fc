"""Why a webhook is not made, or not changed."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class HookUnknown(Refusal):
    """A webhook is one's own, and not removed."""

    number: ClassVar[int] = 9185
    remedy: ClassVar[str] = "Look for its code among your webhooks."

    hook: str

    def __str__(self) -> str:
        return f"You have no webhook {self.hook!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAddressUnfit(Refusal):
    """A webhook's address begins with https, and is one that everybody on the internet reaches."""

    number: ClassVar[int] = 9186
    remedy: ClassVar[str] = "Give one such as https://books.example/tonne."

    why: str

    def __str__(self) -> str:
        return f"The address is not told anything: {self.why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyHooks(Refusal):
    """A person has no more than so many webhooks in a scheme."""

    number: ClassVar[int] = 9187
    remedy: ClassVar[str] = "Remove one that is not needed any more."

    most: int

    def __str__(self) -> str:
        return f"You have {self.most} webhooks already."


@dataclass(frozen=True, slots=True, kw_only=True)
class HookChangedMeanwhile(Refusal):
    """What changes a webhook is done one after the other."""

    number: ClassVar[int] = 9188
    remedy: ClassVar[str] = "Ask again."

    hook: str

    def __str__(self) -> str:
        return f"The webhook {self.hook} is being changed at this moment."
