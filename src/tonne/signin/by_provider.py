"""Signing in by a house elsewhere, by OpenID Connect: its word first, then a code of ours.

The browser takes a secret of ours along, in a cookie. What goes to the other house and comes back
with it follows from that secret, so that no browser ends what another began: the state, the nonce
of the token, and what shows that the code is ours (PKCE). Here only a digest of it is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from tonne.signin.abroad import Trip, Unheard
from tonne.signin.entering import begin_attempt, code_shown, let_in, take_back
from tonne.signin.keeping import Keeping
from tonne.signin.lodge import HOUSE, Caller, Lodge, No, new_factor, no, refuse
from tonne.signin.moments import seconds
from tonne.signin.provider_refusals import ProviderNotHeard, SubjectLinked, SubjectUnknown
from tonne.signin.providers import the_provider
from tonne.signin.records import Provider, Ticket
from tonne.signin.refusals import CodeWrong, TicketUnfit
from tonne.signin.sessions import Opened, fresh
from tonne.signin.tokens import digest, new_token, same

if TYPE_CHECKING:
    from joserfc.jwk import KeySetSerialization

BACK = "/sign-in/back"
"""Where a provider sends browsers back."""

_RULE = "OpenID Connect Core 1.0, section 3.1.3.7"
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures by a key that only the provider has; one that is made with our secret is none."""

_DRIFT_SECONDS = 60
"""So much the clocks of two houses may differ."""

_SUBJECT_MOST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """Where the browser goes, and the secret that it holds meanwhile."""

    address: str
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Halfway:
    """The provider knows the person; now a code of our own is asked for, within minutes, once."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A person is known at a provider from now on."""

    provider: str


def begin_provider(lodge: Lodge, *, provider: str, origin: str, token: str = "") -> Going:
    """Send a browser to a provider: to sign in; or, from a fresh session, to link who is there."""
    session = fresh(lodge, token) if token else None
    assert origin in lodge.site.origins, "a browser comes back to a page of ours"
    at, held = lodge.now(), new_token(lodge.chance)
    found = lodge.ask(lambda keeping: the_provider(keeping, provider))
    kept = Ticket(
        digest=digest(held),
        kind="provider",
        person=None if session is None else session.person,
        session=None if session is None else session.id,
        act=f"{found.id} {origin}".encode(),
        challenge=b"",
        made_at=at,
        until=at + lodge.terms.ceremony,
    )
    assert lodge.abroad is not None, "without a way abroad no provider is shown"
    try:
        address = lodge.abroad.address(_trip(found, held, origin))
    except Unheard:
        raise refuse(ProviderNotHeard(reference=_RULE)) from None

    def begin(keeping: Keeping) -> None:
        keeping.forget(at - lodge.terms.forgotten)
        keeping.add_ticket(kept)

    lodge.run(begin)
    return Going(address=address, held=held)


def end_provider(
    lodge: Lodge, *, held: str, state: str, code: str, caller: Caller
) -> Opened | Halfway | Linked:
    """What comes of a browser that was sent back; what was wrong is written down, and not told."""
    at = lodge.now()
    begun = lodge.run(lambda keeping: keeping.take_ticket(digest(held), "provider", at))
    if begun is None or not same(state.encode(errors="replace"), _of(held, "state").encode()):
        raise _not_heard(lodge, caller, "a provider that was not asked in this browser")
    id_, _, origin = begun.act.decode().partition(" ")
    found = lodge.ask(lambda keeping: the_provider(keeping, id_))
    trip = _trip(found, held, origin)
    secret = lodge.key.open(found.secret, of=f"provider {found.id}").decode()
    assert lodge.abroad is not None, "who was sent abroad comes back from there"
    try:
        token, keys = lodge.abroad.told(trip, code=code, secret=secret)
    except Unheard as fault:
        raise _not_heard(lodge, caller, f"{found.id}: {fault}") from None
    claims = _signed_by(token, keys)
    fault_of = "not signed by it" if claims is None else fault_of_claims(claims, trip, at=at)
    if claims is None or fault_of:
        raise _not_heard(lodge, caller, f"{found.id}: {fault_of}")
    subject = digest(f"{found.issuer}\n{claims['sub']}")
    if begun.session is not None:
        return _link(lodge, begun, found, subject, caller=caller)
    return _enter(lodge, found, subject, enough=is_enough(claims, found), caller=caller)


def sign_in_second(lodge: Lodge, *, ticket: str, code: str, caller: Caller) -> Opened:
    """Let a person in whom a provider knows, by a code of their own app or a recovery code."""
    at = lodge.now()

    def begin(keeping: Keeping) -> Any:  # noqa: ANN401  an attempt, or none
        begun = keeping.take_ticket(digest(ticket), "second", at)
        person = None if begun is None or begun.person is None else keeping.person(begun.person)
        if begun is None or person is None:
            return no(TicketUnfit(reference=_RULE))
        return begin_attempt(lodge, keeping, person.login, caller), begun.act.decode()

    attempt, provider = lodge.run(begin)
    factor, counter, replayed = code_shown(attempt.factors, lodge, code, recovery=True)

    def enter(keeping: Keeping) -> Opened | No:
        now = keeping.person(attempt.person.code)
        linked = provider in {each.id for each in keeping.providers()}
        if now is None or now.barred or not linked:
            fault = "barred, or by a provider that is removed"
        elif factor is None or not keeping.use_factor(
            factor.id, after=factor.counter, counter=counter, at=lodge.now()
        ):
            fault = "code used before" if replayed or factor else "code"
        else:
            take_back(keeping, attempt, at)
            second = "recovery code" if factor.kind == "recovery" else "code"
            shown = (f"provider {provider}", second)
            return let_in(lodge, keeping, now, factors=shown, caller=caller)
        lodge.note(keeping, "failed", attempt.person.code, place=caller.place, what=fault)
        return no(CodeWrong(reference=_RULE))

    return lodge.run(enter)


