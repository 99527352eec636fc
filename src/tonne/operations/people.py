"""People and account holders: registered, looked at, kept out; and who acts on an account."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import ClassVar

import msgspec
from msgspec import Struct

from tonne import people, signin
from tonne.ledger import KeptWord, Matter
from tonne.operations.accounts import change_account
from tonne.operations.books import Books
from tonne.operations.heard import enter
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.people import (
    PEOPLE,
    AccountPeople,
    AccountWord,
    CodeMisspelt,
    CommentMissing,
    DayMandates,
    DocumentGiven,
    Holder,
    HolderKnown,
    HolderWord,
    Person,
    PersonEvent,
    PersonWord,
    PositionTaken,
    Registered,
    SchemeFrozen,
    Turned,
    UnknownHolder,
    UnknownPerson,
)
from tonne.refusal import Refusal, Refused, refuse_if_any

PERSON, HOLDER, ACCOUNT, FREEZE = "person", "holder", "account", "freeze"
"""The topics of words about people."""

_CODE = re.compile(r"[a-z]{3}_[0-9a-z]{26}")
_SENIORS_MIN = 2
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Frozen(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A scheme is frozen, or goes on."""

    frozen: bool
    reason: str
    by: str = ""
    """Who froze it; that it goes on, a proposal says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffStandsAlready(Refusal):
    """The first administrators are named once, by who sets the books up; they name the others."""

    number: ClassVar[int] = 1222
    remedy: ClassVar[str] = "Let two administrators give the position: tonne proposal --help."

    seniors: int

    def __str__(self) -> str:
        return f"There are {self.seniors} senior administrators already."


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSeniorsNeeded(Refusal):
    """Nobody approves their own proposal, so a registry begins with two administrators."""

    number: ClassVar[int] = 1223
    remedy: ClassVar[str] = "Name two people, each with a code of their own."

    named: int

    def __str__(self) -> str:
        return f"A registry begins with two senior administrators or more; {self.named} was named."


def mandates_on(scheme: Scheme, day: date) -> DayMandates:
    """Who may do what on a day."""
    return DayMandates.on(scheme.people, day, calendar=scheme.calendar)


def person(books: Books, code: str) -> Person:
    """The person of that code, or 1201."""
    found = people.person_of(code, _said(books, PERSON, code, PersonWord))
    if found is None:
        raise Refused([UnknownPerson(reference=PEOPLE, person=code)])
    return found


def holder(books: Books, code: str) -> Holder:
    """The account holder of that code, or 1213."""
    found = people.holder_of(code, _said(books, HOLDER, code, HolderWord))
    if found is None:
        raise Refused([UnknownHolder(reference=PEOPLE, holder=code)])
    return found


def people_of(books: Books, account: str) -> AccountPeople:
    """Whose an account is, who acts on it, and whom it trusts."""
    return people.people_of(account, _said(books, ACCOUNT, account, AccountWord))


def accounts_of(books: Books, code: str) -> list[AccountPeople]:
    """The accounts that a person represents, or that are a holder's, as they came to be so."""
    found = (people_of(books, account) for account in books.subjects(ACCOUNT, code))
    return [each for each in found if code in {each.holder, *each.mandates}]


def everybody(
    books: Books, *, states: Sequence[str] | None = None, after: int = 0, limit: int | None = None
) -> Sequence[Matter]:
    """The people who are known, as they came, by how they stand."""
    return books.matters(PERSON, states=states, after=after, limit=limit)


def begin(
    books: Books, scheme: Scheme, seniors: Sequence[tuple[str, Registered]], *, desk: Desk
) -> list[Person]:
    """Name the first senior administrators, two of them or more; they name all others."""
    refuse_if_any(scheme.on(desk.day).act_refusals("begin_registry", desk.by))
    codes = {code for code, _ in seniors}
    grounds: list[Refusal] = [no for code in codes for no in code_refusals(code, "usr")]
    books.speak_alone(PERSON, "")
    standing = books.matters(PERSON)
    if standing:
        grounds.append(StaffStandsAlready(reference=PEOPLE, seniors=len(standing)))
    if len(codes) < _SENIORS_MIN:
        grounds.append(TwoSeniorsNeeded(reference=PEOPLE, named=len(codes)))
    refuse_if_any(grounds)
    key = f"begin {' '.join(sorted(codes))}"
    entry = tell(books, scheme, "begin_registry", key=key, asked=list(seniors), desk=desk)
    books.say(
        entry,
        [
            _word(PERSON, code, word, state=state)
            for code, registered in seniors
            for word, state in (
                (registered, "registered"),
                (Turned(event="validate"), "validated"),
                (PositionTaken(position="senior"), "validated"),
                (Turned(event="enrol"), "enrolled"),
            )
        ],
    )
    return [person(books, code) for code, _ in seniors]


