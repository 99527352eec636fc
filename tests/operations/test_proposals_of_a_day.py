"""How much one person proposes in a day, in memory and in PostgreSQL."""

import pytest

from bureau import Bureau
from changed import replace
from land import Land, with_law
from porch import numbers
from tonne.operations import Scheme
from tonne.operations.proposals import Report, Trust, Unfreeze
from tonne.people import DailyRule
from tonne.rulebook import Clause, Dated


@pytest.fixture
def bureau(each_land: Land) -> Bureau:
    """The registry with its people."""
    return Bureau(each_land).settle()


def few_a_day(scheme: Scheme) -> Scheme:
    """The Example Act, by which a representative proposes two things a day that wait."""
    rules = scheme.people
    clause = Clause(
        start=rules.daily.clauses[0].start,
        value=DailyRule(representatives=2, staff=3),
        reference="Example Act, s. 78",
    )
    return with_law(scheme, "people.toml", replace(rules, daily=Dated((clause,))))


def test_a_person_proposes_only_so_much_in_a_day(bureau: Bureau) -> None:
    bureau.land.scheme = few_a_day(bureau.land.scheme)
    steel = bureau.number("steel")
    wishes = [Trust(account=steel, target=bureau.number(name)) for name in ("kiln", "state")]
    wishes.append(Trust(account=steel, target=bureau.number("kiln"), description="again"))
    bureau.propose(wishes[0], by="ann", key="first")
    bureau.propose(wishes[0], by="ann", key="first")  # Sent again, it is the same.
    bureau.propose(wishes[1], by="ann")
    for attempt in (bureau.rehearse, bureau.propose):
        assert numbers(attempt, wishes[2], by="ann") == [9135]
    # What waits for nobody is not counted, nor what another does; the next day begins anew.
    bureau.propose(Report(account=steel, year=2025, tonnes="9"), by="ann")
    bureau.propose(wishes[2], by="bob")
    bureau.wait(days=1)
    bureau.propose(wishes[2], by="ann")


def test_staff_propose_more_than_others_in_a_day(bureau: Bureau) -> None:
    bureau.wait(days=1)
    bureau.land.scheme = few_a_day(bureau.land.scheme)
    wish = Unfreeze(reason="it was a mistake")
    for _ in range(3):
        bureau.propose(wish, by="sara")
    assert numbers(bureau.propose, wish, by="sara") == [9135]
