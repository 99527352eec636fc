"""What anybody may ask: who is in a scheme, how it stands with a year, where a unit has been.

Nobody's holdings are public, nor who sold to whom. What is: who is covered, what the authority gave
to whom, and what comes of a closed year from the day on which the law makes it public. Of a unit is
told how it began and how it ended; what holders did with it in between is theirs.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from tonne import compliance, supply
from tonne.operations import auctions
from tonne.operations.accounts import the_account
from tonne.operations.allocations import ALLOCATE, FROM_RESERVE
from tonne.operations.ask import YEARS
from tonne.operations.books import Books, Closing
from tonne.operations.public_books import Tally, YearRow
from tonne.operations.record import Desk
from tonne.operations.scheme import AUCTIONS, Scheme
from tonne.refusal import Refused
from tonne.registry import DayRules, HoldingAccount, name_words
from tonne.rulebook import Dated, MonthDay, NotInForce

FOUND_MAX = 50
"""So many accounts are told at once; who has more in mind writes more of the name."""

LINES_MAX = 50
"""So many lines of a table are told at once."""

SORTS = ("name", "verified", "surrendered", "missing", "status")
"""By what the table of a closed year can be put in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSupply:
    """A year's cap, and where every unit of it is; the parts sum to the whole."""

    year: int
    cap: int
    reference: str
    allocated: int
    auctioned: int
    with_authority: int
    """Issued and neither given nor sold: less than nothing if units of other years were given."""

    not_issued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPublished:
    """What is public of a closed year."""

    year: int
    on: date
    """From this day on."""

    tallies: tuple[Tally, ...]
    """Of every operator, by status."""

    rows: tuple[YearRow, ...]
    count: int
    """How many rows there are where only some are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorYear:
    """What is public of an operator's year."""

    year: int
    allocated: int
    closing: Closing | None
    """What the closing said, if that is public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorTold:
    """An operator's account, as far as it is public."""

    account: HoldingAccount
    kind: str
    years: tuple[OperatorYear, ...]


def find(
    books: Books, schemes: Mapping[str, Scheme], text: str
) -> list[tuple[str, HoldingAccount]]:
    """Operators whose names have words that begin so: the scheme and the account of each."""
    return books.find_accounts(name_words(text), schemes=list(schemes), limit=FOUND_MAX)


def scheme_of(books: Books, schemes: Mapping[str, Scheme], account: str) -> Scheme | None:
    """The scheme in which an account is."""
    for scheme in schemes.values():
        if books.accounts(scheme=scheme.name, number=account):
            return scheme
    return None


def years_of(scheme: Scheme, *, desk: Desk) -> range:
    """The years of a scheme from its first to this one."""
    periods = scheme.registry.periods.on(desk.day).value
    first = min(each.first_year for each in periods)
    last = max(each.last_year for each in periods)
    return range(first, min(last, desk.day.year) + 1)


def year_supply(books: Books, scheme: Scheme, year: int) -> YearSupply | None:
    """Where the units of a year's cap are; nothing if the law sets no cap for it."""
    try:
        limit = supply.cap(year, scheme.supply)
        day = scheme.on(date(year, 12, 31))
    except (Refused, NotInForce):
        return None
    units = [
        unit for verb, unit in day.types if verb == "issue" and year in day.period_of(unit)
    ]  # fmt: skip
    issued = sum(books.moved("issue", unit, year=year) for unit in units)
    allocated = sum(
        _net(books, day, verb, unit, year) for verb in (ALLOCATE, FROM_RESERVE) for unit in units
    )
    auctioned = _auctioned(books, scheme, year, units)
    cap = limit.amount + limit.aviation_amount
    return YearSupply(
        year=year,
        cap=cap,
        reference=limit.clause.reference,
        allocated=allocated,
        auctioned=auctioned,
        with_authority=issued - allocated - auctioned,
        not_issued=cap - issued,
    )


def _net(books: Books, day: DayRules, verb: str, unit: str, year: int) -> int:
    back = day.reversals.get(verb)
    taken = 0 if back is None else books.moved(back, unit, year=year)
    return books.moved(verb, unit, year=year) - taken


