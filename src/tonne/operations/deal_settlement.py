"""Deals whose day has come: settled as far as both sides can, and the rest cured by law.

What each side promised is held until then, so a deal mostly fails because an account was
restricted since, or because the law takes more than it did.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from tonne import market
from tonne.ledger import Transaction
from tonne.market import Deal, DealState, Failure, Instruction, Said, deal_legs, publication
from tonne.operations.books import Books
from tonne.operations.cures import FailedSide, compensation, pay_compensation
from tonne.operations.deal_words import (
    DEAL,
    DealStands,
    Told,
    deals,
    done_under,
    the_deal,
    trade_key,
)
from tonne.operations.engine_words import last_traded
from tonne.operations.heard import (
    Wanted,
    enter,
    lacking,
    moment,
    payment,
    promise,
    speak,
    still_held,
    subject_of,
)
from tonne.operations.record import Desk, Receipt, once, record_all
from tonne.operations.scheme import INSTRUMENTS, SETTLEMENT, Scheme
from tonne.operations.settle import Trade, settle
from tonne.operations.weigh import Weighed, weigh
from tonne.quantity import Currency, Money, Price
from tonne.refusal import Refusal, Refused, refuse_if_any

Side = Literal["buyer", "seller"]


def settle_due(
    books: Books, scheme: Scheme, *, key: str, desk: Desk, spot: Price | None = None
) -> tuple[DealStands, ...]:
    """Settle the deals that are due, each on its own; what fails is named and cured by law.

    ``spot`` is what a unit costs elsewhere, for units that are traded on no book.
    """
    digest, before = once(books, scheme, key, "settle_deals", (DEAL, spot))
    refuse_if_any(scheme.on(desk.day).act_refusals("settle_deals", desk.by))
    if before is None:
        because = (law_of(scheme, desk),)
        enter(
            books, scheme, key=key, digest=digest, kind="settle_deals", because=because, desk=desk
        )
        for stands in deals(books, scheme, desk=desk):
            if is_due(stands.deal, desk):
                name = stands.deal.id
                _settle_one(books, scheme, name, key=f"{key}/{name}", desk=desk, spot=spot)
    return done_under(books, scheme, key, desk)


def is_due(deal: Deal, desk: Desk) -> bool:
    """Whether both sides agreed, and the day has come."""
    return deal.state is DealState.CONFIRMED and deal.settle_on <= desk.day


def law_of(scheme: Scheme, desk: Desk) -> str:
    """Under which law deals are made and settled."""
    return scheme.deals.settlement_days.on(desk.day).reference


def weigh_deal(
    books: Books, scheme: Scheme, deal: Deal, desk: Desk, count: int | None = None
) -> Weighed:
    """What a deal, or a part of it, costs both sides, and what is against it but what they have."""
    trade = _trade(deal, scheme, desk, count)
    return weigh(books, scheme, trade, desk=desk, also=_commissions(deal, scheme, desk, count))


def move(books: Books, scheme: Scheme, deal: Deal, desk: Desk, count: int | None = None) -> None:
    """Settle a deal or a part: units, money and the broker's commission, all of it or nothing."""
    (answer,) = settle(books, scheme, [_trade(deal, scheme, desk, count)], desk=desk)
    if not isinstance(answer, Receipt):
        raise Refused(answer)
    record_all(books, scheme, _commissions(deal, scheme, desk, count), desk=desk)


def wanted_of(
    scheme: Scheme, entry: int, deal: Deal, sides: Sequence[Side], weighed: Weighed
) -> list[Wanted]:
    """What sides that have confirmed give for what is left of a deal."""
    if deal.price is None:
        return []
    units, paid, paid_too = _hold_keys(scheme, deal, entry)
    money = deal.price.currency.code
    by_side = {
        "buyer": [Wanted(paid, deal.buyer, money, weighed.buyer)],
        "seller": [
            Wanted(units, deal.seller, deal.unit, deal.left),
            Wanted(paid_too, deal.seller, money, weighed.seller),
        ],
    }
    return [each for side in sides for each in by_side[side]]


def free_held(books: Books, scheme: Scheme, entry: int, stands: DealStands) -> None:
    """Free all that is held for a deal."""
    entries = dict.fromkeys(spoken.entry for spoken, _ in stands.words)
    keys = [key for each in entries for key in _hold_keys(scheme, stands.deal, each)]
    books.end_holds(entry, still_held(books, keys))


