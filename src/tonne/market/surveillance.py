"""What looks like abuse of the market: alerts, each with the trades or orders that show it.

An alert is no judgement; a person looks at its evidence. All trades given at once are of one
instrument and in the order in which they were made. Who stands behind an account, and in which
country, is handed in; an account that is not named stands for itself.
"""

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Literal

from msgspec import Struct

from tonne.market.market_data import MadeTrade
from tonne.market.watch_rules import LayeringRule, RingRule, WatchRules

_Path = list[MadeTrade]

AlertKind = Literal[
    "wash_trade", "round_trip", "layering", "over_holding_limit", "out_of_band", "resale_ring"
]


class Alert(Struct, frozen=True, kw_only=True):
    """What was seen, when it was complete, whom it is about, and what shows it."""

    kind: AlertKind
    at: datetime
    owners: tuple[str, ...]
    trades: tuple[int, ...]
    orders: tuple[int, ...] = ()
    facts: str
    reference: str
    """The rule by which it is one."""


class WatchedOrder(Struct, frozen=True, kw_only=True):
    """An order as surveillance sees it, once it is over or for now."""

    order_id: int
    account: str
    side: Literal["buy", "sell"]
    qty: int
    at: datetime
    cancelled_at: datetime | None = None
    """None where it rests yet, or traded."""


def watch(
    trades: Sequence[MadeTrade],
    rules: WatchRules,
    *,
    on: date,
    owners: Mapping[str, str],
    countries: Mapping[str, str],
    orders: Sequence[WatchedOrder] = (),
    held: Mapping[str, int] | None = None,
    reference_price: int | None = None,
) -> tuple[Alert, ...]:
    """All alerts of a stretch of trading, in the order in which they were complete.

    ``held`` is what owners held before it, in lots; ``countries`` are by owner.
    """
    trip, layers, limit, band, ring = (
        rules.round_trip_minutes.on(on),
        rules.layering.on(on),
        rules.holding_limit.on(on),
        rules.price_band.on(on),
        rules.ring.on(on),
    )
    found = [
        *wash_trades(trades, owners, minutes=trip.value, reference=trip.reference),
        *layering(orders, trades, owners, layers.value, reference=layers.reference),
        *over_limit(trades, owners, held or {}, limit=limit.value, reference=limit.reference),
        *resale_rings(trades, owners, countries, ring.value, reference=ring.reference),
    ]
    if reference_price is not None:
        found += out_of_band(
            trades, owners, price=reference_price, band=band.value, reference=band.reference
        )
    return tuple(sorted(found, key=lambda alert: (alert.at, alert.kind, alert.trades)))


def wash_trades(
    trades: Sequence[MadeTrade], owners: Mapping[str, str], *, minutes: int, reference: str
) -> Iterator[Alert]:
    """One owner on both sides; or the same lots at the same price, there and soon back again."""
    window = timedelta(minutes=minutes)
    seen: dict[tuple[str, str, int, int], deque[MadeTrade]] = defaultdict(deque)
    for trade in trades:
        buyer, seller = _sides(trade, owners)
        if buyer == seller:
            facts = f"{buyer} is buyer and seller of {trade.qty} lots."
            yield _alert("wash_trade", [trade], (buyer,), facts, reference=reference)
            continue
        there = seen[seller, buyer, trade.qty, trade.price]
        while there and there[0].at < trade.at - window:
            there.popleft()
        if there:
            facts = f"{trade.qty} lots went from {buyer} to {seller} and back at one price."
            made = [there.popleft(), trade]
            yield _alert("round_trip", made, (buyer, seller), facts, reference=reference)
        else:
            seen[buyer, seller, trade.qty, trade.price].append(trade)


def layering(
    orders: Iterable[WatchedOrder],
    trades: Sequence[MadeTrade],
    owners: Mapping[str, str],
    rule: LayeringRule,
    *,
    reference: str,
) -> Iterator[Alert]:
    """Many orders on one side, soon cancelled, around a smaller trade on the other."""
    quick = timedelta(seconds=rule.seconds)
    laid: dict[tuple[str, str], list[WatchedOrder]] = defaultdict(list)
    for order in orders:
        if order.cancelled_at is not None and order.cancelled_at - order.at <= quick:
            laid[owners.get(order.account, order.account), order.side].append(order)
    told: set[int] = set()
    for trade in trades:
        buyer, seller = _sides(trade, owners)
        for owner, side in ((buyer, "sell"), (seller, "buy")):
            around = [
                order
                for order in laid.get((owner, side), ())
                if order.order_id not in told
                and order.cancelled_at is not None
                and order.at <= trade.at <= order.cancelled_at
            ]
            qty = sum(order.qty for order in around)
            if len(around) >= rule.orders_min and qty >= Fraction(rule.times) * trade.qty:
                told.update(order.order_id for order in around)
                facts = f"{len(around)} orders to {side} {qty} lots stood while {trade.qty} traded."
                ids = tuple(order.order_id for order in around)
                yield _alert("layering", [trade], (owner,), facts, reference=reference, orders=ids)


