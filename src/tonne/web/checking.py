"""Certificates checked by anybody, without signing in: a file that is brought, or a link followed.

The books are asked only of what this registry signed itself; else whoever writes a certificate of
their own could ask them what is not public.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from starlette.responses import Response

from tonne import documents
from tonne.documents import Certificate, Finding
from tonne.operations import Scheme, TakenOut, public, taken_out
from tonne.refusal import Refusal, Refused
from tonne.web.refusals import FORMS, NoFileBrought, NotPublic
from tonne.web.visit import Visit
from tonne.web.words import VERDICTS

NAME_MOST = 100
REVERSED = 9092

Verdict = Literal[
    "unreadable", "unsigned", "foreign", "elsewhere", "differs", "altered", "true", "says",
    "link_holds", "link_differs", "reversed",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of a check, as the page tells it."""

    verdict: Verdict
    certificate: Certificate | None = None
    key: str = ""
    """By which it was signed, if that is not ours."""

    faults: Sequence[str] = ()
    of_books: bool = False
    """Whether what is told is told by the books of this registry."""


def verify(visit: Visit) -> Response:
    """The form that takes a certificate, and what comes of it."""
    if visit.request.method == "GET":
        return _page(visit)
    name, raw = visit.file
    if not raw:
        return _page(visit, refusals=[NoFileBrought(reference=FORMS)])
    try:
        found = documents.check(raw, file=name[:NAME_MOST] or "it")
    except Refused as no:
        return _page(visit, refusals=no.refusals)
    return _page(visit, checked=_checked(visit, found))


def stands(visit: Visit) -> Response:
    """What the books say of the transaction that a link names, and whether the link says the same.

    A surrender that is not public yet is told to those alone whose link has the digest of its
    certificate: they hold it in hand.
    """
    law, number = visit.office.scheme(visit.place("scheme")), int(visit.place("transaction"))
    try:
        taken = visit.ask(lambda books: taken_out(books, law, number))
    except Refused as no:
        if {each.number for each in no.refusals} == {REVERSED}:
            return _page(visit, checked=Checked(verdict="reversed"))
        raise _not_public(law, number) from None
    certificate, digest = _linked(visit, taken), visit.asked("sha256")
    holds = certificate is not None and digest == certificate.digest
    if not (holds or _is_public(visit, law, taken)):
        raise _not_public(law, number)
    verdict: Verdict = "link_holds" if holds else "link_differs" if digest else "says"
    told = certificate or _certificate(visit, taken, visit.now)
    return _page(visit, checked=Checked(verdict=verdict, certificate=told, of_books=True))


def _checked(visit: Visit, found: Finding) -> Checked:
    """The verdict on a file: who signed it first, then what the books say."""
    certificate = found.certificate
    if certificate is None:
        return Checked(verdict="unreadable", faults=found.faults)
    if not found.signed:
        return Checked(verdict="unsigned", faults=found.faults)
    ours = visit.certifier is not None and certificate.key == visit.certifier.key.public()
    if not ours:
        key = str(certificate.key)
        return Checked(verdict="foreign", certificate=certificate, key=key, faults=found.faults)
    law = visit.office.schemes.get(certificate.taken.scheme)
    if law is None:
        return Checked(verdict="elsewhere", certificate=certificate, faults=found.faults)
    differs = visit.ask(lambda books: documents.against_books(certificate, books, law))
    verdict: Verdict = "differs" if differs else "altered" if found.faults else "true"
    return Checked(
        verdict=verdict,
        certificate=certificate,
        faults=(*found.faults, *differs),
        of_books=not differs,
    )


def _linked(visit: Visit, taken: TakenOut) -> Certificate | None:
    """The certificate that we issued at the moment which the link names."""
    try:
        at = datetime.strptime(visit.asked("issued"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return _certificate(visit, taken, at)


def _certificate(visit: Visit, taken: TakenOut, at: datetime) -> Certificate | None:
    if visit.certifier is None:
        return None
    key, address = visit.certifier.key, visit.certifier.address
    signed = documents.certify(taken, issuer=taken.title, key=key, at=at, address=address)
    return signed.certificate


def _is_public(visit: Visit, law: Scheme, taken: TakenOut) -> bool:
    """Whether everybody may be told of it today: of a surrender, once its year is public."""
    if taken.duty is None:
        return True
    on = public.public_from(law, taken.duty.year)
    closed = taken.duty.year in visit.ask(
        lambda books: public.closed_years(books, law, desk=visit.desk)
    )
    return closed and on is not None and on <= visit.desk.day


def _not_public(law: Scheme, number: int) -> Refused:
    asked = f"What transaction {number} did"
    return Refused([NotPublic(reference=law.name, asked=asked)])


def _page(
    visit: Visit, *, checked: Checked | None = None, refusals: Sequence[Refusal] = ()
) -> Response:
    certificate = None if checked is None else checked.certificate
    said = ""
    if certificate is not None:
        lang = documents.LANGUAGES[visit.reader.language.code]
        said = documents.certificate_sentence(certificate, lang)
    ours = visit.certifier
    return visit.show(
        "verify.html",
        http=400 if refusals else 200,
        refusals=refusals,
        checked=checked,
        verdict="" if checked is None else visit.reader.gettext(VERDICTS[checked.verdict]),
        taken=None if certificate is None else certificate.taken,
        certificate=certificate,
        said=said,
        our_key="" if ours is None else str(ours.key.public()),
    )
