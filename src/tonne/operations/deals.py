"""Deals over the counter: proposed or quoted, confirmed by both sides, settled when they are due.

What a side confirms it promises: its units, or its money with tax, fee and commission, are held
from then on. How a deal stands is never kept; it is worked out from what was said of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from tonne.ledger import Transaction
from tonne.market import (
    Deal,
    DealState,
    DealWord,
    Said,
    deal_grounds,
    deal_legs,
    publication,
    say_of_deal,
)
from tonne.operations.accounts import the_account
from tonne.operations.books import Books
from tonne.operations.deal_words import (
    DEAL,
    DealStands,
    Drawn,
    Lapsed,
    Told,
    deals,
    done_under,
    published,
    the_deal,
    trade_key,
)
from tonne.operations.heard import (
    Wanted,
    enter,
    grounds_of,
    lacking,
    moment,
    payment,
    promise,
    speak,
    still_held,
    subject_of,
)
from tonne.operations.record import Desk, Receipt, once, record_all
from tonne.operations.scheme import Scheme
from tonne.operations.settle import Trade, settle
from tonne.operations.weigh import Weighed, weigh
from tonne.quantity import Currency, Money, Price
from tonne.refusal import Refusal, Refused, refuse_if_any

__all__ = [
    "DealStands", "cancel", "confirm", "deals", "expire", "propose", "published", "quote",
    "request", "roll", "settle_due", "the_deal",
]  # fmt: skip

_NEW = "D-new"
"""What a deal is called as long as it has no number."""

Side = Literal["buyer", "seller"]


def propose(
    books: Books, scheme: Scheme, draft: Deal, *, by: str, key: str, desk: Desk
) -> DealStands:
    """Propose a deal with its price, as one of its sides or as its broker.

    A side that proposes has confirmed, and what it gives is held. The deal gets its own name.
    """
    return _begun(books, scheme, draft, "propose", "propose_deal", by=by, key=key, desk=desk)


def request(
    books: Books, scheme: Scheme, draft: Deal, *, by: str, key: str, desk: Desk
) -> DealStands:
    """Ask the other side for a price."""
    return _begun(books, scheme, draft, "request", "request_quote", by=by, key=key, desk=desk)


def quote(
    books: Books, scheme: Scheme, name: str, price: Price, *, by: str, key: str, desk: Desk
) -> DealStands:
    """Name a price for what was asked, or another one; what is given for it is held."""
    said = Said(word="quote", by=by, at=moment(desk), price=price)
    return _said(books, scheme, name, said, "quote_deal", key=key, desk=desk)


def confirm(
    books: Books, scheme: Scheme, name: str, *, by: str, key: str, desk: Desk
) -> DealStands:
    """Confirm a deal as one of its sides.

    Once both have it is settled, if it is due; else what both give is held until then.
    """
    said = Said(word="confirm", by=by, at=moment(desk))
    return _said(books, scheme, name, said, "confirm_deal", key=key, desk=desk)


def cancel(
    books: Books, scheme: Scheme, name: str, *, by: str | None, key: str, desk: Desk
) -> DealStands:
    """Reject or withdraw a deal that is not agreed; nobody but the market ends one that failed."""
    said = Said(word="cancel", by=by, at=moment(desk))
    return _said(books, scheme, name, said, "cancel_deal", key=key, desk=desk)


def roll(
    books: Books, scheme: Scheme, name: str, settle_on: date, *, key: str, desk: Desk
) -> DealStands:
    """Let a deal that failed be settled on a later day."""
    said = Said(word="roll", by=None, at=moment(desk), settle_on=settle_on)
    return _said(books, scheme, name, said, "roll_deal", key=key, desk=desk)


def settle_due(books: Books, scheme: Scheme, *, key: str, desk: Desk) -> tuple[DealStands, ...]:
    """Settle the deals that are due, each on its own; one that cannot be settled has failed."""
    digest, before = once(books, scheme, key, "settle_deals", DEAL)
    refuse_if_any(scheme.on(desk.day).act_refusals("settle_deals", desk.by))
    if before is None:
        because = (_law(scheme, desk),)
        enter(
            books, scheme, key=key, digest=digest, kind="settle_deals", because=because, desk=desk
        )
        for stands in deals(books, scheme, desk=desk):
            deal = stands.deal
            if deal.state is DealState.CONFIRMED and deal.settle_on <= desk.day:
                _settle_one(books, scheme, deal.id, key=f"{key}/{deal.id}", desk=desk)
    return done_under(books, scheme, key, desk)


def expire(books: Books, scheme: Scheme, *, key: str, desk: Desk) -> tuple[DealStands, ...]:
    """Free what is held for deals that nobody may confirm any more."""
    digest, before = once(books, scheme, key, "expire_deals", DEAL)
    refuse_if_any(scheme.on(desk.day).act_refusals("expire_deals", desk.by))
    if before is None:
        because = (_law(scheme, desk),)
        enter(
            books, scheme, key=key, digest=digest, kind="expire_deals", because=because, desk=desk
        )
        for each in deals(books, scheme, desk=desk):
            name = each.deal.id
            if not each.to_free:
                continue
            books.speak_alone(DEAL, subject_of(scheme, name))
            stands = the_deal(books, scheme, name, desk=desk)
            if not stands.to_free:
                continue
            part = f"{key}/{name}"
            digest, _ = once(books, scheme, part, "expire_deals", name)
            entry = enter(
                books, scheme, key=part, digest=digest, kind="expire_deals", because=because,
                desk=desk,
            )  # fmt: skip
            _free(books, scheme, entry, stands)
            speak(books, scheme, entry, DEAL, [(name, Lapsed(at=moment(desk)))])
    return done_under(books, scheme, key, desk)


def _begun(
    books: Books,
    scheme: Scheme,
    draft: Deal,
    word: DealWord,
    verb: str,
    *,
    by: str,
    key: str,
    desk: Desk,
) -> DealStands:
    """The deal after its first word, which names it."""
    draft = replace(draft, id=_NEW, state=DealState.NEW, confirmed=(), agreed_at=None)
    digest, before = once(books, scheme, key, verb, (draft, by))
    if before is not None:
        return the_deal(books, scheme, f"D-{before}", desk=desk)
    said = Said(word=word, by=by, at=moment(desk))
    deal, weighed = _decided(books, scheme, draft, said, verb, desk=desk)
    because = (_law(scheme, desk),)
    entry = enter(books, scheme, key=key, digest=digest, kind=verb, because=because, desk=desk)
    name = f"D-{entry}"
    deal, draft = replace(deal, id=name), replace(draft, id=name)
    wanted = _wanted(scheme, entry, deal, _new_sides(draft, deal), weighed)
    promise(books, scheme.on(desk.day), entry, wanted, desk=desk)
    speak(books, scheme, entry, DEAL, [(name, Drawn(deal=draft)), (name, Told(said=said))])
    return the_deal(books, scheme, name, desk=desk)


def _said(
    books: Books, scheme: Scheme, name: str, said: Said, verb: str, *, key: str, desk: Desk
) -> DealStands:
    """The deal after a word about it, with all that follows for what is held and what moves."""
    # Whoever sends a request again does it later, so when it was said is no part of it.
    asked = (name, said.by, said.price, said.settle_on)
    digest, before = once(books, scheme, key, verb, asked)
    books.speak_alone(DEAL, subject_of(scheme, name))
    stands = the_deal(books, scheme, name, desk=desk)
    if before is not None:
        return stands
    deal, weighed = _decided(books, scheme, stands.deal, said, verb, desk=desk)
    because = (_law(scheme, desk),)
    entry = enter(books, scheme, key=key, digest=digest, kind=verb, because=because, desk=desk)
    words = [(name, Told(said=said))]
    if deal.state is DealState.CANCELLED or said.word == "quote":
        _free(books, scheme, entry, stands)
    if said.word == "confirm" and _is_due(deal, desk):
        _free(books, scheme, entry, stands)
        _move(books, scheme, deal, desk)
        words.append((name, Told(said=Said(word="settle", by=None, at=said.at))))
    else:
        wanted = _wanted(scheme, entry, deal, _new_sides(stands.deal, deal, said), weighed)
        promise(books, scheme.on(desk.day), entry, wanted, desk=desk)
    speak(books, scheme, entry, DEAL, words)
    return the_deal(books, scheme, name, desk=desk)


def _decided(
    books: Books, scheme: Scheme, deal: Deal, said: Said, verb: str, *, desk: Desk
) -> tuple[Deal, Weighed]:
    """The deal after a word and what it costs, or every ground against it."""
    day = scheme.on(desk.day)
    grounds = [*day.act_refusals(verb, desk.by)]
    after, why = grounds_of(lambda: say_of_deal(deal, said, scheme.deals))
    grounds.extend(why)
    weighed = Weighed(buyer=0, seller=0, refusals=())
    if said.word in ("request", "propose", "quote", "confirm"):
        grounds.extend(_broker_unknown(books, scheme, deal, desk))
        if not any(isinstance(no, deal_grounds.PartiesNotApart) for no in why):
            asked = after or replace(deal, price=said.price or deal.price)
            weighed = _weigh(books, scheme, asked, desk)
            grounds.extend(weighed.refusals)
    refuse_if_any(dict.fromkeys(grounds))
    assert after is not None, "what is not refused is decided"
    return after, weighed


def _weigh(books: Books, scheme: Scheme, deal: Deal, desk: Desk) -> Weighed:
    """What a deal costs both sides, and what is against it but for what they have."""
    paid = _commissions(deal, scheme, desk)
    return weigh(books, scheme, _trade(deal, scheme, desk), desk=desk, also=paid)


def _broker_unknown(books: Books, scheme: Scheme, deal: Deal, desk: Desk) -> tuple[Refusal, ...]:
    if deal.brokerage is None:
        return ()
    broker, day = deal.brokerage.broker, scheme.on(desk.day)
    return grounds_of(lambda: the_account(books, scheme, broker, day))[1]


def _trade(deal: Deal, scheme: Scheme, desk: Desk | None = None) -> Trade:
    """The trade that settles a deal; one without a price yet is weighed at the least of money."""
    price = deal.price
    if price is None:
        assert desk is not None, "what is settled has a price"
        code = scheme.registry.currency.on(desk.day).value
        price = Price(minor=Decimal(1), tick=Decimal(1), currency=Currency(code))
    told = publication(deal, scheme.deals)
    return Trade(
        key=trade_key(scheme, deal),
        buyer=deal.buyer,
        seller=deal.seller,
        unit=deal.unit,
        count=deal.count,
        price=price,
        free=deal.delivery == "free_of_payment",
        public=deal.price_public,
        delay=0 if told is None else (told.published_at - told.agreed_at) // timedelta(minutes=1),
    )


def _commissions(deal: Deal, scheme: Scheme, desk: Desk) -> tuple[Transaction, ...]:
    """The payments to the broker, as the room has them: who pays with what right."""
    if deal.brokerage is None or deal.price is None:
        return ()
    broker = deal.brokerage.broker
    legs = deal_legs(replace(deal, state=DealState.CONFIRMED))
    return tuple(
        payment(
            leg.source,
            broker,
            Money(leg.count, Currency(leg.asset)),
            key=f"{trade_key(scheme, deal)}, {leg.source}",
            because=(_law(scheme, desk),),
        )
        for leg in legs
        if leg.target == broker
    )


def _move(books: Books, scheme: Scheme, deal: Deal, desk: Desk) -> None:
    """Settle a deal: units against money and the broker's commission, all of it or nothing."""
    (answer,) = settle(books, scheme, [_trade(deal, scheme)], desk=desk)
    if not isinstance(answer, Receipt):
        raise Refused(answer)
    record_all(books, scheme, _commissions(deal, scheme, desk), desk=desk)


