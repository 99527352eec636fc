"""The public record page by page: a page costs no more where much has happened."""

from datetime import date, datetime
from typing import NamedTuple

import msgspec

from tonne.ledger import Span
from tonne.market import Traded
from tonne.operations.ask import SerialUnknown
from tonne.operations.auction_words import names_page as auction_names
from tonne.operations.books import Books
from tonne.operations.engine_words import TRADE, BookTrade
from tonne.operations.heard import subject_of
from tonne.operations.paged import Given
from tonne.operations.scheme import Scheme

__all__ = ["Given", "PublicTrade", "SerialUnknown", "auction_names", "first_since", "trades_page"]

_as_trade = msgspec.json.Decoder(BookTrade).decode


class PublicTrade(NamedTuple):
    """A trade of a book, with the number under which it was kept."""

    number: int
    day: date
    traded: Traded


def trades_page(
    books: Books,
    scheme: Scheme,
    code: str,
    *,
    after: int = 0,
    before: int | None = None,
    newest: bool = False,
    made: Span | None = None,
    limit: int,
) -> list[PublicTrade]:
    """Trades of an instrument between two numbers, the oldest or the newest first."""
    subject = subject_of(scheme, code)
    if made is not None:
        since, last = (first_since(books, scheme, code, moment) for moment in made)
        after = max(after, since)
        before = last + 1 if before is None else min(before, last + 1)
    found = books.words_page(TRADE, subject, after=after, before=before, newest=newest, limit=limit)
    return [PublicTrade(each.number, each.day, _as_trade(each.word.body).traded) for each in found]


def first_since(books: Books, scheme: Scheme, code: str, moment: datetime) -> int:
    """The number after which the trades of an instrument were made at a moment or later.

    Trades are kept in the order in which they were made, so a few looks in between find it.
    """
    last = trades_page(books, scheme, code, newest=True, limit=1)
    low, high = 0, last[0].number if last else 0
    while low < high:
        middle = (low + high) // 2
        (found,) = trades_page(books, scheme, code, after=middle, limit=1)
        if found.traded.at < moment:
            low = found.number
        else:
            high = middle
    return low
