"""Sentences about the end of a period of nations: judged, carried over, judged together."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonne.compliance import (
    CarriedOverTooSoon,
    CarryOverExceedsLimit,
    ForestCapNotSet,
    ForestryLimitExceeded,
    Inventory,
    InventoryMissing,
    Member,
    NationPosition,
    NationRules,
    PeriodEndPlan,
    RetiredOutOfTime,
    Retirement,
    UnitNeverCarriedOver,
    UnitNotOfPeriod,
    best_plan,
    carried_over,
    carry_over_refusals,
    forest_units,
    judge,
    judge_bubble,
    plan_in_order,
    removal_units,
    retirement_refusals,
    supplement,
)
from tonne.quantity import Tonnes
from tonne.refusal import Refused

ON = date(2012, 12, 31)
DAY = date(2015, 11, 1)
KINDS = ("AAU-1", "CER-1", "ERU-AAU-1", "RMU-1", "ERU-RMU-1", "tCER-1", "lCER-1")
AMOUNT = 1_000
"""So 25 units of a limited kind go over."""

holdings = st.fixed_dictionaries({kind: st.integers(0, 60) for kind in KINDS})


def position(
    *retired: Retirement, year_tonnes: str = "100.5", base_tonnes: int | None = None
) -> NationPosition:
    return NationPosition(
        party="XX",
        inventories=tuple(
            Inventory(year=year, tonnes=Tonnes(Decimal(year_tonnes))) for year in range(2008, 2013)
        ),
        retired=retired,
        base_tonnes=base_tonnes,
    )


def retirement(kind: str, count: int, day: date = DAY) -> Retirement:
    return Retirement(kind=kind, count=count, day=day)


def test_five_years_are_added_up_before_they_are_rounded(kyoto: NationRules) -> None:
    found = judge(position(retirement("AAU-1", 502)), kyoto, on=ON)
    # 5 x 100.5 = 502.5, rounded half up
    assert (found.emissions, found.counted, found.shortfall.excess) == (503, 502, 1)
    # 1 x 1.3, rounded up
    assert found.shortfall.deduction == 2


def test_a_period_with_a_year_missing_or_told_twice_is_not_judged(kyoto: NationRules) -> None:
    whole = position()
    years = (*whole.inventories[1:], whole.inventories[1])
    with pytest.raises(Refused) as refused:
        judge(NationPosition(party="XX", inventories=years, retired=()), kyoto, on=ON)
    (refusal,) = refused.value.refusals
    assert isinstance(refusal, InventoryMissing)
    assert str(refusal) == "XX has not exactly one inventory for 2008, 2009."


def test_units_of_forestry_projects_count_up_to_their_limit(kyoto: NationRules) -> None:
    # 1 % of 200 x 5 = 10
    offered = (retirement("tCER-1", 8), retirement("lCER-1", 8), retirement("AAU-1", 100))
    assert judge(position(*offered, base_tonnes=200), kyoto, on=ON).counted == 110
    assert judge(position(*offered), kyoto, on=ON).counted == 100


def test_without_a_next_period_nothing_is_deducted_and_selling_is_suspended(
    kyoto: NationRules,
) -> None:
    found = judge(position(), kyoto, on=ON, successor=False).shortfall
    assert (found.deduction, found.transfer, found.acquire) == (None, False, True)
    met = judge(position(retirement("AAU-1", 600)), kyoto, on=ON, successor=False).shortfall
    assert (met.deduction, met.transfer, met.in_compliance) == (0, True, True)


def test_a_retirement_is_refused_with_every_reason(kyoto: NationRules) -> None:
    found = list(
        retirement_refusals(
            retirement("EUA-1", 5, date(2015, 11, 19)),
            used=0,
            base_tonnes=None,
            rules=kyoto,
            on=ON,
        )
    )
    assert [type(each) for each in found] == [RetiredOutOfTime, UnitNotOfPeriod]
    assert "its last day was 2015-11-18" in str(found[0])
    assert "EUA-1 is not valid for the period; valid are: AAU-1" in str(found[1])


def test_no_more_units_of_forestry_projects_are_retired_than_may_be_used(
    kyoto: NationRules,
) -> None:
    (refusal,) = retirement_refusals(
        retirement("lCER-1", 5), used=6, base_tonnes=200, rules=kyoto, on=ON
    )
    assert isinstance(refusal, ForestryLimitExceeded)
    assert str(refusal) == (
        "5 units of forestry projects were offered but only 4 more may be used."
    )


def test_the_share_of_projects_is_told_to_a_tenth_of_a_per_cent(kyoto: NationRules) -> None:
    found = supplement({"AAU-1": 2, "CER-1": 1}, kyoto, on=ON)
    assert (found.share, found.limit) == (Decimal("33.3"), "reported")
    assert supplement({"CER-1": 2, "AAU-1": 1}, kyoto, on=ON).share == Decimal("66.7")
    assert supplement({}, kyoto, on=ON).share == 0


def test_each_reason_against_a_carry_over_has_its_sentence(kyoto: NationRules) -> None:
    def told(unit: str, count: int, day: date = date(2015, 11, 19)) -> list[str]:
        found = carry_over_refusals(
            unit, count, before=20, amount=AMOUNT, day=day, rules=kyoto, on=ON
        )
        return [f"{type(each).__name__}: {each}" for each in found]

    assert told("CER-1", 5) == []
    assert told("CER-1", 6) == [
        f"{CarryOverExceedsLimit.__name__}: 6 of CER-1 were asked for but only 5 may go over."
    ]
    assert told("RMU-1", 1) == [f"{UnitNeverCarriedOver.__name__}: RMU-1 is not carried over."]
    (soon,) = told("AAU-1", 1, DAY)
    assert soon.startswith(f"{CarriedOverTooSoon.__name__}: On 2015-11-01 the additional period ")
    assert soon.endswith(" is not over; its last day is 2015-11-18.")
    assert told("AAU-2", 1)[0].startswith(UnitNotOfPeriod.__name__)


def test_the_limit_is_of_each_kind_for_itself(kyoto: NationRules) -> None:
    held = {"CER-1": 30, "ERU-AAU-1": 30, "AAU-1": 30, "RMU-1": 30}
    assert carried_over(held, AMOUNT, kyoto, on=ON) == {
        "CER-1": 25,
        "ERU-AAU-1": 25,
        "AAU-1": 30,
    }


def test_units_that_must_be_replaced_go_after_those_that_are_only_lost(
    kyoto: NationRules,
) -> None:
    held = {"RMU-1": 10, "tCER-1": 10, "AAU-1": 10, "CER-1": 30}
    found = best(kyoto, held, 14)
    # 10 of removals, then the 4 of 5 credits above the limit; no unit that expires
    assert found.retired == (("RMU-1", 10), ("CER-1", 4))
    assert found.to_replace == 0


def best(rules: NationRules, held: dict[str, int], emissions: int) -> PeriodEndPlan:
    return best_plan(held, emissions=emissions, amount=AMOUNT, forest_limit=50, rules=rules, on=ON)


@settings(max_examples=200)
@given(holdings, st.integers(0, 300), st.permutations(KINDS))
def test_no_other_order_carries_over_more(
    kyoto: NationRules, held: dict[str, int], emissions: int, order: list[str]
) -> None:
    ours = best(kyoto, held, emissions)
    other = plan_in_order(
        held, order, emissions=emissions, amount=AMOUNT, forest_limit=50, rules=kyoto, on=ON
    )
    assert ours.missing == other.missing
    assert ours.carried_count >= other.carried_count


@settings(max_examples=200)
@given(holdings, st.integers(0, 300))
def test_every_unit_is_retired_carried_over_or_lost_and_none_twice(
    kyoto: NationRules, held: dict[str, int], emissions: int
) -> None:
    found = best(kyoto, held, emissions)
    retired = sum(count for _, count in found.retired)
    assert retired + found.carried_count + sum(found.lost.values()) == sum(held.values())
    assert retired + found.missing == emissions
    assert not found.carried.keys() & {"RMU-1", "ERU-RMU-1", "tCER-1", "lCER-1"}
    assert all(found.carried.get(kind, 0) <= 25 for kind in ("CER-1", "ERU-AAU-1"))


def test_a_nation_without_a_cap_for_its_forests_is_refused(kyoto: NationRules) -> None:
    with pytest.raises(Refused, match="no cap for the managed forests of US") as refused:
        forest_units("US", cut_and_planted=Tonnes.zero, managed=Tonnes.zero, rules=kyoto, on=ON)
    assert [type(each) for each in refused.value.refusals] == [ForestCapNotSet]


members = st.lists(
    st.builds(
        Member,
        party=st.uuids().map(str),
        retired=st.integers(0, 1000),
        emissions=st.integers(0, 1000),
    ),
    min_size=1,
    max_size=15,
)


@settings(max_examples=100)
@given(members, st.integers(0, 100))
def test_a_bubble_that_is_met_has_no_member_that_is_short(
    kyoto: NationRules, states: list[Member], own: int
) -> None:
    found = judge_bubble(states, kyoto, on=ON, own=own)
    short = [party for party, each in found.members if not each.in_compliance]
    assert found.met == (sum(each.emissions for each in states) <= found.units)
    assert not (found.met and short)
    by_party = {each.party: each for each in states}
    if not found.met:
        # Each for itself: nobody's excess depends on another's.
        assert all(
            each.excess == max(0, by_party[party].emissions - by_party[party].retired)
            for party, each in found.members
        )


@settings(max_examples=100)
@given(st.integers(-(10**8), 10**8), st.integers(-(10**8), 10**8))
def test_managed_forests_never_count_for_more_than_cap_and_offset(
    kyoto: NationRules, land: int, managed: int
) -> None:
    found = forest_units(
        "AT",
        cut_and_planted=Tonnes(Decimal(land)),
        managed=Tonnes(Decimal(managed)),
        rules=kyoto,
        on=ON,
    )
    net = found.issued - found.cancelled - land
    assert abs(net - found.offset) <= found.cap == 11_550_000
    assert 0 <= found.offset <= max(0, -land)


_LAND_USES = st.fixed_dictionaries(
    {
        use: st.integers(-(10**8), 10**8).map(lambda count: Tonnes(Decimal(count)))
        for use in range(1, 5)
    }
)


@settings(max_examples=100)
@given(_LAND_USES)
def test_land_uses_bring_no_more_units_each_than_all_together(
    kyoto: NationRules, reviewed: dict[int, Tonnes]
) -> None:
    units = {use: removal_units("AT", use, reviewed, kyoto, on=ON) for use in reviewed}
    found = forest_units(
        "AT",
        cut_and_planted=reviewed[1] + reviewed[2],
        managed=reviewed[3],
        rules=kyoto,
        on=ON,
    )
    assert units[1] + units[2] + units[3] == found.issued
    assert all(0 <= count <= max(0, reviewed[use].whole()) for use, count in units.items())


def test_removals_of_managed_forests_that_make_good_a_debit_bring_units_too(
    kyoto: NationRules,
) -> None:
    reviewed = {1: Tonnes(Decimal(-10_000_000)), 3: Tonnes(Decimal(30_000_000))}
    # 10 of the 30 Mt make the debit good; of the rest 0.63 x 5 x 44 / 12 = 11.55 Mt count.
    assert removal_units("AT", 3, reviewed, kyoto, on=ON) == 21_550_000
    assert removal_units("AT", 1, reviewed, kyoto, on=ON) == 0
