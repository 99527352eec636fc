"""Reports of emissions that wait for a verifier, for the verifiers and the registry's staff."""

from starlette.responses import Response

from tonne.operations import people, public, verification
from tonne.web import gate
from tonne.web.tables import Column, Line, Table
from tonne.web.visit import Visit, unfit


def reports(visit: Visit) -> Response:
    """Which reports of a year wait; each row leads to the form on which it is judged."""
    member, law = gate.member(visit), visit.office.scheme(visit.place("scheme"))
    years = public.years_of(law, desk=visit.desk)
    year = visit.whole("year", visit.desk.day.year - 1, 9999)
    if year not in years:
        raise unfit("year", str(year), f"{years[0]} to {years[-1]}")
    found = visit.ask(
        lambda books: verification.waiting(books, law, year, by=member.code, desk=visit.desk)
    )
    say = visit.reader.gettext
    rows = [
        Line(
            values={
                "account": each.account.number,
                "name": each.account.name,
                "submitted": each.report.submitted,
                "source": each.report.source,
                "tonnes": f"{each.report.tonnes.value:f}",
            },
            links={"account": f"/my/{each.account.number}/verify?year={year}"},
        )
        for each in found
    ]
    table = Table(
        title=": ".join((visit.title(law), say("Reports that wait for a verifier"))),
        columns=(
            Column(key="account", heading=say("Account"), kind="code"),
            Column(key="name", heading=say("Name"), kind="name"),
            Column(key="submitted", heading=say("Day"), kind="day"),
            Column(key="source", heading=say("Reference"), kind="name"),
            Column(key="tonnes", heading="t", kind="price"),
        ),
        rows=rows,
        downloads=f"/desk/{law.name}/reports",
        query=f"year={year}",
        empty=say("No report of this year waits for a verifier."),
    )
    ending = visit.request.state.ending
    if ending != "html":
        return visit.download(table, ending, law)
    return visit.show(
        "reports.html",
        member=member,
        scheme=law,
        title=visit.title(law),
        of_staff=people.mandates_on(law, visit.desk.day).sees_all(
            visit.ask(lambda books: people.person(books, member.code))
        ),
        year=year,
        years=[each for each in reversed(years) if each < visit.desk.day.year or each == year],
        table=table,
    )
