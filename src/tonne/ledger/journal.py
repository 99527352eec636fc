"""The journal: what was done, by which law, when it takes effect and when it was written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from tonne.ledger.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What all entries of one operation share: the law, the day of effect, the moment."""

    scheme: str
    rulebook: str
    """The fingerprint of the law that was read."""

    day: date
    at: datetime


class KeptWord(NamedTuple):
    """What was said on a topic, about one subject of it; how things stand is worked out from it."""

    topic: str
    subject: str
    body: str
    """JSON."""

    state: str = ""
    """How the subject stands from now on, where it is to be found again by that."""

    account: str = ""
    """The account that it concerns, where it is to be found again by that."""

    about: str = ""
    """Whom it concerns, or who said it, where it is to be found again by that."""

    due: datetime | None = None
    """When something is to be done about it."""


Span = tuple[datetime, datetime]
"""A stretch of time: from the first of these moments on, and before the second."""


class Matter(NamedTuple):
    """How a subject stands by what was said of it last, and where it began."""

    topic: str
    subject: str
    state: str
    account: str
    about: str
    """Whom its first word concerned, or who said that."""

    due: datetime | None
    number: int
    """That of its first word: it grows with every subject of a topic."""


class Step(NamedTuple):
    """One movement as the journal keeps it: which units went from whom to whom, and when."""

    transaction: int
    kind: str
    year: int | None
    day: date
    at: datetime
    source: str
    target: str
    asset: str
    units: int
    series: str | None
    first: int
    last: int
    prior: int
    """The transaction by which the units had come to the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something in the books that does not follow from the movements."""

    what: str
    """The rule that it breaks."""

    where: str
    """The account, the numbers or the entry that it is about."""

    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.what}: {self.where}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """All units of one kind: how many are issued, and in which kinds of account they lie."""

    asset: str
    issued: int
    held: Mapping[str, int]
    """How many, by kind of account; sources left out."""


def digest(transaction: Transaction) -> bytes:
    """What the caller asked for, in 32 bytes: the same request has the same digest."""
    parts = [f"{transaction.kind}|{transaction.year}|{transaction.reverses}|{transaction.hold}"]
    parts.extend(
        f"{each.source.number}|{each.target.number}|{each.asset.code}|{each.count}|{each.block}"
        for each in transaction.movements
    )
    return sha256("\n".join(parts).encode()).digest()
