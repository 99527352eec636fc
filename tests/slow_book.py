"""A slow order book, written from the rules alone: everything is a list that is sorted each time.

It shares with the real one the messages and nothing else. Orders go by their owner's name for them,
so a stream for both gives no name twice on purpose, except where that is to be refused.
"""

from copy import copy
from dataclasses import dataclass, field
from datetime import date

from slow_refusals import FOREVER, why_not, why_not_amend
from tonne.market import (
    Amend,
    Cancel,
    ChangePhase,
    EndOfDay,
    Instrument,
    MassCancel,
    Message,
    NewOrder,
    StartOfDay,
)

Said = tuple[object, ...]


@dataclass(eq=False)
class Slow:
    """An order; it waits as a stop, was reached, or stands in the book."""

    said: NewOrder
    price: int
    qty: int
    left: int
    cash: int | None
    stop: int | None
    turn: int
    place: str = "coming"

    @property
    def name(self) -> str:
        return self.said.cl_ord_id

    @property
    def buy(self) -> bool:
        return self.said.side == "buy"

    def reaches(self, other: "Slow") -> bool:
        return self.price >= other.price if self.buy else self.price <= other.price

    def rank(self) -> tuple[int, int]:
        """The lower comes first: the better price, then the earlier turn."""
        return (-self.price if self.buy else self.price, self.turn)

    def nearness(self) -> tuple[int, int]:
        """Which of the stops of one side comes first."""
        stop = self.stop or 0
        return (stop if self.buy else -stop, self.turn)


