"""What looks like abuse on an exchange, seen in the books."""

from datetime import timedelta

import pytest

from always import always
from bourse import CODE, Bourse
from changed import replace
from land import Land, with_law
from tonne import operations
from tonne.market import Alert
from tonne.operations import Opening
from tonne.store import MemoryStore


@pytest.fixture
def bourse() -> Bourse:
    """An exchange on which nobody may hold more than 60; the kiln holds 50, the steelworks 60."""
    land = Land(MemoryStore()).settle()
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
    day, scheme = bourse.at.date(), bourse.land.scheme
    return bourse.land.run(
        lambda books: operations.alerts(books, scheme, CODE, first=day, last=day)
    )


def test_an_honest_day_shows_nothing(bourse: Bourse) -> None:
    sold(bourse, "steel", "kiln", 10)
    assert seen(bourse) == [], "the kiln holds 60, as many as it may"


def test_who_buys_more_than_the_limit_is_seen_with_the_trades(bourse: Bourse) -> None:
    sold(bourse, "steel", "kiln", 10)
    sold(bourse, "steel", "kiln", 1)
    (alert,) = seen(bourse)
    assert (alert.kind, alert.owners, alert.trades) == ("over_holding_limit", ("KILN",), (1, 2))
    assert alert.facts == "KILN holds 61 lots, and may hold 60."


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
    assert (alert.owners, alert.trades) == (("Ana",), (1, 2))


def test_the_same_lots_there_and_back_are_seen(bourse: Bourse) -> None:
    sold(bourse, "steel", "ana", 7)
    sold(bourse, "ana", "steel", 7)
    assert [(each.kind, each.trades) for each in seen(bourse)] == [("round_trip", (1, 2))]


def test_orders_that_only_pretend_are_seen(bourse: Bourse) -> None:
    """Three offers of 20, gone within a minute, while the one who made them buys 10."""
    names = ("x", "y", "z")
    bourse.send(*(bourse.order("steel", "sell", 20, 505 + n, name=names[n]) for n in range(3)))
    sold(bourse, "kiln", "steel", 10, price=500)
    bourse.send(*(bourse.cancel("steel", name) for name in names))
    (alert,) = [each for each in seen(bourse) if each.kind == "layering"]
    assert (alert.owners, alert.trades, alert.orders) == (("STEEL",), (1,), (1, 2, 3))
