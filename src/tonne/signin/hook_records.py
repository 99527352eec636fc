"""What is kept of webhooks: where programs are told what happened, and how each telling went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """An address of a program that is told what its person sees, and how far it has been told."""

    id: str
    person: str
    key: str
    """The key by which it was made; it is told nothing any more once that is revoked."""

    scheme: str
    url: str
    kinds: tuple[str, ...]
    """Only events of these kinds; of all, if none is named."""

    secret: bytes
    """Sealed."""

    old_secret: bytes | None
    """The one before, sealed; it signs too for a while."""

    old_until: datetime | None
    made_at: datetime
    position: int
    """The number of the last event that it has been told, or that did not concern it."""

    again: tuple[int, ...]
    """The numbers of events that it is to be told once more."""

    failures: int
    """How often the next event could not be told."""

    failing_since: datetime | None
    due_at: datetime
    """Not before then is it told anything."""

    stopped_at: datetime | None
    stopped_why: str
    removed_at: datetime | None
    version: int = 0
    """How often it was changed: who changes what has changed meanwhile, changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookTry:
    """A telling of one event, and how it went."""

    hook: str
    event: int
    """The number of the event."""

    at: datetime
    status: int | None
    """What was answered, if anything was."""

    fault: str
    """Why not, if nothing was, or it was no yes."""

    number: int = 0


class HookKeeping(Protocol):
    """What webhooks ask of whoever keeps their records."""

    def add_hook(self, hook: Hook) -> None:
        """Keep a webhook."""

    def hook(self, id: str) -> Hook | None:  # noqa: A002  its name
        """A webhook, if it is not removed."""

    def hooks(self, person: str, scheme: str) -> Sequence[Hook]:
        """The webhooks of a person in a scheme that are not removed, in order of making."""

    def hooks_due(self, at: datetime, *, limit: int) -> Sequence[Hook]:
        """Webhooks that may be told something now: not stopped, of people and keys let in."""

    def put_hook(self, hook: Hook) -> bool:
        """Keep how a webhook stands; False if it was changed since it was read."""

    def add_try(self, tried: HookTry) -> None:
        """Write down a telling."""

    def forget_tries(self, before: datetime) -> int:
        """Forget how tellings went that were before then; how many there were."""

    def tries(
        self,
        hook: str,
        *,
        before: int | None,
        made: tuple[datetime, datetime] | None = None,
        limit: int,
    ) -> Sequence[HookTry]:
        """How the tellings of a webhook went, the newest first, before a number.

        All of them, or those from a moment on and before another.
        """
