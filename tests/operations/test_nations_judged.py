"""Sentences about the end of a period in the books: planned, judged, corrected."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from changed import replace
from land import with_law
from nations import AAU, ERU, World, amounts, refused
from tonne import operations
from tonne.compliance import Inventory
from tonne.operations import Conversion, NationPlan, PeriodOutcome, Receipt, Scheme
from tonne.quantity import Tonnes
from tonne.rulebook import Dated
from world import Store

AFTER = "2015-11-19"
"""The day after the additional period."""


def two_periods(**units: int) -> Scheme:
    """The scheme with a second commitment period in its law between nations."""
    scheme = amounts(**units)
    (clause,) = scheme.nations.period.clauses
    second = replace(
        clause,
        start=date(2013, 1, 1),
        value=replace(
            clause.value, number=2, first=date(2013, 1, 1), last=date(2020, 12, 31),
            review_end=date(2023, 6, 1),
        ),
    )  # fmt: skip
    return with_law(scheme, "nations.toml", replace(scheme.nations, period=Dated([clause, second])))


def bubble_of(scheme: Scheme, *members: str) -> Scheme:
    """The scheme with a smaller bubble."""
    (clause,) = scheme.nations.bubble.clauses
    smaller = Dated([replace(clause, value=replace(clause.value, members=members))])
    return with_law(scheme, "nations.toml", replace(scheme.nations, bubble=smaller))


def emit(world: World, party: str, *tonnes: str) -> None:
    """The five inventories of a nation are reviewed."""
    for year, text in zip(range(2008, 2013), tonnes, strict=True):
        found = Inventory(year=year, tonnes=Tonnes(Decimal(text)))
        world.do(operations.notify, found, party=party, key=world.key())


def judge(
    world: World, party: str, *, on: str = AFTER, key: str = "", **more: bool
) -> PeriodOutcome:
    return world.do(operations.judge_nation, party, period=1, key=key or world.key(), on=on, **more)


def plan(world: World, party: str, **more: tuple[str, ...]) -> NationPlan:
    day = date(2014, 6, 1)
    return world.store.run(
        lambda books: operations.plan_nation(books, world.scheme, party, period=1, on=day, **more)
    )


def retire(world: World, party: str, unit: str, count: int) -> None:
    answer = world.end("retire", world.own[party]["party"], unit, count)
    assert isinstance(answer, Receipt)


@pytest.fixture
def short(store: Store) -> World:
    """Warsaw was assigned 1,000 units and retired 490 of them for 500.5 t."""
    world = World(store, scheme=two_periods(PL=1000, AT=1000)).settle()
    world.issue(AAU, 1000)
    emit(world, "PL", "100", "100", "100", "100", "100.5")
    retire(world, "PL", AAU, 490)
    return world


def test_a_nation_is_judged_by_what_it_retired_and_not_by_what_it_holds(short: World) -> None:
    # 500.5 t, rounded half up: 501. 501 - 490 = 11; 11 x 1.3 = 14.3, rounded up.
    found = judge(short, "PL")
    (outcome,) = found.outcomes
    assert (outcome.emissions, outcome.counted, outcome.excess) == (501, 490, 11)
    assert (outcome.deduction, found.met, found.suspends) == (15, False, "transfer")


def test_nobody_is_judged_while_units_may_still_be_retired(short: World) -> None:
    assert refused(lambda: judge(short, "PL", on="2015-11-18")) == [6141]


def test_what_was_retired_in_time_makes_the_commitment_met(short: World) -> None:
    retire(short, "PL", AAU, 11)
    found = judge(short, "PL")
    assert found.met
    assert found.outcomes[0].deduction == 0


def test_without_all_inventories_nobody_is_judged(short: World) -> None:
    assert refused(lambda: judge(short, "AT"))[0] in {6103, 6140}
    short.scheme = bubble_of(short.scheme, "DE")
    assert refused(lambda: judge(short, "AT")) == [6103]


def test_an_outcome_is_recorded_once_and_its_key_tells_it_again(short: World) -> None:
    first = judge(short, "PL", key="once")
    again = judge(short, "PL", key="once", on="2016-01-01")
    assert again == replace(first, repeated=True)
    assert refused(lambda: judge(short, "PL")) == [6142]
    assert refused(lambda: judge(short, "AT", key="once")) == [9001]
    assert refused(lambda: judge(short, "PL", key="once", successor=False)) == [9001]


def test_an_inventory_that_is_corrected_brings_a_new_record(short: World) -> None:
    first = judge(short, "PL")
    lower = Inventory(year=2012, tonnes=Tonnes(Decimal(90)))
    short.do(operations.notify, lower, party="PL", key="lower", on="2015-12-01")
    found = judge(short, "PL", on="2015-12-01")
    assert (found.corrects, found.met) == (first.entry, True)

    def told(day: date) -> int | None:
        record = short.store.run(
            lambda books: operations.outcome_of(books, short.scheme, "PL", on=day)
        )
        return None if record is None else record[1].excess

    days = (date(2015, 11, 18), date(2015, 11, 30), date(2015, 12, 1))
    assert [told(day) for day in days] == [None, 11, 0]


def test_what_is_missing_is_taken_from_the_amount_of_the_next_period(short: World) -> None:
    judge(short, "PL")
    # 1,000 less 11 x 1.3, rounded up to 15.
    issue = partial(short.do, operations.issue_assigned, unit="AAU-2 PL", on="2016-01-01")
    assert refused(lambda: issue(count=986, key="a")) == [3500]
    issue(count=985, key="b")
    order = short.move(short.own["PL"]["party"], "", "AAU-2 PL", 15)
    cancel = partial(short.do, operations.cancel, [order], verb="cancel_non_compliance")
    assert isinstance(cancel(on="2016-01-02")[0], Receipt)
    issue(count=15, key="c")
    assert refused(lambda: issue(count=1, key="d")) == [3500]


def test_where_there_is_no_next_period_nothing_is_taken(short: World) -> None:
    (outcome,) = judge(short, "PL", successor=False).outcomes
    assert (outcome.excess, outcome.deduction) == (11, None)


def test_who_retired_too_little_buys_but_does_not_sell_until_it_is_cleared(short: World) -> None:
    warsaw, vienna = (short.own[party]["party"] for party in ("PL", "AT"))
    short.show("AT")
    for party in ("PL", "AT"):
        unit = f"AAU-2 {party}"
        short.do(operations.issue_assigned, unit=unit, count=500, key=unit, on="2015-01-01")
    judge(short, "PL")

    def give(source: str, target: str, unit: str, on: str) -> list[int]:
        order = short.move(source, target, unit, 1)
        (answer,) = short.do(operations.transfer, [order], on=on)
        return [] if isinstance(answer, Receipt) else [each.number for each in answer]

    assert give(warsaw, vienna, "AAU-2 PL", "2016-01-02") == [6121]
    assert give(vienna, warsaw, "AAU-2 AT", "2016-01-02") == []
    short.show("PL", cleared=date(2016, 6, 1), on="2016-06-01")
    assert give(warsaw, vienna, "AAU-2 PL", "2016-06-01") == []


def test_units_of_a_period_without_law_are_not_sold_either(store: Store) -> None:
    world = World(store, scheme=two_periods(PL=1000)).settle()
    emit(world, "PL", *["10"] * 5)
    world.do(operations.issue_assigned, unit="AAU-2 PL", count=9, key="i", on="2015-01-01")
    judge(world, "PL")
    world.scheme = amounts(PL=1000)
    warsaw, vienna = (world.own[party]["party"] for party in ("PL", "AT"))
    order = world.move(warsaw, vienna, "AAU-2 PL", 1)
    (answer,) = world.do(operations.transfer, [order], on="2016-01-02")
    assert not isinstance(answer, Receipt)
    assert [each.number for each in answer] == [6121]


@pytest.fixture
def together(store: Store) -> World:
    """A bubble of Poland and Austria, which emitted 100 and 50 t; each was assigned 100 units."""
    scheme = bubble_of(amounts(PL=100, AT=100, EU=210), "PL", "AT")
    world = World(store, scheme=scheme).settle()
    world.own["EU"] = world.do(operations.found_nation, "EU")
    for party, count in (("PL", 100), ("AT", 100), ("EU", 10)):
        world.issue(f"AAU-1 {party}", count)
    emit(world, "PL", *["20"] * 5)
    emit(world, "AT", *["10"] * 5)
    return world


def test_a_member_of_a_bubble_is_judged_together_with_the_others(together: World) -> None:
    assert refused(lambda: judge(together, "PL")) == [6140]


def test_a_bubble_is_met_if_all_together_retired_enough(together: World) -> None:
    retire(together, "PL", AAU, 90)
    retire(together, "AT", "AAU-1 AT", 60)
    found = judge(together, "EU")
    assert (found.together, found.met) == ((150, 150), True)
    assert [(each.party, each.excess) for each in found.outcomes] == [("PL", 0), ("AT", 0)]


def test_what_the_organisation_retires_counts_for_all_together(together: World) -> None:
    retire(together, "PL", AAU, 90)
    retire(together, "AT", "AAU-1 AT", 50)
    retire(together, "EU", "AAU-1 EU", 10)
    assert judge(together, "EU").met


def test_if_the_bubble_fails_each_answers_for_itself_and_units_held_do_not_count(
    together: World,
) -> None:
    retire(together, "PL", AAU, 80)
    retire(together, "AT", "AAU-1 AT", 60)
    found = judge(together, "EU")
    # 150 > 140: of Warsaw 20 are missing, though 10 more of Vienna are retired than it emitted.
    assert found.together == (150, 140)
    assert [(each.party, each.excess, each.deduction) for each in found.outcomes] == [
        ("PL", 20, 26),
        ("AT", 0, 0),
    ]
    (excess,) = (
        record[1].excess
        for record in [
            together.store.run(
                lambda books: operations.outcome_of(
                    books, together.scheme, "PL", on=date(2016, 1, 1)
                )
            )
        ]
        if record is not None
    )
    assert excess == 20


def test_units_whose_expiry_changed_late_count_as_of_their_retirement(store: Store) -> None:
    world = World(store, scheme=two_periods(PL=1000)).settle()
    world.issue(AAU, 100)
    unit = world.credit(100, unit="lCER-1/2031-05-01").unit
    pending, warsaw = world.own["CDM"]["pending"], world.own["PL"]["party"]
    world.do(operations.forward, [world.move(pending, warsaw, unit, 50)])
    emit(world, "PL", *["10"] * 5)
    retire(world, "PL", unit, 50)
    order = Conversion(key="k", account=world.own["PL"]["retired"], unit=unit, count=20)
    world.do(operations.change_expiry, order, expiry=date(2041, 5, 1), on="2016-01-01")
    (outcome,) = judge(world, "PL", on="2016-01-02").outcomes
    assert (outcome.counted, outcome.late) == (50, 0)


# What to retire.


def test_the_best_plan_retires_first_what_would_be_lost(short: World) -> None:
    short.convert(60)
    found = plan(short, "PL")
    # 501 - 490 = 11 are missing. Of 60 credits 2.5 % of 1,000 = 25 go over; 35 would be lost.
    assert (found.emissions, found.counted) == (501, 490)
    assert found.plan.retired == (("ERU-AAU-1", 11),)
    assert found.held == {"AAU-1": 450, "ERU-AAU-1": 60}
    assert found.plan.carried == {"AAU-1": 450, "ERU-AAU-1": 25}
    assert found.plan.lost == {"ERU-AAU-1": 24}
    worse = plan(short, "PL", order=("AAU-1",))
    assert worse.plan.retired == (("AAU-1", 11),)
    assert worse.plan.lost == {"ERU-AAU-1": 35}


def test_who_does_what_the_plan_says_has_met_its_commitment(short: World) -> None:
    short.convert(60)
    for _, count in plan(short, "PL").plan.retired:
        retire(short, "PL", ERU, count)
    assert plan(short, "PL").plan.retired == ()
    assert judge(short, "PL").met


def test_units_of_persons_and_of_other_periods_are_in_no_plan(short: World) -> None:
    short.do(operations.issue_assigned, unit="AAU-2 PL", count=9, key="i", on="2015-01-01")
    person = short.do(
        operations.open_account,
        operations.Opening(kind="person", name="Trader", registry="PL"),
        key="open",
    )
    order = short.move(short.own["PL"]["party"], person.number, AAU, 500)
    (answer,) = short.do(operations.transfer, [order])
    assert isinstance(answer, Receipt)
    found = plan(short, "PL")
    assert found.held == {"AAU-1": 10}
    assert found.plan.missing == 1
