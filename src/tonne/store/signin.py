"""What PostgreSQL keeps of people who sign in and of programs that call."""

import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Self, TypeVar

import psycopg
from psycopg.rows import dict_row

from tonne.signin import (
    Event,
    Factor,
    FactorKind,
    Hook,
    HookTry,
    Key,
    Person,
    Provider,
    Recovery,
    Session,
    Tally,
    Ticket,
    TicketKind,
    Token,
)
from tonne.store import signin_statements as sql
from tonne.store.postgres import is_transient

T = TypeVar("T")
R = TypeVar("R")
TRIES_MAX = 6


class SigninKeeping:
    """One operation's view of the records of sign-in: everything in it stands or falls together."""

    def __init__(self, connection: "psycopg.Connection[dict[str, Any]]") -> None:
        """A view over one connection; the edge commits."""
        self._connection = connection

    def add_person(self, person: Person) -> None:
        """Enrol a person; nobody else has the code or the login."""
        self._do(sql.ADD_PERSON, _columns(person))

    def person(self, code: str) -> Person | None:
        """The person of that code."""
        return self._one(Person, sql.PERSON, (code,))

    def person_by_login(self, login: str) -> Person | None:
        """The person who signs in under that name."""
        return self._one(Person, sql.PERSON_BY_LOGIN, (login,))

    def people(self) -> list[Person]:
        """Everybody, in order of enrolment."""
        return self._all(Person, sql.PEOPLE, ())

    def bar(self, code: str, *, barred: bool) -> None:
        """Bar a person, or admit them again."""
        self._do(sql.BAR, (barred, code))

    def add_factor(self, factor: Factor) -> None:
        """Keep a factor."""
        self._do(sql.ADD_FACTOR, _columns(factor))

    def factors(self, person: str) -> list[Factor]:
        """The factors of a person that are not removed, in order of making."""
        return self._all(Factor, sql.FACTORS, (person,))

    def factor(self, id: str, kind: FactorKind) -> Factor | None:  # noqa: A002  its name
        """A factor that is not removed."""
        return self._one(Factor, sql.FACTOR, (id, kind))

    def linked(self, subject: bytes) -> Factor | None:
        """The factor of whoever is this subject at a provider, by its digest."""
        return self._one(Factor, sql.LINKED, (subject,))

    def add_provider(self, provider: Provider) -> None:
        """Keep a provider."""
        self._do(sql.ADD_PROVIDER, _columns(provider))

    def providers(self) -> list[Provider]:
        """The providers that are not removed, in order of making."""
        return self._all(Provider, sql.PROVIDERS, ())

    def remove_provider(self, id: str, at: datetime) -> bool:  # noqa: A002  its name
        """Remove a provider; False if there is none."""
        return self._did(sql.REMOVE_PROVIDER, (at, id))

    def confirm_factor(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """From now on a factor counts."""
        self._do(sql.CONFIRM_FACTOR, (at, id))

    def use_factor(self, id: str, *, after: int, counter: int, at: datetime) -> bool:  # noqa: A002
        """Note that a factor was used; False if its counter is no longer ``after``."""
        return self._did(sql.USE_FACTOR, {"id": id, "after": after, "counter": counter, "at": at})

    def remove_factor(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """Remove a factor."""
        self._do(sql.REMOVE_FACTOR, (at, id))

    def add_ticket(self, ticket: Ticket) -> None:
        """Keep a ticket."""
        self._do(sql.ADD_TICKET, _columns(ticket))

    def take_ticket(self, digest: bytes, kind: TicketKind, at: datetime) -> Ticket | None:
        """Use a ticket up; None if there is none, it was used, or it is over."""
        return self._one(Ticket, sql.TAKE_TICKET, {"digest": digest, "kind": kind, "at": at})

    def void_tickets(self, person: str, kind: TicketKind, at: datetime) -> None:
        """Use up all tickets of a person of that kind."""
        self._do(sql.VOID_TICKETS, (at, person, kind))

    def forget(self, before: datetime) -> None:
        """Forget tickets and tallies that were over before then."""
        self._do(sql.FORGET_TICKETS, (before,))
        self._do(sql.FORGET_OLD_TALLIES, (before, before))

    def add_session(self, session: Session) -> None:
        """Open a session."""
        self._do(sql.ADD_SESSION, _columns(session))

    def session_by_token(self, token: bytes) -> Session | None:
        """The session that has this digest of a token, ended or not."""
        return self._one(Session, sql.SESSION, (token,))

    def sessions(self, person: str) -> list[Session]:
        """The sessions of a person that are not ended, in order of opening."""
        return self._all(Session, sql.SESSIONS, (person,))

    def see_session(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """Note that a session is used."""
        self._do(sql.SEE_SESSION, (at, id))

    def turn_session(self, id: str, token: bytes, at: datetime) -> None:  # noqa: A002  its name
        """Give a session another token: the person has shown a factor again."""
        self._do(sql.TURN_SESSION, {"id": id, "token": token, "at": at})

    def end_session(self, id: str, at: datetime, why: str) -> bool:  # noqa: A002  its name
        """End a session; False if it has ended before."""
        return self._did(sql.END_SESSION, (at, why, id))

    def add_key(self, key: Key) -> None:
        """Keep a key."""
        self._do(sql.ADD_KEY, _columns(key))

    def key_by_digest(self, digest: bytes) -> Key | None:
        """The key that has this digest, revoked or not."""
        return self._one(Key, sql.KEY_BY_DIGEST, (digest,))

    def key(self, id: str) -> Key | None:  # noqa: A002  its name
        """A key, revoked or not."""
        return self._one(Key, sql.KEY, (id,))

    def keys(self, person: str | None = None) -> list[Key]:
        """The keys of a person or of all, in order of making."""
        return self._all(Key, sql.KEYS, {"person": person})

    def use_key(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """Note that a key is used."""
        self._do(sql.USE_KEY, (at, id))

    def revoke_key(self, id: str, at: datetime) -> bool:  # noqa: A002  its name
        """Revoke a key; False if it was revoked before."""
        return self._did(sql.REVOKE_KEY, (at, id))

    def use_assertion(self, digest: bytes, until: datetime) -> bool:
        """Note that an assertion was used; False if it was used before."""
        return self._did(sql.USE_ASSERTION, (digest, until))

    def add_token(self, token: Token) -> None:
        """Keep a token, which is within its key."""
        self._do(sql.ADD_TOKEN, _columns(token))

    def token(self, digest: bytes) -> Token | None:
        """The token that has this digest, over or not."""
        return self._one(Token, sql.TOKEN, (digest,))

    def forget_tokens(self, before: datetime) -> None:
        """Forget tokens and assertions that were over before then."""
        self._do(sql.FORGET_TOKENS, (before,))
        self._do(sql.FORGET_ASSERTIONS, (before,))

    def add_hook(self, hook: Hook) -> None:
        """Keep a webhook."""
        self._do(sql.ADD_HOOK, _columns(hook))

    def hook(self, id: str) -> Hook | None:  # noqa: A002  its name
        """A webhook, if it is not removed."""
        return self._one(Hook, sql.HOOK, (id,))

    def hooks(self, person: str, scheme: str) -> list[Hook]:
        """The webhooks of a person in a scheme that are not removed, in order of making."""
        return self._all(Hook, sql.HOOKS, (person, scheme))

    def hooks_due(self, at: datetime, *, limit: int) -> list[Hook]:
        """Webhooks that may be told something now: not stopped, of people and keys let in."""
        return self._all(Hook, sql.HOOKS_DUE, (at, limit))

    def put_hook(self, hook: Hook) -> bool:
        """Keep how a webhook stands; False if it was changed since it was read."""
        return self._did(sql.PUT_HOOK, _columns(hook))

    def add_try(self, tried: HookTry) -> None:
        """Write down a telling."""
        self._do(sql.ADD_TRY, _columns(tried))

    def forget_tries(self, before: datetime) -> int:
        """Forget how tellings went that were before then; how many there were."""
        return self._connection.execute(sql.FORGET_TRIES, (before,)).rowcount

    def tries(
        self,
        hook: str,
        *,
        before: int | None,
        made: tuple[datetime, datetime] | None = None,
        limit: int,
    ) -> list[HookTry]:
        """How the tellings of a webhook went, the newest first, before a number."""
        since, until = made or (None, None)
        asked = {"hook": hook, "before": before, "limit": limit, "since": since, "until": until}
        return self._all(HookTry, sql.TRIES, asked)

    def add_recovery(self, recovery: Recovery) -> None:
        """Keep that a recovery was asked for."""
        self._do(sql.ADD_RECOVERY, _columns(recovery))

    def recovery(self, id: str) -> Recovery | None:  # noqa: A002  its name
        """A recovery."""
        return self._one(Recovery, sql.RECOVERIES, (id,)) if id else None

    def agree(self, id: str, by: str, at: datetime, signs_from: datetime) -> bool:  # noqa: A002
        """Agree to a recovery; False if that was done before."""
        return self._did(sql.AGREE, (by, at, signs_from, id))

    def recoveries(self) -> list[Recovery]:
        """All recoveries, in order of asking."""
        return self._all(Recovery, sql.RECOVERIES, ("",))

    def signs_from(self, person: str) -> datetime | None:
        """From when a person may sign again after the last recovery."""
        row = self._connection.execute(sql.SIGNS_FROM, (person,)).fetchone()
        assert row is not None, "a greatest one is told, or none"
        found: datetime | None = row["max"]
        return found

    def lock_tallies(self, keys: Iterable[bytes]) -> list[Tally]:
        """The tallies of those keys, and nobody else counts by them until the commit."""
        wanted = list(keys)
        self._do(sql.BEGIN_TALLIES, (wanted,))
        rows = self._connection.execute(sql.TALLIES, (wanted,)).fetchall()
        return [_made(Tally, row) for row in rows if row["failures"]]

    def put_tallies(self, tallies: Iterable[Tally]) -> None:
        """Keep these tallies in the place of those before."""
        for each in tallies:
            self._do(sql.PUT_TALLY, _columns(each))

    def forget_tallies(self, keys: Iterable[bytes]) -> None:
        """Forget all failures by those keys."""
        self._do(sql.FORGET_TALLIES, (list(keys),))

    def add_event(self, event: Event) -> None:
        """Write down what happened."""
        self._do(sql.ADD_EVENT, _columns(event))

    def events(self, person: str | None = None, *, after: int = 0, limit: int = 200) -> list[Event]:
        """What happened to or by a person, or to all, in order, after some number."""
        return self._all(Event, sql.EVENTS, {"person": person, "after": after, "limit": limit})

    def _do(self, statement: str, arguments: Any) -> None:  # noqa: ANN401  psycopg's own
        self._connection.execute(statement, arguments)

    def _did(self, statement: str, arguments: Any) -> bool:  # noqa: ANN401  psycopg's own
        return self._connection.execute(statement, arguments).rowcount == 1

    def _all(self, kind: type[R], statement: str, arguments: Any) -> list[R]:  # noqa: ANN401
        return [_made(kind, row) for row in self._connection.execute(statement, arguments)]

    def _one(self, kind: type[R], statement: str, arguments: Any) -> R | None:  # noqa: ANN401
        row = self._connection.execute(statement, arguments).fetchone()
        return None if row is None else _made(kind, row)


class SigninStore:
    """The records of sign-in in a PostgreSQL database; threads share its connection."""

    def __init__(self, url: str) -> None:
        """Connect as the application, which may change in these records only what must change."""
        self._url = url
        self._connection = self._connected()
        self._one_at_a_time = threading.Lock()

    def run(self, operation: Callable[[SigninKeeping], T], *, keep: bool = True) -> T:
        """Run an operation in one database transaction, and commit it if it ends well."""
        for attempt in range(TRIES_MAX):
            try:
                with self._one_at_a_time:
                    if self._connection.closed:  # The server went away, and may be back.
                        self._connection = self._connected()
                    with self._connection.transaction(force_rollback=not keep):
                        return operation(SigninKeeping(self._connection))
            except psycopg.Error as error:
                if self._connection.closed and attempt == 0:
                    continue
                if not is_transient(error) or attempt == TRIES_MAX - 1:
                    raise
                time.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311  no secret
        raise AssertionError("the last try returns or raises")

    def _connected(self) -> "psycopg.Connection[dict[str, Any]]":
        made = psycopg.connect(self._url, autocommit=True, row_factory=dict_row)
        made.execute("set role tonne_app")
        return made

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _columns(record: Any) -> dict[str, Any]:  # noqa: ANN401  any of the records
    """A record by the names of its columns."""
    found = {each.name: getattr(record, each.name) for each in fields(record)}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in found.items()
    }


def _made(kind: type[R], row: Mapping[str, Any]) -> R:
    """The record of a row."""
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return kind(**told)
