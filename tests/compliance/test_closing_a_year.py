"""A year is closed: status, penalty, making good, and what is carried into the next."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changed import replace
from tonne.compliance import (
    ComplianceRules,
    MakeGoodRule,
    Outcome,
    PenaltyRule,
    PeriodUnits,
    Position,
    Standing,
    begin_anew,
    close,
    closing_refusals,
    corrected_status,
    counted_since,
    owed,
    publish_on,
    status,
    still_owed,
    surrender_by,
)
from tonne.quantity import Currency, Money
from tonne.rulebook import Clause, Dated

EUR = Currency("EUR")


def position(
    verified: int | None,
    surrendered: int,
    *,
    total: int | None = None,
    standing: Standing = "obliged",
    extra: int = 0,
    carried: int = 0,
    corrected: int = 0,
) -> Position:
    return Position(
        operator="steelworks",
        standing=standing,
        verified=verified,
        verified_total=total if total is not None else verified or 0,
        surrendered_total=surrendered,
        extra=extra,
        carried=carried,
        corrected=corrected,
    )


def closed(year: int, where: Position, rules: ComplianceRules) -> Outcome:
    (outcome,) = close(year, [where], rules)
    return outcome


def after(last: Outcome, verified: int, surrendered: int, *, corrected: int = 0) -> Position:
    """The position of the year after, where counting starts anew."""
    return position(
        verified, surrendered, extra=last.extra, carried=last.carried, corrected=corrected
    )


def test_missing_allowances_of_2006_cost_40_euros_each_and_are_owed_again(
    eu: ComplianceRules,
) -> None:
    # 120,000 - 112,500 = 7,500; x 40 = 300,000; 118,000 + 7,500 = 125,500 due on 30 April 2008
    first = closed(2006, position(120_000, 112_500), eu)
    assert (first.status, first.missing, first.excess) == ("B", 7_500, 7_500)
    assert first.penalty == Money.of(Decimal(300_000), EUR)
    assert first.published
    assert first.carried == 7_500
    due = owed(verified=120_000 + 118_000, surrendered=112_500)
    assert due == 125_500
    assert surrender_by(2007, eu) == date(2008, 4, 30)


def test_the_same_costs_100_euros_each_in_the_second_period(eu: ComplianceRules) -> None:
    outcome = closed(2008, position(120_000, 112_500), eu)
    assert outcome.penalty == Money.of(Decimal(750_000), EUR)
    assert "Directive 2003/87/EC, Article 16(3)" in outcome.because


def test_what_was_held_and_not_surrendered_does_not_lessen_the_penalty() -> None:
    # Court of Justice, C-203/12: there is no place to say what was held.
    assert not any("held" in name or "holding" in name for name in Position.__struct_fields__)


def test_tonnes_that_the_authority_adds_later_are_owed_but_carry_no_penalty(
    eu: ComplianceRules,
) -> None:
    # Court of Justice, C-148/14: 112,500 reported and surrendered, corrected to 120,000 in October.
    first = closed(2006, position(112_500, 112_500), eu)
    assert (first.status, first.penalty) == ("A", Money(0, EUR))
    assert corrected_status(owed=120_000, surrendered=112_500) == "D"
    assert corrected_status(owed=120_000, surrendered=120_000) == "E"

    next_year = position(118_000, 112_500 + 118_000, total=238_000, corrected=7_500)
    second = closed(2007, next_year, eu)
    assert (second.missing, second.excess, second.carried) == (7_500, 0, 7_500)
    assert second.penalty == Money(0, EUR)
    assert not second.published

    shorter = replace(next_year, surrendered_total=228_000)
    assert closed(2007, shorter, eu).excess == 2_500


def test_a_correction_is_fined_where_the_law_says_so(eu: ComplianceRules) -> None:
    clause = Clause(start=date(2005, 1, 1), value=True, reference="Stern Act, s. 1")
    stern = replace(eu, correction_penalised=Dated([clause]))
    where = position(118_000, 230_500, total=238_000, corrected=7_500)
    assert closed(2007, where, stern).excess == 7_500


def test_a_missing_allowance_is_fined_once(eu: ComplianceRules) -> None:
    first = closed(2005, position(100, 90), eu)
    still = position(100, 190, total=200, extra=first.extra, carried=first.carried)
    second = closed(2006, still, eu)
    assert (second.missing, second.excess, second.carried) == (10, 0, 10)
    assert second.status == "B", "it is still short"
    worse = closed(2006, replace(still, surrendered_total=185), eu)
    assert (worse.missing, worse.excess, worse.carried) == (15, 5, 15)
    assert worse.penalty == Money.of(Decimal(200), EUR)


def test_what_was_made_good_and_falls_short_again_is_fined_again(eu: ComplianceRules) -> None:
    first = closed(2008, position(100, 90), eu)
    second = closed(2009, position(100, 200, total=200, carried=first.carried), eu)
    third = closed(2010, position(100, 290, total=300, carried=second.carried), eu)
    assert [each.excess for each in (first, second, third)] == [10, 0, 10]


def test_counting_starts_anew_in_2008_but_the_debt_remains(eu: ComplianceRules) -> None:
    assert [counted_since(year, eu) for year in (2005, 2007, 2008, 2012)] == [
        2005,
        2005,
        2008,
        2008,
    ]
    last = closed(2007, position(100, 260, total=270), eu)
    assert last.carried == 10
    plain = closed(2008, after(last, verified=100, surrendered=100), eu)
    assert (plain.status, plain.missing, plain.excess) == ("B", 10, 0)
    made_good = closed(2008, after(last, verified=100, surrendered=110), eu)
    assert (made_good.status, made_good.missing, made_good.carried) == ("A", 0, 0)
    assert closed(2009, position(50, 160, total=150, extra=made_good.extra), eu).missing == 0


def test_a_shortfall_of_2007_counts_in_every_year_from_2008_until_it_is_surrendered(
    eu: ComplianceRules,
) -> None:
    # Emitted 2005 to 2007: 300; surrendered 270; so 30 beside the 100 of each year from 2008 on.
    last = closed(2007, position(100, 270, total=300), eu)
    codes = []
    for year, total in [(2008, 100), (2009, 200), (2010, 329), (2011, 430), (2012, 529)]:
        emitted = 100 * (year - 2007)
        last = closed(
            year,
            position(100, total, total=emitted, extra=last.extra, carried=last.carried),
            eu,
        )
        assert last.missing == max(0, emitted + 30 - total)
        codes.append(last.status)
    assert codes == ["B", "B", "B", "A", "B"]


def test_a_surplus_of_2007_is_worth_nothing_in_2008(eu: ComplianceRules) -> None:
    last = closed(2007, position(100, 400, total=300), eu)
    assert (last.extra, last.carried) == (0, 0)
    assert closed(2008, after(last, verified=100, surrendered=99), eu).status == "B"


def test_bulgarian_operators_begin_the_second_period_anew(
    eu: ComplianceRules, example: ComplianceRules
) -> None:
    assert [begin_anew(year, eu) for year in (2005, 2007, 2008, 2009)] == [(), (), ("BG",), ()]
    assert begin_anew(2026, example) == ()


def test_what_is_still_owed_counts_what_is_to_be_made_good(
    eu: ComplianceRules, example: ComplianceRules
) -> None:
    # 80 t of 2026, twice the 10 missing in 2025, and 15 of them surrendered
    first = closed(2025, position(100, 90), example)
    assert still_owed(2026, [after(first, verified=80, surrendered=15)], example) == [85]
    # In 2009 the 10 missing since 2007 stand in the obligation, though 2008 was closed between.
    assert still_owed(2009, [position(50, 120, total=150, extra=10, carried=99)], eu) == [40]


def test_a_surplus_of_one_year_covers_the_next_within_a_period(eu: ComplianceRules) -> None:
    assert closed(2006, position(120, 210, total=210), eu).status == "A"


def test_where_nothing_was_entered_the_authority_has_to_set_the_emissions(
    eu: ComplianceRules,
) -> None:
    silent = closed(2006, position(None, 0), eu)
    assert (silent.status, silent.report_missing, silent.excess) == ("C", True, 0)
    told = closed(2006, position(50, 0), eu)
    assert (told.excess, told.penalty) == (50, Money.of(Decimal(2_000), EUR))


@pytest.mark.parametrize("standing", ["excluded", "closed"])
def test_who_has_no_obligation_is_neither_short_nor_late(
    eu: ComplianceRules, standing: Standing
) -> None:
    outcome = closed(2006, position(None, 0, standing=standing), eu)
    assert (outcome.status, outcome.missing, outcome.report_missing) == ("-", 0, False)


def test_who_closed_still_owes_what_was_missing(eu: ComplianceRules) -> None:
    outcome = closed(2007, position(None, 90, total=100, carried=10, standing="closed"), eu)
    assert (outcome.status, outcome.missing, outcome.excess, outcome.carried) == ("-", 10, 0, 10)


def test_nobody_is_fined_while_the_registry_is_suspended(eu: ComplianceRules) -> None:
    outcome = closed(2010, position(100, 0, standing="suspended"), eu)
    assert (outcome.status, outcome.missing, outcome.excess) == ("X", 100, 0)


def test_the_code_is_set_from_the_data_of_the_deadline() -> None:
    def code(owed: int, surrendered: int) -> str:
        return status(standing="obliged", verified=1, owed=owed, surrendered=surrendered)

    assert [code(10, 10), code(10, 11), code(10, 9)] == ["A", "A", "B"]


def test_the_code_of_the_deadline_is_set_from_the_figure_of_the_deadline(
    eu: ComplianceRules,
) -> None:
    # 112,500 were known on 30 April, and are surrendered; a later report says 120,000.
    where = replace(position(120_000, 112_500), revised=7_500)
    outcome = closed(2006, where, eu)
    assert (outcome.status, outcome.missing, outcome.excess) == ("A", 7_500, 0)


def test_a_correction_by_the_authority_gives_d_or_e_by_what_has_come_until_then(
    eu: ComplianceRules,
) -> None:
    found = replace(position(120_000, 112_500), revised=7_500, entered="by_authority")
    codes = [closed(2006, replace(found, late=late), eu).status for late in (0, 7_499, 7_500)]
    assert codes == ["D", "D", "E"]
    # What was short on 30 April without the correction is fined: 112,500 - 112,000 = 500
    shorter = closed(2006, replace(found, surrendered_total=112_000), eu)
    assert (shorter.missing, shorter.penalty) == (8_000, Money.of(Decimal(20_000), EUR))


def test_a_correction_of_the_year_itself_is_fined_where_the_law_says_so(
    eu: ComplianceRules,
) -> None:
    clause = Clause(start=date(2005, 1, 1), value=True, reference="Stern Act, s. 1")
    stern = replace(eu, correction_penalised=Dated([clause]))
    found = replace(position(120_000, 112_500), revised=7_500, entered="by_authority")
    assert closed(2006, found, stern).excess == 7_500


@pytest.mark.parametrize("standing", ["excluded", "closed", "suspended"])
def test_who_owes_nothing_or_could_not_surrender_has_no_code_of_a_correction(
    eu: ComplianceRules, standing: Standing
) -> None:
    where = replace(position(100, 0, standing=standing), entered="by_authority")
    assert closed(2006, where, eu).status == ("X" if standing == "suspended" else "-")


def test_late_units_make_good_what_is_missing_and_no_more(
    eu: ComplianceRules, example: ComplianceRules
) -> None:
    late = replace(position(100, 90), late=30)
    outcome = closed(2006, late, eu)
    assert (outcome.status, outcome.excess) == ("B", 10)
    assert (outcome.made_good, outcome.carried) == (10, 0)
    # Two for one: 20, all of them there.
    outcome = closed(2025, late, example)
    assert (outcome.excess, outcome.made_good, outcome.carried) == (10, 20, 0)
    assert closed(2006, replace(position(100, 100), late=30), eu).made_good == 0


def test_tonnes_of_years_that_no_total_counts_are_owed_until_they_are_surrendered(
    eu: ComplianceRules,
) -> None:
    # Found in 2010 for 2006: 7,500. Since 2008: 300 emitted, 300 surrendered.
    found = replace(position(100, 300, total=300), corrected=7_500, corrected_before=7_500)
    first = closed(2010, found, eu)
    assert (first.status, first.missing, first.excess, first.extra) == ("B", 7_500, 0, 7_500)
    later = position(100, 400, total=400, extra=first.extra, carried=first.carried)
    second = closed(2011, later, eu)
    assert (second.missing, second.excess) == (7_500, 0)
    third = replace(later, surrendered_total=7_900)
    assert (closed(2011, third, eu).status, closed(2011, third, eu).missing) == ("A", 0)


def test_two_units_are_owed_for_one_where_the_law_says_so(example: ComplianceRules) -> None:
    # 100 t, 90 units: 10 x 50 = 500, and 20 more in the next year
    first = closed(2025, position(100, 90), example)
    assert (first.penalty, first.carried) == (Money.of(Decimal(500), EUR), 20)
    # The year after: 80 t and 20 to make good, of which 15 are: 5 left, fined already.
    second = closed(2026, after(first, verified=80, surrendered=95), example)
    assert (second.status, second.missing, second.excess, second.carried) == ("B", 5, 0, 5)
    third = closed(2027, after(second, verified=80, surrendered=85), example)
    assert (third.status, third.missing, third.carried) == ("A", 0, 0)


def test_each_year_stands_alone_where_the_law_says_so(example: ComplianceRules) -> None:
    assert counted_since(2027, example) == 2027


def test_compliance_is_public_on_15_may(eu: ComplianceRules) -> None:
    assert publish_on(2005, eu) == date(2006, 5, 15)


def test_figures_that_contradict_each_other_are_no_law() -> None:
    with pytest.raises(ValueError, match="penalty"):
        PenaltyRule(amount=Decimal(-1), currency="EUR")
    with pytest.raises(ValueError, match="ratio"):
        MakeGoodRule(ratio=Decimal(-1), rounding="floor")
    with pytest.raises(ValueError, match="period"):
        PeriodUnits(first_year=2007, last_year=2005, units=(), borrowing=False)


counts = st.integers(0, 10**9)


@settings(max_examples=100)
@given(counts, counts, counts)
def test_what_is_owed_is_never_less_than_nothing(a: int, b: int, c: int) -> None:
    left = owed(verified=a, surrendered=b, to_make_good=c)
    assert left >= 0
    assert left == 0 or left + b == a + c


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=5))
def test_closing_twice_gives_the_same_and_no_unit_is_fined_twice(
    eu: ComplianceRules, years: list[tuple[int, int]]
) -> None:
    verified = surrendered = extra = carried = fined = 0
    for year, (emitted, given_up) in enumerate(years, start=2008):
        verified += emitted
        surrendered += given_up
        where = position(emitted, surrendered, total=verified, extra=extra, carried=carried)
        outcome = closed(year, where, eu)
        assert outcome == closed(year, where, eu)
        assert outcome.missing == max(0, verified - surrendered)
        assert outcome.penalty.minor == outcome.excess * 100_00
        extra, carried, fined = outcome.extra, outcome.carried, fined + outcome.excess
        assert carried == outcome.missing
        assert fined <= verified, "no more is fined than was emitted"


def test_a_year_is_closed_from_the_last_day_for_its_units(example: ComplianceRules) -> None:
    # Section 12: units for 2025 come until 30 April 2026.
    (refusal,) = closing_refusals(2025, date(2026, 4, 29), example)
    assert refusal.number == 6030
    assert str(refusal) == (
        "On 2026-04-29 units for 2025 may still come: the last day is 2026-04-30."
    )
    assert not list(closing_refusals(2025, date(2026, 4, 30), example))
