"""Which letters our fonts have; one that none has is shown by a mark, and never left out."""

import struct
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

FONTS = Path(str(files("tonne") / "documents" / "fonts"))

LACKING = "\ufffd"
"""Stands for a letter that no font of ours has."""

_SHORT, _LONG = 4, 12
"""The two forms of a table of letters that fonts have (OpenType, cmap)."""


def shown(letter: str) -> str:
    """A letter as a document can show it."""
    return letter if ord(letter) in letters() else LACKING


@cache
def letters() -> frozenset[int]:
    """Every letter that one of our fonts has."""
    found: set[int] = set()
    for font in sorted(FONTS.glob("*-400.ttf")):
        found.update(_letters_of(font.read_bytes()))
    return frozenset(found)


def _letters_of(font: bytes) -> Iterator[int]:
    """The letters of a font, by its tables."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * count, 16)
    }
    cmap = tables[b"cmap"]
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    for at in range(cmap + 4, cmap + 4 + 8 * count, 8):
        table = cmap + struct.unpack_from(">I", font, at + 4)[0]
        (form,) = struct.unpack_from(">H", font, table)
        if form == _SHORT:
            yield from _short(font, table)
        elif form == _LONG:
            yield from _long(font, table)


def _short(font: bytes, table: int) -> Iterator[int]:
    """The letters of a table of ranges, of two bytes each."""
    (double,) = struct.unpack_from(">H", font, table + 6)
    lasts = struct.unpack_from(f">{double // 2}H", font, table + 14)
    firsts = struct.unpack_from(f">{double // 2}H", font, table + 16 + double)
    for first, last in zip(firsts, lasts, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)


def _long(font: bytes, table: int) -> Iterator[int]:
    """The letters of a table of ranges, of four bytes each."""
    (count,) = struct.unpack_from(">I", font, table + 12)
    for at in range(table + 16, table + 16 + 12 * count, 12):
        first, last = struct.unpack_from(">II", font, at)
        yield from range(first, last + 1)
