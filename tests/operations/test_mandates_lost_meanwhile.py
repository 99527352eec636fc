"""What is decided or falls due after who wished it, or what they relied on, is so no more."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bureau import Bureau, usr
from changed import replace
from land import UNIT, Land
from tonne.operations import Books, people, proposals
from tonne.operations.proposals import (
    Appoint,
    Distrust,
    Move,
    PutOrder,
    Remove,
    Report,
    RestorePerson,
    SetRules,
    TakePosition,
    Trust,
    Unfreeze,
)
from tonne.people import Proposal
from tonne.refusal import Refused
from tonne.store import MemoryStore, PostgresStore

NIGHT = datetime(2026, 3, 6, 20, tzinfo=UTC)
"""A Friday; what is approved then waits for Monday."""


@pytest.fixture
def bureau() -> Bureau:
    """The registry with its people, in memory: the steelworks trusts the kiln."""
    bureau = Bureau(Land(MemoryStore()).settle()).settle()
    made = bureau.propose(Trust(account=steel(bureau), target=bureau.number("kiln")), by="ann")
    bureau.decide(made.code, "approve", by="bob")
    bureau.wait(days=2)
    return bureau


def steel(bureau: Bureau) -> str:
    """The number of the steelworks."""
    return bureau.number("steel")


def move(bureau: Bureau) -> Move:
    """Ten units of the steelworks for the kiln, which it trusts."""
    return Move(account=steel(bureau), target=bureau.number("kiln"), unit=UNIT, count=10)


def refused(act: Callable[[], object]) -> set[int]:
    """The numbers of the rules that were not met."""
    with pytest.raises(Refused) as info:
        act()
    return {each.number for each in info.value.refusals}


def delayed(bureau: Bureau, *, approved: bool = True) -> Proposal:
    """A transfer at night, which waits for the morning."""
    bureau.now = NIGHT
    made = bureau.propose(move(bureau), by="ann")
    if approved:
        made = bureau.decide(made.code, "approve", by="bob")
    assert made.state == "delayed"
    return made


def ended(bureau: Bureau, made: Proposal) -> tuple[str, tuple[int, ...]]:
    """How a proposal stands after its time has come, and by which rules."""
    bureau.wait(days=3)
    found = bureau.proposal(made.code)
    return found.state, found.steps[-1].refusals


def test_what_somebody_proposed_is_not_approved_once_they_may_not(bureau: Bureau) -> None:
    made = bureau.propose(move(bureau), by="ann")
    bureau.staff(people.turn_person, usr("ann"), "suspend", reason="her telephone was stolen")
    assert refused(lambda: bureau.decide(made.code, "approve", by="bob")) == {1202}
    bureau.agreed(RestorePerson(person=usr("ann"), reason="she has a new one"))
    bureau.agreed(Remove(account=steel(bureau), person=usr("ann"), reason="she left"))
    assert refused(lambda: bureau.decide(made.code, "approve", by="bob")) == {1203}
    assert bureau.proposal(made.code).state == "awaiting_approval"
    assert bureau.decide(made.code, "reject", by="bob", comment="she left").state == "rejected"


def test_what_a_representative_wished_is_not_done_with_the_rights_of_staff(bureau: Bureau) -> None:
    made = bureau.propose(move(bureau), by="ann")
    bureau.agreed(Remove(account=steel(bureau), person=usr("ann"), reason="she left"))
    bureau.agreed(TakePosition(person=usr("ann"), position="senior"))
    assert 1203 in refused(lambda: bureau.decide(made.code, "approve", by="bob"))


def test_what_is_delayed_does_not_go_to_who_is_trusted_no_more(bureau: Bureau) -> None:
    made = delayed(bureau)
    gone = Distrust(account=steel(bureau), target=bureau.number("kiln"))
    bureau.decide(bureau.propose(gone, by="bob").code, "approve", by="ann")
    assert ended(bureau, made) == ("terminated", (2507,))


def test_what_one_wished_alone_does_not_go_once_two_are_asked(bureau: Bureau) -> None:
    bureau.agreed(SetRules(account=steel(bureau), second_for_trusted=False))
    made = delayed(bureau, approved=False)
    bureau.agreed(SetRules(account=steel(bureau)))
    assert ended(bureau, made) == ("terminated", (1224,))


def test_what_two_agreed_to_goes_also_when_two_are_asked_only_later(bureau: Bureau) -> None:
    made = delayed(bureau)
    bureau.agreed(SetRules(account=steel(bureau)))
    assert ended(bureau, made) == ("completed", ())


def test_what_falls_due_while_the_scheme_is_being_frozen_waits(bureau: Bureau) -> None:
    """It is found due, then somebody freezes, then it is its turn."""
    made = delayed(bureau)
    bureau.now = NIGHT + timedelta(days=3)
    asked: list[object] = []

    def run(operation: Callable[[Books], list[str]]) -> list[str]:
        found = bureau.land.run(operation)
        if not asked:
            bureau.staff(people.freeze, reason="units were stolen elsewhere")
        asked.append(operation)
        return found

    proposals.carry_out_due(run, bureau.land.scheme, desk=bureau.desk())
    assert len(asked) > 1
    assert bureau.proposal(made.code).state == "delayed"
    bureau.agreed(Unfreeze(reason="it is over"))
    assert ended(bureau, made)[0] == "completed"


def test_the_law_of_another_scheme_does_not_reach_an_account(bureau: Bureau) -> None:
    other = replace(bureau.land.scheme, name="other")
    wish = SetRules(account=steel(bureau), outside_list=True, second_for_trusted=False)
    elsewhere = replace(bureau, land=replace(bureau.land, scheme=other))
    assert refused(lambda: elsewhere.propose(wish, by="ann")) == {1002}
    assert bureau.propose(wish, by="ann").state == "awaiting_approval"


@pytest.fixture
def two(database: str) -> Iterator[tuple[Bureau, Bureau]]:
    """The registry on PostgreSQL, seen by two people with a connection each."""
    with PostgresStore(database) as one, PostgresStore(database) as other:
        bureau = Bureau(Land(one).settle()).settle()
        yield bureau, replace(bureau, land=replace(bureau.land, store=other), keys=1000)


def beside(
    first: Callable[[Books], object], at: Bureau, second: Callable[[], object]
) -> tuple[bool, object]:
    """Whether what comes second is done before the first commits, and how that ends."""
    begun, go = threading.Event(), threading.Event()

    def late(books: Books) -> None:
        first(books)
        # What is sent later is sent by now, as at the end of every operation.
        books.words("nothing")
        begun.set()
        assert go.wait(10)

    thread = threading.Thread(target=lambda: at.land.run(late))
    thread.start()
    assert begun.wait(10)
    answers: list[object] = []

    def other() -> None:
        try:
            answers.append(second())
        except Refused as no:
            answers.append({each.number for each in no.refusals})

    beside_it = threading.Thread(target=other)
    beside_it.start()
    beside_it.join(0.2)
    early = not beside_it.is_alive()
    go.set()
    thread.join()
    beside_it.join()
    return early, answers[0]


def decided(bureau: Bureau, code: str, by: str) -> Callable[[Books], object]:
    """An approval, within an operation of others."""
    return lambda books: proposals.decide(
        books, bureau.land.scheme, code, "approve", by=usr(by), desk=bureau.desk()
    )


@pytest.mark.parametrize("what", ["the scheme", "who proposed it"])
def test_once_a_freeze_is_done_nothing_goes_that_was_under_way(
    two: tuple[Bureau, Bureau], what: str
) -> None:
    bureau, other = two
    bureau.agreed(SetRules(account=steel(bureau), outside_list=True))
    bureau.now = other.now = NIGHT
    made = bureau.propose(move(bureau), by="ann")

    def stop() -> object:
        if what == "the scheme":
            return other.staff(people.freeze, reason="units were stolen elsewhere")
        return other.staff(people.turn_person, usr("ann"), "suspend", reason="a thief")

    early, _ = beside(decided(bureau, made.code, "bob"), bureau, stop)
    assert not early
    assert bureau.proposal(made.code).state == "delayed"


@pytest.mark.parametrize("what", ["the scheme", "who puts it"])
def test_once_a_freeze_is_done_no_order_trades_that_was_under_way(
    two: tuple[Bureau, Bureau], what: str
) -> None:
    bureau, other = two
    wish = PutOrder(
        account=steel(bureau), instrument="EXA-SPOT", side="sell", count=1, price="8.00"
    )
    made = bureau.propose(wish, by="ann")
    assert made.state == "awaiting_approval"

    def stop() -> object:
        if what == "the scheme":
            return other.staff(people.freeze, reason="units were stolen elsewhere")
        return other.staff(people.turn_person, usr("ann"), "suspend", reason="a thief")

    early, _ = beside(decided(bureau, made.code, "bob"), bureau, stop)
    assert not early
    assert bureau.proposal(made.code).state == "completed"


@pytest.mark.parametrize("what", ["the scheme", "who reports"])
def test_once_a_freeze_is_done_no_report_comes_that_was_under_way(
    two: tuple[Bureau, Bureau], what: str
) -> None:
    bureau, other = two
    wish = Report(account=steel(bureau), year=2025, tonnes="45", source="AER-1")

    def reported(books: Books) -> object:
        return proposals.propose(
            books, bureau.land.scheme, wish, by=usr("ann"), key="R1", desk=bureau.desk()
        )

    def stop() -> object:
        if what == "the scheme":
            return other.staff(people.freeze, reason="figures were forged elsewhere")
        return other.staff(people.turn_person, usr("ann"), "suspend", reason="a forger")

    early, _ = beside(reported, bureau, stop)
    assert not early


def test_two_who_distrust_an_account_at_once_take_it_off_once(two: tuple[Bureau, Bureau]) -> None:
    bureau, other = two
    trust = Trust(account=steel(bureau), target=bureau.number("kiln"))
    bureau.decide(bureau.propose(trust, by="ann").code, "approve", by="bob")
    gone = Distrust(account=steel(bureau), target=bureau.number("kiln"))
    one, again = (bureau.propose(gone, by="ann").code for _ in range(2))
    _, answer = beside(
        decided(bureau, one, "bob"), bureau, lambda: other.decide(again, "approve", by="bob")
    )
    assert answer == {1218}
    found = bureau.land.run(lambda books: people.people_of(books, steel(bureau)))
    assert found.trusted == {}


def test_nobody_is_staff_and_representative_by_two_who_agree_at_once(
    two: tuple[Bureau, Bureau],
) -> None:
    bureau, other = two
    bureau.enrol("eve")
    mandate = Appoint(account=steel(bureau), person=usr("eve"), right="read")
    one = bureau.propose(mandate, by="sara").code
    position = bureau.propose(TakePosition(person=usr("eve"), position="reader"), by="sara").code
    _, answer = beside(
        decided(bureau, one, "soren"), bureau, lambda: other.decide(position, "approve", by="soren")
    )
    assert answer == {1211}
