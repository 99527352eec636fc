"""Two registries and a log, each with books of its own: units go over, and come back."""

from functools import partial
from typing import Any

import pytest

from linked import KEYS, LOG, LOG_KEY, Three, clean, desk_of, send, waiting
from tonne import operations
from tonne.ledger import Block
from tonne.linking import PrivateKey, State, sign
from tonne.operations import Books
from tonne.refusal import Refused
from wires import kinds


def test_units_go_to_another_registry_and_come_back(three: Three) -> None:
    three.issue("XA", 100)
    a, b = three.registries.values()
    proposal = send(three)
    assert a.held("ana") == {"ALA": 60}
    assert a.held("under_way") == {"ALA": 40}
    three.settle()
    assert a.state(proposal) is b.state(proposal) is State.COMPLETED
    assert (a.held("ana"), a.held("under_way")) == ({"ALA": 60}, {})
    assert b.held("bob") == {"ALA": 40}
    lines = three.at_log(lambda books: books.lines())["XA"]
    assert [(t.last, t.holder) for t in lines[:2]] == [(40, "XB"), (100, "XA")]
    clean(three)
    back = b.propose(
        "transfer",
        "send",
        source="bob",
        target=a.accounts["bob"],
        taker="XA",
        unit="ALA",
        block=Block("XA", 11, 30),
        at=three.now,
    )
    three.settle()
    assert b.state(back.id) is State.COMPLETED
    assert a.held("bob") == {"ALA": 20}
    assert b.held("bob") == {"ALA": 20}
    clean(three)


def test_what_a_taker_refuses_goes_back_to_whom_it_was_from(three: Three) -> None:
    three.issue("XA", 100)
    a, b = three.registries.values()
    proposal = send(three, to="XB-121-999-0-12")
    three.settle()
    standing = a.run(lambda books: books.standings([proposal])[proposal])
    assert standing.state is State.TERMINATED
    assert [each.number for each in standing.reasons] == [2001]
    assert b.state(proposal) is State.REJECTED
    assert a.held("ana") == {"ALA": 100}
    clean(three)


def test_what_the_giver_does_not_hold_is_not_proposed(three: Three) -> None:
    three.issue("XA", 100)
    with pytest.raises(Refused) as no:
        send(three, count=101)
    assert {each.number for each in no.value.refusals} == {3005}
    with pytest.raises(Refused) as no:
        send(three, block=Block("XA", 91, 110))
    assert kinds(no.value.refusals) == {"BlockNotHeld"}
    assert three.carry() == 0


def test_what_stays_in_one_registry_does_not_go_elsewhere(three: Three) -> None:
    three.issue("XA", 100)
    a = three.registries["XA"]
    with pytest.raises(Refused) as no:
        a.propose("cancel", "send", target="elsewhere", count=10, at=three.now)
    assert kinds(no.value.refusals) == {"WithinOneRegistry"}
    with pytest.raises(Refused) as no:
        send(three, other="XA")
    assert kinds(no.value.refusals) == {"WithinOneRegistry"}


def test_the_log_is_told_of_what_the_books_will_do(three: Three) -> None:
    three.issue("XA", 100)
    a = three.registries["XA"]
    for kind, verb, target in (
        ("cancel", "transfer", "bob"),
        ("cancel", "convert", "bob"),
        ("retire", "cancel_voluntarily", "cancelled"),
        ("issue", "transfer", "bob"),
    ):
        with pytest.raises(Refused) as no:
            a.propose(kind, verb, target=target, count=10, at=three.now)
        assert kinds(no.value.refusals) == {"VerbOfOtherKind"}, (kind, verb)
    assert a.held("ana") == {"ALA": 100}
    assert three.carry() == 0


def test_units_that_are_set_aside_are_spent_by_nobody_else(three: Three) -> None:
    three.issue("XA", 100)
    send(three, count=70)
    with pytest.raises(Refused) as no:
        send(three, count=31)
    assert {each.number for each in no.value.refusals} == {3005}
    three.settle()
    clean(three)


def test_the_same_key_proposes_once(three: Three) -> None:
    three.issue("XA", 100)
    assert send(three, key="mine") == send(three, key="mine")
    three.settle()
    assert three.registries["XA"].held("ana") == {"ALA": 60}


