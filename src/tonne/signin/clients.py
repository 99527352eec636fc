"""Programs that sign for themselves: a signed assertion, used once, gets a token for some minutes.

OAuth 2 client credentials with ``private_key_jwt``: RFC 6749, section 4.4, and RFC 7523. Nothing
that opens a door is kept here: of the program its public key, of a token a digest.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tonne.signin.client_records import Token
from tonne.signin.client_refusals import (
    AssertionUnfit,
    AssertionUsedBefore,
    ClientNotKnown,
    PublicKeyUnfit,
    ScopeNotGiven,
)
from tonne.signin.codes import is_code
from tonne.signin.keeping import Keeping
from tonne.signin.keys import TOKEN_LIVE, TOKEN_TEST, note_use
from tonne.signin.lodge import Lodge, No, no, refuse
from tonne.signin.moments import seconds
from tonne.signin.records import Key
from tonne.signin.tokens import digest, new_token

ALGORITHMS = ("Ed25519", "EdDSA", "ES256")
"""Signatures by the private half of a pair: none that the public half could make."""

_RULE = "RFC 7523, section 3"
_SCOPE_RULE = "RFC 6749, section 3.3"
_KEY_RULE = "RFC 7517, section 4"
_DRIFT_SECONDS = 60
"""So much the clocks of two houses may differ."""

_JTI_MOST = 200
_CURVES = {("OKP", "Ed25519"), ("EC", "P-256")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A token, which is told once, and what it is good for."""

    token: str
    key: Key
    """Its program, with the scopes of the token."""

    seconds: int
    """So long it is good."""


def public_key_of(text: str) -> str:
    """A public key as it is kept, from a JWK as people write it; else 9228.

    It is the form of RFC 7638: the same key is always the same text.
    """
    from joserfc.errors import JoseError  # noqa: PLC0415  heavy
    from joserfc.jwk import ECKey, OKPKey  # noqa: PLC0415

    try:
        said = json.loads(text)
        if "d" in said or (said["kty"], said["crv"]) not in _CURVES:
            raise refuse(PublicKeyUnfit(reference=_KEY_RULE))
        kind = OKPKey if said["kty"] == "OKP" else ECKey
        plain = {name: said[name] for name in ("kty", "crv", "x", "y") if name in said}
        kept = kind.import_key(plain).as_dict(private=False)
    except (JoseError, ValueError, KeyError, TypeError, RecursionError):
        raise refuse(PublicKeyUnfit(reference=_KEY_RULE)) from None
    told = {name: kept[name] for name in ("crv", "kty", "x", "y") if name in kept}
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def grant_token(
    lodge: Lodge,
    *,
    assertion: str,
    client: str | None = None,
    scopes: Collection[str] = (),
    live: bool,
    audiences: Collection[str],
    place: str,
) -> Granted:
    """Give a token for an assertion that was signed for us, of now, and was not used before.

    It is good for the scopes that are asked for, which the program has; for all it has, if none is.
    A ``client`` that is named besides is the one that signed.
    """
    at, issuer = lodge.now(), _issuer(assertion)
    key = lodge.ask(lambda keeping: _client(keeping, issuer, live=live))
    claims = None if key is None or client not in {None, issuer} else _signed_by(assertion, key)
    if key is None or claims is None:
        raise refuse(ClientNotKnown(reference=_RULE))
    longest = lodge.terms.assertion.seconds
    wrong = fault_of_claims(claims, key.id, audiences, at=seconds(at), longest=longest)
    if wrong:
        raise refuse(AssertionUnfit(reference=_RULE, claim=wrong))
    secret = (TOKEN_LIVE if live else TOKEN_TEST) + new_token(lodge.chance)
    token = Token(
        digest=digest(secret),
        key=key.id,
        scopes=tuple(sorted(set(scopes))) or key.scopes,
        made_at=at,
        until=at + lodge.terms.token,
    )
    used = digest(f"{key.id}\n{claims['jti']}")
    until = datetime.fromtimestamp(claims["exp"] + _DRIFT_SECONDS, UTC)

    def grant(keeping: Keeping) -> Granted | No:
        keeping.forget_tokens(at - lodge.terms.forgotten)
        known = _client(keeping, key.id, live=live)
        if known is None:
            return no(ClientNotKnown(reference=_RULE))
        if not keeping.use_assertion(used, until):
            what = f"{key.id}: assertion used before"
            lodge.note(keeping, "failed", known.person, place=place, what=what)
            return no(AssertionUsedBefore(reference=_RULE))
        more = tuple(sorted(set(token.scopes) - set(known.scopes)))
        if more:
            return no(ScopeNotGiven(reference=_SCOPE_RULE, asked=more, has=known.scopes))
        keeping.add_token(token)
        note_use(lodge, keeping, known)
        within = replace(known, scopes=token.scopes)
        return Granted(token=secret, key=within, seconds=lodge.terms.token.seconds)

    return lodge.run(grant)


