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

    def __str__(self) -> str:
        return f"{self.currency.code} {EXACT.scaleb(self.minor, -_DIGITS[self.currency.code]):,f}"


def currency(text: str, *, reference: str) -> Currency:
    """The currency of that code."""
    refuse_if_any(unknown(text, kind="a currency", known=_DIGITS, reference=reference))
    return Currency(text.strip())


def money(text: str, at: Currency, *, reference: str, least: int = 1) -> Money:
    """The money written there: no finer than the currency, and ``least`` of its smallest unit.

    >>> str(money("1234.5", Currency("EUR"), reference="Example Act, s. 21"))
    'EUR 1,234.50'
    """
    minor = EXACT.scaleb(number(text, what="Amount", reference=reference), _DIGITS[at.code])
    if minor % 1 or minor < least:
        wanted = f"above nothing and in whole {at.code} {Money(1, at).amount}"
        raise Refused([unfit(text, what="Amount", wanted=wanted, reference=reference)])
    return Money(int(minor), at)


def is_currency(code: str) -> bool:
    """Whether the code of an asset is that of money."""
    return code in _DIGITS


def amount(code: str, count: int) -> int | Money:
    """So many of an asset as what they are: money where its code is a currency's, else units."""
    return Money(count, Currency(code)) if is_currency(code) else count


def said(code: str, count: int) -> str:
    """So many of an asset in words.

    >>> said("EXA-1", 1200), said("EUR", 123456)
    ('1,200 EXA-1', 'EUR 1,234.56')
    """
    return str(amount(code, count)) if is_currency(code) else f"{count:,} {code}"


def price(text: str, at: Currency, *, tick: Decimal, reference: str) -> Price:
    """The price of one unit written there; the tick is an amount too, such as 0.01."""
    amount = number(text, what="Price", reference=reference)
    if amount % tick:
        wanted = f"a multiple of the tick, {tick}"
        raise Refused([unfit(text, what="Price", wanted=wanted, reference=reference)])
    minor, least = (EXACT.scaleb(each, _DIGITS[at.code]) for each in (amount, tick))
    return Price(minor=minor, tick=least, currency=at)
