"""Auctions are created, called off and told of; what is offered is on hold until then."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from msgspec import Struct

from tonne.ledger import Account, ExceedsHolding, Hold, Movement, Transaction
from tonne.market import AuctionLaw, Consigned, Offer, auction_refusals, offer_refusals, roll
from tonne.market import SealedBid as Commitment
from tonne.operations.auction_grounds import (
    AuctionNameUsed,
    AuctionOver,
    AuctionTimesUnfit,
    CollateralNotFull,
    ResultsNotOpened,
)
from tonne.operations.auction_words import (
    CalledOff,
    Cleared,
    Created,
    HeldAuction,
    Standing,
    alone,
    auctions,
    hold_of,
    in_order,
    law_of,
    spoken,
    standing,
    the_auction,
    utc,
    waiting,
    year_of,
)
from tonne.operations.books import Books
from tonne.operations.cash import unknown_money
from tonne.operations.heard import moment, subject_of
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.settle import TRADE
from tonne.operations.units import asset_of, government
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import Case, DayRules
from tonne.registry import refusals as case_refusals

CHECKS = (
    (AuctionNameUsed.number, "The auction has a name of its own"),
    (AuctionTimesUnfit.number, "It opens before it closes, and closes later than now"),
    (CollateralNotFull.number, "Bids are covered whole, or the law says what follows if not"),
    (auction_refusals.LotSettledLater.number, "What is won is settled as it is cleared"),
    (ExceedsHolding.number, "What is offered is held, free of promises"),
)
"""What is asked of an auction before it is created."""

FORFEIT = "forfeit_collateral"
"""The kind of transaction by which collateral is lost."""


class NewAuction(Struct, frozen=True, kw_only=True):
    """An auction that the authority will hold."""

    name: str
    instrument: str
    """The lot of auctions that is sold, by its code in the law."""

    count: int
    """Units of the authority, without those that earlier auctions left to this one."""

    opens: datetime
    closes: datetime
    consigned: tuple[Consigned, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()


def create(books: Books, scheme: Scheme, asked: NewAuction, *, key: str, desk: Desk) -> HeldAuction:
    """Create an auction: all that it offers is on hold, and so is what is left of the reserve."""
    digest, before = once(books, scheme, key, "create_auction", asked)
    if before is not None:
        return the_auction(books, scheme, asked.name)
    day = scheme.on(desk.day)
    law = law_of(scheme, asked.instrument, utc(asked.closes).date())
    unit = law.lot.value.unit
    refuse_if_any(unknown_money(law.currency, day))
    day.type_of(TRADE, unit)
    if (default := law.bidding.value.default) is not None and default.forfeited:
        day.type_of(FORFEIT, law.currency.code)
    alone(books, scheme, asked.name, year=True)
    earlier = auctions(books, scheme)
    created = _created(books, scheme, asked, law, earlier=earlier, day=day)
    made = HeldAuction(subject=subject_of(scheme, asked.name), entry=0, created=created)
    grounds = [
        *day.act_refusals("create_auction", desk.by),
        *_unfit(made, earlier, law, moment(desk)),
        *offer_refusals(created.offer, law),
    ]
    sellers = [each.seller for each in created.offer.consigned]
    unfit = accounts_unfit(books, day, desk, sellers, to=(created.offer.seller, unit))
    grounds += [no for found in unfit.values() for no in found]
    grounds += _not_there(books, made, day)
    desk.tell(CHECKS, grounds)
    refuse_if_any(dict.fromkeys(grounds))
    entry = books.enter(
        key=key,
        digest=digest,
        kind="create_auction",
        year=None,
        because=(law.form.reference, law.lot.reference, law.cost_containment.reference),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    asset = asset_of(unit, day)
    books.add_holds(
        entry,
        [Hold(key=hold, account=Account(who), asset=asset, count=n) for hold, who, n in
         made.holds()],
    )  # fmt: skip
    books.say(entry, [spoken(made.subject, created)])
    return replace(made, entry=entry)


def call_off(
    books: Books, scheme: Scheme, name: str, *, reason: str, key: str, desk: Desk
) -> HeldAuction:
    """Hold an auction no more: units and collateral are free again."""
    digest, before = once(books, scheme, key, "call_off_auction", (name, reason))
    if before is not None:
        return the_auction(books, scheme, name)
    day = scheme.on(desk.day)
    alone(books, scheme, name, year=True)
    found = the_auction(books, scheme, name)
    refuse_if_any([*day.act_refusals("clear_auction", desk.by), *over(found, moment(desk), day)])
    entry = books.enter(
        key=key,
        digest=digest,
        kind="call_off_auction",
        year=None,
        because=(day.on_acts,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    books.end_holds(entry, list(every_hold(found, standing(books, found))))
    word = CalledOff(reason=reason)
    books.say(entry, [spoken(found.subject, word)])
    return replace(found, called_off=word)


def results(books: Books, scheme: Scheme, name: str, *, desk: Desk) -> Cleared:
    """What is published of an auction, once its bids were opened."""
    found = the_auction(books, scheme, name)
    if found.cleared is None:
        refuse_if_any(
            [
                ResultsNotOpened(
                    reference=found.law(scheme).form.reference,
                    auction=name,
                    status=found.status(moment(desk)),
                    closes=found.created.closes,
                )
            ]
        )
    assert found.cleared is not None, "what is not refused was cleared"
    return found.cleared


def sealed_bids(books: Books, auction: HeldAuction) -> tuple[tuple[Commitment, ...], str]:
    """The bids of an auction as they lie sealed, in the order of receipt; and one hash of all."""
    listed = commitments(auction, standing(books, auction))
    return listed, roll(listed)


def commitments(auction: HeldAuction, found: dict[str, Standing]) -> tuple[Commitment, ...]:
    """What is known of these bids before the close."""
    name = auction.created.name
    return tuple(
        Commitment(
            auction=name,
            id=each.id,
            bidder=who,
            commitment=each.commitment,
            received=each.received,
        )
        for who, each in in_order(found)
    )


def every_hold(auction: HeldAuction, found: dict[str, Standing]) -> Iterator[str]:
    """The keys of all that is on hold for an auction."""
    yield from (key for key, _, _ in auction.holds())
    yield from (hold_of(auction, who, each.entry) for who, each in found.items() if each.held)


def over(auction: HeldAuction, at: datetime, day: DayRules) -> Iterator[Refusal]:
    """8802: what was cleared or called off is over."""
    status = auction.status(at)
    if status in {"cleared", "called off"}:
        name = auction.created.name
        yield AuctionOver(reference=day.on_acts, auction=name, status=status)


def accounts_unfit(
    books: Books, day: DayRules, desk: Desk, givers: Sequence[str], *, to: tuple[str, str]
) -> dict[str, tuple[Refusal, ...]]:
    """What the registry has against accounts that give ``to`` another an asset, by giver."""
    taker, code = to
    if not givers:
        return {}
    views = books.load((), others=[*givers, taker]).accounts
    asset, found = asset_of(code, day), {}
    for giver in givers:
        if giver == taker:
            continue
        given = Movement(source=Account(giver), target=Account(taker), asset=asset, count=1)
        probe = Transaction(key="asked", kind=TRADE, movements=(given,), because=(day.on_accounts,))
        case = Case(transaction=probe, by=desk.by, day=day, accounts=views)
        if grounds := tuple(case_refusals(case)):
            found[giver] = grounds
    return found


def _created(
    books: Books,
    scheme: Scheme,
    asked: NewAuction,
    law: AuctionLaw,
    *,
    earlier: Sequence[HeldAuction],
    day: DayRules,
) -> Created:
    """The auction with all that it has to offer: units asked for, units left to it, the reserve."""
    unit = law.lot.value.unit
    seller = government(books, scheme)[day.type_of("issue", unit).to_kinds[0]]
    consigned = {each.seller: each for each in asked.consigned}
    left = waiting(books, earlier, unit)
    free = books.free([(who, unit) for who in left])
    wanted = {seller: asked.count} | {who: each.count for who, each in consigned.items()}
    again = {
        who: min(count, max(0, free[who, unit] - wanted.get(who, 0))) for who, count in left.items()
    }
    again = {who: count for who, count in again.items() if count}
    others = [
        replace(each, count=each.count + again.get(each.seller, 0)) for each in asked.consigned
    ]
    others += [
        Consigned(seller=who, count=count)
        for who, count in again.items()
        if who != seller and who not in consigned
    ]
    year = utc(asked.closes).year
    taken = sum(
        each.created.set_aside if each.cleared is None else each.cleared.results.cost_sold
        for each in earlier
        if year_of(each) == year and each.called_off is None
    )
    return Created(
        name=asked.name,
        instrument=asked.instrument,
        unit=unit,
        opens=utc(asked.opens),
        closes=utc(asked.closes),
        offer=Offer(
            seller=seller, count=asked.count + again.get(seller, 0), consigned=tuple(others)
        ),
        again=tuple(Consigned(seller=who, count=count) for who, count in again.items()),
        set_aside=max(0, law.cost_containment.value.count - taken),
        groups=asked.groups,
    )


def _unfit(
    made: HeldAuction, earlier: Sequence[HeldAuction], law: AuctionLaw, now: datetime
) -> Iterator[Refusal]:
    """8800, 8801, 8803, 8270."""
    word, reference = made.created, law.form.reference
    if any(each.subject == made.subject for each in earlier):
        yield AuctionNameUsed(reference=reference, auction=word.name)
    if not word.opens < word.closes or word.closes <= now:
        yield AuctionTimesUnfit(
            reference=reference, opens=word.opens, closes=word.closes, now=utc(now)
        )
    rule = law.bidding.value
    if rule.collateral_share < 1 and rule.default is None:
        yield CollateralNotFull(reference=law.bidding.reference, share=rule.collateral_share)
    if days := law.lot.value.settlement_days:
        yield auction_refusals.LotSettledLater(
            reference=law.lot.reference, instrument=law.lot.value.code, days=days
        )


def _not_there(books: Books, made: HeldAuction, day: DayRules) -> Iterator[Refusal]:
    """3005: what is offered and what is set aside is there."""
    unit = made.created.unit
    asked: dict[str, int] = {}
    for _, who, count in made.holds():
        asked[who] = asked.get(who, 0) + max(0, count)
    known = [who for who in asked if books.accounts(number=who)]
    books.lock(known)
    free = books.free([(who, unit) for who in known])
    for who in known:
        there = free[who, unit]
        if asked[who] > there:
            yield ExceedsHolding(
                reference=day.on_transactions,
                account=who,
                asset=unit,
                asked=asked[who],
                free=there,
                held=books.holdings(who).get(unit, 0) - there,
            )
