"""The languages in which people read, and the catalogues in which their sentences stand.

Each package that speaks to people has a catalogue for each language. It is read from its ``.po``
file when it is first needed, so what translators write is what readers see, and nothing is built in
between.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Literal

from tonne.languages.calendars import Calendar, in_words

Direction = Literal["ltr", "rtl"]
Digits = Literal["latn", "deva", "arabext"]

SOURCE = "en"
"""The language in which sentences stand in the modules and templates."""

_NOUGHTS: Mapping[Digits, int] = {"latn": 0x30, "deva": 0x966, "arabext": 0x6F0}
_DIGITS = {
    name: {ord("0") + each: nought + each for each in range(10)}
    for name, nought in _NOUGHTS.items()
}


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
        ),
        Language(
            code="ne",
            name="नेपाली",
            direction="ltr",
            digits="deva",
            calendar="bikram_sambat",
            date_form="{year} {month} {day}",
        ),
        Language(
            code="fa",
            name="فارسی",
            direction="rtl",
            digits="arabext",
            calendar="jalali",
            date_form="{day} {month} {year}",
        ),
        Language(
            code="sl",
            name="Slovenščina",
            direction="ltr",
            digits="latn",
            calendar="gregorian",
            date_form="{day}. {month} {year}",
        ),
    )
}


def in_digits(text: str, digits: Digits) -> str:
    """Text with such digits."""
    return text if digits == "latn" else text.translate(_DIGITS[digits])


def day_in_words(day: date, language: Language, calendar: Calendar) -> str:
    """A day as a language writes it, in a calendar, with Latin digits.

    >>> day_in_words(date(2026, 11, 22), LANGUAGES["en"], "jalali")
    '1 Azar 1405'
    """
    name, (year, month_day) = in_words(day, calendar)
    month = sentences("languages", language.code).gettext(name)
    return language.date_form.format(day=month_day, month=month, year=year)


@cache
def sentences(package: str, code: str) -> NullTranslations:
    """The sentences of a package in a language; in the source language they are as they stand."""
    if code == SOURCE:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415  heavy
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with catalogue_file(package, code).open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def catalogue_file(package: str, code: str, name: str | None = None) -> Path:
    """Where a catalogue of a package for a language is; it is called as the package if no name."""
    folder = Path(str(files("tonne"))) / package / "locale"
    return folder / code / "LC_MESSAGES" / f"{name or package}.po"
