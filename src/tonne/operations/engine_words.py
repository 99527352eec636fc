"""What is said about a book, as it is kept: messages, trades, what was settled, what failed."""

from datetime import date

import msgspec
from msgspec import Struct, structs

from tonne.ledger import KeptWord
from tonne.market import BookState, CureMethod, Message, Traded
from tonne.operations.books import Books
from tonne.quantity import Money

ORDER = "order"
"""The topic of what a book is told; its subject is the code of the instrument."""

TRADE = "trade"
"""The topic of trades of a book."""

SETTLED = "settled"
"""The topic of trades that were settled later than they were made."""

FAILED = "failure"
"""The topic of trades that could not be settled."""

BOOK = "book"
"""The topic of books as they stood, from which they are made again."""


class BookTrade(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A trade of a book, and when it is settled if that is not at once."""

    traded: Traded
    due: date | None = None
    lots: int | None = None
    """What is left to be settled, if a part was."""

    failures: int = 0
    """How often it could not be settled."""


class Standing(Struct, frozen=True, kw_only=True):
    """A book as it stood, and its trades that were not settled."""

    book: BookState
    unsettled: tuple[BookTrade, ...] = ()


class SettledTrades(Struct, frozen=True, kw_only=True):
    """Trades that were settled, by number."""

    trades: tuple[int, ...]


class FailedTrade(Struct, frozen=True, kw_only=True):
    """What could not be settled of a trade: who lacked what, and how it is cured."""

    trade: int
    lots: int
    account: str
    """Which side failed."""

    other: str
    asset: str
    cure: CureMethod
    due: date | None
    """When it is tried again; not if the other side had money instead."""

    paid: Money | None = None
    """What the side that failed paid the other, which had to deal with others."""


encode = msgspec.json.Encoder().encode
as_message = msgspec.json.Decoder(Message).decode
_as_trade = msgspec.json.Decoder(BookTrade).decode
as_standing = msgspec.json.Decoder(Standing).decode
_as_settled = msgspec.json.Decoder(SettledTrades).decode
_as_failed = msgspec.json.Decoder(FailedTrade).decode


def made_trades(books: Books, subject: str, *, after: int = 0) -> list[BookTrade]:
    """The trades of an instrument in the order in which they were made."""
    return [_as_trade(each.word.body) for each in books.words(TRADE, subject, after=after)]


def remember(unsettled: dict[int, BookTrade], word: KeptWord) -> None:
    """What a word about trades makes of those that are not settled."""
    if word.topic == SETTLED:
        for number in _as_settled(word.body).trades:
            unsettled.pop(number, None)
    elif word.topic == TRADE:
        made = _as_trade(word.body)
        if made.due is not None:
            unsettled[made.traded.trade_id] = made
    else:
        fail(unsettled, _as_failed(word.body))


def fail(unsettled: dict[int, BookTrade], failed: FailedTrade) -> None:
    """A trade waits that could not be settled, or what is left of it; or it is over."""
    before = unsettled.pop(failed.trade)
    if failed.due is not None:
        unsettled[failed.trade] = structs.replace(
            before, due=failed.due, lots=failed.lots, failures=before.failures + 1
        )


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
    """The trades of an instrument that one entry settled whole, by number."""
    return [
        number
        for each in books.words(SETTLED, subject)
        if each.entry == entry
        for number in _as_settled(each.word.body).trades
    ]
