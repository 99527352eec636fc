"""On which grounds what is said in a tender, or at the clock, is refused by the books."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from tonne.quantity import Money
from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderNameUsed(Refusal):
    """A tender has a name of its own in the scheme."""

    number: ClassVar[int] = 8840
    remedy: ClassVar[str] = "Give it another name; the tenders there are: tonne tender list."

    tender: str

    def __str__(self) -> str:
        return f"There is a tender {self.tender} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderBudgetUnfit(Refusal):
    """A tender has something to spend, in the money of the law."""

    number: ClassVar[int] = 8841
    remedy: ClassVar[str] = "Say a budget, in that money."

    budget: Money
    currency: str

    def __str__(self) -> str:
        return f"A budget of {self.budget} is none in {self.currency}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTimesUnfit(Refusal):
    """Interest closes after the tender was opened, and before the proposals do."""

    number: ClassVar[int] = 8842
    remedy: ClassVar[str] = "Choose a close that is to come, and a later one for the proposals."

    interest: datetime
    proposals: datetime
    now: datetime

    def __str__(self) -> str:
        return (
            f"Interest would close at {self.interest}, proposals at {self.proposals}; "
            f"now it is {self.now}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderUnknown(Refusal):
    """A tender is called by a name that was given to one."""

    number: ClassVar[int] = 8843
    remedy: ClassVar[str] = "Choose one of those there are: tonne tender list."

    tender: str

    def __str__(self) -> str:
        return f"There is no tender {self.tender!r:.80}."


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOpen(Refusal):
    """A shortlist is made, and a tender awarded, once the stage before it has closed."""

    number: ClassVar[int] = 8844
    remedy: ClassVar[str] = "Wait for the close."

    tender: str
    closes: datetime
    now: datetime

    def __str__(self) -> str:
        return f"In {self.tender} the stage closes at {self.closes}; now it is {self.now}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortlistMade(Refusal):
    """A shortlist is made once."""

    number: ClassVar[int] = 8845
    remedy: ClassVar[str] = "Look at it: tonne tender show."

    tender: str

    def __str__(self) -> str:
        return f"The shortlist of {self.tender} is made."


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortlistLacking(Refusal):
    """A price is proposed, and a tender awarded, after its shortlist was made."""

    number: ClassVar[int] = 8846
    remedy: ClassVar[str] = "Let the authority make it: tonne tender shortlist."

    tender: str

    def __str__(self) -> str:
        return f"{self.tender} has no shortlist yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderAwarded(Refusal):
    """A tender is awarded once."""

    number: ClassVar[int] = 8847
    remedy: ClassVar[str] = "Look at what came of it: tonne tender show."

    tender: str

    def __str__(self) -> str:
        return f"{self.tender} is awarded."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalChanged(Refusal):
    """A proposal that is opened is the one that was sealed."""

    number: ClassVar[int] = 8848
    remedy: ClassVar[str] = "Find out who changed it; it does not count."

    project: str
    commitment: str

    def __str__(self) -> str:
        return f"The proposal for {self.project} does not fit its hash, {self.commitment}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsLacking(Refusal):
    """Where the law asks a jury, it has given points to every proposal."""

    number: ClassVar[int] = 8849
    remedy: ClassVar[str] = "Give points to each of them."

    projects: tuple[str, ...]

    def __str__(self) -> str:
        return f"No points were given to {', '.join(self.projects)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalExceedsInterest(Refusal):
    """What is proposed of a project is no more than was put forward."""

    number: ClassVar[int] = 8850
    remedy: ClassVar[str] = "Propose as many units as were put forward, or fewer."

    project: str
    count: int
    most: int

    def __str__(self) -> str:
        return f"{self.project}: {self.count:,} units are proposed; {self.most:,} were put forward."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockNameUsed(Refusal):
    """A clock auction has a name of its own in the scheme."""

    number: ClassVar[int] = 8851
    remedy: ClassVar[str] = "Give it another name; those there are: tonne clock list."

    clock: str

    def __str__(self) -> str:
        return f"There is a clock auction {self.clock} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockUnknown(Refusal):
    """A clock auction is called by a name that was given to one."""

    number: ClassVar[int] = 8852
    remedy: ClassVar[str] = "Choose one of those there are: tonne clock list."

    clock: str

    def __str__(self) -> str:
        return f"There is no clock auction {self.clock!r:.80}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRuns(Refusal):
    """A clock auction has a result once a round has fitted the budget."""

    number: ClassVar[int] = 8853
    remedy: ClassVar[str] = "Wait for the rounds to come."

    clock: str
    rounds: int

    def __str__(self) -> str:
        return f"The clock of {self.clock} still runs, after {self.rounds} rounds."


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundWithoutBids(Refusal):
    """A round is ended after somebody has bid in it, if only to leave."""

    number: ClassVar[int] = 8854
    remedy: ClassVar[str] = "Wait for bids."

    clock: str
    round: int

    def __str__(self) -> str:
        return f"Nobody has bid in round {self.round} of {self.clock}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBiddersLacking(Refusal):
    """At a clock there is somebody who is admitted to bid, each once."""

    number: ClassVar[int] = 8855
    remedy: ClassVar[str] = "Name each bidder once."

    clock: str

    def __str__(self) -> str:
        return f"The bidders of {self.clock} are none, or one is named twice."


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceNotCalled(Refusal):
    """Who bids at the clock bids at the price that is called."""

    number: ClassVar[int] = 8856
    remedy: ClassVar[str] = "Look at the price that is called, and bid at it: tonne clock show."

    price: Decimal
    called: Decimal

    def __str__(self) -> str:
        return f"A bid at {self.price}; {self.called} is called."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalUnknown(Refusal):
    """What is replaced was proposed before, by the same account for the same project."""

    number: ClassVar[int] = 8857
    remedy: ClassVar[str] = "Hand it in as the first one."

    project: str
    tenderer: str

    def __str__(self) -> str:
        return f"{self.tenderer} has no proposal for {self.project} that could be replaced."


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderCalledOff(Refusal):
    """In a tender that was called off nothing is said any more."""

    number: ClassVar[int] = 8858
    remedy: ClassVar[str] = "Look at the reason: tonne tender show. Take part in the next tender."

    tender: str
    reason: str

    def __str__(self) -> str:
        return f"The tender {self.tender} was called off: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingDueAtClock(Refusal):
    """What a clock came to is paid once, for the years of which the law says so."""

    number: ClassVar[int] = 8859
    remedy: ClassVar[str] = "Look at what was paid, and name another year: tonne clock show."

    clock: str
    year: int
    years: int

    def __str__(self) -> str:
        return f"For year {self.year} of {self.years} nothing is due by the clock {self.clock}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockCalledOff(Refusal):
    """At a clock that was called off nothing is said any more."""

    number: ClassVar[int] = 8860
    remedy: ClassVar[str] = "Look at the reason: tonne clock show. Take part in the next auction."

    clock: str
    reason: str

    def __str__(self) -> str:
        return f"The clock {self.clock} was called off: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutAgreement(Refusal):
    """Who missed its reductions had agreed to them, and is not paid for that year."""

    number: ClassVar[int] = 8861
    remedy: ClassVar[str] = "Name bidders to whom something is due: tonne clock show."

    clock: str
    bidder: str
    year: int

    def __str__(self) -> str:
        return f"To {self.bidder} nothing is due for year {self.year} of the clock {self.clock}."
