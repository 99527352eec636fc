"""A case: one transaction, and everything that is known when the registry decides it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from msgspec import Struct

from tonne.ledger import Movement, Transaction
from tonne.refusal import Refusal
from tonne.registry.day import DayRules, UnitType
from tonne.registry.rules import Role, Status


class AccountView(Protocol):
    """What the checks look at in an account."""

    @property
    def kind(self) -> str:
        """The code of its kind."""

    @property
    def status(self) -> Status:
        """How far it may be used."""

    @property
    def opened(self) -> date:
        """The day from which on it is there."""


class Cap(Struct, frozen=True, kw_only=True):
    """How many units may be issued in all, how many were before, and where that is written."""

    units: int
    issued: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The transaction that a reversal undoes, and the reversal that stands already, if any."""

    transaction: Transaction
    reversed_by: int | None = None


class Step(NamedTuple):
    """One movement of the case, with what is known of both accounts and of its type."""

    movement: Movement
    source: AccountView | None
    target: AccountView | None
    type: UnitType | None


class Case(Struct, frozen=True, kw_only=True):
    """A transaction that somebody in a role proposes on a day.

    ``accounts`` has at least those that the transaction names and that exist. An issuance
    comes with its ``cap``, a reversal with its ``original``, if there is one.
    """

    transaction: Transaction
    by: Role
    day: DayRules
    accounts: Mapping[str, AccountView]
    cap: Cap | None = None
    original: Original | None = None

    @property
    def verb(self) -> str:
        """What the transaction does."""
        return self.transaction.kind

    def steps(self) -> Iterator[Step]:
        """Every movement, in order."""
        for movement in self.transaction.movements:
            yield Step(
                movement,
                self.accounts.get(movement.source.number),
                self.accounts.get(movement.target.number),
                self.day.types.get((self.verb, movement.asset.kind)),
            )


Find = Callable[[Case], Iterator[Refusal]]
"""A check: what it finds wrong with a case."""


def each_movement(ask: Callable[[Case, Step], Iterator[Refusal]]) -> Find:
    """A check that asks the same of every movement."""

    def find(case: Case) -> Iterator[Refusal]:
        for step in case.steps():
            yield from ask(case, step)

    return find
