"""Why a bid is not taken, an offer not made, or an auction cancelled: each reason once."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from tonne.quantity import Money
from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class BidAfterClose(Refusal):
    """A bid is received before the close; one received at that moment is too late."""

    number: ClassVar[int] = 8200
    remedy: ClassVar[str] = "Bid in the next auction; the calendar shows its close."

    bid: str
    received: datetime
    closes: datetime

    def __str__(self) -> str:
        return f"Bid {self.bid} came at {self.received}; the auction closed at {self.closes}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidBeforeOpening(Refusal):
    """Bids are taken from the opening of the auction on."""

    number: ClassVar[int] = 8201
    remedy: ClassVar[str] = "Send the bid again once the auction is open."

    bid: str
    received: datetime
    opens: datetime

    def __str__(self) -> str:
        return f"Bid {self.bid} came at {self.received}; the auction opens at {self.opens}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidderNotAdmitted(Refusal):
    """Who bids has been admitted to the auctions, as a kind of bidder that the law names."""

    number: ClassVar[int] = 8202
    remedy: ClassVar[str] = "Apply for admission first, or bid through somebody admitted."

    bidder: str
    kind: str | None
    admitted: tuple[str, ...]

    def __str__(self) -> str:
        known = "unknown here" if self.kind is None else f"a bidder of the kind {self.kind}"
        return f"{self.bidder} is {known}; admitted are {', '.join(self.admitted)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidNotReplaced(Refusal):
    """A bid is replaced in its place where the law of the auction says how."""

    number: ClassVar[int] = 8209
    remedy: ClassVar[str] = "Take the bid back, and hand in another."

    auction: str

    def __str__(self) -> str:
        return f"The law of the auction {self.auction} does not let bids be replaced."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidUnderUsedId(Refusal):
    """A bidder gives each of its bids in an auction an id of its own."""

    number: ClassVar[int] = 8203
    remedy: ClassVar[str] = "Give the bid another id; the first one under this id stands."

    bid: str
    bidder: str

    def __str__(self) -> str:
        return f"{self.bidder} already has a bid {self.bid} in this auction."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidOffTick(Refusal):
    """A price that is bid is a whole number of ticks."""

    number: ClassVar[int] = 8204
    remedy: ClassVar[str] = "Bid a price that is a multiple of the tick."

    bid: str
    price: Decimal
    tick: Decimal

    def __str__(self) -> str:
        return f"Bid {self.bid}: {self.price} is not a multiple of the tick, {self.tick}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidOddLot(Refusal):
    """A bid is for one lot or more, whole ones."""

    number: ClassVar[int] = 8205
    remedy: ClassVar[str] = "Bid for a multiple of the lot."

    bid: str
    count: int
    lot: int

    def __str__(self) -> str:
        return f"Bid {self.bid}: {self.count:,} units are not whole lots of {self.lot:,}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidBelowReservePrice(Refusal):
    """Nothing is sold under the reserve price."""

    number: ClassVar[int] = 8206
    remedy: ClassVar[str] = "Bid the reserve price or more."

    bid: str
    price: Decimal
    reserve_price: Decimal

    def __str__(self) -> str:
        return f"Bid {self.bid}: {self.price} is under the reserve price of {self.reserve_price}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidOverLimit(Refusal):
    """One bidder, with all that belong to it, bids for no more than its part of the offer."""

    number: ClassVar[int] = 8207
    remedy: ClassVar[str] = "Bid for no more than what is left of the limit."

    bid: str
    bidder: str
    count: int
    already: int
    limit: int

    def __str__(self) -> str:
        return (
            f"Bid {self.bid}: {self.count:,} units on top of the {self.already:,} that "
            f"{self.bidder} and its group bid for are more than their limit of {self.limit:,}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BidWithoutCollateral(Refusal):
    """Collateral is lodged for what a bidder's bids may cost."""

    number: ClassVar[int] = 8208
    remedy: ClassVar[str] = "Lodge more collateral before the close, or bid for less."

    bid: str
    bidder: str
    needed: Money
    lodged: Money

    def __str__(self) -> str:
        return (
            f"Bid {self.bid}: the bids of {self.bidder} need collateral of {self.needed}; "
            f"{self.lodged} is lodged."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SaltTooShort(Refusal):
    """A sealed bid has a salt that nobody can guess, or its price could be found by trying."""

    number: ClassVar[int] = 8210
    remedy: ClassVar[str] = "Draw a salt of 32 characters or more by chance, for each bid anew."

    length: int
    least: int

    def __str__(self) -> str:
        return f"The salt has {self.length} characters; it needs {self.least}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentMalformed(Refusal):
    """A sealed bid is handed in as 64 hexadecimal digits, in small letters."""

    number: ClassVar[int] = 8211
    remedy: ClassVar[str] = "Hand in the commitment as it was computed from bid and salt."

    bid: str
    commitment: str

    def __str__(self) -> str:
        return f"Bid {self.bid}: {self.commitment!r:.80} is not a commitment."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidsStillSealed(Refusal):
    """Sealed bids are opened after the close, all at once."""

    number: ClassVar[int] = 8212
    remedy: ClassVar[str] = "Wait for the close."

    asked: datetime
    closes: datetime

    def __str__(self) -> str:
        return f"It is {self.asked}; the bids stay sealed until {self.closes}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidNotReceived(Refusal):
    """Only a bid that was handed in sealed is opened."""

    number: ClassVar[int] = 8213
    remedy: ClassVar[str] = "Open the bids that were received, under their own ids."

    bid: str
    bidder: str

    def __str__(self) -> str:
        return f"No sealed bid {self.bid} of {self.bidder} was received."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidChanged(Refusal):
    """A bid that is opened is the bid that was sealed."""

    number: ClassVar[int] = 8214
    remedy: ClassVar[str] = "Open the bid with price, count and salt as it was sealed."

    bid: str
    bidder: str
    commitment: str

    def __str__(self) -> str:
        return f"Bid {self.bid} of {self.bidder} is not the one sealed as {self.commitment}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidNotOpened(Refusal):
    """A sealed bid that its bidder does not open is no bid."""

    number: ClassVar[int] = 8215
    remedy: ClassVar[str] = "Open every bid in time; what is forfeited the law of the scheme says."

    bid: str
    bidder: str

    def __str__(self) -> str:
        return f"Sealed bid {self.bid} of {self.bidder} was not opened."


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOfNothing(Refusal):
    """An auction offers one unit or more, and each seller consigns one or more."""

    number: ClassVar[int] = 8220
    remedy: ClassVar[str] = "Offer units, or hold no auction; leave out who consigns nothing."

    seller: str
    count: int

    def __str__(self) -> str:
        return f"{self.seller} offers {self.count:,} units."


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerNamedTwice(Refusal):
    """A seller has one line in an offer."""

    number: ClassVar[int] = 8221
    remedy: ClassVar[str] = "Put all units of a seller in one line."

    seller: str

    def __str__(self) -> str:
        return f"{self.seller} is named twice among the sellers."


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOddLot(Refusal):
    """Where no lot is broken, what is offered is whole lots."""

    number: ClassVar[int] = 8222
    remedy: ClassVar[str] = "Offer a multiple of the lot; keep the rest for the next auction."

    count: int
    lot: int

    def __str__(self) -> str:
        return f"{self.count:,} units are not whole lots of {self.lot:,}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverTooLow(Refusal):
    """An auction is cancelled where fewer units are bid for than the law wants."""

    number: ClassVar[int] = 8230
    remedy: ClassVar[str] = "The units go where the law of unsold units sends them."

    demanded: int
    offered: int
    least: Decimal

    def __str__(self) -> str:
        return (
            f"{self.demanded:,} units are bid for and {self.offered:,} offered; "
            f"the cover must be {self.least} or more."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BiddersTooFew(Refusal):
    """An auction is cancelled where fewer bid than the law wants."""

    number: ClassVar[int] = 8231
    remedy: ClassVar[str] = "The units go where the law of unsold units sends them."

    bidders: int
    least: int

    def __str__(self) -> str:
        return f"There are {self.bidders} bidders; the law wants {self.least}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceUnderMarket(Refusal):
    """An auction is cancelled where its price is too far under that of the market."""

    number: ClassVar[int] = 8232
    remedy: ClassVar[str] = "The units go where the law of unsold units sends them."

    price: Money
    market: Money
    share: Fraction
    least: Decimal

    def __str__(self) -> str:
        return (
            f"The auction would clear at {self.price}, the market is at {self.market}; "
            f"the price must come to {self.least} of it or more."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLotOfAuctions(Refusal):
    """An auction sells a lot of auctions that the law lists on the day of its close."""

    number: ClassVar[int] = 8269
    remedy: ClassVar[str] = "Name a lot of auctions: tonne market list."

    instrument: str
    known: str

    def __str__(self) -> str:
        return f"{self.instrument!r:.80} is no lot of auctions; there are {self.known or 'none'}."


@dataclass(frozen=True, slots=True, kw_only=True)
class LotSettledLater(Refusal):
    """What is won is delivered and paid as the auction is cleared."""

    number: ClassVar[int] = 8270
    remedy: ClassVar[str] = "Settle such an auction elsewhere, or amend the law: no days."

    instrument: str
    days: int

    def __str__(self) -> str:
        return (
            f"{self.instrument} is settled {self.days} working days later; awards are settled at "
            "once."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOfLawOffTick(Refusal):
    """Every price that the law sets for auctions is on the tick of what is sold."""

    number: ClassVar[int] = 8271
    remedy: ClassVar[str] = "Amend the law: another price, or another tick."

    instrument: str
    price: Decimal
    tick: Decimal

    def __str__(self) -> str:
        return (
            f"The law's price of {self.price} is not on the tick of {self.instrument}, {self.tick}."
        )