def register_person(
    books: Books, scheme: Scheme, code: str, said: Registered, *, by: str, key: str, desk: Desk
) -> Person:
    """Make a person known, or known better."""
    digest, before = once(books, scheme, key, "register_person", (code, said, by))
    if before is None:
        does(books, scheme, by, "register", desk=desk, also=list(code_refusals(code, "usr")))
        books.speak_alone(PERSON, code)
        known = people.person_of(code, _said(books, PERSON, code, PersonWord))
        if said.organisation:
            holder(books, said.organisation)
        entry = _enter(books, scheme, key, digest, "register_person", desk=desk)
        state = "registered" if known is None else known.state
        books.say(entry, [_word(PERSON, code, said, state=state, about=said.organisation)])
    return person(books, code)


def turn_person(
    books: Books,
    scheme: Scheme,
    code: str,
    event: PersonEvent,
    *,
    reason: str = "",
    by: str,
    key: str,
    desk: Desk,
) -> Person:
    """Validate, enrol or suspend a person: what one member of the staff does at once."""
    digest, before = once(books, scheme, key, "turn_person", (code, event, reason, by))
    if before is None:
        books.speak_alone(PERSON, code)
        concerned = person(books, code)
        also = list(people.turn_refusals(concerned, event, reason))
        if by == code and event != "suspend":
            also.append(people.OwnProposal(reference=PEOPLE, person=by, proposal=event))
        does(books, scheme, by, event, desk=desk, also=also)
        entry = _enter(books, scheme, key, digest, "turn_person", desk=desk)
        say_person(books, entry, concerned, Turned(event=event, reason=reason))
    return person(books, code)


def register_holder(
    books: Books, scheme: Scheme, code: str, said: HolderKnown, *, by: str, key: str, desk: Desk
) -> Holder:
    """Make an account holder known, or known better."""
    digest, before = once(books, scheme, key, "register_holder", (code, said, by))
    if before is None:
        does(books, scheme, by, "register", desk=desk, also=list(code_refusals(code, "org")))
        books.speak_alone(HOLDER, code)
        entry = _enter(books, scheme, key, digest, "register_holder", desk=desk)
        books.say(entry, [_word(HOLDER, code, said, state=said.kind)])
    return holder(books, code)


def give_document(
    books: Books, scheme: Scheme, code: str, said: DocumentGiven, *, by: str, key: str, desk: Desk
) -> Holder:
    """Keep that a document was seen which shows who a holder is: its name, size and digest."""
    digest, before = once(books, scheme, key, "give_document", (code, said, by))
    if before is None:
        does(books, scheme, by, "register", desk=desk)
        books.speak_alone(HOLDER, code)
        known = holder(books, code)
        entry = _enter(books, scheme, key, digest, "give_document", desk=desk)
        books.say(entry, [_word(HOLDER, code, said, state=known.kind)])
    return holder(books, code)


def freeze(books: Books, scheme: Scheme, *, by: str, reason: str, key: str, desk: Desk) -> None:
    """Let nothing be proposed, approved or carried out in a scheme until it is let go on."""
    digest, before = once(books, scheme, key, "freeze", (by, reason))
    if before is None:
        also: list[Refusal] = []
        if not reason.strip():
            also.append(CommentMissing(reference=PEOPLE, what=f"freeze {scheme.name}"))
        does(books, scheme, by, "freeze", desk=desk, also=also)
        books.speak_alone(FREEZE, scheme.name)
        entry = _enter(books, scheme, key, digest, "freeze", desk=desk)
        said = Frozen(frozen=True, by=by, reason=reason)
        books.say(entry, [_word(FREEZE, scheme.name, said, state="frozen", about=by)])


def freeze_account(
    books: Books, scheme: Scheme, account: str, *, by: str, reason: str, key: str, desk: Desk
) -> None:
    """Suspend an account at once: its representatives move nothing, and nothing of theirs goes."""
    also: list[Refusal] = []
    if not reason.strip():
        also.append(CommentMissing(reference=PEOPLE, what=f"freeze {account}"))
    does(books, scheme, by, "freeze", desk=desk, also=also)
    change_account(books, scheme, account, "suspend", reason=f"{by}: {reason}", key=key, desk=desk)


def unfreeze(books: Books, scheme: Scheme, *, reason: str, key: str, desk: Desk) -> None:
    """Let a scheme go on that was frozen; two people want it."""
    entry = tell(books, scheme, "unfreeze", key=key, asked=reason, desk=desk)
    said = Frozen(frozen=False, reason=reason)
    books.say(entry, [_word(FREEZE, scheme.name, said, state="free")])


