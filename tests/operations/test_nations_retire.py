"""Sentences about retirement, as the law between nations asks for it in the books."""

import pytest

from changed import replace
from land import with_law
from nations import AAU, ERU, World, kyoto
from tonne import operations
from tonne.operations import Answer, Receipt
from tonne.rulebook import Dated
from world import Store

TCER = "tCER-1 BR-7/2020-12-31"


@pytest.fixture
def forests(store: Store) -> World:
    """Warsaw emitted 1,000 t in its base year and holds 98 temporary units."""
    rules = kyoto().nations
    (clause,) = rules.annex_b.clauses
    rows = tuple(
        replace(each, base_tonnes=1000) if each.party == "PL" else each for each in clause.value
    )
    table = Dated([replace(clause, value=rows)])
    scheme = with_law(kyoto(), "nations.toml", replace(rules, annex_b=table))
    world = World(store, scheme=scheme).settle()
    unit = world.credit(100, unit="tCER-1").unit
    pending, warsaw = world.own["CDM"]["pending"], world.own["PL"]["party"]
    world.do(operations.forward, [world.move(pending, warsaw, unit, 98)])
    return world


def numbers(answer: Answer) -> list[int]:
    return [] if isinstance(answer, Receipt) else [each.number for each in answer]


def test_of_forestry_projects_no_more_is_retired_than_one_per_cent_of_five_base_years(
    forests: World,
) -> None:
    # 1 % of 1,000, times five: 50.
    warsaw = forests.own["PL"]["party"]
    assert numbers(forests.end("retire", warsaw, TCER, 51)) == [6112]
    assert numbers(forests.end("retire", warsaw, TCER, 30)) == []
    assert numbers(forests.end("retire", warsaw, TCER, 21)) == [6112]
    orders = [forests.move(warsaw, "", TCER, count) for count in (11, 10, 9)]
    answers = forests.do(operations.retire, orders)
    assert [numbers(each) for each in answers] == [
        [],
        [6112],
        [],
    ]
    assert forests.held("PL", "retired") == {TCER: 50}


def test_a_retirement_sent_again_is_answered_though_the_room_is_used_up(forests: World) -> None:
    order = forests.move(forests.own["PL"]["party"], "", TCER, 50)
    (first,), (again,) = (forests.do(operations.retire, [order]) for _ in range(2))
    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert (again.number, again.repeated) == (first.number, True)


def test_after_the_hundredth_day_nothing_is_retired_for_the_period(forests: World) -> None:
    forests.issue(AAU, 10)
    order = forests.move(forests.own["PL"]["party"], "", AAU, 5)
    (answer,) = forests.do(operations.retire, [order], on="2015-11-19")
    assert numbers(answer) == [6110]
    (answer,) = forests.do(operations.retire, [order], on="2015-11-18")
    assert numbers(answer) == []


def test_what_nations_neither_retired_nor_carried_over_is_cancelled(forests: World) -> None:
    forests.issue(AAU, 100)
    forests.convert(20)
    warsaw = forests.own["PL"]["party"]
    forests.end("retire", warsaw, AAU, 30)
    forests.do(operations.carry_over, forests.order(AAU, 40), on="2015-11-19")

    def end(on: str, key: str) -> list[Answer]:
        return forests.do(operations.end_periods, key=key, on=on)

    assert end("2015-11-18", "early") == []
    first = end("2015-11-20", "end")
    assert len(first) == 3
    assert forests.held("PL") == {}
    lost = {AAU: 10, ERU: 20, TCER: 98}
    assert forests.held("PL", "cancelled_mandatory") == lost
    assert forests.held("PL", "retired") == {AAU: 30}
    assert forests.held("PL", "surplus_reserve") == {"AAU-2 PL:1": 40}
    # What the CDM registry has not forwarded, and what others hold of the second period, stays.
    assert forests.held("CDM", "adaptation") == {TCER: 2}
    again = end("2015-11-21", "end")
    assert {each.key for each in again if isinstance(each, Receipt) and each.repeated} == {
        each.key for each in first if isinstance(each, Receipt)
    }
    assert end("2015-11-22", "new") == []
