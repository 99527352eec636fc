"""What looks like abuse of the market, on its books and over the counter, seen in the books."""

from datetime import UTC, date, datetime, timedelta

import pytest

from always import always
from bargains import Bargain
from bourse import CODE, Bourse, on
from changed import replace
from land import Land, with_law
from tonne import operations
from tonne.market import Alert
from tonne.operations import Desk, Opening, deals


@pytest.fixture
def bourse(each_land: Land) -> Bourse:
    """An exchange on which nobody may hold more than 60; the kiln holds 50, the steelworks 60."""
    land = each_land
    rules = replace(land.scheme.watch, holding_limit=always(60))
    land.scheme = with_law(land.scheme, "watch.toml", rules)
    made = Bourse(land)
    for name in ("steel", "kiln", "ana"):
        made.purse.bring(name, "2000.00")
    return made


def sold(bourse: Bourse, seller: str, buyer: str, count: int, price: int = 500) -> None:
    """Somebody sells to somebody, a minute later than before."""
    bourse.at += timedelta(minutes=1)
    bourse.send(bourse.order(seller, "sell", count, price))
    bourse.send(bourse.order(buyer, "buy", count, price))


def seen(bourse: Bourse) -> list[Alert]:
    """What is seen on the day."""
    return seen_on(bourse, bourse.at.date())


def seen_on(bourse: Bourse, day: date) -> list[Alert]:
    scheme = bourse.land.scheme
    return bourse.land.run(
        lambda books: operations.alerts(books, scheme, CODE, first=day, last=day)
    )


def book(*numbers: int) -> tuple[str, ...]:
    """Trades of the exchange's book by name."""
    return tuple(f"{CODE} {number}" for number in numbers)


def test_an_honest_day_shows_nothing(bourse: Bourse) -> None:
    sold(bourse, "steel", "kiln", 10)
    assert seen(bourse) == [], "the kiln holds 60, as many as it may"


def test_who_buys_more_than_the_limit_is_seen_with_the_trades(bourse: Bourse) -> None:
    sold(bourse, "steel", "kiln", 10)
    sold(bourse, "steel", "kiln", 1)
    (alert,) = seen(bourse)
    assert (alert.kind, alert.owners, alert.trades) == ("over_holding_limit", ("KILN",), book(1, 2))
    assert alert.facts == "KILN has 61 units, and may have 60."


def test_what_an_owner_holds_elsewhere_counts_too(bourse: Bourse) -> None:
    """Ana has 30 in an account that never trades, and 25 that came without a trade."""
    land = bourse.land
    chest = Opening(kind="person", name="Ana", registry="XE", operator=None, identifier=10)
    opened = land.do(
        operations.open_account, chest, key="open chest", on="2025-01-01", by="administrator"
    )
    land.accounts["chest"] = opened.number
    land.transfer(land.order("steel", "chest", 30), land.order("steel", "ana", 25))
    sold(bourse, "kiln", "ana", 5)
    assert seen(bourse) == []
    sold(bourse, "kiln", "ana", 1)
    (alert,) = seen(bourse)
    assert (alert.owners, alert.trades) == (("Ana",), book(1, 2))


def test_the_same_lots_there_and_back_are_seen(bourse: Bourse) -> None:
    sold(bourse, "steel", "ana", 7)
    sold(bourse, "ana", "steel", 7)
    assert [(each.kind, each.trades) for each in seen(bourse)] == [("round_trip", book(1, 2))]


def test_orders_that_only_pretend_are_seen(bourse: Bourse) -> None:
    """Three offers of 20, gone within a minute, while the one who made them buys 10."""
    names = ("x", "y", "z")
    bourse.send(*(bourse.order("steel", "sell", 20, 505 + n, name=names[n]) for n in range(3)))
    sold(bourse, "kiln", "steel", 10, price=500)
    bourse.send(*(bourse.cancel("steel", name) for name in names))
    (alert,) = [each for each in seen(bourse) if each.kind == "layering"]
    assert (alert.owners, alert.trades, alert.orders) == (("STEEL",), book(1), (1, 2, 3))


def dealt(
    bourse: Bourse, seller: str, buyer: str, count: int, *, due: str = "", minutes: int = 1
) -> str:
    """Two sides agree over the counter, some minutes later than before; how the deal is called."""
    bourse.at += timedelta(minutes=minutes)
    land, day = bourse.land, bourse.at.date()
    draft = Bargain(land).draft(
        buyer=buyer, seller=seller, count=count, price="5.00", on=due or str(day)
    )
    desk = Desk(by="authority", day=day, at=bourse.at)
    scheme = land.scheme
    proposed = land.run(
        lambda books: deals.propose(
            books, scheme, draft, by=land.number(seller), key=land.key(), desk=desk
        )
    )
    name = proposed.deal.id
    land.run(
        lambda books: deals.confirm(
            books, scheme, name, by=land.number(buyer), key=land.key(), desk=desk
        )
    )
    return name


def shown(alerts: list[Alert]) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.kind, each.trades) for each in alerts]


def test_a_round_trip_is_seen_over_the_counter_and_half_on_the_book(bourse: Bourse) -> None:
    there, back = dealt(bourse, "steel", "ana", 7), dealt(bourse, "ana", "steel", 7)
    assert shown(seen(bourse)) == [("round_trip", (there, back))]
    sold(bourse, "steel", "ana", 8)
    again = dealt(bourse, "ana", "steel", 8)
    assert shown(seen(bourse))[1:] == [("round_trip", (*book(1), again))]
    # A minute after the half hour in which the law looks for it.
    dealt(bourse, "steel", "ana", 9)
    dealt(bourse, "ana", "steel", 9, minutes=31)
    assert len(seen(bourse)) == 2


