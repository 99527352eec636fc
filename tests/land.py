"""The land of the Example Act, in a store: an authority, a steelworks, a kiln, a citizen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from changed import replace
from tonne import operations
from tonne.compliance import Outcome
from tonne.ledger import Block
from tonne.mrv import EmissionsReport, Figure, Opinion
from tonne.operations import (
    Answer,
    Books,
    Desk,
    Opening,
    Receipt,
    Scheme,
    SurrenderOrder,
    Transfer,
)
from tonne.quantity import Tonnes
from tonne.refusal import Refused
from tonne.registry import Role
from tonne.supply import Allocation
from world import Store

T = TypeVar("T")
UNIT = "EXA-1"
VERIFIED = Opinion(verifier="Verify Ltd", judgement="verified")


@cache
def example() -> Scheme:
    """The Example Act, read once."""
    return operations.load_scheme(operations.scheme_folder("example"))


def with_law(scheme: Scheme, file: str, rules: object) -> Scheme:
    """The scheme with another law in one of its files."""
    return replace(scheme, laws={**scheme.laws, file: rules})


@dataclass(slots=True)
class Land:
    """A store under the Example Act, and short words for what people do in it."""

    store: Store
    scheme: Scheme = field(default_factory=example)
    accounts: dict[str, str] = field(default_factory=dict)
    """Account numbers: of the land's own accounts by kind, of others by name."""

    keys: int = 0

    def run(self, question: Callable[[Books], T], *, keep: bool = True) -> T:
        """Run a question or an operation on the books."""
        return self.store.run(question, keep=keep)

    def do(
        self,
        operation: Callable[..., T],
        *words: Any,  # noqa: ANN401  what the operation takes
        on: str,
        by: Role = "authority",
        keep: bool = True,
        **more: Any,  # noqa: ANN401
    ) -> T:
        """Do an operation on a day, as somebody in a role, under the land's law."""
        return self.run(
            lambda books: operation(books, self.scheme, *words, desk=desk(on, by), **more),
            keep=keep,
        )

    def key(self) -> str:
        """A key that was not used before."""
        self.keys += 1
        return f"key {self.keys}"

    def found(self) -> "Land":
        """Open the land's own accounts."""
        self.accounts |= self.do(operations.found, on="2025-01-01", by="administrator")
        return self

    def open(
        self, name: str, identifier: int, *, kind: str = "operator", on: str = "2025-01-01"
    ) -> str:
        """Open an account; an operator is called by its name in capitals."""
        account = self.do(
            operations.open_account,
            Opening(
                kind=kind,
                name=name.capitalize(),
                registry="XE",
                operator=name.upper() if kind == "operator" else None,
                identifier=identifier,
            ),
            key=f"open {name}",
            on=on,
            by="administrator",
        )
        self.accounts[name] = account.number
        return account.number

    def settle(self) -> "Land":
        """Found the land, open three accounts, issue 1,000 units, give out 60 and 50.

        The steelworks then has EX-1-1 to 60, the kiln 61 to 110, the authority 111 to 1000.
        """
        self.found()
        self.open("steel", 7)
        self.open("kiln", 8)
        self.open("ana", 9, kind="person")
        self.issue(1_000)
        self.allocate({"STEEL": 60, "KILN": 50})
        return self

    def issue(self, count: int, *, year: int = 2025, on: str = "2025-01-02") -> Receipt:
        """Issue units of a year."""
        return self.do(
            operations.issue, year=year, unit=_unit(year), count=count, key=self.key(), on=on
        )

    def allocate(
        self, table: dict[str, int], *, year: int = 2025, on: str = "2025-02-28", key: str = ""
    ) -> list[Receipt]:
        """Pay out a table of the year, found by the method that the Act names."""
        return self.do(
            operations.allocate,
            [Allocation(operator=name, year=year, count=count) for name, count in table.items()],
            unit=_unit(year),
            method="grandfathering" if year < 2028 else "benchmarking",
            key=key or self.key(),
            on=on,
        )

    def order(
        self,
        source: str,
        target: str,
        count: int = 0,
        *,
        numbers: tuple[int, int] | None = None,
        key: str = "",
        unit: str = UNIT,
    ) -> Transfer:
        """An order to transfer so many units, or the numbers first to last."""
        block = None if numbers is None else Block(_series(unit), *numbers)
        return Transfer(
            key=key or self.key(),
            source=self.number(source),
            target=self.number(target),
            unit=unit,
            count=block.count if block else count,
            block=block,
        )

    def transfer(
        self, *orders: Transfer, on: str = "2025-06-01", by: Role = "operator"
    ) -> list[Answer]:
        """Move units between accounts."""
        return self.do(operations.transfer, orders, on=on, by=by)

    def emit(
        self, name: str, tonnes: str | int, *, year: int = 2025, on: str | None = None
    ) -> Figure:
        """Have an operator's emissions of a year verified."""
        day = on or f"{year + 1}-03-31"
        opinion = (report(name, tonnes, year=year, on=day), VERIFIED)
        (figure,) = self.do(operations.verify, [opinion], key=self.key(), on=day, by="operator")
        return figure

    def surrender(
        self,
        name: str,
        count: int,
        *,
        year: int = 2025,
        on: str | None = None,
        by: Role = "operator",
        **more: Any,  # noqa: ANN401
    ) -> Answer:
        """Surrender units for the tonnes of a year."""
        order = self.duty(name, count, year=year, **more)
        (answer,) = self.do(operations.surrender, [order], on=on or f"{year + 1}-04-15", by=by)
        return answer

    def duty(
        self,
        name: str,
        count: int,
        *,
        year: int = 2025,
        unit: str | None = None,
        numbers: tuple[int, int] | None = None,
        key: str = "",
    ) -> SurrenderOrder:
        """An order to surrender."""
        code = unit or _unit(year)
        return SurrenderOrder(
            key=key or self.key(),
            account=self.number(name),
            year=year,
            unit=code,
            count=count,
            block=None if numbers is None else Block(_series(code), *numbers),
        )

    def close(self, year: int, *, on: str | None = None, key: str = "") -> dict[str, Outcome]:
        """Close a year; the outcomes by the name of the account."""
        day = on or f"{year + 1}-05-01"
        outcomes = self.do(operations.close_year, year, key=key or self.key(), on=day)
        names = {number: name for name, number in self.accounts.items()}
        return {names[number]: outcome for number, outcome in outcomes.items()}

    def number(self, name: str) -> str:
        """The number of an account that is called by its name."""
        return self.accounts.get(name, name)

    def held(self, name: str, unit: str = UNIT) -> int:
        """How many units an account holds."""
        return self.run(lambda books: books.holdings(self.number(name))).get(unit, 0)

    def blocks(self, name: str, unit: str = UNIT) -> list[tuple[int, int]]:
        """The numbers that an account holds, first to last, in the order in which they came."""
        lots = self.run(lambda books: books.lots([self.number(name)], unit))
        return [(lot.first, lot.last) for lot, _ in lots.get(self.number(name), [])]

    def size(self) -> tuple[int, int]:
        """How many transactions and movements there are."""
        return self.run(lambda books: books.size())

    def stands(self) -> None:
        """The books are in order, and what is issued is held by somebody."""
        assert self.run(lambda books: books.check()) == []
        for total in self.run(lambda books: books.totals("example")):
            assert total.issued == sum(total.held.values())


