"""Sentences about what a nation owes in the place of temporary units, told from the books."""

from datetime import date

import pytest

from nations import World
from tonne import operations
from tonne.compliance import ReplacementDuty, StorageNotice
from tonne.operations import Conversion
from tonne.refusal import Refused
from world import Store


@pytest.fixture
def vienna(store: Store) -> World:
    """Vienna has 60 tCER and 40 lCER of two projects, and 100 units of its own."""
    world = World(store).settle()
    pending, target = world.own["CDM"]["pending"], world.own["AT"]["party"]
    for kind, project, certified in (
        ("tCER-1", "MD-514", 200),
        ("lCER-1/2031-05-01", "MD-515", 100),
    ):
        unit = world.credit(certified, unit=kind, project=project, number=project).unit
        world.do(operations.forward, [world.move(pending, target, unit, 60)])
    world.issue("AAU-1 AT", 100)
    return world


TCER, LCER = "tCER-1 MD-514/2020-12-31", "lCER-1 MD-515/2031-05-01"


def duties(world: World, on: str) -> list[ReplacementDuty]:
    day = date.fromisoformat(on)
    found = world.store.run(
        lambda books: operations.replacements(books, world.scheme, "AT", on=day)
    )
    return list(found)


def told(world: World, on: str) -> list[tuple[str, int, int]]:
    return [(each.cause, each.owed, each.open) for each in duties(world, on)]


def test_what_is_only_held_is_not_replaced(vienna: World) -> None:
    assert told(vienna, "2020-01-01") == []
    vienna.end("retire", vienna.own["AT"]["party"], TCER, 45)
    assert told(vienna, "2020-01-01") == [("tcer_expiry", 45, 45)]


def test_a_replacement_discharges_the_duty_and_what_is_missing_is_overdue(vienna: World) -> None:
    own = vienna.own["AT"]["party"]
    vienna.end("retire", own, TCER, 45)
    vienna.end("replace_tcer", own, "AAU-1 AT", 30)
    (duty,) = duties(vienna, "2020-12-31")
    assert (duty.open, duty.overdue(date(2020, 12, 31))) == (15, False)
    assert duty.overdue(date(2021, 1, 1))
    vienna.end("replace_tcer", own, "AAU-1 AT", 15)
    (duty,) = duties(vienna, "2021-01-01")
    assert (duty.open, duty.overdue(date(2021, 1, 1))) == (0, False)


def test_a_temporary_unit_in_the_place_of_another_has_to_be_replaced_itself(vienna: World) -> None:
    own = vienna.own["AT"]["party"]
    vienna.end("retire", own, TCER, 45)
    vienna.end("replace_tcer", own, TCER, 10)
    assert told(vienna, "2020-12-01") == [("tcer_expiry", 55, 45)]


def test_a_reversal_is_made_good_in_thirty_days_and_the_rest_when_it_expires(vienna: World) -> None:
    own = vienna.own["AT"]["party"]
    vienna.end("retire", own, LCER, 40)
    notice = StorageNotice(
        cause="reversal", project="MD-515", day=date(2014, 6, 10), reversed=30, outstanding=160
    )
    vienna.do(operations.notify, notice, key="notice", on="2014-06-10")
    # 40 x 30 / 160 = 7.5; a part of a unit is a unit.
    assert told(vienna, "2014-07-10") == [("reversal", 8, 8), ("lcer_expiry", 32, 32)]
    assert [each.due for each in duties(vienna, "2014-07-10")] == [
        date(2014, 7, 10), date(2031, 5, 1)
    ]  # fmt: skip
    vienna.end("replace_lcer_reversal", own, "AAU-1 AT", 8)
    assert told(vienna, "2014-07-11") == [("reversal", 8, 0), ("lcer_expiry", 32, 32)]


def test_units_that_are_retired_after_a_notice_are_not_touched_by_it(vienna: World) -> None:
    notice = StorageNotice(cause="report", project="MD-515", day=date(2014, 5, 31))
    vienna.do(operations.notify, notice, key="notice", on="2014-05-31")
    vienna.end("retire", vienna.own["AT"]["party"], LCER, 40)
    assert told(vienna, "2014-07-10") == [("lcer_expiry", 40, 40)]


def test_an_expiry_that_is_changed_moves_the_duty(vienna: World) -> None:
    own = vienna.own["AT"]
    vienna.end("retire", own["party"], LCER, 40)
    order = Conversion(key="k", account=own["retired"], unit=LCER, count=40)
    vienna.do(operations.change_expiry, order, expiry=date(2041, 5, 1))
    (duty,) = duties(vienna, "2015-01-01")
    assert (duty.due, duty.owed) == (date(2041, 5, 1), 40)


def test_a_notice_is_written_down_once_and_by_the_authority(vienna: World) -> None:
    notice = StorageNotice(cause="report", project="MD-515", day=date(2014, 6, 1))
    first, again = (vienna.do(operations.notify, notice, key="n") for _ in range(2))
    assert (again.number, again.repeated) == (first.number, True)
    other = StorageNotice(cause="report", project="MD-516", day=date(2014, 6, 1))
    with pytest.raises(Refused, match=r"\[9001\]"):
        vienna.do(operations.notify, other, key="n")


def test_a_nation_without_a_registry_has_no_duties_to_tell(vienna: World) -> None:
    with pytest.raises(Refused, match=r"\[3205\]"):
        vienna.store.run(
            lambda books: operations.replacements(books, vienna.scheme, "NO", on=date(2014, 1, 1))
        )
