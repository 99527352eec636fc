"""What an operation asks of the books; a store keeps them, in PostgreSQL or in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from tonne.compliance import Notice, NoticeKind, Outcome
from tonne.ledger import (
    Asset,
    Difference,
    Hold,
    KeptWord,
    Key,
    Lot,
    Matter,
    Position,
    Posted,
    Span,
    Stamp,
    Step,
    Total,
    Transaction,
)
from tonne.mrv import EmissionsReport, Figure, SourceStream, StreamData, StreamReport
from tonne.operations.paged import Pages
from tonne.operations.public_books import PublicBooks
from tonne.operations.talk import Correspondence
from tonne.registry import AccountView, Dedication, HoldingAccount, TradeRecord


class Loaded(Protocol):
    """What the books know that a batch is decided on; its givers stay locked until the commit."""

    @property
    def accounts(self) -> Mapping[str, AccountView]:
        """The accounts that the batch names and that exist."""

    @property
    def known(self) -> Mapping[str, tuple[int, bytes]]:
        """Keys that stand in the journal, with the number and the digest of their entry."""

    @property
    def numbers(self) -> Sequence[int]:
        """Free numbers, one for each transaction."""

    @property
    def positions(self) -> Mapping[Key, Position]:
        """What the accounts hold from which the batch takes."""

    @property
    def holds(self) -> Mapping[str, Hold]:
        """The open holds that the batch names."""

    @property
    def linked(self) -> bool:
        """Whether the books talk with a log."""


class Closing(Protocol):
    """An account's outcome of a year, with the year's own figures."""

    @property
    def account(self) -> str:
        """The account's number."""

    @property
    def outcome(self) -> Outcome:
        """What the closing said."""

    @property
    def verified(self) -> int | None:
        """Tonnes of the year, if there were any."""

    @property
    def surrendered(self) -> int:
        """Units surrendered for the year, as far as the closing counted them."""

    @property
    def entry(self) -> int:
        """The number of the closing in the journal."""

    @property
    def day(self) -> date:
        """The day on which the year was closed."""


