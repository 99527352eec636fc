"""Sentences about the day: what counts on the deadline, what after it, and a year closed again."""

from datetime import date
from decimal import Decimal
from typing import TypeVar

import pytest

from changed import replace
from land import Land, example, numbers, receipt, with_law
from tonne import operations
from tonne.compliance import MakeGoodRule, Outcome
from tonne.operations import Receipt
from tonne.quantity import Tonnes
from tonne.rulebook import Clause, Dated
from world import Store

T = TypeVar("T")


def always(value: T, *, year: int = 2025) -> Clause[T]:
    return Clause(start=date(year, 1, 1), value=value, reference="Counting Act, s. 1")


@pytest.fixture
def counting_land(store: Store) -> Land:
    """A land that counts since 2025, and anew since 2027; one unit is owed for one missing."""
    one_for_one = MakeGoodRule(ratio=Decimal(1), rounding="ceiling")
    law = replace(
        example().compliance,
        status_test=Dated([always("cumulative")]),
        cumulative_since=Dated([always(year, year=year) for year in (2025, 2027)]),
        make_good=Dated([always(one_for_one)]),
    )
    return Land(store, scheme=with_law(example(), "compliance.toml", law)).settle()


def correct(land: Land, tonnes: int, *, on: str, year: int = 2025, name: str = "KILN") -> None:
    land.do(
        operations.correct,
        operator=name,
        year=year,
        tonnes=Tonnes(Decimal(tonnes)),
        note="meter 3",
        key=land.key(),
        on=on,
    )


def determine(land: Land, tonnes: int, *, on: str) -> None:
    land.do(
        operations.determine,
        operator="KILN",
        year=2025,
        reason="report_missing",
        stated=Tonnes(Decimal(tonnes)),
        key=land.key(),
        on=on,
    )


def take_back(land: Land, answer: Receipt, *, on: str) -> None:
    land.do(operations.reverse, answer.number, key=land.key(), on=on, by="administrator")


def meet(land: Land, year: int, tonnes: int, *, units: int | None = None) -> None:
    """The kiln emits and surrenders in time, as many units as tonnes if nothing else is said."""
    land.emit("kiln", tonnes, year=year)
    count = tonnes if units is None else units
    if count:
        assert numbers(land.surrender("kiln", count, year=year)) == []


def kiln(land: Land, year: int, *, on: str | None = None) -> Outcome:
    return land.close(year, on=on)["kiln"]


def closings(land: Land) -> list[tuple[int, str]]:
    story = land.do(operations.statement, land.number("kiln"), on="2026-05-01")
    return [(each.outcome.year, each.outcome.status) for each in story.closings]


# ---------------------------------------------------------------- the deadline


@pytest.mark.parametrize(
    ("on", "status", "penalty"),
    [("2026-04-30", "A", "EUR 0.00"), ("2026-05-01", "B", "EUR 2,000.00")],
)
def test_units_are_in_time_up_to_and_including_the_last_day(
    each_land: Land, on: str, status: str, penalty: str
) -> None:
    each_land.emit("kiln", 40)
    each_land.surrender("kiln", 40, on=on)
    outcome = kiln(each_land, 2025, on="2026-05-15")
    assert (outcome.status, str(outcome.penalty)) == (status, penalty)  # 40 x 50


@pytest.mark.parametrize(("closed", "made_good"), [("2026-05-01", 0), ("2026-05-20", 10)])
def test_what_is_owed_does_not_depend_on_the_day_of_closing(
    each_land: Land, closed: str, made_good: int
) -> None:
    each_land.emit("kiln", 50)
    each_land.surrender("kiln", 40)
    if closed < "2026-05-05":
        outcome = kiln(each_land, 2025, on=closed)
    assert numbers(each_land.surrender("kiln", 10, on="2026-05-05")) == []
    if closed > "2026-05-05":
        outcome = kiln(each_land, 2025, on=closed)
    # 10 are missing on 30 April, 20 are owed for them, and 10 of these have come.
    assert (outcome.status, outcome.missing, str(outcome.penalty)) == ("B", 10, "EUR 500.00")
    assert (outcome.made_good, outcome.carried) == (made_good, 20 - made_good)
    each_land.transfer(each_land.order("steel", "kiln", 41), on="2026-06-01")
    each_land.emit("kiln", 30, year=2026)
    # 30 + 20 - 10 = 40
    assert numbers(each_land.surrender("kiln", 41, year=2026)) == [6004]
    assert numbers(each_land.surrender("kiln", 40, year=2026)) == []
    assert kiln(each_land, 2026).status == "A"


