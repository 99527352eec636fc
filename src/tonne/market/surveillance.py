"""What looks like abuse of the market: alerts, each with the trades or orders that show it.

An alert is no judgement; a person looks at its evidence. All trades given at once are of one kind
of unit and in the order in which they were made, on whatever book or over the counter: who would
not be seen makes one half of it here and the other there. Who stands behind an account, and in
which country, is handed in; an account that is not named stands for itself.
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

from tonne.market.watch_rules import LayeringRule, RingRule, WatchRules
from tonne.quantity import Price

AlertKind = Literal[
    "wash_trade", "round_trip", "layering", "over_holding_limit", "out_of_band", "resale_ring"
]


class Alert(Struct, frozen=True, kw_only=True):
    """What was seen, when it was complete, whom it is about, and what shows it."""

    kind: AlertKind
    at: datetime
    owners: tuple[str, ...]
    trades: tuple[str, ...]
    """By name: trades of books and deals, in the order in which they were made."""

    orders: tuple[int, ...] = ()
    facts: str
    reference: str
    """The rule by which it is one."""


class WatchedTrade(Struct, frozen=True, kw_only=True):
    """A trade as surveillance sees it, of a book or over the counter."""

    name: str
    """By which a person finds it; no two have the same."""

    at: datetime
    """When it was agreed, whenever it is settled."""

    price: Price
    count: int
    """In units."""

    buyer: str
    seller: str
    book: str | None = None
    """The code of the instrument; none where it was made over the counter."""


class ReferencePrice(Struct, frozen=True, kw_only=True):
    """What the band of a day is measured from, and of which trades it is asked."""

    price: Price
    books: frozenset[str | None]
    """The books whose trades are held against it; none stands for those over the counter."""


_Path = list[WatchedTrade]


class WatchedOrder(Struct, frozen=True, kw_only=True):
    """An order as surveillance sees it, once it is over or for now."""

    order_id: int
    account: str
    side: Literal["buy", "sell"]
    count: int
    """In units."""

    at: datetime
    cancelled_at: datetime | None = None
    """None where it rests yet, or traded."""


def watch(
    trades: Sequence[WatchedTrade],
    rules: WatchRules,
    *,
    on: date,
    owners: Mapping[str, str],
    countries: Mapping[str, str],
    before: Sequence[WatchedTrade] = (),
    orders: Sequence[WatchedOrder] = (),
    positions: Mapping[str, int] | None = None,
    reference_price: ReferencePrice | None = None,
) -> tuple[Alert, ...]:
    """All alerts of a stretch of trading, in the order in which they were complete.

    ``before`` are trades made shortly before it, with which a round may have begun: deals are made
    at night too. ``positions`` is what owners had before it, in units: what they held, and what was
    on its way to them or from them. ``countries`` are by owner.
    """
    trip, layers, limit, band, ring = (
        rules.round_trip_minutes.on(on),
        rules.layering.on(on),
        rules.holding_limit.on(on),
        rules.price_band.on(on),
        rules.ring.on(on),
    )
    whole = [*before, *trades]
    rounds = [
        *wash_trades(whole, owners, minutes=trip.value, reference=trip.reference),
        *resale_rings(whole, owners, countries, ring.value, reference=ring.reference),
    ]
    now = {trade.name for trade in trades}
    found = [
        *(alert for alert in rounds if alert.trades[-1] in now),
        *layering(orders, trades, owners, layers.value, reference=layers.reference),
        *over_limit(trades, owners, positions or {}, limit=limit.value, reference=limit.reference),
    ]
    if reference_price is not None:
        found += out_of_band(
            trades, owners, around=reference_price, band=band.value, reference=band.reference
        )
    return tuple(sorted(found, key=lambda alert: (alert.at, alert.kind, alert.trades)))


def round_began(rules: WatchRules, *, on: date) -> timedelta:
    """How long before its end a round may have begun, by what is looked for on a day."""
    minutes = max(rules.round_trip_minutes.on(on).value, rules.ring.on(on).value.minutes)
    return timedelta(minutes=minutes)


def wash_trades(
    trades: Sequence[WatchedTrade], owners: Mapping[str, str], *, minutes: int, reference: str
) -> Iterator[Alert]:
    """One owner on both sides; or as many units at one price, there and soon back again."""
    window = timedelta(minutes=minutes)
    seen: dict[tuple[object, ...], deque[WatchedTrade]] = defaultdict(deque)
    for trade in trades:
        buyer, seller = _sides(trade, owners)
        if buyer == seller:
            facts = f"{buyer} is buyer and seller of {trade.count} units."
            yield _alert("wash_trade", [trade], (buyer,), facts, reference=reference)
            continue
        same = trade.count, trade.price.minor, trade.price.currency.code
        there = seen[seller, buyer, *same]
        while there and there[0].at < trade.at - window:
            there.popleft()
        if there:
            facts = f"{trade.count} units went from {buyer} to {seller} and back at one price."
            made = [there.popleft(), trade]
            yield _alert("round_trip", made, (buyer, seller), facts, reference=reference)
        else:
            seen[buyer, seller, *same].append(trade)


def layering(
    orders: Iterable[WatchedOrder],
    trades: Sequence[WatchedTrade],
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
            count = sum(order.count for order in around)
            if len(around) >= rule.orders_min and count >= Fraction(rule.times) * trade.count:
                told.update(order.order_id for order in around)
                many = f"{len(around)} orders to {side} {count} units"
                facts = f"{many} stood while {trade.count} traded."
                ids = tuple(order.order_id for order in around)
                yield _alert("layering", [trade], (owner,), facts, reference=reference, orders=ids)


def over_limit(
    trades: Sequence[WatchedTrade],
    owners: Mapping[str, str],
    positions: Mapping[str, int],
    *,
    limit: int,
    reference: str,
) -> Iterator[Alert]:
    """An owner buys and has more than the limit: its purchases, once until it has less again.

    What was bought counts from then on, whenever it is delivered. How an owner came to what it had
    before, by an auction or from another, is all one.
    """
    has, over = dict(positions), set[str]()
    bought: dict[str, list[WatchedTrade]] = defaultdict(list)
    for trade in trades:
        buyer, seller = _sides(trade, owners)
        if buyer == seller:
            continue
        has[seller] = has.get(seller, 0) - trade.count
        has[buyer] = has.get(buyer, 0) + trade.count
        bought[buyer].append(trade)
        if has[seller] <= limit:
            over.discard(seller)
        if has[buyer] > limit and buyer not in over:
            over.add(buyer)
            facts = f"{buyer} has {has[buyer]} units, and may have {limit}."
            yield _alert(
                "over_holding_limit", bought.pop(buyer), (buyer,), facts, reference=reference
            )


def out_of_band(
    trades: Iterable[WatchedTrade],
    owners: Mapping[str, str],
    *,
    around: ReferencePrice,
    band: Decimal,
    reference: str,
) -> Iterator[Alert]:
    """A price further from the reference price than the band is wide."""
    middle, money = Fraction(around.price.minor), around.price.currency
    for trade in trades:
        if trade.book not in around.books or trade.price.currency != money:
            continue
        if abs(Fraction(trade.price.minor) - middle) > Fraction(band) * middle:
            facts = f"{trade.price} is out of the band around {around.price}."
            yield _alert("out_of_band", [trade], _sides(trade, owners), facts, reference=reference)


def resale_rings(
    trades: Sequence[WatchedTrade],
    owners: Mapping[str, str],
    countries: Mapping[str, str],
    rule: RingRule,
    *,
    reference: str,
) -> Iterator[Alert]:
    """Much the same units, sold on and on over borders until they are back where they began.

    So the tax on them was taken in 2009, round after round. From each trade on, the units are
    followed along the quickest way. A trade is evidence once.
    """
    told: set[str] = set()
    times = [trade.at for trade in trades]
    steps = [
        (trade.count, seller, buyer, trade)
        for trade in trades
        for buyer, seller in [_sides(trade, owners)]
    ]
    for place, (count, _, _, first) in enumerate(steps):
        last = bisect_right(times, first.at + timedelta(minutes=rule.minutes))
        for path in _ways_back(steps[place:last], rule, told):
            ring = [_sides(trade, owners)[1] for trade in path]
            homes = [countries.get(owner, "") for owner in [*ring, ring[0]]]
            borders = sum(one != other for one, other in pairwise(homes))
            if borders >= rule.borders_min:
                told.update(trade.name for trade in path)
                facts = f"{count} units went round {len(path)} owners over {borders} borders."
                yield _alert("resale_ring", path, tuple(ring), facts, reference=reference)
                break


_Step = tuple[int, str, str, WatchedTrade]
"""Units, seller's and buyer's owner, and the trade."""


def _ways_back(steps: Sequence[_Step], rule: RingRule, told: set[str]) -> Iterator[_Path]:
    """From a trade's buyer to its seller: the quickest way to each owner that sells back."""
    first, origin, buyer, trade = steps[0]
    if buyer == origin or trade.name in told:
        return
    least, most = ceil(rule.share * first), int(first / rule.share)
    ways: dict[str, _Path] = {buyer: [trade]}
    for count, by, to, trade in steps:
        if by not in ways or not least <= count <= most or trade.name in told:
            continue
        if to == origin and len(ways[by]) + 1 >= rule.owners_min:
            yield [*ways[by], trade]
        elif to != origin and to not in ways:
            ways[to] = [*ways[by], trade]


def _sides(trade: WatchedTrade, owners: Mapping[str, str]) -> tuple[str, str]:
    """Who stands behind buyer and seller."""
    return owners.get(trade.buyer, trade.buyer), owners.get(trade.seller, trade.seller)


def _alert(
    kind: AlertKind,
    trades: Sequence[WatchedTrade],
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
        trades=tuple(trade.name for trade in trades),
        orders=orders,
        facts=facts,
        reference=reference,
    )
