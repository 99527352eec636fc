"""The order book of one instrument: messages come in, events go out, nothing else happens.

The same messages are answered by the same events, byte for byte, also by a book that was made again
from its state in between.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Self

from msgspec.structs import replace as copy

from tonne.market import order_refusals as no
from tonne.market.book_state import BookState, OrderState, state_of
from tonne.market.call_price import CallPrice
from tonne.market.executions import Accepted, Amended, Event, PhaseChanged, Rejected
from tonne.market.instrument_rules import Instrument, TradingPhase
from tonne.market.ladder import Entry
from tonne.market.matching import Matching
from tonne.market.order_checks import Conditions, amend_refusals, plainly_fits, refusals_of_order
from tonne.market.orders import (
    Amend,
    Cancel,
    ChangePhase,
    EndOfDay,
    MassCancel,
    Message,
    NewOrder,
    Side,
    StartOfDay,
)
from tonne.refusal import Refusal

Rows = tuple[tuple[int, int, int], ...]
"""Price, lots and number of orders, the best price first."""


class Book:
    """The orders of one instrument. It is closed until a day starts and a phase begins.

    It is not safe for two writers: one engine takes the messages one after the other.
    """

    __slots__ = ("_matching", "_names", "_takes", "conditions")

    def __init__(self, instrument: Instrument, *, reference: str) -> None:
        """An empty book; the reference says where its rules are written."""
        self.conditions = Conditions(instrument=instrument, reference=reference)
        self._matching = Matching(instrument)
        self._names: dict[tuple[str, str], int] = {}
        self._takes: dict[type, Callable[..., None]] = {
            NewOrder: self._new,
            Cancel: self._cancel,
            Amend: self._amend,
            MassCancel: self._mass_cancel,
            ChangePhase: self._change_phase,
            StartOfDay: self._start_day,
            EndOfDay: self._end_day,
        }

    @classmethod
    def restore(cls, state: BookState, *, instrument: Instrument, reference: str) -> Self:
        """The book as it stood."""
        book = cls(instrument, reference=reference)
        book._begin(state.day, state.reference_price, state.phase)
        for owner, name, number in state.names:
            book._names[owner, name] = number
        matching = book._matching
        matching.last_price, matching.trades = state.last_price, state.trades
        for each in sorted(state.orders, key=lambda each: each.priority):
            matching.restore(each.entry(), triggered=each.order_id in state.triggered)
        matching.triggered.extend(matching.living[number] for number in state.triggered)
        matching.arrivals = state.arrivals
        if state.phase == "call":
            matching.begin_call()
        return book

    def take(self, message: Message) -> tuple[Event, ...]:
        """What becomes of one message: a tuple, which whoever keeps it keeps cheaply."""
        matching = self._matching
        matching.at = message.at
        out: list[Event] = []
        matching.out = out
        if type(message) is NewOrder:
            self._new(message)
        elif type(message) is Cancel:
            self._cancel(message)
        else:
            self._takes[type(message)](message)
        return tuple(out)

    def take_all(self, messages: Iterable[Message]) -> tuple[Event, ...]:
        """What becomes of many messages, one after the other."""
        out: list[Event] = []
        matching, takes = self._matching, self._takes
        matching.out = out
        for message in messages:
            matching.at = message.at
            takes[type(message)](message)
        return tuple(out)

    def refusals(self, order: NewOrder) -> tuple[Refusal, ...]:
        """Why the book would not take an order now."""
        return (*refusals_of_order(order, self.conditions), *self._beside_others(order))

    def order(self, order_id: int) -> OrderState | None:
        """An order that has not ended."""
        entry = self._matching.living.get(order_id)
        return None if entry is None else state_of(entry)

    def orders_of(self, account: str) -> list[OrderState]:
        """The orders of an account that have not ended, by number."""
        matching = self._matching
        own = (each for each in matching.living.values() if each.order.account == account)
        return [*map(state_of, matching.in_order(own))]

    def order_id(self, owner: str, cl_ord_id: str) -> int | None:
        """The number of an order of this day, or of one that has not ended."""
        return self._names.get((owner, cl_ord_id))

    def depth(self, side: Side, levels: int | None = None) -> Rows:
        """What rests on one side; stops that wait are nobody's business."""
        ladder = self._matching.bids if side == "buy" else self._matching.asks
        return tuple(ladder.depth(levels))

    @property
    def last_price(self) -> int | None:
        """The price of the last trade."""
        return self._matching.last_price

    @property
    def size(self) -> int:
        """How many orders and names there are, which is how large its state is."""
        return len(self._names) + len(self._matching.living)

    def price_of_call(self) -> CallPrice | None:
        """Where the call would find its price if it ended now."""
        return self._matching.price_of_call(self.conditions.reference_price)

    def state(self) -> BookState:
        """Everything needed to make the book again."""
        matching, now = self._matching, self.conditions
        return BookState(
            phase=now.phase,
            day=now.day,
            reference_price=now.reference_price,
            last_price=matching.last_price,
            arrivals=matching.arrivals,
            trades=matching.trades,
            orders=tuple(map(state_of, matching.in_order(matching.living.values()))),
            triggered=tuple(entry.order_id for entry in matching.triggered),
            names=tuple((*whose, number) for whose, number in sorted(self._names.items())),
        )

    def _new(self, order: NewOrder) -> None:
        now, matching, owner, name = self.conditions, self._matching, order.owner, order.cl_ord_id
        names, whose, plain = self._names, (owner, name), plainly_fits(order, now)
        if not plain or whose in names:
            found = self.refusals(order)
            if found:
                self._reject(owner, name, 0, found)
                return
        matching.arrivals = number = matching.arrivals + 1
        names[whose] = number
        matching.out.append(Accepted(at=order.at, order_id=number, owner=owner, cl_ord_id=name))
        if plain:
            assert order.price is not None, "a plain order has a limit"
            price, qty = order.price, order.order_qty
            buy = order.side == "buy"
            matching.come(Entry(order, number, buy, price, qty, qty, number))
        else:
            entry = self._entry(order, number)
            if entry.waiting:
                matching.wait(entry)
            elif now.trading:
                matching.come(entry)
            else:
                matching.come_to_call(entry)
        if matching.triggered:
            self._release()

    def _beside_others(self, order: NewOrder) -> Iterator[Refusal]:
        """What speaks against an order because of the others in the book."""
        now, matching = self.conditions, self._matching
        if (taken := self.order_id(order.owner, order.cl_ord_id)) is not None:
            yield no.DuplicateClientOrderId(
                reference=now.reference, cl_ord_id=order.cl_ord_id, order_id=taken
            )
        limited = order.ord_type == "limit" and order.price is not None
        if now.phase != "continuous" or not (limited or order.ord_type == "market"):
            return
        entry = self._entry(order, 0)
        met = matching.meets(entry)
        if order.post_only and met is not None:
            yield no.PostOnlyWouldTrade(reference=now.reference, price=entry.price, best=met)
        if not limited and met is None:
            yield no.NothingToMatch(reference=now.reference, side=order.side)
        elif order.time_in_force == "fill_or_kill" and not matching.fills(entry, entry.leaves):
            yield no.FillOrKillNotFillable(reference=now.reference, order_qty=order.order_qty)
        elif not matching.fills(entry, order.min_qty):
            yield no.MinimumNotFillable(reference=now.reference, min_qty=order.min_qty)

    def _entry(self, order: NewOrder, number: int) -> Entry:
        """The order with the worst price at which it may trade."""
        buy, price, qty, cash = order.side == "buy", order.price, order.order_qty, None
        if price is None:
            price, cash = self.conditions.worst(buy=buy), order.cash_order_qty
            if cash is not None:
                price = min(price, cash // self._matching.tick_value)
        stop = order.stop_px
        return Entry(order, number, buy, price, qty, qty, number, cash, stop, stop is not None)

    def _cancel(self, cancel: Cancel) -> None:
        entry = self._named(cancel)
        if entry is not None:
            self._matching.cancel(entry, "requested")

    def _amend(self, amend: Amend) -> None:
        entry = self._named(amend)
        if entry is None:
            return
        price = entry.price if amend.price is None else amend.price
        stop_px = entry.stop_px if amend.stop_px is None else amend.stop_px
        qty = entry.order_qty if amend.order_qty is None else amend.order_qty
        found = self._amend_refusals(amend, entry, price)
        if found:
            self._reject(amend.owner, entry.order.cl_ord_id, entry.order_id, found)
            return
        matching, moved = self._matching, price != entry.price or stop_px != entry.stop_px
        reached = entry.waiting and entry in matching.triggered
        in_place = reached or (not moved and qty <= entry.order_qty)
        leaves = qty - entry.cum_qty
        if not in_place:
            entry = self._moved(entry)
        entry.leaves, entry.order_qty, entry.price, entry.stop_px = leaves, qty, price, stop_px
        matching.out.append(
            Amended(
                at=amend.at,
                order_id=entry.order_id,
                owner=entry.order.owner,
                cl_ord_id=entry.order.cl_ord_id,
                order_qty=qty,
                leaves_qty=entry.leaves,
                price=price if entry.has_limit else None,
                stop_px=stop_px,
                in_place=in_place,
            )
        )
        if not in_place:
            self._come_again(entry)

    def _amend_refusals(self, amend: Amend, entry: Entry, price: int) -> list[Refusal]:
        now, order = self.conditions, entry.order
        waiting = entry.waiting and entry not in self._matching.triggered
        found = list(
            amend_refusals(amend, now, order=order, cum_qty=entry.cum_qty, waiting=waiting)
        )
        if order.post_only and now.phase == "continuous":
            met = self._matching.meets(copy(entry, price=price))
            if met is not None:
                found += [no.PostOnlyWouldTrade(reference=now.reference, price=price, best=met)]
        return found

    def _moved(self, entry: Entry) -> Entry:
        """The order without its old place; the old entry is left there with no lots."""
        matching = self._matching
        matching.arrivals += 1
        matching.withdraw(entry)
        return copy(entry, priority=matching.arrivals)

    def _come_again(self, entry: Entry) -> None:
        """An order that lost its priority comes like a new one."""
        if entry.waiting:
            self._matching.wait(entry)
        elif self.conditions.phase == "continuous":
            self._matching.come(entry)
        else:
            self._matching.come_to_call(entry)
        self._release()

    def _named(self, asked: Amend | Cancel) -> Entry | None:
        """The order that is meant, if it lives and is the owner's; otherwise that is refused."""
        number = asked.order_id or self.order_id(asked.owner, asked.cl_ord_id) or 0
        entry = self._matching.living.get(number)
        if entry is not None and entry.order.owner == asked.owner:
            return entry
        reference, said = self.conditions.reference, str(asked.order_id or repr(asked.cl_ord_id))
        refusal: Refusal = no.UnknownOrder(reference=reference, order=said)
        if entry is not None:
            refusal = no.OrderOfAnother(reference=reference, order_id=number, owner=asked.owner)
        self._reject(asked.owner, asked.cl_ord_id, asked.order_id, [refusal])
        return None

    def _mass_cancel(self, asked: MassCancel) -> None:
        matching = self._matching
        for entry in matching.in_order(matching.living.values()):
            if (
                asked.owner in {None, entry.order.owner}
                and asked.account in {None, entry.order.account}
                and asked.side in {None, entry.order.side}
            ):
                matching.cancel(entry, "mass_cancel")

    def _change_phase(self, change: ChangePhase) -> None:
        """Between a call and what follows it, all who meet trade at one price; a halt waits."""
        now, phase = self.conditions, change.phase
        if phase == now.phase:
            return
        self._begin(now.day, now.reference_price, phase)
        self._say_phase()
        if phase == "continuous" or (phase == "closed" and now.phase == "call"):
            self._matching.uncross(now.reference_price)
        if phase == "call":
            self._matching.begin_call()
        self._release()

    def _start_day(self, start: StartOfDay) -> None:
        now = self.conditions
        if now.day is not None and start.day <= now.day:
            reference = now.reference
            late = no.DayOutOfOrder(reference=reference, day=start.day, last=now.day)
            self._reject("", "", 0, [late])
            return
        self._close_day()
        self._begin(start.day, start.reference_price, "closed")
        self._say_phase()
        now, matching = self.conditions, self._matching
        for entry in matching.in_order(matching.living.values()):
            till = entry.order.expire_date
            if till is not None and till < start.day:
                matching.expire(entry)
            elif entry.has_limit and not now.low <= entry.price <= now.high:
                matching.cancel(entry, "out_of_band")
        self._keep_names()

    def _end_day(self, _end: EndOfDay) -> None:
        self._close_day()

    def _close_day(self) -> None:
        """The book closes, by its call if it is in one; orders expire, and so do their names."""
        matching, now = self._matching, self.conditions
        if now.phase != "closed":
            self._change_phase(ChangePhase(at=matching.at, phase="closed"))
        for entry in matching.in_order(matching.living.values()):
            order = entry.order
            later = order.expire_date is not None and now.day != order.expire_date
            if now.over or not (later or order.time_in_force == "good_till_cancel"):
                matching.expire(entry)
        self._keep_names()

    def _keep_names(self) -> None:
        """What has ended with its day leaves its name to others."""
        living = self._matching.living
        self._names = {whose: each for whose, each in self._names.items() if each in living}

    def _begin(self, day: date | None, reference_price: int | None, phase: TradingPhase) -> None:
        low, high = self.conditions.instrument.limits(reference_price)
        self.conditions = replace(
            self.conditions,
            day=day,
            reference_price=reference_price,
            phase=phase,
            low=low,
            high=high,
        )

    def _say_phase(self) -> None:
        now, matching = self.conditions, self._matching
        matching.out.append(PhaseChanged(at=matching.at, phase=now.phase, day=now.day))

    def _release(self) -> None:
        """Stops come to the book while it trades."""
        if self._matching.triggered and self.conditions.phase == "continuous":
            self._matching.release(self.conditions.low, self.conditions.high)

    def _reject(self, owner: str, name: str, number: int, found: Iterable[Refusal]) -> None:
        matching = self._matching
        matching.out.append(
            Rejected(
                at=matching.at,
                owner=owner,
                cl_ord_id=name,
                order_id=number,
                refusals=tuple(found),
            )
        )
