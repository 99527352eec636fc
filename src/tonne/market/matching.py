"""Who trades with whom: the best price first, and at one price who came first.

An order that comes trades at the price of the one that rests. Stops wait beside the book; a trade
at their price or beyond it makes them come too, the one reached first before the others.
"""

from collections import deque
from collections.abc import Iterable
from datetime import datetime

from tonne.market.call_price import CallPrice, call_price
from tonne.market.executions import (
    Cancelled,
    Event,
    Expired,
    Reason,
    Restated,
    Traded,
    Triggered,
    Uncrossed,
)
from tonne.market.instrument_rules import HIGHEST, Instrument, SelfTrade
from tonne.market.ladder import Entry, Ladder
from tonne.market.order_checks import AT_ONCE

_NEVER_UP, _NEVER_DOWN = HIGHEST + 1, 0


class Matching:
    """The orders of one instrument that have not ended, and what happens where they meet.

    What happens is added to ``out``, the list that its callers pass along.
    """

    __slots__ = (
        "arrivals", "asks", "at", "bids", "buy_stops", "called", "down", "last_price", "living",
        "mode", "out", "sell_stops", "tick_value", "trades", "triggered", "up",
    )  # fmt: skip

    def __init__(self, instrument: Instrument) -> None:
        """No order is there."""
        self.mode: SelfTrade = instrument.self_trade
        self.tick_value = instrument.tick_value
        self.bids, self.asks = Ladder("highest"), Ladder("lowest")
        self.buy_stops, self.sell_stops = Ladder("lowest"), Ladder("highest")
        self.up, self.down = _NEVER_UP, _NEVER_DOWN
        self.triggered: deque[Entry] = deque()
        """Stops that were reached and have not come to the book yet."""

        self.living: dict[int, Entry] = {}
        self.called: dict[str, list[Entry]] = {}
        """In a call, the orders of each owner, and some that have ended."""

        self.last_price: int | None = None
        self.trades = 0
        self.arrivals = 0
        """The last number that was given to an order, or to a new place in a queue."""

        self.out: list[Event] = []
        self.at: datetime

    def come(self, entry: Entry) -> None:
        """An order comes to the book: it trades, and what is left rests or ends."""
        if entry.buy:
            keys, floor, ladder = self.asks.keys, -entry.price, self.bids
        else:
            keys, floor, ladder = self.bids.keys, entry.price, self.asks
        if keys and keys[-1] >= floor:
            self._trade(entry, keys, floor)
            if not entry.leaves:
                return
        order = entry.order
        if order.price is None:
            self.cancel(entry, "no_match")
        elif order.time_in_force in AT_ONCE:
            self.cancel(entry, "immediate_or_cancel")
        else:
            self.living[entry.order_id] = entry
            ladder.add(entry, entry.price)

    def come_to_call(self, entry: Entry) -> None:
        """In a call an order rests, once it was set against those of its owner that it reaches."""
        sign = 1 if entry.buy else -1
        own = [
            each
            for each in self.called.setdefault(entry.order.owner, [])
            if each.leaves and each.buy != entry.buy and sign * (entry.price - each.price) >= 0
        ]
        for each in sorted(own, key=lambda each: (sign * each.price, each.priority)):
            if entry.leaves and each.leaves:
                self._meet_own(entry, each)
        if entry.leaves:
            self.called[entry.order.owner].append(entry)
            self.living[entry.order_id] = entry
            (self.bids if entry.buy else self.asks).add(entry, entry.price)

    def begin_call(self) -> None:
        """From now on orders of one owner must be found fast."""
        self.called = {}
        for ladder in (self.bids, self.asks):
            for entry in ladder:
                self.called.setdefault(entry.order.owner, []).append(entry)

    def wait(self, entry: Entry) -> None:
        """A stop waits for its price; if that was traded last, it waits no more."""
        stop = entry.stop_px
        assert stop is not None, "a stop has its price"
        assert entry.waiting, "it was not triggered yet"
        self.living[entry.order_id] = entry
        (self.buy_stops if entry.buy else self.sell_stops).add(entry, stop)
        self._look_at_stops()
        if self.last_price is not None:
            self._reach(self.last_price)

    def restore(self, entry: Entry, *, triggered: bool) -> None:
        """An order stands again where it stood; they come in the order of their priority."""
        self.living[entry.order_id] = entry
        if entry.stop_px is not None and entry.waiting:
            if not triggered:
                (self.buy_stops if entry.buy else self.sell_stops).add(entry, entry.stop_px)
                self._look_at_stops()
        else:
            (self.bids if entry.buy else self.asks).add(entry, entry.price)

    def withdraw(self, entry: Entry) -> int:
        """The order leaves where it stands, if it stands anywhere; how many lots it had."""
        if self.living.pop(entry.order_id, None) is not None:
            if not entry.waiting:
                return (self.bids if entry.buy else self.asks).leave(entry, entry.price)
            if entry not in self.triggered:
                assert entry.stop_px is not None, "a stop has its price"
                stops = self.buy_stops if entry.buy else self.sell_stops
                lots = stops.leave(entry, entry.stop_px)
                self._look_at_stops()
                return lots
            self.triggered.remove(entry)
        lots, entry.leaves = entry.leaves, 0
        return lots

    def cancel(self, entry: Entry, reason: Reason) -> None:
        """What is left of the order trades no more."""
        order, qty = entry.order, self.withdraw(entry)
        self.out.append(
            Cancelled(
                at=self.at,
                order_id=entry.order_id,
                owner=order.owner,
                cl_ord_id=order.cl_ord_id,
                qty=qty,
                cum_qty=entry.order_qty - qty,
                reason=reason,
            )
        )

    def expire(self, entry: Entry) -> None:
        """The time of the order is over."""
        order, qty = entry.order, self.withdraw(entry)
        self.out.append(
            Expired(
                at=self.at,
                order_id=entry.order_id,
                owner=order.owner,
                cl_ord_id=order.cl_ord_id,
                qty=qty,
                cum_qty=entry.order_qty - qty,
            )
        )

    def release(self, low: int, high: int) -> None:
        """The stops that were reached come to the book, and those that are reached by them."""
        while self.triggered:
            entry = self.triggered.popleft()
            order = entry.order
            self.arrivals += 1
            entry.waiting, entry.priority = False, self.arrivals
            del self.living[entry.order_id]
            self.out.append(
                Triggered(
                    at=self.at,
                    order_id=entry.order_id,
                    owner=order.owner,
                    cl_ord_id=order.cl_ord_id,
                )
            )
            if not entry.has_limit:
                entry.price = min(entry.price, high) if entry.buy else low
            if order.time_in_force == "fill_or_kill" and not self.fills(entry, entry.leaves):
                self.cancel(entry, "fill_or_kill")
            elif order.min_qty and not self.fills(entry, min(order.min_qty, entry.leaves)):
                self.cancel(entry, "minimum")
            else:
                self.come(entry)

    def meets(self, entry: Entry) -> int | None:
        """The best price of the other side, if the order reaches it."""
        best = (self.asks if entry.buy else self.bids).best
        if best is None or (best > entry.price if entry.buy else best < entry.price):
            return None
        return best

    def fills(self, entry: Entry, need: int) -> bool:
        """Whether so many lots of the order would trade at once."""
        mode, owner, cash = entry.order.self_trade or self.mode, entry.order.owner, entry.cash
        left, done = entry.leaves, 0
        for resting in self.asks if entry.buy else self.bids:
            if left <= 0 or done >= need:
                break
            if resting.price > entry.price if entry.buy else resting.price < entry.price:
                break
            if resting.order.owner == owner:
                if mode in {"cancel_newest", "cancel_both"}:
                    break
                left -= min(left, resting.leaves) if mode == "decrement" else 0
                continue
            fill = min(left, resting.leaves)
            if cash is not None:
                lot = resting.price * self.tick_value
                fill = min(fill, cash // lot)
                cash -= fill * lot
                left = left if fill else 0
            left -= fill
            done += fill
        return done >= need

    def price_of_call(self, reference: int | None) -> CallPrice | None:
        """Where a call would find its price now."""
        buys, sells = (((e.price, e.leaves) for e in side) for side in (self.bids, self.asks))
        reference = reference if self.last_price is None else self.last_price
        return call_price(buys, sells, reference=reference)

    def uncross(self, reference: int | None) -> None:
        """The call ends: all who meet trade at its price, and what cannot rest is cancelled."""
        self.called = {}
        found = self.price_of_call(reference)
        if found is not None:
            price, qty = found.price, found.qty
            self.out.append(Uncrossed(at=self.at, price=price, qty=qty, surplus=found.surplus))
            while qty:
                buy = self.bids.levels[self.bids.keys[-1]].first
                sell = self.asks.levels[self.asks.keys[-1]].first
                fill = min(buy.leaves, sell.leaves)
                qty -= fill
                self._trade_in_call(buy, sell, price, fill)
            self.last_price = price
            self._reach(price)
        for entry in self.in_order(self.living.values()):
            if entry.waiting:
                continue
            if not entry.has_limit:
                self.cancel(entry, "no_match")
            elif entry.order.time_in_force in AT_ONCE:
                self.cancel(entry, "immediate_or_cancel")

    @staticmethod
    def in_order(entries: Iterable[Entry]) -> list[Entry]:
        """Orders by number, which is the same however the book came to hold them."""
        return sorted(entries, key=lambda entry: entry.order_id)

    def _trade(self, entry: Entry, keys: list[int], floor: int) -> None:
        """Whatever the order reaches on the other side trades with it."""
        order, buy, cash, leaves = entry.order, entry.buy, entry.cash, entry.leaves
        owner, levels, living = order.owner, (self.asks if buy else self.bids).levels, self.living
        while leaves and keys and (key := keys[-1]) >= floor:
            price, level = -key if buy else key, levels[key]
            queue = level.queue
            while leaves and level.alive:
                resting = queue[0]
                there, theirs = resting.leaves, resting.order
                if not there:
                    queue.popleft()
                    continue
                if theirs.owner == owner:
                    entry.leaves = leaves
                    self._meet_own(entry, resting)
                    leaves, queue = entry.leaves, level.queue
                    continue
                fill = leaves if leaves < there else there  # noqa: FURB136  a call costs more
                if cash is not None:
                    fill = min(fill, cash // (price * self.tick_value))
                    if not fill:
                        entry.leaves = leaves
                        self.cancel(entry, "cash")
                        return
                    entry.cash = cash = cash - fill * price * self.tick_value
                leaves -= fill
                there -= fill
                if there:
                    resting.leaves = there
                else:
                    del living[resting.order_id]
                    queue.popleft()
                    level.alive -= 1
                    if not level.alive:
                        del levels[key], keys[-1]
                self.trades += 1
                self.out.append(
                    Traded(
                        at=self.at,
                        trade_id=self.trades,
                        price=price,
                        qty=fill,
                        buy_order=entry.order_id if buy else resting.order_id,
                        sell_order=resting.order_id if buy else entry.order_id,
                        buyer=order.account if buy else theirs.account,
                        seller=theirs.account if buy else order.account,
                        aggressor=order.side,
                        buy_leaves=leaves if buy else there,
                        sell_leaves=there if buy else leaves,
                    )
                )
                self.last_price = price
                if price >= self.up or price <= self.down:
                    self._reach(price)
        entry.leaves = leaves

    def _trade_in_call(self, buy: Entry, sell: Entry, price: int, fill: int) -> None:
        self.trades += 1
        left = {entry.order_id: entry.leaves - fill for entry in (buy, sell)}
        for entry in (buy, sell):
            if left[entry.order_id]:
                entry.leaves -= fill
            else:
                self.withdraw(entry)
        self.out.append(
            Traded(
                at=self.at,
                trade_id=self.trades,
                price=price,
                qty=fill,
                buy_order=buy.order_id,
                sell_order=sell.order_id,
                buyer=buy.order.account,
                seller=sell.order.account,
                aggressor=None,
                buy_leaves=buy.leaves,
                sell_leaves=sell.leaves,
            )
        )

    def _meet_own(self, entry: Entry, resting: Entry) -> None:
        """An order reaches one of its own owner: they do not trade."""
        mode = entry.order.self_trade or self.mode
        if mode == "decrement":
            less = min(entry.leaves, resting.leaves)
            for each in (resting, entry):
                self._shrink(each, less)
        if mode in {"cancel_oldest", "cancel_both"}:
            self.cancel(resting, "self_trade")
        if mode in {"cancel_newest", "cancel_both"}:
            self.cancel(entry, "self_trade")

    def _shrink(self, entry: Entry, less: int) -> None:
        if less == entry.leaves:
            self.cancel(entry, "self_trade")
            return
        entry.leaves -= less
        entry.order_qty -= less
        self.out.append(
            Restated(
                at=self.at,
                order_id=entry.order_id,
                owner=entry.order.owner,
                cl_ord_id=entry.order.cl_ord_id,
                order_qty=entry.order_qty,
                leaves_qty=entry.leaves,
            )
        )

    def _reach(self, price: int) -> None:
        """The stops at this price, or on the way to it, have their turn: the nearest first."""
        for stops in (self.buy_stops, self.sell_stops):
            while stops.keys and stops.keys[-1] >= price * stops.sign:
                self.triggered.append(stops.take_first())
        self._look_at_stops()

    def _look_at_stops(self) -> None:
        up, down = self.buy_stops.best, self.sell_stops.best
        self.up = _NEVER_UP if up is None else up
        self.down = _NEVER_DOWN if down is None else down