def test_a_letter_that_comes_again_changes_nothing(three: Three) -> None:
    three.issue("XA", 100)
    send(three)
    for _ in range(4):
        three.carry(ack=False)
    three.settle()
    assert three.registries["XB"].held("bob") == {"ALA": 40}
    clean(three)


def test_a_conversion_keeps_the_numbers_and_goes_over_as_what_it_became(three: Three) -> None:
    three.issue("XA", 100)
    a, b = three.registries.values()
    made = a.propose("convert", "convert", block=Block("XA", 21, 30), becomes="RUA", at=three.now)
    three.settle()
    assert a.state(made.id) is State.COMPLETED
    assert a.held("ana") == {"ALA": 90, "RUA": 10}
    send(three, unit="RUA", count=10)
    three.settle()
    assert b.held("bob") == {"RUA": 10}
    holder = b.run(lambda books: books.holder("XA", 25))
    assert holder is not None
    assert holder[:2] == (b.accounts["bob"], "RUA")
    clean(three)


def test_what_is_cancelled_through_the_log_never_moves_again(three: Three) -> None:
    three.issue("XA", 100)
    a = three.registries["XA"]
    made = a.propose(
        "cancel", "cancel_voluntarily", target="cancelled", block=Block("XA", 1, 10), at=three.now
    )
    three.settle()
    assert a.state(made.id) is State.COMPLETED
    assert a.held("cancelled") == {"ALA": 10}
    tile = three.at_log(lambda books: books.lines())["XA"][0]
    assert (tile.last, tile.place) == (10, "cancelled")
    clean(three)


def test_an_issuance_counts_others_that_are_under_way_against_the_cap(three: Three) -> None:
    a = three.registries["XA"]
    issuing: dict[str, Any] = {
        "source": "issuance",
        "target": "authority",
        "by": "authority",
        "at": three.now,
    }
    a.propose("issue", "issue", count=60_000, **issuing)
    with pytest.raises(Refused) as no:
        a.propose("issue", "issue", count=40_001, **issuing)
    assert {each.number for each in no.value.refusals} == {3500}
    a.propose("issue", "issue", count=40_000, **issuing)
    three.settle()
    assert a.held("authority") == {"ALA": 100_000}
    clean(three)


def test_silence_ends_on_every_side_and_units_go_back(three: Three) -> None:
    three.issue("XA", 100)
    a = three.registries["XA"]
    proposal = send(three)
    (letter,) = a.run(lambda books: books.waiting("XA"))
    three.to_log(sign(letter, KEYS["XA"]))
    three.wait(24)
    three.settle()
    assert a.state(proposal) is three.registries["XB"].state(proposal) is State.CANCELLED
    assert a.held("ana") == {"ALA": 100}
    second = send(three)
    three.wait(72)
    assert a.state(second) is State.TERMINATED
    three.settle()
    assert a.held("ana") == {"ALA": 100}
    clean(three)


def test_the_log_writes_down_what_it_refused_and_why(three: Three) -> None:
    three.issue("XA", 100)
    proposal = send(three)
    (letter,) = three.registries["XA"].run(lambda books: books.waiting("XA"))
    broken = three.to_log(sign(letter, PrivateKey(b"x" * 32)))
    assert not broken.signed
    three.settle()
    written = three.at_log(lambda books: books.written())
    assert [(each.number, each.sender) for each in written] == [(7502, "XA")]
    assert proposal.startswith("XA-")
    bad = sign(letter, KEYS["XB"])
    assert not three.to_registry("XB", bad).signed
    assert [e.number for e in three.registries["XB"].run(lambda b: b.written())] == [7501]


