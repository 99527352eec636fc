"""What the log refuses, by which number, and that it writes it down and tells the giver."""

from datetime import date, timedelta
from typing import Any

import pytest

from changed import replace
from tonne.ledger import LAST_NUMBER, Block
from tonne.linking import (
    BLOCKS_MAX,
    Difference,
    HoldingsTold,
    Letter,
    Move,
    Notice,
    NoticeStanding,
    NoticeStatus,
    Patience,
    Place,
    Proposal,
    Proposed,
    Round,
    Said,
    State,
    hear,
    moved,
    whole_series,
)
from tonne.linking import party as of_party
from wires import NOW, Wires, kinds, proposal


@pytest.fixture
def wires() -> Wires:
    """A log with two registries; AT holds AT-1 to 100, PL holds PL-1 to 50."""
    wires = Wires()
    wires.issue("AT", 1, 100)
    wires.issue("PL", 1, 50)
    return wires


def said(body: object, sender: str = "AT", nonce: int = 1000, to: str = "LOG") -> Letter:
    """A letter of that sender."""
    assert isinstance(body, Proposed | Said | HoldingsTold)
    return Letter(sender=sender, nonce=nonce, addressee=to, at=NOW, body=body)


def refused(wires: Wires, letter: Letter, digest: str = "d") -> set[str]:
    """The rules that a letter does not meet at the log."""
    return kinds(hear(wires.log, letter, digest, at=wires.now).refusals)


def proposed(wires: Wires, made: Proposal) -> set[str]:
    """The rules that a proposal does not meet; the giver is told of each, and nothing moves."""
    outcome = hear(wires.log, said(Proposed(proposal=made), made.giver, 2000), "d", at=wires.now)
    if outcome.refusals:
        assert outcome.standing is not None
        assert outcome.standing.state is State.DISCREPANCY
        ((addressee, body),) = outcome.drafts
        assert addressee == made.giver
        assert isinstance(body, Said)
        assert [each.number for each in body.reasons] == [r.number for r in outcome.refusals]
        assert not outcome.moves
    return kinds(outcome.refusals)


def test_a_good_proposal_is_handed_on_to_the_taker(wires: Wires) -> None:
    letter = said(Proposed(proposal=proposal((1, 10))))
    outcome = hear(wires.log, letter, "d", at=NOW)
    assert not outcome.refusals
    assert [draft.addressee for draft in outcome.drafts] == ["PL"]
    assert isinstance(outcome.drafts[0].body, Proposed)


def test_a_stranger_is_not_heard(wires: Wires) -> None:
    letter = said(Proposed(proposal=proposal((1, 10), giver="XX", name="XX-1")), "XX")
    outcome = hear(wires.log, letter, "d", at=NOW)
    assert kinds(outcome.refusals) == {"UnknownSender"}
    assert outcome.heard is None


def test_a_letter_for_somebody_else_is_not_opened(wires: Wires) -> None:
    letter = said(Proposed(proposal=proposal((1, 10))), to="OTHER")
    assert refused(wires, letter) == {"NotTheAddressee"}


def test_a_number_that_was_used_for_another_letter_is_refused(wires: Wires) -> None:
    letter = said(Proposed(proposal=proposal((1, 10))))
    log = wires.log.after(hear(wires.log, letter, "d", at=NOW))
    assert hear(log, letter, "d", at=NOW).repeated
    outcome = hear(log, letter, "another", at=NOW)
    assert kinds(outcome.refusals) == {"NonceReplayed"}
    assert outcome.heard is None


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        (proposal((90, 101)), "NotIssued"),
        (proposal((1, 2), series="XX", unit="AAU-1 XX"), "NotIssued"),
        (proposal((LAST_NUMBER, LAST_NUMBER)), "NotIssued"),
        (proposal((1, 10), series="PL", unit="AAU-1 PL"), "NotHeldByGiver"),
        (proposal((1, 10), unit="ERU-AAU-1 AT-7/1"), "OtherUnits"),
        (proposal((1, 10), (10, 12)), "NamedTwice"),
        (proposal((1, 10), taker="XX"), "UnknownTaker"),
        (proposal((1, 10), taker="AT"), "WithinOneRegistry"),
        (proposal((1, 10), kind="retire"), "WithinOneRegistry"),
        (proposal((1, 10), kind="abolish"), "UnknownKind"),
        (proposal((1, 10), kind="convert", taker="AT"), "ChangeNotSaid"),
        (proposal((1, 10), becomes="ERU-AAU-1 AT-7/1"), "ChangeNotSaid"),
        (proposal((100, 101), kind="issue", taker="AT"), "IssuedBefore"),
        (proposal((1, 2), at=NOW - timedelta(hours=25)), "ProposalTooOld"),
        (proposal((1, 2), at=NOW + timedelta(minutes=16)), "ProposalAhead"),
    ],
)
def test_a_proposal_that_breaks_a_rule_is_a_discrepancy(
    wires: Wires, made: Proposal, rule: str
) -> None:
    assert proposed(wires, made) == {rule}


def test_clocks_may_differ_a_little(wires: Wires) -> None:
    assert proposed(wires, proposal((1, 2), at=NOW + timedelta(minutes=15))) == set()


