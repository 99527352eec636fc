"""The life of a tonne, from the law that caps it to the unit that pays for it.

Read this first. It is told under the Example Act (``src/tonne/schemes/example``), whose figures
are small enough to be checked by hand. Every step is an operation that a person could do at the
command line; ``land.do`` says on which day, and by whom. The story is told twice: in books kept
in memory and in PostgreSQL.
"""

from decimal import Decimal
from typing import Any

from land import UNIT, VERIFIED, Land, desk, numbers
from tonne import operations
from tonne.mrv import (
    EmissionsReport,
    MonitoringPlan,
    SourceStream,
    StreamData,
    Tier,
    emissions,
)
from tonne.operations import Opening, SurrenderOrder, Transfer
from tonne.quantity import Gas, Tonnes
from tonne.supply import Allocation, cap
from world import Store


def test_the_life_of_a_tonne_from_law_to_penalty(store: Store) -> None:
    land = Land(store)

    the_law_sets_a_cap(land)
    accounts_are_opened(land)
    units_are_issued_and_no_more_than_the_cap(land)
    units_are_given_to_those_in_the_table(land)
    units_are_sold(land)
    fuel_is_burnt_reported_and_verified(land)
    a_tonne_emitted_is_a_unit_owed(land)
    a_unit_surrendered_is_a_duty_met(land)
    the_year_is_closed_and_what_is_missing_is_fined(land)
    a_mistake_is_reversed(land)
    what_was_missing_is_made_good_in_the_next_year(land)
    every_unit_is_somewhere(land)
    what_is_left_of_the_period_is_cancelled(land)
    any_unit_can_tell_its_life(land)
    the_books_agree_with_themselves(land)


def the_law_sets_a_cap(land: Land) -> None:
    # Section 10: 100,000 units in 2025, and each year 3 % of 100,000 less.
    assert cap(2025, land.scheme.supply).amount == 100_000
    assert cap(2026, land.scheme.supply).amount == 97_000
    assert cap(2027, land.scheme.supply).amount == 94_000


def accounts_are_opened(land: Land) -> None:
    # The scheme has accounts of its own: where units come from, and where they end.
    land.accounts |= land.do(operations.found, on="2025-01-01", by="administrator")
    openings = [
        Opening(kind="operator", name="Steelworks", registry="XE", operator="STEEL", identifier=7),
        Opening(kind="operator", name="Kiln", registry="XE", operator="KILN", identifier=8),
    ]
    steel, kiln = land.do(
        operations.open_accounts, openings, key="open", on="2025-01-01", by="administrator"
    )
    assert (steel.number, kiln.number) == ("XE-120-7-0-95", "XE-120-8-0-90")
    land.accounts |= {"steel": steel.number, "kiln": kiln.number}


def units_are_issued_and_no_more_than_the_cap(land: Land) -> None:
    year: dict[str, Any] = {"year": 2025, "unit": UNIT, "on": "2025-01-02"}
    land.do(operations.issue, count=100_000, key="issue 2025", **year)
    assert land.held("authority") == 100_000

    # Not one more: refusal 3500, with the place in the law.
    assert numbers(lambda: land.do(operations.issue, count=1, key="more", **year)) == [3500]
    # Who sends the same request again is told what was done; it is not done again.
    again = land.do(operations.issue, count=100_000, key="issue 2025", **year)
    assert again.repeated
    assert land.held("authority") == 100_000


def units_are_given_to_those_in_the_table(land: Land) -> None:
    table = [
        Allocation(operator="STEEL", year=2025, count=60),
        Allocation(operator="KILN", year=2025, count=50),
    ]
    land.do(
        operations.allocate,
        table,
        unit=UNIT,
        method="grandfathering",
        key="allocate 2025",
        on="2025-02-28",
    )
    # Units are numbered, and the lowest numbers go first.
    assert land.blocks("steel") == [(1, 60)]
    assert land.blocks("kiln") == [(61, 110)]
    assert land.blocks("authority") == [(111, 100_000)]


def units_are_sold(land: Land) -> None:
    # The kiln has more than it will need and the steelworks less: 10 change hands. The authority
    # sells 20.
    sales = [
        Transfer(
            key="kiln sells",
            source=land.accounts["kiln"],
            target=land.accounts["steel"],
            unit=UNIT,
            count=10,
        ),
        Transfer(
            key="authority sells",
            source=land.accounts["authority"],
            target=land.accounts["steel"],
            unit=UNIT,
            count=20,
        ),
    ]
    land.do(operations.transfer, sales, on="2025-06-01", by="administrator")
    assert land.blocks("steel") == [(1, 60), (61, 70), (111, 130)]  # 60 + 10 + 20 = 90
    assert land.held("kiln") == 40


