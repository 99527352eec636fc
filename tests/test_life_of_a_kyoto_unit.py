"""The life of two Kyoto units, told so that a regulator can follow every step and every check.

The first is real: a certified emission reduction of a project in Brazil, from its issuance to its
cancellation, as the CDM registry published it. The second shows what the data cannot: a unit of
Poland's assigned amount becomes an emission reduction unit of a joint project, goes to Austria
through the log between the registries, and is retired there. Warsaw, Vienna and the log each keep
books of their own.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from kyoto_link import Link3, Registry, three_registries
from tonne import operations
from tonne.ledger import Block
from tonne.linking import LOG_CHECKS, State
from tonne.operations import (
    CheckPassed,
    CreditIssue,
    Desk,
    Receipt,
    Scheme,
    Transfer,
)
from tonne.registry import Answer, Dedication, Role
from world import Store

T = TypeVar("T")
AAU, ERU = "AAU-1 PL", "ERU-AAU-1 PL-24/2"


@cache
def kyoto() -> Scheme:
    """The law of the first commitment period, read once."""
    return operations.load_scheme(operations.scheme_folder("kyoto_cp1"))


# A real unit: BR-60482913, of project 2486 in Brazil.


def test_a_real_credit_from_its_issuance_in_brazil_to_its_cancellation(store: Store) -> None:
    def do(operation: Callable[..., T], *words: Any, on: str, by: Role, **more: Any) -> T:  # noqa: ANN401
        moment = datetime.fromisoformat(on).replace(tzinfo=UTC)
        said.clear()
        desk = Desk(by=by, day=moment.date(), at=moment, told=said)
        return store.run(lambda books: operation(books, kyoto(), *words, desk=desk, **more))

    said: list[Answer] = []
    told: dict[int, set[tuple[int, str]]] = {}
    own = do(operations.found, on="2005-02-16", by="administrator")

    # On 19 December 2011 the Executive Board had 157,369 credits issued for the project.
    block = CreditIssue(
        key="issued 2011-12-19",
        unit="CER-1 BR-2486",
        count=157_369,
        block=Block("BR", 60_445_682, 60_603_050),
    )
    (issued,) = do(operations.issue_credits, [block], on="2011-12-19T12:23:08", by="authority")
    assert isinstance(issued, Receipt)
    told[issued.number] = _asked(said)

    # On 27 October 2012 somebody gave up 5,294 of them for ever.
    order = Transfer(
        key="cancelled 2012-10-27",
        source=own["pending"],
        target="",
        unit="CER-1 BR-2486",
        count=5_294,
        block=Block("BR", 60_482_913, 60_488_206),
        dedication=Dedication(beneficiary="not published", purpose="voluntary cancellation"),
    )
    (cancelled,) = do(
        operations.cancel,
        [order],
        verb="cancel_voluntarily",
        on="2012-10-27T08:23:47",
        by="operator",
    )
    assert isinstance(cancelled, Receipt)
    told[cancelled.number] = _asked(said)

    # The first of them tells its life; the numbers beside the cancelled ones are still pending.
    life = store.run(partial(operations.history, serial="BR-60482913", scheme=kyoto()))
    assert [(each.kind, str(each.day), each.source, each.target) for each in life.steps] == [
        ("issue", "2011-12-19", own["issuance"], own["pending"]),
        ("cancel_voluntarily", "2012-10-27", own["pending"], own["cancelled"]),
    ]
    assert (life.holder, life.unit) == (own["cancelled"], "CER-1 BR-2486")
    assert life.dedications[cancelled.number].purpose == "voluntary cancellation"
    # And every check that let it pass, by number: what was asked when it was done.
    assert told[issued.number] == _listed(life.checks[issued.number])
    assert told[cancelled.number] == _listed(life.checks[cancelled.number])
    assert 3224 in {number for number, _ in told[issued.number]}
    for neighbour in ("BR-60482912", "BR-60488207"):
        there = store.run(partial(operations.history, serial=neighbour))
        assert (there.holder, there.unit) == (own["pending"], "CER-1 BR-2486")

    # Cancelled is for ever: the same numbers are not cancelled again, nor given to anybody.
    again = Transfer(
        key="again", source=own["pending"], target="", unit="CER-1 BR-2486", count=5_294,
        block=Block("BR", 60_482_913, 60_488_206),
    )  # fmt: skip
    (refused,) = do(
        operations.cancel, [again], verb="cancel_voluntarily", on="2012-10-28", by="operator"
    )
    assert isinstance(refused, tuple)
    assert {each.number for each in refused} == {310}
    assert store.run(lambda books: books.check()) == []


# A unit of Warsaw's assigned amount, in Vienna's retirement account: two registries and the log.


@pytest.fixture
def link(tmp_path: Path) -> Link3:
    """Three registries under the law of the period, each with its own letters in it, and a log."""
    return three_registries(tmp_path)


def test_a_polish_unit_is_converted_sent_to_vienna_and_retired_there(link: Link3) -> None:
    warsaw, vienna = link.registries["PL"], link.registries["AT"]

    # Warsaw issues 1,000 units of its assigned amount. It tells the log, which keeps its own line.
    issuance = link.propose(
        "PL", kind="issue", verb="issue", unit=AAU, count=1_000, source="issuance", target="party"
    )
    issued_by = warsaw.every_check_passed()
    link.post()
    assert link.state("PL", issuance) is State.COMPLETED
    assert link.held("PL", "party") == {AAU: 1_000}

    # A wind farm near Gdansk, project 24 of track 2, saved 50 tonnes: as many units are converted.
    # Their numbers stay, and there are not more units in the world than before.
    conversion = link.propose(
        "PL", kind="convert", verb="convert", unit=AAU, count=50, block=Block("PL", 41, 90),
        becomes=ERU, source="party", target="party",
    )  # fmt: skip
    converted_by = warsaw.every_check_passed()
    link.post()
    assert link.state("PL", conversion) is State.COMPLETED
    assert link.held("PL", "party") == {AAU: 950, ERU: 50}

    # Warsaw proposes to send them. Until Vienna and the log have answered they are set aside.
    sending = link.propose(
        "PL", kind="transfer", verb="send", unit=ERU, count=50, taker="AT",
        source="party", target=vienna.accounts["party"],
    )  # fmt: skip
    sent_by = warsaw.every_check_passed()
    assert link.held("PL", "under_way") == {ERU: 50}
    link.post()
    assert link.state("PL", sending) is link.state("AT", sending) is State.COMPLETED
    assert (link.held("PL", "party"), link.held("PL", "under_way")) == ({AAU: 950}, {})
    assert link.held("AT", "party") == {ERU: 50}

    # Vienna retires them: they count against its emissions, and never move again.
    retirement = link.propose(
        "AT", kind="retire", verb="retire", unit=ERU, count=50, source="party", target="retired"
    )
    retired_by = vienna.every_check_passed()
    link.post()
    assert (link.state("AT", retirement), link.held("AT", "retired")) == (
        State.COMPLETED,
        {ERU: 50},
    )

    # Each side tells the life of the number 45 as far as it knows it.
    assert [step.kind for step in _life(warsaw)] == [
        "issue", "set_aside", "free", "convert", "convert", "set_aside", "send",
    ]  # fmt: skip
    assert [step.kind for step in _life(vienna)] == ["receive", "set_aside", "free", "retire"]
    moves = link.at_log(lambda books: operations.line_history(books, "PL-45"))
    assert [
        (each.proposal, each.move.holder, each.move.unit, each.move.place) for each in moves
    ] == [
        (issuance, "PL", AAU, "held"),
        (conversion, "PL", ERU, "held"),
        (sending, "AT", ERU, "held"),
        (retirement, "AT", ERU, "retired"),
    ]

    # And every check that let it pass: those of the registries and of the log, as history lists.
    for made in (issued_by, converted_by, sent_by, retired_by):
        assert {1001, 1002, 1007, 2002, 3001, 3005} <= set(made), made
    assert set(link.examined) == {issuance, conversion, sending, retirement}
    _expect_that_history_lists(link, issuance, conversion, sending, retirement)
    assert link.at_log(lambda books: books.written()) == []
    assert link.at_log(operations.line_faults) == []
    for each in (warsaw, vienna):
        assert each.store.run(lambda books: books.check()) == []


def test_what_is_out_of_use_or_another_nations_goes_no_further(link: Link3) -> None:
    for words in (
        {"kind": "issue", "verb": "issue", "unit": AAU, "count": 100, "source": "issuance"},
        {"kind": "retire", "verb": "retire", "unit": AAU, "count": 10, "source": "party"},
    ):
        target = "party" if words["kind"] == "issue" else "retired"
        link.propose("PL", target=target, **words)
        link.post()
    # Warsaw's books forget that ten were retired; the log does not.
    warsaw = link.registries["PL"]
    desk = warsaw.keeper(link.now)
    warsaw.store.run(
        lambda books: operations.correct_holding(
            books, warsaw.scheme, Block("PL", 1, 10), unit=AAU, source=warsaw.accounts["retired"],
            target=warsaw.accounts["party"], reason="a fault", key="fault", desk=desk,
        )
    )  # fmt: skip
    again = link.propose(
        "PL", kind="transfer", verb="send", unit=AAU, count=10, taker="AT", source="party",
        target=link.registries["AT"].accounts["party"], block=Block("PL", 1, 10),
    )  # fmt: skip
    link.post()
    assert link.state("PL", again) is State.TERMINATED
    failed = [each.number for each in link.examined[again] if not each.passed]
    assert failed == [each.number for each in link.at_log(lambda b: b.written())] == [7538]
    assert link.held("PL", "party") == {AAU: 100}
    assert link.held("AT", "party") == {}


def _life(registry: Registry) -> list[Any]:
    """Every step of the number 45 in the books of a registry."""
    return list(registry.store.run(partial(operations.history, serial="PL-45")).steps)


def _expect_that_history_lists(
    link: Link3, issuance: str, conversion: str, sending: str, retirement: str
) -> None:
    """Every check that was asked of each proposal, by whoever asked, and no other."""
    for answers in link.examined.values():
        assert [(each.number, each.sentence) for each in answers] == list(LOG_CHECKS)
        assert all(each.passed for each in answers)
    here, there = (_checks(link.registries[code]) for code in ("PL", "AT"))
    assert {kind: [*by] for kind, by in here.items()} == {
        "issue": ["registry PL", "log ITL"],
        "set_aside": ["ledger"],
        "free": ["ledger"],
        "convert": ["registry PL", "log ITL"],
        "send": ["registry PL", "log ITL", "registry AT"],
    }
    assert {kind: [*by] for kind, by in there.items()} == {
        "receive": ["registry AT", "log ITL"],
        "set_aside": ["ledger"],
        "free": ["ledger"],
        "retire": ["registry AT", "log ITL"],
    }
    for proposal, code, listed in (
        (issuance, "PL", here["issue"]),
        (conversion, "PL", here["convert"]),
        (sending, "PL", here["send"]),
        (retirement, "AT", there["retire"]),
    ):
        assert listed[f"registry {code}"] == _asked(link.asked[proposal])
        assert listed["log ITL"] == {
            (each.number, each.sentence) for each in link.examined[proposal]
        }
    assert here["send"]["registry AT"] == there["receive"]["registry AT"]
    assert there["receive"]["registry AT"] == _asked(link.taken[sending])
    assert here["free"]["ledger"] == {(3005, "What is moved is held, free of promises")}


def _checks(registry: Registry) -> dict[str, dict[str, set[tuple[int, str]]]]:
    """By verb and by who asked, every check that the number 45 had passed in a registry."""
    told = partial(operations.history, serial="PL-45", scheme=registry.scheme)
    found = registry.store.run(told)
    assert all(each.reference for checks in found.checks.values() for each in checks)
    listed: dict[str, dict[str, set[tuple[int, str]]]] = {}
    for step in found.steps:
        for each in found.checks[step.transaction]:
            by = listed.setdefault(step.kind, {}).setdefault(each.by, set())
            by.add((each.number, each.sentence))
    return listed


def _asked(told: Sequence[Answer]) -> set[tuple[int, str]]:
    """What was asked when it was done: each check, once."""
    assert all(each.passed for each in told)
    return {(each.number, each.sentence) for each in told}


def _listed(checks: Sequence[CheckPassed]) -> set[tuple[int, str]]:
    """What history lists of a step."""
    return {(each.number, each.sentence) for each in checks}