def _auctioned(books: Books, scheme: Scheme, year: int, units: Sequence[str]) -> int:
    if AUCTIONS not in scheme.laws:
        return 0
    return sum(
        each.cleared.results.sold
        for each in auctions.every(books, scheme)
        if each.cleared is not None
        and each.created.closes.year == year
        and each.created.unit in units
    )


def year_published(
    books: Books,
    scheme: Scheme,
    year: int,
    *,
    desk: Desk,
    status: str | None = None,
    sort: str = "name",
    page: int = 1,
    tallies: Sequence[Tally] | None = None,
) -> YearPublished | None:
    """How operators stand with a closed year, from the day on which the law makes it public.

    Who knows the sums of the year already says so: they are counted from all of its rows.
    """
    assert sort in SORTS, "the table is put in order by what it tells"
    assert page >= 1, "pages are counted from one"
    on = public_from(scheme, year)
    if on is None or desk.day < on or not books.closed_years(scheme.name, [year]):
        return None
    if tallies is None:
        tallies = books.tallies(scheme.name, year)
    rows = books.year_rows(
        scheme.name, year, status=status, sort=sort, limit=LINES_MAX, skip=(page - 1) * LINES_MAX
    )
    return YearPublished(
        year=year,
        on=on,
        tallies=tuple(tallies),
        rows=tuple(rows),
        count=sum(count for code, count, *_ in tallies if status in {None, code}),
    )


def public_from(scheme: Scheme, year: int) -> date | None:
    """The day on which compliance with a year is made public; nothing if no law says so."""
    try:
        return compliance.publish_on(year, scheme.compliance)
    except (Refused, NotInForce):
        return None


def closed_years(books: Books, scheme: Scheme, *, desk: Desk) -> list[int]:
    """The closed years that are public, in order."""
    days = {year: public_from(scheme, year) for year in years_of(scheme, desk=desk)}
    return books.closed_years(
        scheme.name, [year for year, on in days.items() if on is not None and on <= desk.day]
    )


def operator_told(books: Books, scheme: Scheme, number: str, *, desk: Desk) -> OperatorTold:
    """What is public of an operator's account, year by year."""
    day = scheme.on(desk.day)
    account = the_account(books, scheme, number, day)
    given = books.given(number, (ALLOCATE, FROM_RESERVE), outgoing=False)
    back = [day.reversals[verb] for verb in (ALLOCATE, FROM_RESERVE) if verb in day.reversals]
    taken = books.given(number, back, outgoing=True)
    allocated: dict[int, int] = {}
    for sign, counts in ((1, given), (-1, taken)):
        for (_, year), count in counts.items():
            allocated[year] = allocated.get(year, 0) + sign * count
    closings = {
        each.outcome.year: each
        for each in books.closings(scheme.name, YEARS, account=number)
        if (on := public_from(scheme, each.outcome.year)) is not None and on <= desk.day
    }
    return OperatorTold(
        account=account,
        kind=day.kinds[account.kind].name,
        years=tuple(
            OperatorYear(year=year, allocated=allocated.get(year, 0), closing=closings.get(year))
            for year in sorted(closings.keys() | allocated.keys())
        ),
    )


def deadlines(scheme: Scheme, year: int) -> list[tuple[str, date]]:
    """The days of the law that fall in a year, by what is done on them."""
    asked: tuple[tuple[str, Callable[[], date]], ...] = (
        (
            "allocation",
            lambda: _day_of(scheme.supply.allocation_deadline, date(year, 12, 31), year),
        ),
        ("report", lambda: _day_of(scheme.mrv.report_deadline, date(year - 1, 1, 1), year)),
        ("surrender", lambda: compliance.surrender_by(year - 1, scheme.compliance)),
        ("publication", lambda: compliance.publish_on(year - 1, scheme.compliance)),
    )
    found: list[tuple[str, date]] = []
    for name, day in asked:
        with suppress(Refused, NotInForce):
            found.append((name, day()))
    return found


def _day_of(rule: Dated[MonthDay], on: date, within: int) -> date:
    """The day that the law names, within a year."""
    return rule.on(on).value.in_year(within)
