"""What is kept in memory of people who sign in: the twin of ``signin``, for tests and trials."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from tonne.signin import (
    Event,
    Factor,
    FactorKind,
    Hook,
    HookTry,
    Person,
    Provider,
    Recovery,
    Session,
    Tally,
    Ticket,
    TicketKind,
)
from tonne.store.memory_of_signin import MemoryKeyKeeping, MemoryOfSignin
from tonne.store.undo import expect

T = TypeVar("T")


class MemorySigninKeeping(MemoryKeyKeeping):
    """One operation's view of the records of sign-in: everything in it stands or falls together."""

    def __init__(self, memory: MemoryOfSignin) -> None:
        """A view that remembers what it changes."""
        super().__init__(memory)

    def add_person(self, person: Person) -> None:
        """Enrol a person; nobody else has the code or the login."""
        expect(bool(person.login), "a person has a login")
        expect(self.person_by_login(person.login) is None, "a login is one person's")
        self._add(self.memory.people, person.code, person)

    def person(self, code: str) -> Person | None:
        """The person of that code."""
        return self.memory.people.get(code)

    def person_by_login(self, login: str) -> Person | None:
        """The person who signs in under that name."""
        found = (each for each in self.memory.people.values() if each.login == login)
        return next(found, None)

    def people(self) -> list[Person]:
        """Everybody, in order of enrolment."""
        return list(self.memory.people.values())

    def bar(self, code: str, *, barred: bool) -> None:
        """Bar a person, or admit them again."""
        person = self.memory.people.get(code)
        if person is not None:
            self._put(self.memory.people, code, replace(person, barred=barred))

    def add_factor(self, factor: Factor) -> None:
        """Keep a factor."""
        self._expect_person(factor.person)
        one = factor.kind != "password" or all(
            each.kind != "password" for each in self.factors(factor.person)
        )
        expect(one, "a person has one password")
        known = factor.kind == "provider" and self.linked(factor.secret) is not None
        expect(not known, "who somebody is at a provider is one person")
        self._add(self.memory.factors, factor.id, factor)

    def factors(self, person: str) -> list[Factor]:
        """The factors of a person that are not removed, in order of making."""
        kept = self.memory.factors.values()
        return [each for each in kept if each.person == person and each.removed_at is None]

    def factor(self, id: str, kind: FactorKind) -> Factor | None:  # noqa: A002  its name
        """A factor that is not removed."""
        found = self.memory.factors.get(id)
        fits = found is not None and found.kind == kind and found.removed_at is None
        return found if fits else None

    def linked(self, subject: bytes) -> Factor | None:
        """The factor of whoever is this subject at a provider, by its digest."""
        for each in self.memory.factors.values():
            if (each.kind, each.secret, each.removed_at) == ("provider", subject, None):
                return each
        return None

    def add_provider(self, provider: Provider) -> None:
        """Keep a provider."""
        expect(bool(provider.name and provider.issuer and provider.client), "a provider has a name")
        self._add(self.memory.providers, provider.id, provider)

    def providers(self) -> list[Provider]:
        """The providers that are not removed, in order of making."""
        return [each for each in self.memory.providers.values() if each.removed_at is None]

    def remove_provider(self, id: str, at: datetime) -> bool:  # noqa: A002  its name
        """Remove a provider; False if there is none."""
        found = self.memory.providers.get(id)
        if found is None or found.removed_at is not None:
            return False
        self._put(self.memory.providers, id, replace(found, removed_at=at))
        return True

    def confirm_factor(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """From now on a factor counts."""
        found = self.memory.factors.get(id)
        if found is not None and found.removed_at is None:
            self._put(self.memory.factors, id, replace(found, confirmed_at=at))

    def use_factor(self, id: str, *, after: int, counter: int, at: datetime) -> bool:  # noqa: A002
        """Note that a factor was used; False if its counter is no longer ``after``."""
        found = self.memory.factors.get(id)
        if found is None or found.removed_at is not None or found.counter != after:
            return False
        expect(counter >= after, "a counter never falls")
        self._put(self.memory.factors, id, replace(found, counter=counter, used_at=at))
        return True

    def remove_factor(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """Remove a factor."""
        found = self.memory.factors.get(id)
        if found is not None and found.removed_at is None:
            self._put(self.memory.factors, id, replace(found, removed_at=at))

    def add_ticket(self, ticket: Ticket) -> None:
        """Keep a ticket."""
        if ticket.person is not None:
            self._expect_person(ticket.person)
        named = ticket.session is None or ticket.session in self.memory.sessions
        expect(named, "a ticket's session is known")
        self.memory.last_ticket += 1
        self._add(self.memory.tickets, self.memory.last_ticket, ticket)

    def take_ticket(self, digest: bytes, kind: TicketKind, at: datetime) -> Ticket | None:
        """Use a ticket up; None if there is none, it was used, or it is over."""
        for number in sorted(self.memory.tickets, reverse=True):
            ticket = self.memory.tickets[number]
            fits = (ticket.digest, ticket.kind) == (digest, kind) and ticket.until > at
            if fits and number not in self.memory.used:
                self._add(self.memory.used, number, at)
                return ticket
        return None

    def void_tickets(self, person: str, kind: TicketKind, at: datetime) -> None:
        """Use up all tickets of a person of that kind."""
        for number, ticket in self.memory.tickets.items():
            if (ticket.person, ticket.kind) == (person, kind) and number not in self.memory.used:
                self._add(self.memory.used, number, at)

    def forget(self, before: datetime) -> None:
        """Forget tickets and tallies that were over before then."""
        for number in [n for n, each in self.memory.tickets.items() if each.until < before]:
            self._drop(self.memory.tickets, number)
        tallies = self.memory.tallies.values()
        for old in [each for each in tallies if max(each.last_at, each.until) < before]:
            self._drop(self.memory.tallies, old.key)

    def add_session(self, session: Session) -> None:
        """Open a session."""
        self._expect_person(session.person)
        expect(session.until > session.opened_at, "a session lasts")
        expect(self.session_by_token(session.token) is None, "a token opens one session")
        self._add(self.memory.sessions, session.id, session)

    def session_by_token(self, token: bytes) -> Session | None:
        """The session that has this digest of a token, ended or not."""
        found = (each for each in self.memory.sessions.values() if each.token == token)
        return next(found, None)

    def sessions(self, person: str) -> list[Session]:
        """The sessions of a person that are not ended, in order of opening."""
        kept = self.memory.sessions.values()
        return [each for each in kept if each.person == person and each.ended_at is None]

    def see_session(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """Note that a session is used."""
        found = self.memory.sessions[id]
        if found.ended_at is None:
            self._put(self.memory.sessions, id, replace(found, seen_at=at))

    def turn_session(self, id: str, token: bytes, at: datetime) -> None:  # noqa: A002  its name
        """Give a session another token: the person has shown a factor again."""
        found = self.memory.sessions[id]
        expect(found.ended_at is None, "what is over stays over")
        turned = replace(found, token=token, confirmed_at=at, seen_at=at)
        self._put(self.memory.sessions, id, turned)

    def end_session(self, id: str, at: datetime, why: str) -> bool:  # noqa: A002  its name
        """End a session; False if it has ended before."""
        found = self.memory.sessions.get(id)
        if found is None or found.ended_at is not None:
            return False
        self._put(self.memory.sessions, id, replace(found, ended_at=at, ended_why=why))
        return True

    def add_hook(self, hook: Hook) -> None:
        """Keep a webhook."""
        self._expect_person(hook.person)
        expect(hook.key in self.memory.keys, "a webhook is made by a key")
        self._add(self.memory.hooks, hook.id, hook)

    def hook(self, id: str) -> Hook | None:  # noqa: A002  its name
        """A webhook, if it is not removed."""
        found = self.memory.hooks.get(id)
        return None if found is None or found.removed_at is not None else found

    def hooks(self, person: str, scheme: str) -> list[Hook]:
        """The webhooks of a person in a scheme that are not removed, in order of making."""
        return [
            each
            for each in self.memory.hooks.values()
            if (each.person, each.scheme, each.removed_at) == (person, scheme, None)
        ]

    def hooks_due(self, at: datetime, *, limit: int) -> list[Hook]:
        """Webhooks that may be told something now: not stopped, of people and keys let in."""
        found = [
            each
            for each in self.memory.hooks.values()
            if each.due_at <= at
            and each.stopped_at is None
            and each.removed_at is None
            and self.memory.keys[each.key].revoked_at is None
            and not self.memory.people[each.person].barred
        ]
        return sorted(found, key=lambda each: each.due_at)[:limit]

    def put_hook(self, hook: Hook) -> bool:
        """Keep how a webhook stands; False if it was changed since it was read."""
        found = self.hook(hook.id)
        if found is None or found.version != hook.version:
            return False
        self._put(self.memory.hooks, hook.id, replace(hook, version=hook.version + 1))
        return True

    def add_try(self, tried: HookTry) -> None:
        """Write down a telling."""
        self.memory.last_try += 1
        number = self.memory.last_try
        self._add(self.memory.hook_tries, number, replace(tried, number=number))

    def forget_tries(self, before: datetime) -> int:
        """Forget how tellings went that were before then; how many there were."""
        old = [number for number, each in self.memory.hook_tries.items() if each.at < before]
        for number in old:
            self._drop(self.memory.hook_tries, number)
        return len(old)

    def tries(
        self,
        hook: str,
        *,
        before: int | None,
        made: tuple[datetime, datetime] | None = None,
        limit: int,
    ) -> list[HookTry]:
        """How the tellings of a webhook went, the newest first, before a number."""
        found = [
            each
            for _, each in sorted(self.memory.hook_tries.items(), reverse=True)
            if each.hook == hook
            and (before is None or each.number < before)
            and (made is None or made[0] <= each.at < made[1])
        ]
        return found[:limit]

    def add_recovery(self, recovery: Recovery) -> None:
        """Keep that a recovery was asked for."""
        self._expect_person(recovery.person)
        self._expect_person(recovery.asked_by)
        expect(recovery.asked_by != recovery.person, "nobody recovers themself")
        self._add(self.memory.recoveries, recovery.id, recovery)

    def recovery(self, id: str) -> Recovery | None:  # noqa: A002  its name
        """A recovery."""
        return self.memory.recoveries.get(id)

    def agree(self, id: str, by: str, at: datetime, signs_from: datetime) -> bool:  # noqa: A002
        """Agree to a recovery; False if that was done before."""
        found = self.memory.recoveries.get(id)
        if found is None or found.agreed_at is not None:
            return False
        self._expect_person(by)
        expect(by not in {found.person, found.asked_by}, "a recovery takes two others")
        expect(at < found.until, "a recovery is agreed to in time")
        agreed = replace(found, agreed_by=by, agreed_at=at, signs_from=signs_from)
        self._put(self.memory.recoveries, id, agreed)
        return True

    def recoveries(self) -> list[Recovery]:
        """All recoveries, in order of asking."""
        return list(self.memory.recoveries.values())

    def signs_from(self, person: str) -> datetime | None:
        """From when a person may sign again after the last recovery."""
        found = [
            each.signs_from
            for each in self.memory.recoveries.values()
            if each.person == person and each.signs_from is not None
        ]
        return max(found, default=None)

    def lock_tallies(self, keys: Iterable[bytes]) -> list[Tally]:
        """The tallies of those keys; nobody else counts: one operation runs at a time."""
        found = [
            self.memory.tallies[key] for key in sorted(set(keys)) if key in self.memory.tallies
        ]
        return [each for each in found if each.failures]

    def put_tallies(self, tallies: Iterable[Tally]) -> None:
        """Keep these tallies in the place of those before."""
        for each in tallies:
            self._put(self.memory.tallies, each.key, each)

    def forget_tallies(self, keys: Iterable[bytes]) -> None:
        """Forget all failures by those keys."""
        for key in set(keys) & self.memory.tallies.keys():
            self._drop(self.memory.tallies, key)

    def add_event(self, event: Event) -> None:
        """Write down what happened."""
        numbered = replace(event, number=len(self.memory.events) + 1)
        self._append(self.memory.events, numbered)

    def events(self, person: str | None = None, *, after: int = 0, limit: int = 200) -> list[Event]:
        """What happened to or by a person, or to all, in order, after some number."""
        later = self.memory.events[after:]
        return [each for each in later if person in {None, each.person, each.by}][:limit]


class MemorySigninStore:
    """The records of sign-in in memory."""

    def __init__(self) -> None:
        """Nobody is known."""
        self.memory = MemoryOfSignin()
        self._one_at_a_time = threading.Lock()

    def run(self, operation: Callable[[MemorySigninKeeping], T], *, keep: bool = True) -> T:
        """Run an operation whole or not at all; with ``keep=False`` nothing of it remains."""
        with self._one_at_a_time:
            keeping = MemorySigninKeeping(self.memory)
            try:
                answer = operation(keeping)
            except BaseException:
                keeping.undo()
                raise
            if not keep:
                keeping.undo()
            return answer
