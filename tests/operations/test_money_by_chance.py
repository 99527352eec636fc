"""Whatever people pay and trade in whatever order, no cent is made or lost, and no unit."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from land import UNIT, Land
from purse import Purse, euros
from tonne import operations
from tonne.operations import Receipt, Trade
from tonne.refusal import Refused
from tonne.store import MemoryStore, PostgresStore

Choose = Callable[[Sequence[Any]], Any]
Told = list[list[int]]
HOLDERS = ("steel", "kiln", "ana", "authority")
VERBS = ("bring", "bring", "ask", "confirm", "void", "charge", "settle", "settle", "settle", "net",
         "transfer", "change")  # fmt: skip
DAYS = ("2025-06-02", "2026-08-01")


class Deed(NamedTuple):
    """Something that somebody tries to do with money; not everything is allowed."""

    verb: str
    key: str
    day: str
    name: str
    others: tuple[str, str, str]
    units: tuple[int, int, int]
    cents: int
    free: bool
    named: bool


def a_deed(choose: Choose) -> Deed:
    """Any deed, sensible or not; a key is used again now and then."""
    others, units = zip(*[(choose(HOLDERS), choose((1, 2, 7, 20, 60))) for _ in "123"], strict=True)
    return Deed(
        verb=choose(VERBS),
        key=f"deed {choose(range(80))}",
        day=choose(DAYS),
        name=choose(HOLDERS),
        others=others,
        units=units,
        cents=choose((0, 1, 333, 2000, 10_000)),
        free=choose((False, False, True)),
        named=choose((False, False, False, True)),
    )


@dataclass
class Life:
    """A land, and beside it a count of its own of who should hold what."""

    purse: Purse
    held: Counter[tuple[str, str]] = field(default_factory=Counter)
    waits: dict[int, tuple[str, int]] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def live(self, deed: Deed) -> Told:
        """Try a deed; the numbers of the refusals."""
        try:
            return getattr(self, deed.verb)(deed)  # type: ignore[no-any-return]
        except Refused as no:
            return [[each.number for each in no.refusals]]

    def bring(self, deed: Deed) -> Told:
        amount = f"{deed.cents / 10:.2f}"
        found = self.purse.bring(deed.name, amount, reference=deed.key, on=deed.day)
        if not found.repeated:
            self.pay("bank", deed.name, euros(amount).minor)
        return self._done(deed)

    def ask(self, deed: Deed) -> Told:
        found = self.purse.ask(deed.name, f"{deed.cents / 100:.2f}", key=deed.key, on=deed.day)
        if found.ended is None:
            self.waits[found.number] = (deed.name, deed.cents)
        return self._done(deed)

    def confirm(self, deed: Deed) -> Told:
        number = self._waiting(deed)
        found = self.purse.confirm(number, reference=deed.key, on=deed.day)
        if not found.repeated:
            name, cents = self.waits.pop(number)
            self.pay(name, "bank", cents)
        return self._done(deed)

    def void(self, deed: Deed) -> Told:
        number = self._waiting(deed)
        self.purse.void(number, key=deed.key, on=deed.day)
        self.waits.pop(number, None)
        return self._done(deed)

    def charge(self, deed: Deed) -> Told:
        account = self.purse.land.number(deed.name)
        found, amount = self.purse.land.do(
            operations.charge, account=account, fee="account", count=1, key=deed.key, on=deed.day
        )
        if not found.repeated:
            self.pay(deed.name, "treasury", amount.minor)
        return self._done(deed)

    def settle(self, deed: Deed) -> Told:
        trades = self._trades(deed)
        answers = self.purse.settle(*trades, on=deed.day)
        for answer, (seller, buyer, count) in zip(answers, self._sides(deed), strict=True):
            if isinstance(answer, Receipt) and not answer.repeated:
                self._sell(answer.number, seller, buyer, count)
        self._done(deed)
        return [[] if isinstance(a, Receipt) else [no.number for no in a] for a in answers]

    def net(self, deed: Deed) -> Told:
        plain = deed._replace(named=deed.named and deed.free)
        sides = [each for each in self._sides(plain) if each[0] != each[1]]
        trades = [each for each in self._trades(plain) if each.seller != each.buyer]
        if not trades:
            return []
        found = self.purse.net(*trades, key=deed.key, on=deed.day)
        if not found.repeated:
            for place, (seller, buyer, count) in enumerate(sides):
                self._sell(found.number, seller, buyer, count, place=place)
        return self._done(deed)

    def transfer(self, deed: Deed) -> Told:
        order = self.purse.land.order(deed.name, deed.others[0], deed.units[0], key=deed.key)
        (answer,) = self.purse.land.transfer(order, on=deed.day)
        if isinstance(answer, Receipt):
            if not answer.repeated:
                self._move(deed.name, deed.others[0], UNIT, deed.units[0])
            return self._done(deed)
        return [[no.number for no in answer]]

    def change(self, deed: Deed) -> Told:
        self.purse.land.do(
            operations.change_account,
            self.purse.land.number(deed.name),
            ("restore", "suspend", "restore", "restrict", "restore")[deed.units[0] % 5],
            reason="as told",
            key=deed.key,
            on=deed.day,
            by="administrator",
        )
        return self._done(deed)

    def holdings(self) -> dict[tuple[str, str], int]:
        """Who holds what, as the books say, sources left out."""
        names = {number: name for name, number in self.purse.land.accounts.items()}
        balances = self.purse.land.run(lambda books: books.balances("example"))
        return {(names[number], code): count for (number, code), count in balances.items()}

    def _waiting(self, deed: Deed) -> int:
        known = sorted(self.waits)
        return known[deed.units[0] % len(known)] if known else 7

    def _sides(self, deed: Deed) -> list[tuple[str, str, int]]:
        buyers = [deed.name, *deed.others[:2]]
        return list(zip(deed.others, buyers, deed.units, strict=True))

    def _trades(self, deed: Deed) -> list[Trade]:
        price = f"{deed.cents / 1000:.2f}"
        return [
            self.purse.trade(
                seller,
                buyer,
                count,
                price,
                key=f"{deed.key}/{place}",
                free=deed.free and place == 0,
                numbers=(1, count) if deed.named and place == 1 else None,
            )
            for place, (seller, buyer, count) in enumerate(self._sides(deed))
        ]

    def _sell(self, entry: int, seller: str, buyer: str, count: int, *, place: int = 0) -> None:
        """Count a trade by its price, worked out here; tax and fees are those on record."""
        records = self.purse.land.run(lambda books: books.trades([entry]))
        record = records[place][1]
        self._move(seller, buyer, UNIT, count)
        assert record.paid == int(record.price * count)
        self.pay(buyer, seller, 0 if record.free else record.paid + record.vat)
        self.pay(buyer, "treasury", record.buyer_fee)
        self.pay(seller, "treasury", record.seller_fee)

    def pay(self, source: str, target: str, cents: int) -> None:
        """Count a payment."""
        self._move(source, target, "EUR", cents)

    def _move(self, source: str, target: str, code: str, count: int) -> None:
        self.held[source, code] -= count
        self.held[target, code] += count

    def _done(self, deed: Deed) -> Told:
        self.done[deed.verb] += 1
        return []


def a_life(store: MemoryStore | PostgresStore) -> Life:
    """A settled land, in which everybody has some money."""
    life = Life(Purse(Land(store).settle()))
    life.held.update(life.holdings())
    for name in HOLDERS:
        life.purse.bring(name, "300")
        life.pay("bank", name, 30_000)
    return life


class AnyMoney(RuleBasedStateMachine):
    """Lives of money, one deed after another."""

    def __init__(self) -> None:
        super().__init__()
        self.life = a_life(MemoryStore())
        self.before: dict[tuple[str, str], int] = {}

    @rule(data=st.data())
    def something_is_done(self, data: st.DataObject) -> None:
        self.before = self.life.holdings()
        told = self.life.live(a_deed(lambda options: data.draw(st.sampled_from(options))))
        if told and all(told):
            assert self.life.holdings() == self.before, "what is refused moves nothing"

    @invariant()
    def everybody_holds_what_came_less_what_went(self) -> None:
        sources = {"bank", "issuance"}
        expected = {
            key: count for key, count in self.life.held.items() if count and key[0] not in sources
        }
        assert self.life.holdings() == expected
        assert all(count > 0 for count in expected.values())

    @invariant()
    def every_currency_sums_to_nothing_and_all_is_in_order(self) -> None:
        self.life.purse.is_whole()

    @invariant()
    def what_waits_for_the_bank_is_there(self) -> None:
        promised: Counter[str] = Counter()
        for name, cents in self.life.waits.values():
            promised[name] += cents
        assert all(self.life.held[name, "EUR"] >= cents for name, cents in promised.items())


AnyMoney.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
test_no_cent_is_made_or_lost_whatever_is_done = AnyMoney.TestCase


def test_the_same_payments_have_the_same_answers_in_both_stores(database: str) -> None:
    chance = random.Random(2009)  # noqa: S311  an order of deeds, no secret
    deeds = [a_deed(chance.choice) for _ in range(200)]
    with PostgresStore(database) as postgres:
        here, there = a_life(MemoryStore()), a_life(postgres)
        for deed in deeds:
            assert here.live(deed) == there.live(deed), deed
        assert here.holdings() == there.holdings()
        assert here.purse.land.size() == there.purse.land.size()
        kept, told = (
            [record for _, record in life.purse.land.run(lambda books: books.trades())]
            for life in (here, there)
        )
        assert kept == told
        here.purse.is_whole()
        there.purse.is_whole()
    # The deeds are worth comparing: each kind is done by somebody.
    assert set(here.done) == set(VERBS)
    assert len(kept) > 10
