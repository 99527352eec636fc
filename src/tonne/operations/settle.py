"""Trades are settled: units against money in one transaction, or neither moves."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from tonne import ledger, registry
from tonne.ledger import Account, Asset, Block, ExceedsHolding, Movement, Transaction
from tonne.market import Leg
from tonne.operations.books import Books
from tonne.operations.cash import unknown_money
from tonne.operations.record import (
    KEYS,
    Answer,
    Desk,
    KeyUsedBefore,
    Receipt,
    explain,
    record,
)
from tonne.operations.scheme import Scheme
from tonne.operations.units import asset_of, government
from tonne.quantity import Money, Price
from tonne.refusal import Refusal, Refused
from tonne.registry import (
    TRADE_FEE,
    TREASURY,
    FeeInOtherMoney,
    MoneyUnknown,
    NothingLeft,
    NumbersNotNetted,
    TradeRecord,
    TradeWithoutPrice,
    Vat,
    VatNotSaid,
    net_effect,
    same_trade,
)

TRADE = "trade"
_CHECKS = (
    (MoneyUnknown.number, "The money is one that the scheme keeps"),
    (TradeWithoutPrice.number, "What is sold against payment has a price"),
    (VatNotSaid.number, "The law says how the trade is taxed"),
    (FeeInOtherMoney.number, "Fees are in the money of the trade"),
)
"""What is asked of a trade before the registry's own checks."""

_UNTAXED = Vat(treatment="exempt", rate=Decimal(0), minor=0)


class Trade(Struct, frozen=True, kw_only=True):
    """What a buyer and a seller have agreed.

    ``free`` is free of payment: the units are delivered, and paid for elsewhere. A country that is
    not said is that of the registry that keeps the account; a fee that is not said is that of the
    law. ``delay`` is after how many minutes the public is told.
    """

    key: str
    buyer: str
    seller: str
    unit: str
    count: int
    price: Price
    block: Block | None = None
    free: bool = False
    buyer_country: str = ""
    seller_country: str = ""
    buyer_fee: Money | None = None
    seller_fee: Money | None = None
    public: bool = True
    delay: int = 0
    advance: int = 0
    """Of the price, what was paid before, in the smallest unit of the currency."""

    also: tuple[Leg, ...] = ()
    """Money that moves with it, such as a broker's commission."""

    def __post_init__(self) -> None:
        assert self.block is None or self.block.count == self.count, "a block is as many as it is"
        assert self.count > 0, "a trade is of something"
        assert self.delay >= 0, "nobody is told before"
        assert not (self.advance and self.free), "free of payment nothing is paid before either"


def settle(
    books: Books,
    scheme: Scheme,
    trades: Sequence[Trade],
    *,
    desk: Desk,
    treasury: str | None = None,
) -> list[Answer]:
    """Settle trades, each in a transaction and decided on its own: units and money, or neither.

    What cannot be settled is refused whole, with every ground. ``treasury`` is where fees go; it
    is looked up if it is not said.
    """
    terms = _Terms(books, scheme, desk, treasury)
    records: list[TradeRecord] = []
    refused: dict[int, tuple[Refusal, ...]] = {}
    batch: list[Transaction] = []
    for place, trade in enumerate(trades):
        found, grounds, because = terms.of(trade)
        records.append(found)
        try:
            asked = (
                None if trade.buyer == trade.seller else _transaction(trade, found, terms, because)
            )
        except Refused as no:
            asked, grounds = None, grounds + no.refusals
        if asked is not None and not grounds:
            batch.append(asked)
            continue
        if asked is not None:
            told = explain(books, scheme, asked, desk=desk)
            if desk.told is not None:
                desk.told.extend(told)
            grounds += tuple(no for answer in told for no in answer.refusals)
        refused[place] = tuple(dict.fromkeys(grounds))
    recorded = iter(record(books, scheme, batch, desk=desk))
    answers = [
        refused[place] if place in refused else next(recorded) for place in range(len(trades))
    ]
    books.add_trades(
        [
            (answer.number, found)
            for answer, found in zip(answers, records, strict=True)
            if isinstance(answer, Receipt) and not answer.repeated
        ]
    )
    return [
        _again(books, trade, found, terms, _grounds(answer, trade, found))
        for trade, found, answer in zip(trades, records, answers, strict=True)
    ]


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
    assert trades, "there is something to settle"
    assert not any(each.also or each.advance for each in trades), "these are settled one by one"
    terms = _Terms(books, scheme, desk, treasury)
    records: list[TradeRecord] = []
    refusals: list[Refusal] = []
    laws: dict[str, None] = {}
    for trade in trades:
        found, grounds, because = terms.of(trade)
        if trade.block is not None:
            grounds += (NumbersNotNetted(reference=terms.day.on_transactions, trade=trade.key),)
        records.append(found)
        refusals.extend(grounds)
        laws |= dict.fromkeys(because)
    if refusals:
        raise Refused(dict.fromkeys(refusals))
    movements = tuple(_netted(records, terms))
    if not movements:
        law = terms.day.on_transactions
        raise Refused([NothingLeft(reference=law, trades=len(trades))])
    transaction = Transaction(key=key, kind=TRADE, movements=movements, because=tuple(laws))
    (answer,) = record(books, scheme, [transaction], desk=desk)
    entry = _stands(answer)
    if entry is not None:
        stood = [each for _, each in books.trades([entry])]
        if len(stood) != len(trades) or not all(map(_same, trades, records, stood)):
            raise Refused([KeyUsedBefore(reference=KEYS, key=key, entry=entry)])
        return Receipt(number=entry, key=key, repeated=True)
    if not isinstance(answer, Receipt):
        raise Refused(answer)
    books.add_trades([(answer.number, each) for each in records])
    return answer


