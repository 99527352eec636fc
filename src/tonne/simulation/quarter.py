"""One quarter of a market, lived by a government, two factories, a trader, a broker and a fund.

Who they are and what they want is made up; by a seed, so that every life is the same. All that
they do goes through the operations that everybody uses, into books that are kept.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from tonne import operations
from tonne.market import (
    Book,
    Brokerage,
    Deal,
    Depth,
    Due,
    FixedPrice,
    Forward,
    Fund,
    Instrument,
    NewOrder,
    Rejected,
    Remedy,
    Side,
    Traded,
    Upfront,
    candles,
)
from tonne.operations import Books, Desk, Engine, Opening, Scheme, auctions, deals, forwards, funds
from tonne.quantity import Currency, Money, Price
from tonne.registry import Role
from tonne.simulation.quarter_report import (
    QuarterReport,
    Statement,
    expiries_of,
    settlements_of,
)
from tonne.supply import Allocation

T = TypeVar("T")
Told = Callable[[str, int], None]

SPOT, LATER, LOT, UNIT, MONEY = "EXA-SPOT", "EXA-T2", "EXA-1-LOT", "EXA-1", "EUR"
FIRST, LAST = date(2025, 4, 1), date(2025, 6, 30)
TRADED_LAST = date(2025, 6, 13)
"""The last day on which they come to the exchange."""

PEOPLE = {
    "Steelworks": "operator", "Kiln": "operator", "Trader": "person", "Broker": "person",
    "Green Fund": "person",
}  # fmt: skip
BROUGHT = {"Steelworks": 60_000, "Kiln": 12_000, "Trader": 40_000}
ALLOCATED = {"Steelworks": 600, "Kiln": 900}
START_PRICE = 2_200
"""In cents: what a unit is worth to these people when the quarter begins."""


@dataclass(slots=True)
class Quarter:
    """The market on its way through the quarter."""

    run: Any
    """The store's own way to run an operation and commit it."""

    scheme: Scheme
    told: Told
    chance: random.Random
    accounts: dict[str, str] = field(default_factory=dict)
    keys: int = 0
    failed: list[operations.FailedTrade] = field(default_factory=list)
    settled: int = 0
    book: Depth = field(default_factory=lambda: Depth(bids=(), offers=()))

    def live(self) -> QuarterReport:
        """All of it, from the first account to the statements."""
        self._begin()
        auction = self._auction()
        self._deal(date(2025, 4, 28), "Kiln", "Steelworks", 150, "23.40", broker="Broker")
        self._fund_begins()
        self._trade()
        self._deal(date(2025, 6, 16), "Steelworks", "Trader", 40, "22.90")
        forward, given = self._fund_ends()
        return self._report(auction, forward, given)

    def do(
        self, operation: Callable[..., T], *words: object, on: date, role: Role = "authority",
        hour: int = 10, **more: object,
    ) -> T:  # fmt: skip
        """Do an operation at an hour of a day, as somebody in a role."""
        at = datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
        desk = Desk(by=role, day=on, at=at)
        found: T = self.run(lambda books: operation(books, self.scheme, *words, desk=desk, **more))
        return found

    @property
    def key(self) -> str:
        """A new key for each request."""
        self.keys += 1
        return f"replay/quarter {self.keys}"

    # What they do.

    def _begin(self) -> None:
        """Accounts are opened, units issued and given out, and money comes in."""
        self.told("accounts", len(PEOPLE))
        own = self.do(operations.found, on=FIRST, role="administrator")
        self.accounts |= {"Authority": own["authority"], "Treasury": own["treasury"]}
        for place, (name, kind) in enumerate(PEOPLE.items(), 1):
            opening = Opening(
                kind=kind,
                name=name,
                registry="XE",
                operator=name.upper() if kind == "operator" else None,
                identifier=place,
            )
            made = self.do(
                operations.open_account, opening, key=self.key, on=FIRST, role="administrator"
            )
            self.accounts[name] = made.number
        self.do(operations.issue, year=2025, unit=UNIT, count=4_000, key=self.key, on=FIRST)
        table = [
            Allocation(operator=name.upper(), year=2025, count=count)
            for name, count in ALLOCATED.items()
        ]
        self.do(
            operations.allocate, table, unit=UNIT, method="grandfathering", key=self.key, on=FIRST
        )
        for name, euros in BROUGHT.items():
            self.do(
                operations.deposit, account=self.accounts[name], amount=money(euros),
                bank_reference=f"replay/{name}", on=FIRST,
            )  # fmt: skip

    def _auction(self) -> auctions.Cleared:
        """The government sells 600 units to the highest sealed bids, at one price."""
        self.told("bids", 0)
        offered = auctions.NewAuction(
            name="April",
            instrument=LOT,
            count=600,
            opens=datetime(2025, 4, 14, 8, tzinfo=UTC),
            closes=datetime(2025, 4, 15, 14, tzinfo=UTC),
        )
        self.do(auctions.create, offered, key=self.key, on=date(2025, 4, 10))
        wanted = {
            "Steelworks": (("23.10", 220), ("21.40", 140)),
            "Trader": (("22.60", 120), ("21.40", 60)),
            "Kiln": (("22.00", 80), ("20.10", 200)),
        }
        for name, steps in wanted.items():
            orders = [
                auctions.BidOrder(
                    bidder=self.accounts[name],
                    id=f"{name} {place}",
                    price=Decimal(price),
                    count=count,
                    salt=f"{self.chance.getrandbits(128):032x}",
                )
                for place, (price, count) in enumerate(steps, 1)
            ]
            self.do(
                auctions.bid, "April", orders, key=self.key, on=date(2025, 4, 14), role="operator"
            )
        return self.do(auctions.clear, "April", key=self.key, on=date(2025, 4, 16))

    def _deal(
        self, on: date, seller: str, buyer: str, count: int, price: str, *, broker: str = ""
    ) -> None:
        """Two sides agree outside the book, brought together by a broker or not."""
        draft = Deal(
            id="?",
            buyer=self.accounts[buyer],
            seller=self.accounts[seller],
            unit=UNIT,
            count=count,
            price=Price(minor=Decimal(price) * 100, tick=Decimal(1), currency=Currency(MONEY)),
            settle_on=on,
            valid_until=datetime(on.year, on.month, on.day, 16, tzinfo=UTC),
        )
        said = [self.accounts[seller], self.accounts[buyer]]
        if broker:
            terms = Brokerage(
                broker=self.accounts[broker], basis="per_unit", rate=Decimal(10), payer="both"
            )
            draft = replace(draft, brokerage=terms)
            said.insert(0, self.accounts[broker])
        first, *others = said
        stands = self.do(deals.propose, draft, by=first, key=self.key, on=on)
        for each in others:
            self.do(deals.confirm, stands.deal.id, by=each, key=self.key, on=on)

    def _fund_begins(self) -> None:
        """A fund takes money, and buys units that the kiln will deliver; some are paid upfront."""
        on = date(2025, 5, 5)
        pool = Fund(name="Green Fund", most=money(6_000), closes_on=date(2025, 5, 31))
        account = self.accounts["Green Fund"]
        self.do(funds.open_fund, pool, account=account, key=self.key, on=on)
        for name, euros in (("Steelworks", 2_000), ("Trader", 1_500), ("Kiln", 500)):
            self.do(
                funds.contribute, "Green Fund", participant=self.accounts[name],
                money=money(euros), key=self.key, on=on,
            )  # fmt: skip
        forward = Forward(
            id="KILN-1",
            buyer=account,
            seller=self.accounts["Kiln"],
            unit=UNIT,
            signed_on=on,
            schedule=(
                Due(on=date(2025, 6, 2), count=60), Due(on=date(2025, 6, 23), count=40),
            ),
            price=FixedPrice(minor=Decimal(1_900)),
            currency=Currency(MONEY),
            tick=Decimal(1),
            remedy=Remedy(kind="make_up", trigger=Decimal(1), days=30),
            upfront=Upfront(share=Decimal("0.2"), minor=Decimal(1_900), recovery="pro_rata"),
        )  # fmt: skip
        self.do(funds.invest, "Green Fund", forward, most=money(3_000), key=self.key, on=on)

    def _fund_ends(self) -> tuple[forwards.ForwardStands, dict[str, int]]:
        """The kiln delivers what it can; what has come is shared out to the unit."""
        for on, count in ((date(2025, 6, 2), 60), (date(2025, 6, 23), 30)):
            self.do(forwards.deliver, "KILN-1", count=count, key=self.key, on=on)
        self.do(forwards.remedy, "KILN-1", spot=Decimal(2_250), key=self.key, on=date(2025, 6, 24))
        stands = self.run(lambda books: forwards.the_forward(books, self.scheme, "KILN-1"))
        _, given = self.do(funds.distribute, "Green Fund", key=self.key, on=date(2025, 6, 27))
        names = {number: name for name, number in self.accounts.items()}
        return stands, {names[who]: parts.get(UNIT, 0) for who, parts in given.items()}

    def _trade(self) -> None:
        """Eight weeks on the exchange: factories trade now and then, the trader every day."""
        spot, later = (Engine(self.scheme, code) for code in (SPOT, LATER))
        day, value = date(2025, 4, 21), START_PRICE
        while day <= TRADED_LAST:
            if self.scheme.calendar.works_on(day):
                self.told("trading days", 1)
                value = max(1_800, value + self.chance.randint(-40, 42))
                self._send(spot, self._orders(day, value))
                if day.weekday() == 2:  # noqa: PLR2004  Wednesdays
                    self._send(later, self._orders_for_later(day, value))
                self._settle(later, day)
            day += timedelta(1)
        self.book = self.run(lambda books: operations.depth_of(self._look(books, day), 5))
        while day <= LAST:
            self._settle(later, day)
            day += timedelta(1)
        for engine in (spot, later):
            desk = Desk(by="operator", day=LAST, at=datetime(2025, 6, 30, 16, tzinfo=UTC))
            engine.serve(self.run, [], key=self.key, desk=desk)  # Orders of old days expire.

    def _orders(self, day: date, value: int) -> Iterator[NewOrder]:
        """What comes to the book on a day on which a unit is worth so many cents."""
        for side, price in (("buy", value - 6), ("sell", value + 6)):
            yield self._order("Trader", day, side, 15, price, hour=8)
        wants = self.chance.choice(("Steelworks", "Kiln", ""))
        if wants == "Steelworks":
            yield self._order(wants, day, "buy", self.chance.randint(5, 20), value + 8, hour=9)
        elif wants == "Kiln":
            yield self._order(wants, day, "sell", self.chance.randint(5, 20), value - 8, hour=9)

    def _orders_for_later(self, day: date, value: int) -> Iterator[NewOrder]:
        """Two lots of ten that are delivered two days after; sold by who may have none left."""
        yield self._order("Trader", day, "sell", 2, value, hour=8)
        yield self._order("Steelworks", day, "buy", 2, value, hour=9)

    def _order(
        self, name: str, day: date, side: str, lots: int, price: int, *, hour: int
    ) -> NewOrder:
        sides: dict[str, Side] = {"buy": "buy", "sell": "sell"}
        owner = name.upper() if PEOPLE[name] == "operator" else name
        return NewOrder(
            at=datetime(day.year, day.month, day.day, hour, tzinfo=UTC),
            account=self.accounts[name],
            owner=owner,
            cl_ord_id=self.key,
            side=sides[side],
            order_qty=lots,
            price=price,
        )

    def _send(self, engine: Engine, orders: Iterator[NewOrder]) -> None:
        """Orders come one after the other; who cannot pay or deliver is refused."""
        for order in orders:
            desk = Desk(by="operator", day=order.at.date(), at=order.at)
            (told,) = engine.serve(self.run, [order], key=self.key, desk=desk)
            for event in told:
                if isinstance(event, Rejected):
                    self.told("refused orders", 1)

    def _settle(self, engine: Engine, day: date) -> None:
        """What is due on a day is settled at its end."""
        at = datetime(day.year, day.month, day.day, 15, 30, tzinfo=UTC)
        desk = Desk(by="authority", day=day, at=at)
        found = engine.settle(self.run, key=self.key, desk=desk)
        self.settled += len(found.trades)
        self.failed += found.failed

    # What came of it.

    def _report(
        self, auction: auctions.Cleared, forward: forwards.ForwardStands, given: dict[str, int]
    ) -> QuarterReport:
        self.told("statements", len(self.accounts))
        instrument, scheme = self._instrument(SPOT), self.scheme
        desk = Desk(by="authority", day=LAST, at=datetime(2025, 6, 30, 16, tzinfo=UTC))
        zone = operations.zone_of(instrument)

        def look(books: Books) -> QuarterReport:
            traded: list[Traded] = operations.trades_of(
                books, scheme, SPOT, first=FIRST, last=LAST, zone=zone
            )
            since = operations.midnight(date(2025, 4, 21), zone)
            names = {number: name for name, number in self.accounts.items()}
            settled = [
                each
                for code in (SPOT, LATER)
                for each in settlements_of(books, scheme, code, last=LAST, names=names)
            ]
            return QuarterReport(
                instrument=SPOT,
                first=FIRST,
                last=LAST,
                auction=auction,
                deals=deals.deals(books, scheme, desk=desk),
                forward=forward,
                distributed=given,
                weeks=candles(traded, since=since, every=timedelta(weeks=1)),
                prices=tuple(operations.settlement_prices(books, scheme, SPOT, last=LAST)),
                book=self.book,
                expired=expiries_of(books, scheme, SPOT, since=TRADED_LAST, last=LAST),
                settlements=tuple(sorted(settled, key=lambda each: each.day)),
                trades=len(traded),
                volume=sum(each.qty for each in traded) * instrument.lot,
                settled=self.settled,
                failed=tuple(self.failed),
                alerts=len(operations.alerts(books, scheme, SPOT, first=FIRST, last=LAST)),
                statements=tuple(self._statements(books)),
                totals=tuple(books.totals(scheme.name)),
                differences=tuple(books.check()),
            )

        found: QuarterReport = self.run(look)
        return found

    def _statements(self, books: Books) -> Iterator[Statement]:
        for name, number in self.accounts.items():
            held = books.holdings(number)
            free = books.free([(number, UNIT), (number, MONEY)])
            units, coins = held.get(UNIT, 0), held.get(MONEY, 0)
            yield Statement(
                name=name,
                account=number,
                units=units,
                units_held=units - free[number, UNIT],
                money=Money(coins, Currency(MONEY)),
                money_held=Money(coins - free[number, MONEY], Currency(MONEY)),
            )

    def _look(self, books: Books, day: date) -> Book:
        desk = Desk(by="operator", day=day, at=datetime(day.year, day.month, day.day, tzinfo=UTC))
        return Engine(self.scheme, SPOT).look(books, desk=desk).book

    def _instrument(self, code: str) -> Instrument:
        return self.scheme.instruments.instrument(code, on=FIRST)


def live_a_quarter(
    run: Any,  # noqa: ANN401  the store's own
    scheme: Scheme, *, seed: int, told: Told,
) -> QuarterReport:  # fmt: skip
    """Live the second quarter of 2025 in books that hold nothing yet."""
    chance = random.Random(seed)  # noqa: S311  no secret
    return Quarter(run=run, scheme=scheme, told=told, chance=chance).live()


def money(euros: int) -> Money:
    """So many euros."""
    return Money.of(Decimal(euros), Currency(MONEY))
