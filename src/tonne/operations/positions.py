"""How everybody stands with a year: what was emitted, surrendered, and is owed since before.

Each year's position is built on the last outcome of the year before. What has changed since that
closing is counted now: units that came late or were taken back, tonnes that were added. What it
saw is known from its entry in the journal and from the day on which it was judged, so nothing is
counted twice or left out, whenever the year was closed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from msgspec import Struct

from tonne import compliance, mrv
from tonne.compliance import Arrival, Outcome, Position, Standing
from tonne.mrv import Figure
from tonne.operations.books import Books, Closing
from tonne.operations.recognition import more_than_counted
from tonne.operations.scheme import Scheme
from tonne.registry import HoldingAccount

Counts = Mapping[tuple[str, int], int]
"""Units or tonnes by account and year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was surrendered for a year by the day on which it is judged, and by the closing."""

    year: int
    in_time: Counts
    by_now: Counts

    def late(self, number: str, years: Iterable[int]) -> int:
        """Units for these years that came in between; never less than none."""
        keys = [(number, each) for each in years]
        return max(0, sum(self.by_now.get(key, 0) - self.in_time.get(key, 0) for key in keys))

    def counted(self, number: str, outcome: Outcome) -> int:
        """Units for the year that its closing counted: what came later, as far as it makes good."""
        late = self.late(number, [self.year])
        return self.in_time.get((number, self.year), 0) + min(late, outcome.made_good)


def positions(
    books: Books,
    scheme: Scheme,
    year: int,
    day: date,
    *,
    judged: date | None = None,
    account: str | None = None,
) -> tuple[dict[str, Position], Given]:
    """How every operator stands with a year, and what each surrendered for which year.

    ``judged`` is the day whose data count, if that is not simply now; of what came between it and
    ``day`` only this year's figure and late units are told. Where counting starts anew, units that
    came late for the year before make good now, and units that were taken back are owed again.
    """
    law = scheme.compliance
    since = compliance.counted_since(year, law)
    years = range(since, year + 1)
    asked = [year - 1, *years]
    in_time = surrendered(books, scheme, asked, account=account, by=judged)
    by_now = in_time
    if judged is not None and judged < day:
        by_now = surrendered(books, scheme, asked, account=account, by=day)
    given = Given(year=year, in_time=in_time, by_now=by_now)
    last = _last_closings(books, scheme, year - 1, judged, account)
    seen = compliance.surrender_by(year - 1, law) if last else date.min
    tonnes = _Tonnes(year=year, since=since, day=day, judged=judged or day, last=last, seen=seen)
    first = law.status_test.clauses[0].start.year
    tonnes.read(books, scheme, first, account)
    before_that = range(first, min(since, year - 1))
    moved = _moved_since(books, scheme, before_that, last, seen=seen, by=judged, account=account)
    anew = compliance.begin_anew(since, law)
    found: dict[str, Position] = {}
    for holder in books.accounts(scheme=scheme.name, number=account, operated=True):
        number = holder.number
        before = None if since == year and holder.registry in anew else last.get(number)
        figure = tonnes.of_year(number)
        change = 0 if before is None or holder.registry in anew else moved.get(number, 0)
        if before is not None and since == year:
            change += in_time.get((number, year - 1), 0) - before.surrendered
        taken_back = max(0, -change)
        added_before = 0 if holder.registry in anew else tonnes.added_before.get(number, 0)
        found[number] = Position(
            operator=holder.operator or number,
            standing=_standing(holder, figure.tonnes, excluded=(number, year) in tonnes.excluded),
            verified=figure.tonnes,
            verified_total=tonnes.total(number),
            surrendered_total=sum(in_time.get((number, each), 0) for each in years)
            + (max(0, change) if since == year else 0),
            extra=0 if before is None else before.outcome.extra + taken_back,
            carried=0 if before is None else before.outcome.carried + taken_back,
            corrected=tonnes.added.get(number, 0) + added_before,
            corrected_before=added_before,
            entered=figure.entered,
            revised=figure.revised,
            late=given.late(number, years),
        )
    return found, given


def surrendered(
    books: Books,
    scheme: Scheme,
    years: Iterable[int],
    *,
    account: str | None = None,
    by: date | None = None,
    unseen: tuple[int, date] | None = None,
) -> dict[tuple[str, int], int]:
    """Units surrendered less those taken back, by account and year.

    ``by`` leaves out what takes effect after a day; ``unseen`` asks for what came after an entry,
    or takes effect after a day.
    """
    asked = list(years)

    def moved(kind: str, asset: str | None = None) -> Mapping[tuple[str, int], int]:
        return books.moved_by_account(
            kind,
            asked,
            scheme=scheme.name,
            outgoing=kind == "surrender",
            account=account,
            asset=asset,
            by=by,
            unseen=unseen,
        )

    def net(asset: str | None = None) -> dict[tuple[str, int], int]:
        given, back = moved("surrender", asset), moved("reverse_surrender", asset)
        return {key: given.get(key, 0) - back.get(key, 0) for key in {**given, **back}}

    found = net()
    for key, more in more_than_counted(scheme, asked, net).items():
        found[key] += more
    return found


def _standing(holder: HoldingAccount, tonnes: int | None, *, excluded: bool) -> Standing:
    if holder.status == "closed" and tonnes is None:
        return "closed"
    return "excluded" if excluded else "obliged"


def _last_closings(
    books: Books, scheme: Scheme, year: int, judged: date | None, account: str | None
) -> dict[str, Closing]:
    """The last outcome of each account that was there on a day; if none was, the first."""
    found: dict[str, Closing] = {}
    for each in books.closings(scheme.name, [year], account=account):
        if each.account not in found or judged is None or each.day <= judged:
            found[each.account] = each
    return found


def _moved_since(
    books: Books,
    scheme: Scheme,
    years: Sequence[int],
    last: Mapping[str, Closing],
    *,
    seen: date,
    by: date | None,
    account: str | None,
) -> dict[str, int]:
    """Units for years that are in no total any more, given or taken back since the last closing."""
    if not years or not last:
        return {}

    def since(entry: int) -> dict[str, int]:
        moved: dict[str, int] = {}
        told = surrendered(books, scheme, years, account=account, by=by, unseen=(entry, seen))
        for (number, _), count in told.items():
            moved[number] = moved.get(number, 0) + count
        return moved

    first = min(each.entry for each in last.values())
    found = since(first)
    # Where a year was closed again, the closing to count from is a later one.
    for entry in {last[number].entry for number in found if number in last} - {first}:
        later = since(entry)
        found |= {n: later.get(n, 0) for n in found if n in last and last[n].entry == entry}
    return found


class _YearFigure(Struct, frozen=True, kw_only=True):
    """An operator's figure of the year itself."""

    tonnes: int | None = None
    entered: Arrival = "in_time"
    revised: int = 0


