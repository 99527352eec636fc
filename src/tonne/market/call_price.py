"""The one price of a call auction, at which most is traded.

Among the prices of the greatest volume the one of the least surplus is taken; of several the
highest if buyers are left over at all of them, and the lowest if sellers are (market pressure);
otherwise the one nearest to the reference price.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPrice:
    """Where a call would find its price, and what is left over there: sellers below nothing."""

    price: int
    qty: int
    surplus: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """Prices between which nobody comes or goes, with what is asked for and offered there."""

    low: int
    high: int
    bought: int
    sold: int

    @property
    def volume(self) -> int:
        return min(self.bought, self.sold)

    @property
    def surplus(self) -> int:
        return self.bought - self.sold


def call_price(
    buys: Iterable[tuple[int, int]], sells: Iterable[tuple[int, int]], *, reference: int | None
) -> CallPrice | None:
    """The price for orders, each a limit and lots; none where nobody meets.

    >>> call_price([(102, 10), (100, 5)], [(99, 8), (101, 9)], reference=100)
    CallPrice(price=101, qty=10, surplus=-7)
    """
    steps = list(_steps(list(buys), list(sells)))
    most = max((step.volume for step in steps), default=0)
    if not most:
        return None
    steps = [step for step in steps if step.volume == most]
    least = min(abs(step.surplus) for step in steps)
    steps = [step for step in steps if abs(step.surplus) == least]
    low, high = steps[0].low, steps[-1].high
    if all(step.surplus > 0 for step in steps):
        price = high
    elif all(step.surplus < 0 for step in steps):
        price = low
    else:
        price = min(max(low, (low + high) // 2 if reference is None else reference), high)
    (here,) = (step for step in steps if step.low <= price <= step.high)
    return CallPrice(price=price, qty=most, surplus=here.surplus)


def _steps(buys: list[tuple[int, int]], sells: list[tuple[int, int]]) -> Iterator[_Step]:
    """Every limit, and every stretch of prices between two limits, from the lowest up."""
    leaving, coming = _by_price(buys), _by_price(sells)
    bought, sold = sum(leaving.values()), 0
    limits = sorted(leaving.keys() | coming.keys())
    for price, above in pairwise([*limits, limits[-1] + 1] if limits else []):
        sold += coming.get(price, 0)
        yield _Step(low=price, high=price, bought=bought, sold=sold)
        bought -= leaving.get(price, 0)
        if price + 1 < above:
            yield _Step(low=price + 1, high=above - 1, bought=bought, sold=sold)


def _by_price(orders: Iterable[tuple[int, int]]) -> dict[int, int]:
    lots: dict[int, int] = {}
    for price, qty in orders:
        lots[price] = lots.get(price, 0) + qty
    return lots
