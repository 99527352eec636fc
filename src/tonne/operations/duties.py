"""Duties: how everybody stands with a year, what closing it says, the end of a period's units."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tonne import compliance, mrv
from tonne.compliance import Outcome, Position, Standing
from tonne.mrv import Figure
from tonne.operations.books import Books, Closing
from tonne.operations.record import Answer, Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.units import Transfer, cancel, government


def close_year(
    books: Books, scheme: Scheme, year: int, *, key: str, desk: Desk
) -> dict[str, Outcome]:
    """Decide for every operator whether it met its duty for a year; by account number.

    What is in the books by the day of closing counts. An outcome stands: what is surrendered or
    corrected later is counted with the next year. Only where no emissions were entered is a year
    closed again for that operator.
    """
    digest, before = once(books, key, year)
    decided = {each.account: each.outcome for each in books.closings(scheme.name, [year])}
    if before is not None:
        return decided
    standings, own = positions(books, scheme, year, desk.day)
    for number, outcome in decided.items():
        if not outcome.report_missing:
            standings.pop(number, None)
    outcomes = compliance.close(year, standings.values(), scheme.compliance)
    because = dict.fromkeys(reference for each in outcomes for reference in each.because)
    entry = books.enter(
        key=key,
        digest=digest,
        kind="close_year",
        year=year,
        because=tuple(because) or (scheme.compliance.penalty.on(desk.day).reference,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    by_account = dict(zip(standings, outcomes, strict=True))
    books.add_closings(
        entry,
        [
            (number, outcome, standings[number].verified, own.get((number, year), 0))
            for number, outcome in by_account.items()
        ],
    )
    return decided | by_account


def end_periods(books: Books, scheme: Scheme, *, key: str, desk: Desk) -> list[Answer]:
    """Cancel, wherever they are held, the units whose last day has come."""
    own = government(books, scheme)
    day = scheme.on(desk.day)
    kept = {own[kind] for kind in ("surrendered", "cancelled") if kind in own}
    balances = books.balances(scheme.name)
    answers: list[Answer] = []
    for end in compliance.cancel_period_units(desk.day, scheme.compliance):
        transfers = [
            Transfer(key=f"{key}/{unit}/{number}", source=number, target="", unit=unit, count=count)
            for (number, unit), count in balances.items()
            if unit in end.units and number not in kept and unit in day.units
        ]
        answers.extend(cancel(books, scheme, transfers, verb="cancel", desk=desk))
    return answers


def surrendered(
    books: Books, scheme: Scheme, years: Iterable[int], *, account: str | None = None
) -> dict[tuple[str, int], int]:
    """Units surrendered and not taken back, by account and year."""
    asked = list(years)
    given = books.moved_by_account(
        "surrender", asked, scheme=scheme.name, outgoing=True, account=account
    )
    back = books.moved_by_account(
        "reverse_surrender", asked, scheme=scheme.name, outgoing=False, account=account
    )
    return {key: count - back.get(key, 0) for key, count in given.items()}


def positions(
    books: Books, scheme: Scheme, year: int, day: date, *, account: str | None = None
) -> tuple[dict[str, Position], dict[tuple[str, int], int]]:
    """How every operator stands with a year, and what each surrendered for which year.

    Where counting starts anew, units that came late for the year before make good now, units
    that were taken back are owed again, and so are tonnes that the authority added since.
    """
    since = compliance.counted_since(year, scheme.compliance)
    years = range(since, year + 1)
    # Where counting starts anew, earlier years are in no total: what was added to them is asked.
    first = scheme.compliance.status_test.clauses[0].start.year if since == year else since
    known = range(first, year + 1)
    given = surrendered(books, scheme, [year - 1, *years], account=account)
    excluded = books.exclusions(scheme.name, known)
    last = {each.account: each for each in books.closings(scheme.name, [year - 1], account=account)}
    figures, added = _standing_figures(books, scheme, known, day=day, last=last, account=account)
    anew = compliance.begin_anew(year, scheme.compliance)
    found: dict[str, Position] = {}
    for holder in books.accounts(scheme=scheme.name, number=account, operated=True):
        number = holder.number
        before = None if holder.registry in anew else last.get(number)
        standing: Standing = "excluded" if (number, year) in excluded else "obliged"
        if holder.status == "closed" and (number, year) not in figures:
            standing = "closed"
        late = 0
        if before is not None and since == year:
            late = given.get((number, year - 1), 0) - before.surrendered
        found[number] = Position(
            operator=holder.operator or number,
            standing=standing,
            verified=figures.get((number, year)),
            verified_total=sum(
                figures.get((number, each), 0) for each in years if (number, each) not in excluded
            ),
            surrendered_total=sum(given.get((number, each), 0) for each in years) + max(0, late),
            extra=0 if before is None else before.outcome.extra,
            carried=0 if before is None else before.outcome.carried + max(0, -late),
            corrected=0 if holder.registry in anew else added.get(number, 0),
        )
    return found, given


def _standing_figures(
    books: Books,
    scheme: Scheme,
    years: range,
    *,
    day: date,
    last: Mapping[str, Closing],
    account: str | None,
) -> tuple[dict[tuple[str, int], int], dict[str, int]]:
    """The figures that stand on a day, by account and year; and by account, what was added.

    What was added are the tonnes by which earlier years' figures grew after the last closing.
    """
    found: dict[tuple[str, int], list[Figure]] = {}
    for number, figure in books.figures(scheme.name, years, account=account):
        found.setdefault((number, figure.year), []).append(figure)
    closed = compliance.surrender_by(years[-1] - 1, scheme.compliance) if len(years) > 1 else day
    standing: dict[tuple[str, int], int] = {}
    added: dict[str, int] = {}
    for (number, year), figures in found.items():
        stands = mrv.standing(figures, on=day)
        if stands is None:
            continue
        standing[number, year] = stands.tonnes
        if year < years[-1] and len(figures) > 1:
            before = _at_closing(figures, last.get(number), year, closed)
            more = 0 if before is None else max(0, stands.tonnes - before)
            added[number] = added.get(number, 0) + more
    return standing, added


def _at_closing(
    figures: Sequence[Figure], last: Closing | None, year: int, closed: date
) -> int | None:
    """The tonnes of a year that the last closing counted, if there were any by then."""
    if last is not None and last.outcome.year == year:
        return last.verified
    stood = mrv.standing(figures, on=closed)
    return None if stood is None else stood.tonnes
