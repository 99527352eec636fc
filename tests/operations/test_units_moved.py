"""Sentences about units: issued, allocated, transferred, cancelled, and given back by reversal."""

from typing import Any

import pytest

from land import UNIT, Land, desk, numbers, receipt
from tonne import operations
from tonne.ledger import Account, Asset, Movement, Transaction
from tonne.operations import Receipt
from tonne.registry import Answer, Original
from tonne.supply import Allocation

DAY = "2025-03-01"


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


def reverse(land: Land, number: int, key: str = "", on: str = DAY) -> Receipt:
    return land.do(operations.reverse, number, key=key or land.key(), on=on, by="administrator")


def test_units_are_issued_up_to_the_cap_and_not_one_beyond(each_land: Land) -> None:
    # The cap of 2025 is 100,000, of which 1,000 are issued.
    assert numbers(lambda: each_land.issue(99_001)) == [3500]
    each_land.issue(99_000)
    assert numbers(lambda: each_land.issue(1)) == [3500]
    # 110 of them were given out.
    assert each_land.held("authority") == 99_890
    each_land.stands()


def test_the_cap_of_one_year_is_not_the_cap_of_another(land: Land) -> None:
    assert numbers(lambda: land.issue(97_001, year=2026)) == [3500]
    land.issue(97_000, year=2026)
    # Not on the line of its own years: the units of the second period do not live yet.
    assert numbers(lambda: land.issue(1, year=2028)) == [3101]


def test_only_the_authority_issues_and_only_units_of_the_scheme(land: Land) -> None:
    words: dict[str, Any] = {"year": 2025, "count": 1, "key": "k", "on": DAY}
    assert numbers(lambda: land.do(operations.issue, unit=UNIT, by="operator", **words)) == [3103]
    assert numbers(lambda: land.do(operations.issue, unit="EUA-1", **words)) == [3006]


def test_a_table_is_paid_out_whole_or_not_at_all(each_land: Land) -> None:
    before = each_land.size()
    refused = numbers(lambda: each_land.allocate({"STEEL": 5, "NOBODY": 5, "KILN": -1}, year=2026))
    assert refused == [4013, 4012]
    # The authority has 890 left: the first row alone could be paid.
    table = {"STEEL": 500, "KILN": 500}
    assert numbers(lambda: each_land.allocate(table, year=2026)) == [3005]
    assert each_land.size() == before
    assert each_land.held("steel") == 60


def test_nothing_is_allocated_to_a_closed_account(each_land: Land) -> None:
    each_land.open("mill", 11)
    each_land.open("mine", 12)
    change(each_land, "mill", "close")
    assert numbers(lambda: each_land.allocate({"MINE": 5, "MILL": 5}, on=DAY)) == [2003]
    assert each_land.held("mine") == 0


def test_nothing_is_allocated_for_a_year_to_who_is_excluded_from_it(land: Land) -> None:
    land.do(operations.exclude, ["KILN"], year=2026, reason="too small", key="x", on="2026-01-02")
    land.issue(100, year=2026, on="2026-01-02")
    assert numbers(lambda: land.allocate({"KILN": 5}, year=2026, on="2026-02-01")) == [4014]
    assert len(land.allocate({"KILN": 5}, year=2027, on="2026-02-01")) == 1


def test_no_more_is_given_free_than_the_act_leaves_for_it(land: Land) -> None:
    # 90 % of 100,000 less 5,000 for new entrants is 85,000; 110 were given.
    land.open("mill", 11)
    land.issue(99_000)
    assert numbers(lambda: land.allocate({"MILL": 84_891})) == [4016]
    land.allocate({"MILL": 84_890})
    assert land.held("mill") == 84_890


def test_what_was_allocated_and_taken_back_may_be_allocated_again(each_land: Land) -> None:
    each_land.open("mill", 11)
    each_land.open("mine", 12)
    each_land.issue(99_000)
    (paid,) = each_land.allocate({"MILL": 84_890})
    reverse(each_land, paid.number)
    assert each_land.held("mill") == 0
    each_land.allocate({"MINE": 84_889, "MILL": 1})
    assert (each_land.held("mine"), each_land.held("mill")) == (84_889, 1)


