"""Passkeys: a key pair in a person's device, bound to this site, used with the person present.

The ceremonies are WebAuthn's. The person is verified by the device (a finger, a face, a number), so
that a passkey is two factors at once, and no other site can ask for its answer.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tonne.signin.records import Factor, Person

CHALLENGE_BYTES = 32
_NAME = re.compile(r"[\w-]{1,1400}", re.ASCII)
"""A name of up to 1023 bytes, as browsers write it."""

_ALGORITHMS = (-8, -7, -257)
"""EdDSA, ECDSA on P-256 with SHA-256, RSA with SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site as browsers know it: its domain, its name, and where its pages come from."""

    rp_id: str
    name: str
    origins: tuple[str, ...]

    def __post_init__(self) -> None:
        assert self.rp_id, "a site has a domain"
        assert self.origins, "a site has pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """What a device says when it has made a pair of keys."""

    id: str
    public_key: bytes
    counter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a device says when it is asked, and its signature is good."""

    id: str
    counter: int


def to_register(
    site: Site, person: Person, known: Iterable[Factor], challenge: bytes
) -> dict[str, Any]:
    """What a browser is asked for a new passkey."""
    from webauthn import generate_registration_options, options_to_json  # noqa: PLC0415  heavy
    from webauthn.helpers import structs  # noqa: PLC0415
    from webauthn.helpers.cose import COSEAlgorithmIdentifier  # noqa: PLC0415

    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=site.name,
        user_name=person.login,
        user_id=person.code.encode(),
        user_display_name=person.name,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(each) for each in known],
        supported_pub_key_algs=[COSEAlgorithmIdentifier(each) for each in _ALGORITHMS],
    )
    return _as_data(options_to_json(options))


def registered(site: Site, response: dict[str, Any], challenge: bytes) -> NewPasskey | None:
    """The new passkey, if it was made for this site and this challenge with the person present."""
    from webauthn import verify_registration_response  # noqa: PLC0415  heavy
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415
    from webauthn.helpers.cose import COSEAlgorithmIdentifier  # noqa: PLC0415

    try:
        found = verify_registration_response(
            credential=response,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=list(site.origins),
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(each) for each in _ALGORITHMS],
        )
    except Exception:  # noqa: BLE001  a stranger wrote it: whatever is wrong with it, it is none
        return None
    return NewPasskey(
        id=bytes_to_base64url(found.credential_id),
        public_key=found.credential_public_key,
        counter=found.sign_count,
    )


def to_answer(site: Site, known: Iterable[Factor], challenge: bytes) -> dict[str, Any]:
    """What a browser is asked of a passkey: one of those, or any if none is named."""
    from webauthn import generate_authentication_options, options_to_json  # noqa: PLC0415  heavy
    from webauthn.helpers import structs  # noqa: PLC0415

    options = generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        allow_credentials=[_descriptor(each) for each in known],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return _as_data(options_to_json(options))


def named_in(response: dict[str, Any]) -> str:
    """Which passkey answers, as it says itself."""
    found = response.get("id")
    return found if isinstance(found, str) and _NAME.fullmatch(found) else ""


def answered(
    site: Site, response: dict[str, Any], challenge: bytes, *, passkey: Factor
) -> Answer | None:
    """The answer, if that passkey gave it to this challenge for this site, the person present.

    Whether the counter has grown is for the caller to see, who knows by now that it is signed.
    """
    from webauthn import verify_authentication_response  # noqa: PLC0415  heavy

    try:
        found = verify_authentication_response(
            credential=response,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=list(site.origins),
            credential_public_key=passkey.secret,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001  a stranger wrote it: whatever is wrong with it, it is none
        return None
    handle = response["response"].get("userHandle")
    if handle and handle != _base64url(passkey.person.encode()):
        return None
    return Answer(id=passkey.id, counter=found.new_sign_count)


def is_copied(passkey: Factor, answer: Answer) -> bool:
    """Whether the counter has not grown: then two devices may have the key.

    Passkeys that are kept in several devices on purpose do not count, and say nought.
    """
    return max(passkey.counter, answer.counter) > 0 and answer.counter <= passkey.counter


def _descriptor(passkey: Factor) -> Any:  # noqa: ANN401  the library's own, imported late
    from webauthn.helpers import base64url_to_bytes, structs  # noqa: PLC0415  heavy

    return structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.id))


def _base64url(value: bytes) -> str:
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415  heavy

    return bytes_to_base64url(value)


def _as_data(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
