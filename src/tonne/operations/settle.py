"""Trades are settled: units against money in one transaction, or neither moves."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from tonne import ledger, market, registry
from tonne.ledger import Account, Asset, Block, ExceedsHolding, Movement, Transaction
from tonne.market import Vat
from tonne.operations.books import Books
from tonne.operations.cash import unknown_money
from tonne.operations.own_checks import TRADED
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
    TradeRecord,
    TradeWithoutPrice,
    same_trade,
)

TRADE = "trade"
_CHECKS = tuple((each.number, each.sentence) for each in TRADED)

_NOT_TAXED = Vat(treatment="outside", rate=Decimal(0), reference="")


class Trade(Struct, frozen=True, kw_only=True, gc=False):
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
    terms = Terms(books, scheme, desk, treasury)
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
        _again(books, trade, found, terms, _grounds(answer, found))
        for trade, found, answer in zip(trades, records, answers, strict=True)
    ]


class Agreed(NamedTuple):
    """A trade, its record, what the law has against it, and which law that is."""

    trade: Trade
    record: TradeRecord
    grounds: tuple[Refusal, ...]
    because: tuple[str, ...]


class Terms:
    """What the law makes of trades on a day: tax and fees, looked up once for a batch."""

    def __init__(self, books: Books, scheme: Scheme, desk: Desk, treasury: str | None) -> None:
        self.day = scheme.on(desk.day)
        self._fees, self._vat = scheme.fees_on(desk.day), scheme.vat
        self._books, self._scheme, self.desk, self._treasury = books, scheme, desk, treasury
        self._kept = set(self.day.money())
        self._rate = self._fees.trade_fee
        self._fee_of: dict[int, Money] = {}
        self._taxes: dict[tuple[str, str], Vat] = {}
        self._assets: dict[str, Asset] = {}
        self._because: dict[tuple[str, bool], tuple[str, ...]] = {}

    @property
    def treasury(self) -> str:
        """Where fees go."""
        if self._treasury is None:
            self._treasury = government(self._books, self._scheme)[TREASURY]
        return self._treasury

    def asset(self, code: str) -> Asset:
        """A unit or a currency as the books know it."""
        if code not in self._assets:
            self._assets[code] = asset_of(code, self.day)
        return self._assets[code]

    def agreed(self, trade: Trade) -> Agreed:
        """A trade, and what the law makes of it."""
        return Agreed(trade, *self.of(trade))

    def of(self, trade: Trade) -> tuple[TradeRecord, tuple[Refusal, ...], tuple[str, ...]]:
        """The record of a trade, what the law has against it, and which law that is."""
        at, paid = trade.price.currency, trade.price.times(trade.count)
        grounds: list[Refusal] = []
        if not paid.minor or at.code not in self._kept or trade.seller == trade.buyer:
            grounds.extend(self._unfit(trade, paid))
        seller = trade.seller_country or trade.seller.partition("-")[0]
        buyer = trade.buyer_country or trade.buyer.partition("-")[0]
        tax = self._tax(seller, buyer, grounds)
        buyer_fee = self._fee(trade, trade.buyer_fee, grounds)
        seller_fee = self._fee(trade, trade.seller_fee, grounds)
        because = self._laws(tax, fees=bool(buyer_fee or seller_fee))
        found = TradeRecord(
            buyer=trade.buyer,
            seller=trade.seller,
            unit=trade.unit,
            count=trade.count,
            currency=at.code,
            price=trade.price.minor,
            paid=paid.minor,
            free=trade.free,
            treatment=tax.treatment,
            rate=tax.rate,
            vat=tax.on_invoice(paid).minor,
            buyer_country=buyer,
            seller_country=seller,
            buyer_fee=buyer_fee,
            seller_fee=seller_fee,
            public=trade.public,
            delay=trade.delay,
            advance=trade.advance,
        )
        self.desk.tell(_CHECKS, grounds)
        return found, tuple(dict.fromkeys(grounds)) if grounds else (), because

    def _unfit(self, trade: Trade, paid: Money) -> Iterator[Refusal]:
        """2508, 8706, 8707: a trade has two sides, money of the scheme and a price."""
        law = self.day.on_transactions
        yield from registry.same_account(trade.seller, trade.buyer, reference=law)
        yield from unknown_money(paid.currency, self.day)
        if not paid.minor and not trade.free:
            yield TradeWithoutPrice(reference=law, unit=trade.unit, count=trade.count)

    def _tax(self, seller: str, buyer: str, grounds: list[Refusal]) -> Vat:
        """How trades between two countries are taxed, or why the law does not say."""
        if (seller, buyer) not in self._taxes:
            try:
                self._taxes[seller, buyer] = market.vat(
                    seller=seller, buyer=buyer, rules=self._vat, on=self.desk.day
                )
            except Refused as no:
                grounds.extend(no.refusals)
                return _NOT_TAXED
        return self._taxes[seller, buyer]

    def _laws(self, tax: Vat, *, fees: bool) -> tuple[str, ...]:
        """Under which law a trade is settled; the same tuple for all that are alike."""
        found = self._because.get((tax.reference, fees))
        if found is None:
            more = (self._fees.reference,) if fees else ()
            found = (self.day.on_transactions, *((tax.reference,) if tax.reference else ()), *more)
            self._because[tax.reference, fees] = found
        return found

    def _fee(self, trade: Trade, said: Money | None, grounds: list[Refusal]) -> int:
        """The fee of a side: as it was said, or as the law has it, or none."""
        fee, at = said, trade.price.currency
        if fee is None:
            if self._rate is None:
                return 0
            fee = self._fee_of.get(trade.count)
            if fee is None:
                fee = self._fee_of[trade.count] = self._rate.of(trade.count)
        if fee.minor and fee.currency != at:
            grounds.append(
                FeeInOtherMoney(
                    reference=self._fees.reference,
                    fee=TRADE_FEE,
                    currency=fee.currency.code,
                    traded=at.code,
                )
            )
        return fee.minor


def _transaction(
    trade: Trade, found: TradeRecord, terms: Terms, because: tuple[str, ...]
) -> Transaction:
    """Units one way, money the other, and the fees of both."""
    buyer, seller = Account(trade.buyer), Account(trade.seller)
    money = terms.asset(found.currency)
    movements = [
        Movement(
            source=seller,
            target=buyer,
            asset=terms.asset(trade.unit),
            count=trade.count,
            block=trade.block,
        )
    ]
    # The seller's fee is taken from what he gets, as far as that goes.
    fees = {
        side: fee
        for side, fee in ((buyer, found.buyer_fee), (seller, found.seller_fee))
        if fee and side.number != terms.treasury
    }
    taken = fees.get(seller, 0)
    if buyer.number == terms.treasury or taken >= found.due:
        taken = 0
    if taken:
        fees = {buyer: fees.get(buyer, 0) + taken}
    if found.due:
        paid = found.due - taken
        movements.append(Movement(source=buyer, target=seller, asset=money, count=paid))
    movements.extend(
        Movement(source=side, target=Account(terms.treasury), asset=money, count=fee)
        for side, fee in fees.items()
    )
    return Transaction(key=trade.key, kind=TRADE, movements=tuple(movements), because=because)


def _grounds(answer: Answer, found: TradeRecord) -> Answer:
    """The answer without what only follows: a seller who was not paid has no money for his fee."""
    if isinstance(answer, Receipt) or found.due < found.seller_fee:
        return answer
    short = [no for no in answer if isinstance(no, ExceedsHolding) and no.asset == found.currency]
    if all(no.account != found.buyer for no in short):
        return answer
    return tuple(no for no in answer if no not in short or no.account == found.buyer)


def _again(books: Books, trade: Trade, found: TradeRecord, terms: Terms, answer: Answer) -> Answer:
    """The answer to a trade; where its key stood in the journal, whether it is the same trade.

    Tax and fees are those of the day on which it was settled, which may have changed since.
    """
    entry = stands(answer)
    if entry is None:
        return answer
    stood = [each for _, each in books.trades([entry])]
    known = books.known(trade.key)
    if len(stood) == 1 and known is not None and is_same(trade, found, stood[0]):
        then = _transaction(trade, stood[0], terms, (terms.day.on_transactions,))
        if ledger.digest(then) == known[1]:
            return Receipt(number=entry, key=trade.key, repeated=True)
    return (KeyUsedBefore(reference=KEYS, key=trade.key, entry=entry),)


def stands(answer: Answer) -> int | None:
    """The entry that had the key of a request before, as the answer to it tells."""
    if isinstance(answer, Receipt):
        return answer.number if answer.repeated else None
    used = [no.entry for no in answer if isinstance(no, KeyUsedBefore)]
    return used[0] if used else None


def is_same(trade: Trade, found: TradeRecord, stood: TradeRecord) -> bool:
    """Whether a trade is the one on record; a fee that was not said was the law's."""
    said = (trade.buyer_fee, stood.buyer_fee), (trade.seller_fee, stood.seller_fee)
    fees = all(fee is None or fee.minor == minor for fee, minor in said)
    return fees and same_trade(found, stood)
