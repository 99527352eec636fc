"""A certificate as a page for people, in a language of theirs, with the signed record within it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from tonne.documents.certificate import Certificate, SignedCertificate
from tonne.documents.languages import Language, code, name, notes_of, numbers
from tonne.documents.seal import RECORD_FILE, SEAL_FILE, SEAL_PLACE, SEAL_SAYS, seal
from tonne.documents.typeset import picture, typeset
from tonne.linking import PrivateKey

TEMPLATE = "certificate.typ"


def _(text: str) -> str:
    """A sentence that is translated where it is shown."""
    return text


REVIEW = _(
    "This translation has yet to be reviewed by a native reader; the signed record within this "
    "file is what counts."
)


def certificate_page(signed: SignedCertificate, language: Language, key: PrivateKey) -> bytes:
    """The certificate as a PDF that carries the signed record, and is sealed as a whole."""
    at = signed.certificate.at
    return seal(typeset(TEMPLATE, contents(signed, language), at=at), key)


def certificate_picture(signed: SignedCertificate, language: Language) -> list[bytes]:
    """The same as pictures, page after page."""
    return picture(TEMPLATE, contents(signed, language), at=signed.certificate.at)


def title(certificate: Certificate, language: Language) -> str:
    """What the certificate is called."""
    if certificate.taken.how == "retired":
        return language.say("Certificate of retirement")
    if certificate.taken.how == "surrendered":
        return language.say("Certificate of surrender")
    return language.say("Certificate of cancellation")


def contents(signed: SignedCertificate, language: Language) -> dict[str, Any]:
    """All that stands on the page; the template adds nothing but form."""
    certificate, say = signed.certificate, language.say
    return {
        "language": language.code,
        "direction": language.direction,
        "fonts": language.fonts,
        "title": title(certificate, language),
        "issuer": name(certificate.issuer),
        "sentence": certificate_sentence(certificate, language),
        "facts": [
            {"label": label, "values": values} for label, values in _facts(certificate, language)
        ],
        "units": _units(certificate, language),
        "check": {
            "title": say("How to check this certificate"),
            "text": say(
                "The signed record is attached to this file. Anybody can check, without a network "
                "and without an account, that it is whole and who signed it:"
            ),
            "command": code("tonne verify FILE --key KEY"),
            "facts": [
                {"label": say("Key of the issuer"), "values": [code(str(certificate.key))]},
                {"label": say("Digest of the record"), "values": [code(certificate.digest)]},
                {
                    "label": say("Public page"),
                    "values": [code(certificate.page) if certificate.page else say("none")],
                },
            ],
            "qr": _qr(certificate.link),
            "alt": say("A code with the address of the public page and the digest of the record"),
        },
        "notes": notes_of(language, review=REVIEW, named=_named(certificate)),
        "record": {"file": RECORD_FILE, "text": signed.raw.decode()},
        "record_is": say("The signed record of this certificate"),
        "seal": {"file": SEAL_FILE, "says": SEAL_SAYS, "place": SEAL_PLACE},
    }


def certificate_sentence(certificate: Certificate, language: Language) -> str:
    """What a certificate says, in one sentence of a reader's language."""
    taken = certificate.taken
    facts = {
        "count": language.figure(taken.count),
        "day": language.day(taken.day),
        "who": "" if taken.dedication is None else name(taken.dedication.beneficiary),
    }
    if taken.duty is not None:
        facts |= {"who": name(taken.duty.operator), "year": language.year(taken.duty.year)}
        return language.say_count(
            "%(who)s surrendered %(count)s unit on %(day)s for its emissions of %(year)s.",
            "%(who)s surrendered %(count)s units on %(day)s for its emissions of %(year)s.",
            taken.count,
            **facts,
        )
    if taken.how == "retired" and taken.dedication is not None:
        said = language.say_count(
            "%(count)s unit was retired for ever for %(who)s on %(day)s.",
            "%(count)s units were retired for ever for %(who)s on %(day)s.",
            taken.count,
            **facts,
        )
    elif taken.how == "retired":
        said = language.say_count(
            "%(count)s unit was retired for ever on %(day)s.",
            "%(count)s units were retired for ever on %(day)s.",
            taken.count,
            **facts,
        )
    elif taken.dedication is not None:
        said = language.say_count(
            "%(count)s unit was cancelled for ever for %(who)s on %(day)s.",
            "%(count)s units were cancelled for ever for %(who)s on %(day)s.",
            taken.count,
            **facts,
        )
    else:
        said = language.say_count(
            "%(count)s unit was cancelled for ever on %(day)s.",
            "%(count)s units were cancelled for ever on %(day)s.",
            taken.count,
            **facts,
        )
    return said


def _facts(certificate: Certificate, language: Language) -> Iterator[tuple[str, list[str]]]:
    """What is certified, label by label."""
    taken, say = certificate.taken, language.say
    if taken.dedication is not None:
        yield say("Beneficiary"), [name(taken.dedication.beneficiary)]
        if taken.dedication.purpose:
            yield say("Purpose"), [name(taken.dedication.purpose)]
    if taken.duty is not None:
        yield say("Operator"), [f"{name(taken.duty.operator)} {code(taken.duty.account)}"]
        yield say("Year"), [language.year(taken.duty.year)]
    yield say("Scheme"), [name(taken.title)]
    yield say("Transaction"), [code(str(taken.transaction))]
    yield say("In effect from"), [language.day(taken.day)]
    yield say("Written into the books"), [language.moment(taken.at)]
    yield say("Law"), [name(each) for each in taken.because]
    yield say("Fingerprint of the law"), [code(taken.rulebook)]
    yield say("Certificate issued"), [language.moment(certificate.at)]


def _units(certificate: Certificate, language: Language) -> dict[str, Any]:
    """The table of all units, block by block, with its sum."""
    taken, say = certificate.taken, language.say
    rows: list[list[str]] = []
    for each in taken.units:
        rows.extend(
            [code(each.unit), numbers(block), language.figure(block.count)] for block in each.blocks
        )
        if not each.blocks:
            rows.append([code(each.unit), say("without numbers"), language.figure(each.count)])
    return {
        "title": say("Units and their serial numbers"),
        "head": [say("Unit"), say("Serial numbers"), say("Units")],
        "rows": rows,
        "sum": [say("Sum"), "", language.figure(taken.count)],
        "names": [f"{code(each.unit)}: {name(language.law(each.name))}" for each in taken.units],
    }


def _named(certificate: Certificate) -> str:
    """All that somebody wrote of what stands on the page."""
    taken, said = certificate.taken, certificate.taken.dedication
    whom = () if said is None else (said.beneficiary, said.purpose)
    if taken.duty is not None:
        whom = (*whom, taken.duty.operator)
    return " ".join((certificate.issuer, taken.title, *taken.because, *whom))


def _qr(text: str) -> str:
    """A code that a camera reads, as SVG."""
    import segno  # noqa: PLC0415  heavy

    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
