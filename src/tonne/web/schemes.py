"""A scheme and its years: how many units there are, where they are, and who met the duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from starlette.responses import Response

from tonne.operations import Books, Scheme, public
from tonne.refusal import Refused
from tonne.registry import PeriodRule, UnitKind
from tonne.web.charts import Bars, Meter, Ribbon
from tonne.web.refusals import NotPublic
from tonne.web.tables import Column, Kind, Line, Table
from tonne.web.visit import Visit, unfit
from tonne.web.words import status_words

SHORT = {"B", "D"}


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSummed:
    """A closed year of a scheme, summed up."""

    year: int
    operators: int
    verified: int
    surrendered: int
    missing: int
    short: int
    """How many operators surrendered too little."""

    @classmethod
    def of(cls, year: int, tallies: Sequence[tuple[str, int, int, int, int]]) -> "YearSummed":
        """The sum of a year's tallies."""
        return cls(
            year=year,
            operators=sum(each[1] for each in tallies),
            verified=sum(each[2] for each in tallies),
            surrendered=sum(each[3] for each in tallies),
            missing=sum(each[4] for each in tallies),
            short=sum(each[1] for each in tallies if each[0] in SHORT),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Factsheet:
    """What a scheme's page tells."""

    title: str
    reference: str
    periods: tuple[PeriodRule, ...]
    units: tuple[UnitKind, ...]
    years: tuple[YearSummed, ...]
    supply: public.YearSupply | None
    deadlines: tuple[tuple[str, date], ...]


def year_summed(books: Books, scheme: Scheme, year: int) -> YearSummed:
    """A closed year of a scheme, summed up."""
    return YearSummed.of(year, books.tallies(scheme.name, year))


def scheme(visit: Visit) -> Response:
    """The factsheet of a scheme."""
    law = visit.office.scheme(visit.place("scheme"))
    at, sheet = visit.kept(
        ("scheme", law.name, visit.desk.day), lambda books: _sheet(visit, books, law)
    )
    table = _years_table(visit, law, sheet)
    ending = visit.request.state.ending
    if ending != "html":
        return visit.download(table, ending, law)
    return visit.show(
        "scheme.html",
        scheme=law,
        sheet=sheet,
        at=at,
        last=sheet.years[-1] if sheet.years else None,
        table=table,
        meter=None if sheet.supply is None else Meter.of(sheet.supply, visit.reader),
        bars=Bars.of([(each.year, each.verified) for each in sheet.years], visit.reader),
        ribbon=Ribbon.of(sheet.deadlines, visit.desk.day, visit.reader),
        ends=bool(
            visit.kept(("ends", law.name), lambda b: public.ends_of(b, law, desk=visit.desk))[1]
        ),
        auctions="auctions.toml" in law.laws,
    )


def year(visit: Visit) -> Response:
    """How operators stand with a closed year of a scheme."""
    law = visit.office.scheme(visit.place("scheme"))
    number = int(visit.place("year"))
    years = public.years_of(law, desk=visit.desk)
    if number not in years:
        raise unfit("year", str(number), f"{years[0]} to {years[-1]}")
    say = visit.reader.gettext
    words = status_words(say)
    status = visit.one_of("status", words, "") or None
    sort = visit.one_of("sort", public.SORTS, "name")
    page = visit.whole("page", 1, 100_000)
    _, tallies = visit.kept(
        ("tallies", law.name, number), lambda books: books.tallies(law.name, number)
    )
    _, found = visit.kept(
        ("year", law.name, number, visit.desk.day, status, sort, page),
        lambda books: public.year_published(
            books,
            law,
            number,
            desk=visit.desk,
            status=status,
            sort=sort,
            page=page,
            tallies=tallies,
        ),
    )
    at, limit = visit.kept(
        ("supply", law.name, number), lambda books: public.year_supply(books, law, number)
    )
    ending = visit.request.state.ending
    if found is None and ending != "html":
        asked = f"Compliance of {law.name!r} with {number}"
        raise Refused([NotPublic(reference=law.name, asked=asked)])
    table = (
        None
        if found is None
        else _year_table(visit, law, found, status=status, sort=sort, page=page)
    )
    if table is not None and ending != "html":
        return visit.download(table, ending, law)
    return visit.show(
        "year.html",
        scheme=law,
        title=visit.title(law),
        year=number,
        years=years,
        found=found,
        summed=None if found is None else YearSummed.of(number, found.tallies),
        table=table,
        status=status,
        words=words,
        at=at,
        on=public.public_from(law, number),
        meter=None if limit is None else Meter.of(limit, visit.reader),
    )


def _sheet(visit: Visit, books: Books, law: Scheme) -> Factsheet:
    desk = visit.desk
    rules = law.registry
    years = public.closed_years(books, law, desk=desk)
    title = rules.title.on(desk.day)
    return Factsheet(
        title=title.value,
        reference=title.reference,
        periods=rules.periods.on(desk.day).value,
        units=tuple(each for each in rules.units.on(desk.day).value if not each.is_money),
        years=tuple(year_summed(books, law, each) for each in years),
        supply=latest_supply(books, law, public.years_of(law, desk=desk)),
        deadlines=tuple(public.deadlines(law, desk.day.year)),
    )


def latest_supply(books: Books, law: Scheme, years: Sequence[int]) -> public.YearSupply | None:
    """Where the units of the latest year are of which any are issued; of this year if none are."""
    for year in reversed(years):
        found = public.year_supply(books, law, year)
        if found is not None and found.not_issued < found.cap:
            return found
    return public.year_supply(books, law, years[-1])


def _years_table(visit: Visit, law: Scheme, sheet: Factsheet) -> Table:
    say = visit.reader.gettext
    years = sheet.years
    return Table(
        title=": ".join((sheet.title, say("Closed years"))),
        columns=(
            Column(key="year", heading=say("Year"), kind="year"),
            Column(key="operators", heading=say("Operators"), kind="count"),
            Column(
                key="verified",
                heading=say("Verified emissions, t"),
                kind="count",
                total=sum(each.verified for each in years),
            ),
            Column(
                key="surrendered",
                heading=say("Units surrendered"),
                kind="count",
                total=sum(each.surrendered for each in years),
            ),
            Column(key="short", heading=say("Operators short"), kind="count"),
        ),
        rows=[
            Line(
                values={
                    "year": each.year,
                    "operators": each.operators,
                    "verified": each.verified,
                    "surrendered": each.surrendered,
                    "short": each.short,
                },
                links={"year": f"/schemes/{law.name}/years/{each.year}"},
            )
            for each in reversed(years)
        ],
        summed=len(years) > 1,
        downloads=f"/schemes/{law.name}",
        empty=say(
            "No year of this scheme is public yet. A year appears here once it is closed and the "
            "day of its publication has come."
        ),
    )


def _year_table(
    visit: Visit,
    law: Scheme,
    found: public.YearPublished,
    *,
    status: str | None,
    sort: str,
    page: int,
) -> Table:
    say = visit.reader.gettext
    words = status_words(say)
    chosen = [each for each in found.tallies if status in {None, each[0]}]
    totals = {
        "verified": sum(each[2] for each in chosen),
        "surrendered": sum(each[3] for each in chosen),
        "missing": sum(each[4] for each in chosen),
    }

    def column(key: str, heading: str, kind: Kind = "count") -> Column:
        return Column(
            key=key,
            heading=heading,
            kind=kind,
            total=totals.get(key),
            sort=visit.with_asked(sort=key, page=None) if key in public.SORTS else None,
            sorted=key == sort,
        )

    return Table(
        title=", ".join((visit.title(law), say("How each operator stands"), str(found.year))),
        columns=(
            column("name", say("Operator"), "name"),
            column("operator", say("Installation"), "code"),
            column("verified", say("Verified emissions, t")),
            column("surrendered", say("Units surrendered")),
            column("missing", say("Missing")),
            column("status", say("Status"), "text"),
        ),
        rows=[
            Line(
                values={
                    "name": name or operator,
                    "operator": operator,
                    "verified": verified,
                    "surrendered": surrendered,
                    "missing": missing,
                    "status": code,
                },
                links={"name": f"/accounts/{number}"},
                notes={"status": words.get(code, code)},
            )
            for number, operator, name, code, verified, surrendered, missing in found.rows
        ],
        summed=True,
        downloads=f"/schemes/{law.name}/years/{found.year}",
        query=urlencode(visit.request.query_params.multi_items()),
        count=found.count,
        earlier=visit.with_asked(page=str(page - 1)) if page > 1 else None,
        later=visit.with_asked(page=str(page + 1))
        if page * public.LINES_MAX < found.count
        else None,
        empty=say("No operator has this status."),
    )