def fault_of_claims(claims: Mapping[str, Any], trip: Trip, *, at: datetime) -> str:
    """What is wrong with what a provider said, for the record; nothing if all of it is right.

    It is its own word, for us, for this browser, of now, about somebody.
    """
    audience, subject, nonce = claims.get("aud"), claims.get("sub"), claims.get("nonce")
    heard = audience if isinstance(audience, list) else [audience]
    browsers = isinstance(nonce, str) and same(nonce.encode(), trip.nonce.encode())
    faults = {
        "another issuer": claims.get("iss") != trip.issuer,
        "for another client": trip.client not in heard
        or claims.get("azp", trip.client) != trip.client,
        "for many, and not said for whom of them": len(heard) > 1 and "azp" not in claims,
        "for another browser": not browsers,
        "about nobody": not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_MOST,
    }
    wrong = (what for what, so in faults.items() if so)
    return next(wrong, "") or _fault_of_times(claims, at)


def _fault_of_times(claims: Mapping[str, Any], at: datetime) -> str:
    over: Any = claims.get("exp")
    begins: list[Any] = [claims.get("iat"), claims.get("nbf", 0)]
    if any(isinstance(each, bool) or not isinstance(each, int) for each in (over, *begins)):
        return "without its times"
    if over + _DRIFT_SECONDS <= seconds(at):
        return "over"
    return "not yet" if max(begins) > seconds(at) + _DRIFT_SECONDS else ""


def is_enough(claims: Mapping[str, Any], provider: Provider) -> bool:
    """Whether a provider says of a sign-in what was agreed to be as good as two factors."""
    means = claims.get("amr")
    said = {f"amr={each}" for each in means} if isinstance(means, list) else set()
    said.add(f"acr={claims.get('acr')}")
    return bool(said & set(provider.enough))


def _trip(provider: Provider, held: str, origin: str) -> Trip:
    return Trip(
        issuer=provider.issuer,
        client=provider.client,
        redirect=f"{origin}{BACK}",
        state=_of(held, "state"),
        nonce=_of(held, "nonce"),
        verifier=_of(held, "verifier"),
    )


def _of(held: str, what: str) -> str:
    """What follows from the browser's secret, and from which it does not follow."""
    return digest(f"{what} {held}").hex()


def _signed_by(token: str, keys: Mapping[str, Any]) -> dict[str, Any] | None:
    from joserfc import jwt  # noqa: PLC0415  heavy
    from joserfc.jwk import KeySet  # noqa: PLC0415

    try:
        key_set = KeySet.import_key_set(cast("KeySetSerialization", keys))
        return dict(jwt.decode(token, key_set, algorithms=_ALGORITHMS).claims)
    except Exception:  # noqa: BLE001  a stranger wrote it: whatever is wrong with it, it is none
        return None


def _link(
    lodge: Lodge, begun: Ticket, found: Provider, subject: bytes, *, caller: Caller
) -> Linked:
    person = begun.person or ""

    def link(keeping: Keeping) -> Linked | No:
        if begun.session not in {each.id for each in keeping.sessions(person)}:
            return no(ProviderNotHeard(reference=_RULE))
        if keeping.linked(subject) is not None:
            return no(SubjectLinked(reference=HOUSE, provider=found.name))
        keeping.add_factor(new_factor(lodge, person, "provider", subject, label=found.name))
        what = f"provider {found.id}"
        lodge.note(keeping, "factor added", person, place=caller.place, what=what)
        return Linked(provider=found.name)

    return lodge.run(link)


def _enter(
    lodge: Lodge, found: Provider, subject: bytes, *, enough: bool, caller: Caller
) -> Opened | Halfway:
    at, ticket = lodge.now(), new_token(lodge.chance)

    def enter(keeping: Keeping) -> Opened | Halfway | No:
        factor = keeping.linked(subject)
        person = None if factor is None else keeping.person(factor.person)
        if factor is None or person is None or person.barred:
            owner = None if factor is None else factor.person
            what = f"{found.id}: barred" if factor else f"{found.id}: nobody linked"
            lodge.note(keeping, "failed", owner, place=caller.place, what=what)
            return no(SubjectUnknown(reference=HOUSE, provider=found.name))
        keeping.use_factor(factor.id, after=0, counter=0, at=at)
        if enough:
            shown = (f"provider {found.id}",)
            # No factor of ours was shown: factors and keys wait until one is.
            return let_in(lodge, keeping, person, factors=shown, caller=caller, confirmed=False)
        kept = Ticket(
            digest=digest(ticket),
            kind="second",
            person=person.code,
            session=None,
            act=found.id.encode(),
            challenge=b"",
            made_at=at,
            until=at + lodge.terms.ceremony,
        )
        keeping.add_ticket(kept)
        return Halfway(ticket=ticket)

    return cast("Opened | Halfway", lodge.run(enter))


def _not_heard(lodge: Lodge, caller: Caller, what: str) -> Exception:
    """9181, and what it was is written down."""

    def write(keeping: Keeping) -> None:
        lodge.note(keeping, "failed", None, place=caller.place, what=what)

    lodge.run(write)
    return refuse(ProviderNotHeard(reference=_RULE))