def settled(books: Books, receipt: Receipt) -> tuple[Receipt, TradeRecord]:
    """The receipt of a trade, and what was written down of it."""
    ((_, record),) = books.trades([receipt.number])
    return receipt, record


class _Terms:
    """What the law makes of trades on a day: tax and fees, looked up once for a batch."""

    def __init__(self, books: Books, scheme: Scheme, desk: Desk, treasury: str | None) -> None:
        self.day = scheme.on(desk.day)
        self._law = scheme.payments_on(desk.day)
        self._books, self._scheme, self._desk, self._treasury = books, scheme, desk, treasury

    @property
    def treasury(self) -> Account:
        """Where fees go."""
        if self._treasury is None:
            self._treasury = government(self._books, self._scheme)[TREASURY]
        return Account(self._treasury)

    def of(self, trade: Trade) -> tuple[TradeRecord, tuple[Refusal, ...], tuple[str, ...]]:
        """The record of a trade, what the law has against it, and which law that is."""
        law, at = self.day.on_transactions, trade.price.currency
        paid = trade.price.times(trade.count)
        grounds = [
            *registry.same_account(trade.seller, trade.buyer, reference=law),
            *unknown_money(at, self.day),
        ]
        if not paid.minor and not trade.free:
            grounds.append(TradeWithoutPrice(reference=law, unit=trade.unit, count=trade.count))
        seller = trade.seller_country or trade.seller.partition("-")[0]
        buyer = trade.buyer_country or trade.buyer.partition("-")[0]
        vat, because = _UNTAXED, [law]
        try:
            vat, where = self._law.vat(seller, buyer, paid)
            because.append(where)
        except Refused as no:
            grounds.extend(no.refusals)
        fees = [self._fee(trade, fee) for fee in (trade.buyer_fee, trade.seller_fee)]
        grounds.extend(
            FeeInOtherMoney(
                reference=self._law.on_fees,
                fee=TRADE_FEE,
                currency=fee.currency.code,
                traded=at.code,
            )
            for fee in fees
            if fee.minor and fee.currency != at
        )
        if any(fee.minor for fee in fees):
            because.append(self._law.on_fees)
        found = TradeRecord(
            buyer=trade.buyer,
            seller=trade.seller,
            unit=trade.unit,
            count=trade.count,
            currency=at.code,
            price=trade.price.minor,
            paid=paid.minor,
            free=trade.free,
            vat=vat,
            buyer_country=buyer,
            seller_country=seller,
            buyer_fee=fees[0].minor,
            seller_fee=fees[1].minor,
            public=trade.public,
            delay=trade.delay,
        )
        self._desk.tell(_CHECKS, grounds)
        return found, tuple(dict.fromkeys(grounds)), tuple(because)

    def _fee(self, trade: Trade, said: Money | None) -> Money:
        """The fee of a side: as it was said, or as the law has it, or none."""
        if said is not None:
            return said
        rate = self._law.trade_fee
        return Money(0, trade.price.currency) if rate is None else rate.of(trade.count)


