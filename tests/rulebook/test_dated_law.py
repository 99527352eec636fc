"""A rule is a history of clauses; there is no default law."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changed import replace
from tonne.rulebook import Clause, Dated, MonthDay, NotInForce, clauses

PENALTY = (
    Clause(start=date(2005, 1, 1), value=40, reference="Article 16(4)"),
    Clause(start=date(2008, 1, 1), value=100, reference="Article 16(3)", verified=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    penalty: Dated[int]
    currency: Dated[str]


LAW = Law(
    penalty=Dated(PENALTY),
    currency=Dated([Clause(start=date(2005, 1, 1), value="EUR", reference="Article 16(3)")]),
)


@pytest.mark.parametrize(
    ("day", "value"),
    [(date(2005, 1, 1), 40), (date(2007, 12, 31), 40), (date(2008, 1, 1), 100)],
)
def test_a_clause_is_in_force_from_its_start_until_the_next(day: date, value: int) -> None:
    assert Dated(PENALTY).on(day).value == value


def test_before_the_first_clause_nothing_is_in_force() -> None:
    with pytest.raises(NotInForce, match="nothing in force on 2004-12-31 for this rule"):
        Dated(PENALTY).on(date(2004, 12, 31))


def test_two_clauses_of_one_day_are_a_contradiction() -> None:
    with pytest.raises(ValueError, match="two clauses start on 2005-01-01"):
        Dated([PENALTY[0], PENALTY[0]])


@given(st.sets(st.dates(), min_size=1), st.dates())
def test_the_clause_in_force_is_the_latest_that_has_begun(starts: set[date], day: date) -> None:
    rule = Dated(Clause(start=start, value=0, reference="Example Act") for start in starts)
    begun = [start for start in starts if start <= day]
    if begun:
        assert rule.on(day).start == max(begun)
    else:
        with pytest.raises(NotInForce):
            rule.on(day)


def test_the_same_clauses_are_the_same_law_in_any_order() -> None:
    assert Dated(PENALTY) == Dated(reversed(PENALTY))
    assert hash(Dated(PENALTY)) == hash(Dated(reversed(PENALTY)))
    assert Dated(PENALTY) != Dated(PENALTY[:1])


def test_a_day_of_every_year_is_found_in_each_year() -> None:
    assert MonthDay.parse("04-30").in_year(2006) == date(2006, 4, 30)
    assert str(MonthDay.parse("04-30")) == "04-30"


def test_the_29th_of_february_is_the_28th_where_there_is_none() -> None:
    assert MonthDay.parse("02-29").in_year(2008) == date(2008, 2, 29)
    assert MonthDay.parse("02-29").in_year(2006) == date(2006, 2, 28)


@pytest.mark.parametrize("text", ["4-30", "04/30", "0430", "04-31", "13-01", "", "April 30"])
def test_what_is_no_month_and_day_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the calendar words some of them
        MonthDay.parse(text)


def test_every_clause_of_a_law_is_listed_with_its_rule() -> None:
    listed = [(rule, clause.start.year, clause.value) for rule, clause in clauses(LAW)]
    assert listed == [("penalty", 2005, 40), ("penalty", 2008, 100), ("currency", 2005, "EUR")]


def test_a_clause_written_from_memory_is_found() -> None:
    assert [rule for rule, clause in clauses(LAW) if not clause.verified] == ["penalty"]


def test_a_clause_whose_review_is_old_is_found() -> None:
    reviewed = Clause(start=date(2005, 1, 1), value=1, reference="Act", reviewed=date(2020, 1, 1))
    law = replace(LAW, penalty=Dated([reviewed]))
    year_ago = date(2026, 11, 22) - timedelta(days=365)
    old = [rule for rule, each in clauses(law) if each.reviewed and each.reviewed < year_ago]
    assert old == ["penalty"]


def test_an_exact_figure_stays_exact() -> None:
    rule = Dated([Clause(start=date(2021, 1, 1), value=Decimal("0.022"), reference="Article 9")])
    assert str(rule.on(date(2022, 1, 1)).value) == "0.022"
