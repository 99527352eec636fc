"""The certificate of a cancellation, retirement or surrender: a record that its issuer signs.

The record is JSON in the one canonical form (RFC 8785); signed are the words ``tonne certificate``
and that text, so that the signature stands for nothing else which the same key may sign.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, ClassVar, get_args

from tonne.ledger import Block
from tonne.linking import KEY_BYTES, PrivateKey, PublicKey
from tonne.operations import DutyMet, How, TakenOut, UnitsOut
from tonne.refusal import Refusal
from tonne.registry import Dedication

FORM = "tonne certificate 1"
SIZE_MAX = 16 * 1024 * 1024
"""So many bytes are in a certificate at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCertificate(Refusal):
    """What is checked is a certificate."""

    number: ClassVar[int] = 9300
    remedy: ClassVar[str] = "Name the file as it was received: a certificate in JSON or PDF."

    file: str

    def __str__(self) -> str:
        return f"{self.file} is no certificate of Tonne."


class Unreadable(Exception):  # noqa: N818  it is an answer: not as it was signed
    """What stands in the place of a certificate cannot be read as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was taken out, as its issuer says and signs it."""

    taken: TakenOut
    issuer: str
    key: PublicKey
    """By which the issuer says to be known; whoever makes a certificate can say so of any."""

    at: datetime
    """When it was issued."""

    page: str = ""
    """The address of the public page that says whether this stands still, if there is one."""

    @property
    def text(self) -> str:
        """The record in the one form in which it is signed."""
        return canonical(as_data(self))

    @property
    def digest(self) -> str:
        """By which this record is told from every other."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def link(self) -> str:
        """Where it is read about, and which record was meant; what the code on the page says."""
        if not self.page:
            return f"sha256:{self.digest}"
        return f"{self.page}?issued={self.at:%Y%m%dT%H%M%S}Z&sha256={self.digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCertificate:
    """A certificate, and the signature under it."""

    certificate: Certificate
    signature: str

    @property
    def raw(self) -> bytes:
        """The file."""
        data = as_data(self.certificate)
        return canonical({"certificate": data, "signature": self.signature}).encode()

    def holds(self, key: PublicKey) -> bool:
        """Whether who keeps the private half of this key signed this very record."""
        return key.verifies(_signed(self.certificate), self.signature)


def certify(
    taken: TakenOut, *, issuer: str, key: PrivateKey, at: datetime, address: str = ""
) -> SignedCertificate:
    """The certificate of what was taken out; ``address`` is where the public pages are."""
    certificate = Certificate(
        taken=taken,
        issuer=issuer,
        key=key.public(),
        at=at.astimezone(UTC).replace(microsecond=0),
        page=_page(taken, address.rstrip("/")) if address else "",
    )
    return SignedCertificate(certificate=certificate, signature=key.sign(_signed(certificate)))


def read_signed(raw: bytes) -> SignedCertificate:
    """The certificate in a file of JSON, written exactly as it was signed; or :class:`Unreadable`.

    Whatever is said otherwise, twice, or beside it is not what was signed.
    """
    if len(raw) > SIZE_MAX:
        raise Unreadable("it is too long")
    try:
        text = raw.decode().strip()
        data = json.loads(text, parse_float=_no_fraction, parse_constant=_no_fraction)
        found = SignedCertificate(
            certificate=from_data(data["certificate"]), signature=_str(data["signature"])
        )
        written = found.raw.decode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, AssertionError):
        raise Unreadable("it cannot be read") from None
    if written != text:
        raise Unreadable("it is not written as certificates are")
    return found


def as_data(certificate: Certificate) -> dict[str, Any]:
    """The record as plain values; what may be larger than 2^53 is written as text."""
    taken, said, duty = certificate.taken, certificate.taken.dedication, certificate.taken.duty
    met = {} if duty is None else {"account": duty.account, "operator": duty.operator}
    return {
        **({} if duty is None else {"duty": {**met, "year": str(duty.year)}}),
        "form": FORM,
        "issuer": {"name": certificate.issuer, "public_key": str(certificate.key)},
        "issued_at": certificate.at.isoformat(),
        "page": certificate.page,
        "units_are": taken.how,
        "scheme": {"name": taken.scheme, "title": taken.title},
        "law": {"rulebook": taken.rulebook, "references": list(taken.because)},
        "transaction": str(taken.transaction),
        "day": taken.day.isoformat(),
        "written_at": taken.at.isoformat(),
        "beneficiary": "" if said is None else said.beneficiary,
        "purpose": "" if said is None else said.purpose,
        "count": str(taken.count),
        "units": [
            {
                "unit": each.unit,
                "name": each.name,
                "count": str(each.count),
                "serials": [
                    {"series": block.series, "first": str(block.first), "last": str(block.last)}
                    for block in each.blocks
                ],
            }
            for each in taken.units
        ],
    }


def from_data(data: Mapping[str, Any]) -> Certificate:
    """The certificate of a record; a value that no record has is a ``ValueError``."""
    if data["form"] != FORM:
        raise ValueError("another form")
    how = _how(data["units_are"])
    beneficiary = _str(data["beneficiary"])
    key = PublicKey(bytes.fromhex(_str(data["issuer"]["public_key"])))
    if len(key.value) != KEY_BYTES or not key.is_sound():
        raise ValueError("no key")
    return Certificate(
        taken=TakenOut(
            transaction=int(_str(data["transaction"])),
            how=how,
            scheme=_str(data["scheme"]["name"]),
            title=_str(data["scheme"]["title"]),
            rulebook=_str(data["law"]["rulebook"]),
            because=tuple(map(_str, data["law"]["references"])),
            day=date.fromisoformat(_str(data["day"])),
            at=datetime.fromisoformat(_str(data["written_at"])),
            units=tuple(map(_units, data["units"])),
            dedication=Dedication(beneficiary=beneficiary, purpose=_str(data["purpose"]))
            if beneficiary
            else None,
            duty=_duty(data["duty"]) if how == "surrendered" else None,
        ),
        issuer=_str(data["issuer"]["name"]),
        key=key,
        at=datetime.fromisoformat(_str(data["issued_at"])),
        page=_str(data["page"]),
    )


def canonical(data: Mapping[str, Any]) -> str:
    """The one way to write a value (RFC 8785)."""
    import rfc8785  # noqa: PLC0415  only where something is signed or checked

    return rfc8785.dumps(data).decode()


def _signed(certificate: Certificate) -> str:
    """What is signed; no letter between registries begins so, and no receipt."""
    return f"{FORM}\n{certificate.text}"


def _page(taken: TakenOut, address: str) -> str:
    """The page that says what the books say of a transaction now."""
    return f"{address}/verify/{taken.scheme}/{taken.transaction}"


def _how(text: object) -> How:
    hows: Mapping[object, How] = {each: each for each in get_args(How)}
    return hows[text]


def _duty(data: Mapping[str, Any]) -> DutyMet:
    return DutyMet(
        account=_str(data["account"]),
        operator=_str(data["operator"]),
        year=int(_str(data["year"])),
    )


def _units(data: Mapping[str, Any]) -> UnitsOut:
    return UnitsOut(
        unit=_str(data["unit"]),
        name=_str(data["name"]),
        count=int(_str(data["count"])),
        blocks=tuple(
            Block(_str(each["series"]), int(_str(each["first"])), int(_str(each["last"])))
            for each in data["serials"]
        ),
    )


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _no_fraction(text: str) -> object:
    raise ValueError(text)
