"""Who may move what, where to, when: every check says yes and no."""

from datetime import date
from importlib.resources import as_file, files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changed import replace
from tonne.ledger import Account, Asset, Movement, Transaction
from tonne.refusal import Refused
from tonne.registry import (
    CHECKS,
    AccountNumber,
    Cap,
    Case,
    DayRules,
    HoldingAccount,
    RegistryRules,
    Role,
    Status,
    explain,
    refusals,
    same_account,
)
from tonne.rulebook import load

with as_file(files("tonne") / "schemes" / "example" / "scheme.toml") as path:
    RULES = load(path, RegistryRules)

TYPES = {
    "issuance": 100,
    "authority": 100,
    "operator": 120,
    "other operator": 120,
    "person": 121,
    "surrendered": 300,
    "cancelled": 230,
}
NUMBERS = {
    name: str(AccountNumber.make(registry="XE", number_type=kind, identifier=at, period=0))
    for at, (name, kind) in enumerate(TYPES.items(), start=1000)
}
CAP = Cap(units=100, issued=80, reference="Example Act, s. 2")

Statuses = dict[str, Status]


def moving(
    verb: str,
    source: str,
    target: str,
    *,
    unit: str = "EXA-1",
    count: int = 10,
    year: int | None = None,
) -> Transaction:
    """Units from one account to another, each called by its kind or its number."""
    movement = Movement(
        source=Account(NUMBERS.get(source, source), source == "issuance"),
        target=Account(NUMBERS.get(target, target), target == "issuance"),
        asset=Asset(unit, unit.replace("EXA", "EX")),
        count=count,
    )
    return Transaction(
        key="a key",
        kind=verb,
        movements=(movement,),
        because=("Example Act, s. 6",),
        year=year,
    )


def case(
    transaction: Transaction,
    *,
    by: Role = "operator",
    on: date = date(2026, 4, 30),
    statuses: Statuses | None = None,
    opened: date = date(2025, 1, 1),
    cap: Cap | None = None,
) -> Case:
    """The transaction, before a registry with one account of each kind, open unless said."""
    accounts = {
        number: HoldingAccount(
            number=number,
            kind=name.removeprefix("other "),
            status=(statuses or {}).get(name, "open"),
            opened=opened,
            name=name,
            registry="XE",
        )
        for name, number in NUMBERS.items()
    }
    return Case(
        transaction=transaction,
        by=by,
        day=DayRules.on(RULES, on),
        accounts=accounts,
        cap=cap,
    )


def numbers(tried: Case) -> list[int]:
    return [refusal.number for refusal in refusals(tried)]


@pytest.mark.parametrize(
    ("verb", "source", "target", "by"),
    [
        ("allocate", "authority", "operator", "authority"),
        ("transfer", "operator", "person", "operator"),
        ("transfer", "person", "other operator", "operator"),
        ("surrender", "operator", "surrendered", "operator"),
        ("return_excess", "operator", "authority", "operator"),
        ("cancel_voluntarily", "person", "cancelled", "operator"),
    ],
)
def test_what_the_table_allows_is_not_refused(
    verb: str, source: str, target: str, by: Role
) -> None:
    assert numbers(case(moving(verb, source, target), by=by)) == []


def test_an_account_number_with_a_slip_is_no_account() -> None:
    slip = moving("transfer", "XE-121-7-0-1", "XE-121-8-0-1")
    assert numbers(case(slip)) == [1001, 2001]


def test_an_account_gives_and_receives_nothing_before_it_was_opened() -> None:
    given, day = moving("transfer", "operator", "person"), date(2026, 4, 30)
    assert numbers(case(given, on=day, opened=date(2026, 5, 1))) == [1008, 2008]
    assert numbers(case(given, on=day, opened=day)) == []


def test_an_account_that_does_not_exist_gives_and_receives_nothing() -> None:
    # UK-100-50001-2-11 and UK-100-1010-0-47 are written rightly, but are not in this registry.
    nobody = moving("transfer", "UK-100-50001-2-11", "UK-100-1010-0-47")
    assert numbers(case(nobody)) == [1002, 2002]


def test_a_closed_account_gives_and_receives_nothing() -> None:
    closed: Statuses = {"operator": "closed", "person": "closed"}
    transfer = moving("transfer", "operator", "person")
    assert numbers(case(transfer, by="administrator", statuses=closed)) == [1003, 2003]


