"""What is said about a book, as it is kept: messages, trades, what was settled, what failed."""

from collections.abc import Callable, Mapping
from datetime import date

import msgspec
from msgspec import Struct, structs

from tonne.ledger import KeptWord
from tonne.market import Averaged, BookState, Message, Traded
from tonne.operations.books import Books
from tonne.operations.cures import FailedSide

ORDER = "order"
"""The topic of what a book is told; its subject is the code of the instrument."""

TRADE = "trade"
"""The topic of trades of a book."""

ALLOCATED = "allocation"
"""The topic of trades that one side gave to its clients."""

SETTLED = "settled"
"""The topic of trades that were settled later than they were made."""

FAILED = "failure"
"""The topic of trades that could not be settled."""

BOOK = "book"
"""The topic of books as they stood, from which they are made again."""


Piece = tuple[int, int]
"""A trade by number, and which part of it; none if it was not given to clients."""


class BookTrade(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A trade of a book or a client's part of it, and when it is settled if that is not at once."""

    traded: Traded
    due: date | None = None
    lots: int | None = None
    """What is left to be settled, if a part was."""

    failures: int = 0
    """How often it could not be settled."""

    part: int = 0
    """Which part it is, if it was given to clients."""

    @property
    def piece(self) -> Piece:
        """What it is known by until it is settled."""
        return self.traded.trade_id, self.part

    @property
    def left(self) -> int:
        """How many lots are to be settled."""
        return self.traded.qty if self.lots is None else self.lots


class Standing(Struct, frozen=True, kw_only=True):
    """A book as it stood, and its trades that were not settled."""

    book: BookState
    unsettled: tuple[BookTrade, ...] = ()


class AllocatedTrade(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a side of a trade gave to its clients, and the parts that the trade has now."""

    trade: int
    account: str
    parts: tuple[BookTrade, ...]
    clients: tuple[Averaged, ...] = ()
    """What each client gets and pays in all; of trades that were given together, with the first."""


class SettledTrades(Struct, frozen=True, kw_only=True):
    """Trades that were settled, or parts of them."""

    trades: tuple[Piece, ...]


class FailedTrade(FailedSide, frozen=True, kw_only=True):
    """What could not be settled of a trade, and how it is cured."""

    trade: int
    lots: int
    part: int = 0
    settled: int = 0
    """Lots of it that were settled at the same time."""

    @property
    def piece(self) -> Piece:
        """What it was known by."""
        return self.trade, self.part


encode = msgspec.json.Encoder().encode
as_message = msgspec.json.Decoder(Message).decode
_as_trade = msgspec.json.Decoder(BookTrade).decode
as_standing = msgspec.json.Decoder(Standing).decode
_as_allocated = msgspec.json.Decoder(AllocatedTrade).decode
_as_settled = msgspec.json.Decoder(SettledTrades).decode
_as_failed = msgspec.json.Decoder(FailedTrade).decode


Outcome = BookTrade | AllocatedTrade | SettledTrades | FailedTrade
_AS_OUTCOME: dict[str, Callable[[str], Outcome]] = {
    TRADE: _as_trade, ALLOCATED: _as_allocated, SETTLED: _as_settled, FAILED: _as_failed,
}  # fmt: skip


def as_outcome(word: KeptWord) -> Outcome:
    """What was said of trades: that they were made, given to clients, settled, or failed."""
    return _AS_OUTCOME[word.topic](word.body)


def made_trades(books: Books, subject: str, *, after: int = 0) -> list[BookTrade]:
    """The trades of an instrument in the order in which they were made."""
    return [_as_trade(each.word.body) for each in books.words(TRADE, subject, after=after)]


def last_traded(books: Books, subject: str) -> BookTrade | None:
    """The last trade of an instrument, if there was any."""
    found = books.words(TRADE, subject, last=True)
    return _as_trade(found[-1].word.body) if found else None


def remember(unsettled: dict[Piece, BookTrade], word: KeptWord) -> None:
    """What a word about trades makes of those that are not settled."""
    if word.topic == SETTLED:
        for piece in _as_settled(word.body).trades:
            unsettled.pop(piece, None)
    elif word.topic == TRADE:
        made = _as_trade(word.body)
        if made.due is not None:
            unsettled[made.piece] = made
    elif word.topic == ALLOCATED:
        allocate(unsettled, _as_allocated(word.body))
    else:
        fail(unsettled, _as_failed(word.body))


def pieces_of(unsettled: Mapping[Piece, BookTrade], trade: int, account: str) -> list[BookTrade]:
    """What is not settled of a trade on the side of an account."""
    return [
        made
        for (number, _), made in sorted(unsettled.items())
        if number == trade and account in {made.traded.buyer, made.traded.seller}
    ]


def allocate(unsettled: dict[Piece, BookTrade], allocated: AllocatedTrade) -> None:
    """The parts of clients stand where that of their agent stood."""
    for made in pieces_of(unsettled, allocated.trade, allocated.account):
        del unsettled[made.piece]
    unsettled.update((made.piece, made) for made in allocated.parts)


def fail(unsettled: dict[Piece, BookTrade], failed: FailedTrade) -> None:
    """A trade waits that could not be settled, or what is left of it; or it is over."""
    before = unsettled.pop(failed.piece)
    if failed.due is not None:
        unsettled[failed.piece] = structs.replace(
            before, due=failed.due, lots=failed.lots, failures=before.failures + 1
        )


def allocated_word(subject: str, allocated: AllocatedTrade) -> KeptWord:
    """That a side gave its trade to clients, as it is kept."""
    return KeptWord(ALLOCATED, subject, encode(allocated).decode())


def allocated_then(books: Books, subject: str, *, entry: int) -> list[AllocatedTrade]:
    """What one entry made of trades."""
    return [
        _as_allocated(each.word.body)
        for each in books.words(ALLOCATED, subject)
        if each.entry == entry
    ]


def failed_word(subject: str, failed: FailedTrade) -> KeptWord:
    """That a trade could not be settled, as it is kept."""
    return KeptWord(FAILED, subject, encode(failed).decode())


def failed_trades(books: Books, subject: str, *, entry: int | None = None) -> list[FailedTrade]:
    """The trades of an instrument that could not be settled, each time; or those of one entry."""
    return [
        _as_failed(each.word.body)
        for each in books.words(FAILED, subject)
        if entry in {None, each.entry}
    ]


def settled_trades(books: Books, subject: str, *, entry: int) -> list[int]:
    """The trades of an instrument that one entry settled, whole or whole parts, by number."""
    found = [
        number
        for each in books.words(SETTLED, subject)
        if each.entry == entry
        for number, _ in _as_settled(each.word.body).trades
    ]
    return list(dict.fromkeys(found))
