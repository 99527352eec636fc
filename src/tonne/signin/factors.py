"""A person's own factors: set in an enrolment, or soon after showing one that there is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tonne.refusal import refuse_if_any
from tonne.signin import one_time, passkeys, passwords
from tonne.signin.entering import WEBAUTHN, Ceremony, begin_ceremony
from tonne.signin.keeping import Keeping
from tonne.signin.lodge import HOUSE, Lodge, No, end_all, new_factor, no, refuse, the_person
from tonne.signin.records import Factor, FactorKind, Session
from tonne.signin.refusals import (
    CodeWrong,
    CurrentPasswordWrong,
    FactorUnknown,
    LastWayIn,
    PasskeyKnown,
    PasskeyNotLetIn,
    TicketUnfit,
)
from tonne.signin.sessions import failed_in_session, setting, who
from tonne.signin.tokens import RECOVERY_CODES, digest, new_typed_code

_CODES = "RFC 6238"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorShown:
    """A factor as its person sees it."""

    id: str
    kind: FactorKind
    label: str
    made_at: datetime
    used_at: datetime | None
    spent: bool
    """Whether it is a recovery code that was used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A new seed for an app that shows codes; it is told once, and counts after a first code."""

    factor: str
    secret: str
    address: str
    """To be shown as a picture that the app reads."""


def factors(lodge: Lodge, token: str) -> list[FactorShown]:
    """The factors of the person who asks, without their secrets; also within an enrolment."""
    person = _owner(lodge, token).person
    kept = lodge.ask(lambda keeping: keeping.factors(person))
    return [
        FactorShown(
            id=each.id,
            kind=each.kind,
            label=each.label,
            made_at=each.made_at,
            used_at=each.used_at,
            spent=each.kind == "recovery" and each.counter > 0,
        )
        for each in kept
        if each.confirmed_at is not None
    ]


def set_password(
    lodge: Lodge, token: str, *, new: str, current: str = "", end_others: bool = True
) -> None:
    """Set a password; where there is one it has to be given. Other sessions end, unless not asked.

    A fresh session, or that of an enrolment. Known browsers are known no more.
    """
    session = setting(lodge, token)
    person, kept = lodge.ask(
        lambda keeping: (
            the_person(keeping, session.person),
            _of_kind(keeping.factors(session.person), "password"),
        )
    )
    before = kept[0] if kept else None
    if before is not None and not session.enrolling:
        known = lodge.key.open(before.secret, of=f"password {person.code}")
        if not passwords.is_right(current, known):
            wrong = CurrentPasswordWrong(reference="OWASP ASVS 4.0.3, 2.1.6")
            lodge.run(
                lambda keeping: failed_in_session(
                    lodge, keeping, session, wrong, what="current password"
                )
            )
    own = (person.name, person.login, lodge.site.name, lodge.site.rp_id)
    refuse_if_any(passwords.password_refusals(new, own=own))
    made = passwords.hashed(new, lodge.hashing, lodge.chance)
    sealed = lodge.key.close(made, of=f"password {person.code}", chance=lodge.chance)

    def put(keeping: Keeping) -> None:
        for each in keeping.factors(person.code):
            if each.kind in {"password", "device"}:
                keeping.remove_factor(each.id, lodge.now())
        keeping.add_factor(new_factor(lodge, person.code, "password", sealed))
        _added(lodge, keeping, session, "password")
        if end_others:
            end_all(
                lodge,
                keeping,
                person.code,
                why="new password",
                but=session.id,
                place=session.place,
            )

    lodge.run(put)


def begin_codes(lodge: Lodge, token: str) -> Seed:
    """Make a seed for an app that shows codes; it does not count before a first code is given."""
    session = setting(lodge, token)
    seed = one_time.new_seed(lodge.chance)
    sealed = lodge.key.close(seed, of=f"totp {session.person}", chance=lodge.chance)
    factor = new_factor(lodge, session.person, "totp", sealed, counter=-1, counts=False)

    def begin(keeping: Keeping) -> str:
        for each in _of_kind(keeping.factors(session.person), "totp"):
            if each.confirmed_at is None:
                keeping.remove_factor(each.id, lodge.now())
        keeping.add_factor(factor)
        return the_person(keeping, session.person).login

    login = lodge.run(begin)
    return Seed(
        factor=factor.id,
        secret=one_time.shown(seed),
        address=one_time.address(seed, login=login, site=lodge.site.name),
    )


def confirm_codes(lodge: Lodge, token: str, *, factor: str, code: str, label: str = "") -> None:
    """From now on the app counts, whose first code this is."""
    session = setting(lodge, token)

    def confirm(keeping: Keeping) -> None:
        kept = _own(keeping, session, factor)
        if kept.kind != "totp" or kept.confirmed_at is not None:
            raise refuse(FactorUnknown(reference=HOUSE, factor=factor))
        seed = lodge.key.open(kept.secret, of=f"totp {session.person}")
        step = one_time.step_of(code, lodge.now(), seed=seed, after=-1)
        if step is None:
            raise refuse(CodeWrong(reference=_CODES))
        keeping.use_factor(kept.id, after=kept.counter, counter=step, at=lodge.now())
        keeping.confirm_factor(kept.id, lodge.now())
        _added(lodge, keeping, session, f"app for codes {label}".rstrip())

    lodge.run(confirm)


def begin_new_passkey(lodge: Lodge, token: str) -> Ceremony:
    """Ask the browser for a new passkey."""
    session = setting(lodge, token)
    known = _of_kind(lodge.ask(lambda keeping: keeping.factors(session.person)), "passkey")
    return begin_ceremony(
        lodge, "register", person=session.person, session=session.id, known=tuple(known)
    )


def add_passkey(
    lodge: Lodge, token: str, *, ticket: str, response: dict[str, Any], label: str = ""
) -> str:
    """Keep the passkey that the browser made; by what it is named from now on."""
    session = setting(lodge, token)

    def add(keeping: Keeping) -> str | No:
        begun = keeping.take_ticket(digest(ticket), "register", lodge.now())
        if begun is None or begun.session != session.id:
            return no(TicketUnfit(reference=WEBAUTHN))
        made = passkeys.registered(lodge.site, response, begun.challenge)
        if made is None:
            return no(PasskeyNotLetIn(reference=WEBAUTHN))
        if keeping.factor(made.id, "passkey") is not None:
            return no(PasskeyKnown(reference=WEBAUTHN))
        keeping.add_factor(
            new_factor(
                lodge,
                session.person,
                "passkey",
                made.public_key,
                id=made.id,
                label=label,
                counter=made.counter,
            )
        )
        _added(lodge, keeping, session, f"passkey {label}".rstrip())
        return made.id

    return lodge.run(add)


def new_recovery_codes(lodge: Lodge, token: str) -> tuple[str, ...]:
    """New codes for when the app is lost, told once; those before do not serve any more."""
    session = setting(lodge, token)
    return lodge.run(lambda keeping: renew_recovery_codes(lodge, keeping, session))


def renew_recovery_codes(lodge: Lodge, keeping: Keeping, session: Session) -> tuple[str, ...]:
    """The same within an operation."""
    codes = tuple(new_typed_code(lodge.chance) for _ in range(RECOVERY_CODES))
    for each in _of_kind(keeping.factors(session.person), "recovery"):
        keeping.remove_factor(each.id, lodge.now())
    for code in codes:
        keeping.add_factor(new_factor(lodge, session.person, "recovery", digest(code)))
    _added(lodge, keeping, session, "recovery codes")
    return codes


def remove_factor(lodge: Lodge, token: str, *, factor: str) -> None:
    """Remove one of one's own factors, unless it is the last way in; other sessions end."""
    session = setting(lodge, token)

    def take_away(keeping: Keeping) -> None:
        kept = _own(keeping, session, factor)
        left = [each for each in keeping.factors(session.person) if each.id != factor]
        if not session.enrolling and not is_way_in(left):
            raise refuse(LastWayIn(reference=HOUSE))
        keeping.remove_factor(kept.id, lodge.now())
        what = f"{kept.kind} {kept.label}".rstrip()
        lodge.note(keeping, "factor removed", session.person, place=session.place, what=what)
        # It may have been stolen, and have opened them.
        why, place = "factor removed", session.place
        end_all(lodge, keeping, session.person, why=why, but=session.id, place=place)

    lodge.run(take_away)


def is_way_in(kept: list[Factor]) -> bool:
    """Whether one gets in by these: a passkey, or a password with an app for codes."""
    kinds = {each.kind for each in kept if each.confirmed_at is not None}
    return "passkey" in kinds or {"password", "totp"} <= kinds


def _owner(lodge: Lodge, token: str) -> Session:
    """Whose factors are asked about: of somebody signed in, or enrolling."""
    at = lodge.now()
    found = lodge.ask(lambda keeping: keeping.session_by_token(digest(token)))
    if found is not None and found.enrolling and found.ended_at is None and at < found.until:
        return found
    return who(lodge, token)


def _own(keeping: Keeping, session: Session, factor: str) -> Factor:
    for each in keeping.factors(session.person):
        if each.id == factor:
            return each
    raise refuse(FactorUnknown(reference=HOUSE, factor=factor))


def _of_kind(kept: list[Factor], kind: FactorKind) -> list[Factor]:
    return [each for each in kept if each.kind == kind]


def _added(lodge: Lodge, keeping: Keeping, session: Session, what: str) -> None:
    lodge.note(keeping, "factor added", session.person, place=session.place, what=what)