def _transaction(
    trade: Trade, found: TradeRecord, terms: _Terms, because: tuple[str, ...]
) -> Transaction:
    """Units one way, money the other, and the fees of both."""
    buyer, seller = Account(trade.buyer), Account(trade.seller)
    money = Asset(found.currency)
    movements = [
        Movement(
            source=seller,
            target=buyer,
            asset=asset_of(trade.unit, terms.day),
            count=trade.count,
            block=trade.block,
        )
    ]
    due = _due(trade, found)
    if due:
        movements.append(Movement(source=buyer, target=seller, asset=money, count=due))
    movements.extend(
        Movement(
            source=Account(leg.source), target=Account(leg.target), asset=money, count=leg.count
        )
        for leg in trade.also
    )
    movements.extend(
        Movement(source=side, target=terms.treasury, asset=money, count=fee)
        for side, fee in ((buyer, found.buyer_fee), (seller, found.seller_fee))
        if fee
    )
    return Transaction(key=trade.key, kind=TRADE, movements=tuple(movements), because=because)


def _due(trade: Trade, found: TradeRecord) -> int:
    """What the buyer pays against the units: price and tax, but what was paid before."""
    return found.due.minor - trade.advance


def _netted(records: Sequence[TradeRecord], terms: _Terms) -> Iterator[Movement]:
    """Who gives how much to whom, so that everybody has what the trades come to."""
    effect = net_effect(records)
    taken: dict[str, int] = {}
    for each in records:
        fees = each.buyer_fee + each.seller_fee
        taken[each.currency] = taken.get(each.currency, 0) + fees
    for code, fees in taken.items():
        if fees:
            till = terms.treasury.number, code
            effect[till] = effect.get(till, 0) + fees
    units = dict.fromkeys(each.unit for each in records)
    for code in [*units, *taken]:
        asset = asset_of(code, terms.day)
        yield from _pairs({who: n for (who, what), n in effect.items() if what == code}, asset)


def _pairs(changes: Mapping[str, int], asset: Asset) -> Iterator[Movement]:
    """Movements by which accounts change by so much, no more than there are accounts."""
    givers = sorted(((who, -count) for who, count in changes.items() if count < 0), reverse=True)
    takers = sorted(((who, count) for who, count in changes.items() if count > 0), reverse=True)
    while givers and takers:
        (giver, gives), (taker, takes) = givers.pop(), takers.pop()
        count = min(gives, takes)
        yield Movement(source=Account(giver), target=Account(taker), asset=asset, count=count)
        if gives > count:
            givers.append((giver, gives - count))
        if takes > count:
            takers.append((taker, takes - count))
    assert not givers, "what one side gives the other gets"
    assert not takers, "what one side gets the other gives"


def _grounds(answer: Answer, trade: Trade, found: TradeRecord) -> Answer:
    """The answer without what only follows: a seller who was not paid has no money for his fee."""
    if isinstance(answer, Receipt) or _due(trade, found) < found.seller_fee:
        return answer
    short = [no for no in answer if isinstance(no, ExceedsHolding) and no.asset == found.currency]
    if all(no.account != found.buyer for no in short):
        return answer
    return tuple(no for no in answer if no not in short or no.account == found.buyer)


def _again(books: Books, trade: Trade, found: TradeRecord, terms: _Terms, answer: Answer) -> Answer:
    """The answer to a trade; where its key stood in the journal, whether it is the same trade.

    Tax and fees are those of the day on which it was settled, which may have changed since.
    """
    entry = _stands(answer)
    if entry is None:
        return answer
    stood = [each for _, each in books.trades([entry])]
    known = books.known(trade.key)
    if len(stood) == 1 and known is not None and _same(trade, found, stood[0]):
        then = _transaction(trade, stood[0], terms, (terms.day.on_transactions,))
        if ledger.digest(then) == known[1]:
            return Receipt(number=entry, key=trade.key, repeated=True)
    return (KeyUsedBefore(reference=KEYS, key=trade.key, entry=entry),)


def _stands(answer: Answer) -> int | None:
    """The entry that had the key of a request before, as the answer to it tells."""
    if isinstance(answer, Receipt):
        return answer.number if answer.repeated else None
    used = [no.entry for no in answer if isinstance(no, KeyUsedBefore)]
    return used[0] if used else None


def _same(trade: Trade, found: TradeRecord, stood: TradeRecord) -> bool:
    """Whether a trade is the one on record; a fee that was not said was the law's."""
    said = (trade.buyer_fee, stood.buyer_fee), (trade.seller_fee, stood.seller_fee)
    fees = all(fee is None or fee.minor == minor for fee, minor in said)
    return fees and same_trade(found, stood)
