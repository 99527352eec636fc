"""Sentences about tenders in the books: two stages, sealed prices, contracts with the best."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bargains import Bargain
from changed import replace
from land import Land, numbers, with_law
from tender_office import (
    AFTER,
    BETWEEN,
    FIRST,
    INTEREST,
    SECOND,
    Office,
    proposed,
    ready,
)
from tonne import operations
from tonne.ledger import KeptWord
from tonne.operations import Books, forwards, tenders
from tonne.quantity import Currency, Money
from tonne.rulebook import Dated


@pytest.fixture
def office(each_land: Land) -> Office:
    """A land whose authority has EUR 1,000.00."""
    found = Office(each_land)
    found.purse.bring("authority", "1000.00")
    return found


# 210.00 at 7.00 come first, then 320.00 at 8.00 of which 64.00 are paid at once; 70.00 are left of
# the budget, too little for 160.00. On hold are 210.00 and 256.00 of the 936.00 that are left.
def test_the_best_proposals_become_contracts_as_long_as_the_budget_lasts(office: Office) -> None:
    proposed(office)
    assert office.free() == "EUR 400.00"
    found = office.award().awarded
    assert found is not None
    assert [(each.project, each.contract, each.count, each.price, each.cost, each.advance)
            for each in found.contracts] == [
        ("boilers", "T1/boilers", 30, Decimal("7.00"), 21_000, 0),
        ("wind", "T1/wind", 40, Decimal("8.00"), 32_000, 6_400),
    ]  # fmt: skip
    assert (found.passed_over, found.refused) == (("landfill",), ())
    assert str(office.stands().spent) == "EUR 530.00"
    assert (office.purse.has("authority"), office.purse.has("kiln"), office.free()) == (
        "936.00", "64.00", "EUR 470.00",
    )  # fmt: skip
    office.purse.is_whole()


# 20 of wind: 160.00 and 32.00 tax, of which 32.00 are recovered from the advance, and 0.20 of fees.
def test_what_was_awarded_is_delivered_as_any_other_contract(office: Office) -> None:
    proposed(office).award()
    bargain = Bargain(office.land)
    part: dict[str, Any] = {"name": "T1/wind", "on": "2025-09-01", "count": 20, "project": "wind"}
    assert numbers(lambda: bargain.forward("deliver", **part)) == [8460]
    bargain.forward("meet", "T1/wind", condition="registration", on="2025-09-01")
    _, paid = bargain.forward("deliver", **part)
    assert (paid.value.minor, paid.recovered.minor) == (16_000, 3_200)
    assert office.purse.has("authority") == "775.80"
    assert office.land.held("kiln") == 30
    found = office.land.run(
        lambda books: forwards.the_forward(books, office.land.scheme, "T1/wind")
    )
    assert (found.forward.remedy.kind, found.forward.remedy.days, found.left) == ("make_up", 30, 20)
    office.purse.is_whole()


def test_nothing_is_told_of_a_proposal_but_its_hash_until_the_award(office: Office) -> None:
    ready(office)
    found = office.propose("wind", "kiln", "8.00", 20, 20, key="p")
    assert office.propose("wind", "kiln", "8.00", 20, 20, key="p", salt="x" * 32) == found
    other = office.propose("boilers", "steel", "8.00", 30)
    assert len({found.commitment, other.commitment}) == 2
    assert len(found.commitment) == 64
    said = office.land.run(lambda books: [each.word.body for each in books.words("tender")])
    assert not [body for body in said if "8.00" in body]


def test_a_request_sent_again_is_done_once(office: Office) -> None:
    office.open(key="o")
    office.open(key="o")
    assert office.free() == "EUR 400.00"
    office.express("wind", "kiln", "renewables", 40)
    office.shortlist()
    office.propose("wind", "kiln", "8.00", 40, advance="0.25")
    first = office.award(key="a")
    assert office.award(key="a", on="2025-07-12") == first
    assert office.purse.has("kiln") == "80.00"
    assert numbers(lambda: office.award(key="a", points={"wind": 1})) == [9001]


def test_a_tender_that_cannot_be_held_is_not_opened(office: Office) -> None:
    office.open()
    assert numbers(lambda: office.open("1")) == [8840]
    dollars = Money(100, Currency("USD"))
    assert numbers(lambda: office.open("1", name="T2", spends=dollars)) == [8841]
    assert numbers(lambda: office.open("1", name="T2", proposals_close=INTEREST)) == [8842]
    assert numbers(lambda: office.open("1", name="T2", on="2025-06-11")) == [8842]
    assert numbers(lambda: office.open("400.01", name="T2")) == [3005]
    assert numbers(lambda: office.open("1", name="T2", unit="GAS")) == [3006]
    assert numbers(lambda: office.open("1", name="T2", by="operator")) == [3107]
    assert office.free() == "EUR 400.00"
    office.open("400", name="T2")
    every = office.land.run(lambda books: tenders.tenders(books, office.land.scheme))
    assert [each.tender.id for each in every] == ["T1", "T2"]


def test_a_tender_is_called_by_its_name(office: Office) -> None:
    assert numbers(office.stands) == [8843]


def test_a_project_that_is_not_sought_is_not_put_forward(office: Office) -> None:
    office.open()
    assert numbers(lambda: office.express("forest", "kiln", "forestry", 9)) == [8262, 8263]
    late = {"on": BETWEEN}
    assert numbers(lambda: office.express("wind", "kiln", "renewables", 40, **late)) == [8260]
    office.express("wind", "kiln", "renewables", 40)
    assert numbers(lambda: office.express("wind", "steel", "renewables", 40)) == [8261]
    assert numbers(lambda: office.express("sun", "XE-120-999-0-26", "renewables", 40)) == [1001]
    assert [each.project for each in office.stands().interests] == ["wind"]


def test_the_stages_follow_one_another(office: Office) -> None:
    office.open()
    office.express("wind", "kiln", "renewables", 40)
    assert numbers(lambda: office.shortlist(on=FIRST)) == [8844]
    early = numbers(lambda: office.propose("wind", "kiln", "8.00", 40, on=FIRST))
    assert early == [8846, 8264]
    assert numbers(lambda: office.award(on=FIRST)) == [8844, 8846]
    assert office.shortlist().shortlist == office.stands().shortlist
    assert numbers(office.shortlist) == [8845]
    assert numbers(lambda: office.award(on=SECOND)) == [8844]
    office.award()
    assert numbers(office.award) == [8847]
    assert (office.free(), office.purse.has("authority")) == ("EUR 1,000.00", "1000.00")


def test_how_far_a_tender_has_come_follows_from_the_moment(office: Office) -> None:
    office.open()
    moments = [datetime.fromisoformat(f"{day}T12:00Z") for day in (FIRST, BETWEEN, AFTER)]
    assert [office.stands().status(at) for at in moments] == [
        "open to interest", "before its shortlist", "closed",
    ]  # fmt: skip
    office.shortlist()
    assert office.stands().status(moments[1]) == "open to proposals"
    office.award()
    assert office.stands().status(moments[1]) == "awarded"


def test_who_cannot_deliver_any_more_is_left_off_the_shortlist(office: Office) -> None:
    office.open()
    office.express("wind", "kiln", "renewables", 40)
    office.express("boilers", "steel", "efficiency", 30)
    suspend(office, "kiln", BETWEEN)
    found = office.shortlist().shortlist
    assert found is not None
    assert found.invited == ("boilers",)
    assert [(each.project, len(each.why)) for each in found.refused] == [("wind", 1)]
    assert 8264 in numbers(lambda: office.propose("wind", "kiln", "8.00", 40))


def test_a_proposal_that_the_law_forbids_is_refused_when_it_comes(office: Office) -> None:
    ready(office)
    assert numbers(lambda: office.propose("wind", "kiln", "12.01", 40)) == [8265]
    assert numbers(lambda: office.propose("wind", "kiln", "8.001", 9)) == [8262, 8266]
    assert numbers(lambda: office.propose("wind", "steel", "8.00", 40)) == [8264]
    assert numbers(lambda: office.propose("wind", "kiln", "8.00", 40, advance="0.26")) == [
        8267, 8452,
    ]  # fmt: skip
    assert numbers(lambda: office.propose("wind", "kiln", "8.00", 21, 20)) == [8850]
    assert 8260 in numbers(lambda: office.propose("wind", "kiln", "8.00", 40, on=AFTER))
    assert numbers(lambda: office.propose("wind", "kiln", "8.00", 40, 0)) == [8451]
    office.propose("wind", "kiln", "8.00", 40)
    assert numbers(lambda: office.propose("wind", "kiln", "7.00", 40)) == [8261]


def test_a_winner_that_can_no_longer_deliver_does_not_count(office: Office) -> None:
    proposed(office)
    suspend(office, "steel", AFTER)
    found = office.award().awarded
    assert found is not None
    assert [each.project for each in found.contracts] == ["wind", "landfill"]
    assert [each.project for each in found.refused] == ["boilers"]


def test_nobody_is_left_out_because_the_buyers_account_is_not_open(office: Office) -> None:
    proposed(office)
    suspend(office, "authority", AFTER)
    assert numbers(office.award) == [1004]
    assert office.stands().awarded is None


def test_a_contract_gets_a_name_that_is_free(office: Office) -> None:
    proposed(office)
    bargain = Bargain(office.land)
    bargain.bring("steel", "100.00")
    bargain.sign(bargain.contract(id="T1/wind"))
    found = office.award().awarded
    assert found is not None
    assert [each.contract for each in found.contracts] == ["T1/boilers", "T1/wind/2"]


def test_a_proposal_that_was_changed_under_its_seal_does_not_count(office: Office) -> None:
    ready(office)
    office.propose("wind", "kiln", "8.00", 40)

    def meddle(books: Books) -> None:
        """Say the same proposal once more, for the landfill."""
        (spoken,) = books.words("proposals")
        body = spoken.word.body.replace('"wind"', '"landfill"')
        body = body.replace(office.land.number("kiln"), office.land.number("ana"))
        stamp = office.land.scheme.stamp(date(2025, 6, 20), INTEREST)
        entry = books.enter(
            key="m",
            digest=b"0" * 32,
            kind="propose_project",
            year=None,
            because=("x",),
            stamp=stamp,
        )
        books.say(entry, [KeptWord("proposals", spoken.word.subject, body)])

    office.land.run(meddle)
    found = office.award().awarded
    assert found is not None
    assert [each.project for each in found.contracts] == ["wind"]
    assert [each.project for each in found.refused] == ["landfill"]
    assert "does not fit its hash" in found.refused[0].why[0]


def test_where_the_law_asks_a_jury_its_points_decide(office: Office) -> None:
    rules = office.land.scheme.tenders
    clause = rules.tender.on(date(2025, 6, 2))
    judged = replace(clause, value=replace(clause.value, choice="most_points"))
    office.land.scheme = with_law(
        office.land.scheme, "tenders.toml", replace(rules, tender=Dated([judged]))
    )
    proposed(office)
    assert numbers(lambda: office.award(points={"wind": 70, "boilers": 50})) == [8849]
    found = office.award(points={"wind": 70, "boilers": 50, "landfill": 90}).awarded
    assert found is not None
    assert [each.project for each in found.contracts] == ["landfill", "wind"]
    assert found.passed_over == ("boilers",)


def suspend(office: Office, name: str, on: str) -> None:
    """Nothing may move in an account."""
    office.land.do(
        operations.change_account, office.land.number(name), "suspend", reason="x",
        key=office.land.key(), on=on, by="administrator",
    )  # fmt: skip
