"""Emissions that people report: on whose account, for which year, and who may not."""

import pytest

from bureau import Bureau, usr
from land import Land
from porch import numbers
from tonne.operations.proposals import Report
from tonne.store import MemoryStore


@pytest.fixture
def bureau() -> Bureau:
    """The land's people on 2 March 2026: reports of 2025 are due in four weeks."""
    return Bureau(Land(MemoryStore()).settle()).settle()


def report(bureau: Bureau, who: str = "steel", tonnes: str = "45.4", *, year: int = 2025) -> Report:
    """A report on somebody's account."""
    return Report(account=bureau.number(who), year=year, tonnes=tonnes, source="AER-1")


def reported(bureau: Bureau, who: str = "steel", year: int = 2025) -> list[tuple[str, str]]:
    """What stands on record as reported: tonnes and reference."""
    number = bureau.number(who)
    found = bureau.land.run(lambda books: list(books.reports("example", [year], account=number)))
    return [(str(each.tonnes.value), each.source) for _, each in found]


def test_a_representative_reports_a_year_alone_and_at_once(bureau: Bureau) -> None:
    assert not bureau.rehearse(report(bureau), by="ann").second
    assert reported(bureau) == []
    made = bureau.propose(report(bureau), by="ann", signed="a code")
    assert (made.state, made.by) == ("completed", usr("ann"))
    assert reported(bureau) == [("45.4", "AER-1")]


def test_a_report_counts_for_nothing_before_it_is_verified(bureau: Bureau) -> None:
    bureau.propose(report(bureau), by="ann")
    number = bureau.number("steel")
    assert not bureau.land.run(lambda books: list(books.figures("example", [2025], account=number)))


def test_a_report_that_is_sent_twice_is_on_record_once(bureau: Bureau) -> None:
    for _ in range(2):
        bureau.propose(report(bureau), by="ann", key="k")
    assert len(reported(bureau)) == 1


def test_nobody_reports_for_an_account_of_others_or_one_where_nothing_is_emitted(
    bureau: Bureau,
) -> None:
    assert numbers(bureau.propose, report(bureau, "kiln"), by="ann") == [1203]
    bureau.enrol("eva")
    bureau.represent("ana", "eva", "initiate_and_approve")
    assert numbers(bureau.propose, report(bureau, "ana"), by="eva") == [9174]
    bureau.enrol("fred")
    bureau.represent("steel", "fred", "surrender")
    assert numbers(bureau.propose, report(bureau), by="fred") == [1204]


def test_what_cannot_have_been_emitted_is_not_reported(bureau: Bureau) -> None:
    for tonnes, year, number in (
        ("-1", 2025, 100), ("many", 2025, 100), ("1" * 13, 2025, 5012), ("45", 2027, 5023),
    ):  # fmt: skip
        wish = report(bureau, tonnes=tonnes, year=year)
        for attempt in (bureau.rehearse, bureau.propose):
            assert number in numbers(attempt, wish, by="ann")
        assert reported(bureau, year=year) == []


def test_once_a_figure_stands_nobody_reports_the_year_anew(bureau: Bureau) -> None:
    bureau.land.emit("steel", 45, on="2026-02-20")
    assert numbers(bureau.propose, report(bureau), by="ann") == [9175]
