"""What people propose at a registry, and what becomes of it, in memory and in PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest

from bureau import MONDAY, Bureau, usr
from land import UNIT, Land
from tonne.operations import people
from tonne.operations.proposals import (
    Cancel,
    ChangeStatus,
    Distrust,
    Issue,
    Move,
    RestorePerson,
    Reverse,
    SetRules,
    Surrender,
    TakePosition,
    Trust,
    Unfreeze,
)
from tonne.refusal import Refused


@pytest.fixture
def bureau(each_land: Land) -> Bureau:
    """The registry with its people."""
    return Bureau(each_land).settle()


def refused(info: pytest.ExceptionInfo[Refused]) -> set[int]:
    """The numbers of the rules that were not met."""
    return {each.number for each in info.value.refusals}


def move(bureau: Bureau, count: int = 10, target: str = "kiln") -> Move:
    """So many units of the steelworks for another."""
    return Move(
        account=bureau.number("steel"), target=bureau.number(target), unit=UNIT, count=count
    )


def trust(bureau: Bureau, target: str = "kiln") -> None:
    """The steelworks trusts another account, once the two days of the Act are over."""
    wish = Trust(account=bureau.number("steel"), target=bureau.number(target))
    made = bureau.propose(wish, by="ann")
    bureau.decide(made.code, "approve", by="bob")
    bureau.wait(days=2)


def free(bureau: Bureau, account: str = "steel") -> int:
    """How many units of an account are not promised."""
    key = (bureau.number(account), UNIT)
    return bureau.land.run(lambda books: books.free([key]))[key]


def test_a_transfer_goes_from_one_hand_to_another_and_waits_its_day(bureau: Bureau) -> None:
    trust(bureau)
    bureau.agreed(SetRules(account=bureau.number("steel"), outside_list=True))
    made = bureau.propose(move(bureau, target="ana"), by="ann", signed="a passkey")
    assert (made.state, made.due, free(bureau)) == ("awaiting_approval", None, 50)
    approved = bureau.decide(made.code, "approve", by="bob")
    assert approved.state == "delayed"
    assert approved.due == bureau.now + timedelta(days=1)
    assert bureau.wait(hours=23) == []
    assert free(bureau) == 50
    assert bureau.wait(hours=1) == [made.code]
    done = bureau.proposal(made.code)
    assert (done.state, free(bureau), free(bureau, "ana")) == ("completed", 50, 10)
    assert [(each.event, each.by) for each in done.steps] == [
        ("propose", usr("ann")), ("approve", usr("bob")), ("fall_due", ""), ("complete", ""),
    ]  # fmt: skip
    assert bureau.land.run(lambda books: books.check()) == []


def test_a_transfer_to_a_trusted_account_needs_no_wait_in_working_hours(bureau: Bureau) -> None:
    trust(bureau)
    made = bureau.propose(move(bureau), by="ann")
    assert bureau.decide(made.code, "approve", by="bob").state == "completed"
    assert free(bureau, "kiln") == 60


def test_a_transfer_at_night_waits_for_the_morning(bureau: Bureau) -> None:
    trust(bureau)
    bureau.now = datetime(2026, 3, 6, 20, tzinfo=UTC)  # a Friday
    made = bureau.propose(move(bureau), by="ann")
    approved = bureau.decide(made.code, "approve", by="bob")
    assert (approved.state, approved.due) == ("delayed", datetime(2026, 3, 9, 10, tzinfo=UTC))


def test_an_account_may_let_one_person_transfer_to_those_it_trusts(bureau: Bureau) -> None:
    trust(bureau)
    bureau.agreed(SetRules(account=bureau.number("steel"), second_for_trusted=False))
    assert bureau.propose(move(bureau), by="ann").state == "completed"


def test_accounts_of_one_holder_trust_each_other(bureau: Bureau) -> None:
    bureau.land.open("annex", 10, kind="person")
    bureau.hold("steelco", "annex")
    made = bureau.propose(move(bureau, target="annex"), by="ann")
    assert bureau.decide(made.code, "approve", by="bob").state == "completed"


def test_units_go_only_to_those_whom_the_account_trusts(bureau: Bureau) -> None:
    with pytest.raises(Refused) as info:
        bureau.propose(move(bureau), by="ann")
    assert refused(info) == {2507}
    assert free(bureau) == 60


def test_a_new_trusted_account_is_trusted_only_after_two_days(bureau: Bureau) -> None:
    wish = Trust(account=bureau.number("steel"), target=bureau.number("kiln"))
    bureau.decide(bureau.propose(wish, by="ann").code, "approve", by="bob")
    active = bureau.land.run(lambda books: people.people_of(books, bureau.number("steel")))
    assert active.trusted[bureau.number("kiln")].active == MONDAY + timedelta(days=2)
    with pytest.raises(Refused) as info:
        bureau.propose(move(bureau), by="ann")
    assert refused(info) == {2507}
    bureau.wait(days=2)
    assert bureau.propose(move(bureau), by="ann").state == "awaiting_approval"
    with pytest.raises(Refused) as info:
        bureau.rehearse(wish, by="ann")
    assert refused(info) == {1217}
    gone = Distrust(account=bureau.number("steel"), target=bureau.number("kiln"))
    bureau.decide(bureau.propose(gone, by="bob").code, "approve", by="ann")
    with pytest.raises(Refused) as info:
        bureau.rehearse(gone, by="ann")
    assert refused(info) == {1218}


def test_an_account_trusts_no_misspelt_number_and_not_itself(bureau: Bureau) -> None:
    for target, number in (("XE-120-8-0-1", 1111), (bureau.number("steel"), 2508)):
        with pytest.raises(Refused) as info:
            bureau.rehearse(Trust(account=bureau.number("steel"), target=target), by="ann")
        assert number in refused(info)


def test_nobody_approves_their_own_proposal_but_may_take_it_back(bureau: Bureau) -> None:
    trust(bureau)
    made = bureau.propose(move(bureau), by="ann")
    with pytest.raises(Refused) as info:
        bureau.decide(made.code, "approve", by="ann")
    assert refused(info) == {1206}
    with pytest.raises(Refused) as info:
        bureau.decide(made.code, "cancel", by="ann")
    assert refused(info) == {1208}
    assert bureau.decide(made.code, "cancel", by="ann", comment="a slip").state == "cancelled"
    assert free(bureau) == 60


def test_who_rejects_says_why_and_what_was_held_is_free(bureau: Bureau) -> None:
    trust(bureau)
    made = bureau.propose(move(bureau, 60), by="ann")
    assert free(bureau) == 0
    with pytest.raises(Refused) as info:
        bureau.decide(made.code, "reject", by="bob")
    assert refused(info) == {1208}
    rejected = bureau.decide(made.code, "reject", by="bob", comment="the wrong year")
    assert (rejected.state, rejected.steps[-1].comment) == ("rejected", "the wrong year")
    assert free(bureau) == 60
    for event in ("approve", "cancel"):
        with pytest.raises(Refused) as info:
            bureau.decide(made.code, event, by="bob", comment="again")
        assert refused(info) == {3302}


def test_the_same_unit_is_promised_once(bureau: Bureau) -> None:
    trust(bureau)
    bureau.propose(move(bureau, 50), by="ann")
    with pytest.raises(Refused) as info:
        bureau.propose(move(bureau, 20), by="ann")
    assert refused(info) == {3005}


def test_strangers_and_readers_propose_nothing_and_decide_nothing(bureau: Bureau) -> None:
    trust(bureau)
    bureau.enrol("rita")
    bureau.represent("steel", "rita", "read")
    made = bureau.propose(move(bureau), by="ann")
    for name, number in (("carl", 1203), ("rita", 1204)):
        with pytest.raises(Refused) as info:
            bureau.propose(move(bureau), by=name)
        assert refused(info) == {number}
        for event in ("approve", "reject", "cancel"):
            with pytest.raises(Refused) as info:
                bureau.decide(made.code, event, by=name, comment="no")
            assert refused(info) == {number}
    with pytest.raises(Refused) as info:
        bureau.propose(move(bureau), by="nobody")
    assert refused(info) == {1201}
    with pytest.raises(Refused) as info:
        bureau.decide("txn_" + "0" * 26, "approve", by="ann")
    assert refused(info) == {3301}


def test_each_right_reaches_as_far_as_the_law_says(bureau: Bureau) -> None:
    trust(bureau)
    for name, right in (("ina", "initiate"), ("app", "approve"), ("sur", "surrender")):
        bureau.enrol(name)
        bureau.represent("steel", name, right)
    made = bureau.propose(move(bureau), by="ina")
    for name, numbers in (("ina", {1204, 1206}), ("sur", {1204})):
        with pytest.raises(Refused) as info:
            bureau.decide(made.code, "approve", by=name)
        assert refused(info) == numbers
    for name in ("app", "sur"):
        with pytest.raises(Refused) as info:
            bureau.propose(move(bureau), by=name)
        assert refused(info) == {1204}
    assert bureau.decide(made.code, "approve", by="app").state == "completed"


def test_who_surrenders_for_a_duty_may_do_that_only(bureau: Bureau) -> None:
    bureau.enrol("sur")
    bureau.represent("steel", "sur", "surrender")
    bureau.land.emit("steel", 40)
    bureau.now = datetime(2026, 4, 15, 12, tzinfo=UTC)
    made = bureau.propose(
        Surrender(account=bureau.number("steel"), unit=UNIT, count=40, year=2025), by="sur"
    )
    assert made.state == "awaiting_approval"
    assert bureau.decide(made.code, "approve", by="ann").state == "completed"
    assert free(bureau) == 20


def test_a_cancellation_names_for_whom_it_is(bureau: Bureau) -> None:
    wish = Cancel(
        account=bureau.number("steel"), unit=UNIT, count=5, beneficiary="A. Nand", purpose="2025"
    )
    made = bureau.propose(wish, by="ann")
    done = bureau.decide(made.code, "approve", by="bob")
    steps = bureau.land.run(lambda books: books.steps(account=bureau.number("steel")))
    told = bureau.land.run(lambda books: books.dedications([steps[-1].transaction]))
    assert done.state == "completed"
    assert [each.beneficiary for each in told.values()] == ["A. Nand"]


def test_what_staff_propose_other_staff_decide(bureau: Bureau) -> None:
    trust(bureau)
    made = bureau.propose(move(bureau), by="sara")
    assert made.state == "awaiting_approval"
    with pytest.raises(Refused) as info:
        bureau.decide(made.code, "approve", by="bob")
    assert refused(info) == {1207}
    assert bureau.decide(made.code, "approve", by="soren").state == "completed"


def test_officers_of_the_authority_issue_together(bureau: Bureau) -> None:
    for name in ("olga", "omar"):
        bureau.enrol(name)
        bureau.agreed(TakePosition(person=usr(name), position="authority"))
    made = bureau.propose(Issue(year=2026, unit=UNIT, count=100), by="olga")
    with pytest.raises(Refused) as info:
        bureau.decide(made.code, "approve", by="soren")
    assert refused(info) == {1204}
    assert bureau.decide(made.code, "approve", by="omar").state == "completed"
    with pytest.raises(Refused) as info:
        bureau.propose(move(bureau), by="olga")
    assert refused(info) >= {1204}


def test_a_person_who_is_suspended_does_nothing_and_nothing_of_theirs_goes(bureau: Bureau) -> None:
    trust(bureau)
    bureau.agreed(SetRules(account=bureau.number("steel"), outside_list=True))
    made = bureau.propose(move(bureau, target="ana"), by="ann")
    bureau.decide(made.code, "approve", by="bob")
    bureau.staff(people.turn_person, usr("ann"), "suspend", reason="her telephone was stolen")
    with pytest.raises(Refused) as info:
        bureau.propose(move(bureau), by="ann")
    assert refused(info) == {1202}
    bureau.wait(days=1)
    ended = bureau.proposal(made.code)
    assert (ended.state, ended.steps[-1].refusals) == ("terminated", (1202,))
    assert free(bureau) == 60
    with pytest.raises(Refused) as info:
        bureau.staff(people.turn_person, usr("ann"), "restore", reason="she has a new one")
    assert refused(info) == {1204}
    wish = RestorePerson(person=usr("ann"), reason="she has a new one")
    asked = bureau.propose(wish, by="sara")
    with pytest.raises(Refused) as info:
        bureau.decide(asked.code, "approve", by="sara")
    assert refused(info) == {1206}
    assert bureau.proposal(asked.code).state == "awaiting_approval"
    bureau.decide(asked.code, "approve", by="soren")
    assert bureau.propose(move(bureau), by="ann").state == "awaiting_approval"


def test_a_frozen_account_gives_nothing_that_its_people_proposed(bureau: Bureau) -> None:
    bureau.agreed(SetRules(account=bureau.number("steel"), outside_list=True))
    made = bureau.propose(move(bureau, target="ana"), by="ann")
    bureau.decide(made.code, "approve", by="bob")
    bureau.do(
        people.freeze_account, bureau.number("steel"), of="sara", role="administrator",
        reason="a theft", key="freeze",
    )  # fmt: skip
    bureau.wait(days=1)
    ended = bureau.proposal(made.code)
    assert (ended.state, ended.steps[-1].refusals) == ("terminated", (1004,))
    wish = ChangeStatus(account=bureau.number("steel"), change="restore", reason="over")
    assert bureau.agreed(wish).state == "completed"


def test_a_frozen_scheme_lets_nothing_go_until_two_let_it(bureau: Bureau) -> None:
    bureau.agreed(SetRules(account=bureau.number("steel"), outside_list=True))
    waiting = bureau.propose(move(bureau, target="ana"), by="ann")
    delayed = bureau.propose(move(bureau, 5, target="ana"), by="ann")
    bureau.decide(delayed.code, "approve", by="bob")
    bureau.staff(people.freeze, reason="units were stolen elsewhere")
    with pytest.raises(Refused) as info:
        bureau.propose(move(bureau), by="ann")
    assert 1209 in refused(info)
    with pytest.raises(Refused) as info:
        bureau.decide(waiting.code, "approve", by="bob")
    assert refused(info) == {1209}
    assert bureau.wait(days=2) == []
    rejected = bureau.decide(waiting.code, "reject", by="bob", comment="not now")
    assert rejected.state == "rejected"
    assert bureau.agreed(Unfreeze(reason="it is over")).state == "completed"
    assert bureau.wait(hours=0) == [delayed.code]
    assert bureau.proposal(delayed.code).state == "completed"


def test_a_delayed_transfer_is_stopped_by_anybody_who_may(bureau: Bureau) -> None:
    bureau.agreed(SetRules(account=bureau.number("steel"), outside_list=True))
    made = bureau.propose(move(bureau, target="ana"), by="ann")
    bureau.decide(made.code, "approve", by="bob")
    assert free(bureau) == 50
    stopped = bureau.decide(made.code, "cancel", by="soren", comment="the account is a thief's")
    assert (stopped.state, free(bureau)) == ("cancelled", 60)
    assert bureau.wait(days=3) == []


def test_a_transfer_that_can_no_longer_be_done_ends_with_its_reason(bureau: Bureau) -> None:
    bureau.agreed(SetRules(account=bureau.number("steel"), outside_list=True))
    made = bureau.propose(move(bureau, target="ana"), by="ann")
    bureau.decide(made.code, "approve", by="bob")
    bureau.agreed(ChangeStatus(account=bureau.number("ana"), change="suspend", reason="doubts"))
    bureau.wait(days=1)
    assert bureau.proposal(made.code).state == "terminated"
    assert free(bureau) == 60


def test_a_reversal_is_told_of_what_it_undid(bureau: Bureau) -> None:
    bureau.land.emit("steel", 40)
    bureau.now = datetime(2026, 4, 15, 12, tzinfo=UTC)
    wish = Surrender(account=bureau.number("steel"), unit=UNIT, count=40, year=2025)
    made = bureau.propose(wish, by="ann")
    bureau.decide(made.code, "approve", by="bob")
    steps = bureau.land.run(lambda books: books.steps(account=bureau.number("steel")))
    number = next(each.transaction for each in steps if each.kind == "surrender")
    bureau.agreed(Reverse(number=number))
    undone = bureau.proposal(made.code)
    assert (undone.state, free(bureau)) == ("reversed", 60)


def test_what_the_law_gives_days_for_is_not_reversed_after_them(bureau: Bureau) -> None:
    steps = bureau.land.run(lambda books: books.steps(account=bureau.number("steel")))
    number = next(each.transaction for each in steps if each.kind == "allocate")
    with pytest.raises(Refused) as info:
        bureau.rehearse(Reverse(number=number), by="sara")
    assert refused(info) == {3020}
    bureau.now = datetime(2025, 3, 14, 12, tzinfo=UTC)
    assert bureau.rehearse(Reverse(number=number), by="sara").second


def test_the_time_is_told_before_anybody_signs(bureau: Bureau) -> None:
    bureau.agreed(SetRules(account=bureau.number("steel"), outside_list=True))
    told = bureau.rehearse(move(bureau, target="ana"), by="ann")
    assert (told.second, told.due) == (True, bureau.now + timedelta(days=1))
    assert free(bureau) == 60
    with pytest.raises(Refused) as info:
        bureau.rehearse(move(bureau, 61, target="ana"), by="ann")
    assert refused(info) == {3005}


def test_who_may_not_propose_is_told_that_alone(bureau: Bureau) -> None:
    """Else the grounds would tell a stranger what an account holds, and whom it trusts."""
    for count in (10, 61):
        for target in ("ana", "kiln"):
            with pytest.raises(Refused) as info:
                bureau.rehearse(move(bureau, count, target=target), by="carl")
            assert refused(info) == {1203}
            with pytest.raises(Refused) as info:
                bureau.propose(move(bureau, count, target=target), by="carl")
            assert refused(info) == {1203}


def test_the_same_request_is_one_proposal(bureau: Bureau) -> None:
    trust(bureau)
    made = bureau.propose(move(bureau), by="ann", key="K")
    assert bureau.propose(move(bureau), by="ann", key="K") == made
    with pytest.raises(Refused) as info:
        bureau.propose(move(bureau, 11), by="ann", key="K")
    assert refused(info) == {9001}
    done = bureau.decide(made.code, "approve", by="bob")
    assert bureau.decide(made.code, "approve", by="bob") == done
    assert free(bureau) == 50
