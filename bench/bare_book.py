"""A stream of orders that is the same everywhere, and a bare book that knows only prices and times.

Whoever matches as he should makes the trades of the bare book; two fingerprints say that stream
and trades are what they were.
"""

import json
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Literal

MESSAGES, SEED, OWNERS = 200_000, 20251121, 500
MID, LOWEST, HIGHEST = 8_000, 7_000, 9_000
FINGERPRINTS = ("f72e40117e06c330", "ffeb1c01b8351e4f")

Trade = tuple[int, int, int, int]
"""Who came, who rested, the price, the lots."""

Resting = list[int]
"""Number, lots (none if it was cancelled), key, side and owner: a list is the fastest record."""

New = tuple[Literal[0], int, bool, int, int, int]
Gone = tuple[Literal[1], int, int]
"""What the stream says: 0, number, whether it buys, price, lots, owner; or 1, number, owner."""


@dataclass(slots=True)
class Bare:
    """Queues by price, and the prices in order: as little as a book can be."""

    queues: tuple[dict[int, deque[Resting]], dict[int, deque[Resting]]] = field(
        default_factory=lambda: ({}, {})
    )
    keys: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    living: dict[int, Resting] = field(default_factory=dict)
    trades: list[Trade] = field(default_factory=list)

    def add(self, number: int, buy: bool, price: int, lots: int, owner: int) -> None:  # noqa: FBT001
        """An order trades with what it reaches, and the rest of it rests."""
        limit = price if buy else -price
        keys, queues, living = self.keys[not buy], self.queues[not buy], self.living
        while lots and keys and keys[0] <= limit:
            queue, at = queues[keys[0]], keys[0] if buy else -keys[0]
            while queue and lots:
                first = queue[0]
                there = first[1]
                if not there:
                    queue.popleft()
                    continue
                fill = there if there < lots else lots  # noqa: FURB136  a call costs more
                self.trades.append((number, first[0], at, fill))
                lots -= fill
                first[1] = there - fill
                if fill == there:
                    queue.popleft()
                    del living[first[0]]
            if not queue:
                del queues[keys[0]], keys[0]
        if lots:
            key = -limit
            living[number] = resting = [number, lots, key, buy, owner]
            same = self.queues[buy].get(key)
            if same is None:
                self.queues[buy][key] = deque((resting,))
                insort(self.keys[buy], key)
            else:
                same.append(resting)

    def cancel(self, number: int) -> None:
        """An order ends; it leaves its queue when it stands at one of the ends."""
        gone = self.living.pop(number)
        gone[1] = 0
        _, _, key, buy, _ = gone
        queue, keys = self.queues[buy][key], self.keys[buy]
        while queue and not queue[0][1]:
            queue.popleft()
        while queue and not queue[-1][1]:
            queue.pop()
        if not queue:
            del self.queues[buy][key], keys[bisect_left(keys, key)]

    def best(self, *, buy: bool) -> int | None:
        """The best price of a side."""
        keys = self.keys[buy]
        return (-keys[0] if buy else keys[0]) if keys else None


@dataclass(slots=True)
class Stream:
    """The messages, and the numbers of the orders that rest meanwhile, in the order of choice."""

    bare: Bare = field(default_factory=Bare)
    said: list[New | Gone] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)

    def make(self, count: int, seed: int) -> None:
        """Six of ten messages rest near the middle, three cancel, one goes through the spread."""
        chance, mid = Random(seed), MID
        for number in range(1, count + 1):
            if chance.random() < 0.02:
                mid = min(HIGHEST, max(LOWEST, mid + chance.choice((-1, 1))))
            kind = chance.random()
            if 0.6 <= kind < 0.9 and self.numbers:
                self._cancel(self.numbers[chance.randrange(len(self.numbers))])
                continue
            buy, owner = chance.random() < 0.5, chance.randrange(OWNERS)
            best = self.bare.best(buy=not buy)
            if kind >= 0.9 and best is not None:
                price, lots = best + (5 if buy else -5), chance.randint(1, 200)
            else:
                away = 1 + min(int(chance.expovariate(1 / 12)), 199)
                price, lots = mid + (-away if buy else away), chance.randint(1, 100)
            self._add((0, number, buy, price, lots, owner))

    def _add(self, order: New) -> None:
        number = order[1]
        self.said.append(order)
        before = len(self.bare.trades)
        self.bare.add(*order[1:])
        for _, met, _, _ in self.bare.trades[before:]:
            if met not in self.bare.living:
                self._forget(met)
        if number in self.bare.living:
            self.places[number] = len(self.numbers)
            self.numbers.append(number)

    def _cancel(self, number: int) -> None:
        self.said.append((1, number, self.bare.living[number][4]))
        self.bare.cancel(number)
        self._forget(number)

    def _forget(self, number: int) -> None:
        """The last one takes the place of the one that goes."""
        place, last = self.places.pop(number), self.numbers.pop()
        if last != number:
            self.numbers[place], self.places[last] = last, place


def made_stream() -> Stream:
    """The stream that everybody is measured with."""
    stream = Stream()
    stream.make(MESSAGES, SEED)
    marks = tuple(
        sha256(json.dumps(each).encode()).hexdigest()[:16]
        for each in (stream.said, stream.bare.trades)
    )
    assert marks == FINGERPRINTS, marks
    return stream


def told(said: list[New | Gone]) -> Bare:
    """The bare book after the messages."""
    book = Bare()
    for each in said:
        if each[0] == 0:
            book.add(*each[1:])
        else:
            book.cancel(each[1])
    return book
