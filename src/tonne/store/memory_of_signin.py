"""What is kept in memory of sign-in, and of it the keys of programs with what they were given."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from tonne.signin import (
    Event,
    Factor,
    Hook,
    HookTry,
    Key,
    Person,
    Provider,
    Recovery,
    Session,
    Tally,
    Ticket,
    Token,
)
from tonne.store.undo import Undoing, expect


@dataclass(slots=True)
class MemoryOfSignin:
    """Everything that is known of who signs in."""

    people: dict[str, Person] = field(default_factory=dict)
    factors: dict[str, Factor] = field(default_factory=dict)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    used: dict[int, datetime] = field(default_factory=dict)
    """The tickets that were used, by number."""

    providers: dict[str, Provider] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    tokens: dict[bytes, Token] = field(default_factory=dict)
    assertions: dict[bytes, datetime] = field(default_factory=dict)
    """The assertions that were used, and until when they would be good."""

    hooks: dict[str, Hook] = field(default_factory=dict)
    hook_tries: dict[int, HookTry] = field(default_factory=dict)
    recoveries: dict[str, Recovery] = field(default_factory=dict)
    tallies: dict[bytes, Tally] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    last_ticket: int = 0
    last_try: int = 0


class MemoryKeyKeeping(Undoing):
    """The keys of programs, and tokens of those that sign for themselves."""

    def __init__(self, memory: MemoryOfSignin) -> None:
        """A view that remembers what it changes."""
        super().__init__()
        self.memory = memory

    def add_key(self, key: Key) -> None:
        """Keep a key."""
        self._expect_person(key.person)
        expect(bool(key.scopes), "a key is good for something")
        for other in ("transfers:propose", "market:trade"):
            both = {other, "transfers:approve"} <= set(key.scopes)
            expect(not both, "no key both proposes and approves")
        expect(self.key_by_digest(key.digest) is None, "a secret is of one key")
        expect(key.public_key != "", "a public key is written out")
        self._add(self.memory.keys, key.id, key)

    def key_by_digest(self, digest: bytes) -> Key | None:
        """The key that has this digest, revoked or not."""
        found = (each for each in self.memory.keys.values() if each.digest == digest)
        return next(found, None)

    def key(self, id: str) -> Key | None:  # noqa: A002  its name
        """A key, revoked or not."""
        return self.memory.keys.get(id)

    def keys(self, person: str | None = None) -> list[Key]:
        """The keys of a person or of all, in order of making."""
        return [each for each in self.memory.keys.values() if person in {None, each.person}]

    def use_key(self, id: str, at: datetime) -> None:  # noqa: A002  its name
        """Note that a key is used."""
        found = self.memory.keys[id]
        if found.revoked_at is None:
            self._put(self.memory.keys, id, replace(found, used_at=at))

    def revoke_key(self, id: str, at: datetime) -> bool:  # noqa: A002  its name
        """Revoke a key; False if it was revoked before."""
        found = self.memory.keys.get(id)
        if found is None or found.revoked_at is not None:
            return False
        self._put(self.memory.keys, id, replace(found, revoked_at=at))
        return True

    def use_assertion(self, digest: bytes, until: datetime) -> bool:
        """Note that an assertion was used; False if it was used before."""
        if digest in self.memory.assertions:
            return False
        self._add(self.memory.assertions, digest, until)
        return True

    def add_token(self, token: Token) -> None:
        """Keep a token, which is within its key."""
        key = self.memory.keys.get(token.key)
        within = (
            key is not None
            and key.public_key is not None
            and key.revoked_at is None
            and set(token.scopes) <= set(key.scopes)
        )
        expect(within, "a token is within its key")
        expect(bool(token.scopes), "a token is good for something")
        expect(token.until > token.made_at, "a token lasts")
        self._add(self.memory.tokens, token.digest, token)

    def token(self, digest: bytes) -> Token | None:
        """The token that has this digest, over or not."""
        return self.memory.tokens.get(digest)

    def forget_tokens(self, before: datetime) -> None:
        """Forget tokens and assertions that were over before then."""
        for token in [each for each in self.memory.tokens.values() if each.until < before]:
            self._drop(self.memory.tokens, token.digest)
        for used in [each for each, until in self.memory.assertions.items() if until < before]:
            self._drop(self.memory.assertions, used)

    def _expect_person(self, code: str) -> None:
        expect(code in self.memory.people, "nobody has this code")
