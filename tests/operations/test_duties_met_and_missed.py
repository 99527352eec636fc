"""Sentences about duties: which units are surrendered, what a closing says, how a period ends."""

from decimal import Decimal

import pytest

from changed import replace
from land import Land, accepted, desk, numbers, receipt
from tonne import operations
from tonne.operations import Receipt
from tonne.quantity import Tonnes

DAY = "2026-04-15"


def change(land: Land, name: str, verb: str) -> None:
    land.do(
        operations.change_account,
        land.number(name),
        verb,
        reason="as told",
        key=land.key(),
        on=DAY,
        by="administrator",
    )


def reverse(land: Land, answer: Receipt, *, on: str = DAY, key: str = "") -> Receipt:
    return land.do(
        operations.reverse, answer.number, key=key or land.key(), on=on, by="administrator"
    )


def test_units_are_surrendered_for_tonnes_of_the_year(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    answer = receipt(each_land.surrender("kiln", 40))
    assert each_land.blocks("surrendered") == [(61, 100)]
    assert each_land.blocks("kiln") == [(101, 110)]
    (step,) = each_land.run(lambda books: books.steps(transaction=answer.number))
    assert (step.kind, step.year, step.units) == ("surrender", 2025, 40)


def test_no_more_is_surrendered_than_is_owed_however_many_orders_there_are(
    each_land: Land,
) -> None:
    each_land.allocate({"KILN": 50}, year=2026)
    each_land.emit("kiln", 40)
    orders = [each_land.duty("kiln", 30), each_land.duty("kiln", 30), each_land.duty("kiln", 10)]
    answers = each_land.do(operations.surrender, orders, on=DAY, by="operator")
    assert [numbers(each) for each in answers] == [[], [6004], []]
    assert each_land.held("surrendered") == 40


def test_no_more_is_surrendered_than_is_held(each_land: Land) -> None:
    each_land.emit("kiln", 60)
    assert numbers(each_land.surrender("kiln", 51)) == [3005]
    assert each_land.held("kiln") == 50


def test_all_that_speaks_against_a_surrender_is_told_at_once(each_land: Land) -> None:
    change(each_land, "kiln", "suspend")
    # The year is not over, nothing is owed yet; suspended; and only 50 are held.
    answer = each_land.surrender("kiln", 51, on="2025-12-31")
    assert numbers(answer) == [6003, 6004, 1004, 3005]


def test_a_suspended_account_surrenders_nothing_by_itself(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    change(each_land, "kiln", "suspend")
    assert numbers(each_land.surrender("kiln", 40)) == [1004]
    assert numbers(each_land.surrender("kiln", 40, by="administrator")) == []


def test_units_of_another_period_do_not_count_for_the_year(each_land: Land) -> None:
    each_land.issue(100, year=2028, on="2028-01-02")
    each_land.transfer(each_land.order("authority", "kiln", 40, unit="EXA-2"), on="2028-01-03")
    each_land.emit("kiln", 40, year=2027)
    each_land.emit("kiln", 40, year=2028)
    # Nothing is borrowed for 2027; nothing is banked for 2028.
    borrowed = each_land.surrender("kiln", 40, year=2027, unit="EXA-2")
    assert set(numbers(borrowed)) == {6012, 3001}
    banked = each_land.surrender("kiln", 40, year=2028, unit="EXA-1")
    assert {6013, 6014, 3001, 3102} <= set(numbers(banked))
    assert each_land.held("surrendered") == 0


def test_a_citizen_surrenders_nothing_and_neither_does_an_unknown_account(land: Land) -> None:
    assert numbers(land.surrender("ana", 1)) == [1007, 3005]
    assert numbers(land.surrender("XE-120-404-0-63", 1))[0] in {1001, 1002}


def test_nothing_is_surrendered_by_an_order_of_no_units(land: Land) -> None:
    land.emit("kiln", 40)
    assert numbers(land.surrender("kiln", 0)) == [6001]


def test_own_units_go_before_those_that_were_bought(each_land: Land) -> None:
    each_land.transfer(each_land.order("steel", "kiln", 10))
    each_land.allocate({"KILN": 5}, year=2026, on="2025-07-01")
    # Own: 61 to 110, then 111 to 115. Bought in between: 1 to 10.
    assert each_land.blocks("kiln") == [(61, 110), (1, 10), (111, 115)]
    each_land.emit("kiln", 57)
    assert numbers(each_land.surrender("kiln", 57)) == []
    assert sorted(each_land.blocks("surrendered")) == [(1, 2), (61, 110), (111, 115)]
    assert each_land.blocks("kiln") == [(3, 10)]


def test_two_orders_of_one_operator_take_different_units(each_land: Land) -> None:
    each_land.transfer(each_land.order("steel", "kiln", 10))
    each_land.emit("kiln", 60)
    orders = [each_land.duty("kiln", 30), each_land.duty("kiln", 30)]
    assert accepted(each_land.do(operations.surrender, orders, on=DAY, by="operator"))
    assert each_land.held("kiln") == 0
    each_land.stands()


def test_an_operator_may_name_the_units_it_surrenders(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    assert numbers(each_land.surrender("kiln", 5, numbers=(101, 105))) == []
    assert each_land.blocks("kiln") == [(61, 100), (106, 110)]
    assert numbers(each_land.surrender("kiln", 5, numbers=(105, 109))) == [310]


@pytest.mark.parametrize("bought", [False, True])
def test_a_surrender_that_is_sent_again_is_answered_again(each_land: Land, bought: bool) -> None:  # noqa: FBT001
    if bought:  # Then the law chooses which units go, and would choose others now.
        each_land.transfer(each_land.order("steel", "kiln", 10))
    each_land.emit("kiln", 20)
    first = receipt(each_land.surrender("kiln", 15, key="once"))
    again = receipt(each_land.surrender("kiln", 15, key="once"))
    assert (again.number, again.repeated) == (first.number, True)
    assert each_land.held("surrendered") == 15


def test_the_key_of_a_surrender_surrenders_nothing_else(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    each_land.emit("steel", 60)
    each_land.surrender("kiln", 15, key="once")
    assert numbers(each_land.surrender("kiln", 16, key="once")) == [9001]
    assert numbers(each_land.surrender("steel", 15, key="once")) == [9001]
    assert numbers(each_land.surrender("kiln", 15, key="once", numbers=(90, 104))) == [9001]
    assert numbers(each_land.surrender("kiln", 50, key="once")) == [9001]
    assert each_land.held("surrendered") == 15


def test_a_surrender_is_undone_and_owed_again(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    given = receipt(each_land.surrender("kiln", 40))
    undone = reverse(each_land, given, key="undo")
    assert sorted(each_land.blocks("kiln")) == [(61, 100), (101, 110)]
    assert each_land.held("surrendered") == 0
    assert 3019 in numbers(lambda: reverse(each_land, given))
    assert reverse(each_land, given, key="undo") == Receipt(
        number=undone.number, key="undo", repeated=True
    )
    assert each_land.close(2025, on="2026-04-30")["kiln"].missing == 40
    each_land.stands()


def test_a_year_is_closed_with_a_status_for_every_operator(each_land: Land) -> None:
    each_land.open("mill", 10)
    each_land.open("mine", 11)
    each_land.open("shut", 12)
    each_land.emit("steel", 70)
    each_land.emit("kiln", 40)
    each_land.do(operations.exclude, ["MINE"], year=2025, reason="small", key="x", on=DAY)
    change(each_land, "shut", "close")
    each_land.surrender("steel", 60)
    each_land.surrender("kiln", 40)
    outcomes = each_land.close(2025)
    # Short; enough; nothing reported; excluded; closed.
    assert {name: each.status for name, each in outcomes.items()} == {
        "steel": "B", "kiln": "A", "mill": "C", "mine": "-", "shut": "-",
    }  # fmt: skip
    assert [name for name, each in outcomes.items() if each.report_missing] == ["mill"]
    assert [name for name, each in outcomes.items() if each.published] == ["steel"]
    assert sum(each.excess for each in outcomes.values()) == 10


def test_what_is_held_but_not_surrendered_is_fined(each_land: Land) -> None:
    # Court of Justice, C-203/12: the penalty is for not surrendering in time.
    each_land.emit("kiln", 50)
    outcome = each_land.close(2025)["kiln"]
    assert each_land.held("kiln") == 50
    assert str(outcome.penalty) == "EUR 2,500.00"


def test_a_year_closed_twice_says_the_same(each_land: Land) -> None:
    each_land.emit("steel", 70)
    each_land.emit("kiln", 40)
    each_land.surrender("steel", 60)
    first = each_land.close(2025, key="close")
    # What is surrendered and corrected afterwards does not turn a B into an A, nor fine anew.
    each_land.transfer(each_land.order("kiln", "steel", 10), on="2026-05-02")
    assert numbers(each_land.surrender("steel", 10, on="2026-05-03")) == []
    assert each_land.close(2025, key="close", on="2026-05-04") == first
    assert each_land.close(2025, key="another", on="2026-05-04") == first


def test_the_key_of_a_closing_closes_no_other_year(each_land: Land) -> None:
    each_land.close(2025, key="close")
    assert numbers(lambda: each_land.close(2026, key="close")) == [9001]


def test_a_shortfall_is_fined_once_and_made_good_in_the_next_year(each_land: Land) -> None:
    each_land.emit("steel", 70)
    each_land.surrender("steel", 60)
    first = each_land.close(2025)["steel"]
    # 10 x 50 euros, and two units in the next year for each one missing.
    assert (first.missing, str(first.penalty), first.carried) == (10, "EUR 500.00", 20)
    each_land.emit("steel", 30, year=2026)
    each_land.transfer(each_land.order("kiln", "steel", 45), on="2027-01-02")
    assert numbers(each_land.surrender("steel", 45, year=2026)) == []
    second = each_land.close(2026)["steel"]
    # 30 + 20 - 45 = 5 are missing still: not for the first time.
    assert (second.status, second.missing, second.excess) == ("B", 5, 0)
    assert (str(second.penalty), second.carried) == ("EUR 0.00", 5)
    each_land.emit("steel", 0, year=2027)
    each_land.transfer(each_land.order("kiln", "steel", 5), on="2028-01-02")
    assert numbers(each_land.surrender("steel", 5, year=2027)) == []
    third = each_land.close(2027)["steel"]
    assert (third.status, third.missing, third.carried) == ("A", 0, 0)


def test_a_late_surrender_for_the_closed_year_makes_good(each_land: Land) -> None:
    each_land.emit("steel", 70)
    each_land.surrender("steel", 60)
    each_land.close(2025)
    each_land.transfer(each_land.order("kiln", "steel", 50), on="2026-06-01")
    assert numbers(each_land.surrender("steel", 10, on="2026-06-02")) == []
    each_land.emit("steel", 30, year=2026)
    # 30 + 20 to be made good - 10 that came late = 40.
    assert numbers(each_land.surrender("steel", 41, year=2026)) == [6004, 3005]
    assert numbers(each_land.surrender("steel", 40, year=2026)) == []
    assert each_land.close(2026)["steel"].status == "A"
    # 2025 is settled: units for it would serve nothing.
    assert numbers(each_land.surrender("steel", 1, on="2027-06-01"))[0] == 6004


def test_units_taken_back_after_the_closing_are_owed_in_the_next_year(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    given = receipt(each_land.surrender("kiln", 40))
    assert each_land.close(2025)["kiln"].status == "A"
    reverse(each_land, given, on="2026-06-01")
    each_land.emit("kiln", 5, year=2026)
    outcome = each_land.close(2026)["kiln"]
    # 5 + 40 are owed; the 5 are missing for the first time.
    assert (outcome.missing, outcome.excess) == (45, 5)


def correct(land: Land, tonnes: int, *, on: str, year: int = 2025) -> None:
    land.do(
        operations.correct,
        operator="KILN",
        year=year,
        tonnes=Tonnes(Decimal(tonnes)),
        note=f"found on {on}",
        key=land.key(),
        on=on,
    )


def test_tonnes_added_after_the_closing_are_owed_next_year_but_not_fined(each_land: Land) -> None:
    # Court of Justice, C-148/14: who surrendered what was verified is not fined for an error.
    each_land.emit("kiln", 40)
    each_land.surrender("kiln", 40)
    assert each_land.close(2025)["kiln"].status == "A"
    correct(each_land, 46, on="2026-09-01")
    each_land.emit("kiln", 4, year=2026)
    each_land.surrender("kiln", 4, year=2026)
    outcome = each_land.close(2026)["kiln"]
    # 4 + 6 - 4 = 6 are missing, and none of them is fined; they stay owed.
    assert (outcome.missing, outcome.excess, str(outcome.penalty)) == (6, 0, "EUR 0.00")
    assert outcome.carried == 6
    # The year after, they are not added again.
    each_land.emit("kiln", 0, year=2027)
    assert numbers(each_land.surrender("kiln", 7, year=2027)) == [6004, 3005]
    assert numbers(each_land.surrender("kiln", 6, year=2027)) == []
    assert each_land.close(2027)["kiln"].missing == 0


def test_a_correction_of_a_year_long_closed_is_owed_at_the_next_closing(each_land: Land) -> None:
    each_land.emit("kiln", 10)
    each_land.surrender("kiln", 10)
    each_land.close(2025)
    each_land.emit("kiln", 10, year=2026)
    each_land.surrender("kiln", 10, year=2026)
    each_land.close(2026)
    correct(each_land, 15, on="2027-06-01")
    each_land.emit("kiln", 10, year=2027)
    outcome = each_land.close(2027)["kiln"]
    assert (outcome.missing, outcome.excess) == (15, 10)


def test_a_correction_before_the_closing_is_part_of_the_year(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    correct(each_land, 46, on="2026-04-20")
    each_land.surrender("kiln", 40)
    outcome = each_land.close(2025)["kiln"]
    assert (outcome.missing, outcome.excess) == (6, 6)


def test_where_nothing_was_reported_the_year_is_closed_again_for_that_operator(
    each_land: Land,
) -> None:
    each_land.emit("steel", 70)
    first = each_land.close(2025)
    assert (first["kiln"].status, first["kiln"].excess) == ("C", 0)
    each_land.do(
        operations.determine,
        operator="KILN",
        year=2025,
        reason="report_missing",
        stated=Tonnes(Decimal(44)),
        key="determined",
        on="2026-05-10",
    )
    each_land.surrender("steel", 60, on="2026-05-10")
    again = each_land.close(2025, on="2026-05-15")
    # 44 x 50 euros. The steelworks' outcome stays as it was.
    assert (again["kiln"].missing, str(again["kiln"].penalty)) == (44, "EUR 2,200.00")
    assert again["steel"] == first["steel"]


def test_the_tonnes_of_a_year_from_which_one_is_excluded_are_not_owed(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    each_land.do(operations.exclude, ["KILN"], year=2025, reason="small", key="x", on=DAY)
    outcome = each_land.close(2025)["kiln"]
    assert (outcome.status, outcome.missing, outcome.carried) == ("-", 0, 0)


def test_what_is_left_of_a_period_is_cancelled_and_nothing_else(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    each_land.surrender("kiln", 40)
    each_land.issue(50, year=2028, on="2028-01-02")
    each_land.transfer(each_land.order("authority", "ana", 20, unit="EXA-2"), on="2028-01-03")
    assert each_land.do(operations.end_periods, key="early", on="2028-04-30") == []
    answers = each_land.do(operations.end_periods, key="end", on="2028-05-01")
    # From the authority 890, the steelworks 60, the kiln 10.
    assert accepted(answers)
    assert len(answers) == 3
    assert each_land.held("cancelled") == 960
    assert each_land.held("surrendered") == 40
    assert (each_land.held("authority", "EXA-2"), each_land.held("ana", "EXA-2")) == (30, 20)
    again = each_land.do(operations.end_periods, key="end", on="2028-05-02")
    assert again == [replace(receipt(each), repeated=True) for each in answers]
    # Asked anew, nothing is left; and nothing more comes of what was asked too early.
    assert each_land.do(operations.end_periods, key="new", on="2028-05-02") == []
    assert each_land.do(operations.end_periods, key="early", on="2028-05-02") == []
    each_land.stands()


def test_the_units_of_a_suspended_account_are_cancelled_by_an_administrator(land: Land) -> None:
    change(land, "kiln", "suspend")
    answers = land.do(operations.end_periods, key="end", on="2028-05-01")
    assert [numbers(each) for each in answers] == [[], [], [1004]]
    later = land.do(operations.end_periods, key="end", on="2028-05-02", by="administrator")
    assert accepted(later)
    assert land.held("cancelled") == 1_000


def test_units_that_have_ended_are_neither_sold_nor_surrendered(land: Land) -> None:
    land.emit("kiln", 40, year=2027)
    assert numbers(land.surrender("kiln", 40, year=2027, on="2028-04-30")) == []
    (sold,) = land.transfer(land.order("kiln", "ana", 1), on="2028-05-01")
    assert numbers(sold) == [3102]
    land.emit("steel", 40, year=2027)
    assert numbers(land.surrender("steel", 40, year=2027, on="2028-05-01")) == [6014, 3102]


def test_an_outcome_says_by_which_law_it_was_found(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    outcome = each_land.close(2025)["kiln"]
    assert "Example Act, s. 13(1)" in outcome.because
    assert all(each.startswith("Example Act") for each in outcome.because)


def test_the_same_year_closed_on_another_day_is_closed_by_what_stood_then(land: Land) -> None:
    land.emit("kiln", 40)
    correct(land, 46, on="2026-05-20")
    outcomes = land.run(
        lambda books: operations.close_year(
            books, land.scheme, 2025, key="try", desk=desk("2026-05-19")
        ),
        keep=False,
    )
    assert outcomes[land.number("kiln")].missing == 40
    assert land.close(2025, on="2026-05-20")["kiln"].missing == 46
