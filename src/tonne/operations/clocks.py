"""The clock: the authority pays for reductions, at a price that falls until the budget is enough.

The opening calls the first price, and puts the budget on hold. In each round the bidders say what
they would reduce at its price; the authority ends the round, and the clock stops or falls by a
step. Who is left has an agreement, and what it comes to stays on hold until it is paid.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from tonne import registry
from tonne.market import ClockResult, ClockRound, ClockRule, clock_result, clock_round
from tonne.operations.accounts import the_account
from tonne.operations.books import Books
from tonne.operations.cash import unknown_money
from tonne.operations.clock_payment import settle
from tonne.operations.clock_words import (
    BIDS,
    CLOCK,
    Agreed,
    CalledOff,
    ClockBody,
    ClockStands,
    Ended,
    Offered,
    Opened,
    Settled,
    clocks,
    hold_again,
    over,
    price_after,
    result,
    the_clock,
)
from tonne.operations.heard import (
    Wanted,
    enter,
    grounds_of,
    hear,
    lacking,
    speak,
    subject_of,
)
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.tender_grounds import (
    ClockBiddersLacking,
    ClockNameUsed,
    PriceNotCalled,
    RoundWithoutBids,
)
from tonne.operations.units import government
from tonne.quantity import Currency, Money, product
from tonne.refusal import Refusal, refuse_if_any
from tonne.rulebook import Clause

__all__ = [
    "Agreed", "ClockStands", "Settled", "bid", "call_off", "clocks", "end_round", "open_clock",
    "result", "settle", "the_clock",
]  # fmt: skip


def open_clock(
    books: Books, scheme: Scheme, name: str, *, bidders: Sequence[str], key: str, desk: Desk
) -> ClockStands:
    """Open a clock auction for those who are admitted: the first price is called."""
    digest, before = once(books, scheme, key, "open_clock", (name, tuple(bidders)))
    books.speak_alone(CLOCK, subject_of(scheme, name))
    if before is not None:
        return the_clock(books, scheme, name)
    law, day = scheme.clocks.clock.on(desk.day), scheme.on(desk.day)
    code = law.value.currency
    refuse_if_any(unknown_money(Currency(code), day))
    # Whose the proceeds of auctions are pays what a clock comes to.
    buyer = government(books, scheme)[day.type_of("collect_proceeds", code).from_kinds[0]]
    budget = Money.of(law.value.budget, Currency(code)).minor
    refuse_if_any(
        [
            *day.act_refusals("open_clock", desk.by),
            *lacking(books, [Wanted("", buyer, code, budget)], day),
            *(
                no
                for each in bidders
                for no in registry.same_account(buyer, each, reference=day.on_transactions)
            ),
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
    opened = Opened(bidders=tuple(bidders), buyer=buyer, on=desk.day)
    speak(books, scheme, entry, CLOCK, [(name, opened)])
    stands = the_clock(books, scheme, name)
    hold_again(books, scheme, stands, budget, entry=entry, desk=desk)
    return stands


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
    refuse_if_any([*scheme.on(desk.day).act_refusals("bid_at_clock", desk.by), *over(stands, law)])
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
            *over(stands, law),
            *([none] if not stands.bids and stands.result is None else ()),
        ]
    )
    assert stands.price is not None, "what has not stopped has a price"
    called = ClockRound(price=stands.price, bids=stands.bids)
    clock_round(called, stands.rounds, stands.opened.bidders, law)
    rounds = (*stands.rounds, called)
    found = clock_result(rounds, law)
    if found is None:
        lower = ClockRound(price=price_after(scheme, stands.opened, len(rounds)), bids={})
        clock_round(lower, rounds, stands.opened.bidders, law)
    entry = enter(
        books, scheme, key=key, digest=digest, kind="end_round", because=(law.reference,), desk=desk
    )
    ended = Ended(price=called.price, bids=dict(called.bids))
    agreed = _agreements(name, found, law) if found is not None else []
    if found is not None:
        hold_again(
            books, scheme, stands, sum(each.minor for each in agreed), entry=entry, desk=desk
        )
    speak(books, scheme, entry, CLOCK, [(name, each) for each in (ended, *agreed)])
    return the_clock(books, scheme, name)


def call_off(
    books: Books, scheme: Scheme, name: str, *, reason: str, key: str, desk: Desk
) -> ClockStands:
    """Let a clock run no more before it has stopped: its budget is free again."""
    digest, before = once(books, scheme, key, "call_off_clock", (name, reason))
    books.speak_alone(CLOCK, subject_of(scheme, name))
    stands = the_clock(books, scheme, name)
    if before is not None:
        return stands
    law = stands.law(scheme)
    refuse_if_any([*scheme.on(desk.day).act_refusals("end_round", desk.by), *over(stands, law)])
    entry = enter(
        books, scheme, key=key, digest=digest, kind="call_off_clock", because=(law.reference,),
        desk=desk,
    )  # fmt: skip
    hold_again(books, scheme, stands, 0, entry=entry, desk=desk)
    speak(books, scheme, entry, CLOCK, [(name, CalledOff(reason=reason))])
    return the_clock(books, scheme, name)


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


def _unfit(
    books: Books, scheme: Scheme, name: str, bidders: Sequence[str], reference: str
) -> Iterator[Refusal]:
    """8851, 8855."""
    if hear(books, scheme, CLOCK, ClockBody, name):
        yield ClockNameUsed(reference=reference, clock=name)
    if not bidders or len(set(bidders)) < len(bidders):
        yield ClockBiddersLacking(reference=reference, clock=name)
