"""How a list is narrowed and turned: to several values, to a stretch of time, the newest first."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import BeforeValidator

from tonne.api.shown import Asked
from tonne.ledger import Span

_FIRST, _LAST = 1900, 2200
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?", re.ASCII)
_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _apart(said: object) -> object:
    """The values of a parameter, between whose commas they stand."""
    if isinstance(said, list):
        return [value for each in said for value in str(each).split(",")]
    return said


Several = BeforeValidator(_apart)
"""With this a parameter takes several values, with commas between them."""


def _moment_or_day(text: object) -> object:
    """A moment as RFC 3339 writes it, or a day of UTC."""
    if not isinstance(text, str):
        return text
    found: date | None = None
    try:
        if (written := _WRITTEN.fullmatch(text)) is not None:
            kind = date if written[1] is None else datetime
            found = kind.fromisoformat(text)
    except ValueError:
        pass
    if found is None or not _FIRST <= found.year <= _LAST:
        raise ValueError(
            f"it is no moment such as 2026-04-30T10:00:00Z of the years {_FIRST} to {_LAST} "
            "and no day that is written as it stands there"
        )
    return found


_When = Annotated[datetime | date, BeforeValidator(_moment_or_day)]


def _stretch(said: date) -> Span:
    """What is meant by a day, or by a moment: they are told to the millisecond, so it is that."""
    if not isinstance(said, datetime):
        begin = datetime.combine(said, time(), UTC)
        return begin, begin + timedelta(days=1)
    begin = said.astimezone(UTC)
    begin -= timedelta(microseconds=begin.microsecond % 1000)
    return begin, begin + timedelta(milliseconds=1)


def _made(
    gte: Annotated[
        _When | None,
        Query(alias="created[gte]", description="Only rows of this moment or day, or after."),
    ] = None,
    gt: Annotated[
        _When | None,
        Query(alias="created[gt]", description="Only rows after this moment or day."),
    ] = None,
    lte: Annotated[
        _When | None,
        Query(alias="created[lte]", description="Only rows of this moment or day, or before."),
    ] = None,
    lt: Annotated[
        _When | None,
        Query(alias="created[lt]", description="Only rows before this moment or day."),
    ] = None,
) -> Span | None:
    """In which stretch of time rows are asked for to have come."""
    begins = [_stretch(gte)[0]] if gte is not None else []
    begins += [_stretch(gt)[1]] if gt is not None else []
    ends = [_stretch(lte)[1]] if lte is not None else []
    ends += [_stretch(lt)[0]] if lt is not None else []
    if not begins and not ends:
        return None
    return max(begins, default=_EVER[0]), min(ends, default=_EVER[1])


Made = Annotated[Span | None, Depends(_made)]
"""What a list may be asked whose rows tell when they came."""

Sort = Annotated[
    Literal["created", "-created"],
    Query(description="created is the oldest first, -created the newest first."),
]
"""In which order rows come."""


def between(page: Asked, sort: Sort) -> tuple[int, int | None]:
    """After and before which numbers the rows of a page are: its cursor is the one or the other."""
    number = page.number()
    return (0, number) if sort == "-created" else (number or 0, None)
