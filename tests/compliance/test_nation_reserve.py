"""Sentences about selling between nations: eligibility, and the reserve that must stay."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tonne.compliance import (
    Eligibility,
    NationRules,
    NationTransfer,
    NotEligible,
    ReserveBroken,
    Shown,
    eligibility,
    reserve,
    reserve_cure,
    reserve_holdings,
    reserves,
    transfer_refusals,
)
from tonne.quantity import Tonnes
from tonne.refusal import Refusal

ON = date(2012, 12, 31)
AMOUNT = 5_928_257_665
LEVEL = 5_335_431_899
ALL = ("party", "assigned_amount", "national_system", "registry", "inventory", "supplementary")


def tonnes(value: int) -> Tonnes:
    return Tonnes(Decimal(value))


def shown(
    rules: NationRules, day: date = ON, *, suspended: bool = False, late: bool = False
) -> Eligibility:
    nation = Shown(
        party="JP",
        met=rules.eligibility.on(ON).value.trading[: 5 if late else 6],
        report=date(2006, 8, 31),
        suspended="transfer" if suspended else None,
    )
    return eligibility(nation, rules, on=ON, day=day)


def refusals(
    rules: NationRules, transfer: NationTransfer, *, holdings: int, able: Eligibility | None = None
) -> list[Refusal]:
    level = reserve(AMOUNT, tonnes(1_300_000_000), rules, on=ON)
    return list(
        transfer_refusals(
            transfer,
            holdings=holdings,
            level=level,
            shown=able or shown(rules),
            rules=rules,
            on=ON,
        )
    )


def test_a_transfer_below_the_reserve_is_refused(kyoto: NationRules) -> None:
    one = NationTransfer(party="JP", kind="AAU-1", count=1)
    assert refusals(kyoto, one, holdings=LEVEL + 1) == []
    (refusal,) = refusals(kyoto, one, holdings=LEVEL)
    assert isinstance(refusal, ReserveBroken)
    assert str(refusal) == (
        "1 units would leave JP, of which only 0 are above its reserve of 5,335,431,899."
    )
    assert refusal.reference.startswith("Decision 11/CMP.1")


def test_the_reserve_is_reckoned_anew_at_each_reviewed_inventory(kyoto: NationRules) -> None:
    reviewed = [(date(2011, 6, 1), tonnes(100)), (date(2010, 6, 1), tonnes(300))]
    found = reserves(1_000, reviewed, kyoto, on=ON)
    # 0.9 x 1,000 = 900; 5 x 300 = 1,500; 5 x 100 = 500
    assert [(day.year, level.level, level.arm) for day, level in found] == [
        (2010, 900, "amount"),
        (2011, 500, "inventory"),
    ]


def test_a_higher_inventory_can_leave_too_little_and_thirty_days_to_mend_it(
    kyoto: NationRules,
) -> None:
    before, after = reserves(
        1_000, [(date(2010, 1, 1), tonnes(100)), (date(2011, 1, 1), tonnes(120))], kyoto, on=ON
    )
    day = date(2011, 2, 1)
    assert reserve_cure(500, before[1], kyoto, notified=day, on=ON) is None
    found = reserve_cure(500, after[1], kyoto, notified=day, on=ON)
    assert found is not None
    assert (found.missing, found.by) == (100, date(2011, 3, 3))


def test_retired_units_count_and_units_of_another_period_do_not(kyoto: NationRules) -> None:
    held = {"AAU-1": 10, "AAU-2": 1_000, "CER-1": 5}
    assert reserve_holdings(held, {"AAU-1": 7, "RMU-1": 1}, kyoto, on=ON) == 23


def test_a_unit_of_another_period_is_no_matter_of_this_reserve(kyoto: NationRules) -> None:
    later = NationTransfer(party="JP", kind="AAU-2", count=5)
    assert refusals(kyoto, later, holdings=LEVEL) == []


def test_who_is_suspended_may_buy_and_not_sell(kyoto: NationRules) -> None:
    able = shown(kyoto, suspended=True)
    assert (able.transfer, able.acquire) == (False, True)
    (refusal,) = refusals(
        kyoto, NationTransfer(party="JP", kind="AAU-1", count=1), holdings=AMOUNT, able=able
    )
    assert isinstance(refusal, NotEligible)
    assert str(refusal) == (
        "JP is not eligible to transfer; it lacks: the right to transfer, which is suspended."
    )


def test_both_reasons_are_told_at_once(kyoto: NationRules) -> None:
    found = refusals(
        kyoto,
        NationTransfer(party="JP", kind="AAU-1", count=1),
        holdings=LEVEL,
        able=shown(kyoto, late=True),
    )
    assert [type(each) for each in found] == [NotEligible, ReserveBroken]


def test_units_that_others_verified_leave_for_the_first_time_whatever_the_reserve_says(
    kyoto: NationRules,
) -> None:
    first = NationTransfer(party="JP", kind="ERU-AAU-1", count=9, track="2", first=True)
    assert refusals(kyoto, first, holdings=0, able=shown(kyoto, late=True)) == []


def test_sixteen_months_end_on_the_same_day_of_the_month_or_on_its_last(
    kyoto: NationRules,
) -> None:
    # 31 August 2006 + 16 months = 31 December 2007; 31 October 2006 + 16 = 29 February 2008
    assert not shown(kyoto, date(2007, 12, 30)).transfer
    assert shown(kyoto, date(2007, 12, 31)).transfer
    nation = Shown(
        party="XX", met=kyoto.eligibility.on(ON).value.trading, report=date(2006, 10, 31)
    )
    assert not eligibility(nation, kyoto, on=ON, day=date(2008, 2, 28)).transfer
    assert eligibility(nation, kyoto, on=ON, day=date(2008, 2, 29)).transfer


@settings(max_examples=100)
@given(st.integers(0, 10**11), st.integers(0, 10**11))
def test_the_reserve_is_never_above_either_of_its_arms(
    kyoto: NationRules, amount: int, inventory: int
) -> None:
    found = reserve(amount, tonnes(inventory), kyoto, on=ON)
    # Rounded half up, so less than a unit above the exact arm.
    assert 10 * found.level <= min(9 * amount, 50 * inventory) + 5
    assert found.level <= amount
    assert 10 * found.level > min(9 * amount, 50 * inventory) - 10


@settings(max_examples=100)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_transfer_that_is_let_pass_leaves_the_reserve_whole(
    kyoto: NationRules, spare: int, inventory: int, count: int
) -> None:
    level = reserve(AMOUNT, tonnes(inventory), kyoto, on=ON)
    holdings = level.level + spare
    found = list(
        transfer_refusals(
            NationTransfer(party="JP", kind="AAU-1", count=count),
            holdings=holdings,
            level=level,
            shown=shown(kyoto),
            rules=kyoto,
            on=ON,
        )
    )
    assert bool(found) == (holdings - count < level.level)