def _new_sides(before: Deal, after: Deal, said: Said | None = None) -> tuple[Side, ...]:
    """The sides that have confirmed now; who quotes does it anew."""
    stood = () if said is not None and said.word == "quote" else before.confirmed
    return tuple(side for side in after.confirmed if side not in stood)


def _wanted(
    scheme: Scheme, entry: int, deal: Deal, sides: Sequence[Side], weighed: Weighed
) -> list[Wanted]:
    """What sides that have confirmed give."""
    if deal.price is None:
        return []
    units, paid, paid_too = _hold_keys(scheme, deal, entry)
    money = deal.price.currency.code
    by_side = {
        "buyer": [Wanted(paid, deal.buyer, money, weighed.buyer)],
        "seller": [
            Wanted(units, deal.seller, deal.unit, deal.count),
            Wanted(paid_too, deal.seller, money, weighed.seller),
        ],
    }
    return [each for side in sides for each in by_side[side]]


def _hold_keys(scheme: Scheme, deal: Deal, entry: int) -> tuple[str, str, str]:
    """The keys of the seller's units, the buyer's money and the seller's, held by an entry."""
    start = f"{DEAL} {subject_of(scheme, deal.id)} {entry}"
    return f"{start} units", f"{start} money", f"{start} money of the seller"


