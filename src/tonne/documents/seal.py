"""A page that carries its own proof: the signed record within it, and a seal over all its bytes.

The seal is a signature in the description of an attached file, a place that is kept for it. Signed
is the whole page with that place as it was before; so nothing of it can be changed unseen, neither
what is printed nor what is attached. The page stays a PDF in form, for its length is the same.
"""

import re
import zlib
from collections.abc import Iterator
from hashlib import sha256

from tonne.documents.certificate import SIZE_MAX, Unreadable
from tonne.linking import PrivateKey, PublicKey

RECORD_FILE = "tonne-certificate.json"
SEAL_FILE = "tonne-seal.txt"

_MARK = "tonne seal 1 "
SEAL_PLACE = _MARK + "0" * 128
"""What stands in the place of the seal before it is sealed: as long as the seal."""

SEAL_SAYS = "The seal of this file is in the description of this attachment: tonne verify FILE\n"

_SEAL = re.compile(_MARK.encode() + rb"([0-9a-f]{128})")
_ATTACHED = re.compile(rb"/EmbeddedFile\b")
_STREAM = re.compile(rb">>\s{0,4}stream\r?\n")
_HEAD_MAX = 500
"""What is said of an attached file before its bytes is no longer, on either side of its kind."""

_LENGTH = re.compile(rb"/Length (\d{1,9})(?![\d ]* R)")


def seal(page: bytes, key: PrivateKey) -> bytes:
    """The page with its seal."""
    assert page.count(SEAL_PLACE.encode()) == 1, "a page keeps one place for its seal"
    signature = key.sign(_sealed(page))
    return page.replace(SEAL_PLACE.encode(), f"{_MARK}{signature}".encode())


def seal_holds(page: bytes, key: PublicKey) -> bool:
    """Whether who keeps the private half of this key has sealed the page as it is."""
    seals = _SEAL.findall(page)
    if len(seals) != 1:
        return False
    before = _SEAL.sub(SEAL_PLACE.encode(), page)
    return key.verifies(_sealed(before), seals[0].decode())


def is_page(raw: bytes) -> bool:
    """Whether a file is a PDF."""
    return raw.startswith(b"%PDF-")


def has_seal(page: bytes) -> bool:
    """Whether there is something like a seal in a page."""
    return _MARK.encode() in page


def record_within(page: bytes) -> bytes:
    """The signed record that is attached to a page, or :class:`Unreadable`."""
    found = [each for each in _attached(page) if each.startswith(b'{"certificate":')]
    if len(found) != 1:
        raise Unreadable("no record is attached to it" if not found else "it has two records")
    return found[0]


def _attached(page: bytes) -> Iterator[bytes]:
    """The files attached to a page, as far as they can be read: no more than one record may be."""
    left = SIZE_MAX
    for each in _ATTACHED.finditer(page):
        begin = page.rfind(b" obj", max(0, each.start() - _HEAD_MAX), each.start())
        head = _STREAM.search(page, each.end(), each.end() + _HEAD_MAX)
        length = None if head is None or begin < 0 else _LENGTH.search(page, begin, head.end())
        if head is None or length is None:
            continue
        stored = page[head.end() : head.end() + min(int(length[1]), left)]
        if b"/FlateDecode" not in page[begin : head.end()]:
            left -= len(stored)
            yield stored
            continue
        unpacking = zlib.decompressobj()
        try:
            # One more than there may be, for nought would mean without bound.
            unpacked = unpacking.decompress(stored, left + 1)
        except zlib.error:
            raise Unreadable("a file attached to it cannot be unpacked") from None
        left -= len(unpacked)
        if left < 0:
            raise Unreadable("too much is attached to it")
        if unpacking.eof:
            yield unpacked


def _sealed(page: bytes) -> str:
    """What is signed of a page."""
    return f"tonne page 1\n{sha256(page).hexdigest()}"
