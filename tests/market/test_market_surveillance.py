"""Sentences about what looks like abuse of the market, and about the tax stolen in 2009."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from always import always
from changed import replace
from market_trades import at, sold
from tonne.market import (
    Alert,
    LayeringRule,
    ReferencePrice,
    RingRule,
    SettlementPriceRule,
    VatCountry,
    VatRules,
    WatchedOrder,
    WatchedTrade,
    WatchRules,
    deal_grounds,
    vat,
    watch,
)
from tonne.quantity import Currency, Money, Price
from tonne.refusal import Refused
from tonne.rulebook import Clause, Dated

ON = date(2009, 6, 1)
LAW = WatchRules(
    settlement_price=always(SettlementPriceRule(methods=(), closing_minutes=1, qty_min=1)),
    round_trip_minutes=always(10, "round trips"),
    layering=always(LayeringRule(orders_min=3, times=Decimal(5), seconds=30), "layers"),
    holding_limit=always(1_000, "holding limit"),
    price_band=always(Decimal("0.1"), "price band"),
    ring=always(RingRule(minutes=60, owners_min=3, borders_min=2, share=Decimal("0.9")), "rings"),
)
HOMES = {"A": "FR", "B": "GB", "C": "DK", "D": "FR", "E": "FR"}


EUR = Currency("EUR")


def seen(
    *trades: WatchedTrade,
    owners: dict[str, str] | None = None,
    before: tuple[WatchedTrade, ...] = (),
    orders: tuple[WatchedOrder, ...] = (),
    has: dict[str, int] | None = None,
    price: ReferencePrice | None = None,
) -> list[Alert]:
    found = watch(
        trades,
        LAW,
        on=ON,
        owners=owners or {},
        countries=HOMES,
        before=before,
        orders=orders,
        positions=has,
        reference_price=price,
    )
    return list(found)


def of_book(*numbers: int) -> tuple[str, ...]:
    return tuple(f"X {number}" for number in numbers)


def test_one_owner_behind_both_accounts_is_a_wash_trade() -> None:
    (alert,) = seen(sold(7, 0, "A-1", "A-2"), owners={"A-1": "A", "A-2": "A"})
    assert (alert.kind, alert.owners, alert.trades) == ("wash_trade", ("A",), of_book(7))
    assert alert.facts == "A is buyer and seller of 100 units."
    assert seen(sold(7, 0, "A-1", "A-2")) == []


def test_as_many_units_back_at_the_same_price_are_a_round_trip() -> None:
    (alert,) = seen(sold(1, 0, "A", "B"), sold(2, 1, "C", "D"), sold(3, 10, "B", "A"))
    assert (alert.kind, alert.trades, alert.reference) == (
        "round_trip",
        of_book(1, 3),
        "round trips",
    )


def test_other_counts_or_much_later_are_no_round_trip() -> None:
    assert seen(sold(1, 0, "A", "B"), sold(2, 11, "B", "A")) == []
    assert seen(sold(1, 0, "A", "B"), sold(2, 1, "B", "A", 99)) == []
    assert seen(sold(1, 0, "A", "B"), sold(2, 1, "B", "A", price=999)) == []


def laid(number: int, *, account: str = "A", seconds: int = 20) -> WatchedOrder:
    start = at(0) - timedelta(seconds=10)
    return WatchedOrder(
        order_id=number,
        account=account,
        side="sell",
        count=200,
        at=start,
        cancelled_at=start + timedelta(seconds=seconds),
    )


def test_orders_that_are_soon_gone_around_a_trade_on_the_other_side_are_layers() -> None:
    bought = sold(9, 0, "S", "A")
    (alert,) = seen(bought, orders=(laid(1), laid(2, seconds=10), laid(3, seconds=30)))
    assert (alert.kind, alert.owners) == ("layering", ("A",))
    assert (alert.trades, alert.orders) == (of_book(9), (1, 2, 3))


def test_few_orders_or_old_ones_or_those_of_others_are_no_layers() -> None:
    bought = sold(9, 0, "S", "A")
    assert seen(bought, orders=(laid(1), laid(2))) == []
    assert seen(bought, orders=(laid(1), laid(2), laid(3, seconds=31))) == []
    assert seen(bought, orders=(laid(1), laid(2), laid(3, account="B"))) == []
    assert seen(bought, orders=(laid(1), laid(2), laid(3, seconds=9))) == []
    # 3 x 200 are less than five times 121
    assert seen(replace(bought, count=121), orders=(laid(1), laid(2), laid(3))) == []


def test_who_comes_to_hold_more_than_the_limit_is_seen_once_with_the_purchases() -> None:
    trades = (
        sold(1, 0, "S", "A", count=500),
        sold(2, 1, "S", "A", count=500),
        sold(3, 2, "S", "A", count=1),
        sold(4, 3, "S", "A", count=1),
    )
    (alert,) = seen(*trades)
    assert (alert.kind, alert.trades) == ("over_holding_limit", of_book(1, 2, 3))
    assert alert.facts == "A has 1001 units, and may have 1000."
    assert [each.trades for each in seen(*trades[:2], has={"A": 1})] == [of_book(1, 2)]


def test_who_held_too_much_before_is_seen_by_the_first_purchase() -> None:
    trades = (sold(1, 0, "S", "A", count=1), sold(2, 1, "S", "A", count=1))
    (alert,) = seen(*trades, has={"A": 1_500})
    assert (alert.kind, alert.trades) == ("over_holding_limit", of_book(1))
    assert alert.facts == "A has 1501 units, and may have 1000."


def test_who_sold_down_to_the_limit_and_passes_it_again_is_seen_again() -> None:
    away = (sold(1, 0, "S", "A", count=1), sold(2, 40, "A", "B", count=6))
    back = sold(3, 80, "S", "A", count=6)
    found = seen(*away, back, has={"A": 1_000})
    assert [(each.kind, each.trades) for each in found] == [
        ("over_holding_limit", of_book(1)),
        ("over_holding_limit", of_book(3)),
    ]


def cents(minor: int) -> Price:
    return Price(minor=Decimal(minor), tick=Decimal(1), currency=EUR)


def test_a_price_far_from_the_reference_is_out_of_band() -> None:
    around = ReferencePrice(price=cents(1_000), books=frozenset({"X"}))
    found = [
        sold(n, n, f"S{n}", f"B{n}", price=price)
        for n, price in enumerate([900, 1_100, 899, 1_101])
    ]
    alerts = seen(*found, price=around)
    assert [each.trades for each in alerts] == [of_book(2), of_book(3)]
    assert alerts[0].facts == "EUR 8.99 is out of the band around EUR 10.00."
    assert seen(*found) == []


def test_only_what_is_for_delivery_now_is_held_against_a_price_of_now() -> None:
    spot = ReferencePrice(price=cents(1_000), books=frozenset({"X", None}))
    forward = ReferencePrice(price=cents(1_000), books=frozenset({"Y"}))
    deal = sold(1, 0, "A", "B", price=1_101, counter=True)
    assert [each.trades for each in seen(deal, price=spot)] == [("D-1",)]
    assert seen(deal, sold(2, 1, "C", "D", price=1_101), price=forward) == []


def test_a_ring_of_quick_resales_across_borders_is_seen_with_every_trade_of_it() -> None:
    # As in 2009: over the border without tax, sold with tax at home, and out again.
    ring = (sold(1, 0, "A", "B"), sold(2, 10, "B", "C", count=95), sold(3, 20, "C", "A", count=95))
    others = (sold(4, 5, "B", "D", count=5), sold(5, 25, "D", "E"))
    trades = sorted((*ring, *others), key=lambda trade: trade.at)
    (alert,) = seen(*trades)
    assert (alert.kind, alert.trades) == ("resale_ring", of_book(1, 2, 3))
    assert alert.owners == ("A", "B", "C")
    assert alert.facts == "100 units went round 3 owners over 3 borders."


def test_units_are_followed_along_the_quickest_way_to_each_owner() -> None:
    trades = [sold(1, 0, "A", "B"), sold(2, 1, "B", "C"), sold(3, 2, "B", "D")]
    trades += [sold(4, 3, "D", "C"), sold(5, 4, "C", "A")]
    (alert,) = seen(*trades)
    assert alert.trades == of_book(1, 2, 5)


def test_much_the_same_units_are_nine_tenths_of_them_or_so_many_that_they_are_nine_tenths() -> None:
    for count in (90, 111):
        (alert,) = seen(sold(1, 0, "A", "B"), sold(2, 1, "B", "C", count), sold(3, 60, "C", "A"))
        assert alert.kind == "resale_ring"


def test_the_second_round_of_a_carousel_is_a_second_alert() -> None:
    steps = [("A", "B"), ("B", "C"), ("C", "A")] * 2
    trades = [sold(n, n, seller, buyer) for n, (seller, buyer) in enumerate(steps)]
    assert [each.trades for each in seen(*trades)] == [of_book(0, 1, 2), of_book(3, 4, 5)]


@pytest.mark.parametrize(
    "trades",
    [
        pytest.param("AB BC", id="that does not come back"),
        pytest.param("BC AB CA", id="out of order"),
        pytest.param("AD DE EA", id="within one country"),
    ],
)
def test_a_chain_is_no_ring(trades: str) -> None:
    made_ones = [sold(n, n, *step) for n, step in enumerate(trades.split())]
    assert seen(*made_ones) == []


def test_slow_resales_and_those_of_fewer_units_are_no_ring() -> None:
    assert seen(sold(1, 0, "A", "B"), sold(2, 10, "B", "C"), sold(3, 61, "C", "A")) == []
    assert seen(sold(1, 0, "A", "B"), sold(2, 10, "B", "C", count=89), sold(3, 20, "C", "A")) == []
    assert seen(sold(1, 0, "A", "B"), sold(2, 10, "B", "C", count=112), sold(3, 20, "C", "A")) == []


OWNERS = st.sampled_from("ABCDE")


@given(st.lists(st.tuples(OWNERS, OWNERS, st.integers(95, 105)), max_size=25))
def test_every_ring_closes_and_no_trade_is_in_two(drawn: list[tuple[str, str, int]]) -> None:
    trades = [
        sold(n, n, seller, buyer, count)
        for n, (seller, buyer, count) in enumerate(drawn)
        if seller != buyer
    ]
    by_name = {trade.name: trade for trade in trades}
    rings = [alert for alert in seen(*trades) if alert.kind == "resale_ring"]
    shown = [name for alert in rings for name in alert.trades]
    assert len(set(shown)) == len(shown)
    for alert in rings:
        path = [by_name[name] for name in alert.trades]
        assert path == sorted(path, key=lambda trade: trade.at)
        following = [*path[1:], path[0]]
        assert all(one.buyer == other.seller for one, other in zip(path, following, strict=True))


# The same over the counter, and one half here and the other there: each kind of alert by deals
# alone, mixed with trades of a book, and a near miss.


def halves(steps: str, *, where: str, minutes: int = 1) -> list[WatchedTrade]:
    """A seller and a buyer a step, so many minutes apart; c is over the counter, b on the book."""
    made = zip(steps.split(), where, strict=True)
    return [sold(n, n * minutes, *step, counter=by == "c") for n, (step, by) in enumerate(made)]


@pytest.mark.parametrize(
    ("steps", "where", "minutes", "shown"),
    [
        pytest.param("AB BA", "cc", 10, ("round_trip", ("D-0", "D-1")), id="a round trip of deals"),
        pytest.param("AB BA", "bc", 10, ("round_trip", ("X 0", "D-1")), id="half on the book"),
        pytest.param("AB BA", "cb", 11, None, id="a minute too late for a round trip"),
        pytest.param(
            "AB BC CA", "ccc", 30, ("resale_ring", ("D-0", "D-1", "D-2")), id="a carousel"
        ),
        pytest.param("AB BC CA", "cbc", 30, ("resale_ring", ("D-0", "X 1", "D-2")), id="mixed"),
        pytest.param("AB BC CA", "cbc", 31, None, id="two minutes too late for a ring"),
    ],
)
def test_rounds_are_seen_wherever_their_parts_are_made(
    steps: str, where: str, minutes: int, shown: tuple[str, tuple[str, ...]] | None
) -> None:
    found = [
        (each.kind, each.trades) for each in seen(*halves(steps, where=where, minutes=minutes))
    ]
    assert found == ([shown] if shown else [])


def test_a_deal_with_oneself_is_a_wash_trade() -> None:
    deal = sold(7, 0, "A-1", "A-2", counter=True)
    (alert,) = seen(deal, sold(8, 1, "B", "C"), owners={"A-1": "A", "A-2": "A"})
    assert (alert.kind, alert.trades) == ("wash_trade", ("D-7",))
    assert seen(deal, owners={"A-1": "A"}) == []


def test_orders_around_a_deal_on_the_other_side_are_layers() -> None:
    orders = (laid(1), laid(2, seconds=10), laid(3, seconds=30))
    (alert,) = seen(sold(9, 0, "S", "A", counter=True), orders=orders)
    assert (alert.kind, alert.trades, alert.orders) == ("layering", ("D-9",), (1, 2, 3))
    assert seen(sold(9, 0, "A", "S", counter=True), orders=orders) == [], "it sold, as they would"


def test_what_is_bought_over_the_counter_counts_for_the_limit() -> None:
    deals = [sold(n, n, "S", "A", count, counter=True) for n, count in enumerate((600, 400, 1))]
    assert [each.trades for each in seen(*deals)] == [("D-0", "D-1", "D-2")]
    assert seen(*deals[:2]) == []
    (alert,) = seen(sold(5, 0, "S", "A", 600), *deals[1:])
    assert (alert.kind, alert.trades) == ("over_holding_limit", ("X 5", "D-1", "D-2"))


def test_a_round_that_began_before_the_stretch_is_seen_when_it_is_complete() -> None:
    ring = halves("AB BC CA", where="ccc", minutes=20)
    (alert,) = seen(ring[2], before=tuple(ring[:2]))
    assert alert.trades == ("D-0", "D-1", "D-2")
    assert seen(before=tuple(ring)) == [], "it was complete before"


# A made law: country X taxes until it lets the buyer owe the tax; Y takes none.
def countries(treatment: str) -> tuple[VatCountry, ...]:
    x = VatCountry(country="X", treatment="charged", rate=Decimal("0.2"))
    y = VatCountry(country="Y", treatment="zero_rated", rate=Decimal(0))
    return (replace(x, treatment=treatment), y)


VAT = VatRules(
    within=Dated(
        [
            Clause(start=date(2005, 1, 1), value=countries("charged"), reference="VAT Act, s. 1"),
            Clause(start=ON, value=countries("reverse_charge"), reference="VAT Act, s. 2"),
        ]
    ),
    elsewhere=always("outside"),
)
INVOICE = Money(1_000_001, Currency("EUR"))


def test_tax_is_charged_by_the_seller_until_the_day_of_the_reverse_charge() -> None:
    before = vat(seller="X", buyer="X", rules=VAT, on=date(2009, 5, 31))
    assert (before.treatment, before.reference) == ("charged", "VAT Act, s. 1")
    # 20 % of EUR 10,000.01, to the cent
    assert before.on_invoice(INVOICE).minor == 200_000
    after = vat(seller="X", buyer="X", rules=VAT, on=ON)
    assert (after.treatment, after.on_invoice(INVOICE).minor) == ("reverse_charge", 0)
    assert after.rate == Decimal("0.2")


def test_over_a_border_the_buyer_owes_the_tax_at_home() -> None:
    over = vat(seller="Y", buyer="X", rules=VAT, on=date(2009, 5, 31))
    assert (over.treatment, over.rate) == ("reverse_charge", Decimal("0.2"))
    assert over.on_invoice(INVOICE).minor == 0


def test_outside_the_common_area_no_tax_is_owed_here() -> None:
    for seller, buyer in [("X", "Z"), ("Z", "X"), ("Z", "Z")]:
        assert vat(seller=seller, buyer=buyer, rules=VAT, on=ON).treatment == "outside"
    assert vat(seller="Y", buyer="Y", rules=VAT, on=ON).treatment == "zero_rated"


def test_a_country_that_the_law_does_not_speak_of_has_no_treatment_by_default() -> None:
    law = VatRules(within=VAT.within, elsewhere=always("refused"))
    for seller, buyer, unknown in [("X", "Z", ["Z"]), ("Z", "Z", ["Z"]), ("V", "Z", ["V", "Z"])]:
        with pytest.raises(Refused) as no:
            vat(seller=seller, buyer=buyer, rules=law, on=ON)
        found = [each for each in no.value.refusals if isinstance(each, deal_grounds.VatNotSaid)]
        assert [(each.number, each.country, each.known) for each in found] == [
            (8408, country, ("X", "Y")) for country in unknown
        ]
    assert vat(seller="Y", buyer="X", rules=law, on=ON).treatment == "reverse_charge"
