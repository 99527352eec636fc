"""The log gives notice of a duty; the registry must answer; the log judges by its own copy."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from linked import KEYS, Registry, Three, desk_of
from tonne import operations
from tonne.ledger import Block
from tonne.linking import (
    NAMED_MAX,
    NOTICES,
    TEXT_MAX,
    Letter,
    Move,
    Notice,
    Noticed,
    NoticeStanding,
    NoticeStatus,
    Standing,
    State,
    body_as_data,
    body_from_data,
    expiring,
    holdings,
    judged,
    moved,
    read,
    sign,
    signed_by,
    whole_series,
)
from tonne.refusal import Refused
from wires import NOW, kinds, proposal

OPEN, INCOMPLETE, COMPLETED = NoticeStatus


def give(three: Three, kind: str = "excess_issuance", count: int = 40, **more: Any) -> str:  # noqa: ANN401
    """The log gives XA notice of something; its name."""
    told = partial(operations.give_notice, registry="XA", kind=kind, count=count, at=three.now)
    notice = three.at_log(lambda books: told(books, **more))
    three.settle()
    return notice.id


def standing(three: Three, name: str) -> NoticeStanding:
    """How far a notice has come, by the registry."""
    return three.registries["XA"].run(lambda books: books.log_notices()[name])


def cancel(three: Three, first: int, last: int) -> str:
    """Cancel these units of Ana through the log; the name of the proposal."""
    made = three.registries["XA"].propose(
        "cancel", "cancel_voluntarily", target="cancelled", block=Block("XA", first, last),
        at=three.now,
    )  # fmt: skip
    three.settle()
    return made.id


def answer(three: Three, name: str, proposals: Iterable[str], *, by: Any = "administrator") -> None:  # noqa: ANN401  a role
    """The registry answers, and hears what the log says to it."""
    registry: Registry = three.registries["XA"]
    registry.run(
        lambda books: operations.answer_notice(
            books, registry.scheme, name, proposals=proposals, text="done", key=registry.key(),
            desk=desk_of(three.now, by),
        )
    )  # fmt: skip
    three.settle()


def test_a_notice_arrives_and_is_open_until_its_duty_is_carried_out(three: Three) -> None:
    three.issue("XA", 100)
    name = give(three, due=date(2025, 6, 20), text="Project 7 was credited 40 too many.")
    found = standing(three, name)
    assert (found.status, found.notice.count, found.notice.due) == (OPEN, 40, date(2025, 6, 20))
    three.now += timedelta(hours=1)
    answer(three, name, [cancel(three, 1, 30)])
    found = standing(three, name)
    assert found.status is INCOMPLETE
    assert [each.sentence for each in found.reasons] == [
        f"The notice {name} asks to cancel 40 units; 30 of them count."
    ]
    assert operations.late_notices([found], date(2025, 6, 21)) == [found]
    answer(three, name, [cancel(three, 31, 40)])
    found = standing(three, name)
    assert (found.status, len(found.proposals)) == (COMPLETED, 2)
    assert operations.late_notices([found], date(2025, 6, 21)) == []
    at_log = three.at_log(lambda books: books.log_notices()[name])
    assert (at_log.status, at_log.proposals) == (COMPLETED, found.proposals)
    with pytest.raises(Refused) as no:
        answer(three, name, [])
    assert kinds(no.value.refusals) == {"NoticeEnded"}


def test_what_was_done_before_a_notice_or_for_another_does_not_count(three: Three) -> None:
    three.issue("XA", 100)
    early = cancel(three, 1, 40)
    three.now += timedelta(hours=1)
    one, other = give(three), give(three)
    answer(three, one, [early])
    assert standing(three, one).status is INCOMPLETE
    three.now += timedelta(hours=1)
    later = cancel(three, 41, 80)
    answer(three, one, [later])
    assert standing(three, one).status is COMPLETED
    answer(three, other, [later])
    found = standing(three, other)
    assert found.status is INCOMPLETE
    assert {each.number for each in found.reasons} == {7573, 7574}


def test_a_notice_is_answered_with_the_units_that_it_names(three: Three) -> None:
    three.issue("XA", 100)
    with pytest.raises(Refused) as no:
        give(three, blocks=[Block("XA", 1, 20), Block("XA", 11, 39)])
    assert kinds(no.value.refusals) == {"FewerUnitsNamed"}
    name = give(three, blocks=[Block("XA", 1, 20), Block("XA", 21, 40)])
    # Twenty of these are others.
    answer(three, name, [cancel(three, 21, 60)])
    found = standing(three, name)
    assert found.status is INCOMPLETE
    assert [each.sentence for each in found.reasons] == [
        f"The notice {name} asks to cancel 40 units; 20 of them count."
    ]
    answer(three, name, [cancel(three, 1, 20)])
    assert standing(three, name).status is COMPLETED


def test_it_counts_when_the_log_completed_a_proposal_and_not_when_it_was_made(three: Three) -> None:
    three.issue("XA", 100)
    a = three.registries["XA"]
    ahead = three.now + timedelta(minutes=14)
    words: dict[str, Any] = {"target": "cancelled", "block": Block("XA", 1, 40), "at": ahead}
    early = a.propose("cancel", "cancel_voluntarily", **words)
    three.settle()
    assert a.state(early.id) is State.COMPLETED
    # It says that it was made after the notice; but the log completed it before.
    three.now += timedelta(minutes=1)
    name = give(three)
    answer(three, name, [early.id])
    assert standing(three, name).status is INCOMPLETE


def done(kind: str, *moves: tuple[str, str, int, int], named: Iterable[Block] = ()) -> NoticeStatus:
    """What a notice about ten units comes to after proposals: kind, target, first and last."""
    about = Notice(
        id="N1", kind=kind, registry="AT", count=10, blocks=tuple(named), due=NOW.date(), at=NOW,
        text="",
    )  # fmt: skip
    standings = {}
    for place, (what, target, first, last) in enumerate(moves):
        made = proposal((first, last), name=f"AT-{place}", kind=what, taker="AT", target=target)
        standings[made.id] = Standing(id=made.id, state=State.COMPLETED, since=NOW, proposal=made)
    return judged(
        NoticeStanding(notice=about, since=NOW), standings, text="", standings=standings, others=(),
        held=0, at=NOW,
    ).status  # fmt: skip


def test_units_go_into_the_account_that_the_duty_asks_for() -> None:
    for kind, what, good, bad in (
        ("net_source", "cancel", "210", "230"),
        ("non_compliance", "cancel", "220", "210"),
        ("expiry_near", "replace", "411", "422"),
        ("expiry_near", "replace", "421", "423"),
        ("reversal_of_storage", "replace", "422", "423"),
        ("certification_missing", "replace", "423", "411"),
    ):
        assert done(kind, (what, f"AT-{good}-1-1-9", 1, 10)) is COMPLETED
        assert done(kind, (what, f"AT-{bad}-1-1-9", 1, 10)) is INCOMPLETE


def test_what_replaces_units_is_others_than_those_and_no_number_counts_twice() -> None:
    gone = [Block("AT", 1, 10)]
    into = "AT-411-1-1-9"
    assert done("expiry_near", ("replace", into, 11, 20), named=gone) is COMPLETED
    assert done("expiry_near", ("replace", into, 10, 19), named=gone) is INCOMPLETE
    change = "change_expiry", "AT-100-1-1-9"
    assert done("expiry_changed", (*change, 1, 5), (*change, 1, 5), named=gone) is INCOMPLETE
    assert done("expiry_changed", (*change, 1, 5), (*change, 4, 10), named=gone) is COMPLETED


def test_a_broken_reserve_is_filled_again_by_what_is_held(three: Three) -> None:
    three.issue("XA", 100)
    three.issue("XB", 100)
    with pytest.raises(Refused) as no:
        give(three, "reserve_broken", 100)
    assert kinds(no.value.refusals) == {"NoticeNotNeeded"}
    name = give(three, "reserve_broken", 120)
    answer(three, name, [])
    assert standing(three, name).status is INCOMPLETE
    b = three.registries["XB"]
    b.propose("transfer", "send", target=three.registries["XA"].accounts["bob"], taker="XA",
              count=20, at=three.now)  # fmt: skip
    three.settle()
    answer(three, name, [])
    assert standing(three, name).status is COMPLETED


def test_only_a_notice_that_was_given_is_answered_and_only_by_an_administrator(
    three: Three,
) -> None:
    for names, by, expected in (
        (["LOG-N9"], "administrator", {"UnknownNotice"}),
        (["LOG-N9"], "operator", {"ActNotForRole"}),
    ):
        with pytest.raises(Refused) as no:
            answer(three, names[0], [], by=by)
        assert kinds(no.value.refusals) == expected
    with pytest.raises(Refused) as no:
        give(three, "a new moon")
    assert kinds(no.value.refusals) == {"UnknownNoticeKind"}


@pytest.mark.parametrize(
    ("kind", "day"), [("expiry_changed", None), ("excess_issuance", date(2031, 5, 1))]
)
def test_a_notice_says_a_day_of_expiry_if_that_is_its_duty_and_only_then(
    three: Three, kind: str, day: date | None
) -> None:
    with pytest.raises(Refused) as no:
        give(three, kind, expires=day)
    assert [each.number for each in no.value.refusals] == [7579]


def test_the_new_day_of_expiry_comes_with_the_notice(three: Three) -> None:
    name = give(three, "expiry_changed", expires=date(2031, 5, 1))
    notice = standing(three, name).notice
    assert notice.expires == date(2031, 5, 1)
    data = body_as_data(Noticed(notice=notice))
    assert body_from_data(data) == Noticed(notice=notice)
    with pytest.raises(Refused, match="'expires' is no day"):
        body_from_data({**data, "notice": {**data["notice"], "expires": "soon"}})


def test_a_notice_that_comes_twice_or_from_a_registry_changes_nothing(three: Three) -> None:
    three.issue("XA", 100)
    told = partial(operations.give_notice, registry="XA", kind="non_compliance", count=1)
    notice = three.at_log(lambda books: told(books, at=three.now))
    for _ in range(3):
        three.carry(ack=False)
    three.settle()
    assert standing(three, notice.id).status is OPEN
    forged = Letter(
        sender="XB", nonce=900, addressee="LOG", at=three.now, body=Noticed(notice=notice)
    )
    hearing = three.to_log(sign(forged, KEYS["XB"]))
    assert kinds(hearing.refusals) == {"UnknownNotice"}
    assert 7570 in {each.number for each in three.at_log(lambda books: books.written())}


def test_retired_credits_that_expire_soon_are_named_once() -> None:
    line = whole_series("MD")
    for first, last, unit, place in (
        (1, 10, "tCER-1 MD-514/2012-12-31", "retired"),
        (11, 20, "tCER-1 MD-514/2012-12-31", "held"),
        (21, 30, "lCER-1 MD-9/2030-12-31", "retired"),
        (31, 40, "CER-1 MD-7", "retired"),
    ):
        line = moved(line, Move(Block("MD", first, last), "AT", unit, place))  # type: ignore[arg-type]
    found = list(expiring({"MD": line}, until=date(2013, 1, 1), known=[]))
    assert found == [("AT", date(2012, 12, 31), (Block("MD", 1, 10),))]
    assert holdings({"MD": line}) == {"AT": 40}


def test_the_log_gives_notice_of_expiry_once_of_each(three: Three) -> None:
    temporary = "tCER-1 XA-5/2025-12-31"
    block = Block("XA", 1, 10)
    three.at_log(
        lambda books: operations.correct_line(
            books, block, holder="XA", unit=temporary, place="retired", reason="told", at=three.now
        )
    )
    tell = partial(operations.give_notice_of_expiry, until=date(2026, 1, 1), at=three.now)
    (notice,) = three.at_log(tell)
    assert (notice.registry, notice.due, notice.blocks) == ("XA", date(2025, 12, 31), (block,))
    assert three.at_log(tell) == []
    three.settle()
    assert standing(three, notice.id).notice == notice


def test_what_expires_is_told_in_as_many_notices_as_letters_can_hold(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations.notices, "NAMED_MAX", 2)
    unit = "tCER-1 XA-7/2025-12-31"
    blocks = tuple(Block("XA", first, first + 4) for first in (1, 11, 21, 31, 41))
    for block in blocks:
        three.at_log(
            partial(
                operations.correct_line,
                block=block,
                holder="XA",
                unit=unit,
                place="retired",
                reason="told",
                at=three.now,
            )
        )
    tell = partial(operations.give_notice_of_expiry, until=date(2026, 1, 1), at=three.now)
    made = three.at_log(tell)
    assert [each.blocks for each in made] == [blocks[:2], blocks[2:4], blocks[4:]]
    assert [each.count for each in made] == [10, 10, 5]
    assert three.at_log(tell) == []
    three.settle()
    assert {standing(three, each.id).notice for each in made} == {*made}
    with pytest.raises(Refused) as no:
        give(three, count=11, blocks=blocks[:3])
    assert kinds(no.value.refusals) == {"NoticeNamesTooMuch"}


def test_the_letter_of_a_notice_that_names_as_much_as_it_may_is_heard(three: Three) -> None:
    # Numbers of 18 digits, in a series whose name is as long as it may be.
    far = 10**17
    blocks = tuple(
        Block("ABCDEFGH", far + 10 * each, far + 10 * each + 5) for each in range(NAMED_MAX)
    )
    notice = Notice(
        id="LOG-N1", kind="expiry_near", registry="XA", count=1, blocks=blocks,
        due=three.now.date(), at=three.now, text="x" * TEXT_MAX,
    )  # fmt: skip
    letter = Letter(
        sender="LOG", addressee="XA", nonce=1, at=three.now, body=Noticed(notice=notice)
    )
    raw = sign(letter, KEYS["XA"])
    assert read(signed_by(raw, {"LOG": KEYS["XA"].public()})) == letter


def test_an_answer_names_proposals_that_were_made(three: Three) -> None:
    three.issue("XA", 100)
    name = give(three)
    three.now += timedelta(hours=1)
    done = cancel(three, 1, 40)
    with pytest.raises(Refused) as no:
        answer(three, name, [done, "XA-99"])
    assert [each.number for each in no.value.refusals] == [7546]
    assert standing(three, name).status is OPEN
    answer(three, name, [done])
    assert standing(three, name).status is COMPLETED


def test_a_notice_is_the_same_after_the_wire(three: Three) -> None:
    name = give(three, blocks=[Block("XA", 1, 50)])
    body = Noticed(notice=three.at_log(lambda books: books.log_notices()[name].notice))
    data = body_as_data(body)
    assert body_from_data(data) == body
    for field, wrong in (("kind", "x"), ("count", 0), ("due", "soon"), ("blocks", [["XA", 5, 1]])):
        with pytest.raises(Refused, match="cannot be read"):
            body_from_data({**data, "notice": {**data["notice"], field: wrong}})


def test_every_kind_of_notice_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in NOTICES.values()]
    assert codes == sorted(set(codes))


def test_the_log_lets_nobody_have_what_a_broken_reserve_needs(three: Three) -> None:
    three.issue("XA", 100)
    giver, taker = three.registries["XA"], three.registries["XB"]
    name = give(three, "reserve_broken", 110)

    def send(*counts: int) -> list[State]:
        made = [
            giver.propose(
                "transfer", "send", target=taker.accounts["bob"], taker="XB", count=count,
                at=three.now,
            ).id
            for count in counts
        ]  # fmt: skip
        three.settle()
        return [giver.state(each) for each in made]

    # It holds 100 and must hold 110: nothing may leave.
    assert send(1) == [State.TERMINATED]
    # With twenty more ten may leave, also by two proposals at once.
    three.issue("XA", 20)
    assert send(11) == [State.TERMINATED]
    assert send(6, 6) == [State.COMPLETED, State.TERMINATED]
    assert [each.number for each in three.at_log(lambda books: books.written())] == [7542] * 3
    assert send(4, 1) == [State.COMPLETED, State.TERMINATED]
    # Once the duty is carried out the log knows of no reserve any more.
    answer(three, name, [])
    assert standing(three, name).status is COMPLETED
    assert send(1) == [State.COMPLETED]
