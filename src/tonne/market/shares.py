"""Whole things shared out by what each has a claim to, to the last one."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from hashlib import sha256
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def floors(claims: Mapping[K, int], total: int) -> dict[K, int]:
    """The whole part of everybody's share in proportion to the claims."""
    claimed = sum(claims.values())
    assert total >= 0, "a total is not less than nothing"
    assert claimed or not total, "a total is shared by something"
    return {name: total * claim // max(1, claimed) for name, claim in claims.items()}


def largest_remainders(
    claims: Mapping[K, int], total: int, *, first: Callable[[K], object]
) -> dict[K, int]:
    """Shares in proportion to the claims; what is left goes one each to the largest fractions.

    Of equal fractions those go before for whom ``first`` is less.

    >>> largest_remainders({"A": 10, "B": 10, "C": 10}, 20, first=str)
    {'A': 7, 'B': 7, 'C': 6}
    """
    counts = floors(claims, total)
    claimed = max(1, sum(claims.values()))
    left = total - sum(counts.values())
    order = sorted(counts, key=lambda name: (-(total * claims[name] % claimed), first(name)))
    for name in order[:left]:
        counts[name] += 1
    return counts


def in_turn(claims: Iterable[tuple[K, int]], total: int) -> dict[K, int]:
    """Everybody all that is claimed, in that order, until nothing is left."""
    counts: dict[K, int] = {}
    for name, claim in claims:
        counts[name] = min(claim, total)
        total -= counts[name]
    return counts


def drawn(seed: str, *names: str) -> bytes:
    """The place of somebody in an order drawn by lot: anybody who knows the seed finds the same.

    Each name is hashed with its length, so that no two lists of names read alike.
    """
    return sha256(spelled(seed, *names)).digest()


def spelled(*names: str) -> bytes:
    """Texts one after another, each with its length, so that no other texts read the same."""
    parts = [name.encode() for name in names]
    return b"".join(b"%d:%b," % (len(part), part) for part in parts)
