"""What people trade by at the pages: forms into orders, bids and deals, and these into words."""

from collections.abc import Callable, Mapping
from typing import cast

from tonne.languages import isolated
from tonne.market import Side, TimeInForce
from tonne.operations import Scheme, auctions, proposals, trading
from tonne.web.filling import Form, unfit_field
from tonne.web.visit import Visit
from tonne.web.words import LASTS, SIDES


def _order(form: Form, verb: str, account: str) -> proposals.Wish:
    lasts = form.values["lasts"] or "day"
    if lasts not in LASTS:
        form.grounds.append(unfit_field("lasts", lasts, ", ".join(LASTS)))
    return proposals.PutOrder(
        account=account, instrument=form.values["instrument"], count=form.whole("count"),
        price=form.price(), side="buy" if verb == "buy" else "sell",
        lasts=cast("TimeInForce", lasts),
    )  # fmt: skip


def _bid(form: Form, _: str, account: str) -> proposals.Wish:
    return proposals.Bid(
        account=account, auction=form.values["auction"], count=form.whole("count"),
        price=form.price(), salt=form.values["salt"],
    )  # fmt: skip


def _deal(form: Form, _: str, account: str) -> proposals.Wish:
    return proposals.ProposeDeal(
        account=account, target=form.code("target"), side=_side(form), unit=form.values["unit"],
        count=form.whole("count"), price=form.price(), settle_on=form.day("settle_on"),
        until=form.day("until"),
    )  # fmt: skip


def _confirm(form: Form, _: str, account: str) -> proposals.Wish:
    """With the terms of the deal, which go with the form as they were shown."""
    return proposals.ConfirmDeal(
        account=account, deal=form.values["deal"], target=form.code("target"), side=_side(form),
        unit=form.values["unit"], count=form.whole("count"), price=form.price(),
        settle_on=form.day("settle_on"),
    )  # fmt: skip


def _withdrawal(form: Form, _: str, account: str) -> proposals.Wish:
    return proposals.AskWithdrawal(
        account=account, amount=form.price("amount", "an amount of money, such as 1000.00"),
        currency=form.values["currency"],
    )  # fmt: skip


def _side(form: Form) -> Side:
    side = form.values["side"]
    if side not in SIDES:
        form.grounds.append(unfit_field("side", side, ", ".join(SIDES)))
    return "buy" if side == "buy" else "sell"


READING: Mapping[str, Callable[[Form, str, str], proposals.Wish]] = {
    "buy": _order, "sell": _order, "bid": _bid, "deal": _deal, "confirm": _confirm,
    "withdraw": _withdrawal,
}  # fmt: skip
"""How the form of a verb is read."""


def said(visit: Visit, scheme: Scheme, wish: proposals.Traded, who: Callable[[str], str]) -> str:
    """What is traded in a plain sentence; ``who`` names an account."""
    say = visit.reader.gettext
    terms = {
        "count": visit.reader.count(wish.count), "source": who(wish.account),
        "price": amount_said(visit, _currency(visit, scheme, wish), wish.price),
    }  # fmt: skip
    if isinstance(wish, proposals.Bid):
        text = say(
            "Bid for %(count)s units in the auction %(what)s for %(source)s, each for %(price)s or "
            "less."
        )
        return text % (terms | {"what": isolated(wish.auction)})
    if isinstance(wish, proposals.ProposeDeal | proposals.ConfirmDeal):
        return _deal_said(visit, wish, terms | {"target": who(wish.target)})
    text = say("Sell %(count)s of %(what)s from %(source)s, each for %(price)s or more.")
    if wish.side == "buy":
        text = say("Buy %(count)s of %(what)s for %(source)s, each for %(price)s or less.")
    lasts = say(LASTS.get(wish.lasts, wish.lasts))
    return f"{text % (terms | {'what': isolated(wish.instrument)})} {lasts}"


def amount_said(visit: Visit, currency: str, plain: str) -> str:
    """An amount of money as the reader writes it; as it was written, if that is no number."""
    try:
        written = visit.reader.decimal(plain)
    except ValueError:
        written = plain
    return isolated(f"{currency}\u202f{written}")


def held_auctions(visit: Visit, scheme: Scheme) -> list[auctions.HeldAuction]:
    """The auctions of a scheme, which may be some moments old."""
    return visit.kept(("auctions", scheme.name), lambda books: auctions.every(books, scheme))[1]


def _currency(visit: Visit, scheme: Scheme, wish: proposals.Traded) -> str:
    """In which money it is traded: that of the instrument or the auction, or else the scheme's."""
    day = visit.desk.day
    if isinstance(wish, proposals.PutOrder):
        for each in trading.instruments(scheme, day):
            if each.code == wish.instrument:
                return each.currency
    if isinstance(wish, proposals.Bid):
        for auction in held_auctions(visit, scheme):
            if auction.created.name == wish.auction:
                return auction.law(scheme).currency.code
    return scheme.registry.currency.on(day).value


def _deal_said(
    visit: Visit,
    wish: proposals.ProposeDeal | proposals.ConfirmDeal,
    terms: Mapping[str, str],
) -> str:
    """What is agreed on, and what is said of it now."""
    say, day = visit.reader.gettext, visit.reader.day
    text = say(
        "Sell %(count)s %(unit)s from %(source)s to %(target)s, each for %(price)s, to be settled "
        "from %(day)s on."
    )
    if wish.side == "buy":
        text = say(
            "Buy %(count)s %(unit)s for %(source)s from %(target)s, each for %(price)s, to be "
            "settled from %(day)s on."
        )
    agreed = text % {**terms, "unit": isolated(wish.unit), "day": day(wish.settle_on)}
    if isinstance(wish, proposals.ConfirmDeal):
        first = say("Confirm the deal %(deal)s.") % {"deal": isolated(wish.deal)}
        return f"{first} {agreed}"
    first = say("Propose a deal.")
    last = say("The other side may confirm it until the end of %(day)s, UTC.")
    return f"{first} {agreed} {last % {'day': day(wish.until)}}"
