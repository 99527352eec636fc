"""Auctions in the land of the Example Act, in short words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from land import Land
from purse import Purse
from tonne.market import Consigned
from tonne.operations import auctions
from tonne.registry import Role

BEFORE, OPEN, LAST, AFTER = "2025-05-28", "2025-06-02", "2025-06-03", "2025-06-06"
OPENS = datetime(2025, 6, 1, 9, tzinfo=UTC)
CLOSES = datetime(2025, 6, 4, 14, tzinfo=UTC)
LOT = "EXA-1-LOT"
SALT = "0123456789abcdef0123456789abcdef"


@dataclass(slots=True)
class Hall:
    """A land whose authority auctions units."""

    land: Land
    purse: Purse = field(init=False)

    def __post_init__(self) -> None:
        self.purse = Purse(self.land)

    def rich(self, **euros: str) -> "Hall":
        """Bring money in for people, before the auctions."""
        for name, amount in euros.items():
            self.purse.bring(name, amount, on=BEFORE)
        return self

    def create(
        self,
        count: int = 300,
        *,
        name: str = "A1",
        on: str = BEFORE,
        by: Role = "authority",
        key: str = "",
        opens: datetime = OPENS,
        closes: datetime = CLOSES,
        consigned: dict[str, int] | None = None,
        groups: tuple[tuple[str, ...], ...] = (),
        instrument: str = LOT,
    ) -> auctions.HeldAuction:
        """Create an auction."""
        return self.land.do(
            auctions.create,
            auctions.NewAuction(
                name=name,
                instrument=instrument,
                count=count,
                opens=opens,
                closes=closes,
                consigned=tuple(
                    Consigned(seller=self.land.number(who), count=n)
                    for who, n in (consigned or {}).items()
                ),
                groups=tuple(tuple(map(self.land.number, group)) for group in groups),
            ),
            key=key or self.land.key(),
            on=on,
            by=by,
        )

    def order(
        self,
        who: str,
        price: str,
        count: int,
        *,
        name: str = "b1",
        salt: str = SALT,
        **more: Any,  # noqa: ANN401  when it was received
    ) -> auctions.BidOrder:
        """A bid, as it is asked for."""
        return auctions.BidOrder(
            bidder=self.land.number(who),
            id=name,
            price=Decimal(price),
            count=count,
            salt=salt,
            **more,
        )

    def bid(
        self,
        *orders: auctions.BidOrder,
        auction: str = "A1",
        on: str = OPEN,
        by: Role = "operator",
        key: str = "",
        **more: Any,  # noqa: ANN401  whether it replaces others
    ) -> list[auctions.HandedIn]:
        """Hand in bids."""
        return self.land.do(
            auctions.bid, auction, orders, key=key or self.land.key(), on=on, by=by, **more
        )

    def withdraw(
        self, who: str, *bids: str, on: str = LAST, by: Role = "operator", key: str = ""
    ) -> auctions.HandedIn:
        """Take bids back."""
        return self.land.do(
            auctions.withdraw,
            "A1",
            bidder=self.land.number(who),
            bids=bids,
            key=key or self.land.key(),
            on=on,
            by=by,
        )

    def clear(
        self,
        name: str = "A1",
        *,
        on: str = AFTER,
        by: Role = "authority",
        key: str = "",
        **more: Any,  # noqa: ANN401  seed, market
    ) -> auctions.Cleared:
        """Clear an auction."""
        return self.land.do(auctions.clear, name, key=key or self.land.key(), on=on, by=by, **more)

    def free(self, name: str, code: str = "EUR") -> int:
        """What somebody has and has not promised."""
        number = self.land.number(name)
        return self.land.run(lambda books: books.free([(number, code)]))[number, code]

    def is_whole(self) -> None:
        """Units and money are all there, and the books are in order."""
        self.purse.is_whole()
