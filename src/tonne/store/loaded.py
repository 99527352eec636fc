"""What a store hands to an operation before it decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from tonne.compliance import Outcome
from tonne.ledger import Hold, KeptWord, Key, Position, Stamp, Transaction
from tonne.registry import Dedication, Status

LOTS_MAX = 2
"""So many lots of a giver are read at first; all of them where these are not enough."""


class AccountState(NamedTuple):
    """What kind of account it is, how far it may be used, and from which day on."""

    kind: str
    status: Status
    opened: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What the books know that a batch is decided on; its givers stay locked until the commit.

    ``known`` are keys that stand in the journal, with the number and digest of their entry;
    ``numbers`` are free numbers, one for each transaction of the batch.
    """

    accounts: Mapping[str, AccountState]
    known: Mapping[str, tuple[int, bytes]]
    numbers: Sequence[int]
    positions: Mapping[Key, Position]
    holds: Mapping[str, Hold]
    linked: bool
    """Whether the books talk with a log."""


class Closing(NamedTuple):
    """An account's outcome of a year, with the year's own figures."""

    account: str
    outcome: Outcome
    verified: int | None
    surrendered: int
    entry: int
    """The number of the closing in the journal."""

    day: date
    """The day on which the year was closed."""


class Story(NamedTuple):
    """A transaction as it was posted, every movement with its block, and what undid it."""

    number: int
    transaction: Transaction
    reversed_by: int | None
    stamp: Stamp


class Promised(NamedTuple):
    """A hold, the entry that made it, and the entry that ended it, if any has."""

    hold: Hold
    entry: int
    ended: int | None


class Spoken(NamedTuple):
    """What was said, where it stands, and when it was said."""

    number: int
    entry: int
    day: date
    at: datetime
    word: KeptWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A transaction by which units were given up for somebody."""

    number: int
    scheme: str
    kind: str
    day: date
    at: datetime
    dedication: Dedication
    asset: str
    count: int
    blocks: tuple[tuple[str, int, int], ...]
    """Which ones: series, first and last number of the first blocks."""

    reversed_by: int | None


BLOCKS_SHOWN = 100
"""So many blocks of a transaction are told where a page of them is."""
