"""The control room: how the registry of a scheme is doing, in plain tables, for its staff."""

from starlette.responses import Response

from tonne.operations import control
from tonne.web import gate
from tonne.web.tables import Column, Line, Table
from tonne.web.today import tasks
from tonne.web.visit import Visit, unfit

LINES_MAX = 100
"""So many who are late stand on a page."""


def room(visit: Visit) -> Response:
    """What waits and failed, how large the books are; and, if asked, whether they hold."""
    member, law = gate.member(visit), visit.office.scheme(visit.place("scheme"))
    by, desk = member.code, visit.desk
    told = visit.ask(lambda books: control.control(books, law, by=by, desk=desk))
    _, (transactions, movements) = visit.kept(
        "size", lambda books: control.size(books, law, by=by, desk=desk)
    )
    found = None
    at = visit.now
    if visit.one_of("check", ("now",), ""):
        at, found = visit.kept(
            ("check", law.name),
            lambda books: control.checked(books, law, by=by, desk=desk),
        )
    return visit.show(
        "control.html",
        member=member,
        scheme=law,
        title=visit.title(law),
        told=told,
        transactions=transactions,
        movements=movements,
        kinds={each.code: each.name for each in law.on(visit.desk.day).kinds.values()},
        at=at,
        checked=found,
        overdue=tasks(visit, told.overdue),
        failed=tasks(visit, told.failed),
    )


def late(visit: Visit) -> Response:
    """Which operators are late with their emissions of the last year."""
    member, law = gate.member(visit), visit.office.scheme(visit.place("scheme"))
    page, ending = visit.whole("page", 1, 100_000), visit.request.state.ending
    # A page is read by people; whoever takes the table along takes all of it.
    most = LINES_MAX if ending == "html" else None
    found = visit.ask(
        lambda books: control.late(
            books, law, by=member.code, desk=visit.desk, skip=(page - 1) * (most or 0), limit=most
        )
    )
    count = 0 if found is None else found.count
    if most and page > 1 and (page - 1) * most >= count:
        raise unfit("page", str(page), f"a whole number from 1 to {max(1, -(-count // most))}")
    say = visit.reader.gettext
    rows = [] if found is None else [
        Line(
            values={
                "account": each.number,
                "name": each.name,
                "operator": each.operator,
                "state": "reported" if each.number in found.reported else "nothing",
            },
            links={"account": f"/my/{each.number}/{found.year}"},
            notes={
                "state": say("reported, and not verified")
                if each.number in found.reported
                else say("nothing was reported")
            },
        )
        for each in found.accounts
    ]  # fmt: skip
    table = Table(
        title=": ".join((visit.title(law), say("Late with their emissions"))),
        columns=(
            Column(key="account", heading=say("Account"), kind="code"),
            Column(key="name", heading=say("Name"), kind="name"),
            Column(key="operator", heading=say("Installation"), kind="code"),
            Column(key="state", heading=say("What"), kind="text"),
        ),
        rows=rows,
        downloads=f"/desk/{law.name}/late",
        empty=say("Nobody is late."),
        count=count,
        earlier=visit.with_asked(page=str(page - 1)) if most and page > 1 else None,
        later=visit.with_asked(page=str(page + 1)) if most and page * most < count else None,
    )
    if ending != "html":
        return visit.download(table, ending, law)
    return visit.show(
        "late.html", member=member, scheme=law, title=visit.title(law), found=found, table=table
    )
