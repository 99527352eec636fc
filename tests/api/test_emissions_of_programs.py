"""Emissions that programs report and judge for their people."""

from typing import Any

import pytest

from bureau import usr
from switchboard import Counter, a_counter, grounds
from tonne.operations import proposals


@pytest.fixture(scope="module")
def counter() -> Counter:
    """The settled bureau on 2 March 2026, with a verifier; each trial has an account of its own."""
    made = a_counter()
    made.bureau.verifier("vera")
    made.bureau.verified_by("vera", "steel", ("ann", "bob"))
    return made


def report(counter: Counter, who: str = "steel", tonnes: str = "45.4") -> Any:  # noqa: ANN401  a body
    """What a program says to report emissions."""
    return {"verb": "report", "account": counter.bureau.number(who), "year": 2025, "tonnes": tonnes}


def word(counter: Counter, who: str = "steel") -> Any:  # noqa: ANN401  a body
    """What a verifier's program says of it."""
    return report(counter, who) | {"verb": "verify", "judgement": "verified", "statement": "VR-7"}


def test_a_year_is_reported_and_verified_by_programs(counter: Counter) -> None:
    tried = counter.propose(report(counter), by="ann", ask="?dry_run=true").json()
    assert (tried["second"], tried["expected_completion_at"]) == (False, None)
    made = counter.propose(report(counter), by="ann")
    assert (made.status_code, made.json()["state"]) == (201, "completed")
    assert made.json()["wish"]["tonnes"] == "45.4"
    judged = counter.propose(word(counter), by="vera").json()
    assert (judged["state"], judged["by"]) == ("completed", usr("vera"))
    steel = counter.bureau.number("steel")
    found = counter.bureau.land.run(lambda b: list(b.figures("example", [2025], account=steel)))
    assert [each.tonnes for _, each in found] == [45]


def test_who_said_what_of_a_report_is_told_by_name_to_who_sees_the_account() -> None:
    """The verifier finds fault with one report, and not with the next."""
    counter = a_counter()
    counter.bureau.verifier("vera")
    counter.bureau.verified_by("vera", "steel", ("ann", "bob"))
    for tonnes, judgement in (("9.6", "not_verified"), ("8.4", "verified_with_comments")):
        counter.propose(report(counter, tonnes=tonnes), by="ann")
        said = word(counter) | {"tonnes": tonnes, "judgement": judgement, "comment": "gas"}
        assert counter.propose(said, by="vera").status_code == 201
    path = f"/v1/schemes/example/accounts/{counter.bureau.number('steel')}/emissions"
    told = counter.get(path, "ann")["data"]
    assert [
        (row["kind"], row["tonnes"], row["judgement"], row["verifier_code"]) for row in told
    ] == [
        ("reported", "9.6", None, None),
        ("reported", "8.4", None, None),
        ("judged", "9.6", "not_verified", usr("vera")),
        ("judged", "8.4", "verified_with_comments", usr("vera")),
        ("verified", "8", "verified_with_comments", usr("vera")),
    ]
    assert [row["verifier"] for row in told] == [None, None, *["Vera"] * 3]
    assert (told[2]["note"], told[2]["reference"], told[2]["day"]) == ("gas", "VR-7", "2026-03-02")
    assert counter.get(f"{path}?kind=judged", "sara")["data"] == told[2:4]


def test_who_acted_on_the_account_or_acts_on_it_verifies_nothing_through_a_program(
    counter: Counter,
) -> None:
    counter.propose(report(counter, "kiln"), by="carl")
    assert grounds(counter.propose(word(counter, "kiln"), by="carl")) == (403, [1204])
    kiln, bureau = counter.bureau.number("kiln"), counter.bureau
    bureau.agreed(proposals.Remove(account=kiln, person=usr("dora"), reason="left"))
    bureau.agreed(proposals.TakePosition(person=usr("dora"), position="verifier"))
    assert grounds(counter.propose(word(counter, "kiln"), by="dora")) == (404, [9215])
    said: dict[str, Any] = {"verb": "appoint_verifier", "account": kiln, "person": usr("dora")}
    said |= {"first_year": 2025, "last_year": 2026}
    assert grounds(counter.propose(said, by="carl", ask="?dry_run=true"))[1] == [9176]


def test_an_account_of_others_is_as_if_it_were_not_there(counter: Counter) -> None:
    assert grounds(counter.propose(report(counter), by="carl")) == (404, [9215])
    assert grounds(counter.propose(word(counter), by="carl")) == (404, [9215])
    assert grounds(counter.propose(word(counter, "kiln"), by="vera")) == (404, [9215])


def test_tonnes_that_are_no_number_are_refused_by_a_rule(counter: Counter) -> None:
    for tonnes in ("many", "-1", "1,5", "NaN", "1e999999999"):
        assert 100 in grounds(counter.propose(report(counter, tonnes=tonnes), by="ann"))[1], tonnes
