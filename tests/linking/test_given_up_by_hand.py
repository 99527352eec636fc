"""What is open of a registry that is gone is given up by hand, and no number is in two places."""

from functools import partial

import pytest

from linked import KEYS, LOG, LOG_KEY, PUBLIC, Three, clean, desk_of, send, waiting, was_heard
from tonne import operations
from tonne.ledger import Block
from tonne.linking import GONE, Letter, Listed, May, Said, State, receipt_of, sign
from tonne.refusal import Refused
from wires import NOW, Wires, kinds


def agreed_transfer(*, given: bool) -> Wires:
    """A transfer to which PL has agreed; AT may have given the units, and the log not heard."""
    wires = Wires()
    wires.issue("AT", 1, 100)
    at = wires.registries["AT"]
    at.propose("transfer", Block("AT", 1, 10), taker="PL", target="PL-1", at=NOW)
    while wires.log.standings.get("AT-2", None) is None or (
        wires.log.standings["AT-2"].state is not State.ACCEPTED
    ):
        ((box, letter),) = wires.waiting()
        wires.carry(box, letter)
    if given:
        ((box, letter),) = wires.waiting()
        wires.carry(box, letter)
        assert ("AT", 1) not in at.books
    return wires


def held(wires: Wires, code: str) -> bool:
    """Whether a registry has the number 1."""
    return ("AT", 1) in wires.registries[code].books


def test_who_had_not_given_keeps_its_units_once_it_comes_back() -> None:
    wires = agreed_transfer(given=False)
    wires.declare("AT", GONE)
    ((old, accepted),) = wires.waiting()
    assert wires.give_up("AT") == ["AT-2"]
    # The log's old word comes after its last one.
    for box, letter in [*wires.waiting()][1:]:
        wires.carry(box, letter)
    wires.carry(old, accepted)
    wires.settle()
    for code in ("AT", "PL"):
        assert wires.registries[code].known.standings["AT-2"].state is State.CANCELLED
    assert (held(wires, "AT"), held(wires, "PL")) == (True, False)
    wires.declare("AT", "in service")
    wires.reconcile()
    assert not wires.registries["AT"].differences


def test_who_had_given_does_not_have_them_and_nobody_else_until_it_is_set_right() -> None:
    wires = agreed_transfer(given=True)
    wires.declare("AT", GONE)
    wires.give_up("AT")
    wires.settle()
    at, there = wires.registries["AT"], wires.registries["PL"]
    assert at.known.standings["AT-2"].state is State.COMPLETED
    assert there.known.standings["AT-2"].state is State.CANCELLED
    assert wires.log.standings["AT-2"].state is State.CANCELLED
    assert (held(wires, "AT"), held(wires, "PL")) == (False, False)
    wires.declare("AT", "in service")
    wires.reconcile()
    assert [(str(each.block), each.registry) for each in at.differences] == [
        ("AT-1-10", "not held")
    ]
    wires.set_right()
    wires.reconcile()
    assert not at.differences
    assert (held(wires, "AT"), held(wires, "PL")) == (True, False)


def test_a_word_that_comes_after_it_moves_nothing_at_the_log() -> None:
    wires = agreed_transfer(given=True)
    ((box, letter),) = wires.waiting()
    assert isinstance(letter.body, Said)
    assert letter.body.state is State.COMPLETED
    wires.declare("AT", GONE)
    wires.give_up("AT")
    before = wires.log.lines
    wires.carry(box, letter)
    assert wires.log.lines == before
    assert wires.log.standings["AT-2"].state is State.CANCELLED
    assert not wires.written


def gone(three: Three, code: str, status: str = GONE) -> None:
    """Say on the list of the log that a registry is gone."""
    listed = Listed(code, "http://127.0.0.1:1", PUBLIC[code], status)
    three.at_log(partial(operations.list_registry, listed=listed, reason="x", at=three.now))


def give_up(three: Three, name: str) -> set[str]:
    """Give a proposal up at the log; why it is not."""
    try:
        three.at_log(partial(operations.give_up, proposal=name, reason="closed", at=three.now))
    except Refused as no:
        return kinds(no.refusals)
    return set()


