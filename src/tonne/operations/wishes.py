"""What people may wish to have done with units and accounts: by its verb, on whose account."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import ClassVar

from msgspec import Struct

from tonne import people
from tonne.ledger import Block, kind_of
from tonne.operations.accounts import Opening, change_account, open_account
from tonne.operations.allocations import kind_given, lawful_method, written
from tonne.operations.books import Books
from tonne.operations.people import holder, mandates_on, tell_account
from tonne.operations.record import Answer, Desk, Receipt
from tonne.operations.scheme import Scheme
from tonne.operations.surrender import SurrenderOrder, surrender
from tonne.operations.units import Transfer, allocate, asset_of, cancel, issue, reverse, transfer
from tonne.people import HeldBy
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import DayRules, Dedication
from tonne.supply import Allocation


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockNotAsMany(Refusal):
    """Who names units by their numbers names as many as are wished, of a kind that has numbers."""

    number: ClassVar[int] = 9143
    remedy: ClassVar[str] = "Correct the count or the numbers, or name no numbers."

    block: Block
    count: int
    unit: str

    def __str__(self) -> str:
        return f"The numbers {self.block} are not those of {self.count:,} {self.unit}."


class Move(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Units go to another account."""

    verb: ClassVar[str] = "transfer"

    account: str
    target: str
    unit: str
    count: int
    block: Block | None = None

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Transfer them."""
        order = Transfer(
            key=key, source=self.account, target=self.target, unit=self.unit, count=self.count,
            block=self.block,
        )  # fmt: skip
        _or_refuse(transfer(books, scheme, [order], desk=desk))


class Cancel(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Units are cancelled for ever, for somebody and something."""

    verb: ClassVar[str] = "cancel_voluntarily"

    account: str
    unit: str
    count: int
    block: Block | None = None
    beneficiary: str = ""
    purpose: str = ""

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Cancel them."""
        told = None
        if self.beneficiary.strip():
            told = Dedication(beneficiary=self.beneficiary, purpose=self.purpose)
        order = Transfer(
            key=key, source=self.account, target="", unit=self.unit, count=self.count,
            block=self.block, dedication=told,
        )  # fmt: skip
        _or_refuse(cancel(books, scheme, [order], verb=self.verb, desk=desk))


class Surrender(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Units are surrendered for a year's emissions."""

    verb: ClassVar[str] = "surrender"

    account: str
    unit: str
    count: int
    year: int
    block: Block | None = None

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Surrender them."""
        order = SurrenderOrder(
            key=key, account=self.account, unit=self.unit, count=self.count, year=self.year,
            block=self.block,
        )  # fmt: skip
        _or_refuse(surrender(books, scheme, [order], desk=desk))


TakesUnits = Move | Cancel | Surrender
"""Wishes that take units from an account; these are held from the moment of the proposal."""


def units_refusals(wish: object, day: DayRules) -> Iterator[Refusal]:
    """3006, 9143: whether what takes units says which ones in a way that can be meant."""
    if not isinstance(wish, TakesUnits):
        return
    if kind_of(wish.unit) not in day.units:
        yield day.untyped(wish.verb, wish.unit)
    elif wish.block is not None and (
        wish.block.count != wish.count or not asset_of(wish.unit, day).serialised
    ):
        yield BlockNotAsMany(
            reference=day.on_transactions, block=wish.block, count=wish.count, unit=wish.unit
        )


class Issue(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Units of a year's cap are issued."""

    verb: ClassVar[str] = "issue"
    account: ClassVar[str] = ""

    year: int
    unit: str
    count: int

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Issue them."""
        issue(books, scheme, year=self.year, unit=self.unit, count=self.count, key=key, desk=desk)


class Allotment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of an allocation table."""

    operator: str
    year: int
    count: int
    received: date | None = None
    closed_on: date | None = None


class Allocate(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An allocation table is paid out."""

    verb: ClassVar[str] = "allocate"
    account: ClassVar[str] = ""

    unit: str
    rows: tuple[Allotment, ...]

    @property
    def table(self) -> list[Allocation]:
        """The rows, as they stand in the table's own file, which begins with its headings."""
        return [
            Allocation(
                operator=row.operator, year=row.year, count=row.count, received=row.received,
                closed_on=row.closed_on, row=place,
            )
            for place, row in enumerate(self.rows, start=2)
        ]  # fmt: skip

    @property
    def digest(self) -> str:
        """The SHA-256 of that file."""
        return sha256(written(self.table).encode()).hexdigest()

    def __str__(self) -> str:
        """The wish in a line, which stands for no other table."""
        return f"Allocate(unit={self.unit!r}, sha256={self.digest!r})"

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Pay it out to those whose unit it is, as found by the method of the law."""
        table, kind = self.table, kind_given(self.unit, scheme.on(desk.day))
        method = lawful_method(table, scheme.supply)
        allocate(books, scheme, table, unit=self.unit, kind=kind, method=method, key=key, desk=desk)


class Reverse(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A transaction is undone by its mirror."""

    verb: ClassVar[str] = "reverse"
    account: ClassVar[str] = ""

    number: int

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Reverse it, within the days of the law."""
        story = books.story(self.number)
        if story is not None:
            law = mandates_on(scheme, desk.day)
            refuse_if_any(
                people.window_refusals(story.transaction.kind, story.stamp.day, desk.day, law)
            )
        reverse(books, scheme, self.number, key=key, desk=desk)


class OpenAccount(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An account is opened for a holder."""

    verb: ClassVar[str] = "open_account"
    account: ClassVar[str] = ""

    kind: str
    name: str
    holder: str
    operator: str | None = None

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Open it, and say whose it is."""
        holder(books, self.holder)
        code = scheme.on(desk.day).registry_code
        opening = Opening(kind=self.kind, name=self.name, registry=code, operator=self.operator)
        opened = open_account(books, scheme, opening, key=key, desk=desk)
        tell_account(
            books, scheme, opened.number, HeldBy(holder=self.holder),
            about=self.holder, key=f"{key} holder", desk=desk,
        )  # fmt: skip


class ChangeStatus(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An account is restricted, suspended, restored or closed."""

    verb: ClassVar[str] = "change_status"

    account: str
    change: str
    reason: str

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Change it."""
        change_account(
            books, scheme, self.account, self.change, reason=self.reason, key=key, desk=desk
        )


def _or_refuse(answers: list[Answer]) -> None:
    """Refuse what was refused."""
    refusals = [no for each in answers if not isinstance(each, Receipt) for no in each]
    refuse_if_any(refusals)
