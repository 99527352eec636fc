"""Trades whose day has come: what both sides have is settled, and the rest is cured by law."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from tonne import market
from tonne.market import Failure, Settlement
from tonne.operations.books import Books
from tonne.operations.cures import FailedSide, compensation, instruction_of, pay_compensation
from tonne.operations.engine_words import (
    BookTrade,
    FailedTrade,
    Piece,
    fail,
    failed_trades,
    failed_word,
    settled_trades,
)
from tonne.quantity import Money

if TYPE_CHECKING:
    from tonne.operations.engine import Batch

SETTLEMENT = "settle_trades"
"""The kind of the journal's entry, and the act that settles what is due."""


class Settled(Struct, frozen=True, kw_only=True):
    """What a day's settlement came to."""

    trades: tuple[int, ...]
    """The trades of which something was settled, by number; also of a client's part alone."""

    failed: tuple[FailedTrade, ...]


def settle_due(batch: "Batch") -> Settled:
    """Settle what is due, as far as both sides have it; the rest is told, and waits or is over."""
    live, day = batch.live, batch.desk.day
    due = {
        piece: made
        for piece, made in sorted(live.unsettled.items())
        if made.due is not None and made.due <= day
    }
    if not due:
        return Settled(trades=(), failed=())
    live.ask(
        batch.books,
        (side for made in due.values() for side in (made.traded.buyer, made.traded.seller)),
        batch.desk,
    )
    parts = [
        instruction_of(_name(piece), batch.agree(live.trade(made.traded, made.lots, made.part)))
        for piece, made in due.items()
    ]
    sides = sorted({side for each in parts for side in (each.buyer, each.seller)})
    batch.look_at(dict.fromkeys(sides))
    barred = {side for side in sides if live.may_trade(batch.books, side, None, batch.desk)}
    rules, free = live.scheme.settlement, _free(batch, due)
    found = market.settle(parts, free, rules, calendar=live.scheme.calendar, on=day, barred=barred)
    return _written(batch, due, found, barred)


def pay(batch: "Batch", settled: Settled, key: str) -> None:
    """Have the sides that failed pay the others."""
    asked = [(f"{key} pays {_name(each.piece)}", each) for each in settled.failed]
    pay_compensation(batch.books, batch.live.scheme, asked, desk=batch.desk)


def settled_then(books: Books, subject: str, entry: int) -> Settled:
    """What a settlement came to that was done before."""
    failed = failed_trades(books, subject, entry=entry)
    trades = {*settled_trades(books, subject, entry=entry)}
    trades |= {each.trade for each in failed if each.settled}
    return Settled(trades=tuple(sorted(trades)), failed=tuple(failed))


def _name(piece: Piece) -> str:
    """What a trade is called while it is settled, or its part."""
    return "{}.{}".format(*piece)


def _free(batch: "Batch", due: Mapping[Piece, BookTrade]) -> Counter[tuple[str, str]]:
    """What accounts may give for the trades that are due: also what was held for them."""
    live, free = batch.live, Counter({pair: batch.free(pair) for pair in batch.have})
    for made in due.values():
        for pair, count in live.owed(made, batch.terms):
            free[pair] += count
            batch.hold(pair, -count)
    return free


def _written(
    batch: "Batch", due: Mapping[Piece, BookTrade], found: Settlement, barred: AbstractSet[str]
) -> Settled:
    """The trades that are settled, and the words about those that are not."""
    live, pieces = batch.live, {_name(piece): piece for piece in due}
    lots = {pieces[each.trade]: each.count // live.instrument.lot for each in found.settled}
    lots = {piece: settled for piece, settled in lots.items() if settled}
    failed = [
        _failed(batch, due[pieces[each.instruction.trade]], each, lots, barred)
        for each in found.failures
    ]
    for each in failed:
        fail(live.unsettled, each)
        if each.due is not None:
            for pair, count in live.owed(live.unsettled[each.piece], batch.terms):
                batch.hold(pair, count)
    batch.trades = [
        batch.agree(live.trade(due[piece].traded, settled, piece[1]))
        for piece, settled in lots.items()
    ]
    whole = [piece for piece in lots if piece not in {each.piece for each in failed}]
    for piece in whole:
        del live.unsettled[piece]
    batch.words = [failed_word(live.subject, each) for each in failed]
    if whole:
        batch.words.append(live.settled_word(whole))
    return Settled(trades=tuple(sorted({number for number, _ in lots})), failed=tuple(failed))


def _failed(
    batch: "Batch",
    made: BookTrade,
    failure: Failure,
    lots: Mapping[Piece, int],
    barred: AbstractSet[str],
) -> FailedTrade:
    """What is said of a trade that failed; the second time others stand in, where the law says."""
    side = FailedSide.of(failure, made.failures)
    paid = None
    if side.due is None:
        paid = _bought_in(batch, made, failure, may_pay=not barred & {side.account, side.other})
    settled = lots.get(made.piece, 0)
    return FailedTrade(
        **structs.asdict(structs.replace(side, paid=paid)),
        trade=made.traded.trade_id,
        part=made.part,
        lots=made.left - settled,
        settled=settled,
    )


def _bought_in(batch: "Batch", made: BookTrade, failure: Failure, *, may_pay: bool) -> Money:
    """What the side that failed pays the other, at the last price; none where one is barred."""
    live, last, count = batch.live, batch.live.book.last_price, failure.instruction.count
    assert last is not None, "what failed was traded"
    agreed, now = (live.instrument.price(price).times(count) for price in (made.traded.price, last))
    pair = failure.account, live.instrument.currency
    free = batch.free(pair) if may_pay else 0
    paid = compensation(failure, agreed=agreed, now=now, free=free)
    batch.changed[pair] -= paid.minor
    return paid
