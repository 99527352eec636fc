"""A letter on its way: who signed it, whether that holds, and the receipt of who heard it.

The signature is over the canonical text of the letter, so it holds however the letter was written,
and whoever keeps the text and the signature can show a third party who said what to whom.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from tonne.linking.keys import PrivateKey, PublicKey
from tonne.linking.letter_grounds import LINK, SignatureBroken, UnknownSender, Unreadable
from tonne.linking.message import Letter
from tonne.linking.wire import TEXT_MAX, canonical, letter_as_data, letter_from_data
from tonne.refusal import Refused

SIZE_MAX = 64 * 1024 * 1024
"""So many bytes are in a letter at most."""

LETTER_MAX = 4 * 1024 * 1024
"""So many are in one that does not tell or compare what a registry holds."""

SHORT_MAX = 64 * 1024
"""A longer letter is looked into only if it ends as letters do, and its signature holds."""

NAME_MAX = 100
"""So many characters are in what something is called by at most."""


class Signed(NamedTuple):
    """What a sender said, to the last byte, and by which key it can be told that it did."""

    sender: str
    text: str
    signature: str
    key: PublicKey

    @property
    def digest(self) -> str:
        """By which this text is told from every other."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def raw(self) -> bytes:
        """The letter as it goes over the wire."""
        return f'{{"letter":{self.text},"signature":"{self.signature}"}}'.encode()

    def holds(self) -> bool:
        """Whether the signature is that of this text under this key."""
        return self.key.verifies(self.text, self.signature)


class Evidence(NamedTuple):
    """What another side signed, as it was kept: a letter, or the receipt for one of ours."""

    at: datetime
    signed: Signed
    letter: str
    """The text of the letter that it is, or for which it is the receipt."""

    def holds(self) -> bool:
        """Whether it is what it says, signed by who is said to have signed it."""
        try:
            found = json.loads(self.letter)
        except (ValueError, RecursionError):
            return False
        names = found if isinstance(found, dict) else {}
        by = {"letter": names.get("from"), "receipt": names.get("to")}.get(self.form)
        return by == self.signed.sender and self.signed.holds()

    @property
    def form(self) -> str:
        """What it is, by what was signed: a letter, the receipt for one, or neither."""
        if self.signed.text == self.letter:
            return "letter"
        digest = sha256(self.letter.encode(errors="replace")).hexdigest()
        return "receipt" if self.signed.text == _heard(digest) else "neither"


def sign(letter: Letter, key: PrivateKey) -> bytes:
    """The letter as it goes over the wire."""
    text = text_of(letter)
    return Signed(letter.sender, text, key.sign(text), key.public()).raw


def signed_by(raw: bytes, keys: Mapping[str, PublicKey]) -> Signed:
    """What a letter says, if who is said to have sent it is known and has signed it.

    Whoever has signed nothing has little looked at, so that strangers take nobody's time.
    """
    if len(raw) > SIZE_MAX:
        raise _unreadable("it is too long")
    if len(raw) > SHORT_MAX:
        _expect_signature(raw, keys)
    try:
        found = json.loads(raw, parse_float=_no_fraction, parse_constant=_no_fraction)
    except (ValueError, RecursionError):
        raise _unreadable("it is no JSON") from None
    data = found.get("letter") if isinstance(found, dict) else None
    sender = data.get("from") if isinstance(data, dict) else None
    if not isinstance(sender, str) or not _is_name(sender):
        raise _unreadable("nobody is named from whom it is")
    signature = found.get("signature")
    if not isinstance(signature, str):
        raise _unreadable("it is not signed")
    key = _key_of(sender, keys)
    return _holding(Signed(sender, _text(data), signature, key))


def read(signed: Signed) -> Letter:
    """The letter that was signed, if it is in form; if not, its sender is told so."""
    data = json.loads(signed.text)
    try:
        _expect_size(signed.text, data)
        _expect_names(data)
        return letter_from_data(data)
    except RecursionError:
        raise _unreadable("it is nested too deeply", sender=signed.sender) from None
    except Refused as no:
        faults = [each.fault for each in no.refusals if isinstance(each, Unreadable)]
        raise _unreadable(*faults, sender=signed.sender) from None


