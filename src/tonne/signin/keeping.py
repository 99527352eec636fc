"""What sign-in asks of whoever keeps its records: the store, in PostgreSQL or in memory."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from tonne.signin.client_records import TokenKeeping
from tonne.signin.hook_records import HookKeeping
from tonne.signin.records import (
    Event,
    Factor,
    FactorKind,
    Key,
    Person,
    Provider,
    Recovery,
    Session,
    Tally,
    Ticket,
    TicketKind,
)

T = TypeVar("T")


class Keeping(HookKeeping, TokenKeeping, Protocol):
    """The records within one operation: everything in it stands or falls together.

    What is over stays over: a removed factor, a used ticket, an ended session, a revoked key and an
    agreed recovery are not changed any more, whoever asks.
    """

    def add_person(self, person: Person) -> None:
        """Enrol a person; nobody else has the code or the login."""

    def person(self, code: str) -> Person | None:
        """The person of that code."""

    def person_by_login(self, login: str) -> Person | None:
        """The person who signs in under that name."""

    def people(self) -> list[Person]:
        """Everybody, in order of enrolment."""

    def bar(self, code: str, *, barred: bool) -> None:
        """Bar a person, or admit them again."""

    def add_factor(self, factor: Factor) -> None:
        """Keep a factor."""

    def factors(self, person: str) -> list[Factor]:
        """The factors of a person that are not removed, in order of making."""

    def factor(self, id: str, kind: FactorKind) -> Factor | None:  # noqa: A002  its name
        """A factor that is not removed."""

    def linked(self, subject: bytes) -> Factor | None:
        """The factor of whoever is this subject at a provider, by its digest."""

    def add_provider(self, provider: Provider) -> None:
        """Keep a provider."""

    def providers(self) -> list[Provider]:
        """The providers that are not removed, in order of making."""

    def remove_provider(self, id: str, at: datetime) -> bool:  # noqa: A002  its name
        """Remove a provider; False if there is none."""

    def confirm_factor(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """From now on a factor counts."""

    def use_factor(self, id: str, *, after: int, counter: int, at: datetime) -> bool:  # noqa: A002
        """Note that a factor was used; False if its counter is no longer ``after``."""

    def remove_factor(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """Remove a factor."""

    def add_ticket(self, ticket: Ticket) -> None:
        """Keep a ticket."""

    def take_ticket(self, digest: bytes, kind: TicketKind, at: datetime) -> Ticket | None:
        """Use a ticket up; None if there is none, it was used, or it is over."""

    def void_tickets(self, person: str, kind: TicketKind, at: datetime) -> None:
        """Use up all tickets of a person of that kind."""

    def forget(self, before: datetime) -> None:
        """Forget tickets and tallies that were over before then."""

    def add_session(self, session: Session) -> None:
        """Open a session."""

    def session_by_token(self, token: bytes) -> Session | None:
        """The session that has this digest of a token, ended or not."""

    def sessions(self, person: str) -> list[Session]:
        """The sessions of a person that are not ended, in order of opening."""

    def see_session(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """Note that a session is used."""

    def turn_session(self, id: str, token: bytes, at: datetime) -> None:  # noqa: A002  its name
        """Give a session another token: the person has shown a factor again."""

    def end_session(self, id: str, at: datetime, why: str) -> bool:  # noqa: A002  its name
        """End a session; False if it has ended before."""

    def add_key(self, key: Key) -> None:
        """Keep a key."""

    def key_by_digest(self, digest: bytes) -> Key | None:
        """The key that has this digest, revoked or not."""

    def key(self, id: str) -> Key | None:  # noqa: A002  its name
        """A key, revoked or not."""

    def keys(self, person: str | None = None) -> list[Key]:
        """The keys of a person or of all, in order of making."""

    def use_key(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """Note that a key is used."""

    def revoke_key(self, id: str, at: datetime) -> bool:  # noqa: A002  its name
        """Revoke a key; False if it was revoked before."""

    def add_recovery(self, recovery: Recovery) -> None:
        """Keep that a recovery was asked for."""

    def recovery(self, id: str) -> Recovery | None:  # noqa: A002  its name
        """A recovery."""

    def agree(self, id: str, by: str, at: datetime, signs_from: datetime) -> bool:  # noqa: A002
        """Agree to a recovery; False if that was done before."""

    def recoveries(self) -> list[Recovery]:
        """All recoveries, in order of asking."""

    def signs_from(self, person: str) -> datetime | None:
        """From when a person may sign again after the last recovery."""

    def lock_tallies(self, keys: Iterable[bytes]) -> list[Tally]:
        """The tallies of those keys, and nobody else counts by them until the commit."""

    def put_tallies(self, tallies: Iterable[Tally]) -> None:
        """Keep these tallies in the place of those before."""

    def forget_tallies(self, keys: Iterable[bytes]) -> None:
        """Forget all failures by those keys."""

    def add_event(self, event: Event) -> None:
        """Write down what happened."""

    def events(
        self, person: str | None = None, *, after: int = 0, limit: int = 200
    ) -> Sequence[Event]:
        """What happened to or by a person, or to all, in order, after some number."""


class Records(Protocol):
    """The records of sign-in: an operation is run on them whole or not at all."""

    def run(self, operation: Callable[[Keeping], T], *, keep: bool = True) -> T:
        """Run an operation; with ``keep=False`` nothing of it remains."""
