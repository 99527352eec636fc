"""An exchange for the past: who lacks units buys them on the order book, who has too many sells.

The log says how many units operators surrendered, not who sold to whom, when, or at what price. So
quantities follow from what was published, and all the rest is made, by a seed and these rules:

* In June, September and December one operator in four comes to the book, and before units are due
  everybody comes who still lacks some. Sellers come in an order that is drawn, as many as it takes
  to offer twice what is wanted.
* The middle of the prices is EUR 20.00, or 20 of other money, when an instrument is first traded,
  and each time after that up to a tenth higher or lower than it was.
* An order's limit lies up to a twentieth from the middle, on either side; before units are due
  buyers bid no less than the middle and sellers ask no more, so that whoever lacks units gets them.
* Who buys brings as much money in as the order needs and the account has not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tonne import market
from tonne.market import EndOfDay, Event, Instrument, NewOrder, Rejected, Side, Traded
from tonne.operations import (
    Books,
    Deposit,
    Desk,
    Engine,
    Receipt,
    Scheme,
    deposits,
    government,
)
from tonne.quantity import Currency, Money
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import BANK
from tonne.simulation.course import Progress, Run, noon
from tonne.simulation.faults import UnitNotTraded
from tonne.simulation.traded import Market, MarketYear, Till

SEASONS = ((6, 15), (9, 15), (12, 15))
"""Month and day from which on operators trade in the course of a year."""

FIRST_PRICE = Decimal(20)
TURNS = 4
"""In the course of a year one operator in so many comes to the book each time."""

OFFERED = 2
"""Sellers come until they offer so many times what is wanted."""

STEP, SPREAD = 10, 20
"""The middle of the prices moves by a tenth at most, and limits lie a twentieth from it at most."""

BATCH = 4_000
"""So many orders are taken and settled in one commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trader:
    """An operator's account, and how many units must be in it on the day on which they are due."""

    account: str
    owner: str
    need: int
    coming: int = 0
    """Units that will be given to it before then."""


