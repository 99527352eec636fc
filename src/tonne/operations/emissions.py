"""Emissions are reported, verified, determined where nothing comes, and corrected later."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar

from msgspec import structs

from tonne import mrv
from tonne.mrv import (
    DeterminationReason,
    EmissionsReport,
    Figure,
    Opinion,
    ReportRow,
    Sheet,
    StreamReport,
)
from tonne.operations.books import Books
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.quantity import Tonnes
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.rulebook import clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorUnknown(Refusal):
    """Emissions are those of an operator that has an account."""

    number: ClassVar[int] = 9010
    remedy: ClassVar[str] = "Open an account for the operator, or correct its name."

    operator: str

    def __str__(self) -> str:
        return f"No account belongs to an operator {self.operator!r}."


def report(
    books: Books,
    scheme: Scheme,
    reports: Sequence[EmissionsReport],
    *,
    streams: Sequence[StreamReport] = (),
    key: str,
    desk: Desk,
) -> int:
    """Put operators' reports on record, all or none; the number of the entry.

    ``streams`` are what the reports were worked out from, where that is known: one for each.
    """
    assert not streams or [each.report for each in streams] == [*reports], "one for each report"
    numbers = operators(books, scheme, (each.operator for each in reports))
    said = [_said(each) for each in reports]
    asked = (said, *((each.plan, each.data) for each in streams)) if streams else said
    digest, before = once(books, scheme, key, "report", asked)
    if before is not None:
        return before
    refuse_if_any(
        [
            *scheme.on(desk.day).act_refusals("report", desk.by),
            *(each for report in reports for each in mrv.report_refusals(report, rules=scheme.mrv)),
        ]
    )
    reference = scheme.mrv.report_deadline.on(desk.day).reference
    entry = books.enter(
        key=key,
        digest=digest,
        kind="report",
        year=_one_year(reports),
        because=(reference,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    books.add_reports(
        entry, [(numbers[each.operator], each) for each in reports], reference=reference
    )
    if streams:
        books.add_streams(
            entry, [tuple(zip(each.plan.streams, each.data, strict=True)) for each in streams]
        )
    return entry


def report_streams(
    books: Books, scheme: Scheme, sheets: Sequence[Sheet], *, key: str, desk: Desk
) -> list[StreamReport]:
    """Work out each operator's report from a table of source streams and put it on record.

    The streams are kept in the books with the report, so that anybody can work it out again.
    """
    found = mrv.read_streams(
        sheets,
        years=_years(scheme, desk),
        operators=_known(books, scheme),
        rules=scheme.mrv,
        submitted=desk.day,
        reference=scheme.mrv.guidelines.on(desk.day).reference,
    )
    again = books.known(key) is not None
    report(books, scheme, [each.report for each in found], streams=found, key=key, desk=desk)
    return [_as_sent(books, scheme, each) for each in found] if again else found


def _as_sent(books: Books, scheme: Scheme, again: StreamReport) -> StreamReport:
    """A report as it was put on record, which is sent again on a later day."""
    account = operators(books, scheme, [again.report.operator])[again.report.operator]
    for _, each in books.streams(scheme.name, [again.report.year], account=account):
        sent = structs.replace(again.report, submitted=each.report.submitted)
        dated = replace(again, report=sent)
        if each == dated:
            return each
    return again


def verify(
    books: Books,
    scheme: Scheme,
    opinions: Sequence[tuple[EmissionsReport, Opinion]],
    *,
    key: str,
    desk: Desk,
) -> list[Figure]:
    """Put verified figures on record, in whole tonnes, all or none."""
    numbers = operators(books, scheme, (each.operator for each, _ in opinions))
    asked = [f"{_said(r)} {_held(o)}" for r, o in opinions]
    digest, before = once(books, scheme, key, "verify", asked)
    if before is not None:
        return _recorded(books, scheme, before, {each.year for each, _ in opinions})
    outcomes = mrv.verify_all(opinions, rules=scheme.mrv, at=desk.at)
    refusals = [*scheme.on(desk.day).act_refusals("verify", desk.by)]
    refusals += [each for found in outcomes if isinstance(found, tuple) for each in found]
    refuse_if_any(refusals)
    figures = [found for found in outcomes if isinstance(found, Figure)]
    # Nobody else may enter a figure or close the year between this look and our own entry.
    books.wait_for_posts()
    refuse_if_any(_against(books, scheme, figures, numbers, day=desk.day))
    return _add(books, scheme, figures, numbers, key=key, digest=digest, kind="verify", desk=desk)


def determine(
    books: Books,
    scheme: Scheme,
    *,
    operator: str,
    year: int,
    reason: DeterminationReason,
    stated: Tonnes | None = None,
    note: str = "",
    key: str,
    desk: Desk,
) -> Figure:
    """The authority sets the emissions of an operator, conservatively, where none are verified."""
    numbers = operators(books, scheme, [operator])
    asked = (operator, year, reason, stated, note)
    digest, before = once(books, scheme, key, "determine", asked)
    if before is not None:
        return _recorded(books, scheme, before, [year])[0]
    refuse_if_any(scheme.on(desk.day).act_refusals("determine", desk.by))
    past = _figures(books, scheme, numbers[operator], range(year - 5, year))
    figures = _figures(books, scheme, numbers[operator], [year])
    figure = mrv.determine(
        operator=operator,
        year=year,
        reason=reason,
        stated=stated,
        past=past,
        figures=figures,
        rules=scheme.mrv,
        at=desk.at,
        day=desk.day,
        note=note,
    )
    found = _add(
        books, scheme, [figure], numbers, key=key, digest=digest, kind="determine", desk=desk
    )
    return found[0]


def correct(
    books: Books,
    scheme: Scheme,
    *,
    operator: str,
    year: int,
    tonnes: Tonnes,
    note: str,
    key: str,
    desk: Desk,
) -> Figure:
    """Correct a figure by a new record that keeps the old one."""
    numbers = operators(books, scheme, [operator])
    digest, before = once(books, scheme, key, "correct", (operator, year, tonnes, note))
    if before is not None:
        return _recorded(books, scheme, before, [year])[0]
    refuse_if_any(scheme.on(desk.day).act_refusals("correct", desk.by))
    figures = _figures(books, scheme, numbers[operator], [year])
    figure = mrv.correct(
        figures,
        operator=operator,
        year=year,
        tonnes=tonnes,
        note=note,
        rules=scheme.mrv,
        at=desk.at,
        day=desk.day,
    )
    found = _add(
        books, scheme, [figure], numbers, key=key, digest=digest, kind="correct", desk=desk
    )
    return found[0]


def exclude(
    books: Books,
    scheme: Scheme,
    excluded: Sequence[str],
    *,
    year: int,
    reason: str,
    key: str,
    desk: Desk,
) -> int:
    """Put on record that operators owe nothing for a year; the number of the entry."""
    numbers = operators(books, scheme, excluded)
    digest, before = once(books, scheme, key, "exclude", (tuple(excluded), year, reason))
    if before is not None:
        return before
    refuse_if_any(scheme.on(desk.day).act_refusals("exclude", desk.by))
    reference = scheme.compliance.accepted_units.on(desk.day).reference
    entry = books.enter(
        key=key,
        digest=digest,
        kind="exclude",
        year=year,
        because=(reference,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    accounts = [numbers[each] for each in excluded]
    books.add_exclusions(entry, accounts, year=year, reason=reason, reference=reference)
    return entry


def import_reports(
    books: Books, scheme: Scheme, sheets: Iterable[Sheet], *, key: str, desk: Desk
) -> list[Figure]:
    """Read a table of verified emissions and put it on record, whole or not at all."""
    known = _known(books, scheme)
    reference = scheme.mrv.guidelines.on(desk.day).reference
    rows: list[ReportRow] = []
    faults: list[Refusal] = []
    for sheet in sheets:
        try:
            years = _years(scheme, desk)
            rows += mrv.read_reports(sheet, years=years, operators=known, reference=reference)
        except Refused as no:
            faults.extend(no.refusals)
    refuse_if_any(faults)
    opinion = Opinion(verifier="as the table says", judgement="verified")
    reports = [
        EmissionsReport(
            operator=row.operator,
            year=row.year,
            tonnes=Tonnes(Decimal(row.verified)),
            submitted=desk.day,
            source=f"row {row.row}",
        )
        for row in rows
    ]
    return verify(books, scheme, [(each, opinion) for each in reports], key=key, desk=desk)


def operators(books: Books, scheme: Scheme, named: Iterable[str]) -> Mapping[str, str]:
    """The account numbers of operators; those that have none are refused by name, all at once."""
    asked = list(named)
    if len(asked) == 1:
        standing = books.accounts(scheme=scheme.name, operator=asked[0])
    else:
        standing = books.accounts(scheme=scheme.name, operated=True)
    numbers = {each.operator: each.number for each in standing if each.operator is not None}
    reference = scheme.registry.accounts.clauses[0].reference
    refuse_if_any(
        OperatorUnknown(reference=reference, operator=each)
        for each in dict.fromkeys(asked)
        if each not in numbers
    )
    return numbers


def _known(books: Books, scheme: Scheme) -> set[str]:
    """The operators that have accounts."""
    standing = books.accounts(scheme=scheme.name, operated=True)
    return {each.operator for each in standing if each.operator}


def _years(scheme: Scheme, desk: Desk) -> range:
    """The years for which reports are taken: from the first with law to the one of the day."""
    rules: dict[str, date] = {}
    for rule, clause in clauses(scheme.mrv):
        rules[rule] = min(clause.start, rules.get(rule, clause.start))
    begins = max(rules.values())
    return range(begins.year + (begins > date(begins.year, 1, 1)), desk.day.year + 1)


def _add(
    books: Books,
    scheme: Scheme,
    figures: Sequence[Figure],
    numbers: Mapping[str, str],
    *,
    key: str,
    digest: bytes,
    kind: str,
    desk: Desk,
) -> list[Figure]:
    """Put figures on record, and return them with the number of their entry."""
    # Whoever closes a year sees every figure that was entered before it.
    books.wait_for_posts()
    entry = books.enter(
        key=key,
        digest=digest,
        kind=kind,
        year=_one_year(figures),
        because=tuple(dict.fromkeys(each.reference for each in figures)) or ("Nothing to record",),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    entered = [structs.replace(each, entry=entry) for each in figures]
    books.add_figures(entry, [(numbers[each.operator], each) for each in entered])
    return entered


def _against(
    books: Books,
    scheme: Scheme,
    figures: Sequence[Figure],
    numbers: Mapping[str, str],
    *,
    day: date,
) -> Iterator[Refusal]:
    """What speaks against verified figures beside those that stand already."""
    years = sorted({each.year for each in figures})
    account = numbers[figures[0].operator] if len(numbers) == 1 and figures else None
    earlier: dict[tuple[str, int], list[Figure]] = {}
    for number, each in books.figures(scheme.name, years, account=account):
        earlier.setdefault((number, each.year), []).append(each)
    closed = {
        (each.account, each.outcome.year)
        for each in (books.closings(scheme.name, years, account=account) if earlier else ())
    }
    for figure in figures:
        place = numbers[figure.operator], figure.year
        before = earlier.setdefault(place, [])
        yield from mrv.verified_refusals(
            figure, before, closed=place in closed, day=day, rules=scheme.mrv
        )
        before.append(figure)


def _figures(books: Books, scheme: Scheme, account: str, years: Iterable[int]) -> list[Figure]:
    return [each for _, each in books.figures(scheme.name, list(years), account=account)]


def _recorded(books: Books, scheme: Scheme, entry: int, years: Iterable[int]) -> list[Figure]:
    """The figures that an entry brought: others may have come before and after it."""
    later = books.figures(scheme.name, list(years), unseen=(entry - 1, date.max))
    return [each for _, each in later if each.entry == entry]


def _one_year(records: Sequence[EmissionsReport] | Sequence[Figure]) -> int | None:
    years = {each.year for each in records}
    return years.pop() if len(years) == 1 else None


def _said(report: EmissionsReport) -> str:
    """What a report says, on a line: a table of thousands is compared by it.

    But not the day: what is sent again comes later.
    """
    return f"{report.operator!r} {report.year} {report.tonnes.value} {report.source!r}"


def _held(opinion: Opinion) -> str:
    """What an opinion says, on a line."""
    return (
        f"{opinion.verifier!r} {opinion.judgement} {opinion.comments!r} {opinion.tonnes} "
        f"{opinion.misstatement}"
    )