def test_a_table_pays_each_operator_a_year_once_whatever_its_key(each_land: Land) -> None:
    # The steelworks was given 60 of 2025, the kiln 50.
    table = {"STEEL": 60, "KILN": 50}
    assert numbers(lambda: each_land.allocate(table)) == [4018, 4018]
    assert numbers(lambda: each_land.allocate({"STEEL": 1, "KILN": 0})) == [4018]
    each_land.allocate(table, year=2026)
    assert (each_land.held("steel"), each_land.held("kiln")) == (120, 100)


def test_units_are_given_by_the_method_that_the_act_names(land: Land) -> None:
    rows = [Allocation(operator="STEEL", year=2026, count=5)]
    assert numbers(
        lambda: land.do(operations.allocate, rows, unit=UNIT, method="table", key="t", on=DAY)
    ) == [4017]


def test_a_table_that_gives_everybody_nothing_moves_nothing(each_land: Land) -> None:
    assert each_land.allocate({"STEEL": 0, "KILN": 0}) == []


def test_a_table_that_is_sent_again_is_not_paid_again(each_land: Land) -> None:
    each_land.open("mill", 11)
    each_land.issue(99_000)
    # More than half of what may be given: twice would be too much.
    first = each_land.allocate({"MILL": 50_000, "KILN": 0}, key="t")
    again = each_land.allocate({"MILL": 50_000, "KILN": 0}, key="t")
    assert [each.number for each in again] == [each.number for each in first]
    assert [each.repeated for each in again] == [True]
    assert each_land.held("mill") == 50_000


def test_the_key_of_a_table_pays_no_other_table(each_land: Land) -> None:
    def pay(**table: int) -> list[Receipt]:
        return each_land.allocate(table, year=2026, key="t")

    pay(STEEL=5)
    assert numbers(lambda: pay(STEEL=6)) == [9001]
    assert numbers(lambda: pay(STEEL=5, KILN=5)) == [9001]
    assert (each_land.held("steel"), each_land.held("kiln")) == (65, 50)


def test_the_units_that_came_first_go_first(each_land: Land) -> None:
    each_land.transfer(each_land.order("kiln", "steel", 10))
    assert each_land.blocks("steel") == [(1, 60), (61, 70)]
    each_land.transfer(each_land.order("steel", "ana", 65))
    assert each_land.blocks("ana") == [(1, 60), (61, 65)]
    assert each_land.blocks("steel") == [(66, 70)]


def test_a_holder_may_say_which_units_go(each_land: Land) -> None:
    each_land.transfer(each_land.order("steel", "ana", numbers=(21, 30)))
    assert each_land.blocks("ana") == [(21, 30)]
    assert each_land.blocks("steel") == [(1, 20), (31, 60)]


def test_units_that_lie_elsewhere_are_not_moved(each_land: Land) -> None:
    (answer,) = each_land.transfer(each_land.order("steel", "ana", numbers=(51, 70)))
    assert numbers(answer) == [310]


def test_each_transfer_is_decided_on_its_own(each_land: Land) -> None:
    answers = each_land.transfer(
        each_land.order("steel", "ana", 60),
        each_land.order("steel", "ana", 1),
        each_land.order("kiln", "kiln", 1),
        each_land.order("ana", "kiln", 60),
    )
    # The steelworks has none left; an account gives nothing to itself; what came is passed on.
    assert [numbers(each) for each in answers] == [[], [3005], [2508], []]
    assert each_land.held("kiln") == 110


def test_all_that_speaks_against_a_transfer_is_told_at_once(each_land: Land) -> None:
    change(each_land, "kiln", "suspend")
    change(each_land, "ana", "close")
    (answer,) = each_land.transfer(each_land.order("kiln", "ana", 51), on="2028-05-01")
    # Suspended; closed; the units have ended; and it has only 50.
    assert numbers(answer) == [1004, 2003, 3102, 3005]


def test_the_same_key_gets_the_same_answer_and_moves_nothing_more(each_land: Land) -> None:
    order = each_land.order("steel", "ana", 10, key="once")
    (first,) = each_land.transfer(order)
    (again,) = each_land.transfer(order)
    assert receipt(again) == Receipt(number=receipt(first).number, key="once", repeated=True)
    assert each_land.held("ana") == 10