@dataclass(slots=True, kw_only=True)
class _Tonnes:
    """The figures that stand for a year and those before it, and what was added to these."""

    year: int
    since: int
    day: date
    judged: date
    last: Mapping[str, Closing]
    seen: date
    """The day on whose data the year before was judged: the last day for its units."""

    excluded: set[tuple[str, int]] = field(default_factory=set)
    figures: dict[tuple[str, int], list[Figure]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)
    """Tonnes by which earlier years that are in the total grew since the last closing."""

    added_before: dict[str, int] = field(default_factory=dict)
    """And years that are in no total any more."""

    def read(self, books: Books, scheme: Scheme, first: int, account: str | None) -> None:
        """Ask the books for what stands since the first year of the scheme."""
        self.excluded = books.exclusions(scheme.name, range(first, self.year + 1), account=account)
        self._keep(books.figures(scheme.name, range(self.since, self.year + 1), account=account))
        for (number, year), figures in self.figures.items():
            if year < self.year and (number, year) not in self.excluded:
                stands = mrv.standing(figures, on=self.judged)
                tonnes = 0 if stands is None else stands.tonnes
                self.totals[number] = self.totals.get(number, 0) + tonnes
                self._add(self.added, number, year, tonnes)
        self._read_before(books, scheme, range(first, self.since), account)

    def of_year(self, number: str) -> _YearFigure:
        """The figure of the year as it stands now, and how it came."""
        figures = self.figures.get((number, self.year))
        now = figures and mrv.standing(figures, on=self.day)
        if not figures or not now:
            return _YearFigure()
        then = now if now.day <= self.judged else mrv.standing(figures, on=self.judged)
        entered: Arrival = "in_time" if then is not None else "late"
        if now.kind != "verified" and now.day > self.judged:
            entered = "by_authority"
        return _YearFigure(
            tonnes=now.tonnes,
            entered=entered,
            revised=0 if then is None else now.tonnes - then.tonnes,
        )

    def total(self, number: str) -> int:
        """Tonnes since the first year that counts, as far as they are owed for."""
        own = 0 if (number, self.year) in self.excluded else self.of_year(number).tonnes or 0
        return self.totals.get(number, 0) + own

    def _read_before(self, books: Books, scheme: Scheme, years: range, account: str | None) -> None:
        """What was added to years that are in no total: few, so no more is read than these."""
        if not years or not self.last:
            return
        first = min(each.entry for each in self.last.values())
        new = (first, self.seen)
        pairs = {
            (number, figure.year)
            for number, figure in books.figures(scheme.name, years, account=account, unseen=new)
        } - self.excluded
        if not pairs:
            return
        self._keep(
            (number, figure)
            for number, figure in books.figures(scheme.name, years, account=account)
            if (number, figure.year) in pairs
        )
        for number, year in pairs:
            stands = mrv.standing(self.figures[number, year], on=self.judged)
            self._add(self.added_before, number, year, 0 if stands is None else stands.tonnes)

    def _keep(self, told: Iterator[tuple[str, Figure]]) -> None:
        for number, figure in told:
            self.figures.setdefault((number, figure.year), []).append(figure)

    def _add(self, added: dict[str, int], number: str, year: int, tonnes: int) -> None:
        """What a year has more than the last closing counted of it."""
        last = self.last.get(number)
        if last is not None:
            more = tonnes - self._counted(last, self.figures[number, year], year)
            added[number] = added.get(number, 0) + max(0, more)

    def _counted(self, last: Closing, figures: Sequence[Figure], year: int) -> int:
        """The tonnes of a year that a closing counted: of its own year those it kept."""
        if year == last.outcome.year:
            return last.verified or 0
        known = [each for each in figures if each.entry < last.entry]
        stood = mrv.standing(known, on=self.seen)
        return 0 if stood is None else stood.tonnes
