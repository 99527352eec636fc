"""What holds for every stream of messages, with all kinds of orders in it."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from order_streams import Stream, compare, instruments
from tonne.market import (
    Accepted,
    Amended,
    Book,
    Cancelled,
    Event,
    Expired,
    Instrument,
    Message,
    NewOrder,
    Restated,
    Traded,
    plainly_fits,
    refusals_of_order,
)
from trading import REFERENCE

seeds = st.integers(0, 10**9)
kinds = st.sampled_from(instruments())
# How many messages are put to both books, by a list of seeds, in every run of the tests.
MESSAGES, STREAMS = 2_500, 12


@pytest.mark.parametrize("seed", range(STREAMS))
def test_a_slow_book_written_from_the_rules_answers_every_message_alike(seed: int) -> None:
    instrument = instruments()[seed % len(instruments())]
    said = compare(instrument, messages=MESSAGES, seed=seed)
    assert said["trade"] > MESSAGES / 25


@given(seeds, kinds, st.integers(1, 250))
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_book_made_again_from_its_state_answers_the_rest_alike(
    seed: int, instrument: Instrument, cut: int
) -> None:
    messages = list(Stream(seed).messages(300))
    book = Book(instrument, reference=REFERENCE)
    book.take_all(messages[:cut])
    again = Book.restore(book.state(), instrument=instrument, reference=REFERENCE)
    assert again.state() == book.state()
    assert repr(again.take_all(messages[cut:])) == repr(book.take_all(messages[cut:]))
    assert again.state() == book.state()


@given(seeds, kinds)
@settings(max_examples=10, deadline=None)
def test_messages_are_answered_alike_one_by_one_and_together(
    seed: int, instrument: Instrument
) -> None:
    messages = list(Stream(seed).messages(200))
    one, all_together = (Book(instrument, reference=REFERENCE) for _ in range(2))
    single = tuple(event for message in messages for event in one.take(message))
    assert repr(single) == repr(all_together.take_all(messages))


@given(seeds, kinds)
@settings(max_examples=20, deadline=None)
def test_an_order_that_fits_at_first_sight_is_refused_by_no_rule(
    seed: int, instrument: Instrument
) -> None:
    book = Book(instrument, reference=REFERENCE)
    for message in Stream(seed).messages(200):
        if isinstance(message, NewOrder) and plainly_fits(message, book.conditions):
            assert not list(refusals_of_order(message, book.conditions))
            name = (message.owner, message.cl_ord_id)
            assert book.order_id(*name) is not None or not book.refusals(message)
        book.take(message)


class Floor(RuleBasedStateMachine):
    """A book under all kinds of messages, and what is counted beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.left: Counter[int] = Counter()
        self.owners: dict[int, str] = {}
        self.limits: dict[int, tuple[str, int | None]] = {}

    @initialize(seed=seeds, instrument=kinds)
    def open(self, seed: int, instrument: Instrument) -> None:
        self.book = Book(instrument, reference=REFERENCE)
        self.messages = Stream(seed).messages(10**6)

    @rule(count=st.integers(1, 20))
    def go_on(self, count: int) -> None:
        for _ in range(count):
            message = next(self.messages)
            # A new day closes the old one first, by its call and within its band.
            self.band = self.book.conditions
            for event in self.book.take(message):
                self.count(message, event)

    def count(self, message: Message, event: Event) -> None:
        match event:
            case Accepted(order_id=number):
                assert isinstance(message, NewOrder)
                self.left[number] = message.order_qty
                self.owners[number] = message.owner
                self.limits[number] = (message.side, message.price)
            case Traded():
                self.traded(event)
            case Amended(order_id=number) | Restated(order_id=number):
                self.left[number] = event.leaves_qty
                if isinstance(event, Amended):
                    self.limits[number] = (self.limits[number][0], event.price)
            case Cancelled(order_id=number) | Expired(order_id=number):
                assert self.left[number] == event.qty > 0
                self.left[number] = 0
            case _:
                pass

    def traded(self, event: Traded) -> None:
        for number, after in (
            (event.buy_order, event.buy_leaves),
            (event.sell_order, event.sell_leaves),
        ):
            self.left[number] -= event.qty
            assert self.left[number] == after
            side, limit = self.limits[number]
            better = limit is None or (
                event.price <= limit if side == "buy" else event.price >= limit
            )
            assert better, "nobody trades beyond his limit"
        assert self.owners[event.buy_order] != self.owners[event.sell_order]
        assert self.band.low <= event.price <= self.band.high

    @invariant()
    def nothing_is_lost_or_made(self) -> None:
        living = {each.order_id: each.leaves_qty for each in self.book.state().orders}
        assert living == {number: lots for number, lots in self.left.items() if lots}

    @invariant()
    def the_book_is_not_crossed_while_it_trades(self) -> None:
        buys, sells = self.book.depth("buy", 1), self.book.depth("sell", 1)
        if self.book.conditions.phase == "continuous" and buys and sells:
            assert buys[0][0] < sells[0][0]

    @invariant()
    def the_depth_is_the_sum_of_the_orders(self) -> None:
        state = self.book.state().orders
        for side in ("buy", "sell"):
            resting = [each for each in state if each.order.side == side and not each.waiting]
            lots: Counter[int] = Counter()
            for each in resting:
                lots[each.price] += each.leaves_qty
            depth = self.book.depth(side)
            assert [(price, qty) for price, qty, _ in depth] == sorted(
                lots.items(), reverse=side == "buy"
            )


TestFloor = Floor.TestCase
TestFloor.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