class Story(Protocol):
    """A transaction as it was posted, every movement with its block, and what undid it."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def transaction(self) -> Transaction:
        """The transaction."""

    @property
    def reversed_by(self) -> int | None:
        """The number of the transaction that reversed it."""

    @property
    def stamp(self) -> Stamp:
        """The law under which it was posted, the day and the moment."""


class Promised(Protocol):
    """A hold, and what became of it."""

    @property
    def hold(self) -> Hold:
        """What was promised."""

    @property
    def entry(self) -> int:
        """The number of the entry that made it."""

    @property
    def ended(self) -> int | None:
        """The number of the entry that used or freed it, if one has."""


class Spoken(Protocol):
    """What was said, where it stands, and when it was said."""

    @property
    def number(self) -> int:
        """It grows with everything that is said."""

    @property
    def entry(self) -> int:
        """The number of its entry in the journal."""

    @property
    def day(self) -> date:
        """The day of the entry."""

    @property
    def at(self) -> datetime:
        """The moment of the entry."""

    @property
    def word(self) -> KeptWord:
        """What was said."""


class Books(Correspondence, Pages, PublicBooks, Protocol):
    """One operation's view of the books: everything in it stands or falls together."""

    def load(self, batch: Sequence[Transaction], *, others: Iterable[str] = ()) -> Loaded:
        """What the batch is decided on; the accounts that give are locked, in order."""

    def save(self, posted: Sequence[Posted], stamp: Stamp) -> None:
        """Write a batch into the journal."""

    def known(self, key: str) -> tuple[int, bytes] | None:
        """The number and the digest of the entry with this key, if it stands in the journal."""

    def enter(
        self,
        *,
        key: str,
        digest: bytes,
        kind: str,
        year: int | None,
        because: tuple[str, ...],
        stamp: Stamp,
    ) -> int:
        """A journal entry that moves nothing, and its number."""

    def open_accounts(
        self, entry: int, accounts: Sequence[HoldingAccount], *, scheme: str, sources: Iterable[str]
    ) -> None:
        """Add accounts; those whose numbers are in ``sources`` issue units."""

    def add_assets(self, assets: Sequence[tuple[Asset, str]]) -> None:
        """Add kinds of unit, and from its source the series of each that is the first of it."""

    def change_status(self, entry: int, *, account: str, status: str, reason: str) -> None:
        """Add a change of an account's status."""

    def add_dedications(self, dedications: Mapping[int, Dedication]) -> None:
        """Add for whom and what for units were cancelled, by transaction."""

    def add_notice(self, entry: int, notice: Notice) -> None:
        """Add what was found of a nation or a project; its day is that of the entry."""

    def wait_for_posts(self) -> None:
        """Let posts under way finish and no other begin, until the commit."""

    def lock(self, accounts: Sequence[str]) -> None:
        """Keep these accounts as they are until the commit, but for what is done here."""

    def add_holds(self, entry: int, holds: Sequence[Hold]) -> None:
        """Promise units and money."""

    def end_holds(self, entry: int, keys: Sequence[str]) -> None:
        """Free what was promised under these keys."""

    def open_holds(self, begin: str) -> Sequence[Hold]:
        """The holds that have not ended and whose keys begin so, by key."""

    def free(
        self, pairs: Sequence[tuple[str, str]], enough: Sequence[int | None] | None = None
    ) -> dict[tuple[str, str], int]:
        """What accounts hold of assets and have not promised, by account and asset.

        Where ``enough`` says how much is asked for, no more than that need be counted. Other
        writers may change it, unless the accounts are locked.
        """

    def holds(self, *, key: str | None = None, account: str | None = None) -> Sequence[Promised]:
        """What was promised under a key, or of an account, in the order in which it was."""

    def add_trades(self, records: Sequence[tuple[int, TradeRecord]]) -> None:
        """Add what was agreed of trades, by the transaction that settles them."""

    def trades(self, entries: Sequence[int] | None = None) -> list[tuple[int, TradeRecord]]:
        """What was agreed of trades, in the order of the journal; of all, or of some entries."""

    def speak_alone(self, topic: str, subject: str) -> None:
        """Let nobody else speak about this subject until the commit."""

    def speak_beside(self, topic: str, subject: str) -> None:
        """Let nobody speak alone about this subject until the commit; others may stand beside."""

    def say(self, entry: int, words: Sequence[KeptWord]) -> None:
        """Keep what was said, in this order."""

    def words(
        self, topic: str, subject: str | None = None, *, after: int = 0, last: bool = False
    ) -> Sequence[Spoken]:
        """What was said on a topic, of all subjects or of one, in order, after some number.

        ``last`` is of each subject only what was said last.
        """

    def matters(
        self,
        topic: str,
        subject: str | None = None,
        *,
        states: Sequence[str] | None = None,
        account: str | None = None,
        about: str | None = None,
        due: datetime | None = None,
        made: Span | None = None,
        after: int = 0,
        before: int | None = None,
        newest: bool = False,
        limit: int | None = None,
    ) -> Sequence[Matter]:
        """How the subjects of a topic stand that fit, by their first words, in either order.

        ``due`` is by when something was to be done, ``made`` when that first word was said.
        """

    def subjects(self, topic: str, about: str) -> Sequence[str]:
        """The subjects of a topic of which some word concerns somebody, as they came up."""

    def add_reports(
        self, entry: int, reports: Sequence[tuple[str, EmissionsReport]], *, reference: str
    ) -> None:
        """Add what operators reported, by account number."""

    def add_streams(
        self, entry: int, streams: Sequence[Sequence[tuple[SourceStream, StreamData]]]
    ) -> None:
        """Add what an entry's reports were worked out from: plan and data, report by report."""

    def add_figures(self, entry: int, figures: Sequence[tuple[str, Figure]]) -> None:
        """Add figures of a year, by account number; those before them are kept."""

    def add_closings(
        self, entry: int, closings: Sequence[tuple[str, Outcome, int | None, int]]
    ) -> None:
        """Add the outcomes of a closed year: account, outcome, tonnes, units of the year."""

    def accounts(
        self,
        *,
        scheme: str | None = None,
        number: str | None = None,
        operator: str | None = None,
        operated: bool | None = None,
    ) -> list[HoldingAccount]:
        """The accounts that fit, in the order in which they were opened.

        ``operated`` asks for those that belong to an operator, or for those that do not.
        """

    def assets(self, codes: Sequence[str] | None = None) -> list[Asset]:
        """Every kind of unit in the books, or those of some codes that are."""

    def dedications(self, numbers: Sequence[int]) -> Mapping[int, Dedication]:
        """For whom and what for transactions cancelled units, of those that said it."""

    def notices(self, scheme: str, kinds: Sequence[NoticeKind]) -> list[Notice]:
        """What was found of nations and projects, of these kinds, in the order of the journal."""

    def holdings(self, account: str) -> dict[str, int]:
        """How many units of each kind an account holds."""

    def balances(self, scheme: str) -> dict[tuple[str, str], int]:
        """How many of each kind every account of a scheme holds, sources left out."""

    def lots(self, accounts: Sequence[str], asset: str) -> dict[str, list[tuple[Lot, str]]]:
        """The lots of each account in the order they came, with the kind of transaction."""

    def holder(self, series: str, number: int) -> tuple[str, str | None, Lot] | None:
        """Who holds a serial number, as what (None: not issued), and in which lot."""

    def steps(
        self,
        *,
        transaction: int | None = None,
        account: str | None = None,
        series: str | None = None,
        number: int | None = None,
    ) -> list[Step]:
        """The movements that fit, in order: of a transaction, an account, a serial number."""

    def story(self, number: int) -> Story | None:
        """A posted transaction with its blocks, and the one that reversed it."""

    def moved(self, kind: str, asset: str, *, year: int | None = None) -> int:
        """How many units of an asset transactions of a kind have moved, ever or for a year."""

    def moved_by_account(
        self,
        kind: str,
        years: Sequence[int],
        *,
        scheme: str,
        outgoing: bool,
        account: str | None = None,
        asset: str | None = None,
        by: date | None = None,
        unseen: tuple[int, date] | None = None,
    ) -> dict[tuple[str, int], int]:
        """By account and year, how many units transactions of a kind took from it or gave it.

        ``asset`` asks for one, or for all of a kind.

        ``by`` leaves out what takes effect after a day; ``unseen`` asks for what came after an
        entry, or takes effect after a day.
        """

    def add_exclusions(
        self, entry: int, accounts: Sequence[str], *, year: int, reason: str, reference: str
    ) -> None:
        """Add that these accounts' operators owe nothing for a year."""

    def closed_on(self, scheme: str) -> dict[str, date]:
        """The day on which each account that is closed was closed, by its number."""

    def exclusions(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> set[tuple[str, int]]:
        """The accounts and years whose operators are excluded."""

    def figures(
        self,
        scheme: str,
        years: Sequence[int],
        *,
        account: str | None = None,
        unseen: tuple[int, date] | None = None,
    ) -> Iterator[tuple[str, Figure]]:
        """Every figure of these years by account number, in the order of the journal.

        ``unseen`` asks for those that came after an entry, or hold from after a day.
        """

    def reports(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> Iterator[tuple[str, EmissionsReport]]:
        """Every report of these years by account number, in the order of the journal."""

    def streams(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> Iterator[tuple[str, StreamReport]]:
        """Every report of these years that has streams, with them, in the order of the journal."""

    def closings(
        self, scheme: str, years: Sequence[int], *, account: str | None = None
    ) -> Iterator[Closing]:
        """Every outcome of these years, in the order of the journal."""

    def check(self) -> list[Difference]:
        """Everything derived, worked out again from the movements, where it differs."""

    def size(self) -> tuple[int, int]:
        """How many transactions and how many movements there are."""

    def schemes(self) -> list[str]:
        """The schemes that have accounts in the books, by name."""

    def totals(self, scheme: str) -> list[Total]:
        """What a scheme's sources have issued, and where it lies now."""
