"""Refusals in the language of whoever is refused.

A rule is said once: in English, by its refusal. A catalogue has, for each kind of refusal by its
name, that sentence beside its translation, in which facts stand as ``{name}`` or ``{name:form}``:

* without a form, as its type is read: days in the reader's calendar, spans of time in words,
  numbers in the reader's digits, text as it was given, kept apart from the sentence around it;
* ``count``, ``year``: a number that is grouped; a year of the law;
* ``words``, ``or``, ``and``: a name from a table of the law, and lists of such names, in words; so
  are sentences that say why, in which ``{}`` stands for a number, a day or a quote;
* ``of_asset``: so much of what stands in the fact ``asset``, as units or as money.

``[...]`` is left out where a fact within is empty. What has no translation is said in English.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal, Protocol

from tonne.languages.language import LANGUAGES, SOURCE, Language, catalogue_file
from tonne.quantity import Money, amount
from tonne.refusal import Refusal, spoken

REFUSALS = "refusals"
"""The catalogue of the refusals of all packages."""

REMEDY, WORD = "remedy", "word"
"""Under these stand what can be done, and names from tables of the law."""

NOTHING = "nothing"
"""What a list without names is called."""

SHOWN_MAX = 200
"""So much of a text that somebody wrote is shown."""

_OPEN, _CLOSE = "\u2068", "\u2069"
_FACT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_PERHAPS = re.compile(r"\[([^\]]*)\]")
_ALONE = re.compile(r"(?<![\w./:-])\d+(?![\w/:-]|\.\w)")
"""A number that is no part of a code."""

_CODE = re.compile(r"[A-Za-z](?:[\w./:@+-]*\w)?(?: -*[A-Za-z](?:[\w./:@+-]*\w)?)*", re.ASCII)
"""Codes and commands among letters that are read from the right."""

_HOLE = re.compile(
    r"'[^']*'(?:(?:, | or )'[^']*')*|(?<![\w.:-])"
    r"(?:\d{4}-\d\d-\d\d|\d(?:[\d,]*\d)?(?:\.\d+)?)(?![\w:-])"
)
"""What differs from one saying to the next: days, numbers, and what is quoted."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_UNSEEN = {"Cc", "Cf", "Cs"}


class Reads(Protocol):
    """How somebody reads."""

    @property
    def language(self) -> Language:
        """The language, with its digits and its calendar."""

    def count(self, number: int, /) -> str:
        """A number, grouped."""

    def year(self, year: int, /) -> str:
        """A year of the law."""

    def day(self, day: date, /) -> str:
        """A day."""

    def moment(self, at: datetime, /) -> str:
        """A moment."""

    def money(self, money: Money, /) -> str:
        """An amount with its currency."""

    def in_digits(self, text: str, /) -> str:
        """Text in the reader's digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A refusal as a reader reads it, and the language in which it could be said."""

    sentence: str
    remedy: str
    language: Language
    foreign: bool
    """Whether it is another language than the reader's."""


