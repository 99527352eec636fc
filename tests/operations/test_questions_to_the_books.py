"""Sentences about an account's statement and the history of a serial number."""

import pytest

from land import Land, accepted, numbers, receipt
from tonne import operations

DAY = "2026-05-02"


def told(land: Land, serial: str) -> list[tuple[str, str, str]]:
    history = land.run(lambda books: operations.history(books, serial))
    names = {number: name for name, number in land.accounts.items()}
    return [(each.kind, names[each.source], names[each.target]) for each in history.steps]


def holder(land: Land, serial: str) -> str:
    history = land.run(lambda books: operations.history(books, serial))
    names = {number: name for name, number in land.accounts.items()}
    return names[history.holder]


ISSUED = [("issue", "issuance", "authority")]
GIVEN = [*ISSUED, ("allocate", "authority", "steel")]


def test_each_number_of_a_block_that_was_split_has_a_life_of_its_own(each_land: Land) -> None:
    assert accepted(
        each_land.transfer(
            each_land.order("steel", "ana", numbers=(21, 40)),
            each_land.order("ana", "kiln", numbers=(30, 31)),
            each_land.order("kiln", "steel", numbers=(31, 31)),
        )
    )
    to_ana = [*GIVEN, ("transfer", "steel", "ana")]
    to_kiln = [*to_ana, ("transfer", "ana", "kiln")]
    assert told(each_land, "EX-1-20") == GIVEN
    assert told(each_land, "EX-1-29") == to_ana
    assert told(each_land, "EX-1-30") == to_kiln
    assert told(each_land, "EX-1-31") == [*to_kiln, ("transfer", "kiln", "steel")]
    assert [holder(each_land, f"EX-1-{number}") for number in (20, 29, 30, 31, 111)] == [
        "steel", "ana", "kiln", "steel", "authority",
    ]  # fmt: skip


def test_a_number_that_went_back_has_been_there_and_back(each_land: Land) -> None:
    each_land.emit("steel", 60)
    given = receipt(each_land.surrender("steel", 60))
    each_land.do(operations.reverse, given.number, key="undo", on=DAY, by="administrator")
    assert told(each_land, "EX-1-7") == [
        *GIVEN,
        ("surrender", "steel", "surrendered"),
        ("reverse_surrender", "surrendered", "steel"),
    ]
    assert holder(each_land, "EX-1-7") == "steel"


def test_a_number_that_is_not_issued_yet_lies_with_its_source(each_land: Land) -> None:
    history = each_land.run(lambda books: operations.history(books, "EX-1-1001"))
    assert (history.unit, history.steps) == (None, ())
    assert holder(each_land, "EX-2-1") == "issuance"


def test_an_issued_number_says_what_kind_of_unit_it_is(land: Land) -> None:
    assert land.run(lambda books: operations.history(books, " EX-1-1 ")).unit == "EXA-1"


@pytest.mark.parametrize(
    "serial",
    ["", "-", "EX-1", "EX-1-", "EX-1-0", "EX-1--1", "EX-1-1.5", "EX-9-1", "1", "-1", "EX-1-x",
     f"EX-1-{2**63}", "EX-1-" + "9" * 30, "EX-1-²", "ex'; drop table block; --1"],
)  # fmt: skip
def test_a_serial_that_no_series_has_is_refused(each_land: Land, serial: str) -> None:
    question = lambda books: operations.history(books, serial)  # noqa: E731  one question
    assert numbers(lambda: each_land.run(question)) == [9020]


def test_a_statement_is_an_accounts_whole_story(each_land: Land) -> None:
    each_land.transfer(each_land.order("kiln", "steel", 10))
    each_land.emit("steel", 100)
    each_land.surrender("steel", 65)
    each_land.close(2025)
    story = each_land.do(operations.statement, each_land.number("steel"), on=DAY)
    assert (story.account.name, story.account.operator) == ("Steel", "STEEL")
    assert story.holdings == {"EXA-1": 5}
    # Own units go before bought ones: of the ten that were bought, the first five went too.
    assert [(unit, str(block)) for unit, block in story.blocks] == [("EXA-1", "EX-1-66-70")]
    assert [each.kind for each in story.steps] == ["allocate", "transfer", "surrender", "surrender"]
    assert [each.tonnes for each in story.figures] == [100]
    ((account, outcome, verified, surrendered),) = [
        (each.account, each.outcome, each.verified, each.surrendered) for each in story.closings
    ]
    assert (account, verified, surrendered) == (each_land.number("steel"), 100, 65)
    assert operations.in_words(outcome) == (
        "STEEL is 35 units short for 2025; the penalty is EUR 1,750.00."  # 35 x 50
    )


def test_a_statement_of_one_year_leaves_the_others_out(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    each_land.surrender("kiln", 40)
    each_land.close(2025)
    story = each_land.do(operations.statement, each_land.number("kiln"), year=2026, on=DAY)
    assert (story.steps, story.figures, story.closings) == ((), (), ())
    story = each_land.do(operations.statement, each_land.number("kiln"), year=2025, on=DAY)
    assert [each.kind for each in story.steps] == ["allocate", "surrender"]
    assert [operations.in_words(each.outcome) for each in story.closings] == [
        "KILN met its duty for 2025."
    ]


def test_an_outcome_in_words_says_what_is_not_known_and_what_came_later(each_land: Land) -> None:
    each_land.emit("kiln", 50)
    each_land.surrender("kiln", 40)
    each_land.surrender("kiln", 10, on="2026-05-05")
    outcomes = each_land.close(2025, on="2026-05-15")
    assert [operations.in_words(outcomes[name]) for name in ("steel", "kiln")] == [
        "STEEL has no figure for 2025, so nothing is decided yet.",
        # 10 x 50
        "KILN is 10 units short for 2025, of which 10 came later; the penalty is EUR 500.00.",
    ]


def test_blocks_that_lie_beside_each_other_are_told_as_one(each_land: Land) -> None:
    each_land.transfer(
        each_land.order("steel", "ana", numbers=(11, 20)),
        each_land.order("steel", "ana", numbers=(1, 10)),
    )
    story = each_land.do(operations.statement, each_land.number("ana"), on=DAY)
    assert [str(block) for _, block in story.blocks] == ["EX-1-1-20"]


def test_an_account_that_is_not_there_has_no_statement(land: Land) -> None:
    assert numbers(lambda: land.do(operations.statement, "XE-121-404-0-1", on=DAY)) == [1002]