def test_what_was_agreed_elsewhere_and_settled_at_once_is_seen_too(bourse: Bourse) -> None:
    purse, land = bourse.purse, bourse.land
    desk = Desk(by="operator", day=bourse.at.date(), at=bourse.at)

    def settled(seller: str, buyer: str) -> str:
        trade = purse.trade(seller, buyer, 7, "5.00")
        receipt, _ = land.run(
            lambda books: operations.settle_direct(books, land.scheme, trade, desk=desk)
        )
        return f"transaction {receipt.number}"

    ways = settled("steel", "ana"), settled("ana", "steel")
    assert shown(seen(bourse)) == [("round_trip", ways)]


def test_a_deal_between_two_accounts_of_one_owner_is_a_wash_trade(bourse: Bourse) -> None:
    land = bourse.land
    chest = Opening(kind="person", name="Ana", registry="XE", operator=None, identifier=10)
    opened = land.do(
        operations.open_account, chest, key="open chest", on="2025-01-01", by="administrator"
    )
    land.accounts["chest"] = opened.number
    bourse.purse.bring("chest", "50.00")
    sold(bourse, "steel", "ana", 5)
    deal = dealt(bourse, "ana", "chest", 5)
    assert shown(seen(bourse)) == [("wash_trade", (deal,))]


@pytest.fixture
def abroad(bourse: Bourse) -> Bourse:
    """A trader's account is kept by the registry of another country."""
    land = bourse.land
    trader = Opening(kind="person", name="Otto", registry="XF", operator=None, identifier=11)
    opened = land.do(
        operations.open_account, trader, key="open otto", on="2025-01-01", by="administrator"
    )
    land.accounts["otto"] = opened.number
    bourse.purse.bring("otto", "2000.00")
    return bourse


def test_a_carousel_over_the_counter_is_seen(abroad: Bourse) -> None:
    """Out of the country, back into it, and to where it began; as most of 2009 was."""
    ring = [dealt(abroad, *step, 9) for step in (("steel", "otto"), ("otto", "ana"))]
    assert seen(abroad) == []
    ring.append(dealt(abroad, "ana", "steel", 9))
    (alert,) = seen(abroad)
    assert (alert.kind, alert.trades) == ("resale_ring", tuple(ring))
    assert alert.facts == "9 units went round 3 owners over 2 borders."


def test_a_carousel_half_on_the_book_is_seen(abroad: Bourse) -> None:
    out = dealt(abroad, "steel", "otto", 10)
    abroad.at += timedelta(minutes=1)
    abroad.send(abroad.order("otto", "sell", 10, 500, owner="Otto"))
    abroad.send(abroad.order("ana", "buy", 10, 500))
    back = dealt(abroad, "ana", "steel", 10)
    assert shown(seen(abroad)) == [("resale_ring", (out, *book(1), back))]


def test_a_ring_within_one_country_is_none(abroad: Bourse) -> None:
    for step in (("steel", "kiln"), ("kiln", "ana"), ("ana", "steel")):
        dealt(abroad, *step, 9)
    assert [each.kind for each in seen(abroad)] == []


def test_a_ring_that_closes_after_midnight_is_seen_then(abroad: Bourse) -> None:
    abroad.at = datetime(2025, 6, 7, 23, 0, tzinfo=UTC)
    first = [dealt(abroad, *step, 9) for step in (("steel", "otto"), ("otto", "ana"))]
    last = dealt(abroad, "ana", "steel", 9, minutes=90)
    assert seen_on(abroad, date(2025, 6, 7)) == []
    assert shown(seen_on(abroad, date(2025, 6, 8))) == [("resale_ring", (*first, last))]


def test_what_was_bought_and_has_not_come_counts_for_the_limit(bourse: Bourse) -> None:
    """The kiln holds 50. It buys 9 for July, and 1 more: 60, as many as it may have."""
    later = dealt(bourse, "steel", "kiln", 9, due="2025-07-01")
    sold(bourse, "steel", "kiln", 1)
    assert seen(bourse) == []
    over = dealt(bourse, "steel", "kiln", 1)
    assert shown(seen(bourse)) == [("over_holding_limit", (later, *book(1), over))]
    # On the next day too, when the nine are still to come: 50 + 9 + 1 + 1 and one more are 62.
    bourse.at += timedelta(days=1)
    sold(bourse, "steel", "kiln", 1)
    (alert,) = seen(bourse)
    assert (alert.trades, alert.facts) == (book(2), "KILN has 62 units, and may have 60.")
    # Once they have come they are held, and counted once; who sells what he bought is free of it.
    Bargain(bourse.land).run_deals(on="2025-07-01")
    bourse.at = on(date(2025, 7, 2))
    sold(bourse, "kiln", "steel", 3)
    sold(bourse, "steel", "kiln", 1)
    assert seen(bourse) == [], "50 + 9 + 3 - 3 + 1 are 60"


def test_trades_of_other_books_that_wait_for_their_day_count_for_the_limit(
    bourse: Bourse,
) -> None:
    """The kiln bought 10 in a lot that is settled two days later, before it buys one at once."""
    later = Bourse(bourse.land, code="EXA-T2")
    later.send(later.order("steel", "sell", 1, 500), later.order("kiln", "buy", 1, 500))
    assert seen(bourse) == [], "50 and 10 are 60"
    bourse.at += timedelta(days=1)
    sold(bourse, "steel", "kiln", 1)
    (alert,) = seen(bourse)
    assert (alert.trades, alert.facts) == (book(1), "KILN has 61 units, and may have 60.")
