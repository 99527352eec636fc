"""Several fills are given to clients at one average price, to the unit and to the cent."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonne.market import (
    Instruction,
    allocate_at_average,
    deal_grounds,
    shared_out,
)
from tonne.market.allocation import Side
from tonne.refusal import Refused


def fill(
    name: str, count: int, price: int, *, other: str = "A", side: str = "buyer"
) -> Instruction:
    """What an agent bought, or sold, at so many cents a unit."""
    seller, buyer = (other, "agent") if side == "buyer" else ("agent", other)
    return Instruction(
        trade=name, seller=seller, buyer=buyer, asset="EUA", count=count, currency="EUR",
        money=count * price,
    )  # fmt: skip


# 30 at 5.00 and 20 at 5.30 are 256.00: 5.12 each. X has 20 of the first for 100.00, and Y the rest
# for 156.00.
def test_buyers_pay_the_average_and_the_lucky_one_evens_it_out() -> None:
    fills = [fill("1", 30, 500), fill("2", 20, 530, other="B")]
    found = allocate_at_average(fills, {"X": 20, "Y": 30}, side="buyer", reference="mandate")
    assert [(each.seller, each.buyer, each.count, each.money) for each in found.parts] == [
        ("A", "X", 20, 10_000), ("A", "Y", 10, 5_000), ("B", "Y", 20, 10_600),
    ]  # fmt: skip
    assert [(each.client, each.money, each.difference) for each in found.clients] == [
        ("X", 10_240, 240), ("Y", 15_360, -240),
    ]  # fmt: skip
    assert [(leg.source, leg.target, leg.count) for leg in found.legs] == [("X", "Y", 240)]


# The same sold: who sold for less than the average is paid by who sold for more.
def test_sellers_get_the_average() -> None:
    fills = [fill("1", 30, 500, side="seller"), fill("2", 20, 530, side="seller")]
    found = allocate_at_average(fills, {"X": 20, "Y": 30}, side="seller", reference="mandate")
    assert [(each.client, each.money, each.difference) for each in found.clients] == [
        ("X", 10_240, -240), ("Y", 15_360, 240),
    ]  # fmt: skip
    assert [(leg.source, leg.target, leg.count) for leg in found.legs] == [("Y", "X", 240)]


def test_one_price_has_nothing_to_even_out() -> None:
    found = allocate_at_average(
        [fill("1", 2, 500), fill("2", 3, 500)], {"X": 1, "Y": 4}, side="buyer", reference="mandate"
    )
    assert (found.legs, {each.difference for each in found.clients}) == ((), {0})


# 7 lots of 10 for 60 and 50 wanted: 3.8 and 3.2 lots.
def test_what_was_filled_of_an_order_is_shared_out_in_lots() -> None:
    fills = [fill("1", 40, 500), fill("2", 30, 530)]
    assert shared_out(fills, {"X": 60, "Y": 50}, lot=10, reference="mandate") == {"X": 40, "Y": 30}


def test_nobody_is_given_more_than_was_wanted() -> None:
    for wanted in ({"X": 60}, {"X": 80, "Y": -10}, {}):
        with pytest.raises(Refused) as no:
            shared_out([fill("1", 70, 500)], wanted, lot=10, reference="mandate")
        assert [type(each) for each in no.value.refusals] == [deal_grounds.AllocationUnequal]


SIDES: tuple[Side, ...] = ("buyer", "seller")
FILLS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 999)), min_size=1, max_size=6)
WANTED = st.dictionaries(st.sampled_from("VWXYZ"), st.integers(0, 60), min_size=1)


@settings(max_examples=60)
@given(fills=FILLS, wanted=WANTED, lot=st.sampled_from([1, 10]), side=st.sampled_from(SIDES))
def test_no_unit_and_no_cent_is_made_or_lost(
    fills: list[tuple[int, int]], wanted: dict[str, int], lot: int, side: Side
) -> None:
    made = [fill(str(n), count * lot, price, side=side) for n, (count, price) in enumerate(fills)]
    filled, total = sum(each.count for each in made), sum(each.money for each in made)
    wanted = {client: count * lot for client, count in wanted.items()}
    wanted["V"] = wanted.get("V", 0) + max(0, filled - sum(wanted.values()))
    counts = shared_out(made, wanted, lot=lot, reference="mandate")
    assert sum(counts.values()) == filled
    assert all(counts[who] <= wanted[who] and counts[who] % lot == 0 for who in wanted)
    found = allocate_at_average(made, counts, side=side, reference="mandate")
    units, money = Counter[str](), Counter[str]()
    for part in found.parts:
        client = part.buyer if side == "buyer" else part.seller
        units[client] += part.count
        money[client] += part.money if side == "buyer" else -part.money
    for leg in found.legs:
        assert leg.count > 0
        money[leg.source] += leg.count
        money[leg.target] -= leg.count
    assert sum(each.money for each in found.clients) == total
    sign = 1 if side == "buyer" else -1
    for each in found.clients:
        assert (units[each.client], sign * money[each.client]) == (each.count, each.money)
        # Nobody is a cent from the average.
        assert abs(each.money * filled - each.count * total) < filled
    # What each of the other sides was promised is untouched.
    for one in made:
        mine = [part for part in found.parts if part.trade == one.trade]
        assert sum(part.count for part in mine) == one.count
        assert sum(part.money for part in mine) == one.money
