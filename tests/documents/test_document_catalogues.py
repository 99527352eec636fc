"""The catalogues hold every sentence of the documents, translated. Run this file to add new ones.

A sentence that is new stands in the catalogue without a translation until somebody writes it; one
that is gone is taken out.
"""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import tonne
from tonne.documents import LANGUAGES, SOURCE, catalogue_file

DOCUMENTS = Path(tonne.__file__).parent / "documents"
KEYWORDS = {"_": None, "say": None, "say_count": (1, 2)}
TRANSLATED = [code for code in LANGUAGES if code != SOURCE]
PLURALS = {"ne": 2, "fa": 1, "sl": 4}
PLURAL_FORMS = {
    "ne": "nplurals=2; plural=(n != 1);",
    "fa": "nplurals=1; plural=0;",
    "sl": "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);",
}
REVIEW = "This translation has yet to be reviewed by a native reader"

each_language = pytest.mark.parametrize("code", TRANSLATED)


@cache
def asked() -> Catalog:
    """Every sentence in the modules."""
    found = Catalog()
    for file, line, sentence, comments, context in extract_from_dir(
        str(DOCUMENTS), method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        found.add(sentence, None, [(file, line)], auto_comments=comments, context=context)
    return found


@cache
def catalogue(code: str) -> Catalog:
    """The catalogue of a language as it is written."""
    if not catalogue_file(code).exists():
        return Catalog(locale=code)
    return read_po(BytesIO(catalogue_file(code).read_bytes()), locale=code)


def sentences(of: Catalog) -> Iterator[Message]:
    """The sentences of a catalogue, without its header."""
    return (each for each in of if each.id)


def forms(message: Message) -> tuple[str, ...]:
    """What a sentence is translated as: one form, or one for each count."""
    said = message.string
    return tuple(said) if isinstance(said, list | tuple) else (said or "",)


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def test_sentences_are_found_in_the_modules_and_all_of_them_are_asked() -> None:
    found = {ids(each)[0] for each in sentences(asked())}
    assert {"Certificate of cancellation", "Held now", "Farvardin", "Transfer"} <= found


@each_language
def test_no_sentence_is_missing_from_a_catalogue_and_none_is_stale(code: str) -> None:
    assert {each.id for each in sentences(asked())} == {
        each.id for each in sentences(catalogue(code))
    }


@each_language
def test_every_sentence_is_translated_and_none_is_a_guess(code: str) -> None:
    lacking = [each.id for each in sentences(catalogue(code)) if not all(forms(each)) or each.fuzzy]
    assert lacking == []


@each_language
def test_a_sentence_of_counts_has_every_form_of_its_language(code: str) -> None:
    of_counts = [each for each in sentences(catalogue(code)) if each.pluralizable]
    assert of_counts
    assert {len(forms(each)) for each in of_counts} == {PLURALS[code]}
    assert PLURAL_FORMS[code] in catalogue_file(code).read_text("utf-8")


@each_language
def test_a_translation_says_the_same_facts_as_the_sentence(code: str) -> None:
    wrong = [
        (each.id, form)
        for each in sentences(catalogue(code))
        for form in forms(each)
        if facts(form) != facts(ids(each)[-1])
    ]
    assert wrong == []


@each_language
def test_a_translation_has_no_digits_and_no_marks_of_direction_of_its_own(code: str) -> None:
    bare = re.compile(r"[0-9०-९۰-۹٠-٩\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # noqa: RUF001  digits
    found = [
        form
        for each in sentences(catalogue(code))
        for form in forms(each)
        if bare.search(form) and not bare.search("".join(ids(each)))
    ]
    assert found == []


@each_language
def test_a_catalogue_says_that_it_awaits_a_native_reader(code: str) -> None:
    assert REVIEW in catalogue(code).header_comment


def facts(text: str) -> set[str]:
    """The facts that a sentence names."""
    return set(re.findall(r"%\((\w+)\)s", text))


def write(code: str) -> None:
    """Add new sentences to a catalogue and take out those that are gone."""
    known = {each.id: each for each in sentences(catalogue(code))}
    written = Catalog(
        locale=code,
        header_comment=f"# Tonne's documents in {code}.\n# {REVIEW}.",
        fuzzy=False,
        project="Tonne",
    )
    for each in sentences(asked()):
        before = known.get(each.id)
        written.add(each.id, before.string if before else None, each.locations)
    to = BytesIO()
    write_po(to, written, width=100, no_location=True, sort_output=True)
    lines = to.getvalue().decode().splitlines()
    kept = [
        f'"Plural-Forms: {PLURAL_FORMS[code]}\\n"' if line.startswith('"Plural-Forms') else line
        for line in lines
        if "-Date: " not in line
    ]
    catalogue_file(code).parent.mkdir(parents=True, exist_ok=True)
    catalogue_file(code).write_text("\n".join(kept).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each_code in TRANSLATED:
        write(each_code)
