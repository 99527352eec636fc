"""Sentences about the methods by which free units are shared out."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changed import replace
from tonne.quantity import Tonnes
from tonne.refusal import Refused
from tonne.rulebook import Clause
from tonne.supply import (
    Activity,
    ActivityNegative,
    AllocationRule,
    BaselineNegative,
    Benchmark,
    Entry,
    NothingToShareBy,
    NotNewEntrant,
    ReserveExhausted,
    after_closure,
    baseline,
    benchmark,
    grandfather,
    new_entrants,
    preliminary,
)

ACT = "Example Act, s. 11"
LAW = AllocationRule(
    method="benchmarking",
    rounding="floor",
    free_share_min=Decimal("0.8"),
    free_share_max=Decimal(1),
    new_entrant_reserve=0,
    closure="stops_next_year",
    correction_factor=Decimal("0.9427"),
)
CLAUSE = Clause(start=date(2013, 1, 1), value=LAW, reference=ACT)


def test_units_are_shared_by_past_emissions() -> None:
    # 1,000 over 10 : 20 : 40 is 142.857, 285.714 and 571.429; two units are left after the whole
    # parts, and go to the largest fractions: the first and the second.
    past = {"A": Tonnes(Decimal(10)), "B": Tonnes(Decimal(20)), "C": Tonnes(Decimal(40))}
    assert grandfather(past, total=1_000, reference=ACT) == {"A": 143, "B": 286, "C": 571}


@settings(max_examples=100)
@given(
    st.lists(st.decimals(0, 10**9, places=3), min_size=1, max_size=30).filter(any),
    st.integers(0, 10**10),
)
def test_the_shares_are_the_whole_to_the_last_unit(past: list[Decimal], total: int) -> None:
    baselines = {str(place): Tonnes(each) for place, each in enumerate(past)}
    shares = grandfather(baselines, total=total, reference=ACT)
    assert sum(shares.values()) == total
    assert all(
        abs(shares[name] * sum(past) - total * each.value) < sum(past)
        for name, each in baselines.items()
    ), "nobody is a unit away from the exact share"


def test_past_emissions_are_not_less_than_nothing() -> None:
    with pytest.raises(Refused) as refused:
        grandfather({"A": Tonnes(Decimal(-1)), "B": Tonnes(Decimal(2))}, total=1, reference=ACT)
    (refusal,) = refused.value.refusals
    assert isinstance(refusal, BaselineNegative)
    assert str(refusal) == "The baseline of operator A is -1 t."


def test_there_is_something_to_share_by() -> None:
    with pytest.raises(Refused) as refused:
        grandfather({"A": Tonnes.zero}, total=1_000, reference=ACT)
    (refusal,) = refused.value.refusals
    assert isinstance(refusal, NothingToShareBy)
    assert "1,000 units" in str(refusal)


def activity() -> Activity:
    return Activity(
        operator="kiln",
        year=2013,
        level=Decimal(1_000_000),
        benchmark=Decimal("0.766"),
        leakage_factor=Decimal("0.80"),
    )


def test_output_times_benchmark_times_factors_is_rounded_once() -> None:
    # 1,000,000 x 0.766 x 0.80 x 0.9427 = 577,686.56
    (allocation,) = benchmark([activity()], law=CLAUSE)
    assert (allocation.operator, allocation.year, allocation.count) == ("kiln", 2013, 577_686)


def test_output_is_not_less_than_nothing() -> None:
    less = Decimal(-1)
    wrong = [replace(activity(), level=less), replace(activity(), benchmark=less)]
    with pytest.raises(Refused) as refused:
        benchmark(wrong, law=CLAUSE)
    assert [type(each) for each in refused.value.refusals] == [ActivityNegative] * 2
    assert "less than nothing for 2013" in str(refused.value)


def test_benchmarking_without_a_correction_factor_is_no_law() -> None:
    with pytest.raises(ValueError, match="correction factor"):
        replace(LAW, correction_factor=None)
    with pytest.raises(ValueError, match="shares are between 0 and 1"):
        replace(LAW, free_share_min=Decimal("1.1"))
    with pytest.raises(ValueError, match="reserve"):
        replace(LAW, new_entrant_reserve=-1)


def test_what_an_operator_makes_is_added_up_and_rounded_once() -> None:
    # 3 x 0.5 = 1.5 and 19 x 0.5 = 9.5; in all 11 x 0.9427 = 10.3697, rounded down 10. Each by
    # itself would be 1.414 and 8.956, rounded down 1 + 8 = 9.
    half, whole = Decimal("0.5"), Decimal(1)
    lime = replace(activity(), level=Decimal(3), benchmark=half, leakage_factor=whole)
    chalk = replace(lime, level=Decimal(19))
    (allocation,) = benchmark([lime, chalk], law=CLAUSE)
    assert (allocation.operator, allocation.count) == ("kiln", 10)
    assert preliminary([lime, chalk]) == {("kiln", 2013): 11}
    next_year = replace(lime, year=2014)
    assert len(benchmark([lime, next_year], law=CLAUSE)) == 2


def tonnes(*past: int) -> list[Tonnes]:
    return [Tonnes(Decimal(each)) for each in past]


def test_past_years_come_to_their_mean_or_to_the_highest_as_the_law_says() -> None:
    assert baseline(tonnes(10, 20, 20), replace(LAW, baseline="mean")) == Fraction(50, 3)
    assert baseline(tonnes(10, 20, 15), replace(LAW, baseline="highest")) == 20
    assert baseline(tonnes(7), LAW) == 7


def test_baselines_that_no_decimal_can_tell_are_shared_by_exactly() -> None:
    # A third and two thirds of 100 are 33.333 and 66.667: the unit left goes to the second.
    thirds = {"A": Fraction(1, 3), "B": Fraction(2, 3)}
    assert grandfather(thirds, total=100, reference=ACT) == {"A": 33, "B": 67}


def test_a_product_has_one_benchmark_not_less_than_nothing() -> None:
    glass = Benchmark(product="glass", unit="t", value=Decimal("0.453"))
    assert replace(LAW, benchmarks=(glass, replace(glass, product="lime"))).benchmarks
    with pytest.raises(ValueError, match="one benchmark"):
        replace(LAW, benchmarks=(glass, glass))
    with pytest.raises(ValueError, match="less than nothing"):
        replace(glass, value=Decimal(-1))


def entry(operator: str, asked: int, day: int) -> Entry:
    return Entry(operator=operator, asked=asked, received=date(2026, 3, day))


def test_who_comes_first_is_served_first() -> None:
    late, early = entry("late", 600, 9), entry("early", 500, 2)
    grants = new_entrants([late, early], left=1_000, allocated=set(), reference=ACT)
    assert [(grant.operator, grant.count) for grant in grants] == [("early", 500), ("late", 0)]


def test_an_exhausted_reserve_gives_nothing() -> None:
    (grant,) = new_entrants([entry("late", 600, 9)], left=500, allocated=set(), reference=ACT)
    (refusal,) = grant.refusals
    assert isinstance(refusal, ReserveExhausted)
    assert str(refusal) == "Operator late asks for 600 units; 500 are left in the reserve."


def test_the_reserve_is_for_new_entrants() -> None:
    twice = [entry("new", 10, 1), entry("new", 10, 2), entry("old", 10, 3)]
    grants = new_entrants(twice, left=500, allocated={"old"}, reference=ACT)
    assert [grant.count for grant in grants] == [10, 0, 0]
    (refusal,) = grants[2].refusals
    assert isinstance(refusal, NotNewEntrant)
    assert str(refusal) == "Operator old already has an allocation."


@settings(max_examples=50)
@given(st.lists(st.integers(1, 400), max_size=20), st.integers(0, 1_000))
def test_the_reserve_never_gives_more_than_is_in_it(asked: list[int], left: int) -> None:
    entries = [entry(str(place), count, 1) for place, count in enumerate(asked)]
    grants = new_entrants(entries, left=left, allocated=set(), reference=ACT)
    assert sum(grant.count for grant in grants) <= left


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        ("stops_next_year", [365, 365, 0]),
        ("pro_rata", [365, 181, 0]),  # 1 January to 30 June 2025 are 181 of 365 days
        ("keeps", [365, 365, 365]),
    ],
)
def test_what_is_still_given_after_closure_is_as_the_law_says(
    closure: Literal["stops_next_year", "pro_rata", "keeps"], expected: list[int]
) -> None:
    law = replace(LAW, closure=closure)
    given = [
        after_closure(365, year=year, closed_on=date(2025, 6, 30), law=law)
        for year in (2024, 2025, 2026)
    ]
    assert given == expected
