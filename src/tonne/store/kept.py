"""What the books in memory keep."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tonne.compliance import Notice
from tonne.ledger import Asset, Hold, Key, Lot, Matter, Stamp, Step
from tonne.linking import Asked, Comparison, Link
from tonne.mrv import EmissionsReport, Figure, SourceStream, StreamData
from tonne.registry import Dedication, HoldingAccount, TradeRecord
from tonne.store.loaded import Closing, Spoken
from tonne.store.memory_talk import MemoryOfTalk


class Entry(NamedTuple):
    """A line of the journal, with its law."""

    number: int
    key: str
    digest: bytes
    kind: str
    year: int | None
    because: tuple[str, ...]
    stamp: Stamp
    reverses: int | None = None
    hold: str | None = None


class Opened(NamedTuple):
    """An account as it stands, with what a holder does not see of it."""

    account: HoldingAccount
    scheme: str
    is_source: bool
    place: int
    """Its place in the order in which accounts were opened."""


class Change(NamedTuple):
    """A change of an account's status."""

    entry: int
    account: str
    status: str
    reason: str


class Exclusion(NamedTuple):
    """An operator owes nothing for a year, by whose word and which law."""

    year: int
    reason: str
    reference: str


class Emission(NamedTuple):
    """A report, a figure or an exclusion, with its place in the journal."""

    entry: int
    line: int
    account: str
    record: EmissionsReport | Figure | Exclusion


@dataclass(slots=True)
class Memory:
    """Everything the books know. What lies in the tables never changes: it is put or dropped."""

    entries: dict[int, Entry] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    reversals: dict[int, int] = field(default_factory=dict)
    """By the number of a transaction, the one that reversed it."""

    accounts: dict[str, Opened] = field(default_factory=dict)
    changes: dict[tuple[int, str], Change] = field(default_factory=dict)
    series: dict[str, str] = field(default_factory=dict)
    """The source of each series."""

    assets: dict[str, Asset] = field(default_factory=dict)
    steps: dict[int, tuple[Step, ...]] = field(default_factory=dict)
    moves: dict[str, list[int]] = field(default_factory=dict)
    """The transactions that touch an account, by its number."""

    kinds: dict[str, list[int]] = field(default_factory=dict)
    """The transactions of a kind."""

    lots: dict[Key, dict[int, Lot]] = field(default_factory=dict)
    """Who holds what, by the lot's last number."""

    counts: dict[Key, int] = field(default_factory=dict)
    """Who holds how many of what is not numbered."""

    holds: dict[str, Hold] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    """The holds that are over, with the entry that ended them."""

    promised: dict[Key, dict[str, int]] = field(default_factory=dict)
    """The open holds on what an account holds."""

    promised_by: dict[str, int] = field(default_factory=dict)
    """By the key of a hold, the entry that made it."""

    trades: dict[tuple[int, int], TradeRecord] = field(default_factory=dict)
    """What was agreed of trades, by entry and line."""

    words: list[Spoken] = field(default_factory=list)
    matters: dict[tuple[str, str], Matter] = field(default_factory=dict)
    """By topic and subject, how what has a state stands."""

    """What was said in the market."""

    emissions: dict[int, list[Emission]] = field(default_factory=dict)
    """Reports, figures and exclusions by year."""

    reporting: dict[int, int] = field(default_factory=dict)
    """How many reports, figures or exclusions an entry brought."""

    streams: dict[int, list[tuple[tuple[SourceStream, StreamData], ...]]] = field(
        default_factory=dict
    )
    """By entry, what each of its reports was worked out from."""

    outcomes: dict[int, dict[tuple[int, str], Closing]] = field(default_factory=dict)
    """Outcomes by year, each with its entry and its account."""

    notices: dict[int, Notice] = field(default_factory=dict)
    """What was found of nations and projects, by entry."""

    dedications: dict[int, Dedication] = field(default_factory=dict)
    """For whom and what for a transaction cancelled units."""

    talk: MemoryOfTalk = field(default_factory=MemoryOfTalk)
    links: list[Link] = field(default_factory=list)
    asked: dict[str, Asked] = field(default_factory=dict)
    """By proposal, what this registry asked for."""

    proposed: int = 0
    comparisons: list[Comparison] = field(default_factory=list)
    last_number: int = 0
