"""What a linked registry proposes is asked what it would be alone; alone it does none of it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from changed import replace
from kyoto_link import VERIFIED, Link3, Registry, three_registries
from land import with_law
from nations import refused
from tonne import operations
from tonne.linking import KINDS, State
from tonne.mrv import Opinion
from tonne.operations import (
    LAW,
    Conversion,
    CreditIssue,
    MonitoringReport,
    Transfer,
    places,
    told_as,
)
from tonne.refusal import Refused
from tonne.registry import Dedication
from tonne.rulebook import Dated

AAU, ERU, CER = "AAU-1 PL", "ERU-AAU-1 PL-24/2", "CER-1 BR-2486"
REPORT = MonitoringReport(project="BR-2486", number="3", certified=100, year=2009, opinion=VERIFIED)


@pytest.fixture
def link(tmp_path: Path) -> Link3:
    """Three registries under the law of the period, each with its own letters in it, and a log."""
    return three_registries(tmp_path)


def issue(link: Link3, count: int = 1_000) -> None:
    """Warsaw issues units through the log."""
    words = {"kind": "issue", "verb": "issue", "unit": AAU, "source": "issuance"}
    link.propose("PL", count=count, target="party", **words)
    link.post()


def alone(
    registry: Registry,
    link: Link3,
    operation: Callable[..., Any],
    *words: Any,  # noqa: ANN401  as the operation asks
    **more: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """A registry does something without the log."""
    desk = registry.desk(link.now)
    done = registry.store.run(
        lambda books: operation(books, registry.scheme, *words, desk=desk, **more)
    )
    if isinstance(done, list) and isinstance(done[0], tuple):
        raise Refused(done[0])
    return done


def test_credits_are_issued_for_a_verified_report_and_for_no_word_alone(link: Link3) -> None:
    words = {"kind": "issue", "verb": "issue", "source": "issuance", "target": "pending"}
    for unit, numbers in (
        (CER, [7544]),
        ("tCER-1 BR-7/2012-12-31", [7544]),
        ("CER-1 PL-7", [7544, 3224]),
    ):
        ask = partial(link.propose, "CDM", unit=unit, count=10, **words)
        assert refused(ask) == numbers
    report = {"report": REPORT, "count": 100, "unit": CER}
    for other in ({"unit": "CER-1 BR-2487"}, {"count": 101}):
        wrong = words | report | other
        assert refused(partial(link.propose, "CDM", **wrong)) == [7544], other
    link.propose("CDM", **words, **report)


def test_a_report_through_the_log_is_asked_the_same_as_alone(link: Link3) -> None:
    unverified = Opinion(verifier="DOE Ltd", judgement="not_verified", comments=("no",))
    for other, number in (
        ({"number": " "}, 3221),
        ({"opinion": unverified}, 3208),
        ({"project": "PL-7"}, 3224),
        ({"unit": "lCER-1"}, 3223),
    ):
        assert refused(partial(link.credit, 100, **other)) == [number], other


def test_a_nation_issues_no_credits_of_its_own_whatever_its_assigned_amount(link: Link3) -> None:
    ask = partial(link.credit, 100, code="PL", project="PL-7")
    assert refused(ask) == [3224]
    words = {"kind": "issue", "verb": "issue", "source": "issuance", "target": "pending"}
    assert refused(partial(link.propose, "PL", unit="CER-1 PL-7", count=1, **words)) == [7544, 3224]


def test_a_report_is_issued_for_once_also_while_it_is_under_way(link: Link3) -> None:
    first = link.credit(100, number="3", key="once")
    assert link.credit(100, number="3", key="once") == first
    again = partial(link.credit, 100, number="3", key="twice")
    assert refused(again) == [3222]
    # The log was silent for so long that the proposal ended: nothing was issued for the report.
    bonn = link.registries["CDM"]
    link.now = link.now.replace(day=9)
    desk = bonn.keeper(link.now)
    bonn.store.run(lambda books: operations.end_waits(books, bonn.scheme, desk=desk))
    assert link.state("CDM", first) is State.TERMINATED
    second = again()
    link.post()
    assert link.state("CDM", second) is State.COMPLETED
    assert link.held("CDM", "pending") == {CER: 98}
    assert link.held("CDM", "adaptation") == {CER: 2}
    assert refused(partial(link.credit, 100, number="3", key="thrice")) == [3222]


def test_what_ends_ends_at_home_and_what_changes_stays_where_it_was(link: Link3) -> None:
    issue(link)
    warsaw = link.registries["PL"]
    words: dict[str, Any] = {"unit": AAU, "count": 10, "source": "party"}
    opening = operations.Opening(kind="person", name="Ana", registry="PL", identifier=7)
    person = alone(warsaw, link, operations.open_account, opening, key="ana").number
    becomes = {"kind": "convert", "verb": "convert", "becomes": ERU}
    assert refused(partial(link.propose, "PL", target=person, **becomes, **words)) == [7545]
    link.propose("PL", target="party", **becomes, **words)
    vienna = link.registries["AT"].accounts
    ends = {"kind": "cancel", "verb": "cancel_voluntarily", "target": vienna["cancelled"]}
    assert 3226 in refused(partial(link.propose, "PL", key="cancel", **ends, **words))


def test_a_linked_registry_does_nothing_alone_of_which_the_log_keeps_account(link: Link3) -> None:
    issue(link)
    link.credit(100)
    link.post()
    warsaw, bonn = link.registries["PL"], link.registries["CDM"]
    here = warsaw.accounts["party"]
    change = Conversion(key="k", account=here, unit=AAU, count=1)
    units = Transfer(key="k", source=here, target="", unit=AAU, count=1)
    credits_of = CreditIssue(key="k", unit=CER, count=1)
    for registry, act in (
        (warsaw, partial(operations.issue_assigned, unit=AAU, count=1, key="k")),
        (warsaw, partial(operations.convert, order=change, project=24, track=2)),
        (warsaw, partial(operations.retire, orders=[units])),
        (warsaw, partial(operations.cancel, transfers=[units], verb="cancel_voluntarily")),
        (warsaw, partial(operations.cancel, transfers=[units], verb="replace_tcer")),
        (bonn, partial(operations.issue_for_report, report=REPORT, unit="CER-1", key="k")),
        (bonn, partial(operations.issue_credits, orders=[credits_of])),
    ):
        assert set(refused(partial(alone, registry, link, act))) == {7543}, act
    # Its own is its own: a transfer inside the registry.
    opening = operations.Opening(kind="person", name="Ana", registry="PL", identifier=7)
    person = alone(warsaw, link, operations.open_account, opening, key="ana").number
    inside = Transfer(key="inside", source=here, target=person, unit=AAU, count=5)
    alone(warsaw, link, operations.transfer, [inside])
    assert warsaw.store.run(lambda books: books.holdings(person)) == {AAU: 5}


def test_of_a_batch_each_unit_is_judged_whether_the_log_hears_of_it_first(link: Link3) -> None:
    # A law in which credits end by a code of its own, of which the log keeps no account.
    issue(link)
    warsaw = link.registries["PL"]
    rules = warsaw.scheme.registry
    changed = Dated([
        replace(
            clause,
            value=tuple(
                each
                for row in clause.value
                for each in (
                    [replace(row, units=("CER-1",), code="10-09"),
                     replace(row, units=tuple(u for u in row.units if u != "CER-1"))]
                    if row.verb == "cancel_voluntarily" and "CER-1" in row.units
                    else [row]
                )
            ),
        )
        for clause in rules.transactions.clauses
    ])  # fmt: skip
    law = with_law(warsaw.scheme, LAW, replace(rules, transactions=changed))
    orders = [
        Transfer(key=unit, source=warsaw.accounts["party"], target="", unit=unit, count=1)
        for unit in (CER, AAU, CER + "7")
    ]
    desk = warsaw.desk(link.now)
    answers = warsaw.store.run(
        lambda books: operations.cancel(books, law, orders, verb="cancel_voluntarily", desk=desk)
    )
    found = [7543 in {each.number for each in no} for no in answers if isinstance(no, tuple)]
    assert found == [False, True, False]


def test_for_whom_units_were_cancelled_stands_beside_the_cancellation(link: Link3) -> None:
    issue(link)
    dedication = Dedication(beneficiary="Ana", purpose="a flight")
    made = link.propose(
        "PL", kind="cancel", verb="cancel_voluntarily", unit=AAU, count=10, source="party",
        target="cancelled", dedication=dedication,
    )  # fmt: skip
    link.post()
    warsaw = link.registries["PL"]
    known = warsaw.store.run(lambda books: books.known(f"{made}/cancel_voluntarily"))
    assert known is not None
    told = warsaw.store.run(lambda books: books.dedications([known[0]]))
    assert told == {known[0]: dedication}


def test_every_kind_that_the_log_knows_is_told_to_it_and_ends_in_its_place(link: Link3) -> None:
    day = link.registries["PL"].scheme.on(link.now.date())
    told = {told_as(verb, unit, day) for verb, unit in day.types}
    assert told == {*KINDS, None} - {"transfer"}
    where = places(day)
    assert where["retired"] == "retired"
    assert {k for k, place in where.items() if place == "cancelled"} == {
        code for code in day.kinds if code.startswith("cancelled")
    }
    assert {k for k, place in where.items() if place == "replaced"} == {
        code for code in day.kinds if code.startswith("replaced")
    }
