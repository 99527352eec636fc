"""The front page and the search: anything that is public, found by whatever is known of it."""

from dataclasses import dataclass

from starlette.responses import Response

from tonne.operations import Books, Scheme, public
from tonne.refusal import Refused
from tonne.registry import HoldingAccount
from tonne.web.schemes import YearSummed, year_summed
from tonne.web.tables import Column, Line, Table
from tonne.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeAtAGlance:
    """A scheme on the front page: what it is called, and its last public year."""

    name: str
    title: str
    last: YearSummed | None


def front(visit: Visit) -> Response:
    """One search, and every scheme at a glance."""
    _, found = visit.kept("front", lambda books: _glance(visit, books))
    return visit.show("front.html", schemes=found)


def search(visit: Visit) -> Response:
    """What is known by that name or number: its page if it is one thing, else a list."""
    text = visit.asked("q")
    ending = visit.request.state.ending
    if not text and ending == "html":
        # While somebody types the front page asks for answers alone: of nothing there is none.
        return Response("") if "hx-request" in visit.request.headers else visit.go("/")
    if ending == "html" and (page := visit.ask(lambda books: _page_of(visit, books, text))):
        return visit.go(page)
    found = visit.ask(lambda books: public.find(books, visit.office.schemes, text))
    table = _found(visit, text, found)
    if ending != "html":
        return visit.download(table, ending, None)
    return visit.show("found.html", text=text, table=table, most=public.FOUND_MAX)


def _page_of(visit: Visit, books: Books, text: str) -> str | None:
    """The page of the one thing that has this number, if there is such a thing."""
    schemes = visit.office.schemes
    written = public.as_written(text)
    if public.scheme_of(books, schemes, written) is not None:
        return f"/accounts/{written}"
    try:
        told = public.life_told(books, schemes, written, desk=visit.desk)
    except Refused:
        return None
    return f"/serials/{told.series}-{told.number}"


def _found(visit: Visit, text: str, found: list[tuple[str, HoldingAccount]]) -> Table:
    say = visit.reader.gettext
    schemes = visit.office.schemes
    return Table(
        title=f"{text}",
        columns=(
            Column(key="name", heading=say("Operator"), kind="name"),
            Column(key="operator", heading=say("Installation or aircraft operator"), kind="code"),
            Column(key="account", heading=say("Account"), kind="code"),
            Column(key="scheme", heading=say("Scheme"), kind="name"),
        ),
        rows=[
            Line(
                values={
                    "name": account.name,
                    "operator": account.operator,
                    "account": account.number,
                    "scheme": visit.title(schemes[name]),
                },
                links={"name": f"/accounts/{account.number}", "scheme": f"/schemes/{name}"},
            )
            for name, account in found
        ],
        downloads="/search",
        query=visit.request.url.query,
    )


def _glance(visit: Visit, books: Books) -> list[SchemeAtAGlance]:
    return [
        SchemeAtAGlance(name=name, title=visit.title(scheme), last=_last(visit, books, scheme))
        for name, scheme in visit.office.schemes.items()
    ]


def _last(visit: Visit, books: Books, scheme: Scheme) -> YearSummed | None:
    years = public.closed_years(books, scheme, desk=visit.desk)
    return year_summed(books, scheme, years[-1]) if years else None
