"""What is kept of people who sign in, and of programs that call. No secret stands here in clear."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FactorKind = Literal["password", "totp", "passkey", "recovery", "device", "provider"]
TicketKind = Literal["enrolment", "register", "enter", "step-up", "proof", "provider", "second"]
EventKind = Literal[
    "enrolled",
    "enrolment code made",
    "enrolment opened",
    "factor added",
    "factor removed",
    "signed in",
    "failed",
    "signed out",
    "session ended",
    "stepped up",
    "act signed",
    "recovery asked",
    "recovery agreed",
    "key made",
    "key revoked",
    "webhook made",
    "webhook changed",
    "webhook stopped",
    "barred",
    "admitted",
    "provider added",
    "provider removed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may sign in, known to all else by the code."""

    code: str
    login: str
    name: str
    administrator: bool
    """Whether they may ask for and agree to recoveries, and see and end what is others'."""

    barred: bool
    enrolled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """Something by which a person is known: a password, a seed, a passkey, a code, a browser."""

    id: str
    person: str
    kind: FactorKind
    secret: bytes
    """Sealed, if it is a password's hash or a seed; a public key; or a digest."""

    counter: int
    """The last step of a seed, the counter of a passkey, 1 for a recovery code that is used."""

    label: str
    made_at: datetime
    confirmed_at: datetime | None
    """Since when it counts: a seed counts once a first code has been given."""

    used_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A house elsewhere that lets its own people in and tells us who, by OpenID Connect."""

    id: str
    name: str
    issuer: str
    client: str
    """By what it knows us."""

    secret: bytes
    """What it gave us to show, sealed."""

    enough: tuple[str, ...]
    """What it says of two factors: ``amr=mfa``, ``acr=...``; else a code of ours is asked."""

    made_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Something that is good once and for a short while, found again by a digest."""

    digest: bytes
    kind: TicketKind
    person: str | None
    session: str | None
    act: bytes
    """The digest of the one act it is good for, or nothing."""

    challenge: bytes
    made_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A stay of a person, from sign-in to the end."""

    id: str
    person: str
    token: bytes
    """The digest of what the browser holds."""

    factors: tuple[str, ...]
    """By what it was opened."""

    enrolling: bool
    """Whether it is good for setting factors and for nothing else."""

    place: str
    agent: str
    opened_at: datetime
    confirmed_at: datetime
    """When the person last showed a factor."""

    seen_at: datetime
    until: datetime
    """When it ends, however much it is used."""

    ended_at: datetime | None
    ended_why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A program's leave to call: without the secret that was shown once, or with a public key."""

    id: str
    person: str
    organisation: str | None
    label: str
    digest: bytes
    scopes: tuple[str, ...]
    live: bool
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    public_key: str | None = None
    """Of a program that signs for itself: by this it is known, and is given tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A person lost their factors: one administrator asks, another agrees."""

    id: str
    person: str
    reason: str
    asked_by: str
    asked_at: datetime
    until: datetime
    agreed_by: str | None
    agreed_at: datetime | None
    signs_from: datetime | None
    """From when the person may sign again; before, they may only look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often something failed, and until when nobody is heard about it."""

    key: bytes
    failures: int
    last_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened: who, by whom, from where, when. It is added and never changed."""

    at: datetime
    kind: EventKind
    person: str | None
    by: str | None
    """Who did it, where that is another."""

    place: str
    what: str
    number: int = 0
    """Its place in the order of all; given when it is kept."""
