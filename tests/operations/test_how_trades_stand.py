"""How the settlement of trades stands by day: they wait, fail, are rolled, bought in, settled."""

from datetime import date

import pytest

from bourse import NOON, Bourse
from land import Land, with_law
from tonne.market import CureMethod
from tonne.operations.settlement_views import part_stories, stands
from tonne.rulebook import Clause, Dated

MONDAY, WEDNESDAY, FRIDAY = date(2025, 6, 2), date(2025, 6, 4), date(2025, 6, 6)


@pytest.fixture
def bourse(land: Land) -> Bourse:
    """Where units are delivered two days after the trade, ten to a lot, and may be sold short."""
    made = Bourse(land, code="EXA-T2")
    for name in ("kiln", "ana"):
        made.purse.bring(name, "1000.00")
    return made


def settle(bourse: Bourse, on: date) -> None:
    bourse.at = NOON + (on - MONDAY)
    bourse.settle(key=bourse.land.key())


def seen(bourse: Bourse, on: date) -> list[tuple[int, int, str, date, int]]:
    scheme = bourse.land.scheme
    parts = bourse.land.run(lambda books: part_stories(books, scheme, bourse.code, last=on))
    return [(e.traded.trade_id, e.part, e.status, e.due, e.left) for e in parts]


def test_a_trade_waits_for_its_day_and_is_then_settled(bourse: Bourse) -> None:
    bourse.send(bourse.order("steel", "sell", 2, 500), bourse.order("kiln", "buy", 2, 500))
    assert seen(bourse, MONDAY) == [(1, 0, "waits", WEDNESDAY, 2)]
    settle(bourse, WEDNESDAY)
    assert seen(bourse, WEDNESDAY) == [(1, 0, "settled", WEDNESDAY, 0)]
    # On a day before, it still waits; and before it was made there was nothing.
    assert seen(bourse, date(2025, 6, 3)) == [(1, 0, "waits", WEDNESDAY, 2)]
    assert seen(bourse, date(2025, 6, 1)) == []


def test_what_is_settled_at_once_never_waits(land: Land) -> None:
    bourse = Bourse(land)
    bourse.purse.bring("kiln", "1000.00")
    bourse.send(bourse.order("steel", "sell", 4, 500), bourse.order("kiln", "buy", 4, 500))
    assert seen(bourse, MONDAY) == [(1, 0, "settled", MONDAY, 0)]


def test_who_fails_is_tried_again_and_then_others_stand_in(bourse: Bourse) -> None:
    bourse.send(bourse.order("ana", "sell", 3, 500), bourse.order("kiln", "buy", 3, 500))
    settle(bourse, WEDNESDAY)
    # The Example Act, s. 45: bought in the second time, two days later.
    assert seen(bourse, WEDNESDAY) == [(1, 0, "failed", FRIDAY, 3)]
    settle(bourse, FRIDAY)
    assert seen(bourse, FRIDAY) == [(1, 0, "bought_in", FRIDAY, 3)]


def test_the_rest_is_rolled_where_the_law_has_it_delivered_in_part(bourse: Bourse) -> None:
    rules = bourse.land.scheme.settlement
    cure: CureMethod = "partial"
    law = Dated((Clause(start=date(2025, 1, 1), value=cure, reference="Act"),))
    bourse.land.scheme = with_law(
        bourse.land.scheme, "settlement.toml",
        type(rules)(netting=rules.netting, cure=law, roll_days=rules.roll_days),
    )  # fmt: skip
    bourse.restart()
    bourse.land.transfer(bourse.land.order("steel", "ana", 20), on="2025-06-01")
    bourse.send(bourse.order("ana", "sell", 3, 500), bourse.order("kiln", "buy", 3, 500))
    settle(bourse, WEDNESDAY)
    # Two lots of the three could be delivered.
    assert seen(bourse, WEDNESDAY) == [(1, 0, "rolled", FRIDAY, 1)]
    bourse.land.transfer(bourse.land.order("steel", "ana", 10), on="2025-06-05")
    settle(bourse, FRIDAY)
    assert seen(bourse, FRIDAY) == [(1, 0, "settled", FRIDAY, 0)]


def test_parts_of_clients_stand_each_for_itself_and_the_trade_as_the_worst(bourse: Bourse) -> None:
    bourse.send(bourse.order("ana", "sell", 3, 500), bourse.order("kiln", "buy", 3, 500))
    bourse.allocate(1, "ana", ("steel", 20), ("ana", 10))
    assert seen(bourse, MONDAY) == [(1, 1, "waits", WEDNESDAY, 2), (1, 2, "waits", WEDNESDAY, 1)]
    settle(bourse, WEDNESDAY)
    # The steelworks has 60 units; Ana has none.
    assert seen(bourse, WEDNESDAY) == [(1, 1, "settled", WEDNESDAY, 0), (1, 2, "failed", FRIDAY, 1)]
    scheme = bourse.land.scheme
    parts = bourse.land.run(lambda books: part_stories(books, scheme, "EXA-T2", last=WEDNESDAY))
    assert stands(parts).status == "failed"


def test_a_part_that_was_given_on_after_it_failed_still_stands_as_failed(bourse: Bourse) -> None:
    bourse.send(bourse.order("ana", "sell", 1, 500), bourse.order("kiln", "buy", 1, 500))
    settle(bourse, WEDNESDAY)
    bourse.allocate(1, "ana", ("steel", 10))
    assert seen(bourse, WEDNESDAY) == [(1, 1, "failed", FRIDAY, 1)]
    settle(bourse, FRIDAY)
    assert seen(bourse, FRIDAY) == [(1, 1, "settled", FRIDAY, 0)]
