"""People of a registry: who they are, whom they act for, and what was said of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from msgspec import Struct

from tonne.people.grounds import (
    CommentMissing,
    PersonTurnNotAllowed,
)
from tonne.people.rules import Position
from tonne.refusal import Refusal

PersonState = Literal["registered", "validated", "enrolled", "suspended", "deactivated"]
"""How far a person has come: known; known and looked at; able to sign in; kept out for a while;
kept out for ever."""

PersonEvent = Literal["validate", "enrol", "suspend", "restore", "deactivate"]

PERSON_TURNS: Mapping[tuple[PersonState, PersonEvent], PersonState] = {
    ("registered", "validate"): "validated",
    ("validated", "enrol"): "enrolled",
    ("registered", "suspend"): "suspended",
    ("validated", "suspend"): "suspended",
    ("enrolled", "suspend"): "suspended",
    ("suspended", "restore"): "enrolled",
    ("registered", "deactivate"): "deactivated",
    ("validated", "deactivate"): "deactivated",
    ("enrolled", "deactivate"): "deactivated",
    ("suspended", "deactivate"): "deactivated",
}
"""What may become of a person. Who is restored is what they were before they were suspended."""

HolderKind = Literal["organisation", "individual", "government"]
PEOPLE = "Rule of the registry: who acts is known, and acts for whom they were appointed"


class Registered(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A person is known from now on, or is known better."""

    name: str
    email: str
    organisation: str = ""
    """The code of the holder that they belong to."""

    language: str = ""
    """In which they are written to; English if it is not said."""


