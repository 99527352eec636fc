"""In which language a document is written: its sentences, its digits, its calendar, its direction.

A catalogue is read from its ``.po`` file, so what translators write is what readers see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Literal

from tonne.documents.calendars import Calendar, in_words
from tonne.documents.letters import LACKING, shown
from tonne.ledger import Block

Direction = Literal["ltr", "rtl"]
Digits = Literal["latn", "deva", "arabext"]

SOURCE = "en"
"""The language in which the sentences stand in the modules."""

LOCALE = Path(str(files("tonne") / "documents" / "locale"))

_NOUGHTS: Mapping[Digits, int] = {"latn": 0x30, "deva": 0x966, "arabext": 0x6F0}
_DIGITS = {
    name: {ord("0") + each: nought + each for each in range(10)}
    for name, nought in _NOUGHTS.items()
}

_APART, _LTR, _POP = "\u2068", "\u2066", "\u2069"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language, how it is written, and how its readers count and date."""

    code: str
    name: str
    """What it calls itself."""

    direction: Direction
    digits: Digits

    calendar: Calendar
    date_form: str
    """How a day is written."""

    fonts: tuple[str, ...]

    def say(self, text: str, **facts: str) -> str:
        """A sentence in this language, with its facts."""
        said = sentences(self.code).gettext(text)
        return said % facts if facts else said

    def say_count(self, one: str, many: str, number: int, **facts: str) -> str:
        """A sentence in the form that goes with a count."""
        return sentences(self.code).ngettext(one, many, number) % facts

    def count(self, number: int | Decimal) -> str:
        """A number in the reader's digits, grouped as the language does."""
        from babel.numbers import format_decimal  # noqa: PLC0415  heavy

        size = number if number >= 0 else -number
        said = format_decimal(size, locale=self.code, numbering_system=self.digits)
        return ("\u2212" if number < 0 else "") + self.in_digits(said)

    def figure(self, number: int) -> str:
        """A number in the reader's digits, and the same beside it where these are not Latin."""
        said = self.count(number)
        return said if self.digits == "latn" else f"{said} ({code(str(number))})"

    def day(self, day: date) -> str:
        """A day in the reader's calendar, and as everybody writes it where that is another."""
        name, (year, month_day) = in_words(day, self.calendar)
        said = self.in_digits(self.date_form.format(day=month_day, month=self.say(name), year=year))
        return said if self.calendar == "gregorian" else f"{said} ({code(day.isoformat())})"

    def moment(self, at: datetime) -> str:
        """A moment, in UTC."""
        return self.say("%(day)s, %(time)s", day=self.day(at.date()), time=code(f"{at:%H:%M} UTC"))

    def year(self, year: int) -> str:
        """A year of the law: it is the law's own, in the reader's digits."""
        return self.in_digits(str(year))

    def in_digits(self, text: str) -> str:
        """Text with the reader's digits."""
        return text.translate(_DIGITS[self.digits])


def code(text: str) -> str:
    """A code, read from left to right in every language, and kept apart from what is around it."""
    return f"{_LTR}{text}{_POP}"


def numbers(block: Block) -> str:
    """The numbers of a block, from first to last, in Latin digits in every language."""
    first = f"{block.series}-{block.first}"
    return code(first if block.count == 1 else f"{first}\u2013{block.last}")


def name(text: str) -> str:
    """What somebody wrote: whatever its letters are, it disturbs nothing around it.

    What would show it in another order is left out, a letter that no font has is shown by a mark,
    and a long word may be broken.
    """
    kept = "".join(map(_letter, text))
    words = (_broken(word) if len(word) > _WORD else word for word in kept.split(" "))
    return f"{_APART}{' '.join(words)}{_POP}"


def notes_of(language: Language, *, review: str, named: str) -> list[str]:
    """What is to be known of a document itself: who has yet to read it, and what it cannot show."""
    notes = [] if language.code == SOURCE else [language.say(review)]
    if LACKING in name(named):
        notes.append(
            language.say(
                "Letters that the fonts of this document lack stand as %(mark)s.", mark=LACKING
            )
        )
    return notes


def bare(text: str) -> str:
    """Text without what keeps its parts apart, for where each stands alone."""
    return text.translate({ord(each): None for each in (_APART, _LTR, _POP, "\u200b")})


_WORD = 30
"""A longer word may be broken at the end of a line, wherever that is."""

_MARKS = frozenset(
    map(chr, (0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x2028, 0x202F)))
) | frozenset(map(chr, range(0x2060, 0x2070)))
_JOINERS = "\u200c\u200d"
"""Persian and Nepali write with them."""


def _letter(letter: str) -> str:
    """A letter as itself in its place, a blank for every kind of blank, nothing for a mark."""
    if letter.isspace():
        return " "
    if letter in _JOINERS:
        return letter
    if letter in _MARKS or not (letter.isprintable() or letter == LACKING):
        return ""
    return shown(letter)


def _broken(word: str) -> str:
    return "\u200b".join(word[at : at + _WORD] for at in range(0, len(word), _WORD))


_LATIN_FIRST = ("Noto Sans", "Noto Sans Devanagari", "Vazirmatn")

LANGUAGES: Mapping[str, Language] = {
    each.code: each
    for each in (
        Language(
            code="en",
            name="English",
            direction="ltr",
            digits="latn",
            calendar="gregorian",
            date_form="{day} {month} {year}",
            fonts=_LATIN_FIRST,
        ),
        Language(
            code="ne",
            name="नेपाली",
            direction="ltr",
            digits="deva",
            calendar="bikram_sambat",
            date_form="{year} {month} {day}",
            fonts=("Noto Sans Devanagari", "Noto Sans", "Vazirmatn"),
        ),
        Language(
            code="fa",
            name="فارسی",
            direction="rtl",
            digits="arabext",
            calendar="jalali",
            date_form="{day} {month} {year}",
            fonts=("Vazirmatn", "Noto Sans", "Noto Sans Devanagari"),
        ),
        Language(
            code="sl",
            name="Slovenščina",
            direction="ltr",
            digits="latn",
            calendar="gregorian",
            date_form="{day}. {month} {year}",
            fonts=_LATIN_FIRST,
        ),
    )
}


@cache
def sentences(code: str) -> NullTranslations:
    """The sentences of a language; of the source language they are what stands in the modules."""
    if code == SOURCE:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415  heavy
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with catalogue_file(code).open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def catalogue_file(code: str) -> Path:
    """Where the catalogue of a language is."""
    return LOCALE / code / "LC_MESSAGES" / "documents.po"