def test_only_what_is_open_of_a_registry_that_is_gone_is_given_up(three: Three) -> None:
    done = three.issue("XA", 100)
    a, b = three.registries.values()
    name = send(three)
    (letter,) = a.run(lambda books: books.waiting("XA"))
    three.to_log(sign(letter, KEYS["XA"]))
    assert give_up(three, "XA-99") == {"NoSuchProposal"}
    assert give_up(three, name) == {"GiverNotGone"}
    gone(three, "XB")
    assert give_up(three, name) == {"GiverNotGone"}
    gone(three, "XB", "in service")
    gone(three, "XA")
    assert give_up(three, done) == {"ProposalEnded"}
    assert give_up(three, name) == set()
    assert give_up(three, name) == {"ProposalEnded"}
    three.settle()
    assert a.state(name) is b.state(name) is State.CANCELLED
    standing = a.run(lambda books: books.standings([name])[name])
    assert [each.sentence for each in standing.reasons] == ["given up by hand: closed"]
    assert a.held("ana") == {"ALA": 100}
    # It gives nothing while it is gone.
    other = send(three, count=1)
    three.settle()
    assert a.state(other) is State.TERMINATED
    gone(three, "XA", "in service")
    clean(three)


def test_a_giver_that_comes_back_hears_that_it_was_given_up_and_not_that_all_agree(
    three: Three,
) -> None:
    three.issue("XA", 100)
    a, b = three.registries.values()
    name = send(three)
    (letter,) = a.run(lambda books: books.waiting("XA"))
    hearing = three.to_log(sign(letter, KEYS["XA"]))
    signed = receipt_of(hearing.receipt, letter, LOG_KEY.public())
    assert signed is not None
    a.run(was_heard(letter.nonce, signed, three.now))
    (handed_on,) = three.at_log(waiting(LOG))
    three.to_registry("XB", sign(handed_on, LOG_KEY))
    (accepted,) = b.run(lambda books: books.waiting("XB"))
    three.to_log(sign(accepted, KEYS["XB"]))
    assert {_word(each) for each in three.at_log(waiting(LOG))} == {None, State.ACCEPTED}
    gone(three, "XA")
    assert give_up(three, name) == set()
    assert {_word(each) for each in three.at_log(waiting(LOG))} == {State.CANCELLED}
    three.settle()
    assert a.state(name) is b.state(name) is State.CANCELLED
    assert a.held("ana") == {"ALA": 100}
    gone(three, "XA", "in service")
    clean(three)


def _word(letter: Letter) -> State | None:
    return letter.body.state if isinstance(letter.body, Said) else None


def test_books_that_had_given_are_set_right_after_a_comparison(three: Three) -> None:
    three.issue("XA", 100)
    a, b = three.registries.values()
    name = send(three, block=Block("XA", 1, 40))
    while a.state(name) is not State.COMPLETED:
        for code, registry in three.registries.items():
            for letter in registry.run(lambda books, code=code: books.waiting(code)):  # type: ignore[misc]
                three.to_log(sign(letter, KEYS[code]))
        for letter in three.at_log(lambda books: books.waiting("LOG")):
            three.to_registry(letter.addressee, sign(letter, LOG_KEY))
    gone(three, "XA")
    assert give_up(three, name) == set()
    three.settle()
    gone(three, "XA", "in service")
    assert (a.held("ana"), b.held("bob")) == ({"ALA": 60}, {})
    assert three.reconcile() == {"XA": ["XA-1-40"], "XB": []}
    a.run(
        lambda books: operations.correct_holding(
            books, a.scheme, Block("XA", 1, 40), unit="ALA", source=a.accounts["elsewhere"],
            target=a.accounts["ana"], reason="given up", key="back", desk=desk_of(three.now),
        )
    )  # fmt: skip
    assert a.held("ana") == {"ALA": 100}
    clean(three)


@pytest.mark.parametrize(("may", "gives", "takes"), [
    ("both", True, True), ("transfer", True, False), ("acquire", False, True),
    ("neither", False, False),
])  # fmt: skip
def test_who_is_not_eligible_neither_transfers_nor_acquires(
    three: Three, may: May, *, gives: bool, takes: bool
) -> None:
    a, b = three.registries.values()
    three.issue("XA", 100)
    three.issue("XB", 100)
    listed = Listed("XA", "http://127.0.0.1:1", PUBLIC["XA"], may=may)
    three.at_log(partial(operations.list_registry, listed=listed, reason="x", at=three.now))
    assert three.at_log(lambda books: books.listed())["XA"].may == may
    words = {"kind": "transfer", "verb": "send", "count": 5, "at": three.now}
    there = a.propose(target=b.accounts["bob"], taker="XB", **words)  # type: ignore[arg-type]
    back = b.propose(target=a.accounts["bob"], taker="XA", **words)  # type: ignore[arg-type]
    home = a.propose("cancel", "cancel_voluntarily", target="cancelled", count=5, at=three.now)
    three.settle()
    ended = {True: State.COMPLETED, False: State.TERMINATED}
    assert (a.state(there.id), b.state(back.id)) == (ended[gives], ended[takes])
    assert a.state(home.id) is State.COMPLETED
    written = [each.number for each in three.at_log(lambda books: books.written())]
    assert written == [7549] * [gives, takes].count(False)