def over_limit(
    trades: Sequence[MadeTrade],
    owners: Mapping[str, str],
    held: Mapping[str, int],
    *,
    limit: int,
    reference: str,
) -> Iterator[Alert]:
    """An owner buys and holds more than the limit: its purchases, once until it holds less again.

    How it came to hold what it had before, by an auction or from another, is all one.
    """
    holds, over = dict(held), set[str]()
    bought: dict[str, list[MadeTrade]] = defaultdict(list)
    for trade in trades:
        buyer, seller = _sides(trade, owners)
        if buyer == seller:
            continue
        holds[seller] = holds.get(seller, 0) - trade.qty
        holds[buyer] = holds.get(buyer, 0) + trade.qty
        bought[buyer].append(trade)
        if holds[seller] <= limit:
            over.discard(seller)
        if holds[buyer] > limit and buyer not in over:
            over.add(buyer)
            facts = f"{buyer} holds {holds[buyer]} lots, and may hold {limit}."
            yield _alert(
                "over_holding_limit", bought.pop(buyer), (buyer,), facts, reference=reference
            )


def out_of_band(
    trades: Iterable[MadeTrade],
    owners: Mapping[str, str],
    *,
    price: int,
    band: Decimal,
    reference: str,
) -> Iterator[Alert]:
    """A price further from the reference price than the band is wide."""
    width = Fraction(band) * price
    for trade in trades:
        if abs(trade.price - price) > width:
            facts = f"The price of {trade.price} ticks is out of the band around {price}."
            yield _alert("out_of_band", [trade], _sides(trade, owners), facts, reference=reference)


def resale_rings(
    trades: Sequence[MadeTrade],
    owners: Mapping[str, str],
    countries: Mapping[str, str],
    rule: RingRule,
    *,
    reference: str,
) -> Iterator[Alert]:
    """Much the same lots, sold on and on over borders until they are back where they began.

    So the tax on them was taken in 2009, round after round. From each trade on, the lots are
    followed along the quickest way. A trade is evidence once.
    """
    told: set[int] = set()
    times = [trade.at for trade in trades]
    steps = [
        (trade.qty, seller, buyer, trade)
        for trade in trades
        for buyer, seller in [_sides(trade, owners)]
    ]
    for place, (qty, _, _, first) in enumerate(steps):
        last = bisect_right(times, first.at + timedelta(minutes=rule.minutes))
        for path in _ways_back(steps[place:last], rule, told):
            ring = [_sides(trade, owners)[1] for trade in path]
            homes = [countries.get(owner, "") for owner in [*ring, ring[0]]]
            borders = sum(one != other for one, other in pairwise(homes))
            if borders >= rule.borders_min:
                told.update(trade.trade_id for trade in path)
                facts = f"{qty} lots went round {len(path)} owners over {borders} borders."
                yield _alert("resale_ring", path, tuple(ring), facts, reference=reference)
                break


_Step = tuple[int, str, str, MadeTrade]
"""Quantity, seller's and buyer's owner, and the trade."""


def _ways_back(steps: Sequence[_Step], rule: RingRule, told: set[int]) -> Iterator[_Path]:
    """From a trade's buyer to its seller: the quickest way to each owner that sells back."""
    first, origin, buyer, trade = steps[0]
    if buyer == origin or trade.trade_id in told:
        return
    least, most = ceil(rule.share * first), int(first / rule.share)
    ways: dict[str, _Path] = {buyer: [trade]}
    for qty, by, to, trade in steps:
        if by not in ways or not least <= qty <= most or trade.trade_id in told:
            continue
        if to == origin and len(ways[by]) + 1 >= rule.owners_min:
            yield [*ways[by], trade]
        elif to != origin and to not in ways:
            ways[to] = [*ways[by], trade]


def _sides(trade: MadeTrade, owners: Mapping[str, str]) -> tuple[str, str]:
    """Who stands behind buyer and seller."""
    return owners.get(trade.buyer, trade.buyer), owners.get(trade.seller, trade.seller)


def _alert(
    kind: AlertKind,
    trades: Sequence[MadeTrade],
    owners: tuple[str, ...],
    facts: str,
    *,
    reference: str,
    orders: tuple[int, ...] = (),
) -> Alert:
    return Alert(
        kind=kind,
        at=trades[-1].at,
        owners=owners,
        trades=tuple(trade.trade_id for trade in trades),
        orders=orders,
        facts=facts,
        reference=reference,
    )
