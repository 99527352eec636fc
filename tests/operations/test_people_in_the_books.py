"""Who acts in a registry, and for whom, in memory and in PostgreSQL."""

import pytest

from bureau import Bureau, org, usr
from land import UNIT, Land
from tonne import signin
from tonne.operations import people, proposals
from tonne.operations.proposals import (
    Appoint,
    ChangeRight,
    Deactivate,
    Issue,
    OpenAccount,
    Remove,
    RestoreMandate,
    RestorePerson,
    Surrender,
    SuspendMandate,
    TakePosition,
)
from tonne.people import HolderKnown, Registered
from tonne.refusal import Refused


@pytest.fixture
def bureau(each_land: Land) -> Bureau:
    """The registry with its people."""
    return Bureau(each_land).settle()


def refused(info: pytest.ExceptionInfo[Refused]) -> set[int]:
    """The numbers of the rules that were not met."""
    return {each.number for each in info.value.refusals}


def test_accounts_are_opened_for_known_holders(bureau: Bureau) -> None:
    wish = OpenAccount(kind="person", name="Trader", holder=org("traders"))
    with pytest.raises(Refused) as info:
        bureau.rehearse(wish, by="sara")
    assert refused(info) == {1213}
    said = HolderKnown(kind="organisation", name="Traders", country="XE", number="LEI-1")
    bureau.staff(people.register_holder, org("traders"), said)
    bureau.agreed(wish)
    found = bureau.land.run(lambda books: people.accounts_of(books, org("traders")))
    assert [each.holder for each in found] == [org("traders")]


def test_mandates_begin_change_rest_and_end(bureau: Bureau) -> None:
    steel = bureau.number("steel")
    with pytest.raises(Refused) as info:
        bureau.rehearse(Appoint(account=steel, person=usr("ann"), right="read"), by="sara")
    assert refused(info) == {1210}
    with pytest.raises(Refused) as info:
        bureau.rehearse(Appoint(account=steel, person=usr("soren"), right="reed"), by="sara")
    assert refused(info) == {1211, 1215}
    bureau.agreed(SuspendMandate(account=steel, person=usr("ann")))
    with pytest.raises(Refused) as info:
        bureau.rehearse(Surrender(account=steel, unit=UNIT, count=1, year=2025), by="ann")
    assert 1203 in refused(info)
    with pytest.raises(Refused) as info:
        bureau.rehearse(SuspendMandate(account=steel, person=usr("ann")), by="sara")
    assert refused(info) == {1216}
    bureau.agreed(RestoreMandate(account=steel, person=usr("ann")))
    bureau.agreed(ChangeRight(account=steel, person=usr("ann"), right="read"))
    bureau.agreed(Remove(account=steel, person=usr("bob")))
    found = bureau.land.run(lambda books: people.people_of(books, steel))
    assert {code: each.right for code, each in found.mandates.items()} == {usr("ann"): "read"}
    assert bureau.land.run(lambda books: people.accounts_of(books, usr("bob"))) == []


def test_an_account_has_no_more_representatives_than_the_law_allows(bureau: Bureau) -> None:
    for name in ("p", "q", "r"):
        bureau.enrol(name)
        bureau.represent("steel", name, "read")
    bureau.enrol("s")
    with pytest.raises(Refused) as info:
        bureau.represent("steel", "s", "read")
    assert refused(info) == {1212}


def test_who_represents_an_account_has_no_position(bureau: Bureau) -> None:
    with pytest.raises(Refused) as info:
        bureau.rehearse(TakePosition(person=usr("ann"), position="junior"), by="sara")
    assert refused(info) == {1211}


