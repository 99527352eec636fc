"""A batch of trades is settled by what is left of them: everybody gives or gets the difference."""

from collections.abc import Iterable, Iterator, Sequence

from tonne import market
from tonne.ledger import Account, Movement, Transaction
from tonne.market import Leg
from tonne.operations.books import Books
from tonne.operations.record import KEYS, Desk, KeyUsedBefore, Receipt, record
from tonne.operations.scheme import Scheme
from tonne.operations.settle import TRADE, Agreed, Terms, Trade, is_same, stands
from tonne.refusal import Refused
from tonne.registry import NothingLeft, NumbersNotNetted, TradeRecord


def settle_netted(
    books: Books,
    scheme: Scheme,
    trades: Sequence[Trade],
    *,
    key: str,
    desk: Desk,
    treasury: str | None = None,
) -> Receipt:
    """Settle a batch of trades by what is left of it: one transaction, of all of them or of none.

    Of each kind of unit and of money everybody gives or gets the difference. Each trade has its
    record all the same.
    """
    terms = Terms(books, scheme, desk, treasury)
    return settle_agreed(books, scheme, [terms.agreed(each) for each in trades], terms, key=key)


def settle_agreed(
    books: Books, scheme: Scheme, agreed: Sequence[Agreed], terms: Terms, *, key: str
) -> Receipt:
    """The same for trades of which is known already what the law makes of them."""
    assert agreed, "there is something to settle"
    law = terms.day.on_transactions
    refusals = [no for each in agreed for no in each.grounds]
    refusals += [
        NumbersNotNetted(reference=law, trade=each.trade.key) for each in agreed if each.trade.block
    ]
    if refusals:
        raise Refused(dict.fromkeys(refusals))
    records = [each.record for each in agreed]
    movements = tuple(_netted(records, terms))
    if not movements:
        raise Refused([NothingLeft(reference=law, trades=len(agreed))])
    laws = {each.because for each in agreed}
    because = tuple(dict.fromkeys(law for each in sorted(laws) for law in each))
    transaction = Transaction(key=key, kind=TRADE, movements=movements, because=because)
    (answer,) = record(books, scheme, [transaction], desk=terms.desk)
    entry = stands(answer)
    if entry is not None:
        stood = [each for _, each in books.trades([entry])]
        if len(stood) != len(agreed) or not all(
            is_same(each.trade, each.record, then) for each, then in zip(agreed, stood, strict=True)
        ):
            raise Refused([KeyUsedBefore(reference=KEYS, key=key, entry=entry)])
        return Receipt(number=entry, key=key, repeated=True)
    if not isinstance(answer, Receipt):
        raise Refused(answer)
    books.add_trades([(answer.number, each) for each in records])
    return answer


def _netted(records: Iterable[TradeRecord], terms: Terms) -> Iterator[Movement]:
    """Who gives how much to whom, so that everybody has what the trades come to."""
    for leg in market.net(_legs(records, terms), "multilateral"):
        yield Movement(
            source=Account(leg.source),
            target=Account(leg.target),
            asset=terms.asset(leg.asset),
            count=leg.count,
        )


def _legs(records: Iterable[TradeRecord], terms: Terms) -> Iterator[Leg]:
    """What moves by each trade: units, money, and the fees of both."""
    for each in records:
        buyer, seller, currency = each.buyer, each.seller, each.currency
        yield Leg(seller, buyer, each.unit, each.count)
        if each.due:
            yield Leg(buyer, seller, currency, each.due)
        if each.buyer_fee:
            yield Leg(buyer, terms.treasury, currency, each.buyer_fee)
        if each.seller_fee:
            yield Leg(seller, terms.treasury, currency, each.seller_fee)