def test_a_year_is_not_closed_before_the_last_day_for_its_units(each_land: Land) -> None:
    assert numbers(lambda: each_land.close(2025, on="2026-04-29")) == [6030]
    assert each_land.close(2025, on="2026-04-30")["kiln"].status == "C"


def test_after_the_last_day_of_the_next_year_nothing_is_owed_for_the_year_itself(
    each_land: Land,
) -> None:
    each_land.emit("kiln", 40)
    kiln(each_land, 2025)
    assert numbers(each_land.surrender("kiln", 1, on="2027-04-30")) == []
    # What is missing is owed for 2026 and later, though 2026 is not closed yet.
    assert numbers(each_land.surrender("kiln", 1, on="2027-05-01")) == [6004]


# ---------------------------------------------------------------- closed again


def test_a_year_is_closed_again_with_the_code_for_a_correction(each_land: Land) -> None:
    # Court of Justice, C-148/14: 40 were verified and surrendered, 46 are found.
    meet(each_land, 2025, 40)
    assert kiln(each_land, 2025).status == "A"
    correct(each_land, 46, on="2026-09-01")
    outcome = kiln(each_land, 2025, on="2026-09-15")
    assert (outcome.status, outcome.missing, outcome.carried) == ("D", 6, 6)
    assert (str(outcome.penalty), outcome.published) == ("EUR 0.00", False)
    # The 6 are owed in the next year, once.
    meet(each_land, 2026, 4)
    second = kiln(each_land, 2026)
    assert (second.missing, second.excess) == (6, 0)
    assert closings(each_land) == [(2025, "A"), (2025, "D"), (2026, "B")]


def test_who_surrenders_what_was_found_is_in_compliance_again(each_land: Land) -> None:
    meet(each_land, 2025, 40)
    kiln(each_land, 2025)
    correct(each_land, 46, on="2026-09-01")
    assert numbers(each_land.surrender("kiln", 7, on="2026-09-10")) == [6004]
    assert numbers(each_land.surrender("kiln", 6, on="2026-09-10")) == []
    outcome = kiln(each_land, 2025, on="2026-09-15")
    assert (outcome.status, outcome.missing, outcome.made_good) == ("E", 6, 6)
    assert outcome.carried == 0
    meet(each_land, 2026, 4)
    assert kiln(each_land, 2026).missing == 0


def test_an_outcome_stands_until_the_authority_speaks_again(each_land: Land) -> None:
    meet(each_land, 2025, 40)
    kiln(each_land, 2025)
    correct(each_land, 46, on="2026-09-01")
    kiln(each_land, 2025, on="2026-09-15")
    # A late surrender turns no D into an E.
    each_land.surrender("kiln", 6, on="2026-09-20")
    assert kiln(each_land, 2025, on="2026-10-01").status == "D"
    assert closings(each_land) == [(2025, "A"), (2025, "D")]
    correct(each_land, 45, on="2026-11-01")
    outcome = kiln(each_land, 2025, on="2026-11-02")
    assert (outcome.status, outcome.missing, outcome.made_good) == ("E", 5, 5)
    # One unit too many has come: it counts for the next year. 4 - 1 = 3
    each_land.emit("kiln", 4, year=2026)
    assert numbers(each_land.surrender("kiln", 4, year=2026)) == [6004]
    assert numbers(each_land.surrender("kiln", 3, year=2026)) == []


def test_a_correction_before_the_first_closing_gives_the_code_at_once(each_land: Land) -> None:
    meet(each_land, 2025, 40)
    correct(each_land, 46, on="2026-05-10")
    outcome = kiln(each_land, 2025, on="2026-05-15")
    assert (outcome.status, outcome.missing, str(outcome.penalty)) == ("D", 6, "EUR 0.00")


