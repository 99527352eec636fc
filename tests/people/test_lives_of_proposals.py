"""The life of a proposal, and of a person: what may follow from what, and what may not."""

from datetime import UTC, datetime
from itertools import product
from typing import get_args

import pytest
from msgspec import Raw

from tonne.people import (
    FINAL,
    LIFE,
    OPEN,
    AccountPeople,
    Decided,
    LifeEvent,
    LifeState,
    Person,
    ProposalWord,
    Proposed,
    RulesSet,
    VerbRule,
    may_become,
    needs_second,
    next_state,
    proposal_of,
)

AT = datetime(2026, 3, 2, 11, tzinfo=UTC)
STATES: tuple[LifeState, ...] = get_args(LifeState)
EVENTS: tuple[LifeEvent, ...] = get_args(LifeEvent)


def test_a_state_is_open_or_final() -> None:
    assert set(OPEN) | FINAL == set(STATES)
    assert not set(OPEN) & FINAL


def test_nothing_follows_from_what_is_final_but_that_it_is_reversed() -> None:
    found = {(state, event) for state, event in product(FINAL, EVENTS) if may_become(state, event)}
    assert found == {("completed", "reverse")}


def test_every_state_is_reached_and_every_open_one_is_left() -> None:
    assert {after for ends in LIFE.values() for after in ends} == set(STATES)
    assert {state for state, _ in LIFE} >= set(OPEN)


def test_nothing_is_done_that_was_not_proposed_and_let_pass() -> None:
    before = {state for (state, _), ends in LIFE.items() if "completed" in ends}
    assert before == {"proposed"}
    assert {event for (_, event), ends in LIFE.items() if "proposed" in ends} == {
        "propose", "approve", "fall_due",
    }  # fmt: skip


def proposed(becomes: LifeState) -> Proposed:
    return Proposed(
        scheme="example", verb="transfer", account="XE-1", by="usr_a", staff=False,
        becomes=becomes, due=None, wish=Raw(b"{}"),
    )  # fmt: skip


def test_a_proposal_is_what_was_said_of_it() -> None:
    words: list[tuple[datetime, ProposalWord]] = [
        (AT, proposed("awaiting_approval")),
        (AT, Decided(event="approve", becomes="delayed", by="usr_b", due=AT)),
        (AT, Decided(event="cancel", becomes="cancelled", by="usr_a", comment="no")),
    ]
    found = proposal_of("txn_1", words)
    assert found is not None
    assert (found.state, found.due, found.is_open) == ("cancelled", AT, False)
    assert [step.by for step in found.steps] == ["usr_a", "usr_b", "usr_a"]
    assert proposal_of("txn_1", []) is None


def test_words_against_its_life_are_a_mistake_of_ours() -> None:
    words: list[tuple[datetime, ProposalWord]] = [
        (AT, proposed("awaiting_approval")),
        (AT, Decided(event="complete", becomes="completed")),
    ]
    with pytest.raises(AssertionError):
        proposal_of("txn_1", words)


@pytest.mark.parametrize("state", ["registered", "validated", "enrolled"])
def test_who_is_restored_is_what_they_were(state: str) -> None:
    person = Person(code="usr_a", name="A", email="a@x.example", state="suspended", before=state)  # type: ignore[arg-type]
    assert next_state(person, "restore") == state
    assert next_state(person, "enrol") is None


TRANSFER = VerbRule(verb="transfer", name="transfer", second="unless_trusted", waits=True)
DUTY = VerbRule(verb="surrender", name="surrender", second="by_account")
CAREFUL, EASY = RulesSet(), RulesSet(second_for_trusted=False, second_for_duties=False)


@pytest.mark.parametrize(
    ("rule", "rules", "staff", "own", "trusted", "second"),
    [
        (TRANSFER, CAREFUL, False, False, True, True),
        (TRANSFER, EASY, False, False, True, False),
        (TRANSFER, EASY, False, False, False, True),
        (TRANSFER, EASY, False, True, True, True),
        (TRANSFER, EASY, True, False, True, True),
        (DUTY, CAREFUL, False, False, False, True),
        (DUTY, EASY, False, False, False, False),
        (DUTY, EASY, True, False, False, True),
        (VerbRule(verb="v", name="v", second="always"), EASY, False, False, True, True),
        (VerbRule(verb="v", name="v", second="never"), CAREFUL, False, False, False, False),
        (VerbRule(verb="v", name="v", second="never"), CAREFUL, True, False, False, True),
    ],
)
def test_a_second_person_is_asked_as_law_and_account_say(
    rule: VerbRule, rules: RulesSet, *, staff: bool, own: bool, trusted: bool, second: bool
) -> None:
    people = AccountPeople(account="XE-1", rules=rules)
    assert needs_second(rule, people, staff=staff, own=own, trusted=trusted) is second
