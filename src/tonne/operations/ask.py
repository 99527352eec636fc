"""Questions: an account's whole story, and a serial number's life."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tonne import mrv
from tonne.compliance import Outcome
from tonne.ledger import Block, Step, join
from tonne.mrv import Emissions, EmissionsReport, Figure, StreamReport
from tonne.operations.accounts import the_account
from tonne.operations.books import Books, Closing
from tonne.operations.emissions import operators
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.refusal import Refusal, Refused
from tonne.registry import Dedication, HoldingAccount

YEARS = tuple(range(1990, 2101))
"""The years about which the books are asked when no year is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialUnknown(Refusal):
    """A serial number is one that a series of the books has."""

    number: ClassVar[int] = 9020
    remedy: ClassVar[str] = "Write it as series, dash, number, such as EU-1-4211."

    serial: str

    def __str__(self) -> str:
        return f"The books have no serial number {self.serial!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Everything the books say of an account."""

    account: HoldingAccount
    holdings: dict[str, int]
    blocks: tuple[tuple[str, Block], ...]
    """What is held, by unit, in as few blocks as can be."""

    steps: tuple[Step, ...]
    reports: tuple[EmissionsReport, ...]
    figures: tuple[Figure, ...]
    closings: tuple[Closing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The life of one unit: every step of its number from issuance to today."""

    serial: str
    holder: str
    unit: str | None
    """What kind of unit it is now; none if it is not issued."""

    steps: tuple[Step, ...]
    dedications: Mapping[int, Dedication] = field(default_factory=dict)
    """By the number of a cancellation: for whom it was, and what for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A report that was worked out from source streams, worked out once more."""

    told: StreamReport
    found: Emissions | tuple[Refusal, ...]
    """What comes out under the law as it is read now, or why nothing does."""

    @property
    def agrees(self) -> bool:
        """Whether the same comes out as stands in the books."""
        found = self.found
        return isinstance(found, Emissions) and found.total == self.told.report.tonnes


@dataclass(frozen=True, slots=True, kw_only=True)
class YearReported:
    """What an operator reported for a year, what it was worked out from, and the figures of it."""

    operator: str
    year: int
    reports: tuple[EmissionsReport, ...]
    streams: tuple[Again, ...]
    figures: tuple[Figure, ...]
    stands: Figure | None


def statement(
    books: Books, scheme: Scheme, number: str, *, desk: Desk, year: int | None = None
) -> Statement:
    """An account's whole story, or one year of it."""
    account = the_account(books, scheme, number, scheme.on(desk.day))
    years = YEARS if year is None else (year,)
    holdings = books.holdings(number)
    assets = {each.code: each for each in books.assets()}
    blocks: list[tuple[str, Block]] = []
    for unit in holdings:
        if assets[unit].serialised:
            lots = books.lots([number], unit).get(number, [])
            blocks.extend((unit, block) for block in join(lot.block for lot, _ in lots))
    return Statement(
        account=account,
        holdings=holdings,
        blocks=tuple(blocks),
        steps=tuple(
            step for step in books.steps(account=number) if year is None or step.year == year
        ),
        reports=tuple(each for _, each in books.reports(scheme.name, years, account=number)),
        figures=tuple(each for _, each in books.figures(scheme.name, years, account=number)),
        closings=tuple(books.closings(scheme.name, years, account=number)),
    )


def year_reported(
    books: Books, scheme: Scheme, operator: str, year: int, *, desk: Desk
) -> YearReported:
    """What the books say of an operator's emissions of a year, each sum worked out once more."""
    number = operators(books, scheme, [operator])[operator]
    told = [each for _, each in books.streams(scheme.name, [year], account=number)]
    figures = tuple(each for _, each in books.figures(scheme.name, [year], account=number))
    return YearReported(
        operator=operator,
        year=year,
        reports=tuple(each for _, each in books.reports(scheme.name, [year], account=number)),
        streams=tuple(Again(told=each, found=_again(each, scheme)) for each in told),
        figures=figures,
        stands=mrv.standing(figures, on=desk.day),
    )


def history(books: Books, serial: str) -> History:
    """Where a serial number is, and every step by which it came there.

    The last transaction is known from the block it lies in, and each step names the one before.
    """
    series, _, digits = serial.strip().rpartition("-")
    held = books.holder(series, int(digits)) if digits.isdecimal() and len(digits) < 19 else None  # noqa: PLR2004  more digits than a number of the line has
    if held is None or not series or int(digits) == 0:
        raise Refused([SerialUnknown(reference="Rule of the books: serials", serial=serial)])
    number = int(digits)
    holder, unit, lot = held
    steps: list[Step] = []
    since = lot.since
    while since:
        found = books.steps(transaction=since, series=series, number=number)
        assert found, "what is held came by a transaction"
        steps[:0] = found
        since = found[0].prior
    return History(
        serial=serial,
        holder=holder,
        unit=unit,
        steps=tuple(steps),
        dedications=books.dedications([step.transaction for step in steps]),
    )


def in_words(outcome: Outcome) -> str:
    """The outcome of a year in one sentence."""
    if outcome.report_missing:
        return f"{outcome.operator} has no figure for {outcome.year}, so nothing is decided yet."
    if outcome.missing == 0:
        met = "owes nothing" if outcome.status == "-" else "met its duty"
        return f"{outcome.operator} {met} for {outcome.year}."
    since = f", of which {outcome.made_good:,} came later" if outcome.made_good else ""
    return (
        f"{outcome.operator} is {outcome.missing:,} units short for {outcome.year}{since}; "
        f"the penalty is {outcome.penalty}."
    )


def _again(told: StreamReport, scheme: Scheme) -> Emissions | tuple[Refusal, ...]:
    try:
        return told.emissions(scheme.mrv)
    except Refused as no:
        return no.refusals
