"""Keys of programs: shown once, kept as a digest, good for what they are made for.

A program that signs for itself has no secret of ours. Its public key is kept, and what it shows are
tokens (``clients``), each of which is its key with the scopes of the token.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tonne.refusal import refuse_if_any
from tonne.signin.client_records import Token
from tonne.signin.client_refusals import PublicKeyTaken, TokenOver
from tonne.signin.codes import is_code
from tonne.signin.keeping import Keeping
from tonne.signin.key_refusals import KeyNotLetIn, KeyUnknown
from tonne.signin.lodge import (
    HOUSE,
    Actor,
    Lodge,
    administrates,
    at_machine,
    clean,
    refuse,
    the_person,
)
from tonne.signin.records import Key
from tonne.signin.refusals import PersonBarred
from tonne.signin.scopes import LOOKING, scope_refusals
from tonne.signin.sessions import fresh, signs, who
from tonne.signin.tokens import digest, new_token

LIVE, TEST = "sk_live_", "sk_test_"
TOKEN_LIVE, TOKEN_TEST = "at_live_", "at_test_"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMade:
    """A new key with its secret, which is told once; empty of a program that signs for itself."""

    key: Key
    secret: str


def make_key(
    lodge: Lodge,
    token: str,
    *,
    label: str,
    scopes: Sequence[str],
    live: bool,
    organisation: str | None = None,
    public_key: str | None = None,
) -> KeyMade:
    """Make a key of one's own, in a fresh session; with a public key the program signs for itself.

    Who does not sign yet after a recovery makes none that does more than look.
    """
    session = fresh(lodge, token)
    if not set(scopes) <= LOOKING:
        signs(lodge, session.person)
    by = Actor(person=session.person, place=session.place)
    return _make(
        lodge,
        by,
        person=session.person,
        label=label,
        scopes=scopes,
        live=live,
        organisation=organisation,
        public_key=public_key,
    )


def make_key_for(
    lodge: Lodge,
    *,
    person: str,
    label: str,
    scopes: Sequence[str],
    live: bool,
    organisation: str | None = None,
    public_key: str | None = None,
    by: Actor,
) -> KeyMade:
    """Make a key for another, at the machine: one administrator alone would act for everybody."""
    at_machine(by)
    return _make(
        lodge,
        by,
        person=person,
        label=label,
        scopes=scopes,
        live=live,
        organisation=organisation,
        public_key=public_key,
    )


def key_of(lodge: Lodge, secret: str, *, live: bool) -> Key:
    """The key whose secret or token a program shows, for live or for test books; else 9160.

    It is noted. The key of a token has its scopes.
    """
    at = lodge.now()

    def look(keeping: Keeping) -> Key:
        found, token = _shown(keeping, secret)
        owner = None if found is None else keeping.person(found.person)
        if (
            found is None
            or found.revoked_at is not None
            or found.live != live
            or owner is None
            or owner.barred
        ):
            raise refuse(KeyNotLetIn(reference=HOUSE))
        if token is not None and token.until <= at:
            raise refuse(TokenOver(reference=HOUSE))
        note_use(lodge, keeping, found)
        return found if token is None else replace(found, scopes=token.scopes)

    return lodge.run(look)


def _shown(keeping: Keeping, secret: str) -> tuple[Key | None, Token | None]:
    """The key that has this secret, or the key of the token and the token."""
    if secret.startswith((TOKEN_LIVE, TOKEN_TEST)):
        token = keeping.token(digest(secret))
        return (None if token is None else keeping.key(token.key)), token
    found = keeping.key_by_digest(digest(secret))
    # What is kept of a public key is no secret: who shows it shows nothing.
    return (found if found is not None and found.public_key is None else None), None


def note_use(lodge: Lodge, keeping: Keeping, key: Key) -> None:
    """Note that a key is used, to the minute."""
    at = lodge.now()
    if key.used_at is None or at - key.used_at >= lodge.terms.noted:
        keeping.use_key(key.id, at)


def keys(lodge: Lodge, token: str) -> list[Key]:
    """The keys of the person who asks, revoked ones too."""
    person = who(lodge, token).person
    return lodge.ask(lambda keeping: keeping.keys(person))


def keys_of(lodge: Lodge, *, person: str | None = None, by: Actor) -> list[Key]:
    """The keys of a person or of all, for an administrator."""

    def look(keeping: Keeping) -> list[Key]:
        administrates(keeping, by)
        return keeping.keys(person)

    return lodge.ask(look)


def revoke_key(lodge: Lodge, token: str, *, key: str) -> None:
    """Revoke a key of one's own, for good."""
    session = who(lodge, token)
    by = Actor(person=session.person, place=session.place)
    _revoke(lodge, key, by, owner=session.person)


def revoke_key_of(lodge: Lodge, *, key: str, by: Actor) -> None:
    """Revoke anybody's key, as an administrator."""
    lodge.ask(lambda keeping: administrates(keeping, by))
    _revoke(lodge, key, by, owner=None)


def _make(
    lodge: Lodge,
    by: Actor,
    *,
    person: str,
    label: str,
    scopes: Sequence[str],
    live: bool,
    organisation: str | None,
    public_key: str | None,
) -> KeyMade:
    refuse_if_any(scope_refusals(scopes))
    secret = ""
    if public_key is None:
        secret = (LIVE if live else TEST) + new_token(lodge.chance)
    key = Key(
        id=lodge.code("key"),
        person=person,
        organisation=None if organisation is None else clean(organisation),
        label=clean(label, 80),
        digest=digest(secret or f"public key {public_key}"),
        scopes=tuple(sorted(set(scopes))),
        live=live,
        made_at=lodge.now(),
        used_at=None,
        revoked_at=None,
        public_key=public_key,
    )

    def add(keeping: Keeping) -> KeyMade:
        if the_person(keeping, person).barred:
            raise refuse(PersonBarred(reference=HOUSE, person=person))
        if public_key is not None and keeping.key_by_digest(key.digest) is not None:
            raise refuse(PublicKeyTaken(reference=HOUSE))
        keeping.add_key(key)
        what = f"{key.id}: {', '.join(key.scopes)}"
        lodge.note(keeping, "key made", person, place=by.place, by=by.person, what=what)
        return KeyMade(key=key, secret=secret)

    return lodge.run(add)


def _revoke(lodge: Lodge, key: str, by: Actor, *, owner: str | None) -> None:
    def revoke(keeping: Keeping) -> None:
        found = keeping.key(key) if is_code(key, "key") else None
        mine = found is not None and owner in {None, found.person}
        if found is None or not mine or not keeping.revoke_key(key, lodge.now()):
            raise refuse(KeyUnknown(reference=HOUSE, key=key))
        lodge.note(
            keeping, "key revoked", found.person, place=by.place, by=by.person, what=found.id
        )

    lodge.run(revoke)
