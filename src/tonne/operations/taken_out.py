"""Units that were taken out, cancelled, retired or surrendered, as a certificate tells of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import ClassVar, Literal

from tonne.ledger import Block, Movement, join, kind_of
from tonne.operations.asked import StepOfAnotherLaw
from tonne.operations.books import Books, Story
from tonne.operations.scheme import Scheme
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import Dedication

How = Literal["cancelled", "retired", "surrendered"]

CERTIFICATES = "Rule of documents: certificates"

_ENDS: Sequence[tuple[str, How]] = (
    ("cancelled", "cancelled"),
    ("deletion", "cancelled"),
    ("retired", "retired"),
    ("surrendered", "surrendered"),
)
"""How the kinds of account begin from which no unit comes back, and what it is to lie there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownTransaction(Refusal):
    """What is asked about a transaction is asked of one that the books have."""

    number: ClassVar[int] = 9090
    remedy: ClassVar[str] = "Find its number in the statement of the account."

    transaction: int

    def __str__(self) -> str:
        return f"The books have no transaction {self.transaction}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingTakenOut(Refusal):
    """A certificate is of units that were cancelled, retired or surrendered."""

    number: ClassVar[int] = 9091
    remedy: ClassVar[str] = "Name the transaction by which units were given up."

    transaction: int
    verb: str

    def __str__(self) -> str:
        return (
            f"Transaction {self.transaction} cancelled, retired and surrendered nothing: "
            f"it is of the kind {self.verb}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOutNoMore(Refusal):
    """No certificate is of what was reversed."""

    number: ClassVar[int] = 9092
    remedy: ClassVar[str] = "Nothing is certified; the units are where they were."

    transaction: int
    reversed_by: int

    def __str__(self) -> str:
        return f"Transaction {self.transaction} was reversed by transaction {self.reversed_by}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsOut:
    """Units of one kind, with their numbers if they have any."""

    unit: str
    name: str
    """What the law calls them."""

    count: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyMet:
    """Whose duty units were surrendered for, and of which year."""

    account: str
    operator: str
    """Its name."""

    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """What one transaction took out, under which law, and for whom."""

    transaction: int
    how: How
    scheme: str
    title: str
    rulebook: str
    """The fingerprint of the law under which it was done."""

    because: tuple[str, ...]
    """Where that law is written."""

    day: date
    at: datetime
    units: tuple[UnitsOut, ...]
    dedication: Dedication | None
    duty: DutyMet | None = None
    """Of what was surrendered."""

    def __post_init__(self) -> None:
        assert (self.how == "surrendered") == (self.duty is not None), "a duty is met by surrender"

    @property
    def count(self) -> int:
        """How many units, of all kinds."""
        return sum(each.count for each in self.units)


def taken_out(books: Books, scheme: Scheme, number: int) -> TakenOut:
    """What a transaction cancelled, retired or surrendered, if it did and that stands."""
    story = books.story(number)
    if story is None:
        refuse_if_any([UnknownTransaction(reference=CERTIFICATES, transaction=number)])
    assert story is not None, "what is unknown was refused"
    how = _how(books, story)
    refuse_if_any(_refusals(scheme, story, how))
    assert how is not None, "what took nothing out was refused"
    return TakenOut(
        transaction=number,
        how=how,
        scheme=scheme.name,
        title=scheme.registry.title.on(story.stamp.day).value,
        rulebook=story.stamp.rulebook,
        because=story.transaction.because,
        day=story.stamp.day,
        at=story.stamp.at,
        units=tuple(_units(scheme, story)),
        dedication=books.dedications([number]).get(number),
        duty=_duty(books, story) if how == "surrendered" else None,
    )


def _how(books: Books, story: Story) -> How | None:
    """What became of the units of a transaction, if all of them went where none comes back."""
    targets = {each.target.number for each in story.transaction.movements}
    kinds = {each.kind for number in targets for each in books.accounts(number=number)}
    found = {end_of(kind) for kind in kinds}
    how = found.pop() if len(found) == 1 else None
    return None if how == "surrendered" and _duty(books, story) is None else how


def end_of(kind: str) -> How | None:
    """What it is for units to lie in an account of a kind, if none comes back from there."""
    return next((how for begin, how in _ENDS if kind.startswith(begin)), None)


def _duty(books: Books, story: Story) -> DutyMet | None:
    """Whose duty a transaction met, if it is that of one operator for one year."""
    year = story.transaction.year
    sources = {each.source.number for each in story.transaction.movements}
    if year is None or len(sources) != 1:
        return None
    (account,) = books.accounts(number=sources.pop())
    return DutyMet(account=account.number, operator=account.name, year=year)


def _refusals(scheme: Scheme, story: Story, how: How | None) -> Iterator[Refusal]:
    if story.stamp.scheme != scheme.name:
        yield StepOfAnotherLaw(
            reference=CERTIFICATES,
            transaction=story.number,
            done_under=story.stamp.scheme,
            named=scheme.name,
        )
    if how is None:
        verb = story.transaction.kind
        yield NothingTakenOut(reference=CERTIFICATES, transaction=story.number, verb=verb)
    if story.reversed_by is not None:
        by = story.reversed_by
        yield TakenOutNoMore(reference=CERTIFICATES, transaction=story.number, reversed_by=by)


def _units(scheme: Scheme, story: Story) -> Iterator[UnitsOut]:
    """The units by kind, their numbers in as few blocks as can be."""
    kinds = scheme.on(story.stamp.day).units
    movements = sorted(story.transaction.movements, key=_code)
    for code, group in groupby(movements, key=_code):
        moved = list(group)
        kind = kinds.get(kind_of(code))
        yield UnitsOut(
            unit=code,
            name=code if kind is None else kind.name,
            count=sum(each.count for each in moved),
            blocks=join(_blocks(moved)),
        )


def _code(movement: Movement) -> str:
    return movement.asset.code


def _blocks(movements: Iterable[Movement]) -> Iterator[Block]:
    return (each.block for each in movements if each.block is not None)