def test_a_correction_by_the_last_day_gives_a_or_b(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    correct(each_land, 46, on="2026-04-30")
    each_land.surrender("kiln", 46, on="2026-04-30")
    assert kiln(each_land, 2025, on="2026-05-15").status == "A"


def test_tonnes_that_were_never_emitted_carry_no_penalty(each_land: Land) -> None:
    each_land.emit("kiln", 50)
    each_land.surrender("kiln", 40)
    assert str(kiln(each_land, 2025).penalty) == "EUR 500.00"
    correct(each_land, 40, on="2026-09-01")
    outcome = kiln(each_land, 2025, on="2026-09-15")
    assert (outcome.status, outcome.missing, str(outcome.penalty)) == ("E", 0, "EUR 0.00")
    meet(each_land, 2026, 4)
    assert kiln(each_land, 2026).missing == 0


@pytest.mark.parametrize(("late", "status", "carried"), [(43, "D", 45), (44, "E", 44)])
def test_emissions_that_the_authority_sets_give_d_or_e_and_are_fined(
    each_land: Land, late: int, status: str, carried: int
) -> None:
    assert kiln(each_land, 2025).status == "C"
    determine(each_land, 44, on="2026-05-10")
    assert numbers(each_land.surrender("kiln", late, on="2026-05-12")) == []
    outcome = kiln(each_land, 2025, on="2026-05-15")
    # All 44 are missing on 30 April: 44 x 50 euros, and 88 are owed, less what has come.
    assert (outcome.status, str(outcome.penalty)) == (status, "EUR 2,200.00")
    assert (outcome.missing, outcome.carried) == (44, carried)


def test_a_late_report_leaves_the_code_c_and_is_owed_for(each_land: Land) -> None:
    assert kiln(each_land, 2025).status == "C"
    each_land.emit("kiln", 40, on="2026-05-10")
    outcome = kiln(each_land, 2025, on="2026-05-15")
    assert (outcome.status, outcome.report_missing) == ("C", False)
    assert (outcome.missing, str(outcome.penalty)) == (40, "EUR 2,000.00")
    assert kiln(each_land, 2025, on="2026-05-16") == outcome


def test_the_key_of_a_closing_gives_the_answer_of_that_closing(each_land: Land) -> None:
    meet(each_land, 2025, 40)
    first = each_land.close(2025, key="close")
    correct(each_land, 46, on="2026-09-01")
    assert each_land.close(2025, on="2026-09-15", key="again")["kiln"].status == "D"
    assert each_land.close(2025, on="2026-09-16", key="close") == first


# ---------------------------------------------------------------- counted exactly once


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("found", ["2027-05-05", "2027-05-20"])
def test_a_correction_after_the_deadline_is_counted_once_whenever_the_year_is_closed(
    each_land: Land, found: str, *, again: bool
) -> None:
    meet(each_land, 2025, 10)
    kiln(each_land, 2025)
    meet(each_land, 2026, 10)
    if found < "2027-05-10":
        correct(each_land, 16, on=found)
        assert not again or kiln(each_land, 2025, on=found).status == "D"
    outcome = kiln(each_land, 2026, on="2027-05-10")
    assert (outcome.status, outcome.missing, outcome.carried) == ("A", 0, 0)
    if found > "2027-05-10":
        correct(each_land, 16, on=found)
        assert not again or kiln(each_land, 2025, on=found).status == "D"
    meet(each_land, 2027, 10)
    third = kiln(each_land, 2027)
    assert (third.missing, third.excess, third.carried) == (6, 0, 6)
    each_land.emit("kiln", 10, year=2028)
    assert kiln(each_land, 2028).missing == 16  # 10 + 6


def test_a_correction_that_is_entered_late_for_an_earlier_day_is_counted(each_land: Land) -> None:
    meet(each_land, 2025, 10)
    kiln(each_land, 2025)
    meet(each_land, 2026, 10)
    kiln(each_land, 2026)
    # It holds from before both closings, and neither of them knew.
    correct(each_land, 16, on="2026-04-20")
    meet(each_land, 2027, 10)
    outcome = kiln(each_land, 2027)
    assert (outcome.missing, outcome.excess) == (6, 0)


def test_a_year_closed_again_after_the_next_is_fined_once_and_owed_once(each_land: Land) -> None:
    kiln(each_land, 2025)
    meet(each_land, 2026, 10)
    kiln(each_land, 2026)
    determine(each_land, 30, on="2027-06-01")
    again = kiln(each_land, 2025, on="2027-06-02")
    assert (again.status, str(again.penalty)) == ("D", "EUR 1,500.00")  # 30 x 50
    meet(each_land, 2027, 10)
    outcome = kiln(each_land, 2027)
    assert (outcome.missing, outcome.excess) == (30, 0)


def test_a_year_of_which_one_is_excluded_is_not_owed_when_it_is_corrected(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    each_land.do(operations.exclude, ["KILN"], year=2025, reason="small", key="x", on="2026-04-01")
    assert kiln(each_land, 2025).status == "-"
    correct(each_land, 46, on="2026-09-01")
    meet(each_land, 2026, 10)
    assert kiln(each_land, 2026).missing == 0


@pytest.mark.parametrize("found", ["2027-06-01", "2028-06-01", "2029-06-01"])
def test_tonnes_of_a_year_before_counting_began_anew_are_owed_whenever_they_are_found(
    counting_land: Land, found: str
) -> None:
    # 2025 and 2026 are counted together, and from 2027 on anew. 6 tonnes of 2025 are found before
    # 2027 is closed; or after it; or a year later.
    missing = {}
    meet(counting_land, 2025, 10)
    for year in (2025, 2026, 2027, 2028, 2029):
        if year > 2025:
            meet(counting_land, year, 0)
        outcome = kiln(counting_land, year)
        missing[year] = outcome.missing
        assert (outcome.excess, outcome.carried) == (0, outcome.missing)
        if found.startswith(str(year + 1)):
            correct(counting_land, 16, on=found)
    first = int(found[:4])
    assert missing == {year: 6 if year >= first else 0 for year in range(2025, 2030)}


def test_within_a_period_a_correction_is_in_the_total_and_not_fined(counting_land: Land) -> None:
    meet(counting_land, 2025, 10)
    kiln(counting_land, 2025)
    correct(counting_land, 16, on="2026-06-01")
    assert kiln(counting_land, 2025, on="2026-06-02").status == "D"
    meet(counting_land, 2026, 10)
    outcome = kiln(counting_land, 2026)
    # 26 emitted, 20 surrendered.
    assert (outcome.status, outcome.missing, outcome.excess) == ("B", 6, 0)


@pytest.mark.parametrize("on", ["2027-05-05", "2027-06-01"])
def test_units_for_an_earlier_year_that_are_taken_back_are_owed_again(
    each_land: Land, on: str
) -> None:
    each_land.emit("kiln", 10)
    given = receipt(each_land.surrender("kiln", 10))
    kiln(each_land, 2025)
    meet(each_land, 2026, 10)
    if on < "2027-05-10":
        take_back(each_land, given, on=on)
    assert kiln(each_land, 2026, on="2027-05-10").status == "A"
    if on > "2027-05-10":
        take_back(each_land, given, on=on)
    meet(each_land, 2027, 10)
    outcome = kiln(each_land, 2027)
    assert (outcome.missing, outcome.excess, outcome.carried) == (10, 0, 10)


def test_units_taken_back_from_before_counting_began_anew_are_owed_again(
    counting_land: Land,
) -> None:
    counting_land.emit("kiln", 10)
    given = receipt(counting_land.surrender("kiln", 10))
    missing = []
    for year in (2025, 2026, 2027, 2028, 2029):
        if year > 2025:
            meet(counting_land, year, 0)
        missing.append(kiln(counting_land, year).missing)
        if year == 2027:
            take_back(counting_land, given, on="2028-06-01")
    assert missing == [0, 0, 0, 10, 10]


# ---------------------------------------------------------------- units that come back


def test_units_that_come_back_are_own_or_bought_as_they_were(each_land: Land) -> None:
    each_land.transfer(each_land.order("steel", "kiln", 10))
    each_land.emit("kiln", 55)
    # Own 61 to 110, then 1 to 5 of the bought 1 to 10.
    for _ in range(2):
        take_back(each_land, receipt(each_land.surrender("kiln", 55)), on="2026-04-16")
    each_land.surrender("kiln", 52)
    assert sorted(each_land.blocks("surrendered")) == [(1, 2), (61, 110)]
    each_land.stands()


def test_units_that_come_back_take_their_old_place(each_land: Land) -> None:
    each_land.emit("kiln", 50)
    back = receipt(each_land.surrender("kiln", 40))
    each_land.allocate({"KILN": 5}, year=2026, on="2026-04-16")
    take_back(each_land, back, on="2026-04-17")
    # 61 to 110 were received first, 111 to 115 last.
    each_land.surrender("kiln", 50, on="2026-04-18")
    assert each_land.blocks("kiln") == [(111, 115)]


def test_of_units_that_came_together_the_lowest_numbers_go_first(each_land: Land) -> None:
    each_land.transfer(
        each_land.order("steel", "ana", numbers=(1, 8)),
        each_land.order("steel", "ana", numbers=(10, 14)),
    )
    # 9 and 15 to 24 come in one transfer; the kiln's own 50 go before them.
    each_land.transfer(each_land.order("steel", "kiln", 11))
    each_land.emit("kiln", 51)
    each_land.surrender("kiln", 51)
    assert each_land.blocks("kiln") == [(15, 24)]