class Turned(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Something becomes of a person."""

    event: PersonEvent
    reason: str = ""


class PositionTaken(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A person takes a position at the registry, or leaves it."""

    position: Position | None


PersonWord = Registered | Turned | PositionTaken


class HolderKnown(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An account holder is known from now on, or is known better."""

    kind: HolderKind
    name: str
    country: str
    number: str = ""
    """As the country registers it, or its LEI."""

    address: str = ""


class DocumentGiven(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A document was seen that shows who a holder or a person is."""

    name: str
    digest: str
    """SHA-256 of the file, in hexadecimal."""

    size: int


HolderWord = HolderKnown | DocumentGiven


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as they are known now."""

    code: str
    name: str
    email: str
    organisation: str = ""
    state: PersonState = "registered"
    before: PersonState = "registered"
    """What they were when they were suspended."""

    position: Position | None = None
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An account holder as it is known now, with the documents that were seen."""

    code: str
    kind: HolderKind
    name: str
    country: str
    number: str = ""
    address: str = ""
    documents: tuple[DocumentGiven, ...] = ()


def person_of(code: str, words: Iterable[object]) -> Person | None:
    """The person of whom this was said, if it was."""
    person: Person | None = None
    for word in words:
        match word:
            case Registered():
                known = person or Person(code=code, name="", email="")
                person = replace(
                    known,
                    name=word.name,
                    email=word.email,
                    organisation=word.organisation,
                    language=word.language,
                )
            case Turned():
                assert person is not None, "who becomes something is known"
                becomes = next_state(person, word.event)
                assert becomes is not None, "what was said was allowed"
                person = replace(person, state=becomes, before=person.state)
            case PositionTaken():
                assert person is not None, "who takes a position is known"
                person = replace(person, position=word.position)
    return person


def holder_of(code: str, words: Iterable[object]) -> Holder | None:
    """The holder of whom this was said, if it was."""
    holder: Holder | None = None
    for word in words:
        match word:
            case HolderKnown():
                holder = Holder(
                    code=code,
                    kind=word.kind,
                    name=word.name,
                    country=word.country,
                    number=word.number,
                    address=word.address,
                    documents=() if holder is None else holder.documents,
                )
            case DocumentGiven():
                assert holder is not None, "who gives a document is known"
                holder = replace(holder, documents=(*holder.documents, word))
    return holder


def next_state(person: Person, event: PersonEvent) -> PersonState | None:
    """What becomes of a person, if that may be."""
    becomes = PERSON_TURNS.get((person.state, event))
    return person.before if event == "restore" and becomes is not None else becomes


def turn_refusals(person: Person, event: PersonEvent, reason: str) -> Iterator[Refusal]:
    """1214, 1208: whether something may become of a person; who is kept out is told why."""
    if next_state(person, event) is None:
        yield PersonTurnNotAllowed(
            reference=PEOPLE, person=person.code, state=person.state, event=event
        )
    if event in {"suspend", "deactivate", "restore"} and not reason.strip():
        yield CommentMissing(reference=PEOPLE, what=f"{event} a person")


class HeldBy(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An account is a holder's from now on."""

    holder: str


class RulesSet(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """How careful an account wants to be.

    As it is opened a second person agrees to everything, and nothing goes but to trusted accounts.
    """

    second_for_trusted: bool = True
    """Whether a second person agrees to transfers to trusted accounts."""

    outside_list: bool = False
    """Whether units may go to accounts that are not trusted."""

    second_for_duties: bool = True
    """Whether a second person agrees to surrenders, and to the return of an excess."""


class Appointed(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A person represents the account from now on, or with another right."""

    person: str
    right: str


class MandateTurned(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A representative is suspended, restored or removed."""

    person: str
    event: Literal["suspend", "restore", "remove"]
    reason: str = ""


class TrustedFrom(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Another account is trusted from that moment on."""

    target: str
    description: str
    active: datetime


class Distrusted(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Another account is trusted no more."""

    target: str


class VerifierAppointed(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A verifier sees and judges the account's reports of some years, and of no others."""

    person: str
    first_year: int
    last_year: int

    def covers(self, year: int) -> bool:
        """Whether it is for a year."""
        return self.first_year <= year <= self.last_year


class VerifierDismissed(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A verifier sees and judges nothing of the account any more."""

    person: str
    reason: str = ""


AccountWord = (
    HeldBy | RulesSet | Appointed | MandateTurned | TrustedFrom | Distrusted | VerifierAppointed
    | VerifierDismissed
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """What a person may do on an account."""

    person: str
    right: str
    suspended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPeople:
    """Whose an account is, who acts on it, and whom it trusts."""

    account: str
    holder: str | None = None
    rules: RulesSet = field(default_factory=RulesSet)
    mandates: Mapping[str, Mandate] = field(default_factory=dict)
    """By person, of those who represent it now."""

    trusted: Mapping[str, TrustedFrom] = field(default_factory=dict)
    """By number, of those that are trusted or will be."""

    verifiers: Mapping[str, VerifierAppointed] = field(default_factory=dict)
    """By person, of those who verify for it, as they were last appointed."""

    acted: frozenset[str] = frozenset()
    """Everybody who represents it or ever did."""

    def trusts(self, target: str, at: datetime) -> bool:
        """Whether another account is trusted at a moment."""
        found = self.trusted.get(target)
        return found is not None and found.active <= at


def people_of(account: str, words: Iterable[object]) -> AccountPeople:
    """The people of an account, after all that was said of them."""
    found = AccountPeople(account=account)
    for word in words:
        found = _told(found, word)
    return found


def _told(found: AccountPeople, word: object) -> AccountPeople:
    mandates, trusted = dict(found.mandates), dict(found.trusted)
    match word:
        case HeldBy():
            return replace(found, holder=word.holder)
        case RulesSet():
            return replace(found, rules=word)
        case Appointed():
            mandates[word.person] = Mandate(person=word.person, right=word.right)
            found = replace(found, acted=found.acted | {word.person})
        case MandateTurned(event="remove"):
            del mandates[word.person]
        case MandateTurned():
            mandate = mandates[word.person]
            mandates[word.person] = replace(mandate, suspended=word.event == "suspend")
        case TrustedFrom():
            trusted[word.target] = word
        case Distrusted():
            del trusted[word.target]
        case VerifierAppointed():
            return replace(found, verifiers={**found.verifiers, word.person: word})
        case VerifierDismissed():
            left = {code: each for code, each in found.verifiers.items() if code != word.person}
            return replace(found, verifiers=left)
    return replace(found, mandates=mandates, trusted=trusted)
