"""Refusals in the languages of readers: each says the facts of its rule, and is of today.

Run this to write new refusals, remedies and words into the catalogues; what changed in English
since it was translated is marked there, and is said in English until somebody looks at it.
"""

import ast
import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from inspect import getsource
from io import BytesIO
from textwrap import dedent
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from test_catalogues import REVIEW, SCRIPTS, TRANSLATED, save
from test_refusals_page import page
from tonne.languages import LANGUAGES, Language, catalogue_file, told
from tonne.ledger import Block
from tonne.quantity import Money, currency
from tonne.refusal import Refusal, catalogue

REMEDY, WORD = "remedy", "word"
FACT = re.compile(r"\{(\w+)(?::(\w+))?\}")
FORMS = {None, "count", "year", "words", "or", "and", "of_asset"}
LATIN = re.compile(
    r"\w+://\S+|[a-z/]+\.md\b|\b(amr|acr)=|\bmarket:trade\b|\b(iss|sub|aud|exp|jti|kty|crv)\b|"
    r"/?[a-z_]+\.(toml|json)|\.(xlsx|csv|gz)\b|--?[a-z]+|tonne( -{0,2}[a-z]+)*|"
    r"\b(year|count|bidder|bid|price|case|ter|true|false|transfers:(propose|approve))\b|"
    r"\S*[A-Z0-9_]\S*|\{[^}]*\}"
)
"""What is in Latin letters in every language: commands, codes, the names of files and columns."""

each_language = pytest.mark.parametrize("code", TRANSLATED)


@cache
def kinds() -> dict[str, type[Refusal]]:
    """Every kind of refusal of ours by its name."""
    page()
    return {each.__name__: each for each in catalogue() if each.__module__.startswith("tonne.")}


@cache
def english(name: str) -> tuple[str, frozenset[str]]:
    """The sentence as it is written, and the facts that it names."""
    kind = kinds()[name]
    function = ast.parse(dedent(getsource(kind.__str__))).body[0]
    assert isinstance(function, ast.FunctionDef)
    facts = {
        each.attr
        for each in ast.walk(function)
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name)
        if each.value.id == "self"
    }
    steps = [each for each in function.body if not _is_docstring(each)]
    return "\n".join(map(_as_template, steps)), frozenset(facts & fields(name))


def fields(name: str) -> frozenset[str]:
    """The facts of a kind of refusal."""
    return frozenset(each.name for each in dataclasses.fields(kinds()[name]))


def _is_docstring(step: ast.stmt) -> bool:
    return isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)


def _as_template(step: ast.stmt) -> str:
    """An f-string as a sentence with names in braces; any other step as it is written."""
    value = step.value if isinstance(step, ast.Return) else None
    if isinstance(value, ast.Constant):
        return str(value.value)
    if not isinstance(value, ast.JoinedStr):
        return ast.unparse(step).replace("self.", "")
    return "".join(
        str(each.value) if isinstance(each, ast.Constant) else _as_name(each)
        for each in value.values
    )


def _as_name(place: ast.expr) -> str:
    assert isinstance(place, ast.FormattedValue)
    parts = getattr(place.format_spec, "values", ())
    form = "".join(str(getattr(each, "value", "")) for each in parts)
    said = ast.unparse(place.value).replace("self.", "")
    mark = f"!{chr(place.conversion)}" if place.conversion > 0 else ""
    return f"{{{said}{mark}{':' if form else ''}{form}}}"


def named(translated: str) -> frozenset[str]:
    """The facts that a translated sentence names; an amount of an asset names it."""
    found = FACT.findall(translated)
    return frozenset(name for name, _ in found) | {
        "asset" for _, form in found if form == "of_asset"
    }


@cache
def written(code: str) -> Catalog:
    """The catalogue of a language as it is written."""
    file = catalogue_file("languages", code, "refusals")
    return read_po(BytesIO(file.read_bytes()), locale=code) if file.exists() else Catalog(code)


def entries(code: str) -> Iterator[Message]:
    return (each for each in written(code) if each.id)


def sentences(code: str) -> dict[str, Message]:
    """The sentences of a catalogue by the kind of their refusal."""
    return {str(each.context): each for each in entries(code) if each.context not in {REMEDY, WORD}}


def texts(code: str) -> Iterable[str]:
    return (str(each.string) for each in entries(code))


@each_language
def test_a_sentence_that_changed_in_english_is_translated_anew(code: str) -> None:
    stale = [
        name
        for name, each in sentences(code).items()
        if name not in kinds() or each.fuzzy or each.id != english(name)[0]
    ]
    assert stale == []


@each_language
def test_a_translated_refusal_says_the_facts_of_the_english_one_and_only_facts(code: str) -> None:
    wrong = [
        name
        for name, each in sentences(code).items()
        if not english(name)[1] <= named(str(each.string)) <= fields(name)
    ]
    assert wrong == []


@each_language
def test_a_translated_refusal_has_a_translated_remedy_and_every_remedy_is_of_one(code: str) -> None:
    remedies = {str(each.id) for each in entries(code) if each.context == REMEDY}
    assert remedies == {kinds()[name].remedy for name in sentences(code)}


