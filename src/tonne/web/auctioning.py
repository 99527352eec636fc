"""An auction: what everybody is told of it, and the bids of an account for its own people."""

from decimal import Decimal
from secrets import token_hex
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from tonne.operations import Scheme, auctions, own_bids
from tonne.quantity import Currency, Money
from tonne.refusal import Refusal, Refused
from tonne.web import gate
from tonne.web.bargaining import held_auctions
from tonne.web.tables import Column, Line, Table
from tonne.web.today import account_of
from tonne.web.visit import Visit, unfit
from tonne.web.words import AUCTION_STATES

KEY_MOST = 64
LISTED_MAX = 20
"""So many auctions an account is told of at once, the latest first."""


def auction(visit: Visit) -> Response:
    """What is sold, when bids are taken and on which terms; once it is cleared, what came of it."""
    law = visit.office.scheme(visit.place("scheme"))
    found = visit.ask(lambda books: auctions.find(books, law, visit.place("auction")))
    table = _curve(visit, law, found)
    if visit.request.state.ending != "html":
        return visit.download(table, visit.request.state.ending, law)
    return visit.show(
        "auction.html", scheme=law, title=visit.title(law), table=table, **_told(visit, law, found)
    )


def own_auctions(visit: Visit) -> Response:
    """The auctions of the scheme, the latest first, for who may bid in them."""
    member = gate.member(visit)
    law, told = account_of(visit, member)
    found = held_auctions(visit, law)
    return visit.show(
        "own-auctions.html",
        member=member,
        scheme=law,
        told=told,
        auctions=found[: -LISTED_MAX - 1 : -1],
        states=_states(visit),
        at=visit.now,
    )


def own_auction(visit: Visit) -> Response:
    """An auction with the bids of an account: what stands, what was won; a bid is taken back."""
    member = gate.member(visit)
    law, told = account_of(visit, member)
    number, name, by, desk = told.account.number, visit.place("auction"), member.code, visit.desk
    refusals: tuple[Refusal, ...] = ()
    if visit.request.method == "POST":
        if visit.sent("step") != "cancel":
            raise unfit("step", visit.sent("step"), "cancel")
        bid, key = visit.sent("bid"), visit.sent("key", KEY_MOST) or token_hex(16)
        try:
            visit.office.do(
                lambda books: own_bids.take_back(
                    books, law, name, number, bid, by=by, key=f"{key} {bid}", desk=desk
                )
            )
            return visit.go(f"/my/{number}/auctions/{quote(name)}")
        except Refused as no:
            refusals = no.refusals
    found = visit.ask(lambda books: auctions.find(books, law, name))
    return visit.show(
        "own-auction.html",
        http=400 if refusals else 200,
        member=member,
        scheme=law,
        title=visit.title(law),
        told=told,
        refusals=refusals,
        bids=visit.ask(lambda books: own_bids.own_bids(books, law, name, number, by=by, desk=desk)),
        key=token_hex(16),
        **_told(visit, law, found),
    )


def open_for_bids(visit: Visit, law: Scheme) -> list[auctions.HeldAuction]:
    """The auctions in which bids are taken now."""
    return [each for each in held_auctions(visit, law) if each.status(visit.now) == "open"]


def _told(visit: Visit, law: Scheme, found: auctions.HeldAuction) -> dict[str, Any]:
    """What the pages say of an auction, whoever reads them."""
    terms, offer = found.law(law), found.created.offer
    results = None if found.cleared is None else found.cleared.results
    paid, kinds = None if results is None else results.price, law.on(visit.desk.day).kinds
    lot = terms.lot.value
    return {
        "auction": found.created,
        "address": f"/schemes/{law.name}/auctions/{quote(found.created.name)}",
        "offered": offer.count + sum(each.count for each in offer.consigned),
        "lot": lot.lot,
        "tick": _price(lot.step, lot.currency),
        "reserve": _price(terms.reserve_amount, lot.currency),
        "limits": [
            (kinds[each.kind].name if each.kind in kinds else each.kind, int(each.share * 1000))
            for each in terms.bidding.value.limits
        ],
        "status": found.status(visit.now),
        "state": _states(visit)[found.status(visit.now)],
        "results": results,
        "price": None if paid is None or results is None else _price(paid, results.currency),
        "at": visit.now,
    }


def _curve(visit: Visit, law: Scheme, found: auctions.HeldAuction) -> Table:
    """How many units were bid for at each price, once the bids were opened."""
    say, name = visit.reader.gettext, found.created.name
    points = () if found.cleared is None else found.cleared.results.curve
    return Table(
        title=": ".join((name, say("Bids by price"))),
        columns=(
            Column(key="price", heading=say("Price of one unit"), kind="price"),
            Column(key="count", heading=say("Units bid for at this price or more"), kind="count"),
        ),
        rows=[Line(values={"price": f"{each.price}", "count": each.count}) for each in points],
        downloads=f"/schemes/{law.name}/auctions/{quote(name)}",
        empty=say("Bids are sealed: what was bid is told once they are opened."),
    )


def _states(visit: Visit) -> dict[str, str]:
    return {name: visit.reader.gettext(text) for name, text in AUCTION_STATES.items()}


def _price(amount: Decimal, code: str) -> Money:
    return Money.of(amount, Currency(code))
