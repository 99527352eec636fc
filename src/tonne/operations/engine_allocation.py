"""Trades made for clients are theirs before they are settled: units, money and what is held."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import count, groupby
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, structs

from tonne.market import (
    AverageAllocation,
    Averaged,
    Instruction,
    Leg,
    allocate_at_average,
    deal_grounds,
    order_refusals,
    shared_out,
)
from tonne.operations.books import Books
from tonne.operations.engine_words import (
    AllocatedTrade,
    BookTrade,
    allocate,
    allocated_then,
    allocated_word,
    pieces_of,
)
from tonne.operations.heard import grounds_of, payment
from tonne.operations.record import record_all
from tonne.quantity import Currency, Money
from tonne.refusal import Refusal, refuse_if_any

if TYPE_CHECKING:
    from tonne.operations.engine import Batch
    from tonne.operations.engine_book import Pair

ALLOCATION = "allocate_trade"
"""The kind of the request, and the act that gives trades to clients."""


class TradeAllocation(Struct, frozen=True, kw_only=True):
    """What an account did in trades, by number, was for these clients: so many units each.

    Several trades are given at their average price. ``pro_rata`` says that the clients wanted so
    much, and get of what was traded in proportion.
    """

    trades: tuple[int, ...]
    account: str
    clients: tuple[tuple[str, int], ...]
    pro_rata: bool = False


class Allocated(Struct, frozen=True, kw_only=True):
    """The parts that trades have from now on, and what each client gets and pays in all."""

    parts: tuple[BookTrade, ...]
    clients: tuple[Averaged, ...]

    @property
    def average(self) -> Fraction:
        """The average price of all parts, in ticks."""
        value = sum(each.traded.price * each.left for each in self.parts)
        return Fraction(value, sum(each.left for each in self.parts))


def give_to_clients(
    batch: "Batch", asked: TradeAllocation, grounds: Iterable[Refusal], *, key: str, digest: bytes
) -> Allocated:
    """The parts that the trades have from now on; clients hold what their agent held for them.

    What the parts of each differ from the average price the clients pay each other at once.
    """
    live, found = batch.live, list(grounds)
    numbers = sorted(set(asked.trades))
    mine = [made for trade in numbers for made in pieces_of(live.unsettled, trade, asked.account)]
    found += _unfit(batch, asked, numbers, mine)
    made: AverageAllocation | None = None
    parts: tuple[BookTrade, ...] = ()
    if mine and not any(isinstance(each, deal_grounds.SidesDiffer) for each in found):
        made, refused = grounds_of(lambda: _averaged(batch, asked, mine))
        found += refused
    if made is not None and not found:
        parts = tuple(_parts(batch, mine, made.parts))
        found += _uncovered(batch, mine, parts, made.legs)
    refuse_if_any(dict.fromkeys(found))
    assert made is not None, "what is not refused is allocated"
    batch.words = []
    for trade in numbers:
        allocated = AllocatedTrade(
            trade=trade,
            account=asked.account,
            parts=tuple(each for each in parts if each.traded.trade_id == trade),
            clients=made.clients if trade == numbers[0] else (),
        )
        allocate(live.unsettled, allocated)
        batch.words.append(allocated_word(live.subject, allocated))
    for pair, more in _held_more(batch, mine, parts).items():
        batch.hold(pair, more)
    batch.write(key, digest)
    _even_out(batch, made.legs, key)
    return Allocated(parts=parts, clients=made.clients)


def _even_out(batch: "Batch", legs: Iterable[Leg], key: str) -> None:
    """Have the clients with the better fills pay the others what they differ from the average."""
    law = batch.live.book.conditions.reference
    paid = [
        payment(
            leg.source,
            leg.target,
            Money(leg.count, Currency(leg.asset)),
            key=f"{key} evens out {place}",
            because=(law,),
        )
        for place, leg in enumerate(legs, 1)
    ]
    if paid:
        record_all(batch.books, batch.live.scheme, paid, desk=batch.desk)


def given_then(books: Books, subject: str, entry: int) -> Allocated:
    """What became of an allocation that was asked for before."""
    words = allocated_then(books, subject, entry=entry)
    return Allocated(
        parts=tuple(part for each in words for part in each.parts),
        clients=tuple(client for each in words for client in each.clients),
    )


def _averaged(
    batch: "Batch", asked: TradeAllocation, mine: Sequence[BookTrade]
) -> AverageAllocation:
    live = batch.live
    fills, reference = [_instruction(batch, each) for each in mine], live.book.conditions.reference
    clients = dict(asked.clients)
    if asked.pro_rata:
        clients = shared_out(fills, clients, lot=live.instrument.lot, reference=reference)
    bought = mine[0].traded.buyer == asked.account
    side: Literal["buyer", "seller"] = "buyer" if bought else "seller"
    return allocate_at_average(fills, clients, side=side, reference=reference)


def _unfit(
    batch: "Batch", asked: TradeAllocation, numbers: Sequence[int], mine: Sequence[BookTrade]
) -> Iterator[Refusal]:
    """Why this cannot be given, or not to these: everything but the sum and what they have."""
    live, reference = batch.live, batch.live.book.conditions.reference
    waiting, given = {number for number, _ in live.unsettled}, {x.traded.trade_id for x in mine}
    for trade in numbers:
        if trade not in waiting:
            yield deal_grounds.TradeNotWaiting(
                reference=reference, instrument=live.instrument.code, trade=trade
            )
        elif trade not in given:
            yield deal_grounds.NoSideOfTrade(
                reference=reference, trade=trade, account=asked.account
            )
    bought = {each.traded.trade_id for each in mine if each.traded.buyer == asked.account}
    if bought and given - bought:
        yield deal_grounds.SidesDiffer(
            reference=reference,
            account=asked.account,
            bought=_listed(bought),
            sold=_listed(given - bought),
        )
    named = Counter(client for client, _ in asked.clients)
    for client in (client for client, times in named.items() if times > 1):
        yield deal_grounds.ClientNamedTwice(reference=reference, trade=numbers[0], client=client)
    for client, units in asked.clients:
        yield from live.instrument.lots_of(units, reference=reference)[1]
        yield from live.may_trade(batch.books, client, None, batch.desk)


def _listed(trades: Iterable[int]) -> str:
    return ", ".join(str(each) for each in sorted(trades))


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
    """The clients' parts in lots, numbered after those that there are of each trade."""
    live, first = batch.live, {each.traded.trade_id: each for each in reversed(mine)}
    for name, parts in groupby(made, key=lambda each: each.trade):
        trade = int(name)
        numbers = count(1 + max(part for number, part in live.unsettled if number == trade))
        for part, each in zip(numbers, parts, strict=False):
            lots = each.count // live.instrument.lot
            traded = structs.replace(
                first[trade].traded, buyer=each.buyer, seller=each.seller, qty=lots
            )
            price = live.instrument.price(traded.price)
            assert each.money == price.times(each.count).minor, "a lot costs whole cents"
            yield structs.replace(first[trade], traded=traded, lots=None, part=part)


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
    batch: "Batch", mine: Sequence[BookTrade], parts: Sequence[BookTrade], legs: Iterable[Leg]
) -> Iterator[Refusal]:
    """What the law has against trades of the clients, and who of them has too little."""
    live = batch.live
    against = [
        no for made in parts for no in batch.terms.of(live.trade(made.traded, None, made.part))[1]
    ]
    if against:
        yield from against
        return
    more = _held_more(batch, mine, parts)
    for leg in legs:
        more[leg.source, leg.asset] += leg.count
    more = +more
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
