"""What the market refuses is refused by number, and nothing at all is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from auction_hall import AFTER, BEFORE, OPEN, Hall
from bargains import Bargain
from bourse import CODE, NOON, Bourse, on
from changed import replace
from land import Land
from lent import Lender
from tonne.market import ChangePhase, Due, NewOrder, Rejected
from tonne.operations.proposals import PutOrder
from tonne.refusal import Refused
from tonne.store import MemoryStore, PostgresStore

HALTED, LATE = "EXA-T2", "EXA-DEC25"
_TABLES = """
    select string_agg(format('select %L, count(*), md5(string_agg(each::text, %L'
                             ' order by each::text)) from %I each', relname, ';', relname),
                      ' union all ')
      from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace
"""


@dataclass(kw_only=True)
class Market:
    """Everything that can be traded on, and all that its books keep."""

    land: Land
    written: Callable[[], object]
    """Every row of the books."""

    def __post_init__(self) -> None:
        """Set up what people then ask of it wrongly."""
        land = self.land
        self.bargain, self.hall = Bargain(land), Hall(land).rich(steel="1000.00", kiln="9000.00")
        self.bourse = bourse = Bourse(land)
        bourse.purse.bring("ana", "1.00", on=BEFORE)
        bourse.send(
            bourse.order("steel", "sell", 3, 500, "mine"), bourse.order("kiln", "buy", 1, 500)
        )
        halted = Bourse(land, code=HALTED)
        halted.send(ChangePhase(at=halted.at, phase="halted"), by="authority")
        self.hall.create()
        self.hall.bid(self.hall.order("kiln", "20.00", 10, name="mine"))
        propose = self.bargain.propose
        self.waiting, self.settled, self.lapsed = (propose(count=1).deal.id for _ in range(3))
        self.bargain.say("confirm", self.settled, by="steel")

    def refuses(self, asked: Callable[[], object]) -> list[int]:
        """The numbers of the refusals; and nothing was written."""
        before = self.written()
        try:
            answer = asked()
        except Refused as no:
            found = list(no.refusals)
        else:
            assert isinstance(answer, list), f"it was done: {answer}"
            found = [no for told in answer for each in told for no in _whys(each)]
        assert self.written() == before
        assert all(each.reference and each.remedy for each in found)
        return [each.number for each in found]

    def order(
        self,
        *,
        who: str = "steel",
        side: Any = "sell",  # noqa: ANN401  a side
        lots: int = 1,
        price: int = 500,
        at: datetime = NOON,
        code: str = CODE,
        **terms: Any,  # noqa: ANN401  any term of an order
    ) -> list[int]:
        """An order that comes to the engine in a batch, as it is answered."""
        bourse = Bourse(self.land, code=code, at=at)
        asked: NewOrder = bourse.order(who, side, lots, price, **terms)
        return self.refuses(lambda: bourse.send(asked))

    def wish(self, **terms: Any) -> list[int]:  # noqa: ANN401  any term of a wish
        """An order as people wish for it: in units and euros."""
        usual: dict[str, Any] = {"side": "sell", "count": 10, "price": "5.00"}
        said = {"instrument": CODE} | usual | terms
        wish = PutOrder(account=self.land.number("steel"), **said)
        desk, key = self.bourse.desk(), self.land.key()
        return self.refuses(
            lambda: self.land.run(
                lambda books: wish.carry_out(books, self.land.scheme, key=key, desk=desk)
            )
        )

    def bid(self, price: str, count: int, *, who: str = "steel", on: str = OPEN) -> list[int]:
        """A bid in the auction."""
        asked = self.hall.order(who, price, count)
        return self.refuses(lambda: self.hall.bid(asked, on=on))

    def confirm(self, name: str, by: str | None, *, on: str = "2025-06-02") -> list[int]:
        """A side says that it agrees."""
        return self.refuses(lambda: self.bargain.say("confirm", name, by=by, on=on))

    def sign(self, due: date) -> list[int]:
        """A forward that is due on a day."""
        late = self.bargain.contract(schedule=(Due(on=due, count=20),))
        return self.refuses(lambda: self.bargain.sign(late))


def _whys(event: object) -> tuple[Any, ...]:
    return event.refusals if isinstance(event, Rejected) else ()


@contextmanager
def a_market(kind: str, databases: Lender) -> Iterator[Market]:
    """The market in books of a kind."""
    if kind == "memory":
        store = MemoryStore()
        yield Market(land=Land(store).settle(), written=lambda: _all_of(store))
        return
    with (
        databases.lend() as address,
        psycopg.connect(address, autocommit=True) as owner,
        PostgresStore(address) as postgres,
    ):
        yield Market(land=Land(postgres).settle(), written=lambda: _rows(owner))


@pytest.fixture(scope="module", params=["memory", "postgres"])
def market(request: pytest.FixtureRequest, databases: Lender) -> Iterator[Market]:
    """One market for all: what is refused changes nothing of it."""
    with a_market(request.param, databases) as made:
        yield made


def _all_of(store: MemoryStore) -> object:
    """What the books keep; as in a database, a number that was drawn is not written."""
    return deepcopy(replace(store.memory, last_number=0))


def _rows(owner: psycopg.Connection) -> object:
    """Of every table, how many rows it has and the hash of them all."""
    row = owner.execute(_TABLES).fetchone()
    assert row is not None
    return sorted(owner.execute(row[0].encode()).fetchall())


CASES: dict[str, tuple[Callable[[Market], list[int]], list[int]]] = {
    "an unknown instrument": (lambda m: m.wish(instrument="EXA-X"), [8000]),
    "a price between two ticks": (lambda m: m.wish(price="5.005"), [8001]),
    "a part of a lot": (lambda m: m.wish(instrument=HALTED, count=15), [8002]),
    "a halted market": (lambda m: m.order(code=HALTED), [8003]),
    "closed hours": (lambda m: m.order(at=NOON.replace(hour=16)), [8004]),
    "a closed day": (lambda m: m.order(at=on(date(2025, 12, 25))), [8004]),
    # The last price is 5.00, so on the next day 6.25 is the highest.
    "a price out of the band": (
        lambda m: m.order(price=626, at=NOON + timedelta(1)), [8005],
    ),
    "an order that has expired": (
        lambda m: m.order(time_in_force="good_till_date", expire_date=date(2025, 6, 1)), [8006],
    ),
    "an instrument that has expired": (
        lambda m: m.order(code=LATE, at=on(date(2025, 12, 16))), [8007],
    ),
    "a duplicate client order id": (lambda m: m.order(name="mine"), [8008]),
    "an order over the largest": (
        lambda m: m.order(lots=100_001), [8022, 8023],
    ),
    "no cover in units": (lambda m: m.order(lots=200), [8023]),
    "no cover in money": (lambda m: m.order(who="ana", side="buy"), [8023]),
    "a bid off the tick": (lambda m: m.bid("20.005", 10), [8204]),
    "a bid for an odd lot": (lambda m: m.bid("20.00", 15), [8205]),
    # An operator may bid for 60 % of 300, which are 180.
    "a bid over the limit": (lambda m: m.bid("20.00", 190, who="kiln"), [8207]),
    "a bid without cover": (lambda m: m.bid("20.00", 60), [8208]),
    "a bid before the opening": (lambda m: m.bid("20.00", 10, on=BEFORE), [8201]),
    "a bid after the close": (lambda m: m.bid("20.00", 10, on=AFTER), [8200]),
    "a deal confirmed by a stranger": (lambda m: m.confirm(m.waiting, "ana"), [8400]),
    "a deal confirmed by the side that proposed it": (
        lambda m: m.confirm(m.waiting, "kiln"), [8402],
    ),
    "a deal confirmed twice": (lambda m: m.confirm(m.settled, "steel"), [8401]),
    "a deal that has expired": (
        lambda m: m.confirm(m.lapsed, "steel", on="2025-06-03"), [8401],
    ),
    "a forward past the last period": (lambda m: m.sign(date(2031, 1, 1)), [8450]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_asked_wrongly_is_refused_by_number_and_nothing_is_written(
    market: Market, case: str
) -> None:
    asked, numbers = CASES[case]
    assert asked(market) == numbers


@pytest.mark.parametrize("kind", ["memory", "postgres"])
def test_what_is_asked_rightly_is_seen_to_be_written(kind: str, databases: Lender) -> None:
    with a_market(kind, databases) as market:
        for done in (
            lambda: market.bourse.send(market.bourse.order("steel", "sell", 1, 500)),
            lambda: market.hall.bid(market.hall.order("kiln", "20.00", 10)),
            lambda: market.bargain.say("confirm", market.waiting, by="steel"),
            market.bargain.sign,
        ):
            before = market.written()
            done()
            assert market.written() != before
