"""What history lists of a step is what was asked when it was done: no more, and no less."""

from collections.abc import Callable
from datetime import date
from functools import partial

from nations import AAU, ERU, World, amounts, kyoto, refused
from tonne import operations
from tonne.ledger import BOOKS
from tonne.operations import CheckPassed, CreditIssue, Receipt
from tonne.registry import CHECKS, Answer

AFTER = "2015-11-19"
"""The day after the additional period."""

Asked = set[tuple[int, str]]


def asked(world: World, act: Callable[[], object]) -> Asked:
    """What was asked while something was done: each check, all of which passed."""
    told: list[Answer] = []
    world.told = told
    act()
    world.told = None
    assert told
    assert all(each.passed for each in told)
    return {(each.number, each.sentence) for each in told}


def last(world: World, serial: str) -> tuple[CheckPassed, ...]:
    """What history lists of the last step of a number."""
    told = partial(operations.history, serial=serial, scheme=world.scheme)
    found = world.store.run(told)
    assert {step.transaction for step in found.steps} == found.checks.keys()
    return found.checks[found.steps[-1].transaction]


def listed(checks: tuple[CheckPassed, ...]) -> Asked:
    """The same without who asked and where it is written, each check once."""
    assert len(set(checks)) == len(checks)
    return {(each.number, each.sentence) for each in checks}


def test_what_is_listed_of_a_unit_of_a_nation_is_what_was_asked(kyoto_world: World) -> None:
    world = kyoto_world
    warsaw, vienna = (world.own[party]["party"] for party in ("PL", "AT"))

    def same(act: Callable[[], object], serial: str, more: set[int]) -> None:
        done = asked(world, act)
        assert listed(last(world, serial)) == done
        assert {number for number, _ in done} - {each.number for each in CHECKS} == {3005} | more

    def give() -> None:
        order = world.move(warsaw, vienna, AAU, 10)
        (answer,) = world.do(operations.transfer, [order])
        assert isinstance(answer, Receipt)

    same(lambda: world.issue(AAU, 100), "PL-1", set())
    same(give, "PL-1", {6102, 6120, 6121})
    same(lambda: world.convert(10), "PL-11", {3207, 6102})
    same(lambda: world.end("retire", vienna, AAU, 5), "PL-1", {3226, 6110, 6111, 6112})
    same(lambda: world.end("cancel_voluntarily", vienna, AAU, 5), "PL-6", {3226})
    same(
        lambda: world.do(operations.carry_over, world.order(ERU, 5), on=AFTER),
        "PL-11",
        {6111, 6130, 6131, 6132},
    )


def test_what_is_listed_of_a_credit_is_what_was_asked(kyoto_world: World) -> None:
    world, pending = kyoto_world, kyoto_world.own["CDM"]["pending"]
    unit = "CER-1 BR-7"

    def issue() -> None:
        order = CreditIssue(key="blocks", unit=unit, count=10)
        (answer,) = world.do(operations.issue_credits, [order])
        assert isinstance(answer, Receipt)

    # Of a block whose report somebody else has read it is asked where the project is, no more.
    done = asked(world, issue)
    assert listed(last(world, "BR-1")) == done
    assert {each for each, _ in done} & {3221, 3222, 3223, 3224} == {3224}

    done = asked(world, lambda: world.credit(100, number="3"))
    assert listed(last(world, "BR-110")) == done

    done = asked(world, lambda: world.credit(10, unit="lCER-1/2031-05-01"))
    assert listed(last(world, "BR-120")) == done
    assert {each for each, _ in done} >= {3223}

    order = world.move(pending, world.own["AT"]["party"], unit, 5)
    # Of the oldest ten two went to adaptation, as the share of the hundred.
    done = asked(world, lambda: world.do(operations.forward, [order]))
    assert listed(last(world, "BR-3")) == done
    done = asked(world, lambda: world.end("cancel_voluntarily", pending, unit, 5))
    assert listed(last(world, "BR-8")) == done


def test_each_check_is_listed_with_where_it_is_written(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 10)
    law = {each.number: each.reference for each in last(kyoto_world, "PL-1")}
    rules, day = kyoto(), kyoto().on(date(2014, 6, 1))
    assert law[1002] == day.on_accounts
    assert law[1003] == day.on_changes
    assert law[2007] == day.on_transactions
    assert law[3102] == day.on_periods
    assert law[3500] == rules.nations.annex_b.on(date(2008, 1, 1)).reference
    assert law[3005] == BOOKS


def test_what_a_refusal_names_as_its_law_is_what_its_check_is_listed_with(
    kyoto_world: World,
) -> None:
    kyoto_world.issue(AAU, 10)
    there = kyoto_world.own["AT"]["party"]
    kyoto_world.end("retire", kyoto_world.own["PL"]["party"], AAU, 5)
    for source, on in ((kyoto_world.own["PL"]["retired"], "2007-01-01"), ("XX-1", "2014-06-01")):
        order = kyoto_world.move(source, there, AAU, 1)
        (no,) = kyoto_world.do(operations.retire, [replaced(order, there)], on=on)
        assert isinstance(no, tuple)
        day = kyoto().on(date.fromisoformat(on))
        written = {each.number: each.written for each in CHECKS}
        assert [each.reference for each in no if each.number in written] == [
            getattr(day, written[each.number]) for each in no if each.number in written
        ]


def replaced(order: operations.Transfer, target: str) -> operations.Transfer:
    """The same order; where the units end is for the law to say."""
    assert order.target == target
    return operations.Transfer(
        key=order.key, source=order.source, target="", unit=order.unit, count=order.count
    )


def test_what_was_done_under_another_law_is_not_explained_by_this_one(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 10)
    law = operations.load_scheme(operations.scheme_folder("eu_ets"))
    other = partial(operations.history, serial="PL-1", scheme=law)
    assert refused(lambda: kyoto_world.store.run(other)) == [9021]


def test_it_is_told_that_the_law_was_written_anew_since(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 10)
    again = amounts(PL=1000)
    found = kyoto_world.store.run(partial(operations.history, serial="PL-1", scheme=again))
    assert found.law_since_changed == ()
    changed = type(again)(name=again.name, fingerprint="another", laws=again.laws)
    found = kyoto_world.store.run(partial(operations.history, serial="PL-1", scheme=changed))
    assert found.law_since_changed == (found.steps[0].transaction,)


def test_without_a_law_no_checks_are_listed(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 10)
    found = kyoto_world.store.run(lambda books: operations.history(books, "PL-1"))
    assert (found.checks, found.law_since_changed) == ({}, ())
