"""Who is refused on a page reads why in their own language; codes stay whole in it."""

from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, ClassVar, get_args

import pytest

from counter import Counter
from test_catalogues import TRANSLATED
from test_refusals_told import WORD, entries
from tonne.languages import remedied, told
from tonne.ledger import ExceedsHolding
from tonne.operations import load_scheme, people, scheme_folder
from tonne.people import PersonState
from tonne.quantity import NumberUnfit
from tonne.refusal import Refusal, spoken
from tonne.registry import AccountStillHolds, SourceNotYetOpen, UnitsOfAnotherPeriod
from tonne.store import MemoryStore
from tonne.web.reader import Reader


@pytest.fixture(scope="module")
def counter() -> Counter:
    return Counter.of(MemoryStore())


def isolate(text: str) -> str:
    """A text between the marks that keep it apart."""
    return f"\u2068{text}\u2069"


def reader(code: str) -> Reader:
    """Whoever reads a language as its readers do."""
    return Reader.of(asked=code, cookie="", header="", zone=UTC)


FA = reader("fa")


def test_a_page_in_persian_refuses_in_persian_at_the_top_and_at_the_field(counter: Counter) -> None:
    ann = counter.browser("ann")
    form = counter.my("steel", "transfer")
    ann.get(f"{form}?lang=fa")
    ann.post(
        form, status=400, step="check", target=counter.bureau.number("kiln"),
        unit="EXA-1", count="1234567",
    )  # fmt: skip
    top, field = ann.page.split('class="refused"')[1].split("<form", 1)
    steel = isolate(counter.bureau.number("steel"))
    said = f"از حساب {steel} مقدار ۱٬۲۳۴٬۵۶۷ {isolate('EXA-1')} خواسته شد؛ ۶۰ آزاد است."
    sentence = f'<span lang="fa" dir="rtl">{said}</span>'
    assert sentence in top
    assert sentence in field
    assert "بیش از آنچه آزاد است نخواهید" in top
    assert "asked of account" not in ann.page


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("ne", f"खाता {isolate('EX-1')} २०८३ मङ्सिर ६ मा खुलेको हो: २०८३ मङ्सिर ५ मा केही दिँदैन।"),
        ("fa", f"حساب {isolate('EX-1')} در ۱ آذر ۱۴۰۵ گشوده شد: در ۳۰ آبان ۱۴۰۵ چیزی نمی‌دهد."),
        (
            "sl",
            (
                f"Račun {isolate('EX-1')} je bil odprt 22. novembra 2026: "
                "na dan 21. novembra 2026 ne daje ničesar."
            ),
        ),
    ],
)
def test_days_are_told_in_the_calendar_of_the_reader(code: str, sentence: str) -> None:
    refusal = SourceNotYetOpen(
        reference="", account="EX-1", opened=date(2026, 11, 22), day=date(2026, 11, 21)
    )
    assert told(refusal, reader(code)).sentence == sentence


def test_what_was_chosen_otherwise_is_kept_in_refusals() -> None:
    latin = Reader.of(asked=None, cookie="lang:fa_digits:latn", header="", zone=UTC)
    refusal = UnitsOfAnotherPeriod(
        reference="", unit="EXA-2", year=2026, first_year=2028, last_year=2030
    )
    assert "2028" in told(refusal, latin).sentence
    assert "۲۰۲۸" in told(refusal, reader("fa")).sentence
    assert "میلادی" in told(refusal, reader("fa")).sentence


def test_in_english_a_refusal_is_said_as_the_rule_says_it() -> None:
    refusal = NumberUnfit(reference="", text="x", what="Quantity", wanted="a plain number")
    said = told(refusal, reader("en"))
    assert said.sentence == str(refusal)
    assert said.remedy == refusal.remedy
    assert not said.foreign


@pytest.mark.parametrize(("held", "more"), [(0, ""), (7, ", pridržano pa še 7")])
def test_what_there_is_nothing_of_is_left_out(held: int, more: str) -> None:
    refusal = ExceedsHolding(
        reference="", account="A-1", asset="EXA-1", asked=1_500, free=60, held=held
    )
    assert told(refusal, reader("sl")).sentence == (
        f"Od računa {isolate('A-1')} je bilo zahtevano 1.500 {isolate('EXA-1')}; "
        f"prosto je 60{more}."
    )


def test_money_is_told_as_money_and_not_as_cents() -> None:
    refusal = ExceedsHolding(reference="", account="A-1", asset="EUR", asked=1_999, free=5, held=0)
    assert "19,99" in told(refusal, reader("sl")).sentence
    assert "۱۹٫۹۹" in told(refusal, reader("fa")).sentence


def test_what_somebody_wrote_cannot_turn_the_sentence_around_it() -> None:
    refusal = AccountStillHolds(reference="", account="A\u202e-1{held}", held=("5 EXA-1", "[x]"))
    said = told(refusal, reader("fa")).sentence
    assert "\u202e" not in said
    assert f"حساب {isolate('A-1{held}')} هنوز" in said
    assert isolate("[x]") in said


def test_codes_in_a_remedy_are_kept_apart_and_numbers_are_in_the_digits_of_the_reader() -> None:
    said = remedied("Take an e-mail address or a name without spaces, up to 254 characters.", FA)
    assert "۲۵۴" in said.text
    example = remedied("Write the whole number, such as UK-100-50001-2-11.", FA)
    assert example.text.endswith(f"مانند {isolate('UK-100-50001-2-11')}.")
    command = remedied("Let two administrators give the position: tonne proposal --help.", FA)
    assert command.text.endswith(f": {isolate('tonne proposal --help')}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoBicycles(Refusal):
    """Bicycles are left outside."""

    number: ClassVar[int] = 1
    remedy: ClassVar[str] = "Leave it at the gate."

    def __str__(self) -> str:
        return "No bicycles."


def test_what_is_not_translated_is_said_in_english_and_that_it_is() -> None:
    said = told(NoBicycles(reference=""), reader("fa"))
    assert (said.sentence, said.remedy) == ("No bicycles.", "Leave it at the gate.")
    assert said.language.code == "en"
    assert said.foreign


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_name_in_the_law_of_people_has_a_word(code: str) -> None:
    words = {str(each.id) for each in entries(code) if each.context == WORD}
    law: Any = people.mandates_on(load_scheme(scheme_folder("example")), date(2026, 11, 22))
    names = {*law.verbs, *law.rights, *law.positions, *get_args(PersonState)}
    said = {rule.name for rule in law.verbs.values()}
    assert {spoken(name) for name in names} | said <= words
