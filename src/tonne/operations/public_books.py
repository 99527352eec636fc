"""What the public asks of the books; each answer is bounded, however large they are."""

from collections.abc import Sequence
from typing import Protocol

from tonne.ledger import Step
from tonne.registry import HoldingAccount

Tally = tuple[str, int, int, int, int]
"""A status, and of the operators that have it: how many, tonnes, units, what is missing."""

YearRow = tuple[str, str, str, str, int | None, int, int]
"""An account, its operator, the name, the status, tonnes, units, and what is missing."""


class PublicBooks(Protocol):
    """Questions that anybody may ask."""

    def find_accounts(
        self, words: Sequence[str], *, schemes: Sequence[str], limit: int
    ) -> list[tuple[str, HoldingAccount]]:
        """Operators' accounts with words that begin so, each of them: the nearest words first."""

    def closed_years(self, scheme: str, years: Sequence[int]) -> list[int]:
        """Which of these years were closed for somebody, in order."""

    def tallies(self, scheme: str, year: int) -> list[Tally]:
        """A closed year summed up by status, as it stands now."""

    def year_rows(
        self, scheme: str, year: int, *, status: str | None, sort: str, limit: int, skip: int
    ) -> list[YearRow]:
        """A page of how operators stand with a closed year."""

    def given(
        self, account: str, kinds: Sequence[str], *, outgoing: bool
    ) -> dict[tuple[str, int], int]:
        """Units that transactions of these kinds gave an account or took from it, by their year."""

    def arrivals(
        self, account: str, *, before: tuple[int, int], limit: int
    ) -> list[tuple[int, Step]]:
        """What came into an account before a line of a transaction, the latest first."""
