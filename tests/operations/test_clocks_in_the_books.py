"""Sentences about clock auctions in the books: a price falls until the budget is enough."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from changed import replace
from land import Land, numbers, with_law
from tonne.operations import clocks
from tonne.registry import Role
from tonne.rulebook import Dated

ON = "2025-06-02"


@dataclass
class Hall:
    """A land whose authority pays for reductions, in short words."""

    land: Land

    def open(
        self, *bidders: str, name: str = "C1", by: Role = "authority", key: str = ""
    ) -> clocks.ClockStands:
        """Open a clock for the steelworks and the kiln, or for others."""
        admitted = [self.land.number(each) for each in bidders or ("steel", "kiln")]
        return self.land.do(
            clocks.open_clock, name, bidders=admitted, key=key or self.land.key(), on=ON, by=by
        )

    def bid(self, who: str, price: str, count: int, *, key: str = "") -> clocks.ClockStands:
        """Bid at the price that is called."""
        return self.land.do(
            clocks.bid, "C1", bidder=self.land.number(who), price=Decimal(price), count=count,
            key=key or self.land.key(), on=ON, by="operator",
        )  # fmt: skip

    def end(self, *, key: str = "") -> clocks.ClockStands:
        """End the round."""
        return self.land.do(clocks.end_round, "C1", key=key or self.land.key(), on=ON)

    def stands(self) -> clocks.ClockStands:
        """How it stands."""
        return self.land.run(lambda books: clocks.the_clock(books, self.land.scheme, "C1"))


@pytest.fixture
def hall(each_land: Land) -> Hall:
    """The land."""
    return Hall(each_land)


# 20.00 x 60 = 1,200 and 19.50 x 55 = 1,072.50 are more than 1,000; 19.00 x 50 = 950 is not.
def test_the_price_falls_until_what_is_bid_fits_the_budget(hall: Hall) -> None:
    assert hall.open().price == Decimal("20.00")
    hall.bid("steel", "20.00", 40)
    hall.bid("kiln", "20.00", 20)
    assert hall.end().price == Decimal("19.50")
    hall.bid("steel", "19.50", 40)
    hall.bid("kiln", "19.50", 15)
    hall.end()
    hall.bid("steel", "19.00", 40)
    hall.bid("kiln", "19.00", 10)
    found = hall.end()
    assert found.result is not None
    assert (found.price, found.round, found.result.price) == (None, 3, Decimal("19.00"))
    assert (str(found.result.cost), str(found.result.left)) == ("EUR 950.00", "EUR 50.00")
    steel, kiln = found.agreements
    assert (steel.bidder, steel.count, steel.minor) == (hall.land.number("steel"), 40, 76_000)
    assert list(map(int, steel.targets)) == [8, 16, 24, 32, 40]
    assert (kiln.agreement, kiln.count, kiln.minor) == (f"C1/{kiln.bidder}", 10, 19_000)
    result = hall.land.run(lambda books: clocks.result(books, hall.land.scheme, "C1"))
    assert result == found == hall.stands()


def test_no_money_moves_and_none_is_held(hall: Hall) -> None:
    before = hall.land.size()
    hall.open()
    hall.bid("steel", "20.00", 40)
    assert hall.end().result is not None
    assert hall.land.size() == before
    assert hall.land.held("authority", "EUR") == 0
    hall.land.stands()


def test_the_last_word_of_a_round_counts_and_who_is_silent_has_left(hall: Hall) -> None:
    hall.open()
    hall.bid("steel", "20.00", 30)
    assert hall.bid("steel", "20.00", 60).bids == {hall.land.number("steel"): 60}
    hall.bid("kiln", "20.00", 20)
    hall.end()
    assert hall.stands().bids == {}
    hall.bid("steel", "19.50", 50)
    found = hall.end()
    assert [each.count for each in found.agreements] == [50]


def test_a_bid_that_is_not_lawful_is_refused_when_it_comes(hall: Hall) -> None:
    hall.open()
    assert numbers(lambda: hall.bid("ana", "20.00", 5)) == [8252]
    assert numbers(lambda: hall.bid("steel", "20.50", -1)) == [8856, 8254]
    assert numbers(hall.end) == [8854]
    hall.bid("steel", "20.00", 60)
    hall.end()
    assert numbers(lambda: hall.bid("steel", "20.00", 60)) == [8856]
    assert numbers(lambda: hall.bid("steel", "19.50", 61)) == [8253]
    assert numbers(lambda: hall.bid("kiln", "19.50", 1)) == [8253]


def test_a_clock_that_has_stopped_is_over(hall: Hall) -> None:
    hall.open()
    unfinished = lambda: hall.land.run(  # noqa: E731  asked twice
        lambda books: clocks.result(books, hall.land.scheme, "C1")
    )
    assert numbers(unfinished) == [8853]
    hall.bid("steel", "20.00", 50)
    hall.end()
    assert numbers(unfinished) == []
    assert numbers(lambda: hall.bid("steel", "19.50", 1)) == [8255]
    assert numbers(hall.end) == [8255]


def test_the_price_does_not_fall_to_nothing(hall: Hall) -> None:
    rules = hall.land.scheme.clocks
    (clause,) = rules.start_price.clauses
    low = Dated([replace(clause, value=Decimal("0.50"))])
    law = replace(rules, start_price=low)
    hall.land.scheme = with_law(hall.land.scheme, "clocks.toml", law)
    hall.open()
    hall.bid("steel", "0.50", 2_001)
    assert numbers(hall.end) == [8250]
    hall.bid("steel", "0.50", 2_000)
    assert hall.end().result is not None


def test_a_clock_has_a_name_of_its_own_and_bidders_that_are_there(hall: Hall) -> None:
    hall.open(key="o")
    assert hall.open(key="o") == hall.stands()
    assert numbers(hall.open) == [8851]
    assert numbers(lambda: hall.open("steel", "steel", name="C2")) == [8855]
    assert numbers(lambda: hall.open("nobody", name="C2")) == [1002]
    assert numbers(lambda: hall.open(name="C2", by="operator")) == [3107]
    every = hall.land.run(lambda books: clocks.clocks(books, hall.land.scheme))
    assert [each.name for each in every] == ["C1"]


def test_a_clock_is_called_by_its_name(hall: Hall) -> None:
    assert numbers(hall.stands) == [8852]


def test_a_request_to_the_clock_sent_again_is_done_once(hall: Hall) -> None:
    hall.open()
    hall.bid("steel", "20.00", 60, key="b")
    hall.bid("steel", "20.00", 60, key="b")
    hall.end(key="r")
    assert hall.end(key="r").round == 2
    assert hall.bid("steel", "20.00", 60, key="b").bids == {}
    assert numbers(lambda: hall.bid("steel", "19.50", 60, key="b")) == [9001]