def told(refusal: Refusal, reader: Reads) -> Told:
    """The refusal in the reader's language, or else in English, as the rule is written."""
    code = reader.language.code
    sentence = catalogue_of_refusals(code).get((type(refusal).__name__, ""))
    remedy = remedied(refusal.remedy, reader)
    if not sentence or remedy.language.code != code:
        return Told(
            sentence=str(refusal),
            remedy=refusal.remedy,
            language=LANGUAGES[SOURCE],
            foreign=code != SOURCE,
        )
    return Told(
        sentence=filled(sentence, refusal.facts(), reader),
        remedy=remedy.text,
        language=reader.language,
        foreign=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text, and the language in which it could be said."""

    text: str
    language: Language


def remedied(remedy: str, reader: Reads) -> Said:
    """What can be done, in the reader's language, or else in English."""
    found = catalogue_of_refusals(reader.language.code).get((REMEDY, remedy))
    if not found:
        return Said(text=remedy, language=LANGUAGES[SOURCE])
    text = _ALONE.sub(lambda number: reader.in_digits(number[0]), found)
    if reader.language.direction == "rtl":
        text = _CODE.sub(lambda code: isolated(code[0]), text)
    return Said(text=text, language=reader.language)


def template_of(kind: type[Refusal], language: Language) -> str | None:
    """How a kind of refusal is said in a language, its facts by name in braces; none if it is not.

    In English a rule is said by its refusal alone, with the facts of a case.
    """
    found = catalogue_of_refusals(language.code).get((kind.__name__, ""))
    return None if found is None else _FACT.sub(lambda place: f"{{{place[1]}}}", found)


def worded(name: str, language: Language, *, code: str = "") -> str:
    """A name that a law gives to what many schemes have, in a language, with Latin digits.

    Where there is no translation of its code, nor of the name, it is said as the law says it.
    """
    known = catalogue_of_refusals(language.code)
    return known.get((WORD, spoken(code))) or known.get((WORD, spoken(name))) or spoken(name)


def saying(text: str, reader: Reads) -> Said:
    """A name or a sentence that stands among the words, in the reader's language, or in English.

    Its numbers, days and quotes are those of the text.
    """
    known = catalogue_of_refusals(reader.language.code)
    if said := known.get((WORD, spoken(text))):
        return Said(text=said, language=reader.language)
    if said := known.get((WORD, spoken(_HOLE.sub("{}", text)))):
        holes = (_hole(each, reader) for each in _HOLE.findall(text))
        filled_in = re.sub(r"\{\}", lambda _: next(holes), said)
        return Said(text=filled_in, language=reader.language)
    return Said(text=text, language=LANGUAGES[SOURCE])


def filled(template: str, facts: Mapping[str, object], reader: Reads) -> str:
    """A translated sentence with its facts."""

    def perhaps(part: re.Match[str]) -> str:
        return part[1] if all(facts[name] for name, _ in _FACT.findall(part[1])) else ""

    def fact(place: re.Match[str]) -> str:
        return _fact(facts[place[1]], place[2] or "", facts, reader)

    return _FACT.sub(fact, _PERHAPS.sub(perhaps, template))


def isolated(text: str) -> str:
    """A text of others in a sentence: without what cannot be seen, and kept apart from the rest."""
    seen = "".join(each for each in text if unicodedata.category(each) not in _UNSEEN)
    return f"{_OPEN}{seen}{_CLOSE}"


@cache
def catalogue_of_refusals(code: str) -> Mapping[tuple[str, str], str]:
    """What is translated, by the kind of a refusal, by a remedy, and by a word of the law."""
    if code == SOURCE:
        return {}
    from babel.messages.pofile import read_po  # noqa: PLC0415  heavy

    with catalogue_file("languages", code, REFUSALS).open("rb") as file:
        written = read_po(file, locale=code)
    return {
        (each.context, str(each.id) if each.context in {REMEDY, WORD} else ""): str(each.string)
        for each in written
        if each.context and each.string and not each.fuzzy
    }


def _fact(value: object, form: str, facts: Mapping[str, object], reader: Reads) -> str:
    match value:
        case int():
            return _number(value, form, facts, reader)
        case datetime() | date() | timedelta():
            return _time(value, reader)
        case Money():
            return reader.money(value)
        case tuple():
            return _list(value, form, reader)
    return _words(str(value), reader) if form == "words" else isolated(str(value)[:SHOWN_MAX])


def _time(value: date | timedelta, reader: Reads) -> str:
    if isinstance(value, datetime):
        return reader.moment(value)
    return reader.day(value) if isinstance(value, date) else _span(value, reader)


def _span(value: timedelta, reader: Reads) -> str:
    from babel.dates import format_timedelta  # noqa: PLC0415  heavy

    said = format_timedelta(value, "minute", threshold=2, locale=reader.language.code)
    return reader.in_digits(said)


def _number(value: int, form: str, facts: Mapping[str, object], reader: Reads) -> str:
    if form == "of_asset":
        of = amount(str(facts["asset"]), value)
        return reader.money(of) if isinstance(of, Money) else reader.count(of)
    if form == "year":
        return reader.year(value)
    return reader.count(value) if form == "count" else reader.in_digits(str(value))


def _list(values: tuple[object, ...], form: str, reader: Reads) -> str:
    if not values:
        return _words(NOTHING, reader)
    said = [
        _words(str(each), reader) if form else isolated(str(each)[:SHOWN_MAX]) for each in values
    ]
    return _listed(said, reader, either=form == "or")


def _listed(said: Sequence[str], reader: Reads, *, either: bool) -> str:
    from babel.lists import format_list  # noqa: PLC0415  heavy

    style: Literal["or", "standard"] = "or" if either else "standard"
    return format_list(said, style=style, locale=reader.language.code)


def _words(name: str, reader: Reads) -> str:
    """A name from a table of the law; what it is about may stand after it."""
    whole = saying(name, reader)
    if whole.language.code == reader.language.code != SOURCE:
        return whole.text
    known = catalogue_of_refusals(reader.language.code)
    parts = spoken(name).split(" ")
    for place in range(len(parts) - 1, 0, -1):
        said = known.get((WORD, " ".join(parts[:place])))
        if said:
            return f"{said}: {_words(' '.join(parts[place:]), reader)}"
    return isolated(spoken(name))


def _hole(text: str, reader: Reads) -> str:
    """What stands in a saying: names that were quoted, a day, or a number as it was written."""
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return reader.day(date.fromisoformat(text))
    quoted = tuple(re.findall(r"'([^']*)'", text))
    if not quoted:
        return reader.in_digits(text)
    return _listed([isolated(each) for each in quoted], reader, either=" or " in text)
