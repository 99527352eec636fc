"""On which grounds a word about a deal, or an allocation of a trade, is refused."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTheirDeal(Refusal):
    """Each word about a deal is said by the side whose turn it is."""

    number: ClassVar[int] = 8400
    remedy: ClassVar[str] = "Let the other side say it, or name the deal that is meant."

    deal: str
    word: str
    by: str
    part: str

    def __str__(self) -> str:
        return f"{self.by} ({self.part}) may not {self.word} the deal {self.deal} now."


@dataclass(frozen=True, slots=True, kw_only=True)
class DealOutOfTurn(Refusal):
    """A deal comes from one state to the next in the order of the market."""

    number: ClassVar[int] = 8401
    remedy: ClassVar[str] = "Look at the state of the deal; propose another where it is over."

    deal: str
    word: str
    state: str

    def __str__(self) -> str:
        return f"Nobody may {self.word} the deal {self.deal}, which is {self.state}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedTwice(Refusal):
    """A side confirms a deal once; to propose or quote is to confirm."""

    number: ClassVar[int] = 8402
    remedy: ClassVar[str] = "Wait for the other side."

    deal: str
    by: str

    def __str__(self) -> str:
        return f"{self.by} has confirmed the deal {self.deal} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLapsed(Refusal):
    """A deal is confirmed while it stands."""

    number: ClassVar[int] = 8403
    remedy: ClassVar[str] = "Propose the deal anew."

    deal: str
    until: datetime

    def __str__(self) -> str:
        return f"The deal {self.deal} stood until {self.until.isoformat()}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceMissing(Refusal):
    """A deal has its price in the record, whether or not the public is told of it."""

    number: ClassVar[int] = 8404
    remedy: ClassVar[str] = "Say the price; a gift has the price 0."

    deal: str

    def __str__(self) -> str:
        return f"The deal {self.deal} has no price."


@dataclass(frozen=True, slots=True, kw_only=True)
class PartiesNotApart(Refusal):
    """Buyer, seller and broker are different people."""

    number: ClassVar[int] = 8405
    remedy: ClassVar[str] = "Name two sides, and a broker who is neither."

    contract: str
    parties: tuple[str, ...]

    def __str__(self) -> str:
        return f"In {self.contract} somebody is on two sides: {', '.join(self.parties)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceNotWithheld(Refusal):
    """The price of a deal is kept from the public only where the law allows it."""

    number: ClassVar[int] = 8406
    remedy: ClassVar[str] = "Let the price be published."

    deal: str

    def __str__(self) -> str:
        return f"The price of the deal {self.deal} is published."


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack(Refusal):
    """What failed is rolled to a later day."""

    number: ClassVar[int] = 8407
    remedy: ClassVar[str] = "Name a day after the one on which the deal was due."

    deal: str
    due: date

    def __str__(self) -> str:
        return f"The deal {self.deal}, due on {self.due}, is rolled to no later day."


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationUnequal(Refusal):
    """What clients are allocated of a trade is the trade: no more, no less."""

    number: ClassVar[int] = 8440
    remedy: ClassVar[str] = "Correct the parts until they sum to the trade."

    trade: str
    traded: int
    allocated: int

    def __str__(self) -> str:
        return f"{self.allocated} units are allocated of {self.trade}, which is of {self.traded}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeNotWaiting(Refusal):
    """A trade is given to clients before it is settled."""

    number: ClassVar[int] = 8441
    remedy: ClassVar[str] = "Name a trade that waits for its settlement, or transfer the units."

    instrument: str
    trade: int

    def __str__(self) -> str:
        return f"No trade {self.trade} of {self.instrument} waits for its settlement."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSideOfTrade(Refusal):
    """Who gives a trade to clients has bought or sold in it, and has not given it before."""

    number: ClassVar[int] = 8442
    remedy: ClassVar[str] = "Name the account that bought or sold and has not given it to clients."

    trade: int
    account: str

    def __str__(self) -> str:
        return f"Account {self.account} has nothing to give of the trade {self.trade}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SidesDiffer(Refusal):
    """Trades that are given to clients together were all bought by the agent, or all sold."""

    number: ClassVar[int] = 8471
    remedy: ClassVar[str] = "Give what was bought and what was sold to clients separately."

    account: str
    bought: str
    sold: str

    def __str__(self) -> str:
        return f"{self.account} bought in the trades {self.bought} and sold in {self.sold}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientNamedTwice(Refusal):
    """Each client is named once with all that he gets of a trade."""

    number: ClassVar[int] = 8443
    remedy: ClassVar[str] = "Name the client once, with the sum."

    trade: int
    client: str

    def __str__(self) -> str:
        return f"Of the trade {self.trade}, {self.client} is named twice."


@dataclass(frozen=True, slots=True, kw_only=True)
class VatNotSaid(Refusal):
    """There is no tax treatment by default: the law says what applies between two countries."""

    number: ClassVar[int] = 8408
    remedy: ClassVar[str] = "Say where seller and buyer belong, or add the country to the law."

    country: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"The law does not say how a trade is taxed in {self.country!r}; "
            f"it does for {', '.join(self.known) or 'no country'}."
        )