def test_nothing_is_allocated_to_a_closed_account() -> None:
    closed: Statuses = {"operator": "closed"}
    allocation = moving("allocate", "authority", "operator")
    (refusal,) = refusals(case(allocation, by="authority", statuses=closed))
    assert str(refusal) == f"Account {NUMBERS['operator']} is closed and receives no units."


def test_nothing_is_surrendered_from_a_suspended_account() -> None:
    suspended: Statuses = {"operator": "suspended"}
    surrender = moving("surrender", "operator", "surrendered")
    (refusal,) = refusals(case(surrender, statuses=suspended))
    assert refusal.number == 1004
    assert "is suspended: its holder cannot surrender." in str(refusal)
    assert refusal.reference == "Example Act, s. 5"


def test_an_administrator_surrenders_from_a_suspended_account() -> None:
    suspended: Statuses = {"operator": "suspended"}
    surrender = moving("surrender", "operator", "surrendered")
    assert numbers(case(surrender, by="administrator", statuses=suspended)) == []


def test_a_suspended_account_receives_nothing_from_anybody() -> None:
    suspended: Statuses = {"person": "suspended"}
    transfer = moving("transfer", "operator", "person")
    assert numbers(case(transfer, by="administrator", statuses=suspended)) == [2004]


@pytest.mark.parametrize(
    ("verb", "target", "found"),
    [
        ("surrender", "surrendered", []),
        ("return_excess", "authority", []),
        ("transfer", "person", [1005]),
        ("cancel_voluntarily", "cancelled", [1005]),
    ],
)
def test_a_restricted_account_only_meets_its_duties(
    verb: str, target: str, found: list[int]
) -> None:
    restricted: Statuses = {"operator": "restricted"}
    tried = case(moving(verb, "operator", target), statuses=restricted)
    assert numbers(tried) == found


def test_a_restricted_account_may_receive_and_an_administrator_may_take() -> None:
    restricted: Statuses = {"operator": "restricted"}
    into = moving("transfer", "person", "operator")
    out = moving("transfer", "operator", "person")
    assert numbers(case(into, statuses=restricted)) == []
    assert numbers(case(out, by="administrator", statuses=restricted)) == []


def test_each_type_goes_from_certain_kinds_to_certain_kinds() -> None:
    surrender = moving("surrender", "person", "cancelled")
    found = refusals(case(surrender))
    assert [refusal.number for refusal in found] == [1007, 2007]
    assert "is of the kind person; surrender takes units from operator only" in str(found[0])
    assert "brings units to surrendered only" in str(found[1])


def test_an_account_holds_only_the_units_of_its_kind() -> None:
    tried = case(moving("transfer", "operator", "person"))
    person = replace(tried.day.kinds["person"], holds=())
    day = replace(tried.day, kinds={**tried.day.kinds, "person": person})
    (failed,) = (answer for answer in explain(replace(tried, day=day)) if not answer.passed)
    assert failed.number == 2006
    assert str(failed.refusals[0]) == (
        f"Account {NUMBERS['person']} is of the kind person: no EXA-1 in it."
    )


def test_units_go_from_one_account_to_another() -> None:
    here = NUMBERS["operator"]
    (refusal,) = same_account(here, here, reference="Example Act, s. 6")
    assert refusal.number == 2508
    transfer = moving("transfer", "operator", "person")
    # The books take a source and a holding account of one number for two; the registry does not.
    movement = replace(transfer.movements[0], target=Account(here, is_source=True))
    assert numbers(case(replace(transfer, movements=(movement,)))) == [2508]


def test_a_type_moves_only_its_units() -> None:
    tried = case(moving("transfer", "operator", "person", unit="EUA-2"))
    assert numbers(tried) == [2006, 3006]
    assert "One cannot transfer EUA-2, only EXA-1 or EXA-2." in str(refusals(tried)[1])


def test_what_the_scheme_has_no_type_for_cannot_be_done() -> None:
    tried = case(moving("burn", "operator", "person"))
    assert numbers(tried) == [3100]
    with pytest.raises(Refused, match="knows no transaction 'burn'"):
        tried.day.type_of("burn", "EXA-1")


def test_a_type_is_in_the_hands_of_certain_roles() -> None:
    tried = case(moving("allocate", "authority", "operator"), by="operator")
    (refusal,) = refusals(tried)
    assert refusal.number == 3103
    assert str(refusal) == "To allocate is for the authority, not the operator."


