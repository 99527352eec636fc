"""Sentences about law files: loaded into their shape, whatever the order and the line endings."""

import random
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law import VALUES, Fine, Law, Step, Steps, Write, clause, faults
from tonne.refusal import Refusal, Refused
from tonne.rulebook import (
    Clause,
    MonthDay,
    NotInForce,
    Rulebook,
    load,
    load_all,
)


def test_a_law_is_loaded_into_its_shape(write: Write) -> None:
    law = load(write(), Law)
    day = date(2006, 5, 1)
    assert law.cap.on(day) == Clause(
        start=date(2005, 1, 1), value=100, reference="Example Act, s. 1"
    )
    assert law.factor.on(day).value == Decimal("0.022")
    assert law.currency.on(day).value == "EUR"
    assert law.banking.on(day).value is True
    assert law.adopted.on(day).value == date(2003, 10, 13)
    assert law.deadline.on(day).value == MonthDay(4, 30)
    assert law.method.on(day).value == "linear"
    assert law.gases.on(day).value == ("CO2", "N2O")
    assert law.step.on(day).value == Step(
        year=2005, share=Decimal("0.5"), method="linear", note="first"
    )
    assert law.path.on(day).value == (
        Step(year=2005, share=Decimal(1)),
        Step(year=2006, share=Decimal("0.5")),
    )


def test_a_clause_says_when_it_was_reviewed_and_whether_a_source_was_read(write: Write) -> None:
    text = clause("cap", "100").rstrip() + "\nreviewed = 2026-11-22\nverified = false\n"
    law = load(write(text, cap=""), Law)
    (only,) = law.cap.clauses
    assert (only.reviewed, only.verified) == (date(2026, 11, 22), False)


@pytest.mark.parametrize("written", ["40", "40.00", '"40.00"', "4e1"])
def test_a_figure_is_exact_however_it_is_written(write: Write, written: str) -> None:
    value = load(write(factor=written), Law).factor.clauses[0].value
    assert (value, type(value)) == (Decimal(40), Decimal)


def test_a_table_may_be_written_below_its_clause(write: Write) -> None:
    text = clause("path", "[]").replace("value = []\n", "")
    text += "[[path.value]]\nyear = 2007\nshare = 1\n[[path.value]]\nyear = 2008\nshare = 0.1\n"
    law = load(write(text, path=""), Law)
    assert [step.year for step in law.path.clauses[0].value] == [2007, 2008]


@given(order=st.permutations(range(6)), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_any_order_of_clauses_is_the_same_law(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("law")
    steps = [clause("cap", str(n), f"20{10 + n}-01-01") for n in range(6)]
    others = [clause(rule, value) for rule, value in VALUES.items() if rule != "cap"]
    mixed = [steps[n] for n in order] + others
    random.Random(seed).shuffle(mixed)  # noqa: S311  an order, no secret
    (folder / "plain.toml").write_text("".join(steps + others))
    (folder / "mixed.toml").write_text("".join(mixed))
    assert load(folder / "plain.toml", Law) == load(folder / "mixed.toml", Law)


def test_a_file_is_the_same_law_with_any_line_endings_and_mark(write: Write) -> None:
    file = write()
    plain, law = load_all(file.parent, {file.name: Law}), load(file, Law)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load(file, Law) == law
    assert load_all(file.parent, {file.name: Law}).fingerprint == plain.fingerprint


def test_what_was_read_before_is_read_anew_where_it_says_something_else(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = load(write(), Law)
    assert load(write(cap="99"), Law).cap.clauses[0].value == 99
    assert faults(write(cap="many")) == faults(write(cap="many")) != []
    file = write()
    assert load(file, Law) == law
    # The same words in the folder of another scheme are that scheme's law.
    for home in ("one", "other"):
        place = file.parent / home
        place.mkdir()
        (place / file.name).write_bytes(file.read_bytes())
        monkeypatch.chdir(place)
        assert load(Path(file.name), Law).cap.name == f"the rule 'cap' of {home!r}"


def rulebook(folder: Path) -> Rulebook:
    return load_all(folder, {"supply.toml": Law, "compliance.toml": Fine})


def test_a_scheme_is_loaded_from_its_folder(write: Write) -> None:
    folder = write().parent
    (folder / "compliance.toml").write_text(clause("penalty", "40"))
    (folder / "README.md").write_text("no law")
    book = rulebook(folder)
    assert book.name == folder.name
    assert list(book.rules) == ["compliance.toml", "supply.toml"]
    assert isinstance(book.rules["compliance.toml"], Fine)
    assert len(book.fingerprint) == 64


def test_any_change_of_law_changes_the_fingerprint(write: Write) -> None:
    folder = write().parent
    (folder / "compliance.toml").write_text(clause("penalty", "40"))
    before = rulebook(folder).fingerprint
    assert rulebook(folder).fingerprint == before
    (folder / "compliance.toml").write_text(clause("penalty", "100"))
    assert rulebook(folder).fingerprint != before


def test_the_faults_of_all_files_of_a_scheme_are_told_at_once(write: Write) -> None:
    folder = write(cap="").parent
    with pytest.raises(Refused) as refused:
        rulebook(folder)
    told: tuple[Refusal, ...] = refused.value.refusals
    assert [each.code for each in told] == ["LawFileMissing", "MissingRule"]


README = Path(__file__).parents[2] / "src" / "tonne" / "schemes" / "README.md"


def test_the_examples_of_the_page_for_regulators_are_law(tmp_path: Path) -> None:
    penalty, path = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "penalty.toml").write_text(penalty)
    (tmp_path / "path.toml").write_text(path)
    fine = load(tmp_path / "penalty.toml", Fine).penalty
    assert fine.on(date(2007, 1, 1)).value == 40
    assert fine.on(date(2008, 1, 1)).verified is False
    steps = load(tmp_path / "path.toml", Steps).path.on(date(2005, 1, 1)).value
    assert [step.share for step in steps] == [1, Decimal("0.5")]


def test_the_fault_shown_to_regulators_is_told_so(tmp_path: Path) -> None:
    text = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[0]
    folder = tmp_path / "my_scheme"
    folder.mkdir()
    (folder / "compliance.toml").write_text(text.replace("2008-01-01", "2005-01-01"))
    with pytest.raises(Refused) as refused:
        load(folder / "compliance.toml", Fine)
    assert str(refused.value).replace(f"{tmp_path}/", "") in README.read_text(encoding="utf-8")


def test_a_law_that_is_not_in_force_is_told_by_rule_scheme_and_day(write: Write) -> None:
    file = write()
    law = load(file, Law)
    expected = (
        f"nothing in force on 2004-12-31 for the rule 'deadline' of {file.parent.name!r}, "
        "which begins on 2005-01-01"
    )
    with pytest.raises(NotInForce, match=re.escape(expected)) as no:
        law.deadline.on(date(2004, 12, 31))
    assert no.value.reference == law.deadline.clauses[0].reference
