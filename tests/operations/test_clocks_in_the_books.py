"""Sentences about clock auctions in the books: a price falls until the budget is enough."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from changed import replace
from land import Land, numbers, with_law
from purse import Purse
from tonne import operations
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

    def settle(
        self, year: int, *missed: str, key: str = "", by: Role = "authority"
    ) -> clocks.ClockStands:
        """Pay for a year, but not those who missed it."""
        return self.land.do(
            clocks.settle, "C1", year=year, missed=[self.land.number(each) for each in missed],
            key=key or self.land.key(), on=ON, by=by,
        )  # fmt: skip

    def free(self, name: str) -> int:
        """The cents that an account has free."""
        pair = self.land.number(name), "EUR"
        return self.land.run(lambda books: books.free([pair]))[pair]

    def stands(self) -> clocks.ClockStands:
        """How it stands."""
        return self.land.run(lambda books: clocks.the_clock(books, self.land.scheme, "C1"))


@pytest.fixture
def hall(each_land: Land) -> Hall:
    """The land, whose authority has EUR 1,000.00."""
    Purse(each_land).bring("authority", "1000.00")
    return Hall(each_land)


def amend(hall: Hall, name: str, value: object) -> None:
    """Amend one rule of the Act."""
    rules = hall.land.scheme.clocks
    (clause,) = getattr(rules, name).clauses
    law = replace(rules, **{name: Dated([replace(clause, value=value)])})
    hall.land.scheme = with_law(hall.land.scheme, "clocks.toml", law)


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


def test_the_budget_is_on_hold_until_the_clock_stops_and_then_what_it_came_to(hall: Hall) -> None:
    hall.open()
    assert hall.free("authority") == 0
    hall.bid("steel", "20.00", 40)
    assert hall.end().result is not None
    # 40 at 20.00.
    assert hall.free("authority") == 100_000 - 80_000
    assert hall.land.held("authority", "EUR") == 100_000
    hall.land.stands()


# 33 at 20.00 are 660.00 and 7 are 140.00: a fifth each year, 132.00 and 28.00.
def test_an_incentive_is_paid_year_by_year_to_who_has_reduced(hall: Hall) -> None:
    hall.open()
    hall.bid("steel", "20.00", 33)
    hall.bid("kiln", "20.00", 7)
    assert numbers(lambda: hall.settle(1)) == [8853]
    hall.end()
    assert numbers(lambda: hall.settle(1, by="operator")) == [3107]
    first = hall.settle(1, key="first")
    assert hall.settle(1, key="first") == first
    assert numbers(lambda: hall.settle(1)) == [8859]
    assert numbers(lambda: hall.settle(6)) == [8859]
    assert (hall.land.held("steel", "EUR"), hall.land.held("kiln", "EUR")) == (13_200, 2_800)
    assert (hall.land.held("authority", "EUR"), hall.free("authority")) == (84_000, 20_000)
    assert numbers(lambda: hall.settle(2, "ana")) == [8861]
    # Who misses a year has lost that year alone, and what was on hold for it is free.
    hall.settle(2, "kiln")
    assert numbers(lambda: hall.settle(2)) == [8859]
    assert (hall.land.held("kiln", "EUR"), hall.free("authority")) == (2_800, 22_800)
    for year in (3, 4, 5):
        hall.settle(year)
    assert (hall.land.held("steel", "EUR"), hall.land.held("kiln", "EUR")) == (66_000, 11_200)
    assert hall.land.held("authority", "EUR") == hall.free("authority") == 22_800
    hall.land.stands()


# 7 tonnes at 20.03 are 140.21: 28.04 a year, and 28.05 in the last.
def test_no_cent_of_an_incentive_is_lost_between_the_years(hall: Hall) -> None:
    amend(hall, "start_price", Decimal("20.03"))
    hall.open()
    hall.bid("kiln", "20.03", 7)
    hall.end()
    paid = [hall.settle(year).settled[-1].paid[0].minor for year in range(1, 6)]
    assert paid == [2_804, 2_804, 2_804, 2_804, 2_805]


def test_where_the_law_says_so_an_incentive_is_paid_at_once(hall: Hall) -> None:
    amend(hall, "payment", "at_once")
    hall.open()
    hall.bid("kiln", "20.00", 7)
    hall.end()
    assert numbers(lambda: hall.settle(2)) == [8859]
    hall.settle(1)
    assert (hall.land.held("kiln", "EUR"), hall.free("authority")) == (14_000, 86_000)


def test_who_cannot_be_paid_is_told_and_is_still_owed(hall: Hall) -> None:
    hall.open("steel", "ana")
    hall.bid("ana", "20.00", 5)
    hall.bid("steel", "20.00", 5)
    hall.end()
    ana = hall.land.number("ana")
    hall.land.do(
        operations.change_account, ana, "close", reason="gone", key="c", on=ON, by="administrator"
    )
    word = hall.settle(1).settled[-1]
    assert ([each.bidder for each in word.paid], [each.bidder for each in word.unpaid]) == (
        [hall.land.number("steel")], [ana],
    )  # fmt: skip
    assert hall.stands().due(1, hall.land.scheme) == {ana: 2_000}
    # Of 100.00 each 20.00 are paid to one, and 180.00 stay on hold.
    assert hall.land.held("authority", "EUR") == 98_000
    assert hall.free("authority") == 98_000 - 18_000


def test_a_clock_that_is_called_off_frees_its_budget_and_takes_no_bids(hall: Hall) -> None:
    def call_off(key: str = "", by: Role = "authority") -> clocks.ClockStands:
        return hall.land.do(
            clocks.call_off, "C1", reason="nobody bids", key=key or hall.land.key(), on=ON, by=by
        )

    hall.open()
    assert numbers(lambda: call_off(by="operator")) == [3107]
    found = call_off("off")
    assert call_off("off") == found == hall.stands()
    assert hall.free("authority") == 100_000
    assert numbers(call_off) == [8860]
    assert numbers(lambda: hall.bid("steel", "20.00", 5)) == [8860]
    assert numbers(hall.end) == [8860, 8854]
    assert 8860 in numbers(lambda: hall.settle(1))


def test_a_budget_that_is_not_there_opens_no_clock(hall: Hall) -> None:
    hall.open()
    assert numbers(lambda: hall.open(name="C2")) == [3005]
    assert numbers(lambda: hall.open("authority", name="C2")) == [3005, 2508]


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
    amend(hall, "start_price", Decimal("0.50"))
    hall.open()
    hall.bid("steel", "0.50", 2_001)
    assert numbers(hall.end) == [8250]
    hall.bid("steel", "0.50", 2_000)
    assert hall.end().result is not None


def test_a_clock_has_a_name_of_its_own_and_bidders_that_are_there(hall: Hall) -> None:
    hall.open(key="o")
    assert hall.open(key="o") == hall.stands()
    Purse(hall.land).bring("authority", "1000.00")
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
