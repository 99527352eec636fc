"""Documents and letters are said wholly in their language, but for names, codes and figures."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from land import Land
from papers import signed, taken
from tonne import operations
from tonne.documents import LANGUAGES, statement_report, write_mail, year_report
from tonne.documents.page import contents as on_page
from tonne.documents.report import contents
from tonne.operations import TakenOut, UnitsOut
from tonne.store import MemoryStore

AT = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
DAY = date(2026, 6, 1)
FORM = {"language", "direction", "fonts", "record", "seal", "qr", "widths", "ends"}
"""What stands on no page, or is the same in every language."""

in_other_letters = pytest.mark.parametrize("code", ["ne", "fa"])


def foreign(text: str) -> list[str]:
    """Words in Latin letters outside of what is kept apart: codes, and names as they were given."""
    said = re.sub("\u2066[^\u2069]*\u2069|\u2068[^\u2069]*\u2069", " ", text)
    words = re.findall(r"[^\W\d_]+", said)
    latin = [each for each in words if unicodedata.name(each[0]).startswith("LATIN")]
    return [each for each in latin if each != "CO"]  # Of CO2: a formula has no other letters.


def texts(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        yield from (text for name, each in said.items() if name not in FORM for text in texts(each))
    elif isinstance(said, list | tuple):
        yield from (text for each in said for text in texts(each))


@pytest.fixture(scope="module")
def year() -> Land:
    """A year met by one and missed by another, with units cancelled, and one of no plain kind."""
    land = Land(MemoryStore()).settle()
    land.emit("steel", 40)
    land.emit("kiln", 60)
    land.surrender("steel", 40)
    land.surrender("kiln", 50)
    land.close(2025)
    return land


@in_other_letters
def test_a_statement_and_a_report_of_a_year_are_said_in_the_letters_of_their_language(
    code: str, year: Land
) -> None:
    language, on = LANGUAGES[code], "2026-06-01"
    for account in ("steel", "kiln", "authority"):
        found = year.do(operations.statement, year.number(account), on=on)
        told = statement_report(found, year.scheme, language=language, day=DAY, at=AT)
        assert [each for text in texts(contents(told)) for each in foreign(text)] == []
    public = year.do(operations.publication, 2025, on=on)
    report = year_report(public, year.scheme, language=language, day=DAY, at=AT)
    assert [each for text in texts(contents(report)) for each in foreign(text)] == []


@in_other_letters
def test_a_certificate_is_said_so_too(code: str, year: Land) -> None:
    (*_, last) = year.run(lambda books: books.steps(account=year.number("steel")))
    surrendered = year.run(lambda books: operations.taken_out(books, year.scheme, last.transaction))
    facts = {name: getattr(taken(), name) for name in taken().__dataclass_fields__}
    retired = TakenOut(**facts | {"how": "retired"})
    for each in (taken(), taken(dedication=None), retired, surrendered):
        said = texts(on_page(signed(each), LANGUAGES[code]))
        assert [word for text in said for word in foreign(text)] == []


def test_a_unit_is_called_by_its_word_where_the_law_calls_it_plainly() -> None:
    # The Example Act, s. 3, calls EXA-1 the example allowance of 2025 to 2027.
    named = UnitsOut(unit="EXA-1", name="Example allowance of 2025 to 2027", count=1, blocks=())
    facts = {name: getattr(taken(), name) for name in taken().__dataclass_fields__}
    page = on_page(signed(TakenOut(**facts | {"units": (named,)})), LANGUAGES["sl"])
    assert "Vzorčni emisijski kupon za leta od 2025 do 2027" in page["units"]["names"][0]


@in_other_letters
def test_a_letter_is_said_so_too(code: str) -> None:
    facts = dict.fromkeys(("proposal", "moment", "place", "account", "count", "year", "day"), "X")
    for kind in (
        "waits", "completed", "rejected", "new place", "factors", "code again", "frozen", "owed",
    ):  # fmt: skip
        written = write_mail(kind, facts, language=code, site="https://registry.example")
        assert foreign(f"{written.subject} {written.body}") == []
