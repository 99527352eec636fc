"""A trade made for clients is theirs before it is settled: units, money and what is held."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, structs

from tonne.market import Instruction, allocate_trade, deal_grounds, order_refusals
from tonne.operations.engine_words import (
    AllocatedTrade,
    BookTrade,
    allocate,
    allocated_word,
    pieces_of,
)
from tonne.operations.heard import grounds_of
from tonne.refusal import Refusal, refuse_if_any

if TYPE_CHECKING:
    from tonne.operations.engine import Batch
    from tonne.operations.engine_book import Pair

ALLOCATION = "allocate_trade"
"""The kind of the request, and the act that gives a trade to clients."""


class TradeAllocation(Struct, frozen=True, kw_only=True):
    """What an account did in a trade, by number, was for these clients: so many units each."""

    trade: int
    account: str
    clients: tuple[tuple[str, int], ...]


def give_to_clients(
    batch: "Batch", asked: TradeAllocation, grounds: Iterable[Refusal]
) -> tuple[BookTrade, ...]:
    """The parts that the trade has from now on; clients hold what their agent held for it."""
    live, found = batch.live, list(grounds)
    mine = pieces_of(live.unsettled, asked.trade, asked.account)
    found += _unfit(batch, asked, mine)
    parts: tuple[BookTrade, ...] = ()
    if mine:
        side: Literal["buyer", "seller"] = (
            "buyer" if mine[0].traded.buyer == asked.account else "seller"
        )
        reference = live.book.conditions.reference
        made, refused = grounds_of(
            lambda: allocate_trade(
                [_instruction(batch, each) for each in mine],
                dict(asked.clients),
                side=side,
                reference=reference,
            )
        )
        found += refused
        if made is not None and not found:
            parts = tuple(_parts(batch, mine, made))
            found += _uncovered(batch, mine, parts)
    refuse_if_any(dict.fromkeys(found))
    allocated = AllocatedTrade(trade=asked.trade, account=asked.account, parts=parts)
    allocate(live.unsettled, allocated)
    for pair, more in _held_more(batch, mine, parts).items():
        batch.hold(pair, more)
    batch.words = [allocated_word(live.subject, allocated)]
    return parts


def _unfit(batch: "Batch", asked: TradeAllocation, mine: Sequence[BookTrade]) -> Iterator[Refusal]:
    """Why this cannot be given, or not to these: everything but the sum and what they have."""
    live, reference = batch.live, batch.live.book.conditions.reference
    if not any(number == asked.trade for number, _ in live.unsettled):
        yield deal_grounds.TradeNotWaiting(
            reference=reference, instrument=live.instrument.code, trade=asked.trade
        )
    elif not mine:
        yield deal_grounds.NoSideOfTrade(
            reference=reference, trade=asked.trade, account=asked.account
        )
    named = Counter(client for client, _ in asked.clients)
    for client in (client for client, times in named.items() if times > 1):
        yield deal_grounds.ClientNamedTwice(reference=reference, trade=asked.trade, client=client)
    for client, units in asked.clients:
        yield from live.instrument.lots_of(units, reference=reference)[1]
        yield from live.may_trade(batch.books, client, None, batch.desk)


def _instruction(batch: "Batch", made: BookTrade) -> Instruction:
    """A part of a trade in units and untaxed money: what a client owes in tax is his own affair."""
    live, traded = batch.live, made.traded
    units = made.left * live.instrument.lot
    return Instruction(
        trade=str(traded.trade_id),
        seller=traded.seller,
        buyer=traded.buyer,
        asset=live.instrument.unit,
        count=units,
        currency=live.instrument.currency,
        money=live.instrument.price(traded.price).times(units).minor,
    )


def _parts(
    batch: "Batch", mine: Sequence[BookTrade], made: Sequence[Instruction]
) -> Iterator[BookTrade]:
    """The clients' parts in lots, numbered after those that there are."""
    live, first = batch.live, mine[0]
    trade = first.traded.trade_id
    numbers = count(1 + max(part for number, part in live.unsettled if number == trade))
    for part, each in zip(numbers, made, strict=False):
        lots = each.count // live.instrument.lot
        traded = structs.replace(first.traded, buyer=each.buyer, seller=each.seller, qty=lots)
        price = live.instrument.price(traded.price)
        assert each.money == price.times(each.count).minor, "a lot costs whole cents"
        yield structs.replace(first, traded=traded, lots=None, part=part)


def _held_more(
    batch: "Batch", mine: Iterable[BookTrade], parts: Iterable[BookTrade]
) -> "Counter[Pair]":
    """By how much what must be held of each account changes."""
    live, more = batch.live, Counter["Pair"]()
    for made in parts:
        more.update(dict(live.owed(made, batch.terms)))
    for made in mine:
        more.subtract(dict(live.owed(made, batch.terms)))
    return more


def _uncovered(
    batch: "Batch", mine: Sequence[BookTrade], parts: Sequence[BookTrade]
) -> Iterator[Refusal]:
    """What the law has against trades of the clients, and who of them has too little."""
    live = batch.live
    against = [
        no for made in parts for no in batch.terms.of(live.trade(made.traded, None, made.part))[1]
    ]
    if against:
        yield from against
        return
    more = +_held_more(batch, mine, parts)
    batch.look_at(dict.fromkeys(sorted({account for account, _ in more})))
    for (account, asset), needed in sorted(more.items()):
        free = batch.free((account, asset))
        if needed > free:
            yield order_refusals.NotCovered(
                reference=live.book.conditions.reference,
                account=account,
                asset=asset,
                needed=needed,
                free=free,
            )
