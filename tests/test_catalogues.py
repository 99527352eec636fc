"""Every sentence that people read stands in the catalogues, translated. Run this to add new ones.

A sentence that is new stands in the catalogue without a translation until somebody writes it; one
that is gone is taken out.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import PLURALS as BABELS
from babel.messages.pofile import read_po, write_po

import tonne
from tonne.languages import LANGUAGES, SOURCE, catalogue_file

HOUSE = Path(tonne.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
KEYWORDS = {"_": None, "gettext": None, "say": None, "ngettext": (1, 2), "say_count": (1, 2)}
SOME = {
    "api": {"Not allowed", "Refused", "Too large"},
    "languages": {"January", "Farvardin", "Baisakh"},
    "documents": {"Certificate of cancellation", "Held now", "Transfer"},
    "web": {"Sign and approve", "Search", "Surrender"},
}
"""The packages that speak to people, and some of what each says."""

TRANSLATED = [code for code in LANGUAGES if code != SOURCE]
PLURALS = {"ne": 2, "fa": 2, "sl": 4}
SCRIPTS = {"ne": "DEVANAGARI", "fa": "ARABIC", "sl": "LATIN"}
LATIN_WORDS = {"Tonne", "CSV", "JSON", "PDF", "CO"}
"""What is written in Latin letters in every language."""

NOISE = tuple(
    f'"{each}'
    for each in (
        "Project-Id", "POT-Creation", "PO-Revision", "Report-Msgid", "Last-Tr", "Language-Team",
        "Generated-By",
    )
)  # fmt: skip

BABELS["fa"] = (2, "(n > 1)")  # One operator surrenders in another form than several do.
REVIEW = "This translation has yet to be reviewed by a native reader"

each_language = pytest.mark.parametrize("code", TRANSLATED)
each_package = pytest.mark.parametrize("package", SOME)


@cache
def asked(package: str) -> Catalog:
    """Every sentence in the templates and the modules."""
    found = Catalog()
    for file, line, sentence, comments, context in extract_from_dir(
        str(HOUSE / package), method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        found.add(sentence, None, [(file, line)], auto_comments=comments, context=context)
    return found


@cache
def catalogue(package: str, code: str) -> Catalog:
    """The catalogue of a language as it is written."""
    if not catalogue_file(package, code).exists():
        return Catalog(locale=code)
    return read_po(BytesIO(catalogue_file(package, code).read_bytes()), locale=code)


def sentences(of: Catalog) -> Iterator[Message]:
    """The sentences of a catalogue, without its header."""
    return (each for each in of if each.id)


def forms(message: Message) -> tuple[str, ...]:
    """What a sentence is translated as: one form, or one for each count."""
    said = message.string
    if isinstance(said, list | tuple):
        return tuple(str(each) for each in said)
    return (str(said or ""),)


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


@each_package
def test_sentences_are_found_where_they_are_said(package: str) -> None:
    assert SOME[package] <= {ids(each)[0] for each in sentences(asked(package))}


@each_package
@each_language
def test_no_sentence_is_missing_from_a_catalogue_and_none_is_stale(package: str, code: str) -> None:
    assert {each.id for each in sentences(asked(package))} == {
        each.id for each in sentences(catalogue(package, code))
    }


@each_package
@each_language
def test_every_sentence_is_translated_and_none_is_a_guess(package: str, code: str) -> None:
    lacking = [
        each.id
        for each in sentences(catalogue(package, code))
        if not all(forms(each)) or each.fuzzy
    ]
    assert lacking == []


@each_package
@each_language
def test_a_sentence_of_counts_has_every_form_of_its_language(package: str, code: str) -> None:
    of_counts = [each for each in sentences(catalogue(package, code)) if each.pluralizable]
    assert {len(forms(each)) for each in of_counts} <= {PLURALS[code]}
    assert bool(of_counts) == (package in {"documents", "web"})
    assert f"nplurals={PLURALS[code]};" in catalogue_file(package, code).read_text("utf-8")


@each_package
@each_language
def test_a_translation_says_the_same_facts_as_the_sentence(package: str, code: str) -> None:
    wrong = [
        (each.id, form)
        for each in sentences(catalogue(package, code))
        for place, form in enumerate(forms(each))
        if facts(form) - facts(ids(each)[-1]) or _lacks(each, place, form)
    ]
    assert wrong == []


@each_package
@each_language
def test_a_translation_has_no_digits_and_no_marks_of_direction_of_its_own(
    package: str, code: str
) -> None:
    bare = re.compile(r"[\d\u200e\u200f\u202a-\u202e\u2066-\u2069]")
    found = [
        form
        for each in sentences(catalogue(package, code))
        for form in forms(each)
        if bare.search(form) and not bare.search("".join(ids(each)))
    ]
    assert found == []


@each_package
@each_language
def test_a_catalogue_says_that_it_awaits_a_native_reader(package: str, code: str) -> None:
    assert REVIEW in catalogue(package, code).header_comment


@each_package
@each_language
def test_a_translation_is_in_the_letters_of_its_language(package: str, code: str) -> None:
    strange = [
        (form, letter)
        for each in sentences(catalogue(package, code))
        for form in forms(each)
        for word in re.findall(r"[^\W\d_]+", re.sub(r"%\(\w+\)s", " ", form))
        for letter in word
        if word not in LATIN_WORDS and not unicodedata.name(letter).startswith(SCRIPTS[code])
    ]
    assert strange == []


def facts(text: str) -> set[str]:
    """The facts that a sentence names."""
    return set(re.findall(r"%\((\w+)\)s", text))


def _lacks(message: Message, place: int, form: str) -> bool:
    """Whether a fact is left out; the form for one or two may say the count as a word."""
    missing = facts(ids(message)[-1]) - facts(form)
    return bool(
        missing - ({"count"} if message.pluralizable and place < len(forms(message)) - 1 else set())
    )


def write(package: str, code: str) -> None:
    """Add new sentences to a catalogue and take out those that are gone."""
    known = {each.id: each for each in sentences(catalogue(package, code))}
    written = Catalog(
        locale=code,
        header_comment=f"# Tonne's {package} in {code}.\n# {REVIEW}.",
        fuzzy=False,
        project="Tonne",
    )
    for each in sentences(asked(package)):
        before = known.get(each.id)
        written.add(each.id, before.string if before else None, each.locations)
    save(package, code, written)


def save(package: str, code: str, written: Catalog, name: str | None = None) -> None:
    """Write a catalogue, without what a tool says of itself."""
    to = BytesIO()
    write_po(to, written, width=100, no_location=True, sort_output=True)
    lines = to.getvalue().decode().splitlines()
    kept = [line for line in lines if not line.startswith(NOISE)]
    file = catalogue_file(package, code, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(kept).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each_name in SOME:
        for each_code in TRANSLATED:
            write(each_name, each_code)
