"""In which language a document is written, and how it tells counts, days and names."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from tonne import languages
from tonne.documents.letters import LACKING, shown
from tonne.languages import SOURCE, day_in_words, in_digits
from tonne.ledger import Block

_APART, _LTR, _POP = "\u2068", "\u2066", "\u2069"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language(languages.Language):
    """A language, with the fonts in which a document is set."""

    fonts: tuple[str, ...]

    def say(self, text: str, **facts: str) -> str:
        """A sentence in this language, with its facts."""
        said = languages.sentences("documents", self.code).gettext(text)
        return said % facts if facts else said

    def law(self, text: str) -> str:
        """What a law calls something, or the law's code for it, in this language."""
        return self.in_digits(languages.worded(text, self))

    def say_count(self, one: str, many: str, number: int, **facts: str) -> str:
        """A sentence in the form that goes with a count."""
        return languages.sentences("documents", self.code).ngettext(one, many, number) % facts

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
        said = self.in_digits(day_in_words(day, self, self.calendar))
        return said if self.calendar == "gregorian" else f"{said} ({code(day.isoformat())})"

    def moment(self, at: datetime) -> str:
        """A moment, in UTC."""
        return self.say("%(day)s, %(time)s", day=self.day(at.date()), time=code(f"{at:%H:%M} UTC"))

    def year(self, year: int) -> str:
        """A year of the law: it is the law's own, in the reader's digits."""
        return self.in_digits(str(year))

    def in_digits(self, text: str) -> str:
        """Text with the reader's digits."""
        return in_digits(text, self.digits)


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
_FONTS = {
    "ne": ("Noto Sans Devanagari", "Noto Sans", "Vazirmatn"),
    "fa": ("Vazirmatn", "Noto Sans", "Noto Sans Devanagari"),
}

LANGUAGES: Mapping[str, Language] = {
    code: Language(**asdict(each), fonts=_FONTS.get(code, _LATIN_FIRST))
    for code, each in languages.LANGUAGES.items()
}
