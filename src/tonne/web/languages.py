"""The languages of the pages, and the catalogues in which their sentences stand.

A catalogue is read from its ``.po`` file when the first page is shown in its language, so what
translators write is what readers see, and nothing is built in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Literal

Direction = Literal["ltr", "rtl"]
Digits = Literal["latn", "deva", "arabext"]
Calendar = Literal["gregorian", "bikram_sambat", "jalali"]

SOURCE = "en"
"""The language in which the sentences of the templates are written."""

LOCALE = Path(str(files("tonne") / "web" / "locale"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language, how it is written, and how its readers count and date."""

    code: str
    name: str
    """What it calls itself."""

    direction: Direction
    digits: Digits
    calendar: Calendar
    day: str
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
            day="{day} {month} {year}",
        ),
        Language(
            code="ne",
            name="नेपाली",
            direction="ltr",
            digits="deva",
            calendar="bikram_sambat",
            day="{year} {month} {day}",
        ),
        Language(
            code="fa",
            name="فارسی",
            direction="rtl",
            digits="arabext",
            calendar="jalali",
            day="{day} {month} {year}",
        ),
        Language(
            code="sl",
            name="Slovenščina",
            direction="ltr",
            digits="latn",
            calendar="gregorian",
            day="{day}. {month} {year}",
        ),
    )
}


@cache
def sentences(code: str) -> NullTranslations:
    """The sentences of a language; of the source language they are what stands in the templates."""
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
    return LOCALE / code / "LC_MESSAGES" / "web.po"


def preferred(header: str) -> str:
    """The language that a browser asks for most, of those there are.

    >>> preferred("de-AT, fa-IR;q=0.8, sl;q=0.9"), preferred("xx;q=nonsense"), preferred("")
    ('sl', 'en', 'en')
    """
    asked: list[tuple[int, int, str]] = []
    for place, each in enumerate(header[:1_000].split(",")):
        tag, _, weight = each.partition(";")
        code = tag.strip().split("-")[0].casefold()
        if code in LANGUAGES:
            asked.append((-_thousandths(weight), place, code))
    return min(asked)[2] if asked else SOURCE


def _thousandths(weight: str) -> int:
    """The weight of a language in thousandths: ``q=0.8`` is 800, and none is all."""
    name, _, value = weight.strip().partition("=")
    if name.strip() != "q":
        return 1_000
    whole, _, part = value.strip().partition(".")
    if not ((whole + part).isascii() and whole.isdigit() and (not part or part.isdigit())):
        return 0
    return min(1_000, int(whole[:2]) * 1_000 + int((part + "000")[:3]))
