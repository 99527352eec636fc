"""A land whose authority buys units of projects in a tender, in short words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from land import UNIT, Land
from purse import Purse, euros
from tonne.market import Due
from tonne.operations import tenders
from tonne.quantity import Currency, Money

OPENED, FIRST, BETWEEN, SECOND, LATE, AFTER = (
    "2025-06-02", "2025-06-05", "2025-06-11", "2025-06-20", "2025-06-21", "2025-07-11",
)  # fmt: skip
INTEREST = datetime(2025, 6, 10, 12, tzinfo=UTC)
PROPOSALS = datetime(2025, 7, 10, 12, tzinfo=UTC)
SALT = "0123456789abcdef0123456789abcdef"
DAYS = (date(2025, 9, 1), date(2025, 12, 1))


@dataclass
class Office:
    """A land whose authority tenders, in short words."""

    land: Land

    @property
    def purse(self) -> Purse:
        """Its money."""
        return Purse(self.land)

    def open(self, budget: str = "600", *, on: str = OPENED, **more: Any) -> tenders.TenderStands:  # noqa: ANN401
        """Open a tender T1 for so many euros."""
        by, key = more.pop("by", "authority"), more.pop("key", self.land.key())
        money = more.pop("spends", euros(budget))
        asked = tenders.NewTender(
            **{
                "name": "T1",
                "unit": UNIT,
                "budget": money,
                "interest_closes": INTEREST,
                "proposals_close": PROPOSALS,
            }
            | more
        )
        return self.land.do(tenders.open_tender, asked, key=key, on=on, by=by)

    def express(
        self, project: str, who: str, kind: str, count: int, *, on: str = FIRST, name: str = "T1"
    ) -> tenders.TenderStands:
        """Put a project forward."""
        return self.land.do(
            tenders.express, name, project=project, tenderer=self.land.number(who), kind=kind,
            count=count, key=self.land.key(), on=on, by="operator",
        )  # fmt: skip

    def shortlist(self, *, on: str = BETWEEN) -> tenders.TenderStands:
        """Make the shortlist."""
        return self.land.do(tenders.shortlist, "T1", key=self.land.key(), on=on)

    def propose(
        self,
        project: str,
        who: str,
        price: str,
        *counts: int,
        on: str = SECOND,
        advance: str = "0",
        key: str = "",
        salt: str = SALT,
        replacing: bool = False,
    ) -> tenders.Proposed:
        """Propose a price, for units on the first of September and of December."""
        asked = tenders.Proposing(
            project=project,
            tenderer=self.land.number(who),
            price=Decimal(price),
            schedule=tuple(
                Due(on=day, count=count) for day, count in zip(DAYS, counts, strict=False)
            ),
            advance_share=Decimal(advance),
        )
        return self.land.do(
            tenders.propose, "T1", asked, salt=salt, replacing=replacing,
            key=key or self.land.key(), on=on, by="operator",
        )  # fmt: skip

    def award(
        self, *, on: str = AFTER, key: str = "", points: dict[str, int] | None = None
    ) -> tenders.TenderStands:
        """Award it."""
        return self.land.do(tenders.award, "T1", points=points, key=key or self.land.key(), on=on)

    def stands(self) -> tenders.TenderStands:
        """How it stands."""
        return self.land.run(lambda books: tenders.the_tender(books, self.land.scheme, "T1"))

    def free(self, name: str = "authority") -> str:
        """The euros that an account has free."""
        pair = self.land.number(name), "EUR"
        return str(Money(self.land.run(lambda books: books.free([pair]))[pair], Currency("EUR")))


def ready(office: Office) -> Office:
    """A tender of EUR 600.00 with three projects on its shortlist."""
    office.open()
    office.express("wind", "kiln", "renewables", 40)
    office.express("boilers", "steel", "efficiency", 30)
    office.express("landfill", "ana", "methane", 20)
    office.shortlist()
    return office


def proposed(office: Office) -> Office:
    """The three with their prices: 320.00, 210.00 and 160.00."""
    ready(office)
    office.propose("wind", "kiln", "8.00", 20, 20, advance="0.2")
    office.propose("landfill", "ana", "8.00", 20, on=LATE)
    office.propose("boilers", "steel", "7.00", 30, on=LATE)
    return office
