"""What is said of clock auctions and kept word for word, and how one stands by what was said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from msgspec import Struct

from tonne.market import ClockResult, ClockRound, ClockRule, clock_result, tender_refusals
from tonne.operations.books import Books
from tonne.operations.heard import Heard, Wanted, hear, promise, still_held, subject_of
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.tender_grounds import ClockCalledOff, ClockRuns, ClockUnknown
from tonne.quantity import EXACT, product
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.rulebook import Clause

CLOCK, BIDS = "clock", "bids at the clock"


class Opened(Struct, frozen=True, kw_only=True, tag="opened"):
    """A clock as it was opened: who is admitted to bid, and who pays; its budget is on hold."""

    bidders: tuple[str, ...]
    buyer: str
    on: date


class Ended(Struct, frozen=True, kw_only=True, tag="ended"):
    """A round is over: its price, and what was bid at it."""

    price: Decimal
    bids: dict[str, int]


class Agreed(Struct, frozen=True, kw_only=True, tag="agreed"):
    """The agreement with one who was left: so many tonnes a year less, for so much in all."""

    agreement: str
    bidder: str
    count: int
    """Tonnes a year, in the last year of the path."""

    price: Decimal
    minor: int
    """The incentive in all, in the smallest coins."""

    targets: tuple[Decimal, ...]
    """Tonnes less in each year of the path."""


class Offered(Struct, frozen=True, kw_only=True):
    """What a bidder would reduce at the price of a round: until it ends nobody else is told."""

    bidder: str
    count: int
    round: int


class Part(Struct, frozen=True, kw_only=True):
    """What was paid to one for a year, by which transaction; money in its smallest coins."""

    bidder: str
    minor: int
    transaction: int


class Unpaid(Struct, frozen=True, kw_only=True):
    """Who could not be paid for a year, and why; it is still due."""

    bidder: str
    why: tuple[str, ...]


class Settled(Struct, frozen=True, kw_only=True, tag="settled"):
    """A year of the path was paid, to those who reduced what they had agreed to."""

    year: int
    paid: tuple[Part, ...]
    missed: tuple[str, ...]
    """Who did not: of that year they get nothing."""

    unpaid: tuple[Unpaid, ...]


class CalledOff(Struct, frozen=True, kw_only=True, tag="called_off"):
    """The clock was called off before it stopped; its budget is free."""

    reason: str


ClockBody = Opened | Ended | Agreed | Settled | CalledOff


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStands:
    """A clock auction as it stands by what was said of it."""

    name: str
    opened: Opened
    price: Decimal | None
    """Which is called now; nothing once the clock has stopped."""

    rounds: tuple[ClockRound, ...] = ()
    result: ClockResult | None = None
    agreements: tuple[Agreed, ...] = ()
    bids: Mapping[str, int] = field(default_factory=dict)
    """What was bid so far in the round that runs."""

    settled: tuple[Settled, ...] = ()
    called_off: CalledOff | None = None
    entries: tuple[int, ...] = ()
    """By which something was said of it."""

    @property
    def round(self) -> int:
        """Which round runs, or was the last."""
        return len(self.rounds) + (self.price is not None)

    def due(self, year: int, scheme: Scheme) -> dict[str, int]:
        """What is still to be paid for a year of the path, by bidder; nothing after the last."""
        over = {
            who
            for each in self.settled
            if each.year == year
            for who in (*each.missed, *(part.bidder for part in each.paid))
        }
        years = self.years(scheme)
        return {
            each.bidder: part
            for each in self.agreements
            if each.bidder not in over
            and 0 < year <= years
            and (part := each.minor * year // years - each.minor * (year - 1) // years)
        }

    def left(self, scheme: Scheme) -> int:
        """What is still to be paid for all years."""
        years = range(1, self.years(scheme) + 1)
        return sum(sum(self.due(year, scheme).values()) for year in years)

    def years(self, scheme: Scheme) -> int:
        """In how many parts each is paid: one for each year of the path, or all at once."""
        payment = scheme.clocks.payment.on(self.opened.on).value
        return len(self.law(scheme).value.path) if payment == "each_year" else 1

    def law(self, scheme: Scheme) -> Clause[ClockRule]:
        """The law of the day on which it was opened."""
        return scheme.clocks.clock.on(self.opened.on)


def result(books: Books, scheme: Scheme, name: str) -> ClockStands:
    """What a clock auction came to; refused while it runs."""
    stands = the_clock(books, scheme, name)
    if stands.result is None:
        law = stands.law(scheme)
        running = ClockRuns(reference=law.reference, clock=name, rounds=len(stands.rounds))
        refuse_if_any([*over(stands, law), running])
    return stands


def the_clock(books: Books, scheme: Scheme, name: str) -> ClockStands:
    """A clock auction by its name as it stands, or refused."""
    found = hear(books, scheme, CLOCK, ClockBody, name).get(name)
    if found is None:
        raise Refused([ClockUnknown(reference="Clock auctions of the scheme", clock=name)])
    stands = _stands(name, found, scheme)
    heard = hear(books, scheme, BIDS, Offered, name).get(name, [])
    said = [each.body for each in heard if isinstance(each.body, Offered)]
    running = {each.bidder: each.count for each in said if each.round == stands.round}
    return stands if stands.price is None else replace(stands, bids=running)


def clocks(books: Books, scheme: Scheme) -> tuple[ClockStands, ...]:
    """All clock auctions in the order in which they were opened."""
    found = hear(books, scheme, CLOCK, ClockBody)
    return tuple(_stands(name, each, scheme) for name, each in found.items())


def _stands(name: str, heard: Sequence[Heard], scheme: Scheme) -> ClockStands:
    """A clock auction out of all that was said of it."""
    first, *rest = (each.body for each in heard)
    assert isinstance(first, Opened), "a clock is opened before anything else"
    rounds = tuple(
        ClockRound(price=each.price, bids=each.bids) for each in rest if isinstance(each, Ended)
    )
    found = clock_result(rounds, scheme.clocks.clock.on(first.on))
    return ClockStands(
        name=name,
        opened=first,
        price=None if found is not None else price_after(scheme, first, len(rounds)),
        rounds=rounds,
        result=found,
        agreements=tuple(each for each in rest if isinstance(each, Agreed)),
        settled=tuple(each for each in rest if isinstance(each, Settled)),
        called_off=next((each for each in rest if isinstance(each, CalledOff)), None),
        entries=tuple(dict.fromkeys(each.spoken.entry for each in heard)),
    )


def price_after(scheme: Scheme, opened: Opened, rounds: int) -> Decimal:
    """The price that is called after so many rounds."""
    first, step = scheme.clocks.start_price.on(opened.on), scheme.clocks.step.on(opened.on)
    return EXACT.subtract(first.value, product(step.value, Decimal(rounds)))


def over(stands: ClockStands, law: Clause[ClockRule]) -> Iterator[Refusal]:
    """8255, 8860: after the round that fitted the budget, or the calling off, there is no other."""
    if stands.called_off is not None:
        yield ClockCalledOff(
            reference=law.reference, clock=stands.name, reason=stands.called_off.reason
        )
    if stands.result is not None:
        rounds = len(stands.rounds)
        yield tender_refusals.ClockStopped(reference=law.reference, rounds=rounds)


def hold_again(
    books: Books, scheme: Scheme, stands: ClockStands, minor: int, *, entry: int, desk: Desk
) -> None:
    """Hold so much of the buyer's money for a clock, in the place of what was on hold for it."""
    keys = [_hold_key(scheme, stands.name, each) for each in stands.entries]
    books.end_holds(entry, still_held(books, keys))
    key, code = _hold_key(scheme, stands.name, entry), stands.law(scheme).value.currency
    wanted = [Wanted(key, stands.opened.buyer, code, minor)]
    promise(books, scheme.on(desk.day), entry, wanted, desk=desk)


def _hold_key(scheme: Scheme, name: str, entry: int) -> str:
    return f"{CLOCK} {subject_of(scheme, name)} {entry}"
