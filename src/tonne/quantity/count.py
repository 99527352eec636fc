"""What people write, read once at the border: numbers, and names out of a known list."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from tonne.refusal import Refusal, refuse_if_any

# No more than 18 digits: what is longer is a mistake, and fits no column of the books.
_PLAIN = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
_WHOLE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberUnfit(Refusal):
    """Units are counted in whole ones; masses are plain decimals; prices are on their tick."""

    number: ClassVar[int] = 100
    remedy: ClassVar[str] = "Write digits alone, at most 18, and a point only in what is measured."

    text: str
    what: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.what} must be {self.wanted}, not {self.text!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NameUnknown(Refusal):
    """A gas, a unit of mass and a currency are called by a name that is known."""

    number: ClassVar[int] = 101
    remedy: ClassVar[str] = "Use a name that is known, as the reference spells it."

    text: str
    kind: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        known = f"; known: {', '.join(self.known)}" if self.known else ""
        return f"{self.text!r} is not {self.kind}{known}."


def count(text: str, *, reference: str, least: int = 1, what: str = "Quantity") -> int:
    """The number of units written there: whole, and positive unless ``least`` is 0."""
    read = int(text) if _WHOLE.fullmatch(text.strip()) else -1
    if read < least:
        wanted = "a positive whole number" if least else "a whole number, none or more"
        refuse_if_any([unfit(text, what=what, wanted=wanted, reference=reference)])
    return read


def number(text: str, *, what: str, reference: str, signed: bool = False) -> Decimal:
    """The measured number written there, not less than nothing unless ``signed``."""
    refuse_if_any(number_refusals(text, what=what, reference=reference, signed=signed))
    return Decimal(text.strip())


def number_refusals(text: str, *, what: str, reference: str, signed: bool) -> Iterator[Refusal]:
    """Why the text is no measured number, if it is none."""
    if not _PLAIN.fullmatch(text.strip()) or (not signed and Decimal(text.strip()) < 0):
        wanted = "a plain number" if signed else "a plain number, nothing or more"
        yield unfit(text, what=what, wanted=wanted, reference=reference)


def unknown(text: str, *, kind: str, known: Iterable[str], reference: str) -> Iterator[Refusal]:
    """Why the text is no name of that kind, if it is none."""
    if text.strip() not in (names := tuple(known)):
        yield NameUnknown(reference=reference, text=text[:40], kind=kind, known=names)


def unfit(text: str, *, what: str, wanted: str, reference: str) -> NumberUnfit:
    """The refusal of a number, with as much of its text as helps to find it again."""
    return NumberUnfit(reference=reference, text=text[:40], what=what, wanted=wanted)
