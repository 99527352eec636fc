"""What was traded in a replay, year by year, and where the money lies at its end."""

from collections.abc import Iterator
from dataclasses import dataclass

from tonne.quantity import Currency, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketYear:
    """What was traded of one instrument in a calendar year; money in minor units."""

    year: int
    instrument: str
    currency: str
    orders: int = 0
    trades: int = 0
    volume: int = 0
    turnover: int = 0
    """What buyers paid for the units, without tax."""

    deposited: int = 0
    """Money that buyers brought in."""

    @property
    def average(self) -> Money | None:
        """The price of a unit, weighted by volume, half up; none where nothing was traded."""
        if not self.volume:
            return None
        minor = (2 * self.turnover + self.volume) // (2 * self.volume)
        return Money(minor, Currency(self.currency))

    def money(self, minor: int) -> Money:
        """So much of the instrument's money."""
        return Money(minor, Currency(self.currency))


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """Where the money of one currency lies at the end."""

    currency: str
    deposited: int
    held: int
    """In all accounts but those of the banks."""

    bank: int
    """In the account that stands for the banks: less than nothing by what the others hold."""

    least: int
    """In the account that has least."""

    def money(self, minor: int) -> Money:
        """So much of the currency."""
        return Money(minor, Currency(self.currency))

    @property
    def whole(self) -> bool:
        """Whether no money was lost or made, and no account is below nothing."""
        return self.held == self.deposited == -self.bank and self.least >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What came of the exchange of a replay: prices are made, quantities follow from the record."""

    seed: int
    years: tuple[MarketYear, ...]
    tills: tuple[Till, ...]

    def differences(self) -> Iterator[str]:
        """Where money was lost or made, or somebody has less than none."""
        for each in self.tills:
            if not each.whole:
                yield f"{each.currency}: the money does not add up, {each}"

    def as_dict(self) -> dict[str, object]:
        """The same as plain values."""
        return {
            "seed": self.seed,
            "prices": "made",
            "years": [
                {
                    "year": each.year,
                    "instrument": each.instrument,
                    "orders": each.orders,
                    "trades": each.trades,
                    "volume": each.volume,
                    "average_price": None if each.average is None else str(each.average.amount),
                    "turnover": str(each.money(each.turnover).amount),
                    "money_in": str(each.money(each.deposited).amount),
                    "currency": each.currency,
                }
                for each in self.years
            ],
            "money": [
                {
                    "currency": each.currency,
                    "money_in": str(each.money(each.deposited).amount),
                    "held": str(each.money(each.held).amount),
                    "least": str(each.money(each.least).amount),
                    "conserved": each.whole,
                }
                for each in self.tills
            ],
        }