def _free(books: Books, scheme: Scheme, entry: int, stands: DealStands) -> None:
    """Free all that is held for a deal."""
    entries = dict.fromkeys(spoken.entry for spoken, _ in stands.words)
    keys = [key for each in entries for key in _hold_keys(scheme, stands.deal, each)]
    books.end_holds(entry, still_held(books, keys))


def _settle_one(books: Books, scheme: Scheme, name: str, *, key: str, desk: Desk) -> None:
    """Settle a deal that is due, or write down why it failed; then what is free is held again."""
    books.speak_alone(DEAL, subject_of(scheme, name))
    stands = the_deal(books, scheme, name, desk=desk)
    deal = stands.deal
    if not _is_due(deal, desk):
        return
    digest, _ = once(books, scheme, key, "settle_deals", name)
    entry = enter(
        books, scheme, key=key, digest=digest, kind="settle_deals",
        because=(_law(scheme, desk),), desk=desk,
    )  # fmt: skip
    _free(books, scheme, entry, stands)
    weighed, day = _weigh(books, scheme, deal, desk), scheme.on(desk.day)
    wanted = _wanted(scheme, entry, deal, deal.confirmed, weighed)
    against = [*weighed.refusals, *(short := lacking(books, wanted, day))]
    if not against:
        _move(books, scheme, deal, desk)
    else:
        missing = {(no.account, no.asset) for no in short}
        there = [each for each in wanted if (each.account, each.code) not in missing]
        promise(books, day, entry, there, desk=desk)
    said = Said(word="fail" if against else "settle", by=None, at=moment(desk))
    why = tuple(f"[{no.number}] {no}" for no in against)
    speak(books, scheme, entry, DEAL, [(name, Told(said=said, why=why))])


def _is_due(deal: Deal, desk: Desk) -> bool:
    return deal.state is DealState.CONFIRMED and deal.settle_on <= desk.day


def _law(scheme: Scheme, desk: Desk) -> str:
    return scheme.deals.settlement_days.on(desk.day).reference
