"""Enrolment: a person is made known, gets a code that is good once, and sets their own factors."""

from dataclasses import dataclass
from datetime import datetime

from tonne.refusal import refuse_if_any
from tonne.signin import waits
from tonne.signin.codes import is_code
from tonne.signin.factors import is_way_in, renew_recovery_codes
from tonne.signin.keeping import Keeping
from tonne.signin.lodge import (
    HOUSE,
    Actor,
    Caller,
    Lodge,
    No,
    administrates,
    at_machine,
    clean,
    login_of,
    no,
    refuse,
    the_person,
)
from tonne.signin.records import Person, Ticket
from tonne.signin.refusals import (
    AlreadyEnrolled,
    EnrolmentCodeUnfit,
    LoginTaken,
    LoginUnfit,
    NotSignedIn,
    NoWayInYet,
    PersonBarred,
    PersonCodeUnfit,
)
from tonne.signin.sessions import Opened, open_session, setting
from tonne.signin.tokens import digest, new_typed_code, typed

_LOGIN_MOST = 254
_NAME_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentCode:
    """A code by which a person sets factors; it is told once."""

    person: Person
    code: str
    until: datetime


def enrol(
    lodge: Lodge,
    *,
    login: str,
    name: str,
    administrator: bool = False,
    code: str | None = None,
    by: Actor,
) -> EnrolmentCode:
    """Make a person known, who will sign in under that name; the code is for them alone.

    Who is known elsewhere already, as in a registry, keeps the code by which they are. An
    administrator is enrolled at the machine only: else one would make the second of two.
    """
    under = login_of(login)
    if not 0 < len(under) <= _LOGIN_MOST or " " in under:
        raise refuse(LoginUnfit(reference=HOUSE, login=login))
    if code is not None and not is_code(code, "usr"):
        raise refuse(PersonCodeUnfit(reference=HOUSE, code_given=clean(code)))
    person = Person(
        code=code or lodge.code("usr"),
        login=under,
        name=clean(name, _NAME_MOST),
        administrator=administrator,
        barred=False,
        enrolled_at=lodge.now(),
    )

    def add(keeping: Keeping) -> EnrolmentCode:
        administrates(keeping, by)
        if administrator:
            at_machine(by)
        if keeping.person_by_login(under) is not None:
            raise refuse(LoginTaken(reference=HOUSE, login=under))
        if keeping.person(person.code) is not None:
            raise refuse(AlreadyEnrolled(reference=HOUSE, person=person.code))
        keeping.add_person(person)
        lodge.note(keeping, "enrolled", person.code, place=by.place, by=by.person, what=under)
        return give_code(lodge, keeping, person, by=by)

    return lodge.run(add)


def enrol_again(lodge: Lodge, *, person: str, by: Actor) -> EnrolmentCode:
    """A new code for who never had a way in; who has, or had one, takes a recovery."""

    def again(keeping: Keeping) -> EnrolmentCode:
        administrates(keeping, by)
        found = the_person(keeping, person)
        if found.administrator:
            at_machine(by)
        if found.barred:
            raise refuse(PersonBarred(reference=HOUSE, person=person))
        had = keeping.signs_from(person) is not None
        if had or is_way_in(keeping.factors(person)):
            raise refuse(AlreadyEnrolled(reference=HOUSE, person=person))
        return give_code(lodge, keeping, found, by=by)

    return lodge.run(again)


def give_code(lodge: Lodge, keeping: Keeping, person: Person, *, by: Actor) -> EnrolmentCode:
    """A code within an operation; those before do not serve any more."""
    at, code = lodge.now(), new_typed_code(lodge.chance)
    until = at + lodge.terms.enrolment
    keeping.void_tickets(person.code, "enrolment", at)
    ticket = Ticket(
        digest=digest(code),
        kind="enrolment",
        person=person.code,
        session=None,
        act=b"",
        challenge=b"",
        made_at=at,
        until=until,
    )
    keeping.add_ticket(ticket)
    lodge.note(keeping, "enrolment code made", person.code, place=by.place, by=by.person)
    return EnrolmentCode(person=person, code=code, until=until)


def open_enrolment(lodge: Lodge, *, code: str, caller: Caller) -> Opened:
    """Open a session that is good for setting factors and for nothing else, once for a code."""
    at, place = lodge.now(), waits.of_place(caller.place)
    free = {place: lodge.terms.borne_of_place}

    def begin(keeping: Keeping) -> Opened | No:
        tallies = keeping.lock_tallies(free)
        refuse_if_any(waits.wait_refusals(tallies, at))
        ticket = keeping.take_ticket(digest(typed(code)), "enrolment", at)
        person = None if ticket is None else keeping.person(ticket.person or "")
        if ticket is None or person is None or person.barred:
            keeping.put_tallies(waits.one_more(free, tallies, at, lodge.terms))
            what = "enrolment code"
            lodge.note(keeping, "failed", None, place=caller.place, what=what)
            return no(EnrolmentCodeUnfit(reference=HOUSE))
        session, token = open_session(
            lodge, keeping, person, factors=("enrolment code",), caller=caller, until=ticket.until
        )
        lodge.note(keeping, "enrolment opened", person.code, place=caller.place, what=session.id)
        return Opened(session=session, token=token, device="")

    return lodge.run(begin)


def finish_enrolment(lodge: Lodge, token: str) -> tuple[str, ...]:
    """End an enrolment that has given a way in; recovery codes are told, once.

    The person now signs in by what was set.
    """
    session = setting(lodge, token)
    if not session.enrolling:
        raise refuse(NotSignedIn(reference=HOUSE))

    def finish(keeping: Keeping) -> tuple[str, ...]:
        if not is_way_in(keeping.factors(session.person)):
            raise refuse(NoWayInYet(reference=HOUSE))
        codes = renew_recovery_codes(lodge, keeping, session)
        keeping.end_session(session.id, lodge.now(), "enrolled")
        return codes

    return lodge.run(finish)


def people(lodge: Lodge, *, by: Actor) -> list[Person]:
    """Everybody who is enrolled, for an administrator."""

    def look(keeping: Keeping) -> list[Person]:
        administrates(keeping, by)
        return keeping.people()

    return lodge.ask(look)


def person(lodge: Lodge, code: str) -> Person:
    """The person of that code, or 9123."""
    return lodge.ask(lambda keeping: the_person(keeping, code))
