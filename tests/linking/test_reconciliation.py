"""Reconciliation by serial ranges: every differing range is named, and no other."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from tonne.ledger import Block
from tonne.linking import Held, Line, Move, Place, compare, cover, is_whole, moved, whole_series
from wires import NOW, Wires

SIZE = 20
PLACED = st.lists(st.sampled_from(get_args(Place)[1:]), min_size=SIZE, max_size=SIZE)
OWNERS = st.lists(st.sampled_from(["", "AT A", "AT B", "PL A"]), min_size=SIZE, max_size=SIZE)


def line(owners: list[str]) -> Line:
    """A line of which the first numbers are in these hands."""
    found = whole_series("AT")
    for number, owner in enumerate(owners, 1):
        if owner:
            holder, unit = owner.split()
            found = moved(found, Move(Block("AT", number, number), holder, unit, "held"))
    return found


def told(owners: list[str]) -> list[Held]:
    """What AT tells if it believes that."""
    return [
        Held(Block("AT", number, number), owner.split()[1], "AT-1")
        for number, owner in enumerate(owners, 1)
        if owner.startswith("AT")
    ]


@given(OWNERS, OWNERS)
def test_just_the_numbers_that_differ_are_named(log: list[str], registry: list[str]) -> None:
    differences = list(compare("AT", {"AT": line(log)}, told(registry), talked=[]))
    named = [n for each in differences for n in range(each.block.first, each.block.last + 1)]
    theirs = [owner if owner.startswith("AT") else "" for owner in registry]
    ours = [owner if owner.startswith("AT") else "" for owner in log]
    assert named == [n for n in range(1, SIZE + 1) if theirs[n - 1] != ours[n - 1]]


@given(OWNERS, st.integers(1, SIZE), st.integers(1, SIZE))
def test_what_is_talked_over_is_left_out(log: list[str], one: int, other: int) -> None:
    block = Block("AT", min(one, other), max(one, other))
    differences = list(compare("AT", {"AT": line(log)}, [], talked=[block]))
    named = {n for each in differences for n in range(each.block.first, each.block.last + 1)}
    held = {n for n, owner in enumerate(log, 1) if owner.startswith("AT")}
    assert named == held - set(range(block.first, block.last + 1))


@given(OWNERS)
def test_a_line_is_whole_whatever_was_moved(owners: list[str]) -> None:
    found = line(owners)
    assert is_whole(found)
    for number, owner in enumerate(owners, 1):
        (tile,) = cover(found, Block("AT", number, number))
        assert f"{tile.holder} {tile.unit}".strip() == owner


def test_neighbours_that_differ_alike_are_one_range() -> None:
    differences = list(compare("AT", {"AT": line(["AT A"] * 5)}, [], talked=[]))
    assert [str(each.block) for each in differences] == ["AT-1-5"]
    assert differences[0].log == "AT as A"
    assert differences[0].registry == "not held"


def test_a_registry_that_tells_a_number_twice_is_named() -> None:
    twice = [Held(Block("AT", 1, 5), "A", "AT-1"), Held(Block("AT", 5, 5), "A", "AT-2")]
    differences = list(compare("AT", {"AT": line(["AT A"] * 5)}, twice, talked=[]))
    assert [str(each.block) for each in differences] == ["AT-5-5"]
    assert differences[0].registry == "A in AT-1 and A in AT-2"


def test_a_series_that_the_log_does_not_know_is_named() -> None:
    differences = list(compare("AT", {}, [Held(Block("XX", 1, 5), "A", "AT-1")], talked=[]))
    assert [(str(each.block), each.log) for each in differences] == [("XX-1-5", "no such series")]


@given(PLACED, PLACED)
def test_numbers_that_are_in_another_place_are_named(log: list[Place], told: list[Place]) -> None:
    line_here = whole_series("AT")
    for number, place in enumerate(log, 1):
        line_here = moved(line_here, Move(Block("AT", number, number), "AT", "A", place))
    held = [
        Held(Block("AT", number, number), "A", "AT-1", place)
        for number, place in enumerate(told, 1)
    ]
    found = list(compare("AT", {"AT": line_here}, held, talked=[]))
    named = [n for each in found for n in range(each.block.first, each.block.last + 1)]
    assert named == [n for n in range(1, SIZE + 1) if log[n - 1] != told[n - 1]]


def test_a_difference_says_in_which_place_each_side_has_the_numbers() -> None:
    retired = moved(whole_series("AT"), Move(Block("AT", 1, 5), "AT", "A", "retired"))
    alive = [Held(Block("AT", 1, 5), "A", "AT-1")]
    (found,) = compare("AT", {"AT": retired}, alive, talked=[])
    assert (found.log, found.registry) == ("AT as A, retired", "A in AT-1")
    gone = [Held(Block("AT", 1, 5), "A", "AT-230", "cancelled")]
    (found,) = compare("AT", {"AT": retired}, gone, talked=[])
    assert (found.log, found.registry) == ("AT as A, retired", "A in AT-230, cancelled")


def test_a_number_that_was_lost_is_named_blocked_corrected_and_free_again() -> None:
    wires = Wires()
    wires.issue("AT", 1, 100)
    registry = wires.registries["AT"]
    lost = {number: registry.books.pop(("AT", number)) for number in (41, 42, 43)}
    wires.reconcile()
    assert [str(each.block) for each in registry.differences] == ["AT-41-43"]
    registry.propose("transfer", Block("AT", 40, 40), taker="PL", target="PL-1", at=NOW)
    wires.settle()
    assert ("AT", 40) in wires.registries["PL"].books
    registry.books |= {("AT", number): found for number, found in lost.items()}
    registry.propose("transfer", Block("AT", 41, 41), taker="PL", target="PL-1", at=NOW)
    wires.settle()
    assert {type(each).__name__ for each in wires.written} == {"InDispute"}
    wires.reconcile()
    assert not registry.differences
    registry.propose("transfer", Block("AT", 41, 41), taker="PL", target="PL-1", at=NOW)
    wires.settle()
    assert ("AT", 41) in wires.registries["PL"].books
