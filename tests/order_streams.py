"""Random streams of every kind of message, put to the real book and to the slow one.

Run as a script it makes a long run: ``python tests/order_streams.py --messages 1000000 --seed 1``.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from changed import replace
from slow_book import Said, SlowBook
from tonne.market import (
    Accepted,
    Amend,
    Amended,
    Book,
    Cancel,
    Cancelled,
    Event,
    Expired,
    Instrument,
    MassCancel,
    Message,
    NewOrder,
    OrdType,
    PhaseChanged,
    Rejected,
    Restated,
    SelfTrade,
    Side,
    TimeInForce,
    Traded,
    TradingPhase,
    Triggered,
    Uncrossed,
)
from trading import AT, DAY, REFERENCE, SPOT, end, phase, start

MIDDLE = 100
SIDES: tuple[Side, ...] = ("buy", "sell")
KINDS: tuple[OrdType, ...] = ("limit", "market", "stop", "stop_limit")
FORCES: tuple[TimeInForce, ...] = (
    "day",
    "good_till_cancel",
    "good_till_date",
    "immediate_or_cancel",
    "fill_or_kill",
)
PHASES: tuple[TradingPhase, ...] = ("continuous", "call", "halted", "closed")
MODES: tuple[SelfTrade, ...] = ("cancel_newest", "cancel_oldest", "cancel_both", "decrement")


def some_terms(
    chance: Random, side: Side, price: Callable[[], int], later: Callable[[], date]
) -> dict[str, Any]:
    """Terms of an order of any kind that fit each other."""
    kind = chance.choices(KINDS, [75, 9, 8, 8])[0]
    force = chance.choices(FORCES, [40, 30, 10, 10, 10])[0]
    if kind == "market" and force in {"good_till_cancel", "good_till_date"}:
        force = "day"
    limited = kind in {"limit", "stop_limit"}
    resting = force not in {"immediate_or_cancel", "fill_or_kill"}
    post_only = kind == "limit" and resting and chance.random() < 0.1
    cash = not limited and side == "buy" and chance.random() < 0.5
    return {
        "ord_type": kind,
        "price": price() if limited else None,
        "stop_px": price() if kind in {"stop", "stop_limit"} else None,
        "time_in_force": force,
        "expire_date": later() if force == "good_till_date" else None,
        "min_qty": chance.randint(1, 22) if not post_only and chance.random() < 0.08 else 0,
        "post_only": post_only,
        "cash_order_qty": chance.randint(1, 2_500_000) if cash else None,
        "self_trade": chance.choice([None, *MODES]),
    }


@dataclass
class Stream:
    """Messages by seed, around one price, of so few owners that they often meet themselves."""

    seed: int
    owners: int = 6
    day: date = DAY
    count: int = 0
    names: list[tuple[str, str]] = field(default_factory=list)
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311  a stream by seed

    def messages(self, count: int) -> Iterator[Message]:
        """A day begins, and then so many messages follow."""
        yield start(self.day, MIDDLE)
        yield phase("call")
        for _ in range(count):
            kind = self.chance.random()
            if kind < 0.62:
                yield self.order()
            elif kind < 0.80:
                yield self.asked(Cancel)
            elif kind < 0.95:
                yield self.amend()
            elif kind < 0.955:
                yield MassCancel(at=AT, owner=self.owner(), side=self.chance.choice([None, "buy"]))
            elif kind < 0.985:
                yield phase(self.chance.choices(PHASES, [12, 4, 1, 1])[0])
            else:
                yield from self.night()

    def order(self) -> NewOrder:
        """An order whose terms fit each other, but perhaps not the book."""
        chance, side = self.chance, self.chance.choice(SIDES)
        terms = some_terms(chance, side, self.price, self.later)
        self.count += 1
        owner, name = self.owner(), f"order {self.count}"
        if self.names and chance.random() < 0.02:
            owner, name = chance.choice(self.names)
        self.names = [*self.names[-20:], (owner, name)]
        return NewOrder(
            at=AT,
            account=f"account of {owner}",
            owner=owner,
            cl_ord_id=name,
            side=side,
            order_qty=chance.choice([0, -1, 60])
            if chance.random() < 0.02
            else chance.randint(1, 20),
            **terms,
        )

    def asked(self, kind: type[Cancel]) -> Cancel:
        owner, name = self.chance.choice(self.names) if self.names else ("nobody", "nothing")
        return kind(at=AT, owner=owner, cl_ord_id=name)

    def amend(self) -> Amend:
        chance, named = self.chance, self.asked(Cancel)
        return Amend(
            at=AT,
            owner=named.owner,
            cl_ord_id=named.cl_ord_id,
            order_qty=chance.choice([None, chance.randint(0, 25)]),
            price=chance.choice([None, None, self.price()]),
            stop_px=self.price() if chance.random() < 0.1 else None,
        )

    def night(self) -> Iterator[Message]:
        """The day ends, and perhaps begins again at another price."""
        chance = self.chance
        if chance.random() < 0.5:
            yield end()
        self.day += timedelta(days=chance.choice([0, 1, 1, 3]))
        yield start(self.day, chance.choice([None, MIDDLE, MIDDLE + 4]))
        yield phase(chance.choice(["call", "continuous"]))

    def owner(self) -> str:
        return f"owner {self.chance.randrange(self.owners)}"

    def price(self) -> int:
        return MIDDLE + round(self.chance.gauss(0, 4))

    def later(self) -> date:
        return self.day + timedelta(days=self.chance.choice([-1, 0, 1, 2, 5]))


def instruments() -> list[Instrument]:
    """With and without a band and an end, each way with orders of one's own."""
    plain = replace(SPOT, lots_max=50, tick=Decimal("0.5"))
    banded = replace(plain, band_percent=Decimal("7.5"))
    ending = replace(banded, last_trading_day=DAY + timedelta(days=30))
    return [
        replace(each, self_trade=mode)
        for each, mode in zip([plain, banded, ending, banded], MODES, strict=True)
    ]


