"""What a trade will cost and what is against it, before anybody has the units and the money."""

from typing import NamedTuple

from tonne.ledger import ExceedsHolding, Transaction
from tonne.operations.books import Books
from tonne.operations.record import Desk, explain
from tonne.operations.scheme import Scheme
from tonne.operations.settle import Terms, Trade, _transaction
from tonne.refusal import Refusal


class Weighed(NamedTuple):
    """What a trade costs both sides in money, and what is against it but for what they have."""

    buyer: int
    seller: int
    """What the seller pays beyond what he gets."""

    refusals: tuple[Refusal, ...]


def weigh(
    books: Books, scheme: Scheme, trade: Trade, *, desk: Desk, also: tuple[Transaction, ...] = ()
) -> Weighed:
    """What a trade will cost, and every ground against it, before anybody has units and money.

    ``also`` are payments that are made together with it.
    """
    terms = Terms(books, scheme, desk, None)
    found, grounds, because = terms.of(trade)
    sides = {trade.buyer: found.buyer_fee, trade.seller: found.seller_fee}
    asked = [*also]
    for movement in (movement for each in also for movement in each.movements):
        payer = movement.source.number
        sides[payer] = sides.get(payer, 0) + movement.count
    if trade.buyer != trade.seller:
        asked.insert(0, _transaction(trade, found, terms, because))
    for each in asked:
        told = [
            answer
            for answer in explain(books, scheme, each, desk=desk)
            if answer.number != ExceedsHolding.number
        ]
        if desk.told is not None:
            desk.told.extend(told)
        grounds += tuple(no for answer in told for no in answer.refusals)
    return Weighed(
        buyer=found.due + sides[trade.buyer],
        seller=max(0, sides[trade.seller] - found.due),
        refusals=tuple(dict.fromkeys(grounds)),
    )
