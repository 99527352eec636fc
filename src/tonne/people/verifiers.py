"""Whose reports a verifier sees and judges: those of operators that appointed them, by years."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tonne.people.mandates import DayMandates, acting_refusals, seeing_refusals
from tonne.people.person import AccountPeople, Person
from tonne.refusal import Refusal

YEAR_MIN, YEAR_MAX = 1990, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierNotAppointed(Refusal):
    """A verifier sees and judges reports of operators that appointed them, of those years."""

    number: ClassVar[int] = 9127
    remedy: ClassVar[str] = "Let the operator's representatives appoint the verifier first."

    person: str
    account: str

    def __str__(self) -> str:
        return f"{self.account} did not appoint {self.person} its verifier, or not for that year."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoVerifier(Refusal):
    """Who is appointed verifier of an account has the position of a verifier."""

    number: ClassVar[int] = 9128
    remedy: ClassVar[str] = "Name a verifier, or let the registry give the person that position."

    person: str

    def __str__(self) -> str:
        return f"{self.person} is no verifier at this registry."


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsMisordered(Refusal):
    """A verifier is appointed for years, the first of which is not after the last."""

    number: ClassVar[int] = 9129
    remedy: ClassVar[str] = "Name the first year and the last, such as 2025 and 2027."

    first: int
    last: int

    def __str__(self) -> str:
        return f"From {self.first} to {self.last} there are no years to verify."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotItsVerifier(Refusal):
    """Who is dismissed as the verifier of an account was appointed as such."""

    number: ClassVar[int] = 9134
    remedy: ClassVar[str] = "Look who verifies for the account, and compare the code."

    person: str
    account: str

    def __str__(self) -> str:
        return f"{self.person} is not a verifier of {self.account}."


def verifying_refusals(
    person: Person, people: AccountPeople, year: int | None, law: DayMandates
) -> Iterator[Refusal]:
    """9127: whether a verifier was appointed for a year, or for any if none is said."""
    found = people.verifiers.get(person.code)
    if law.verifies(person) and (found is None or (year is not None and not found.covers(year))):
        yield VerifierNotAppointed(
            reference=law.on_positions, person=person.code, account=people.account
        )


def reading_refusals(
    person: Person, people: AccountPeople, year: int | None, law: DayMandates
) -> Iterator[Refusal]:
    """1202, 1203, 9127: who sees what was reported of a year, or of any if none is said.

    Its representatives, staff, and verifiers who were appointed for it.
    """
    if law.verifies(person):
        yield from acting_refusals(person)
        yield from verifying_refusals(person, people, year, law)
    else:
        yield from seeing_refusals(person, people, law)


def verifier_refusals(person: Person, first: int, last: int, law: DayMandates) -> Iterator[Refusal]:
    """1202, 9128, 9129: whether a person may be appointed verifier of an account for years."""
    yield from acting_refusals(person)
    if not law.verifies(person):
        yield NoVerifier(reference=law.on_positions, person=person.code)
    if not YEAR_MIN <= first <= last <= YEAR_MAX:
        yield YearsMisordered(reference=law.on_verbs, first=first, last=last)


def dismissal_refusals(person: str, people: AccountPeople, law: DayMandates) -> Iterator[Refusal]:
    """9134: whether somebody is a verifier of an account, and so may be dismissed."""
    if person not in people.verifiers:
        yield NotItsVerifier(reference=law.on_verbs, person=person, account=people.account)
