"""One side of a book: prices in order, and at each price a queue in the order of arrival.

What is in here changes while it rests, unlike the records that come in and go out. The best price
stands at the end of the list, where adding and taking away is cheap. An order that leaves from the
middle of a queue is left there with no lots; a queue of which half is such is made anew. An order
does not know its queue, which is found by its price: so nothing here goes in a circle, and the
collector of garbage need not look at orders.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from tonne.market.orders import NewOrder

_DEAD_MIN = 16  # So many may lie in a queue before it is worth while to look at it.


class Entry(Struct, eq=False, gc=False):
    """An order in the book, or on its way there."""

    order: NewOrder
    """As it was given."""

    order_id: int
    buy: bool
    price: int
    """Its limit; of a market order the edge of the band, or what its money could pay for a lot."""

    order_qty: int
    leaves: int
    priority: int
    """Of two orders at one price the one with the lower number comes first."""

    cash: int | None = None
    """What is left of the money that it may spend."""

    stop_px: int | None = None
    waiting: bool = False
    """A stop that was not triggered, or for which no time came to trade since."""

    @property
    def cum_qty(self) -> int:
        """Lots traded."""
        return self.order_qty - self.leaves

    @property
    def has_limit(self) -> bool:
        """Whether it can rest: a market order cannot."""
        return self.order.price is not None


class Level:
    """All orders at one price of a ladder; the first of its queue may have no lots."""

    __slots__ = ("alive", "queue")

    def __init__(self) -> None:
        self.queue: deque[Entry] = deque()
        self.alive = 0
        """How many have lots."""

    @property
    def first(self) -> Entry:
        """Who has its turn."""
        while not self.queue[0].leaves:
            self.queue.popleft()
        return self.queue[0]


class Ladder:
    """Orders by price and arrival; ``best`` says whether the highest or the lowest comes first."""

    __slots__ = ("keys", "levels", "sign")

    def __init__(self, best: Literal["highest", "lowest"]) -> None:
        self.sign = 1 if best == "highest" else -1
        self.keys: list[int] = []
        """Prices times the sign: the best is the greatest and the last."""

        self.levels: dict[int, Level] = {}

    def __iter__(self) -> Iterator[Entry]:
        """The orders, the best first. None may come or leave meanwhile."""
        for key in reversed(self.keys):
            yield from (entry for entry in self.levels[key].queue if entry.leaves)

    @property
    def best(self) -> int | None:
        """The price that comes first."""
        return self.keys[-1] * self.sign if self.keys else None

    def depth(self, levels: int | None = None) -> Iterator[tuple[int, int, int]]:
        """Price, lots and number of orders, the best price first."""
        for key in list(reversed(self.keys))[:levels]:
            level = self.levels[key]
            yield key * self.sign, sum(entry.leaves for entry in level.queue), level.alive

    def add(self, entry: Entry, price: int) -> None:
        """The order is the last at its price."""
        key = price * self.sign
        level = self.levels.get(key)
        if level is None:
            self.levels[key] = level = Level()
            insort(self.keys, key)
        level.queue.append(entry)
        level.alive += 1

    def take_first(self) -> Entry:
        """The best order leaves, with its lots."""
        level = self.levels[self.keys[-1]]
        entry = level.first
        level.queue.popleft()
        level.alive -= 1
        if not level.alive:
            del self.levels[self.keys.pop()]
        return entry

    def leave(self, entry: Entry, price: int) -> int:
        """An order leaves from where it stands, with no lots any more; how many it had."""
        key, lots = price * self.sign, entry.leaves
        level, entry.leaves = self.levels[key], 0
        level.alive -= 1
        if not level.alive:
            del self.levels[key], self.keys[bisect_left(self.keys, key)]
        elif len(level.queue) > 2 * level.alive + _DEAD_MIN:
            level.queue = deque(each for each in level.queue if each.leaves)
        return lots
