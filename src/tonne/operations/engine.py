"""The engine of an exchange: the order book of an instrument, in step with what the accounts hold.

Messages come in batches. The book decides in memory; then the orders, the trades, what is held and
what is settled of the whole batch are written in one database transaction. Every message that
changed something is kept as it was said, so the book can be made again at any time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from msgspec import structs

from tonne.ledger import KeptWord
from tonne.market import (
    Accepted,
    Amend,
    Amended,
    Cancelled,
    ChangePhase,
    EndOfDay,
    Event,
    Expired,
    MassCancel,
    Message,
    NewOrder,
    Rejected,
    Restated,
    StartOfDay,
    Traded,
    Triggered,
    cover_amended,
    cover_for,
    order_refusals,
)
from tonne.operations.books import Books
from tonne.operations.engine_allocation import (
    ALLOCATION,
    Allocated,
    TradeAllocation,
    give_to_clients,
    given_then,
)
from tonne.operations.engine_answers import as_then, rejected
from tonne.operations.engine_book import Live, Pair, make_again, taken_then
from tonne.operations.engine_settlement import SETTLEMENT, Settled, pay, settle_due, settled_then
from tonne.operations.engine_words import ORDER, BookTrade, encode
from tonne.operations.heard import subject_of
from tonne.operations.record import Desk, Receipt, once
from tonne.operations.scheme import Scheme
from tonne.operations.settle import Agreed, Trade, settle
from tonne.operations.settle_netted import settle_agreed
from tonne.operations.trading_day import due_messages
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.registry import NothingLeft

T = TypeVar("T")


class Run(Protocol):
    """Runs an operation on the books in one database transaction, and commits it."""

    def __call__(self, operation: Callable[[Books], T], /) -> T:
        """What the operation answers."""


EXCHANGE = "exchange"
"""The kind of the journal's entry for a batch of messages."""

HALT = "halt_market"
"""The act by which somebody, and not the clock, puts a book into another phase."""

TRIES_MAX = 3
_OF_DAYS = {StartOfDay, EndOfDay}
"""What changes a book also where nothing comes of it."""

_OF_ORDER = (Accepted, Amended, Restated, Triggered, Cancelled, Expired)


class Unsettled(Exception):  # noqa: N818  it is not the end: the batch is taken anew
    """An account that was open when its order came is not any more; all of the batch is undone."""


class Engine:
    """The book of one instrument, and one writer of it.

    Several may write in turn, in one process or in many: each waits until the other has committed,
    and catches up with what was said. What is not yet committed is forgotten if it fails.
    """

    def __init__(self, scheme: Scheme, code: str) -> None:
        """Nothing is read before the first batch."""
        self.scheme, self.code, self.subject = scheme, code, subject_of(scheme, code)
        self._live: Live | None = None
        self._taken: Live | None = None

    def serve(
        self, run: Run, messages: Sequence[Message], *, key: str, desk: Desk
    ) -> list[tuple[Event, ...]]:
        """Take a batch and commit it; the answers are told only then."""
        return self._commit(run, lambda books: self.take(books, messages, key=key, desk=desk))

    def settle(self, run: Run, *, key: str, desk: Desk) -> Settled:
        """Settle what is due and commit it."""
        return self._commit(run, lambda books: self.settle_due(books, key=key, desk=desk))

    def allocate(self, run: Run, allocation: TradeAllocation, *, key: str, desk: Desk) -> Allocated:
        """Give trades to clients and commit it."""
        return self._commit(
            run, lambda books: self.allocate_trades(books, allocation, key=key, desk=desk)
        )

    def _commit(self, run: Run, work: Callable[[Books], T], tries: int = TRIES_MAX) -> T:
        try:
            answer = run(work)
        except Unsettled:
            if tries == 1:
                raise
            return self._commit(run, work, tries - 1)
        self.committed()
        return answer

    def look(self, books: Books, *, desk: Desk) -> Live:
        """The book as it stands, to be looked at."""
        return make_again(books, self.scheme, self.code, day=desk.day, at=desk.at)

    def take(
        self, books: Books, messages: Sequence[Message], *, key: str, desk: Desk
    ) -> list[tuple[Event, ...]]:
        """What becomes of each message; written down, and answered once it is committed.

        A batch whose key was used before was taken then: its orders are answered as they were.
        """
        live = self._caught_up(books, desk)
        digest, before = once(books, self.scheme, key, EXCHANGE, encode(messages))
        if before is not None:
            self._taken = live
            then = taken_then(books, live, before)
            return as_then(then, messages, live.book.conditions.reference)
        if any(type(message) is ChangePhase for message in messages):
            refuse_if_any(self.scheme.on(desk.day).act_refusals(HALT, desk.by))
        batch = Batch(books, live, desk)
        for account in live.leaving:
            batch.take(MassCancel(at=desk.at, account=account))
        live.leaving = ()
        live.ask(books, (each.account for each in messages if type(each) is NewOrder), desk)
        book, calendar = live.book, live.scheme.calendar
        for message in due_messages(book.conditions, book.last_price, desk.at, calendar):
            batch.take(message)
        batch.look_at(_asked_for(messages, live.instrument.lot))
        by_clock = len(batch.words)
        answers = [batch.take(message) for message in messages]
        if len(batch.words) > by_clock or not messages:
            batch.write(key, digest)
        elif by_clock:
            return answers  # Where all is refused nothing is written, not even what the clock said.
        self._taken = live
        return answers

    def settle_due(self, books: Books, *, key: str, desk: Desk) -> Settled:
        """Settle the trades whose day has come, netted; what fails is named and cured by law."""
        live = self._caught_up(books, desk)
        digest, before = once(books, self.scheme, key, SETTLEMENT, self.code)
        self._taken = live
        if before is not None:
            return settled_then(books, self.subject, before)
        refuse_if_any(self.scheme.on(desk.day).act_refusals(SETTLEMENT, desk.by))
        batch = Batch(books, live, desk)
        settled = settle_due(batch)
        if batch.words:
            batch.write(key, digest)
            pay(batch, settled, key)
        return settled

    def allocate_trades(
        self, books: Books, allocation: TradeAllocation, *, key: str, desk: Desk
    ) -> Allocated:
        """Give what a side of trades did to its clients, who settle them in its place."""
        live = self._caught_up(books, desk)
        digest, before = once(books, self.scheme, key, ALLOCATION, encode((self.code, allocation)))
        self._taken = live
        if before is not None:
            return given_then(books, self.subject, before)
        batch = Batch(books, live, desk)
        grounds = self.scheme.on(desk.day).act_refusals(ALLOCATION, desk.by)
        return give_to_clients(batch, allocation, grounds, key=key, digest=digest)

    def _caught_up(self, books: Books, desk: Desk) -> Live:
        """The book once nobody else writes to it; it is forgotten unless what follows commits."""
        live, self._live, self._taken = self._live, None, None
        books.speak_alone(ORDER, self.subject)
        if live is None or not live.stands(books, desk.day):
            live = self.look(books, desk=desk)
        return live

    def committed(self) -> None:
        """The last batch stands in the books."""
        self._live = self._taken


