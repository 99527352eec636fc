"""How somebody reads: numbers, amounts, days and moments in a language's digits and calendar."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache

from tonne.languages.calendars import Calendar
from tonne.languages.language import Digits, Language, day_in_words, in_digits
from tonne.quantity import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A language, with the digits and the calendar of whoever reads it, and where they are."""

    language: Language
    digits: Digits
    calendar: Calendar
    zone: tzinfo

    def count(self, number: int) -> str:
        """A whole number in the reader's digits, grouped as the language does."""
        native = self.digits == self.language.digits
        said = grouped(abs(number), *_grouping(self.language.code, native=native))
        return ("\u2212" if number < 0 else "") + self.in_digits(said)

    def money(self, money: Money) -> str:
        """An amount with its currency, to the smallest coin."""
        sign = "\u2212" if money.minor < 0 else ""
        return f"{money.currency.code}\u202f{sign}{self.decimal(f'{abs(money.amount):f}')}"

    def decimal(self, plain: str) -> str:
        """A number that programs write as 1200.50, as the language writes it; none is below 0."""
        from babel.numbers import get_decimal_symbol  # noqa: PLC0415  heavy

        system = "default" if self.digits == self.language.digits else "latn"
        mark = get_decimal_symbol(self.language.code, numbering_system=system)
        whole, _, coins = plain.partition(".")
        return self.count(int(whole)) + (mark + self.in_digits(coins) if coins else "")

    def share(self, part: int, whole: int) -> str:
        """A part of a whole in hundredths, to one place."""
        from babel.numbers import format_percent  # noqa: PLC0415  heavy

        value = Decimal(0) if not whole else Decimal(part) / Decimal(whole)
        system = "default" if self.digits == self.language.digits else "latn"
        said = format_percent(
            value,
            format="#,##0.0\u202f%",
            locale=self.language.code,
            numbering_system=system,
        )
        sign = "\u066a" if self.digits == "arabext" else "%"
        return self.in_digits(said).replace("%", sign)

    def day(self, day: date) -> str:
        """A day in the reader's calendar and digits."""
        return self.in_digits(day_in_words(day, self.language, self.calendar))

    def moment(self, at: datetime) -> str:
        """A moment in the reader's calendar, where the office is."""
        there = at.astimezone(self.zone)
        return f"{self.day(there.date())}, {self.in_digits(f'{there:%H:%M}')}"

    def year(self, year: int) -> str:
        """A year of the law."""
        return self.in_digits(str(year))

    def in_digits(self, text: str) -> str:
        """Text with the reader's digits."""
        return in_digits(text, self.digits)


def grouped(number: int, mark: str, near: int, far: int) -> str:
    """The figures of a number in groups: so many nearest to its end, so many in every other.

    >>> grouped(1_234_567, ",", 3, 2), grouped(123, ".", 3, 3)
    ('12,34,567', '123')
    """
    figures = str(number)
    groups = [figures[-near:]]
    rest = figures[:-near]
    while rest:
        groups.append(rest[-far:])
        rest = rest[:-far]
    return mark.join(reversed(groups))


@cache
def _grouping(code: str, *, native: bool) -> tuple[str, int, int]:
    """What parts the groups of a language, and how large they are."""
    from babel import Locale  # noqa: PLC0415  heavy
    from babel.numbers import get_group_symbol  # noqa: PLC0415

    locale = Locale.parse(code)
    near, far = locale.decimal_formats[None].grouping
    system = "default" if native else "latn"
    return get_group_symbol(locale, numbering_system=system), near, far