COAL = SourceStream(
    stream="coal",
    name="Coal, boiler 1",
    approach="combustion",
    gas=Gas("CO2"),
    size="major",
    tiers=(
        Tier(parameter="activity", tier="2"),
        Tier(parameter="ef", tier="2a"),
        Tier(parameter="of", tier="1"),
    ),
)
LIMESTONE = SourceStream(
    stream="limestone", name="Limestone", approach="process", gas=Gas("CO2"), size="de_minimis"
)


def coal(tonnes: int) -> StreamData:
    return StreamData(
        stream="coal",
        activity=Decimal(tonnes),
        activity_unit="t",
        ncv=Decimal(25),
        ef=Decimal(94),
        ef_unit="t/TJ",
        of=Decimal(1),
        tiers=COAL.tiers,
        uncertainty=Decimal("2.5"),
    )


def limestone(tonnes: int) -> StreamData:
    return StreamData(
        stream="limestone",
        activity=Decimal(tonnes),
        activity_unit="t",
        ef=Decimal("0.44"),
        ef_unit="t/t",
        cf=Decimal(1),
    )


STEELWORKS = MonitoringPlan(operator="STEEL", streams=(COAL, LIMESTONE))
KILN = MonitoringPlan(operator="KILN", streams=(LIMESTONE,))


def fuel_is_burnt_reported_and_verified(land: Land) -> None:
    # Coal: 40 t x 25 GJ/t = 1,000 GJ = 1 TJ; x 94 t/TJ = 94 t. Limestone: 14 t x 0.44 = 6.16 t.
    steel = a_report(land, STEELWORKS, [coal(40), limestone(14)], year=2025)
    assert steel.tonnes == Tonnes(Decimal("100.160"))
    # Limestone: 90 t x 0.44 = 39.6 t.
    kiln = a_report(land, KILN, [limestone(90)], year=2025)
    assert kiln.tonnes == Tonnes(Decimal("39.600"))

    # Tonnes are measured, units are counted: they are rounded once, when they are verified.
    figures = they_report_and_are_verified(land, [steel, kiln], on="2026-03-31")
    assert figures == {"STEEL": 100, "KILN": 40}


def a_report(
    land: Land, plan: MonitoringPlan, data: list[StreamData], *, year: int
) -> EmissionsReport:
    found = emissions(plan, data, rules=land.scheme.mrv, year=year)
    return EmissionsReport(
        operator=plan.operator,
        year=year,
        tonnes=found.total,
        submitted=desk(f"{year + 1}-03-20").day,
        source=f"{len(found.streams)} streams, by the {found.guidelines}",
    )


def they_report_and_are_verified(
    land: Land, reports: list[EmissionsReport], *, on: str
) -> dict[str, int]:
    land.do(operations.report, reports, key=f"report {on}", on=on, by="operator")
    opinions = [(each, VERIFIED) for each in reports]
    figures = land.do(operations.verify, opinions, key=f"verify {on}", on=on, by="operator")
    return {each.operator: each.tonnes for each in figures}


def a_tonne_emitted_is_a_unit_owed(land: Land) -> None:
    # The kiln emitted 40 t and owes 40 units: 41 are not taken.
    answer = land.surrender("kiln", 41, year=2025, on="2026-04-20")
    assert numbers(answer) == [6004, 3005], "more than is owed, and more than is held"


def a_unit_surrendered_is_a_duty_met(land: Land) -> None:
    they_surrender(land, {"kiln": 40, "steel": 90}, year=2025, on="2026-04-20")
    assert land.held("surrendered") == 130
    assert (land.held("kiln"), land.held("steel")) == (0, 0)


def they_surrender(land: Land, counts: dict[str, int], *, year: int, on: str) -> None:
    orders = [
        SurrenderOrder(
            key=f"{name} surrenders for {year}",
            account=land.accounts[name],
            year=year,
            unit=UNIT,
            count=count,
        )
        for name, count in counts.items()
    ]
    answers = land.do(operations.surrender, orders, on=on, by="operator")
    assert [numbers(each) for each in answers] == [[] for _ in orders]


