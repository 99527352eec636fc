"""Sessions: opened by factors, ended by silence, by age, by their owner or by an administrator."""

from dataclasses import dataclass, replace
from datetime import datetime

from tonne.refusal import Refusal
from tonne.signin import waits
from tonne.signin.keeping import Keeping
from tonne.signin.lodge import (
    HOUSE,
    Actor,
    Caller,
    Lodge,
    No,
    administrates,
    clean,
    end_all,
    no,
    refuse,
    the_person,
)
from tonne.signin.moments import EPOCH
from tonne.signin.records import Event, Person, Session
from tonne.signin.refusals import NotFresh, NotSignedIn, SessionUnknown, SignsLater
from tonne.signin.terms import Terms
from tonne.signin.tokens import digest, new_token

_AGENT_MOST = 200
_TIMEOUTS = "OWASP ASVS 4.0.3, 3.3.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session that was opened, with what the browser is to hold; it is told once."""

    session: Session
    token: str
    device: str
    """Known from now on as a browser of this person; empty if it was known before."""


def who(lodge: Lodge, token: str) -> Session:
    """The session of a token, which is used by that; 9140 if there is none, or no longer."""
    found = _present(lodge, token)
    if found.enrolling:
        raise refuse(NotSignedIn(reference=_TIMEOUTS))
    return found


def fresh(lodge: Lodge, token: str) -> Session:
    """The same where the person showed a factor minutes ago; else 9141."""
    found = who(lodge, token)
    if lodge.now() - found.confirmed_at > lodge.terms.fresh:
        raise refuse(NotFresh(reference="OWASP ASVS 4.0.3, 3.7.1"))
    return found


def setting(lodge: Lodge, token: str) -> Session:
    """The session in which factors may be set: a fresh one, or one of an enrolment."""
    found = _present(lodge, token)
    return found if found.enrolling else fresh(lodge, token)


def signs(lodge: Lodge, person: str) -> None:
    """Nothing if a person may sign; for a time after a recovery they may not (9151)."""
    signs_from = lodge.ask(lambda keeping: keeping.signs_from(person))
    if signs_from is not None and lodge.now() < signs_from:
        told = f"{signs_from:%Y-%m-%d %H:%M} UTC"
        raise refuse(SignsLater(reference=HOUSE, signs_from=told))


def acting(lodge: Lodge, token: str, *, place: str) -> Actor:
    """The person of a fresh session, to act for or about others."""
    return Actor(person=fresh(lodge, token).person, place=place)


def sign_out(lodge: Lodge, token: str) -> None:
    """End the session of a token; there is nothing to say if there is none."""

    def end(keeping: Keeping) -> None:
        found = keeping.session_by_token(digest(token))
        if found is not None and keeping.end_session(found.id, lodge.now(), "signed out"):
            lodge.note(keeping, "signed out", found.person, place=found.place, what=found.id)

    lodge.run(end)


def sessions(lodge: Lodge, token: str) -> list[Session]:
    """The open sessions of the person who asks."""
    person = who(lodge, token).person
    return lodge.ask(lambda keeping: _still_open(lodge, keeping, person))


def sessions_of(lodge: Lodge, *, person: str, by: Actor) -> list[Session]:
    """The open sessions of a person, for an administrator."""

    def look(keeping: Keeping) -> list[Session]:
        administrates(keeping, by)
        the_person(keeping, person)
        return _still_open(lodge, keeping, person)

    return lodge.ask(look)


def end_session(lodge: Lodge, token: str, *, session: str) -> None:
    """End one of one's own sessions; for another than this one the person has to be fresh."""
    own = who(lodge, token)
    if own.id != session:
        fresh(lodge, token)
    _end(lodge, session, person=own.person, by=None, place=own.place)


def end_other_sessions(lodge: Lodge, token: str) -> int:
    """End all of one's own sessions but this one; how many there were."""
    own = fresh(lodge, token)

    def end(keeping: Keeping) -> int:
        return end_all(lodge, keeping, own.person, why="by the person", but=own.id, place=own.place)

    return lodge.run(end)


def end_session_of(lodge: Lodge, *, person: str, session: str, by: Actor) -> None:
    """End a session of another, as an administrator."""
    lodge.ask(lambda keeping: administrates(keeping, by))
    _end(lodge, session, person=person, by=by.person or by.place, place=by.place)


def end_sessions_of(lodge: Lodge, *, person: str, by: Actor) -> int:
    """End all sessions of a person, as an administrator; how many there were."""

    def end(keeping: Keeping) -> int:
        administrates(keeping, by)
        the_person(keeping, person)
        why = f"by {by.person or by.place}"
        return end_all(lodge, keeping, person, why=why, place=by.place)

    return lodge.run(end)


def bar(lodge: Lodge, *, person: str, by: Actor) -> None:
    """Let a person in no more, by any way: the sessions end, the keys and codes do not serve."""

    def shut(keeping: Keeping) -> None:
        administrates(keeping, by)
        the_person(keeping, person)
        keeping.bar(person, barred=True)
        end_all(lodge, keeping, person, why="barred", place=by.place)
        keeping.void_tickets(person, "enrolment", lodge.now())
        lodge.note(keeping, "barred", person, place=by.place, by=by.person)

    lodge.run(shut)


