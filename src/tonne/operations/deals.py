"""Deals over the counter: proposed or quoted, confirmed by both sides, settled when they are due.

What a side confirms it promises: its units, or its money with tax, fee and commission, are held
from then on. How a deal stands is never kept; it is worked out from what was said of it.
"""

from dataclasses import replace
from datetime import date

from tonne.market import Deal, DealState, DealWord, Said, deal_grounds, say_of_deal
from tonne.operations.accounts import the_account
from tonne.operations.books import Books
from tonne.operations.cures import FailedSide
from tonne.operations.deal_settlement import (
    Side,
    free_held,
    is_due,
    law_of,
    move,
    settle_due,
    wanted_of,
    weigh_deal,
)
from tonne.operations.deal_words import (
    DEAL,
    DealLine,
    DealStands,
    Lapsed,
    Told,
    deals,
    done_under,
    draw,
    published,
    the_deal,
)
from tonne.operations.heard import enter, grounds_of, moment, promise, speak, subject_of
from tonne.operations.own_deals import own_names, seen
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.weigh import Weighed
from tonne.quantity import Price
from tonne.refusal import Refusal, refuse_if_any

__all__ = [
    "DealLine", "DealStands", "FailedSide", "cancel", "confirm", "deals", "expire", "own_names",
    "propose", "published", "quote", "request", "roll", "seen", "settle_due", "the_deal",
]  # fmt: skip

_NEW = "D-new"
"""What a deal is called as long as it has no number."""


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


def expire(books: Books, scheme: Scheme, *, key: str, desk: Desk) -> tuple[DealStands, ...]:
    """Free what is held for deals that nobody may confirm any more."""
    digest, before = once(books, scheme, key, "expire_deals", DEAL)
    refuse_if_any(scheme.on(desk.day).act_refusals("expire_deals", desk.by))
    if before is None:
        because = (law_of(scheme, desk),)
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
            free_held(books, scheme, entry, stands)
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
    because = (law_of(scheme, desk),)
    entry = enter(books, scheme, key=key, digest=digest, kind=verb, because=because, desk=desk)
    name = f"D-{entry}"
    deal, draft = replace(deal, id=name), replace(draft, id=name)
    wanted = wanted_of(scheme, entry, deal, _new_sides(draft, deal), weighed)
    promise(books, scheme.on(desk.day), entry, wanted, desk=desk)
    draw(books, scheme, entry, draft, said)
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
    because = (law_of(scheme, desk),)
    entry = enter(books, scheme, key=key, digest=digest, kind=verb, because=because, desk=desk)
    words = [(name, Told(said=said))]
    if deal.state is DealState.CANCELLED or said.word == "quote":
        free_held(books, scheme, entry, stands)
    if said.word == "confirm" and is_due(deal, desk):
        free_held(books, scheme, entry, stands)
        move(books, scheme, deal, desk)
        words.append((name, Told(said=Said(word="settle", by=None, at=said.at))))
    else:
        wanted = wanted_of(scheme, entry, deal, _new_sides(stands.deal, deal, said), weighed)
        promise(books, scheme.on(desk.day), entry, wanted, desk=desk)
    speak(books, scheme, entry, DEAL, words)
    return the_deal(books, scheme, name, desk=desk)


def _decided(
    books: Books, scheme: Scheme, deal: Deal, said: Said, verb: str, *, desk: Desk
) -> tuple[Deal, Weighed]:
    """The deal after a word and what it costs, or every ground against it."""
    day = scheme.on(desk.day)
    grounds = [*day.act_refusals(verb, desk.by)]
    after, why = grounds_of(lambda: say_of_deal(deal, said, scheme.deals, scheme.calendar))
    grounds.extend(why)
    weighed = Weighed(due=0, buyer_fee=0, seller_fee=0, refusals=())
    if said.word in ("request", "propose", "quote", "confirm"):
        grounds.extend(_broker_unknown(books, scheme, deal, desk))
        if not any(isinstance(no, deal_grounds.PartiesNotApart) for no in why):
            asked = after or replace(deal, price=said.price or deal.price)
            weighed = weigh_deal(books, scheme, asked, desk)
            grounds.extend(weighed.refusals)
    refuse_if_any(dict.fromkeys(grounds))
    assert after is not None, "what is not refused is decided"
    return after, weighed


def _broker_unknown(books: Books, scheme: Scheme, deal: Deal, desk: Desk) -> tuple[Refusal, ...]:
    if deal.brokerage is None:
        return ()
    broker, day = deal.brokerage.broker, scheme.on(desk.day)
    return grounds_of(lambda: the_account(books, scheme, broker, day))[1]


def _new_sides(before: Deal, after: Deal, said: Said | None = None) -> tuple[Side, ...]:
    """The sides that have confirmed now; who quotes does it anew."""
    stood = () if said is not None and said.word == "quote" else before.confirmed
    return tuple(side for side in after.confirmed if side not in stood)
