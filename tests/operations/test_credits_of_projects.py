"""Sentences about credits: issued for a report, given a day of expiry, forwarded, cancelled."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from changed import replace
from nations import World, kyoto, raised, refused
from tonne import operations
from tonne.mrv import Opinion
from tonne.operations import Answer, Conversion, CreditIssue, Opening, Receipt, scheme_folder
from tonne.registry import Dedication
from tonne.simulation import read_cdm

FOLDER = scheme_folder("kyoto_cp1")


def test_two_per_cent_of_an_issuance_goes_to_adaptation_in_kind(kyoto_world: World) -> None:
    found = kyoto_world.credit(1_234_550)
    assert found.unit == "CER-1 BR-7"
    assert kyoto_world.held("CDM", "pending") == {"CER-1 BR-7": 1_209_859}
    assert kyoto_world.held("CDM", "adaptation") == {"CER-1 BR-7": 24_691}
    assert str(found.proceeds.fee) == "USD 245,410.00"


def test_a_least_developed_host_gives_no_share(kyoto_world: World) -> None:
    found = kyoto_world.credit(100, project="BD-7")
    assert found.share is None
    assert kyoto_world.held("CDM", "pending") == {"CER-1 BD-7": 100}


def test_a_report_is_issued_for_once(kyoto_world: World) -> None:
    first = kyoto_world.credit(100, number="3", key="once")
    again = kyoto_world.credit(100, number="3", key="once")
    assert (first.receipt.repeated, again.receipt.repeated) == (False, True)
    assert replace(again.receipt, repeated=False) == first.receipt
    assert refused(lambda: kyoto_world.credit(100, number="3")) == [3222]
    assert kyoto_world.held("CDM", "pending") == {"CER-1 BR-7": 98}


@pytest.mark.parametrize(
    "other",
    [{"count": 101}, {"number": "4"}, {"project": "BR-8"}, {"year": 2011}, {"unit": "CER-2"},
     {"opinion": Opinion(verifier="Another Ltd", judgement="verified")}],
)  # fmt: skip
def test_the_key_of_an_issuance_stands_for_one_report(
    kyoto_world: World, other: dict[str, Any]
) -> None:
    words: dict[str, Any] = {"count": 100, "number": "3", "key": "once"}
    kyoto_world.credit(**words)
    assert refused(lambda: kyoto_world.credit(**(words | other))) == [9001]
    assert kyoto_world.held("CDM", "pending") == {"CER-1 BR-7": 98}


def test_the_fee_depends_on_the_reports_of_the_same_year_and_is_told_again_as_it_was(
    kyoto_world: World,
) -> None:
    def fee(year: int, number: str) -> str:
        report = kyoto_world.credit(15_000, year=year, number=number, key=number)
        return str(report.proceeds.fee)

    # 15,000 x 0.10; the next of the year 15,000 x 0.20
    assert fee(2010, "1") == "USD 1,500.00"
    assert fee(2010, "2") == "USD 3,000.00"
    assert fee(2011, "3") == "USD 1,500.00"
    assert str(kyoto_world.credit(15_000, project="BR-8", year=2010).proceeds.fee) == "USD 1,500.00"
    assert fee(2010, "1") == "USD 1,500.00"
    assert kyoto_world.credit(15_000, year=2010, number="1", key="1").proceeds.adaptation == 300


def test_who_verified_a_report_and_its_fee_are_on_record(kyoto_world: World) -> None:
    kyoto_world.credit(100, number="3")
    (notice,) = kyoto_world.store.run(lambda books: books.notices("kyoto_cp1", ("credits",)))
    assert notice.subject == "BR-7"
    assert [notice.fact(each) for each in ("report", "verifier", "judgement", "fee")] == [
        "3", "DOE Ltd", "verified", "10.00",
    ]  # fmt: skip


def test_a_report_that_does_not_say_everything_brings_no_credits(kyoto_world: World) -> None:
    def verified(verifier: str, judgement: Any = "verified") -> Opinion:  # noqa: ANN401
        return Opinion(verifier=verifier, judgement=judgement)

    for words in (
        {"number": " "},
        {"count": 0},
        {"opinion": verified(" ")},
        {"opinion": verified("DOE Ltd", "verified_with_comments")},
    ):
        assert refused(partial(kyoto_world.credit, **({"count": 1} | words))) == [3221]


def test_a_report_that_is_not_verified_brings_no_credits(kyoto_world: World) -> None:
    opinion = Opinion(verifier="DOE Ltd", judgement="not_verified", comments=("no meters",))
    assert refused(lambda: kyoto_world.credit(100, opinion=opinion)) == [3208]


@pytest.mark.parametrize("project", ["AT-5", "US-1", "ZZZ-5", "EU-5", "CDM-5"])
def test_projects_are_where_there_is_no_commitment(kyoto_world: World, project: str) -> None:
    assert refused(lambda: kyoto_world.credit(1, project=project)) == [3224]
    order = CreditIssue(key="k", unit=f"CER-1 {project}", count=1)
    assert refused(lambda: kyoto_world.do(operations.issue_credits, [order])) == [3224]


def test_the_hosts_are_all_whose_credits_were_issued_and_none_with_a_commitment() -> None:
    scheme, day = kyoto(), date(2014, 6, 1)
    hosts = set(scheme.credits.hosts.on(day).value)
    assert hosts >= {row.serial.party for row in read_cdm(FOLDER / "cdm").issued}
    assert not hosts & {each.party for each in scheme.nations.annex_b.on(day).value}
    # The Republic of South Sudan never joined the Protocol.
    assert set(scheme.credits.exempt_hosts.on(day).value) - hosts == {"SS"}


@pytest.mark.parametrize(
    "unit",
    ["tCER-1/2099-12-31", "tCER-1/2012-12-31", "lCER-1", "lCER-1/1999-01-01", "lCER-1/2014-06-01"],
)
def test_temporary_units_expire_when_the_law_says_or_after_their_issuance(
    kyoto_world: World, unit: str
) -> None:
    assert refused(lambda: kyoto_world.credit(100, unit=unit)) == [3223]
    assert kyoto_world.credit(100, unit="lCER-1/2014-06-02").unit == "lCER-1 BR-7/2014-06-02"


def test_no_unit_comes_into_being_that_has_expired_by_law(kyoto_world: World) -> None:
    assert refused(lambda: kyoto_world.credit(100, unit="tCER-1", on="2020-12-31")) == [3223]
    kyoto_world.credit(100, unit="tCER-1/2020-12-31", on="2020-12-30")


def test_temporary_credits_have_the_day_of_expiry_that_the_law_says(kyoto_world: World) -> None:
    assert kyoto_world.credit(100, unit="tCER-1").unit == "tCER-1 BR-7/2020-12-31"
    assert kyoto_world.credit(100, unit="lCER-1/2031-05-01").unit == "lCER-1 BR-7/2031-05-01"


@pytest.mark.parametrize("place", ["pending", "party", "retired"])
@pytest.mark.parametrize("kind", ["tCER-1/2020-12-31", "lCER-1/2031-05-01"])
def test_the_day_of_expiry_of_temporary_credits_is_changed_wherever_they_lie(
    kyoto_world: World, place: str, kind: str
) -> None:
    unit = kyoto_world.credit(100, unit=kind).unit
    pending, vienna = kyoto_world.own["CDM"]["pending"], kyoto_world.own["AT"]["party"]
    party = "CDM" if place == "pending" else "AT"
    if party == "AT":
        kyoto_world.do(operations.forward, [kyoto_world.move(pending, vienna, unit, 98)])
    if place == "retired":
        assert isinstance(kyoto_world.end("retire", vienna, unit, 98), Receipt)
    account = kyoto_world.own[party][place]
    lots = kyoto_world.store.run(lambda books: books.lots([account], unit)[account])
    order = Conversion(key="k", account=account, unit=unit, count=8)
    kyoto_world.do(operations.change_expiry, order, expiry=date(2041, 5, 1))
    longer = f"{unit.partition('/')[0]}/2041-05-01"
    assert kyoto_world.held(party, place) == {unit: 90, longer: 8}
    # The numbers are those that came first, and they are kept.
    first = lots[0][0].first
    found = kyoto_world.store.run(lambda books: operations.history(books, f"BR-{first}"))
    assert (found.unit, found.holder) == (longer, account)


def test_credits_are_forwarded_and_cancelled_in_the_registry_they_are_in(
    kyoto_world: World,
) -> None:
    unit = kyoto_world.credit(100).unit
    pending, vienna = kyoto_world.own["CDM"]["pending"], kyoto_world.own["AT"]["party"]
    kyoto_world.do(operations.forward, [kyoto_world.move(pending, vienna, unit, 50)])
    assert isinstance(kyoto_world.end("cancel_voluntarily", vienna, unit, 20), Receipt)
    assert isinstance(kyoto_world.end("cancel_voluntarily", pending, unit, 8), Receipt)
    assert kyoto_world.held("AT", "cancelled") == {unit: 20}
    assert kyoto_world.held("CDM", "cancelled") == {unit: 8}
    assert kyoto_world.held("CDM", "pending") == {unit: 40}


def test_a_cancellation_tells_for_whom_and_what_for_it_was(kyoto_world: World) -> None:
    unit = kyoto_world.credit(100).unit
    ana = Dedication(beneficiary="Ana", purpose="a flight to Lima")

    def cancel(dedication: Dedication | None) -> Answer:
        order = replace(
            kyoto_world.move(kyoto_world.own["CDM"]["pending"], "", unit, 5),
            key="once",
            dedication=dedication,
        )
        return kyoto_world.do(operations.cancel, [order], verb="cancel_voluntarily")[0]

    first, again = cancel(ana), cancel(ana)
    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert again.repeated
    # Sent again with another beneficiary, or with none, it is another request.
    assert refused(lambda: raised(cancel(None))) == [9001]
    assert refused(lambda: raised(cancel(Dedication(beneficiary="Ben")))) == [9001]
    number = kyoto_world.store.run(
        lambda books: books.lots([kyoto_world.own["CDM"]["cancelled"]], unit)
    )
    ((lot, _),) = next(iter(number.values()))
    found = kyoto_world.store.run(lambda books: operations.history(books, f"BR-{lot.first}"))
    assert found.dedications == {first.number: ana}


def test_temporary_units_are_not_replaced_by_long_term_ones(kyoto_world: World) -> None:
    unit = kyoto_world.credit(100, unit="lCER-1/2031-05-01").unit
    pending, vienna = kyoto_world.own["CDM"]["pending"], kyoto_world.own["AT"]["party"]
    kyoto_world.do(operations.forward, [kyoto_world.move(pending, vienna, unit, 50)])
    answer = kyoto_world.end("replace_lcer_reversal", vienna, unit, 10)
    assert isinstance(answer, Receipt)
    assert refused(lambda: raised(kyoto_world.end("replace_tcer", vienna, unit, 10))) == [3006]


def test_what_is_issued_was_not_carried_over(kyoto_world: World) -> None:
    order = CreditIssue(key="k", unit="CER-2 BR-7:1", count=1)
    (answer,) = kyoto_world.do(operations.issue_credits, [order])
    assert refused(lambda: raised(answer)) == [3220]


def test_credits_of_a_new_host_are_issued_where_there_is_an_account_for_other_registries(
    kyoto_world: World,
) -> None:
    """The series of a host that keeps no registry is not of others: its numbers are made here."""
    opening = Opening(kind="elsewhere", name="Others", registry="CDM")
    kyoto_world.do(operations.open_account, opening, key="others")
    assert kyoto_world.credit(100, project="MX-7").unit == "CER-1 MX-7"
    assert kyoto_world.held("CDM", "pending") == {"CER-1 MX-7": 98}
