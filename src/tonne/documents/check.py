"""Whether a certificate is whole, who signed it, what it says, and whether that stands still."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tonne.documents.certificate import (
    FORM,
    Certificate,
    NoCertificate,
    SignedCertificate,
    Unreadable,
    as_data,
    read_signed,
)
from tonne.documents.seal import has_seal, is_page, record_within, seal_holds
from tonne.linking import PublicKey
from tonne.operations import CERTIFICATES, Books, Scheme, TakenOut, taken_out
from tonne.refusal import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What comes of the check of a file."""

    certificate: Certificate | None
    """What is signed; none if nothing is that can be read."""

    page: bool
    """Whether it is a page, and not the record alone."""

    key: PublicKey | None
    """By which it was checked."""

    key_given: bool
    """Whether that came from who checks; else the certificate names it itself."""

    signed: bool
    """Whether the record is signed with that key, whatever became of the page around it."""

    faults: tuple[str, ...]
    """What is not as it should be, in sentences."""

    @property
    def true(self) -> bool:
        """Whether it is whole and signed with the key."""
        return not self.faults


def check(raw: bytes, *, file: str, key: PublicKey | None = None) -> Finding:
    """Check a file by the key of its issuer, without books; what is no certificate is refused."""
    page = is_page(raw)
    if not (has_seal(raw) if page else FORM.encode() in raw):
        raise Refused([NoCertificate(reference=CERTIFICATES, file=file)])
    try:
        signed = read_signed(record_within(raw) if page else raw)
    except Unreadable as fault:
        faults = (f"The record is not as it was signed: {fault}.",)
        return Finding(
            certificate=None,
            page=page,
            key=key,
            key_given=key is not None,
            signed=False,
            faults=faults,
        )
    by = signed.certificate.key if key is None else key
    return Finding(
        certificate=signed.certificate,
        page=page,
        key=by,
        key_given=key is not None,
        signed=signed.certificate.key == by and signed.holds(by),
        faults=tuple(_faults(signed, by, raw if page else None)),
    )


def in_words(certificate: Certificate) -> str:
    """What a certificate says, in one sentence."""
    taken = certificate.taken
    many = f"{taken.count:,} unit was" if taken.count == 1 else f"{taken.count:,} units were"
    units = ", ".join(each.unit for each in taken.units)
    said = taken.dedication
    whom = "" if said is None else f" for {said.beneficiary}"
    if taken.duty is not None:
        whom = f" by {taken.duty.operator} for {taken.duty.year}"
    ever = " for ever" if taken.duty is None else ""
    why = "" if said is None or not said.purpose else f" ({said.purpose})"
    return (
        f"{many} {taken.how}{ever}{whom}{why} on {taken.day}: {units}, by transaction "
        f"{taken.transaction} of {taken.scheme}, says {certificate.issuer}."
    )


def against_books(certificate: Certificate, books: Books, scheme: Scheme) -> tuple[str, ...]:
    """Where the books, as they stand, say otherwise than a certificate."""
    try:
        found = taken_out(books, scheme, certificate.taken.transaction)
    except Refused as no:
        return tuple(f"The books say otherwise: {each}" for each in no.refusals)
    return tuple(_differences(certificate, found))


def _faults(signed: SignedCertificate, key: PublicKey, page: bytes | None) -> Iterator[str]:
    named = signed.certificate.key
    if key != named:
        yield f"It was not issued under this key: it names '{named}'."
    if not signed.holds(key):
        yield "The signature is not that of this record under this key."
    if page is not None and not seal_holds(page, key):
        yield (
            "The page is not as it was issued: what is printed may be false. Believe only what "
            "the record says."
        )


def _differences(certificate: Certificate, found: TakenOut) -> Iterator[str]:
    told, stands = (as_data(each) for each in (certificate, _told(certificate, found)))
    for name in told | stands:
        if told.get(name) != stands.get(name):
            yield f"The books say otherwise of {name!r}: {_short(stands.get(name, ''))!r}."


def _told(certificate: Certificate, found: TakenOut) -> Certificate:
    """The certificate that would be issued now."""
    return Certificate(
        taken=found,
        issuer=certificate.issuer,
        key=certificate.key,
        at=certificate.at,
        page=certificate.page,
    )


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_short(each)}" for name, each in value.items())
    if isinstance(value, list):
        return "; ".join(map(_short, value))
    return str(value) or "nothing"


def as_plain(certificate: Certificate) -> dict[str, Any]:
    """What is signed, for programs, with its digest."""
    return {"digest": certificate.digest, **as_data(certificate)}