def test_a_registry_issues_in_its_own_series_only(wires: Wires) -> None:
    made = proposal((51, 60), series="PL", unit="AAU-1 PL", kind="issue", taker="AT")
    assert proposed(wires, made) == {"NotTheirSeries"}


def test_a_block_that_spans_two_owners_is_refused(wires: Wires) -> None:
    registry = wires.registries["AT"]
    registry.propose("transfer", Block("AT", 1, 10), taker="PL", target="PL-1", at=NOW)
    wires.settle()
    assert proposed(wires, proposal((5, 20), name="AT-77")) == {"SpansTwoHolders"}
    assert proposed(wires, proposal((11, 20), name="AT-77")) == set()


def test_what_was_cancelled_or_retired_is_out_of_use(wires: Wires) -> None:
    wires.registries["AT"].propose(
        "cancel", Block("AT", 1, 10), taker="AT", target="AT-230", at=NOW
    )
    wires.settle()
    assert proposed(wires, proposal((5, 8), name="AT-77")) == {"OutOfUse"}


@pytest.mark.parametrize(("place", "rules"), [("retired", set()), ("cancelled", {"OutOfUse"})])
def test_the_expiry_of_what_was_retired_may_change_but_not_of_what_was_cancelled(
    wires: Wires, place: Place, rules: set[str]
) -> None:
    early, late = "tCER-1 BR-7/2012-12-31", "tCER-1 BR-7/2017-12-31"
    line = moved(whole_series("BR"), Move(Block("BR", 1, 10), "AT", early, place))
    told = NoticeStanding(
        since=NOW,
        notice=Notice(
            id="LOG-N1", kind="expiry_changed", registry="AT", count=10,
            blocks=(Block("BR", 1, 10),), due=NOW.date(), at=NOW, text="",
            expires=date(2017, 12, 31),
        )
    )  # fmt: skip
    wires.log = replace(wires.log, lines={**wires.log.lines, "BR": line}, notices={"LOG-N1": told})
    made = proposal(
        (1, 10), kind="change_expiry", taker="AT", series="BR", unit=early, becomes=late
    )
    assert proposed(wires, made) == rules


@pytest.mark.parametrize(
    "other",
    [
        {"expires": date(2018, 12, 31)},
        {"blocks": (Block("BR", 1, 9),)},
        {"registry": "PL"},
        {"kind": "expiry_near"},
        {"status": NoticeStatus.COMPLETED},
    ],
)
def test_an_expiry_changes_only_as_an_open_notice_says(wires: Wires, other: dict[str, Any]) -> None:
    early, late = "lCER-1 BR-7/2012-12-31", "lCER-1 BR-7/2017-12-31"
    line = moved(whole_series("BR"), Move(Block("BR", 1, 10), "AT", early, "held"))
    status = other.get("status", NoticeStatus.OPEN)
    notice = Notice(
        id="LOG-N1",
        kind=other.get("kind", "expiry_changed"),
        registry=other.get("registry", "AT"),
        count=10,
        blocks=other.get("blocks", ()),
        due=NOW.date(),
        at=NOW,
        text="",
        expires=other.get("expires", date(2017, 12, 31)),
    )
    told = NoticeStanding(notice=notice, since=NOW, status=status)
    wires.log = replace(wires.log, lines={**wires.log.lines, "BR": line}, notices={"LOG-N1": told})
    made = proposal(
        (1, 10), kind="change_expiry", taker="AT", series="BR", unit=early, becomes=late
    )
    assert proposed(wires, made) == {"ExpiryNotNotified"}


def test_numbers_are_in_one_open_proposal_at_a_time(wires: Wires) -> None:
    letter = said(Proposed(proposal=proposal((1, 10), name="AT-77")))
    wires.log = wires.log.after(hear(wires.log, letter, "d", at=NOW))
    assert proposed(wires, proposal((10, 20), name="AT-78")) == {"InAnotherProposal"}


def test_a_refused_proposal_binds_no_numbers(wires: Wires) -> None:
    stolen = proposal((1, 10), name="PL-77", giver="PL", taker="AT")
    letter = said(Proposed(proposal=stolen), "PL")
    wires.log = wires.log.after(hear(wires.log, letter, "d", at=NOW))
    assert proposed(wires, proposal((1, 10), name="AT-78")) == set()


def test_numbers_in_dispute_are_not_moved(wires: Wires) -> None:
    found = Difference(Block("AT", 5, 6), "AT as AAU-1 AT", "not held", "")
    rounds = {"AT": Round(id="r", registry="AT", began=NOW, differences=(found,))}
    wires.log = replace(wires.log, rounds=rounds)
    assert proposed(wires, proposal((1, 10))) == {"InDispute"}
    assert proposed(wires, proposal((7, 10))) == set()


def test_registries_out_of_service_neither_give_nor_take(wires: Wires) -> None:
    for code, rule in (("AT", "GiverNotInService"), ("PL", "TakerNotInService")):
        registries = dict(wires.log.registries) | {code: "suspended"}
        out = Wires(log=replace(wires.log, registries=registries))
        assert proposed(out, proposal((1, 10))) == {rule}


