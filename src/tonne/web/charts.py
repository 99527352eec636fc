"""Charts that need no script: a cap and its parts, years as bars, the law's days along a year.

Each is made of shares of its width, in thousandths, and begins at the side where reading begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tonne.operations import public
from tonne.quantity import Price
from tonne.web.reader import Reader
from tonne.web.words import DEADLINES

FULL = 1_000
"""The width of a chart."""

LINE = 24
"""The height of a level of a book."""


def _(text: str) -> str:
    """A sentence that is translated where it is shown."""
    return text


PARTS = (
    ("allocated", _("given out free")),
    ("auctioned", _("sold at auction")),
    ("with_authority", _("with the authority")),
    ("not_issued", _("not issued")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a whole: its mark, its words, how many, and where it is drawn."""

    mark: str
    label: str
    count: int
    start: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A cap and its parts, which sum to it."""

    year: int
    cap: int
    reference: str
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, supply: public.YearSupply, reader: Reader) -> "Meter":
        """The parts of a year's cap, in the order of a unit's life."""
        drawn = sum(max(0, getattr(supply, name)) for name, _label in PARTS) or 1
        parts: list[Part] = []
        before = 0
        for name, label in PARTS:
            count = getattr(supply, name)
            start, end = (_place(each, drawn, FULL) for each in (before, before + max(0, count)))
            before += max(0, count)
            parts.append(
                Part(
                    mark=name,
                    label=reader.gettext(label),
                    count=count,
                    start=_side(start, end, reader),
                    width=end - start,
                )
            )
        return cls(year=supply.year, cap=supply.cap, reference=supply.reference, parts=tuple(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A year of a chart."""

    year: int
    count: int
    start: int
    width: int
    height: int
    middle: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Years side by side, from nothing up."""

    bars: tuple[Bar, ...]
    change: Fraction
    """From the first year to the last."""

    @classmethod
    def of(cls, years: Sequence[tuple[int, int]], reader: Reader) -> "Bars | None":
        """A chart of two years or more."""
        most = max((count for _, count in years), default=0)
        if len(years) < 2 or not most or not years[0][1]:  # noqa: PLR2004  one bar is no chart
            return None
        step = FULL // len(years)
        wide = min(step * 6 // 10, 120)
        bars = []
        for place, (year, count) in enumerate(years):
            start = place * step + (step - wide) // 2
            left = _side(start, start + wide, reader)
            bars.append(
                Bar(
                    year=year,
                    count=count,
                    start=left,
                    width=wide,
                    height=_place(count, most, 200),
                    middle=left + wide // 2,
                )
            )
        return cls(bars=tuple(bars), change=Fraction(years[-1][1] - years[0][1], years[0][1]))

    @property
    def first(self) -> Bar:
        """The first year."""
        return self.bars[0]

    @property
    def last(self) -> Bar:
        """The last year."""
        return self.bars[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A day along a year."""

    label: str
    day: date
    place: int
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """A year as a line, the law's days as marks, today as a thread."""

    year: int
    today: date
    thread: int
    marks: tuple[Mark, ...]

    @classmethod
    def of(
        cls, deadlines: Sequence[tuple[str, date]], today: date, reader: Reader
    ) -> "Ribbon | None":
        """The days of this year, in order."""
        if not deadlines:
            return None
        marks = tuple(
            Mark(
                label=reader.gettext(DEADLINES[name]),
                day=day,
                place=_along(day, reader),
                passed=day < today,
            )
            for name, day in sorted(deadlines, key=lambda each: each[1])
        )
        return cls(year=today.year, today=today, thread=_along(today, reader), marks=marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What rests at a price: its side, its price in figures, how many, and how it is drawn."""

    side: str
    price: Price
    count: int
    top: int
    start: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """A book from the highest offer down to the lowest bid, each level as wide as it is deep."""

    levels: tuple[Level, ...]
    height: int

    @classmethod
    def of(cls, found: Sequence[tuple[str, Price, int]], reader: Reader) -> "Levels | None":
        """A chart of what rests, if anything does."""
        if not found:
            return None
        most = max(count for _, _, count in found)
        levels = []
        for place, (side, price, count) in enumerate(found):
            wide = max(1, _place(count, most, FULL))
            levels.append(
                Level(
                    side=side, price=price, count=count, top=place * LINE,
                    start=_side(0, wide, reader), width=wide,
                )
            )  # fmt: skip
        return cls(levels=tuple(levels), height=len(found) * LINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stick:
    """A day of prices: from the lowest to the highest a line, from the first to the last a body."""

    middle: int
    left: int
    width: int
    high: int
    low: int
    top: int
    height: int
    rose: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticks:
    """Days of prices side by side, the oldest where reading begins."""

    sticks: tuple[Stick, ...]

    @classmethod
    def of(cls, days: Sequence[tuple[int, int, int, int]], reader: Reader) -> "Sticks | None":
        """A chart of first, highest, lowest and last prices, of two days or more."""
        if len(days) < 2:  # noqa: PLR2004  one day is no chart
            return None
        low, high = min(each[2] for each in days), max(each[1] for each in days)
        step = FULL // len(days)
        wide = max(2, min(step * 6 // 10, 40))

        def down(price: int) -> int:
            return 200 - _place(price - low, high - low or 1, 200)

        sticks = []
        for place, (first, highest, lowest, last) in enumerate(days):
            start = place * step + (step - wide) // 2
            left = _side(start, start + wide, reader)
            top, bottom = sorted((down(first), down(last)))
            sticks.append(
                Stick(
                    middle=left + wide // 2, left=left, width=wide, high=down(highest),
                    low=down(lowest), top=top, height=max(2, bottom - top), rose=last >= first,
                )
            )  # fmt: skip
        return cls(sticks=tuple(sticks))


def _along(day: date, reader: Reader) -> int:
    first = date(day.year, 1, 1)
    place = _place((day - first).days, (date(day.year, 12, 31) - first).days, FULL)
    return _side(place, place, reader)


def _side(start: int, end: int, reader: Reader) -> int:
    """Where a piece begins, counted from the left, if reading begins at the reader's side."""
    return start if reader.language.direction == "ltr" else FULL - end


def _place(part: int, whole: int, full: int) -> int:
    return round(Fraction(part * full, whole))