def admit(lodge: Lodge, *, person: str, by: Actor) -> None:
    """Let a person in again who was barred; what had ended stays ended."""

    def open_again(keeping: Keeping) -> None:
        administrates(keeping, by)
        the_person(keeping, person)
        keeping.bar(person, barred=False)
        lodge.note(keeping, "admitted", person, place=by.place, by=by.person)

    lodge.run(open_again)


def events(lodge: Lodge, token: str, *, after: int = 0, limit: int = 200) -> list[Event]:
    """What happened to the person who asks, and what they did to others."""
    person = who(lodge, token).person
    return lodge.ask(lambda keeping: [*keeping.events(person, after=after, limit=limit)])


def events_of(
    lodge: Lodge, *, person: str | None = None, by: Actor, after: int = 0, limit: int = 200
) -> list[Event]:
    """What happened to or by a person, or to all, for an administrator."""

    def look(keeping: Keeping) -> list[Event]:
        administrates(keeping, by)
        return [*keeping.events(person, after=after, limit=limit)]

    return lodge.ask(look)


def open_session(
    lodge: Lodge,
    keeping: Keeping,
    person: Person,
    *,
    factors: tuple[str, ...],
    caller: Caller,
    until: datetime | None = None,
    confirmed: bool = True,
) -> tuple[Session, str]:
    """Open a session under a token that nobody had before; with an end of its own, to enrol.

    ``confirmed`` is whether a factor of ours was shown; without that it is not fresh.
    """
    at, token = lodge.now(), new_token(lodge.chance)
    session = Session(
        id=lodge.code("ses"),
        person=person.code,
        token=digest(token),
        factors=factors,
        enrolling=until is not None,
        place=clean(caller.place),
        agent=clean(caller.agent, _AGENT_MOST),
        opened_at=at,
        confirmed_at=at if confirmed else EPOCH,
        seen_at=at,
        until=until or at + lodge.terms.whole,
        ended_at=None,
        ended_why="",
    )
    keeping.add_session(session)
    return session, token


def failed_in_session(
    lodge: Lodge, keeping: Keeping, session: Session, instead: Refusal, *, what: str
) -> No:
    """Write a failure within a session down; after a few the session ends, for it may be stolen."""
    at, terms = lodge.now(), lodge.terms
    free = {waits.of_session(session.id): terms.step_up_failures}
    (tally,) = waits.one_more(free, keeping.lock_tallies(free), at, terms)
    keeping.put_tallies([tally])
    place = session.place
    told = f"{session.id}: {what}"
    lodge.note(keeping, "failed", session.person, place=place, what=told)
    if tally.failures < terms.step_up_failures:
        return no(instead)
    keeping.end_session(session.id, at, "failures")
    told = f"{session.id}: failures"
    lodge.note(keeping, "session ended", session.person, place=place, what=told)
    return no(NotSignedIn(reference="OWASP ASVS 4.0.3, 2.2.1"))


def _still_open(lodge: Lodge, keeping: Keeping, person: str) -> list[Session]:
    """Those that would be let in now."""
    at = lodge.now()
    return [each for each in keeping.sessions(person) if not _over(each, at, lodge.terms)]


def _present(lodge: Lodge, token: str) -> Session:
    """The session of a token if it is not over; one that is over by now is ended for good."""
    at, terms = lodge.now(), lodge.terms

    def look(keeping: Keeping) -> Session | No:
        found = keeping.session_by_token(digest(token))
        if found is None or found.ended_at is not None:
            return no(NotSignedIn(reference=_TIMEOUTS))
        why = _over(found, at, terms)
        if why:
            keeping.end_session(found.id, at, why)
            what = f"{found.id}: {why}"
            lodge.note(keeping, "session ended", found.person, place=found.place, what=what)
            return no(NotSignedIn(reference=_TIMEOUTS))
        if at - found.seen_at >= terms.noted:
            keeping.see_session(found.id, at)
            return replace(found, seen_at=at)
        return found

    return lodge.run(look)


def _over(session: Session, at: datetime, terms: Terms) -> str:
    """Why a session is over by now, if it is."""
    if at >= session.until:
        return "too old"
    if at - session.seen_at >= terms.idle and not session.enrolling:
        return "not used"
    return ""


def _end(lodge: Lodge, session: str, *, person: str, by: str | None, place: str) -> None:
    def end(keeping: Keeping) -> None:
        own = {each.id for each in keeping.sessions(person)}
        why = f"by {by}" if by else "by the person"
        if session not in own or not keeping.end_session(session, lodge.now(), why):
            raise refuse(SessionUnknown(reference=HOUSE, session=session))
        keeping.forget_tallies([waits.of_session(session)])
        lodge.note(keeping, "session ended", person, place=place, by=by, what=f"{session}: {why}")

    lodge.run(end)