class Batch:
    """A batch on its way through the book."""

    def __init__(self, books: Books, live: Live, desk: Desk) -> None:
        self.books, self.live, self.desk = books, live, desk
        self.terms = live.terms(books, Desk(by="operator", day=desk.day, at=desk.at))
        self._held_before: dict[Pair, int] = {}
        self.have: dict[Pair, int] = {}
        """What accounts that were looked at had before the batch; of some only as much as asked."""
        self.changed: Counter[Pair] = Counter()
        """By how much trades have changed it since."""
        self._in_part: set[Pair] = set()
        self.trades: list[Agreed] = []
        self._trade_words: list[KeptWord] = []
        self.words: list[KeptWord] = []

    def take(self, message: Message) -> tuple[Event, ...]:
        """What becomes of one message."""
        live = self.live
        if type(message) is NewOrder:
            found = self._uncovered(message)
            if found:
                every = dict.fromkeys((*live.book.refusals(message), *found))
                return (rejected(message, 0, tuple(every)),)
        elif type(message) is Amend and (found := self._uncovered_amendment(message)):
            return (rejected(message, message.order_id, found),)
        events = live.book.take(message)
        if not events and type(message) not in _OF_DAYS:
            return ()
        if len(events) == 1 and type(events[0]) is Rejected:
            return tuple(events)
        self._follow(message, events)
        self.words.append(live.word(message))
        return tuple(events)

    def write(self, key: str, digest: bytes) -> None:
        """Keep all of it: the orders, what is held for them, the trades and their settlement."""
        if not self.words:
            return
        books, live, desk = self.books, self.live, self.desk
        because = (live.book.conditions.reference,)
        stamp = live.scheme.stamp(desk.day, desk.at)
        entry = books.enter(
            key=key, digest=digest, kind=EXCHANGE, year=None, because=because, stamp=stamp
        )
        changed = [pair for pair, before in self._held_before.items() if live.held[pair] != before]
        books.end_holds(entry, [live.holds.pop(pair).key for pair in changed if pair in live.holds])
        self.words += self._trade_words
        snapshot = live.snapshot(len(self.words))
        if snapshot is not None:
            self.words.append(snapshot)
        # Said before it is settled: the store writes the words down while the trades are netted.
        books.say(entry, self.words)
        if self.trades:
            self._settle(key)
        fresh = [live.hold(entry, pair) for pair in changed if live.held[pair]]
        books.add_holds(entry, fresh)
        live.holds.update(((each.account.number, each.asset.code), each) for each in fresh)
        live.entry = entry

    def _settle(self, key: str) -> None:
        """Settle the trades of the batch: what is left of them, or one by one if nothing is."""
        books, scheme = self.books, self.live.scheme
        try:
            settle_agreed(books, scheme, self.trades, self.terms, key=f"{key} settled")
        except Refused as no:
            if not all(isinstance(each, NothingLeft) for each in no.refusals):
                raise Unsettled from no
            alone = [
                structs.replace(each.trade, key=f"{key} {each.trade.key}") for each in self.trades
            ]
            answers = settle(books, scheme, alone, desk=self.terms.desk)
            if not all(isinstance(answer, Receipt) for answer in answers):
                raise Unsettled from no

    # What must be held.

    def _uncovered(self, order: NewOrder) -> tuple[Refusal, ...]:
        """Why an account may not give this order, beside what the book says."""
        live = self.live
        found = live.may_trade(self.books, order.account, order.owner, self.desk)
        need = cover_for(order, live.book.conditions, live.charges(order.account))
        return found + self._lacking(order.account, need.units, need.money)

    def _uncovered_amendment(self, amend: Amend) -> tuple[Refusal, ...]:
        live = self.live
        number = amend.order_id or live.book.order_id(amend.owner, amend.cl_ord_id) or 0
        order = live.book.order(number)
        if order is None or order.order.owner != amend.owner:
            return ()  # The book says so.
        account = order.order.account
        need = cover_amended(order, amend, live.instrument, live.charges(account))
        before = live.covers.get(number)
        units, money = (before.units, before.money) if before is not None else (0, 0)
        return self._lacking(account, need.units - units, need.money - money)

    def _lacking(self, account: str, units: int, money: int) -> tuple[Refusal, ...]:
        live, lacking = self.live, []
        for asset, needed in ((live.instrument.unit, units), (live.instrument.currency, money)):
            if needed <= 0:
                continue
            pair = account, asset
            if pair not in self.have:
                self.look_at({account: None})
            free = self.free(pair)
            if needed > free and pair in self._in_part:
                self.look_at({account: None})
                free = self.free(pair)
            if needed > free:
                reference = live.book.conditions.reference
                lacking.append(
                    order_refusals.NotCovered(
                        reference=reference, account=account, asset=asset, needed=needed, free=free
                    )
                )
        return tuple(lacking)

    def free(self, pair: Pair) -> int:
        """What an account has and need not hold, as far as the batch has come."""
        return self.have[pair] + self.changed[pair] - self.live.held[pair]

    def look_at(self, accounts: Mapping[str, int | None]) -> None:
        """Read what accounts have, and let nobody else touch it until the commit.

        Of units as many are counted as each is said to need, or all of them.
        """
        if not accounts:
            return
        live, books = self.live, self.books
        unit, money = live.instrument.unit, live.instrument.currency
        pairs = [(account, asset) for account in accounts for asset in (unit, money)]
        enough = [each for needed in accounts.values() for each in (needed, None)]
        books.lock(list(accounts))
        for pair, free in books.free(pairs, enough).items():
            held = live.holds[pair].count if pair in live.holds else 0
            self.have[pair] = free + held
        self._in_part -= set(pairs)
        self._in_part |= {(name, unit) for name, needed in accounts.items() if needed is not None}

    # What comes of it.

    def _follow(self, message: Message, events: Sequence[Event]) -> None:
        """Trades change what accounts have, and everything that became of orders what is held."""
        live, touched = self.live, set()
        for event in events:
            if type(event) is Traded:
                touched |= {event.buy_order, event.sell_order}
                self._traded(event)
            elif isinstance(event, _OF_ORDER):
                touched.add(event.order_id)
                if type(event) is Accepted:
                    assert isinstance(message, NewOrder)
                    live.accounts[event.order_id] = message.account
        for number in touched:
            self._cover(number)

    def _cover(self, number: int) -> None:
        """Hold for an order what it needs now."""
        for account, asset, more in self.live.cover(number):
            self.hold((account, asset), more)

    def hold(self, pair: Pair, more: int) -> None:
        """Hold so much more of what an account has, or less."""
        held = self.live.held
        self._held_before.setdefault(pair, held[pair])
        held[pair] += more

    def _traded(self, event: Traded) -> None:
        live = self.live
        due = live.settled_on(self.desk.day)
        self._trade_words.append(live.trade_word(event, due))
        if due is not None:
            made = BookTrade(traded=event, due=due)
            live.unsettled[made.piece] = made
            for pair, count in live.owed(made, self.terms):
                self.hold(pair, count)
            return
        agreed, changed = self.agree(live.trade(event)), self.changed
        self.trades.append(agreed)
        record, money = agreed.record, live.instrument.currency
        changed[record.buyer, record.unit] += record.count
        changed[record.buyer, money] -= record.due + record.buyer_fee
        changed[record.seller, record.unit] -= record.count
        changed[record.seller, money] += record.due - record.seller_fee

    def agree(self, trade: Trade) -> Agreed:
        """What the law makes of a trade of the book."""
        agreed = self.terms.agreed(trade)
        assert not agreed.grounds, f"the trades of an exchange are lawful: {agreed.grounds}"
        return agreed


def _asked_for(messages: Iterable[Message], lot: int) -> dict[str, int | None]:
    """Whose new orders are among these, and how many units they would sell at most."""
    found: dict[str, int | None] = {}
    for each in messages:
        if type(each) is NewOrder:
            sold = max(0, each.order_qty) * lot if each.side == "sell" else 0
            found[each.account] = (found.get(each.account) or 0) + sold
    return dict(sorted(found.items()))
