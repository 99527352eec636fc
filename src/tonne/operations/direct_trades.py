"""Trades that were agreed elsewhere and are settled at once, without a word about them before."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from tonne.ledger import KeptWord
from tonne.operations.books import Books
from tonne.operations.heard import subject_of
from tonne.operations.record import Desk, Receipt
from tonne.operations.scheme import Scheme
from tonne.operations.settle import Trade, settle
from tonne.refusal import Refused
from tonne.registry import TradeRecord

DIRECT = "direct trade"
"""The topic of such trades; the subject is the number of the transaction."""

_as_record = msgspec.json.Decoder(TradeRecord).decode


class DirectTrade(NamedTuple):
    """What was settled at once: by which transaction, when, and what was written down of it."""

    number: int
    day: date
    at: datetime
    record: TradeRecord


def settle_direct(
    books: Books, scheme: Scheme, trade: Trade, *, desk: Desk
) -> tuple[Receipt, TradeRecord]:
    """Settle what was agreed elsewhere, and say that it was: it is watched as any other trade."""
    (answer,) = settle(books, scheme, [trade], desk=desk)
    if not isinstance(answer, Receipt):
        raise Refused(answer)
    ((_, record),) = books.trades([answer.number])
    if not answer.repeated:
        body = msgspec.json.encode(record).decode()
        word = KeptWord(DIRECT, subject_of(scheme, str(answer.number)), body)
        books.say(answer.number, [word])
    return answer, record


def direct_trades(books: Books, scheme: Scheme) -> Iterator[DirectTrade]:
    """All such trades, in the order in which they were settled."""
    start = subject_of(scheme, "")
    for each in books.words(DIRECT):
        if each.word.subject.startswith(start):
            yield DirectTrade(each.entry, each.day, each.at, _as_record(each.word.body))
