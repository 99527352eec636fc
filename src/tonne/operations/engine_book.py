"""The book of an exchange as it is kept in memory, and how it is made again from what was said."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from tonne.ledger import Account, Asset, ExceedsHolding, Hold, KeptWord, Movement, Transaction
from tonne.market import (
    Book,
    BookState,
    Charges,
    Cover,
    Event,
    Instrument,
    Message,
    Traded,
    cover_of,
    order_refusals,
    vat,
)
from tonne.operations.accounts import the_account
from tonne.operations.books import Books
from tonne.operations.engine_words import (
    ALLOCATED,
    BOOK,
    FAILED,
    ORDER,
    SETTLED,
    TRADE,
    BookTrade,
    Piece,
    SettledTrades,
    Standing,
    as_message,
    as_standing,
    encode,
    remember,
)
from tonne.operations.heard import subject_of
from tonne.operations.record import Desk, explain_each
from tonne.operations.scheme import Scheme
from tonne.operations.settle import TRADE as SETTLED_TRADE
from tonne.operations.settle import Terms, Trade
from tonne.operations.units import asset_of, government
from tonne.refusal import Refusal, Refused
from tonne.registry import TREASURY, HoldingAccount

WORDS_MIN = 2_000
"""After so many messages a book is written down as it stands, or later if it is large."""

ALONE_MAX = 50
"""Of more accounts than these it is faster to read all of the scheme at once."""

Pair = tuple[str, str]
"""An account and an asset."""


@dataclass(slots=True, kw_only=True)
class Live:
    """A book in memory, what is held for its orders, and what the law says of those who trade."""

    scheme: Scheme
    instrument: Instrument
    book: Book
    day: date
    entry: int = 0
    """The entry of the last message."""

    since: int = 0
    """How many messages were told since the book was written down."""

    covers: dict[int, Cover] = field(default_factory=dict)
    """What is held for each order in the book."""

    accounts: dict[int, str] = field(default_factory=dict)
    """Whose each order is."""

    held: Counter[Pair] = field(default_factory=Counter)
    """What must be held of accounts, for orders and for trades that are not settled."""

    holds: dict[Pair, Hold] = field(default_factory=dict)
    """What is held, under one hold for each."""

    unsettled: dict[Piece, BookTrade] = field(default_factory=dict)
    leaving: tuple[str, ...] = ()
    """Accounts with orders in the book that are not open any more."""

    _may: dict[str, tuple[Refusal, ...]] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict)
    _charges: dict[str, Charges] = field(default_factory=dict)
    _treasury: str | None = None

    def stands(self, books: Books, day: date) -> bool:
        """Whether nobody else has told the book anything, and the law is the same."""
        last = books.words(ORDER, self.subject, last=True)
        entry = last[0].entry if last else 0
        if entry != self.entry:
            return False
        if day != self.day:
            law = self.scheme.instruments.instrument(self.instrument.code, on=day)
            if law != self.instrument:
                return False
            self.day = day
            for known in (self._may, self._charges):
                known.clear()
        return True

    def is_left(self, books: Books) -> bool:
        """Whether an account with orders in the book is not open any more."""
        found = books.kept_by(sorted(set(self.accounts.values())))
        return any(account.status != "open" for _, account in found.values())

    # What the law says.

    def terms(self, books: Books, desk: Desk) -> Terms:
        """What the law makes of trades on the day."""
        return Terms(books, self.scheme, desk, self._pays_to(books))

    def may_trade(
        self, books: Books, account: str, owner: str | None, desk: Desk
    ) -> tuple[Refusal, ...]:
        """Why an account may not trade, whatever it has; or may not, named by that owner."""
        if account not in self._may:
            self.ask(books, [account], desk)
        found = self._may[account]
        if not found and owner not in {None, self._owners[account]}:
            reference = self.book.conditions.reference
            return (
                order_refusals.OwnerMistaken(reference=reference, account=account, owner=owner),
            )
        return found

    def ask(self, books: Books, accounts: Iterable[str], desk: Desk) -> None:
        """Find out, for many accounts at once, whether they may trade.

        The registry is asked about money that an account pays in a trade.
        """
        unknown = sorted(set(accounts) - self._may.keys())
        everybody = {}
        if len(unknown) > ALONE_MAX:
            everybody = {each.number: each for each in books.accounts(scheme=self.scheme.name)}
        for account in unknown:
            if account in everybody:
                self._owners[account] = _owner(everybody[account])
                continue
            try:
                self._owners[account] = owner_of(books, self.scheme, account, desk.day)
            except Refused as no:
                self._may[account] = no.refusals
        asked = [account for account in unknown if account not in self._may]
        if asked:
            self._may.update(zip(asked, self._asked(books, asked, desk), strict=True))

    def _asked(
        self, books: Books, accounts: Sequence[str], desk: Desk
    ) -> Iterator[tuple[Refusal, ...]]:
        """What the registry says of a payment of each account, whatever it has."""
        because = (self.scheme.on(desk.day).on_transactions,)
        till = Account(self._pays_to(books))
        money = Asset(self.instrument.currency)
        batch = [
            Transaction(
                key=f"may {account} trade",
                kind=SETTLED_TRADE,
                movements=(Movement(source=Account(account), target=till, asset=money, count=1),),
                because=because,
            )
            for account in accounts
        ]
        trader = replace(desk, by="operator", told=None)
        for answers in explain_each(books, self.scheme, batch, desk=trader):
            yield tuple(
                no
                for answer in answers
                for no in answer.refusals
                if not isinstance(no, ExceedsHolding)
            )

    def _pays_to(self, books: Books) -> str:
        """Where fees go."""
        if self._treasury is None:
            self._treasury = government(books, self.scheme)[TREASURY]
        return self._treasury

    def charges(self, account: str) -> Charges:
        """What a trade of one lot costs the account beside its price, at most."""
        found = self._charges.get(account)
        if found is None:
            home, rate = account.partition("-")[0], self.scheme.fees_on(self.day).trade_fee
            taxed = vat(seller=home, buyer=home, rules=self.scheme.vat, on=self.day)
            tax = taxed.rate if taxed.treatment == "charged" else Decimal(0)
            # A lot that is traded with others may cost a part of a cent more than it does alone.
            fee = 0 if rate is None else rate.of(self.instrument.lot).minor + 1
            found = self._charges[account] = Charges(fee=fee, tax=tax)
        return found

    def settled_on(self, day: date) -> date | None:
        """When a trade of a day is settled, if that is not at once."""
        if self.instrument.delivery_day is not None:
            return self.instrument.delivery_day
        days = self.instrument.settlement_days
        return self.scheme.calendar.after(day, days) if days else None

    def trade(self, event: Traded, lots: int | None = None, part: int = 0) -> Trade:
        """A trade of the book as it is settled, or so many lots of it, or of a part of it."""
        instrument = self.instrument
        name = f"{event.trade_id}.{part}" if part else str(event.trade_id)
        return Trade(
            key=f"{self.subject} {name}",
            buyer=event.buyer,
            seller=event.seller,
            unit=instrument.unit,
            count=(event.qty if lots is None else lots) * instrument.lot,
            price=instrument.price(event.price),
        )

    # What is held.

    def owed(self, made: BookTrade, terms: Terms) -> Iterator[tuple[Pair, int]]:
        """What is held of both sides for a trade until it is settled."""
        record, grounds, _ = terms.of(self.trade(made.traded, made.lots, made.part))
        assert not grounds, f"the trades of an exchange are lawful: {grounds}"
        if not self.instrument.credit:
            yield (record.buyer, self.instrument.currency), record.due + record.buyer_fee
        if not self.instrument.short:
            yield (record.seller, self.instrument.unit), record.count

    def cover(self, number: int) -> Iterator[tuple[str, str, int]]:
        """Cover an order as it stands; by how much what is held of each asset changes."""
        order = self.book.order(number)
        before = self.covers.pop(number, Cover())
        after = Cover()
        if order is None:
            # It may be named no more, so whose it was is forgotten.
            account = self.accounts.pop(number)
        else:
            account = self.accounts[number]
            after = cover_of(order, self.instrument, self.charges(account))
            self.covers[number] = after
        if after.units != before.units:
            yield account, self.instrument.unit, after.units - before.units
        if after.money != before.money:
            yield account, self.instrument.currency, after.money - before.money

    def hold(self, entry: int, pair: Pair) -> Hold:
        """What must be held of an account now, under one hold."""
        account, asset = pair
        return Hold(
            key=f"{self.holds_begin}{entry} {account} {asset}",
            account=Account(account),
            asset=asset_of(asset, self.scheme.on(self.day)),
            count=self.held[pair],
        )

    @property
    def subject(self) -> str:
        """What words about the book are kept under."""
        return subject_of(self.scheme, self.instrument.code)

    @property
    def holds_begin(self) -> str:
        """So begin the keys of what is held for this book."""
        return f"exchange {self.subject} "

    # What is written down.

    def word(self, message: Message) -> KeptWord:
        """A message as it is kept."""
        return KeptWord(ORDER, self.subject, encode(message).decode())

    def trade_word(self, event: Traded, due: date | None) -> KeptWord:
        """A trade as it is kept."""
        made = BookTrade(traded=event, due=due)
        return KeptWord(TRADE, self.subject, encode(made).decode())

    def settled_word(self, trades: Iterable[Piece]) -> KeptWord:
        """That these trades are settled, as it is kept."""
        said = SettledTrades(trades=tuple(trades))
        return KeptWord(SETTLED, self.subject, encode(said).decode())

    def snapshot(self, words: int) -> KeptWord | None:
        """The book as it stands, if it is time to write it down again."""
        self.since += words
        if self.since < WORDS_MIN + 4 * self.book.size:
            return None
        self.since = 0
        standing = Standing(book=self.book.state(), unsettled=tuple(self.unsettled.values()))
        return KeptWord(BOOK, self.subject, encode(standing).decode())


def make_again(books: Books, scheme: Scheme, code: str, *, day: date, at: datetime) -> Live:
    """The book as it stands, from what was said; what is held for it is looked at too."""
    clause = scheme.instruments.instruments.on(day)
    instrument, subject = scheme.instruments.instrument(code, on=day), subject_of(scheme, code)
    standing, after = Standing(book=BookState()), 0
    for spoken in books.words(BOOK, subject, last=True):
        standing, after = as_standing(spoken.word.body), spoken.number
    book = Book.restore(standing.book, instrument=instrument, reference=clause.reference)
    live = Live(scheme=scheme, instrument=instrument, book=book, day=day)
    live.unsettled = {each.piece: each for each in standing.unsettled}
    for spoken in books.words(ORDER, subject, after=after):
        book.take(as_message(spoken.word.body))
        live.since += 1
    told = [
        spoken
        for topic in (TRADE, ALLOCATED, SETTLED, FAILED)
        for spoken in books.words(topic, subject, after=after)
    ]
    for spoken in sorted(told, key=lambda each: each.number):
        remember(live.unsettled, spoken.word)
    for spoken in books.words(ORDER, subject, last=True):
        live.entry = spoken.entry
    _cover_again(books, live, Desk(by="operator", day=day, at=at))
    return live


def taken_then(books: Books, live: Live, entry: int) -> list[tuple[Message, tuple[Event, ...]]]:
    """The messages of a batch that was taken before, and what became of each."""
    subject, standing, after = live.subject, BookState(), 0
    for spoken in books.words(BOOK, subject):
        if spoken.entry < entry:
            standing, after = as_standing(spoken.word.body).book, spoken.number
    reference = live.book.conditions.reference
    book = Book.restore(standing, instrument=live.instrument, reference=reference)
    found = []
    for spoken in books.words(ORDER, subject, after=after):
        if spoken.entry > entry:
            break
        message = as_message(spoken.word.body)
        events = book.take(message)
        if spoken.entry == entry:
            found.append((message, events))
    return found


def _cover_again(books: Books, live: Live, desk: Desk) -> None:
    """Find what is held for the book, and whose orders must leave it."""
    orders = live.book.state().orders
    for each in orders:
        live.accounts[each.order_id] = each.order.account
        for account, asset, more in live.cover(each.order_id):
            live.held[account, asset] += more
    if live.unsettled:  # Else nobody need know where fees go: the scheme may not have begun.
        terms = live.terms(books, desk)
        for made in live.unsettled.values():
            for pair, count in live.owed(made, terms):
                live.held[pair] += count
    live.held = +live.held
    live.holds = {
        (hold.account.number, hold.asset.code): hold for hold in books.open_holds(live.holds_begin)
    }
    traders = {each.order.account for each in orders}
    if traders:
        shut = {
            each.number
            for each in books.accounts(scheme=live.scheme.name)
            if each.status != "open" and each.number in traders
        }
        live.leaving = tuple(sorted(shut))


def owner_of(books: Books, scheme: Scheme, account: str, day: date) -> str:
    """Who stands behind an account: its operator, or else its holder."""
    return _owner(the_account(books, scheme, account, scheme.on(day)))


def _owner(account: HoldingAccount) -> str:
    return account.operator or account.name
