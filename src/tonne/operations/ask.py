"""Questions: an account's whole story, and a serial number's life."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar

from tonne import mrv
from tonne.compliance import Outcome
from tonne.ledger import LAST_NUMBER, Block, Step, join
from tonne.mrv import Emissions, EmissionsReport, Figure, StreamReport
from tonne.operations.accounts import the_account
from tonne.operations.asked import CheckPassed, checks_of
from tonne.operations.books import Books, Closing, Story
from tonne.operations.emissions import operators
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.refusal import Refusal, Refused
from tonne.registry import Dedication, HoldingAccount, Serial

SERIALS = "Rule of the books: serials"
YEARS = tuple(range(1990, 2101))
"""The years about which the books are asked when no year is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialUnknown(Refusal):
    """A serial number is one that a series of the books has."""

    number: ClassVar[int] = 9020
    remedy: ClassVar[str] = (
        "Write it as series, dash, number, such as EU-1-4211, or as registries of nations do."
    )

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

    checks: Mapping[int, tuple[CheckPassed, ...]] = field(default_factory=dict)
    """By transaction, every check that it had passed, where these were asked for."""

    law_since_changed: tuple[int, ...] = ()
    """Transactions that were done when the law read otherwise than it does now."""


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


def history(books: Books, serial: str, *, scheme: Scheme | None = None) -> History:
    """Where a serial number is, and every step by which it came there.

    With the scheme under which it came there, every check that let each step pass.

    The last transaction is known from the block it lies in, and each step names the one before.
    """
    series, number = read_serial(serial)
    held = books.holder(series, number) if 0 < number <= LAST_NUMBER else None
    if held is None or not series:
        raise Refused([SerialUnknown(reference=SERIALS, serial=serial)])
    holder, unit, lot = held
    steps: list[Step] = []
    since = lot.since
    while since:
        found = books.steps(transaction=since, series=series, number=number)
        assert found, "what is held came by a transaction"
        steps[:0] = found
        since = found[0].prior
    stories = {} if scheme is None else _stories(books, steps)
    return History(
        serial=serial,
        holder=holder,
        unit=unit,
        steps=tuple(steps),
        dedications=books.dedications([step.transaction for step in steps]),
        checks={
            number: checks_of(books, scheme, story)
            for number, story in stories.items()
            if scheme is not None
        },
        law_since_changed=tuple(
            number
            for number, story in stories.items()
            if scheme is not None and story.stamp.rulebook != scheme.fingerprint
        ),
    )


def _stories(books: Books, steps: Iterable[Step]) -> dict[int, Story]:
    """The transactions of these steps, each once."""
    found = {number: books.story(number) for number in dict.fromkeys(s.transaction for s in steps)}
    return {number: story for number, story in found.items() if story is not None}


def read_serial(serial: str) -> tuple[str, int]:
    """Series and number: as they are, or the first of a block as registries of nations write it."""
    series, _, digits = serial.strip().rpartition("-")
    with suppress(Refused):
        written = Serial.read(serial, reference=SERIALS)
        series, digits = written.party, str(written.first)
    fits = digits.isdecimal() and len(digits) <= len(str(LAST_NUMBER))
    return series, int(digits) if fits else 0


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
