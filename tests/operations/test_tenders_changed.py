"""Sentences about tenders that are called off, and proposals in the place of others."""

from decimal import Decimal
from typing import Any

import pytest

from changed import replace
from land import Land, numbers, with_law
from tender_office import (
    AFTER,
    LATE,
    PROPOSALS,
    SECOND,
    Office,
    proposed,
    ready,
)
from tonne.operations import tenders
from tonne.registry import Role
from tonne.rulebook import Dated


@pytest.fixture
def office(each_land: Land) -> Office:
    """A land whose authority has EUR 1,000.00."""
    found = Office(each_land)
    found.purse.bring("authority", "1000.00")
    return found


# At 8.00 all ask the same, so who came first is signed first.
def test_a_proposal_that_asks_for_no_more_keeps_its_place_in_time(office: Office) -> None:
    ready(office)
    first = office.propose("wind", "kiln", "8.00", 20, 20)
    office.propose("boilers", "steel", "8.00", 30, on=LATE)
    again: dict[str, Any] = {"on": "2025-06-22", "replacing": True, "key": "again"}
    same = office.propose("wind", "kiln", "8.00", 30, **again)
    assert same.proposal.received == first.proposal.received
    assert same.commitment != first.commitment
    assert office.propose("wind", "kiln", "8.00", 30, **again) == same
    found = office.award().awarded
    assert found is not None
    assert [(each.project, each.count) for each in found.contracts] == [
        ("wind", 30), ("boilers", 30),
    ]  # fmt: skip


def test_a_proposal_with_another_price_or_more_units_comes_only_then(office: Office) -> None:
    ready(office)
    first = office.propose("wind", "kiln", "8.00", 20)
    for price, count in (("8.00", 21), ("7.99", 20)):
        other = office.propose("wind", "kiln", price, count, on=LATE, replacing=True)
        assert other.proposal.received > first.proposal.received
    found = office.award().awarded
    assert found is not None
    assert [(each.price, each.count) for each in found.contracts] == [(Decimal("7.99"), 20)]


def test_what_is_replaced_was_proposed_by_the_same_and_the_law_lets_it(office: Office) -> None:
    ready(office)

    def again(project: str, who: str, on: str = SECOND) -> list[int]:
        return numbers(lambda: office.propose(project, who, "7.00", 20, on=on, replacing=True))

    assert again("wind", "kiln") == [8857]
    office.propose("wind", "kiln", "8.00", 20)
    assert sorted(again("wind", "steel")) == [8264, 8857]
    assert again("wind", "kiln", AFTER) == [8260]
    law = office.land.scheme.tenders
    rule = Dated(
        [replace(law.tender.clauses[0], value=replace(law.tender.clauses[0].value, replacing=None))]
    )
    office.land.scheme = with_law(office.land.scheme, "tenders.toml", replace(law, tender=rule))
    assert again("wind", "kiln") == [8268]


def test_a_tender_that_is_called_off_frees_its_budget_and_nothing_is_said_in_it(
    office: Office,
) -> None:
    proposed(office)

    def call_off(key: str = "", by: Role = "authority", on: str = AFTER) -> tenders.TenderStands:
        return office.land.do(
            tenders.call_off, "T1", reason="no budget", key=key or office.land.key(), on=on, by=by
        )

    assert numbers(lambda: call_off(by="operator")) == [3107]
    found = call_off("off")
    assert found.called_off is not None
    assert (found.called_off.reason, found.status(PROPOSALS)) == ("no budget", "called off")
    assert call_off("off") == found == office.stands()
    assert office.free() == "EUR 1,000.00"
    assert numbers(call_off) == [8858]
    assert 8858 in numbers(office.award)
    assert 8858 in numbers(office.shortlist)
    assert 8858 in numbers(lambda: office.express("mill", "ana", "renewables", 40))
    assert 8858 in numbers(
        lambda: office.propose("wind", "kiln", "7.00", 20, on=LATE, replacing=True)
    )
    assert office.purse.has("authority") == "1000.00"


def test_a_tender_that_is_awarded_is_not_called_off(office: Office) -> None:
    proposed(office).award()
    do = office.land.do
    late = numbers(lambda: do(tenders.call_off, "T1", reason="late", key="off", on=AFTER))
    assert late == [8847]
