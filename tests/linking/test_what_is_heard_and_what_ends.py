"""Sentences about letters that are heard, numbers that are set aside, and talk that ends."""

from datetime import timedelta

import pytest

from changed import replace
from linked import KEYS, LOG, LOG_KEY, PUBLIC, Three, clean, desk_of, send, waiting
from tonne import operations
from tonne.ledger import Block
from tonne.linking import Letter, Link, Listed, Piece, PrivateKey, Said, State, receipt_of, sign
from tonne.operations import Books, Teller
from tonne.refusal import Refused
from wires import kinds


def test_numbers_of_an_open_proposal_are_not_corrected(three: Three) -> None:
    three.issue("XA", 100)
    a = three.registries["XA"]
    proposal = send(three)

    def correct(first: int, source: str, target: str) -> set[str]:
        with pytest.raises(Refused) as no:
            a.run(
                lambda books: operations.correct_holding(
                    books, a.scheme, Block("XA", first, first + 9), unit="ALA",
                    source=a.accounts[source], target=a.accounts[target], reason="by mistake",
                    key="correct", desk=desk_of(three.now),
                )
            )  # fmt: skip
        return kinds(no.value.refusals)

    assert correct(36, "under_way", "bob") == {"InAnotherProposal"}
    assert correct(41, "ana", "under_way") == {"UnderWayByProposal"}
    three.settle()
    assert a.state(proposal) is State.COMPLETED
    clean(three)


def take(three: Three, code: str, source: str, target: str) -> None:
    """Move the first ten numbers of XA, whatever was promised."""
    registry = three.registries[code]

    def moving(books: Books) -> int:
        teller = Teller(books, registry.scheme, code, desk_of(three.now))
        piece = Piece(block=Block("XA", 1, 10), unit="ALA")
        teller.know(piece)
        ends = (teller.account(registry.accounts[each]) for each in (source, target))
        return teller.post(registry.key(), "correct", teller.movements([piece], *ends))

    registry.run(moving)


def test_what_cannot_be_freed_is_written_down_and_ends_all_the_same(three: Three) -> None:
    three.issue("XA", 100)
    a = three.registries["XA"]
    lost, other = send(three), send(three, count=10)
    take(three, "XA", "under_way", "bob")
    three.wait(72)
    assert a.state(lost) is a.state(other) is State.TERMINATED
    assert a.held("under_way") == {"ALA": 30}
    assert a.held("ana") == {"ALA": 60}
    assert [each.number for each in a.run(lambda books: books.written())] == [310]
    three.settle()


def test_a_word_about_what_cannot_be_freed_or_received_is_heard(three: Three) -> None:
    three.issue("XA", 100)
    a, b = three.registries.values()
    refused = send(three, to="XB-121-999-0-12")
    take(three, "XA", "under_way", "bob")
    three.settle()
    assert a.state(refused) is State.TERMINATED
    assert a.run(lambda books: books.open_proposals()) == []
    sent = send(three, count=10, source="bob")
    for _ in range(20):
        if b.run(lambda books: books.open_proposals()):
            break
        three.carry()
    take(three, "XB", "elsewhere", "ana")
    three.settle()
    assert a.state(sent) is b.state(sent) is State.COMPLETED
    assert b.run(lambda books: books.written()) != []


def test_a_word_about_what_the_giver_never_proposed_is_answered(three: Three) -> None:
    a = three.registries["XA"]
    said = Said(proposal="XA-99", state=State.ACCEPTED)
    letter = Letter(sender=LOG, nonce=900, addressee="XA", at=three.now, body=said)
    three.to_registry("XA", sign(letter, LOG_KEY))
    assert a.state("XA-99") is State.TERMINATED
    (answer,) = a.run(waiting("XA"))
    assert answer.body == Said(proposal="XA-99", state=State.TERMINATED)
    assert a.run(lambda books: books.open_proposals()) == []


def test_a_letter_is_receipted_if_it_was_heard_and_else_not(three: Three) -> None:
    three.issue("XA", 100)
    send(three)
    (letter,) = three.registries["XA"].run(waiting("XA"))
    heard, again = (three.to_log(sign(letter, KEYS["XA"])) for _ in range(2))
    assert receipt_of(heard.receipt, letter, LOG_KEY.public())
    assert (again.receipt, again.repeated) == (heard.receipt, True)
    other = replace(letter, at=letter.at + timedelta(seconds=1))
    lost = replace(letter, nonce=letter.nonce + 1, addressee="XB")
    for each, kind in ((other, "NonceReplayed"), (lost, "NotTheAddressee")):
        answer = three.to_log(sign(each, KEYS["XA"]))
        assert (answer.receipt, kinds(answer.refusals)) == ("", {kind})
    (handed_on,) = [each for each in three.at_log(waiting(LOG)) if each.addressee == "XB"]
    answer = three.to_registry("XB", sign(replace(handed_on, addressee="XC"), LOG_KEY))
    assert (answer.receipt, kinds(answer.refusals)) == ("", {"NotTheAddressee"})
    answer = three.to_registry("XB", sign(handed_on, LOG_KEY))
    assert receipt_of(answer.receipt, handed_on, PUBLIC["XB"])


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:99999", "http://[::1", "banana", "", "https://a:1", "http://:1", "http://a:0",
     "http://a b:1", "http://a:1?x", "http://ä:1"],
)  # fmt: skip
def test_an_address_to_which_nothing_can_be_brought_is_refused(three: Three, address: str) -> None:
    listed = Listed("XC", address, PrivateKey(b"c" * 32).public())
    with pytest.raises(Refused) as no:
        three.at_log(
            lambda books: operations.list_registry(books, listed, reason="x", at=three.now)
        )
    assert kinds(no.value.refusals) == {"AddressUnfit"}
    a = three.registries["XA"]
    link, desk = Link("XA", LOG, address, LOG_KEY.public()), desk_of(three.now)
    with pytest.raises(Refused) as no:
        a.run(lambda books: operations.link_registry(books, a.scheme, link, key="x", desk=desk))
    assert kinds(no.value.refusals) == {"AddressUnfit"}


def test_what_is_asked_again_is_not_answered_by_what_was_said_before(three: Three) -> None:
    three.issue("XA", 100)
    block = Block("XA", 41, 45)
    three.at_log(
        lambda books: operations.correct_line(
            books, block, holder="XB", unit="ALA", reason="by mistake", at=three.now
        )
    )
    three.reconcile()
    assert three.at_log(lambda books: books.rounds())["XA"].answered
    later = three.now + timedelta(hours=1)
    three.at_log(lambda books: operations.ask_for_holdings(books, "XA", at=later))
    asked = three.at_log(lambda books: books.rounds())["XA"]
    assert not asked.answered
    assert [each.block for each in asked.differences or ()] == [block]
