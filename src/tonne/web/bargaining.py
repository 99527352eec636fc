"""What people trade by at the pages: forms into orders and bids, and these into sentences."""

from collections.abc import Callable, Mapping
from typing import cast

from tonne.languages import isolated
from tonne.market import TimeInForce
from tonne.operations import proposals
from tonne.web.filling import Form, unfit_field
from tonne.web.visit import Visit
from tonne.web.words import LASTS


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


READING: Mapping[str, Callable[[Form, str, str], proposals.Wish]] = {
    "buy": _order, "sell": _order, "bid": _bid,
}  # fmt: skip
"""How the form of a verb is read."""


def said(visit: Visit, wish: proposals.Traded, who: Callable[[str], str]) -> str:
    """What is traded in a plain sentence; ``who`` names an account."""
    say = visit.reader.gettext
    terms = {
        "count": visit.reader.count(wish.count), "source": who(wish.account),
        "price": isolated(wish.price),
    }  # fmt: skip
    if isinstance(wish, proposals.Bid):
        text = say(
            "Bid for %(count)s units in the auction %(what)s for %(source)s, each for %(price)s or "
            "less."
        )
        return text % (terms | {"what": isolated(wish.auction)})
    text = say("Sell %(count)s of %(what)s from %(source)s, each for %(price)s or more.")
    if wish.side == "buy":
        text = say("Buy %(count)s of %(what)s for %(source)s, each for %(price)s or less.")
    lasts = say(LASTS.get(wish.lasts, wish.lasts))
    return f"{text % (terms | {'what': isolated(wish.instrument)})} {lasts}"