def test_a_difference_is_named_blocks_the_account_and_is_set_right(three: Three) -> None:

    three.issue("XA", 100)
    a = three.registries["XA"]
    # The log is told, wrongly, that somebody else holds some of the numbers.
    block = Block("XA", 41, 45)
    three.at_log(
        lambda books: operations.correct_line(
            books, block, holder="XB", unit="ALA", reason="by mistake", at=three.now
        )
    )
    assert three.reconcile() == {"XA": ["XA-41-45"], "XB": ["XA-41-45"]}
    (account,) = a.run(lambda books: books.accounts(number=a.accounts["ana"]))
    assert account.status == "suspended"
    with pytest.raises(Refused) as no:
        send(three, by="operator")
    assert {each.number for each in no.value.refusals} == {1004}
    send(three, count=50)  # An administrator may; but the log refuses what is in dispute.
    three.settle()
    assert {each.number for each in three.at_log(lambda b: b.written())} == {7531, 7537}
    three.at_log(
        lambda books: operations.correct_line(
            books, block, holder="XA", unit="ALA", reason="mistake undone", at=three.now
        )
    )
    clean(three)
    (account,) = a.run(lambda books: books.accounts(number=a.accounts["ana"]))
    assert account.status == "open"
    send(three)
    three.settle()
    clean(three)


def test_units_that_died_or_live_on_without_a_word_to_the_log_are_named(three: Three) -> None:
    three.issue("XA", 100)
    a = three.registries["XA"]
    a.propose(
        "cancel", "cancel_voluntarily", target="cancelled", block=Block("XA", 1, 10), at=three.now
    )
    three.settle()
    clean(three)

    def moved(first: int, last: int, source: str, target: str) -> None:
        ends = {"source": a.accounts[source], "target": a.accounts[target]}
        block, key, desk = Block("XA", first, last), a.key(), desk_of(three.now)
        a.run(
            lambda books: operations.correct_holding(
                books, a.scheme, block, unit="ALA", reason="by mistake", key=key, desk=desk, **ends
            )
        )

    moved(1, 5, "cancelled", "ana")
    moved(31, 35, "ana", "cancelled")
    assert three.reconcile()["XA"] == ["XA-1-5", "XA-31-35"]
    found = three.at_log(lambda books: books.rounds())["XA"].differences or ()
    ana, cancelled = a.accounts["ana"], a.accounts["cancelled"]
    assert [(each.log, each.registry) for each in found] == [
        ("XA as ALA, cancelled", f"ALA in {ana}"),
        ("XA as ALA", f"ALA in {cancelled}, cancelled"),
    ]
    # One is set right here, the other there.
    moved(1, 5, "ana", "cancelled")
    three.at_log(
        lambda books: operations.correct_line(
            books, Block("XA", 31, 35), holder="XA", unit="ALA", place="cancelled",
            reason="cancelled it is", at=three.now,
        )
    )  # fmt: skip
    clean(three)


def test_a_registry_sets_its_own_books_right(three: Three) -> None:

    three.issue("XA", 100)
    a = three.registries["XA"]

    def away(books: Books, source: str, target: str, key: str) -> int:
        return operations.correct_holding(
            books,
            a.scheme,
            Block("XA", 51, 55),
            unit="ALA",
            source=a.accounts[source],
            target=a.accounts[target],
            reason="by order of the board",
            key=key,
            desk=desk_of(three.now),
        )

    a.run(lambda books: away(books, "ana", "elsewhere", "one"))
    assert three.reconcile()["XA"] == ["XA-51-55"]
    a.run(lambda books: away(books, "elsewhere", "ana", "two"))
    clean(three)


def test_letters_that_come_together_are_heard_as_if_apart(three: Three) -> None:
    three.issue("XA", 100)
    giver, taker = three.registries["XA"], three.registries["XB"]
    names = [send(three, 10) for _ in range(3)]
    raws = [sign(each, KEYS["XA"]) for each in giver.run(waiting("XA"))]
    together = [*raws, b"no letter", raws[0]]
    heard = three.at_log(partial(operations.hear_at_log, raws=together, key=LOG_KEY, at=three.now))
    assert [each.signed for each in heard[-5:]] == [True, True, True, False, True]
    assert heard[-1].repeated
    handed_on = [
        sign(each, LOG_KEY) for each in three.at_log(waiting(LOG)) if each.addressee == "XB"
    ]
    desk = desk_of(three.now)
    answers = taker.run(
        lambda books: operations.hear_from_log(
            books, taker.scheme, handed_on, key=KEYS["XB"], desk=desk
        )
    )
    assert [(each.signed, each.refusals) for each in answers] == [(True, ())] * 3
    three.settle()
    assert {giver.state(name) for name in names} == {State.COMPLETED}
    assert taker.held("bob") == {"ALA": 30}
