"""Trades whose day has come: what both sides have is settled, and the rest is cured by law."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from tonne import market
from tonne.market import Failure, Instruction, Settlement, buy_in
from tonne.operations.books import Books
from tonne.operations.engine_words import (
    BookTrade,
    FailedTrade,
    Piece,
    fail,
    failed_trades,
    failed_word,
    settled_trades,
)
from tonne.operations.heard import payment
from tonne.operations.record import record_all
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
    parts = [_instruction(batch, made) for made in due.values()]
    sides = sorted({side for each in parts for side in (each.buyer, each.seller)})
    batch.look_at(dict.fromkeys(sides))
    free = _free(batch, due)
    rules = live.scheme.settlement
    return _written(batch, due, market.settle(parts, free, rules, on=day))


def pay(batch: "Batch", settled: Settled, key: str) -> None:
    """Have the sides that failed pay the others."""
    law = batch.live.scheme.settlement.cure.on(batch.desk.day).reference
    asked = [
        payment(
            each.account,
            each.other,
            each.paid,
            key=f"{key} pays {_name(each.piece)}",
            because=(law,),
        )
        for each in settled.failed
        if each.paid is not None and each.paid.minor
    ]
    if asked:
        record_all(batch.books, batch.live.scheme, asked, desk=batch.desk)


def settled_then(books: Books, subject: str, entry: int) -> Settled:
    """What a settlement came to that was done before."""
    failed = failed_trades(books, subject, entry=entry)
    trades = {*settled_trades(books, subject, entry=entry)}
    trades |= {each.trade for each in failed if each.settled}
    return Settled(trades=tuple(sorted(trades)), failed=tuple(failed))


def _instruction(batch: "Batch", made: BookTrade) -> Instruction:
    live = batch.live
    record, _, _ = batch.terms.of(live.trade(made.traded, made.lots))
    return Instruction(
        trade=_name(made.piece),
        seller=record.seller,
        buyer=record.buyer,
        asset=record.unit,
        count=record.count,
        currency=record.currency,
        money=record.due,
    )


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
        record, _, _ = batch.terms.of(live.trade(made.traded, made.lots))
        free[record.buyer, record.currency] -= record.buyer_fee
        free[record.seller, record.currency] -= record.seller_fee
    return free


def _written(batch: "Batch", due: Mapping[Piece, BookTrade], found: Settlement) -> Settled:
    """The trades that are settled, and the words about those that are not."""
    live, pieces = batch.live, {_name(piece): piece for piece in due}
    lots = {pieces[each.trade]: each.count // live.instrument.lot for each in found.settled}
    lots = {piece: settled for piece, settled in lots.items() if settled}
    failed = [
        _failed(batch, due[pieces[each.instruction.trade]], each, lots) for each in found.failures
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
    batch: "Batch", made: BookTrade, failure: Failure, lots: Mapping[Piece, int]
) -> FailedTrade:
    """What is said of a trade that failed; the second time others stand in, where the law says."""
    over = failure.cure == "buy_in" and made.failures > 0
    (other,) = {failure.instruction.buyer, failure.instruction.seller} - {failure.account}
    return FailedTrade(
        trade=made.traded.trade_id,
        part=made.part,
        lots=made.left - lots.get(made.piece, 0),
        settled=lots.get(made.piece, 0),
        account=failure.account,
        other=other,
        asset=failure.asset,
        cure=failure.cure,
        due=None if over else failure.due,
        paid=_bought_in(batch, made, failure) if over else None,
    )


def _bought_in(batch: "Batch", made: BookTrade, failure: Failure) -> Money:
    """What the side that failed pays the other, at the last price; as much as it has free.

    Prices are compared without the tax on them, which is due on what others deliver too.
    """
    live, last, failed = batch.live, batch.live.book.last_price, failure.instruction
    assert last is not None, "what failed was traded"
    agreed, now = (
        live.instrument.price(price).times(failed.count) for price in (made.traded.price, last)
    )
    untaxed = structs.replace(failure, instruction=structs.replace(failed, money=agreed.minor))
    charged = buy_in(untaxed, money=now.minor).charged
    pair = failure.account, live.instrument.currency
    paid = min(charged, max(0, batch.free(pair)))
    batch.changed[pair] -= paid
    return Money(paid, now.currency)
