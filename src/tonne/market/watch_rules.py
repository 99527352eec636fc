"""The shape of the law of market data and surveillance: named methods and their thresholds.

Prices of a day are those of one instrument, in its lots. Surveillance looks at all trades of a kind
of unit and counts units.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tonne.rulebook import Dated

SettlementMethod = Literal["last_trade", "closing_average", "last_quotes"]
"""What a day's settlement price is: that of its last trade, the average of the trades before its
close, or the middle of the best bid and offer at the close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementPriceRule:
    """The methods in the order in which they are tried; at last, the price of the day before."""

    methods: tuple[SettlementMethod, ...]
    closing_minutes: int
    """How long before the close trades count for the average."""

    qty_min: int
    """How many lots must be traded for a price of trades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeringRule:
    """How many orders, how much larger than what was traded against them, and how soon away."""

    orders_min: int
    times: Decimal
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRule:
    """A ring of resales: how quick, of how many owners, over how many borders, how much of it."""

    minutes: int
    owners_min: int
    borders_min: int
    share: Decimal
    """The share of what was bought that is at least sold on; and no more than that above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRules:
    """What surveillance looks for."""

    settlement_price: Dated[SettlementPriceRule]
    round_trip_minutes: Dated[int]
    """So soon as many units come back in a trade that only pretends to be one."""

    layering: Dated[LayeringRule]
    holding_limit: Dated[int]
    """The most that one owner may have of a kind of unit, what it has bought included."""

    price_band: Dated[Decimal]
    """The share of the reference price by which a trade may lie above or below it."""

    ring: Dated[RingRule]
