"""What a trade will cost and what is against it, before anybody has the units and the money."""

from typing import NamedTuple

from tonne.ledger import ExceedsHolding
from tonne.operations.books import Books
from tonne.operations.record import Desk, explain
from tonne.operations.scheme import Scheme
from tonne.operations.settle import Trade, _due, _Terms, _transaction
from tonne.refusal import Refusal


class Weighed(NamedTuple):
    """What a trade costs both sides in money, and what is against it but for what they have."""

    buyer: int
    seller: int
    """What the seller pays beyond what he gets."""

    refusals: tuple[Refusal, ...]


def weigh(books: Books, scheme: Scheme, trade: Trade, *, desk: Desk) -> Weighed:
    """What a trade will cost, and every ground against it, before anybody has units and money."""
    terms = _Terms(books, scheme, desk, None)
    found, grounds, because = terms.of(trade)
    sides = {trade.buyer: found.buyer_fee, trade.seller: found.seller_fee}
    for leg in trade.also:
        sides[leg.source] = sides.get(leg.source, 0) + leg.count
    due = _due(trade, found)
    if trade.buyer != trade.seller:
        asked = _transaction(trade, found, terms, because)
        told = [
            each
            for each in explain(books, scheme, asked, desk=desk)
            if each.number != ExceedsHolding.number
        ]
        if desk.told is not None:
            desk.told.extend(told)
        grounds += tuple(no for each in told for no in each.refusals)
    return Weighed(
        buyer=due + sides[trade.buyer],
        seller=max(0, sides[trade.seller] - due),
        refusals=tuple(dict.fromkeys(grounds)),
    )