def test_the_same_answer_is_given_after_the_account_is_closed(land: Land) -> None:
    order = land.order("kiln", "ana", 50, key="once")
    land.transfer(order)
    change(land, "kiln", "close")
    (again,) = land.transfer(order)
    assert receipt(again).repeated


@pytest.mark.parametrize(
    "other", [("steel", "ana", 11), ("steel", "kiln", 10), ("kiln", "ana", 10)]
)
def test_the_same_key_with_another_body_is_refused(
    each_land: Land, other: tuple[str, str, int]
) -> None:
    each_land.transfer(each_land.order("steel", "ana", 10, key="once"))
    (answer,) = each_land.transfer(each_land.order(*other, key="once"))
    assert numbers(answer) == [9001]
    assert each_land.held("ana") == 10


def test_a_key_that_comes_twice_in_one_batch_moves_once(each_land: Land) -> None:
    answers = each_land.transfer(
        each_land.order("steel", "ana", 10, key="once"),
        each_land.order("steel", "ana", 10, key="once"),
        each_land.order("steel", "ana", 11, key="once"),
    )
    assert [numbers(each) for each in answers] == [[], [], [9001]]
    assert receipt(answers[1]).repeated
    assert each_land.held("ana") == 10


def test_a_key_whose_first_use_was_refused_is_still_free(each_land: Land) -> None:
    answers = each_land.transfer(
        each_land.order("steel", "ana", 61, key="once"),
        each_land.order("steel", "ana", 61, key="once"),
        each_land.order("steel", "ana", 60, key="once"),
    )
    assert [numbers(each) for each in answers] == [[3005], [3005], []]
    assert each_land.held("ana") == 60


def test_an_issuance_and_a_transfer_do_not_share_a_key(land: Land) -> None:
    land.do(operations.issue, year=2025, unit=UNIT, count=5, key="once", on=DAY)
    (answer,) = land.transfer(land.order("steel", "ana", 5, key="once"))
    assert numbers(answer) == [9001]
    assert numbers(
        lambda: land.do(operations.issue, year=2025, unit=UNIT, count=6, key="once", on=DAY)
    ) == [9001]


def test_units_of_another_scheme_are_not_transferred(each_land: Land) -> None:
    (answer,) = each_land.transfer(each_land.order("steel", "ana", 1, unit="EUA-1"))
    # The receiver may not hold them, the scheme has no type for them, and there are none.
    assert numbers(answer) == [2006, 3006, 3005]


def test_a_holder_cancels_units_for_ever(each_land: Land) -> None:
    order = each_land.order("kiln", "", 50)
    (answer,) = each_land.do(
        operations.cancel, [order], verb="cancel_voluntarily", on=DAY, by="operator"
    )
    assert numbers(answer) == []
    assert each_land.held("cancelled") == 50
    assert numbers(lambda: reverse(each_land, receipt(answer).number)) == [3100, 3104]
    each_land.stands()


def test_an_allocation_is_undone_and_the_same_numbers_go_back(each_land: Land) -> None:
    (paid,) = each_land.allocate({"KILN": 10}, year=2026)
    assert each_land.blocks("kiln") == [(61, 110), (111, 120)]
    undone = reverse(each_land, paid.number, key="undo")
    assert each_land.blocks("kiln") == [(61, 110)]
    assert sorted(each_land.blocks("authority")) == [(111, 120), (121, 1000)]
    again = reverse(each_land, paid.number, key="undo")
    assert (again.number, again.repeated) == (undone.number, True)
    each_land.stands()


def test_what_is_undone_is_not_undone_again(each_land: Land) -> None:
    (paid,) = each_land.allocate({"KILN": 10}, year=2026)
    undone = reverse(each_land, paid.number)
    assert 3019 in numbers(lambda: reverse(each_land, paid.number))
    # Nor is the reversal itself.
    assert numbers(lambda: reverse(each_land, undone.number))[:2] == [3100, 3104]


