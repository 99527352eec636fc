"""Serial numbers: whatever is split and joined, no number is lost or doubled."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonne.ledger import LAST_NUMBER, Block, join, split


@st.composite
def blocks_and_pieces(draw: st.DrawFn) -> tuple[Block, Block]:
    """A block, and a piece of it."""
    first, start, end, last = sorted(draw(st.lists(st.integers(1, 60), min_size=4, max_size=4)))
    return Block("EU", first, last), Block("EU", start, end)


def numbers(*blocks: Block) -> list[int]:
    """Every number of the blocks, written out."""
    return [number for block in blocks for number in range(block.first, block.last + 1)]


@given(blocks_and_pieces())
def test_splitting_loses_no_number_and_joining_restores_the_block(
    given_: tuple[Block, Block],
) -> None:
    block, piece = given_
    parts = split(block, piece)
    assert piece in parts
    assert numbers(*parts) == numbers(block)
    assert join(reversed(parts)) == (block,)


@given(st.sets(st.integers(1, 60), min_size=1))
def test_joining_makes_as_few_blocks_as_can_be(held: set[int]) -> None:
    joined = join(Block("EU", number, number) for number in held)
    assert numbers(*joined) == sorted(held)
    assert all(left.last + 1 < right.first for left, right in pairwise(joined))


def test_blocks_of_different_series_are_not_joined() -> None:
    assert join([Block("US", 4, 6), Block("EU", 1, 3)]) == (Block("EU", 1, 3), Block("US", 4, 6))


def test_two_blocks_with_a_common_number_are_a_mistake() -> None:
    with pytest.raises(AssertionError, match="no number is in two blocks"):
        join([Block("EU", 1, 3), Block("EU", 3, 4)])


def test_what_is_not_in_the_block_is_not_cut_from_it() -> None:
    for piece in (Block("EU", 1, 4), Block("EU", 9, 11), Block("US", 4, 6)):
        with pytest.raises(AssertionError, match="only a piece"):
            split(Block("EU", 3, 10), piece)


@pytest.mark.parametrize(("first", "last"), [(0, 1), (5, 4), (1, LAST_NUMBER + 1), (-3, -1)])
def test_a_block_runs_from_first_to_last_within_the_line(first: int, last: int) -> None:
    with pytest.raises(AssertionError):
        Block("EU", first, last)
