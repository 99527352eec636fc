"""Sentences about batches of trades: netted, failed, cured, and given to clients."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from always import always, calendar
from changed import replace
from tonne.market import (
    CureMethod,
    Instruction,
    Leg,
    Netting,
    SettlementRules,
    allocate_trade,
    buy_in,
    deal_grounds,
    largest_remainders,
    net,
    settle,
)
from tonne.refusal import Refused

ON = date(2009, 6, 1)
WEEK = calendar(date(2009, 6, 12))
"""A Friday is a holiday."""

MUCH = 10**9


def law(netting: Netting = "multilateral", cure: CureMethod = "roll") -> SettlementRules:
    return SettlementRules(netting=always(netting), cure=always(cure), roll_days=always(2))


def trade(name: str, seller: str, buyer: str, count: int, price: int = 10) -> Instruction:
    return Instruction(
        trade=name,
        seller=seller,
        buyer=buyer,
        asset="EUA",
        count=count,
        currency="EUR",
        money=count * price,
    )


def test_what_two_owe_each_other_is_set_off() -> None:
    legs = [Leg("A", "B", "EUA", 10), Leg("B", "A", "EUA", 4), Leg("B", "C", "EUA", 6)]
    assert net(legs, "bilateral") == (Leg("A", "B", "EUA", 6), Leg("B", "C", "EUA", 6))


def test_netted_with_all_nobody_both_gives_and_takes_an_asset() -> None:
    legs = [Leg("A", "B", "EUA", 10), Leg("B", "A", "EUA", 4), Leg("B", "C", "EUA", 6)]
    assert net(legs, "multilateral") == (Leg("A", "C", "EUA", 6),)


def test_a_ring_of_equal_trades_nets_to_nothing() -> None:
    legs = [Leg("A", "B", "EUA", 5), Leg("B", "C", "EUA", 5), Leg("C", "A", "EUA", 5)]
    assert net(legs, "multilateral") == ()
    assert net(legs, "bilateral") == tuple(sorted([*legs[:2], Leg("C", "A", "EUA", 5)], key=ends))


def ends(leg: Leg) -> tuple[list[str], str]:
    return sorted([leg.source, leg.target]), leg.asset


def test_who_gives_as_much_as_he_gets_moves_nothing() -> None:
    legs = [Leg("A", "B", "EUA", 5), Leg("B", "C", "EUA", 5), Leg("D", "C", "EUA", 1)]
    assert net(legs, "multilateral") == (Leg("A", "C", "EUA", 5), Leg("D", "C", "EUA", 1))


def test_what_is_sold_on_is_settled_without_being_held() -> None:
    batch = [trade("1", "A", "B", 10), trade("2", "B", "C", 10, price=11)]
    done = settle(batch, {("A", "EUA"): 10, ("C", "EUR"): 110}, law(), calendar=WEEK, on=ON)
    assert done.failures == ()
    assert done.legs == (
        Leg("A", "C", "EUA", 10),
        Leg("C", "A", "EUR", 100),
        Leg("C", "B", "EUR", 10),
    )


def test_the_newest_trade_of_who_lacks_units_fails_and_is_rolled() -> None:
    batch = [trade("1", "A", "B", 6), trade("2", "A", "C", 6)]
    held = {("A", "EUA"): 11, ("B", "EUR"): MUCH, ("C", "EUR"): MUCH}
    done = settle(batch, held, law(), calendar=WEEK, on=ON)
    (failure,) = done.failures
    assert (failure.instruction, failure.account, failure.asset) == (batch[1], "A", "EUA")
    assert (failure.cure, failure.due) == ("roll", date(2009, 6, 3))
    assert done.settled == (batch[0],)


def test_in_part_as_much_is_settled_as_can_be_delivered() -> None:
    batch = [trade("1", "A", "B", 6), trade("2", "A", "C", 6)]
    held = {("A", "EUA"): 11, ("B", "EUR"): MUCH, ("C", "EUR"): MUCH}
    done = settle(batch, held, law(cure="partial"), calendar=WEEK, on=ON)
    (failure,) = done.failures
    assert (failure.instruction.count, failure.instruction.money) == (1, 10)
    assert [each.count for each in done.settled] == [6, 5]


def test_in_part_as_much_is_settled_as_can_be_paid_for() -> None:
    held = {("A", "EUA"): 10, ("B", "EUR"): 95}
    done = settle([trade("1", "A", "B", 10)], held, law(cure="partial"), calendar=WEEK, on=ON)
    # 10 units cost 100; 95 pay for 9 whole ones.
    assert done.legs == (Leg("A", "B", "EUA", 9), Leg("B", "A", "EUR", 90))
    (failure,) = done.failures
    assert (failure.account, failure.asset, failure.instruction.count) == ("B", "EUR", 1)


def test_a_failure_may_leave_the_next_one_short() -> None:
    batch = [trade("1", "A", "B", 10), trade("2", "B", "C", 10)]
    done = settle(batch, {("C", "EUR"): MUCH, ("B", "EUR"): MUCH}, law(), calendar=WEEK, on=ON)
    assert [(each.account, each.instruction.trade) for each in done.failures] == [
        ("A", "1"),
        ("B", "2"),
    ]
    assert (done.legs, done.settled) == ((), ())


def test_set_off_two_by_two_a_trade_fails_only_where_something_is_owed() -> None:
    batch = [trade("1", "A", "B", 10), trade("2", "C", "A", 9), trade("3", "A", "C", 4)]
    held = {(name, "EUR"): MUCH for name in "ABC"} | {("C", "EUA"): 9}
    done = settle(batch, held, law(netting="bilateral"), calendar=WEEK, on=ON)
    # A is owed by C in the end: that trade 3 fails would help nobody.
    assert [each.instruction.trade for each in done.failures] == ["1"]


def test_who_failed_pays_what_others_cost_more_and_gains_nothing() -> None:
    held = {("B", "EUR"): 100}
    (failure,) = settle(
        [trade("1", "A", "B", 10)], held, law(cure="buy_in"), calendar=WEEK, on=ON
    ).failures
    dearer = buy_in(failure, money=130)
    assert (dearer.charged, dearer.account, dearer.count) == (30, "A", 10)
    assert buy_in(failure, money=90).charged == 0


def test_units_that_were_not_paid_for_are_sold_to_others_at_the_cost_of_who_failed() -> None:
    held = {("A", "EUA"): 10}
    (failure,) = settle(
        [trade("1", "A", "B", 10)], held, law(cure="buy_in"), calendar=WEEK, on=ON
    ).failures
    cheaper = buy_in(failure, money=70)
    assert (cheaper.charged, cheaper.account) == (30, "B")
    assert buy_in(failure, money=110).charged == 0


def test_whoever_is_barred_neither_gives_nor_takes() -> None:
    batch = [trade("1", "A", "B", 10), trade("2", "B", "C", 4), trade("3", "D", "C", 2)]
    held = {(name, asset): MUCH for name in "ABCD" for asset in ("EUA", "EUR")}
    done = settle(batch, held, law(cure="partial"), calendar=WEEK, on=ON, barred={"B"})
    assert [(each.instruction, each.account, each.asset) for each in done.failures] == [
        (batch[0], "B", "EUR"),
        (batch[1], "B", "EUA"),
    ]
    assert done.settled == (batch[2],)


# A is paid 100 and owes a fee of 3 of it. B pays 100 and 3 more; with 102 it cannot.
def test_fees_are_paid_of_what_is_there_or_comes_in() -> None:
    whole = replace(trade("1", "A", "B", 10), buyer_fee=3, seller_fee=3)
    assert (
        settle([whole], {("A", "EUA"): 10, ("B", "EUR"): 103}, law(), calendar=WEEK, on=ON).failures
        == ()
    )
    for netting in ("bilateral", "multilateral"):
        held = {("A", "EUA"): 10, ("B", "EUR"): 102}
        (failure,) = settle([whole], held, law(netting=netting), calendar=WEEK, on=ON).failures
        assert (failure.account, failure.asset) == ("B", "EUR")
    # Who buys with what he is paid, and cannot pay the fees of both, fails the newer trade.
    held = {("A", "EUA"): 10, ("C", "EUA"): 10, ("B", "EUR"): 103, ("A", "EUR"): 5}
    round_trip = [whole, replace(trade("2", "C", "A", 10), buyer_fee=3, seller_fee=3)]
    (failure,) = settle(round_trip, held, law(), calendar=WEEK, on=ON).failures
    assert (failure.instruction.trade, failure.account) == ("2", "A")


# Free of payment the seller has no price of which his fee could be taken.
def test_who_cannot_pay_his_fee_of_what_is_free_of_payment_fails() -> None:
    free = replace(trade("1", "A", "B", 10, price=0), seller_fee=3)
    (failure,) = settle(
        [free], {("A", "EUA"): 10, ("A", "EUR"): 2}, law(), calendar=WEEK, on=ON
    ).failures
    assert (failure.account, failure.asset) == ("A", "EUR")


def test_what_failed_is_not_tried_again_on_the_same_day() -> None:
    with pytest.raises(ValueError, match="at least a day"):
        replace(law(), roll_days=always(0))


def test_a_trade_is_allocated_to_clients_to_the_unit_and_to_the_cent() -> None:
    bought = replace(trade("1", "A", "agent", 3), money=100)
    parts = allocate_trade([bought], {"X": 1, "Y": 1, "Z": 1}, side="buyer", reference="mandate")
    assert [(each.buyer, each.count, each.money) for each in parts] == [
        ("X", 1, 34),
        ("Y", 1, 33),
        ("Z", 1, 33),
    ]


def test_an_allocation_of_more_or_less_than_the_trade_is_refused() -> None:
    bought = trade("1", "A", "agent", 10)
    for clients in ({"X": 9}, {"X": 6, "Y": 5}, {"X": 11, "Y": -1}, {}):
        with pytest.raises(Refused) as no:
            allocate_trade([bought], clients, side="buyer", reference="mandate")
        assert [type(each) for each in no.value.refusals] == [deal_grounds.AllocationUnequal]


def test_a_trade_is_not_allocated_to_its_other_side() -> None:
    with pytest.raises(Refused) as no:
        allocate_trade([trade("1", "A", "agent", 2)], {"A": 2}, side="buyer", reference="mandate")
    assert isinstance(no.value.refusals[0], deal_grounds.PartiesNotApart)


def test_both_sides_of_a_trade_are_allocated_to_clients() -> None:
    bought = allocate_trade(
        [trade("1", "seller", "buyer", 5)], {"X": 2, "Y": 3}, side="buyer", reference="mandate"
    )
    parts = allocate_trade(bought, {"P": 3, "Q": 2}, side="seller", reference="mandate")
    assert [(each.seller, each.buyer, each.count, each.money) for each in parts] == [
        ("P", "X", 2, 20),
        ("P", "Y", 1, 10),
        ("Q", "Y", 2, 20),
    ]


NAMES = st.sampled_from("ABCDE")
BATCHES = st.lists(
    st.tuples(NAMES, NAMES, st.integers(1, 20), st.integers(0, 5)).filter(lambda t: t[0] != t[1]),
    max_size=12,
).map(lambda ts: [trade(str(n), *each) for n, each in enumerate(ts)])
HELD = st.dictionaries(st.tuples(NAMES, st.sampled_from(["EUA", "EUR"])), st.integers(0, 60))
LAWS = st.builds(
    law, st.sampled_from(["bilateral", "multilateral"]), st.sampled_from(["partial", "roll"])
)


def change(legs: tuple[Leg, ...]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for leg in legs:
        found[leg.source, leg.asset] -= leg.count
        found[leg.target, leg.asset] += leg.count
    return Counter({key: count for key, count in found.items() if count})


def both(batch: tuple[Instruction, ...]) -> tuple[Leg, ...]:
    return tuple(
        leg
        for each in batch
        for leg in (
            Leg(each.seller, each.buyer, each.asset, each.count),
            Leg(each.buyer, each.seller, each.currency, each.money),
        )
    )


@given(BATCHES, st.sampled_from(["bilateral", "multilateral"]))
def test_netting_changes_no_balance_and_leaves_one_movement_for_a_pair_and_asset(
    batch: list[Instruction], by: Netting
) -> None:
    gross = both(tuple(batch))
    legs = net((leg for leg in gross if leg.count), by)
    assert change(legs) == change(gross)
    pairs = [(frozenset([leg.source, leg.target]), leg.asset) for leg in legs]
    assert len(set(pairs)) == len(pairs)
    assert all(leg.count > 0 for leg in legs)


@given(BATCHES, HELD, LAWS)
def test_what_settles_can_be_given_and_what_fails_is_the_rest(
    batch: list[Instruction], held: dict[tuple[str, str], int], rules: SettlementRules
) -> None:
    done = settle(batch, held, rules, calendar=WEEK, on=ON)
    out: Counter[tuple[str, str]] = Counter()
    for leg in done.legs:
        out[leg.source, leg.asset] += leg.count
    assert all(count <= held.get(key, 0) for key, count in out.items())
    assert change(done.legs) == change(both(done.settled))
    parts: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for each in (*done.settled, *(failure.instruction for failure in done.failures)):
        parts[each.trade] += each.count
        money[each.trade] += each.money
    assert parts == {each.trade: each.count for each in batch}
    assert money == Counter({each.trade: each.money for each in batch})


@given(
    st.integers(0, 10**9), st.dictionaries(st.text(max_size=2), st.integers(1, 10**6), min_size=1)
)
def test_a_whole_is_shared_to_the_last_one_and_nobody_is_one_from_its_part(
    total: int, weights: dict[str, int]
) -> None:
    parts = largest_remainders(weights, total, first=str)
    assert sum(parts.values()) == total
    weight = sum(weights.values())
    assert all(abs(parts[name] * weight - total * weights[name]) < weight for name in weights)


@pytest.mark.parametrize(
    ("failed", "again"),
    [
        pytest.param(date(2009, 6, 1), date(2009, 6, 3), id="Monday to Wednesday"),
        pytest.param(date(2009, 6, 4), date(2009, 6, 8), id="Thursday to Monday"),
        pytest.param(date(2009, 6, 11), date(2009, 6, 16), id="over a holiday and a weekend"),
    ],
)
def test_what_failed_is_tried_again_after_two_working_days(failed: date, again: date) -> None:
    (failure,) = settle([trade("1", "A", "B", 10)], {}, law(), calendar=WEEK, on=failed).failures
    assert failure.due == again
