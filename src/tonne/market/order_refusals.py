"""Why an order is not taken, or not changed: each reason once, with its number."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownInstrument(Refusal):
    """Only what the law lists is traded."""

    number: ClassVar[int] = 8000
    remedy: ClassVar[str] = "Name one of the instruments of the scheme."

    instrument: str
    known: str

    def __str__(self) -> str:
        return f"{self.instrument!r} is not traded here; there are {self.known or 'none'}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldInAuctions(Refusal):
    """A lot of auctions is on no book: it is bid for under seal."""

    number: ClassVar[int] = 8026
    remedy: ClassVar[str] = "Bid in an auction that sells it, or name an instrument with a book."

    instrument: str

    def __str__(self) -> str:
        return f"{self.instrument} is sold in auctions and has no book."


@dataclass(frozen=True, slots=True, kw_only=True)
class OffTick(Refusal):
    """A price is a whole number of ticks."""

    number: ClassVar[int] = 8001
    remedy: ClassVar[str] = "Give the price as a multiple of the tick."

    instrument: str
    amount: Decimal
    tick: Decimal

    def __str__(self) -> str:
        return f"{self.amount} is no multiple of {self.tick}, the tick of {self.instrument}."


@dataclass(frozen=True, slots=True, kw_only=True)
class OddLot(Refusal):
    """A quantity is a whole number of lots."""

    number: ClassVar[int] = 8002
    remedy: ClassVar[str] = "Give a number of units that makes whole lots."

    instrument: str
    units: int
    lot: int

    def __str__(self) -> str:
        return f"{self.units:,} units are not whole lots; one of {self.instrument} is {self.lot:,}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingHalted(Refusal):
    """While trading is halted, orders are cancelled but neither given nor changed."""

    number: ClassVar[int] = 8003
    remedy: ClassVar[str] = "Wait until trading goes on."

    instrument: str

    def __str__(self) -> str:
        return f"Trading in {self.instrument} is halted."


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketClosed(Refusal):
    """Orders are given and changed in the hours of trading."""

    number: ClassVar[int] = 8004
    remedy: ClassVar[str] = "Wait for the opening call of the next trading day."

    instrument: str

    def __str__(self) -> str:
        return f"The book of {self.instrument} is closed."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfBand(Refusal):
    """A price lies within the band of the day."""

    number: ClassVar[int] = 8005
    remedy: ClassVar[str] = "Give a price within the band."

    price: int
    low: int
    high: int

    def __str__(self) -> str:
        return f"A price of {self.price} ticks is not within {self.low} to {self.high}."


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExpired(Refusal):
    """An order is good till a day that is not over."""

    number: ClassVar[int] = 8006
    remedy: ClassVar[str] = "Give a later day."

    expire_date: date
    day: date

    def __str__(self) -> str:
        return f"On {self.day} an order good till {self.expire_date} has expired."


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTradingDayPassed(Refusal):
    """An instrument is traded until its last trading day."""

    number: ClassVar[int] = 8007
    remedy: ClassVar[str] = "Trade an instrument of a later vintage or delivery."

    instrument: str
    last: date
    day: date

    def __str__(self) -> str:
        return f"{self.instrument} was traded until {self.last}; it is {self.day}."


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateClientOrderId(Refusal):
    """An owner gives a name to one order of a day, and to none while another has it."""

    number: ClassVar[int] = 8008
    remedy: ClassVar[str] = "Give the new order a name of its own."

    cl_ord_id: str
    order_id: int

    def __str__(self) -> str:
        return f"{self.cl_ord_id!r} is the name of order {self.order_id} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownOrder(Refusal):
    """What is changed or cancelled is an order that has not ended."""

    number: ClassVar[int] = 8009
    remedy: ClassVar[str] = "Look at your orders: it may have been filled, cancelled or expired."

    order: str

    def __str__(self) -> str:
        return f"There is no living order {self.order}."


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOfAnother(Refusal):
    """An order is changed and cancelled by its owner."""

    number: ClassVar[int] = 8010
    remedy: ClassVar[str] = "Name an order of your own."

    order_id: int
    owner: str

    def __str__(self) -> str:
        return f"Order {self.order_id} is not an order of {self.owner}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOnlyWouldTrade(Refusal):
    """An order that may only rest does not reach the best price of the other side."""

    number: ClassVar[int] = 8011
    remedy: ClassVar[str] = "Give a price that does not reach the other side."

    price: int
    best: int

    def __str__(self) -> str:
        return (
            f"At {self.price} ticks it would trade at once: the other side stands at {self.best}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToMatch(Refusal):
    """A market order needs somebody on the other side."""

    number: ClassVar[int] = 8012
    remedy: ClassVar[str] = "Give a price, and let the order rest."

    side: str

    def __str__(self) -> str:
        return f"Nobody is there with whom a market order to {self.side} could trade."


@dataclass(frozen=True, slots=True, kw_only=True)
class FillOrKillNotFillable(Refusal):
    """An order to be filled at once or not at all can be filled."""

    number: ClassVar[int] = 8013
    remedy: ClassVar[str] = "Ask for less, give a better price, or take what there is."

    order_qty: int

    def __str__(self) -> str:
        return f"{self.order_qty:,} lots cannot be traded at once within the order's price."


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumAboveSize(Refusal):
    """The minimum quantity of an order is a part of it."""

    number: ClassVar[int] = 8014
    remedy: ClassVar[str] = "Give a minimum from nothing to the size of the order."

    min_qty: int
    order_qty: int

    def __str__(self) -> str:
        return f"A minimum of {self.min_qty:,} is no part of {self.order_qty:,} lots."


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumNotFillable(Refusal):
    """As much as the order's minimum can be traded at once."""

    number: ClassVar[int] = 8015
    remedy: ClassVar[str] = "Lower the minimum or give a better price."

    min_qty: int

    def __str__(self) -> str:
        return f"{self.min_qty:,} lots cannot be traded at once within the order's price."


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTermsDisagree(Refusal):
    """The terms of an order fit its type and its time in force."""

    number: ClassVar[int] = 8016
    remedy: ClassVar[str] = "Leave out the term, or say it, as the type of the order wants it."

    term: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.term}: {self.wanted}."


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketOrderUnbounded(Refusal):
    """It is known what a market order to buy may cost: by the band of the day, or as it says."""

    number: ClassVar[int] = 8017
    remedy: ClassVar[str] = "Say in cash_order_qty how much money it may spend, or give a price."

    instrument: str

    def __str__(self) -> str:
        return f"{self.instrument} has no price band today, and the order names no sum of money."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInCall(Refusal):
    """A call takes orders that can wait for its price."""

    number: ClassVar[int] = 8018
    remedy: ClassVar[str] = "Leave out the term, or wait for continuous trading."

    term: str

    def __str__(self) -> str:
        return f"An order with {self.term} cannot be given in a call."


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedBelowFilled(Refusal):
    """An order cannot become smaller than what of it was traded."""

    number: ClassVar[int] = 8019
    remedy: ClassVar[str] = "Cancel the order, if it shall trade no more."

    order_qty: int
    cum_qty: int

    def __str__(self) -> str:
        return f"{self.cum_qty:,} lots were traded; the order cannot be of {self.order_qty:,}."


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOutOfOrder(Refusal):
    """Trading days follow each other."""

    number: ClassVar[int] = 8020
    remedy: ClassVar[str] = "Begin a later day."

    day: date
    last: date

    def __str__(self) -> str:
        return f"{self.day} cannot begin after {self.last}."


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOfNothing(Refusal):
    """An order is of one lot or more."""

    number: ClassVar[int] = 8021
    remedy: ClassVar[str] = "Ask for a positive whole number of lots."

    order_qty: int

    def __str__(self) -> str:
        return f"{self.order_qty:,} lots cannot be traded."


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTooLarge(Refusal):
    """No order is larger than the instrument allows."""

    number: ClassVar[int] = 8022
    remedy: ClassVar[str] = "Give several orders, or agree on a direct deal."

    order_qty: int
    lots_max: int

    def __str__(self) -> str:
        return f"{self.order_qty:,} lots are more than the {self.lots_max:,} of one order."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCovered(Refusal):
    """Before an order comes to the book, what it may cost or give is held; also for a trade."""

    number: ClassVar[int] = 8023
    remedy: ClassVar[str] = "Bring in what is missing, or ask for less."

    account: str
    asset: str
    needed: int
    free: int

    def __str__(self) -> str:
        return (
            f"Account {self.account} needs {self.needed} {self.asset} for this and has"
            f" {self.free} that are not held for something else."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerMistaken(Refusal):
    """An order names who stands behind its account, so that nobody trades with himself."""

    number: ClassVar[int] = 8024
    remedy: ClassVar[str] = "Give the order in the name of the account's holder."

    account: str
    owner: str

    def __str__(self) -> str:
        return f"Account {self.account} is not of {self.owner or 'nobody'}."


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedBefore(Refusal):
    """What was refused when its batch was taken is not decided again under the same key."""

    number: ClassVar[int] = 8025
    remedy: ClassVar[str] = "Send it again under a new key."

    order: str

    def __str__(self) -> str:
        return f"The order {self.order!r} was refused when this batch was taken the first time."
