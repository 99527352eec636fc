"""What does a government pay for reductions? The price falls until what is offered fits a budget.

So the United Kingdom bought in March 2002 what firms would reduce by 2006.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tonne.market.tender_refusals import (
    ClockBidderNotAdmitted,
    ClockBidNegative,
    ClockBidRises,
    ClockPriceNotLower,
    ClockPriceOffTick,
    ClockStopped,
)
from tonne.market.tender_rules import ClockRule
from tonne.quantity import EXACT, Currency, Money, product
from tonne.refusal import Refusal, refuse_if_any
from tonne.rulebook import Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRound:
    """A price that was called, and the tonnes a year that each bidder would reduce for it."""

    price: Decimal
    bids: Mapping[str, int]

    @property
    def count(self) -> int:
        """Tonnes offered by all."""
        return sum(self.bids.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResult:
    """What the clock stopped at: each who is left is paid the price for every tonne offered."""

    price: Decimal
    rounds: int
    awards: Mapping[str, int]
    """Tonnes a year in the last year of the path, by bidder."""

    count: int
    cost: Money
    left: Money
    """Of the budget."""

    targets: tuple[Decimal, ...]
    """Tonnes less in each year of the path."""

    @property
    def cumulative(self) -> Decimal:
        """Tonnes less in all years of the path together."""
        return sum(self.targets, Decimal(0))

    @property
    def per_tonne(self) -> Money:
        """What one of those tonnes costs, half up: less than the price, which is for the last year.

        Nothing where nothing was bought.
        """
        tonnes = Fraction(self.cumulative)
        cents = Fraction(self.cost.minor) / tonnes if tonnes else Fraction(0)
        return Money(int(cents + Fraction(1, 2)), self.cost.currency)


def clock_round(
    called: ClockRound,
    before: Sequence[ClockRound],
    bidders: Collection[str],
    law: Clause[ClockRule],
) -> ClockRound:
    """The round, if it may follow on those before; else every reason why not."""
    refuse_if_any(_refusals(called, before, bidders, law))
    return called


def clock_result(rounds: Sequence[ClockRound], law: Clause[ClockRule]) -> ClockResult | None:
    """What the auction came to, once the last round fits the budget; nothing before."""
    if not rounds or not _fits(rounds[-1], law.value):
        return None
    last, rule = rounds[-1], law.value
    at = Currency(rule.currency)
    cost = Money.of(product(last.price, Decimal(last.count)), at)
    return ClockResult(
        price=last.price,
        rounds=len(rounds),
        awards={bidder: count for bidder, count in last.bids.items() if count},
        count=last.count,
        cost=cost,
        left=Money.of(rule.budget, at) - cost,
        targets=tuple(product(share, Decimal(last.count)) for share in rule.path),
    )


def _fits(called: ClockRound, rule: ClockRule) -> bool:
    return product(called.price, Decimal(called.count)) <= rule.budget


def _refusals(
    called: ClockRound,
    before: Sequence[ClockRound],
    bidders: Collection[str],
    law: Clause[ClockRule],
) -> Iterator[Refusal]:
    last, reference = (before[-1] if before else None), law.reference
    if last is not None and _fits(last, law.value):
        yield ClockStopped(reference=reference, rounds=len(before))
    if called.price <= 0 or (last is not None and called.price >= last.price):
        low = last.price if last is not None else None
        yield ClockPriceNotLower(reference=reference, price=called.price, before=low)
    if EXACT.remainder(called.price, law.value.tick):
        yield ClockPriceOffTick(reference=reference, price=called.price, tick=law.value.tick)
    for bidder, count in called.bids.items():
        if bidder not in bidders:
            yield ClockBidderNotAdmitted(reference=reference, bidder=bidder)
        if count < 0:
            yield ClockBidNegative(reference=reference, bidder=bidder, count=count)
        if last is not None and count > (offered := last.bids.get(bidder, 0)):
            yield ClockBidRises(reference=reference, bidder=bidder, count=count, before=offered)
