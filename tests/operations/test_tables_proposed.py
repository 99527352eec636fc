"""Allocation tables that one officer proposes and another agrees to, in both stores."""

import pytest
from msgspec import structs

from bureau import MONDAY, Bureau, usr
from land import UNIT, Land
from tonne.operations import given_free
from tonne.operations.proposals import TakePosition
from tonne.refusal import Refused


@pytest.fixture
def bureau(each_land: Land) -> Bureau:
    """The registry with its people."""
    return Bureau(each_land).settle()


def refused(info: pytest.ExceptionInfo[Refused]) -> set[int]:
    """The numbers of the rules that were not met."""
    return {each.number for each in info.value.refusals}


def test_a_table_is_paid_out_by_the_authority_when_a_second_officer_agrees(bureau: Bureau) -> None:
    for name in ("olga", "oto"):
        bureau.enrol(name)
        bureau.agreed(TakePosition(person=usr(name), position="authority"))
    bureau.land.issue(90, year=2026, on="2026-01-02")
    rows = given_free.read("t.csv", b"operator_id,year,count\nSTEEL,2026,40\nKILN,2026,30\n")
    wish = given_free.asked(rows, UNIT)
    made = bureau.propose(wish, by="olga")
    assert made.state == "awaiting_approval"
    (year,) = bureau.do(given_free.years, wish, keep=False)
    # Example Act: of the cap of 97,000 in 2026 nine tenths, less the reserve of 5,000, is 82,300.
    assert (year.ceiling, year.before, year.asked, year.left) == (82_300, 0, 70, 82_230)
    with pytest.raises(Refused) as no:
        bureau.decide(made.code, "approve", by="olga")
    assert refused(no) == {1206}
    assert bureau.decide(made.code, "approve", by="oto").state == "completed"
    (year,) = bureau.do(given_free.years, wish, keep=False)
    assert year.before == 70
    found = bureau.land.run(lambda books: books.holdings(bureau.number("steel")))
    # 60 of 2025, which the settled land gave, and 40 of 2026.
    assert found[UNIT] == 100
    with pytest.raises(Refused) as no:
        bureau.rehearse(wish, by="olga")
    assert refused(no) == {4018}


def test_a_wish_for_a_table_stands_for_that_table_alone() -> None:
    rows = given_free.read("t.csv", b"operator_id,year,count\nSTEEL,2026,40\n")
    wish = given_free.asked(rows, UNIT)
    others = [
        structs.replace(wish, unit="EXA-2"),
        structs.replace(wish, rows=(structs.replace(wish.rows[0], count=41),)),
        structs.replace(wish, rows=(structs.replace(wish.rows[0], received=MONDAY.date()),)),
    ]
    assert len({str(each) for each in (wish, *others)}) == 4