def frozen_refusals(books: Books, scheme: Scheme) -> list[Refusal]:
    """1209: whether a scheme is frozen."""
    matters = books.matters(FREEZE, scheme.name, states=["frozen"])
    if not matters:
        return []
    last = books.words(FREEZE, scheme.name, last=True)[0]
    said = msgspec.json.decode(last.word.body, type=Frozen)
    return [SchemeFrozen(reference=PEOPLE, scheme=scheme.name, since=last.day, reason=said.reason)]


def does(
    books: Books,
    scheme: Scheme,
    by: str,
    verb: str,
    *,
    desk: Desk,
    also: Iterable[Refusal] = (),
) -> None:
    """Refuse, with all other grounds, what a member of the staff may not do alone."""
    who, law = person(books, by), mandates_on(scheme, desk.day)
    refuse_if_any([*people.doing_refusals(who, verb, law), *also])


def act_for(
    books: Books, scheme: Scheme, account: str, verb: str, *, by: str, desk: Desk
) -> AccountPeople:
    """The people of an account, if a person may do that on it alone; else every ground why not.

    What the law lets nobody do alone is proposed: it is refused here.
    """
    who, law, at_account = (
        person(books, by),
        mandates_on(scheme, desk.day),
        people_of(books, account),
    )
    refuse_if_any(
        [
            *people.proposing_refusals(who, at_account, verb, law),
            *people.alone_refusals(verb, law),
            *frozen_refusals(books, scheme),
        ]
    )
    return at_account


def look_at(books: Books, scheme: Scheme, account: str, *, by: str, desk: Desk) -> AccountPeople:
    """The people of an account, if a person may see what is not public of it."""
    who, law, at_account = (
        person(books, by),
        mandates_on(scheme, desk.day),
        people_of(books, account),
    )
    refuse_if_any(people.seeing_refusals(who, at_account, law))
    return at_account


def read_reports(
    books: Books, scheme: Scheme, account: str, year: int | None = None, *, by: str, desk: Desk
) -> AccountPeople:
    """The people of an account, if a person may see what it reported of a year, or of any.

    Besides those who see the account these are the verifiers that were appointed.
    """
    who, law, at_account = (
        person(books, by),
        mandates_on(scheme, desk.day),
        people_of(books, account),
    )
    refuse_if_any(people.reading_refusals(who, at_account, year, law))
    return at_account


def code_for(prefix: str, *said: str) -> str:
    """The code of what comes of a request: sent again under the same key, it has the same.

    So it does not sort by when it was made, as codes do that are made by chance.
    """
    digest = sha256("\n".join(said).encode()).digest()
    moment = _LONG_AGO + timedelta(milliseconds=int.from_bytes(digest[:5]))
    return signin.new_code(prefix, moment, digest[5 : 5 + signin.CHANCE_BYTES])


def code_refusals(code: str, prefix: str) -> list[Refusal]:
    """1220: whether a code is spelt as codes are."""
    if _CODE.fullmatch(code) and code.startswith(f"{prefix}_"):
        return []
    return [CodeMisspelt(reference=PEOPLE, code=code, prefix=prefix)]


def say_person(books: Books, entry: int, concerned: Person, word: Turned | PositionTaken) -> None:
    """Keep what becomes of a person."""
    state = concerned.state
    if isinstance(word, Turned):
        state = people.next_state(concerned, word.event) or state
    books.say(
        entry,
        [_word(PERSON, concerned.code, word, state=state, about=concerned.organisation)],
    )


def tell_account(
    books: Books,
    scheme: Scheme,
    account: str,
    word: AccountWord,
    *,
    about: str = "",
    key: str,
    desk: Desk,
) -> None:
    """Keep what is said of an account's people; ``about`` whom, so that it is found by them."""
    kind = type(word).__name__.lower()
    entry = tell(books, scheme, kind, key=key, asked=(account, word), desk=desk)
    books.say(entry, [_word(ACCOUNT, account, word, about=about)])


def tell(books: Books, scheme: Scheme, kind: str, *, key: str, asked: object, desk: Desk) -> int:
    """The entry of what is said of people, which is said once."""
    digest, _ = once(books, scheme, key, kind, asked)
    return _enter(books, scheme, key, digest, kind, desk=desk)


def _said(books: Books, topic: str, subject: str, kinds: object) -> list[object]:
    return [msgspec.json.decode(each.word.body, type=kinds) for each in books.words(topic, subject)]


def _word(topic: str, subject: str, body: object, *, state: str = "", about: str = "") -> KeptWord:
    said = msgspec.json.encode(body).decode()
    return KeptWord(topic, subject, said, state=state, about=about)


def _enter(books: Books, scheme: Scheme, key: str, digest: bytes, kind: str, *, desk: Desk) -> int:
    return enter(books, scheme, key=key, digest=digest, kind=kind, because=(PEOPLE,), desk=desk)
