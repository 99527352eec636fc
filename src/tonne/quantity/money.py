"""Money, counted in the smallest unit of its currency; and the price of one unit."""

from dataclasses import dataclass
from decimal import Decimal

from tonne.quantity.count import number, unfit, unknown
from tonne.quantity.rounding import EXACT, Rounding, whole
from tonne.refusal import Refused, refuse_if_any

# ISO 4217: how many digits of the currency stand after the point.
_DIGITS = {"JPY": 0, "KRW": 0} | dict.fromkeys(
    ("AUD", "CAD", "CHF", "CNY", "EUR", "GBP", "IRR", "NOK", "NPR", "NZD", "SEK", "USD"), 2
)


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency of a scheme, by its code in ISO 4217."""

    code: str

    def __post_init__(self) -> None:
        assert self.code in _DIGITS, f"{self.code} is a currency of a scheme"


@dataclass(frozen=True, slots=True)
class Money:
    """A whole number of the smallest unit of a currency.

    >>> str(Money.of(Decimal(40), Currency("EUR")) * 7_500)
    'EUR 300,000.00'
    """

    minor: int
    currency: Currency

    @classmethod
    def of(cls, amount: Decimal, at: Currency, rounding: Rounding = Rounding.HALF_UP) -> "Money":
        """Money from an amount such as 40.00, rounded by name."""
        return cls(whole(EXACT.scaleb(amount, _DIGITS[at.code]), rounding), at)

    def __add__(self, other: "Money") -> "Money":
        assert self.currency == other.currency, "only money of one currency is added"
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + other * -1

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    @property
    def amount(self) -> Decimal:
        """The money as people write it: 40.00 for 4000 cents."""
        return EXACT.scaleb(Decimal(self.minor), -_DIGITS[self.currency.code])

    def __str__(self) -> str:
        return f"{self.currency.code} {self.amount:,f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Money for one unit, in minor units: a whole number of ticks."""

    minor: Decimal
    tick: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        assert not self.minor % self.tick, "a price is on its tick"

    def times(self, count: int, rounding: Rounding = Rounding.HALF_UP) -> Money:
        """What so many units cost."""
        return Money(whole(EXACT.multiply(self.minor, Decimal(count)), rounding), self.currency)


def currency(text: str, *, reference: str) -> Currency:
    """The currency of that code."""
    refuse_if_any(unknown(text, kind="a currency", known=_DIGITS, reference=reference))
    return Currency(text.strip())


def price(text: str, at: Currency, *, tick: Decimal, reference: str) -> Price:
    """The price of one unit written there; the tick is an amount too, such as 0.01."""
    amount = number(text, what="Price", reference=reference)
    if amount % tick:
        wanted = f"a multiple of the tick, {tick}"
        raise Refused([unfit(text, what="Price", wanted=wanted, reference=reference)])
    minor, least = (EXACT.scaleb(each, _DIGITS[at.code]) for each in (amount, tick))
    return Price(minor=minor, tick=least, currency=at)
