"""A pooled fund: many pay in, it buys from many projects, and its credits go back pro rata.

The first was the Prototype Carbon Fund of the World Bank, of six governments and 17 companies.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tonne.market.fund_grounds import (
    ContributionUnfit,
    FundClosed,
    FundSpent,
    FundTooLarge,
    NothingContributed,
)
from tonne.market.shares import largest_remainders
from tonne.quantity import Money
from tonne.refusal import Refusal, refuse_if_any

FUND = "Rule of the fund: credits are distributed in proportion to what was paid in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What a participant pays into a fund, once or more than once."""

    participant: str
    money: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """What was paid in, and what of it is promised to which purchase agreement."""

    name: str
    most: Money
    """What may be paid in together."""

    closes_on: date
    """The last day on which it may be paid in."""

    contributions: tuple[Contribution, ...] = ()
    portfolio: tuple[tuple[str, Money], ...] = ()
    """By contract, what it will cost at most."""

    @property
    def paid_in(self) -> Money:
        """All contributions together."""
        return sum((each.money for each in self.contributions), self._nothing)

    @property
    def promised(self) -> Money:
        """All contracts together."""
        return sum((money for _, money in self.portfolio), self._nothing)

    @property
    def shares(self) -> dict[str, int]:
        """What each participant paid in, in minor units: its weight in every distribution."""
        found: dict[str, int] = {}
        for each in self.contributions:
            found[each.participant] = found.get(each.participant, 0) + each.money.minor
        return found

    @property
    def _nothing(self) -> Money:
        return Money(0, self.most.currency)


def contribute(fund: Fund, contribution: Contribution, *, on: date) -> Fund:
    """The fund with a contribution more."""
    refuse_if_any(_contribution_refusals(fund, contribution, on))
    return replace(fund, contributions=(*fund.contributions, contribution))


def invest(fund: Fund, contract: str, money: Money) -> Fund:
    """The fund with a contract more in its portfolio."""
    left = fund.paid_in - fund.promised
    if money.currency != left.currency or not 0 < money.minor <= left.minor:
        refusal = FundSpent(reference=FUND, fund=fund.name, asked=str(money), left=str(left))
        refuse_if_any([refusal])
    return replace(fund, portfolio=(*fund.portfolio, (contract, money)))


def distribute(fund: Fund, credits_by_project: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """The credits of each project to the participants: what each gets of which.

    All credits of a distribution are shared together, by largest remainders, so that nobody is
    more than one away from its share, of however many projects they are. The projects are then
    handed out in their order, participant by participant. Each distribution stands on its own.
    """
    if not any(fund.shares.values()):
        refuse_if_any([NothingContributed(reference=FUND, fund=fund.name)])
    due = largest_remainders(fund.shares, sum(credits_by_project.values()), first=str)
    given: dict[str, dict[str, int]] = {name: {} for name in due}
    waiting = sorted(due.items())
    for project, count in credits_by_project.items():
        left = count
        while left:
            name, wanted = waiting[0]
            part = min(left, wanted)
            if part:
                given[name][project] = part
            left -= part
            waiting[0:1] = [(name, wanted - part)] if wanted > part else []
    return given


def _contribution_refusals(fund: Fund, contribution: Contribution, on: date) -> Iterator[Refusal]:
    who, money = contribution.participant, contribution.money
    if on > fund.closes_on:
        yield FundClosed(reference=FUND, fund=fund.name, closed_on=fund.closes_on)
    if money.minor <= 0 or money.currency != fund.most.currency:
        yield ContributionUnfit(reference=FUND, fund=fund.name, participant=who, money=str(money))
    elif (fund.paid_in + money).minor > fund.most.minor:
        yield FundTooLarge(
            reference=FUND, fund=fund.name, most=str(fund.most), paid_in=str(fund.paid_in)
        )