def test_an_allocation_is_not_undone_once_its_units_are_sold(each_land: Land) -> None:
    (paid,) = each_land.allocate({"KILN": 10}, year=2026)
    each_land.transfer(each_land.order("kiln", "ana", numbers=(115, 116)))
    assert numbers(lambda: reverse(each_land, paid.number)) == [310]


def test_a_sale_is_not_undone_but_agreed_anew(each_land: Land) -> None:
    (sold,) = each_land.transfer(each_land.order("kiln", "ana", 5))
    assert numbers(lambda: reverse(each_land, receipt(sold).number)) == [3100, 3104]


def test_a_transaction_that_is_not_there_is_not_undone(each_land: Land) -> None:
    assert numbers(lambda: reverse(each_land, 10_000_000)) == [3106]
    # Neither is an entry that moved nothing: the first opened the land's own accounts.
    assert numbers(lambda: reverse(each_land, 1)) == [3106]


def test_a_dry_run_names_every_check_and_writes_nothing(each_land: Land) -> None:
    change(each_land, "ana", "suspend")
    asset = Asset(UNIT, "EX-1")
    transaction = Transaction(
        key="try",
        kind="transfer",
        movements=(
            Movement(
                source=Account(each_land.number("kiln")),
                target=Account(each_land.number("ana")),
                asset=asset,
                count=51,
            ),
        ),
        because=("Example Act, s. 6",),
    )
    before = each_land.size()
    answers = each_land.do(operations.explain, transaction, on=DAY, by="operator")
    assert len(answers) == 27
    assert [each.number for each in answers if not each.passed] == [2004, 3005]
    assert answers[-1].refusals[0].facts()["asked"] == 51
    assert each_land.size() == before
    assert each_land.run(lambda books: books.known("try")) is None


def test_a_dry_run_is_told_of_every_transaction(land: Land) -> None:
    told: list[Answer] = []
    orders = [land.order("steel", "ana", 1), land.order("steel", "ana", 100)]
    rehearsal = operations.Desk(by="operator", day=desk(DAY).day, at=desk(DAY).at, told=told)
    land.run(
        lambda books: operations.transfer(books, land.scheme, orders, desk=rehearsal), keep=False
    )
    # Each of the two is asked whether it is held: one unit is, a hundred are not.
    assert [each.passed for each in told if each.number == 3005] == [True, False]
    assert land.held("ana") == 0


def test_what_breaks_off_leaves_nothing_behind(each_land: Land) -> None:
    before = each_land.size(), each_land.blocks("steel"), each_land.blocks("ana")

    def broken(books: operations.Books) -> None:
        orders = [each_land.order("steel", "ana", 10, key="broken")]
        operations.transfer(books, each_land.scheme, orders, desk=desk(DAY, "operator"))
        raise RuntimeError("the lights go out")

    with pytest.raises(RuntimeError):
        each_land.run(broken)
    assert (each_land.size(), each_land.blocks("steel"), each_land.blocks("ana")) == before
    (after,) = each_land.transfer(each_land.order("steel", "ana", 10, key="broken"))
    assert not receipt(after).repeated


def test_the_day_and_the_moment_are_those_of_the_desk(each_land: Land) -> None:
    each_land.transfer(each_land.order("steel", "ana", 10), on="2026-12-24")
    story = each_land.do(operations.statement, each_land.number("ana"), on=DAY)
    assert [each.day.isoformat() for each in story.steps] == ["2026-12-24"]


def test_a_reversal_by_hand_must_be_the_whole_mirror(land: Land) -> None:
    (paid,) = land.allocate({"KILN": 10}, year=2026)
    story = land.run(lambda books: books.story(paid.number))
    assert story is not None
    part = Transaction(
        key="part",
        kind="reverse_allocate",
        movements=(
            Movement(
                source=Account(land.number("kiln")),
                target=Account(land.number("authority")),
                asset=Asset(UNIT, "EX-1"),
                count=9,
            ),
        ),
        because=("Example Act, s. 6",),
        year=2026,
        reverses=paid.number,
    )
    answers = land.do(
        operations.record,
        [part],
        original=Original(transaction=story.transaction),
        on=DAY,
        by="administrator",
    )
    assert [numbers(each) for each in answers] == [[3105]]
