"""A file of cases is run whole, or refused with every fault of it, by line."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tonne.operations import Scheme, load_scheme, scheme_folder
from tonne.operations.case_rules import RULES
from tonne.operations.cases import ALWAYS_FOUND, CaseResult, run_cases
from tonne.refusal import Refused

Ran = Callable[[str], list[CaseResult]]
CASE = """[[case]]
name = "The cap of 2025"
rule = "supply.cap"
source = "Example Act, s. 10(1)"
given = { year = 2025 }
expected = { amount = 100_000 }
"""
OUTPUT_OF_2025 = (  # when the law allocates by the past
    'activities = [{ operator = "A", year = 2025, level = 1, benchmark = 1, leakage_factor = 1 }]'
)
TO_NOBODY = (
    'day = 2025-06-01, verb = "transfer", unit = "EXA-1", source = "operator", target = "nobody", '
    'by = "operator"'
)


@pytest.fixture(scope="module")
def example() -> Scheme:
    return load_scheme(scheme_folder("example"))


@pytest.fixture
def ran(example: Scheme, tmp_path: Path) -> Ran:
    def run(text: str) -> list[CaseResult]:
        (tmp_path / "cases.toml").write_text(text, encoding="utf-8")
        return run_cases(example, tmp_path)

    return run


@pytest.fixture
def faults(ran: Ran) -> Callable[[str], list[tuple[int, int]]]:
    def told(text: str) -> list[tuple[int, int]]:
        with pytest.raises(Refused) as refused:
            ran(text)
        return [(each.number, int(str(each.facts()["line"]))) for each in refused.value.refusals]

    return told


Faults = Callable[[str], list[tuple[int, int]]]


def closing(figures: str) -> str:
    return (
        CASE.replace("supply.cap", "compliance.close")
        .replace("{ year = 2025 }", f"{{ years = [{figures}] }}")
        .replace("{ amount = 100_000 }", '{ status = "A" }')
    )


def test_a_case_that_is_met_has_nothing_to_say(ran: Ran) -> None:
    (result,) = ran(f"# The sum.\n\n{CASE}")
    assert result == CaseResult(
        name="The cap of 2025",
        source="Example Act, s. 10(1)",
        line=3,
        passed=True,
        expected={"amount": 100_000},
        found={"amount": 100_000},
        message="",
    )


def test_a_case_that_is_not_met_says_what_was_expected_and_found(ran: Ran) -> None:
    (result,) = ran(CASE.replace("100_000", "99_999"))
    assert not result.passed
    assert result.message == "amount: expected 99,999, found 100,000"


def test_a_case_that_is_refused_unexpectedly_says_why(ran: Ran) -> None:
    (result,) = ran(
        CASE.replace("supply.cap", "supply.auction")
        .replace("year = 2025", "year = 2025, asked = 20_001")
        .replace("amount = 100_000", "accepted = true")
    )
    assert not result.passed
    assert result.message.startswith("accepted: expected true, found false\n[4002] 20,001 units")


def test_a_case_before_the_law_finds_that_nothing_is_in_force(ran: Ran) -> None:
    (result,) = ran(CASE.replace("2025 }", "1999 }"))
    assert not result.passed
    assert result.message == (
        "amount: expected 100,000, found nothing\nnothing in force on 1999-12-31 "
        "for the rule 'cap' of 'example', which begins on 2025-01-01"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        'status = "B"',
        "due = 99",
        'penalty = "0.01"',
        "published = true",
        "published = 0",
        "surrender_by = 2026-05-01",
        "refusals = [1]",
        "currency = 1",
    ],
)
def test_an_expectation_of_any_type_can_fail(ran: Ran, wrong: str) -> None:
    met = closing("{ year = 2025, verified = 100, surrendered = 100 }")
    assert all(each.passed for each in ran(met))
    assert not any(each.passed for each in ran(met.replace('status = "A"', wrong)))


def test_a_list_and_a_table_are_compared_whole(ran: Ran) -> None:
    shares = CASE.replace("supply.cap", "supply.grandfather").replace(
        "year = 2025", "year = 2025, total = 3, baselines = { A = 2, B = 1 }"
    )
    assert [
        ran(shares.replace("amount = 100_000", f"counts = {{ {counts} }}"))[0].passed
        for counts in ("A = 2, B = 1", "A = 2", "A = 1, B = 2", "A = 2, B = 1, C = 0")
    ] == [True, False, False, False]


def test_a_scheme_without_cases_has_none(example: Scheme, tmp_path: Path) -> None:
    assert run_cases(example, tmp_path) == []


def test_a_file_of_cases_that_is_not_text_is_refused(example: Scheme, tmp_path: Path) -> None:
    (tmp_path / "cases.toml").write_bytes(CASE.encode("utf-16"))
    with pytest.raises(Refused) as refused:
        run_cases(example, tmp_path)
    assert [each.number for each in refused.value.refusals] == [9100]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("rule = ", "rule ", (9101, 3)),
        ('rule = "supply.cap"', 'rule = "supply.cap"\nyear = 2025', (9102, 4)),
        ("year = 2025", "yaer = 2025, year = 2025", (9102, 5)),
        ("[[case]]", "[cas]\n[[case]]", (9102, 1)),
        ("expected = { amount = 100_000 }\n", "", (9103, 1)),
        ("year = 2025", "", (9103, 5)),
        ('source = "Example Act, s. 10(1)"\n', "", (9104, 1)),
        ("Example Act, s. 10(1)", "  ", (9104, 4)),
        ("2025 }", '"2025" }', (9105, 5)),
        ("2025 }", "-2025 }", (9105, 5)),
        ("2025 }", "true }", (9105, 5)),
        ("2025 }", '2025, kind = "ship" }', (9105, 5)),
        ("{ year = 2025 }", "2025", (9105, 5)),
        ('"The cap of 2025"', "2025", (9105, 2)),
        ("supply.cap", "supply.gap", (9106, 3)),
        ("amount =", "amuont =", (9107, 6)),
        ("amount = 100_000", "", (9107, 6)),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(
    faults: Faults, old: str, new: str, fault: tuple[int, int]
) -> None:
    assert old in CASE
    assert faults(CASE.replace(old, new, 1)) == [fault]


def test_two_cases_have_two_names(faults: Faults) -> None:
    assert faults(CASE + CASE) == [(9108, 8)]


def test_cases_are_a_list_of_tables(faults: Faults) -> None:
    assert faults("# none\ncase = 1\n") == [(9105, 2)]


@pytest.mark.parametrize(
    "figures",
    [
        "",
        "{ year = 2025, verified = 1 }, { year = 2027, verified = 1 }",
    ],
)
def test_years_of_a_case_follow_one_another(faults: Faults, figures: str) -> None:
    assert faults(closing(figures)) == [(9109, 5)]


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("supply.benchmark", "activities = []"),
        ("supply.benchmark", OUTPUT_OF_2025),
        (
            "supply.new_entrants",
            'year = 2025, entries = [{ operator = "A", asked = 0, received = 2025-01-01 }]',
        ),
        ("registry.check", TO_NOBODY),
        ("mrv.determine", "year = 2028, day = 2029-04-01, past = { last = 1 }"),
    ],
)
def test_what_is_impossible_in_the_scheme_is_a_fault(faults: Faults, rule: str, given: str) -> None:
    text = CASE.replace("supply.cap", rule).replace("year = 2025", given)
    assert faults(text.replace("amount = 100_000", "accepted = true")) == [(9109, 5)]


def test_a_gas_that_is_none_is_a_fault_of_a_stream(faults: Faults) -> None:
    stream = (
        '{ stream = "S", name = "S", approach = "process", gas = "NOx", size = "major", tiers = 1 }'
    )
    text = CASE.replace("supply.cap", "mrv.emissions").replace(
        "year = 2025", f"year = 2025, data = [], streams = [{stream}]"
    )
    assert faults(text.replace("amount", "total")) == [(9105, 5), (9105, 5)]


def test_every_fault_of_the_file_is_told_at_once(faults: Faults) -> None:
    second = CASE.replace("2025 }", '"x", kind = 3, who = 1 }').replace("The", "A")
    third = CASE.replace("supply.cap", "none").replace('source = "Example Act, s. 10(1)"\n', "")
    assert faults(CASE + second + third.replace("The", "One")) == [
        (9102, 11),
        (9105, 11),
        (9105, 11),
        (9104, 13),
        (9106, 15),
    ]


def test_a_fault_names_the_place_and_what_may_have_been_meant(ran: Ran) -> None:
    with pytest.raises(
        Refused, match=r"cases\.toml:3: case 1, rule: expected 'supply\.cap', found"
    ):
        ran(CASE.replace("supply.cap", "suply.cap"))


def test_every_rule_has_a_worked_case_somewhere() -> None:
    asked = set()
    for scheme in ("example", "eu_ets", "kyoto_cp1"):
        text = (scheme_folder(scheme) / "cases.toml").read_text(encoding="utf-8")
        asked |= set(re.findall(r'^rule = "(.*)"$', text, re.MULTILINE))
    assert asked == RULES.keys()


def test_what_is_found_of_every_case_is_no_rule_s_own_finding() -> None:
    assert not [name for name, rule in RULES.items() if {*rule.finds} & {*ALWAYS_FOUND}]
