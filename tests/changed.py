"""A record with some of its fields changed, whichever kind of record it is."""

import dataclasses
from typing import Any, TypeVar, cast

from msgspec import Struct, structs

Record = TypeVar("Record")


def replace(record: Record, **changes: Any) -> Record:  # noqa: ANN401  any field of any record
    """The record with these fields instead of its own.

    >>> from tonne.ledger import Account
    >>> replace(Account("XX-1"), number="XX-2")
    Account(number='XX-2', is_source=False)
    """
    if isinstance(record, Struct):
        return cast("Record", structs.replace(record, **changes))
    return cast("Record", dataclasses.replace(cast("Any", record), **changes))