@dataclass
class SlowBook:
    instrument: Instrument
    phase: str = "closed"
    day: date | None = None
    reference: int | None = None
    last: int | None = None
    turn: int = 0
    arrived: int = 0
    orders: list[Slow] = field(default_factory=list)
    reached: list[Slow] = field(default_factory=list)
    names: dict[tuple[str, str], int] = field(default_factory=dict)
    """The arrival of each order of the day."""

    numbers: dict[int, int] = field(default_factory=dict)
    out: list[Said] = field(default_factory=list)

    def take(self, message: Message) -> list[Said]:
        self.out = []
        match message:
            case NewOrder():
                self.new(message)
            case Cancel() | Amend():
                self.ask(message)
            case MassCancel():
                for each in self.by_arrival():
                    if self.meant(message, each.said):
                        self.end(each, "mass_cancel")
            case ChangePhase():
                self.change(message.phase)
            case StartOfDay():
                self.start(message)
            case EndOfDay():
                self.close()
        return self.out

    # -- new orders

    def new(self, said: NewOrder) -> None:
        if why := sorted(why_not(self, said)):
            self.out.append(("rejected", *why))
            return
        self.arrived += 1
        self.names[said.owner, said.cl_ord_id] = self.arrived
        self.out.append(("new", said.cl_ord_id))
        self.enter(self.made(said))
        self.release()

    def made(self, said: NewOrder) -> Slow:
        low, high = self.band()
        price = said.price if said.price is not None else high if said.side == "buy" else low
        if said.price is None and said.cash_order_qty is not None:
            price = min(price, said.cash_order_qty // self.lot_tick())
        cash = None if said.price is not None else said.cash_order_qty
        self.turn += 1
        return Slow(said, price, said.order_qty, said.order_qty, cash, said.stop_px, self.turn)

    def enter(self, order: Slow) -> None:
        """Where an order goes that comes or comes again."""
        if order.said.stop_px is not None and order.place != "triggered":
            order.place = "waiting"
            self.orders.append(order)
            if self.last is not None:
                self.reach(self.last)
        elif self.phase == "continuous":
            self.hit(order)
        else:
            for own in self.facing(order):
                if own.said.owner == order.said.owner and own.left and order.left:
                    self.meet_own(order, own)
            if order.left:
                self.stand(order)

    def stand(self, order: Slow) -> None:
        order.place = "book"
        self.orders.append(order)

    def facing(self, order: Slow) -> list[Slow]:
        """Who stands on the other side within its price."""
        there = [each for each in self.orders if each.place == "book" and each.buy != order.buy]
        return sorted((each for each in there if order.reaches(each)), key=Slow.rank)

    def hit(self, order: Slow) -> None:
        while order.left and (met := self.facing(order)):
            first = met[0]
            if first.said.owner == order.said.owner:
                self.meet_own(order, first)
                continue
            lots = min(order.left, first.left)
            if order.cash is not None:
                lots = min(lots, order.cash // (first.price * self.lot_tick()))
                order.cash -= lots * first.price * self.lot_tick()
            if not lots:
                self.end(order, "cash")
                return
            self.trade(order, first, first.price, lots)
        if not order.left:
            return
        if order.said.price is None:
            self.end(order, "no_match")
        elif order.said.time_in_force in {"immediate_or_cancel", "fill_or_kill"}:
            self.end(order, "immediate_or_cancel")
        else:
            self.stand(order)

    def trade(self, one: Slow, other: Slow, price: int, lots: int) -> None:
        buy, sell = (one, other) if one.buy else (other, one)
        for each in (one, other):
            each.left -= lots
            if not each.left and each in self.orders:
                self.orders.remove(each)
        self.out.append(("trade", buy.name, sell.name, price, lots, buy.left, sell.left))
        self.reach(price)

    def meet_own(self, order: Slow, own: Slow) -> None:
        mode = order.said.self_trade or self.instrument.self_trade
        if mode == "decrement":
            less = min(order.left, own.left)
            for each in (own, order):
                if each.left == less:
                    self.end(each, "self_trade")
                else:
                    each.left, each.qty = each.left - less, each.qty - less
                    self.out.append(("restated", each.name, each.qty, each.left))
            return
        if mode in {"cancel_oldest", "cancel_both"}:
            self.end(own, "self_trade")
        if mode in {"cancel_newest", "cancel_both"}:
            self.end(order, "self_trade")

    def end(self, order: Slow, why: str) -> None:
        self.out.append(("canceled", order.name, order.left, order.qty - order.left, why))
        self.drop(order)

    def drop(self, order: Slow) -> None:
        order.left = 0
        for living in (self.orders, self.reached):
            if order in living:
                living.remove(order)

    # -- stops

    def reach(self, price: int) -> None:
        """A trade was made at this price: stops there or before it have their turn."""
        self.last = price
        waiting = [each for each in self.orders if each.place == "waiting"]
        for buy in (True, False):
            sign = 1 if buy else -1
            met = [each for each in waiting if each.buy == buy]
            met = [each for each in met if sign * (price - (each.stop or 0)) >= 0]
            nearest = sorted(met, key=Slow.nearness)
            for each in nearest:
                self.orders.remove(each)
                self.reached.append(each)

    def release(self) -> None:
        low, high = self.band()
        while self.phase == "continuous" and self.reached:
            order = self.reached.pop(0)
            self.turn += 1
            order.turn, order.place = self.turn, "triggered"
            self.out.append(("triggered", order.name))
            if order.said.price is None:
                order.price = min(order.price, high) if order.buy else low
            fills = self.fills(order)
            if order.said.time_in_force == "fill_or_kill" and fills < order.left:
                self.end(order, "fill_or_kill")
            elif fills < min(order.said.min_qty, order.left):
                self.end(order, "minimum")
            else:
                self.hit(order)

    def fills(self, order: Slow) -> int:
        """How much of an order would trade at once: it is tried in a copy of everything."""
        there, before = self.twin(), order.left
        there.hit(copy(order))
        made = [each for each in there.out if each[0] == "trade"]
        assert sum(int(str(each[4])) for each in made) <= before
        return sum(int(str(each[4])) for each in made)

    def twin(self) -> "SlowBook":
        """Another book with orders like these."""
        twin = copy(self)
        twin.orders, twin.reached, twin.out = list(map(copy, self.orders)), [], []
        return twin

    # -- changes

    def ask(self, asked: Cancel | Amend) -> None:
        found = [
            each
            for each in [*self.orders, *self.reached]
            if (each.said.owner, each.name) == (asked.owner, asked.cl_ord_id)
        ]
        if not found:
            self.out.append(("rejected", "UnknownOrder"))
        elif isinstance(asked, Cancel):
            self.end(found[0], "requested")
        else:
            self.amend(asked, found[0])

    def amend(self, asked: Amend, order: Slow) -> None:
        price = order.price if asked.price is None else asked.price
        stop = order.stop if asked.stop_px is None else asked.stop_px
        qty = order.qty if asked.order_qty is None else asked.order_qty
        if why := sorted(why_not_amend(self, asked, order, price)):
            self.out.append(("rejected", *why))
            return
        done, same = order.qty - order.left, (price, stop) == (order.price, order.stop)
        stays = order in self.reached or (same and qty <= order.qty)
        order.price, order.stop, order.qty, order.left = price, stop, qty, qty - done
        shown = None if order.said.price is None else price
        self.out.append(("replaced", order.name, qty, order.left, shown, stop, stays))
        if not stays:
            self.orders.remove(order)
            self.turn += 1
            order.turn = self.turn
            if order.place == "book":
                order.place = "triggered"
            self.enter(order)
            self.release()

    # -- the day

    def change(self, phase: str) -> None:
        before = self.phase
        if phase == before:
            return
        self.phase = phase
        self.out.append(("phase", phase, self.day))
        if phase == "continuous" or (phase == "closed" and before == "call"):
            self.uncross()
        self.release()

    def uncross(self) -> None:
        """One price for all, tried at every tick from the lowest limit to the highest."""
        standing = [each for each in self.orders if each.place == "book"]
        found = self.best_price(standing)
        if found is not None:
            price, volume, surplus = found
            self.out.append(("uncrossed", price, volume, surplus))
            while volume:
                buys = [each for each in self.orders if each.place == "book" and each.buy]
                sells = [each for each in self.orders if each.place == "book" and not each.buy]
                buy, sell = min(buys, key=Slow.rank), min(sells, key=Slow.rank)
                lots = min(buy.left, sell.left)
                volume -= lots
                self.trade(buy, sell, price, lots)
        for each in self.by_arrival():
            if each.place in {"book", "triggered"}:
                if each.said.price is None:
                    self.end(each, "no_match")
                elif each.said.time_in_force == "immediate_or_cancel":
                    self.end(each, "immediate_or_cancel")

    def best_price(self, standing: list[Slow]) -> tuple[int, int, int] | None:
        if not standing:
            return None
        prices = [each.price for each in standing]
        tried = []
        for price in range(min(prices), max(prices) + 1):
            bought = sum(each.left for each in standing if each.buy and each.price >= price)
            sold = sum(each.left for each in standing if not each.buy and each.price <= price)
            tried.append((min(bought, sold), bought - sold, price))
        most = max(volume for volume, _, _ in tried)
        if not most:
            return None
        tried = [each for each in tried if each[0] == most]
        least = min(abs(surplus) for _, surplus, _ in tried)
        left = {price: surplus for _, surplus, price in tried if abs(surplus) == least}
        if all(surplus > 0 for surplus in left.values()):
            price = max(left)
        elif all(surplus < 0 for surplus in left.values()):
            price = min(left)
        else:
            near = self.reference if self.last is None else self.last
            near = (min(left) + max(left)) // 2 if near is None else near
            price = min(left, key=lambda each: abs(each - near))
        return price, most, left[price]

    def start(self, said: StartOfDay) -> None:
        if self.day is not None and said.day <= self.day:
            self.out.append(("rejected", "DayOutOfOrder"))
            return
        self.close()
        self.day, self.reference = said.day, said.reference_price
        self.out.append(("phase", "closed", self.day))
        low, high = self.band()
        for each in self.by_arrival():
            if each.said.expire_date is not None and each.said.expire_date < said.day:
                self.expire(each)
            elif each.said.price is not None and not low <= each.price <= high:
                self.end(each, "out_of_band")
        self.forget()

    def close(self) -> None:
        self.change("closed")
        last = self.instrument.last_trading_day
        for each in self.by_arrival():
            force, till = each.said.time_in_force, each.said.expire_date
            goes_on = force == "good_till_cancel" or (till is not None and till != self.day)
            if not goes_on or (last is not None and self.day is not None and self.day >= last):
                self.expire(each)
        self.forget()

    def expire(self, order: Slow) -> None:
        self.out.append(("expired", order.name, order.left, order.qty - order.left))
        self.drop(order)

    def forget(self) -> None:
        living = {(each.said.owner, each.name) for each in [*self.orders, *self.reached]}
        self.names = {name: each for name, each in self.names.items() if name in living}

    # -- figures

    def band(self) -> tuple[int, int]:
        """In hundredths of a per cent of a tick, so that no fraction is lost."""
        percent, middle = self.instrument.band_percent, self.reference
        if percent is None or middle is None:
            return 1, FOREVER
        away = int(percent * 100) * middle
        return max(1, -((away - middle * 10_000) // 10_000)), (middle * 10_000 + away) // 10_000

    def lot_tick(self) -> int:
        return int(self.instrument.tick * self.instrument.lot)

    def by_arrival(self) -> list[Slow]:
        living = [*self.orders, *self.reached]
        return sorted(living, key=lambda each: self.names[each.said.owner, each.name])

    @staticmethod
    def meant(asked: MassCancel, said: NewOrder) -> bool:
        wanted = [(asked.owner, said.owner), (asked.account, said.account), (asked.side, said.side)]
        return all(want is None or want == has for want, has in wanted)
