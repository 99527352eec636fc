"""The lodge: where people are let in. It has the records, the clock, chance and the key."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from tonne.refusal import Refusal, Refused
from tonne.signin.abroad import Abroad
from tonne.signin.codes import CHANCE_BYTES, is_code, new_code
from tonne.signin.keeping import Keeping, Records
from tonne.signin.passkeys import Site
from tonne.signin.records import Event, EventKind, Factor, FactorKind, Person
from tonne.signin.refusals import NotAdministrator, OnlyAtMachine, PersonUnknown
from tonne.signin.seal import Seal
from tonne.signin.terms import Hashing, Terms
from tonne.signin.tokens import Chance

T = TypeVar("T")

HOUSE = "Rule of the house: who is let in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is at the door: from which address, with what browser, and what it holds of ours."""

    place: str
    agent: str = ""
    device: str = ""
    """What a browser was given when somebody signed in with it before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something for or about another: an administrator, or whoever is at the machine."""

    person: str | None
    place: str


@dataclass(frozen=True, slots=True)
class No:
    """An answer that refuses, and leaves what was written down of it."""

    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lodge:
    """What every act of sign-in needs."""

    records: Records
    now: Callable[[], datetime]
    """The moment, in UTC."""

    chance: Chance
    """So many random bytes, fit for secrets."""

    site: Site
    seal: Seal | None = None
    """The key by which secrets are sealed; who only looks and ends needs none."""

    abroad: Abroad | None = None
    """By which other houses are asked who let their people in; without it none is."""

    terms: Terms = field(default_factory=Terms)
    hashing: Hashing = field(default_factory=Hashing)

    @property
    def key(self) -> Seal:
        """The key by which secrets are sealed."""
        assert self.seal is not None, "who lets people in has the key"
        return self.seal

    def code(self, prefix: str) -> str:
        """A new code of that kind."""
        return new_code(prefix, self.now(), self.chance(CHANCE_BYTES))

    def run(self, operation: Callable[[Keeping], T | No]) -> T:
        """Run an operation and keep what it wrote, also where it says no."""
        answer = self.records.run(operation)
        if isinstance(answer, No):
            raise Refused(answer.refusals)
        return answer

    def ask(self, question: Callable[[Keeping], T]) -> T:
        """The answer to a question; nothing is kept."""
        return self.records.run(question, keep=False)

    def note(
        self,
        keeping: Keeping,
        kind: EventKind,
        person: str | None,
        *,
        place: str,
        by: str | None = None,
        what: str = "",
    ) -> None:
        """Write down what happened."""
        event = Event(
            at=self.now(), kind=kind, person=person, by=by, place=clean(place), what=clean(what)
        )
        keeping.add_event(event)


def no(*refusals: Refusal) -> No:
    """No, for these reasons."""
    return No(refusals)


def refuse(*refusals: Refusal) -> Refused:
    """The same where nothing is to be kept."""
    return Refused(refusals)


def login_of(text: str) -> str:
    """A name to sign in under, in the one form in which it is kept and compared.

    >>> login_of(" Ana.Novak@Example.org ")
    'ana.novak@example.org'
    """
    clean_text = text.encode(errors="replace").decode()
    found = unicodedata.normalize("NFKC", clean_text).strip().casefold()
    return found if found.isprintable() else ""


def clean(text: str, most: int = 200) -> str:
    """A text from outside as it may stand in a record: one line, not too long."""
    readable = text.encode(errors="replace").decode()
    return "".join(each if each.isprintable() else " " for each in readable)[:most]


def new_factor(
    lodge: Lodge,
    person: str,
    kind: FactorKind,
    secret: bytes,
    *,
    id: str = "",  # noqa: A002  its name
    label: str = "",
    counter: int = 0,
    counts: bool = True,
) -> Factor:
    """A factor that begins now; ``counts`` says whether it needs no confirmation."""
    at = lodge.now()
    return Factor(
        id=id or lodge.code("fac"),
        person=person,
        kind=kind,
        secret=secret,
        counter=counter,
        label=clean(label, 80),
        made_at=at,
        confirmed_at=at if counts else None,
        used_at=None,
        removed_at=None,
    )


def the_person(keeping: Keeping, code: str) -> Person:
    """The person of that code, or 9123."""
    found = keeping.person(code) if is_code(code, "usr") else None
    if found is None:
        raise refuse(PersonUnknown(reference=HOUSE, person=clean(code)))
    return found


def administrates(keeping: Keeping, by: Actor) -> None:
    """Nothing if an administrator acts, or whoever is at the machine itself; else 9170."""
    if by.person is None:
        return
    found = keeping.person(by.person)
    if found is None or not found.administrator or found.barred:
        raise refuse(NotAdministrator(reference=HOUSE, person=by.person))


def at_machine(by: Actor) -> None:
    """Nothing if somebody acts at the machine itself; else 9173."""
    if by.person is not None:
        raise refuse(OnlyAtMachine(reference=HOUSE))


def end_all(
    lodge: Lodge, keeping: Keeping, person: str, *, why: str, but: str = "", place: str
) -> int:
    """End the sessions of a person, but for one if so said; how many there were."""
    at = lodge.now()
    ended = [
        each
        for each in keeping.sessions(person)
        if each.id != but and keeping.end_session(each.id, at, why)
    ]
    for each in ended:
        lodge.note(keeping, "session ended", person, place=place, what=f"{each.id}: {why}")
    return len(ended)


def remove(keeping: Keeping, ids: Iterable[str], at: datetime) -> None:
    """Remove factors."""
    for each in ids:
        keeping.remove_factor(each, at)
