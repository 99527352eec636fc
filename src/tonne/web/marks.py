"""How numbers, days and codes stand on a page: the filters of the templates.

A code is anything that is read from left to right in every language: serial numbers, ranges,
account numbers, days as ISO 8601 writes them. It is isolated from the text around it, for without
that ``123451-124700`` stands as ``124700-123451`` in a Persian sentence.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jinja2 import pass_context
from markupsafe import Markup, escape

from tonne import languages
from tonne.languages import Said, Told
from tonne.ledger import Block
from tonne.quantity import Money, Price, amount
from tonne.refusal import Refusal
from tonne.web.reader import READER
from tonne.web.tables import Column, Kind, Line

RANGE = "\u2013"


def code(text: object) -> Markup:
    """A code, isolated."""
    return Markup(f'<bdi dir="ltr" class="code">{escape(text)}</bdi>')  # noqa: S704  it is escaped


def numbers(block: Block) -> Markup:
    """The numbers of a block, from first to last, isolated; in Latin digits in every language."""
    said = f"{block.series}-{block.first}"
    return code(said if block.count == 1 else f"{said}{RANGE}{block.last}")


def count(number: int | None) -> Markup:
    """A number in the reader's digits, grouped; a dash where there is none."""
    if number is None:
        return Markup('<span class="none">\u2013</span>')
    said = READER.get().count(number)
    return Markup("<bdi>{}</bdi>").format(said) if number < 0 else escape(said)


def of(number: int, unit: str) -> Markup:
    """So many of a unit; of money the amount, with its currency."""
    said = amount(unit, number)
    if isinstance(said, int):
        return count(said)
    return Markup("<bdi>{}</bdi>").format(READER.get().money(said))


def money(amount: Money) -> Markup:
    """An amount of money, with its currency."""
    return Markup("<bdi>{}</bdi>").format(READER.get().money(amount))


def price(each: Price) -> Markup:
    """The price of one, with its currency; finer than the smallest coin, if it is."""
    if each.minor % 1:
        return code(f"{each.currency.code} {plain_price(each)}")
    return money(Money(int(each.minor), each.currency))


def decimal(plain: str) -> Markup:
    """A number that programs write as 6.90, as the reader writes it."""
    return Markup("<bdi>{}</bdi>").format(READER.get().decimal(plain))


def plain_price(each: Price) -> str:
    """The price of one as programs write it: 6.90."""
    whole = Money(int(each.minor), each.currency).amount
    one = Money.of(Decimal(1), each.currency).minor
    return str(whole) if not each.minor % 1 else f"{each.minor / one:f}"


def year(number: int | None) -> Markup:
    """A year of the law in the reader's digits."""
    return count(None) if number is None else escape(READER.get().year(number))


def day(value: date) -> Markup:
    """A day in the reader's calendar; its ISO form for programs, and for who points at it."""
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(
        value.isoformat(), READER.get().day(value)
    )


def moment(value: datetime) -> Markup:
    """A moment in the reader's calendar."""
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(
        value.isoformat(timespec="seconds"), READER.get().moment(value)
    )


def plain_day(value: date) -> str:
    """A day in the reader's calendar, as plain text."""
    return READER.get().day(value)


def share(part: int, whole: int) -> str:
    """A part of a whole in hundredths."""
    return READER.get().share(part, whole)


def name(text: str) -> Markup:
    """A name that somebody gave: whatever its letters, it disturbs nothing around it."""
    return Markup(f"<bdi>{escape(text)}</bdi>")  # noqa: S704  it is escaped


def law(text: str, code: str = "") -> Markup:
    """What a law calls something, or the law's code for it, in the reader's language."""
    return name(law_word(text, code))


def law_word(text: str, code: str = "") -> str:
    """The same as plain text."""
    reader = READER.get()
    return reader.in_digits(languages.worded(text, reader.language, code=code))


def shown(row: Line, column: Column) -> Markup:
    """What a ledger table shows in a cell, by the kind of its column, and where it leads."""
    held, note, link = (at.get(column.key) for at in (row.values, row.notes, row.links))
    if note:
        said = name(str(note))
        if isinstance(held, str) and len(held) == 1:
            said = Markup(f'<b class="sign">{code(held)}</b> {said}')  # noqa: S704  both are marked
    elif held is None or held == "":
        said = count(None)
    else:
        said = _BY_KIND.get(column.kind, name)(held)
    return Markup(f'<a href="{escape(link)}">{said}</a>') if link else said  # noqa: S704  as above


_BY_KIND: Mapping[Kind, Callable[[Any], Markup]] = {
    "count": count, "price": decimal, "year": year, "day": day, "code": code,
}  # fmt: skip
"""How a value stands; what is not named here is a name or a text."""


def told(refusal: Refusal) -> Told:
    """A refusal in the reader's language, or in English if it is not translated."""
    return languages.told(refusal, READER.get())


def remedied(remedy: str) -> Said:
    """What can be done, in the reader's language, or in English if it is not translated."""
    return languages.remedied(remedy, READER.get())


def saying(text: str) -> Said:
    """Why something is so, in the reader's language, or in English if it is not translated."""
    return languages.saying(text, READER.get())


def _now(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, asked anew for each reader; without this Jinja would ask it once."""

    @pass_context
    def asked(_: object, *values: Any, **more: Any) -> Any:  # noqa: ANN401  what filters take
        return filter_(*values, **more)

    return asked


FILTERS: dict[str, Callable[..., Any]] = {
    each.__name__: _now(each)
    for each in (
        code,
        numbers,
        count,
        money,
        decimal,
        of,
        price,
        year,
        day,
        moment,
        plain_day,
        share,
        name,
        law,
        told,
        remedied,
        saying,
        shown,
    )
}
