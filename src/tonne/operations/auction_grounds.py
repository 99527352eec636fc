"""Why an auction is not created, or a bid not taken back, or results are not told."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from tonne.quantity import Money
from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionNameUsed(Refusal):
    """An auction has a name of its own in the scheme."""

    number: ClassVar[int] = 8800
    remedy: ClassVar[str] = "Give it another name; the auctions there are: tonne auction list."

    auction: str

    def __str__(self) -> str:
        return f"There is an auction {self.auction} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class CollateralNotFull(Refusal):
    """Where bids are covered in part, the law says what becomes of who does not pay the rest."""

    number: ClassVar[int] = 8801
    remedy: ClassVar[str] = "Amend the law: a default for those who do not pay, or a share of 1."

    share: Decimal

    def __str__(self) -> str:
        return (
            f"The law asks for collateral of {self.share} of what bids cost, and does not say what "
            "follows if the rest is not paid."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionOver(Refusal):
    """Nothing is done about an auction that was cleared or called off."""

    number: ClassVar[int] = 8802
    remedy: ClassVar[str] = "Look at what came of it: tonne auction show."

    auction: str
    status: str

    def __str__(self) -> str:
        return f"The auction {self.auction} is {self.status}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionTimesUnfit(Refusal):
    """An auction opens before it closes, and closes after it was announced."""

    number: ClassVar[int] = 8803
    remedy: ClassVar[str] = "Choose an opening, and a later close that is still to come."

    opens: datetime
    closes: datetime
    now: datetime

    def __str__(self) -> str:
        return f"It would open at {self.opens} and close at {self.closes}; now it is {self.now}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionUnknown(Refusal):
    """An auction is called by a name that was given to one."""

    number: ClassVar[int] = 8804
    remedy: ClassVar[str] = "Choose one of those there are: tonne auction list."

    auction: str

    def __str__(self) -> str:
        return f"There is no auction {self.auction!r:.80}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsNotOpened(Refusal):
    """Results are published once the sealed bids were opened, and not before."""

    number: ClassVar[int] = 8805
    remedy: ClassVar[str] = "Wait for the close, and until the authority has cleared the auction."

    auction: str
    status: str
    closes: datetime

    def __str__(self) -> str:
        return f"The auction {self.auction} is {self.status}; it closes at {self.closes}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidUnknown(Refusal):
    """A bid is taken back or replaced by the bidder that has it."""

    number: ClassVar[int] = 8806
    remedy: ClassVar[str] = "Name a bid that stands, by the id under which it was handed in."

    bid: str
    bidder: str

    def __str__(self) -> str:
        return f"No bid {self.bid!r:.80} of {self.bidder} stands in this auction."


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnAfterClose(Refusal):
    """A bid is taken back before the close; after it, it binds."""

    number: ClassVar[int] = 8807
    remedy: ClassVar[str] = "The bid stands."

    closes: datetime
    now: datetime

    def __str__(self) -> str:
        return f"It is {self.now}; the auction closed at {self.closes}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidWithoutTax(Refusal):
    """A bidder has the money for the tax on what the bids may win, beside the price."""

    number: ClassVar[int] = 8808
    remedy: ClassVar[str] = "Bring in more money before the close, or bid for less."

    bidder: str
    needed: Money
    free: Money

    def __str__(self) -> str:
        return (
            f"The bids of {self.bidder} may cost {self.needed} with tax; {self.free} is there "
            "for them."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPriceNeeded(Refusal):
    """Where the law measures an auction by the market, its price is known when it is cleared."""

    number: ClassVar[int] = 8809
    remedy: ClassVar[str] = "Say the price on the market, on the tick of the auction."

    tick: Decimal
    said: Decimal | None

    def __str__(self) -> str:
        said = "not said" if self.said is None else str(self.said)
        return f"The price on the market is {said}; the tick is {self.tick}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLater(Refusal):
    """A bid was received before it is entered."""

    number: ClassVar[int] = 8810
    remedy: ClassVar[str] = "Correct the moment of receipt."

    bid: str
    received: datetime
    now: datetime

    def __str__(self) -> str:
        return f"Bid {self.bid} would have come at {self.received}; now it is {self.now}."
