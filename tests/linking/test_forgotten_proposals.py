"""What one side's books know no more, as after a backup was restored, ends on every other side."""

import pytest

from changed import replace
from tonne.ledger import Block
from tonne.linking import State
from wires import LOG, NOW, Wires

NAME = "AT-2"
"""The first proposal is the issuance."""


def proposed(kind: str) -> Wires:
    """A proposal of AT that the log has heard, and nobody else."""
    wires = Wires()
    wires.issue("AT", 1, 100)
    taker = "PL" if kind == "transfer" else "AT"
    at = wires.registries["AT"]
    at.propose(kind, Block("AT", 1, 10), taker=taker, target=f"{taker}-1", at=NOW)
    ((box, letter),) = wires.waiting()
    wires.carry(box, letter)
    return wires


@pytest.mark.parametrize("kind", ["transfer", "cancel"])
def test_what_the_giver_does_not_know_is_not_given(kind: str) -> None:
    wires = proposed(kind)
    at = wires.registries["AT"]
    at.known = replace(at.known, standings={})
    wires.settle()
    assert wires.log.standings[NAME].state is State.TERMINATED
    assert at.known.standings[NAME].state is State.TERMINATED
    if kind == "transfer":
        there = wires.registries["PL"]
        assert there.known.standings[NAME].state is State.TERMINATED
        assert there.books == {}


def test_a_taker_does_not_wait_for_what_the_log_does_not_know() -> None:
    wires = proposed("transfer")
    ((box, letter),) = wires.waiting()
    assert (letter.sender, letter.addressee) == (LOG, "PL")
    wires.carry(box, letter)
    wires.log = replace(wires.log, standings={})
    wires.settle()
    there = wires.registries["PL"]
    assert there.known.standings[NAME].state is State.CANCELLED
    assert there.books == {}
    assert {type(each).__name__ for each in wires.written} == {"UnknownProposal"}