def fault_of_claims(
    claims: Mapping[str, Any], client: str, audiences: Collection[str], *, at: int, longest: int
) -> str:
    """Which claim of a signed assertion is wrong, or is missing; nothing if all are right.

    It is the program's own word about itself, for us and nobody else, of now, with a name.
    """
    audience, name = claims.get("aud"), claims.get("jti")
    over: Any = claims.get("exp")
    heard = audience if isinstance(audience, list) else [audience]
    begins = [claims.get(each, 0) for each in ("iat", "nbf")]
    faults = {
        "iss": claims.get("iss") != client,
        "sub": claims.get("sub") != client,
        # What is written for many could be shown to us by another of them.
        "aud": len(heard) != 1 or heard[0] not in audiences,
        "exp": not _is_second(over) or not -_DRIFT_SECONDS < over - at <= longest + _DRIFT_SECONDS,
        "iat, nbf": not all(_is_second(each) and each <= at + _DRIFT_SECONDS for each in begins),
        "jti": not isinstance(name, str) or not 0 < len(name) <= _JTI_MOST,
    }
    return next((claim for claim, wrong in faults.items() if wrong), "")


def _is_second(said: Any) -> bool:  # noqa: ANN401  whatever JSON says
    return isinstance(said, int) and not isinstance(said, bool)


def _client(keeping: Keeping, code: str, *, live: bool) -> Key | None:
    """The program of that code that signs for itself, if it is let in."""
    found = keeping.key(code) if is_code(code, "key") else None
    owner = None if found is None else keeping.person(found.person)
    fits = (
        found is not None
        and found.public_key is not None
        and found.revoked_at is None
        and found.live == live
        and owner is not None
        and not owner.barred
    )
    return found if fits else None


def _issuer(assertion: str) -> str:
    """Of whom an assertion says that it is; nobody has looked at the signature yet."""
    from joserfc import jws  # noqa: PLC0415  heavy

    try:
        said = json.loads(jws.extract_compact(assertion.encode()).payload)
        return str(said["iss"])
    except Exception:  # noqa: BLE001  a stranger wrote it: whatever is wrong with it, it is none
        return ""


def _signed_by(assertion: str, key: Key) -> dict[str, Any] | None:
    """What an assertion claims, if it is signed by the private half of the program's key."""
    from joserfc import jwt  # noqa: PLC0415  heavy
    from joserfc.jwk import ECKey, OKPKey  # noqa: PLC0415
    from joserfc.jws import JWSRegistry  # noqa: PLC0415

    class Registry(JWSRegistry):
        """The algorithms that are let in; the old name of Ed25519 is no reason for a warning."""

        def get_alg(self, name: str) -> Any:  # noqa: ANN401  the library's own
            """The algorithm of that name."""
            return super().get_alg(name) if name != "EdDSA" else self.algorithms[name]

    try:
        said = json.loads(key.public_key or "")
        public = (OKPKey if said["kty"] == "OKP" else ECKey).import_key(said)
        registry = Registry(algorithms=ALGORITHMS)
        return dict(jwt.decode(assertion, public, registry=registry).claims)
    except Exception:  # noqa: BLE001  as above
        return None
