"""Sentences about the emissions of source streams, worked by hand from the guidelines."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changed import replace
from tonne.mrv import (
    Emissions,
    MonitoringPlan,
    MrvRules,
    SourceStream,
    StreamData,
    Tier,
    emissions,
    mass_balance,
)
from tonne.quantity import Gas, Tonnes
from tonne.refusal import Refused
from tonne.rulebook import Clause, Dated

COAL = SourceStream(
    stream="coal",
    name="Hard coal, boiler 1",
    approach="combustion",
    gas=Gas("CO2"),
    size="major",
    tiers=(
        Tier(parameter="activity", tier="3"),
        Tier(parameter="ef", tier="2a"),
        Tier(parameter="of", tier="1"),
    ),
)
COAL_BURNT = StreamData(
    stream="coal",
    activity=Decimal(10_000),
    activity_unit="t",
    ncv=Decimal(25),
    ef=Decimal(94),
    ef_unit="t/TJ",
    of=Decimal("0.99"),
    tiers=COAL.tiers,
    uncertainty=Decimal("2.5"),
)
LIMESTONE = SourceStream(
    stream="limestone", name="Kiln", approach="process", gas=Gas("CO2"), size="de_minimis"
)
LIMESTONE_USED = StreamData(
    stream="limestone",
    activity=Decimal(1000),
    activity_unit="t",
    ef=Decimal("0.44"),
    ef_unit="t/t",
    cf=Decimal("0.98"),
)
COKE = SourceStream(
    stream="coke", name="Coke", approach="mass_balance", gas=Gas("CO2"), size="de_minimis"
)
COKE_IN = StreamData(
    stream="coke", activity=Decimal(1000), activity_unit="t", carbon_content=Decimal("0.88")
)
IRON = replace(COKE, stream="iron", name="Pig iron", leaves=True)
IRON_OUT = StreamData(
    stream="iron", activity=Decimal(500), activity_unit="t", carbon_content=Decimal("0.04")
)
STACK = SourceStream(
    stream="stack", name="Nitric acid", approach="measurement", gas=Gas("N2O"), size="de_minimis"
)
STACK_MEASURED = StreamData(
    stream="stack", hours=Decimal(8000), flow=Decimal(100), concentration=Decimal("0.5")
)


def plan(*streams: SourceStream) -> MonitoringPlan:
    return MonitoringPlan(operator="STEELWORKS", streams=streams)


def coal(rules: MrvRules, year: int = 2006, **changes: object) -> Emissions:
    return emissions(plan(COAL), [replace(COAL_BURNT, **changes)], rules=rules, year=year)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [each.code for each in refused.value.refusals]


def test_coal_is_activity_times_calorific_value_times_factor_times_oxidation(eu: MrvRules) -> None:
    # 10,000 t x 25 GJ/t = 250,000 GJ = 250 TJ; x 94 t/TJ = 23,500 t; x 0.99 = 23,265 t.
    found = coal(eu)
    assert found.total == Tonnes(Decimal(23_265))
    assert found.guidelines == "Decision 2004/156/EC"


def test_a_factor_per_tonne_needs_no_calorific_value(eu: MrvRules) -> None:
    # 100 t x 3.1 t/t x 0.99 = 306.9 t.
    changes: dict[str, Any] = {"ncv": None, "ef": Decimal("3.1"), "ef_unit": "t/t"}
    assert coal(eu, activity=Decimal(100), **changes).total == Tonnes(Decimal("306.9"))


def test_energy_metered_in_terajoules_needs_no_calorific_value(eu: MrvRules) -> None:
    # 250 TJ x 94 t/TJ x 0.99 = 23,265 t.
    found = coal(eu, activity=Decimal(250), activity_unit="TJ", ncv=None)
    assert found.total == Tonnes(Decimal(23_265))


def test_a_process_is_activity_times_factor_times_conversion(eu: MrvRules) -> None:
    # 1,000 t x 0.44 x 0.98 = 431.2 t.
    found = emissions(plan(LIMESTONE), [LIMESTONE_USED], rules=eu, year=2006)
    assert found.total == Tonnes(Decimal("431.2"))


def test_a_mass_balance_is_carbon_in_less_carbon_out_as_co2(eu: MrvRules) -> None:
    # In 1,000 t x 0.88 = 880 t C; out 500 t x 0.04 = 20 t C; 860 t C x 3.664 = 3,151.04 t.
    found = emissions(plan(COKE, IRON), [COKE_IN, IRON_OUT], rules=eu, year=2008)
    assert found.total == Tonnes(Decimal("3151.04"))


def test_measured_nitrous_oxide_counts_by_its_potential(eu: MrvRules) -> None:
    # 8,000 h x 100,000 Nm3/h x 0.5 g/Nm3 = 400 t N2O; x 310 (Second Assessment) = 124,000 t.
    found = emissions(plan(STACK), [STACK_MEASURED], rules=eu, year=2008)
    assert found.total == Tonnes(Decimal(124_000))


def test_biomass_is_reported_but_not_counted(eu: MrvRules) -> None:
    # 20 % of 23,265 t is 4,653 t; 18,612 t count.
    found = coal(eu, biomass_fraction=Decimal("0.2"))
    assert (found.total, found.biomass) == (Tonnes(Decimal(18_612)), Tonnes(Decimal(4_653)))
    assert found.streams[0].fossil == Decimal(18_612)


def test_biomass_counts_where_the_law_does_not_rate_it_zero(eu: MrvRules) -> None:
    counted = replace(
        eu,
        biomass_zero_rated=Dated([Clause(start=date(2005, 1, 1), value=False, reference="s. 1")]),
    )
    found = coal(counted, biomass_fraction=Decimal("0.2"))
    assert (found.total, found.biomass) == (Tonnes(Decimal(23_265)), Tonnes(Decimal(4_653)))


def test_only_carbon_dioxide_is_rated_zero(eu: MrvRules) -> None:
    data = replace(STACK_MEASURED, biomass_fraction=Decimal("0.5"))
    found = emissions(plan(STACK), [data], rules=eu, year=2008)
    assert found.total == Tonnes(Decimal(124_000))


def test_each_stream_is_rounded_before_it_is_added(example: MrvRules) -> None:
    # The Example Act rounds to three digits: 0.0005 becomes 0.001, twice is 0.002, not 0.001.
    small = replace(LIMESTONE_USED, activity=Decimal("0.0005"), ef=Decimal(1), cf=Decimal(1))
    second = replace(LIMESTONE, stream="dolomite")
    data = [small, replace(small, stream="dolomite")]
    found = emissions(plan(LIMESTONE, second), data, rules=example, year=2025)
    assert found.total == Tonnes(Decimal("0.002"))


def test_products_are_kept_exact_however_many_digits() -> None:
    factors = (Decimal("123456789012345.678901234567"), Decimal("0.123456789012345678"))
    found = mass_balance(
        factors[0], carbon_content=factors[1], carbon_to_co2=Decimal("3.664"), leaves=True
    )
    thousandths = 123456789012345678901234567 * 123456789012345678 * 3664
    assert int("".join(map(str, found.as_tuple().digits))) == thousandths
    assert found < 0


def test_a_gas_outside_the_basket_is_refused_with_the_law(eu: MrvRules) -> None:
    with pytest.raises(Refused, match="N2O") as refused:
        emissions(plan(STACK), [STACK_MEASURED], rules=eu, year=2007)
    assert [each.reference for each in refused.value.refusals] == ["Directive 2003/87/EC, Annex I"]


def test_every_fault_of_a_report_is_told_at_once(eu: MrvRules) -> None:
    data = [
        replace(COAL_BURNT, ef=None, of=Decimal("99.5"), tiers=()),
        replace(LIMESTONE_USED, stream="gas oil"),
    ]
    with pytest.raises(Refused) as refused:
        emissions(plan(COAL, LIMESTONE), data, rules=eu, year=2006)
    assert codes(refused) == [
        "StreamNotReported", "StreamNotInPlan", "ParameterMissing", "ParameterOutOfRange",
        "TierDeviates", "TierDeviates", "TierDeviates",
    ]  # fmt: skip


def test_a_stream_is_planned_once(eu: MrvRules) -> None:
    with pytest.raises(Refused, match="coal is in the plan more than once"):
        emissions(plan(COAL, COAL), [COAL_BURNT], rules=eu, year=2006)


def test_a_stream_is_reported_once(eu: MrvRules) -> None:
    with pytest.raises(Refused, match="coal is in the report more than once"):
        emissions(plan(COAL), [COAL_BURNT, COAL_BURNT], rules=eu, year=2006)


def test_a_major_stream_has_a_tier_for_every_parameter(eu: MrvRules) -> None:
    bare = replace(COAL, tiers=COAL.tiers[:2])
    with pytest.raises(Refused, match="no tier for of of stream coal"):
        emissions(plan(bare), [COAL_BURNT], rules=eu, year=2006)


def test_a_planned_stream_is_reported(eu: MrvRules) -> None:
    with pytest.raises(Refused, match="coal is in the monitoring plan but is not reported"):
        emissions(plan(COAL), [], rules=eu, year=2006)


def test_only_planned_streams_are_reported(eu: MrvRules) -> None:
    with pytest.raises(Refused, match="limestone is reported but is not in the monitoring plan"):
        emissions(plan(COAL), [COAL_BURNT, LIMESTONE_USED], rules=eu, year=2006)


@pytest.mark.parametrize(
    ("stream", "data", "parameter"),
    [
        (COAL, replace(COAL_BURNT, ncv=None), "ncv"),
        (COAL, replace(COAL_BURNT, of=None), "of"),
        (LIMESTONE, replace(LIMESTONE_USED, cf=None), "cf"),
        (COKE, replace(COKE_IN, carbon_content=None), "carbon_content"),
        (STACK, replace(STACK_MEASURED, flow=None), "flow"),
    ],
)
def test_an_approach_needs_all_its_parameters(
    eu: MrvRules, stream: SourceStream, data: StreamData, parameter: str
) -> None:
    with pytest.raises(Refused, match=f"has no {parameter}; {stream.approach} needs it"):
        emissions(plan(stream), [data], rules=eu, year=2008)


def test_nothing_is_burnt_less_than_nothing(eu: MrvRules) -> None:
    with pytest.raises(Refused, match="activity is -1; it must be 0 or more"):
        coal(eu, activity=Decimal(-1))


def test_a_fraction_is_not_a_percentage(eu: MrvRules) -> None:
    with pytest.raises(Refused, match=r"of is 99\.5; it must be from 0 to 1"):
        coal(eu, of=Decimal("99.5"))


@pytest.mark.parametrize(
    ("activity_unit", "ef_unit"),
    [("kg", "t/TJ"), ("t", "t/1000 Nm3"), ("", "t/TJ"), ("TJ", "t/t"), ("t", "")],
)
def test_units_cancel_to_tonnes(eu: MrvRules, activity_unit: str, ef_unit: str) -> None:
    with pytest.raises(Refused, match="gives no tonnes"):
        coal(eu, activity_unit=activity_unit, ef_unit=ef_unit)


def test_another_tier_than_the_plans_needs_a_reason(eu: MrvRules) -> None:
    tiers = (Tier(parameter="activity", tier="1"), *COAL.tiers[1:])
    with pytest.raises(Refused, match="by tier 1, the plan requires 3, and no reason is given"):
        coal(eu, tiers=tiers)
    assert coal(eu, tiers=tiers, tier_reason="Belt weigher failed in May").total > Tonnes.zero


def test_a_tier_is_one_that_the_law_knows(eu: MrvRules) -> None:
    tiers = (Tier(parameter="activity", tier="5"), *COAL.tiers[1:])
    with pytest.raises(Refused, match="'5' is no tier for activity; the law has tiers 1 to 4"):
        coal(eu, tiers=tiers, tier_reason="better")


def test_data_less_sure_than_their_tier_are_refused(eu: MrvRules) -> None:
    # Tier 3 of fuels: 2.5 %.
    with pytest.raises(Refused, match=r"an uncertainty of 2\.6 % is above the 2\.5 % of tier 3"):
        coal(eu, uncertainty=Decimal("2.6"))


def test_no_more_carbon_leaves_than_enters(eu: MrvRules) -> None:
    data = [COKE_IN, replace(IRON_OUT, activity=Decimal(100_000))]
    with pytest.raises(Refused, match="for STEELWORKS in 2006 is less than nothing"):
        emissions(plan(COKE, IRON), data, rules=eu, year=2006)


def test_the_uncertainty_of_the_total_is_the_root_of_the_summed_squares(eu: MrvRules) -> None:
    # 100 t at 3 % and 100 t at 4 %: the root of 300^2 + 400^2 is 500; 500 / 200 = 2.5 %.
    one = replace(LIMESTONE_USED, activity=Decimal(100), ef=Decimal(1), cf=Decimal(1))
    data = [
        replace(one, uncertainty=Decimal(3)),
        replace(one, stream="dolomite", uncertainty=Decimal(4)),
    ]
    both = plan(LIMESTONE, replace(LIMESTONE, stream="dolomite"))
    assert emissions(both, data, rules=eu, year=2006).uncertainty() == Decimal("2.5")
    silent = [data[0], replace(data[1], uncertainty=None)]
    assert emissions(both, silent, rules=eu, year=2006).uncertainty() is None


amounts = st.decimals(min_value=0, max_value=10**6, places=3)


@given(activity=amounts, biomass=st.decimals(min_value=0, max_value=1, places=4))
def test_fossil_and_biomass_make_the_whole_but_for_rounding(
    eu: MrvRules, activity: Decimal, biomass: Decimal
) -> None:
    part = coal(eu, activity=activity, biomass_fraction=biomass).streams[0]
    whole = coal(eu, activity=activity).streams[0]
    assert abs(part.fossil + part.biomass - whole.counted) <= Decimal("0.00001")
    assert part.counted == part.fossil


@given(activities=st.lists(amounts, min_size=1, max_size=5))
def test_the_order_of_streams_does_not_matter(eu: MrvRules, activities: list[Decimal]) -> None:
    streams = [replace(LIMESTONE, stream=str(n)) for n in range(len(activities))]
    data = [
        replace(LIMESTONE_USED, stream=str(n), activity=each) for n, each in enumerate(activities)
    ]
    there = emissions(plan(*streams), data, rules=eu, year=2006)
    back = emissions(plan(*reversed(streams)), data[::-1], rules=eu, year=2006)
    assert there.total == back.total