class _Tried(NamedTuple):
    """How many units can be settled, why no more, and which side failed the rest if one did."""

    units: int
    why: tuple[Refusal, ...] = ()
    failure: Failure | None = None
    barred: frozenset[str] = frozenset()
    """The sides against which there is more than that they have too little."""


def _settle_one(
    books: Books, scheme: Scheme, name: str, *, key: str, desk: Desk, spot: Price | None
) -> None:
    """Settle a deal that is due; or write down why it failed, and what becomes of it by law."""
    books.speak_alone(DEAL, subject_of(scheme, name))
    stands = the_deal(books, scheme, name, desk=desk)
    deal = stands.deal
    if not is_due(deal, desk):
        return
    digest, _ = once(books, scheme, key, "settle_deals", name)
    because = (law_of(scheme, desk),)
    entry = enter(
        books, scheme, key=key, digest=digest, kind="settle_deals", because=because, desk=desk
    )
    free_held(books, scheme, entry, stands)
    tried = _tried(books, scheme, deal, entry, desk)
    if tried.units:
        move(books, scheme, deal, desk, tried.units)
    if not tried.why:
        said = Said(word="settle", by=None, at=moment(desk))
        speak(books, scheme, entry, DEAL, [(name, Told(said=said))])
        return
    side = _failed_side(books, scheme, deal, tried, desk=desk, spot=spot)
    if side is not None:
        pay_compensation(books, scheme, [(f"{key} pays", side)], desk=desk)
    words = list(_words(tried, side, desk))
    speak(books, scheme, entry, DEAL, [(name, word) for word in words])
    if side is None or side.due is not None:
        _promise_rest(books, scheme, entry, the_deal(books, scheme, name, desk=desk).deal, desk)


def _tried(books: Books, scheme: Scheme, deal: Deal, entry: int, desk: Desk) -> _Tried:
    """Whether a deal can be settled; else who fails it, and how much of it, as on the books."""
    weighed, day = weigh_deal(books, scheme, deal, desk), scheme.on(desk.day)
    wanted = wanted_of(scheme, entry, deal, deal.confirmed, weighed)
    why = (*weighed.refusals, *lacking(books, wanted, day))
    if not why:
        return _Tried(deal.left)
    named = {getattr(no, "account", "") for no in weighed.refusals}
    barred = frozenset(named & {deal.buyer, deal.seller})
    if SETTLEMENT not in scheme.laws or (weighed.refusals and not barred):
        return _Tried(0, why)
    assert deal.price is not None, "what both have confirmed has a price"
    asked = Instruction(
        trade=deal.id,
        seller=deal.seller,
        buyer=deal.buyer,
        asset=deal.unit,
        count=deal.left,
        currency=deal.price.currency.code,
        money=weighed.due,
        buyer_fee=weighed.buyer_fee,
        seller_fee=weighed.seller_fee,
    )
    free = books.free(list({(each.account, each.code) for each in wanted}))
    found = market.settle(
        [asked], free, scheme.settlement, calendar=scheme.calendar, on=desk.day, barred=barred
    )
    (failure,) = found.failures
    count = deal.left - failure.instruction.count
    # A fee of a part may be a cent more than its share of that of the whole.
    while count and _too_much(books, scheme, deal, desk, count):
        count -= 1
    return _Tried(count, why, failure, barred)


def _too_much(books: Books, scheme: Scheme, deal: Deal, desk: Desk, count: int) -> bool:
    """Whether somebody has too little for so many units of a deal."""
    weighed = weigh_deal(books, scheme, deal, desk, count)
    part = replace(deal, count=count, settled=0)
    wanted = wanted_of(scheme, 0, part, part.confirmed, weighed)
    return bool(weighed.refusals or lacking(books, wanted, scheme.on(desk.day)))