@dataclass
class Names:
    """The events of the real book by the owners' names for their orders."""

    names: dict[int, str] = field(default_factory=dict)

    def plain(self, event: Event) -> Said:  # noqa: C901, PLR0911  one line for each kind
        match event:
            case Accepted(order_id=number, cl_ord_id=name):
                self.names[number] = name
                return ("new", name)
            case Traded():
                buy, sell = self.names[event.buy_order], self.names[event.sell_order]
                left = (event.buy_leaves, event.sell_leaves)
                return ("trade", buy, sell, event.price, event.qty, *left)
            case Cancelled(cl_ord_id=name, qty=qty, cum_qty=done, reason=why):
                return ("canceled", name, qty, done, why)
            case Expired(cl_ord_id=name, qty=qty, cum_qty=done):
                return ("expired", name, qty, done)
            case Triggered(cl_ord_id=name):
                return ("triggered", name)
            case Amended(cl_ord_id=name):
                terms = (event.order_qty, event.leaves_qty, event.price, event.stop_px)
                return ("replaced", name, *terms, event.in_place)
            case Restated(cl_ord_id=name, order_qty=qty, leaves_qty=left):
                return ("restated", name, qty, left)
            case Rejected(refusals=why):
                return ("rejected", *sorted(each.code for each in why))
            case Uncrossed(price=price, qty=qty, surplus=surplus):
                return ("uncrossed", price, qty, surplus)
            case PhaseChanged(phase=named, day=day):
                return ("phase", named, day)


def compare(instrument: Instrument, *, messages: int, seed: int) -> Counter[str]:
    """Both books answer alike to each message; what they said, counted by kind."""
    book, slow, names = Book(instrument, reference=REFERENCE), SlowBook(instrument), Names()
    said: Counter[str] = Counter()
    for number, message in enumerate(Stream(seed).messages(messages)):
        ours = [names.plain(event) for event in book.take(message)]
        theirs = slow.take(message)
        assert ours == theirs, f"seed {seed}, message {number}: {message}\n{ours}\n{theirs}"
        said.update(str(each[0]) for each in ours)
        said.update(str(code) for each in ours if each[0] == "rejected" for code in each[1:])
        said.update(str(each[4]) for each in ours if each[0] == "canceled")
    return said


def main() -> int:
    """A long run, told by how often what was said."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--messages", type=int, default=1_000_000)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    said: Counter[str] = Counter()
    part, kinds = 10_000, instruments()
    for number in range(max(1, asked.messages // part)):
        said += compare(
            kinds[number % len(kinds)],
            messages=min(part, asked.messages),
            seed=asked.seed * 1_000_000 + number,
        )
        sys.stdout.write(f"\r{(number + 1) * part:,} messages, {said['trade']:,} trades")
        sys.stdout.flush()
    sys.stdout.write("\n" + "\n".join(f"{count:>9,} {what}" for what, count in said.most_common()))
    sys.stdout.write("\nboth books answered alike\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
