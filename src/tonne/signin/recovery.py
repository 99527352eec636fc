"""Recovery: who has lost their factors gets a new start by two administrators, never by one."""

from dataclasses import dataclass
from datetime import datetime

from tonne.signin.codes import is_code
from tonne.signin.enrolment import EnrolmentCode, give_code
from tonne.signin.keeping import Keeping
from tonne.signin.lodge import (
    HOUSE,
    Actor,
    Lodge,
    administrates,
    clean,
    end_all,
    refuse,
    remove,
    the_person,
)
from tonne.signin.records import Recovery
from tonne.signin.refusals import (
    NotAdministrator,
    PersonBarred,
    RecoveryByOneself,
    RecoveryUnknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What an agreed recovery gives: a code for the person, and from when they sign again."""

    enrolment: EnrolmentCode
    signs_from: datetime
    sessions_ended: int
    keys_ended: int


def ask_recovery(lodge: Lodge, *, person: str, reason: str, by: Actor) -> Recovery:
    """Ask that a person may set new factors; nothing changes before another agrees."""
    asked_by = _administrator(by)
    at = lodge.now()
    asked = Recovery(
        id=lodge.code("rec"),
        person=person,
        reason=clean(reason),
        asked_by=asked_by,
        asked_at=at,
        until=at + lodge.terms.recovery,
        agreed_by=None,
        agreed_at=None,
        signs_from=None,
    )

    def ask(keeping: Keeping) -> Recovery:
        administrates(keeping, by)
        if the_person(keeping, person).barred:
            raise refuse(PersonBarred(reference=HOUSE, person=person))
        if person == asked_by:
            raise refuse(RecoveryByOneself(reference=HOUSE, person=asked_by))
        keeping.add_recovery(asked)
        what = f"{asked.id}: {asked.reason}"
        lodge.note(keeping, "recovery asked", person, place=by.place, by=asked_by, what=what)
        return asked

    return lodge.run(ask)


def agree_recovery(lodge: Lodge, *, recovery: str, by: Actor) -> Recovered:
    """Agree to what another asked: factors, sessions and keys of the person end; a code is told.

    Who came in wrongly before may have made a key, or a webhook by it: both are dead from now on.
    For a day the person looks and does not sign, so that somebody who came by the code wrongly is
    noticed before anything moves.
    """
    agreed_by = _administrator(by)

    def agree(keeping: Keeping) -> Recovered:
        administrates(keeping, by)
        at = lodge.now()
        asked = keeping.recovery(recovery) if is_code(recovery, "rec") else None
        if asked is None or asked.agreed_at is not None or at >= asked.until:
            raise refuse(RecoveryUnknown(reference=HOUSE, recovery=recovery))
        if agreed_by in {asked.person, asked.asked_by}:
            raise refuse(RecoveryByOneself(reference=HOUSE, person=agreed_by))
        person = the_person(keeping, asked.person)
        if person.barred:
            raise refuse(PersonBarred(reference=HOUSE, person=person.code))
        signs_from = at + lodge.terms.cool_off
        if not keeping.agree(recovery, agreed_by, at, signs_from):
            raise refuse(RecoveryUnknown(reference=HOUSE, recovery=recovery))
        remove(keeping, [each.id for each in keeping.factors(person.code)], at)
        ended = end_all(lodge, keeping, person.code, why="recovery", place=by.place)
        keys_ended = _end_keys(lodge, keeping, person.code, by=by)
        what = f"{recovery}: signs from {signs_from:%Y-%m-%d %H:%M} UTC"
        lodge.note(keeping, "recovery agreed", person.code, place=by.place, by=agreed_by, what=what)
        code = give_code(lodge, keeping, person, by=by)
        return Recovered(
            enrolment=code, signs_from=signs_from, sessions_ended=ended, keys_ended=keys_ended
        )

    return lodge.run(agree)


def _end_keys(lodge: Lodge, keeping: Keeping, person: str, *, by: Actor) -> int:
    """Revoke all keys of a person; a webhook is told nothing once its key is revoked."""
    at = lodge.now()
    ended = [each.id for each in keeping.keys(person) if keeping.revoke_key(each.id, at)]
    for key in ended:
        lodge.note(keeping, "key revoked", person, place=by.place, by=by.person, what=key)
    return len(ended)


def recoveries(lodge: Lodge, *, by: Actor) -> list[Recovery]:
    """All recoveries that were asked for, for an administrator."""

    def look(keeping: Keeping) -> list[Recovery]:
        administrates(keeping, by)
        return keeping.recoveries()

    return lodge.ask(look)


def _administrator(by: Actor) -> str:
    """A recovery is asked for and agreed to by people with names, never by a machine."""
    if by.person is None:
        raise refuse(NotAdministrator(reference=HOUSE, person=by.place))
    return by.person
