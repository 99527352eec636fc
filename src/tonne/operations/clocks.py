"""The clock: the authority pays for reductions, at a price that falls until the budget is enough.

The opening calls the first price. In each round the bidders say what they would reduce at its
price; the authority ends the round, and the clock stops or falls by a step. Nothing is paid and
nothing is on hold: who is left has an agreement, and is paid by it as the reductions come.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial

from msgspec import Struct

from tonne.market import (
    ClockResult,
    ClockRound,
    ClockRule,
    clock_result,
    clock_round,
    tender_refusals,
)
from tonne.operations.accounts import the_account
from tonne.operations.books import Books
from tonne.operations.cash import unknown_money
from tonne.operations.heard import Heard, enter, grounds_of, hear, speak, subject_of
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.tender_grounds import (
    ClockBiddersLacking,
    ClockNameUsed,
    ClockRuns,
    ClockUnknown,
    PriceNotCalled,
    RoundWithoutBids,
)
from tonne.quantity import EXACT, Currency, Money, product
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.rulebook import Clause

CLOCK, BIDS = "clock", "bids at the clock"


class Opened(Struct, frozen=True, kw_only=True, tag="opened"):
    """A clock as it was opened, and who is admitted to bid."""

    bidders: tuple[str, ...]
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


ClockBody = Opened | Ended | Agreed


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

    @property
    def round(self) -> int:
        """Which round runs, or was the last."""
        return len(self.rounds) + (self.price is not None)

    def law(self, scheme: Scheme) -> Clause[ClockRule]:
        """The law of the day on which it was opened."""
        return scheme.clocks.clock.on(self.opened.on)


def open_clock(
    books: Books, scheme: Scheme, name: str, *, bidders: Sequence[str], key: str, desk: Desk
) -> ClockStands:
    """Open a clock auction for those who are admitted: the first price is called."""
    digest, before = once(books, scheme, key, "open_clock", (name, tuple(bidders)))
    books.speak_alone(CLOCK, subject_of(scheme, name))
    if before is not None:
        return the_clock(books, scheme, name)
    law, day = scheme.clocks.clock.on(desk.day), scheme.on(desk.day)
    refuse_if_any(
        [
            *day.act_refusals("open_clock", desk.by),
            *unknown_money(Currency(law.value.currency), day),
            *_unfit(books, scheme, name, bidders, law.reference),
            *(
                no
                for each in dict.fromkeys(bidders)
                for no in grounds_of(partial(the_account, books, scheme, each, day))[1]
            ),
        ]
    )
    entry = enter(
        books, scheme, key=key, digest=digest, kind="open_clock", because=(law.reference,),
        desk=desk,
    )  # fmt: skip
    opened = Opened(bidders=tuple(bidders), on=desk.day)
    speak(books, scheme, entry, CLOCK, [(name, opened)])
    return the_clock(books, scheme, name)


def bid(
    books: Books,
    scheme: Scheme,
    name: str,
    *,
    bidder: str,
    price: Decimal,
    count: int,
    key: str,
    desk: Desk,
) -> ClockStands:
    """Say what a bidder would reduce at the price that is called; the last word of a round counts.

    It is tonnes a year, in the last year of the path; 0 leaves the auction. The bidder says the
    price too, so that nobody bids at a lower one that was called meanwhile.
    """
    digest, before = once(books, scheme, key, "bid_at_clock", (name, bidder, price, count))
    books.speak_alone(CLOCK, subject_of(scheme, name))
    stands = the_clock(books, scheme, name)
    if before is not None:
        return stands
    law = stands.law(scheme)
    refuse_if_any([*scheme.on(desk.day).act_refusals("bid_at_clock", desk.by), *_over(stands, law)])
    assert stands.price is not None, "what has not stopped has a price"
    called = ClockRound(price=stands.price, bids={bidder: count})
    other = PriceNotCalled(reference=law.reference, price=price, called=stands.price)
    refuse_if_any(
        [
            *([other] if price != stands.price else ()),
            *grounds_of(partial(clock_round, called, stands.rounds, stands.opened.bidders, law))[1],
        ]
    )
    entry = enter(
        books, scheme, key=key, digest=digest, kind="bid_at_clock", because=(law.reference,),
        desk=desk,
    )  # fmt: skip
    said = Offered(bidder=bidder, count=count, round=stands.round)
    speak(books, scheme, entry, BIDS, [(name, said)])
    return replace(stands, bids={**stands.bids, bidder: count})


def end_round(books: Books, scheme: Scheme, name: str, *, key: str, desk: Desk) -> ClockStands:
    """End a round: the clock stops if what was bid fits the budget, and else falls by a step.

    Who did not bid in the round has left.
    """
    digest, before = once(books, scheme, key, "end_round", name)
    books.speak_alone(CLOCK, subject_of(scheme, name))
    stands = the_clock(books, scheme, name)
    if before is not None:
        return stands
    law = stands.law(scheme)
    none = RoundWithoutBids(reference=law.reference, clock=name, round=stands.round)
    refuse_if_any(
        [
            *scheme.on(desk.day).act_refusals("end_round", desk.by),
            *_over(stands, law),
            *([none] if not stands.bids and stands.result is None else ()),
        ]
    )
    assert stands.price is not None, "what has not stopped has a price"
    called = ClockRound(price=stands.price, bids=stands.bids)
    clock_round(called, stands.rounds, stands.opened.bidders, law)
    rounds = (*stands.rounds, called)
    found = clock_result(rounds, law)
    if found is None:
        lower = ClockRound(price=_price(scheme, stands.opened, len(rounds)), bids={})
        clock_round(lower, rounds, stands.opened.bidders, law)
    entry = enter(
        books, scheme, key=key, digest=digest, kind="end_round", because=(law.reference,), desk=desk
    )
    ended = Ended(price=called.price, bids=dict(called.bids))
    agreed = _agreements(name, found, law) if found is not None else []
    speak(books, scheme, entry, CLOCK, [(name, each) for each in (ended, *agreed)])
    return the_clock(books, scheme, name)


def result(books: Books, scheme: Scheme, name: str) -> ClockStands:
    """What a clock auction came to; refused while it runs."""
    stands = the_clock(books, scheme, name)
    if stands.result is None:
        reference = stands.law(scheme).reference
        refuse_if_any([ClockRuns(reference=reference, clock=name, rounds=len(stands.rounds))])
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
        price=None if found is not None else _price(scheme, first, len(rounds)),
        rounds=rounds,
        result=found,
        agreements=tuple(each for each in rest if isinstance(each, Agreed)),
    )


def _price(scheme: Scheme, opened: Opened, rounds: int) -> Decimal:
    """The price that is called after so many rounds."""
    first, step = scheme.clocks.start_price.on(opened.on), scheme.clocks.step.on(opened.on)
    return EXACT.subtract(first.value, product(step.value, Decimal(rounds)))


def _agreements(name: str, found: ClockResult, law: Clause[ClockRule]) -> list[Agreed]:
    """One for each who was left, at the one price."""
    at = Currency(law.value.currency)
    return [
        Agreed(
            agreement=f"{name}/{bidder}",
            bidder=bidder,
            count=count,
            price=found.price,
            minor=Money.of(product(found.price, Decimal(count)), at).minor,
            targets=tuple(product(share, Decimal(count)) for share in law.value.path),
        )
        for bidder, count in found.awards.items()
    ]


def _over(stands: ClockStands, law: Clause[ClockRule]) -> Iterator[Refusal]:
    """8255: after the round that fitted the budget there is no other."""
    if stands.result is not None:
        rounds = len(stands.rounds)
        yield tender_refusals.ClockStopped(reference=law.reference, rounds=rounds)


def _unfit(
    books: Books, scheme: Scheme, name: str, bidders: Sequence[str], reference: str
) -> Iterator[Refusal]:
    """8851, 8855."""
    if hear(books, scheme, CLOCK, ClockBody, name):
        yield ClockNameUsed(reference=reference, clock=name)
    if not bidders or len(set(bidders)) < len(bidders):
        yield ClockBiddersLacking(reference=reference, clock=name)