@dataclass(slots=True, kw_only=True)
class Exchange:
    """The books of orders of a replay, and what was traded on them."""

    run: Run
    scheme: Scheme
    seed: int
    progress: Progress = lambda _what, _count: None
    years: dict[tuple[int, str], MarketYear] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    _engines: dict[str, Engine] = field(default_factory=dict)
    _middles: dict[str, int] = field(default_factory=dict)

    def course(self, year: int, unit: str) -> list[date]:
        """The days in a year on which operators trade, but the last before units are due."""
        return [self._open(date(year, *season), unit, step=1) for season in SEASONS]

    def last(self, deadline: date, unit: str) -> date:
        """The last day for trades before units are due."""
        return self._open(deadline, unit, step=-1)

    def trade(self, traders: Iterable[Trader], *, unit: str, day: date, last: bool) -> int:
        """Let operators trade on a day; how many units changed hands."""
        instrument, desk = self._instrument(unit, day), noon("operator", day)
        balances = self.run(lambda books: books.balances(self.scheme.name))
        draw = Random(f"{self.seed} {instrument.code} {day}")  # noqa: S311  a seed, no secret
        middle = self._middle(instrument, draw, day)
        coming = [each for each in traders if last or not draw.randrange(TURNS)]
        buyers, sellers = _sides(coming, unit, balances, instrument.lot)
        wanted = sum(lots for _, lots in buyers)
        draw.shuffle(sellers)
        sellers = list(_enough(sellers, OFFERED * wanted))
        if not sellers:
            return 0
        asked: list[tuple[Trader, Side, int]] = [
            *((trader, "buy", lots) for trader, lots in buyers),
            *((trader, "sell", lots) for trader, lots in sellers),
        ]
        draw.shuffle(asked)
        orders = list(_orders(asked, instrument, middle, draw, desk, last=last))
        engine = self._engines.setdefault(instrument.code, Engine(self.scheme, instrument.code))
        cash = {
            account: count
            for (account, asset), count in balances.items()
            if asset == instrument.currency
        }
        paid_in = self._bring_money(engine, orders, cash, day)
        return self._serve(engine, instrument, orders, desk, paid_in)

    def result(self) -> Market:
        """What came of it."""
        years = tuple(self.years[key] for key in sorted(self.years))
        return Market(seed=self.seed, years=years, tills=tuple(self._tills()))

    def _tills(self) -> list[Till]:
        """Where the money lies, of every currency in which was traded."""
        brought: dict[str, int] = defaultdict(int)
        for each in self.years.values():
            brought[each.currency] += each.deposited

        def counted(books: Books) -> list[Till]:
            balances = books.balances(self.scheme.name)
            bank = books.holdings(government(books, self.scheme)[BANK])
            found = []
            for code, deposited in sorted(brought.items()):
                counts = [count for (_, asset), count in balances.items() if asset == code]
                found.append(
                    Till(
                        currency=code,
                        deposited=deposited,
                        held=sum(counts),
                        bank=bank.get(code, 0),
                        least=min(counts, default=0),
                    )
                )
            return found

        return self.run(counted)

    def lawful(self, unit: str, day: date, registries: Iterable[str]) -> None:
        """Refuse a replay whose law says nothing of the trade, or of the tax in some country."""
        self._instrument(unit, day)
        for each in registries:
            market.vat(seller=each, buyer=each, rules=self.scheme.vat, on=day)

    # What is asked, and what comes of it.

    def _bring_money(
        self, engine: Engine, orders: Sequence[NewOrder], cash: dict[str, int], day: date
    ) -> int:
        """Have the bank bring in what buyers need for their orders and have not."""
        live = self.run(lambda books: engine.look(books, desk=noon("operator", day)))
        needed: dict[str, int] = defaultdict(int)
        for order in orders:
            charges = live.charges(order.account)
            needed[order.account] += market.cover_for(order, live.book.conditions, charges).money
        currency = Currency(live.instrument.currency)
        batch = [
            Deposit(
                account=account,
                amount=Money(money - cash.get(account, 0), currency),
                bank_reference=f"replay/{live.instrument.code}/{day}/{account}",
            )
            for account, money in needed.items()
            if money > cash.get(account, 0)
        ]
        desk = noon("authority", day)
        answers = self.run(lambda books: deposits(books, self.scheme, batch, desk=desk))
        self.refused.extend(no for each in answers if not isinstance(each, Receipt) for no in each)
        self.progress(f"{day}: deposits", len(batch))
        return sum(
            each.amount.minor
            for each, answer in zip(batch, answers, strict=True)
            if isinstance(answer, Receipt)
        )

    def _serve(
        self,
        engine: Engine,
        instrument: Instrument,
        orders: Sequence[NewOrder],
        desk: Desk,
        paid_in: int,
    ) -> int:
        """Have the orders taken, batch by batch, and then the day ended; the units traded."""
        code, day = instrument.code, desk.day
        traded: list[Traded] = []
        for start in range(0, len(orders), BATCH):
            batch = orders[start : start + BATCH]
            last = start + BATCH >= len(orders)
            answers = engine.serve(
                self.run,
                [*batch, EndOfDay(at=batch[-1].at)] if last else batch,
                key=f"replay/{code}/{day}/{start}",
                desk=desk,
            )
            fresh = self._told(answers)
            self.progress(f"{day}: trades", len(fresh))
            traded.extend(fresh)
        key = (day.year, code)
        before = self.years.get(key) or MarketYear(
            year=day.year, instrument=code, currency=instrument.currency
        )
        volume = sum(each.qty for each in traded)
        self.years[key] = replace(
            before,
            orders=before.orders + len(orders),
            trades=before.trades + len(traded),
            volume=before.volume + volume * instrument.lot,
            turnover=before.turnover
            + sum(instrument.value(price=each.price, lots=each.qty).minor for each in traded),
            deposited=before.deposited + paid_in,
        )
        return volume * instrument.lot

    def _told(self, answers: Iterable[Iterable[Event]]) -> list[Traded]:
        """The trades of a batch; why an order was not taken is kept."""
        traded = []
        for events in answers:
            for each in events:
                if isinstance(each, Traded):
                    traded.append(each)
                elif isinstance(each, Rejected):
                    self.refused.extend(each.refusals)
        return traded

    # Days and prices.

    def _instrument(self, unit: str, day: date) -> Instrument:
        """The first instrument of the law that delivers a unit."""
        clause = self.scheme.instruments.instruments.on(day)
        found = next((each for each in clause.value if each.unit == unit), None)
        if found is None:
            refuse_if_any([UnitNotTraded(reference=clause.reference, unit=unit, day=day)])
        assert found is not None, "it was refused"
        return found

    def _open(self, day: date, unit: str, *, step: int) -> date:
        """The day, or the nearest before or after it on which the unit is traded."""
        self._instrument(unit, day)  # Refused where the unit is not traded.
        while not self.scheme.calendar.works_on(day):
            day += timedelta(step)
        return day

    def _middle(self, instrument: Instrument, draw: Random, day: date) -> int:
        """Around which price orders lie today, in ticks."""
        before = self._middles.get(instrument.code)
        if before is None:
            reference = self.scheme.instruments.instruments.on(day).reference
            middle, _ = instrument.ticks_of(FIRST_PRICE, reference=reference)
        else:
            middle = before + draw.randint(-(before // STEP), before // STEP)
        self._middles[instrument.code] = max(SPREAD, middle)
        return self._middles[instrument.code]


def _sides(
    traders: Iterable[Trader], unit: str, balances: dict[tuple[str, str], int], lot: int
) -> tuple[list[tuple[Trader, int]], list[tuple[Trader, int]]]:
    """Who buys and who sells, and how many lots: all that is lacking, or all that can be spared."""
    buyers, sellers = [], []
    for each in traders:
        held = balances.get((each.account, unit), 0)
        more = held + each.coming - each.need
        if more < 0:
            buyers.append((each, -(more // lot)))
        elif lots := min(held, more) // lot:
            sellers.append((each, lots))
    return buyers, sellers


def _enough(sellers: Iterable[tuple[Trader, int]], lots: int) -> Iterator[tuple[Trader, int]]:
    """The first sellers, until they offer so many lots."""
    for trader, offered in sellers:
        if lots <= 0:
            return
        lots -= offered
        yield trader, offered


def _orders(
    asked: Iterable[tuple[Trader, Side, int]],
    instrument: Instrument,
    middle: int,
    draw: Random,
    desk: Desk,
    *,
    last: bool,
) -> Iterator[NewOrder]:
    """Limit orders of the day, none of more lots than the instrument allows."""
    spread, number = middle // SPREAD, 0
    for trader, side, wanted in asked:
        away, left = draw.randint(0 if last else -spread, spread), wanted
        while left:
            lots, number = min(left, instrument.lots_max), number + 1
            left -= lots
            yield NewOrder(
                at=desk.at,
                account=trader.account,
                owner=trader.owner,
                cl_ord_id=str(number),
                side=side,
                order_qty=lots,
                price=middle + away if side == "buy" else middle - away,
            )
