"""A second factor again: for one act that is signed, or only to show that it is still you."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tonne.signin import waits
from tonne.signin.entering import (
    WEBAUTHN,
    Ceremony,
    begin_ceremony,
    code_shown,
    fault_of_answer,
)
from tonne.signin.keeping import Keeping
from tonne.signin.lodge import HOUSE, Lodge, No, no, refuse
from tonne.signin.records import Session, Ticket
from tonne.signin.refusals import (
    CodeWrong,
    NotConfirmed,
    PasskeyNotLetIn,
    TicketUnfit,
)
from tonne.signin.sessions import failed_in_session, signs, who
from tonne.signin.tokens import digest, new_token

CONFIRM = b""
"""No act: the person only shows that it is still they, and the session is fresh again."""

_ACT_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """The session has risen: from now on it goes by another token, which is told once."""

    token: str
    until: datetime | None
    """Until when the act may be done; none if there was no act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """That a person confirmed one act by a second factor, and has now done it."""

    person: str
    session: str
    act: bytes
    at: datetime
    """When it was confirmed."""


def begin_step_up(lodge: Lodge, token: str, *, act: bytes = CONFIRM) -> Ceremony:
    """Ask the browser for a passkey of this person, for this act alone."""
    session = who(lodge, token)
    _may_sign(lodge, session, act)
    kept = lodge.ask(lambda keeping: keeping.factors(session.person))
    known = tuple(each for each in kept if each.kind == "passkey")
    return begin_ceremony(
        lodge, "step-up", person=session.person, session=session.id, known=known, act=act
    )


def step_up_by_passkey(
    lodge: Lodge, token: str, *, ticket: str, response: dict[str, Any]
) -> Raised:
    """Confirm the act for which the passkey was asked."""
    from tonne.signin import passkeys  # noqa: PLC0415  only its name of the answer

    session = who(lodge, token)

    def raise_it(keeping: Keeping) -> Raised | No:
        begun = keeping.take_ticket(digest(ticket), "step-up", lodge.now())
        if begun is None or begun.session != session.id:
            return no(TicketUnfit(reference=WEBAUTHN))
        passkey = keeping.factor(passkeys.named_in(response), "passkey")
        fault = "passkey of another"
        if passkey is not None and passkey.person == session.person:
            fault = fault_of_answer(lodge, keeping, passkey, begun, response)
        if fault:
            what = f"{session.id}: {fault}"
            lodge.note(keeping, "failed", session.person, place=session.place, what=what)
            return no(PasskeyNotLetIn(reference=WEBAUTHN))
        return _raise(lodge, keeping, session, begun.act, by="passkey")

    return lodge.run(raise_it)


def step_up_by_code(lodge: Lodge, token: str, *, code: str, act: bytes = CONFIRM) -> Raised:
    """Confirm an act by a code of an app; after a few wrong ones the session ends.

    Recovery codes do not sign.
    """
    session = who(lodge, token)
    _may_sign(lodge, session, act)

    def raise_it(keeping: Keeping) -> Raised | No:
        tally = waits.of_session(session.id)
        keeping.lock_tallies([tally])
        factors = tuple(keeping.factors(session.person))
        found, counter, replayed = code_shown(factors, lodge, code, recovery=False)
        if found is not None and keeping.use_factor(
            found.id, after=found.counter, counter=counter, at=lodge.now()
        ):
            keeping.forget_tallies([tally])
            return _raise(lodge, keeping, session, act, by="code")
        what = "code used before" if replayed else "code"
        return failed_in_session(
            lodge, keeping, session, CodeWrong(reference="RFC 6238"), what=what
        )

    return lodge.run(raise_it)


def use_step_up(lodge: Lodge, token: str, *, act: bytes) -> Signed:
    """Sign an act that was confirmed, once; else 9150. Ask for it right before the act is done."""
    session = who(lodge, token)
    _may_sign(lodge, session, act)

    def sign(keeping: Keeping) -> Signed:
        found = keeping.take_ticket(_proof_of(session, act), "proof", lodge.now())
        if found is None or found.session != session.id:
            raise refuse(NotConfirmed(reference=HOUSE))
        what = f"{session.id}: {act.hex()}"
        lodge.note(keeping, "act signed", session.person, place=session.place, what=what)
        return Signed(person=session.person, session=session.id, act=act, at=found.made_at)

    return lodge.run(sign)


def _raise(lodge: Lodge, keeping: Keeping, session: Session, act: bytes, *, by: str) -> Raised:
    """The session goes on under a new token; whoever has the old one has nothing."""
    at, token = lodge.now(), new_token(lodge.chance)
    keeping.turn_session(session.id, digest(token), at)
    until = at + lodge.terms.step_up if act else None
    if until is not None:
        proof = Ticket(
            digest=_proof_of(session, act),
            kind="proof",
            person=session.person,
            session=session.id,
            act=act,
            challenge=b"",
            made_at=at,
            until=until,
        )
        keeping.add_ticket(proof)
    what = f"{session.id}: {by}" + (f" for {act.hex()}" if act else "")
    lodge.note(keeping, "stepped up", session.person, place=session.place, what=what)
    return Raised(token=token, until=until)


def _proof_of(session: Session, act: bytes) -> bytes:
    return digest(f"proof {session.id} {act.hex()}")


def _may_sign(lodge: Lodge, session: Session, act: bytes) -> None:
    """Nothing if the person may sign; for a time after a recovery they may not (9151)."""
    if act == CONFIRM:
        return
    assert len(act) == _ACT_BYTES, "an act is known by its digest"
    signs(lodge, session.person)
