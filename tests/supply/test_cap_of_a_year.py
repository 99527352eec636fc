"""The cap of a year, and how much of it may be given free or auctioned."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonne.quantity import Rounding
from tonne.refusal import Refused
from tonne.rulebook import Clause, Dated, NotInForce
from tonne.supply import (
    AuctionExceedsShare,
    CapRule,
    SupplyRules,
    allocate_by,
    auction,
    auction_ceiling,
    cap,
    free_ceiling,
    step,
)


def rules_with(example: SupplyRules, **caps: CapRule) -> SupplyRules:
    """The law of the example with other caps, each from a year such as ``y2013``."""
    clauses = [
        Clause(start=date(int(year[1:]), 1, 1), value=rule, reference="Example Act, s. 10")
        for year, rule in caps.items()
    ]
    return SupplyRules(
        cap=Dated(clauses),
        allocation=example.allocation,
        allocation_deadline=example.allocation_deadline,
    )


def linear(amount: int | None, reference_amount: int, factor: str) -> CapRule:
    return CapRule(
        method="linear",
        rounding="half_up",
        amount=amount,
        reference_amount=reference_amount,
        factor=Decimal(factor),
    )


def test_the_first_two_years_are_without_bulgaria_and_romania(eu: SupplyRules) -> None:
    # 2,298.5 - 42.3 - 74.8 = 2,181.4 Mt
    assert cap(2005, eu).amount == cap(2006, eu).amount == 2_181_400_000
    assert cap(2007, eu).amount == 2_298_500_000


def test_the_cap_of_the_second_period_is_the_sum_of_the_national_plans(eu: SupplyRules) -> None:
    # The 27 plans in Mt, in the order of the table of member states.
    # fmt: off
    plans = [30.7, 58.5, 42.3, 5.48, 86.8, 24.5, 12.72, 37.6, 132.8, 453.1, 69.1, 26.9, 22.3, 195.8,
             3.43, 8.8, 2.5, 2.1, 85.8, 208.5, 34.8, 75.9, 32.6, 8.3, 152.3, 22.8, 246.2]
    # fmt: on
    assert len(plans) == 27
    total = sum(Decimal(str(plan)) for plan in plans) * 1_000_000
    assert {cap(year, eu).amount for year in range(2008, 2013)} == {int(total)}


def test_the_aviation_cap_of_2012_is_97_percent_rounded_down(eu: SupplyRules) -> None:
    # 0.97 x 219,476,343 = 212,892,052.71
    assert cap(2012, eu).of("aircraft") == 212_892_052
    assert cap(2011, eu).of("aircraft") == 0


def test_the_aviation_cap_of_later_years_is_95_percent_rounded_down(example: SupplyRules) -> None:
    rule = CapRule(
        method="table",
        rounding="half_up",
        amount=1,
        aviation_reference_amount=219_476_343,
        aviation_share=Decimal("0.95"),
        aviation_rounding="floor",
    )
    # 0.95 x 219,476,343 = 208,502,525.85
    assert cap(2013, rules_with(example, y2013=rule)).aviation_amount == 208_502_525


def test_the_third_period_falls_in_a_line_as_published(example: SupplyRules) -> None:
    # 1.74 % of 2,199,094,594 is 38,264,245.9, so 38,264,246 less each year.
    rules = rules_with(example, y2013=linear(2_084_301_856, 2_199_094_594, "0.0174"))
    caps = {year: cap(year, rules).amount for year in range(2013, 2021)}
    assert caps[2014] == 2_046_037_610
    assert caps[2015] == 2_007_773_364
    assert caps[2020] == 1_816_452_134
    assert sum(caps.values()) == 15_603_015_960


def test_the_factor_of_the_year_applies_and_what_was_taken_off_stays_off(
    example: SupplyRules,
) -> None:
    # 100,000 - 3,000 - 3,000 - 7,000 - 7,000
    amounts = [cap(year, example).amount for year in range(2025, 2030)]
    assert amounts == [100_000, 97_000, 94_000, 87_000, 80_000]


def test_a_line_goes_on_from_a_table(example: SupplyRules) -> None:
    table = CapRule(method="table", rounding="floor", amount=1_000)
    rules = rules_with(example, y2010=table, y2012=linear(None, 500, "0.1"))
    assert [cap(year, rules).amount for year in range(2010, 2014)] == [1_000, 1_000, 950, 900]


def test_chicago_steps_are_shares_of_the_baseline_and_do_not_compound(
    example: SupplyRules,
) -> None:
    rule = CapRule(
        method="stepwise",
        rounding="floor",
        reference_amount=10_000_000,
        steps=tuple(map(Decimal, ("0.99", "0.98", "0.97", "0.96", "0.9575", "0.955", "0.95"))),
    )
    rules = rules_with(example, y2003=rule)
    caps = [cap(year, rules).amount for year in range(2003, 2010)]
    assert caps == [9_900_000, 9_800_000, 9_700_000, 9_600_000, 9_575_000, 9_550_000, 9_500_000]
    with pytest.raises(NotInForce, match=r"nothing in force in 2010 for this rule, .* in 2009"):
        cap(2010, rules)


def test_a_member_steps_down_from_its_own_baseline() -> None:
    # Emissions of 9,850,000 t in 2006 against 96 %: short 250,000 t, or 2,500 contracts of 100 t.
    steps = [Decimal(f"0.{share}") for share in (99, 98, 97, 96)]
    assert (9_850_000 - step(10_000_000, steps, 3, Rounding.FLOOR)) // 100 == 2_500


def test_there_is_no_cap_before_the_law(eu: SupplyRules) -> None:
    with pytest.raises(
        NotInForce, match="on 2004-12-31 for the rule 'cap' of 'eu_ets', which begins"
    ):
        cap(2004, eu)


def test_a_cap_that_lacks_a_figure_of_its_method_is_no_law() -> None:
    with pytest.raises(ValueError, match="linear cap lacks a figure"):
        CapRule(method="linear", rounding="floor", amount=10, reference_amount=10)
    with pytest.raises(ValueError, match="a cap on aviation"):
        CapRule(method="table", rounding="floor", amount=10, aviation_share=Decimal("0.97"))


@settings(max_examples=50)
@given(st.decimals("0", "0.2", places=4), st.integers(0, 60))
def test_a_cap_in_a_line_never_rises_and_is_never_less_than_nothing(
    factor: Decimal, years: int
) -> None:
    rule = linear(1_000, 1_000, str(factor))
    rules = SupplyRules(
        cap=Dated([Clause(start=date(2000, 1, 1), value=rule, reference="s. 1")]),
        allocation=Dated([]),
        allocation_deadline=Dated([]),
    )
    assert 0 <= cap(2001 + years, rules).amount <= cap(2000 + years, rules).amount


def test_what_must_be_given_free_is_not_auctioned(example: SupplyRules, eu: SupplyRules) -> None:
    # At least 80 % free: 20,000 of 100,000 may be sold.
    assert auction_ceiling(2025, example) == 20_000
    assert auction_ceiling(2005, eu) == 109_070_000
    assert auction(2025, asked=5_000, auctioned=15_000, rules=example) == 5_000
    with pytest.raises(Refused) as refused:
        auction(2025, asked=5_001, auctioned=15_000, rules=example)
    assert [type(each) for each in refused.value.refusals] == [AuctionExceedsShare]
    assert "20,000 that may be" in str(refused.value)


def test_what_may_be_given_free_leaves_the_reserve_and_what_is_sold(
    example: SupplyRules, eu: SupplyRules
) -> None:
    # 90 % of 100,000 less the reserve of 5,000
    assert free_ceiling(2025, kind="installation", rules=example) == 85_000
    assert free_ceiling(2025, kind="aircraft", rules=example) == 0
    # 85 % of 212,892,052 is 180,958,244.2
    assert free_ceiling(2012, kind="aircraft", rules=eu) == 180_958_244


def test_allowances_are_given_by_the_end_of_february(eu: SupplyRules) -> None:
    assert allocate_by(2006, eu) == date(2006, 2, 28)
