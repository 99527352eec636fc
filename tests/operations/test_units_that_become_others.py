"""Sentences about units of nations that become others or end: carried over, given another day."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from nations import AAU, ERU, World, amounts, kyoto, raised, refused
from tonne import compliance, operations
from tonne.operations import (
    Answer,
    Conversion,
    Receipt,
)

AFTER = "2015-11-19"
"""The day after the additional period."""


def test_assigned_amount_goes_into_the_surplus_reserve(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 10)
    kyoto_world.do(operations.carry_over, kyoto_world.order(AAU, 7), on=AFTER)
    assert kyoto_world.held("PL") == {AAU: 3}
    assert kyoto_world.held("PL", "surplus_reserve") == {"AAU-2 PL:1": 7}


def test_no_more_is_carried_over_than_the_share(kyoto_world: World) -> None:
    kyoto_world.scheme = amounts(PL=1000)
    kyoto_world.issue(AAU, 1000)
    kyoto_world.convert(100)

    def carry(count: int) -> Receipt:
        return kyoto_world.do(operations.carry_over, kyoto_world.order(ERU, count), on=AFTER)

    # 2.5 % of 1,000 is 25.
    carry(20)
    assert refused(lambda: carry(6)) == [6131]
    carry(5)


def test_removal_units_are_not_carried_over(kyoto_world: World) -> None:
    kyoto_world.remove("PL", 3, 10)
    kyoto_world.issue("RMU-1 PL/3", 10)
    order = kyoto_world.order("RMU-1 PL/3", 1)
    assert refused(lambda: kyoto_world.do(operations.carry_over, order, on=AFTER)) == [6130]


def test_nothing_is_carried_over_before_the_additional_period_is_over(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 10)
    order = kyoto_world.order(AAU, 7)
    act = partial(kyoto_world.do, operations.carry_over, order, on="2015-11-18")
    assert refused(act) == [6132]


def test_the_registry_and_the_law_of_nations_end_a_period_on_one_day() -> None:
    law = kyoto().nations
    for clause in law.period.clauses:
        ends = compliance.additional_period_end(law, on=clause.start)
        for periods in kyoto().registry.periods.clauses:
            (same,) = (each for each in periods.value if each.number == clause.value.number)
            assert same.last_day == ends
            assert (same.first_year, same.last_year) == (
                clause.value.first.year,
                clause.value.last.year,
            )


def test_long_term_credits_get_another_last_day_also_where_they_are_retired_or_replace_others(
    kyoto_world: World,
) -> None:
    unit = kyoto_world.credit(100, unit="lCER-1/2031-05-01").unit
    pending, vienna = kyoto_world.own["CDM"]["pending"], kyoto_world.own["AT"]["party"]
    kyoto_world.do(operations.forward, [kyoto_world.move(pending, vienna, unit, 50)])
    for verb, kind in (
        ("retire", "retired"),
        ("replace_lcer_reversal", "replaced_lcer_reversal"),
        ("replace_lcer_report", "replaced_lcer_report"),
    ):
        assert isinstance(kyoto_world.end(verb, vienna, unit, 5), Receipt)
        order = Conversion(key=kind, account=kyoto_world.own["AT"][kind], unit=unit, count=5)
        kyoto_world.do(operations.change_expiry, order, expiry=date(2041, 5, 1))
        assert kyoto_world.held("AT", kind) == {"lCER-1 BR-7/2041-05-01": 5}


def test_units_of_a_nation_move_in_the_life_of_their_period_and_credits_after_it(
    kyoto_world: World,
) -> None:
    kyoto_world.issue(AAU, 10)
    credit = kyoto_world.credit(100).unit
    pending, warsaw = kyoto_world.own["CDM"]["pending"], kyoto_world.own["PL"]["party"]
    kyoto_world.do(operations.forward, [kyoto_world.move(pending, warsaw, credit, 50)])

    def move(operation: Callable[..., list[Answer]], target: str, unit: str, **more: str) -> Answer:
        orders = [kyoto_world.move(warsaw, target, unit, 1)]
        return kyoto_world.do(operation, orders, on=AFTER, **more)[0]

    vienna = kyoto_world.own["AT"]["party"]
    replace_tcer = partial(move, operations.cancel, "", verb="replace_tcer")
    for answer in (move(operations.transfer, vienna, AAU), replace_tcer(AAU)):
        assert refused(partial(raised, answer)) == [3102]
    for answer in (move(operations.transfer, vienna, credit), replace_tcer(credit)):
        assert isinstance(answer, Receipt)


@pytest.mark.parametrize("verb", ["convert", "carry_over"])
def test_what_became_another_unit_is_not_reversed(kyoto_world: World, verb: str) -> None:
    kyoto_world.issue(AAU, 10)
    order = kyoto_world.order(AAU, 5)
    done = (
        kyoto_world.convert(5)
        if verb == "convert"
        else kyoto_world.do(operations.carry_over, order, on=AFTER)
    )
    again = partial(kyoto_world.do, operations.reverse, done.number, key="undo")
    assert 3104 in refused(again)
    assert sum(kyoto_world.held("PL").values()) == (10 if verb == "convert" else 5)
