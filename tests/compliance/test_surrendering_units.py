"""Sentences about surrender: which units count for a year, which go first, which have ended."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changed import replace
from tonne.compliance import (
    SURRENDER_CHECKS,
    ComplianceRules,
    Lot,
    LotNotHeld,
    OperatorKind,
    PeriodUnits,
    Surrender,
    SurrenderBeforeYearEnd,
    SurrenderExceedsObligation,
    SurrenderLaw,
    SurrenderOfNothing,
    SurrenderWithoutObligation,
    UnitCancelled,
    UnitNotForOperator,
    UnitNotOfScheme,
    UnitOfEarlierPeriod,
    UnitOfLaterPeriod,
    UnitsNotHeld,
    cancel_period_units,
    choose,
    surrender,
    surrender_refusals,
)
from tonne.refusal import Refusal, Refused
from tonne.rulebook import Clause, Dated


def request(
    year: int,
    unit: str,
    *,
    kind: OperatorKind = "installation",
    count: int = 10,
    day: date | None = None,
) -> Surrender:
    return Surrender(
        operator="steelworks",
        kind=kind,
        year=year,
        unit=unit,
        count=count,
        day=day or date(year + 1, 4, 15),
    )


def refusals(
    rules: ComplianceRules, asked: Surrender, *, obliged: bool = True, owed: int = 100
) -> list[Refusal]:
    law = SurrenderLaw.of(asked.year, rules)
    return list(surrender_refusals(asked, obliged=obliged, owed=owed, law=law))


def test_units_of_the_period_are_accepted(eu: ComplianceRules) -> None:
    asked = request(2006, "EUA-1")
    law = SurrenderLaw.of(2006, eu)
    assert surrender(asked, obliged=True, owed=10, law=law) == asked
    assert all(law.because)
    assert refusals(eu, request(2008, "EUA-2")) == []


def test_more_than_is_owed_may_be_surrendered_in_the_eu(eu: ComplianceRules) -> None:
    assert refusals(eu, request(2008, "EUA-2", count=1_000), owed=5) == []


def test_no_more_is_surrendered_than_is_owed_in_the_example(example: ComplianceRules) -> None:
    (refusal,) = refusals(example, request(2025, "EXA-1", count=6), owed=5)
    assert isinstance(refusal, SurrenderExceedsObligation)
    assert str(refusal) == "6 units were offered but only 5 are still owed."
    assert refusal.reference == "Example Act, s. 12(3)"


def test_a_surrender_is_of_one_unit_or_more(eu: ComplianceRules) -> None:
    (refusal,) = refusals(eu, request(2006, "EUA-1", count=0))
    assert isinstance(refusal, SurrenderOfNothing)
    assert str(refusal) == "0 units cannot be surrendered."


def test_nothing_is_surrendered_for_a_year_without_obligation(eu: ComplianceRules) -> None:
    (refusal,) = refusals(eu, request(2006, "EUA-1"), obliged=False, owed=0)
    assert isinstance(refusal, SurrenderWithoutObligation)
    assert "no obligation for 2006" in str(refusal)


def test_a_year_that_is_not_over_is_not_surrendered_for(example: ComplianceRules) -> None:
    (refusal,) = refusals(example, request(2025, "EXA-1", day=date(2025, 12, 31)))
    assert isinstance(refusal, SurrenderBeforeYearEnd)
    assert str(refusal) == "On 2025-12-31 the year 2025 is not over."


def test_nothing_is_borrowed_from_the_next_period(eu: ComplianceRules) -> None:
    (refusal,) = refusals(eu, request(2007, "EUA-2"))
    assert isinstance(refusal, UnitOfLaterPeriod)
    assert "cannot be borrowed for 2007" in str(refusal)


def test_borrowing_is_allowed_where_the_law_says_so(eu: ComplianceRules) -> None:
    first, second = eu.period.clauses
    lenient = replace(eu, period=Dated([replace(first, value=lending(first.value)), second]))
    assert refusals(lenient, request(2007, "EUA-2")) == []


def lending(period: PeriodUnits) -> PeriodUnits:
    return replace(period, borrowing=True)


def test_units_of_an_ended_period_cover_no_later_year(eu: ComplianceRules) -> None:
    (refusal,) = refusals(eu, request(2008, "EUA-1", day=date(2008, 4, 1)))
    assert isinstance(refusal, UnitOfEarlierPeriod)
    assert "cannot be banked for 2008" in str(refusal)


def test_units_of_the_first_period_end_on_the_first_of_may_2008(eu: ComplianceRules) -> None:
    assert refusals(eu, request(2007, "EUA-1", day=date(2008, 4, 30))) == []
    (refusal,) = refusals(eu, request(2007, "EUA-1", day=date(2008, 5, 1)))
    assert isinstance(refusal, UnitCancelled)
    assert "they ended on 2008-05-01" in str(refusal)


def test_aviation_allowances_are_for_aircraft_operators(eu: ComplianceRules) -> None:
    assert refusals(eu, request(2012, "EUAA", kind="aircraft")) == []
    assert refusals(eu, request(2012, "EUA-2", kind="aircraft")) == []
    (refusal,) = refusals(eu, request(2012, "EUAA"))
    assert isinstance(refusal, UnitNotForOperator)
    assert "installation operators in 2012; accepted: EUA-2" in str(refusal)


def test_only_units_of_the_scheme_are_surrendered(eu: ComplianceRules) -> None:
    (refusal,) = refusals(eu, request(2012, "EXA-1"))
    assert isinstance(refusal, UnitNotOfScheme)
    assert "EXA-1 is not a unit of this scheme" in str(refusal)


def test_units_may_be_banked_where_they_are_not_cancelled(eu: ComplianceRules) -> None:
    first, second = eu.period.clauses
    kept = replace(first, value=replace(first.value, cancelled_on=None))
    banked = replace(eu, period=Dated([kept, second]))
    assert refusals(banked, request(2008, "EUA-1")) == []
    assert cancel_period_units(date(2030, 1, 1), banked) == ()


def test_a_unit_may_be_accepted_that_belongs_to_no_period(eu: ComplianceRules) -> None:
    law = SurrenderLaw.of(2012, eu)
    accepted = replace(law.accepted.value, installation=("EUA-2", "CER"))
    wider = replace(law, accepted=replace(law.accepted, value=accepted))
    surrender(request(2012, "CER"), obliged=True, owed=10, law=wider)


def test_all_reasons_are_given_at_once(example: ComplianceRules) -> None:
    asked = request(2028, "EXA-1", count=200, day=date(2028, 6, 1))
    found = {type(each) for each in refusals(example, asked)}
    assert found == {
        SurrenderBeforeYearEnd,
        SurrenderExceedsObligation,
        UnitOfEarlierPeriod,
        UnitCancelled,
    }
    law = SurrenderLaw.of(2028, example)
    with pytest.raises(Refused):
        surrender(asked, obliged=True, owed=100, law=law)


def test_what_is_left_of_the_first_period_is_cancelled_four_months_into_the_second(
    eu: ComplianceRules,
) -> None:
    assert cancel_period_units(date(2008, 4, 30), eu) == ()
    (end,) = cancel_period_units(date(2008, 5, 1), eu)
    assert (end.units, end.on) == (("EUA-1",), date(2008, 5, 1))
    assert "Article" in end.reference


def lot(name: str, count: int, received: int, *, own: bool = False) -> Lot:
    return Lot(name=name, count=count, received=received, own=own)


LOTS = (
    lot("bought first", 10, 1),
    lot("own second", 10, 2, own=True),
    lot("own third", 10, 3, own=True),
)


def chosen(taken: Sequence[tuple[Lot, int]]) -> list[tuple[str, int]]:
    return [(each.name, count) for each, count in taken]


def test_own_units_go_first_and_of_them_the_oldest(eu: ComplianceRules) -> None:
    taken = choose(LOTS, 25, year=2006, rules=eu)
    assert chosen(taken) == [("own second", 10), ("own third", 10), ("bought first", 5)]


@pytest.mark.parametrize(
    ("order", "first"),
    [("first_in_first_out", "bought first"), ("last_in_first_out", "own third")],
)
def test_the_order_of_units_is_the_order_of_the_law(
    eu: ComplianceRules,
    order: Literal["first_in_first_out", "last_in_first_out"],
    first: str,
) -> None:
    start = date(2005, 1, 1)
    rules = replace(
        eu,
        surrender_order=Dated([Clause(start=start, value=order, reference="s. 1")]),
        own_units_first=Dated([Clause(start=start, value=False, reference="s. 1")]),
    )
    assert chosen(choose(LOTS, 1, year=2006, rules=rules)) == [(first, 1)]


def test_units_that_are_named_go_in_the_order_named(eu: ComplianceRules) -> None:
    named = ["own third", "bought first"]
    taken = choose(LOTS, 15, year=2006, rules=eu, named=named)
    assert chosen(taken) == [("own third", 10), ("bought first", 5)]


def test_only_what_is_held_is_surrendered(eu: ComplianceRules) -> None:
    with pytest.raises(Refused) as refused:
        choose(LOTS, 31, year=2006, rules=eu)
    (refusal,) = refused.value.refusals
    assert isinstance(refusal, UnitsNotHeld)
    assert str(refusal) == "31 units were asked for but only 30 can be taken."


def test_a_lot_that_is_named_is_held_and_named_once(eu: ComplianceRules) -> None:
    with pytest.raises(Refused) as refused:
        choose(LOTS, 5, year=2006, rules=eu, named=["own third", "own third", "sold"])
    assert [type(each) for each in refused.value.refusals] == [LotNotHeld] * 2
    assert "does not hold sold" in str(refused.value)


@settings(max_examples=50)
@given(st.lists(st.integers(1, 50), max_size=10), st.data())
def test_what_is_chosen_is_what_was_asked(
    eu: ComplianceRules, sizes: list[int], data: st.DataObject
) -> None:
    lots = [lot(str(place), size, place) for place, size in enumerate(sizes)]
    count = data.draw(st.integers(0, sum(sizes)))
    taken = choose(lots, count, year=2006, rules=eu)
    assert sum(part for _, part in taken) == count
    assert all(0 < part <= each.count for each, part in taken)


def test_every_reason_against_a_surrender_is_in_the_table_of_checks() -> None:
    kinds = (
        SurrenderOfNothing, SurrenderWithoutObligation, SurrenderBeforeYearEnd,
        SurrenderExceedsObligation, UnitNotOfScheme, UnitNotForOperator, UnitOfLaterPeriod,
        UnitOfEarlierPeriod, UnitCancelled,
    )  # fmt: skip
    assert [number for number, _ in SURRENDER_CHECKS] == [kind.number for kind in kinds]


@settings(max_examples=100)
@given(
    year=st.integers(2005, 2012),
    unit=st.sampled_from(["EUA-1", "EUA-2", "EUAA", "ERU"]),
    count=st.integers(-1, 200),
    days=st.integers(-400, 3_000),
    obliged=st.booleans(),
)
def test_whatever_speaks_against_a_surrender_is_checked_by_its_number(
    eu: ComplianceRules, year: int, unit: str, count: int, days: int, *, obliged: bool
) -> None:
    day = date(year, 12, 31) + timedelta(days=days)
    asked = request(year, unit, count=count, day=day)
    numbers = {number for number, _ in SURRENDER_CHECKS}
    assert {each.number for each in refusals(eu, asked, obliged=obliged)} <= numbers
