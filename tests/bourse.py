"""The exchange of the Example Act: a land, its purse, and orders in short words."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from land import UNIT, Land
from purse import Purse
from tonne.market import (
    Amend,
    Cancel,
    Event,
    Message,
    NewOrder,
    Rejected,
    Side,
    Traded,
)
from tonne.operations import Allocated, Desk, Engine, Settled, TradeAllocation
from tonne.registry import Role

CODE = "EXA-SPOT"
SUBJECT = f"example {CODE}"
"""What is said about its book is kept under this: schemes may share the books."""
NOON = datetime(2025, 6, 2, 10, 0, tzinfo=UTC)  # A Monday; it is noon in Ljubljana.


@dataclass(slots=True)
class Bourse:
    """An exchange, and those who trade on it."""

    land: Land
    code: str = CODE
    at: datetime = NOON
    engine: Engine = field(init=False)
    purse: Purse = field(init=False)

    def __post_init__(self) -> None:
        self.purse = Purse(self.land)
        self.engine = Engine(self.land.scheme, self.code)

    def restart(self) -> None:
        """Forget all that is in memory."""
        self.engine = Engine(self.land.scheme, self.code)

    def desk(self, by: Role = "operator") -> Desk:
        """Somebody's desk at this moment."""
        return Desk(by=by, day=self.at.date(), at=self.at)

    def send(
        self, *messages: Message, key: str = "", by: Role = "operator"
    ) -> list[tuple[Event, ...]]:
        """Have a batch taken."""
        key = key or self.land.key()
        return self.engine.serve(self.land.run, messages, key=key, desk=self.desk(by))

    def settle(self, *, key: str, by: Role = "authority") -> Settled:
        """Have the trades settled whose day has come."""
        return self.engine.settle(self.land.run, key=key, desk=self.desk(by))

    def allocate(
        self,
        trades: int | tuple[int, ...],
        who: str,
        *clients: tuple[str, int],
        key: str = "",
        by: Role = "operator",
        pro_rata: bool = False,
    ) -> Allocated:
        """Have trades of somebody given to his clients, so many units each."""
        asked = TradeAllocation(
            trades=(trades,) if isinstance(trades, int) else trades,
            account=self.land.number(who),
            clients=tuple((self.land.number(client), count) for client, count in clients),
            pro_rata=pro_rata,
        )
        key = key or self.land.key()
        return self.engine.allocate(self.land.run, asked, key=key, desk=self.desk(by))

    def order(
        self,
        who: str,
        side: Side,
        qty: int,
        price: int | None = None,
        name: str = "",
        **terms: Any,  # noqa: ANN401  any term of an order
    ) -> NewOrder:
        """An order of somebody of the land."""
        terms.setdefault("ord_type", "market" if price is None else "limit")
        terms.setdefault("owner", self.owner(who))
        return NewOrder(
            at=self.at,
            account=self.land.number(who),
            cl_ord_id=name or self.land.key(),
            side=side,
            order_qty=qty,
            price=price,
            **terms,
        )

    def owner(self, who: str) -> str:
        """As the registry calls who stands behind an account."""
        return who.capitalize() if who == "ana" else who.upper()

    def amend(self, who: str, name: str, **terms: Any) -> Amend:  # noqa: ANN401  any term
        """A change of an order."""
        return Amend(at=self.at, owner=self.owner(who), cl_ord_id=name, **terms)

    def cancel(self, who: str, name: str) -> Cancel:
        """Somebody wants an order no more."""
        return Cancel(at=self.at, owner=self.owner(who), cl_ord_id=name)

    def has(self, who: str) -> tuple[int, str]:
        """Units and euros of an account."""
        return self.land.held(who, UNIT), self.purse.has(who)

    def free(self, who: str) -> tuple[int, int]:
        """Units and cents of an account that are not held for anything."""
        number = self.land.number(who)
        free = self.land.run(lambda books: books.free([(number, UNIT), (number, "EUR")]))
        return free[number, UNIT], free[number, "EUR"]

    def is_whole(self) -> None:
        """Nothing is lost or made, nobody has less than nothing, and a restart changes nothing."""
        self.purse.is_whole()
        live = self.land.run(lambda books: self.engine.look(books, desk=self.desk()))
        holds = {pair: hold.count for pair, hold in live.holds.items()}
        assert holds == dict(live.held)


def trades(answers: list[tuple[Event, ...]]) -> list[tuple[int, int]]:
    """Price and lots of the trades in the answers."""
    return [(each.price, each.qty) for told in answers for each in told if type(each) is Traded]


def codes(answers: list[tuple[Event, ...]]) -> list[str]:
    """Why not, by name."""
    return [
        refusal.code
        for told in answers
        for each in told
        if type(each) is Rejected
        for refusal in each.refusals
    ]


def on(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of a day, by universal time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
