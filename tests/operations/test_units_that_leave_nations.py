"""Sentences about eligibility and the reserve, asked when units leave a nation."""

from datetime import date
from typing import Any

import pytest

from changed import replace
from land import with_law
from nations import AAU, ERU, World, amounts
from tonne import operations
from tonne.operations import Answer, Receipt
from tonne.rulebook import Dated
from world import Store


@pytest.fixture
def trade(store: Store) -> World:
    """Warsaw has 1,000 units, all that it was assigned, and emitted 150 t in the last year."""
    world = World(store, scheme=amounts(PL=1000, AT=1000)).settle()
    world.issue(AAU, 1000)
    world.review("PL", 150)
    return world


def sell(
    world: World, count: int, unit: str = AAU, *, on: str = "2014-06-01", key: str = ""
) -> Answer:
    warsaw, vienna = (world.own[party]["party"] for party in ("PL", "AT"))
    order = world.move(warsaw, vienna, unit, count)
    return world.do(operations.transfer, [replace(order, key=key or order.key)], on=on)[0]


def numbers(answer: Answer) -> list[int]:
    return [] if isinstance(answer, Receipt) else [each.number for each in answer]


def test_no_more_leaves_a_nation_than_is_above_its_reserve(trade: World) -> None:
    # The lower of 90 % of 1,000 and five times 150: 750 stay, 250 may go.
    assert numbers(sell(trade, 251)) == [6120]
    assert numbers(sell(trade, 250)) == []
    assert numbers(sell(trade, 1)) == [6120]


def test_the_reserve_is_reckoned_anew_after_each_review(trade: World) -> None:
    trade.review("PL", 170)
    assert numbers(sell(trade, 151)) == [6120]
    trade.review("PL", 100, on="2014-07-01")
    assert numbers(sell(trade, 151)) == [6120], "a review has no effect before its day"
    assert numbers(sell(trade, 500, on="2014-07-01")) == []


def test_before_any_review_nine_tenths_of_the_amount_stay(store: Store) -> None:
    world = World(store, scheme=amounts(PL=1000)).settle()
    world.own["CZ"] = world.do(operations.found_nation, "CZ")
    world.scheme = amounts(CZ=1000)
    world.show("CZ")
    world.issue("AAU-1 CZ", 1000)
    prague, vienna = world.own["CZ"]["party"], world.own["AT"]["party"]
    for count, expected in ((101, [6120]), (100, [])):
        order = world.move(prague, vienna, "AAU-1 CZ", count)
        assert numbers(world.do(operations.transfer, [order])[0]) == expected


def test_what_is_retired_counts_and_what_is_cancelled_does_not(trade: World) -> None:
    warsaw = trade.own["PL"]["party"]
    assert isinstance(trade.end("retire", warsaw, AAU, 700), Receipt)
    assert numbers(sell(trade, 251)) == [6120]
    assert isinstance(trade.end("cancel_net_source", warsaw, AAU, 40), Receipt)
    assert numbers(sell(trade, 211)) == [6120]
    assert numbers(sell(trade, 210)) == []


def test_several_transfers_of_one_request_share_what_is_above_the_reserve(trade: World) -> None:
    warsaw, vienna = (trade.own[party]["party"] for party in ("PL", "AT"))
    orders = [trade.move(warsaw, vienna, AAU, 200) for _ in range(2)]
    answers = trade.do(operations.transfer, orders)
    assert [numbers(each) for each in answers] == [[], [6120]]


def test_the_first_transfer_of_units_that_others_verified_is_exempt(trade: World) -> None:
    trade.convert(400)
    assert numbers(sell(trade, 400, ERU)) == []


def test_the_exemption_is_for_the_first_transfer_only_however_often_units_come_back(
    trade: World,
) -> None:
    trade.convert(400)
    trade.issue("AAU-1 AT", 1000)
    assert numbers(sell(trade, 300, ERU)) == []
    warsaw, vienna = (trade.own[party]["party"] for party in ("PL", "AT"))
    # Vienna may give them back: of 1,300 units it keeps its reserve of nothing.
    (back,) = trade.do(operations.transfer, [trade.move(vienna, warsaw, ERU, 200)])
    assert isinstance(back, Receipt)
    # Warsaw holds 900, of which 750 stay: 150 may go, and the 100 that never left beside.
    assert numbers(sell(trade, 100, ERU)) == []
    assert numbers(sell(trade, 100, ERU)) == [6120]
    assert numbers(sell(trade, 50, ERU)) == []


def test_a_transfer_that_is_sent_again_is_answered_though_the_reserve_is_used_up(
    trade: World,
) -> None:
    first, again = (sell(trade, 250, key="once") for _ in range(2))
    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert (again.number, again.repeated) == (first.number, True)


def test_inside_a_registry_nothing_is_asked(trade: World) -> None:
    trade.show("PL", met=())
    person = trade.do(
        operations.open_account,
        operations.Opening(kind="person", name="Trader", registry="PL"),
        key="open",
    )
    order = trade.move(trade.own["PL"]["party"], person.number, AAU, 900)
    assert numbers(trade.do(operations.transfer, [order])[0]) == []


@pytest.mark.parametrize(
    "other",
    [{"met": ()}, {"question_open": True}, {"cleared": None}, {"suspended": "transfer"}],
)
def test_who_is_not_eligible_sells_nothing(trade: World, other: dict[str, Any]) -> None:
    trade.show("PL", **other)
    assert numbers(sell(trade, 1)) == [6121]


def test_sixteen_months_after_its_report_a_nation_is_eligible(trade: World) -> None:
    trade.show("PL", cleared=None, report=date(2013, 3, 1))
    assert numbers(sell(trade, 1, on="2014-06-30")) == [6121]
    assert numbers(sell(trade, 1, on="2014-07-01")) == []


def test_a_bubble_keeps_a_reserve_together_where_its_registries_are_all_there(
    trade: World,
) -> None:
    # Poland, Austria and the organisation; together 2,000 units were assigned, 1,000 are held.
    law = trade.scheme.nations
    (bubble,), (annex,) = law.bubble.clauses, law.annex_b.clauses
    smaller = replace(bubble, value=replace(bubble.value, members=("PL", "AT")))
    rows = tuple(
        replace(each, assigned_amount=2000) if each.party == "EU" else each for each in annex.value
    )
    trade.scheme = with_law(
        trade.scheme,
        "nations.toml",
        replace(law, bubble=Dated([smaller]), annex_b=Dated([replace(annex, value=rows)])),
    )
    for party in ("CZ", "EU"):
        trade.own[party] = trade.do(operations.found_nation, party)
    trade.show("CZ")
    warsaw, prague = (trade.own[party]["party"] for party in ("PL", "CZ"))

    def leave(count: int) -> list[int]:
        (answer,) = trade.do(operations.transfer, [trade.move(warsaw, prague, AAU, count)])
        return numbers(answer)

    # Five times 150 + 40 are 950 together; Warsaw's own 750 would let 250 go.
    trade.review("AT", 40)
    assert leave(51) == [6120]
    orders = [trade.move(warsaw, prague, AAU, 30) for _ in range(2)]
    assert [numbers(each) for each in trade.do(operations.transfer, orders)] == [[], [6120]]
    assert leave(20) == []
    # Inside the bubble only Warsaw's own reserve is asked.
    assert numbers(sell(trade, 200)) == []