def the_year_is_closed_and_what_is_missing_is_fined(land: Land) -> None:
    outcomes = land.close(2025, on="2026-05-01")

    assert outcomes["kiln"].status == "A"
    assert str(outcomes["kiln"].penalty) == "EUR 0.00"
    assert not outcomes["kiln"].published

    # 100 t less 90 units: 10 are missing, at 50 euros each. The name is published, and for each
    # missing unit two are owed in the next year: 20.
    steel = outcomes["steel"]
    assert (steel.status, steel.missing) == ("B", 10)
    assert str(steel.penalty) == "EUR 500.00"
    assert steel.published
    assert steel.carried == 20


def a_mistake_is_reversed(land: Land) -> None:
    land.do(operations.issue, year=2026, unit=UNIT, count=97_000, key="issue 2026", on="2026-01-02")
    # Somebody types a nought too many.
    table: dict[str, Any] = {"year": 2026, "on": "2026-02-27"}
    _, kiln = land.allocate({"STEEL": 130, "KILN": 400}, **table)
    assert land.held("kiln") == 400

    # Nothing is rubbed out: a second transaction names the first and brings the same units back.
    land.do(operations.reverse, kiln.number, key="nought", on="2026-02-28", by="administrator")
    assert land.held("kiln") == 0
    land.allocate({"KILN": 40}, **table)
    assert land.held("kiln") == 40


def what_was_missing_is_made_good_in_the_next_year(land: Land) -> None:
    # Coal again 40 t: 94 t. Limestone: 90 t again, 39.6 t, and none at the steelworks.
    steel = a_report(land, STEELWORKS, [coal(40), limestone(0)], year=2026)
    kiln = a_report(land, KILN, [limestone(90)], year=2026)
    figures = they_report_and_are_verified(land, [steel, kiln], on="2027-03-31")
    assert figures == {"STEEL": 94, "KILN": 40}

    # The steelworks owes 94 for this year and 20 for what was missing: 114.
    they_surrender(land, {"steel": 114, "kiln": 40}, year=2026, on="2027-04-30")
    outcomes = land.close(2026, on="2027-05-01")
    assert {name: each.status for name, each in outcomes.items()} == {"steel": "A", "kiln": "A"}
    assert {each.carried for each in outcomes.values()} == {0}
    assert land.held("steel") == 16  # 130 - 114


def every_unit_is_somewhere(land: Land) -> None:
    (total,) = land.run(lambda books: books.totals("example"))
    assert total.issued == 197_000  # 100,000 + 97,000
    assert total.held["surrendered"] == 284  # 90 + 40 + 114 + 40
    assert total.held["operator"] == 16
    # 197,000 - 284 - 16 = 196,700 were never sold.
    assert total.held["authority"] == 196_700


def what_is_left_of_the_period_is_cancelled(land: Land) -> None:
    # Section 14: on 1 May 2028, and not a day before.
    early = land.do(operations.end_periods, key="early", on="2028-04-30")
    assert early == []
    land.do(operations.end_periods, key="end", on="2028-05-01")
    (total,) = land.run(lambda books: books.totals("example"))
    assert total.held == {"surrendered": 284, "cancelled": 196_716}  # 196,700 + 16


def any_unit_can_tell_its_life(land: Land) -> None:
    # Number 61 was issued, given to the kiln, sold to the steelworks, surrendered for 2025.
    told = land.run(lambda books: operations.history(books, "EX-1-61"))
    names = {number: name for name, number in land.accounts.items()}
    assert [(each.kind, names[each.source], names[each.target]) for each in told.steps] == [
        ("issue", "issuance", "authority"),
        ("allocate", "authority", "kiln"),
        ("transfer", "kiln", "steel"),
        ("surrender", "steel", "surrendered"),
    ]
    assert names[told.holder] == "surrendered"


def the_books_agree_with_themselves(land: Land) -> None:
    # Everything derived is worked out again from the movements: nothing differs.
    assert land.run(lambda books: books.check()) == []

    # And an account's whole story is there to be read.
    story = land.do(operations.statement, land.accounts["steel"], on="2028-05-02")
    assert story.holdings == {}
    assert [each.tonnes for each in story.figures] == [100, 94]
    assert [operations.in_words(each.outcome) for each in story.closings] == [
        "STEEL is 10 units short for 2025; the penalty is EUR 500.00.",
        "STEEL met its duty for 2026.",
    ]
