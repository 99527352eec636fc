"""Sentences about figures: verified, determined, corrected, and which of them stands."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changed import replace
from tonne.mrv import (
    EmissionsReport,
    Figure,
    MrvRules,
    Opinion,
    correct,
    determine,
    installation_category,
    report_refusals,
    standing,
    verify,
    verify_all,
)
from tonne.quantity import Tonnes
from tonne.refusal import Refused

REPORT = EmissionsReport(
    operator="STEELWORKS",
    year=2006,
    tonnes=Tonnes(Decimal("112499.5")),
    submitted=date(2007, 3, 20),
)
GOOD = Opinion(verifier="Verifier Ltd", judgement="verified")
MARCH = datetime(2007, 3, 20, 12, tzinfo=UTC)
APRIL = datetime(2007, 4, 10, 12, tzinfo=UTC)
OCTOBER = datetime(2007, 10, 1, 12, tzinfo=UTC)
SURRENDER = date(2007, 4, 30)


@pytest.fixture
def verified(eu: MrvRules) -> Figure:
    return verify(REPORT, GOOD, rules=eu, at=MARCH)


def test_a_verified_report_gives_whole_tonnes_half_up(verified: Figure) -> None:
    assert (verified.kind, verified.tonnes, verified.late) == ("verified", 112_500, False)
    assert (verified.day, verified.recorded) == (date(2007, 3, 20), MARCH)


def test_a_report_after_31_march_is_late(eu: MrvRules) -> None:
    assert not verify(replace(REPORT, submitted=date(2007, 3, 31)), GOOD, rules=eu, at=APRIL).late
    assert verify(replace(REPORT, submitted=date(2007, 4, 1)), GOOD, rules=eu, at=APRIL).late


def test_the_verifiers_figure_replaces_the_operators(eu: MrvRules) -> None:
    opinion = replace(GOOD, tonnes=Tonnes(Decimal(120_000)))
    assert verify(REPORT, opinion, rules=eu, at=MARCH).tonnes == 120_000


def test_comments_are_kept_with_the_figure(eu: MrvRules) -> None:
    opinion = replace(GOOD, judgement="verified_with_comments", comments=("One meter was late.",))
    assert verify(REPORT, opinion, rules=eu, at=MARCH).note == "One meter was late."


def test_a_report_that_is_not_verified_gives_no_figure(eu: MrvRules) -> None:
    opinion = replace(GOOD, judgement="not_verified", comments=("No weighbridge records.",))
    with pytest.raises(Refused, match=r"for 2006 is not verified: No weighbridge records\."):
        verify(REPORT, opinion, rules=eu, at=MARCH)


def test_comments_without_words_are_refused(eu: MrvRules) -> None:
    opinion = replace(GOOD, judgement="verified_with_comments")
    with pytest.raises(Refused, match="'verified_with_comments', bare"):
        verify(REPORT, opinion, rules=eu, at=MARCH)


def test_a_material_misstatement_is_not_verified(eu: MrvRules) -> None:
    # 112,499.5 t is category B: 5 % is 5,624.975 t from 2008; in phase 1 the verifier judges.
    report = replace(REPORT, year=2008, submitted=date(2009, 3, 20))
    wrong = replace(GOOD, misstatement=Tonnes(Decimal("-5624.976")))
    with pytest.raises(Refused, match=r"more than 5624\.975\d* t is material"):
        verify(report, wrong, rules=eu, at=MARCH)
    small = replace(GOOD, misstatement=Tonnes(Decimal("5624.975")))
    assert verify(report, small, rules=eu, at=MARCH).tonnes == 112_500
    assert verify(REPORT, wrong, rules=eu, at=MARCH).tonnes == 112_500


def test_the_future_cannot_be_verified(eu: MrvRules) -> None:
    with pytest.raises(Refused, match="reported 2006 on 2005-12-31, before it began"):
        verify(replace(REPORT, submitted=date(2005, 12, 31)), GOOD, rules=eu, at=MARCH)


def test_verified_emissions_are_not_less_than_nothing(eu: MrvRules) -> None:
    with pytest.raises(Refused, match="-1 t for STEELWORKS in 2006 is less than nothing"):
        verify(replace(REPORT, tonnes=Tonnes(Decimal(-1))), GOOD, rules=eu, at=MARCH)


def test_no_figure_is_more_than_anybody_can_emit(eu: MrvRules, verified: Figure) -> None:
    """A trillion tonnes is twenty times what the whole world emits in a year."""
    trillion, less = Tonnes(Decimal(10**12)), Tonnes(Decimal(10**12 - 1))
    beyond = "a number of 13 digits"
    with pytest.raises(Refused, match=beyond):
        verify(REPORT, replace(GOOD, tonnes=trillion), rules=eu, at=MARCH)
    assert verify(replace(REPORT, tonnes=less), GOOD, rules=eu, at=MARCH).tonnes == 10**12 - 1
    (refused,) = report_refusals(replace(REPORT, tonnes=trillion), rules=eu)
    assert refused.number == 5012
    with pytest.raises(Refused, match=beyond):
        determine(
            operator="STEELWORKS", year=2006, reason="other", stated=trillion, rules=eu, at=APRIL
        )
    with pytest.raises(Refused, match=beyond):
        correct(
            [verified], operator="STEELWORKS", year=2006, tonnes=trillion, note="why",
            rules=eu, at=APRIL,
        )  # fmt: skip


def test_a_batch_decides_each_report_on_its_own(eu: MrvRules) -> None:
    bad = replace(GOOD, judgement="not_verified", comments=("No records.",))
    there = verify_all([(REPORT, GOOD), (REPORT, bad), (REPORT, GOOD)], rules=eu, at=MARCH)
    assert [isinstance(each, Figure) for each in there] == [True, False, True]
    assert there[0] == verify(REPORT, GOOD, rules=eu, at=MARCH)


def test_categories_end_at_their_limit(eu: MrvRules) -> None:
    limits = eu.installation_categories.on(date(2008, 1, 1)).value
    found = [installation_category(Decimal(t), limits) for t in (50_000, 50_001, 500_000, 500_001)]
    assert found == ["a", "b", "b", "c"]


def test_a_correction_after_surrender_keeps_what_was_known(eu: MrvRules, verified: Figure) -> None:
    # Case C-148/14: verified 112,500 by 30 April; the authority finds 120,000 in October.
    corrected = correct(
        [verified], operator="STEELWORKS", year=2006, tonnes=Tonnes(Decimal(120_000)),
        note="Under-reporting found on inspection", rules=eu, at=OCTOBER,
    )  # fmt: skip
    both = [corrected, verified]
    assert standing(both, on=SURRENDER) == verified
    assert standing(both, on=OCTOBER.date()) == corrected
    assert standing(both, on=OCTOBER.date(), known=APRIL) == verified


def test_no_figure_stands_before_there_is_one(verified: Figure) -> None:
    assert standing([verified], on=date(2007, 3, 19)) is None
    assert standing([], on=SURRENDER) is None


def test_a_determination_is_not_overridden_by_a_later_report(eu: MrvRules) -> None:
    determined = determine(
        operator="STEELWORKS", year=2006, reason="report_missing",
        stated=Tonnes(Decimal("130000.5")), rules=eu, at=APRIL,
    )  # fmt: skip
    assert (determined.kind, determined.tonnes, determined.late) == ("determined", 130_001, True)
    assert determined.note == "report_missing; stated"
    late = verify(replace(REPORT, submitted=OCTOBER.date()), GOOD, rules=eu, at=OCTOBER)
    assert standing([determined, late], on=OCTOBER.date()) == determined
    end = correct(
        [determined, late], operator="STEELWORKS", year=2006, tonnes=Tonnes(Decimal(112_500)),
        note="The late report is accepted", rules=eu, at=OCTOBER,
    )  # fmt: skip
    assert standing([determined, late, end], on=OCTOBER.date()) == end


def test_a_later_report_replaces_an_earlier_one(verified: Figure) -> None:
    again = replace(verified, tonnes=113_000, day=APRIL.date(), recorded=APRIL)
    assert standing([again, verified], on=SURRENDER) == again


def test_the_highest_of_past_years_is_raised_by_the_factor(example: MrvRules) -> None:
    # Example Act, s. 29: 110 % of the highest of three years; 100 x 1.1 = 110. 2024 is too old.
    def of(year: int, tonnes: int) -> Figure:
        return Figure(
            operator="KILN", year=year, kind="verified", tonnes=tonnes, day=date(year + 1, 3, 1),
            recorded=datetime(year + 1, 3, 1, tzinfo=UTC), reference="s. 28",
        )  # fmt: skip

    past = [of(2024, 900), of(2025, 90), of(2026, 100), of(2027, 80)]

    def figure(stated: Tonnes | None) -> int:
        return determine(
            operator="KILN", year=2028, reason="report_missing", stated=stated, past=past,
            rules=example, at=datetime(2029, 4, 1, tzinfo=UTC),
        ).tonnes  # fmt: skip

    assert figure(None) == 110
    assert figure(Tonnes(Decimal(50))) == 110
    assert figure(Tonnes(Decimal(150))) == 150


def test_a_missing_report_may_still_come_until_its_last_day(eu: MrvRules) -> None:
    with pytest.raises(Refused, match="may still come until 2007-03-31"):
        determine(
            operator="STEELWORKS", year=2006, reason="report_missing",
            stated=Tonnes(Decimal(1)), rules=eu, at=datetime(2007, 3, 31, 23, tzinfo=UTC),
        )  # fmt: skip


def test_a_verified_report_is_not_missing(eu: MrvRules, verified: Figure) -> None:
    with pytest.raises(Refused, match="STEELWORKS has verified emissions of 112500 t for 2006"):
        determine(
            operator="STEELWORKS", year=2006, reason="report_missing",
            stated=Tonnes(Decimal(1)), figures=[verified], rules=eu, at=APRIL,
        )  # fmt: skip


def test_a_determination_needs_something_to_rest_on(eu: MrvRules, example: MrvRules) -> None:
    with pytest.raises(Refused, match="the method 'stated' finds no past figure"):
        determine(operator="STEELWORKS", year=2006, reason="other", rules=eu, at=APRIL)
    with pytest.raises(Refused, match="'highest_of_past_years' finds no past figure"):
        determine(operator="KILN", year=2025, reason="other", rules=example, at=APRIL)


def test_a_determination_is_not_less_than_nothing(eu: MrvRules) -> None:
    with pytest.raises(Refused, match="less than nothing"):
        determine(
            operator="STEELWORKS", year=2006, reason="other", stated=Tonnes(Decimal(-1)),
            rules=eu, at=APRIL,
        )  # fmt: skip


def test_a_correction_needs_a_figure_a_change_and_a_reason(eu: MrvRules, verified: Figure) -> None:
    def codes(figures: list[Figure], tonnes: int, note: str) -> list[str]:
        with pytest.raises(Refused) as refused:
            correct(
                figures, operator="STEELWORKS", year=2006, tonnes=Tonnes(Decimal(tonnes)),
                note=note, rules=eu, at=APRIL,
            )  # fmt: skip
        return [each.code for each in refused.value.refusals]

    assert codes([], 1, "why") == ["NothingToCorrect"]
    assert codes([verified], 112_500, "why") == ["CorrectionChangesNothing"]
    assert codes([verified], 1, " ") == ["CorrectionWithoutReason"]
    assert codes([verified], -1, "") == ["EmissionsBelowNothing", "CorrectionWithoutReason"]


kinds = st.sampled_from(["verified", "determined", "corrected"])


@given(st.lists(st.tuples(kinds, st.integers(0, 300), st.integers(0, 300)), max_size=6))
def test_what_stood_on_a_day_is_not_changed_by_what_is_recorded_later(
    records: list[tuple[str, int, int]],
) -> None:
    figures = [
        Figure(
            operator="A", year=2006, kind=kind, tonnes=n,  # type: ignore[arg-type]
            day=date.fromordinal(732_700 + day),
            recorded=datetime.fromtimestamp(1_170_000_000 + 86_400 * moment, tz=UTC),
            reference="s. 1",
        )
        for n, (kind, day, moment) in enumerate(records)
    ]  # fmt: skip
    known = datetime.fromtimestamp(1_170_000_000 + 86_400 * 150, tz=UTC)
    early = [each for each in figures if each.recorded <= known]
    day = date.fromordinal(732_850)
    assert standing(figures, on=day, known=known) == standing(early, on=day)