def report(name: str, tonnes: str | int, *, year: int = 2025, on: str = "") -> EmissionsReport:
    """What an operator says it emitted."""
    return EmissionsReport(
        operator=name.upper(),
        year=year,
        tonnes=Tonnes(Decimal(tonnes)),
        submitted=date.fromisoformat(on or f"{year + 1}-03-31"),
    )


def desk(on: str, by: Role = "authority") -> Desk:
    """Noon of a day, at the desk of somebody in a role."""
    day = date.fromisoformat(on)
    return Desk(by=by, day=day, at=datetime.combine(day, time(12), tzinfo=UTC))


def numbers(answer: Answer | Callable[[], object]) -> list[int]:
    """The numbers of the refusals of an answer, or of what is called."""
    if isinstance(answer, Receipt):
        return []
    if isinstance(answer, tuple):
        return [each.number for each in answer]
    try:
        answer()
    except Refused as no:
        return [each.number for each in no.refusals]
    return []


def receipt(answer: Answer) -> Receipt:
    """The answer, which is a receipt."""
    assert isinstance(answer, Receipt), answer
    return answer


def accepted(answers: Sequence[Answer]) -> bool:
    """Whether every answer is a receipt."""
    return all(isinstance(each, Receipt) for each in answers)


def _unit(year: int) -> str:
    return "EXA-1" if year < 2028 else "EXA-2"


def _series(unit: str) -> str:
    return unit.replace("EXA", "EX")
