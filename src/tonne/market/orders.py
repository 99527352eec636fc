"""What a book is told: new orders, changes of orders, and the course of the trading day.

The words are those of FIX. Prices are in ticks, quantities in lots. These records hold plain
values only and no others of their kind, so the collector of garbage need not look at them.
"""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from tonne.market.instrument_rules import SelfTrade, TradingPhase

Side = Literal["buy", "sell"]
OrdType = Literal["limit", "market", "stop", "stop_limit"]
TimeInForce = Literal[
    "day", "good_till_cancel", "good_till_date", "immediate_or_cancel", "fill_or_kill"
]


class _Said(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="word"):
    """What a book is told can be written down and read again."""


class NewOrder(_Said, frozen=True, kw_only=True, gc=False, tag="new"):
    """An order to buy or to sell so many lots."""

    at: datetime
    account: str
    owner: str
    """Who stands behind the account: orders of one owner do not trade with each other."""

    cl_ord_id: str
    """The owner's own name for the order, given once a day and to one living order."""

    side: Side
    ord_type: OrdType = "limit"
    order_qty: int
    price: int | None = None
    stop_px: int | None = None
    """A stop waits until a trade is made at this price or beyond it."""

    time_in_force: TimeInForce = "day"
    expire_date: date | None = None
    """The last day of an order that is good till a date."""

    min_qty: int = 0
    """At least so many lots trade at once when the order comes to the book, or none does."""

    post_only: bool = False
    """The order may rest and be met; it never meets another."""

    cash_order_qty: int | None = None
    """A market order to buy may say how much money it spends at most, in minor units."""

    self_trade: SelfTrade | None = None


class Amend(_Said, frozen=True, kw_only=True, gc=False, tag="amend"):
    """A change of an order; what is not said stays. The quantity is the whole order's."""

    at: datetime
    owner: str
    cl_ord_id: str = ""
    order_id: int = 0
    """The book's number of the order, if it is not named by the owner's own name."""

    order_qty: int | None = None
    price: int | None = None
    stop_px: int | None = None


class Cancel(_Said, frozen=True, kw_only=True, gc=False, tag="cancel"):
    """An order shall not trade any more."""

    at: datetime
    owner: str
    cl_ord_id: str = ""
    order_id: int = 0


class MassCancel(_Said, frozen=True, kw_only=True, gc=False, tag="mass_cancel"):
    """No order of an owner, an account or a side shall trade any more; nothing said is all."""

    at: datetime
    owner: str | None = None
    account: str | None = None
    side: Side | None = None


class ChangePhase(_Said, frozen=True, kw_only=True, gc=False, tag="change_phase"):
    """The book opens, closes, is halted, or gathers orders for a call auction."""

    at: datetime
    phase: TradingPhase


class StartOfDay(_Said, frozen=True, kw_only=True, gc=False, tag="start_of_day"):
    """A trading day begins, with the price from which its band is measured."""

    at: datetime
    day: date
    reference_price: int | None = None


class EndOfDay(_Said, frozen=True, kw_only=True, gc=False, tag="end_of_day"):
    """The trading day is over: the book closes, and what was good for the day expires."""

    at: datetime


Message = NewOrder | Amend | Cancel | MassCancel | ChangePhase | StartOfDay | EndOfDay
