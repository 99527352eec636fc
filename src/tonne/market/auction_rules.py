"""The shape of the law of auctions: what ``auctions.toml`` of a scheme must say.

The law of an auction is the law in force on the day of its close, read once into ticks and counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from tonne.market.auction_lot import AuctionLot
from tonne.market.auction_refusals import PriceOfLawOffTick
from tonne.quantity import Currency, Money, Rounding, places, product
from tonne.refusal import refuse_if_any
from tonne.rulebook import Clause, Dated

_CENTS_OF = {"half_up": Rounding.HALF_UP, "half_even": Rounding.HALF_EVEN,
             "floor": Rounding.FLOOR, "ceiling": Rounding.CEILING}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionForm:
    """What the winners pay, all the same price; and what becomes of a broken lot.

    * ``lowest_accepted``: the lowest bid that gets anything.
    * ``highest_rejected``: the highest bid that gets nothing, or not all; the reserve price where
      everybody gets all.

    A price is never under the reserve price, nor under the trigger of a reserve that gave units.
    """

    last_lot: Literal["split", "whole"]
    """Whether the last bid may get units of a broken lot, where the offer is no multiple of it."""

    price: Literal["lowest_accepted", "highest_rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrice:
    """A price laid down for the year of its clause, which may grow from then on.

    Each year grows from the price of the year before as it was published, rounded by name.
    """

    amount: Decimal
    growth: Decimal | None = None
    """Part added each year; left out where the price stays."""

    rounding: Literal["half_up", "half_even", "floor", "ceiling"] | None = None
    digits: int | None = None
    """How many digits after the point the price of a year has."""

    def __post_init__(self) -> None:
        grown = (self.growth, self.rounding, self.digits)
        if self.amount < 0 or (None in grown and any(each is not None for each in grown)):
            raise ValueError(f"a price that grows has a growth, a rounding and digits: {self}")

    def after(self, years: int) -> Decimal:
        """The price so many years after that of the clause.

        >>> rule = SetPrice(
        ...     amount=Decimal("2.00"), growth=Decimal("0.025"), rounding="half_up", digits=2
        ... )
        >>> [str(rule.after(years)) for years in (1, 2, 4)]
        ['2.05', '2.10', '2.20']
        """
        amount = self.amount
        if self.growth is not None and self.rounding is not None and self.digits is not None:
            for _ in range(years):
                amount = product(amount, 1 + self.growth)
                amount = places(amount, self.digits, _CENTS_OF[self.rounding])
        return amount


@dataclass(frozen=True, slots=True, kw_only=True)
class BidderLimit:
    """The largest part of an offer that one bidder of a kind may bid for."""

    kind: str
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRule:
    """What becomes of awards that a bidder cannot pay, and of the bidder's collateral.

    * ``unsold``: nobody gets them; the others pay the price that was found with them.
    * ``cleared_anew``: the bids of such a bidder count for nothing, and the auction is cleared
      among the others.
    """

    forfeited: Decimal
    """The part of the collateral that is lost; parts of a cent round up, against the bidder."""

    awards: Literal["unsold", "cleared_anew"]

    def __post_init__(self) -> None:
        if not 0 <= self.forfeited <= 1:
            raise ValueError(f"of collateral between nothing and all is forfeited: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BiddingRule:
    """Who may bid, for how much, and with what in hand.

    Collateral is a share of what the bids of a bidder may cost: of their ``sum``, or of the
    ``largest`` that a single price could make of them, since all pay the same.
    """

    limits: tuple[BidderLimit, ...]
    """Kinds that are not named are not admitted."""

    collateral_share: Decimal
    collateral_of: Literal["sum", "largest"]
    replacing: Literal["loses_time", "keeps_time_if_less"] | None = None
    """How a bid is replaced before the close: :data:`~tonne.market.Replacing`; not if unsaid."""

    default: DefaultRule | None = None
    """Where collateral is a part of the cost: what follows if the rest is not paid."""

    def __post_init__(self) -> None:
        kinds = {each.kind for each in self.limits}
        shares = [each.share for each in self.limits]
        if len(kinds) < len(shares) or not all(0 < share <= 1 for share in shares):
            raise ValueError(f"a kind of bidder has one share, between 0 and 1: {self}")
        if self.collateral_share < 0:
            raise ValueError(f"collateral is not less than nothing: {self}")
        if self.default is not None and self.collateral_share >= 1:
            raise ValueError(f"what is covered whole is paid: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TieRule:
    """Who gets the last units, where several bids ask for them at one price.

    * ``pro_rata``: each by what it asks; what cannot be divided goes by ``remainder``.
    * ``by_time``: those received first.
    * ``by_lot``: in an order drawn from a seed that is published.
    """

    method: Literal["pro_rata", "by_time", "by_lot"]
    remainder: Literal["largest", "by_time", "by_lot", "unsold"] | None = None
    """``largest``: one each to the largest fractions, and of equal ones to those received first."""

    def __post_init__(self) -> None:
        if (self.method == "pro_rata") != (self.remainder is not None):
            raise ValueError(f"pro rata, and nothing else, has a rule for the remainder: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveRule:
    """Units of a year that come, or stay, with the price.

    Cost containment: they are added once bids reach the trigger. Emission containment: they are
    taken out of the offer while the price is under it.
    """

    count: int
    """Nothing where the scheme has no such reserve."""

    trigger: SetPrice | None = None

    def __post_init__(self) -> None:
        if self.count < 0 or (self.count > 0) != (self.trigger is not None):
            raise ValueError(f"a reserve has units and a trigger, or neither: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsoldRule:
    """What becomes of the authority's units that nobody bought, and of those of others."""

    fate: Literal["next_auctions", "reserve", "cancelled"]
    auctions: int | None = None
    """Over how many coming auctions they are spread, in equal parts, the first ones first."""

    consigned: Literal["returned", "next_auctions"]
    """To their sellers, or into the next auction."""

    order: Literal["consigned_first", "together"]
    """Whether units of others are sold before those of the authority, or all pro rata."""

    def __post_init__(self) -> None:
        if (self.fate == "next_auctions") != (self.auctions is not None and self.auctions > 0):
            raise ValueError(f"units that are spread go to one auction or more: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationRule:
    """When an auction is cancelled after its close, and nobody gets anything."""

    cover_min: Decimal
    """Units bid for, for each unit offered; 0 where an auction may be covered in part."""

    bidders_min: int
    market_share_min: Decimal | None = None
    """Least part of the price on the market that the clearing price must come to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionRules:
    """How units are auctioned: sealed bids, one round, one price for all."""

    form: Dated[AuctionForm]
    reserve_price: Dated[SetPrice]
    bidding: Dated[BiddingRule]
    ties: Dated[TieRule]
    cost_containment: Dated[ReserveRule]
    emission_containment: Dated[ReserveRule]
    unsold: Dated[UnsoldRule]
    cancellation: Dated[CancellationRule]

    def off_tick(self, lot: AuctionLot) -> tuple[Decimal, ...]:
        """The prices of the law, and the steps in which they grow, that are not on a lot's tick."""
        prices = [clause.value for clause in self.reserve_price.clauses]
        for rule in (self.cost_containment, self.emission_containment):
            prices += [each.value.trigger for each in rule.clauses if each.value.trigger]
        steps = [Decimal(1).scaleb(-each.digits) for each in prices if each.digits is not None]
        asked = (*(each.amount for each in prices), *steps)
        return tuple(each for each in asked if each % lot.step)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionLaw:
    """The law of one auction, looked up once for all its bids. Prices are in ticks."""

    lot: Clause[AuctionLot]
    """What is sold, in which lots, ticks and money."""

    step: Decimal
    """A tick as people write it."""

    form: Clause[AuctionForm]
    bidding: Clause[BiddingRule]
    ties: Clause[TieRule]
    cost_containment: Clause[ReserveRule]
    emission_containment: Clause[ReserveRule]
    unsold: Clause[UnsoldRule]
    cancellation: Clause[CancellationRule]
    limits: Mapping[str, Fraction]
    """Part of an offer that one bidder may bid for, by its kind."""

    reserve_price: int
    reserve_amount: Decimal
    reserve_price_reference: str
    cost_trigger: int
    """Where the reserve has no units, the reserve price."""

    emission_trigger: int

    @classmethod
    def of(cls, rules: AuctionRules, lot: Clause[AuctionLot], on: date) -> "AuctionLaw":
        """The law in force on the day for what is sold; refused where its prices do not fit."""
        floor, bidding = rules.reserve_price.on(on), rules.bidding.on(on)
        cost, emission = rules.cost_containment.on(on), rules.emission_containment.on(on)
        amount = floor.value.after(on.year - floor.start.year)
        triggers = [
            amount
            if rule.value.trigger is None
            else rule.value.trigger.after(on.year - rule.start.year)
            for rule in (cost, emission)
        ]
        step, sold = lot.value.step, lot.value
        refuse_if_any(
            PriceOfLawOffTick(reference=lot.reference, instrument=sold.code, price=each, tick=step)
            for each in dict.fromkeys((amount, *triggers))
            if each % step
        )
        least, *over = (int(each / step) for each in (amount, *triggers))
        return cls(
            lot=lot,
            step=step,
            form=rules.form.on(on),
            bidding=bidding,
            ties=rules.ties.on(on),
            cost_containment=cost,
            emission_containment=emission,
            unsold=rules.unsold.on(on),
            cancellation=rules.cancellation.on(on),
            limits={each.kind: Fraction(each.share) for each in bidding.value.limits},
            reserve_price=least,
            reserve_amount=amount,
            reserve_price_reference=floor.reference,
            cost_trigger=max(least, over[0]),
            emission_trigger=max(least, over[1]),
        )

    @property
    def currency(self) -> Currency:
        """The money of the auction."""
        return Currency(self.lot.value.currency)

    def ticks(self, amount: Decimal) -> int:
        """A price that was asked whether it is on the tick, in ticks."""
        count = amount / self.step
        assert count == int(count), f"the price {amount} is on the tick {self.step}"
        return int(count)

    def money(self, ticks: int, count: int) -> Money:
        """What so many units cost at a price in ticks."""
        return Money(ticks * self.lot.value.tick * count, self.currency)