def test_a_proposal_has_no_more_blocks_than_agreed(wires: Wires) -> None:
    many = [(number, number) for number in range(1, 2 * BLOCKS_MAX + 3, 2)]
    assert proposed(wires, proposal(*many)) == {"TooManyBlocks"}


def test_a_word_out_of_its_turn_changes_nothing(wires: Wires) -> None:
    letter = said(Proposed(proposal=proposal((1, 10), name="AT-77")))
    wires.log = wires.log.after(hear(wires.log, letter, "d", at=NOW))
    early = said(Said(proposal="AT-77", state=State.COMPLETED), nonce=1001)
    assert refused(wires, early) == {"OutOfSequence"}
    again = said(Proposed(proposal=proposal((1, 10), name="AT-77")), nonce=1002)
    assert refused(wires, again) == {"ProposedBefore"}


def test_nobody_speaks_for_another(wires: Wires) -> None:
    letter = said(Proposed(proposal=proposal((1, 10), name="AT-77")))
    wires.log = wires.log.after(hear(wires.log, letter, "d", at=NOW))
    for word, sender in (
        (Said(proposal="AT-77", state=State.ACCEPTED), "AT"),
        (Said(proposal="AT-77", state=State.COMPLETED), "PL"),
        (Said(proposal="AT-77", state=State.CANCELLED), "AT"),
        (Proposed(proposal=proposal((1, 10), name="AT-78")), "PL"),
        (Proposed(proposal=proposal((1, 10), name="PL-78")), "AT"),
        (Said(proposal="AT-99", state=State.TERMINATED), "PL"),
    ):
        assert refused(wires, said(word, sender, 1001)) == {"NotTheirWord"}


def test_what_nobody_proposed_is_not_talked_about(wires: Wires) -> None:
    letter = said(Said(proposal="AT-99", state=State.COMPLETED))
    assert refused(wires, letter) == {"UnknownProposal"}


def test_holdings_are_told_when_they_are_asked_for(wires: Wires) -> None:
    told = HoldingsTold(round="none", held=(), talked=(), at=NOW)
    assert refused(wires, said(told)) == {"UnknownRound"}


def test_a_registry_hears_its_log_and_nobody_else(wires: Wires) -> None:
    registry = wires.registries["AT"]
    word = Said(proposal="AT-1", state=State.REJECTED)
    for letter, rule in (
        (said(word, "PL", to="AT"), "UnknownSender"),
        (said(word, "LOG", to="PL"), "NotTheAddressee"),
        (said(word, "LOG", to="AT"), "OutOfSequence"),
    ):
        assert kinds(of_party.hear(registry.known, letter, "d", at=NOW).refusals) == {rule}


def test_a_taker_that_is_silent_is_not_waited_for_for_ever(wires: Wires) -> None:
    registry = wires.registries["AT"]
    registry.propose("transfer", Block("AT", 1, 10), taker="PL", target="PL-1", at=NOW)
    (waiting,) = wires.waiting()
    wires.carry(*waiting)
    wires.wait(int(Patience().taker.total_seconds() // 3600))
    assert wires.log.standings["AT-2"].state is State.CANCELLED
    wires.settle()
    assert wires.registries["AT"].known.standings["AT-2"].state is State.CANCELLED
    assert wires.registries["PL"].known.standings["AT-2"].state is State.CANCELLED
    assert registry.books["AT", 1] == ("AAU-1 AT", "AT-1")


def test_a_log_that_is_silent_lets_the_giver_end_it(wires: Wires) -> None:
    registry = wires.registries["AT"]
    registry.propose("transfer", Block("AT", 1, 10), taker="PL", target="PL-1", at=NOW)
    wires.wait(72)
    assert registry.known.standings["AT-2"].state is State.TERMINATED
    assert registry.books["AT", 1] == ("AAU-1 AT", "AT-1")
    wires.settle()
    assert wires.log.standings["AT-2"].state is State.TERMINATED


def test_a_taker_that_cannot_take_rejects_with_its_reasons(wires: Wires) -> None:
    registry = wires.registries["AT"]
    registry.propose("transfer", Block("AT", 1, 10), taker="PL", target="XX-1", at=NOW)
    wires.settle()
    standing = registry.known.standings["AT-2"]
    assert standing.state is State.TERMINATED
    assert [each.number for each in standing.reasons] == [7020]
    assert wires.log.standings["AT-2"].state is State.TERMINATED


def test_who_issues_a_series_is_said_by_the_list(wires: Wires) -> None:
    # Brazil keeps no registry: AT issues the numbers of its series too.
    lines = {**wires.log.lines, "BR": whole_series("BR")}
    wires.log = replace(wires.log, lines=lines, issuers={"BR": "AT"})
    for giver, expected in (("PL", {"NotTheirSeries"}), ("AT", set())):
        made = proposal(
            (1, 5), kind="issue", giver=giver, taker=giver, series="BR", unit="CER-1 BR-7",
            name=f"{giver}-9",
        )  # fmt: skip
        assert proposed(wires, made) == expected
