"""The form of what is answered, and of the texts that are asked for."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from tonne.quantity import Money as Amount
from tonne.quantity import Price

NO_CONTROL = r"^[^\x00-\x1f\x7f]+$"
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_CONTROL)]
"""A name as it stands in an address: short, on one line."""

Name = Annotated[Text, Path(description="The name of the scheme.", examples=["example"])]
Code = Annotated[Text, Path(description="The code of the instrument.", examples=["EXA-SPOT"])]
Year = Annotated[int, Path(description="The year of the emissions.", ge=1990, le=2100)]
Serial = Annotated[
    Text, Path(description="A serial number: series, dash, number.", examples=["EX-1-17"])
]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
OfScheme = Annotated[Text | None, Query(description="Only of this scheme.", examples=["example"])]


def _a_day(text: object) -> object:
    """A day as ISO 8601 writes it in full; a number of seconds is none."""
    if isinstance(text, str):
        found = date.fromisoformat(text)
        if found.isoformat() != text or not _FIRST <= found.year <= _LAST:
            raise ValueError(f"it is no day of the years {_FIRST} to {_LAST}, as YYYY-MM-DD")
    return text


_FIRST, _LAST = 1900, 2200

Day = Annotated[date, BeforeValidator(_a_day)]
"""A day that is asked about."""


class Shape(BaseModel):
    """Something that is answered: every field has a sentence, and none comes unannounced."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True
    )


class Money(Shape):
    """An amount of money."""

    amount: str
    """The amount as a decimal, with the places that the currency has, or more in a price."""
    currency: str
    """The currency, by its code of ISO 4217."""


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[
    datetime,
    PlainSerializer(_rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment in UTC, to the millisecond."""


class Block(Shape):
    """Units with numbers that follow each other."""

    series: str
    """The numbering."""
    first: int
    """The first number."""
    last: int
    """The last number."""


def money(amount: Amount) -> Money:
    """Money as it is answered."""
    return Money(amount=str(amount.amount), currency=amount.currency.code)


def price(each: Price) -> Money:
    """The price of a unit as it is answered: exact, also where its tick is less than a cent."""
    least = Amount(1, each.currency).amount
    exact = each.minor * least
    coins = exact.quantize(least)
    told = coins if coins == exact else exact.normalize()
    return Money(amount=f"{told:f}", currency=each.currency.code)