def _failed_side(
    books: Books, scheme: Scheme, deal: Deal, tried: _Tried, *, desk: Desk, spot: Price | None
) -> FailedSide | None:
    """Which side failed if one did, and what it pays the other where others stand in for it."""
    failure = tried.failure
    side = None if failure is None else FailedSide.of(failure, deal.failures)
    if failure is None or side is None or side.due is not None:
        return side
    assert deal.price is not None, "what both have confirmed has a price"
    # Where nothing says what others ask, nothing shows that they ask more.
    now = last_price(books, scheme, deal.unit, deal.price.currency, desk=desk) or spot or deal.price
    pair = side.account, deal.price.currency.code
    free = 0 if tried.barred & {side.account, side.other} else books.free([pair])[pair]
    count = failure.instruction.count
    agreed = deal.price.times(count)
    paid = compensation(failure, agreed=agreed, now=now.times(count), free=free)
    return msgspec.structs.replace(side, paid=paid)


def last_price(
    books: Books, scheme: Scheme, unit: str, currency: Currency, *, desk: Desk
) -> Price | None:
    """At what price a unit was last traded on a book, for delivery now, in that money."""
    if INSTRUMENTS not in scheme.laws:
        return None
    traded = [
        (made.traded.at, each.price(made.traded.price))
        for each in scheme.instruments.instruments.on(desk.day).value
        if (each.unit, each.currency, each.delivery_day) == (unit, currency.code, None)
        and (made := last_traded(books, subject_of(scheme, each.code))) is not None
    ]
    return max(traded, key=lambda each: each[0])[1] if traded else None


def _words(tried: _Tried, side: FailedSide | None, desk: Desk) -> Iterator[Told]:
    """What is said of a deal that failed: that it did, and what becomes of it."""
    at = moment(desk)
    why = tuple(f"[{no.number}] {no}" for no in tried.why)
    yield Told(said=Said(word="fail", by=None, at=at, settled=tried.units), why=why, side=side)
    if side is not None and side.due is not None:
        yield Told(said=Said(word="roll", by=None, at=at, settle_on=side.due))
    elif side is not None:
        yield Told(said=Said(word="cure", by=None, at=at))


def _promise_rest(books: Books, scheme: Scheme, entry: int, deal: Deal, desk: Desk) -> None:
    """Hold what there is for what is left of a deal that failed."""
    day, weighed = scheme.on(desk.day), weigh_deal(books, scheme, deal, desk)
    wanted = wanted_of(scheme, entry, deal, deal.confirmed, weighed)
    missing = {(no.account, no.asset) for no in lacking(books, wanted, day)}
    there = [each for each in wanted if (each.account, each.code) not in missing]
    promise(books, day, entry, there, desk=desk)


def _trade(deal: Deal, scheme: Scheme, desk: Desk, count: int | None = None) -> Trade:
    """The trade that settles a deal; one without a price yet is weighed at the least of money."""
    price = deal.price
    if price is None:
        code = scheme.registry.currency.on(desk.day).value
        price = Price(minor=Decimal(1), tick=Decimal(1), currency=Currency(code))
    told = publication(deal, scheme.deals)
    return Trade(
        key=trade_key(scheme, deal),
        buyer=deal.buyer,
        seller=deal.seller,
        unit=deal.unit,
        count=deal.left if count is None else count,
        price=price,
        free=deal.delivery == "free_of_payment",
        public=deal.price_public,
        delay=0 if told is None else (told.published_at - told.agreed_at) // timedelta(minutes=1),
    )


def _commissions(
    deal: Deal, scheme: Scheme, desk: Desk, count: int | None = None
) -> tuple[Transaction, ...]:
    """The payments to the broker, as the room has them: who pays with what right."""
    if deal.brokerage is None or deal.price is None:
        return ()
    broker = deal.brokerage.broker
    legs = deal_legs(replace(deal, state=DealState.CONFIRMED), count)
    return tuple(
        payment(
            leg.source,
            broker,
            Money(leg.count, Currency(leg.asset)),
            key=f"{trade_key(scheme, deal)}, {leg.source}",
            because=(law_of(scheme, desk),),
        )
        for leg in legs
        if leg.target == broker
    )


def _hold_keys(scheme: Scheme, deal: Deal, entry: int) -> tuple[str, str, str]:
    """The keys of the seller's units, the buyer's money and the seller's, held by an entry."""
    start = f"{DEAL} {subject_of(scheme, deal.id)} {entry}"
    return f"{start} units", f"{start} money", f"{start} money of the seller"