def test_a_registry_begins_with_two_and_only_once(each_land: Land) -> None:
    bureau = Bureau(each_land)
    one = (usr("x"), Registered(name="X", email="x@xe.example"))
    with pytest.raises(Refused) as info:
        bureau.do(people.begin, [one], role="administrator")
    assert refused(info) == {1223}
    with pytest.raises(Refused) as info:
        bureau.do(people.begin, [one, ("usr_y", one[1])], role="administrator")
    assert refused(info) == {1220}
    with pytest.raises(Refused) as info:
        bureau.do(people.begin, [one, (usr("y"), one[1])])
    assert refused(info) == {3107}
    bureau.begin()
    with pytest.raises(Refused) as info:
        bureau.do(people.begin, [one, (usr("y"), one[1])], role="administrator")
    assert refused(info) == {1222}


def test_people_become_only_what_may_follow(bureau: Bureau) -> None:
    said = Registered(name="Zoe", email="zoe@example.org")
    bureau.staff(people.register_person, usr("zoe"), said)
    with pytest.raises(Refused) as info:
        bureau.staff(people.turn_person, usr("zoe"), "enrol")
    assert refused(info) == {1214}
    with pytest.raises(Refused) as info:
        bureau.staff(people.turn_person, usr("zoe"), "suspend")
    assert refused(info) == {1208}
    with pytest.raises(Refused) as info:
        bureau.represent("steel", "zoe", "read")
    assert refused(info) == {1202}
    bureau.agreed(Deactivate(person=usr("zoe"), reason="she left"))
    with pytest.raises(Refused) as info:
        bureau.agreed(RestorePerson(person=usr("zoe"), reason="she came back"))
    assert refused(info) == {1214}


def test_only_staff_make_people_known(bureau: Bureau) -> None:
    said = Registered(name="Zoe", email="zoe@example.org")
    with pytest.raises(Refused) as info:
        bureau.do(people.register_person, usr("zoe"), said, of="ann", key="z")
    assert refused(info) == {1204}


def test_a_senior_administrator_issues_nothing(bureau: Bureau) -> None:
    with pytest.raises(Refused) as info:
        bureau.rehearse(Issue(year=2026, unit=UNIT, count=1), by="sara")
    assert 1204 in refused(info)


def test_one_person_reports_alone_and_transfers_nothing_alone(bureau: Bureau) -> None:
    steel = bureau.number("steel")
    assert bureau.do(people.act_for, steel, "report", of="ann").account == steel
    for verb, name, number in (
        ("transfer", "ann", 1224), ("report", "carl", 1203), ("fly", "ann", 1219),
        ("report", "sara", 1204),
    ):  # fmt: skip
        with pytest.raises(Refused) as info:
            bureau.do(people.act_for, steel, verb, of=name)
        assert refused(info) == {number}


def test_an_account_is_seen_by_its_people_and_by_staff(bureau: Bureau) -> None:
    steel = bureau.number("steel")
    for name in ("ann", "sara"):
        assert bureau.do(people.look_at, steel, of=name).holder == org("steelco")
    with pytest.raises(Refused) as info:
        bureau.do(people.look_at, steel, of="carl")
    assert refused(info) == {1203}
    bureau.staff(people.turn_person, usr("ann"), "suspend", reason="a stolen telephone")
    with pytest.raises(Refused) as info:
        bureau.do(people.look_at, steel, of="ann")
    assert refused(info) == {1202}


def test_a_code_follows_from_the_request_and_has_the_form_of_codes() -> None:
    made = people.code_for("usr", "example", "key 1")
    assert made == people.code_for("usr", "example", "key 1")
    assert made != people.code_for("usr", "example", "key 2")
    assert signin.is_code(made, "usr")
    assert people.code_refusals(made, "usr") == []


def test_what_waits_is_shown_to_those_who_may_decide(bureau: Bureau) -> None:
    wish = proposals.Cancel(account=bureau.number("steel"), unit=UNIT, count=10)
    made = bureau.propose(wish, by="ann")

    def waiting(name: str) -> list[str]:
        found = bureau.land.run(
            lambda books: proposals.waiting_for(
                books, bureau.land.scheme, usr(name), desk=bureau.desk()
            )
        )
        return [each.code for each in found]

    assert (waiting("ann"), waiting("bob"), waiting("carl")) == ([], [made.code], [])
    assert waiting("sara") == [made.code]
