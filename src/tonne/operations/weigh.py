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

    due: int
    buyer_fee: int
    seller_fee: int
    refusals: tuple[Refusal, ...]

    @property
    def buyer(self) -> int:
        """What the buyer pays in all."""
        return self.due + self.buyer_fee

    @property
    def seller(self) -> int:
        """What the seller pays beyond what he gets."""
        return max(0, self.seller_fee - self.due)


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
        due=found.due,
        buyer_fee=sides[trade.buyer],
        seller_fee=sides[trade.seller],
        refusals=tuple(dict.fromkeys(grounds)),
    )
