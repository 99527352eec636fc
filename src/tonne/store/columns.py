"""Columns of a batch as PostgreSQL array literals: much faster to write than lists."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

Plain = int | bool | date | Decimal | None
_NEVER = "\0"


def plain(values: Iterable[Plain]) -> str:
    """An array of values that need no quotes.

    >>> plain([1, None, date(2005, 2, 28)])
    '{1,NULL,2005-02-28}'
    """
    joined = ",".join(map(str, values))
    # No number, day or truth is written with this word in it.
    return "{" + (joined.replace("None", "NULL") if "None" in joined else joined) + "}"


def texts(values: Iterable[str | None]) -> str:
    r"""An array of texts, quoted so that nothing in them is read as anything else.

    >>> print(texts(['a "b"', None]))
    {"a \"b\"",NULL}
    """
    listed = list(values)
    if listed and None not in listed:
        # Between them stands what no text in the database may have, so that all are quoted at once.
        joined = _NEVER.join(cast("list[str]", listed))
        if joined.count(_NEVER) == len(listed) - 1:
            if "\\" in joined or '"' in joined:
                joined = joined.replace("\\", "\\\\").replace('"', '\\"')
            return '{"' + joined.replace(_NEVER, '","') + '"}'
    return "{" + ",".join(["NULL" if each is None else _quoted(each) for each in listed]) + "}"


def digests(values: Iterable[bytes]) -> str:
    """An array of byte strings."""
    joined = '","\\\\x'.join(map(bytes.hex, values))
    return '{"\\\\x' + joined + '"}' if joined else "{}"


def columns(rows: Sequence[tuple[str | Plain, ...]]) -> list[str]:
    """Rows turned into columns: one array for each place, all texts or all plain."""
    return [_column(each) for each in zip(*rows, strict=True)]


def _column(values: Sequence[str | Plain]) -> str:
    if any(isinstance(each, str) for each in values):
        return texts(cast("Sequence[str | None]", values))
    return plain(cast("Sequence[Plain]", values))


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