def test_every_refusal_is_translated_and_the_same_words_are_in_every_language() -> None:
    first, *others = [{(each.context, each.id) for each in entries(code)} for code in TRANSLATED]
    assert all(each == first for each in others)
    assert sorted(kinds().keys() - sentences(TRANSLATED[0]).keys()) == []


@each_language
def test_nothing_is_left_untranslated_in_the_catalogue_of_refusals(code: str) -> None:
    assert REVIEW in written(code).header_comment
    assert [each.id for each in entries(code) if not each.string or each.fuzzy] == []


@each_language
def test_a_refusal_is_in_the_letters_of_its_language(code: str) -> None:
    strange = [
        (text, letter)
        for text in texts(code)
        for letter in LATIN.sub(" ", text)
        if letter.isalpha() and not unicodedata.name(letter).startswith(SCRIPTS[code])
    ]
    assert strange == []


@each_language
def test_a_saying_in_words_has_as_many_places_as_the_english_one(code: str) -> None:
    words = [each for each in entries(code) if each.context == WORD]
    assert [
        each.id for each in words if str(each.id).count("{}") != str(each.string).count("{}")
    ] == []


def test_numbers_and_what_is_quoted_stand_in_the_translated_saying() -> None:
    said = (
        "input should be 'a_b' or 'c'",
        "list should have at most 3 items after validation, not 4",
        "value error, it is no day of the years 1900 to 2200, as YYYY-MM-DD",
    )
    unfit: Any = kinds()["RequestUnfit"]
    told_of = [
        told(unfit(reference="x", pointer="/side", said=each), Plainly(LANGUAGES["sl"]))
        for each in said
    ]
    assert [each.sentence for each in told_of] == [
        "\u2068/side\u2069: biti mora eno od tega: \u2068a_b\u2069 ali \u2068c\u2069.",
        "\u2068/side\u2069: največje število postavk: <3>, navedenih je <4>.",
        "\u2068/side\u2069: ni dan med letoma <1900> in <2200>, zapisan kot YYYY-MM-DD.",
    ]


@each_language
def test_the_forms_of_facts_are_those_that_there_are(code: str) -> None:
    forms = {form or None for text in texts(code) for _, form in FACT.findall(text)}
    assert forms <= FORMS


SAMPLES = {
    "str": "EX-120-3-8-52", "int": 12345, "date": date(2026, 11, 22), "Decimal": Decimal("21.50"),
    "datetime": datetime(2026, 11, 22, 9, 30, tzinfo=UTC), "tuple[str, ...]": ("operator", "x"),
    "timedelta": timedelta(hours=24),
    "tuple[int, ...]": (2008, 2009), "Money": Money(2_150, currency("EUR", reference="x")),
    "Block": Block(series="EX", first=1, last=5),
}  # fmt: skip


@each_language
def test_every_translated_refusal_is_told_with_all_of_its_facts(code: str) -> None:
    for name in sentences(code):
        refusal = sample(kinds()[name])
        said = told(refusal, Plainly(LANGUAGES[code]))
        assert not said.foreign
        assert not re.search(r"[{}\[\]]", said.sentence), said.sentence
        for fact, form in FACT.findall(str(sentences(code)[name].string)):
            if isinstance(refusal.facts()[fact], str) and not form:
                assert f"\u2068{refusal.facts()[fact]}\u2069" in said.sentence, said.sentence


def sample(kind: type[Refusal]) -> Refusal:
    facts: dict[str, Any] = {}
    for each in dataclasses.fields(kind):
        of = str(each.type)
        of = of if "[" in of or isinstance(each.type, str) else getattr(each.type, "__name__", of)
        facts[each.name] = "EUR" if each.name == "asset" else SAMPLES.get(of, "12")
    return kind(**facts)


@dataclasses.dataclass(frozen=True)
class Plainly:
    """A reader without habits."""

    language: Language

    def said(self, fact: object) -> str:
        return f"<{fact}>"

    count = year = day = moment = money = in_digits = said


def write(code: str) -> None:
    """Add what is new, mark what changed in English, and take out what is gone."""
    made = Catalog(
        locale=code,
        header_comment=f"# Tonne's refusals in {code}.\n# {REVIEW}.",
        fuzzy=False,
        project="Tonne",
    )
    remedies = {kind.remedy for kind in kinds().values()}
    for name in sorted(kinds().keys() - sentences(code).keys()):
        made.add(english(name)[0], "", context=name)
    for each in entries(code):
        name = str(each.context)
        if name in kinds():
            today = english(name)[0]
            flags = {"fuzzy"} if each.fuzzy or today != each.id else set()
            made.add(today, each.string, context=name, flags=flags)
        elif name == WORD or (name == REMEDY and each.id in remedies):
            made.add(each.id, each.string, context=name)
    for remedy in sorted(remedies - {str(each.id) for each in made}):
        made.add(remedy, "", context=REMEDY)
    save("languages", code, made, "refusals")


if __name__ == "__main__":
    for each_code in TRANSLATED:
        write(each_code)
