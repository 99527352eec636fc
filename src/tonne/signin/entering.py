"""Signing in: by name, password and code together, or by a passkey alone.

There is no door between: until all that is needed was shown at once, nothing is open.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tonne.refusal import refuse_if_any
from tonne.signin import one_time, passkeys, passwords, waits
from tonne.signin.keeping import Keeping
from tonne.signin.lodge import Caller, Lodge, No, login_of, new_factor, no
from tonne.signin.records import Factor, Person, Tally, Ticket, TicketKind
from tonne.signin.refusals import NotLetIn, PasskeyNotLetIn, TicketUnfit
from tonne.signin.sessions import Opened, open_session
from tonne.signin.tokens import digest, new_token, same, typed

_SAME_FOR_ALL = "OWASP ASVS 4.0.3, 2.2.1"
DEVICES_MAX = 20
"""So many browsers of a person are known; a new one takes the place of the oldest."""

WEBAUTHN = "W3C Web Authentication, section 7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """What was begun with a passkey: what the browser is asked, and by what it goes on."""

    ticket: str
    options: dict[str, Any]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What is known of who tries to sign in, who may be nobody."""

    person: Person | None
    factors: tuple[Factor, ...]
    device: bool
    tallies: tuple[bytes, ...]
    """By which the attempt was counted as a failure, until it succeeds."""

    @property
    def password(self) -> Factor | None:
        """The password, if there is one."""
        return next((each for each in self.factors if each.kind == "password"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What was right of what somebody showed."""

    password: bool
    factor: Factor | None
    """The seed or the recovery code that the code belongs to."""

    counter: int
    replayed: bool
    """Whether the code is one that was used before."""

    @property
    def fault(self) -> str:
        """What was not right, for the record alone."""
        if not self.password:
            return "password"
        return "code used before" if self.replayed else "" if self.factor else "code"


def sign_in(lodge: Lodge, *, login: str, password: str, code: str, caller: Caller) -> Opened:
    """Let a person in who shows name, password, and a code of an app or a recovery code.

    Who may not try yet is told how long to wait (9131). Whatever else is wrong, the answer (9130)
    and the work are the same, and so for a name that nobody has.
    """
    name = login_of(login)
    attempt = lodge.run(lambda keeping: begin_attempt(lodge, keeping, name, caller))
    shown = _judge(lodge, attempt, password, code)
    renewed: bytes | None = None
    if shown.password and not shown.fault and attempt.password is not None:
        kept = _hash(lodge, attempt.password)
        if passwords.is_weaker(kept, lodge.hashing):
            renewed = passwords.hashed(password, lodge.hashing, lodge.chance)
    return lodge.run(
        lambda keeping: _finish(lodge, keeping, attempt, shown, renewed=renewed, caller=caller)
    )


def begin_passkey(lodge: Lodge) -> Ceremony:
    """Ask the browser for a passkey of this site, whosever it is."""
    return begin_ceremony(lodge, "enter", person=None, session=None, known=())


def sign_in_by_passkey(
    lodge: Lodge, *, ticket: str, response: dict[str, Any], caller: Caller
) -> Opened:
    """Let a person in whose passkey answers. It is heard however often strangers have failed."""

    def enter(keeping: Keeping) -> Opened | No:
        at = lodge.now()
        begun = keeping.take_ticket(digest(ticket), "enter", at)
        if begun is None:
            return no(TicketUnfit(reference=WEBAUTHN))
        passkey = keeping.factor(passkeys.named_in(response), "passkey")
        person = None if passkey is None else keeping.person(passkey.person)
        fault = "unknown passkey"
        if passkey is not None and person is not None:
            fault = fault_of_answer(lodge, keeping, passkey, begun, response)
            if not fault and not person.barred:
                return let_in(lodge, keeping, person, factors=("passkey",), caller=caller)
            fault = fault or "barred"
        owner = None if passkey is None else passkey.person
        lodge.note(keeping, "failed", owner, place=caller.place, what=fault)
        return no(PasskeyNotLetIn(reference=WEBAUTHN))

    return lodge.run(enter)


def begin_ceremony(
    lodge: Lodge,
    kind: TicketKind,
    *,
    person: str | None,
    session: str | None,
    known: tuple[Factor, ...],
    act: bytes = b"",
) -> Ceremony:
    """Keep a new challenge, good once and for minutes, and ask some passkey to answer it."""
    at, ticket = lodge.now(), new_token(lodge.chance)
    challenge = lodge.chance(passkeys.CHALLENGE_BYTES)
    until = at + lodge.terms.ceremony
    kept = Ticket(
        digest=digest(ticket),
        kind=kind,
        person=person,
        session=session,
        act=act,
        challenge=challenge,
        made_at=at,
        until=until,
    )

    def begin(keeping: Keeping) -> dict[str, Any]:
        keeping.forget(at - lodge.terms.forgotten)
        keeping.add_ticket(kept)
        if kind == "register":
            assert person is not None, "a passkey is made for somebody"
            owner = keeping.person(person)
            assert owner is not None, "a session has a person"
            return passkeys.to_register(lodge.site, owner, known, challenge)
        return passkeys.to_answer(lodge.site, known, challenge)

    return Ceremony(ticket=ticket, options=lodge.run(begin), until=until)


def fault_of_answer(
    lodge: Lodge, keeping: Keeping, passkey: Factor, begun: Ticket, response: dict[str, Any]
) -> str:
    """What is wrong with a passkey's answer, for the record; its counter is kept if nothing is."""
    answer = passkeys.answered(lodge.site, response, begun.challenge, passkey=passkey)
    if answer is None:
        return "passkey"
    if passkeys.is_copied(passkey, answer):
        return "passkey whose counter has not grown: it may have been copied"
    counted = keeping.use_factor(
        passkey.id, after=passkey.counter, counter=answer.counter, at=lodge.now()
    )
    return "" if counted else "passkey used twice at one time"


def code_shown(
    factors: tuple[Factor, ...], lodge: Lodge, code: str, *, recovery: bool
) -> tuple[Factor | None, int, bool]:
    """The factor whose code this is, the counter that uses it up, and whether it was used before.

    The same work is done for who has no factors.
    """
    at = lodge.now()
    seeds = [each for each in factors if each.kind == "totp" and each.confirmed_at is not None]
    replayed = False
    for seed in seeds:
        opened = lodge.key.open(seed.secret, of=f"totp {seed.person}")
        step = one_time.step_of(code, at, seed=opened, after=seed.counter)
        if step is not None:
            return seed, step, False
        replayed |= one_time.step_of(code, at, seed=opened, after=-1) is not None
    if not seeds:
        one_time.step_of(code, at, seed=None, after=-1)
    given = digest(typed(code))
    for each in factors if recovery else ():
        if each.kind == "recovery" and same(each.secret, given):
            return (each, 1, False) if not each.counter else (None, 0, True)
    return None, 0, replayed


def begin_attempt(lodge: Lodge, keeping: Keeping, login: str, caller: Caller) -> Attempt:
    """Count the attempt as a failure before it is judged, or refuse because it comes too soon."""
    at, terms = lodge.now(), lodge.terms
    person = keeping.person_by_login(login)
    factors = () if person is None else tuple(keeping.factors(person.code))
    held = digest(caller.device)
    known = any(each.kind == "device" and same(each.secret, held) for each in factors)
    free = (
        {waits.of_device(caller.device): terms.failures_borne}
        if known
        else {
            waits.of_person(login): terms.failures_borne,
            waits.of_place(caller.place): terms.borne_of_place,
        }
    )
    keeping.forget(at - terms.forgotten)
    tallies = keeping.lock_tallies(free)
    refuse_if_any(waits.wait_refusals(tallies, at))
    keeping.put_tallies(waits.one_more(free, tallies, at, terms))
    return Attempt(person=person, factors=factors, device=known, tallies=tuple(free))


def _hash(lodge: Lodge, password: Factor) -> bytes:
    return lodge.key.open(password.secret, of=f"password {password.person}")


def _judge(lodge: Lodge, attempt: Attempt, password: str, code: str) -> _Shown:
    """What is right; all is looked at, whatever was wrong before."""
    nobodys = passwords.nobodys(lodge.hashing)
    kept = nobodys if attempt.password is None else _hash(lodge, attempt.password)
    right = passwords.is_right(password, kept)
    factor, counter, replayed = code_shown(attempt.factors, lodge, code, recovery=True)
    return _Shown(password=right, factor=factor, counter=counter, replayed=replayed)


def _finish(
    lodge: Lodge,
    keeping: Keeping,
    attempt: Attempt,
    shown: _Shown,
    *,
    renewed: bytes | None,
    caller: Caller,
) -> Opened | No:
    """Let in or turn away, and write it down."""
    at, person = lodge.now(), attempt.person
    fault = shown.fault if person is not None else "unknown name"
    if person is not None and not fault:
        now = keeping.person(person.code)
        there = {each.id for each in keeping.factors(person.code)}
        if now is None or now.barred:
            fault = "barred"
        elif attempt.password is None or attempt.password.id not in there:
            fault = "password"  # Removed while it was judged.
        elif shown.factor is None or not keeping.use_factor(
            shown.factor.id, after=shown.factor.counter, counter=shown.counter, at=at
        ):
            fault = "code used before"
    if person is None or fault:
        owner = None if person is None else person.code
        lodge.note(keeping, "failed", owner, place=caller.place, what=fault)
        return no(NotLetIn(reference=_SAME_FOR_ALL))
    assert shown.factor is not None, "a code was right"
    assert attempt.password is not None, "a password was right"
    take_back(keeping, attempt, at)
    used = attempt.password
    if renewed is not None:
        keeping.remove_factor(used.id, at)
        sealed = lodge.key.close(renewed, of=f"password {person.code}", chance=lodge.chance)
        keeping.add_factor(new_factor(lodge, person.code, "password", sealed))
    else:
        keeping.use_factor(used.id, after=used.counter, counter=used.counter, at=at)
    second = "recovery code" if shown.factor.kind == "recovery" else "code"
    return let_in(lodge, keeping, person, factors=("password", second), caller=caller)


def take_back(keeping: Keeping, attempt: Attempt, at: datetime) -> None:
    """The attempt was no failure; but who succeeds once does not free the whole address."""
    own, *place = attempt.tallies
    for each in keeping.lock_tallies(place):
        failures = max(0, each.failures - 1)
        kept = Tally(key=each.key, failures=failures, last_at=at, until=at)
        keeping.put_tallies([kept])
    keeping.forget_tallies([own])


def let_in(
    lodge: Lodge,
    keeping: Keeping,
    person: Person,
    *,
    factors: tuple[str, ...],
    caller: Caller,
    confirmed: bool = True,
) -> Opened:
    """Open a session, and know the browser from now on."""
    session, token = open_session(
        lodge, keeping, person, factors=factors, caller=caller, confirmed=confirmed
    )
    held = digest(caller.device)
    devices = [each for each in keeping.factors(person.code) if each.kind == "device"]
    known = [each for each in devices if same(each.secret, held)]
    device = "" if known else new_token(lodge.chance)
    if known:
        keeping.use_factor(known[0].id, after=0, counter=0, at=lodge.now())
    else:
        for each in devices[: max(0, len(devices) + 1 - DEVICES_MAX)]:
            keeping.remove_factor(each.id, lodge.now())
        factor = new_factor(lodge, person.code, "device", digest(device), label=session.agent)
        keeping.add_factor(factor)
    what = f"{session.id}: {', '.join(factors)}"
    lodge.note(keeping, "signed in", person.code, place=caller.place, what=what)
    return Opened(session=session, token=token, device=device)