def test_units_of_another_period_do_not_count_for_a_year() -> None:
    surrender = moving("surrender", "operator", "surrendered", unit="EXA-1", year=2028)
    (refusal,) = refusals(case(surrender, on=date(2028, 4, 30)))
    assert refusal.number == 3001
    assert str(refusal) == "EXA-1 belongs to the years 2025 to 2027 and does not count for 2028."


def test_units_do_not_move_before_their_period() -> None:
    transfer = moving("transfer", "operator", "person", unit="EXA-2")
    (refusal,) = refusals(case(transfer, on=date(2027, 12, 31)))
    assert str(refusal) == "One may transfer EXA-2 from 2028-01-01, not on 2027-12-31."
    assert numbers(case(transfer, on=date(2028, 1, 1))) == []


def test_units_that_have_expired_can_only_be_cancelled() -> None:
    surrender = moving("surrender", "operator", "surrendered", year=2027)
    cancel = moving("cancel", "operator", "cancelled")
    last, after = date(2028, 4, 30), date(2028, 5, 1)
    assert numbers(case(surrender, on=last)) == []
    assert numbers(case(surrender, on=after)) == [3102]
    assert numbers(case(cancel, by="authority", on=last)) == [3101]
    assert numbers(case(cancel, by="authority", on=after)) == []


def test_issuance_stays_within_the_cap() -> None:
    def issuing(count: int) -> Case:
        issue = moving("issue", "issuance", "authority", count=count)
        return case(issue, by="authority", cap=CAP)

    assert numbers(issuing(20)) == []
    (refusal,) = refusals(issuing(21))
    assert refusal.number == 3500
    assert str(refusal) == (
        "21 EXA-1 are to be issued, but the cap is 100 and 80 were issued before: 20 are left."
    )
    assert refusal.reference == CAP.reference


def test_one_issuance_makes_one_kind_of_unit() -> None:
    issue = moving("issue", "issuance", "authority", unit="EXA-1", count=1)
    other = moving("issue", "issuance", "authority", unit="EXA-2", count=1)
    both = replace(issue, movements=issue.movements + other.movements)
    tried = case(both, by="authority", cap=CAP, on=date(2028, 2, 1))
    assert numbers(tried) == [3009]


def test_all_that_is_wrong_is_said_at_once_and_once() -> None:
    poor: Statuses = {"person": "suspended", "cancelled": "closed"}
    surrender = moving("surrender", "person", "cancelled", unit="EXA-2", year=2025)
    twice = replace(surrender, movements=surrender.movements * 2)
    expected = [1004, 1007, 2003, 2007, 3103, 3001, 3101]
    assert numbers(case(twice, by="authority", statuses=poor)) == expected


def test_a_dry_run_shows_every_check_and_its_answer() -> None:
    suspended: Statuses = {"operator": "suspended"}
    tried = case(moving("surrender", "operator", "surrendered"), statuses=suspended)
    answers = explain(tried)
    assert [answer.number for answer in answers] == [check.number for check in CHECKS]
    assert [answer.sentence for answer in answers if not answer.passed] == [
        "The giving account is not suspended"
    ]


NAMES = ["issuance", "authority", "operator", "person", "surrendered", "cancelled", "nobody"]
VERBS = ["issue", "allocate", "transfer", "surrender", "cancel", "reverse_surrender", "burn"]


@given(
    verb=st.sampled_from(VERBS),
    source=st.sampled_from(NAMES),
    target=st.sampled_from(NAMES),
    unit=st.sampled_from(["EXA-1", "EXA-2", "EUA-1"]),
    by=st.sampled_from(["authority", "operator", "administrator"]),
    year=st.sampled_from([None, 2026, 2028]),
    status=st.sampled_from(["open", "restricted", "suspended", "closed"]),
    on=st.sampled_from([date(2026, 4, 30), date(2028, 3, 1), date(2028, 5, 1)]),
)
def test_the_short_way_and_the_long_way_agree(
    *,
    verb: str,
    source: str,
    target: str,
    unit: str,
    by: Role,
    year: int | None,
    status: Status,
    on: date,
) -> None:
    if source == target:
        return
    proposed = moving(verb, source, target, unit=unit, year=year)
    tried = case(proposed, by=by, on=on, cap=CAP, statuses={"operator": status})
    found = [refusal for answer in explain(tried) for refusal in answer.refusals]
    assert list(refusals(tried)) == found
