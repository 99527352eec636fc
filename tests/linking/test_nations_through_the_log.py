"""Nations and the CDM registry through the log: what may leave, who issues which series."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kyoto_link import KEYS, Link3, three_registries
from tonne import operations
from tonne.compliance import Inventory, Shown
from tonne.ledger import Block
from tonne.linking import HoldingsTold, State
from tonne.quantity import Tonnes
from tonne.refusal import Refused
from world import Store

AAU = "AAU-1 PL"


@pytest.fixture
def link(tmp_path: Path) -> Link3:
    """Three registries under the law of the period, each with its own letters in it, and a log."""
    return three_registries(tmp_path)


def test_a_nation_offers_no_unit_that_its_reserve_needs_or_that_it_may_not_sell(
    link: Link3,
) -> None:
    link.propose(
        "PL", kind="issue", verb="issue", unit=AAU, count=1_000, source="issuance", target="party"
    )
    link.post()
    warsaw, vienna = link.registries["PL"], link.registries["AT"]
    offer = {
        "kind": "transfer", "verb": "send", "unit": AAU, "taker": "AT",
        "source": "party", "target": vienna.accounts["party"],
    }  # fmt: skip

    # Warsaw emitted 150 tonnes in the year reviewed last: five times as many units stay.
    note = partial(operations.notify, scheme=warsaw.scheme, desk=warsaw.desk(link.now))
    reviewed = Inventory(year=2009, tonnes=Tonnes(Decimal(150)))
    warsaw.store.run(partial(note, finding=reviewed, party="PL", key="reviewed"))
    assert _refused(link, count=251, **offer) == [6120]
    sold = link.propose("PL", count=250, **offer)
    assert _refused(link, key="more", count=1, **offer) == [6120], (
        "what is under way has left already"
    )
    link.post()
    assert link.state("PL", sold) is State.COMPLETED
    assert link.held("PL", "party") == {AAU: 750}

    # A nation that has shown nothing sells nothing, and its own letters in the law are no excuse.
    warsaw.store.run(partial(note, finding=Shown(party="PL", met=()), key="nothing shown"))
    assert 6121 in _refused(link, count=1, **offer)
    assert link.held("PL", "under_way") == {}


def test_a_credit_is_issued_in_bonn_forwarded_to_vienna_and_retired_there(link: Link3) -> None:
    bonn, vienna = link.registries["CDM"], link.registries["AT"]
    cer = "CER-1 BR-2486"

    # The CDM registry issues what was certified of a project in Brazil, in Brazil's series.
    issuances = [
        link.credit(count, project=project, key=project)
        for project, count in (("BR-2486", 1_000), ("BR-7", 10))
    ]
    link.post()
    assert {link.state("CDM", each) for each in issuances} == {State.COMPLETED}
    # Two per cent are set aside for adaptation, of ten none.
    assert link.held("CDM", "pending") == {cer: 980, "CER-1 BR-7": 10}
    assert link.held("CDM", "adaptation") == {cer: 20}

    # It forwards them: no reserve is asked, since it is no nation.
    sending = link.propose(
        "CDM", kind="transfer", verb="forward", unit=cer, count=50, block=Block("BR", 41, 90),
        taker="AT", source="pending", target=vienna.accounts["party"],
    )  # fmt: skip
    link.post()
    assert link.state("CDM", sending) is link.state("AT", sending) is State.COMPLETED
    assert link.held("AT", "party") == {cer: 50}
    retirement = link.propose(
        "AT", kind="retire", verb="retire", unit=cer, count=50, source="party", target="retired"
    )
    link.post()
    moves = link.at_log(lambda books: operations.line_history(books, "BR-45"))
    assert [(each.proposal, each.move.holder, each.move.place) for each in moves] == [
        (issuances[0], "CDM", "held"),
        (sending, "AT", "held"),
        (retirement, "AT", "retired"),
    ]
    (last,) = link.at_log(lambda books: operations.line_history(books, "BR-1010"))
    assert (last.proposal, last.move.unit) == (issuances[1], "CER-1 BR-7")

    # No nation issues any: neither of a series that it knows nor of another.
    for unit in (cer, "CER-1 CL-3"):
        words = {"unit": unit, "count": 5, "source": "issuance", "target": "pending", "key": unit}
        assert _refused(link, "AT", kind="issue", verb="issue", **words) == [7534]

    # All sides agree on every number, and their books are whole.
    for code in link.registries:
        link.at_log(partial(operations.ask_for_holdings, registry=code, at=link.now))
    link.post()
    rounds = link.at_log(lambda books: books.rounds())
    assert {code: found.differences for code, found in rounds.items()} == dict.fromkeys(KEYS, ())
    assert link.at_log(operations.line_faults) == []
    for registry in (bonn, vienna):
        assert registry.store.run(lambda books: books.check()) == []


def notify(link: Link3, day: date) -> None:
    """The log tells Vienna that thirty of its units get another day of expiry."""
    tell = partial(operations.give_notice, registry="AT", kind="expiry_changed", count=30)
    link.at_log(partial(tell, expires=day, at=link.now))


def test_retired_credits_get_another_day_of_expiry_and_stay_retired(
    store: Store, tmp_path: Path
) -> None:
    link = three_registries(tmp_path, store)
    vienna = link.registries["AT"]
    link.credit(100, unit="lCER-1/2030-05-01", project="BR-7")
    link.post()
    old, new = "lCER-1 BR-7/2030-05-01", "lCER-1 BR-7/2031-05-01"
    link.propose(
        "CDM", kind="transfer", verb="forward", unit=old, count=50, taker="AT", source="pending",
        target=vienna.accounts["party"],
    )  # fmt: skip
    link.post()
    retired = {"kind": "retire", "verb": "retire", "source": "party", "target": "retired"}
    link.propose("AT", unit=old, count=30, **retired)
    link.post()
    change = {"kind": "change_expiry", "verb": "change_expiry", "becomes": new}
    # Not before the log has given notice of it, and to the day that it says.
    for day in (None, date(2031, 5, 2), date(2031, 5, 1)):
        if day is not None:
            notify(link, day)
            link.post()
        made = link.propose("AT", unit=old, count=30, source="retired", target="retired", **change)
        if day != date(2031, 5, 1):
            link.post()
            assert link.state("AT", made) is State.TERMINATED
            assert [no.number for no in link.examined[made] if not no.passed] == [7556]
    # Also while they are under way, and the log has not heard of it, all sides agree.
    link.now += timedelta(minutes=1)
    link.at_log(partial(operations.ask_for_holdings, registry="AT", at=link.now))
    link.from_log()
    (told,) = [
        each.body
        for each in vienna.store.run(lambda books: books.waiting("AT"))
        if isinstance(each.body, HoldingsTold)
    ]
    assert {(each.unit, each.place) for each in told.held} == {(old, "retired"), (old, "held")}
    link.post()
    assert link.state("AT", made) is State.COMPLETED
    assert link.held("AT", "retired") == {new: 30}
    tiles = [t for t in link.at_log(lambda b: b.lines())["BR"] if t.holder == "AT"]
    assert [(t.unit, t.place, t.block.count) for t in tiles] == [
        (new, "retired", 30), (old, "held", 20),
    ]  # fmt: skip
    ends = {"kind": "cancel", "verb": "cancel_voluntarily", "target": "cancelled"}
    link.propose("AT", unit=old, count=20, source="party", **ends)
    link.post()
    for code in link.registries:
        link.at_log(partial(operations.ask_for_holdings, registry=code, at=link.now))
    link.post()
    rounds = link.at_log(lambda books: books.rounds())
    assert {code: found.differences for code, found in rounds.items()} == dict.fromkeys(KEYS, ())
    assert link.at_log(operations.line_faults) == []
    assert vienna.store.run(lambda books: books.check()) == []


def _refused(link: Link3, code: str = "PL", **asked: Any) -> list[int]:  # noqa: ANN401
    """Why a registry may not propose something; nothing of it is done."""
    with pytest.raises(Refused) as no:
        link.propose(code, **asked)
    return [each.number for each in no.value.refusals]