def receipt(digest: str, key: PrivateKey) -> str:
    """What only who keeps the key can say: that the letter with this digest was heard."""
    return key.sign(_heard(digest))


def receipt_of(said: object, letter: Letter, key: PublicKey) -> Signed | None:
    """The receipt of this very letter, if an answer is one, signed by whom the letter was for."""
    found = as_receipt(letter, said, key) if isinstance(said, str) else None
    return found if found is not None and found.holds() else None


def as_receipt(letter: Letter, signature: str, key: PublicKey) -> Signed:
    """What the addressee of a letter signs once it has heard it."""
    digest = sha256(text_of(letter).encode()).hexdigest()
    return Signed(letter.addressee, _heard(digest), signature, key)


def text_of(letter: Letter) -> str:
    """The text of a letter, which is signed."""
    return canonical(letter_as_data(letter))


def _heard(digest: str) -> str:
    """What a receipt says; no letter begins so, and it is never taken for one."""
    return f"heard {digest}"


def _expect_signature(raw: bytes, keys: Mapping[str, PublicKey]) -> None:
    """Nothing if a letter, written as letters are, bears a signature; it is not looked into."""
    end = _END.search(raw, max(0, len(raw) - _END_MAX))
    if end is None or not raw.startswith(_HEAD) or not raw.isascii():
        raise _unreadable("it is long, and not written as the link says")
    sender = end["sender"].decode()
    text = raw[len(_HEAD) : end.end("letter")].decode()
    _holding(Signed(sender, text, end["signature"].decode(), _key_of(sender, keys)))


_HEAD = b'{"letter":'
_END = re.compile(
    rb'(?P<letter>,"from":"(?P<sender>[0-9A-Za-z]{1,100})","nonce":[0-9]{1,19},'
    rb'"to":"[^"\\]{0,100}","version":[0-9]{1,9}\})'
    rb',"signature":"(?P<signature>[0-9a-f]{128})"\}\s*\Z'
)
_END_MAX = 500
"""The end of a letter, from its sender on, is no longer."""


def _key_of(sender: str, keys: Mapping[str, PublicKey]) -> PublicKey:
    if sender not in keys:
        raise Refused([UnknownSender(reference=LINK, sender=sender)])
    return keys[sender]


def _holding(signed: Signed) -> Signed:
    if not signed.holds():
        raise Refused([SignatureBroken(reference=LINK, sender=signed.sender)])
    return signed


def _text(data: object) -> str:
    """The canonical text of what can be kept as text."""
    text = canonical(data)
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise _unreadable("half a character is in it") from None
    if "\\u0000" in text:
        raise _unreadable("a character is in it that no text has")
    return text


def _expect_size(text: str, data: object) -> None:
    """Nothing if a letter is no longer than what it says may be."""
    body = data.get("body") if isinstance(data, dict) else None
    says = body.get("says") if isinstance(body, dict) else None
    if len(text) > LETTER_MAX and says not in _LONG:
        raise _unreadable(f"it is longer than {LETTER_MAX} bytes")


_LONG = ("holdings_told", "compared")


def _expect_names(data: Any, *, free: bool = False) -> None:  # noqa: ANN401  JSON
    """Nothing if all that something is called by is short and can be shown, and no text is long."""
    if isinstance(data, dict):
        for name, value in data.items():
            _expect_names(value, free=free or name in _FREE)
    elif isinstance(data, list):
        for value in data:
            _expect_names(value, free=free)
    elif not isinstance(data, str):
        return
    elif free and len(data) > TEXT_MAX:
        raise _unreadable(f"a text has more than {TEXT_MAX} characters")
    elif not free and not _is_name(data):
        raise _unreadable(f"{data[:20]!r} is too long for a name, or cannot be shown")


_FREE = {"text", "reasons", "differences"}
"""What is said in sentences."""


def _is_name(text: str) -> bool:
    return len(text) <= NAME_MAX and text.isprintable()


def _no_fraction(text: str) -> object:
    raise ValueError(text)


def _unreadable(*faults: str, sender: str = "") -> Refused:
    return Refused([Unreadable(reference=LINK, fault=each, sender=sender) for each in faults])
