"""What a door asks of the books page by page, so that no answer grows with them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from tonne.ledger import Matter, Span, Step
from tonne.registry import Dedication, HoldingAccount

if TYPE_CHECKING:
    from tonne.operations.books import Closing, Spoken


class Given(Protocol):
    """A transaction by which units were given up for somebody."""

    @property
    def number(self) -> int:
        """Its number in the journal."""

    @property
    def scheme(self) -> str:
        """Under the law of which scheme."""

    @property
    def kind(self) -> str:
        """What kind of transaction it was."""

    @property
    def day(self) -> date:
        """The day on which it took effect."""

    @property
    def at(self) -> datetime:
        """The moment at which it was written down."""

    @property
    def dedication(self) -> Dedication:
        """For whom it was, and what for."""

    @property
    def asset(self) -> str:
        """What kind of unit was given up."""

    @property
    def count(self) -> int:
        """How many of them."""

    @property
    def blocks(self) -> Sequence[tuple[str, int, int]]:
        """Which ones: series, first and last number of the first blocks."""

    @property
    def reversed_by(self) -> int | None:
        """The number of the transaction that undid it."""


class Pages(Protocol):
    """Questions that are answered a page at a time; a page follows from the index alone."""

    def accounts_page(
        self,
        scheme: str,
        *,
        operated: bool = False,
        registry: str | None = None,
        after: str | None = None,
        limit: int,
    ) -> Sequence[HoldingAccount]:
        """Accounts of a scheme in the order in which they were opened, after one of them.

        All of them, or those that are an operator's, or those of a registry.
        """

    def kept_by(self, numbers: Sequence[str]) -> Mapping[str, tuple[str, HoldingAccount]]:
        """The accounts with these numbers that there are, each with its scheme."""

    def unverified(
        self, scheme: str, year: int, *, skip: int = 0, limit: int | None = None
    ) -> Sequence[tuple[HoldingAccount, bool]]:
        """Operators' accounts without a figure of a year, and whether anything was reported.

        Those that are closed, came later or are excluded are left out; in the order of opening.
        """

    def count_unverified(self, scheme: str, year: int) -> int:
        """How many these are."""

    def closings_page(
        self, scheme: str, year: int, *, after: str | None = None, limit: int
    ) -> "Sequence[tuple[Closing, str]]":
        """The outcome of a year that stands for each account, with the account's name.

        In the order in which the accounts were opened, after one of them.
        """

    def given_page(
        self, schemes: Sequence[str], *, before: int | None = None, limit: int
    ) -> Sequence[Given]:
        """What was given up for somebody in these schemes, the newest first, before a number."""

    def steps_page(
        self,
        account: str,
        *,
        after: int = 0,
        before: int | None = None,
        newest: bool = False,
        made: Span | None = None,
        limit: int,
    ) -> Sequence[Step]:
        """What moved something of an account: so many transactions between two, whole.

        The oldest come first, or the newest; of each, the movements in their order.
        """

    def words_page(
        self,
        topic: str,
        subject: str,
        *,
        after: int = 0,
        before: int | None = None,
        newest: bool = False,
        limit: int,
    ) -> "Sequence[Spoken]":
        """What was said about a subject between two numbers, the oldest or the newest first."""

    def last_matters(self, topic: str, state: str, *, limit: int) -> Sequence[Matter]:
        """The last so many subjects of a topic that stand so, in the order of their first words."""

    def subjects_page(
        self, topic: str, begin: str, *, after: str = "", limit: int
    ) -> Sequence[str]:
        """The subjects of a topic that begin so, by name, after one of them."""

    def latest_word(self) -> tuple[int, int, int]:
        """The last number of a word, the mark of now, and the mark up to which all is over.

        What was begun by now is over as soon as the third is not less than the second was. Then
        nothing comes any more whose number is below the first.
        """

    def latest_moment(self) -> datetime | None:
        """When the last entry of the journal was made."""

    def states_page(
        self,
        topic: str,
        *,
        accounts: Sequence[str] | None,
        about: str,
        after: int,
        upto: int,
        newest: bool = False,
        made: Span | None = None,
        limit: int,
    ) -> "Sequence[Spoken]":
        """What became of the subjects of a topic between two numbers, the oldest or newest first.

        Of all of them, or of those that are about one of these accounts or came up about somebody.
        """

    def own_trades_page(
        self,
        begin: str,
        accounts: Sequence[str],
        *,
        after: int,
        upto: int,
        newest: bool = False,
        made: Span | None = None,
        limit: int,
    ) -> "Sequence[Spoken]":
        """The trades, between two numbers, in which one of these accounts has a side.

        Of books whose names begin so. The oldest come first, or the newest, each once.
        """
